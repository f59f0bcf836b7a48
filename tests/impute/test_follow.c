/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from other variables: bands, coarser codes, amounts that some codes imply. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "emend/emend.h"
#include "encode/kit.h"
#include "encode/plan.h"
#include "impute/run.h"

enum { AGE, GROUP, ADULT, WORK, PAY, EDU, EDU3, MOOD, STATE, REGION, VARIABLES, NUMBERS = STATE, ROWS = 400, STATES = 12 };

static const char *const numbers[] = {"age", "group", "adult", "work", "pay", "edu", "edu3", "mood"};
static const char *const regions[] = {"north", "south", "west"};

static double uniform(size_t row, size_t use) { return emend_random_uniform(11, EMEND_STREAM_TEST, row, use); }
static double group_of(double age) { return 1 + (age >= 30) + (age >= 45) + (age >= 65); }
static double edu3_of(double edu) { return edu <= 2 ? 1 : edu <= 5 ? 2 : 3; }
static size_t region_of(size_t state) { return state * 5 % 3; }

/* What the row holds; text by their places. */
static void truth(size_t row, double *x) {
  x[AGE] = 10 + floor(80 * uniform(row, 0)), x[GROUP] = group_of(x[AGE]), x[ADULT] = x[AGE] >= 18;
  x[WORK] = uniform(row, 1) < 0.65, x[PAY] = x[WORK] ? 500 + floor(3000 * uniform(row, 2)) : 0;
  x[EDU] = 1 + floor(7 * uniform(row, 3)), x[EDU3] = edu3_of(x[EDU]), x[MOOD] = 1 + floor(9 * uniform(row, 4));
  x[STATE] = floor(STATES * uniform(row, 5)), x[REGION] = (double)region_of((size_t)x[STATE]);
}

static bool lacks(size_t row, size_t v) { return uniform(row, 20 + v) < 0.15; }

/* `step` is prime to the rows: they come in another order. `noise`: in that row nothing follows. */
static emend_dataset *survey(size_t n_rows, size_t step, size_t noise) {
  emend_dataset *dataset = kit_new("sav");
  for (size_t v = 0; v < NUMBERS; v++)
    kit_number(dataset, numbers[v]);
  kit_add(dataset, "state", EMEND_TEXT, EMEND_STORAGE_TEXT);
  kit_add(dataset, "region", EMEND_TEXT, EMEND_STORAGE_TEXT);
  for (size_t i = 0; i < n_rows; i++) {
    size_t row = i * step % n_rows;
    double x[VARIABLES], cells[NUMBERS];
    char state[16];
    truth(row, x);
    if (row == noise)
      x[GROUP] = 5 - x[GROUP], x[ADULT] = 1 - x[ADULT], x[WORK] = 0, x[PAY] = 777, x[EDU3] = 4 - x[EDU3] - (x[EDU3] == 2), x[REGION] = 2 - x[REGION];
    for (size_t v = 0; v < NUMBERS; v++)
      cells[v] = row != noise && lacks(row, v) ? NAN : x[v];
    kit_row(dataset, cells);
    snprintf(state, sizeof state, "S%d", (int)x[STATE]);
    if (row == noise || !lacks(row, STATE))
      ck_assert_int_eq(emend_dataset_put_text(dataset, STATE, state, strlen(state), NULL), EMEND_OK);
    if (row == noise || !lacks(row, REGION))
      ck_assert_int_eq(emend_dataset_put_text(dataset, REGION, regions[(size_t)x[REGION]], strlen(regions[(size_t)x[REGION]]), NULL), EMEND_OK);
  }
  return dataset;
}

static double number(const run *r, size_t row, size_t v) {
  double value = NAN;
  if (emend_cell_reason(r->dataset, row, v) == EMEND_OBSERVED)
    return *emend_dataset_run(r->dataset, v, row).values;
  ck_assert(emend_imputation_cell(r->imputation, row, v, &value));
  return value;
}

static const char *text(const run *r, size_t row, size_t v) {
  emend_offset offset;
  if (emend_cell_reason(r->dataset, row, v) != EMEND_OBSERVED)
    return emend_imputation_text(r->imputation, row, v);
  memcpy(&offset, emend_dataset_run(r->dataset, v, row).values, sizeof offset);
  return emend_dataset_text(r->dataset, offset);
}

/* In how many rows something is contradicted. */
static size_t contradictions(const run *r) {
  size_t n = 0;
  for (size_t row = 0; row < emend_dataset_rows(r->dataset); row++) {
    double age = number(r, row, AGE);
    size_t state = (size_t)strtoul(text(r, row, STATE) + 1, NULL, 10);
    n += number(r, row, GROUP) != group_of(age) || number(r, row, ADULT) != (age >= 18) ||
         (number(r, row, WORK) == 0 && number(r, row, PAY) != 0) || number(r, row, EDU3) != edu3_of(number(r, row, EDU)) ||
         strncmp(text(r, row, REGION), regions[region_of(state)], 4) != 0;
  }
  return n;
}

