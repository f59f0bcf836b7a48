/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/support.h"

START_TEST(knows_valid_utf8) {
  static const char *const valid[] = {"", "abc", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"};
  static const char *const broken[] = {"\x80",         "\xC3",         "\xC0\xAF",         "\xC1\xBF",         "\xE0\x80\xAF", "\xED\xA0\x80",
                                       "\xE2\x82",     "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "a\xFFz",       "\xC3\x28"};
  for (size_t i = 0; i < sizeof valid / sizeof *valid; i++)
    ck_assert_msg(emend_utf8_valid(valid[i], strlen(valid[i])), "valid %zu", i);
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
    ck_assert_msg(!emend_utf8_valid(broken[i], strlen(broken[i])), "broken %zu", i);
}
END_TEST

/* Every cut of a text, trimmed, is valid and the longest valid beginning. */
START_TEST(trims_a_cut_character) {
  const char *text = "a\xC3\xA9z\xE2\x82\xACq\xF0\x9F\x98\x80!";
  for (size_t cut = 0; cut <= strlen(text); cut++) {
    char copy[32] = "";
    memcpy(copy, text, cut);
    emend_utf8_trim(copy);
    size_t longest = cut;
    while (!emend_utf8_valid(text, longest))
      longest--;
    ck_assert_uint_eq(strlen(copy), longest);
  }
}
END_TEST

START_TEST(counts_terminal_columns) {
  ck_assert_uint_eq(emend_utf8_columns("abc"), 3);
  ck_assert_uint_eq(emend_utf8_columns("\xC3\xA9t\xC3\xA9"), 3);
  ck_assert_uint_eq(emend_utf8_columns("\xE6\x97\xA5\xE6\x9C\xAC"), 4); /* two wide characters */
  ck_assert_uint_eq(emend_utf8_columns("e\xCC\x81"), 1);                 /* a combining accent */
}
END_TEST

START_TEST(others_are_counted) {
  char text_of[EMEND_OTHERS_TEXT];
  ck_assert_str_eq(emend_others(3, 8, text_of), "");
  ck_assert_str_eq(emend_others(8, 8, text_of), "");
  ck_assert_str_eq(emend_others(9, 8, text_of), " and 1 other");
  ck_assert_str_eq(emend_others(12, 8, text_of), " and 4 others");
}
END_TEST

START_TEST(buffers_grow) {
  emend_buffer buffer = {0};
  for (int i = 0; i < 1000; i++)
    ck_assert_int_eq(emend_buffer_format(&buffer, NULL, "%d,", i), EMEND_OK);
  ck_assert_uint_eq(buffer.length, strlen(buffer.bytes));
  ck_assert_uint_eq(buffer.length, 10 * 2 + 90 * 3 + 900 * 4);
  ck_assert_int_eq(emend_buffer_reserve(&buffer, SIZE_MAX - 10, NULL), EMEND_OUT_OF_MEMORY);
  emend_buffer_free(&buffer);
}
END_TEST

START_TEST(errors_make_sentences) {
  emend_error *error = emend_error_new();
  ck_assert_int_eq(emend_fail(error, EMEND_MALFORMED, "\"%s\" is not a number", "n/a"), EMEND_MALFORMED);
  emend_at_file(error, "survey.csv");
  emend_at_variable(error, "income (column 7)");
  emend_at_row(error, 412);
  emend_try(error, "--missing %s", "n/a");
  ck_assert_str_eq(emend_error_text(error), "survey.csv: income (column 7), row 412: \"n/a\" is not a number; try --missing n/a");
  emend_error_record record;
  emend_error_export(error, &record);
  emend_error *copy = emend_error_new();
  emend_error_import(copy, &record);
  ck_assert_str_eq(emend_error_text(copy), emend_error_text(error));
  emend_fail(error, EMEND_IO_ERROR, "%s again", emend_error_message(error)); /* its own text as an argument */
  ck_assert_str_eq(emend_error_text(error), "\"n/a\" is not a number again");
  ck_assert_int_eq(emend_fail(NULL, EMEND_INTERNAL, "nobody listens"), EMEND_INTERNAL);
  emend_error_free(copy);
  emend_error_free(error);
}
END_TEST

SUITE {
  Suite *suite = suite_create("text");
  TCase *cases = tcase_create("text");
  tcase_add_test(cases, knows_valid_utf8);
  tcase_add_test(cases, trims_a_cut_character);
  tcase_add_test(cases, counts_terminal_columns);
  tcase_add_test(cases, others_are_counted);
  tcase_add_test(cases, buffers_grow);
  tcase_add_test(cases, errors_make_sentences);
  suite_add_tcase(suite, cases);
  return suite;
}
