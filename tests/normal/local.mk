# SPDX-License-Identifier: GPL-3.0-or-later
check_LIBRARIES += tests/normal/libkit.a
tests_normal_libkit_a_SOURCES = tests/normal/kit.c tests/normal/kit.h tests/normal/tables.h
tests_normal_libkit_a_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
check_PROGRAMS += tests/normal/test_published
TESTS += tests/normal/test_published
tests_normal_test_published_SOURCES = tests/normal/test_published.c
tests_normal_test_published_LDADD = tests/normal/libkit.a $(TEST_LIBS)
tests_normal_test_published_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
check_PROGRAMS += tests/normal/test_json
TESTS += tests/normal/test_json
tests_normal_test_json_SOURCES = tests/normal/test_json.c
tests_normal_test_json_LDADD = tests/normal/libkit.a $(TEST_LIBS)
tests_normal_test_json_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
