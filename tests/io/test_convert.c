/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "io/csv_date.h"
#include "io/write_plan.h"
#include "support/support.h"

/*
 * Files converted and read again: every cell, label and missing answer is what it was, as far as the format can say it. Dates are compared
 * as calendar text, which is made by code that has no part in converting.
 */

static emend_file *read_path(const char *path) {
  emend_file *file;
  emend_error *error = emend_error_new();
  ck_assert_msg(emend_file_read(path, NULL, NULL, &file, error) == EMEND_OK, "%s", emend_error_text(error));
  emend_error_free(error);
  return file;
}

static emend_status convert_as(const emend_file *file, const emend_rows *rows, const char *path, bool rewrite, emend_write_plan **plan,
                               emend_error *error) {
  emend_outputs *outputs = emend_outputs_new();
  emend_write_options *options = emend_write_options_new();
  emend_write_options_set_rewrite(options, rewrite);
  emend_output *output;
  emend_status status = emend_write_plan_make(file, rows, path, options, plan, error);
  if (!status)
    status = emend_outputs_open(outputs, path, 1, &output, error);
  if (!status)
    status = emend_write_plan_pour(*plan, rows, output, NULL, error);
  if (!status)
    status = emend_outputs_publish(outputs, error);
  emend_outputs_free(outputs);
  emend_write_options_free(options);
  return status;
}

static bool told(const emend_write_plan *plan, const char *words) {
  for (size_t i = 0; i < emend_write_plan_losses(plan); i++)
    if (strstr(emend_write_plan_loss(plan, i), words))
      return true;
  return false;
}

static void assert_told(const emend_write_plan *plan, const char *words) {
  if (told(plan, words))
    return;
  for (size_t i = 0; i < emend_write_plan_losses(plan); i++)
    fprintf(stderr, "%s\n", emend_write_plan_loss(plan, i));
  ck_abort_msg("\"%s\" is not told", words);
}

/* The label of what a cell holds, be it a number, a code or a letter. */
static const char *label_of_cell(const emend_dataset *d, size_t row, size_t v) {
  return emend_dataset_label_of(d, v, emend_cell_value(d, row, v), emend_cell_reason(d, row, v));
}

typedef struct pair {
  const emend_dataset *before, *after;
  bool codes, letters, labels, inexact; /* what the format has */
} pair;

#define CELL "%s, row %zu", emend_variable_name(p->before, v), row + 1

static void same_moment(const pair *p, size_t row, size_t v) {
  char before[EMEND_CSV_DATE_SIZE], after[EMEND_CSV_DATE_SIZE];
  emend_csv_clock a = emend_csv_clock_of(emend_dataset_format(p->before), emend_variable_get_kind(p->before, v), emend_variable_format(p->before, v));
  emend_csv_clock b = emend_csv_clock_of(emend_dataset_format(p->after), emend_variable_get_kind(p->after, v), emend_variable_format(p->after, v));
  if (emend_csv_print_date(a, emend_cell_value(p->before, row, v), before) && !(b == EMEND_CSV_DAYS_1960 && strchr(before, 'T'))) {
    ck_assert_msg(emend_csv_print_date(b, emend_cell_value(p->after, row, v), after) > 0, CELL);
    ck_assert_msg(strcmp(before, after) == 0, CELL);
  }
}

static void same_number(const pair *p, size_t row, size_t v) {
  emend_reason reason = emend_cell_reason(p->before, row, v), now = emend_cell_reason(p->after, row, v);
  double value = emend_cell_value(p->before, row, v), number = emend_cell_value(p->after, row, v);
  bool letter = reason >= EMEND_TAG_A, code = reason == EMEND_USER_MISSING;
  if (reason == EMEND_OBSERVED && emend_variable_get_kind(p->before, v) != EMEND_NUMERIC) {
    same_moment(p, row, v);
    ck_assert_msg(now == EMEND_OBSERVED, CELL);
  } else if (reason == EMEND_OBSERVED) {
    bool near = p->inexact && fabs(value - number) <= 1e-13 * fabs(value);
    ck_assert_msg(now == EMEND_OBSERVED && (value == number || near), CELL);
  } else if (reason == EMEND_SYSTEM_MISSING) {
    ck_assert_msg(now == EMEND_SYSTEM_MISSING, CELL);
  } else if ((letter && p->letters) || (code && p->codes)) {
    ck_assert_msg(now == reason && (letter || value == number), CELL);
  } else {
    ck_assert_msg(p->letters ? now >= EMEND_TAG_A : now == EMEND_USER_MISSING, CELL);
  }
  const char *label = label_of_cell(p->before, row, v);
  if (label && p->labels) {
    ck_assert_msg(label_of_cell(p->after, row, v) != NULL, CELL);
    ck_assert_msg(strncmp(label_of_cell(p->after, row, v), label, 100) == 0, CELL);
  }
}

