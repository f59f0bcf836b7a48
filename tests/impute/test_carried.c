/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers of other rows of the same identifier: what persons keep in all waves of a panel. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "emend/emend.h"
#include "encode/kit.h"
#include "impute/run.h"

enum { PID, WAVE, SEX, BORN, MOOD, JOB, REGION, VARIABLES, NUMBERS = REGION, PERSONS = 60, WAVES = 4, SILENT = 3 };

static double uniform(size_t row, size_t use) { return emend_random_uniform(5, EMEND_STREAM_TEST, row, use); }

/* Whatever the order of the rows: one of waves, then persons. */
static size_t person_of(size_t row) { return (row * 7 + row / PERSONS) % PERSONS; }
static double sex_of(size_t person) { return uniform(person, 0) < 0.5 ? 1 : 2; }
static double born_of(size_t person) { return 1940 + floor(60 * uniform(person, 1)); }
static const char *region_of(size_t person) { return uniform(person, 2) < 0.4 ? "north" : "south"; }
/* Of the last persons nobody ever said. */
static bool lacks(size_t row, size_t v) { return person_of(row) >= PERSONS - SILENT || uniform(row, 10 + v) < 0.25; }

static emend_dataset *panel(size_t waves, size_t liar) {
  emend_dataset *dataset = kit_new("sav");
  static const char *const names[] = {"pid", "wave", "sex", "born", "mood", "job"};
  for (size_t v = 0; v < NUMBERS; v++)
    kit_number(dataset, names[v]);
  kit_add(dataset, "region", EMEND_TEXT, EMEND_STORAGE_TEXT);
  for (size_t row = 0; row < PERSONS * waves; row++) {
    size_t person = person_of(row);
    double born = born_of(person) + (row == liar), sex = sex_of(person);
    kit_row(dataset, (double[]){1001 + (double)person, (double)(row / PERSONS), lacks(row, SEX) ? NAN : sex, lacks(row, BORN) && row != liar ? NAN : born,
                                uniform(row, 3) < 0.2 ? NAN : 1 + floor(7 * uniform(row, 4)),
                                sex == 2 || uniform(row, 5) < 0.2 ? NAN : 1 + floor(5 * uniform(row, 6))});
    const char *region = region_of(person);
    if (!lacks(row, REGION))
      ck_assert_int_eq(emend_dataset_put_text(dataset, REGION, region, strlen(region), NULL), EMEND_OK);
  }
  return dataset;
}

static const char *warning(const run *r) {
  for (size_t i = 0; i < emend_events_warning_count(r->events); i++)
    if (strstr(emend_events_warning(r->events, i), "the same in all rows that share"))
      return emend_events_warning(r->events, i);
  return NULL;
}

/* Whether anybody else's row of the person has an answer. */
static bool is_told(const emend_dataset *dataset, size_t row, size_t v) {
  for (size_t other = 0; other < emend_dataset_rows(dataset); other++)
    if (person_of(other) == person_of(row) && emend_cell_reason(dataset, other, v) == EMEND_OBSERVED)
      return true;
  return false;
}

static void expect(const run *r, size_t row, size_t v, double answer) {
  double value = NAN;
  if (emend_cell_reason(r->dataset, row, v) == EMEND_OBSERVED)
    return;
  ck_assert(emend_imputation_cell(r->imputation, row, v, &value));
  ck_assert_msg(isfinite(value) && (value == answer || !is_told(r->dataset, row, v)), "row %zu, variable %zu: %g for %g", row, v, value, answer);
}

/* What nobody said is the same in all rows of the person: as in the first. */
static void shares_first(const run *r, size_t row, size_t v) {
  size_t first = 0;
  while (person_of(first) != person_of(row))
    first++;
  if (v == REGION) {
    ck_assert_str_eq(emend_imputation_text(r->imputation, row, v), emend_imputation_text(r->imputation, first, v));
    return;
  }
  double value = NAN, other = NAN;
  ck_assert(emend_imputation_cell(r->imputation, row, v, &value) && emend_imputation_cell(r->imputation, first, v, &other));
  ck_assert_msg(value == other, "row %zu, variable %zu: %g, first %g", row, v, value, other);
}

