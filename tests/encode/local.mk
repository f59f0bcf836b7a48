# SPDX-License-Identifier: GPL-3.0-or-later
encode_suites = \
	tests/encode/test_selection.c \
	tests/encode/test_allowed.c \
	tests/encode/test_code.c \
	tests/encode/test_observe.c \
	tests/encode/test_mentions.c \
	tests/encode/test_plan.c \
	tests/encode/test_plausible.c \
	tests/encode/test_numbered.c \
	tests/encode/test_type.c \
	tests/encode/test_unanswered.c \
	tests/encode/test_skip.c \
	tests/encode/test_distribution.c \
	tests/encode/test_weighted_sample.c \
	tests/encode/test_rule_dates.c \
	tests/encode/test_paradata.c \
	tests/encode/test_steps.c
TESTS += $(encode_suites)
tests_suites_SOURCES += $(encode_suites) \
	tests/encode/kit.c tests/encode/kit.h
