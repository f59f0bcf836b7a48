/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"
#include "emend/compare.h"
#include "emend/file.h"
#include "support/support.h"

/* What differs between two small datasets, one change at a time; rows by position and by id; units and kinds of missing across formats. */

static emend_offset text(emend_dataset *d, const char *words) {
  emend_offset offset;
  ck_assert_int_eq(emend_dataset_add_text(d, words, strlen(words), &offset, NULL), EMEND_OK);
  return offset;
}

static emend_dataset *begin(const char *format) {
  emend_dataset *d;
  ck_assert_int_eq(emend_dataset_new(1 << 20, false, &d, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_set_format(d, format, NULL), EMEND_OK);
  return d;
}

static size_t add(emend_dataset *d, const char *name, emend_variable_kind kind, const char *format) {
  size_t index;
  emend_variable v = {.name = text(d, name), .kind = kind, .format = text(d, format), .label_set = -1};
  v.storage = kind == EMEND_TEXT ? EMEND_STORAGE_TEXT : EMEND_STORAGE_F64;
  ck_assert_int_eq(emend_dataset_add_variable(d, &v, &index, NULL), EMEND_OK);
  return index;
}

/* Rows of id, x: NaN is missing. */
static void rows(emend_dataset *d, const double (*values)[2], size_t n) {
  for (size_t i = 0; i < n; i++) {
    ck_assert_int_eq(emend_dataset_add_row(d, NULL), EMEND_OK);
    for (size_t j = 0; j < 2; j++)
      emend_dataset_put_number(d, j, values[i][j], isnan(values[i][j]) ? EMEND_SYSTEM_MISSING : EMEND_OBSERVED);
  }
}

static emend_comparison *compare_with(const emend_dataset *a, const emend_dataset *b, const emend_compare_options *options) {
  emend_comparison *c;
  emend_error *error = emend_error_new();
  ck_assert_msg(emend_compare(a, b, options, NULL, &c, error) == EMEND_OK, "%s", emend_error_text(error));
  emend_error_free(error);
  return c;
}

static int remember(void *context, const emend_changed_cell *cell) {
  emend_changed_cell *last = context;
  *last = *cell;
  return 0;
}

/* --- the dictionary --- */

static emend_dataset *dictionary(const char *format) {
  emend_dataset *d = begin(format);
  size_t set;
  add(d, "id", EMEND_NUMERIC, "F5.0");
  add(d, "x", EMEND_NUMERIC, "F8.2");
  ck_assert_int_eq(emend_dataset_add_label_set(d, "yesno", &set, NULL), EMEND_OK);
  const char *const labels[] = {"yes", "no", "maybe"};
  for (int i = 0; i < 3; i++) {
    emend_label label = {.kind = EMEND_KEY_NUMBER, .number = i + 1, .text = text(d, labels[i])};
    ck_assert_int_eq(emend_dataset_add_label(d, set, &label, NULL), EMEND_OK);
  }
  emend_dataset_edit_variable(d, 1)->label_set = (int32_t)set;
  for (int i = 0; i < 4; i++) {
    emend_property p = {.kind = i < 2 ? EMEND_NOTE : EMEND_ATTRIBUTE, .number = i < 2 ? 0 : (uint32_t)i - 1};
    p.name = i < 2 ? 0 : text(d, "Key");
    p.value = text(d, i % 2 ? "one" : "two");
    ck_assert_int_eq(emend_dataset_add_property(d, i < 2 ? -1 : 1, &p, NULL), EMEND_OK);
  }
  return d;
}

static void change(emend_dataset *d, int what) {
  emend_variable *x = emend_dataset_edit_variable(d, 1);
  emend_label_set *set = (emend_label_set *)(uintptr_t)emend_dataset_label_set(d, 0);
  emend_property *p = (emend_property *)(uintptr_t)emend_dataset_first_property(d, what == 9 ? -1 : 1);
  switch (what) {
  case 0: x->label = text(d, "new"); break;
  case 1: x->format = text(d, "F9.2"); break;
  case 2: x->measure = EMEND_ORDINAL; break;
  case 3: x->usage = EMEND_USAGE_TARGET; break;
  case 4: x->display_width = 12; break;
  case 5: x->missing[x->n_missing++] = (emend_missing_range){.lo = 8, .hi = 9}; break;
  case 6: ((emend_label *)(uintptr_t)emend_dataset_label(d, set, 1))->text = text(d, "never"); break;
  case 7: set->n_labels--; break;
  case 8: p->value = text(d, "three"); break;
  case 9: p->value = text(d, "three"); break;
  case 10: emend_dataset_set_weight(d, 1); break;
  case 11: emend_dataset_set_file_label(d, "file", NULL); break;
  case 12: x->label_set = -1; break;
  default: break;
  }
}

START_TEST(one_property_at_a_time) {
  static const struct {
    const char *property, *before, *after;
    size_t count;
  } wanted[] = {
      {"label", "", "new", 1},
      {"format", "F8.2", "F9.2", 1},
      {"measure", "", "ordinal", 1},
      {"role", "", "target", 1},
      {"display width", "", "12", 1},
      {"missing values", "", "8 to 9", 1},
      {"value label 2", "no", "never", 1},
      {"value label 3", "maybe", "", 1},
      {"attribute Key[1]", "two", "three", 1},
      {"note 1", "two", "three", 1},
      {"weight", "", "x", 1},
      {"label", "", "file", 1},
      {"value label 1", "yes", "", 3},
      {"", "", "", 0},
  };
  emend_dataset *a = dictionary("sav"), *b = dictionary("sav");
  change(b, _i);
  emend_comparison *c = compare_with(a, b, NULL);
  ck_assert_uint_eq(emend_comparison_differences(c), wanted[_i].count);
  ck_assert_int_eq(emend_comparison_same(c), wanted[_i].count == 0);
  if (wanted[_i].count) {
    emend_difference d = emend_comparison_difference(c, 0);
    ck_assert_str_eq(d.property, wanted[_i].property);
    ck_assert_str_eq(d.before, wanted[_i].before);
    ck_assert_str_eq(d.after, wanted[_i].after);
    ck_assert_int_eq(d.variable, _i >= 9 && _i <= 11 ? -1 : 1);
  }
  emend_comparison_free(c);
  emend_dataset_free(a);
  emend_dataset_free(b);
}
END_TEST

/* Against delimited text, which has none of it, nothing differs, and it is said. */
START_TEST(only_what_both_can_hold) {
  emend_dataset *a = dictionary("sav"), *b = begin("csv");
  add(b, "id", EMEND_NUMERIC, ""), add(b, "x", EMEND_NUMERIC, "");
  emend_comparison *c = compare_with(a, b, NULL);
  ck_assert(emend_comparison_same(c));
  ck_assert_uint_eq(emend_comparison_remarks(c), 1);
  ck_assert_ptr_nonnull(strstr(emend_comparison_remark(c, 0), "value labels"));
  emend_comparison_free(c);
  emend_dataset_free(a);
  emend_dataset_free(b);
}
END_TEST

START_TEST(variables_come_and_go) {
  emend_dataset *a = begin("sav"), *b = begin("sav");
  add(a, "id", EMEND_NUMERIC, "F5.0"), add(a, "x", EMEND_NUMERIC, "F5.0"), add(a, "gone", EMEND_NUMERIC, "F5.0"), add(a, "Q", EMEND_NUMERIC, "");
  add(b, "x", EMEND_NUMERIC, "F5.0"), add(b, "id", EMEND_NUMERIC, "F5.0"), add(b, "q", EMEND_NUMERIC, ""), add(b, "new", EMEND_TEXT, "A5");
  emend_comparison *c = compare_with(a, b, NULL);
  ck_assert_uint_eq(emend_comparison_variables(c), 3);
  ck_assert(emend_comparison_variables_moved(c));
  ck_assert_uint_eq(emend_comparison_single_variables(c, EMEND_SIDE_A), 1);
  ck_assert_uint_eq(emend_comparison_single_variable(c, EMEND_SIDE_A, 0), 2);
  ck_assert_uint_eq(emend_comparison_single_variables(c, EMEND_SIDE_B), 1);
  ck_assert_uint_eq(emend_comparison_single_variable(c, EMEND_SIDE_B, 0), 3);
  ck_assert_uint_eq(emend_comparison_differences(c), 1);
  ck_assert_str_eq(emend_comparison_difference(c, 0).property, "name");
  emend_comparison_free(c);
  emend_compare_options *options = emend_compare_options_new();
  ck_assert_int_eq(emend_compare_options_add_variables(options, "new,Q", NULL), EMEND_OK);
  c = compare_with(a, b, options);
  ck_assert_uint_eq(emend_comparison_variables(c), 1);
  ck_assert_uint_eq(emend_comparison_single_variables(c, EMEND_SIDE_A), 0);
  ck_assert_uint_eq(emend_comparison_single_variables(c, EMEND_SIDE_B), 1);
  emend_comparison_free(c);
  ck_assert_int_eq(emend_compare_options_add_variables(options, "nobody", NULL), EMEND_OK);
  ck_assert_int_eq(emend_compare(a, b, options, NULL, &c, NULL), EMEND_INVALID_ARGUMENT);
  emend_compare_options_free(options);
  emend_dataset_free(a);
  emend_dataset_free(b);
}
END_TEST

/* --- rows and cells --- */

static const double before[][2] = {{1, 10}, {2, NAN}, {3, 30}, {4, 40}, {4, 41}};

START_TEST(every_change_is_counted) {
  static const double after[][2] = {{1, 10}, {2, 22}, {3, NAN}, {4, 44}, {4, 41}};
  emend_dataset *a = begin("sav"), *b = begin("sav");
  for (int i = 0; i < 2; i++)
    add(i ? b : a, "id", EMEND_NUMERIC, "F5.0"), add(i ? b : a, "x", EMEND_NUMERIC, "F5.0");
  rows(a, before, 5), rows(b, after, 5);
  emend_comparison *c = compare_with(a, b, NULL);
  ck_assert_uint_eq(emend_comparison_cells(c, EMEND_CELL_FILLED), 1);
  ck_assert_uint_eq(emend_comparison_cells(c, EMEND_CELL_EMPTIED), 1);
  ck_assert_uint_eq(emend_comparison_cells(c, EMEND_CELL_CHANGED), 1);
  ck_assert_uint_eq(emend_comparison_cells(c, EMEND_CELL_RECODED), 0);
  emend_changed_cell last;
  emend_comparison_visit_cells(c, remember, &last);
  ck_assert(last.row_a == 3 && last.row_b == 3 && last.variable_a == 1 && last.change == EMEND_CELL_CHANGED);
  emend_comparison_free(c);
  emend_compare_options *options = emend_compare_options_new();
  ck_assert_int_eq(emend_compare_options_set_tolerance(options, 0.1, NULL), EMEND_OK);
  c = compare_with(a, b, options);
  ck_assert_uint_eq(emend_comparison_cells(c, EMEND_CELL_CHANGED), 0); /* 4 of 44 */
  ck_assert_int_eq(emend_compare_options_set_tolerance(options, -1, NULL), EMEND_INVALID_ARGUMENT);
  emend_comparison_free(c);
  emend_compare_options_free(options);
  emend_dataset_free(a);
  emend_dataset_free(b);
}
END_TEST

START_TEST(rows_by_id) {
  static const double after[][2] = {{4, 40}, {9, 90}, {3, 30}, {1, 11}, {4, 41}};
  emend_dataset *a = begin("sav"), *b = begin("sav");
  for (int i = 0; i < 2; i++)
    add(i ? b : a, "id", EMEND_NUMERIC, "F5.0"), add(i ? b : a, "x", EMEND_NUMERIC, "F5.0");
  rows(a, before, 5), rows(b, after, 5);
  emend_compare_options *options = emend_compare_options_new();
  ck_assert_int_eq(emend_compare_options_set_id(options, "id", NULL), EMEND_OK);
  emend_comparison *c = compare_with(a, b, options);
  ck_assert_uint_eq(emend_comparison_rows(c), 4);
  ck_assert(emend_comparison_rows_moved(c));
  ck_assert_uint_eq(emend_comparison_single_rows(c, EMEND_SIDE_A), 1);
  ck_assert_uint_eq(emend_comparison_single_row(c, EMEND_SIDE_A, 0), 1);
  ck_assert_uint_eq(emend_comparison_single_row(c, EMEND_SIDE_B, 0), 1);
  ck_assert_uint_eq(emend_comparison_cells(c, EMEND_CELL_CHANGED), 1);
  emend_changed_cell last;
  emend_comparison_visit_cells(c, remember, &last);
  ck_assert(last.row_a == 0 && last.row_b == 3 && last.variable_a == 1);
  ck_assert_uint_eq(emend_comparison_remarks(c), 2); /* 4 occurs twice in each */
  emend_comparison_free(c);
  ck_assert_int_eq(emend_compare_options_set_id(options, "none", NULL), EMEND_OK);
  ck_assert_int_eq(emend_compare(a, b, options, NULL, &c, NULL), EMEND_INVALID_ARGUMENT);
  emend_compare_options_free(options);
  emend_dataset_free(a);
  emend_dataset_free(b);
}
END_TEST

/* 2020-01-01 in three ways of counting, and as text. */
START_TEST(dates_across_formats) {
  static const struct {
    const char *format, *display;
    double value;
  } ways[] = {{"sav", "DATE11", 13797216000.0}, {"dta", "%td", 21915}, {"xpt", "DATE9", 21915}, {"csv", "", 0}};
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 4; j++)
      for (int off = 0; off < 2; off++) {
        emend_dataset *d[2];
        for (size_t side = 0; side < 2; side++) {
          size_t way = side ? j : i;
          bool as_text = strcmp(ways[way].format, "csv") == 0;
          d[side] = begin(ways[way].format);
          add(d[side], "day", as_text ? EMEND_TEXT : EMEND_DATE, ways[way].display);
          ck_assert_int_eq(emend_dataset_add_row(d[side], NULL), EMEND_OK);
          if (as_text)
            emend_dataset_put_text(d[side], 0, off ? "2020-01-02" : "2020-01-01", 10, NULL);
          else
            emend_dataset_put_number(d[side], 0, ways[way].value + (side && off ? (way ? 1 : 86400) : 0), EMEND_OBSERVED);
        }
        emend_comparison *c = compare_with(d[0], d[1], NULL);
        ck_assert_msg(emend_comparison_cells(c, EMEND_CELL_CHANGED) == (size_t)off, "%s, %s, %d", ways[i].format, ways[j].format, off);
        emend_comparison_free(c);
        emend_dataset_free(d[0]);
        emend_dataset_free(d[1]);
      }
}
END_TEST

