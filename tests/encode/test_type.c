/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "encode/kit.h"
#include "encode/plan.h"
#include "encode/matrix.h"
#include "encode/scale.h"
#include "encode/type.h"

enum { ROWS = 200 };

/* Rows of small numbers, the same in every variable: row i has i modulo the variable's number of values. */
static emend_dataset *numbers(size_t n_variables, const double *values) {
  emend_dataset *dataset = kit_new("sav");
  char name[] = "a";
  for (size_t j = 0; j < n_variables; j++, name[0]++)
    kit_number(dataset, name);
  for (size_t i = 0; i < ROWS; i++) {
    double cells[16];
    for (size_t j = 0; j < n_variables; j++)
      cells[j] = i % 17 == j + 1 ? NAN : values[j] < 0 ? 0.5 * (double)(i % 40) : 1 + (double)(i % (size_t)values[j]);
    kit_row(dataset, cells);
  }
  return dataset;
}

static void expect_type(const emend_plan *plan, size_t v, emend_type type, const char *why) {
  ck_assert_msg(emend_plan_type(plan, v) == type, "%s is %s", emend_variable_name(emend_plan_dataset(plan), v), emend_type_word(emend_plan_type(plan, v)));
  ck_assert_str_eq(emend_plan_type_why(plan, v), why);
}

