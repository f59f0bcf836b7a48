/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Skip logic and derived variables, from the plan to the completed cells. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "emend/emend.h"
#include "encode/kit.h"
#include "impute/imputation.h"

static emend_imputation *run(const emend_plan *plan, emend_events *events) {
  emend_imputation *imputation;
  emend_error *error = emend_error_new();
  if (emend_impute(plan, NULL, NULL, events, &imputation, error))
    ck_abort_msg("%s", emend_error_text(error));
  emend_error_free(error);
  return imputation;
}

static bool was_said(const emend_events *events, const char *words) {
  for (size_t i = 0; i < emend_events_warning_count(events); i++)
    if (strstr(emend_events_warning(events, i), words))
      return true;
  return false;
}

/* The value that a cell ends with; NaN if it is missing then. Both ways of asking agree. */
static double final(const emend_imputation *imputation, size_t row, size_t v) {
  const emend_dataset *dataset = emend_plan_dataset(emend_imputation_plan(imputation));
  emend_cell cells[32];
  emend_rows rows = emend_imputation_as_rows(imputation);
  rows.read(rows.state, row, cells);
  double value = NAN;
  int filled = emend_imputation_cell(imputation, row, v, &value);
  ck_assert_int_eq(filled, cells[v].imputed);
  if (!filled && emend_cell_reason(dataset, row, v) == EMEND_OBSERVED)
    value = emend_cell_value(dataset, row, v);
  ck_assert(!filled || cells[v].value == value);
  return value;
}

/* moved is 1 for even rows and 2 for odd ones, age 10 + row, x noise; where and cost vary where moved. */
enum { ROWS = 60, MOVED = 0, AGE, WHERE, COST, X };
static emend_dataset *survey(void) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "moved"), kit_number(dataset, "age"), kit_number(dataset, "where"), kit_number(dataset, "cost"), kit_number(dataset, "x");
  for (size_t i = 0; i < ROWS; i++) {
    double u = emend_random_uniform(5, EMEND_STREAM_TEST, i, 0), w = emend_random_uniform(5, EMEND_STREAM_TEST, i, 1);
    bool asked = i % 2 == 0 && i >= 8;
    double cells[] = {i % 2 ? 2 : 1, 10 + (double)i, asked ? 1 + floor(4 * u) : NAN, asked ? 10 * w + u : NAN, 5 * u + w};
    if (i == 20 || i == 21)
      cells[MOVED] = NAN;
    if (i == 30)
      cells[WHERE] = NAN;
    if (i == 32)
      cells[COST] = NAN;
    kit_row(dataset, cells);
  }
  return dataset;
}

