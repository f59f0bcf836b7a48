/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "encode/kit.h"

/* Skip patterns that data show, and such as only look like them. */

static double uniform(size_t row, size_t use) { return emend_random_uniform(7, EMEND_STREAM_CELL, row, use); }

/* filter (1 or 2), age (15 to 90), group (1 to 4), and x, whose cells a rule removes. */
typedef bool (*gap)(double filter, double age, double group, size_t row);

static emend_dataset *make(size_t n, gap is_gap) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "filter"), kit_number(dataset, "age"), kit_number(dataset, "group"), kit_number(dataset, "x y");
  for (size_t row = 0; row < n; row++) {
    double filter = uniform(row, 0) < 0.4 ? 1 : 2, age = 15 + floor(76 * uniform(row, 1)), group = 1 + floor(4 * uniform(row, 2));
    double x = floor(40 * uniform(row, 3)) + filter;
    kit_row(dataset, (double[]){uniform(row, 4) < 0.02 ? NAN : filter, age, group, is_gap(filter, age, group, row) ? NAN : x});
  }
  return dataset;
}

static bool by_filter(double filter, double age, double group, size_t row) {
  (void)age, (void)group;
  return filter == 2 || uniform(row, 5) < 0.03;
}
static bool by_two(double filter, double age, double group, size_t row) {
  (void)age, (void)row;
  return filter == 2 || group == 3;
}
static bool by_both(double filter, double age, double group, size_t row) {
  (void)age, (void)row;
  return filter == 2 && group == 3;
}
static bool by_filter_and_age(double filter, double age, double group, size_t row) {
  (void)group, (void)row;
  return filter == 2 || age > 45;
}
static bool by_age(double filter, double age, double group, size_t row) {
  (void)filter, (void)group, (void)row;
  return age > 60;
}
static bool at_random(double filter, double age, double group, size_t row) {
  (void)filter, (void)age, (void)group;
  return uniform(row, 5) < 0.5;
}
static bool often_where(double filter, double age, double group, size_t row) {
  (void)age, (void)group;
  return uniform(row, 5) < (filter == 2 ? 0.9 : 0.1);
}
static bool half_explained(double filter, double age, double group, size_t row) {
  (void)age, (void)filter;
  return group == 3 || uniform(row, 5) < 0.3;
}

static bool few_answer(double filter, double age, double group, size_t row) {
  (void)age, (void)filter;
  return group == 3 || uniform(row, 5) < 0.7;
}
static bool with_nonresponse(double filter, double age, double group, size_t row) {
  (void)age, (void)group;
  return filter == 2 || uniform(row, 5) < 0.15;
}
static bool both_with_nonresponse(double filter, double age, double group, size_t row) {
  (void)age;
  return (filter == 2 && group == 3) || uniform(row, 5) < 0.05;
}

static const struct skip_case {
  gap is_gap;
  size_t n;
  const char *condition; /* NULL: none is found */
} skip_cases[] = {
    {by_filter, 400, "filter == 1"},
    {by_filter, 40000, "filter == 1"},
    {by_two, 800, "filter == 1 and group != 3"},
    {by_both, 800, "group != 3 or filter == 1"},
    {by_filter_and_age, 800, "filter == 1 and age <= 45"},
    {by_filter, 30, NULL},      /* too few rows */
    {by_age, 800, "age <= 60"},
    {at_random, 800, NULL},     {often_where, 800, NULL}, /* answers on either side: something can be learnt */
    {few_answer, 800, NULL},
    {half_explained, 800, "group != 3"}, /* who was asked mostly answered, whoever did not */
    {with_nonresponse, 400, "filter == 1"},
    {both_with_nonresponse, 800, "group != 3 or filter == 1"},
};

