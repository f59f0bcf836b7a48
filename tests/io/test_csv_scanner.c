/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scanner against a splitter that shares nothing with it, through windows of all sizes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/csv_scanner.h"
#include "io/csv_support.h"

static uint64_t state;

static unsigned draw(unsigned n) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (unsigned)((state >> 20) % n);
}

static emend_source *open_bytes(const char *bytes, size_t length) {
  const char *path = support_scratch("scanned.csv");
  emend_source *source;
  support_write(path, bytes, length);
  ck_assert_int_eq(emend_source_open(path, &source, NULL), EMEND_OK);
  return source;
}

static void add(emend_buffer *out, const char *text) { ck_assert_int_eq(emend_buffer_append(out, text, strlen(text), NULL), EMEND_OK); }

/* A field that any reader of RFC 4180 takes the same way. */
static void add_field(emend_buffer *out, char delimiter) {
  static const char *const plain[] = {
      "", "1", "-2.5e3", "word", "two words", " padded ", "5\" pipe", "\xC3\xA9t\xC3\xA9", "0123456789", "longer than eight bytes"};
  static const char *const inside[] = {"",
                                       "a",
                                       "\"\"",
                                       "\n",
                                       "\r\n",
                                       "\r",
                                       ",",
                                       ";",
                                       "\t",
                                       "|",
                                       "text that goes on for more than sixty-four bytes, so that blocks end within it"};
  if (draw(3) > 0) {
    const char *text = plain[draw(sizeof plain / sizeof *plain)];
    if (!strchr(text, delimiter))
      add(out, text);
    return;
  }
  if (draw(8) == 0)
    add(out, "  ");
  add(out, "\"");
  for (unsigned n = draw(5); n > 0; n--)
    add(out, inside[draw(sizeof inside / sizeof *inside)]);
  add(out, "\"");
  if (draw(8) == 0)
    add(out, " ");
}

static void add_table(emend_buffer *out, char delimiter, size_t columns) {
  static const char *const ends[] = {"\n", "\r\n", "\r"};
  const char *end = ends[draw(3)];
  size_t rows = 1 + draw(40);
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < columns; column++) {
      if (column > 0)
        ck_assert_int_eq(emend_buffer_append(out, &delimiter, 1, NULL), EMEND_OK);
      add_field(out, delimiter);
    }
    if (row + 1 < rows || draw(2))
      add(out, end);
    for (unsigned blank = draw(20) ? 0 : 1 + draw(3); blank > 0 && row + 1 < rows; blank--) {
      add(out, draw(2) ? "" : "   ");
      add(out, end);
    }
  }
}

/* Scans all, compares every field's place with the splitter's, and that the records make up the text. */
static void check_scan(const emend_source *source, const emend_buffer *text, const csv_pieces *pieces, char delimiter, size_t columns,
                       size_t window) {
  emend_csv_dialect dialect = {.delimiter = delimiter, .quote = '"', .encoding = "UTF-8"};
  emend_csv_scanner scanner;
  emend_error *error = emend_error_new();
  ck_assert_int_eq(emend_csv_scanner_open(source, &dialect, window, &scanner, error), EMEND_OK);
  scanner.n_columns = columns;
  size_t at = 0, n = 0, row = 0;
  for (;;) {
    emend_csv_record record;
    ck_assert_msg(!emend_csv_scanner_next(&scanner, &record, error), "%s", emend_error_text(error));
    if (!record.bytes)
      break;
    ck_assert(at + record.length <= text->length && memcmp(record.bytes, text->bytes + at, record.length) == 0);
    ck_assert_uint_eq(emend_csv_stream_source_byte(&scanner.stream, record.bytes), at);
    for (size_t i = 0; i < record.n_fields && !record.blank; i++, n++) {
      ck_assert_uint_lt(n, pieces->n);
      ck_assert_uint_eq(pieces->items[n].row, row);
      ck_assert_uint_eq(at + (size_t)(record.fields[i].begin - record.bytes), pieces->items[n].begin);
      ck_assert_uint_eq(at + (size_t)(record.fields[i].end - record.bytes), pieces->items[n].end);
    }
    row += !record.blank;
    at += record.length;
  }
  ck_assert_uint_eq(at, text->length);
  ck_assert_uint_eq(n, pieces->n);
  ck_assert_int_eq(emend_csv_scanner_row(&scanner), (int64_t)row);
  emend_csv_scanner_close(&scanner);
  emend_error_free(error);
}

