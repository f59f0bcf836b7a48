# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/io/test_csv_amounts
TESTS += tests/io/test_csv_amounts
tests_io_test_csv_amounts_SOURCES = tests/io/test_csv_amounts.c tests/io/csv_support.c tests/io/csv_support.h
tests_io_test_csv_amounts_LDADD = $(TEST_LIBS)
tests_io_test_csv_amounts_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_csv_files
TESTS += tests/io/test_csv_files
tests_io_test_csv_files_SOURCES = tests/io/test_csv_files.c tests/io/csv_support.c tests/io/csv_support.h
tests_io_test_csv_files_LDADD = $(TEST_LIBS)
tests_io_test_csv_files_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_csv_guess
TESTS += tests/io/test_csv_guess
tests_io_test_csv_guess_SOURCES = tests/io/test_csv_guess.c tests/io/csv_support.c tests/io/csv_support.h
tests_io_test_csv_guess_LDADD = $(TEST_LIBS)
tests_io_test_csv_guess_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_csv_header
TESTS += tests/io/test_csv_header
tests_io_test_csv_header_SOURCES = tests/io/test_csv_header.c tests/io/csv_support.c tests/io/csv_support.h
tests_io_test_csv_header_LDADD = $(TEST_LIBS)
tests_io_test_csv_header_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_csv_patch
TESTS += tests/io/test_csv_patch
tests_io_test_csv_patch_SOURCES = tests/io/test_csv_patch.c tests/io/csv_support.c tests/io/csv_support.h
tests_io_test_csv_patch_LDADD = $(TEST_LIBS)
tests_io_test_csv_patch_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_csv_read
TESTS += tests/io/test_csv_read
tests_io_test_csv_read_SOURCES = tests/io/test_csv_read.c tests/io/csv_support.c tests/io/csv_support.h
tests_io_test_csv_read_LDADD = $(TEST_LIBS)
tests_io_test_csv_read_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_csv_scanner
TESTS += tests/io/test_csv_scanner
tests_io_test_csv_scanner_SOURCES = tests/io/test_csv_scanner.c tests/io/csv_support.c tests/io/csv_support.h
tests_io_test_csv_scanner_LDADD = $(TEST_LIBS)
tests_io_test_csv_scanner_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_csv_write
TESTS += tests/io/test_csv_write
tests_io_test_csv_write_SOURCES = tests/io/test_csv_write.c tests/io/csv_support.c tests/io/csv_support.h
tests_io_test_csv_write_LDADD = $(TEST_LIBS)
tests_io_test_csv_write_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_output
TESTS += tests/io/test_output
tests_io_test_output_SOURCES = tests/io/test_output.c
tests_io_test_output_LDADD = $(TEST_LIBS)
tests_io_test_output_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_source
TESTS += tests/io/test_source
tests_io_test_source_SOURCES = tests/io/test_source.c
tests_io_test_source_LDADD = $(TEST_LIBS)
tests_io_test_source_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_options
TESTS += tests/io/test_options
tests_io_test_options_SOURCES = tests/io/test_options.c
tests_io_test_options_LDADD = $(TEST_LIBS)
tests_io_test_options_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_read
TESTS += tests/io/test_read
tests_io_test_read_SOURCES = tests/io/test_read.c
tests_io_test_read_LDADD = $(TEST_LIBS)
tests_io_test_read_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_hostile
TESTS += tests/io/test_hostile
tests_io_test_hostile_SOURCES = tests/io/test_hostile.c tests/io/building.c tests/io/building.h
tests_io_test_hostile_LDADD = $(TEST_LIBS)
tests_io_test_hostile_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_isolate
TESTS += tests/io/test_isolate
tests_io_test_isolate_SOURCES = tests/io/test_isolate.c
tests_io_test_isolate_LDADD = $(TEST_LIBS)
tests_io_test_isolate_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_isolate_signals
TESTS += tests/io/test_isolate_signals
tests_io_test_isolate_signals_SOURCES = tests/io/test_isolate_signals.c
tests_io_test_isolate_signals_LDADD = $(TEST_LIBS)
tests_io_test_isolate_signals_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_readstat
TESTS += tests/io/test_readstat
tests_io_test_readstat_SOURCES = tests/io/test_readstat.c tests/io/pspp.c tests/io/pspp.h
tests_io_test_readstat_LDADD = $(TEST_LIBS)
tests_io_test_readstat_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_write
TESTS += tests/io/test_write
tests_io_test_write_SOURCES = tests/io/test_write.c
tests_io_test_write_LDADD = $(TEST_LIBS)
tests_io_test_write_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_encoding
TESTS += tests/io/test_encoding
tests_io_test_encoding_SOURCES = tests/io/test_encoding.c
tests_io_test_encoding_LDADD = $(TEST_LIBS)
tests_io_test_encoding_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

