# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/compare/test_compare
TESTS += tests/compare/test_compare
tests_compare_test_compare_SOURCES = tests/compare/test_compare.c
tests_compare_test_compare_LDADD = $(TEST_LIBS)
tests_compare_test_compare_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
