/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "building.h"
#include "data/dataset.h"
#include "io/file.h"
#include "pspp.h"
#include "support/support.h"

/* Texts wider than 255 bytes: every byte arrives, whatever ReadStat 1.1.8 makes of their segments. */

typedef struct file_bytes {
  unsigned char *bytes;
  size_t length;
} file_bytes;

static void append(file_bytes *f, const builder *b) {
  f->bytes = realloc(f->bytes, f->length + b->length);
  memcpy(f->bytes + f->length, b->data, b->length);
  f->length += b->length;
}

static size_t segments(size_t width) { return width > 255 ? (width + 251) / 252 : 1; }

/* Width of the i-th of the segments of a text of `width` bytes. */
static size_t segment_width(size_t width, size_t i) {
  size_t n = segments(width);
  return i + 1 < n ? 255 : width - 252 * (n - 1);
}

/* A file of one text and one number, two rows: `text` of `width` bytes as it is, and backwards; `fill` stands in what the segments do not use. */
static file_bytes craft(size_t width, const char *text, char fill, const char *encoding) {
  file_bytes f = {0};
  builder b;
  char payload[64];
  size_t n = segments(width);
  sav_begin(&b, false, 0, 2, 100);
  append(&f, &b);
  for (size_t i = 0; i < n; i++) {
    char name[9];
    b.length = 0;
    snprintf(name, sizeof name, i ? "LONG%zX" : "LONG", i);
    sav_variable(&b, name, (uint32_t)segment_width(width, i));
    append(&f, &b);
  }
  b.length = 0;
  sav_variable(&b, "X", 0);
  int length = snprintf(payload, sizeof payload, "LONG=%05zu", width) + 2;
  memcpy(payload + length - 2, "\0\t", 2);
  if (width > 255)
    sav_extension(&b, 14, 1, (uint32_t)length, payload);
  sav_extension(&b, 20, 1, (uint32_t)strlen(encoding), encoding);
  sav_end(&b);
  append(&f, &b);
  for (int row = 0; row < 2; row++) {
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
      size_t room = (segment_width(width, i) + 7) / 8 * 8;
      unsigned char *to = f.bytes = realloc(f.bytes, f.length + room);
      to += f.length;
      memset(to, fill, room);
      for (size_t k = 0; k < 255 && used < width; k++, used++)
        to[k] = (unsigned char)text[row ? width - 1 - used : used];
      f.length += room;
    }
    b.length = 0;
    add_number(&b, row + 5);
    append(&f, &b);
  }
  return f;
}

static emend_events *events;
static emend_file *file;

static const emend_dataset *read_crafted(file_bytes f) {
  const char *path = support_scratch("long.sav");
  emend_error *error = emend_error_new();
  support_write(path, f.bytes, f.length);
  free(f.bytes);
  events = emend_events_new();
  ck_assert_msg(emend_file_read(path, NULL, events, &file, error) == EMEND_OK, "%s", emend_error_text(error));
  emend_error_free(error);
  return file->dataset;
}

static void done(void) {
  emend_file_close(file);
  emend_events_free(events);
}

static const size_t widths[] = {1,   8,   9,    200,  252,  253,  254,  255,  256,  257,  300,   504,  505,  508, 510,
                                511, 600, 757,  758,  759,  765,  766,  1008, 1013, 1268, 1515,  1771, 5000, 32760, 32767};

