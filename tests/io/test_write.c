/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "emend/output.h"
#include "io/write_plan.h"
#include "support/support.h"

/* Which way is chosen, with files whose format is made up here: no reader or patcher of a real format takes part. */

static bool refuses_patching;

typedef struct counting_writer {
  emend_writer writer;
  emend_output *output;
} counting_writer;

static emend_status write_row(emend_writer *writer, const emend_cell *cells, emend_error *error) {
  char line[64];
  int length = snprintf(line, sizeof line, "row %g\n", cells[0].value);
  return emend_output_write(((counting_writer *)writer)->output, line, (size_t)length, error);
}

static emend_status write_end(emend_writer *writer, emend_error *error) {
  return emend_output_write(((counting_writer *)writer)->output, "end\n", 4, error);
}

static void free_writer(emend_writer *writer) { free(writer); }

static emend_status open_patch(const emend_source *source, const emend_dataset *dataset, emend_output *output, emend_writer **writer,
                               emend_error *error) {
  (void)source, (void)dataset;
  if (refuses_patching)
    return emend_fail(error, EMEND_UNSUPPORTED, "release 105 has no room");
  counting_writer *made = calloc(1, sizeof *made);
  *made = (counting_writer){{write_row, write_end, free_writer}, output};
  *writer = &made->writer;
  return EMEND_OK;
}

static emend_file *make_file(const emend_format *format, const char *name, char delimiter) {
  emend_file *file = calloc(1, sizeof *file);
  const char *path = support_scratch(name);
  support_write(path, "content", 7);
  file->format = format;
  ck_assert_int_eq(emend_source_open(path, &file->source, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_new(1 << 20, false, &file->dataset, NULL), EMEND_OK);
  emend_variable v = {.label_set = -1};
  emend_dataset_add_text(file->dataset, "x", 1, &v.name, NULL);
  emend_dataset_add_variable(file->dataset, &v, NULL, NULL);
  for (int row = 0; row < 3; row++) {
    emend_dataset_add_row(file->dataset, NULL);
    emend_dataset_put_number(file->dataset, 0, row, EMEND_OBSERVED);
  }
  emend_dataset_dialect(file->dataset)->delimiter = delimiter;
  return file;
}

static const emend_format patched = {.name = "made-up", .extensions = "mu", .open_patch = open_patch};
static const emend_format text = {.name = "csv", .extensions = "csv", .open_patch = open_patch};

static emend_status make_plan(const emend_file *file, const char *path, const char *format, emend_write_plan **plan, emend_error *error) {
  emend_rows shape = emend_dataset_as_rows(file->dataset);
  emend_write_options *options = emend_write_options_new();
  emend_status status = emend_write_options_set_format(options, format, error);
  *plan = NULL;
  if (!status)
    status = emend_write_plan_make(file, &shape, path, options, plan, error);
  emend_write_options_free(options);
  ck_assert_int_eq(status == EMEND_OK, *plan != NULL);
  return status;
}

static const char *way_of(const emend_file *file, const char *path, const char *format, emend_error *error) {
  emend_write_plan *plan;
  emend_status status = make_plan(file, path, format, &plan, error);
  const char *way = plan ? emend_write_plan_way(plan) : emend_status_text(status);
  if (status && error)
    ck_assert_int_eq(emend_error_status(error), status);
  emend_write_plan_free(plan);
  return way;
}

static emend_status write_rows(const emend_file *file, const char *path, const char *format, emend_output *output, emend_events *events,
                               emend_error *error) {
  emend_write_plan *plan;
  emend_rows rows = emend_dataset_as_rows(file->dataset);
  emend_status status = make_plan(file, path, format, &plan, error);
  if (!status)
    status = emend_write_plan_pour(plan, &rows, output, events, error);
  emend_write_plan_free(plan);
  return status;
}

START_TEST(chooses_the_way) {
  emend_error *error = emend_error_new();
  emend_file *file = make_file(&patched, "survey.mu", '\0');
  ck_assert_str_eq(way_of(file, "-", NULL, error), "patch");
  ck_assert_str_eq(way_of(file, "out", NULL, error), "patch");
  ck_assert_str_eq(way_of(file, "a.b/out", NULL, error), "patch");
  ck_assert_str_eq(way_of(file, "out.MU", NULL, error), "patch"); /* the input's own extension */
  ck_assert_str_eq(way_of(file, "out.csv", NULL, error), "convert");
  ck_assert_str_eq(way_of(file, "-", "tsv", error), "convert");
  ck_assert_str_eq(way_of(file, "out.sav", "csv", error), "convert");
  ck_assert_str_eq(way_of(file, "out.csv", "nonsense", error), "invalid argument");
  ck_assert_str_eq(way_of(file, "out.sav", NULL, error), "convert");
  ck_assert_str_eq(way_of(file, "out.por", NULL, error), "convert");
  ck_assert_str_eq(way_of(file, "out.sas7bdat", NULL, error), "unsupported");
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "cannot be written as sas7bdat"));
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "; try made-up, sav, zsav, "));
  ck_assert_str_eq(way_of(file, "out.xlsx", NULL, error), "unsupported");
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "cannot be written as xlsx; try made-up, "));
  refuses_patching = true;
  ck_assert_str_eq(way_of(file, "-", NULL, error), "unsupported");
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "(release 105 has no room); try sav, "));
  ck_assert_str_eq(way_of(file, "out.csv", NULL, error), "convert");
  refuses_patching = false;
  emend_file_close(file);
  emend_error_free(error);
}
END_TEST

