/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files made to do harm, as a whole program meets them: read in a child process with the default limits, each is read rightly, or refused
 * by an error that names it, soon and with little memory. docs/traps.md lists them.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "io/building.h"
#include "io/isolate.h"
#include "emend/emend.h"
#include "support/support.h"

static emend_error *error;
static emend_file *file;
static char path[512];

static emend_status read_bytes(const char *name, const void *bytes, size_t length, uint64_t max_memory) {
  snprintf(path, sizeof path, "%s", support_scratch(name));
  support_write(path, bytes, length);
  emend_read_options *options = emend_read_options_new();
  emend_read_options_set_isolated(options, 1);
  emend_read_options_set_max_memory(options, max_memory);
  error = emend_error_new();
  double began = emend_clock_seconds();
  emend_status status = emend_file_read(path, options, NULL, &file, error);
  ck_assert_double_lt(emend_clock_seconds() - began, 30);
  ck_assert_msg(!status || strstr(emend_error_text(error), path), "%s", emend_error_text(error));
  emend_read_options_free(options);
  return status;
}

static void done(void) {
  emend_file_close(file);
  emend_error_free(error);
}

static void refused(emend_status status, emend_status wanted, const char *words) {
  ck_assert_msg(status == wanted && strstr(emend_error_text(error), words), "status %d: %s", status, emend_error_text(error));
  done();
}

/* So many variables that ReadStat 1.1.8 has no memory for them and does not notice; with the record that makes it look at them. */
START_TEST(hundreds_of_thousands_of_variables) {
  enum { VARIABLES = 450000, RECORD = 32 };
  static builder head, tail, one;
  sav_begin(&head, false, 0, 1, 100);
  set_integer(&head, 68, VARIABLES, 4);
  size_t length = head.length + (size_t)VARIABLES * RECORD;
  unsigned char *bytes = calloc(length + sizeof tail.data, 1), *at = bytes + head.length;
  memcpy(bytes, head.data, head.length);
  sav_variable(&one, "V", 0);
  ck_assert_uint_eq(one.length, RECORD);
  for (size_t v = 0; v < VARIABLES; v++, at += RECORD) {
    char name[16];
    memcpy(at, one.data, RECORD);
    memcpy(at + RECORD - 8, name, (size_t)snprintf(name, sizeof name, "V%zu", v));
  }
  sav_extension(&tail, 13, 1, 10, "V1=LONGER1");
  sav_end(&tail);
  memcpy(at, tail.data, tail.length);
  emend_status status = read_bytes("many.sav", bytes, length + tail.length, 0);
  ck_assert_msg(status != EMEND_OK && status != EMEND_READER_DIED, "status %d: %s", status, emend_error_text(error));
  free(bytes);
  done();
}
END_TEST

/* Rows that a header claims and the file cannot hold. */
static size_t rows_of_numbers(builder *b, int32_t claimed, const double *cells, int n) {
  sav_begin(b, false, 0, claimed, 100);
  sav_variable(b, "X", 0);
  sav_end(b);
  for (int i = 0; i < n; i++)
    add_number(b, cells[i]);
  return b->length;
}

START_TEST(claimed_rows) {
  static const double cells[] = {1, 2, 3, 4};
  builder b;
  size_t length = rows_of_numbers(&b, INT32_MAX, cells, 4);
  emend_status status = read_bytes("claims.sav", b.data, length, 0);
  refused(status, EMEND_MALFORMED, "are declared");
  length = rows_of_numbers(&b, 5, cells, 4);
  status = read_bytes("claims.sav", b.data, length, 0);
  refused(status, EMEND_MALFORMED, "are declared");
  length = rows_of_numbers(&b, -1, cells, 4);
  ck_assert_int_eq(read_bytes("claims.sav", b.data, length, 0), EMEND_OK);
  ck_assert_uint_eq(emend_dataset_rows(emend_file_dataset(file)), 4);
  done();
}
END_TEST

static const unsigned releases[] = {105, 108, 114, 117, 118, 119};

