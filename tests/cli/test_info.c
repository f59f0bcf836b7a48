/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdbool.h>
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

/* --- PSPP's DISPLAY DICTIONARY --- */

enum { MOST_CELLS = 16 };

/* The next line of PSPP's CSV, cut at commas, in place: "" for what is not there. Quotes are doubled inside quotes. */
static size_t next_row(char **rest, const char *cells[MOST_CELLS]) {
  size_t n = 0;
  for (size_t i = 0; i < MOST_CELLS; i++)
    cells[i] = "";
  for (char *at = *rest, end = ','; end == ',' && *at && n < MOST_CELLS; *rest = at) {
    char *to = at;
    bool quoted = *at == '"';
    cells[n++] = to;
    for (at += quoted; quoted ? !(at[0] == '"' && at[1] != '"') : *at && *at != ',' && *at != '\n'; at++) {
      at += quoted && at[0] == '"';
      *to++ = *at;
    }
    at += quoted;
    end = *at;
    at += end != '\0';
    *to = '\0';
  }
  return n;
}

static const char *known(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

/* F8.0 and F8 are the same; so are Center and centre, Output and target. */
static void same(const char *file, const char *pspp, const char *ours, const char *what) {
  char theirs[512];
  snprintf(theirs, sizeof theirs, "%s", pspp);
  size_t n = strlen(theirs);
  if (strcmp(what, "format") == 0 && n > 2 && strcmp(theirs + n - 2, ".0") == 0 && !strstr(ours, ".0"))
    theirs[n - 2] = '\0';
  if (strcmp(theirs, "Center") == 0)
    strcpy(theirs, "centre");
  if (strcmp(theirs, "Output") == 0)
    strcpy(theirs, "target");
  if (strcmp(what, "label") != 0 && strcmp(what, "format") != 0)
    theirs[0] = (char)(theirs[0] >= 'A' && theirs[0] <= 'Z' ? theirs[0] - 'A' + 'a' : theirs[0]);
  ck_assert_msg(strcmp(theirs, ours) == 0, "%s: %s: PSPP %s, emend %s", file, what, theirs, ours);
}

static size_t n_agreed;

/* Where a file says nothing, PSPP shows its defaults. */
static void check_variable(const char *file, const char *const *cells, const char *const *heads, const json_t *variable) {
  static const struct {
    const char *head, *key, *what;
    bool defaulted;
  } table[] = {{"Label", "label", "label", false},          {"Measurement Level", "measure", "measure", true},
               {"Role", "role", "role", true},              {"Alignment", "alignment", "alignment", true},
               {"Print Format", "format", "format", false}, {"Write Format", "write_format", "format", true}};
  for (size_t i = 0; i < MOST_CELLS; i++) {
    for (size_t k = 0; k < sizeof table / sizeof *table; k++)
      if (strcmp(heads[i], table[k].head) == 0 && (!table[k].defaulted || *known(variable, table[k].key)))
        same(file, cells[i], known(variable, table[k].key), table[k].what);
    if (strcmp(heads[i], "Width") == 0 && integer(variable, "display_width"))
      ck_assert_int_eq(integer(variable, "display_width"), atol(cells[i]));
  }
  n_agreed++;
}

static void visit_spss(char **field) {
  const char *extension = strrchr(field[FILE_NAME], '.');
  if (strcmp(extension, ".sav") != 0 && strcmp(extension, ".zsav") != 0)
    return;
  char command[4096];
  snprintf(command, sizeof command, "cd '%s' && rm -f dictionary.csv && printf \"GET FILE='%s'.\\nDISPLAY DICTIONARY.\\n\" > ask.sps && "
                                    "pspp -O format=csv -o dictionary.csv ask.sps >said.txt 2>&1; test -s dictionary.csv",
           support_scratch("."), shared(field[FILE_NAME]));
  ck_assert_msg(system(command) == 0, "%s", field[FILE_NAME]);
  ck_assert_int_eq(run("info '%s' --json >info.json 2>err.txt", shared(field[FILE_NAME])), 0);
  json_t *document = json_of("info.json"), *variables = json_object_get(document, "variables");
  char *listing = (char *)support_read(support_scratch("dictionary.csv"), NULL), *rest = strstr(listing, "Table: Variables\n");
  ck_assert_msg(rest != NULL, "%s", field[FILE_NAME]);
  const char *heads[MOST_CELLS], *cells[MOST_CELLS];
  next_row(&rest, heads);
  next_row(&rest, heads);
  for (size_t i = 0; i < json_array_size(variables); i++) {
    ck_assert_uint_gt(next_row(&rest, cells), 3);
    ck_assert_msg(atol(cells[1]) == (long)i + 1, "%s: variable %zu", field[FILE_NAME], i);
    check_variable(field[FILE_NAME], cells, heads, json_array_get(variables, i));
  }
  json_decref(document);
  free(listing);
}

START_TEST(agrees_with_pspp) {
  n_agreed = 0;
  if (support_shared("data") && system("pspp --version >/dev/null 2>&1") == 0) {
    each_line("valid", visit_spss);
    ck_assert_uint_gt(n_agreed, 800);
  }
}
END_TEST

SUITE_APART {
  Suite *suite = suite_create("info");
  TCase *cases = tcase_create("info");
  tcase_set_timeout(cases, 240);
  tcase_add_test(cases, valid_files);
  tcase_add_test(cases, bad_files);
  tcase_add_test(cases, keys_are_documented);
  tcase_add_test(cases, agrees_with_pspp);
  suite_add_tcase(suite, cases);
  return suite;
}