START_TEST(chooses_the_way_of_text) {
  emend_error *error = emend_error_new();
  emend_file *file = make_file(&text, "survey.csv", ';');
  ck_assert_str_eq(way_of(file, "-", NULL, error), "patch");
  emend_dataset_dialect(file->dataset)->delimiter = '\t';
  ck_assert_str_eq(way_of(file, "out.tsv", NULL, error), "patch");
  emend_dataset_dialect(file->dataset)->delimiter = ';';
  ck_assert_str_eq(way_of(file, "out.tsv", NULL, error), "convert");
  emend_file_close(file);
  emend_error_free(error);
}
END_TEST

START_TEST(pours_all_rows_in_order) {
  emend_error *error = emend_error_new();
  emend_file *file = make_file(&patched, "survey.mu", '\0');
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  const char *path = support_scratch("out.mu");
  ck_assert_int_eq(emend_outputs_open(outputs, path, 0, &output, error), EMEND_OK);
  ck_assert_int_eq(write_rows(file, path, NULL, output, NULL, error), EMEND_OK);
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_OK);
  emend_outputs_free(outputs);
  char *bytes = (char *)support_read(path, NULL);
  ck_assert_str_eq(bytes, "row 0\nrow 1\nrow 2\nend\n");
  free(bytes);
  emend_file_close(file);
  emend_error_free(error);
}
END_TEST

START_TEST(refuses_a_changed_source) {
  emend_error *error = emend_error_new();
  emend_file *file = make_file(&patched, "survey.mu", '\0');
  ck_assert_int_eq(utimensat(AT_FDCWD, file->source->path, (struct timespec[2]){{1, 0}, {1, 0}}, 0), 0);
  ck_assert_int_eq(write_rows(file, "-", NULL, NULL, NULL, error), EMEND_IO_ERROR);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "was changed"));
  emend_file_close(file);
  emend_error_free(error);
}
END_TEST

static int cancel(void *context, const char *stage, double fraction, const char *detail) {
  (void)context, (void)fraction, (void)detail;
  return strcmp(stage, "write") == 0;
}