static void same_text(const pair *p, size_t row, size_t v) {
  const char *a = emend_cell_text(p->before, row, v), *b = emend_cell_text(p->after, row, v);
  size_t n = strlen(a);
  while (n > 0 && a[n - 1] == ' ')
    n--;
  size_t m = strlen(b);
  while (m > 0 && b[m - 1] == ' ')
    m--;
  ck_assert_msg(m == n && memcmp(a, b, n) == 0, CELL);
}

static void assert_same(const pair *p) {
  ck_assert_uint_eq(emend_dataset_rows(p->before), emend_dataset_rows(p->after));
  ck_assert_uint_eq(emend_dataset_variables(p->before), emend_dataset_variables(p->after));
  for (size_t v = 0; v < emend_dataset_variables(p->before); v++) {
    bool text = emend_variable_get_kind(p->before, v) == EMEND_TEXT;
    ck_assert_int_eq(text, emend_variable_get_kind(p->after, v) == EMEND_TEXT);
    ck_assert(strncmp(emend_variable_label(p->before, v), emend_variable_label(p->after, v), 200) == 0);
    for (size_t row = 0; row < emend_dataset_rows(p->before); row++)
      (text ? same_text : same_number)(p, row, v);
  }
}

static const char *const files[] = {
    "real/efc.sav", "real/electric.por", "real/gss2010_tagged.dta", "real/gss2010_usermissing.zsav", "real/nhanes1112_acq.xpt",
    "real/popmis.dta", "real/riskfactors.sav", "real/shpps2006_health_ed.sas7bdat", "real/penguins_raw.csv", "format/unicode_118.dta",
    "format/very_long_strings.sav", "format/dates_118.dta", "format/dates.sav", "format/tagged_118.dta",
};
static const struct {
  const char *name;
  bool codes, letters, labels;
} targets[] = {{"out.sav", true, false, true}, {"out.zsav", true, false, true}, {"out.por", true, false, true}, {"out.xpt", false, true, false}};
enum { N_FILES = sizeof files / sizeof *files, N_TARGETS = sizeof targets / sizeof *targets };

START_TEST(round_trips) {
  char path[128];
  snprintf(path, sizeof path, "data/%s", files[_i / N_TARGETS]);
  const char *source = support_shared(path);
  if (!source || access(source, R_OK) != 0)
    return;
  emend_file *file = read_path(source);
  const char *out = support_scratch(targets[_i % N_TARGETS].name);
  emend_rows rows = emend_dataset_as_rows(file->dataset);
  emend_error *error = emend_error_new();
  emend_write_plan *plan = NULL;
  emend_status status = convert_as(file, &rows, out, true, &plan, error);
  if (status && strstr(out, ".por")) {
    ck_assert_ptr_nonnull(strstr(emend_error_text(error), "ASCII"));
  } else {
    ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
    emend_file *again = read_path(out);
    pair p = {file->dataset, again->dataset, targets[_i % N_TARGETS].codes, targets[_i % N_TARGETS].letters, targets[_i % N_TARGETS].labels,
              strstr(out, ".por") != NULL};
    if (!told(plan, "texts that are cut"))
      assert_same(&p);
    emend_file_close(again);
  }
  emend_write_plan_free(plan);
  emend_file_close(file);
  emend_error_free(error);
}
END_TEST

/* Two labelled variables behind the file's own: a command adds them to any file. */
static const emend_added_label flags[] = {{0, "no"}, {1, "yes"}};
static const emend_added_label clusters[] = {{1, "first"}, {2, "second"}, {3, "third"}};
static const emend_added_variable added[] = {
    {"flag_1", "A flag", EMEND_STORAGE_I8, EMEND_NOMINAL, 0, flags, 2},
    {"cluster", "The cluster", EMEND_STORAGE_I16, EMEND_ORDINAL, 0, clusters, 3},
};

