# SPDX-License-Identifier: GPL-3.0-or-later
base_suites = \
	tests/base/test_blas.c \
	tests/base/test_decimal.c \
	tests/base/test_fold.c \
	tests/base/test_number.c \
	tests/base/test_ordered_sum.c \
	tests/base/test_random.c \
	tests/base/test_sort.c \
	tests/base/test_team.c \
	tests/base/test_text.c
TESTS += $(base_suites)
tests_suites_SOURCES += $(base_suites)
