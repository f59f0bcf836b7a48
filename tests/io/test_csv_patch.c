/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patching changes the imputed fields and not a byte more: the output against a splitter made for the tests. */
#include <iconv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "io/csv_support.h"

static uint64_t state;

static unsigned draw(unsigned n) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (unsigned)((state >> 20) % n);
}

/* Texts with missing numbers, and what filling them gives: csv_fill(row, variable) is known for each place. */
typedef struct example {
  const char *before, *after, *delimiter, *decimal;
} example;

static const example examples[] = {
    /* row 0: 0+100v, 0.5 ... see csv_fill */
    {"a,b\n,1\n2,\n", "a,b\n0,1\n2,0.25\n", NULL, NULL},
    {"a,b\r\nNA,1\r\n2,.\r\n\r\n", "a,b\r\n0,1\r\n2,0.25\r\n\r\n", NULL, NULL},
    {"a,b\rNA,1\r2,.", "a,b\r0,1\r2,0.25", NULL, NULL},
    {"\xEF\xBB\xBF"
     "a,b\n,1.50\n+2,\n",
     "\xEF\xBB\xBF"
     "a,b\n0,1.50\n+2,0.25\n",
     NULL, NULL},
    {"a;b\n;1,50\n2;\n", "a;b\n0;1,50\n2;0,25\n", NULL, NULL},
    {"a,b\n \"NA\" ,1\n2,\"\"\n", "a,b\n \"0\" ,1\n2,\"0.25\"\n", NULL, NULL},
    {"a,b\n  NA ,1\n2,   \n", "a,b\n  0 ,1\n2,0.25\n", NULL, NULL},
    {"a,b\n\" NA\",1\n2,\" \"\n", "a,b\n\" 0\",1\n2,\"0.25\"\n", NULL, NULL},
    {"a,b\n,\"1,5\"\n2,\n", "a,b\n0,\"1,5\"\n2,\"0,25\"\n", NULL, ","},
    {"x\n1\n\n3\n", "x\n1\n-0.2\n3\n", NULL, NULL},
    {"\n\nx\n\n1", "\n\nx\n0\n1", NULL, NULL},
    {"x\n1\n\n", "x\n1\n-0.2\n", NULL, NULL},
    {"\n  \na,b\n\n,1\n   \n2,\n\n\n", "\n  \na,b\n\n0,1\n   \n2,0.25\n\n\n", NULL, NULL},
    {"a,t\n,\"x\ny, \"\"z\"\"\"\n2,NA\n", "a,t\n0,\"x\ny, \"\"z\"\"\"\n2,NA\n", NULL, NULL},
    {"a,b\n1,2\n", "a,b\n1,2\n", NULL, NULL},
    {"a,b", "a,b", NULL, NULL},
    {"nom,b\n\xE9,\n\x80,1\n", "nom,b\n\xE9,-0.1\n\x80,1\n", NULL, NULL},
};

START_TEST(exactly) {
  const example *e = &examples[_i];
  emend_read_options *options = csv_options(e->delimiter, e->decimal, NULL, NULL);
  csv_text text = csv_open_text(e->before, options);
  ck_assert_msg(!text.status, "%s", emend_error_text(text.error));
  size_t length;
  char *after = csv_patched(&text, true, &length);
  ck_assert_str_eq(after, e->after);
  ck_assert_uint_eq(length, strlen(e->after));
  free(after);
  after = csv_patched(&text, false, &length);
  ck_assert_str_eq(after, e->before);
  free(after);
  csv_close(&text);
  emend_read_options_free(options);
}
END_TEST

static void add(emend_buffer *out, const char *text) { ck_assert_int_eq(emend_buffer_append(out, text, strlen(text), NULL), EMEND_OK); }

typedef struct style {
  char delimiter, decimal;
  const char *end;
  bool one_column;
} style;

static void add_quoted(emend_buffer *out, const char *text, bool quote) {
  if (quote)
    add(out, "\"");
  add(out, text);
  if (quote)
    add(out, "\"");
}

static void add_number(emend_buffer *out, const style *s) {
  static const char *const missing[] = {"", "NA", "na", ".", "NULL", "NaN", "n/a", "  "};
  char number[EMEND_NUMBER_SIZE];
  bool quote = draw(4) == 0;
  const char *before = draw(10) ? "" : " ", *after = draw(10) ? "" : "  ";
  if (draw(3) == 0) {
    add(out, before);
    add_quoted(out, missing[draw(8)], quote);
    add(out, after);
    return;
  }
  emend_number_print((double)draw(100000) / (1 + draw(64)) - 100, s->decimal, number);
  add(out, before);
  add_quoted(out, number, quote || strchr(number, s->delimiter));
  add(out, after);
}

static void add_text(emend_buffer *out, const style *s) {
  static const char *const texts[] = {
      "", "red", "NA", "two words", "\xC3\xA9t\xC3\xA9", "\xF0\x9F\x98\x80", "007", "\"\"said\"\"", "\n", "a,b;c\td|e", " x ", "\r\n"};
  const char *text = texts[draw(sizeof texts / sizeof *texts)];
  char specials[] = {s->delimiter, '"', '\n', '\r', '\0'};
  add_quoted(out, text, draw(3) == 0 || strpbrk(text, specials));
}