static void check_table(void) {
  static const char delimiters[] = ",;\t|";
  static const size_t windows[] = {64, 65, 100, 256, EMEND_CSV_WINDOW};
  emend_buffer text = {0};
  char delimiter = delimiters[draw(4)];
  size_t columns = 1 + draw(6);
  add_table(&text, delimiter, columns);
  emend_source *source = open_bytes(text.length ? text.bytes : "", text.length);
  csv_pieces pieces = csv_split(text.length ? text.bytes : "", text.length, delimiter, columns == 1);
  for (size_t i = 0; i < sizeof windows / sizeof *windows; i++)
    check_scan(source, &text, &pieces, delimiter, columns, windows[i]);
  free(pieces.items);
  emend_source_close(source);
  emend_buffer_free(&text);
}

START_TEST(tables_through_windows) {
  state = UINT64_C(0x9E3779B97F4A7C15) * (unsigned)(_i + 1);
  for (int i = 0; i < 30; i++)
    check_table();
}
END_TEST

/* The outcome of scanning noise: records, fields, and how it ended; the size of the window must not matter. */
typedef struct outcome {
  size_t records, fields, bytes;
  emend_status status;
  char why[512];
} outcome;

static outcome scan_noise(const emend_source *source, const char *encoding, size_t window) {
  emend_csv_dialect dialect = {.delimiter = ',', .quote = '"'};
  strcpy(dialect.encoding, encoding);
  emend_csv_scanner scanner;
  emend_csv_record record = {0};
  emend_error *error = emend_error_new();
  outcome o = {.status = emend_csv_scanner_open(source, &dialect, window, &scanner, error)};
  for (bool opened = !o.status; opened && !o.status;) {
    scanner.n_columns = 0;
    o.status = emend_csv_scanner_next(&scanner, &record, error);
    if (o.status || !record.bytes)
      break;
    o.records++;
    o.fields += record.n_fields;
    o.bytes += record.length;
  }
  if (o.status)
    snprintf(o.why, sizeof o.why, "%s", emend_error_text(error));
  emend_csv_scanner_close(&scanner);
  emend_error_free(error);
  return o;
}

static void check_noise(int kind) {
  static const char letters[] = ",,\"\"\n\r ax\t";
  char noise[600];
  size_t length = draw(sizeof noise);
  for (size_t i = 0; i < length; i++)
    noise[i] = kind % 3 ? letters[draw(sizeof letters - 1)] : (char)draw(256);
  emend_source *source = open_bytes(noise, length);
  const char *encoding = kind % 5 == 0 ? "UTF-16BE" : "UTF-8";
  outcome wide = scan_noise(source, encoding, EMEND_CSV_WINDOW);
  for (size_t window = 64; window <= 512; window *= 2) {
    outcome narrow = scan_noise(source, encoding, window);
    ck_assert_int_eq(narrow.status, wide.status);
    if (kind % 5 != 0) { /* broken UTF-16 shows as soon as its window is read */
      ck_assert_uint_eq(narrow.records, wide.records);
      ck_assert_uint_eq(narrow.fields, wide.fields);
      ck_assert_str_eq(narrow.why, wide.why);
    }
  }
  if (!wide.status && kind % 5 != 0)
    ck_assert_uint_eq(wide.bytes, length);
  emend_source_close(source);
}