START_TEST(can_be_cancelled) {
  emend_error *error = emend_error_new();
  emend_events *events = emend_events_new();
  emend_events_on_progress(events, cancel, NULL);
  emend_file *file = make_file(&patched, "survey.mu", '\0');
  ck_assert_int_eq(write_rows(file, "-", NULL, NULL, events, error), EMEND_CANCELLED);
  emend_file_close(file);
  emend_events_free(events);
  emend_error_free(error);
}
END_TEST

/* Real files: every one that opens can be written as CSV, which holds the same numbers; where patching is offered, nothing patched is the
 * file. */
static const char *const surveys[] = {
    "real/efc.sav",
    "real/electric.por",
    "real/electric.sav",
    "real/gss2010_tagged.dta",
    "real/gss2010_usermissing.zsav",
    "real/nhanes1112_acq.xpt",
    "real/popmis.dta",
    "real/riskfactors.sav",
    "real/shpps2006_health_ed.sas7bdat",
    "format/bigendian.sav",
    "format/small.zsav",
    "format/tagged_115be.dta",
    "format/tagged_118.dta",
    "format/very_long_strings.sav",
    "format/unicode_118.dta",
    "real/penguins_raw.csv",
    "format/semicolon_comma.csv",
    "format/quoted_newlines.csv",
    "format/tab.tsv",
    "format/bom_crlf.csv",
};

static emend_file *read_file(const char *path) {
  emend_file *file;
  emend_error *error = emend_error_new();
  ck_assert_msg(emend_file_read(path, NULL, NULL, &file, error) == EMEND_OK, "%s", emend_error_text(error));
  emend_error_free(error);
  return file;
}