START_TEST(claimed_rows_of_stata) {
  builder b;
  dta_places places = dta_build(&b, releases[_i], false, 3);
  ck_assert_int_eq(read_bytes("rows.dta", b.data, b.length, 0), EMEND_OK);
  ck_assert_uint_eq(emend_dataset_rows(emend_file_dataset(file)), 3);
  done();
  size_t at = releases[_i] < 117 ? 6 : 0; /* before 117 the count stands behind the number of variables */
  if (!at) {
    static const char tag[] = "<N>";
    unsigned char *found = memmem(b.data, b.length, tag, sizeof tag - 1);
    ck_assert_ptr_nonnull(found);
    at = (size_t)(found - b.data) + sizeof tag - 1;
  }
  set_integer(&b, at, 0x7FFFFFFF, 4);
  emend_status status = read_bytes("rows.dta", b.data, b.length, 0);
  ck_assert_msg(status == EMEND_MALFORMED || status == EMEND_UNSUPPORTED, "status %d: %s", status, emend_error_text(error));
  ck_assert_uint_ge(places.n_variables, 6);
  done();
}
END_TEST

/* Numbers that are none. */
START_TEST(numbers_that_are_none) {
  const double cells[] = {1, NAN, 3, 4}, infinite[] = {1, INFINITY, -INFINITY, 4};
  builder b;
  size_t length = rows_of_numbers(&b, 4, cells, 4);
  ck_assert_int_eq(read_bytes("nan.sav", b.data, length, 0), EMEND_OK);
  ck_assert_int_eq(emend_cell_reason(emend_file_dataset(file), 1, 0), EMEND_SYSTEM_MISSING);
  ck_assert_double_eq(emend_cell_value(emend_file_dataset(file), 2, 0), 3);
  done();
  length = rows_of_numbers(&b, 4, infinite, 4);
  emend_status status = read_bytes("infinite.sav", b.data, length, 0);
  if (!status)
    for (size_t row = 1; row < 3; row++)
      ck_assert(isinf(emend_cell_value(emend_file_dataset(file), row, 0)) ||
                emend_cell_reason(emend_file_dataset(file), row, 0) != EMEND_OBSERVED);
  done();
}
END_TEST

/* What cannot be held is refused before it is read, with an estimate. */
START_TEST(estimates_before_it_reads) {
  enum { ROWS = 10000 };
  static builder b;
  sav_begin(&b, false, 0, ROWS, 100);
  sav_variable(&b, "X", 0);
  sav_end(&b);
  size_t length = b.length + ROWS * sizeof(double);
  unsigned char *bytes = calloc(length, 1);
  memcpy(bytes, b.data, b.length);
  ck_assert_int_eq(read_bytes("large.sav", bytes, length, UINT64_C(1) << 20), EMEND_OK);
  done();
  emend_status status = read_bytes("large.sav", bytes, length, UINT64_C(1) << 16);
  refused(status, EMEND_LIMIT_EXCEEDED, "10000 rows of 1 variable need about 0.08583 MiB of memory, more than the limit of 64 KiB");
  free(bytes);
}
END_TEST

/* Formats whose files do not say their rows: the text file that is given, in another format. */
static void convert_numbers(const char *text_path, const char *name) {
  emend_output *output;
  emend_write_plan *plan;
  emend_outputs *outputs = emend_outputs_new();
  ck_assert_int_eq(emend_file_read(text_path, NULL, NULL, &file, NULL), EMEND_OK);
  ck_assert_int_eq(emend_write_plan_new(file, NULL, name, NULL, &plan, NULL), EMEND_OK);
  ck_assert_int_eq(emend_outputs_open(outputs, support_scratch(name), 1, &output, NULL), EMEND_OK);
  ck_assert_int_eq(emend_write(plan, NULL, output, NULL, NULL), EMEND_OK);
  ck_assert_int_eq(emend_outputs_publish(outputs, NULL), EMEND_OK);
  emend_outputs_free(outputs);
  emend_write_plan_free(plan);
  emend_file_close(file);
}

