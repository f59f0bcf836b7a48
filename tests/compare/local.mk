# SPDX-License-Identifier: GPL-3.0-or-later
compare_suites = \
	tests/compare/test_compare.c
TESTS += $(compare_suites)
tests_suites_SOURCES += $(compare_suites)
