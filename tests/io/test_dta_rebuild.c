/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "building.h"
#include "dta_parse.h"
#include "io/write_plan.h"
#include "patching.h"
#include "support/support.h"

/* Stata files laid out anew: what came in stands in the new file, read by the tests' own parser, and with nothing to change it is the old file. */

typedef struct shape {
  const emend_dataset *dataset;
  size_t n_rows; /* of the dataset */
  bool imputes;  /* some cells, and all of them in widened variables */
  const unsigned char *widened;
} shape;

static const emend_added_label yes_no[] = {{1, "imputed"}, {0, "as answered"}};
static const emend_added_variable added[] = {
    {.name = "y", .label = "a name that is taken", .storage = EMEND_STORAGE_I8, .labels = yes_no, .n_labels = 2},
    {.name = "emend_probability", .label = "", .storage = EMEND_STORAGE_F64, .decimals = 4},
    {.name = "a name far too long for Stata, and with blanks", .label = "x", .storage = EMEND_STORAGE_I32},
};
enum { N_ADDED = sizeof added / sizeof *added };

static double added_value(size_t row, size_t i) { return i == 1 ? chance(5, row, i) : i == 0 ? (double)(row % 2) : (double)row - 70000; }

static double imputed_value(size_t row, size_t variable) { return floor(50 * chance(6, row, variable)); }

static bool is_imputed(const shape *s, size_t row, size_t variable) {
  return s->imputes && emend_variable_get_kind(s->dataset, variable) != EMEND_TEXT && chance(7, row, variable) < 0.2;
}

static void read_shape(const void *state, size_t row, emend_cell *cells) {
  const shape *s = state;
  size_t n = emend_dataset_variables(s->dataset);
  emend_dataset_read_row(s->dataset, row % s->n_rows, cells);
  for (size_t v = 0; v < n; v++)
    if (is_imputed(s, row, v)) {
      cells[v].imputed = true;
      cells[v].value = imputed_value(row, v) + (s->widened[v] ? 0.25 : 0);
    }
  for (size_t i = 0; i < N_ADDED; i++)
    cells[n + i] = (emend_cell){.value = added_value(row, i), .reason = row == 1 ? EMEND_SYSTEM_MISSING : EMEND_OBSERVED};
}