START_TEST(noise_through_windows) {
  state = UINT64_C(0xD1B54A32D192ED03) * (unsigned)(_i + 1);
  for (int i = 0; i < 30; i++)
    check_noise(i);
}
END_TEST

/* Every character of Unicode's planes comes back from UTF-16 as it was. */
START_TEST(utf16_and_back) {
  enum { STEP = 7 };
  unsigned char *text = malloc(4 * 0x110000 / STEP + 16), *back = malloc(8 * 0x110000 / STEP + 64);
  size_t length = 0, done = 0;
  bool big = _i == 1;
  for (uint32_t c = 0x20; c < 0x110000; c += STEP) {
    if (c >= 0xD800 && c < 0xE000)
      continue;
    unsigned units[2] = {c, 0};
    if (c >= 0x10000) {
      units[0] = 0xD7C0 + (c >> 10);
      units[1] = 0xDC00 + (c & 0x3FF);
    }
    for (int i = 0; i < (c >= 0x10000 ? 2 : 1); i++) {
      text[length++] = (unsigned char)(big ? units[i] >> 8 : units[i]);
      text[length++] = (unsigned char)(big ? units[i] : units[i] >> 8);
    }
  }
  emend_source *source = open_bytes((char *)text, length);
  emend_csv_dialect dialect = {.delimiter = ',', .quote = '"'};
  strcpy(dialect.encoding, big ? "UTF-16BE" : "UTF-16LE");
  emend_csv_stream stream;
  ck_assert_int_eq(emend_csv_stream_open(source, &dialect, 1000, &stream, NULL), EMEND_OK);
  do {
    ck_assert_int_eq(emend_csv_stream_advance(&stream, stream.length, NULL), EMEND_OK);
    ck_assert(emend_utf8_valid(stream.bytes, stream.length));
    ck_assert_uint_eq(stream.window_source, done);
    done += emend_csv_to_utf16(stream.unit, stream.bytes, stream.length, back + done);
  } while (!stream.ended);
  ck_assert_uint_eq(done, length);
  ck_assert_int_eq(memcmp(back, text, length), 0);
  emend_csv_stream_close(&stream);
  emend_source_close(source);
  free(text);
  free(back);
}
END_TEST

START_TEST(a_field_longer_than_many_windows) {
  enum { LENGTH = 3000000 };
  char *text = malloc(LENGTH + 16);
  size_t n = (size_t)sprintf(text, "a,\"");
  memset(text + n, 'z', LENGTH);
  strcpy(text + n + LENGTH, "\",b\n");
  emend_source *source = open_bytes(text, strlen(text));
  emend_csv_dialect dialect = {.delimiter = ',', .quote = '"'};
  emend_csv_scanner scanner;
  emend_csv_record record;
  ck_assert_int_eq(emend_csv_scanner_open(source, &dialect, EMEND_CSV_WINDOW, &scanner, NULL), EMEND_OK);
  ck_assert_int_eq(emend_csv_scanner_next(&scanner, &record, NULL), EMEND_OK);
  ck_assert_uint_eq(record.n_fields, 3);
  ck_assert_uint_eq(record.fields[1].length, LENGTH);
  ck_assert(record.fields[1].quoted && !record.fields[1].doubled);
  emend_csv_scanner_close(&scanner);
  emend_source_close(source);
  free(text);
}
END_TEST

