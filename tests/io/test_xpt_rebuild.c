/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/write_plan.h"
#include "patching.h"
#include "support/support.h"

/* SAS transport files with variables added or copies stacked: descriptions and rows are the old ones' bytes, informats included. */

static const emend_added_label labels[] = {{1, "first"}};
static const emend_added_variable added[] = {
    {.name = "cluster", .label = "cluster that the row most probably belongs to", .storage = EMEND_STORAGE_I8, .labels = labels, .n_labels = 1},
    {.name = "cluster_probability", .label = "short", .storage = EMEND_STORAGE_F64, .decimals = 4},
};
enum { N_ADDED = 2 };

typedef struct shape {
  const emend_dataset *dataset;
  size_t n_added;
  bool imputes;
} shape;

static double added_value(size_t row, size_t i) { return row == 1 ? NAN : i == 0 ? (double)(row % 9) - 3 : 1 / ((double)row + 3); }

static void read_shape(const void *state, size_t row, emend_cell *cells) {
  const shape *s = state;
  size_t n = emend_dataset_variables(s->dataset);
  emend_dataset_read_row(s->dataset, row % emend_dataset_rows(s->dataset), cells);
  for (size_t v = 0; v < n; v++)
    if (s->imputes && emend_variable_get_kind(s->dataset, v) != EMEND_TEXT && cells[v].reason != EMEND_OBSERVED)
      cells[v].imputed = true, cells[v].value = 2;
    else if (s->imputes && emend_variable_get_kind(s->dataset, v) == EMEND_TEXT && row % 3 == 2) { /* what the first row has */
      emend_cell first[512];
      ck_assert_uint_le(n, 512);
      emend_dataset_read_row(s->dataset, 0, first);
      cells[v].imputed = true, cells[v].text = first[v].text;
    }
  for (size_t i = 0; i < s->n_added; i++)
    cells[n + i] = (emend_cell){.value = added_value(row, i), .reason = isnan(added_value(row, i)) ? EMEND_SYSTEM_MISSING : EMEND_OBSERVED};
}

static void rebuild(emend_file *file, size_t n_added, size_t copies, bool imputes, const char *out, emend_losses *losses) {
  shape s = {file->dataset, n_added, imputes};
  emend_rows rows = {.dataset = file->dataset, .added = added, .n_added = n_added, .state = &s, .read = read_shape};
  rows.n_rows = copies * emend_dataset_rows(file->dataset);
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  emend_writer *writer = NULL;
  emend_error *error = emend_error_new();
  ck_assert_int_eq(emend_outputs_open(outputs, out, 1, &output, NULL), EMEND_OK);
  emend_status status = emend_xpt_open_rebuild(file->source, &rows, losses, output, &writer, error);
  if (!status)
    status = emend_writer_pour(writer, &rows, NULL, error);
  if (!status)
    status = emend_outputs_publish(outputs, error);
  ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
  writer->free(writer);
  emend_outputs_free(outputs);
  emend_error_free(error);
}

/* Where things are, found by the marks of the header records. */
typedef struct seen {
  unsigned char *bytes;
  size_t length, n, step, descriptions, data, row_bytes;
} seen;

static size_t big(const unsigned char *p) { return (size_t)p[0] << 8 | p[1]; }

static size_t mark(const seen *s, const char *one, const char *other) {
  const unsigned char *found = memmem(s->bytes, s->length, one, strlen(one));
  found = found ? found : memmem(s->bytes, s->length, other, strlen(other));
  ck_assert_ptr_nonnull(found);
  return (size_t)(found - s->bytes) - 19;
}

static seen look(const char *path) {
  seen s = {0};
  s.bytes = support_read(path, &s.length);
  s.step = (size_t)atoi((const char *)s.bytes + mark(&s, "*MEMBER  ", "*MEMBV8  ") + 74);
  size_t names = mark(&s, "*NAMESTR", "*NAMSTV8");
  char digits[6] = "";
  memcpy(digits, s.bytes + names + 53, 5);
  s.n = strtoul(digits, NULL, 10);
  s.descriptions = names + 80;
  s.data = mark(&s, "*OBS     ", "*OBSV8   ") + 80;
  for (size_t i = 0; i < s.n; i++)
    s.row_bytes += big(s.bytes + s.descriptions + i * s.step + 4);
  return s;
}

