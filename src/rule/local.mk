# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/rule/evaluate.c \
	src/rule/parse.c \
	src/rule/program.h \
	src/rule/rule.h \
	src/rule/scan.c src/rule/scan.h
