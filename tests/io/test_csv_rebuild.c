/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/write_plan.h"
#include "patching.h"
#include "support/support.h"

/* Delimited text with variables added or copies stacked: byte for byte what it was, but for the new fields. */

static const emend_added_label labels[] = {{1, "first"}};
static const emend_added_variable added[] = {
    {.name = "cluster", .label = "", .storage = EMEND_STORAGE_I8, .labels = labels, .n_labels = 1},
    {.name = "p \xC3\xA9\xE2\x82\xAC\xCE\xB1", .label = "", .storage = EMEND_STORAGE_F64},
};

typedef struct shape {
  const emend_dataset *dataset;
  size_t n_added;
  bool imputes;
} shape;

/* 1, 2, 3 ... and 0.5, missing, 0.5 ...; numbers that are missing become 7.25. */
static void read_shape(const void *state, size_t row, emend_cell *cells) {
  const shape *s = state;
  size_t n = emend_dataset_variables(s->dataset);
  emend_dataset_read_row(s->dataset, row % emend_dataset_rows(s->dataset), cells);
  for (size_t v = 0; v < n; v++)
    if (s->imputes && emend_variable_get_kind(s->dataset, v) != EMEND_TEXT && cells[v].reason != EMEND_OBSERVED)
      cells[v].imputed = true, cells[v].value = 7.25;
    else if (s->imputes && cells[v].reason == EMEND_EMPTY_TEXT) { /* what the first row has */
      emend_cell first[512];
      ck_assert_uint_le(n, 512);
      emend_dataset_read_row(s->dataset, 0, first);
      cells[v].imputed = true, cells[v].text = first[v].text;
    }
  const double values[] = {(double)row + 1, row % 2 ? NAN : 0.5};
  for (size_t i = 0; i < s->n_added; i++)
    cells[n + i] = (emend_cell){.value = values[i], .reason = isnan(values[i]) ? EMEND_SYSTEM_MISSING : EMEND_OBSERVED};
}

static emend_status rebuild(emend_file *file, size_t n_added, size_t copies, bool imputes, const char *out, emend_losses *losses) {
  shape s = {file->dataset, n_added, imputes};
  emend_rows rows = {.dataset = file->dataset, .added = added, .n_added = n_added, .state = &s, .read = read_shape};
  rows.n_rows = copies * emend_dataset_rows(file->dataset);
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  emend_writer *writer = NULL;
  ck_assert_int_eq(emend_outputs_open(outputs, out, 1, &output, NULL), EMEND_OK);
  emend_status status = emend_csv_open_rebuild(file->source, &rows, losses, output, &writer, NULL);
  if (!status)
    status = emend_writer_pour(writer, &rows, NULL, NULL);
  if (!status)
    status = emend_outputs_publish(outputs, NULL);
  if (writer)
    writer->free(writer);
  emend_outputs_free(outputs);
  return status;
}

#define BOM "\xEF\xBB\xBF"
#define NEW "p \xC3\xA9\xE2\x82\xAC\xCE\xB1"

static const struct {
  const char *source, *wanted;
  size_t n_added, copies;
  bool imputes;
} texts[] = {
    {"a,b\n1,x\n2,y\n", "a,b,cluster\n1,x,1\n2,y,2\n", 1, 1, false},
    {BOM "a;b\r\n1,5;\"x\"\r\n2,5;y\r\n\r\n", BOM "a;b;cluster;" NEW "\r\n1,5;\"x\";1;0,5\r\n2,5;y;2;\r\n\r\n", 2, 1, false},
    {"\"a\",\"b\"\n\"1\",\"x \"\"y\"\"\"\n\"2\",\"z\"", "\"a\",\"b\",\"cluster\",\"" NEW "\"\n\"1\",\"x \"\"y\"\"\",\"1\",\"0.5\"\n\"2\",\"z\",\"2\",\"\"", 2, 1, false},
    {"\n a\tb \n1\t 2 \n\n3\tNA\n", "\n a\tb \tcluster\n1\t 2 \t1\n\n3\t7.25\t2\n", 1, 1, true},
    {"a,b\r1,2\r3,4", "a,b,cluster\r1,2,1\r3,4,2\r1,2,3\r3,4,4", 1, 2, false},
    {"a,b\n\n1,2\n\n3,4\n\n", "a,b\n\n1,2\n\n3,4\n1,2\n\n3,4\n\n", 0, 2, false},
    {"a\n1\n\n3\n", "a,cluster\n1,1\n,2\n3,3\n", 1, 1, false},
    {"a,b\n,\"\"\n1,2\n", "a,b,cluster\n7.25,\"7.25\",1\n1,2,2\n7.25,\"7.25\",3\n1,2,4\n", 1, 2, true},
    {"a,b\n,a long text indeed\n1,\n", "a,b,cluster\n7.25,a long text indeed,1\n1,a long text indeed,2\n", 1, 1, true},
    {"a,b\n", "a,b,cluster\n", 1, 1, false},
    {"a,b\xE9\n1,\xE9\n", "a,b\xE9,cluster,p \xE9\x80_\n1,\xE9,1,0.5\n", 2, 1, false},
};