static void read_with_added(const void *state, size_t row, emend_cell *cells) {
  const emend_dataset *dataset = state;
  size_t n = emend_dataset_variables(dataset);
  emend_dataset_read_row(dataset, row % emend_dataset_rows(dataset), cells);
  cells[n] = (emend_cell){.value = (double)(row % 2), .reason = EMEND_OBSERVED};
  cells[n + 1] = (emend_cell){.value = (double)(1 + row % 3), .reason = EMEND_OBSERVED};
}

static const struct {
  const char *source, *name;
  bool labels;
} added_to[] = {
    {"real/efc.sav", "a.sav", true},           {"real/gss2010_usermissing.zsav", "a.zsav", true}, {"real/gss2010_tagged.dta", "a.dta", true},
    {"real/nhanes1112_acq.xpt", "a.xpt", false}, {"real/penguins.csv", "a.csv", false},           {"format/very_long_strings.sav", "a.sav", true},
    {"format/bigendian.sav", "a.sav", true},   {"format/uncompressed.sav", "a.sav", true},        {"real/electric.por", "a.por", true},
    {"format/semicolon_comma.csv", "a.csv", false},
};

static void assert_added(const emend_dataset *d, const emend_dataset *before, size_t copies, bool labels) {
  size_t n = emend_dataset_variables(before);
  ck_assert_uint_eq(emend_dataset_variables(d), n + 2);
  ck_assert_uint_eq(emend_dataset_rows(d), copies * emend_dataset_rows(before));
  for (size_t row = 0; row < emend_dataset_rows(d); row++) {
    ck_assert(emend_cell_value(d, row, n) == (double)(row % 2));
    ck_assert(emend_cell_value(d, row, n + 1) == (double)(1 + row % 3));
    for (size_t v = 0; v < n; v++) {
      size_t old = row % emend_dataset_rows(before);
      ck_assert_int_eq(emend_cell_reason(d, row, v), emend_cell_reason(before, old, v));
      if (emend_variable_get_kind(before, v) == EMEND_TEXT)
        ck_assert_str_eq(emend_cell_text(d, row, v), emend_cell_text(before, old, v));
      else if (emend_cell_reason(before, old, v) <= EMEND_USER_MISSING && emend_cell_reason(before, old, v) != EMEND_SYSTEM_MISSING)
        ck_assert(emend_cell_value(d, row, v) == emend_cell_value(before, old, v));
    }
  }
  ck_assert(emend_ascii_equal(emend_variable_name(d, n), "flag_1"));
  ck_assert(emend_ascii_equal(emend_variable_name(d, n + 1), "cluster"));
  if (labels) {
    ck_assert_str_eq(emend_variable_label(d, n + 1), "The cluster");
    ck_assert_str_eq(emend_variable_value_label(d, n, 1), "yes");
    ck_assert_str_eq(emend_variable_value_label(d, n + 1, 3), "third");
    for (size_t v = 0; v < n; v++) {
      ck_assert_str_eq(emend_variable_label(d, v), emend_variable_label(before, v));
      ck_assert_str_eq(emend_variable_format(d, v), emend_variable_format(before, v));
    }
  }
}

