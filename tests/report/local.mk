# SPDX-License-Identifier: GPL-3.0-or-later
report_suites = \
	tests/report/test_text.c
TESTS += $(report_suites)
tests_suites_SOURCES += $(report_suites)
