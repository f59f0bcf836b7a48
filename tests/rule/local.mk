# SPDX-License-Identifier: GPL-3.0-or-later
rule_suites = \
	tests/rule/test_rule.c
TESTS += $(rule_suites)
tests_suites_SOURCES += $(rule_suites)
