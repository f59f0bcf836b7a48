/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"
#include "emend/file.h"
#include "io/decode.h"
#include "support/support.h"

/* Files whose text is not what they say: what is wrong stays where it is, and is told. Expected words: PSPP's of the unspoilt file. */

static emend_events *events;
static emend_file *file;
static const emend_dataset *data;

static void read_path(const char *path) {
  emend_error *error = emend_error_new();
  events = emend_events_new();
  emend_file_read(path, NULL, events, &file, error);
  ck_assert_msg(file != NULL, "%s", emend_error_text(error));
  data = emend_file_dataset(file);
  emend_error_free(error);
}

static void done(void) {
  emend_file_close(file);
  emend_events_free(events);
}

static void warned_once(const char *words) {
  ck_assert_uint_eq(emend_events_warning_count(events), 1);
  ck_assert_msg(strstr(emend_events_warning(events, 0), words) != NULL, "\"%s\" lacks \"%s\"", emend_events_warning(events, 0), words);
}

/* A copy of a Shift-JIS file in which `length` bytes at `found` + `at` are replaced; false, to skip, without the shared folder. */
static bool read_changed(const char *found, size_t found_length, size_t at, const char *replacement, size_t length) {
  const char *path = support_shared("data/format/shift_jis.sav");
  if (!path)
    return false;
  size_t size;
  unsigned char *bytes = support_read(path, &size), *place = memmem(bytes, size, found, found_length);
  ck_assert_ptr_nonnull(place);
  memcpy(place + at, replacement, length);
  const char *changed = support_scratch("changed.sav");
  support_write(changed, bytes, size);
  free(bytes);
  read_path(changed);
  return true;
}

#define REPLACEMENT_CHARACTER "\xEF\xBF\xBD"

/* The first value label comes before the file tells its encoding: it must not decide how the rest is read. */
START_TEST(a_spoilt_label_spoils_no_other_text) {
  if (!read_changed("\x04\x96\x9E\x91\xAB", 5, 1, "\xFF", 1))
    return;
  ck_assert_str_eq(emend_variable_label(data, 0), "\xE6\xB0\x8F\xE5\x90\x8D"); /* 氏名 */
  ck_assert_str_eq(emend_cell_text(data, 0, 0), "\xE7\x94\xB0\xE4\xB8\xAD");   /* 田中 */
  ck_assert_str_eq(emend_variable_value_label(data, 1, 2), "\xE4\xB8\x8D\xE6\xBA\x80"); /* 不満 */
  ck_assert_ptr_nonnull(strstr(emend_variable_value_label(data, 1, 1), REPLACEMENT_CHARACTER));
  warned_once("1 texts hold bytes that SHIFT-JIS does not define");
  done();
}
END_TEST

START_TEST(a_spoilt_cell_spoils_no_other_text) {
  if (!read_changed("\x97\xE9\x96\xD8\x95\x5C", 6, 0, "\xFF", 1))
    return;
  ck_assert_str_eq(emend_variable_label(data, 0), "\xE6\xB0\x8F\xE5\x90\x8D");
  ck_assert_str_eq(emend_cell_text(data, 0, 0), "\xE7\x94\xB0\xE4\xB8\xAD");
  ck_assert_ptr_nonnull(strstr(emend_cell_text(data, 1, 0), REPLACEMENT_CHARACTER));
  warned_once("1 texts hold bytes that SHIFT-JIS does not define");
  done();
}
END_TEST

/* The file names its encoding twice, in words and as a code page: one unknown word is no reason to guess. */
START_TEST(a_code_page_stands_in_for_an_unknown_name) {
  if (!read_changed("SHIFT_JIS", 9, 0, "NO_SUCH_X", 9))
    return;
  ck_assert_str_eq(emend_cell_text(data, 0, 0), "\xE7\x94\xB0\xE4\xB8\xAD");
  ck_assert_uint_eq(emend_events_warning_count(events), 0);
  done();
}
END_TEST

static void decodes(emend_decoder *decoder, const char *bytes, const char *wanted) {
  size_t length = strlen(bytes);
  ck_assert_int_eq(emend_decode(decoder, &bytes, &length, NULL), EMEND_OK);
  ck_assert_uint_eq(length, strlen(wanted));
  ck_assert_int_eq(memcmp(bytes, wanted, length), 0);
}