START_TEST(estimates_while_it_reads) {
  enum { ROWS = 100000, LIMIT = 1 << 18 };
  static const char *const names[] = {"many.csv", "many.por", "many.xpt"}, *const said[] = {"about ", "about ", "99991 rows"};
  static char text[ROWS * 8];
  size_t length = (size_t)sprintf(text, "X\n");
  for (int i = 0; i < ROWS; i++)
    length += (size_t)sprintf(text + length, "%d\n", 10000 + i % 90000);
  char first[512];
  support_write(support_scratch("many.csv"), text, length);
  snprintf(first, sizeof first, "%s", support_scratch("many.csv"));
  if (_i > 0)
    convert_numbers(first, names[_i]);
  unsigned char *bytes = support_read(support_scratch(names[_i]), &length);
  ck_assert_int_eq(read_bytes(names[_i], bytes, length, 16 * LIMIT), EMEND_OK);
  ck_assert_uint_eq(emend_dataset_rows(emend_file_dataset(file)), ROWS);
  done();
  emend_status status = read_bytes(names[_i], bytes, length, LIMIT);
  ck_assert_msg(strstr(emend_error_text(error), said[_i]) != NULL, "%s", emend_error_text(error));
  refused(status, EMEND_LIMIT_EXCEEDED, "of memory, more than the limit of 256 KiB");
  free(bytes);
}
END_TEST

/* .sas7bdat says its rows in the head. */
START_TEST(estimates_sas_before_it_reads) {
  const char *sas = support_shared("data/format/pyr_sample.sas7bdat");
  if (!sas)
    return;
  size_t length;
  unsigned char *bytes = support_read(sas, &length);
  refused(read_bytes("sample.sas7bdat", bytes, length, 16 << 10), EMEND_LIMIT_EXCEEDED, "rows of ");
  free(bytes);
}
END_TEST

/* The child's limits follow the file's size. */
static emend_status tell_limits(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *e) {
  struct rlimit cpu, core, size, space;
  (void)options, (void)dataset;
  getrlimit(RLIMIT_CPU, &cpu), getrlimit(RLIMIT_CORE, &core), getrlimit(RLIMIT_FSIZE, &size), getrlimit(RLIMIT_AS, &space);
  const uint64_t own = UINT64_C(512) << 20;
  bool holds = cpu.rlim_cur == 60 + (source->size >> 20) && core.rlim_cur == 0 && size.rlim_cur == 0;
  if (EMEND_LIMITS_ADDRESS_SPACE)
    holds = holds && space.rlim_cur >= own + 2 * source->size && space.rlim_cur <= 2 * own + 2 * source->size + (UINT64_C(64) << 20);
  return holds ? EMEND_OK : emend_fail(e, EMEND_INTERNAL, "%ld s, %ld bytes", (long)cpu.rlim_cur, (long)space.rlim_cur);
}

START_TEST(limits_follow_the_size) {
  for (uint64_t size = 1; size <= UINT64_C(1) << 33; size <<= 11) {
    emend_source source = {.size = size};
    emend_error *e = emend_error_new();
    emend_dataset *dataset;
    ck_assert_int_eq(emend_dataset_new(UINT64_C(1) << 20, true, &dataset, e), EMEND_OK);
    emend_status status = emend_isolate_read(&(emend_format){.name = "test", .read = tell_limits}, &source, NULL, NULL, dataset, NULL, e);
    ck_assert_msg(status == EMEND_OK, "%lu bytes: %s", (unsigned long)size, emend_error_text(e));
    emend_dataset_free(dataset);
    emend_error_free(e);
  }
}
END_TEST

SUITE {
  Suite *suite = suite_create("hostile");
  TCase *cases = tcase_create("hostile");
  tcase_set_timeout(cases, 120);
  tcase_add_test(cases, hundreds_of_thousands_of_variables);
  tcase_add_test(cases, claimed_rows);
  tcase_add_loop_test(cases, claimed_rows_of_stata, 0, sizeof releases / sizeof *releases);
  tcase_add_test(cases, numbers_that_are_none);
  tcase_add_test(cases, estimates_before_it_reads);
  tcase_add_loop_test(cases, estimates_while_it_reads, 0, 3);
  tcase_add_test(cases, estimates_sas_before_it_reads);
  tcase_add_test(cases, limits_follow_the_size);
  suite_add_tcase(suite, cases);
  return suite;
}
