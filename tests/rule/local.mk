# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/rule/test_rule
TESTS += tests/rule/test_rule
tests_rule_test_rule_SOURCES = tests/rule/test_rule.c
tests_rule_test_rule_LDADD = $(TEST_LIBS)
tests_rule_test_rule_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