static double ibm(const unsigned char *p) {
  double fraction = 0;
  for (size_t i = 7; i > 0; i--)
    fraction = (fraction + p[i]) / 256;
  return (p[0] & 0x80 ? -1 : 1) * fraction * pow(16, (p[0] & 0x7F) - 64);
}

static void check_bytes(const seen *old, const seen *new, size_t n_rows, size_t copies, size_t n_added, bool imputes) {
  ck_assert_uint_eq(new->n, old->n + n_added);
  ck_assert_uint_eq(new->step, old->step);
  ck_assert_uint_eq(new->descriptions, old->descriptions);
  ck_assert_mem_eq(new->bytes, old->bytes, old->descriptions - 80 + 53);
  ck_assert_mem_eq(new->bytes + new->descriptions, old->bytes + old->descriptions, old->n * old->step);
  ck_assert_uint_eq(new->row_bytes, old->row_bytes + 8 * n_added);
  size_t end = new->data + new->row_bytes * n_rows * copies;
  ck_assert_uint_eq(new->length, (end + 79) / 80 * 80);
  ck_assert_uint_eq(strspn((const char *)new->bytes + end, " "), new->length - end);
  for (size_t row = 0; row < n_rows * copies; row++) {
    const unsigned char *x = old->bytes + old->data + row % n_rows * old->row_bytes, *y = new->bytes + new->data + row * new->row_bytes;
    if (!imputes)
      ck_assert_mem_eq(x, y, old->row_bytes);
    for (size_t i = 0; i < n_added; i++) {
      double value = added_value(row, i);
      ck_assert(isnan(value) ? memcmp(y + old->row_bytes + 8 * i, ".\0\0\0\0\0\0\0", 8) == 0
                             : fabs(ibm(y + old->row_bytes + 8 * i) - value) <= fabs(value) * pow(2, -52));
    }
  }
}

/* What the library reads again: the old cells, the new ones, the labels as far as the version goes. */
static void check_meaning(const emend_file *file, const char *out, size_t copies, size_t n_added, bool imputes) {
  emend_file *again = read_shared(out);
  const emend_dataset *x = file->dataset, *y = again->dataset;
  size_t n = emend_dataset_variables(x), n_rows = emend_dataset_rows(x);
  ck_assert_uint_eq(emend_dataset_rows(y), n_rows * copies);
  ck_assert_uint_eq(emend_dataset_variables(y), n + n_added);
  for (size_t row = 0; row < n_rows * copies; row++)
    for (size_t v = 0; v < n; v++) {
      bool text = emend_variable_get_kind(x, v) == EMEND_TEXT, filled = !text && imputes && emend_cell_reason(x, row % n_rows, v) != EMEND_OBSERVED;
      if (text)
        ck_assert_str_eq(emend_cell_text(x, imputes && row % 3 == 2 ? 0 : row % n_rows, v), emend_cell_text(y, row, v));
      else
        ck_assert(filled ? emend_cell_value(y, row, v) == 2 : emend_cell_reason(x, row % n_rows, v) == emend_cell_reason(y, row, v));
    }
  for (size_t v = 0; v < n; v++) {
    ck_assert_str_eq(emend_variable_label(x, v), emend_variable_label(y, v));
    ck_assert_str_eq(emend_variable_format(x, v), emend_variable_format(y, v));
  }
  if (n_added) {
    bool eight = emend_dataset_release(x) == 8;
    ck_assert_str_eq(emend_variable_name(y, n), eight ? "cluster" : "CLUSTER");
    ck_assert_str_eq(emend_variable_name(y, n + 1), eight ? "cluster_probability" : "CLUSTER_");
    ck_assert_str_eq(emend_variable_label(y, n), eight ? added[0].label : "cluster that the row most probably belon");
    ck_assert_str_eq(emend_variable_label(y, n + 1), "short");
  }
  emend_file_close(again);
}

