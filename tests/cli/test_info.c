/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"
#include "support/support.h"

/* emend info: what it says of every shared file, against the counts of their index, which were made independently. */

static void check_counts(char **field, const json_t *document) {
  const json_t *file = json_object_get(document, "file");
  json_int_t sum[4] = {0}, labelled = 0;
  static const char *const kinds[] = {"system", "tagged", "empty", "user"};
  size_t i;
  json_t *variable;
  json_array_foreach(json_object_get(document, "variables"), i, variable) {
    json_int_t all = integer(json_object_get(variable, "counts"), "observed");
    for (size_t k = 0; k < 4; k++) {
      json_int_t n = integer(json_object_get(variable, "counts"), kinds[k]);
      sum[k] += n;
      all += n;
    }
    ck_assert_int_eq(all, atol(field[ROWS]));
    labelled += json_string_length(json_object_get(variable, "label")) > 0;
  }
  ck_assert_int_eq(integer(file, "bytes"), atol(field[BYTES]));
  ck_assert_int_eq(integer(file, "rows"), atol(field[ROWS]));
  ck_assert_int_eq(integer(file, "variables"), atol(field[COLUMNS]));
  ck_assert_uint_eq(json_array_size(json_object_get(document, "variables")), (size_t)atol(field[COLUMNS]));
  ck_assert_int_eq(sum[0] + sum[1] + sum[2], atol(field[NOT_AVAILABLE]));
  ck_assert_int_eq(sum[3], atol(field[USER]));
  ck_assert_int_eq(sum[1], atol(field[TAGGED]));
  ck_assert_int_eq(labelled, atol(field[LABELLED]));
}

static void visit_valid(char **field) {
  ck_assert_msg(run("info '%s' --json >info.json 2>err.txt", shared(field[FILE_NAME])) == 0, "%s", field[FILE_NAME]);
  json_t *document = json_of("info.json");
  check_counts(field, document);
  json_decref(document);
  ck_assert_msg(run("info '%s' >text.txt 2>err.txt", shared(field[FILE_NAME])) == 0, "%s", field[FILE_NAME]);
  size_t said;
  free(support_read(support_scratch("err.txt"), &said));
  ck_assert_msg(said == 0, "%s", field[FILE_NAME]);
}

static void visit_bad(char **field) {
  int status = run("info '%s' >text.txt 2>err.txt", shared(field[FILE_NAME]));
  size_t printed;
  char *said = (char *)support_read(support_scratch("err.txt"), NULL);
  free(support_read(support_scratch("text.txt"), &printed));
  ck_assert_msg(status == 1 && printed == 0, "%s: %d", field[FILE_NAME], status);
  ck_assert_msg(strncmp(said, "emend: ", 7) == 0 && strstr(said, field[FILE_NAME]), "%s: %s", field[FILE_NAME], said);
  free(said);
}

START_TEST(valid_files) {
  size_t n = each_line("valid", visit_valid);
  ck_assert(n == 0 || n > 100);
}
END_TEST

START_TEST(bad_files) {
  size_t n = each_line("bad", visit_bad);
  ck_assert(n == 0 || n > 20);
}
END_TEST

START_TEST(keys_are_documented) {
  static const char *const files[] = {"samples/gss2014_usermissing.sav", "samples/penguins.dta", "samples/penguins.csv"};
  char *documentation = (char *)support_read(support_source("docs/json.md"), NULL), *info = strstr(documentation, "# `emend info --json`");
  ck_assert_ptr_nonnull(info);
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    ck_assert_int_eq(run("info '%s' --json=info%zu.json >out.txt 2>&1", support_source(files[i]), i), 0);
    char name[32];
    snprintf(name, sizeof name, "info%zu.json", i);
    json_t *document = json_of(name);
    assert_documented(document, info);
    ck_assert_str_eq(json_string_value(json_object_get(document, "command")), "info");
    json_decref(document);
  }
  ck_assert_int_eq(run("info '%s' --json=info0.json >out.txt 2>&1", support_source(files[0])), 1);
  ck_assert_int_eq(run("info '%s' --json=info0.json --force >out.txt 2>&1", support_source(files[0])), 0);
  free(documentation);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("info");
  TCase *cases = tcase_create("info");
  tcase_set_timeout(cases, 240);
  tcase_add_test(cases, valid_files);
  tcase_add_test(cases, bad_files);
  tcase_add_test(cases, keys_are_documented);
  suite_add_tcase(suite, cases);
  return support_run(suite);
}
