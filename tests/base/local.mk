# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/base/test_number
TESTS += tests/base/test_number
tests_base_test_number_SOURCES = tests/base/test_number.c
tests_base_test_number_LDADD = $(TEST_LIBS)
tests_base_test_number_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
check_PROGRAMS += tests/base/test_random
TESTS += tests/base/test_random
tests_base_test_random_SOURCES = tests/base/test_random.c
tests_base_test_random_LDADD = $(TEST_LIBS)
tests_base_test_random_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
check_PROGRAMS += tests/base/test_text
TESTS += tests/base/test_text
tests_base_test_text_SOURCES = tests/base/test_text.c
tests_base_test_text_LDADD = $(TEST_LIBS)
tests_base_test_text_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
