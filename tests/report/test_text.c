/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/json_text.h"
#include "report/number.h"
#include "report/table.h"
#include "support/support.h"

static void utf8(void) { ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8")); }

static char *text;
static size_t length;
static FILE *begin(void) { return open_memstream(&text, &length); }

START_TEST(exact_numbers_read_back_and_are_short) {
  static const struct {
    double value;
    const char *written;
  } cases[] = {{0.1, "0.1"},       {1.0 / 3, "0.3333333333333333"}, {2, "2"},          {-0.0, "0"},           {123456789, "123456789"},
      {1e15, "1e+15"},
               {1e-7, "1e-07"},    {5e-324, "5e-324"},              {1e300, "1e+300"}, {1.5, "1.5"},          {-99, "-99"},
               {0.1 + 0.2, "0.30000000000000004"}, {1.7976931348623157e308, "1.7976931348623157e+308"}};
  number_text written;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ck_assert_str_eq(number_exact(cases[i].value, written), cases[i].written);
    ck_assert(strtod(written, NULL) == cases[i].value);
  }
}
END_TEST

START_TEST(counts_have_commas) {
  number_text written;
  ck_assert_str_eq(number_count(0, written), "0");
  ck_assert_str_eq(number_count(999, written), "999");
  ck_assert_str_eq(number_count(1000, written), "1,000");
  ck_assert_str_eq(number_count(1234567, written), "1,234,567");
  ck_assert_str_eq(number_count(UINT64_MAX, written), "18,446,744,073,709,551,615");
  ck_assert_str_eq(number_of(1, "cell", "cells", written), "1 cell");
  ck_assert_str_eq(number_of(2187, "cell", "cells", written), "2,187 cells");
}
END_TEST

START_TEST(estimates_show_four_digits_of_the_sd) {
  number_text written;
  ck_assert_str_eq(number_estimate(43.92193, 5.459584, written), "43.922");
  ck_assert_str_eq(number_estimate(4201.754, 801.9545, written), "4201.8");
  ck_assert_str_eq(number_estimate(0.0123456, 0.00456, written), "0.012346");
  ck_assert_str_eq(number_estimate(NAN, 1, written), "-");
  ck_assert_str_eq(number_estimate(3, 0, written), "3.000");
  ck_assert_str_eq(number_estimate(0, 0, written), "0");
  ck_assert_str_eq(number_estimate(-1e-9, 5, written), "0.000");
  ck_assert_str_eq(number_estimate(1e12, 3, written), "1e+12");
  ck_assert_str_eq(number_estimate(1.5e-9, 2e-9, written), "1.5e-09");
}
END_TEST