static const char *find_warning(const run *r, const char *part) {
  for (size_t i = 0; i < emend_events_warning_count(r->events); i++)
    if (strstr(emend_events_warning(r->events, i), part))
      return emend_events_warning(r->events, i);
  return NULL;
}

START_TEST(nothing_is_contradicted) {
  for (int method = EMEND_METHOD_EXPECTATION; method <= EMEND_METHOD_MODE; method++) {
    run r = begin(survey(ROWS, 1, SIZE_MAX));
    impute(&r, (emend_method)method);
    ck_assert_uint_eq(contradictions(&r), 0);
    ck_assert_uint_eq(emend_imputation_broken(r.imputation), 0);
    ck_assert(find_warning(&r, "group follows from age in all "));
    ck_assert(find_warning(&r, "(1 below 30, 2 from 30, 3 from 45, 4 from 65)"));
    ck_assert(find_warning(&r, "region follows from state in all ") && find_warning(&r, "edu3 follows from edu in all "));
    ck_assert(find_warning(&r, "pay is 0 wherever work is 0, in all "));
    ck_assert_msg(!find_warning(&r, "does not agree"), "%s", find_warning(&r, "does not agree"));
    ck_assert_msg(!find_warning(&r, "exact combination"), "%s", find_warning(&r, "exact combination"));
    end(&r);
  }
}
END_TEST

/* Where one of both is known, what follows from it is right. */
START_TEST(what_is_known_is_carried_over) {
  run r = begin(survey(ROWS, 1, SIZE_MAX));
  impute(&r, EMEND_METHOD_EXPECTATION);
  for (size_t row = 0; row < ROWS; row++) {
    double x[VARIABLES];
    truth(row, x);
    if (!lacks(row, AGE))
      ck_assert(number(&r, row, GROUP) == x[GROUP] && number(&r, row, ADULT) == x[ADULT]);
    if (!lacks(row, STATE))
      ck_assert_int_eq(strncmp(text(&r, row, REGION), regions[(size_t)x[REGION]], 4), 0);
    if (!lacks(row, PAY) && x[PAY] > 0)
      ck_assert(number(&r, row, WORK) == 1);
    if (!lacks(row, WORK) && !x[WORK])
      ck_assert(number(&r, row, PAY) == 0);
  }
  end(&r);
}
END_TEST

/* One row to the contrary, or the wish: nothing follows, and something is contradicted. */
START_TEST(no_rule_no_agreement) {
  for (int way = 0; way < 2; way++) {
    run r = begin(survey(ROWS, 1, way == 0 ? 17 : SIZE_MAX));
    if (way == 1)
      ck_assert_int_eq(emend_plan_options_set_apart(r.options, "group,adult,pay,work,edu3,region", NULL), EMEND_OK);
    impute(&r, EMEND_METHOD_EXPECTATION);
    ck_assert_uint_eq(r.plan->relations.n, 0);
    ck_assert(!find_warning(&r, "follows from") && !find_warning(&r, "wherever"));
    ck_assert_uint_gt(contradictions(&r), 1);
    end(&r);
  }
}
END_TEST

/* What is said otherwise wins: a source that is computed is followed, a target that is computed is not told. */
START_TEST(formulas_are_followed) {
  run r = begin(survey(ROWS, 1, SIZE_MAX));
  ck_assert_int_eq(emend_plan_options_add_formula(r.options, "age", "20 + mood", NULL, NULL), EMEND_OK);
  impute(&r, EMEND_METHOD_EXPECTATION);
  for (size_t row = 0; row < ROWS; row++)
    if (lacks(row, AGE) && lacks(row, GROUP))
      ck_assert(number(&r, row, GROUP) == group_of(20 + number(&r, row, MOOD)));
  end(&r);
  r = begin(survey(ROWS, 1, SIZE_MAX));
  ck_assert_int_eq(emend_plan_options_add_formula(r.options, "group", "1 + work", NULL, NULL), EMEND_OK);
  impute(&r, EMEND_METHOD_EXPECTATION);
  ck_assert(!find_warning(&r, "group follows"));
  end(&r);
}
END_TEST