START_TEST(variables_are_added) {
  char path[128];
  size_t copies = 1 + (size_t)_i % 2;
  snprintf(path, sizeof path, "data/%s", added_to[_i / 2].source);
  const char *source = support_shared(path);
  if (!source || access(source, R_OK) != 0)
    return;
  emend_file *file = read_path(source);
  emend_rows rows = {.dataset = file->dataset,
                     .added = added,
                     .n_added = 2,
                     .n_rows = copies * emend_dataset_rows(file->dataset),
                     .state = file->dataset,
                     .read = read_with_added};
  emend_error *error = emend_error_new();
  emend_write_plan *plan = NULL;
  const char *out = support_scratch(added_to[_i / 2].name);
  ck_assert_msg(convert_as(file, &rows, out, false, &plan, error) == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_str_eq(emend_write_plan_way(plan), "rebuild");
  emend_file *again = read_path(out);
  assert_added(again->dataset, file->dataset, copies, added_to[_i / 2].labels);
  emend_file_close(again);
  emend_write_plan_free(plan);
  emend_file_close(file);
  emend_error_free(error);
}
END_TEST

/* Text whose numbers mean missing, texts of two bytes to a character, names and values that the formats cannot hold. */
static const char survey[] = "a name,b,\xC3\xA9t\xC3\xA9,big\n1,-99,\xC3\xA9\xC3\xA9,1e300\n2,3,x,2\n,4,y,3\n";

/* Line ends and tabs within a text: refused with the variable's name before anything is written. */
START_TEST(no_control_characters_in_por) {
  static const char *const texts[] = {"a,b\n\"x\ny\",1\nz,2\n", "a,b\nx\ty,1\nz,2\n", "a,b\nx~ y,1\nz,2\n"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    emend_error *error = emend_error_new();
    emend_write_plan *plan = NULL;
    support_write(support_scratch("control.csv"), texts[i], strlen(texts[i]));
    emend_file *file = read_path(support_scratch("control.csv"));
    emend_status status = emend_write_plan_new(file, NULL, support_scratch("s.por"), NULL, &plan, error);
    ck_assert_int_eq(status, i < 2 ? EMEND_UNSUPPORTED : EMEND_OK);
    ck_assert(!status || strstr(emend_error_text(error), "printable ASCII characters, which is not enough for A"));
    emend_write_plan_free(plan);
    emend_file_close(file);
    emend_error_free(error);
  }
}
END_TEST

START_TEST(losses_are_told) {
  const char *source = support_scratch("survey.csv");
  support_write(source, survey, sizeof survey - 1);
  emend_read_options *options = emend_read_options_new();
  emend_read_options_add_missing(options, "-99", NULL);
  emend_file *file;
  emend_error *error = emend_error_new();
  ck_assert_msg(emend_file_read(source, options, NULL, &file, error) == EMEND_OK, "%s", emend_error_text(error));
  emend_rows rows = emend_dataset_as_rows(file->dataset);
  emend_write_plan *plan = NULL;
  ck_assert_msg(convert_as(file, &rows, support_scratch("s.sav"), false, &plan, error) == EMEND_OK, "%s", emend_error_text(error));
  assert_told(plan, "1 variable gets another name: a name");
  ck_assert_uint_eq(emend_write_plan_losses(plan), 1);
  emend_write_plan_free(plan);
  emend_file *again = read_path(support_scratch("s.sav"));
  ck_assert_str_eq(emend_variable_name(again->dataset, 0), "a_name");
  ck_assert_int_eq(emend_cell_reason(again->dataset, 0, 1), EMEND_USER_MISSING);
  ck_assert_str_eq(emend_cell_text(again->dataset, 0, 2), "\xC3\xA9\xC3\xA9");
  emend_file_close(again);
  ck_assert_msg(convert_as(file, &rows, support_scratch("s.xpt"), false, &plan, error) == EMEND_OK, "%s", emend_error_text(error));
  assert_told(plan, "2 variables get other names: a name, \xC3\xA9t\xC3\xA9");
  assert_told(plan, "1 variable has missing codes written as .a, .b, ...: b");
  assert_told(plan, "1 variable has numbers that the format cannot hold: they are written as missing: big");
  emend_write_plan_free(plan);
  again = read_path(support_scratch("s.xpt"));
  ck_assert_int_eq(emend_cell_reason(again->dataset, 0, 1), EMEND_TAG_A);
  ck_assert_int_eq(emend_cell_reason(again->dataset, 0, 3), EMEND_SYSTEM_MISSING);
  emend_file_close(again);
  ck_assert_int_eq(convert_as(file, &rows, support_scratch("s.por"), false, &plan, error), EMEND_UNSUPPORTED);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "ASCII"));
  ck_assert_int_eq(convert_as(file, &rows, support_scratch("s.sas7bdat"), false, &plan, error), EMEND_UNSUPPORTED);
  emend_file_close(file);
  emend_read_options_free(options);
  emend_error_free(error);
}
END_TEST

