# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/report/test_text
TESTS += tests/report/test_text
tests_report_test_text_SOURCES = tests/report/test_text.c
tests_report_test_text_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_report_test_text_LDADD = src/libprogram.la $(TEST_LIBS)