static emend_status rebuild(const emend_source *source, const emend_rows *rows, emend_losses *losses, bytes *out, emend_error *error) {
  char path[4096];
  snprintf(path, sizeof path, "%s", support_scratch("rebuilt.dta"));
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  emend_writer *writer = NULL;
  emend_cell *cells = calloc(emend_dataset_variables(rows->dataset) + rows->n_added, sizeof *cells);
  emend_status status = emend_outputs_open(outputs, path, 1, &output, error);
  if (!status)
    status = emend_dta_open_rebuild(source, rows, losses, output, &writer, error);
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

static void check_unchanged(const emend_file *file, const bytes *original) {
  emend_error *error = emend_error_new();
  emend_rows rows = emend_dataset_as_rows(file->dataset);
  emend_losses losses = {0};
  bytes copy;
  emend_status status = rebuild(file->source, &rows, &losses, &copy, error);
  ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_uint_eq(losses.count, 0);
  ck_assert_uint_eq(copy.length, original->length);
  ck_assert_mem_eq(copy.data, original->data, copy.length);
  free(copy.data);
  emend_error_free(error);
}

/* --- what has changed, against what was --- */

static void check_dictionary(const dta_seen *old, const dta_seen *new, const shape *s, size_t copies) {
  ck_assert(new->release == old->release && new->big_endian == old->big_endian);
  ck_assert_uint_eq(new->n_variables, old->n_variables + N_ADDED);
  ck_assert_uint_eq(new->n_rows, old->n_rows * copies);
  ck_assert_str_eq(new->file_label, old->file_label);
  ck_assert_str_eq(new->timestamp, old->timestamp);
  bool sorted = copies == 1;
  for (size_t v = 0; v < old->n_variables; v++) {
    const dta_seen_variable *x = &old->variables[v], *y = &new->variables[v];
    ck_assert_str_eq(x->name, y->name);
    ck_assert_str_eq(x->format, y->format);
    ck_assert_str_eq(x->set, y->set);
    ck_assert_str_eq(x->label, y->label);
    ck_assert_int_eq(y->kind, s->widened[v] ? 'd' : x->kind);
    ck_assert_uint_eq(y->width, s->widened[v] ? 8 : x->width);
    sorted = sorted && x->sort && emend_variable_get_kind(s->dataset, x->sort - 1) == EMEND_TEXT;
    ck_assert_uint_eq(y->sort, sorted ? x->sort : 0);
  }
  ck_assert_uint_eq(new->n_characteristics, old->n_characteristics);
  for (size_t i = 0; i < old->n_characteristics; i++) {
    ck_assert_str_eq(old->characteristics[i].variable, new->characteristics[i].variable);
    ck_assert_str_eq(old->characteristics[i].name, new->characteristics[i].name);
  }
  ck_assert_uint_eq(new->n_labels, old->n_labels + 2);
  for (size_t i = 0; i < old->n_labels; i++)
    ck_assert_str_eq(dta_seen_label_of(new, old->labels[i].set, old->labels[i].key), old->labels[i].text);
  ck_assert_uint_eq(new->n_strls, old->n_strls);
}

static void check_cells(const dta_seen *old, const dta_seen *new, const shape *s) {
  for (size_t row = 0; row < new->n_rows; row++)
    for (size_t v = 0; v < old->n_variables; v++) {
      const dta_seen_variable *x = &old->variables[v], *y = &new->variables[v];
      double before = NAN, after = NAN;
      const char *text = "", *other = "";
      size_t length = 0, other_length = 0, from = row % old->n_rows;
      char kind = dta_seen_cell(old, from, v, &before, &text, &length), now = dta_seen_cell(new, row, v, &after, &other, &other_length);
      if (is_imputed(s, row, v)) {
        ck_assert_int_eq(now, '#');
        ck_assert_double_eq(after, imputed_value(row, v) + (s->widened[v] ? 0.25 : 0));
      } else if (!s->widened[v]) {
        ck_assert_mem_eq(new->bytes + new->data + row * new->row_bytes + y->offset, old->bytes + old->data + from * old->row_bytes + x->offset,
                         x->width);
        ck_assert_uint_eq(length, other_length);
        ck_assert_mem_eq(text, other, length);
      } else {
        ck_assert_int_eq(now, kind);
        if (kind == '#')
          ck_assert_double_eq(before, after);
      }
    }
}

static void check_added(const dta_seen *new, size_t first) {
  static const char kinds[] = {'b', 'd', 'l'};
  for (size_t i = 0; i < N_ADDED; i++) {
    const dta_seen_variable *x = &new->variables[first + i];
    ck_assert_int_eq(x->kind, kinds[i]);
    ck_assert_str_eq(x->label, added[i].label);
    for (size_t v = 0; v < first + i; v++)
      ck_assert_str_ne(new->variables[v].name, x->name);
    for (size_t row = 0; row < new->n_rows; row++) {
      double value;
      char kind = dta_seen_cell(new, row, first + i, &value, NULL, NULL);
      ck_assert_int_eq(kind, row == 1 ? '.' : '#');
      if (row != 1)
        ck_assert_double_eq(value, added_value(row, i));
    }
  }
  ck_assert_str_eq(new->variables[first + 1].name, "emend_probability");
  ck_assert_str_eq(new->variables[first + 1].format, "%12.4f");
  ck_assert_str_eq(new->variables[first + 2].name, "a_name_far_too_long_for_Stata__a");
  ck_assert_str_eq(dta_seen_label_of(new, new->variables[first].set, 0), "as answered");
  ck_assert_str_eq(dta_seen_label_of(new, new->variables[first].set, 1), "imputed");
}

static void check_changed(const emend_file *file, const bytes *original, size_t copies) {
  emend_error *error = emend_error_new();
  size_t n = emend_dataset_variables(file->dataset);
  emend_storage *storages = calloc(n, sizeof *storages);
  unsigned char *widened = calloc(n, 1), *fills = calloc(n, 1);
  for (size_t v = 0; v < n; v++) {
    emend_storage own = emend_dataset_variable(file->dataset, v)->storage;
    bool text = emend_variable_get_kind(file->dataset, v) == EMEND_TEXT;
    storages[v] = text || v % 3 ? own : EMEND_STORAGE_F64;
    widened[v] = storages[v] != own;
    fills[v] = !text;
  }
  shape s = {.dataset = file->dataset, .n_rows = emend_dataset_rows(file->dataset), .imputes = true, .widened = widened};
  emend_rows rows = {.dataset = file->dataset, .added = added, .n_added = N_ADDED, .storages = storages, .fills = fills,
                     .n_rows = copies * s.n_rows, .state = &s, .read = read_shape};
  emend_losses losses = {0};
  bytes copy;
  emend_status status = rebuild(file->source, &rows, &losses, &copy, error);
  ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
  size_t n_orders = losses.count && strstr(losses.sentences[0], "sorted") ? 1 : 0;
  ck_assert_uint_eq(losses.count, n_orders + 1);
  ck_assert_ptr_nonnull(strstr(losses.sentences[n_orders], "a name far too long"));
  dta_seen old = dta_see(original->data, original->length), new = dta_see(copy.data, copy.length);
  check_dictionary(&old, &new, &s, copies);
  check_cells(&old, &new, &s);
  check_added(&new, old.n_variables);
  /* And ReadStat takes it. */
  emend_file *again = read_shared(support_scratch("rebuilt.dta"));
  ck_assert_uint_eq(emend_dataset_rows(again->dataset), rows.n_rows);
  emend_file_close(again);
  dta_forget(&old), dta_forget(&new);
  emend_losses_free(&losses);
  free(copy.data), free(storages), free(widened), free(fills);
  emend_error_free(error);
}

static void check_file(const char *path) {
  bytes original;
  original.data = support_read(path, &original.length);
  emend_file *file = read_shared(path);
  check_unchanged(file, &original);
  check_changed(file, &original, 1);
  check_changed(file, &original, 3);
  emend_file_close(file);
  free(original.data);
}

static void visit_file(const indexed *file, void *context) {
  size_t *n = context, length;
  unsigned char *data = support_read(file->path, &length);
  bool recent = data[0] >= 113 || data[0] == '<';
  free(data);
  if (!recent)
    return;
  check_file(file->path);
  ++*n;
}

START_TEST(rebuilds_every_file) {
  size_t n = 0;
  each_indexed(".dta", "valid", visit_file, &n);
  ck_assert(!support_shared("data") || n > 25);
}
END_TEST

START_TEST(rebuilds_every_release) {
  static const unsigned releases[] = {113, 114, 115, 117, 118, 119};
  for (size_t i = 0; i < sizeof releases / sizeof *releases; i++)
    for (int big_endian = 0; big_endian < 2; big_endian++) {
      builder b;
      dta_places p = dta_build(&b, releases[i], big_endian, 40);
      set_integer(&b, p.sort_list, 6, releases[i] < 119 ? 2 : 4); /* by the string, then by y */
      set_integer(&b, p.sort_list + (releases[i] < 119 ? 2 : 4), 1, releases[i] < 119 ? 2 : 4);
      char path[4096];
      snprintf(path, sizeof path, "%s", support_scratch("built.dta"));
      support_write(path, b.data, b.length);
      check_file(path);
    }
}
END_TEST

/* A sort key that receives values: the file must not go on to say that it is sorted by it. */
START_TEST(never_claims_an_order_that_is_gone) {
  unsigned char fills[7] = {0};
  builder b;
  dta_places p = dta_build(&b, 118, false, 3);
  set_integer(&b, p.sort_list, 6, 2);
  set_integer(&b, p.sort_list + 2, 1, 2);
  support_write(support_scratch("sorted.dta"), b.data, b.length);
  emend_file *file = read_shared(support_scratch("sorted.dta"));
  emend_rows shape = emend_dataset_as_rows(file->dataset);
  shape.fills = fills;
  for (size_t filled = 0; filled < 3; filled++) {
    emend_write_plan *plan;
    fills[0] = filled == 1, fills[1] = filled == 2;
    ck_assert_int_eq(emend_write_plan_make(file, &shape, "out.dta", NULL, &plan, NULL), EMEND_OK);
    ck_assert_str_eq(emend_write_plan_way(plan), filled == 1 ? "rebuild" : "patch");
    ck_assert_uint_eq(emend_write_plan_losses(plan), filled == 1);
    ck_assert(filled != 1 || strstr(emend_write_plan_loss(plan, 0), "sorted by y"));
    emend_write_plan_free(plan);
  }
  bytes copy;
  fills[0] = 1;
  ck_assert_int_eq(rebuild(file->source, &shape, NULL, &copy, NULL), EMEND_OK);
  dta_seen seen = dta_see(copy.data, copy.length);
  ck_assert(seen.variables[0].sort == 6 && seen.variables[1].sort == 0);
  dta_forget(&seen);
  free(copy.data);
  emend_file_close(file);
}
END_TEST

/* --- refusals --- */

static void read_bad(const void *state, size_t row, emend_cell *cells) {
  const emend_cell *bad = state;
  for (size_t i = 0; i < 7 + 1; i++)
    cells[i] = (emend_cell){.value = 0, .reason = EMEND_OBSERVED};
  if (row == 2)
    cells[bad->text] = (emend_cell){.value = bad->value, .imputed = bad->imputed};
}

START_TEST(refuses_values_that_do_not_fit) {
  static const struct {
    size_t variable;
    double value;
  } bad[] = {{0, 101}, {1, 1.5}, {2, 2147483621.0}, {3, 1e39}, {4, INFINITY}, {4, 0x1p1023}, {5, 1}, {7, 101}, {7, NAN}};
  static const emend_added_variable one = {.name = "flag", .label = "", .storage = EMEND_STORAGE_I8};
  builder b;
  dta_build(&b, 118, false, 3);
  char path[4096];
  snprintf(path, sizeof path, "%s", support_scratch("bad.dta"));
  support_write(path, b.data, b.length);
  emend_file *file = read_shared(path);
  emend_error *error = emend_error_new();
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    bytes copy;
    emend_cell cell = {.value = bad[i].value, .text = bad[i].variable, .imputed = bad[i].variable < 7};
    emend_rows rows = {.dataset = file->dataset, .added = &one, .n_added = 1, .n_rows = 3, .state = &cell, .read = read_bad};
    ck_assert_int_eq(rebuild(file->source, &rows, NULL, &copy, error), EMEND_INTERNAL);
    ck_assert_str_eq(emend_error_variable(error), bad[i].variable < 7 ? emend_variable_name(file->dataset, bad[i].variable) : "flag");
    ck_assert_int_eq(emend_error_row(error), 3);
  }
  emend_error_free(error);
  emend_file_close(file);
}
END_TEST