/* As many columns as there may be, and one more, with fields of all lengths. */
START_TEST(most_columns) {
  for (size_t n = EMEND_CSV_MAX_COLUMNS; n <= EMEND_CSV_MAX_COLUMNS + 1; n++) {
    emend_buffer text = {0};
    for (size_t i = 0; i < n; i++) {
      add(&text, i == 0 ? "" : ",");
      add(&text, &"12345678"[i % 9]);
    }
    add(&text, "\n");
    emend_source *source = open_bytes(text.bytes, text.length);
    emend_csv_dialect dialect = {.delimiter = ',', .quote = '"'};
    emend_csv_scanner scanner;
    emend_csv_record record;
    ck_assert_int_eq(emend_csv_scanner_open(source, &dialect, EMEND_CSV_WINDOW, &scanner, NULL), EMEND_OK);
    emend_status status = emend_csv_scanner_next(&scanner, &record, NULL);
    ck_assert_int_eq(status, n > EMEND_CSV_MAX_COLUMNS ? EMEND_LIMIT_EXCEEDED : EMEND_OK);
    ck_assert(status || record.n_fields == n);
    for (size_t i = 0; i < n && !status; i++)
      ck_assert_uint_eq(record.fields[i].length, 8 - i % 9);
    emend_csv_scanner_close(&scanner);
    emend_source_close(source);
    emend_buffer_free(&text);
  }
}
END_TEST

/* What cannot be scanned, and where the message points. */
typedef struct refusal {
  const char *text;
  size_t length; /* 0: strlen */
  emend_status status;
  int64_t row;
  const char *part;
} refusal;

static const refusal refusals[] = {
    {"a,b\n1,\"x\n", 0, EMEND_MALFORMED, 1, "row 1, at byte 6: a quote is opened here and never closed"},
    {"a,b\n1,\"x\"\"\n", 0, EMEND_MALFORMED, 1, "at byte 6"},
    {"a,b\n1,2\n3,\"x\"y\n", 0, EMEND_MALFORMED, 2, "row 2, at byte 13: text follows a closing quote"},
    {"a,b\n1,\"x\" \"y\"\n", 0, EMEND_MALFORMED, 1, "text follows a closing quote"},
    {"a,b\n1,2\n3,4,5\n", 0, EMEND_MALFORMED, 2, "row 2, at byte 8: 3 fields where the first line has 2"},
    {"a,b\n1\n", 0, EMEND_MALFORMED, 1, "1 field where the first line has 2"},
    {"a,b\n1,2\n3,x\0y\n", 14, EMEND_MALFORMED, 2, "row 2, at byte 11: a NUL byte"},
    {"a,b\n1,\"x\0y\"\n", 12, EMEND_MALFORMED, 1, "at byte 8: a NUL byte"},
};

START_TEST(refused) {
  const refusal *r = &refusals[_i];
  emend_source *source = open_bytes(r->text, r->length ? r->length : strlen(r->text));
  for (size_t window = 64; window <= 4096; window *= 64) {
    emend_csv_dialect dialect = {.delimiter = ',', .quote = '"', .header_rows = 1};
    emend_csv_scanner scanner;
    emend_csv_record record;
    emend_error *error = emend_error_new();
    emend_status status = emend_csv_scanner_open(source, &dialect, window, &scanner, error);
    do
      status = emend_csv_scanner_next(&scanner, &record, error);
    while (!status && record.bytes);
    ck_assert_int_eq(status, r->status);
    ck_assert_int_eq(emend_error_row(error), r->row);
    ck_assert_msg(strstr(emend_error_text(error), r->part), "%s", emend_error_text(error));
    ck_assert_str_ne(emend_error_remedy(error), "");
    emend_csv_scanner_close(&scanner);
    emend_error_free(error);
  }
  emend_source_close(source);
}
END_TEST

SUITE {
  Suite *suite = suite_create("csv scanner");
  TCase *scanner = tcase_create("scanner");
  tcase_set_timeout(scanner, 60);
  tcase_add_loop_test(scanner, tables_through_windows, 0, 10);
  tcase_add_loop_test(scanner, noise_through_windows, 0, 10);
  tcase_add_loop_test(scanner, utf16_and_back, 0, 2);
  tcase_add_test(scanner, a_field_longer_than_many_windows);
  tcase_add_test(scanner, most_columns);
  tcase_add_loop_test(scanner, refused, 0, sizeof refusals / sizeof *refusals);
  suite_add_tcase(suite, scanner);
  return suite;
}
