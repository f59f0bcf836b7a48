/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "building.h"
#include "io/write_plan.h"
#include "patching.h"
#include "pspp.h"
#include "sav_parse.h"
#include "support/support.h"

/*
 * SPSS system files with variables added and rows stacked, read by the tests' own parser: every record of the source stands in the new
 * file, longer only where the new variables have to be in it; every element of a row is there with its opcode. PSPP sees the same dictionary.
 */

static const emend_added_label yes_no[] = {{1, "imputed"}, {0, "as \xC3\xA4nswered"}};
static const emend_added_variable added[] = {
    {.name = "emend_flag_of_something", .label = "Was it imputed?", .storage = EMEND_STORAGE_I8, .measure = EMEND_NOMINAL, .labels = yes_no, .n_labels = 2},
    {.name = "emend_flag_of_another", .label = "", .storage = EMEND_STORAGE_F64, .measure = EMEND_SCALE, .decimals = 4},
    {.name = "EMEND_PR", .label = "x", .storage = EMEND_STORAGE_I32, .measure = EMEND_ORDINAL},
};
enum { N_ADDED = sizeof added / sizeof *added };

typedef struct shape {
  const emend_dataset *dataset;
  bool imputes;
  size_t n_added;
} shape;

static double added_value(size_t row, size_t i) {
  return row == 1 ? NAN : i == 1 ? chance(5, row, i) : i == 0 ? (double)(row % 2) : (double)row - 70000;
}

static double imputed_value(size_t row, size_t v) { return floor(300000 * chance(6, row, v)) / 1024 - (v % 2 ? 50 : 1000); }

static bool is_imputed(const shape *s, size_t row, size_t v) {
  return s->imputes && emend_variable_get_kind(s->dataset, v) != EMEND_TEXT && chance(7, row, v) < 0.2 &&
         !emend_variable_declares_missing(emend_dataset_variable(s->dataset, v), imputed_value(row, v));
}

static void read_shape(const void *state, size_t row, emend_cell *cells) {
  const shape *s = state;
  size_t n = emend_dataset_variables(s->dataset);
  emend_dataset_read_row(s->dataset, row % emend_dataset_rows(s->dataset), cells);
  for (size_t v = 0; v < n; v++)
    if (is_imputed(s, row, v))
      cells[v].imputed = true, cells[v].value = imputed_value(row, v);
  for (size_t i = 0; i < s->n_added; i++)
    cells[n + i] = (emend_cell){.value = added_value(row, i), .reason = row == 1 ? EMEND_SYSTEM_MISSING : EMEND_OBSERVED};
}

static emend_status rebuild(const emend_source *source, const emend_rows *rows, emend_losses *losses, const char *path, emend_error *error) {
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  emend_writer *writer = NULL;
  emend_status status = emend_outputs_open(outputs, path, 1, &output, error);
  if (!status)
    status = emend_sav_open_rebuild(source, rows, losses, output, &writer, error);
  if (!status)
    status = emend_writer_pour(writer, rows, NULL, error);
  if (!status)
    status = emend_outputs_publish(outputs, error);
  if (writer)
    writer->free(writer);
  emend_outputs_free(outputs);
  return status;
}

static sav_seen parse_file(const char *path) {
  size_t length;
  unsigned char *bytes = support_read(path, &length);
  return sav_parse(bytes, length);
}

/* --- what has changed, against what was --- */

static void check_header(const sav_seen *old, const sav_seen *new, size_t n_added, size_t n_rows) {
  unsigned char wanted[176];
  memcpy(wanted, old->bytes, sizeof wanted);
  if (sav_seen_word(old, 68) == old->n_elements)
    memcpy(wanted + 68, new->bytes + 68, 4);
  if (old->n_cases >= 0)
    memcpy(wanted + 80, new->bytes + 80, 4);
  ck_assert_mem_eq(new->bytes, wanted, sizeof wanted);
  ck_assert(sav_seen_word(old, 68) != old->n_elements || sav_seen_word(new, 68) == old->n_elements + n_added);
  ck_assert(old->n_cases < 0 || (size_t)new->n_cases == n_rows);
}

/* Records with the new variables in them begin with what they were, but for their count. */
static void check_longer(const sav_seen *old, const sav_seen_record *x, const sav_seen *new, const sav_seen_record *y, size_t more) {
  ck_assert_uint_eq(y->length, x->length + more);
  ck_assert_mem_eq(old->bytes + x->offset, new->bytes + y->offset, 12);
  ck_assert_mem_eq(old->bytes + x->offset + 16, new->bytes + y->offset + 16, x->length - 16);
}