START_TEST(full_texts_are_whole) {
  size_t width = widths[_i / 3];
  char *text = malloc(width + 1);
  for (size_t i = 0; i < width; i++)
    text[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijk"[(i * 7 + i / 255) % 38];
  text[0] = text[width - 1] = '!';
  text[width] = '\0';
  const emend_dataset *d = read_crafted(craft(width, text, " \0x"[_i % 3], "UTF-8"));
  ck_assert_uint_eq(emend_dataset_variables(d), 2);
  ck_assert_uint_eq(emend_dataset_rows(d), 2);
  ck_assert_str_eq(emend_cell_text(d, 0, 0), text);
  for (size_t i = 0; i < width; i++)
    ck_assert_int_eq(emend_cell_text(d, 1, 0)[i], text[width - 1 - i]);
  ck_assert(emend_cell_value(d, 1, 1) == 6);
  ck_assert_uint_eq(emend_events_warning_count(events), 0);
  ck_assert_uint_eq(emend_variable_width(d, 0), width);
  done();
  free(text);
}
END_TEST

/* A first segment of NULs makes ReadStat 1.1.8 write outside its memory. */
START_TEST(nuls_within_are_blanks) {
  enum { WIDTH = 600 };
  char text[WIDTH + 1];
  memset(text, 0, sizeof text);
  memset(text + 256, 'a', 100);
  const emend_dataset *d = read_crafted(craft(WIDTH, text, '\0', "UTF-8"));
  const char *read = emend_cell_text(d, 0, 0);
  ck_assert_uint_eq(strlen(read), 356);
  ck_assert_uint_eq(strspn(read, " "), 256);
  ck_assert_str_eq(read + 256, text + 256);
  ck_assert_uint_eq(emend_events_warning_count(events), 1);
  ck_assert_ptr_nonnull(strstr(emend_events_warning(events, 0), "2 texts have NUL characters within"));
  done();
}
END_TEST

/* Characters that lie across segments, in UTF-8 and in a code page; and a byte that no character of it has. */
START_TEST(texts_are_decoded_whole) {
  enum { WIDTH = 520 };
  char text[WIDTH + 1], wanted[2 * WIDTH] = "";
  for (size_t i = 0; i < WIDTH; i += 2)
    memcpy(text + i, i % 4 ? "\xC3\xA9" : "\xC3\xBC", 2);
  text[WIDTH] = '\0';
  const emend_dataset *d = read_crafted(craft(WIDTH, text, ' ', "UTF-8"));
  ck_assert_str_eq(emend_cell_text(d, 0, 0), text);
  done();
  memset(text, ' ', WIDTH);
  text[300] = '\xE9', text[301] = '\x81';
  memset(wanted, ' ', 300);
  strcat(wanted, "\xC3\xA9\xEF\xBF\xBD");
  d = read_crafted(craft(WIDTH, text, ' ', "windows-1252"));
  ck_assert_str_eq(emend_cell_text(d, 0, 0), wanted);
  ck_assert_uint_eq(emend_events_warning_count(events), 1);
  ck_assert_ptr_nonnull(strstr(emend_events_warning(events, 0), "2 texts hold bytes that windows-1252 does not define (row 1 of LONG, row 2 of LONG);"));
  done();
}
END_TEST

START_TEST(pspp_s_long_texts) {
  static const char syntax[] = "DATA LIST LIST NOTABLE /x (F1.0).\nBEGIN DATA\n1\nEND DATA.\n"
                               "STRING a (A758) /b (A1013) /c (A256) /d (A32767).\nCOMPUTE a = CONCAT(RPAD('<', 757, 'c'), '>').\n"
                               "COMPUTE b = CONCAT(RPAD('<', 1012, 'c'), '>').\nCOMPUTE c = CONCAT(RPAD('<', 255, 'c'), '>').\n"
                               "COMPUTE d = CONCAT(RPAD('<', 32766, 'c'), '>').\n"
                               "SAVE OUTFILE='long.sav'.\nSAVE OUTFILE='long.zsav' /ZCOMPRESSED.\n";
  static const size_t lengths[] = {758, 1013, 256, 32767};
  static const char *const names[] = {"long.sav", "long.zsav"};
  if (!pspp_there())
    return;
  ck_assert(pspp_run(syntax, "said.txt"));
  for (size_t i = 0; i < 2; i++) {
    ck_assert_int_eq(emend_file_read(support_scratch(names[i]), NULL, NULL, &file, NULL), EMEND_OK);
    for (size_t v = 0; v < 4; v++) {
      const char *text = emend_cell_text(file->dataset, 0, v + 1);
      ck_assert_uint_eq(strlen(text), lengths[v]);
      ck_assert(text[0] == '<' && strspn(text + 1, "c") == lengths[v] - 2 && text[lengths[v] - 1] == '>');
    }
    emend_file_close(file);
  }
}
END_TEST

SUITE {
  Suite *suite = suite_create("sav cells");
  TCase *cases = tcase_create("cells");
  tcase_set_timeout(cases, 60);
  tcase_add_loop_test(cases, full_texts_are_whole, 0, 3 * sizeof widths / sizeof *widths);
  tcase_add_test(cases, nuls_within_are_blanks);
  tcase_add_test(cases, texts_are_decoded_whole);
  tcase_add_test(cases, pspp_s_long_texts);
  suite_add_tcase(suite, cases);
  return suite;
}