START_TEST(refuses_what_it_cannot_write) {
  builder b;
  dta_build(&b, 112, false, 3);
  emend_source *source = source_of(b.data, b.length);
  emend_error *error = emend_error_new();
  emend_writer *writer;
  emend_rows rows = {0};
  ck_assert_int_eq(emend_dta_open_rebuild(source, &rows, NULL, NULL, &writer, error), EMEND_UNSUPPORTED);
  ck_assert_ptr_null(writer);
  emend_source_close(source);
  /* Rows that are no copies of the file's; another file's. */
  dta_build(&b, 118, false, 3);
  support_write(support_scratch("three.dta"), b.data, b.length);
  emend_file *file = read_shared(support_scratch("three.dta"));
  rows = emend_dataset_as_rows(file->dataset);
  rows.n_rows = 4;
  ck_assert_int_eq(emend_dta_open_rebuild(file->source, &rows, NULL, NULL, &writer, error), EMEND_INTERNAL);
  dta_build(&b, 118, false, 4);
  source = source_of(b.data, b.length);
  ck_assert_int_eq(emend_dta_open_rebuild(source, &rows, NULL, NULL, &writer, error), EMEND_MALFORMED);
  emend_source_close(source);
  emend_file_close(file);
  emend_error_free(error);
}
END_TEST