START_TEST(found_or_not) {
  const struct skip_case *c = &skip_cases[_i];
  emend_dataset *dataset = make(c->n, c->is_gap);
  emend_plan *plan = kit_plan(dataset, NULL);
  const char *found = emend_plan_only_if(plan, 3);
  ck_assert_msg(c->condition ? found && strcmp(found, c->condition) == 0 : !found, "%s instead of %s", found ? found : "none", c->condition ? c->condition : "none");
  ck_assert_int_eq(emend_plan_only_if_found(plan, 3), c->condition != NULL);
  for (size_t v = 0; v < 3; v++)
    ck_assert_ptr_null(emend_plan_only_if(plan, v));
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* 200 people; work is 1 or 2, and hours are those of who works; each `lacking`th has no answer to work, each `refusing`th of the others none to hours. */
static void expect_hours(size_t lacking, size_t refusing, size_t one_in_works) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "work"), kit_number(dataset, "hrs"), kit_number(dataset, "age");
  for (size_t i = 1; i <= 200; i++) {
    bool works = i % one_in_works != 0;
    kit_row(dataset, (double[]){i % lacking == 0 ? NAN : works ? 1 : 2, works && i % refusing != 1 ? 20 + (double)(i * 7 % 21) : NAN, 18 + (double)(i * 11 % 60)});
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert_msg(emend_plan_only_if(plan, 1) != NULL, "%zu %zu %zu", lacking, refusing, one_in_works);
  ck_assert_str_eq(emend_plan_only_if(plan, 1), "work == 1");
  for (size_t row = 0; row < 200; row++)
    ck_assert(emend_cell_value(dataset, row, 0) != 2 || !emend_plan_fills(plan, row, 1));
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}

START_TEST(filters_that_some_did_not_answer) {
  static const size_t lacking[] = {1000, 16, 8, 5}, refusing[] = {1000, 20, 7}, works[] = {2, 3};
  for (size_t i = 0; i < 4; i++)
    for (size_t j = 0; j < 3; j++)
      for (size_t k = 0; k < 2; k++)
        expect_hours(lacking[i], refusing[j], works[k]);
}
END_TEST

/* 27 people were asked the items of a grid and answered them, 15 were not; nine broke off before the filter. What these would have said cannot
 * tell against it. With noise, some who were not asked have answers: nothing is found. */