# patching.c, building.c: what the tests of walks and patchers share.
check_PROGRAMS += tests/io/test_sav_patch
TESTS += tests/io/test_sav_patch
tests_io_test_sav_patch_SOURCES = tests/io/test_sav_patch.c tests/io/building.c tests/io/building.h tests/io/patching.c tests/io/patching.h
tests_io_test_sav_patch_LDADD = $(TEST_LIBS)
tests_io_test_sav_patch_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_dta_patch
TESTS += tests/io/test_dta_patch
tests_io_test_dta_patch_SOURCES = tests/io/test_dta_patch.c tests/io/building.c tests/io/building.h tests/io/patching.c tests/io/patching.h
tests_io_test_dta_patch_LDADD = $(TEST_LIBS)
tests_io_test_dta_patch_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_sav
TESTS += tests/io/test_sav
tests_io_test_sav_SOURCES = tests/io/test_sav.c tests/io/building.c tests/io/building.h tests/io/patching.c tests/io/patching.h
tests_io_test_sav_LDADD = $(TEST_LIBS)
tests_io_test_sav_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_dta
TESTS += tests/io/test_dta
tests_io_test_dta_SOURCES = tests/io/test_dta.c tests/io/building.c tests/io/building.h tests/io/patching.c tests/io/patching.h
tests_io_test_dta_LDADD = $(TEST_LIBS)
tests_io_test_dta_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_translate
TESTS += tests/io/test_translate
tests_io_test_translate_SOURCES = tests/io/test_translate.c
tests_io_test_translate_LDADD = $(TEST_LIBS)
tests_io_test_translate_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_describe
TESTS += tests/io/test_describe
tests_io_test_describe_SOURCES = tests/io/test_describe.c tests/io/pspp.c tests/io/pspp.h tests/io/building.c tests/io/building.h tests/io/patching.c tests/io/patching.h
tests_io_test_describe_LDADD = $(TEST_LIBS)
tests_io_test_describe_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_dta_rebuild
TESTS += tests/io/test_dta_rebuild
tests_io_test_dta_rebuild_SOURCES = tests/io/test_dta_rebuild.c tests/io/dta_parse.c tests/io/dta_parse.h \
	tests/io/building.c tests/io/building.h tests/io/patching.c tests/io/patching.h
tests_io_test_dta_rebuild_LDADD = $(TEST_LIBS)
tests_io_test_dta_rebuild_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_dta_write
TESTS += tests/io/test_dta_write
tests_io_test_dta_write_SOURCES = tests/io/test_dta_write.c tests/io/dta_parse.c tests/io/dta_parse.h \
	tests/io/building.c tests/io/building.h tests/io/patching.c tests/io/patching.h
tests_io_test_dta_write_LDADD = $(TEST_LIBS)
tests_io_test_dta_write_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_xpt_patch
TESTS += tests/io/test_xpt_patch
tests_io_test_xpt_patch_SOURCES = tests/io/test_xpt_patch.c tests/io/building.c tests/io/building.h tests/io/patching.c tests/io/patching.h
tests_io_test_xpt_patch_LDADD = $(TEST_LIBS)
tests_io_test_xpt_patch_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_convert
TESTS += tests/io/test_convert
tests_io_test_convert_SOURCES = tests/io/test_convert.c
tests_io_test_convert_LDADD = $(TEST_LIBS)
tests_io_test_convert_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_sav_rebuild
TESTS += tests/io/test_sav_rebuild
tests_io_test_sav_rebuild_SOURCES = tests/io/test_sav_rebuild.c tests/io/pspp.c tests/io/pspp.h tests/io/building.c tests/io/building.h tests/io/patching.c tests/io/patching.h tests/io/sav_parse.c tests/io/sav_parse.h
tests_io_test_sav_rebuild_LDADD = $(TEST_LIBS) $(ZLIB_LIBS)
tests_io_test_sav_rebuild_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_sav_cells
TESTS += tests/io/test_sav_cells
tests_io_test_sav_cells_SOURCES = tests/io/test_sav_cells.c tests/io/building.c tests/io/building.h tests/io/pspp.c tests/io/pspp.h
tests_io_test_sav_cells_LDADD = $(TEST_LIBS)
tests_io_test_sav_cells_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_sas_catalog
TESTS += tests/io/test_sas_catalog
tests_io_test_sas_catalog_SOURCES = tests/io/test_sas_catalog.c
tests_io_test_sas_catalog_LDADD = $(TEST_LIBS)
tests_io_test_sas_catalog_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_csv_rebuild
TESTS += tests/io/test_csv_rebuild
tests_io_test_csv_rebuild_SOURCES = tests/io/test_csv_rebuild.c tests/io/patching.c tests/io/patching.h
tests_io_test_csv_rebuild_LDADD = $(TEST_LIBS)
tests_io_test_csv_rebuild_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_xpt_rebuild
TESTS += tests/io/test_xpt_rebuild
tests_io_test_xpt_rebuild_SOURCES = tests/io/test_xpt_rebuild.c tests/io/patching.c tests/io/patching.h
tests_io_test_xpt_rebuild_LDADD = $(TEST_LIBS)
tests_io_test_xpt_rebuild_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)

check_PROGRAMS += tests/io/test_traps
TESTS += tests/io/test_traps
tests_io_test_traps_SOURCES = tests/io/test_traps.c tests/io/patching.c tests/io/patching.h
tests_io_test_traps_LDADD = $(TEST_LIBS)
tests_io_test_traps_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
