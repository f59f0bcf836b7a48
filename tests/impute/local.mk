# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/impute/test_impute
TESTS += tests/impute/test_impute
tests_impute_test_impute_SOURCES = tests/impute/test_impute.c
tests_impute_test_impute_LDADD = tests/encode/libkit.a $(TEST_LIBS)
tests_impute_test_impute_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
check_PROGRAMS += tests/impute/test_clustering
TESTS += tests/impute/test_clustering
tests_impute_test_clustering_SOURCES = tests/impute/test_clustering.c
tests_impute_test_clustering_LDADD = $(TEST_LIBS)
tests_impute_test_clustering_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
check_PROGRAMS += tests/impute/test_methods
TESTS += tests/impute/test_methods
tests_impute_test_methods_SOURCES = tests/impute/test_methods.c
tests_impute_test_methods_LDADD = tests/encode/libkit.a $(TEST_LIBS)
tests_impute_test_methods_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