static void add_table(emend_buffer *out, const style *s, size_t columns, size_t rows) {
  const char delimiter[] = {s->delimiter, '\0'};
  for (size_t i = 0; i < columns; i++) {
    ck_assert_int_eq(emend_buffer_format(out, NULL, "%s%sv%zu%s", i ? delimiter : "", i % 2 ? "\"" : "", i, i % 2 ? "\"" : ""), EMEND_OK);
  }
  add(out, s->end);
  for (size_t row = 0; row < rows; row++) {
    for (size_t i = 0; i < columns; i++) {
      add(out, i ? delimiter : "");
      if (i % 3 == 2)
        add_text(out, s);
      else
        add_number(out, s);
    }
    if (row + 1 < rows || s->one_column || draw(2)) /* a last empty line without its end is none */
      add(out, s->end);
    if (!s->one_column && draw(15) == 0 && row + 1 < rows)
      add(out, s->end);
  }
}

static style draw_style(void) {
  static const char *const ends[] = {"\n", "\r\n", "\r"};
  style s = {.delimiter = ",;\t|"[draw(4)], .end = ends[draw(3)]};
  s.decimal = s.delimiter == ',' || draw(2) ? '.' : ',';
  return s;
}

static void check_random_table(void) {
  style s = draw_style();
  size_t columns = 1 + draw(7), rows = 1 + draw(60);
  s.one_column = columns == 1;
  emend_buffer out = {0};
  add_table(&out, &s, columns, rows);
  char delimiter[] = {s.delimiter, '\0'}, decimal[] = {s.decimal, '\0'};
  emend_read_options *options = csv_options(delimiter, decimal, NULL, NULL);
  csv_text text = csv_open_bytes(out.bytes, out.length, options);
  ck_assert_msg(!text.status, "%s", emend_error_text(text.error));
  ck_assert_uint_eq(emend_dataset_rows(text.dataset), rows);
  size_t length;
  char *after = csv_patched(&text, true, &length);
  csv_check_patch(&text, out.bytes, out.length, after, length);
  free(after);
  after = csv_patched(&text, false, &length);
  ck_assert(length == out.length && memcmp(after, out.bytes, length) == 0);
  free(after);
  csv_close(&text);
  emend_read_options_free(options);
  emend_buffer_free(&out);
}

START_TEST(random_tables) {
  state = UINT64_C(0x9E3779B97F4A7C15) * (unsigned)(_i + 1);
  for (int i = 0; i < 5; i++)
    check_random_table();
}
END_TEST

static char *convert(const char *to, const char *from, const char *bytes, size_t length, size_t *converted) {
  size_t room = 4 * length + 16, size = room;
  char *out = malloc(size), *target = out, *source = (char *)(uintptr_t)bytes;
  iconv_t converter = iconv_open(to, from);
  ck_assert(converter != (iconv_t)-1);
  ck_assert(iconv(converter, &source, &length, &target, &room) != (size_t)-1);
  iconv_close(converter);
  *converted = size - room;
  return out;
}

/* In UTF-16, the patched bytes are those of the patched UTF-8 text. */
START_TEST(utf16) {
  const char *encoding = _i % 2 ? "UTF-16BE" : "UTF-16LE", *mark = _i % 2 ? "\xFE\xFF" : "\xFF\xFE";
  state = UINT64_C(0x2545F4914F6CDD1D) * (unsigned)(_i + 1);
  style s = draw_style();
  emend_buffer out = {0};
  add_table(&out, &s, 5, 30);
  char delimiter[] = {s.delimiter, '\0'}, decimal[] = {s.decimal, '\0'};
  emend_read_options *options = csv_options(delimiter, decimal, NULL, NULL);
  size_t wide_length, narrow_length, length, body;
  char *body_bytes = convert(encoding, "UTF-8", out.bytes, out.length, &body), *wide = malloc(body + 2);
  memcpy(wide, mark, 2);
  memcpy(wide + 2, body_bytes, body);
  csv_text narrow_text = csv_open_bytes(out.bytes, out.length, options), wide_text = csv_open_bytes(wide, body + 2, options);
  ck_assert_msg(!wide_text.status, "%s", emend_error_text(wide_text.error));
  char *copy = csv_patched(&wide_text, false, &length);
  ck_assert(length == body + 2 && memcmp(copy, wide, length) == 0);
  char *narrow = csv_patched(&narrow_text, true, &narrow_length), *patched = csv_patched(&wide_text, true, &wide_length);
  char *back = convert("UTF-8", encoding, patched + 2, wide_length - 2, &length);
  ck_assert_int_eq(memcmp(patched, mark, 2), 0);
  ck_assert(length == narrow_length && memcmp(back, narrow, length) == 0);
  csv_check_patch(&narrow_text, out.bytes, out.length, back, length);
  char *all[] = {body_bytes, wide, copy, narrow, patched, back};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    free(all[i]);
  csv_close(&narrow_text);
  csv_close(&wide_text);
  emend_read_options_free(options);
  emend_buffer_free(&out);
}
END_TEST

