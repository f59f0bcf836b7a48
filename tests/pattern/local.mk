# SPDX-License-Identifier: GPL-3.0-or-later
pattern_suites = \
	tests/pattern/test_patterns.c \
	tests/pattern/test_reduced.c
TESTS += $(pattern_suites)
tests_suites_SOURCES += $(pattern_suites)