/* Within a family another kind of missing is a difference; SPSS's code and Stata's letter cannot be compared. */
START_TEST(kinds_of_missing) {
  static const struct {
    const char *a, *b;
    double value_a, value_b;
    emend_reason reason_a, reason_b;
    size_t recoded, remarks;
  } table[] = {
      {"sav", "sav", 8, 9, EMEND_USER_MISSING, EMEND_USER_MISSING, 1, 0},
      {"sav", "sav", 8, 8, EMEND_USER_MISSING, EMEND_USER_MISSING, 0, 0},
      {"sav", "sav", 8, NAN, EMEND_USER_MISSING, EMEND_SYSTEM_MISSING, 1, 0},
      {"sav", "sav", 8, 8, EMEND_USER_MISSING, EMEND_OBSERVED, 0, 0},
      {"dta", "dta", NAN, NAN, EMEND_TAG_A, EMEND_SYSTEM_MISSING, 1, 0},
      {"dta", "xpt", NAN, NAN, EMEND_TAG_A, EMEND_TAG_A, 0, 1},
      {"dta", "xpt", NAN, NAN, EMEND_TAG_A, EMEND_TAG_Z, 1, 1},
      {"sav", "dta", 8, NAN, EMEND_USER_MISSING, EMEND_TAG_A, 0, 2},
      {"sav", "csv", NAN, NAN, EMEND_SYSTEM_MISSING, EMEND_SYSTEM_MISSING, 0, 1},
      {"dta", "csv", NAN, NAN, EMEND_TAG_A, EMEND_SYSTEM_MISSING, 0, 2},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    emend_dataset *a = begin(table[i].a), *b = begin(table[i].b);
    add(a, "x", EMEND_NUMERIC, ""), add(b, "x", EMEND_NUMERIC, "");
    ck_assert_int_eq(emend_dataset_add_row(a, NULL) | emend_dataset_add_row(b, NULL), EMEND_OK);
    emend_dataset_put_number(a, 0, table[i].value_a, table[i].reason_a);
    emend_dataset_put_number(b, 0, table[i].value_b, table[i].reason_b);
    emend_comparison *c = compare_with(a, b, NULL);
    ck_assert_msg(emend_comparison_cells(c, EMEND_CELL_RECODED) == table[i].recoded, "%zu", i);
    ck_assert_msg(emend_comparison_remarks(c) == table[i].remarks, "%zu: %zu", i, emend_comparison_remarks(c));
    ck_assert_int_eq(emend_comparison_same(c), table[i].recoded == 0);
    emend_comparison_free(c);
    emend_dataset_free(a);
    emend_dataset_free(b);
  }
}
END_TEST

