/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "building.h"
#include "dta_parse.h"
#include "io/format.h"
#include "patching.h"
#include "support/support.h"

/* Any dataset as a Stata file, read by the tests' own parser. */

static emend_status write_rows(const emend_rows *rows, emend_losses *losses, bytes *out, emend_error *error) {
  char path[4096];
  snprintf(path, sizeof path, "%s", support_scratch("written.dta"));
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  emend_writer *writer = NULL;
  emend_cell *cells = calloc(emend_dataset_variables(rows->dataset) + rows->n_added, sizeof *cells);
  emend_status status = emend_outputs_open(outputs, path, 1, &output, error);
  if (!status)
    status = emend_dta_open_writer(rows, losses, output, &writer, error);
  for (size_t row = 0; row < rows->n_rows && !status; row++) {
    rows->read(rows->state, row, cells);
    status = writer->row(writer, cells, error);
  }
  if (!status)
    status = writer->close(writer, error);
  if (!status)
    status = emend_outputs_publish(outputs, error);
  if (writer)
    writer->free(writer);
  emend_outputs_free(outputs);
  *out = (bytes){0};
  if (!status)
    out->data = support_read(path, &out->length);
  free(cells);
  return status;
}

static dta_seen write_and_see(const emend_rows *rows, emend_losses *losses, bytes *out) {
  emend_error *error = emend_error_new();
  emend_status status = write_rows(rows, losses, out, error);
  ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
  emend_error_free(error);
  dta_seen seen = dta_see(out->data, out->length);
  ck_assert(seen.ascending);
  return seen;
}

static bool lost(const emend_losses *losses, const char *words) {
  for (size_t i = 0; i < losses->count; i++)
    if (strstr(losses->sentences[i], words))
      return true;
  return false;
}

/* --- a dataset made by hand --- */

static emend_offset text(emend_dataset *d, const char *text) {
  emend_offset offset;
  ck_assert_int_eq(emend_dataset_add_text(d, text, strlen(text), &offset, NULL), EMEND_OK);
  return offset;
}

static size_t variable(emend_dataset *d, const char *name, const char *label, const char *format, emend_variable_kind kind) {
  emend_variable v = {.kind = kind, .storage = kind == EMEND_TEXT ? EMEND_STORAGE_TEXT : EMEND_STORAGE_F64, .label_set = -1};
  size_t index;
  v.name = text(d, name);
  v.label = text(d, label);
  v.format = text(d, format);
  ck_assert_int_eq(emend_dataset_add_variable(d, &v, &index, NULL), EMEND_OK);
  return index;
}

static void label(emend_dataset *d, size_t set, double number, const char *words) {
  emend_label l = {.kind = EMEND_KEY_NUMBER, .number = number, .text = text(d, words)};
  ck_assert_int_eq(emend_dataset_add_label(d, set, &l, NULL), EMEND_OK);
}

