# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/pattern/test_patterns
TESTS += tests/pattern/test_patterns
tests_pattern_test_patterns_SOURCES = tests/pattern/test_patterns.c
tests_pattern_test_patterns_LDADD = $(TEST_LIBS)
tests_pattern_test_patterns_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
check_PROGRAMS += tests/pattern/test_reduced
TESTS += tests/pattern/test_reduced
tests_pattern_test_reduced_SOURCES = tests/pattern/test_reduced.c
tests_pattern_test_reduced_LDADD = $(TEST_LIBS)
tests_pattern_test_reduced_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
