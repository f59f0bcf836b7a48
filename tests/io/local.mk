# SPDX-License-Identifier: GPL-3.0-or-later
io_suites = \
	tests/io/test_csv_amounts.c \
	tests/io/test_csv_files.c \
	tests/io/test_csv_guess.c \
	tests/io/test_csv_header.c \
	tests/io/test_csv_patch.c \
	tests/io/test_csv_read.c \
	tests/io/test_csv_scanner.c \
	tests/io/test_csv_write.c \
	tests/io/test_output.c \
	tests/io/test_source.c \
	tests/io/test_options.c \
	tests/io/test_read.c \
	tests/io/test_hostile.c \
	tests/io/test_isolate.c \
	tests/io/test_isolate_signals.c \
	tests/io/test_readstat.c \
	tests/io/test_write.c \
	tests/io/test_encoding.c \
	tests/io/test_sav_patch.c \
	tests/io/test_dta_patch.c \
	tests/io/test_sav.c \
	tests/io/test_dta.c \
	tests/io/test_translate.c \
	tests/io/test_describe.c \
	tests/io/test_dta_rebuild.c \
	tests/io/test_dta_write.c \
	tests/io/test_xpt_patch.c \
	tests/io/test_convert.c \
	tests/io/test_sav_rebuild.c \
	tests/io/test_sav_cells.c \
	tests/io/test_sas_catalog.c \
	tests/io/test_csv_rebuild.c \
	tests/io/test_xpt_rebuild.c \
	tests/io/test_traps.c
TESTS += $(io_suites)
tests_suites_SOURCES += $(io_suites) \
	tests/io/building.c tests/io/building.h tests/io/csv_support.c tests/io/csv_support.h tests/io/dta_parse.c tests/io/dta_parse.h \
	tests/io/patching.c tests/io/patching.h tests/io/pspp.c tests/io/pspp.h tests/io/sav_parse.c tests/io/sav_parse.h
