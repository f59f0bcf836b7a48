/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the first rows suggest may be wrong: a table whose surprises come last must be read as the same table upside down, where they come
 * first.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "io/csv_support.h"

enum { ROWS = 1300, LATE = 900 };

static uint64_t state;

static unsigned draw(unsigned n) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (unsigned)((state >> 20) % n);
}

/* What a column holds, and what comes among it late. */
typedef struct column {
  const char *usual[4], *late[4];
} column;

static const column columns[] = {
    {{"1", "2", "3", ""}, {"4", "5", "", "12"}},
    {{"1.5", "-2.25", "1e3", "NA"}, {"3.25", "0.1", "123456789012345678901", "0.30000000000000004"}},
    {{"1", "22", "333", ""}, {"other", "\"two words\"", "no", "x"}},
    {{"", "", "NA", ""}, {"free text", "\"with \"\"quotes\"\"\"", "7", ""}},
    {{"", "na", "", "Na"}, {"sodium", "na", "Na", "x"}},
    {{"10", "20", "30", "40"}, {"007", "0", "08", "10"}},
    {{"yes", "no", "\"may, be\"", "NA"}, {"yes", "never\xC3\xA9", "5", "na"}},
    {{"", "", "", ""}, {"5", "6", "", "7.5"}},
    {{"2001-02-03", "1999-12-31", "", "2020-02-29"}, {"2001-02-03", "2001-02-03T10:00", "", "2020-01-01"}},
    {{"a", "b", "c", "d"}, {"caf\xE9", "na\xEFve", "a", "b"}}, /* not UTF-8 */
    {{"1", "2", "3", "4"}, {"5,5", "6,25", "7,1", "8,5"}},     /* the mark of decimals */
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void add(emend_buffer *out, const char *text) { ck_assert_int_eq(emend_buffer_append(out, text, strlen(text), NULL), EMEND_OK); }

/* The rows of `used` columns; from row LATE on one cell in `every` is a surprise. */
static emend_buffer *make_rows(const bool *used, unsigned every, char delimiter) {
  emend_buffer *rows = calloc(ROWS, sizeof *rows);
  for (size_t row = 0; row < ROWS; row++) {
    add(&rows[row], "r");
    for (size_t c = 0; c < COLUMNS; c++) {
      if (!used[c])
        continue;
      const char *const *cells = row >= LATE && draw(every) == 0 ? columns[c].late : columns[c].usual;
      add(&rows[row], (char[]){delimiter, '\0'});
      add(&rows[row], cells[draw(4)]);
    }
    add(&rows[row], "\n");
  }
  return rows;
}

static csv_text read_rows(const emend_buffer *rows, const bool *used, bool upside_down, char delimiter, const emend_read_options *options) {
  emend_buffer text = {0};
  add(&text, "id");
  for (size_t c = 0; c < COLUMNS; c++)
    if (used[c])
      ck_assert_int_eq(emend_buffer_format(&text, NULL, "%cv%zu", delimiter, c), EMEND_OK);
  add(&text, "\n");
  for (size_t row = 0; row < ROWS; row++)
    add(&text, rows[upside_down ? ROWS - 1 - row : row].bytes);
  csv_text read = csv_open_bytes(text.bytes, text.length, options);
  emend_buffer_free(&text);
  return read;
}

static void compare_cells(const emend_dataset *a, const emend_dataset *b, size_t v) {
  bool text = emend_variable_get_kind(a, v) == EMEND_TEXT;
  ck_assert_int_eq(emend_variable_get_kind(a, v), emend_variable_get_kind(b, v));
  ck_assert_str_eq(emend_variable_format(a, v), emend_variable_format(b, v));
  for (size_t row = 0; row < ROWS; row++) {
    emend_run x = emend_dataset_run(a, v, row), y = emend_dataset_run(b, v, ROWS - 1 - row);
    ck_assert_msg(*x.reasons == *y.reasons, "row %zu of %s: %d and %d", row, emend_variable_name(a, v), *x.reasons, *y.reasons);
    emend_offset s, t;
    memcpy(&s, x.values, sizeof s);
    memcpy(&t, y.values, sizeof t);
    if (text)
      ck_assert_str_eq(emend_dataset_text(a, s), emend_dataset_text(b, t));
    else
      ck_assert_msg(isnan(*x.values) ? isnan(*y.values) : *x.values == *y.values, "row %zu of %s", row, emend_variable_name(a, v));
  }
}

static void compare(const csv_text *down, const csv_text *up) {
  ck_assert_int_eq(down->status, up->status);
  if (down->status) {
    ck_assert_str_eq(emend_error_variable(down->error), emend_error_variable(up->error));
    return;
  }
  ck_assert_uint_eq(emend_dataset_variables(down->dataset), emend_dataset_variables(up->dataset));
  ck_assert_uint_eq(emend_dataset_rows(down->dataset), ROWS);
  ck_assert_uint_eq(emend_dataset_rows(up->dataset), ROWS);
  ck_assert_uint_eq(emend_dataset_warnings(down->dataset), emend_dataset_warnings(up->dataset));
  ck_assert_str_eq(emend_dataset_get_dialect(down->dataset)->encoding, emend_dataset_get_dialect(up->dataset)->encoding);
  ck_assert_int_eq(emend_dataset_get_dialect(down->dataset)->decimal, emend_dataset_get_dialect(up->dataset)->decimal);
  for (size_t v = 0; v < emend_dataset_variables(down->dataset); v++)
    compare_cells(down->dataset, up->dataset, v);
}

static void check(const bool *used, unsigned every, char delimiter, const emend_read_options *options) {
  emend_buffer *rows = make_rows(used, every, delimiter);
  csv_text down = read_rows(rows, used, false, delimiter, options), up = read_rows(rows, used, true, delimiter, options);
  compare(&down, &up);
  csv_close(&down);
  csv_close(&up);
  for (size_t row = 0; row < ROWS; row++)
    emend_buffer_free(&rows[row]);
  free(rows);
}

START_TEST(a_late_surprise_in_one_column_counts) {
  state = 88172645463325252u;
  bool used[COLUMNS] = {0};
  used[_i] = true;
  for (unsigned every = 1; every <= 300; every *= 6) { /* few surprises are errors, many decide */
    check(used, every, ',', NULL);
    check(used, every, ';', NULL);
  }
}
END_TEST

START_TEST(late_surprises_in_many_columns_count) {
  state = 2463534242u + (unsigned)_i;
  emend_read_options *options = csv_options(NULL, NULL, _i % 2 ? "WINDOWS-1252" : NULL, _i % 3 ? "5 x" : NULL);
  bool used[COLUMNS];
  for (size_t c = 0; c < COLUMNS; c++)
    used[c] = draw(2);
  check(used, 1 + draw(4), _i % 4 ? ',' : ';', options);
  emend_read_options_free(options);
}
END_TEST

/* The same error at the same row, whether the pass that fills met it or the one that only looks. */
START_TEST(late_errors_name_their_row) {
  static const char *const broken[] = {"1,2,3\n", "1,\"x\"y\n", "\"never closed\n", "1,word\n", "1,1e999\n", "1,inf\n"};
  for (size_t b = 0; b < sizeof broken / sizeof *broken; b++) {
    emend_buffer text = {0};
    add(&text, "a,b\n");
    for (size_t row = 0; row < LATE; row++)
      add(&text, "1,2\n");
    add(&text, broken[b]);
    csv_text read = csv_open_bytes(text.bytes, text.length, NULL);
    ck_assert_int_eq(read.status, EMEND_MALFORMED);
    ck_assert_msg(emend_error_row(read.error) == LATE + 1, "%s: row %lld", broken[b], (long long)emend_error_row(read.error));
    csv_close(&read);
    emend_buffer_free(&text);
  }
}
END_TEST

/* The bytes of one text may be those that another was converted to. */
START_TEST(converted_texts_are_not_taken_for_others) {
  emend_read_options *options = csv_options(NULL, NULL, "WINDOWS-1252", NULL);
  emend_buffer text = {0};
  add(&text, "t\n");
  for (unsigned i = 1; i < 256; i++) /* each text, then the bytes that it becomes */
    for (int twice = 0; twice < 2; twice++) {
      for (unsigned bits = i; bits; bits >>= 1)
        add(&text, bits % 2 == 0 ? "a" : twice ? "\xC3\xA9" : "\xE9");
      add(&text, "\n");
    }
  csv_text read = csv_open_bytes(text.bytes, text.length, options);
  for (size_t row = 0; row < 510; row++) {
    emend_buffer expected = {0};
    emend_offset at;
    memcpy(&at, emend_dataset_run(read.dataset, 0, row).values, sizeof at);
    for (size_t bits = row / 2 + 1; bits; bits >>= 1)
      add(&expected, bits % 2 == 0 ? "a" : row % 2 ? "\xC3\x83\xC2\xA9" : "\xC3\xA9");
    ck_assert_str_eq(emend_dataset_text(read.dataset, at), expected.bytes);
    emend_buffer_free(&expected);
  }
  emend_buffer_free(&text);
  csv_close(&read);
  emend_read_options_free(options);
}
END_TEST

/* Every class of number in one column, those for which the short ways give up too. */
START_TEST(numbers_are_the_same_however_they_are_taken) {
  static const char *const numbers[] = {"0",
                                        "-0",
                                        "+5",
                                        "12345678",
                                        "123456789",
                                        "-1234567",
                                        "0.5",
                                        ".5",
                                        "5.",
                                        "00.5",
                                        "1234567.12345678",
                                        "12345678.1",
                                        "123456789012345678.5",
                                        "9007199254740993",
                                        "0.1234567890123456789",
                                        "0.12345678901234567890",
                                        "1234567890123456789",
                                        "12345678901234567890",
                                        "99999999999999999999",
                                        "99999999999999999999999",
                                        "1e5",
                                        "-2.5E-3",
                                        "1e-320",
                                        "0.000000000000000000000000000000001",
                                        " 7",
                                        "7 ",
                                        "\"3.25\"",
                                        "\" 4 \""};
  enum { NUMBERS = sizeof numbers / sizeof *numbers };
  emend_buffer text = {0};
  add(&text, "a,b\n");
  for (size_t i = 0; i < NUMBERS; i++)
    ck_assert_int_eq(emend_buffer_format(&text, NULL, "%s,1\n", numbers[i]), EMEND_OK);
  csv_text read = csv_open_bytes(text.bytes, text.length, NULL);
  ck_assert_int_eq(read.status, EMEND_OK);
  for (size_t i = 0; i < NUMBERS; i++) {
    double value = *emend_dataset_run(read.dataset, 0, i).values, expected = strtod(numbers[i] + (numbers[i][0] == '"'), NULL);
    ck_assert_msg(memcmp(&value, &expected, sizeof value) == 0, "%s became %.17g", numbers[i], value);
  }
  csv_close(&read);
  emend_buffer_free(&text);
}
END_TEST

/* Random short cells, read one by one behind an ordinary number: numbers are those of the parser of texts, and all else is a text. */
START_TEST(short_cells) {
  static const char bytes[] = "0123456789012345678901234567890123456789.,-+ e:/\x80";
  enum { CELLS = 20000, LONGEST = 10 };
  char decimal = _i ? ',' : '.';
  emend_buffer text = {0};
  char(*cells)[LONGEST + 1] = calloc(CELLS, sizeof *cells);
  uint64_t state = 88172645463325252u + (uint64_t)_i;
  size_t n = 0;
  add(&text, "a;b\n1;1\n");
  add(&text, _i ? "2,5;1\n" : "2.5;1\n");
  for (size_t i = 0; i < CELLS; i++) {
    size_t length = 1 + i % LONGEST;
    for (size_t k = 0; k < length; k++) {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      cells[n][k] = bytes[(state >> 20) % (sizeof bytes - 1)];
    }
    cells[n][length] = '\0';
    double value;
    const char *digits = cells[n] + strspn(cells[n], "+-");
    bool code = digits[0] == '0' && digits[1] && strspn(digits, "0123456789") == strlen(digits); /* 007 is none */
    if (code || !emend_number_parse(cells[n], length, decimal, &value) || !isfinite(value))
      continue;
    ck_assert_int_eq(emend_buffer_format(&text, NULL, "%s;1\n", cells[n++]), EMEND_OK);
  }
  emend_read_options *options = emend_read_options_new();
  ck_assert_int_eq(emend_read_options_set_decimal(options, _i ? "," : ".", NULL), EMEND_OK);
  ck_assert_int_eq(emend_read_options_set_delimiter(options, ";", NULL), EMEND_OK);
  csv_text read = csv_open_bytes(text.bytes, text.length, options);
  ck_assert_int_eq(read.status, EMEND_OK);
  ck_assert_uint_gt(n, CELLS / 20);
  ck_assert_int_eq(emend_variable_get_kind(read.dataset, 0), EMEND_NUMERIC);
  for (size_t i = 0; i < n; i++) {
    double value = *emend_dataset_run(read.dataset, 0, i + 2).values, expected;
    ck_assert(emend_number_parse(cells[i], strlen(cells[i]), decimal, &expected));
    ck_assert_msg(memcmp(&value, &expected, sizeof value) == 0, "\"%s\" became %.17g", cells[i], value);
  }
  csv_close(&read);
  emend_read_options_free(options);
  emend_buffer_free(&text);
  free(cells);
}
END_TEST

SUITE {
  Suite *suite = suite_create("csv guess");
  TCase *cases = tcase_create("csv guess");
  tcase_set_timeout(cases, 60);
  tcase_add_loop_test(cases, a_late_surprise_in_one_column_counts, 0, COLUMNS);
  tcase_add_loop_test(cases, late_surprises_in_many_columns_count, 0, 24);
  tcase_add_test(cases, late_errors_name_their_row);
  tcase_add_test(cases, converted_texts_are_not_taken_for_others);
  tcase_add_test(cases, numbers_are_the_same_however_they_are_taken);
  tcase_add_loop_test(cases, short_cells, 0, 2);
  suite_add_tcase(suite, cases);
  return suite;
}
