/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/random.h"
#include "support/support.h"

static double parse(const char *text) {
  double value = -12345;
  ck_assert_msg(emend_number_parse(text, strlen(text), '.', &value), "%s was not taken as a number", text);
  return value;
}

static const char *print(double value) {
  static char buffer[EMEND_NUMBER_SIZE];
  ck_assert_uint_eq(emend_number_print(value, '.', buffer), strlen(buffer));
  return buffer;
}

START_TEST(parses_what_is_a_number) {
  ck_assert_double_eq(parse("0"), 0);
  ck_assert_double_eq(parse("-1.50"), -1.5);
  ck_assert_double_eq(parse("+7"), 7);
  ck_assert_double_eq(parse(".5"), 0.5);
  ck_assert_double_eq(parse("5."), 5);
  ck_assert_double_eq(parse("1e3"), 1000);
  ck_assert_double_eq(parse("1E-3"), 0.001);
  ck_assert_double_eq(parse("9007199254740993"), 9007199254740992.0); /* a tie, to even */
  ck_assert_double_eq(parse("123456789012345678901234567890"), 123456789012345678901234567890.0);
  ck_assert_double_eq(parse("2.2250738585072011e-308"), 2.2250738585072011e-308); /* once hung a well-known parser */
  ck_assert_double_eq(parse("1e400"), INFINITY);
  ck_assert_double_eq(parse("1e-400"), 0);
  ck_assert(signbit(parse("-0")));
}
END_TEST

START_TEST(refuses_what_is_none) {
  static const char *const texts[] = {"",    " 1",  "1 ",  "-",    "+",   ".",     "e5",  "1e",   "1e+", "0x10",
                                      "1,5", "1.2.3", "1d5", "inf", "nan", "1_000", "--1", "1-", "Infinity", "٣"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    double value;
    ck_assert_msg(!emend_number_parse(texts[i], strlen(texts[i]), '.', &value), "\"%s\" was taken as %g", texts[i], value);
  }
}
END_TEST

START_TEST(takes_the_decimal_comma_when_told) {
  double value;
  ck_assert(emend_number_parse("2,75", 4, ',', &value));
  ck_assert_double_eq(value, 2.75);
  ck_assert(emend_number_parse("3,14159265358979311599796346854", 31, ',', &value));
  ck_assert_double_eq(value, 3.141592653589793);
  ck_assert(!emend_number_parse("2.75", 4, ',', &value));
  char buffer[EMEND_NUMBER_SIZE];
  emend_number_print(-0.25, ',', buffer);
  ck_assert_str_eq(buffer, "-0,25");
}
END_TEST

START_TEST(prints_the_shortest) {
  ck_assert_str_eq(print(0.1), "0.1");
  ck_assert_str_eq(print(1), "1");
  ck_assert_str_eq(print(-42), "-42");
  ck_assert_str_eq(print(1.0 / 3), "0.3333333333333333");
  ck_assert_str_eq(print(0.1 + 0.2), "0.30000000000000004");
  ck_assert_str_eq(print(5e-324), "5e-324");
  ck_assert_str_eq(print(1.7976931348623157e308), "1.7976931348623157e+308");
  ck_assert_str_eq(print(1e22), "1e+22");
  ck_assert_str_eq(print(123456.75), "123456.75");
  ck_assert_str_eq(print(0.00012), "0.00012");
  ck_assert_str_eq(print(1.5e-7), "1.5e-07");
  ck_assert_str_eq(print(NAN), "");
}
END_TEST

START_TEST(any_double_survives_text) {
  for (uint64_t i = 0; i < 200000; i++) {
    uint64_t bits = (uint64_t)(emend_random_uniform(7, EMEND_STREAM_TEST, i, 0) * 0x1p32) << 32 |
                    (uint64_t)(emend_random_uniform(7, EMEND_STREAM_TEST, i, 1) * 0x1p32);
    double value;
    memcpy(&value, &bits, sizeof value);
    if (!isfinite(value))
      continue;
    ck_assert_msg(parse(print(value)) == value, "%a came back from \"%s\"", value, print(value));
    char library[40];
    snprintf(library, sizeof library, "%.17g", value); /* the C library reads and prints exactly: an oracle for the parser */
    ck_assert(parse(library) == value);
  }
  for (int i = -300000; i <= 300000; i += 7) { /* short decimals stay as they were typed */
    char typed[32];
    snprintf(typed, sizeof typed, "%s%d.%02d5", i < 0 ? "-" : "", abs(i) / 100, abs(i) % 100);
    ck_assert_str_eq(print(parse(typed)), typed);
  }
}
END_TEST

START_TEST(the_locale_does_not_matter) {
  static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "C.UTF-8"};
  for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
    if (!setlocale(LC_ALL, locales[i]))
      continue;
    ck_assert_double_eq(parse("1.5"), 1.5);
    ck_assert_double_eq(parse("1234567890123456789012.5"), 1234567890123456789012.5);
    ck_assert_str_eq(print(0.1), "0.1");
  }
  setlocale(LC_ALL, "C");
}
END_TEST

SUITE {
  Suite *suite = suite_create("number");
  TCase *cases = tcase_create("number");
  tcase_set_timeout(cases, 60);
  tcase_add_test(cases, parses_what_is_a_number);
  tcase_add_test(cases, refuses_what_is_none);
  tcase_add_test(cases, takes_the_decimal_comma_when_told);
  tcase_add_test(cases, prints_the_shortest);
  tcase_add_test(cases, any_double_survives_text);
  tcase_add_test(cases, the_locale_does_not_matter);
  suite_add_tcase(suite, cases);
  return suite;
}
