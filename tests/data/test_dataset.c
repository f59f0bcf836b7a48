/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data/dataset.h"
#include "data/inside.h"
#include "data/rows.h"
#include "support/support.h"

static emend_dataset *make(uint64_t max_bytes, bool shared) {
  emend_dataset *dataset;
  ck_assert_int_eq(emend_dataset_new(max_bytes, shared, &dataset, NULL), EMEND_OK);
  return dataset;
}

static size_t add(emend_dataset *dataset, const char *name, emend_variable_kind kind) {
  emend_variable variable = {.kind = kind, .label_set = -1};
  ck_assert_int_eq(emend_dataset_add_text(dataset, name, strlen(name), &variable.name, NULL), EMEND_OK);
  size_t index;
  ck_assert_int_eq(emend_dataset_add_variable(dataset, &variable, &index, NULL), EMEND_OK);
  return index;
}

/* Two numbers and a text, whose cells are functions of the row, so that any mix-up of places shows. */
static void fill(emend_dataset *dataset, size_t n_rows) {
  for (size_t row = 0; row < n_rows; row++) {
    ck_assert_int_eq(emend_dataset_add_row(dataset, NULL), EMEND_OK);
    emend_dataset_put_number(dataset, 0, (double)row, EMEND_OBSERVED);
    if (row % 3 == 1)
      emend_dataset_put_number(dataset, 1, 0, (emend_reason)(EMEND_TAG_A + row % 26));
    else if (row % 3 == 2)
      emend_dataset_put_number(dataset, 1, -(double)row, EMEND_OBSERVED);
    char text[32];
    int length = snprintf(text, sizeof text, "row %zu", row);
    if (row % 5)
      ck_assert_int_eq(emend_dataset_put_text(dataset, 2, text, (size_t)length, NULL), EMEND_OK);
  }
}

static void verify(const emend_dataset *dataset, size_t n_rows) {
  ck_assert_uint_eq(emend_dataset_rows(dataset), n_rows);
  for (size_t row = 0; row < n_rows; row++) {
    ck_assert_double_eq(emend_cell_value(dataset, row, 0), (double)row);
    emend_reason reason = emend_cell_reason(dataset, row, 1);
    ck_assert_int_eq(reason, row % 3 == 0 ? EMEND_SYSTEM_MISSING : row % 3 == 1 ? (emend_reason)(EMEND_TAG_A + row % 26) : EMEND_OBSERVED);
    ck_assert(isnan(emend_cell_value(dataset, row, 1)) == (reason != EMEND_OBSERVED));
    char text[32];
    snprintf(text, sizeof text, "row %zu", row);
    ck_assert_str_eq(emend_cell_text(dataset, row, 2), row % 5 ? text : "");
    ck_assert_int_eq(emend_cell_reason(dataset, row, 2), row % 5 ? EMEND_OBSERVED : EMEND_EMPTY_TEXT);
  }
}

