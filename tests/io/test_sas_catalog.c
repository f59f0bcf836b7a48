/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <readstat.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compare/entries.h"
#include "data/dataset.h"
#include "io/file.h"
#include "io/sas_catalog.h"
#include "io/translate.h"
#include "support/support.h"

/* Value labels of SAS files, from a catalog of formats: files made with ReadStat's writers. */

static ssize_t put_bytes(const void *bytes, size_t length, void *context) { return write(*(int *)context, bytes, length); }

static readstat_writer_t *begin(const char *name, int *fd) {
  *fd = open(support_scratch(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ck_assert_int_ge(*fd, 0);
  readstat_writer_t *writer = readstat_writer_init();
  readstat_set_data_writer(writer, put_bytes);
  return writer;
}

static void end(readstat_writer_t *writer, int fd) {
  ck_assert_int_eq(readstat_end_writing(writer), READSTAT_OK);
  readstat_writer_free(writer);
  close(fd);
}

/* ReadStat's writer makes no catalog of two formats that it could read itself: one of numbers, or one of texts. */
static void make_catalog(bool texts) {
  int fd;
  readstat_writer_t *writer = begin("formats.sas7bcat", &fd);
  readstat_label_set_t *set = readstat_add_label_set(writer, texts ? READSTAT_TYPE_STRING : READSTAT_TYPE_DOUBLE, texts ? "$CITY" : "GENDER");
  if (texts) {
    readstat_label_string_value(set, "B", "Berlin");
  } else {
    readstat_label_double_value(set, 1, "Male");
    readstat_label_double_value(set, 2, "F\xC3\xA9male");
  }
  ck_assert_int_eq(readstat_begin_writing_sas7bcat(writer, &fd), READSTAT_OK);
  end(writer, fd);
}

static void make_data(const char *name, bool xpt, const char *format) {
  int fd;
  readstat_writer_t *writer = begin(name, &fd);
  readstat_variable_t *sex = readstat_add_variable(writer, "SEX", READSTAT_TYPE_DOUBLE, 0), *city = readstat_add_variable(writer, "CITY", READSTAT_TYPE_STRING, 8),
                      *date = readstat_add_variable(writer, "DATE", READSTAT_TYPE_DOUBLE, 0);
  readstat_variable_set_format(sex, format);
  readstat_variable_set_format(city, "$CITY");
  readstat_variable_set_format(date, "DATE9");
  if (xpt)
    ck_assert_int_eq(readstat_begin_writing_xport(writer, &fd, 2), READSTAT_OK);
  else
    ck_assert_int_eq(readstat_begin_writing_sas7bdat(writer, &fd, 2), READSTAT_OK);
  for (int row = 0; row < 2; row++) {
    readstat_begin_row(writer);
    readstat_insert_double_value(writer, sex, row + 1);
    readstat_insert_string_value(writer, city, "B");
    readstat_insert_double_value(writer, date, 20000);
    readstat_end_row(writer);
  }
  end(writer, fd);
}

static emend_events *events;
static emend_error *error;
static emend_file *file;

static emend_status read_both(const char *name, const char *catalog, int isolated) {
  emend_read_options *options = emend_read_options_new();
  events = emend_events_new();
  error = emend_error_new();
  emend_read_options_set_isolated(options, isolated);
  ck_assert_int_eq(emend_read_options_set_catalog(options, support_scratch(catalog), error), EMEND_OK);
  emend_status status = emend_file_read(name, options, events, &file, error);
  emend_read_options_free(options);
  return status;
}

static void done(void) {
  emend_file_close(file);
  emend_events_free(events);
  emend_error_free(error);
}

START_TEST(labels_come_from_the_catalog) {
  static const char *const names[] = {"data.sas7bdat", "data.xpt"}, *const formats[] = {"GENDER", "GENDER8", "gender8.0"};
  make_catalog(false);
  make_data(names[_i & 1], _i & 1, formats[_i / 4]);
  ck_assert_msg(read_both(support_scratch(names[_i & 1]), "formats.sas7bcat", _i & 2) == EMEND_OK, "%s", emend_error_text(error));
  const emend_dataset *d = file->dataset;
  ck_assert_uint_eq(emend_dataset_rows(d), 2);
  ck_assert_str_eq(emend_variable_value_label(d, 0, 1), "Male");
  ck_assert_str_eq(emend_variable_value_label(d, 0, 2), "F\xC3\xA9male");
  ck_assert_int_eq(emend_dataset_variable(d, 1)->label_set, -1);
  ck_assert_int_eq(emend_dataset_variable(d, 2)->label_set, -1);
  ck_assert(!emend_translate(EMEND_FAMILY_SAS, d, 0, EMEND_FAMILY_SPSS).approximate);
  ck_assert_uint_eq(emend_events_warning_count(events), 0);
  ck_assert(compare_says(d) & SAYS_VALUE_LABELS); /* so that they are compared */
  done();
}
END_TEST

static emend_offset text_in(emend_dataset *d, const char *text) {
  emend_offset at;
  ck_assert_int_eq(emend_dataset_add_text(d, text, strlen(text), &at, NULL), EMEND_OK);
  return at;
}

/* A catalog of several formats: each variable has the labels of its own. */
START_TEST(each_format_finds_its_labels) {
  static const char *const sets[] = {"YESNO", "$CITY", "GENDER", "CITY", "AGE"};
  static const struct {
    const char *format;
    bool text;
    int set;
  } variables[] = {{"GENDER8.", false, 2}, {"$CITY3.", true, 1}, {"yesno", false, 0}, {"DATE9.", false, -1}, {"CITY8.2", false, 3}, {"$YESNO.", true, -1}};
  enum { N = sizeof variables / sizeof *variables };
  emend_dataset *d;
  ck_assert_int_eq(emend_dataset_new(UINT64_C(1) << 20, false, &d, NULL), EMEND_OK);
  for (size_t v = 0; v < N; v++) {
    emend_variable variable = {.kind = variables[v].text ? EMEND_TEXT : EMEND_NUMERIC, .label_set = -1};
    variable.name = text_in(d, (char[]){'A', (char)('a' + v), '\0'});
    variable.format = text_in(d, variables[v].format);
    ck_assert_int_eq(emend_dataset_add_variable(d, &variable, NULL, NULL), EMEND_OK);
  }
  for (size_t i = 0, index; i < sizeof sets / sizeof *sets; i++)
    ck_assert_int_eq(emend_dataset_add_label_set(d, sets[i], &index, NULL), EMEND_OK);
  ck_assert_int_eq(emend_sas_catalog_assign(d, NULL), EMEND_OK);
  for (size_t v = 0; v < N; v++)
    ck_assert_msg(emend_dataset_variable(d, v)->label_set == variables[v].set, "%s", variables[v].format);
  emend_dataset_free(d);
}
END_TEST

START_TEST(texts_have_labels_too) {
  make_catalog(true);
  make_data("data.xpt", true, "CITY"); /* without the $: of numbers */
  ck_assert_msg(read_both(support_scratch("data.xpt"), "formats.sas7bcat", 1) == EMEND_OK, "%s", emend_error_text(error));
  const emend_dataset *d = file->dataset;
  ck_assert_int_eq(emend_dataset_variable(d, 1)->label_set, 0);
  const emend_label_set *set = emend_dataset_label_set(d, 0);
  ck_assert_uint_eq(set->n_labels, 1);
  ck_assert_str_eq(emend_dataset_text(d, emend_dataset_label(d, set, 0)->key), "B");
  ck_assert_str_eq(emend_dataset_text(d, emend_dataset_label(d, set, 0)->text), "Berlin");
  ck_assert_int_eq(emend_dataset_variable(d, 0)->label_set, -1);
  done();
}
END_TEST

START_TEST(a_catalog_of_other_formats_is_pointed_out) {
  make_catalog(false);
  const char *path = support_shared("data/format/pyr_sample.sas7bdat");
  if (!path)
    return;
  ck_assert_msg(read_both(path, "formats.sas7bcat", 1) == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_uint_eq(emend_events_warning_count(events), 1);
  ck_assert_ptr_nonnull(strstr(emend_events_warning(events, 0), "no variable has a format of the catalog, which has 1 with labels"));
  done();
}
END_TEST

/* The error names the catalog, not the data. */
START_TEST(a_bad_catalog_is_refused) {
  make_data("data.xpt", true, "GENDER");
  make_catalog(false);
  size_t length;
  unsigned char *bytes = support_read(support_scratch("formats.sas7bcat"), &length);
  support_write(support_scratch("cut.sas7bcat"), bytes, length / 2);
  support_write(support_scratch("text.sas7bcat"), "no catalog", 10);
  static const char *const names[] = {"cut.sas7bcat", "text.sas7bcat", "absent.sas7bcat", "data.xpt"};
  for (size_t i = 0; i < 8; i++) {
    ck_assert_int_ne(read_both(support_scratch("data.xpt"), names[i / 2], i % 2), EMEND_OK);
    ck_assert_str_eq(emend_error_file(error), support_scratch(names[i / 2]));
    done();
  }
  free(bytes);
}
END_TEST

START_TEST(other_formats_have_their_own) {
  make_catalog(false);
  const char *path = support_source("samples/penguins.csv");
  ck_assert_int_eq(read_both(path, "formats.sas7bcat", 0), EMEND_OK);
  ck_assert_uint_eq(emend_events_warning_count(events), 1);
  ck_assert_ptr_nonnull(strstr(emend_events_warning(events, 0), "not used"));
  done();
}
END_TEST

SUITE {
  Suite *suite = suite_create("sas catalog");
  TCase *cases = tcase_create("catalog");
  tcase_add_loop_test(cases, labels_come_from_the_catalog, 0, 12);
  tcase_add_test(cases, each_format_finds_its_labels);
  tcase_add_test(cases, texts_have_labels_too);
  tcase_add_test(cases, a_catalog_of_other_formats_is_pointed_out);
  tcase_add_test(cases, a_bad_catalog_is_refused);
  tcase_add_test(cases, other_formats_have_their_own);
  suite_add_tcase(suite, cases);
  return suite;
}