START_TEST(grids_behind_filters_without_an_answer) {
  for (size_t noise = 0; noise < 3; noise += 2) {
    emend_dataset *dataset = kit_table("sex age filter a b c d", 0, 7, NULL);
    for (size_t row = 0; row < 51; row++) {
      size_t kind = row * 20 % 51; /* 0 to 8: broke off; to 23: not asked */
      double cells[7] = {1 + (double)(row % 2), 18 + floor(60 * uniform(row, 0)), kind < 9 ? NAN : kind < 24 ? 2 : 1};
      for (size_t v = 3; v < 7; v++)
        cells[v] = kind < 9 || (kind < 24 && kind >= 9 + noise) ? NAN : 1 + floor(2 * uniform(row, v));
      kit_row(dataset, cells);
    }
    emend_plan *plan = kit_plan(dataset, NULL);
    for (size_t v = 3; v < 7; v++) {
      const char *found = emend_plan_only_if(plan, v);
      ck_assert_msg(noise ? !found : found && strcmp(found, "filter == 1") == 0, "%s", found ? found : "none");
      ck_assert(noise || (emend_plan_missing(plan, v).skipped == 15 && emend_plan_missing(plan, v).open == 9));
    }
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* Of 51 people 6 were not asked four questions, 8 left before the filter. That nobody answered them where the filter is 2 is more for four that
 * are blank in the same rows than for one, or for two. */
START_TEST(blocks_of_few_rows) {
  for (size_t n = 1; n <= 4; n++) {
    emend_dataset *dataset = kit_table("sex age filter a b c d", 0, 7, NULL);
    for (size_t row = 0; row < 51; row++) {
      size_t kind = row * 20 % 51; /* 0 to 7: left; to 13: not asked */
      double cells[7] = {1 + (double)(row % 2), 18 + floor(60 * uniform(row, 0)), kind < 8 ? NAN : kind < 14 ? 2 : 1};
      for (size_t v = 3; v < 7; v++)
        cells[v] = v < 3 + n && kind < 14 ? NAN : 1 + floor(2 * uniform(row, v));
      kit_row(dataset, cells);
    }
    emend_plan *plan = kit_plan(dataset, NULL);
    const char *found = emend_plan_only_if(plan, 3);
    ck_assert_msg(n < 3 ? !found : found && strcmp(found, "filter == 1") == 0, "%zu: %s", n, found ? found : "none");
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* Three of 51 skip a block: the filter just before it tells, if all fits; one more blank, one answer there, or other filters between do not;
 * nor do three of 40 by one answer of four, or two of 200 beside others that the filter lacks, too. */
START_TEST(filters_just_before_blocks) {
  enum { FITS, FITS_WITH_GAP, ONE_BLANK, ONE_ANSWER, FAR, ALONE, FEW_IN_ALL, TWO, CASES, FILTER = 1, FIRST = 5, P = 9 };
  for (int which = 0; which < CASES; which++) {
    emend_dataset *dataset = kit_table("age filter p1 p2 p3 a b c d", 0, P, NULL);
    for (size_t row = 0; row < (which == FEW_IN_ALL ? 40 : which == TWO ? 200 : 51); row++) {
      bool skipped = which == FEW_IN_ALL ? row % 15 == 4 : which == TWO ? row % 100 == 4 : row % 17 == 4, first = row == 4;
      double cells[P] = {18 + floor(60 * uniform(row, 0)), skipped ? 2 : which == FEW_IN_ALL && row % 3 > 0 ? 2 + (double)(row % 3) : 1};
      for (size_t v = 2; v < P; v++)
        cells[v] = v < FIRST && which != FAR ? 100 * uniform(row, v) : 1 + floor(2 * uniform(row, v));
      for (size_t v = FIRST; v < P; v++)
        if ((skipped && !(which == ONE_ANSWER && first)) || (which == ONE_BLANK && row == 5))
          cells[v] = which == ALONE && v > FIRST ? cells[v] : NAN;
      for (size_t v = FILTER; v < P; v += v == FILTER ? FIRST - FILTER : 1) /* whatever decides about the filter, too */
        if ((which == FITS_WITH_GAP && row % 17 == 5) || (which == TWO && row % 50 == 5))
          cells[v] = NAN;
      kit_row(dataset, cells);
    }
    emend_plan *plan = kit_plan(dataset, NULL);
    for (size_t v = FIRST; v < (which == ALONE ? FIRST + 1 : P); v++) {
      const char *found = emend_plan_only_if(plan, v);
      ck_assert_msg(which > FITS_WITH_GAP ? !found : found && strcmp(found, "filter == 1") == 0, "case %d: %s", which, found ? found : "none");
    }
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* Whoever has a standard is asked about it, and of the others whoever plans one: the filter that stands before has no answer of the first. */
START_TEST(filters_that_some_were_not_asked) {
  enum { PLANS = 1, FIRST = 2, P = 5 };
  emend_dataset *dataset = kit_table("has plans a b c", 0, P, NULL);
  for (size_t row = 0; row < 51; row++) {
    double has = row % 4 == 1 ? 2 : 1, plans = has == 1 ? NAN : row % 12 == 1 ? 1 : 2;
    double cells[P] = {has, plans};
    for (size_t v = FIRST; v < P; v++)
      cells[v] = plans == 2 ? NAN : 1 + floor(2 * uniform(row, v));
    kit_row(dataset, cells);
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert_str_eq(emend_plan_only_if(plan, PLANS), "has == 2");
  for (size_t v = FIRST; v < P; v++)
    ck_assert_pstr_eq(emend_plan_only_if(plan, v), "plans == 1 or has == 1");
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* 120 surveys in which people skipped pages of four questions, any of them: filters lack their answers wherever the questions beside them do. */
START_TEST(pages_that_some_skipped) {
  enum { SURVEYS = 120, P = 12, PAGE = 4 };
  for (size_t survey = 0; survey < SURVEYS; survey++) {
    size_t n = 42 + 20 * (survey % 16);
    emend_dataset *dataset = kit_table("a1 a2 a3 a4 b1 b2 b3 b4 c1 c2 c3 c4", 0, P, NULL);
    for (size_t i = 0; i < n; i++) {
      double cells[P], share = 0.05 * (double)(1 + survey % 10);
      for (size_t v = 0; v < P; v++) {
        bool lacks = uniform(survey * 10000 + i, 100 + v / PAGE) < share || (survey % 2 && uniform(survey * 10000 + i, v) < 0.05);
        cells[v] = lacks ? NAN : 1 + floor((double)(2 + v % PAGE * 2) * uniform(survey * 10000 + i, 50 + v));
      }
      kit_row(dataset, cells);
    }
    emend_plan *plan = kit_plan(dataset, NULL);
    for (size_t v = 0; v < P; v++)
      ck_assert_msg(!emend_plan_only_if(plan, v), "survey %zu: %s only if %s", survey, emend_variable_name(dataset, v), emend_plan_only_if(plan, v));
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* 120 surveys of random holes, few to many, some more in some groups: nothing is found in any of 12 variables of 2 to 25 categories. */
START_TEST(nothing_where_nothing_is) {
  enum { SURVEYS = 120, P = 12 };
  for (size_t survey = 0; survey < SURVEYS; survey++) {
    size_t n = 60 + 40 * (survey % 16);
    char names[P * 4] = "";
    double *cells = malloc(n * P * sizeof *cells);
    for (size_t v = 0; v < P; v++)
      snprintf(names + strlen(names), sizeof names - strlen(names), "%sv%zu", v ? " " : "", v);
    for (size_t i = 0; i < n; i++)
      for (size_t v = 0; v < P; v++) {
        double share = 0.1 * (double)(1 + (v + survey) % 8), u = uniform(survey * 10000 + i, 2 * v), first = 1 + floor(3 * uniform(survey * 10000 + i, 0));
        share = survey % 3 == 0 && first == 2 ? 1 - 0.3 * (1 - share) : share;
        double answer = v ? 1 + floor((double)(v < 6 ? v + 1 : 2 * v + 3) * u) : first;
        cells[i * P + v] = v && uniform(survey * 10000 + i, 2 * v + 1) < share ? NAN : answer;
      }
    emend_dataset *dataset = kit_table(names, n, P, cells);
    emend_plan *plan = kit_plan(dataset, NULL);
    for (size_t v = 0; v < P; v++)
      ck_assert_msg(!emend_plan_only_if(plan, v), "survey %zu: %s only if %s", survey, emend_variable_name(dataset, v), emend_plan_only_if(plan, v));
    emend_plan_free(plan);
    emend_dataset_free(dataset);
    free(cells);
  }
}
END_TEST

/* Every cell where the filter says so stays; all others, those where the filter itself is imputed included, are promised. */
/* What three in ten rows say explains all gaps of x, but decides nothing of the others, which answered x. If all rows have it, it does. */
START_TEST(a_remark_is_no_filter) {
  for (int rare = 0; rare < 2; rare++) {
    emend_dataset *dataset = kit_new("sav");
    kit_number(dataset, "remark"), kit_number(dataset, "x");
    for (size_t row = 0; row < 600; row++) {
      double remark = 1 + floor(3 * uniform(row, 0)), x = floor(40 * uniform(row, 1));
      bool has = !rare || row % 10 < 3;
      kit_row(dataset, (double[]){has ? remark : NAN, has && remark < 3 ? NAN : x});
    }
    emend_plan *plan = kit_plan(dataset, NULL);
    const char *found = emend_plan_only_if(plan, 1);
    ck_assert_msg(rare ? !found : found && strcmp(found, "remark == 3") == 0, "%s", found ? found : "none");
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

START_TEST(cells_of_a_skip) {
  emend_dataset *dataset = make(400, by_filter);
  emend_plan *plan = kit_plan(dataset, NULL);
  size_t skipped = 0, rest = 0, open = 0;
  for (size_t row = 0; row < 400; row++) {
    bool gap = emend_cell_reason(dataset, row, 3) != EMEND_OBSERVED, known = emend_cell_reason(dataset, row, 0) == EMEND_OBSERVED;
    bool skip = gap && known && emend_cell_value(dataset, row, 0) == 2;
    skipped += skip, rest += gap && !skip, open += gap && !known;
    if (gap)
      ck_assert_int_eq(emend_plan_fills(plan, row, 3) != 0, !skip);
  }
  emend_missing_counts missing = emend_plan_missing(plan, 3);
  ck_assert_uint_eq(missing.skipped, skipped);
  ck_assert_uint_eq(missing.fill, rest);
  ck_assert_uint_eq(missing.open, open);
  ck_assert_uint_gt(open, 0);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* Who says that everybody was asked, names the target, or has a condition of his own on the filter, is believed. */
START_TEST(the_user_knows_better) {
  emend_dataset *dataset = make(400, by_filter);
  for (int way = 0; way < 3; way++) {
    emend_plan_options *options = emend_plan_options_new();
    emend_status status = way == 0   ? emend_plan_options_set_asked(options, "`x y`", NULL)
                          : way == 1 ? emend_plan_options_set_targets(options, "`x y`", NULL)
                                     : emend_plan_options_add_only_if(options, "`x y`", "filter >= 0", NULL, NULL);
    ck_assert_int_eq(status, EMEND_OK);
    emend_plan *plan = kit_plan(dataset, options);
    ck_assert_int_eq(emend_plan_only_if_found(plan, 3), 0);
    ck_assert_uint_eq(emend_plan_missing(plan, 3).keep, 0);
    emend_plan_free(plan);
    emend_plan_options_free(options);
  }
  emend_dataset_free(dataset);
}
END_TEST

/* A condition on something else (who came so far) does not undo what the data show: both hold. */
START_TEST(conditions_are_joined) {
  emend_dataset *dataset = make(400, by_filter);
  emend_plan_options *options = emend_plan_options_new();
  ck_assert_int_eq(emend_plan_options_add_only_if(options, "filter,`x y`", "age <= 80", NULL, NULL), EMEND_OK);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_ptr_nonnull(emend_plan_only_if(plan, 3));
  ck_assert_str_eq(emend_plan_only_if(plan, 3), "(age <= 80) and (filter == 1)");
  ck_assert_int_eq(emend_plan_only_if_found(plan, 3), 1);
  ck_assert_str_eq(emend_plan_only_if(plan, 0), "age <= 80");
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* 600 people; work is 1 or 2, and job is the answer of who works. What others hold is 97, labelled as given; `noise`, with which it is held
 * by others, too. Neither lacks an answer, or each 20th of work does. */
static emend_dataset *coded(const char *label, double noise, bool lacking) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "work"), kit_number(dataset, "job"), kit_number(dataset, "age");
  kit_declare(dataset, 1, 97, 97), kit_declare(dataset, 1, 99, 99), kit_label(dataset, 1, 97, label), kit_label(dataset, 1, 99, "No answer");
  for (size_t i = 0; i < 600; i++) {
    bool works = uniform(i, 0) < 0.6, says = !works || uniform(i, 1) < noise;
    double job = 1 + floor(5 * uniform(i, 2)), code = !says && i % 10 == 3 ? 99 : 97;
    kit_row(dataset, (double[]){lacking && i % 20 == 0 ? NAN : works ? 1 : 2, says || i % 10 == 3 ? code : job, 18 + floor(60 * uniform(i, 3))});
    if (says || i % 10 == 3)
      emend_dataset_put_number(dataset, 1, code, EMEND_USER_MISSING);
  }
  return dataset;
}

/* Codes that stay because they say that the question did not apply are evidence as blanks are, unless they stand for something else, too;
 * other codes are none beside them. It is said where something is imputed by it. */
START_TEST(codes_for_not_applicable) {
  static const struct coded_case {
    const char *label;
    double noise;
    bool lacking, not_target, found;
  } cases[] = {{"Not applicable", 0, true, false, true}, {"Not applicable", 0, true, true, true}, {"Not applicable", 0, false, true, false},
               {"Not applicable", 0.02, true, false, true}, {"Not applicable", 0.3, true, false, false}, {"Not applicable", 0, false, false, true},
               {"Not working", 0, true, false, true}, {"Not working", 0.02, true, false, true}, {"Not working", 0.3, true, false, false},
               {"Not in paid work", 0, false, true, false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    emend_dataset *dataset = coded(cases[i].label, cases[i].noise, cases[i].lacking);
    emend_plan_options *options = emend_plan_options_new();
    if (cases[i].not_target)
      ck_assert_int_eq(emend_plan_options_set_targets(options, "work", NULL), EMEND_OK);
    emend_plan *plan = kit_plan(dataset, options);
    const char *found = emend_plan_only_if(plan, 1);
    ck_assert_msg(cases[i].found ? found && strcmp(found, "work == 1") == 0 : !found, "case %zu: %s", i, found ? found : "none");
    for (size_t row = 0; row < 600; row++)
      ck_assert(emend_cell_value(dataset, row, 1) != 97 || !emend_plan_fills(plan, row, 1));
    emend_plan_free(plan);
    emend_plan_options_free(options);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* A value that none of the rows looked at has belongs where all rows put it. */
START_TEST(rare_values_of_filters) {
  emend_dataset *dataset = kit_table("filter x", 0, 2, NULL);
  for (size_t i = 0; i < 8000; i++) {
    double filter = i % 1000 == 1 ? 3 : i % 1000 == 3 ? 4 : 1 + floor(2 * uniform(i, 0));
    kit_row(dataset, (double[]){i == 11 ? NAN : filter, filter == 1 || filter == 4 ? floor(9 * uniform(i, 1)) : NAN});
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert_ptr_nonnull(emend_plan_only_if(plan, 1));
  ck_assert_str_eq(emend_plan_only_if(plan, 1), "(filter == 1 or filter == 4)");
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* x and y are asked of some ages; what lies beside them: rows that say where they stand, households by which they are sorted, what a row lacks. */
typedef bool (*asked_at)(double age, size_t row);
static bool from_15(double age, size_t row) { return (void)row, age >= 15; }
static bool to_64(double age, size_t row) { return (void)row, age < 65; }
static bool from_15_to_49(double age, size_t row) { return (void)row, age >= 15 && age < 50; }
static bool from_15_but_one(double age, size_t row) { return age >= 15 || row == 44; }
static bool of_few(double age, size_t row) { return (void)row, age >= 3; }
static bool of_all(double age, size_t row) { return (void)age, (void)row, true; }
static bool of_late_rows(double age, size_t row) { return (void)age, row >= 300; }
static bool rarer_with_age(double age, size_t row) { return uniform(row, 7) < 1 / (1 + exp(-0.12 * (age - 20))); }
static bool often_from_15(double age, size_t row) { return age >= 15 && uniform(row, 7) < 0.7; }

static const struct limit_case {
  asked_at asked;
  size_t n;
  double fraction, unknown; /* of the ages; share of them that is not known */
  const char *condition;
} limit_cases[] = {
    {from_15, 800, 1, 0, "age >= 15"}, {from_15, 800, 1, 0.1, "age >= 15"}, {from_15, 30000, 1, 0, "age >= 15"}, {from_15, 1000, 0.1, 0, "age >= 15"},
    {from_15, 30000, 0.001, 0, "age >= 15"}, {to_64, 800, 1, 0, "age <= 64"}, {to_64, 1500, 0.1, 0, "age <= 65"}, {from_15_to_49, 800, 1, 0.05, "age >= 15 and age <= 49"},
    {from_15_but_one, 900, 1, 0, "age >= 15"}, {of_few, 400, 1, 0, NULL}, {of_all, 800, 1, 0, NULL}, {of_late_rows, 800, 1, 0, NULL},
    {rarer_with_age, 800, 1, 0, NULL}, {rarer_with_age, 800, 0.1, 0, NULL}, {often_from_15, 800, 1, 0, NULL},
};

START_TEST(limits_alone) {
  const struct limit_case *c = &limit_cases[_i];
  enum { AGE, ROW, HOUSEHOLD, LACKS, Z, X, Y, VARIABLES };
  emend_dataset *dataset = kit_table("age row household lacks z x y", 0, VARIABLES, NULL);
  for (size_t i = 0; i < c->n; i++) {
    double age = c->fraction * floor(90 * uniform(i, 0) / c->fraction), cells[VARIABLES] = {age, (double)i, 1000 + floor((double)i / 3), 0, uniform(i, 1)};
    for (size_t v = X; v <= Y; v++)
      cells[v] = c->asked(age, i) && uniform(i, 2 + v) > 0.03 ? floor(20 * uniform(i, 12 + v)) : NAN;
    cells[Z] = uniform(i, 9) < 0.1 ? NAN : cells[Z];
    cells[AGE] = uniform(i, 8) < c->unknown ? NAN : age;
    cells[LACKS] = 40 * (isnan(cells[AGE]) + isnan(cells[X]) + isnan(cells[Y]) + isnan(cells[Z])) + floor(5 * uniform(i, 10));
    kit_row(dataset, cells);
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  for (size_t v = 0; v < VARIABLES; v++) {
    const char *found = emend_plan_only_if(plan, v), *wanted = v >= X ? c->condition : NULL;
    ck_assert_msg(wanted ? found && strcmp(found, wanted) == 0 : !found, "%s: %s instead of %s", emend_variable_name(dataset, v), found ? found : "none",
                  wanted ? wanted : "none");
  }
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* People who broke off: each question was answered as far as they came. */
START_TEST(progress_is_no_reason) {
  enum { QUESTIONS = 30 };
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "progress");
  for (size_t v = 0; v < QUESTIONS; v++) {
    char name[8];
    snprintf(name, sizeof name, "q%zu", v);
    kit_number(dataset, name);
  }
  for (size_t i = 0; i < 900; i++) {
    double cells[1 + QUESTIONS];
    size_t reached = uniform(i, 0) < 0.5 ? QUESTIONS : 1 + (size_t)(QUESTIONS * uniform(i, 1));
    cells[0] = floor(100 * (double)reached / QUESTIONS);
    for (size_t v = 0; v < QUESTIONS; v++)
      cells[1 + v] = v < reached && uniform(i, 50 + v) > 0.02 ? 1 + floor(25 * uniform(i, 100 + v)) : NAN;
    kit_row(dataset, cells);
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  for (size_t v = 0; v <= QUESTIONS; v++)
    ck_assert_msg(!emend_plan_only_if(plan, v), "q%zu only if %s", v - 1, emend_plan_only_if(plan, v));
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* 200 surveys of answers that are missing at random, or by age, the more clearly the later the survey: slopes up to 3 a standard deviation. No
 * limit is found. */
START_TEST(no_limits_of_random_holes) {
  enum { SURVEYS = 200, P = 10 };
  for (size_t survey = 0; survey < SURVEYS; survey++) {
    size_t n = 150 + 150 * (survey % 8);
    double slope = survey % 2 ? 3 * (double)(survey + 1) / SURVEYS : 0, middle = (survey % 4 < 2 ? 1 : -1) * (0.5 + 0.5 * (double)(survey % 5));
    emend_dataset *dataset = kit_table("age income q1 q2 q3 q4 q5 q6 q7 q8", 0, P, NULL);
    for (size_t i = 0; i < n; i++) {
      double cells[P], u = emend_random_normal(9, EMEND_STREAM_CELL, survey * 10000 + i, 0), age = floor(45 + 15 * u), z = (age - 45) / 15;
      cells[0] = age, cells[1] = floor(exp(7 + 0.5 * u + emend_random_normal(9, EMEND_STREAM_CELL, survey * 10000 + i, 1)));
      for (size_t v = 2; v < P; v++) {
        double gone = slope > 0 ? 1 / (1 + exp(-slope * (v % 2 ? z - middle : middle - z))) : 0.05 * (double)v;
        cells[v] = uniform(survey * 10000 + i, 2 * v) < gone ? NAN : 1 + floor((v < 5 ? 5 : 40) * uniform(survey * 10000 + i, 2 * v + 1));
      }
      kit_row(dataset, cells);
    }
    emend_plan *plan = kit_plan(dataset, NULL);
    for (size_t v = 0; v < P; v++)
      ck_assert_msg(!emend_plan_only_if(plan, v), "survey %zu, slope %g: %s only if %s", survey, slope, emend_variable_name(dataset, v), emend_plan_only_if(plan, v));
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* The higher on a scale of five to nine steps, the fewer answers, by a slope of 3 a standard deviation, until there are none: no step at which a question is not asked. */
START_TEST(answers_that_fade) {
  for (size_t survey = 0; survey < 60; survey++) {
    size_t steps = 5 + survey % 5;
    emend_dataset *dataset = kit_table("scale a b c d", 0, 5, NULL);
    for (size_t i = 0; i < 400; i++) {
      size_t at = survey * 1000 + i;
      double cells[5] = {1 + floor((double)steps * uniform(at, 0))}, z = (cells[0] - (1 + (double)steps) / 2) / (0.29 * (double)steps);
      for (size_t v = 1; v < 5; v++)
        cells[v] = uniform(at, 2 * v) < 1 / (1 + exp(-3 * (z - 0.25 * (double)v))) ? NAN : floor(30 * uniform(at, 2 * v + 1));
      kit_row(dataset, cells);
    }
    emend_plan *plan = kit_plan(dataset, NULL);
    for (size_t v = 0; v < 5; v++)
      ck_assert_msg(!emend_plan_only_if(plan, v), "survey %zu: %s only if %s", survey, emend_variable_name(dataset, v), emend_plan_only_if(plan, v));
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* Two filters that hang on each other cannot both be conditions; the plan is made all the same. */
START_TEST(no_circles) {
  emend_dataset *dataset = kit_table("a b c", 0, 3, NULL);
  for (size_t row = 0; row < 300; row++) {
    double a = 1 + (double)(row % 2), b = 1 + floor(2 * uniform(row, 0));
    kit_row(dataset, (double[]){row % 3 == 0 ? NAN : a, row % 3 == 1 ? NAN : b, (double)(row % 3)});
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert_str_eq(emend_plan_only_if(plan, 0), "c != 0");
  ck_assert_str_eq(emend_plan_only_if(plan, 1), "c != 1");
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* Three questions for three kinds of people, and nothing else; with an answer that all give, or that one row gives to two of them, they could be filled. */
START_TEST(branches) {
  static const size_t lengths[] = {300, 6000}; /* of long files the search looks at some of the rows only */
  for (int company = 0; company < 3; company++) {
    size_t n = lengths[_i];
    emend_dataset *dataset = kit_table("a b c d", 0, 4, NULL);
    for (size_t row = 0; row < n; row++) {
      double cells[4] = {NAN, NAN, NAN, company == 1 ? 10 * uniform(row, 9) : NAN};
      cells[row * 7 % 3] = 1 + floor(5 * uniform(row, 0));
      if (company == 2 && row == n - 1)
        cells[0] = cells[1] = 1, cells[2] = NAN;
      kit_row(dataset, cells);
    }
    emend_plan *plan = kit_plan(dataset, NULL);
    for (size_t v = 0; v < 3; v++) {
      size_t missing = n - emend_plan_missing(plan, v).observed;
      ck_assert_uint_eq(emend_plan_missing(plan, v).fill, company == 1 || (company == 2 && v < 2) ? missing : 0);
    }
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

SUITE {
  Suite *suite = suite_create("skip");
  TCase *t = tcase_create("skips");
  tcase_add_loop_test(t, found_or_not, 0, sizeof skip_cases / sizeof *skip_cases);
  tcase_add_test(t, filters_that_some_did_not_answer);
  tcase_add_test(t, grids_behind_filters_without_an_answer);
  tcase_add_test(t, blocks_of_few_rows);
  tcase_add_test(t, filters_just_before_blocks);
  tcase_add_test(t, filters_that_some_were_not_asked);
  tcase_add_test(t, pages_that_some_skipped);
  tcase_add_test(t, nothing_where_nothing_is);
  tcase_add_test(t, a_remark_is_no_filter);
  tcase_add_test(t, cells_of_a_skip);
  tcase_add_test(t, the_user_knows_better);
  tcase_add_test(t, conditions_are_joined);
  tcase_add_loop_test(t, limits_alone, 0, sizeof limit_cases / sizeof *limit_cases);
  tcase_add_test(t, progress_is_no_reason);
  tcase_add_test(t, no_limits_of_random_holes);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, answers_that_fade);
  tcase_add_test(t, codes_for_not_applicable);
  tcase_add_test(t, rare_values_of_filters);
  tcase_add_test(t, no_circles);
  tcase_add_loop_test(t, branches, 0, 2);
  suite_add_tcase(suite, t);
  return suite;
}