/* Every file of the index that is valid, with itself. */
START_TEST(a_file_is_like_itself) {
  if (!support_shared("data"))
    return;
  size_t n = 0;
  char *index = (char *)support_read(support_shared("data/INDEX.tsv"), NULL), *rest = index;
  for (char *line; (line = strsep(&rest, "\n")) && *line;) {
    char *name = strsep(&line, "\t"), path[1024];
    if (strcmp(strsep(&line, "\t"), "valid") != 0)
      continue;
    snprintf(path, sizeof path, "data/%s", name);
    emend_file *files[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++)
      ck_assert_int_eq(emend_file_read(support_shared(path), NULL, NULL, &files[i], NULL), EMEND_OK);
    emend_comparison *c = compare_with(emend_file_dataset(files[0]), emend_file_dataset(files[1]), NULL);
    ck_assert_msg(emend_comparison_same(c), "%s", name);
    ck_assert_uint_eq(emend_comparison_remarks(c), 0);
    ck_assert_uint_eq(emend_comparison_rows(c), emend_dataset_rows(emend_file_dataset(files[0])));
    emend_comparison_free(c);
    emend_file_close(files[0]);
    emend_file_close(files[1]);
    n++;
  }
  ck_assert_uint_gt(n, 100);
  free(index);
}
END_TEST

SUITE {
  Suite *suite = suite_create("compare");
  TCase *cases = tcase_create("compare");
  tcase_set_timeout(cases, 120);
  tcase_add_loop_test(cases, one_property_at_a_time, 0, 14);
  tcase_add_test(cases, only_what_both_can_hold);
  tcase_add_test(cases, variables_come_and_go);
  tcase_add_test(cases, every_change_is_counted);
  tcase_add_test(cases, rows_by_id);
  tcase_add_test(cases, dates_across_formats);
  tcase_add_test(cases, kinds_of_missing);
  tcase_add_test(cases, a_file_is_like_itself);
  suite_add_tcase(suite, cases);
  return suite;
}