static emend_dataset *new_dataset(const char *format) {
  emend_dataset *d;
  ck_assert_int_eq(emend_dataset_new(1 << 28, false, &d, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_set_format(d, format, NULL), EMEND_OK);
  return d;
}

static void repeat(char *to, const char *piece, size_t times) {
  *to = '\0';
  while (times--)
    strcat(to, piece);
}

START_TEST(names_and_labels) {
  static const struct {
    const char *wanted, *got;
  } names[] = {{"income", "income"},
               {"Income", "Income"},
               {"two words", "two_words"},
               {"two.words", "two_words_2"},
               {"2nd", "_2nd"},
               {"if", "if_"},
               {"str18", "str18_"},
               {"$x@y#", "_x_y_"},
               {"abcdefghijklmnopqrstuvwxyz1234567", "abcdefghijklmnopqrstuvwxyz123456"},
               {"abcdefghijklmnopqrstuvwxyz12345678", "abcdefghijklmnopqrstuvwxyz1234_2"},
               {"\xC3\xA4\xC3\xB6\xE2\x82\xAC", "\xC3\xA4\xC3\xB6_"}}; /* ä ö €, which is no letter */
  enum { N = sizeof names / sizeof *names };
  emend_dataset *d = new_dataset("csv");
  char umlauts[200], long_name[200], long_label[400];
  for (size_t i = 0; i < N; i++)
    variable(d, names[i].wanted, "", "", EMEND_NUMERIC);
  repeat(umlauts, "\xC3\xBC", 32);
  repeat(long_name, "\xC3\xBC", 40);
  repeat(long_label, "\xE2\x82\xAC", 81);
  variable(d, long_name, long_label, "", EMEND_NUMERIC);
  ck_assert_int_eq(emend_dataset_set_file_label(d, long_label, NULL), EMEND_OK);
  emend_rows rows = emend_dataset_as_rows(d);
  emend_losses losses = {0};
  bytes out;
  dta_seen seen = write_and_see(&rows, &losses, &out);
  ck_assert_uint_eq(seen.release, 118);
  for (size_t i = 0; i < N; i++) {
    ck_assert_str_eq(seen.variables[i].name, names[i].got);
    ck_assert_str_eq(seen.variables[i].label, strcmp(names[i].wanted, names[i].got) ? names[i].wanted : ""); /* what it was called */
  }
  long_label[3 * 80] = '\0';
  ck_assert_str_eq(seen.variables[N].name, umlauts);
  ck_assert_str_eq(seen.variables[N].label, long_label);
  ck_assert_str_eq(seen.file_label, long_label);
  ck_assert_str_eq(seen.timestamp, "");
  ck_assert(lost(&losses, "10 variables get names that Stata allows") && lost(&losses, "1 variable label is cut"));
  ck_assert(lost(&losses, "label of the file is cut"));
  dta_forget(&seen);
  free(out.data);
  emend_losses_free(&losses);
  emend_dataset_free(d);
}
END_TEST

/* Codes become letters with their labels; a label of a fraction has no place; dates count from 1960; the weight is remembered. */
START_TEST(from_spss) {
  emend_dataset *d = new_dataset("sav");
  size_t set, sex;
  ck_assert_int_eq(emend_dataset_add_label_set(d, "labels0", &set, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_add_label_set(d, "labels1", &sex, NULL), EMEND_OK);
  label(d, set, 9, "refused"), label(d, set, 1, "yes"), label(d, set, 2, "no"), label(d, set, 8, "don't know");
  label(d, sex, 1, "man"), label(d, sex, 1.5, "between"), label(d, sex, -3, "other"), label(d, sex, 3e9, "too large");
  variable(d, "q", "a question", "F4.0", EMEND_NUMERIC);
  emend_variable *q = emend_dataset_edit_variable(d, 0);
  q->label_set = (int32_t)set;
  q->n_missing = 2;
  q->missing[0] = (emend_missing_range){8, 9, 0};
  q->missing[1] = (emend_missing_range){-1, -1, 0};
  variable(d, "plain", "", "F4.0", EMEND_NUMERIC); /* 8 and 9 are answers here */
  emend_dataset_edit_variable(d, 1)->label_set = (int32_t)set;
  variable(d, "sex", "", "F8.2", EMEND_NUMERIC);
  emend_dataset_edit_variable(d, 2)->label_set = (int32_t)sex;
  variable(d, "day", "", "DATE11", EMEND_DATE);
  variable(d, "moment", "", "DATETIME20", EMEND_DATETIME);
  variable(d, "w", "", "F8.2", EMEND_NUMERIC);
  emend_dataset_set_weight(d, 5);
  static const double cells[][6] = {{1, 8, 1.5, 86400.0 * (137775 + 17481), 86400.0 * (137775 + 17481) + 30600.5, 1}, /* 2007-11-11 08:30:00.5 */
                                    {8, 9, 1, NAN, NAN, 2},
                                    {9, 1, -3, 0, 0, 1},
                                    {-1, 2, 2.25, 86400.0 * 137775, 86400.0 * 137775, 1},
                                    {NAN, NAN, INFINITY, NAN, NAN, NAN}};
  for (size_t i = 0; i < 5; i++) {
    emend_dataset_add_row(d, NULL);
    for (size_t v = 0; v < 6; v++)
      emend_dataset_put_number(d, v, cells[i][v], isnan(cells[i][v]) ? EMEND_SYSTEM_MISSING : EMEND_OBSERVED);
  }
  emend_rows rows = emend_dataset_as_rows(d);
  emend_losses losses = {0};
  bytes out;
  dta_seen seen = write_and_see(&rows, &losses, &out);
  static const char kinds[5][7] = {"######", "b##..#", "c#####", "a#####", "......"};
  static const double wanted[][6] = {
      {1, 8, 1.5, 17481, 17481 * 86400e3 + 30600500, 1}, {0, 9, 1, 0, 0, 2}, {0, 1, -3, -137775, -137775 * 86400e3, 1}, {0, 2, 2.25, 0, 0, 1}};
  for (size_t i = 0; i < 5; i++)
    for (size_t v = 0; v < 6; v++) {
      double value;
      ck_assert_int_eq(dta_seen_cell(&seen, i, v, &value, NULL, NULL), kinds[i][v]);
      if (kinds[i][v] == '#')
        ck_assert_double_eq(value, wanted[i][v]);
    }
  const char *q_set = seen.variables[0].set, *plain_set = seen.variables[1].set, *sex_set = seen.variables[2].set;
  ck_assert_str_eq(q_set, "q");
  ck_assert_str_eq(dta_seen_label_of(&seen, q_set, 1), "yes");
  ck_assert_str_eq(dta_seen_label_of(&seen, q_set, dta_letter_key('b')), "don't know");
  ck_assert_str_eq(dta_seen_label_of(&seen, q_set, dta_letter_key('c')), "refused");
  ck_assert_ptr_null(dta_seen_label_of(&seen, q_set, 8));
  ck_assert_str_eq(dta_seen_label_of(&seen, plain_set, 8), "don't know");
  ck_assert_str_eq(dta_seen_label_of(&seen, sex_set, 1), "man");
  ck_assert_str_eq(dta_seen_label_of(&seen, sex_set, -3), "other");
  size_t of_sex = 0;
  for (size_t i = 0; i < seen.n_labels; i++)
    of_sex += strcmp(seen.labels[i].set, sex_set) == 0;
  ck_assert_uint_eq(of_sex, 2);
  ck_assert_str_eq(seen.variables[0].format, "%4.0f");
  ck_assert_str_eq(seen.variables[3].format, "%td");
  ck_assert_str_eq(seen.variables[4].format, "%tc");
  ck_assert_str_eq(dta_seen_characteristic_of(&seen, "_dta", "weight"), "w");
  ck_assert_str_eq(dta_seen_characteristic_of(&seen, "q", "missing_codes"), "-1 .a 8 .b 9 .c");
  ck_assert(lost(&losses, "q") && lost(&losses, "1 label set has labels") && lost(&losses, "weight") && lost(&losses, "cannot hold"));
  dta_forget(&seen);
  free(out.data);
  emend_losses_free(&losses);
  emend_dataset_free(d);
}
END_TEST

static void property(emend_dataset *d, ptrdiff_t variable, emend_property_kind kind, const char *name, const char *value) {
  emend_property p = {.kind = kind, .value = text(d, value)};
  p.name = name ? text(d, name) : 0;
  ck_assert_int_eq(emend_dataset_add_property(d, variable, &p, NULL), EMEND_OK);
}

START_TEST(notes_and_attributes) {
  emend_dataset *d = new_dataset("sav");
  variable(d, "two words", "", "F8.2", EMEND_NUMERIC);
  property(d, -1, EMEND_NOTE, NULL, "the first line");
  property(d, -1, EMEND_NOTE, NULL, "the second");
  property(d, -1, EMEND_ATTRIBUTE, "Source of data", "interview");
  property(d, 0, EMEND_ATTRIBUTE, "unit", "kg");
  char *huge = malloc(70001);
  memset(huge, 'x', 70000);
  huge[67782] = '\xC3', huge[67783] = '\xBC', huge[70000] = '\0'; /* a character across the limit */
  property(d, 0, EMEND_ATTRIBUTE, "huge", huge);
  emend_rows rows = emend_dataset_as_rows(d);
  emend_losses losses = {0};
  bytes out;
  dta_seen seen = write_and_see(&rows, &losses, &out);
  ck_assert_str_eq(dta_seen_characteristic_of(&seen, "_dta", "note0"), "2");
  ck_assert_str_eq(dta_seen_characteristic_of(&seen, "_dta", "note1"), "the first line");
  ck_assert_str_eq(dta_seen_characteristic_of(&seen, "_dta", "note2"), "the second");
  ck_assert_str_eq(dta_seen_characteristic_of(&seen, "_dta", "Source_of_data"), "interview");
  ck_assert_str_eq(dta_seen_characteristic_of(&seen, "two_words", "unit"), "kg");
  ck_assert_uint_eq(strlen(dta_seen_characteristic_of(&seen, "two_words", "huge")), 67782);
  ck_assert(lost(&losses, "1 note or characteristic is cut"));
  dta_forget(&seen);
  free(huge);
  free(out.data);
  emend_losses_free(&losses);
  emend_dataset_free(d);
}
END_TEST

/* Whole numbers take the smallest type that has room; what may receive anything stays double. */
START_TEST(smallest_types) {
  static const double cells[][7] = {{100, 101, -32768, 2147483621.0, 1, 0.5, 7}, {-127, NAN, 32740, NAN, 2, 1, 7}};
  static const unsigned char fills[] = {EMEND_FILLS_NOTHING, EMEND_FILLS_OCCURRING, EMEND_FILLS_NOTHING, EMEND_FILLS_NOTHING,
                                        EMEND_FILLS_ANY,     EMEND_FILLS_NOTHING,   EMEND_FILLS_NOTHING};
  emend_dataset *d = new_dataset("csv");
  for (size_t v = 0; v < 7; v++)
    variable(d, (char[]){(char)('a' + v), '\0'}, "", "", EMEND_NUMERIC);
  for (size_t i = 0; i < 2; i++) {
    emend_dataset_add_row(d, NULL);
    for (size_t v = 0; v < 7; v++)
      emend_dataset_put_number(d, v, cells[i][v], isnan(cells[i][v]) ? EMEND_SYSTEM_MISSING : EMEND_OBSERVED);
  }
  emend_rows rows = emend_dataset_as_rows(d);
  rows.fills = fills;
  bytes out;
  dta_seen seen = write_and_see(&rows, NULL, &out);
  for (size_t v = 0; v < 7; v++)
    ck_assert_int_eq(seen.variables[v].kind, "bildddb"[v]);
  for (size_t v = 0; v < 7; v++) {
    double value;
    ck_assert_int_eq(dta_seen_cell(&seen, 0, v, &value, NULL, NULL), '#');
    ck_assert_double_eq(value, cells[0][v]);
  }
  dta_forget(&seen);
  free(out.data);
  emend_dataset_free(d);
}
END_TEST

/* --- long strings, also of many variables and stacked copies --- */

typedef struct stack {
  const emend_dataset *dataset;
  size_t n_rows;
} stack;

static void read_stacked(const void *state, size_t row, emend_cell *cells) {
  const stack *s = state;
  emend_dataset_read_row(s->dataset, row % s->n_rows, cells);
}

static void check_long_texts(size_t n_before) {
  enum { ROWS = 4, LENGTH = 3000 };
  emend_dataset *d = new_dataset("sav");
  for (size_t v = 0; v < n_before; v++) {
    char name[16];
    snprintf(name, sizeof name, "v%zu", v);
    variable(d, name, "", "", EMEND_NUMERIC);
  }
  variable(d, "t", "", "A32000", EMEND_TEXT);
  variable(d, "s", "", "A8", EMEND_TEXT);
  char *long_text = malloc(LENGTH + 1);
  memset(long_text, 'a', LENGTH);
  for (size_t i = 0; i < ROWS; i++) {
    emend_dataset_add_row(d, NULL);
    long_text[0] = (char)('A' + i);
    emend_dataset_put_text(d, n_before, long_text, i == 1 ? 0 : LENGTH - i, NULL);
    emend_dataset_put_text(d, n_before + 1, "short text", i * 3, NULL);
  }
  stack s = {d, ROWS};
  emend_rows rows = {.dataset = d, .n_rows = 2 * ROWS, .state = &s, .read = read_stacked};
  bytes out;
  dta_seen seen = write_and_see(&rows, NULL, &out);
  ck_assert_uint_eq(seen.release, n_before + 2 > 32767 ? 119 : 118);
  ck_assert_int_eq(seen.variables[n_before].kind, 'L');
  ck_assert_int_eq(seen.variables[n_before + 1].kind, 's');
  ck_assert_uint_eq(seen.variables[n_before + 1].width, 9);
  ck_assert_uint_eq(seen.n_strls, ROWS - 1);
  for (size_t i = 0; i < 2 * ROWS; i++) {
    const char *got;
    size_t length;
    dta_seen_cell(&seen, i, n_before, NULL, &got, &length);
    ck_assert_uint_eq(length, i % ROWS == 1 ? 0 : LENGTH - i % ROWS);
    ck_assert(length == 0 || got[0] == (char)('A' + i % ROWS));
    dta_seen_cell(&seen, i, n_before + 1, NULL, &got, &length);
    ck_assert_uint_eq(length, i % ROWS * 3);
    ck_assert_mem_eq(got, "short text", length);
  }
  dta_forget(&seen);
  free(long_text);
  free(out.data);
  emend_dataset_free(d);
}

START_TEST(long_texts) {
  check_long_texts(3);
  check_long_texts(33000);
}
END_TEST

/* --- files of every format --- */

/* The letter of a missing cell: of a code, whatever the codes map to. */
static void check_cell(const emend_dataset *d, const dta_seen *seen, size_t row, size_t v) {
  emend_reason reason = emend_cell_reason(d, row, v);
  double value = NAN, before = emend_cell_value(d, row, v);
  const char *got = "";
  size_t length = 0;
  char kind = dta_seen_cell(seen, row, v, &value, &got, &length);
  if (emend_variable_get_kind(d, v) == EMEND_TEXT) {
    const char *wanted = emend_cell_text(d, row, v);
    ck_assert_int_eq(kind, 's');
    ck_assert_uint_eq(length, strlen(wanted));
    ck_assert_mem_eq(got, wanted, length);
  } else if (reason == EMEND_OBSERVED && fabs(before) < 8.9e307) {
    ck_assert_int_eq(kind, '#');
    if (emend_variable_get_kind(d, v) == EMEND_NUMERIC)
      ck_assert_double_eq(value, before);
  } else if (reason >= EMEND_TAG_A && reason <= EMEND_TAG_Z) {
    ck_assert_int_eq(kind, 'a' + (int)(reason - EMEND_TAG_A));
  } else if (reason == EMEND_USER_MISSING) {
    ck_assert(kind >= 'a' && kind <= 'z');
  } else {
    ck_assert_int_eq(kind, '.');
  }
}

static void visit_file(const indexed *file, void *context) {
  size_t *n = context;
  emend_file *read;
  if (emend_file_read(file->path, NULL, NULL, &read, NULL) != EMEND_OK)
    return;
  const emend_dataset *d = read->dataset;
  emend_rows rows = emend_dataset_as_rows(d);
  emend_losses losses = {0};
  bytes out;
  dta_seen seen = write_and_see(&rows, &losses, &out);
  ck_assert_uint_eq(seen.n_variables, emend_dataset_variables(d));
  ck_assert_uint_eq(seen.n_rows, emend_dataset_rows(d));
  for (size_t v = 0; v < seen.n_variables; v++) {
    ck_assert(seen.variables[v].format[0] == '%');
    for (size_t row = 0; row < seen.n_rows; row++)
      check_cell(d, &seen, row, v);
  }
  emend_file *again = read_shared(support_scratch("written.dta"));
  for (size_t v = 0; v < seen.n_variables; v++)
    for (size_t row = 0; row < seen.n_rows && emend_variable_get_kind(d, v) == EMEND_NUMERIC; row++)
      if (emend_cell_reason(d, row, v) == EMEND_OBSERVED && fabs(emend_cell_value(d, row, v)) < 8.9e307)
        ck_assert_double_eq(emend_cell_value(again->dataset, row, v), emend_cell_value(d, row, v));
  emend_file_close(again);
  dta_forget(&seen);
  free(out.data);
  emend_losses_free(&losses);
  emend_file_close(read);
  ++*n;
}

START_TEST(converts_every_file) {
  static const char *const extensions[] = {".sav", ".zsav", ".por", ".xpt", ".sas7bdat", ".csv", ".dta"};
  size_t n = 0;
  each_indexed(extensions[_i], "valid", visit_file, &n);
  ck_assert(!support_shared("data") || n > 0);
}
END_TEST

/* From the releases that are not rebuilt: types, labels, sort order and the time come along. */
START_TEST(from_old_releases) {
  static const unsigned releases[] = {108, 110, 112, 114};
  for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
    builder b;
    dta_places p = dta_build(&b, releases[i], i % 2, 3);
    set_integer(&b, p.sort_list, 6, 2);
    set_integer(&b, p.data, 101, 1); /* an answer up to release 112, .  after it */
    support_write(support_scratch("old.dta"), b.data, b.length);
    emend_file *file = read_shared(support_scratch("old.dta"));
    emend_rows rows = emend_dataset_as_rows(file->dataset);
    bytes out;
    dta_seen seen = write_and_see(&rows, NULL, &out);
    double value;
    char kind = dta_seen_cell(&seen, 0, 0, &value, NULL, NULL);
    ck_assert_int_eq(kind, emend_cell_reason(file->dataset, 0, 0) == EMEND_OBSERVED ? '#' : '.');
    ck_assert(kind != '#' || value == 101);
    static const char kinds[] = {'b', 'i', 'l', 'f', 'd', 's'};
    for (size_t v = kind == '#'; v < 6; v++)
      ck_assert_int_eq(seen.variables[v].kind, kinds[v]);
    ck_assert_uint_eq(seen.variables[5].width, 5);
    ck_assert_uint_eq(seen.variables[0].sort, 6);
    ck_assert_uint_eq(seen.variables[1].sort, 0);
    ck_assert_str_eq(seen.timestamp, "01 Jan 2001 01:01");
    ck_assert_str_eq(seen.file_label, "made here");
    ck_assert_str_eq(seen.variables[0].set, "set");
    ck_assert_str_eq(seen.variables[0].label, "the first");
    ck_assert_str_eq(seen.variables[2].format, "%12.0g");
    if (emend_variable_value_label(file->dataset, 0, 1)) /* not read from release 108 */
      ck_assert_str_eq(dta_seen_label_of(&seen, "set", 1), "yes");
    ck_assert(releases[i] == 108 || emend_variable_value_label(file->dataset, 0, 1));
    ck_assert_str_eq(dta_seen_characteristic_of(&seen, "_dta", "note1"), "a note");
    ck_assert_str_eq(dta_seen_characteristic_of(&seen, "_dta", "note0"), "1");
    dta_forget(&seen);
    free(out.data);
    emend_file_close(file);
  }
}
END_TEST

/* Sets that no variable has are of a Stata file too, and keep their names. */
START_TEST(unattached_label_sets) {
  static const char *const formats[] = {"dta", "sav"};
  for (size_t i = 0; i < 2; i++) {
    emend_dataset *d = new_dataset(formats[i]);
    size_t set;
    variable(d, "x", "", "%9.0g", EMEND_NUMERIC);
    ck_assert_int_eq(emend_dataset_add_label_set(d, "spare", &set, NULL), EMEND_OK);
    label(d, set, 2, "two"), label(d, set, 1, "one"), label(d, set, 2, "again");
    ck_assert_int_eq(emend_dataset_add_label_set(d, "empty", &set, NULL), EMEND_OK);
    emend_dataset_edit_variable(d, 0)->label_set = (int32_t)set;
    emend_rows rows = emend_dataset_as_rows(d);
    bytes out;
    dta_seen seen = write_and_see(&rows, NULL, &out);
    ck_assert_uint_eq(seen.n_labels, i == 0 ? 2 : 0);
    if (i == 0)
      ck_assert_str_eq(dta_seen_label_of(&seen, "spare", 2), "two");
    ck_assert_str_eq(seen.variables[0].set, i == 0 ? "empty" : "x");
    dta_forget(&seen);
    free(out.data);
    emend_dataset_free(d);
  }
}
END_TEST

/* --- refusals --- */

static void read_bad(const void *state, size_t row, emend_cell *cells) {
  (void)row;
  cells[0] = *(const emend_cell *)state;
}

START_TEST(refuses_bad_imputations) {
  static const struct {
    double value;
    emend_status status;
  } cases[] = {{7, EMEND_OK}, {8, EMEND_INTERNAL}, {INFINITY, EMEND_INTERNAL}, {0x1p1023, EMEND_INTERNAL}, {NAN, EMEND_INTERNAL}};
  emend_dataset *d = new_dataset("sav");
  variable(d, "q", "", "F4.0", EMEND_NUMERIC);
  emend_dataset_edit_variable(d, 0)->n_missing = 1;
  emend_dataset_edit_variable(d, 0)->missing[0] = (emend_missing_range){8, 9, 0};
  emend_dataset_add_row(d, NULL);
  emend_error *error = emend_error_new();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    emend_cell cell = {.value = cases[i].value, .reason = EMEND_SYSTEM_MISSING, .imputed = true};
    emend_rows rows = {.dataset = d, .n_rows = 1, .state = &cell, .read = read_bad};
    bytes out;
    ck_assert_int_eq(write_rows(&rows, NULL, &out, error), cases[i].status);
    if (cases[i].status) {
      ck_assert_str_eq(emend_error_variable(error), "q");
      ck_assert_int_eq(emend_error_row(error), 1);
    }
    free(out.data);
  }
  emend_error_free(error);
  emend_dataset_free(d);
}
END_TEST

SUITE {
  Suite *suite = suite_create("dta write");
  TCase *made = tcase_create("made"), *files = tcase_create("files");
  tcase_set_timeout(made, 60);
  tcase_add_test(made, names_and_labels);
  tcase_add_test(made, from_spss);
  tcase_add_test(made, notes_and_attributes);
  tcase_add_test(made, smallest_types);
  tcase_add_test(made, long_texts);
  tcase_add_test(made, from_old_releases);
  tcase_add_test(made, unattached_label_sets);
  tcase_add_test(made, refuses_bad_imputations);
  tcase_set_timeout(files, 120);
  tcase_add_loop_test(files, converts_every_file, 0, 7);
  suite_add_tcase(suite, made);
  suite_add_tcase(suite, files);
  return suite;
}