/* The same rows against another file, or the wrong number of rows: an error, whatever has been written so far. */
typedef struct mismatch {
  const char *read, *patched;
  size_t rows;
} mismatch;

static const mismatch mismatches[] = {
    {"a,b\n,1\n2,\n", "a,b\n,1\n", 2},          {"a,b\n,1\n2,\n", "a,b\n,1\n2,\n3,4\n", 2}, {"a,b\n,1\n2,\n", "a,b\n7,1\n2,\n", 2},
    {"a,b\n,1\n2,\n", "a,b,c\n,1,2\n2,,\n", 2}, {"a,b\n,1\n2,\n", "a,b\n,1\n2,\n", 1},      {"a,b\n,1\n2,\n", "a,b\n,1\n2,\n", 3},
};

static void set_cells(emend_cell *cells, size_t row) {
  for (size_t v = 0; v < 2; v++) {
    bool missing = row == v;
    cells[v] = (emend_cell){.value = missing ? 5 : 1, .reason = missing ? EMEND_SYSTEM_MISSING : EMEND_OBSERVED, .imputed = missing};
  }
}

START_TEST(another_file) {
  const mismatch *m = &mismatches[_i];
  csv_text text = csv_open_text(m->read, NULL), other = csv_open_text(m->patched, NULL);
  emend_writer *writer;
  ck_assert_int_eq(emend_csv_open_patch(other.source, text.dataset, NULL, &writer, text.error), EMEND_OK);
  emend_status status = EMEND_OK;
  for (size_t row = 0; row < m->rows && !status; row++) {
    emend_cell cells[2];
    set_cells(cells, row);
    status = writer->row(writer, cells, text.error);
  }
  if (!status)
    status = writer->close(writer, text.error);
  ck_assert_msg(status == EMEND_MALFORMED, "%s", emend_error_text(text.error));
  writer->free(writer);
  csv_close(&text);
  csv_close(&other);
}
END_TEST

START_TEST(a_value_that_is_none) {
  csv_text text = csv_open_text("a,b\n,1\n", NULL);
  emend_writer *writer;
  emend_cell cells[2] = {{.value = NAN, .reason = EMEND_SYSTEM_MISSING, .imputed = true}, {.value = 1}};
  ck_assert_int_eq(emend_csv_open_patch(text.source, text.dataset, NULL, &writer, text.error), EMEND_OK);
  ck_assert_int_eq(writer->row(writer, cells, text.error), EMEND_INTERNAL);
  writer->free(writer);
  csv_close(&text);
}
END_TEST

/* A user-missing code that is filled: its number in the file gives way. */
START_TEST(a_code_that_is_filled) {
  emend_read_options *options = csv_options(NULL, NULL, NULL, "-99");
  csv_text text = csv_open_text("a,b\n-99,1\n2,\"-99.0\"\n", options);
  emend_writer *writer;
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  const char *path = support_scratch("filled.csv");
  ck_assert_int_eq(emend_outputs_open(outputs, path, 0, &output, text.error), EMEND_OK);
  ck_assert_int_eq(emend_csv_open_patch(text.source, text.dataset, output, &writer, text.error), EMEND_OK);
  for (size_t row = 0; row < 2; row++) {
    emend_cell cells[2];
    emend_dataset_read_row(text.dataset, row, cells);
    ck_assert_int_eq(cells[row].reason, EMEND_USER_MISSING);
    cells[row].imputed = true;
    cells[row].value = 0.5;
    ck_assert_int_eq(writer->row(writer, cells, text.error), EMEND_OK);
  }
  ck_assert_int_eq(writer->close(writer, text.error), EMEND_OK);
  writer->free(writer);
  ck_assert_int_eq(emend_outputs_publish(outputs, text.error), EMEND_OK);
  emend_outputs_free(outputs);
  char *bytes = (char *)support_read(path, NULL);
  ck_assert_str_eq(bytes, "a,b\n0.5,1\n2,\"0.5\"\n");
  free(bytes);
  csv_close(&text);
  emend_read_options_free(options);
}
END_TEST

SUITE {
  Suite *suite = suite_create("csv patch");
  TCase *patch = tcase_create("patch");
  tcase_set_timeout(patch, 60);
  tcase_add_loop_test(patch, exactly, 0, sizeof examples / sizeof *examples);
  tcase_add_loop_test(patch, random_tables, 0, 20);
  tcase_add_loop_test(patch, utf16, 0, 12);
  tcase_add_loop_test(patch, another_file, 0, sizeof mismatches / sizeof *mismatches);
  tcase_add_test(patch, a_value_that_is_none);
  tcase_add_test(patch, a_code_that_is_filled);
  suite_add_tcase(suite, patch);
  return suite;
}