/* The same relations in any order of the rows, and what follows from answers does not hang on it. */
START_TEST(the_order_of_rows_does_not_matter) {
  run a = begin(survey(ROWS, 1, SIZE_MAX)), b = begin(survey(ROWS, 7, SIZE_MAX));
  impute(&a, EMEND_METHOD_EXPECTATION), impute(&b, EMEND_METHOD_EXPECTATION);
  ck_assert_uint_eq(a.plan->relations.n, b.plan->relations.n);
  for (size_t i = 0; i < a.plan->relations.n; i++) {
    const emend_relation *x = &a.plan->relations.items[i], *y = &b.plan->relations.items[i];
    ck_assert(x->source == y->source && x->target == y->target && x->n == y->n && x->rows == y->rows && x->kind == y->kind);
    for (size_t k = 0; k < x->n && x->kind == EMEND_RELATION_BANDS; k++)
      ck_assert(x->pieces[k].from == y->pieces[k].from && x->pieces[k].target == y->pieces[k].target);
  }
  for (size_t i = 0; i < ROWS; i++)
    for (size_t v = 0; v < NUMBERS; v++)
      ck_assert_msg(fabs(number(&a, i * 7 % ROWS, v) - number(&b, i, v)) < 1e-9 || v == MOOD, "row %zu, variable %zu", i, v);
  end(&a), end(&b);
}
END_TEST

/* In a long file rows outside of the sample count, too: one to the contrary ends a relation, and answers that are rare are met. */
START_TEST(every_row_is_looked_at) {
  run r = begin(survey(5000, 1, SIZE_MAX));
  impute(&r, EMEND_METHOD_EXPECTATION);
  ck_assert_uint_eq(contradictions(&r), 0);
  end(&r);
  r = begin(survey(5000, 1, 4321));
  impute(&r, EMEND_METHOD_EXPECTATION);
  ck_assert_uint_eq(r.plan->relations.n, 0);
  end(&r);
}
END_TEST

/* What is only related, rare, hardly varies or is a number of its own is no rule: correlated scales, a flag of few rows, counts with many
 * zeros that get more frequent along a scale, an identifier. Sorted files, too. */
START_TEST(what_is_only_related_does_not_follow) {
  for (size_t way = 0; way < 24; way++) {
    size_t n_rows = way % 3 == 0 ? 60 : way % 3 == 1 ? 300 : 1200;
    emend_dataset *dataset = kit_new("sav");
    static const char *const names[] = {"x", "like", "scale", "flag", "rare", "drinks", "pay", "place", "number"};
    for (size_t v = 0; v < sizeof names / sizeof *names; v++)
      kit_number(dataset, names[v]);
    for (size_t i = 0; i < n_rows; i++) {
      size_t at = i + 100000 * way;
      double z = way % 2 ? 6 * (double)i / (double)n_rows - 3 : 6 * uniform(at, 0) - 3, noise = uniform(at, 1) - 0.5, x[9];
      x[0] = round(10 * z) / 10, x[1] = round(20 * (z + 0.2 * noise)), x[2] = fmin(5, fmax(1, round(3 + z + noise)));
      x[3] = z + 0.5 * noise > 1, x[4] = i % 97 == 5, x[5] = z + 2 * noise > 0 ? 1 + floor(20 * uniform(at, 2)) : 0;
      x[6] = uniform(at, 3) < 0.9 ? 0 : floor(2000 * uniform(at, 4)), x[7] = floor(12 * uniform(at, 5)), x[8] = 1001 + (double)i;
      for (size_t v = 0; v < 8; v++)
        x[v] = uniform(at, 10 + v) < 0.08 ? NAN : x[v];
      kit_row(dataset, x);
    }
    emend_plan *plan = kit_plan(dataset, NULL);
    for (size_t i = 0; i < plan->relations.n; i++)
      ck_abort_msg("way %zu: %s from %s", way, names[plan->relations.items[i].target], names[plan->relations.items[i].source]);
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

START_TEST(limits_are_round) {
  ck_assert(emend_relation_limit(29, 30) == 30 && emend_relation_limit(18.4, 18.5) == 18.5 && emend_relation_limit(997, 1004) == 1000);
  ck_assert(emend_relation_limit(138, 141) == 140 && emend_relation_limit(-3, 2) == 0 && emend_relation_limit(-12, -9) == -10);
  ck_assert(emend_relation_limit(30, 31) == nextafter(30, 31) && emend_relation_limit(23, 26) == 25);
}
END_TEST

SUITE {
  Suite *suite = suite_create("follow");
  TCase *cases = tcase_create("relations");
  tcase_set_timeout(cases, 120);
  tcase_add_test(cases, nothing_is_contradicted);
  tcase_add_test(cases, what_is_known_is_carried_over);
  tcase_add_test(cases, no_rule_no_agreement);
  tcase_add_test(cases, formulas_are_followed);
  tcase_add_test(cases, the_order_of_rows_does_not_matter);
  tcase_add_test(cases, every_row_is_looked_at);
  tcase_add_test(cases, what_is_only_related_does_not_follow);
  tcase_add_test(cases, limits_are_round);
  suite_add_tcase(suite, cases);
  return suite;
}
