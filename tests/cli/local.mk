# SPDX-License-Identifier: GPL-3.0-or-later
# Options as a unit; the command as a whole in declarative cases (see run_case.sh) and, where those do not reach, in C.
cli_suites = \
	tests/cli/test_impute.c \
	tests/cli/test_option.c \
	tests/cli/test_info.c \
	tests/cli/test_diff.c
TESTS += $(cli_suites)
tests_suites_SOURCES += $(cli_suites) \
	tests/cli/kit.c tests/cli/kit.h

CASE_LOG_COMPILER = $(SHELL) $(srcdir)/tests/cli/run_case.sh
SH_LOG_COMPILER = $(SHELL)
AM_TESTS_ENVIRONMENT += CC='$(CC)'; export CC;
dist_check_SCRIPTS += tests/cli/run_case.sh tests/cli/examples.sh tests/cli/headers.sh tests/cli/samples.sh tests/cli/address_space.sh
TESTS += tests/cli/examples.sh tests/cli/headers.sh tests/cli/samples.sh tests/cli/address_space.sh
cli_cases = \
	tests/cli/cases/amounts.case \
	tests/cli/cases/apple.case \
	tests/cli/cases/breakoffs.case \
	tests/cli/cases/cluster.case \
	tests/cli/cases/complete.case \
	tests/cli/cases/convert.case \
	tests/cli/cases/dates.case \
	tests/cli/cases/diff.case \
	tests/cli/cases/dummies.case \
	tests/cli/cases/flags.case \
	tests/cli/cases/formats.case \
	tests/cli/cases/groups.case \
	tests/cli/cases/groups_own.case \
	tests/cli/cases/gss.case \
	tests/cli/cases/header_rows.case \
	tests/cli/cases/incomplete.case \
	tests/cli/cases/info.case \
	tests/cli/cases/json.case \
	tests/cli/cases/limits.case \
	tests/cli/cases/missing.case \
	tests/cli/cases/missing_of.case \
	tests/cli/cases/model.case \
	tests/cli/cases/named.case \
	tests/cli/cases/one_sided.case \
	tests/cli/cases/overview.case \
	tests/cli/cases/pipe.case \
	tests/cli/cases/recast.case \
	tests/cli/cases/recipe.case \
	tests/cli/cases/refusals.case \
	tests/cli/cases/rules.case \
	tests/cli/cases/sentences.case \
	tests/cli/cases/sets.case \
	tests/cli/cases/several.case \
	tests/cli/cases/shapes.case \
	tests/cli/cases/scale_codes.case \
	tests/cli/cases/skips.case \
	tests/cli/cases/follows.case \
	tests/cli/cases/stata.case \
	tests/cli/cases/text_codes.case \
	tests/cli/cases/text_scales.case \
	tests/cli/cases/tokens.case \
	tests/cli/cases/told.case \
	tests/cli/cases/totals.case \
	tests/cli/cases/types.case \
	tests/cli/cases/unasked.case \
	tests/cli/cases/undeclared.case \
	tests/cli/cases/usage.case \
	tests/cli/cases/variables.case \
	tests/cli/cases/weights.case
EXTRA_DIST += $(cli_cases)
TESTS += $(cli_cases)
