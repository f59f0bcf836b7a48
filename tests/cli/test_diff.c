/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"
#include "support/support.h"

/* emend diff: it finds what emend impute says it changed, and what PSPP was told to change. */

static const char *string(const json_t *object, const char *key) { return json_string_value(json_object_get(object, key)); }

/* --- against the audit --- */

/* One field of a line of CSV, its quotes taken away. */
static char *next_field(char **rest) {
  char *at = *rest, *field = at, *to = at;
  if (*at == '"') {
    for (at++; !(at[0] == '"' && at[1] != '"'); at++) {
      at += at[0] == '"';
      *to++ = *at;
    }
    at++;
  } else {
    while (*at && *at != ',' && *at != '\n')
      *to++ = *at++;
  }
  char end = *at;
  *rest = at + (end == ',' || end == '\n');
  *to = '\0';
  return field;
}

/* The cell is that of the audit's line: row, id, variable, old, new. */
static void check_cell(const json_t *cell, char **rest, const char *name) {
  char *row = next_field(rest);
  next_field(rest);
  char *variable = next_field(rest), *old = next_field(rest), *new = next_field(rest);
  const json_t *was = json_object_get(cell, "before"), *is = json_object_get(cell, "after");
  ck_assert_msg(integer(cell, "row_a") == atol(row) && integer(cell, "row_b") == atol(row), "%s: row %s", name, row);
  ck_assert_str_eq(string(cell, "variable"), variable);
  ck_assert_msg(strcmp(string(cell, "change"), "filled") == 0, "%s: row %s, %s", name, row, variable);
  const char *missing = string(was, "missing");
  ck_assert_msg(strncmp(old, missing, strlen(missing)) == 0, "%s: row %s: %s, %s", name, row, old, missing);
  ck_assert(json_is_null(json_object_get(is, "missing")));
  assert_relative(json_number_value(json_object_get(is, "value")), strtod(new, NULL), 1e-6); /* of floats */
}

static size_t n_imputed, n_cells;

static void visit_imputable(char **field) {
  const char *name = field[FILE_NAME], *extension = strrchr(name, '.');
  if (strcmp(extension, ".sav") != 0 && strcmp(extension, ".dta") != 0 && strcmp(extension, ".csv") != 0)
    return;
  if (atol(field[NOT_AVAILABLE]) + atol(field[USER]) == 0)
    return;
  if (atol(field[BYTES]) > 100000 || atol(field[COLUMNS]) > 100) /* these take long */
    return;
  int status = run("impute '%s' -o out%s --audit audit.csv --force --quiet >said.txt 2>&1", shared(name), extension);
  if (status != 0 && status != 3) /* nothing in it to estimate from */
    return;
  char *audit = (char *)support_read(support_scratch("audit.csv"), NULL), *rest = strchr(audit, '\n') + 1;
  status = run("diff '%s' out%s --json=diff.json --force >said.txt 2>&1", shared(name), extension);
  ck_assert_msg(status == (*rest ? 1 : 0), "%s: status %d", name, status);
  json_t *document = json_of("diff.json"), *cell;
  ck_assert_msg(json_array_size(json_object_get(document, "dictionary")) == 0, "%s", name);
  size_t i;
  json_array_foreach(json_object_get(json_object_get(document, "cells"), "list"), i, cell) {
    ck_assert_msg(*rest != '\0', "%s: cells that the audit does not have", name);
    check_cell(cell, &rest, name);
    n_cells++;
  }
  ck_assert_msg(*rest == '\0', "%s: the audit has more: %.40s", name, rest);
  n_imputed++;
  json_decref(document);
  free(audit);
}

START_TEST(finds_the_imputed_cells) {
  n_imputed = n_cells = 0;
  if (each_line("valid", visit_imputable) > 0)
    ck_assert_msg(n_imputed > 50 && n_cells > 4000, "%zu files, %zu cells", n_imputed, n_cells);
}
END_TEST

/* --- against PSPP --- */