static void rebuild_damaged(const emend_source *source, void *context) {
  const emend_file *file = context;
  emend_error *error = emend_error_new();
  emend_rows rows = emend_dataset_as_rows(file->dataset);
  bytes copy;
  emend_status status = rebuild(source, &rows, NULL, &copy, error);
  ck_assert_msg(status == EMEND_OK || status == EMEND_MALFORMED || status == EMEND_UNSUPPORTED, "%s", emend_error_text(error));
  free(copy.data);
  emend_error_free(error);
}

START_TEST(survives_damage) {
  static const char *const files[] = {"data/format/tagged_115be.dta", "data/format/strl_118.dta", "data/format/pandas_compat_be_118.dta"};
  if (!support_shared("data"))
    return;
  emend_file *file = read_shared(support_shared(files[_i]));
  size_t length;
  unsigned char *data = support_read(support_shared(files[_i]), &length);
  each_damaged(data, length, 300 + (uint64_t)_i, 200, rebuild_damaged, file);
  free(data);
  emend_file_close(file);
}
END_TEST

SUITE {
  Suite *suite = suite_create("dta rebuild");
  TCase *files = tcase_create("files"), *refusals = tcase_create("refusals");
  tcase_set_timeout(files, 120);
  tcase_add_test(files, rebuilds_every_file);
  tcase_add_test(files, rebuilds_every_release);
  tcase_add_test(files, never_claims_an_order_that_is_gone);
  tcase_set_timeout(refusals, 120);
  tcase_add_test(refusals, refuses_values_that_do_not_fit);
  tcase_add_test(refusals, refuses_what_it_cannot_write);
  tcase_add_loop_test(refusals, survives_damage, 0, 3);
  suite_add_tcase(suite, files);
  suite_add_tcase(suite, refusals);
  return suite;
}