static void check_file(const char *path) {
  emend_file *file = read_shared(path);
  const char *out = support_scratch("rebuilt.xpt");
  seen old = look(path);
  for (unsigned what = 0; what < 8; what++) {
    size_t n_added = what & 1 ? N_ADDED : 0, copies = what & 2 ? 2 : 1;
    emend_losses losses = {0};
    rebuild(file, n_added, copies, what & 4, out, &losses);
    ck_assert_uint_eq(losses.count, n_added == 0 || emend_dataset_release(file->dataset) == 8 ? 0 : 2);
    seen new = look(out);
    check_bytes(&old, &new, emend_dataset_rows(file->dataset), copies, n_added, what & 4);
    check_meaning(file, out, copies, n_added, what & 4);
    emend_losses_free(&losses);
    free(new.bytes);
  }
  free(old.bytes);
  emend_file_close(file);
}

static void visit_file(const indexed *file, void *context) {
  (void)context;
  check_file(file->path);
}

START_TEST(keeps_everything) {
  size_t n = each_indexed(".xpt", "valid", visit_file, NULL);
  ck_assert(!support_shared("data") || n > 1);
}
END_TEST

/* Version 8, with and without long labels of its own. */
START_TEST(version_8) {
  static const char text[] = "a_name_of_many_letters,b\n1,x\n,y\n3,z\n";
  const char *csv = support_scratch("a.csv"), *xpt = support_scratch("a.xpt");
  emend_write_plan *plan;
  emend_error *error = emend_error_new();
  support_write(csv, text, sizeof text - 1);
  emend_file *file = read_shared(csv);
  emend_rows rows = emend_dataset_as_rows(file->dataset);
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  ck_assert_int_eq(emend_write_plan_make(file, &rows, xpt, NULL, &plan, error), EMEND_OK);
  ck_assert_int_eq(emend_outputs_open(outputs, xpt, 1, &output, error), EMEND_OK);
  ck_assert_int_eq(emend_write_plan_pour(plan, &rows, output, NULL, error), EMEND_OK);
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_OK);
  emend_outputs_free(outputs);
  emend_write_plan_free(plan);
  emend_file_close(file);
  emend_error_free(error);
  check_file(xpt);
  file = read_shared(xpt);
  const char *once = support_scratch("once.xpt");
  rebuild(file, N_ADDED, 1, false, once, NULL);
  emend_file_close(file);
  /* It has a section of labels now: another label is put into it. */
  file = read_shared(once);
  ck_assert_int_eq(emend_dataset_release(file->dataset), 8);
  static const emend_added_variable more = {.name = "third", .label = "a label that is longer than forty bytes, also"};
  const char *twice = support_scratch("twice.xpt");
  shape s = {file->dataset, 1, false};
  emend_rows again = {.dataset = file->dataset, .added = &more, .n_added = 1, .n_rows = 3, .state = &s, .read = read_shape};
  outputs = emend_outputs_new();
  emend_writer *writer;
  ck_assert_int_eq(emend_outputs_open(outputs, twice, 1, &output, NULL), EMEND_OK);
  ck_assert_int_eq(emend_xpt_open_rebuild(file->source, &again, NULL, output, &writer, NULL), EMEND_OK);
  ck_assert_int_eq(emend_writer_pour(writer, &again, NULL, NULL), EMEND_OK);
  ck_assert_int_eq(emend_outputs_publish(outputs, NULL), EMEND_OK);
  writer->free(writer);
  emend_outputs_free(outputs);
  emend_file_close(file);
  file = read_shared(twice);
  ck_assert_str_eq(emend_variable_label(file->dataset, 2), added[0].label);
  ck_assert_str_eq(emend_variable_label(file->dataset, 4), more.label);
  ck_assert_str_eq(emend_variable_name(file->dataset, 4), "third");
  ck_assert_uint_eq(emend_dataset_rows(file->dataset), 3);
  emend_file_close(file);
}
END_TEST

SUITE {
  Suite *suite = suite_create("xpt rebuild");
  TCase *cases = tcase_create("rebuild");
  tcase_set_timeout(cases, 60);
  tcase_add_test(cases, keeps_everything);
  tcase_add_test(cases, version_8);
  suite_add_tcase(suite, cases);
  return suite;
}