static void write_unchanged(const emend_file *file, const char *path, const char *format) {
  emend_error *error = emend_error_new();
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  ck_assert_msg(emend_outputs_open(outputs, path, 1, &output, error) == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_msg(write_rows(file, path, format, output, NULL, error) == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_msg(emend_outputs_publish(outputs, error) == EMEND_OK, "%s", emend_error_text(error));
  emend_outputs_free(outputs);
  emend_error_free(error);
}

static void assert_same_numbers(const emend_dataset *a, const emend_dataset *b) {
  ck_assert_uint_eq(emend_dataset_rows(a), emend_dataset_rows(b));
  ck_assert_uint_eq(emend_dataset_variables(a), emend_dataset_variables(b));
  for (size_t v = 0; v < emend_dataset_variables(a); v++) {
    ck_assert_str_eq(emend_variable_name(a, v), emend_variable_name(b, v));
    if (emend_variable_get_kind(a, v) != EMEND_NUMERIC || emend_variable_get_kind(b, v) != EMEND_NUMERIC)
      continue;
    for (size_t row = 0; row < emend_dataset_rows(a); row++)
      if (emend_cell_reason(a, row, v) == EMEND_OBSERVED)
        ck_assert_msg(emend_cell_value(a, row, v) == emend_cell_value(b, row, v), "%s, row %zu: %.17g became %.17g",
                      emend_variable_name(a, v), row + 1, emend_cell_value(a, row, v), emend_cell_value(b, row, v));
  }
}

static void assert_same_bytes(const char *a, const char *b) {
  size_t a_length, b_length;
  unsigned char *a_bytes = support_read(a, &a_length), *b_bytes = support_read(b, &b_length);
  ck_assert_uint_eq(a_length, b_length);
  ck_assert_mem_eq(a_bytes, b_bytes, a_length);
  free(a_bytes);
  free(b_bytes);
}

START_TEST(surveys_are_written) {
  char path[128];
  snprintf(path, sizeof path, "data/%s", surveys[_i]);
  const char *source = support_shared(path);
  if (!source)
    return;
  emend_file *file = read_file(source);
  const char *csv = support_scratch("out.csv");
  write_unchanged(file, csv, NULL);
  emend_file *again = read_file(csv);
  assert_same_numbers(file->dataset, again->dataset);
  emend_file_close(again);
  const char *way = way_of(file, "-", NULL, NULL);
  bool can = !strstr(path, ".por") && !strstr(path, ".sas7bdat");
  ck_assert_int_eq(strcmp(way, "patch") == 0, can);
  if (can) {
    write_unchanged(file, support_scratch("copy"), NULL);
    assert_same_bytes(support_scratch("copy"), source);
  }
  emend_file_close(file);
}
END_TEST

/* Rows that are made as they are asked for: each cell holds row times columns plus column. */
static void read_made_row(const void *state, size_t row, emend_cell *cells) {
  size_t width = *(const size_t *)state;
  for (size_t i = 0; i < width; i++)
    cells[i] = (emend_cell){.value = (double)(row * width + i)};
}

typedef struct checking_writer {
  emend_writer writer;
  size_t width, calls, rows, fails_at, wrong, closed;
} checking_writer;

static emend_status check_row(emend_writer *writer, const emend_cell *cells, emend_error *error) {
  checking_writer *w = (checking_writer *)writer;
  w->calls++;
  if (w->rows == w->fails_at)
    return emend_fail(error, EMEND_IO_ERROR, "row %zu", w->rows);
  for (size_t i = 0; i < w->width; i++)
    w->wrong += cells[i].value != (double)(w->rows * w->width + i);
  w->rows++;
  return EMEND_OK;
}

static emend_status check_end(emend_writer *writer, emend_error *error) {
  (void)error;
  ((checking_writer *)writer)->closed++;
  return EMEND_OK;
}

/* Blocks of rows on the way, read by one thread and written by another: all rows, in order, also where a block ends with them; and nothing
 * after a row that could not be written. */
START_TEST(pours_blocks_of_any_length) {
  static const size_t widths[] = {1, 3, 700, 9000}, counts[] = {0, 1, 11, 12, 1023, 1024, 1025, 2048, 5000};
  for (size_t k = 0; k < 4 * 9 * 3; k++) {
    size_t width = widths[k % 4], n = counts[k / 4 % 9];
    if (width * n > 20000 && width > 700)
      continue;
    emend_dataset *dataset;
    ck_assert_int_eq(emend_dataset_new(1 << 24, false, &dataset, NULL), EMEND_OK);
    emend_added_variable *added = calloc(width, sizeof *added);
    emend_rows rows = {.dataset = dataset,
                       .added = added,
                       .n_added = width,
                       .n_rows = n,
                       .threads = 1 + (unsigned)(k / 36),
                       .state = &width,
                       .read = read_made_row};
    checking_writer w = {.writer = {.row = check_row, .close = check_end}, .width = width, .fails_at = SIZE_MAX};
    ck_assert_int_eq(emend_writer_pour(&w.writer, &rows, NULL, NULL), EMEND_OK);
    ck_assert(w.rows == n && w.wrong == 0 && w.closed == 1);
    checking_writer failing = {.writer = w.writer, .width = width, .fails_at = n / 2};
    if (n > 0) {
      ck_assert_int_eq(emend_writer_pour(&failing.writer, &rows, NULL, NULL), EMEND_IO_ERROR);
      ck_assert(failing.rows == n / 2 && failing.calls == n / 2 + 1 && failing.wrong == 0 && failing.closed == 0);
    }
    free(added);
    emend_dataset_free(dataset);
  }
}
END_TEST

SUITE {
  Suite *suite = suite_create("write");
  TCase *cases = tcase_create("write");
  tcase_add_test(cases, chooses_the_way);
  tcase_add_test(cases, chooses_the_way_of_text);
  tcase_add_test(cases, pours_all_rows_in_order);
  tcase_add_test(cases, pours_blocks_of_any_length);
  tcase_add_test(cases, refuses_a_changed_source);
  tcase_add_test(cases, can_be_cancelled);
  tcase_add_loop_test(cases, surveys_are_written, 0, sizeof surveys / sizeof *surveys);
  suite_add_tcase(suite, cases);
  return suite;
}