static const char syntax[] =
    "DATA LIST LIST NOTABLE /id (F5.0) q1 q2 (F1.0) name (A8).\nBEGIN DATA\n1 1 2 ann\n2 9 1 bob\n3 2 . carl\n4 1 1 dora\nEND DATA.\n"
    "VALUE LABELS q1 q2 1 'Yes' 2 'No' 9 'Refused'.\nMISSING VALUES q1 q2 (9).\nVARIABLE LABELS q1 'First'.\nADD DOCUMENT 'one'.\n"
    "MRSETS /MCGROUP NAME=$m LABEL='Both' VARIABLES=q1 q2.\nSAVE OUTFILE='a.sav'.\n"
    "GET FILE='a.sav'.\nVARIABLE LABELS q1 'The first'.\nADD VALUE LABELS q1 2 'Never'.\nMISSING VALUES q1 ().\nVARIABLE ROLE /TARGET q2.\n"
    "VARIABLE ATTRIBUTE VARIABLES=q2 ATTRIBUTE=Unit('points').\nIF (id = 3) q2 = 1.\nIF (id = 4) name = 'eve'.\nCOMPUTE extra = 5.\n"
    "SELECT IF id <> 2.\nSAVE OUTFILE='b.sav'\n";

static void check_difference(const json_t *dictionary, size_t i, const char *variable, const char *property, const char *was,
                             const char *is) {
  const json_t *d = json_array_get(dictionary, i);
  ck_assert_ptr_nonnull(d);
  ck_assert_str_eq(string(d, "variable"), variable);
  ck_assert_str_eq(string(d, "property"), property);
  ck_assert_str_eq(string(d, "before"), was);
  ck_assert_str_eq(string(d, "after"), is);
}

START_TEST(finds_what_pspp_changed) {
  char command[1024];
  const char *path = support_scratch("make.sps");
  support_write(path, syntax, sizeof syntax - 1);
  snprintf(command, sizeof command, "cd '%.*s' && pspp make.sps > said.txt 2>&1; test -s b.sav", (int)(strrchr(path, '/') - path), path);
  if (system("pspp --version >/dev/null 2>&1") != 0)
    return;
  ck_assert_int_eq(system(command), 0);
  ck_assert_int_eq(run("diff a.sav b.sav --id id --json >diff.json 2>said.txt"), 1);
  json_t *document = json_of("diff.json"), *dictionary = json_object_get(document, "dictionary");
  char *documentation = (char *)support_read(support_source("docs/json.md"), NULL), *diff = strstr(documentation, "# `emend diff --json`");
  ck_assert_ptr_nonnull(diff);
  assert_documented(document, diff);
  ck_assert_uint_eq(json_array_size(dictionary), 5);
  check_difference(dictionary, 0, "q1", "label", "First", "The first");
  check_difference(dictionary, 1, "q1", "missing values", "9", "");
  check_difference(dictionary, 2, "q1", "value label 2", "No", "Never");
  check_difference(dictionary, 3, "q2", "role", "input", "target");
  check_difference(dictionary, 4, "q2", "attribute Unit", "", "points");
  const json_t *rows = json_object_get(document, "rows"), *cells = json_object_get(document, "cells");
  ck_assert_int_eq(integer(rows, "both"), 3);
  ck_assert_int_eq(json_integer_value(json_array_get(json_object_get(rows, "only_a"), 0)), 2);
  ck_assert_str_eq(json_string_value(json_array_get(json_object_get(json_object_get(document, "variables"), "only_b"), 0)), "extra");
  ck_assert_int_eq(integer(cells, "differ"), 2);
  const json_t *first = json_array_get(json_object_get(cells, "list"), 0), *second = json_array_get(json_object_get(cells, "list"), 1);
  ck_assert_str_eq(string(first, "variable"), "q2");
  ck_assert_str_eq(string(first, "change"), "filled");
  ck_assert_str_eq(string(json_object_get(first, "after"), "label"), "Yes");
  ck_assert_str_eq(string(second, "variable"), "name");
  ck_assert_str_eq(string(json_object_get(second, "after"), "value"), "eve");
  json_decref(document);
  free(documentation);
}
END_TEST

SUITE_APART {
  Suite *suite = suite_create("diff");
  TCase *cases = tcase_create("diff");
  tcase_set_timeout(cases, 300);
  tcase_add_test(cases, finds_the_imputed_cells);
  tcase_add_test(cases, finds_what_pspp_changed);
  suite_add_tcase(suite, cases);
  return suite;
}