/* With every method, and with and without a condition that hangs on what is carried. */
START_TEST(a_person_keeps_sex_and_birth) {
  for (int method = EMEND_METHOD_EXPECTATION; method <= EMEND_METHOD_MODE; method++)
    for (int ruled = 0; ruled < 2; ruled++) {
      run r = begin(panel(WAVES, SIZE_MAX));
      emend_plan_options_add_only_if(r.options, "job", ruled ? "sex == 1" : "mood >= 1", NULL, NULL);
      impute(&r, (emend_method)method);
      size_t told = 0, untold = 0;
      for (size_t row = 0; row < PERSONS * WAVES; row++) {
        size_t person = person_of(row);
        double job = NAN;
        expect(&r, row, SEX, sex_of(person)), expect(&r, row, BORN, born_of(person));
        for (size_t v = SEX; v <= REGION; v++)
          if (v != MOOD && v != JOB && emend_cell_reason(r.dataset, row, v) != EMEND_OBSERVED)
            is_told(r.dataset, row, v) ? told++ : (untold += row >= PERSONS, shares_first(&r, row, v));
        if (emend_cell_reason(r.dataset, row, REGION) != EMEND_OBSERVED && is_told(r.dataset, row, REGION))
          ck_assert_str_eq(emend_imputation_text(r.imputation, row, REGION), region_of(person));
        if (ruled && is_told(r.dataset, row, SEX) && emend_cell_reason(r.dataset, row, JOB) != EMEND_OBSERVED)
          ck_assert_int_eq(emend_imputation_cell(r.imputation, row, JOB, &job) && !isnan(job), sex_of(person) == 1);
      }
      char want[200];
      snprintf(want, sizeof want, "pid, so %zu missing cells get the answer of another such row, and %zu where none has it share another's estimate (--exclude pid estimates each)",
               told, untold);
      ck_assert_msg(warning(&r) && strncmp(warning(&r), "sex, born, region:", 18) == 0 && strstr(warning(&r), want), "%s for %s", warning(&r), want);
      ck_assert_uint_eq(emend_imputation_broken(r.imputation), 0);
      end(&r);
    }
}
END_TEST

/* One answer to the contrary, an identifier set aside, or a single wave: nothing is carried. Two waves of 60 persons are enough. */
START_TEST(what_is_not_constant_is_estimated) {
  for (int way = 0; way < 4; way++) {
    run r = begin(panel(way == 2 ? 1 : way == 3 ? 2 : WAVES, way == 0 ? 100 : SIZE_MAX));
    if (way == 1)
      ck_assert_int_eq(emend_plan_options_set_exclude(r.options, "pid", NULL), EMEND_OK);
    impute(&r, EMEND_METHOD_EXPECTATION);
    const char *said = warning(&r);
    ck_assert_msg(way == 0 ? said && !strstr(said, "born") : way == 3 ? said && strstr(said, "born") : !said, "way %d: %s", way, said ? said : "none");
    end(&r);
  }
}
END_TEST

/* Few repeated answers of two values are equal by chance: 100 panels of random answers, of two waves and up to 20 persons. */
START_TEST(chance_carries_nothing) {
  for (size_t survey = 0; survey < 100; survey++) {
    emend_dataset *dataset = kit_table("pid a b c d", 0, 5, NULL);
    for (size_t row = 0; row < 40; row++) {
      size_t at = survey * 1000 + row;
      double cells[5] = {1000 + (double)(row % (5 + survey % 16))};
      for (size_t v = 1; v < 5; v++)
        cells[v] = uniform(at, v) < 0.2 * (double)v ? NAN : uniform(at, 10 + v) < 0.8 ? 1 : 2;
      kit_row(dataset, cells);
    }
    run r = begin(dataset);
    emend_error *error = emend_error_new();
    ck_assert_int_eq(emend_plan_new(r.dataset, r.options, r.events, &r.plan, error), EMEND_OK);
    ck_assert_msg(!warning(&r), "%s", warning(&r));
    emend_error_free(error);
    end(&r);
  }
}
END_TEST

SUITE {
  Suite *suite = suite_create("carried");
  TCase *t = tcase_create("panels");
  tcase_add_test(t, a_person_keeps_sex_and_birth);
  tcase_add_test(t, what_is_not_constant_is_estimated);
  tcase_add_test(t, chance_carries_nothing);
  suite_add_tcase(suite, t);
  return suite;
}