START_TEST(only_fields_are_added) {
  const char *path = support_scratch("text.csv"), *out = support_scratch("out.csv");
  support_write(path, texts[_i].source, strlen(texts[_i].source));
  emend_file *file = read_shared(path);
  ck_assert_int_eq(rebuild(file, texts[_i].n_added, texts[_i].copies, texts[_i].imputes, out, NULL), EMEND_OK);
  size_t length;
  char *bytes = (char *)support_read(out, &length);
  ck_assert_uint_eq(length, strlen(texts[_i].wanted));
  ck_assert_str_eq(bytes, texts[_i].wanted);
  free(bytes);
  emend_file_close(file);
}
END_TEST

START_TEST(utf16_stays) {
  static const char source[] = "\xFF\xFE" "a\0,\0b\0\n\0" "1\0,\0x\0\n\0", wanted[] = "\xFF\xFE" "a\0,\0b\0,\0c\0l\0u\0s\0t\0e\0r\0\n\0" "1\0,\0x\0,\0" "1\0\n\0";
  const char *path = support_scratch("text.csv"), *out = support_scratch("out.csv");
  support_write(path, source, sizeof source - 1);
  emend_file *file = read_shared(path);
  ck_assert_int_eq(rebuild(file, 1, 1, false, out, NULL), EMEND_OK);
  size_t length;
  unsigned char *bytes = support_read(out, &length);
  ck_assert_uint_eq(length, sizeof wanted - 1);
  ck_assert_mem_eq(bytes, wanted, length);
  free(bytes);
  emend_file_close(file);
}
END_TEST

START_TEST(losses_are_told) {
  const char *path = support_scratch("text.csv"), *out = support_scratch("out.csv");
  support_write(path, "1,2\n3,4\n", 8);
  emend_read_options *options = emend_read_options_new();
  emend_read_options_set_header(options, 0);
  emend_file *file;
  emend_losses losses = {0};
  ck_assert_int_eq(emend_file_read(path, options, NULL, &file, NULL), EMEND_OK);
  ck_assert_int_eq(rebuild(file, 2, 1, false, out, &losses), EMEND_OK);
  ck_assert_uint_eq(losses.count, 1); /* labels are of the result, not of the input */
  ck_assert_ptr_nonnull(strstr(losses.sentences[0], "2 added variables have no names"));
  char *bytes = (char *)support_read(out, NULL);
  ck_assert_str_eq(bytes, "1,2,1,0.5\n3,4,2,\n");
  free(bytes);
  emend_losses_free(&losses);
  ck_assert_int_eq(rebuild(file, 0, 1, false, out, NULL), EMEND_UNSUPPORTED); /* nothing to add: written anew */
  emend_file_close(file);
  emend_read_options_free(options);
}
END_TEST

/* Every shared text: with the new fields cut off its lines again it is the file, however long it is. */
static void visit(const indexed *f, void *context) {
  (void)context;
  emend_file *file = read_shared(f->path);
  const char *out = support_scratch("out.csv");
  ck_assert_msg(rebuild(file, 1, 1, false, out, NULL) == EMEND_OK, "%s", f->path);
  emend_file *again = read_shared(out);
  size_t n = emend_dataset_variables(file->dataset), rows = emend_dataset_rows(file->dataset);
  ck_assert_msg(emend_dataset_variables(again->dataset) == n + 1 && emend_dataset_rows(again->dataset) == rows, "%s", f->path);
  for (size_t row = 0; row < rows; row++)
    ck_assert(emend_cell_value(again->dataset, row, n) == (double)row + 1);
  const emend_csv_dialect *x = emend_dataset_get_dialect(file->dataset), *y = emend_dataset_get_dialect(again->dataset);
  ck_assert(x->delimiter == y->delimiter && x->decimal == y->decimal && x->bom_bytes == y->bom_bytes && strcmp(x->encoding, y->encoding) == 0);
  size_t before, after;
  unsigned char *old = support_read(f->path, &before), *new = support_read(out, &after);
  size_t i = 0;
  for (size_t j = 0; j < after && i < before; j++) /* the old bytes are a subsequence: nothing is lost or changed */
    i += new[j] == old[i];
  ck_assert_msg(i == before, "%s", f->path);
  free(old), free(new);
  emend_file_close(again);
  emend_file_close(file);
}

START_TEST(shared_texts) {
  size_t n = each_indexed(".csv", "valid", visit, NULL);
  ck_assert(!support_shared("data") || n > 15);
}
END_TEST

SUITE {
  Suite *suite = suite_create("csv rebuild");
  TCase *cases = tcase_create("rebuild");
  tcase_set_timeout(cases, 60);
  tcase_add_loop_test(cases, only_fields_are_added, 0, sizeof texts / sizeof *texts);
  tcase_add_test(cases, utf16_stays);
  tcase_add_test(cases, losses_are_told);
  tcase_add_test(cases, shared_texts);
  suite_add_tcase(suite, cases);
  return suite;
}