/* Until the encoding is told, valid UTF-8 is kept and the rest taken for Windows-1252, and counted; afterwards nothing is guessed. */
START_TEST(a_guess_ends_when_the_encoding_is_told) {
  emend_decoder decoder = {.raw = true};
  decodes(&decoder, "\xC3\xB6", "\xC3\xB6"); /* ö */
  ck_assert_uint_eq(decoder.guessed, 0);
  decodes(&decoder, "\xF6", "\xC3\xB6");
  ck_assert_uint_eq(decoder.guessed, 1);
  emend_decoder_set_encoding(&decoder, NULL);
  decodes(&decoder, "\xF6", "\xC3\xB6");
  emend_decoder_set_encoding(&decoder, "SHIFT_JIS");
  decodes(&decoder, "\x93\x63\x92\x86", "\xE7\x94\xB0\xE4\xB8\xAD"); /* 田中 */
  ck_assert_uint_eq(decoder.guessed, 2);
  ck_assert_uint_eq(decoder.repaired, 0);
  emend_decoder_close(&decoder);
}
END_TEST

/* Texts end in a NUL, whatever their length and what was decoded before. */
START_TEST(decoded_texts_end) {
  emend_decoder decoder = {.raw = true};
  emend_decoder_set_encoding(&decoder, "WINDOWS-1252");
  char text[300];
  memset(text, 0xE9, sizeof text);
  for (size_t n = sizeof text - 1; n > 0; n--) {
    const char *bytes = text;
    size_t length = n;
    ck_assert_int_eq(emend_decode(&decoder, &bytes, &length, NULL), EMEND_OK);
    ck_assert_uint_eq(length, 2 * n);
    ck_assert_uint_eq(strlen(bytes), length);
  }
  emend_decoder_close(&decoder);
}
END_TEST

START_TEST(a_wrong_encoding_is_told) {
  const char *path = support_shared("data/bad/wrong_encoding.sav");
  if (!path)
    return;
  read_path(path);
  warned_once("UTF-8 does not define");
  done();
}
END_TEST

START_TEST(right_texts_bring_no_warning) {
  const char *path = support_shared("data/format/shift_jis.sav");
  if (!path)
    return;
  read_path(path);
  ck_assert_uint_eq(emend_events_warning_count(events), 0);
  done();
}
END_TEST

/* The first cells are named, the others counted. */
START_TEST(undefined_texts_are_placed) {
  static const char text[] = "a,b\xFF,n\nx,\xC3\xA9,1\ny\xFF,z\xFF,2\n\xFF,q\xFE,3\nw\xFF,k\xFE,4\nl\xFF,t,5\n";
  const char *path = support_scratch("broken.csv");
  support_write(path, text, sizeof text - 1);
  emend_error *error = emend_error_new();
  emend_read_options *options = emend_read_options_new();
  ck_assert_int_eq(emend_read_options_set_encoding(options, "UTF-8", error), EMEND_OK);
  events = emend_events_new();
  ck_assert_msg(emend_file_read(path, options, events, &file, error) == EMEND_OK, "%s", emend_error_text(error));
  const char *name = emend_variable_name(emend_file_dataset(file), 1);
  char words[256];
  snprintf(words, sizeof words, "8 texts have bytes that are undefined in UTF-8 (row 2 of a, row 2 of %s, row 3 of a, row 3 of %s, row 4 of a "
           "and 2 more cells, and 1 name or label)", name, name);
  warned_once(words);
  emend_read_options_free(options);
  emend_error_free(error);
  done();
}
END_TEST

SUITE {
  Suite *suite = suite_create("encoding");
  TCase *cases = tcase_create("encoding");
  tcase_add_test(cases, a_spoilt_label_spoils_no_other_text);
  tcase_add_test(cases, a_spoilt_cell_spoils_no_other_text);
  tcase_add_test(cases, a_code_page_stands_in_for_an_unknown_name);
  tcase_add_test(cases, a_guess_ends_when_the_encoding_is_told);
  tcase_add_test(cases, decoded_texts_end);
  tcase_add_test(cases, a_wrong_encoding_is_told);
  tcase_add_test(cases, undefined_texts_are_placed);
  tcase_add_test(cases, right_texts_bring_no_warning);
  suite_add_tcase(suite, cases);
  return suite;
}