START_TEST(types_of_numbers) {
  enum { YES, COUNT, REAL, RATED, REGION, OFTEN, NAMED, CODE, PERSONS };
  emend_dataset *dataset = numbers(9, (double[]){2, 30, -1, 5, 4, 3, 3, 5, 6});
  emend_dataset_edit_variable(dataset, PERSONS)->measure = EMEND_SCALE;
  emend_dataset_edit_variable(dataset, RATED)->measure = EMEND_ORDINAL;
  emend_dataset_edit_variable(dataset, REGION)->measure = EMEND_NOMINAL;
  emend_dataset_edit_variable(dataset, NAMED)->measure = EMEND_SCALE; /* as programs declare it by default */
  kit_label(dataset, OFTEN, 1, "never"), kit_label(dataset, OFTEN, 2, "sometimes"), kit_label(dataset, OFTEN, 3, "daily");
  kit_label(dataset, NAMED, 1, "Bread"), kit_label(dataset, NAMED, 2, "Milk"), kit_label(dataset, NAMED, 3, "Honey");
  emend_plan *plan = kit_plan(dataset, NULL);
  expect_type(plan, YES, EMEND_TYPE_BINARY, "two values");
  expect_type(plan, COUNT, EMEND_TYPE_INTEGER, "whole numbers");
  expect_type(plan, REAL, EMEND_TYPE_CONTINUOUS, "fractions");
  expect_type(plan, RATED, EMEND_TYPE_ORDINAL, "declared ordinal");
  expect_type(plan, REGION, EMEND_TYPE_NOMINAL, "declared nominal");
  expect_type(plan, OFTEN, EMEND_TYPE_ORDINAL, "labels form a scale");
  expect_type(plan, NAMED, EMEND_TYPE_NOMINAL, "labels without order");
  expect_type(plan, CODE, EMEND_TYPE_INTEGER, "whole numbers");
  expect_type(plan, PERSONS, EMEND_TYPE_INTEGER, "whole numbers, declared scale");
  ck_assert(plan->variables[PERSONS].quantity && !plan->variables[CODE].quantity && !plan->variables[NAMED].quantity);
  ck_assert_uint_eq(emend_plan_columns(plan, REGION), 3);
  ck_assert_uint_eq(emend_plan_columns(plan, OFTEN), 1);
  ck_assert_int_eq(emend_plan_decimals(plan, REAL), 1);
  ck_assert_int_eq(emend_plan_decimals(plan, COUNT), -1);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

static double grade(size_t i) { return (double[]){1, 1.3, 1.7, 2, 2.3, 2.7, 3.3, 4}[i * 7 % 8]; }
static double half_hours(size_t i) { return 0.5 * (double)(i % 21); }        /* one too many */
static double rare_ones(size_t i) { return i % 9 ? 5 : 0.25 * (double)(i % 90); } /* each but once */
static double doses(size_t i) { return i % 3 ? 0.5 : 1.5; }

/* Grades come again and again: there are no others. */
START_TEST(few_fractions) {
  const struct {
    double (*value)(size_t);
    emend_type type, unrounded;
  } cases[] = {{grade, EMEND_TYPE_ORDINAL, EMEND_TYPE_CONTINUOUS},
               {half_hours, EMEND_TYPE_CONTINUOUS, EMEND_TYPE_CONTINUOUS},
               {rare_ones, EMEND_TYPE_CONTINUOUS, EMEND_TYPE_CONTINUOUS},
               {doses, EMEND_TYPE_BINARY, EMEND_TYPE_BINARY}};
  for (int way = 0; way < 3; way++) { /* by itself, with --no-round, and as somebody says */
    emend_dataset *dataset = kit_new("csv");
    kit_number(dataset, "x"), kit_number(dataset, "y");
    for (size_t i = 0; i < (cases[_i].value == rare_ones ? 90 : 300); i++)
      kit_row(dataset, (double[]){i % 13 == 4 ? NAN : cases[_i].value(i), (double)(i % 40)});
    emend_plan_options *options = emend_plan_options_new();
    emend_plan_options_set_round(options, way != 1);
    if (way == 2)
      emend_plan_options_set_type(options, EMEND_TYPE_CONTINUOUS, "x", NULL);
    emend_plan *plan = kit_plan(dataset, options);
    emend_type type = way == 0 ? cases[_i].type : way == 1 ? cases[_i].unrounded : EMEND_TYPE_CONTINUOUS;
    ck_assert_msg(emend_plan_type(plan, 0) == type, "way %d: %s", way, emend_type_word(emend_plan_type(plan, 0)));
    ck_assert_int_eq(emend_plan_rounds(plan, 0), way == 0 && type != EMEND_TYPE_CONTINUOUS);
    emend_plan_free(plan);
    emend_plan_options_free(options);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* Without rounding a date is none the less one that occurs, and its storage as narrow as it was; a number is not. */
START_TEST(dates_stay_dates) {
  emend_dataset *dataset = kit_new("dta");
  kit_number(dataset, "x");
  kit_add(dataset, "day", EMEND_DATE, EMEND_STORAGE_I16), kit_add(dataset, "count", EMEND_NUMERIC, EMEND_STORAGE_I16);
  kit_add(dataset, "moment", EMEND_DATETIME, EMEND_STORAGE_F64);
  for (size_t i = 0; i < ROWS; i++)
    kit_row(dataset, (double[]){0.5 * (double)(i % 40), i % 9 ? 20000.0 + (double)(i % 50) : NAN, i % 7 ? (double)(i % 30) : NAN,
                                0.5 * (double)i});
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_round(options, 0);
  ck_assert_int_eq(emend_plan_options_set_variables(options, "x day count moment", NULL), EMEND_OK);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert(emend_plan_rounds(plan, 1) && !emend_plan_rounds(plan, 2) && !emend_plan_rounds(plan, 3));
  ck_assert_int_eq(emend_plan_storage(plan, 1), EMEND_STORAGE_I16);
  ck_assert_int_eq(emend_plan_storage(plan, 2), EMEND_STORAGE_F64);
  emend_plan_options_free(options);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(wishes_decide) {
  emend_dataset *dataset = numbers(3, (double[]){5, 30, -1});
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_type(options, EMEND_TYPE_NOMINAL, "a", NULL);
  emend_plan_options_set_type(options, EMEND_TYPE_CONTINUOUS, "*", NULL); /* a name beats a pattern */
  emend_plan *plan = kit_plan(dataset, options);
  expect_type(plan, 0, EMEND_TYPE_NOMINAL, "--nominal");
  expect_type(plan, 1, EMEND_TYPE_CONTINUOUS, "--continuous");
  ck_assert(!emend_plan_rounds(plan, 1));
  emend_plan_free(plan);
  emend_plan_options_set_type(options, EMEND_TYPE_ORDINAL, "a", NULL);
  ck_assert_ptr_nonnull(strstr(kit_plan_error(dataset, options), "--ordinal and --nominal both claim it"));
  emend_plan_options_set_type(options, EMEND_TYPE_ORDINAL, NULL, NULL);
  emend_plan_options_set_type(options, EMEND_TYPE_BINARY, "b", NULL);
  ck_assert_ptr_nonnull(strstr(kit_plan_error(dataset, options), "more than two values"));
  emend_plan_options_set_type(options, EMEND_TYPE_BINARY, NULL, NULL);
  emend_plan_options_set_type(options, EMEND_TYPE_INTEGER, "c", NULL);
  ck_assert_ptr_nonnull(strstr(kit_plan_error(dataset, options), "it holds fractions"));
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(steps_of_scales) {
  static const struct {
    const char *label;
    double code;
    bool step;
  } cases[] = {{"Strongly agree", 1, true}, {"Stimme eher zu", 2, true}, {"toujours", 3, true}, {"muy satisfecho", 4, true}, {"2-3 times", 2, true},
               {"$25000 or more", 1, true}, {"65+", 6, true}, {"1. North", 1, false}, {"North", 1, false}, {"Region 1", 1, false}, {"Verylong", 1, false},
               {"", 1, false}, {"häufig", 1, true}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    ck_assert_msg(emend_label_is_step(cases[i].label, cases[i].code) == cases[i].step, "\"%s\"", cases[i].label);
}
END_TEST

/* Labels of codes from 1 on, separated by bars: whether they are a scale. */
START_TEST(labels_of_scales) {
  static const struct {
    const char *labels;
    bool scale;
  } cases[] = {{"No trust at all|Little trust|Some trust|Much trust|Complete trust", true},
               {"Complete trust|Much trust|Some trust|Little trust|No trust at all", true},
               {"Underweight|Normal|Overweight|Obese", true},
               {"Normal|Underweight|Overweight|Obese", false}, /* against the codes */
               {"No trust at all|Little trust|Some trust|The king", false},
               {"1|2|5|8", true}, /* levels that were numbers */
               {"Bread|Milk|Honey", false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    emend_dataset *dataset = kit_new("sav");
    kit_number(dataset, "q");
    double code = 0;
    for (const char *at = cases[i].labels; *at; at += strcspn(at, "|"), at += *at == '|') {
      char label[40];
      snprintf(label, sizeof label, "%.*s", (int)strcspn(at, "|"), at);
      kit_label(dataset, 0, ++code, label);
      for (int k = 0; k < 10; k++)
        kit_row(dataset, &code);
    }
    emend_plan *plan = kit_plan(dataset, NULL);
    ck_assert_msg((emend_plan_type(plan, 0) == EMEND_TYPE_ORDINAL) == cases[i].scale, "%s", cases[i].labels);
    if (cases[i].scale)
      ck_assert_str_eq(emend_plan_type_why(plan, 0), cases[i].labels[0] == '1' ? "few codes, labelled by numbers" : "labels form a scale");
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* Numbers from 0 or 1 to 10: answers to a rating, or counts of as much. `shares` are those of 0, 1, 2 ... */
START_TEST(ratings) {
  static const struct {
    const char *name, *label, *low, *high;
    int shares[11];
    emend_measure measure;
    const char *why; /* NULL: whole numbers as before */
  } cases[] = {
      {"q1", "", NULL, NULL, {1, 1, 2, 2, 3, 6, 5, 6, 7, 3, 4}, EMEND_MEASURE_UNKNOWN, "whole numbers up to 10, spread like a rating"},
      {"q1", "", NULL, NULL, {0, 1, 2, 2, 3, 6, 5, 6, 7, 3, 4}, EMEND_SCALE, "whole numbers up to 10, spread like a rating"},
      {"lrscale", "", NULL, NULL, {6, 5, 5, 4, 4, 5, 2, 1, 1, 1, 1}, EMEND_SCALE, "whole numbers up to 10, named like a rating"},
      {"q1", "Wie zufrieden sind Sie?", NULL, NULL, {6, 5, 5, 4, 4, 5, 2, 1, 1, 1, 1}, EMEND_SCALE,
       "whole numbers up to 10, named like a rating"},
      {"q1", "", "left", "right", {6, 5, 5, 4, 4, 5, 2, 1, 1, 1, 1}, EMEND_SCALE, "whole numbers up to 10, labelled at their ends"},
      {"q1", "", "none", "10 or more", {1, 1, 2, 2, 3, 6, 5, 6, 7, 3, 4}, EMEND_SCALE, NULL}, /* a count */
      {"q1", "", NULL, NULL, {20, 5, 4, 3, 2, 2, 1, 1, 1, 1, 1}, EMEND_SCALE, NULL},          /* days of drinking */
      {"persons", "", NULL, NULL, {0, 9, 9, 5, 5, 2, 1, 1, 1, 1, 1}, EMEND_SCALE, NULL},
      {"d1", "Number of days with happy hours", NULL, NULL, {1, 1, 2, 2, 3, 6, 5, 6, 7, 3, 4}, EMEND_SCALE, NULL},
      {"happened", "", NULL, NULL, {20, 5, 4, 3, 2, 2, 1, 1, 1, 1, 1}, EMEND_SCALE, NULL},
      {"trust", "", NULL, NULL, {0, 0, 2, 2, 3, 6, 5, 6, 7, 3, 4}, EMEND_SCALE, NULL}, /* from 2 on */
      {"trust", "", NULL, NULL, {5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0}, EMEND_SCALE, NULL}, /* to 9 */
      {"trust", "", NULL, NULL, {9, 0, 9, 0, 0, 9, 0, 0, 9, 0, 9}, EMEND_SCALE, NULL}, /* five values */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    emend_dataset *dataset = kit_new("sav");
    kit_number(dataset, cases[i].name);
    emend_dataset_edit_variable(dataset, 0)->measure = cases[i].measure;
    emend_offset label;
    ck_assert_int_eq(emend_dataset_add_text(dataset, cases[i].label, strlen(cases[i].label), &label, NULL), EMEND_OK);
    emend_dataset_edit_variable(dataset, 0)->label = label;
    if (cases[i].high)
      kit_label(dataset, 0, 0, cases[i].low), kit_label(dataset, 0, 10, cases[i].high);
    for (int value = 0; value <= 10; value++)
      for (int k = 0; k < 5 * cases[i].shares[value]; k++)
        kit_row(dataset, &(double){value});
    kit_row(dataset, &(double){NAN});
    emend_plan *plan = kit_plan(dataset, NULL);
    const char *why = emend_plan_type_why(plan, 0);
    ck_assert_msg((emend_plan_type(plan, 0) == EMEND_TYPE_ORDINAL) == (cases[i].why != NULL), "%zu: %s", i, why);
    ck_assert_msg(!cases[i].why || strcmp(why, cases[i].why) == 0, "%zu: %s", i, why);
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* A text variable, row after row; "" is empty. */
static emend_dataset *texts(const char *name, size_t n, const char *(*text)(size_t row)) {
  emend_dataset *dataset = kit_new("csv");
  kit_add(dataset, name, EMEND_TEXT, EMEND_STORAGE_LONG_TEXT);
  kit_number(dataset, "x");
  for (size_t i = 0; i < n; i++) {
    kit_row(dataset, (double[]){(double)i * 0.37});
    ck_assert_int_eq(emend_dataset_put_text(dataset, 0, text(i), strlen(text(i)), NULL), EMEND_OK);
  }
  return dataset;
}

static const char *sexes(size_t i) { return i % 9 == 0 ? "" : i % 3 == 0 ? "f" : i % 3 == 1 ? "m" : i % 50 == 2 ? "other" : "m  "; }
static const char *dates(size_t i) { return i % 2 ? "2007-11-11" : "2007-11-12"; }
static const char *other_dates(size_t i) { return i % 2 ? "1.2.07" : "12/31/1999"; }
/* No date: separators differ, too many digits, none behind the second one; one answer that is no date is enough. */
static const char *mixed(size_t i) { return i % 2 ? "11-11/2007" : "12-11/2007"; }
static const char *long_days(size_t i) { return i % 2 ? "2007-111-11" : "2007-112-11"; }
static const char *open_ended(size_t i) { return i % 2 ? "11.12." : "11.11."; }
static const char *almost(size_t i) { return i % 50 == 49 ? "unknown" : "2007-11-11"; }
static const char *seldom(size_t i) { return i % 5 ? "" : i % 2 ? "no" : "yes"; }
static const char *different(size_t i) {
  static char text[32];
  snprintf(text, sizeof text, "text %zu", i);
  return text;
}

static const char *clocks(size_t i) { return (const char *[]){"18:15", "9:05", "18:15:30", "6:15 pm"}[i % 4]; }
static const char *ratios(size_t i) { return (const char *[]){"2:1", "1:10", "1:75"}[i % 3]; }
static const char *slots(size_t i) { return (const char *[]){"10:00-12:00", "12:00-14:00", "18:15"}[i % 3]; }
static const char *addresses(size_t i) { return (const char *[]){"10.0.17.191", "10.0.96.236", "1.1.1.1"}[i % 3]; }

START_TEST(types_of_texts) {
  static const struct {
    const char *name;
    const char *(*text)(size_t);
    emend_type type;
    emend_role role;
  } cases[] = {{"sex", sexes, EMEND_TYPE_TEXT_CATEGORY, EMEND_ROLE_FILL},
               {"day", dates, EMEND_TYPE_DATE, EMEND_ROLE_EXCLUDED},
               {"day", other_dates, EMEND_TYPE_DATE, EMEND_ROLE_EXCLUDED},
               {"address", addresses, EMEND_TYPE_TEXT_CATEGORY, EMEND_ROLE_FILL},
               {"day", mixed, EMEND_TYPE_TEXT_CATEGORY, EMEND_ROLE_FILL},
               {"day", long_days, EMEND_TYPE_TEXT_CATEGORY, EMEND_ROLE_FILL},
               {"day", open_ended, EMEND_TYPE_TEXT_CATEGORY, EMEND_ROLE_FILL},
               {"day", almost, EMEND_TYPE_TEXT_CATEGORY, EMEND_ROLE_FILL},
               {"remark", seldom, EMEND_TYPE_TEXT_CATEGORY, EMEND_ROLE_EXCLUDED},
               {"remark", different, EMEND_TYPE_FREE_TEXT, EMEND_ROLE_EXCLUDED},
               {"arrived", clocks, EMEND_TYPE_DATE, EMEND_ROLE_EXCLUDED},
               {"ratio", ratios, EMEND_TYPE_TEXT_CATEGORY, EMEND_ROLE_FILL},
               {"slot", slots, EMEND_TYPE_TEXT_CATEGORY, EMEND_ROLE_FILL},
               {"First_Name", sexes, EMEND_TYPE_IDENTIFIER, EMEND_ROLE_ID},
               {"vorname", sexes, EMEND_TYPE_IDENTIFIER, EMEND_ROLE_ID},
               {"nombre", sexes, EMEND_TYPE_TEXT_CATEGORY, EMEND_ROLE_FILL}, /* few, and not clearly of persons */
               {"firstnames_known", sexes, EMEND_TYPE_TEXT_CATEGORY, EMEND_ROLE_FILL},
               {"PLZ", sexes, EMEND_TYPE_IDENTIFIER, EMEND_ROLE_ID},
               {"UserLanguage", sexes, EMEND_TYPE_TEXT_CATEGORY, EMEND_ROLE_EXCLUDED}, /* a survey service's */
               {"caseid", different, EMEND_TYPE_IDENTIFIER, EMEND_ROLE_ID}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    emend_dataset *dataset = texts(cases[i].name, ROWS, cases[i].text);
    emend_plan *plan = kit_plan(dataset, NULL);
    ck_assert_str_eq(emend_type_word(emend_plan_type(plan, 0)), emend_type_word(cases[i].type));
    ck_assert_int_eq(emend_plan_role(plan, 0), cases[i].role);
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* Texts that differ by trailing blanks are one category; the rare one is pooled; the matrix has an indicator of what is not most frequent. */
START_TEST(indicators_of_a_text) {
  emend_dataset *dataset = texts("sex", ROWS, sexes);
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert_uint_eq(emend_plan_categories(plan, 0), 3);
  ck_assert_uint_eq(emend_plan_columns(plan, 0), 1);
  ck_assert_uint_eq(emend_plan_pooled(plan, 0), 1); /* four of them: with the most frequent */
  emend_encoding encoding;
  ck_assert_int_eq(emend_encoding_of_plan(plan, &encoding, NULL), EMEND_OK);
  emend_matrix matrix = emend_encoding_matrix(&encoding);
  ck_assert_uint_eq(matrix.n_columns, 2);
  double block[2 * ROWS];
  matrix.read(matrix.state, 0, ROWS, block);
  for (size_t i = 0; i < ROWS; i++) {
    double wanted = *sexes(i) ? strcmp(sexes(i), "f") == 0 : NAN;
    ck_assert(block[2 * i] == wanted || (isnan(wanted) && isnan(block[2 * i])));
    ck_assert_double_eq(block[2 * i + 1], (double)i * 0.37);
  }
  emend_buffer name = {0};
  ck_assert_int_eq(emend_encoding_name(&encoding, 0, &name, NULL), EMEND_OK);
  ck_assert_str_eq(name.bytes, "sex=f");
  emend_buffer_free(&name);
  emend_encoding_free(&encoding);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* Every category has a level; at least two levels; levels of their own have enough cells. */
START_TEST(pooling) {
  for (size_t k = 2; k <= 12; k++)
    for (size_t most = 2; most <= 12; most += 5) {
      double values[12];
      size_t counts[12], n = 0, seen[13] = {0};
      for (size_t i = 0; i < k; i++)
        values[i] = (double)(3 * i), counts[i] = 1 + (i * 7 + k) % 11, n += counts[i];
      emend_dataset *dataset = kit_new("sav");
      kit_number(dataset, "x");
      emend_categories c;
      ck_assert_int_eq(emend_categories_of_numbers(dataset, 0, values, counts, k, NULL, &c, NULL), EMEND_OK);
      ck_assert_int_eq(emend_categories_pool(&c, n, most, NULL), EMEND_OK);
      ck_assert_uint_ge(c.n_levels, 2);
      ck_assert_uint_le(c.n_levels, most > 2 ? most : 2);
      ck_assert_uint_eq(c.levels[emend_categories_most_frequent(&c)], 0);
      for (size_t i = 0; i < k; i++) {
        ck_assert_uint_lt(c.levels[i], c.n_levels);
        seen[c.levels[i]]++;
        ck_assert_uint_eq(emend_categories_find(&c, values[i]), i);
        ck_assert_uint_eq(emend_categories_find(&c, values[i] + 1), EMEND_NO_CATEGORY);
      }
      for (size_t l = 0; l < c.n_levels; l++)
        ck_assert_uint_gt(seen[l], 0);
      for (size_t i = 0; i < k && k > 2; i++)
        ck_assert(seen[c.levels[i]] > 1 || c.levels[i] == 0 || counts[i] >= 5 || c.n_levels == 2);
      emend_categories_free(&c);
      emend_dataset_free(dataset);
    }
}
END_TEST

SUITE {
  Suite *suite = suite_create("types");
  TCase *all = tcase_create("all");
  tcase_add_test(all, types_of_numbers);
  tcase_add_loop_test(all, few_fractions, 0, 4);
  tcase_add_test(all, dates_stay_dates);
  tcase_add_test(all, wishes_decide);
  tcase_add_test(all, steps_of_scales);
  tcase_add_test(all, labels_of_scales);
  tcase_add_test(all, ratings);
  tcase_add_test(all, types_of_texts);
  tcase_add_test(all, indicators_of_a_text);
  tcase_add_test(all, pooling);
  suite_add_tcase(suite, all);
  return suite;
}