static void check_records(const sav_seen *old, const sav_seen *new, size_t n_added) {
  size_t j = 0, n_new = n_added ? n_added + 2 : 0; /* a variable record each, value labels for one of them */
  const sav_seen_record *names = sav_seen_find(old, 7, 13), *display = sav_seen_find(old, 7, 11);
  for (size_t i = 0; i < old->n_records; i++, j++) {
    const sav_seen_record *x = &old->records[i];
    if (x->type != 2 && i == j) /* behind the last variable's */
      j += n_new;
    ck_assert_uint_lt(j, new->n_records);
    const sav_seen_record *y = &new->records[j];
    ck_assert_uint_eq(x->type, y->type);
    if (n_added && (x == names || (x == display && y->length != x->length))) {
      ck_assert_uint_gt(y->length, x->length);
      check_longer(old, x, new, y, x == names ? y->length - x->length : n_added * (y->length - x->length == 12 * n_added ? 12 : 8));
    } else {
      ck_assert_uint_eq(x->length, y->length);
      ck_assert_mem_eq(old->bytes + x->offset, new->bytes + y->offset, x->type == 7 && x->subtype == 16 ? 24 : x->length);
    }
  }
  ck_assert_uint_eq(new->n_records - j, n_added && !names ? 1 : 0);
}

/* The variable whose number an element is: numbers come in the same order in the file and in the dataset. */
static ptrdiff_t *numeric_elements(const sav_seen *old, const emend_dataset *dataset) {
  ptrdiff_t *variable = malloc(old->n_elements * sizeof *variable);
  size_t element = 0, v = 0;
  for (size_t i = 0; i < old->n_records; i++) {
    if (old->records[i].type != 2)
      continue;
    variable[element] = -1;
    if (sav_seen_word(old, old->records[i].offset + 4) == 0) {
      while (emend_variable_get_kind(dataset, v) == EMEND_TEXT)
        v++;
      variable[element] = (ptrdiff_t)v++;
    }
    element++;
  }
  return variable;
}

static void check_rows(const sav_seen *old, const sav_seen *new, const emend_rows *rows) {
  size_t n = old->n_elements, n_source = emend_dataset_rows(rows->dataset);
  ptrdiff_t *variable = numeric_elements(old, rows->dataset);
  ck_assert_uint_eq(new->n_elements, n + rows->n_added);
  ck_assert_uint_eq(new->n_rows, rows->n_rows);
  for (size_t row = 0; row < new->n_rows; row++) {
    const unsigned char *x = old->rows + 8 * n * (row % n_source), *y = new->rows + 8 * new->n_elements * row;
    const unsigned char *a = old->codes + n * (row % n_source), *b = new->codes + new->n_elements * row;
    for (size_t e = 0; e < n; e++) {
      bool imputed = variable[e] >= 0 && is_imputed(rows->state, row, (size_t)variable[e]);
      ck_assert(imputed ? sav_seen_number(new, y + 8 * e) == imputed_value(row, (size_t)variable[e]) : memcmp(x + 8 * e, y + 8 * e, 8) == 0);
      ck_assert(imputed || a[e] == b[e]);
    }
    for (size_t i = 0; i < rows->n_added; i++) {
      double value = sav_seen_number(new, y + 8 * (n + i));
      ck_assert(value == (isnan(added_value(row, i)) ? -__DBL_MAX__ : added_value(row, i)));
      ck_assert(new->compression == 0 || b[n + i] != 253 || value != floor(value) || fabs(value) > 100);
    }
  }
  ck_assert(old->has_end == new->has_end);
  free(variable);
}

/* Read again by the library: imputed and added cells, the rest as before, what is said of the new variables. */
static void check_meaning(const emend_rows *rows, const char *path) {
  const shape *s = rows->state;
  const emend_dataset *before = rows->dataset;
  emend_file *file = read_shared(path);
  const emend_dataset *d = file->dataset;
  size_t n = emend_dataset_variables(before);
  ck_assert_uint_eq(emend_dataset_variables(d), n + rows->n_added);
  for (size_t v = 0; v < n; v++)
    ck_assert_str_eq(emend_variable_name(d, v), emend_variable_name(before, v));
  for (size_t row = 0; row < rows->n_rows; row++)
    for (size_t v = 0; v < n; v++) {
      size_t from = row % emend_dataset_rows(before);
      bool text = emend_variable_get_kind(before, v) == EMEND_TEXT;
      if (text)
        ck_assert_str_eq(emend_cell_text(d, row, v), emend_cell_text(before, from, v));
      else if (is_imputed(s, row, v))
        ck_assert(emend_cell_value(d, row, v) == imputed_value(row, v));
      else
        ck_assert_int_eq(emend_cell_reason(d, row, v), emend_cell_reason(before, from, v));
    }
  if (rows->n_added == 0) {
    emend_file_close(file);
    return;
  }
  ck_assert_str_eq(emend_variable_label(d, n), "Was it imputed?");
  ck_assert_str_eq(emend_variable_name(d, n), "emend_flag_of_something");
  ck_assert_str_eq(emend_variable_name(d, n + 1), "emend_flag_of_another");
  ck_assert_str_eq(emend_variable_name(d, n + 2), "EMEND_PR");
  ck_assert_str_eq(emend_variable_value_label(d, n, 1), "imputed");
  ck_assert_str_eq(emend_variable_format(d, n + 1), "F8.4");
  emend_file_close(file);
}

