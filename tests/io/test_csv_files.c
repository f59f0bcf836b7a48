/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every delimited text of ../shared/data: counts as INDEX.tsv gives them, and patching that changes nothing else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv_support.h"

enum {
  FILE_NAME,
  CLASS,
  ROWS = 3,
  COLUMNS = 4,
  MISSING = 5,
  STRINGS = 11,
  EXPECTED_ROWS = 13,
  EXPECTED_COLUMNS,
  EXPECTED_MISSING,
  FIELDS = 18
};

static size_t split_line(char *line, char **fields) {
  size_t n = 0;
  for (char *field; n < FIELDS && (field = strsep(&line, "\t\n")); n++) {
    if (strcmp(field, "\"\"") == 0)
      *field = '\0';
    fields[n] = field;
  }
  return n;
}

static bool is_delimited(const char *name) {
  size_t length = strlen(name);
  return length > 4 && (strcmp(name + length - 4, ".csv") == 0 || strcmp(name + length - 4, ".tsv") == 0);
}

static void check_counts(const csv_text *text, char **fields) {
  const char *expected[] = {fields[EXPECTED_ROWS], fields[EXPECTED_COLUMNS], fields[EXPECTED_MISSING]};
  const char *counted[] = {fields[ROWS], fields[COLUMNS], fields[MISSING]};
  size_t found[] = {emend_dataset_rows(text->dataset), emend_dataset_variables(text->dataset),
                    csv_count(text->dataset, EMEND_SYSTEM_MISSING)};
  for (int i = 0; i < 3; i++) {
    const char *wanted = expected[i][0] ? expected[i] : counted[i];
    ck_assert_msg(!wanted[0] || found[i] == strtoul(wanted, NULL, 10), "%s: %zu, INDEX.tsv says %s", fields[FILE_NAME], found[i], wanted);
  }
}

static void check_patching(const csv_text *text, const char *path) {
  size_t before_length, after_length;
  char *before = (char *)support_read(path, &before_length);
  char *same = csv_patched(text, false, &after_length);
  ck_assert_msg(after_length == before_length && memcmp(before, same, before_length) == 0, "%s is copied unchanged", path);
  free(same);
  if (strncmp(emend_dataset_get_dialect(text->dataset)->encoding, "UTF-16", 6) != 0) { /* its own test below */
    char *after = csv_patched(text, true, &after_length);
    csv_check_patch(text, before, before_length, after, after_length);
    free(after);
  }
  free(before);
}

START_TEST(files_of_the_index) {
  const char *index = support_shared("data/INDEX.tsv");
  if (!index)
    return;
  size_t length, n_files = 0;
  char *all = (char *)support_read(index, &length), *rest = all, *line;
  while ((line = strsep(&rest, "\n"))) {
    char *fields[FIELDS] = {0}, path[4096];
    if (split_line(line, fields) < FIELDS || !is_delimited(fields[FILE_NAME]))
      continue;
    snprintf(path, sizeof path, "data/%s", fields[FILE_NAME]);
    snprintf(path, sizeof path, "%s", support_shared(path));
    csv_text text = csv_open(path, NULL);
    bool valid = strcmp(fields[CLASS], "valid") == 0, bad = strcmp(fields[CLASS], "bad") == 0;
    ck_assert_msg(!valid || !text.status, "%s: %s", path, emend_error_text(text.error));
    ck_assert_msg(!bad || text.status, "%s was accepted", path);
    if (!text.status) {
      check_counts(&text, fields);
      check_patching(&text, path);
    }
    csv_close(&text);
    n_files++;
  }
  free(all);
  ck_assert_uint_ge(n_files, 40);
}
END_TEST

/* Class "either": what we do, so that a change is noticed. */
typedef struct fate {
  const char *file;
  emend_status status;
  int64_t row;
  const char *variable, *part; /* of the message or, if it opens, of a warning */
} fate;

