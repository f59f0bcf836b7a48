# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/data/test_dataset
TESTS += tests/data/test_dataset
tests_data_test_dataset_SOURCES = tests/data/test_dataset.c
tests_data_test_dataset_LDADD = $(TEST_LIBS)
tests_data_test_dataset_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