static void check_file(const char *path) {
  emend_file *file = read_shared(path);
  emend_error *error = emend_error_new();
  const char *out = support_scratch("rebuilt.sav");
  sav_seen old = parse_file(path);
  for (unsigned what = 0; what < 8; what++) { /* added variables, a second copy, imputed cells */
    shape s = {file->dataset, (what & 4) != 0, what & 1 ? N_ADDED : 0};
    emend_losses losses = {0};
    emend_rows rows = {.dataset = file->dataset, .added = added, .n_added = s.n_added, .state = &s, .read = read_shape};
    rows.n_rows = emend_dataset_rows(file->dataset) * (what & 2 ? 2 : 1);
    emend_status status = rebuild(file->source, &rows, &losses, out, error);
    ck_assert_msg(status == EMEND_OK, "%s: %s", path, emend_error_text(error));
    for (size_t i = 0; i < losses.count; i++)
      ck_assert_msg(strstr(losses.sentences[i], "encoding lacks"), "%s: %s", path, losses.sentences[i]);
    sav_seen new = parse_file(out);
    check_header(&old, &new, rows.n_added, rows.n_rows);
    check_records(&old, &new, rows.n_added);
    check_rows(&old, &new, &rows);
    check_meaning(&rows, out);
    if (what == 0 && old.compression < 2 && !old.padded) {
      ck_assert_uint_eq(new.length, old.length);
      ck_assert_mem_eq(new.bytes, old.bytes, old.length);
    }
    sav_seen_free(&new);
    emend_losses_free(&losses);
  }
  sav_seen_free(&old);
  emend_error_free(error);
  emend_file_close(file);
}

static void visit_file(const indexed *file, void *context) {
  (void)context;
  if (file->rows < 500 && !strstr(file->name, "wide"))
    check_file(file->path);
}

START_TEST(keeps_everything) {
  size_t n = each_indexed(".sav", "valid", visit_file, NULL), n_blocked = each_indexed(".zsav", "valid", visit_file, NULL);
  ck_assert(!support_shared("data") || (n > 25 && n_blocked > 1));
}
END_TEST

/* A block as small as its contents: the new file needs more of them. */
START_TEST(blocks_are_filled) {
  const char *source = support_shared("data/format/small.zsav");
  if (!source)
    return;
  char path[4096];
  sav_seen s = parse_file(source);
  size_t index = sav_seen_word(&s, s.data_offset + 8);
  memcpy(s.bytes + index + 16, s.bytes + index + 24 + 16, 4);
  snprintf(path, sizeof path, "%s", support_scratch("full.zsav"));
  support_write(path, s.bytes, s.length);
  check_file(path);
  sav_seen_free(&s);
  s = parse_file(support_scratch("rebuilt.sav"));
  ck_assert_uint_gt(s.n_blocks, 1);
  sav_seen_free(&s);
}
END_TEST

/* --- names and encodings --- */

static sav_seen rebuild_built(const builder *b, const emend_added_variable *more, size_t n, emend_losses *losses) {
  const char *path = support_scratch("built.sav"), *out = support_scratch("out.sav");
  support_write(path, b->data, b->length);
  emend_file *file = read_shared(path);
  emend_error *error = emend_error_new();
  shape s = {file->dataset, false, n};
  emend_rows rows = {.dataset = file->dataset, .added = more, .n_added = n, .state = &s, .read = read_shape};
  rows.n_rows = emend_dataset_rows(file->dataset);
  ck_assert_msg(rebuild(file->source, &rows, losses, out, error) == EMEND_OK, "%s", emend_error_text(error));
  emend_error_free(error);
  emend_file_close(file);
  return parse_file(out);
}

