/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"
#include "io/file.h"
#include "support/support.h"

/* Files of ../shared, against the counts that their makers wrote down in INDEX.tsv. */

enum { FIELDS = 7, MOST_FILES = 400 };
typedef struct entry {
  char *file, *class_;
  long rows, columns, missing, user_missing;
} entry;

static entry entries[MOST_FILES];
static size_t n_entries;
static char *table;

static long count(const char *field) { return field[0] && field[0] != '"' ? atol(field) : -1; }

static void load_index(void) {
  const char *path = support_shared("data/INDEX.tsv");
  if (!path)
    return;
  table = (char *)support_read(path, NULL);
  char *rest = table;
  strsep(&rest, "\n");
  for (char *line; (line = strsep(&rest, "\n")) && *line;) {
    char *fields[FIELDS];
    for (size_t i = 0; i < FIELDS; i++)
      fields[i] = strsep(&line, "\t");
    if (n_entries == MOST_FILES || !fields[FIELDS - 1])
      abort();
    entries[n_entries++] = (entry){fields[0], fields[1], count(fields[3]), count(fields[4]), count(fields[5]), count(fields[6])};
  }
}

typedef struct counts {
  size_t missing, user_missing;
} counts;

static counts count_cells(const emend_dataset *dataset) {
  counts found = {0};
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++)
    for (size_t row = 0; row < emend_dataset_rows(dataset); row++) {
      emend_reason reason = emend_cell_reason(dataset, row, v);
      found.user_missing += reason == EMEND_USER_MISSING;
      found.missing += reason != EMEND_OBSERVED && reason != EMEND_USER_MISSING;
      if (emend_variable_get_kind(dataset, v) != EMEND_TEXT)
        ck_assert_int_eq(isnan(emend_cell_value(dataset, row, v)) != 0, reason != EMEND_OBSERVED && reason != EMEND_USER_MISSING);
    }
  return found;
}

static emend_file *read_entry(const entry *e, int isolated, emend_error *error) {
  char path[256];
  snprintf(path, sizeof path, "data/%s", e->file);
  emend_read_options *options = emend_read_options_new();
  emend_read_options_set_isolated(options, isolated);
  emend_file *file;
  emend_status status = emend_file_read(support_shared(path), options, NULL, &file, error);
  ck_assert_int_eq(status == EMEND_OK, file != NULL);
  emend_read_options_free(options);
  return file;
}

START_TEST(opens_valid_files) {
  const entry *e = &entries[_i];
  if (strcmp(e->class_, "valid") != 0)
    return;
  for (int isolated = 0; isolated < 2; isolated++) {
    emend_error *error = emend_error_new();
    emend_file *file = read_entry(e, isolated, error);
    ck_assert_msg(file != NULL, "%s", emend_error_text(error));
    const emend_dataset *dataset = emend_file_dataset(file);
    ck_assert_msg((long)emend_dataset_rows(dataset) == e->rows, "%s: %zu rows, wanted %ld", e->file, emend_dataset_rows(dataset), e->rows);
    ck_assert_msg((long)emend_dataset_variables(dataset) == e->columns, "%s: %zu columns, wanted %ld", e->file,
                  emend_dataset_variables(dataset), e->columns);
    counts found = count_cells(dataset);
    ck_assert_msg((long)found.missing == e->missing, "%s: %zu missing, wanted %ld", e->file, found.missing, e->missing);
    ck_assert_msg((long)found.user_missing == e->user_missing, "%s: %zu user-missing, wanted %ld", e->file, found.user_missing,
                  e->user_missing);
    ck_assert_int_eq(emend_dataset_check(dataset, error), EMEND_OK);
    emend_file_close(file);
    emend_error_free(error);
  }
}
END_TEST

/* Bad files must be refused with the file's name; of the others it is enough that what opens is consistent. */
START_TEST(survives_other_files) {
  const entry *e = &entries[_i];
  if (strcmp(e->class_, "valid") == 0)
    return;
  emend_error *error = emend_error_new();
  emend_file *file = read_entry(e, 1, error);
  ck_assert_msg(!file || strcmp(e->class_, "bad") != 0, "%s was not refused", e->file);
  if (file) {
    ck_assert_int_eq(emend_dataset_check(emend_file_dataset(file), error), EMEND_OK);
    ck_assert_msg(emend_dataset_variables(emend_file_dataset(file)) > 0 || strstr(e->file, "zero_vars"), "%s is an empty success", e->file);
    count_cells(emend_file_dataset(file));
  } else {
    ck_assert_msg(strstr(emend_error_file(error), e->file) != NULL, "%s: %s", e->file, emend_error_text(error));
    ck_assert_msg(strlen(emend_error_message(error)) > 10, "%s: %s", e->file, emend_error_text(error));
    if (getenv("EMEND_SHOW"))
      printf("%s: %s\n", e->class_, emend_error_text(error));
  }
  emend_file_close(file);
  emend_error_free(error);
}
END_TEST

static void free_index(void) { free(table); }

SUITE {
  load_index();
  atexit(free_index);
  Suite *suite = suite_create("read");
  TCase *cases = tcase_create("shared files");
  tcase_set_timeout(cases, 60);
  tcase_add_loop_test(cases, opens_valid_files, 0, (int)n_entries);
  tcase_add_loop_test(cases, survives_other_files, 0, (int)n_entries);
  suite_add_tcase(suite, cases);
  return suite;
}