START_TEST(cells_keep_their_places) {
  static const size_t sizes[] = {0, 1, 1023, 1024, 1025, 5000};
  emend_dataset *dataset = make(1 << 24, false);
  add(dataset, "a", EMEND_NUMERIC), add(dataset, "b", EMEND_NUMERIC), add(dataset, "c", EMEND_TEXT);
  fill(dataset, sizes[_i]);
  verify(dataset, sizes[_i]);
  size_t covered = 0;
  for (emend_run run; covered < sizes[_i]; covered += run.n) {
    run = emend_dataset_run(dataset, 0, covered);
    ck_assert(run.n > 0);
    for (size_t i = 0; i < run.n; i++)
      ck_assert_double_eq(run.values[i], (double)(covered + i));
  }
  ck_assert_uint_eq(covered, sizes[_i]);
  ck_assert_int_eq(emend_dataset_check(dataset, NULL), EMEND_OK);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(a_child_can_fill_it) {
  emend_dataset *dataset = make(1 << 24, true);
  pid_t child = fork();
  if (child == 0) {
    add(dataset, "a", EMEND_NUMERIC), add(dataset, "b", EMEND_NUMERIC), add(dataset, "c", EMEND_TEXT);
    fill(dataset, 3000);
    _exit(0);
  }
  int status;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert_int_eq(status, 0);
  ck_assert_int_eq(emend_dataset_check(dataset, NULL), EMEND_OK);
  verify(dataset, 3000);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(the_limit_is_an_error_and_loses_nothing) {
  emend_dataset *dataset = make(1 << 17, false);
  add(dataset, "a", EMEND_NUMERIC), add(dataset, "b", EMEND_NUMERIC), add(dataset, "c", EMEND_TEXT);
  emend_error *error = emend_error_new();
  emend_status status = EMEND_OK;
  size_t rows = 0;
  for (; rows < 100000 && !status; rows += !status)
    status = emend_dataset_add_row(dataset, error);
  ck_assert_int_eq(status, EMEND_LIMIT_EXCEEDED);
  ck_assert_uint_gt(rows, 1000);
  ck_assert_uint_eq(emend_dataset_rows(dataset), rows);
  ck_assert(strstr(emend_error_text(error), "--max-memory"));
  ck_assert_int_eq(emend_dataset_check(dataset, NULL), EMEND_OK);
  emend_error_free(error);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(declared_codes_are_missing_and_keep_their_value) {
  emend_dataset *dataset = make(1 << 20, false);
  emend_variable numeric = {.kind = EMEND_NUMERIC, .label_set = -1, .n_missing = 2, .missing = {{.lo = -INFINITY, .hi = -1}, {.lo = 99, .hi = 99}}};
  emend_variable text = {.kind = EMEND_TEXT, .label_set = -1, .n_missing = 1};
  ck_assert_int_eq(emend_dataset_add_text(dataset, "DK", 2, &text.missing[0].text, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_add_variable(dataset, &numeric, NULL, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_add_variable(dataset, &text, NULL, NULL), EMEND_OK);
  static const double values[] = {-5, -1, 0, 98, 99, 100};
  static const char *const words[] = {"DK", "DK   ", "DKX", "dk", "   ", "ok"};
  for (int i = 0; i < 6; i++) {
    emend_dataset_add_row(dataset, NULL);
    emend_dataset_put_number(dataset, 0, values[i], EMEND_OBSERVED);
    emend_dataset_put_text(dataset, 1, words[i], strlen(words[i]), NULL);
    ck_assert_int_eq(emend_cell_reason(dataset, (size_t)i, 0), i < 2 || i == 4 ? EMEND_USER_MISSING : EMEND_OBSERVED);
    ck_assert_double_eq(emend_cell_value(dataset, (size_t)i, 0), values[i]);
    ck_assert_int_eq(emend_cell_reason(dataset, (size_t)i, 1), i < 2 ? EMEND_USER_MISSING : i == 4 ? EMEND_EMPTY_TEXT : EMEND_OBSERVED);
  }
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(labels_are_found) {
  emend_dataset *dataset = make(1 << 20, false);
  size_t set;
  ck_assert_int_eq(emend_dataset_add_label_set(dataset, "yesno", &set, NULL), EMEND_OK);
  for (int i = 0; i < 20; i++) {
    emend_label label = {.kind = EMEND_KEY_NUMBER, .number = i};
    char text[16];
    int length = snprintf(text, sizeof text, "label %d", i);
    emend_dataset_add_text(dataset, text, (size_t)length, &label.text, NULL);
    ck_assert_int_eq(emend_dataset_add_label(dataset, set, &label, NULL), EMEND_OK);
  }
  emend_label tag = {.kind = EMEND_KEY_TAG, .tag = (emend_reason)(EMEND_TAG_A + 3)};
  emend_dataset_add_text(dataset, "refused", 7, &tag.text, NULL);
  emend_dataset_add_label(dataset, set, &tag, NULL);
  size_t v = add(dataset, "q", EMEND_NUMERIC);
  emend_dataset_edit_variable(dataset, v)->label_set = (int32_t)set;
  ck_assert_str_eq(emend_variable_value_label(dataset, v, 7), "label 7");
  ck_assert_ptr_null(emend_variable_value_label(dataset, v, 7.5));
  ck_assert_str_eq(emend_dataset_label_of(dataset, v, NAN, (emend_reason)(EMEND_TAG_A + 3)), "refused");
  ck_assert_int_eq(emend_dataset_find_label_set(dataset, "yesno"), 0);
  ck_assert_int_eq(emend_dataset_find_label_set(dataset, "none"), -1);
  emend_dataset_free(dataset);
}
END_TEST

/* Whatever 8 bytes a broken child overwrites, the check says no or every accessor stays inside the arena (run under ASan). */
START_TEST(a_broken_arena_is_noticed) {
  size_t noticed = 0, tried = 0;
  for (size_t at = 0; at < sizeof(dataset_inside); at += 8) {
    emend_dataset *dataset = make(1 << 20, false);
    add(dataset, "a", EMEND_NUMERIC), add(dataset, "b", EMEND_NUMERIC), add(dataset, "c", EMEND_TEXT);
    fill(dataset, 40);
    uint64_t wild = UINT64_C(0x7fffffffffff0);
    memcpy((char *)dataset_root(dataset) + at, &wild, sizeof wild);
    tried++;
    if (emend_dataset_check(dataset, NULL) != EMEND_OK)
      noticed++;
    else if (emend_dataset_rows(dataset) <= 40 * 1024)
      for (size_t row = 0; row < emend_dataset_rows(dataset); row++)
        for (size_t v = 0; v < emend_dataset_variables(dataset); v++)
          (void)emend_cell_value(dataset, row, v), (void)emend_cell_text(dataset, row, v);
    emend_dataset_free(dataset);
  }
  ck_assert_uint_ge(noticed, 8); /* counts and offsets; the rest of the root (dialect, capacities) is plain data */
  ck_assert_uint_gt(tried, noticed);

  emend_dataset *dataset = make(1 << 20, false);
  add(dataset, "a", EMEND_NUMERIC), add(dataset, "b", EMEND_NUMERIC), add(dataset, "c", EMEND_TEXT);
  fill(dataset, 40);
  uint64_t *cell = (uint64_t *)(uintptr_t)emend_dataset_run(dataset, 2, 7).values;
  *cell = UINT64_C(1) << 40;
  ck_assert_int_eq(emend_dataset_check(dataset, NULL), EMEND_READER_DIED);
  emend_dataset_free(dataset);
}
END_TEST

/* A dictionary with one of everything. */
static emend_dataset *make_dictionary(void) {
  emend_dataset *dataset = make(1 << 20, false);
  add(dataset, "a", EMEND_NUMERIC), add(dataset, "b", EMEND_NUMERIC);
  emend_variable_set set = {.kind = EMEND_SET_DICHOTOMIES, .n_members = 2};
  const uint32_t members[] = {1, 0};
  for (int i = 0; i < 6; i++) {
    emend_property p = {.kind = i % 2 ? EMEND_NOTE : EMEND_ATTRIBUTE, .number = (uint32_t)i, .next = 3};
    emend_dataset_add_text(dataset, "name", 4, &p.name, NULL);
    emend_dataset_add_text(dataset, "value", (size_t)i, &p.value, NULL);
    ck_assert_int_eq(emend_dataset_add_property(dataset, i % 3 - 1, &p, NULL), EMEND_OK);
  }
  emend_dataset_add_text(dataset, "set", 3, &set.name, NULL);
  emend_dataset_add_indices(dataset, members, 2, &set.members, NULL);
  emend_dataset_add_variable_set(dataset, &set, NULL);
  emend_file_facts *facts = emend_dataset_edit_facts(dataset);
  emend_dataset_add_indices(dataset, members, 2, &facts->sort_keys, NULL);
  facts->n_sort_keys = 2;
  emend_dataset_set_file_text(dataset, EMEND_FILE_PRODUCT, "this test", NULL);
  return dataset;
}

/* Reads everything; returns the bytes of text seen. */
static size_t read_dictionary(const emend_dataset *dataset) {
  size_t seen = strlen(emend_dataset_file_text(dataset, EMEND_FILE_PRODUCT));
  for (ptrdiff_t v = -1; v < (ptrdiff_t)emend_dataset_variables(dataset); v++)
    for (const emend_property *p = emend_dataset_first_property(dataset, v); p; p = emend_dataset_next_property(dataset, p))
      seen += strlen(emend_property_name(dataset, p)) + strlen(emend_property_value(dataset, p));
  for (size_t i = 0; i < emend_dataset_sort_keys(dataset); i++)
    seen += strlen(emend_variable_name(dataset, emend_dataset_sort_key(dataset, i)));
  for (size_t s = 0; s < emend_dataset_variable_sets(dataset); s++) {
    emend_variable_set_facts set = emend_variable_set_get(dataset, s);
    seen += strlen(set.name) + strlen(set.label) + strlen(set.counted);
    for (size_t i = 0; i < set.n_variables; i++)
      seen += strlen(emend_variable_name(dataset, emend_variable_set_variable(dataset, s, i)));
  }
  return seen;
}

START_TEST(properties_stay_with_their_variable) {
  emend_dataset *dataset = make_dictionary();
  ck_assert_int_eq(emend_dataset_check(dataset, NULL), EMEND_OK);
  for (ptrdiff_t v = -1; v < 2; v++) {
    const emend_property *p = emend_dataset_first_property(dataset, v), *q = emend_dataset_next_property(dataset, p);
    ck_assert_uint_eq(emend_property_number(p), (unsigned)(v + 1));
    ck_assert_uint_eq(emend_property_number(q), (unsigned)(v + 4));
    ck_assert_int_eq(emend_property_get_kind(q), (v + 4) % 2 ? EMEND_NOTE : EMEND_ATTRIBUTE);
    ck_assert_uint_eq(strlen(emend_property_value(dataset, q)), (size_t)(v + 4));
    ck_assert_ptr_null(emend_dataset_next_property(dataset, q));
  }
  ck_assert_uint_eq(emend_variable_set_variable(dataset, 0, 0), 1);
  ck_assert_uint_eq(read_dictionary(dataset), 9 + 6 * 4 + 15 + 2 + 3 + 2);
  emend_dataset_free(dataset);
}
END_TEST

/* Any 4 bytes of the whole arena overwritten: the check says no, or everything can be read (run under ASan). */
START_TEST(a_broken_dictionary_is_noticed) {
  static const uint32_t wild[] = {0, 1, 2, 3, 7, 0xFFFFFFFF, 0x7FFFFFF0};
  size_t noticed = 0, passed = 0;
  for (size_t w = 0; w < sizeof wild / sizeof *wild; w++)
    for (uint64_t at = 16;; at += 4) {
      emend_dataset *dataset = make_dictionary();
      bool end = at + 4 > emend_dataset_bytes(dataset);
      if (!end) {
        memcpy(emend_arena_at(dataset->arena, at), &wild[w], sizeof wild[w]);
        bool fits = emend_dataset_check(dataset, NULL) == EMEND_OK;
        noticed += !fits;
        passed += fits;
        if (fits)
          read_dictionary(dataset);
      }
      emend_dataset_free(dataset);
      if (end)
        break;
    }
  ck_assert_uint_gt(noticed, 100);
  ck_assert_uint_gt(passed, 100);
}
END_TEST

START_TEST(rows_show_all_cells) {
  emend_dataset *dataset = make(1 << 24, false);
  add(dataset, "a", EMEND_NUMERIC), add(dataset, "b", EMEND_NUMERIC), add(dataset, "c", EMEND_TEXT);
  fill(dataset, 2000);
  emend_rows rows = emend_dataset_as_rows(dataset);
  for (size_t row = 0; row < rows.n_rows; row++) {
    emend_cell cells[3];
    rows.read(rows.state, row, cells);
    for (size_t v = 0; v < 3; v++) {
      ck_assert_int_eq(cells[v].reason, emend_cell_reason(dataset, row, v));
      ck_assert(!cells[v].imputed);
      if (v < 2)
        ck_assert(cells[v].value == emend_cell_value(dataset, row, v) || (isnan(cells[v].value) && isnan(emend_cell_value(dataset, row, v))));
      else
        ck_assert_str_eq(emend_dataset_text(dataset, cells[v].text), emend_cell_text(dataset, row, v));
    }
  }
  emend_dataset_free(dataset);
}
END_TEST

SUITE {
  Suite *suite = suite_create("dataset");
  TCase *cases = tcase_create("dataset");
  tcase_add_loop_test(cases, cells_keep_their_places, 0, 6);
  tcase_add_test(cases, a_child_can_fill_it);
  tcase_add_test(cases, the_limit_is_an_error_and_loses_nothing);
  tcase_add_test(cases, declared_codes_are_missing_and_keep_their_value);
  tcase_add_test(cases, labels_are_found);
  tcase_add_test(cases, a_broken_arena_is_noticed);
  tcase_add_test(cases, properties_stay_with_their_variable);
  tcase_add_test(cases, a_broken_dictionary_is_noticed);
  tcase_add_test(cases, rows_show_all_cells);
  suite_add_tcase(suite, cases);
  return suite;
}