START_TEST(untrusted_text_cannot_drive_the_terminal) {
  static const struct {
    const char *given, *shown;
  } cases[] = {{"plain", "plain"}, {"\x1b[2J", "\xEF\xBF\xBD[2J"}, {"a\nb", "a\xEF\xBF\xBD" "b"}, {"\xff\xc3(",
      "\xEF\xBF\xBD\xEF\xBF\xBD("},
               {"caf\xc3\xa9", "caf\xc3\xa9"}, {"\xc2\x9b" "31m", "\xEF\xBF\xBD" "31m"}, {"\xe2\x80\xae" "abc", "\xEF\xBF\xBD" "abc"},
               {"\xe2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *clean = text_clean(cases[i].given);
    ck_assert_str_eq(clean, cases[i].shown);
    free(clean);
  }
}
END_TEST

START_TEST(columns_of_wide_and_combining_characters) {
  utf8();
  ck_assert_uint_eq(text_columns("abc"), 3);
  ck_assert_uint_eq(text_columns("café"), 4);
  ck_assert_uint_eq(text_columns("年収"), 4);
  ck_assert_uint_eq(text_columns("e\xCC\x81"), 1);
  FILE *out = begin();
  print_cut(out, "年収と年齢", 7);
  fputc('|', out);
  print_cut(out, "short", 5);
  fputc('|', out);
  print_padded(out, "é", 3, true);
  fclose(out);
  ck_assert_str_eq(text, "年収と…|short|  é");
  free(text);
}
END_TEST

START_TEST(wrapping_breaks_at_blanks) {
  FILE *out = begin();
  print_wrapped(out, "one two three", 2, 4, 9);
  fclose(out);
  ck_assert_str_eq(text, "one two\n    three\n");
  free(text);
}
END_TEST

static const table_column columns[] = {{"", "Name", TABLE_LEFT, false}, {"obs", "n", TABLE_RIGHT, false}, {"", "gone", TABLE_RIGHT,
    true}, {"", "why", TABLE_WRAPPED, false}};

START_TEST(a_table_lines_up) {
  utf8();
  table t;
  table_begin(&t, columns, 4);
  table_title(&t, "Group");
  table_row(&t, (const char *const[]){"a", "1,000", "x", "because"});
  table_row(&t, (const char *const[]){"年収", "2", "x", ""});
  FILE *out = begin();
  ck_assert(table_print(&t, out));
  fclose(out);
  table_end(&t);
  ck_assert_str_eq(text, "        obs\n"
                         "Name      n  why\n"
                         "────────────────────\n"
                         "Group\n"
                         "a     1,000  because\n"
                         "年収      2\n");
  free(text);
}
END_TEST

/* The top of a pair stands over both, which are widened where it has no room; and where the table is printed in parts, they stay together.
 */
START_TEST(columns_in_pairs) {
  static const table_column pairs[] = {{"", "Name", TABLE_LEFT, false},
                                       {"", "mean", TABLE_RIGHT, false},
                                       {"observed", "sd", TABLE_PAIRED, false},
                                       {"", "mean", TABLE_RIGHT, false},
                                       {"completed", "sd", TABLE_PAIRED, false}};
  for (int narrow = 0; narrow < 2; narrow++) {
    table t;
    table_begin(&t, pairs, 5);
    t.page = (text_page){narrow ? 20 : 80, narrow};
    table_row(&t, (const char *const[]){"a", "3.141", "1.001", "7", "8"});
    FILE *out = begin();
    ck_assert(table_print(&t, out));
    fclose(out);
    table_end(&t);
    ck_assert_str_eq(text, narrow ? "          observed\n"
                                    "Name   mean     sd\n"
                                    "──────────────────\n"
                                    "a     3.141  1.001\n"
                                    "\n"
                                    "      completed\n"
                                    "Name  mean   sd\n"
                                    "───────────────\n"
                                    "a        7    8\n"
                                  : "          observed  completed\n"
                                    "Name   mean     sd  mean   sd\n"
                                    "─────────────────────────────\n"
                                    "a     3.141  1.001     7    8\n");
    free(text);
  }
}
END_TEST

START_TEST(a_long_name_is_never_cut) {
  static const char name[] = "a_name_so_long_that_no_column_could_hold_it_beside_the_reason_why_it_stays";
  table t;
  table_begin(&t, columns, 4);
  table_row(&t, (const char *const[]){name, "7", "", "a reason of several words that has to be broken into lines"});
  FILE *out = begin();
  ck_assert(table_print(&t, out));
  fclose(out);
  table_end(&t);
  char *line = strstr(text, name);
  ck_assert_ptr_nonnull(line);
  ck_assert_int_eq(line[strlen(name)], '\n');
  for (line = strtok(line, "\n"); line; line = strtok(NULL, "\n"))
    ck_assert_uint_le(strlen(line), 80);
  free(text);
}
END_TEST

START_TEST(names_are_cut_in_the_middle) {
  utf8();
  FILE *out = begin();
  print_middle_cut(out, "question_17_how_satisfied", 9);
  fputc('|', out);
  print_middle_cut(out, "年収と家族構成", 8);
  fputc('|', out);
  print_middle_cut(out, "short", 5);
  fclose(out);
  ck_assert_str_eq(text, "ques…fied|年収…成|short");
  free(text);
}
END_TEST

/* It begins farther to the left, where it fits. */
START_TEST(a_word_wider_than_the_rest_of_the_line) {
  FILE *out = begin();
  print_wrapped(out, "a twelve_bytes b", 6, 6, 14);
  fputs("Label ", out);
  print_wrapped(out, "twelve_bytes", 6, 6, 14);
  fclose(out);
  ck_assert_str_eq(text, "a\n  twelve_bytes\n      b\nLabel \n  twelve_bytes\n");
  free(text);
}
END_TEST

static const table_column wide_columns[] = {{"", "Name", TABLE_LEFT, false},
                                            {"", "first number", TABLE_RIGHT, false},
                                            {"", "second number", TABLE_RIGHT, false},
                                            {"", "third number", TABLE_RIGHT, false}};

/* Columns of numbers that do not fit side by side follow one another. */
START_TEST(a_table_in_parts) {
  utf8();
  table t;
  table_begin(&t, wide_columns, 4);
  t.page = (text_page){.width = 40, .cuts = true};
  table_row(&t, (const char *const[]){"a", "1", "2", "3"});
  table_row(&t, (const char *const[]){"a_name_of_24_columns_here", "4", "5", "6"});
  FILE *out = begin();
  ck_assert(table_print(&t, out));
  fclose(out);
  table_end(&t);
  ck_assert_str_eq(text, "Name          first number\n"
                         "──────────────────────────\n"
                         "a                        1\n"
                         "a_name_of_24_columns_here\n"
                         "                         4\n"
                         "\n"
                         "Name          second number\n"
                         "───────────────────────────\n"
                         "a                         2\n"
                         "a_name_of_24_columns_here\n"
                         "                          5\n"
                         "\n"
                         "Name          third number\n"
                         "──────────────────────────\n"
                         "a                        3\n"
                         "a_name_of_24_columns_here\n"
                         "                         6\n");
  free(text);
}
END_TEST

/* Reasons without room beside the numbers stand below them; a name that is wider than the terminal is cut there, and in a file is not. */
START_TEST(a_narrow_table) {
  utf8();
  for (int cuts = 0; cuts < 2; cuts++) {
    table t;
    table_begin(&t, columns, 4);
    t.page = (text_page){.width = 24, .cuts = cuts};
    table_row(&t, (const char *const[]){"a", "7", "", "a reason of several words"});
    table_row(&t, (const char *const[]){"a_name_of_more_than_24_columns", "8", "", ""});
    FILE *out = begin();
    ck_assert(table_print(&t, out));
    fclose(out);
    table_end(&t);
    const char *name = cuts ? "a_name_of_mo…_24_columns" : "a_name_of_more_than_24_columns";
    ck_assert_ptr_nonnull(strstr(text, "a                      7\n    a reason of several\n    words\n"));
    ck_assert_ptr_nonnull(strstr(text, name));
    ck_assert_str_eq(strstr(text, name) + strlen(name), "\n                       8\n");
    free(text);
  }
}
END_TEST

START_TEST(json_reads_back_the_same) {
  json_t *object = json_pack("{s:f, s:i, s:[], s:{}, s:[f, b, n], s:o}", "tenth", 0.1, "one", 1, "none", "empty", "list", 1e-300, 1, "text",
                             json_of_text("bad \xff \"quoted\" \n"));
  FILE *out = begin();
  ck_assert(json_print(object, out));
  fclose(out);
  ck_assert_ptr_nonnull(strstr(text, "\"tenth\": 0.1,\n"));
  ck_assert_ptr_nonnull(strstr(text, "\"none\": [],\n"));
  json_error_t error;
  json_t *again = json_loads(text, 0, &error);
  ck_assert_msg(again != NULL, "%s", error.text);
  ck_assert(json_equal(object, again));
  ck_assert_ptr_nonnull(strstr(json_string_value(json_object_get(again, "text")), "bad \xEF\xBF\xBD"));
  json_decref(object);
  json_decref(again);
  json_t *null = json_of_number(NAN);
  ck_assert(json_is_null(null));
  free(text);
}
END_TEST

SUITE {
  Suite *suite = suite_create("report text");
  TCase *tests = tcase_create("all");
  tcase_add_test(tests, exact_numbers_read_back_and_are_short);
  tcase_add_test(tests, counts_have_commas);
  tcase_add_test(tests, estimates_show_four_digits_of_the_sd);
  tcase_add_test(tests, untrusted_text_cannot_drive_the_terminal);
  tcase_add_test(tests, columns_of_wide_and_combining_characters);
  tcase_add_test(tests, wrapping_breaks_at_blanks);
  tcase_add_test(tests, a_table_lines_up);
  tcase_add_test(tests, columns_in_pairs);
  tcase_add_test(tests, a_long_name_is_never_cut);
  tcase_add_test(tests, names_are_cut_in_the_middle);
  tcase_add_test(tests, a_word_wider_than_the_rest_of_the_line);
  tcase_add_test(tests, a_table_in_parts);
  tcase_add_test(tests, a_narrow_table);
  tcase_add_test(tests, json_reads_back_the_same);
  suite_add_tcase(suite, tests);
  return suite;
}
