# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/em/test_loop
TESTS += tests/em/test_loop
tests_em_test_loop_SOURCES = tests/em/test_loop.c
tests_em_test_loop_LDADD = $(TEST_LIBS)
tests_em_test_loop_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
check_PROGRAMS += tests/em/test_accelerators
TESTS += tests/em/test_accelerators
tests_em_test_accelerators_SOURCES = tests/em/test_accelerators.c
tests_em_test_accelerators_LDADD = tests/normal/libkit.a $(TEST_LIBS)
tests_em_test_accelerators_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