START_TEST(skipped_cells_stay_and_are_no_promise) {
  emend_dataset *dataset = survey();
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_add_only_if(options, "where cost", "moved == 1 and age >= 18", NULL, NULL);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_str_eq(emend_plan_only_if(plan, WHERE), "moved == 1 and age >= 18");
  ck_assert_ptr_null(emend_plan_only_if(plan, X));
  emend_missing_counts missing = emend_plan_missing(plan, WHERE);
  /* Odd rows but 21, and even rows below 8, were not asked; 20 is observed; 21 depends on moved; 30 is filled. */
  ck_assert_uint_eq(missing.fill, 2);
  ck_assert_uint_eq(missing.open, 1);
  ck_assert_uint_eq(missing.skipped, 29 + 4);
  ck_assert_uint_eq(missing.keep, missing.skipped);
  ck_assert(!emend_plan_fills(plan, 2, WHERE) && !emend_plan_fills(plan, 9, WHERE) && emend_plan_fills(plan, 21, WHERE) && emend_plan_fills(plan, 30, WHERE));
  emend_imputation *imputation = run(plan, NULL);
  double moved = final(imputation, 21, MOVED);
  ck_assert(moved == 1 || moved == 2);
  ck_assert_int_eq(isnan(final(imputation, 21, WHERE)), moved != 1);
  ck_assert_int_eq(isnan(final(imputation, 21, COST)), moved != 1);
  ck_assert(!isnan(final(imputation, 30, WHERE)) && !isnan(final(imputation, 32, COST)));
  for (size_t i = 0; i < ROWS; i++)
    ck_assert(i == 20 || final(imputation, i, MOVED) == 1 || isnan(final(imputation, i, WHERE)));
  ck_assert_uint_eq(emend_imputation_broken(imputation), 0);
  emend_imputed_variable result = emend_imputation_variable(imputation, WHERE);
  ck_assert_uint_eq(result.skipped, 33 + (moved != 1));
  ck_assert_uint_eq(result.left, result.skipped);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* A condition follows the imputed value, either way: the value that an open cell hangs on is known in advance here. */
START_TEST(conditions_follow_imputed_values) {
  for (int high = 0; high < 2; high++) {
    /* y = 2 x exactly, so that the missing y is 2 x; z is asked where y > 10. */
    double cells[] = {1, 2, NAN, 2, 4, NAN, 3, 6, NAN, 6, 12, 5, 7, 14, 6, 8, 16, 7, high ? 9 : 4, NAN, NAN, 10, 20, 9, 5.5, 11, 4.5};
    emend_dataset *dataset = kit_table("x y z", 9, 3, cells);
    emend_plan_options *options = emend_plan_options_new();
    emend_plan_options_set_round(options, 0);
    emend_plan_options_add_only_if(options, "z", "y > 10", NULL, NULL);
    emend_plan *plan = kit_plan(dataset, options);
    emend_imputation *imputation = run(plan, NULL);
    ck_assert_double_eq_tol(final(imputation, 6, 1), high ? 18 : 8, 0.5);
    ck_assert_int_eq(isnan(final(imputation, 6, 2)), !high);
    ck_assert_uint_eq(emend_imputation_variable(imputation, 2).skipped, high ? 3 : 4);
    ck_assert_uint_eq(emend_imputation_broken(imputation), 0);
    emend_imputation_free(imputation);
    emend_plan_free(plan);
    emend_plan_options_free(options);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* Chains: c hangs on b, b on a. Where a is no, b and c stay; an unknown that nobody fills counts as no. */
START_TEST(chains_and_kept_codes) {
  emend_dataset *dataset = kit_new("dta");
  kit_number(dataset, "c"), kit_number(dataset, "b"), kit_number(dataset, "a"), kit_number(dataset, "x");
  for (size_t i = 0; i < 40; i++) {
    double u = emend_random_uniform(9, EMEND_STREAM_TEST, i, 0);
    double cells[] = {1 + 3 * u, 1 + (double)(i % 3 == 0), 1 + (double)(i % 5 == 0), u * u};
    if (i == 0)
      cells[0] = cells[1] = NAN, cells[2] = 1; /* a is no: neither */
    if (i == 1)
      cells[0] = NAN, cells[1] = 1, cells[2] = 2; /* b is no: not c */
    if (i == 2)
      cells[0] = cells[1] = NAN, cells[2] = KIT_TAG('r'); /* a is refused, and stays: not known */
    if (i == 3)
      cells[0] = NAN, cells[1] = 2, cells[2] = 2; /* filled */
    kit_row(dataset, cells);
  }
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_add_only_if(options, NULL, "c = b == 2", NULL, NULL);
  emend_plan_options_add_only_if(options, NULL, "b = a == 2", NULL, NULL);
  emend_plan *plan = kit_plan(dataset, options);
  emend_missing_counts missing = emend_plan_missing(plan, 0);
  ck_assert_uint_eq(missing.skipped, 3);
  ck_assert_uint_eq(missing.open, 0);
  ck_assert_uint_eq(missing.fill, 1);
  ck_assert_uint_eq(emend_plan_missing(plan, 1).skipped, 2);
  emend_imputation *imputation = run(plan, NULL);
  ck_assert(isnan(final(imputation, 0, 0)) && isnan(final(imputation, 1, 0)) && isnan(final(imputation, 2, 0)) && isnan(final(imputation, 2, 1)));
  ck_assert(!isnan(final(imputation, 3, 0)));
  ck_assert_uint_eq(emend_imputation_broken(imputation), 0);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* a, b, and total = a + b, which comes first in the file and is whole. */
static emend_dataset *sums(void) {
  static const double cells[][4] = {{5, 2, 3, 1},     {7, 3, 4, 2},   {NAN, 4, 5, 3},   {6, 1, 5, 4},     {9, 4, NAN, 5},  {NAN, NAN, 2, 3},
                                    {8, NAN, NAN, 4}, {9, 5, 5, 6},   {NAN, NAN, NAN, 2}, {4, 2, 2, 0.5}, {11, 6, 5, 7.5}, {6, 3, 3, 2.5}};
  emend_dataset *dataset = kit_new("dta");
  kit_add(dataset, "total", EMEND_NUMERIC, EMEND_STORAGE_I8);
  kit_add(dataset, "a", EMEND_NUMERIC, EMEND_STORAGE_I8), kit_add(dataset, "b", EMEND_NUMERIC, EMEND_STORAGE_I8);
  kit_number(dataset, "x");
  kit_rows(dataset, 12, cells[0]);
  return dataset;
}

START_TEST(sums_are_computed_and_tell_their_parts) {
  emend_dataset *dataset = sums();
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_add_formula(options, NULL, "total = a + b", NULL, NULL);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_int_eq(emend_plan_role(plan, 0), EMEND_ROLE_DERIVED);
  ck_assert_str_eq(emend_plan_why(plan, 0), "computed: a + b");
  ck_assert_int_eq(emend_plan_storage(plan, 0), EMEND_STORAGE_I8);
  ck_assert_uint_eq(emend_plan_missing(plan, 0).fill, 3);
  ck_assert_uint_eq(emend_plan_count(plan, EMEND_ROLE_FILL), 3); /* a, b, x: the sum is not in the model */
  emend_events *events = emend_events_new();
  emend_imputation *imputation = run(plan, events);
  for (size_t row = 0; row < 12; row++) {
    double total = final(imputation, row, 0), a = final(imputation, row, 1), b = final(imputation, row, 2);
    ck_assert(isfinite(a) && isfinite(b) && (row == 6 || row == 7 || total == a + b));
  }
  ck_assert(final(imputation, 2, 0) == 9);
  ck_assert(final(imputation, 4, 2) == 5); /* 9 = 4 + b */
  ck_assert(final(imputation, 7, 0) == 9); /* an observed sum stays, right or wrong */
  ck_assert_uint_eq(emend_imputation_broken(imputation), 0);
  ck_assert(final(imputation, 6, 1) + final(imputation, 6, 2) == 8); /* two missing parts share it */
  ck_assert(!was_said(events, "total is observed"));
  ck_assert(isnan(emend_imputation_variable(imputation, 0).em_mean));
  emend_events_free(events);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_plan_options_set_variables(options, "total,a,b,x", NULL); /* named: in the model, and computed all the same */
  plan = kit_plan(dataset, options);
  ck_assert_int_eq(emend_plan_role(plan, 0), EMEND_ROLE_PREDICT);
  imputation = run(plan, NULL);
  ck_assert(final(imputation, 5, 0) == final(imputation, 5, 1) + 2 && final(imputation, 4, 2) == 5);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* Two parts are missing, and their sum is far from what the model expects of them. */
START_TEST(several_parts_share_a_sum) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "total"), kit_number(dataset, "a"), kit_number(dataset, "b"), kit_number(dataset, "x");
  static const double sums[] = {25, 3};
  for (int i = 0; i < 42; i++) {
    double a = 5 + i % 7, b = 2 + i % 5;
    kit_row(dataset, i < 2 ? (double[]){sums[i], NAN, NAN, i} : (double[]){a + b, a, b, a - i % 3});
  }
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_add_formula(options, NULL, "total = a + b", NULL, NULL);
  emend_plan *plan = kit_plan(dataset, options);
  emend_events *events = emend_events_new();
  emend_imputation *imputation = run(plan, events);
  for (size_t row = 0; row < 2; row++) {
    double a = final(imputation, row, 1), b = final(imputation, row, 2);
    ck_assert(a + b == sums[row] && a == rint(a) && a >= 0 && b >= 0);
  }
  ck_assert(!was_said(events, "total is observed"));
  emend_events_free(events);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* Whole percentages that share a sum: where the model expects most of the one, it ends at 100, and the other has the rest. */
START_TEST(percentages_that_share_a_sum) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "total"), kit_number(dataset, "pct_a"), kit_number(dataset, "b"), kit_number(dataset, "x");
  for (int i = 0; i < 42; i++) {
    double a = 99 - 11 * (i % 9) + 5 * (i == 41), b = 10 + i % 5; /* 104 - 44 in the last row */
    a = i == 40 ? 100 : a;
    kit_row(dataset, i == 0 ? (double[]){125, NAN, NAN, 120} : (double[]){a + b, a, b, a + i % 2});
  }
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_add_formula(options, NULL, "total = pct_a + b", NULL, NULL);
  emend_plan *plan = kit_plan(dataset, options);
  emend_imputation *imputation = run(plan, NULL);
  ck_assert_double_eq(final(imputation, 0, 1), 100);
  ck_assert_double_eq(final(imputation, 0, 2), 25);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* A quotient needs room for fractions; division by zero leaves the cell, and is no broken promise; a part that nobody fills neither. */
START_TEST(quotients) {
  static const double cells[][3] = {{0.5, 1, 2}, {1.5, 3, 2}, {NAN, 1, 4}, {NAN, 3, 0}, {NAN, KIT_TAG('a'), 2}, {2, 4, 2}, {0.75, 3, 4}, {0.25, 1, 4}};
  emend_dataset *dataset = kit_new("dta");
  kit_add(dataset, "q", EMEND_NUMERIC, EMEND_STORAGE_I8);
  kit_add(dataset, "n", EMEND_NUMERIC, EMEND_STORAGE_I8), kit_add(dataset, "d", EMEND_NUMERIC, EMEND_STORAGE_I8);
  kit_rows(dataset, 8, cells[0]);
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_add_formula(options, "q", "n / d", NULL, NULL);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_int_eq(emend_plan_storage(plan, 0), EMEND_STORAGE_F64);
  ck_assert_uint_eq(emend_plan_missing(plan, 0).fill, 1);
  ck_assert_uint_eq(emend_plan_missing(plan, 0).keep, 2);
  emend_imputation *imputation = run(plan, NULL);
  ck_assert(final(imputation, 2, 0) == 0.25);
  ck_assert(isnan(final(imputation, 3, 0)) && isnan(final(imputation, 4, 0)));
  ck_assert_uint_eq(emend_imputation_broken(imputation), 0);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* Of a part that nobody answered nothing is promised, nor of the sum. */
START_TEST(unanswered_parts_leave_sums) {
  static const double cells[][3] = {{NAN, 1, NAN}, {NAN, 2, NAN}, {NAN, 4, NAN}};
  emend_dataset *dataset = kit_table("s a never", 3, 3, cells[0]);
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_add_formula(options, "s", "a + never", NULL, NULL);
  emend_plan *plan = kit_plan(dataset, options);
  emend_imputation *imputation = run(plan, NULL);
  ck_assert_uint_eq(emend_plan_missing(plan, 0).fill, 0);
  ck_assert_uint_eq(emend_plan_missing(plan, 0).unanswered, 0);
  ck_assert_uint_eq(emend_plan_unanswered(plan), 3);
  ck_assert_uint_eq(emend_imputation_variable(imputation, 0).left, 3);
  ck_assert_uint_eq(emend_imputation_broken(imputation), 0);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* The last sentence holds; one that names the variable beats one whose glob sweeps it up; a later layer beats both. */
START_TEST(which_condition_holds) {
  emend_dataset *dataset = survey();
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_asked(options, "where,cost", NULL); /* what the data show is not joined with them */
  emend_plan_options_add_only_if(options, "where", "moved == 1", NULL, NULL);
  emend_plan_options_add_only_if(options, "w* cost", "age > 1", NULL, NULL);
  emend_plan_options_add_only_if(options, "cost", "age > 2", NULL, NULL);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_str_eq(emend_plan_only_if(plan, WHERE), "moved == 1");
  ck_assert_str_eq(emend_plan_only_if(plan, COST), "age > 2");
  emend_plan_free(plan);
  emend_plan_options_begin_layer(options);
  emend_plan_options_add_only_if(options, "w*", "age > 3", NULL, NULL);
  plan = kit_plan(dataset, options);
  ck_assert_str_eq(emend_plan_only_if(plan, WHERE), "age > 3");
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

static const struct bad_case {
  const char *variables, *rule;
  bool formula;
  const char *words;
} bad_cases[] = {
    {"where", "wher == 1", false, "recipe.ini:4: only_if: character 1: there is no variable wher; did you mean where?"},
    {"wher", "moved == 1", false, "recipe.ini:4: only_if: there is no variable wher; did you mean where?"},
    {"where", "where == 1", false, "conditions and formulas go in a circle: where needs where"},
    {"where cost", "missing(cost)", false, "conditions and formulas go in a circle: cost needs cost"},
    {"x", "where + moved", true, "conditions and formulas go in a circle: where needs x needs where"},
    {"x", "age +", true, "recipe.ini:4: only_if: character 6: something is missing at the end"},
    {"name", "age + 1", true, "it is text, and a formula gives a number"},
    {NULL, "age", false, "recipe.ini:4: only_if: \"age\" does not say of which variables; try VARIABLES=age"},
};

START_TEST(rules_that_cannot_be) {
  const struct bad_case *c = &bad_cases[_i];
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "moved"), kit_number(dataset, "age"), kit_number(dataset, "where"), kit_number(dataset, "cost"), kit_number(dataset, "x");
  kit_add(dataset, "name", EMEND_TEXT, EMEND_STORAGE_TEXT);
  emend_plan_options *options = emend_plan_options_new();
  if (c->formula)
    emend_plan_options_add_only_if(options, "where", "x == 1", NULL, NULL);
  if (c->formula)
    emend_plan_options_add_formula(options, c->variables, c->rule, "recipe.ini:4: only_if", NULL);
  else
    emend_plan_options_add_only_if(options, c->variables, c->rule, "recipe.ini:4: only_if", NULL);
  const char *text = kit_plan_error(dataset, options);
  ck_assert_msg(strstr(text, c->words), "%s", text);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* A long chain of conditions is sorted and settled without recursion. */
START_TEST(a_long_chain) {
  enum { LENGTH = 3000 };
  emend_dataset *dataset = kit_new("csv");
  emend_plan_options *options = emend_plan_options_new();
  char name[16], rule[64];
  for (int i = 0; i < LENGTH; i++) {
    snprintf(name, sizeof name, "v%d", i);
    kit_number(dataset, name);
    snprintf(rule, sizeof rule, "v%d = v%d == 1 or v%d == 2", i, i + 1, i + 1);
    if (i + 1 < LENGTH)
      emend_plan_options_add_only_if(options, NULL, rule, NULL, NULL);
  }
  double *cells = malloc(LENGTH * sizeof *cells);
  for (int row = 0; row < 4; row++) {
    for (int i = 0; i < LENGTH; i++)
      cells[i] = row == 3 ? NAN : 1;
    cells[LENGTH - 1] = row == 3 ? 3 : row + 1;
    kit_row(dataset, cells);
  }
  emend_plan_options_set_variables(options, "v0,v1,v2999", NULL);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert(!emend_plan_fills(plan, 3, 0));
  ck_assert_uint_eq(emend_plan_missing(plan, 0).skipped, 1);
  free(cells);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

SUITE {
  Suite *suite = suite_create("settle");
  TCase *tests = tcase_create("rules");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, skipped_cells_stay_and_are_no_promise);
  tcase_add_test(tests, conditions_follow_imputed_values);
  tcase_add_test(tests, chains_and_kept_codes);
  tcase_add_test(tests, sums_are_computed_and_tell_their_parts);
  tcase_add_test(tests, quotients);
  tcase_add_test(tests, several_parts_share_a_sum);
  tcase_add_test(tests, percentages_that_share_a_sum);
  tcase_add_test(tests, unanswered_parts_leave_sums);
  tcase_add_test(tests, which_condition_holds);
  tcase_add_loop_test(tests, rules_that_cannot_be, 0, sizeof bad_cases / sizeof *bad_cases);
  tcase_add_test(tests, a_long_chain);
  suite_add_tcase(suite, tests);
  return suite;
}