/* Codes that count as no answers, though nothing declares them, are written as what they are in the source: plain numbers. */
START_TEST(doubts_stay_plain_numbers) {
  static const char *const targets[] = {"doubt.zsav", "doubt.dta", "doubt.por", "doubt.xpt"};
  static const emend_doubt doubts[] = {{.variable = 1, .value = 5}, {.variable = 8, .value = 1}, {.variable = 8, .value = 2}};
  enum { DOUBTS = sizeof doubts / sizeof *doubts };
  emend_file *file = read_path(support_source("samples/gss2014_usermissing.sav"));
  for (size_t i = 0; i < DOUBTS; i++) {
    size_t count;
    ck_assert_int_eq(emend_dataset_set_aside(file->dataset, &doubts[i], &count, NULL), EMEND_OK);
    ck_assert_uint_gt(count, 0);
  }
  emend_rows rows = emend_dataset_as_rows(file->dataset);
  emend_write_plan *plan = NULL;
  emend_error *error = emend_error_new();
  ck_assert_msg(convert_as(file, &rows, support_scratch(targets[_i]), true, &plan, error) == EMEND_OK, "%s", emend_error_text(error));
  emend_write_plan_free(plan);
  emend_file *again = read_path(support_scratch(targets[_i]));
  for (size_t v = 0; v < emend_dataset_variables(file->dataset); v++) {
    const emend_variable *from = emend_dataset_variable(file->dataset, v), *to = emend_dataset_variable(again->dataset, v);
    ck_assert(to->n_missing == 0 || to->n_missing == from->n_missing);
    for (size_t row = 0; row < emend_dataset_rows(file->dataset); row++) {
      double value = emend_cell_value(file->dataset, row, v);
      if (emend_cell_reason(file->dataset, row, v) == EMEND_USER_MISSING && emend_dataset_find_doubt(file->dataset, v, value, NULL)) {
        ck_assert_int_eq(emend_cell_reason(again->dataset, row, v), EMEND_OBSERVED);
        ck_assert(emend_cell_value(again->dataset, row, v) == value);
      }
    }
  }
  emend_file_close(again);
  emend_file_close(file);
  emend_error_free(error);
}
END_TEST

/* A range and one code is all that SPSS can declare: codes beyond it that were named when reading stay plain numbers, and that is told. */
START_TEST(no_more_codes_than_there_is_room) {
  emend_read_options *options = emend_read_options_new();
  emend_read_options_add_missing(options, "1", NULL);
  emend_file *file;
  emend_error *error = emend_error_new();
  ck_assert_int_eq(emend_file_read(support_source("samples/gss2014_usermissing.sav"), options, NULL, &file, error), EMEND_OK);
  emend_rows rows = emend_dataset_as_rows(file->dataset);
  emend_write_plan *plan = NULL;
  ck_assert_msg(convert_as(file, &rows, support_scratch("room.zsav"), false, &plan, error) == EMEND_OK, "%s", emend_error_text(error));
  assert_told(plan, "more missing codes than can be declared");
  emend_write_plan_free(plan);
  emend_file_close(file);
  emend_read_options_free(options);
  emend_error_free(error);
}
END_TEST

START_TEST(strict_refuses_a_loss) {
  const char *source = support_scratch("survey.csv");
  support_write(source, survey, sizeof survey - 1);
  emend_file *file = read_path(source);
  emend_write_options *options = emend_write_options_new();
  emend_write_options_set_strict(options, 1);
  emend_rows rows = emend_dataset_as_rows(file->dataset);
  emend_write_plan *plan;
  emend_error *error = emend_error_new();
  ck_assert_int_eq(emend_write_plan_make(file, &rows, "out.sav", options, &plan, error), EMEND_UNSUPPORTED);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "would be lost: 1 variable gets another name"));
  ck_assert_int_eq(emend_write_plan_make(file, &rows, "out.csv", options, &plan, error), EMEND_OK);
  emend_write_plan_free(plan);
  emend_write_options_free(options);
  emend_file_close(file);
  emend_error_free(error);
}
END_TEST

SUITE {
  Suite *suite = suite_create("convert");
  TCase *cases = tcase_create("convert");
  tcase_set_timeout(cases, 60);
  tcase_add_loop_test(cases, round_trips, 0, N_FILES * N_TARGETS);
  tcase_add_loop_test(cases, variables_are_added, 0, 2 * sizeof added_to / sizeof *added_to);
  tcase_add_test(cases, losses_are_told);
  tcase_add_test(cases, no_control_characters_in_por);
  tcase_add_loop_test(cases, doubts_stay_plain_numbers, 0, 4);
  tcase_add_test(cases, no_more_codes_than_there_is_room);
  tcase_add_test(cases, strict_refuses_a_loss);
  suite_add_tcase(suite, cases);
  return suite;
}