static const fate fates[] = {
    {"bad/binary.csv", EMEND_MALFORMED, 0, "", "not plain text"},
    {"bad/dup_header.csv", EMEND_OK, 0, "", "renamed"},
    {"bad/empty.csv", EMEND_MALFORMED, 0, "", "empty"},
    {"bad/empty_header.csv", EMEND_OK, 0, "", "have no name"},
    {"bad/invalid_utf8.csv", EMEND_OK, 0, "", "row 1, byte 7) and is read as Windows-1252"},
    {"bad/late_text.csv", EMEND_MALFORMED, 2501, "a", "\"oops\" is not a number"},
    {"bad/nul_bytes.csv", EMEND_MALFORMED, 0, "", "not plain text"},
    {"bad/only_newlines.csv", EMEND_MALFORMED, 0, "", "no variables"},
    {"bad/ragged.csv", EMEND_MALFORMED, 1, "", "2 fields where the first line has 3"},
    {"bad/unclosed_quote.csv", EMEND_MALFORMED, 1, "", "never closed"},
    {"format/numbers.csv", EMEND_MALFORMED, 2, "d", "1e400"},
    {"format/na_minus99.csv", EMEND_OK, 0, "",
     "score has 2 cells of -99, far from the others (29.4 to 67.46): if they mean missing, add --missing=-99"},
};

START_TEST(fates_of_odd_files) {
  const fate *wanted = &fates[_i];
  char path[4096];
  snprintf(path, sizeof path, "data/%s", wanted->file);
  const char *there = support_shared(path);
  if (!there)
    return;
  csv_text text = csv_open(there, NULL);
  ck_assert_msg(text.status == wanted->status, "%s", emend_error_text(text.error));
  if (text.status) {
    ck_assert_int_eq(emend_error_row(text.error), wanted->row);
    ck_assert_str_eq(emend_error_variable(text.error), wanted->variable);
    ck_assert_msg(strstr(emend_error_text(text.error), wanted->part), "%s", emend_error_text(text.error));
  } else {
    ck_assert_msg(csv_warns(text.dataset, wanted->part), "no warning says \"%s\"", wanted->part);
  }
  csv_close(&text);
}
END_TEST

/* A sample with bytes changed, dropped and doubled at random: refused with a message, or opened and copied byte for byte. */
START_TEST(mutations) {
  enum { TIMES = 40, CHANGES = 6 };
  static const char *const letters = "\"\"\n\r,;\t|.- 0\xFF\xC3";
  const char *path = support_source("samples/penguins.csv");
  size_t length, opened = 0;
  unsigned char *bytes = support_read(path, &length), *mutant = malloc(length + CHANGES);
  uint64_t state = UINT64_C(0x9E3779B97F4A7C15) * (unsigned)(_i + 1);
  for (length = 2000; bytes[length - 1] != '\n';) /* whole lines */
    length--;
  for (int time = 0; time < TIMES; time++) {
    size_t n = length;
    memcpy(mutant, bytes, length);
    for (int change = 0; change < 1 + time % CHANGES; change++) {
      state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
      size_t at = (size_t)(state >> 33) % n;
      if (state >> 60 < 3)
        memmove(mutant + at, mutant + at + 1, --n - at);
      else
        mutant[at] = state >> 60 < 13 ? (unsigned char)letters[(state >> 20) % 14] : (unsigned char)(state >> 12);
    }
    csv_text text = csv_open_bytes(mutant, n, NULL);
    if (text.status) {
      ck_assert_msg(text.status == EMEND_MALFORMED || text.status == EMEND_UNSUPPORTED, "%s", emend_error_text(text.error));
    } else {
      size_t copied;
      char *copy = csv_patched(&text, false, &copied);
      ck_assert(copied == n && memcmp(copy, mutant, n) == 0);
      free(copy);
      opened++;
    }
    csv_close(&text);
  }
  ck_assert(opened > 0 && opened < TIMES);
  free(bytes);
  free(mutant);
}
END_TEST

SUITE {
  Suite *suite = suite_create("csv files");
  TCase *files = tcase_create("files");
  tcase_set_timeout(files, 60);
  tcase_add_test(files, files_of_the_index);
  tcase_add_loop_test(files, fates_of_odd_files, 0, sizeof fates / sizeof *fates);
  tcase_add_loop_test(files, mutations, 0, 5);
  suite_add_tcase(suite, files);
  return suite;
}
