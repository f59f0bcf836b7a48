/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "data/rows.h"
#include "io/format.h"
#include "io/readstat_write.h"
#include "patching.h"
#include "support/support.h"

/* What ReadStat's writers do wrong when they are let: docs/traps.md has the list. Datasets made here, written, and read again. */

typedef emend_status (*open_writer)(const emend_rows *, emend_losses *, emend_output *, emend_writer **, emend_error *);

static emend_dataset *new_dataset(const char *format) {
  emend_dataset *d;
  ck_assert_int_eq(emend_dataset_new(1 << 26, false, &d, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_set_format(d, format, NULL), EMEND_OK);
  return d;
}

static emend_offset text(emend_dataset *d, const char *words) {
  emend_offset offset;
  ck_assert_int_eq(emend_dataset_add_text(d, words, strlen(words), &offset, NULL), EMEND_OK);
  return offset;
}

static size_t add(emend_dataset *d, const char *name, const char *label, emend_variable_kind kind, int32_t set) {
  emend_variable v = {.name = text(d, name), .label = text(d, label), .kind = kind, .label_set = set};
  v.storage = kind == EMEND_TEXT ? EMEND_STORAGE_TEXT : EMEND_STORAGE_F64;
  size_t index;
  ck_assert_int_eq(emend_dataset_add_variable(d, &v, &index, NULL), EMEND_OK);
  return index;
}

static emend_file *written(const emend_dataset *d, open_writer open, const char *name) {
  emend_rows rows = emend_dataset_as_rows(d);
  emend_error *error = emend_error_new();
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  emend_writer *writer = NULL;
  ck_assert_int_eq(emend_outputs_open(outputs, support_scratch(name), 1, &output, error), EMEND_OK);
  emend_status status = open(&rows, NULL, output, &writer, error);
  if (!status)
    status = emend_writer_pour(writer, &rows, NULL, error);
  if (!status)
    status = emend_outputs_publish(outputs, error);
  ck_assert_msg(status == EMEND_OK, "%s: %s", name, emend_error_text(error));
  writer->free(writer);
  emend_outputs_free(outputs);
  emend_error_free(error);
  return read_shared(support_scratch(name));
}

/* Their 50 digits in base 30 end one byte behind the row. */
START_TEST(negative_fractions_in_por) {
  static const double numbers[] = {-1e-5, -0.0012, -1.0 / 3, -0.999999999999, -123.456789, -1e-12, 0.1, 5, -7};
  enum { N = sizeof numbers / sizeof *numbers };
  emend_dataset *d = new_dataset("csv");
  add(d, "A", "", EMEND_NUMERIC, -1), add(d, "LAST", "", EMEND_NUMERIC, -1);
  for (size_t i = 0; i < 50 * N; i++) {
    ck_assert_int_eq(emend_dataset_add_row(d, NULL), EMEND_OK);
    emend_dataset_put_number(d, 0, (double)i, EMEND_OBSERVED);
    emend_dataset_put_number(d, 1, numbers[i % N], EMEND_OBSERVED);
  }
  emend_file *file = written(d, emend_por_open_writer, "a.por");
  ck_assert_uint_eq(emend_dataset_rows(file->dataset), 50 * N);
  for (size_t i = 0; i < 50 * N; i++) {
    ck_assert(emend_cell_value(file->dataset, i, 0) == (double)i);
    assert_relative(emend_cell_value(file->dataset, i, 1), numbers[i % N], 1e-14);
  }
  emend_file_close(file);
  emend_dataset_free(d);
}
END_TEST

/* Segments of long texts whose variables' names begin alike are not taken for variables. */
START_TEST(long_texts_of_like_names) {
  enum { LONG = 1000 };
  static const char *const names[] = {"LONGA", "LONGA1", "LONGA2", "LONGAB", "LONGA0"};
  emend_dataset *d = new_dataset("csv");
  char words[LONG + 1] = "";
  for (size_t v = 0; v < 5; v++)
    add(d, names[v], "", EMEND_TEXT, -1);
  ck_assert_int_eq(emend_dataset_add_row(d, NULL), EMEND_OK);
  for (size_t v = 0; v < 5; v++) {
    memset(words, 'a' + (int)v, LONG);
    ck_assert_int_eq(emend_dataset_put_text(d, v, words, LONG - 100 * v, NULL), EMEND_OK);
  }
  emend_file *file = written(d, _i ? emend_zsav_open_writer : emend_sav_open_writer, "a.sav");
  ck_assert_uint_eq(emend_dataset_variables(file->dataset), 5);
  for (size_t v = 0; v < 5; v++) {
    const char *read = emend_cell_text(file->dataset, 0, v);
    ck_assert_str_eq(emend_variable_name(file->dataset, v), names[v]);
    ck_assert_uint_eq(strlen(read), LONG - 100 * v);
    ck_assert(read[0] == 'a' + (int)v && strspn(read, (char[]){read[0], '\0'}) == strlen(read));
  }
  emend_file_close(file);
  emend_dataset_free(d);
}
END_TEST

/* True if `part` is a beginning of `whole` that ends with a character, shorter than it but by no more than `most` bytes allow. */
static void assert_cut(const char *part, const char *whole, size_t most) {
  size_t n = strlen(part);
  ck_assert(emend_utf8_valid(part, n));
  ck_assert_int_eq(strncmp(part, whole, n), 0);
  ck_assert_msg(n <= most && n + 3 > most, "%zu of %zu", n, most);
}

/* Of two bytes each, beginning at even and at odd bytes. */
START_TEST(texts_are_cut_at_characters) {
  static const struct {
    open_writer open;
    const char *name;
    size_t label, value_label, file_label; /* bytes; 0: none */
  } formats[] = {{emend_sav_open_writer, "a.sav", 255, 120, 64}, {emend_zsav_open_writer, "a.zsav", 255, 120, 64},
                 {emend_dta_open_writer, "a.dta", 160, 0, 160}, {emend_xpt_open_writer, "a.xpt", 255, 0, 40}};
  size_t f = (size_t)_i / 2;
  char long_text[600] = "";
  for (size_t i = 0; i < 250; i++)
    strcat(long_text, i == 0 && _i % 2 ? "x" : "\xC3\xA4");
  emend_dataset *d = new_dataset("csv");
  size_t set;
  ck_assert_int_eq(emend_dataset_add_label_set(d, "set", &set, NULL), EMEND_OK);
  emend_label label = {.kind = EMEND_KEY_NUMBER, .number = 1, .text = text(d, long_text)};
  ck_assert_int_eq(emend_dataset_add_label(d, set, &label, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_set_file_label(d, long_text, NULL), EMEND_OK);
  add(d, "a", long_text, EMEND_NUMERIC, 0);
  add(d, long_text, "", EMEND_NUMERIC, -1);
  ck_assert_int_eq(emend_dataset_add_row(d, NULL), EMEND_OK);
  emend_dataset_put_number(d, 0, 1, EMEND_OBSERVED), emend_dataset_put_number(d, 1, 1, EMEND_OBSERVED);
  emend_file *file = written(d, formats[f].open, formats[f].name);
  const emend_dataset *read = file->dataset;
  ck_assert_uint_eq(emend_dataset_warnings(read), 0);
  assert_cut(emend_variable_label(read, 0), long_text, formats[f].label);
  if (formats[f].value_label)
    assert_cut(emend_variable_value_label(read, 0, 1), long_text, formats[f].value_label);
  assert_cut(emend_dataset_file_label(read), long_text, formats[f].file_label);
  const char *name = emend_variable_name(read, 1);
  ck_assert(emend_utf8_valid(name, strlen(name)) && strlen(name) <= 64 && strlen(name) > 7);
  emend_file_close(file);
  emend_dataset_free(d);
}
END_TEST

SUITE {
  Suite *suite = suite_create("traps");
  TCase *cases = tcase_create("traps");
  tcase_add_test(cases, negative_fractions_in_por);
  tcase_add_loop_test(cases, long_texts_of_like_names, 0, 2);
  tcase_add_loop_test(cases, texts_are_cut_at_characters, 0, 8);
  suite_add_tcase(suite, cases);
  return suite;
}
