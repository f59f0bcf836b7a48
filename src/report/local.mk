# SPDX-License-Identifier: GPL-3.0-or-later
# Text, JSON and CSV from finished results: part of the program, on top of the library's public headers.
noinst_LTLIBRARIES += src/libprogram.la
src_libprogram_la_SOURCES = \
	src/report/audit.c \
	src/report/cluster.c src/report/cluster.h \
	src/report/convert.c src/report/convert.h \
	src/report/columns.c src/report/columns.h \
	src/report/diff.h src/report/diff_cells.c src/report/diff_json.c src/report/diff_text.c \
	src/report/groups.c src/report/groups.h \
	src/report/info.h src/report/info_json.c src/report/info_labels.c src/report/info_text.c src/report/info_variables.c \
	src/report/json.c \
	src/report/json_fill.h \
	src/report/json_text.c src/report/json_text.h \
	src/report/line.c src/report/line.h \
	src/report/losses.c \
	src/report/mixture.c \
	src/report/number.c src/report/number.h \
	src/report/plan.c \
	src/report/recast.c \
	src/report/report.c src/report/report.h \
	src/report/table.c src/report/table.h \
	src/report/text.c \
	src/report/words.c src/report/words.h