/* The name of the n-th variable record. */
static const char *short_name(const sav_seen *s, size_t n) {
  static char names[4][9];
  char *name = names[n % 4];
  for (size_t i = 0; i < s->n_records; i++)
    if (s->records[i].type == 2 && n-- == 0) {
      memcpy(name, s->bytes + s->records[i].offset + 24, 8);
      *strchrnul(name, ' ') = '\0';
    }
  return name;
}

START_TEST(short_names_are_nobody_elses) {
  static const char pairs[] = "EMEND_FL=first\tEMEND_F2=emend_f3", grown[] = "EMEND_F4=emend_flag_of_something\tEMEND_F5=emend_flag_of_another\tEMEND_PR=EMEND_PR";
  for (int big = 0; big < 2; big++) {
    builder b = {.big_endian = big};
    sav_begin(&b, big, 0, 2, 100);
    sav_variable(&b, "EMEND_FL", 0), sav_variable(&b, "EMEND_F2", 0);
    sav_extension(&b, 13, 1, sizeof pairs - 1, pairs);
    sav_end(&b);
    for (int i = 0; i < 4; i++)
      add_number(&b, i);
    sav_seen s = rebuild_built(&b, added, N_ADDED, NULL);
    ck_assert_str_eq(short_name(&s, 2), "EMEND_F4");
    ck_assert_str_eq(short_name(&s, 3), "EMEND_F5");
    ck_assert_str_eq(short_name(&s, 4), "EMEND_PR");
    const sav_seen_record *r = sav_seen_find(&s, 7, 13);
    ck_assert_uint_eq(r->length, 16 + sizeof pairs + sizeof grown - 1);
    ck_assert_mem_eq(s.bytes + r->offset + 16 + sizeof pairs, grown, sizeof grown - 1);
    sav_seen_free(&s);
  }
}
END_TEST

static bool holds(const sav_seen *s, const char *text) { return memmem(s->bytes, s->data_offset, text, strlen(text)) != NULL; }

START_TEST(texts_are_in_the_file_s_encoding) {
  static const emend_added_label labels[] = {{1, "na\xC3\xAFve \xE2\x82\xAC"}, {2, "\xCE\xB1"}};
  char far_too_long[400] = "\xC3\xA4";
  for (size_t i = 0; i < 150; i++)
    memcpy(far_too_long + 2 * i, "\xC3\xA4", 3);
  const emend_added_variable more[] = {{.name = "gr\xC3\xB6\xC3\x9F""e_\xCE\xB1", .label = far_too_long, .labels = labels, .n_labels = 2}};
  static const char *const encodings[] = {"windows-1252", "UTF-8"};
  for (int utf8 = 0; utf8 < 2; utf8++) {
    builder b = {.big_endian = false};
    emend_losses losses = {0};
    sav_begin(&b, false, 1, 0, 100);
    sav_variable(&b, "A", 0);
    sav_extension(&b, 13, 1, 3, "A=a");
    sav_extension(&b, 20, 1, (uint32_t)strlen(encodings[utf8]), encodings[utf8]);
    sav_end(&b);
    sav_seen s = rebuild_built(&b, more, 1, &losses);
    ck_assert(holds(&s, utf8 ? "GR__E__=gr\xC3\xB6\xC3\x9F""e_\xCE\xB1" : "GR__E__=gr\xF6\xDF""e__"));
    ck_assert(holds(&s, utf8 ? "na\xC3\xAFve \xE2\x82\xAC" : "na\xEFve \x80"));
    ck_assert_uint_eq(losses.count, utf8 ? 1 : 2);
    if (utf8) /* 127 characters of two bytes fit in 255 */
      ck_assert_uint_eq(sav_seen_word(&s, sav_seen_find(&s, 2, 0)->offset + 32), 254);
    ck_assert_ptr_nonnull(strstr(losses.sentences[0], utf8 ? "is cut" : "another name"));
    sav_seen_free(&s);
    emend_losses_free(&losses);
  }
}
END_TEST

/* --- damaged files: rebuilt or refused --- */

typedef struct damage {
  const emend_dataset *dataset;
  size_t rebuilt;
} damage;

static void visit_damaged(const emend_source *source, void *context) {
  damage *d = context;
  shape s = {d->dataset, true, N_ADDED};
  emend_rows rows = {.dataset = d->dataset, .added = added, .n_added = N_ADDED, .state = &s, .read = read_shape};
  rows.n_rows = 2 * emend_dataset_rows(d->dataset);
  d->rebuilt += rebuild(source, &rows, NULL, support_scratch("damaged.sav"), NULL) == EMEND_OK;
}

