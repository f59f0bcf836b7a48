# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/encode/assign.c src/encode/assign.h \
	src/encode/allowed.c src/encode/allowed.h \
	src/encode/band.c src/encode/band.h \
	src/encode/carried.c src/encode/carried.h \
	src/encode/category.c src/encode/category.h \
	src/encode/code.c src/encode/code.h \
	src/encode/computation.c src/encode/computation.h \
	src/encode/declared.c \
	src/encode/distribution.c src/encode/distribution.h \
	src/encode/doubt.c \
	src/encode/fates.c \
	src/encode/flag.c src/encode/flag.h \
	src/encode/gathered.c src/encode/gathered.h \
	src/encode/matrix.c src/encode/matrix.h \
	src/encode/mentions.c src/encode/mentions.h \
	src/encode/multiple.c src/encode/multiple.h \
	src/encode/name.c src/encode/name.h \
	src/encode/not_applicable.c src/encode/not_applicable.h \
	src/encode/numbered.c src/encode/numbered.h \
	src/encode/observe.c src/encode/observe.h \
	src/encode/options.c \
	src/encode/paradata.c src/encode/paradata.h \
	src/encode/phrases.c src/encode/phrases.h src/encode/phrase_index.c \
	src/encode/plan.c src/encode/plan.h \
	src/encode/plan_read.c \
	src/encode/planner.h \
	src/encode/planner_breakoffs.c \
	src/encode/planner_codes.c \
	src/encode/planner_computed.c \
	src/encode/planner_decide.c \
	src/encode/planner_doubts.c \
	src/encode/planner_look.c \
	src/encode/planner_panels.c src/encode/planner_products.c \
	src/encode/planner_relations.c \
	src/encode/planner_sample.c \
	src/encode/planner_sets.c \
	src/encode/planner_skips.c \
	src/encode/planner_totals.c \
	src/encode/planner_unasked.c \
	src/encode/planner_wishes.c \
	src/encode/plausible.c src/encode/plausible.h \
	src/encode/relation.c src/encode/relation.h \
	src/encode/role.c src/encode/role.h \
	src/encode/rule_dates.c src/encode/rule_dates.h \
	src/encode/rule_row.c \
	src/encode/rules.c src/encode/rules.h \
	src/encode/said.c src/encode/said.h \
	src/encode/rating.c src/encode/rating.h \
	src/encode/scale.c src/encode/scale.h \
	src/encode/scale_words.c src/encode/scale_words.h \
	src/encode/selection.c src/encode/selection.h \
	src/encode/several.c src/encode/several.h \
	src/encode/shape.c src/encode/shape.h \
	src/encode/skip.c src/encode/skip.h \
	src/encode/skip_branch.c src/encode/skip_branch.h \
	src/encode/skip_condition.c src/encode/skip_condition.h \
	src/encode/skip_evidence.c src/encode/skip_search.h \
	src/encode/skip_groups.c src/encode/skip_groups.h \
	src/encode/skip_limit.c src/encode/skip_limit.h \
	src/encode/skip_near.c \
	src/encode/skip_rows.c src/encode/skip_rows.h \
	src/encode/steps.c src/encode/steps.h \
	src/encode/survey_weight.c src/encode/survey_weight.h \
	src/encode/tally.c src/encode/tally.h \
	src/encode/tokens.c src/encode/tokens.h \
	src/encode/transform.c src/encode/transform.h \
	src/encode/type.c src/encode/type.h \
	src/encode/unanswered.c src/encode/unanswered.h \
	src/encode/weight.c src/encode/weight.h \
	src/encode/weighted_sample.c src/encode/weighted_sample.h \
	src/encode/wish.c
