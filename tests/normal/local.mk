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
check_PROGRAMS += tests/normal/test_invariance
TESTS += tests/normal/test_invariance
tests_normal_test_invariance_SOURCES = tests/normal/test_invariance.c
tests_normal_test_invariance_LDADD = tests/normal/libkit.a $(TEST_LIBS)
tests_normal_test_invariance_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
check_PROGRAMS += tests/normal/test_finishes
TESTS += tests/normal/test_finishes
tests_normal_test_finishes_SOURCES = tests/normal/test_finishes.c
tests_normal_test_finishes_LDADD = tests/normal/libkit.a $(TEST_LIBS)
tests_normal_test_finishes_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
# The inner loops with eight lanes on any processor: the compiler splits the vectors.
check_LIBRARIES += tests/normal/libwide.a
tests_normal_libwide_a_SOURCES = src/normal/kernel.c src/pattern/scan.c
tests_normal_libwide_a_CFLAGS = $(AM_CFLAGS) -Wno-psabi -DEMEND_LEVEL=wide -DEMEND_LANES=8 -DEMEND_PLAIN
check_PROGRAMS += tests/normal/test_kernels
TESTS += tests/normal/test_kernels
tests_normal_test_kernels_SOURCES = tests/normal/test_kernels.c
tests_normal_test_kernels_LDADD = tests/normal/libkit.a tests/normal/libwide.a $(TEST_LIBS)
tests_normal_test_kernels_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
dist_check_SCRIPTS += tests/normal/kernels.sh
TESTS += tests/normal/kernels.sh