START_TEST(damage_is_survived) {
  static const char *const files[] = {"format/very_long_strings.sav", "format/weights_docs_attrs.sav", "format/small.zsav"};
  for (size_t i = 0; support_shared("data") && i < sizeof files / sizeof *files; i++) {
    char path[4096];
    size_t length;
    snprintf(path, sizeof path, "%s/%s", support_shared("data"), files[i]);
    unsigned char *bytes = support_read(path, &length);
    emend_file *file = read_shared(path);
    damage d = {file->dataset, 0};
    each_damaged(bytes, length, 11 + i, 150, visit_damaged, &d);
    ck_assert(d.rebuilt > 0 && d.rebuilt < 150);
    emend_file_close(file);
    free(bytes);
  }
}
END_TEST

/* --- PSPP's opinion: the same dictionary, sets, attributes and documents, once the new variables are dropped --- */

static void show(const char *file, const char *drop, const char *said) {
  char syntax[1024];
  snprintf(syntax, sizeof syntax,
           "GET FILE='%s'%s.\nDISPLAY DICTIONARY.\nDISPLAY ATTRIBUTES.\nDISPLAY @ATTRIBUTES.\nDISPLAY DOCUMENTS.\nDISPLAY FILE LABEL.\n"
           "MRSETS /DISPLAY NAME=ALL.\nSHOW WEIGHT.\nLIST.\n",
           file, drop);
  ck_assert_msg(pspp_run(syntax, said), "%s", file);
}

static void compare_in_pspp(const char *path, const char *copy) {
  static const char drop[] = " /DROP=emend_flag_of_something emend_flag_of_another EMEND_PR";
  emend_file *file = read_shared(path);
  emend_error *error = emend_error_new();
  shape s = {file->dataset, false, N_ADDED};
  emend_rows rows = {.dataset = file->dataset, .added = added, .n_added = N_ADDED, .state = &s, .read = read_shape};
  rows.n_rows = emend_dataset_rows(file->dataset);
  ck_assert_msg(rebuild(file->source, &rows, NULL, support_scratch(copy), error) == EMEND_OK, "%s", emend_error_text(error));
  show(path, "", "before.txt");
  show(copy, drop, "after.txt");
  char *before = (char *)support_read(support_scratch("before.txt"), NULL), *after = (char *)support_read(support_scratch("after.txt"), NULL);
  ck_assert_uint_gt(strlen(before), 100);
  /* Where a file has no long names PSPP shows the short ones in lower case; the added variables bring the record, and it shows them as they are. */
  sav_seen seen = parse_file(path);
  bool any_case = !sav_seen_find(&seen, 7, 13);
  sav_seen_free(&seen);
  size_t same = 0;
  while (before[same] && (before[same] == after[same] || (any_case && emend_ascii_lower(before[same]) == emend_ascii_lower(after[same]))))
    same++;
  ck_assert_msg(before[same] == after[same], "%s: %.300s\n--- became ---\n%.300s", path, before + same, after + same);
  free(before), free(after);
  emend_error_free(error);
  emend_file_close(file);
}

START_TEST(pspp_sees_no_difference) {
  static const char *const rich[] = {"plain.sav", "rows.sav", "blocks.zsav"};
  static const char *const shared[] = {"weights_docs_attrs.sav", "cp1252_record.sav", "bigendian.sav", "utf8_longnames.sav", "um_string.sav",
                                       "dates.sav", "pyr_sample.zsav"};
  if (!pspp_make_rich())
    return;
  for (size_t i = 0; i < sizeof rich / sizeof *rich; i++) {
    char path[4096];
    snprintf(path, sizeof path, "%s", support_scratch(rich[i]));
    compare_in_pspp(path, "copy.sav");
  }
  for (size_t i = 0; support_shared("data") && i < sizeof shared / sizeof *shared; i++) {
    char path[4096];
    const char *folder = support_shared("data/format");
    char *full = realpath(folder, NULL);
    snprintf(path, sizeof path, "%s/%s", full, shared[i]);
    free(full);
    compare_in_pspp(path, "copy.sav");
  }
}
END_TEST

SUITE {
  Suite *suite = suite_create("sav rebuild");
  TCase *cases = tcase_create("rebuild");
  tcase_set_timeout(cases, 60);
  tcase_add_test(cases, keeps_everything);
  tcase_add_test(cases, blocks_are_filled);
  tcase_add_test(cases, short_names_are_nobody_elses);
  tcase_add_test(cases, texts_are_in_the_file_s_encoding);
  tcase_add_test(cases, damage_is_survived);
  tcase_add_test(cases, pspp_sees_no_difference);
  suite_add_tcase(suite, cases);
  return suite;
}
