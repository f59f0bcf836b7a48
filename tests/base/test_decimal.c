/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversions between decimal and binary against the C library's, which are exact, and the table against whole numbers of any length. */
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/number.h"
#include "base/random.h"
#include "support/support.h"

/* A whole number in words of 32 bits, the lowest first; as long as the table needs: 5^342 x 2^128. */
enum { WORDS = 32 };
typedef struct whole {
  uint32_t words[WORDS];
} whole;

static void multiply(whole *a, uint32_t by) {
  uint64_t carry = 0;
  for (int i = 0; i < WORDS; i++) {
    carry += (uint64_t)a->words[i] * by;
    a->words[i] = (uint32_t)carry;
    carry >>= 32;
  }
  ck_assert_uint_eq(carry, 0);
}

static int compare(const whole *a, const whole *b) {
  for (int i = WORDS - 1; i >= 0; i--)
    if (a->words[i] != b->words[i])
      return a->words[i] > b->words[i] ? 1 : -1;
  return 0;
}

static int length_in_bits(const whole *a) {
  for (int i = WORDS - 1; i >= 0; i--)
    if (a->words[i])
      return 32 * i + 32 - __builtin_clz(a->words[i]);
  return 0;
}

static whole power_of_five(int exponent) {
  whole a = {.words = {1}};
  for (int i = 0; i < exponent; i++)
    multiply(&a, 5);
  return a;
}

static whole shifted(const whole *a, int bits) {
  whole b = {0};
  for (int i = 0; i + bits / 32 < WORDS; i++) {
    uint64_t two = (uint64_t)a->words[i] << bits % 32;
    b.words[i + bits / 32] |= (uint32_t)two;
    if (i + bits / 32 + 1 < WORDS)
      b.words[i + bits / 32 + 1] |= (uint32_t)(two >> 32);
  }
  return b;
}

static whole of_entry(int q, int less) {
  emend_power_of_ten e = emend_powers_of_ten[q - EMEND_LEAST_POWER];
  e.high -= less && e.low == 0;
  e.low -= (uint64_t)less;
  return (whole){.words = {(uint32_t)e.low, (uint32_t)(e.low >> 32), (uint32_t)e.high, (uint32_t)(e.high >> 32)}};
}

/* entry - 1 < power <= entry, both sides multiplied by what makes them whole numbers. */
START_TEST(the_table_is_right) {
  for (int q = EMEND_LEAST_POWER; q <= EMEND_GREATEST_POWER; q++) {
    whole entry = of_entry(q, 0), less = of_entry(q, 1), power = power_of_five(abs(q));
    ck_assert_int_eq(length_in_bits(&entry), 128);
    int bits = length_in_bits(&power);
    if (q >= 0) {
      int up = bits > 128 ? bits - 128 : 0;
      entry = shifted(&entry, up), less = shifted(&less, up), power = shifted(&power, bits > 128 ? 0 : 128 - bits);
    } else { /* entry x 5^-q is next above a power of two */
      whole one = {.words = {1}};
      for (int i = q; i < 0; i++)
        multiply(&entry, 5), multiply(&less, 5);
      power = shifted(&one, 127 + bits);
    }
    ck_assert_msg(compare(&power, &entry) <= 0, "10^%d is too small", q);
    ck_assert_msg(compare(&less, &power) < 0, "10^%d is too large", q);
  }
}
END_TEST

static uint64_t random_bits(uint64_t i, uint64_t column) {
  return (uint64_t)(emend_random_uniform(11, EMEND_STREAM_TEST, i, column) * 0x1p32) << 32 |
         (uint64_t)(emend_random_uniform(11, EMEND_STREAM_TEST, i, column + 1) * 0x1p32);
}

static double of_bits(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static void check_text(const char *text) {
  double value = 0, expected = strtod(text, NULL);
  ck_assert_msg(emend_number_parse(text, strlen(text), '.', &value), "\"%s\" is no number", text);
  ck_assert_msg(memcmp(&value, &expected, sizeof value) == 0, "\"%s\" gives %a, not %a", text, value, expected);
}

START_TEST(any_digits_give_the_nearest_double) {
  for (uint64_t i = 0; i < 100000; i++) {
    uint64_t digits = random_bits(i, 0) >> random_bits(i, 2) % 64;
    int64_t exponent = (int64_t)(random_bits(i, 4) % 720) - 370;
    double value;
    char text[64];
    snprintf(text, sizeof text, "%" PRIu64 "e%" PRId64, digits, exponent);
    ck_assert_msg(emend_decimal_to_double((emend_decimal){digits, exponent}, &value), "%s was not decided", text);
    double expected = strtod(text, NULL);
    ck_assert_msg(value == expected, "%s gives %a, not %a", text, value, expected);
  }
}
END_TEST

START_TEST(the_ends_of_the_range_are_met) {
  static const char *const texts[] = {
      "0e0",
      "0.000e999999999999",
      "-0e-400",
      "1e308",
      "1.7976931348623157e308",
      "1.7976931348623158e308",
      "1.797693134862315807e308", /* below half way to the next, which would be infinity */
      "1.797693134862315808e308",
      "17976931348623159077293051907890247336179769789423065727343008115773267580550096313270847732240753602112011387987139335765878976881"
      "4416622492847430639474124377767893424865485276302219601246094119453082952085005768838150682342462881473913110540827237163350510684"
      "58629823994724593847971630483535632962422413721.6",
      "1.8e308",
      "1e309",
      "1e99999999999999999999",
      "1e-99999999999999999999",
      "2.2250738585072014e-308", /* the least normal one, and what lies around it */
      "2.2250738585072011e-308",
      "2.2250738585072012e-308",
      "2.2250738585072008890e-308",
      "4.9406564584124654e-324", /* the least of all, half of it, one and a half */
      "2.4703282292062327e-324",
      "2.4703282292062328e-324",
      "7.4109846876186981e-324",
      "7.4109846876186982e-324",
      "1e-323",
      "1e-342",
      "18446744073709551615e-343",
      "18446744073709551615e308",
      "18446744073709551615",
      "18446744073709551616",
      "99999999999999999999999999999999999999999999999999",
      "0.00000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    check_text(texts[i]);
}
END_TEST

/* Half way between two doubles, written out in full, is a tie; a digit more or less in front or far behind is none. */
START_TEST(half_way_goes_to_even) {
  char text[1600];
  for (uint64_t i = 0; i < 800; i++) {
    uint64_t exponent = i % 4 == 0 ? random_bits(i, 2) % 2046 : 1000 + random_bits(i, 2) % 80;
    double below = of_bits((random_bits(i, 0) & UINT64_C(0xFFFFFFFFFFFFF)) | exponent << 52);
    long double tie = ((long double)below + (long double)nextafter(below, INFINITY)) / 2;
    if (sizeof(long double) <= sizeof(double))
      return;
    int length = snprintf(text, sizeof text, "%.*Lf", 1100, tie);
    check_text(text);
    text[length++] = '1', text[length] = '\0';
    check_text(text);
    for (int digits = 14; digits <= 24; digits++) {
      snprintf(text, sizeof text, "%.*Le", digits, tie);
      check_text(text);
    }
  }
  for (uint64_t i = 0; i < 2000; i++) { /* ties of 16 to 20 digits */
    uint64_t odd = (UINT64_C(1) << 53) | (random_bits(i, 0) >> 11) | 1;
    for (int shift = 0; shift < 11; shift++) {
      snprintf(text, sizeof text, "%" PRIu64, odd << shift);
      check_text(text);
    }
    snprintf(text, sizeof text, "%" PRIu64 ".5", odd >> 1);
    check_text(text);
  }
}
END_TEST

/* By trial: the fewest digits of which the library's number nearest to the value reads back. */
static void by_trial(double value, char *text, size_t size) {
  for (int precision = 0; precision < 17; precision++) {
    snprintf(text, size, "%.*e", precision, value);
    if (strtod(text, NULL) == value)
      return;
  }
}

static void check_shortest(double value) {
  emend_decimal d = emend_decimal_of_double(value);
  char digits[32], text[64], trial[64];
  int count = snprintf(digits, sizeof digits, "%" PRIu64, d.digits), first = (int)d.exponent + count - 1;
  snprintf(text, sizeof text, "%c%s%se%+03d", digits[0], count > 1 ? "." : "", digits + 1, first);
  ck_assert_msg(strtod(text, NULL) == value, "%a became %s", value, text);
  by_trial(value, trial, sizeof trial);
  /* Below a power of two the doubles are closer: there a shorter number may read back that is not nearest among those of its length. */
  bool shorter = strlen(text) < strlen(trial) && frexp(value, &(int){0}) == 0.5;
  ck_assert_msg(shorter || strcmp(text, trial) == 0, "%a became %s, not %s", value, text, trial);
}

START_TEST(doubles_become_the_fewest_digits) {
  for (uint64_t i = 0; i < 5000; i++) {
    double any = fabs(of_bits(random_bits(i, 0)));
    double near_one = ldexp(0.5 + 0.5 * emend_random_uniform(11, EMEND_STREAM_TEST, i, 9), (int)(i % 40) - 20);
    if (isfinite(any) && any > 0)
      check_shortest(any);
    check_shortest(near_one);
    check_shortest((double)(random_bits(i, 2) % 1000000 + 1) / 1000);
    check_shortest((double)(random_bits(i, 2) >> random_bits(i, 4) % 64 | 1));
  }
  for (int e = -1074; e <= 1023; e++) { /* and the neighbours of powers of two and ten */
    check_shortest(ldexp(1, e));
    check_shortest(nextafter(ldexp(1, e), INFINITY));
    if (e > -1074)
      check_shortest(nextafter(ldexp(1, e), 0));
  }
  for (int e = -323; e <= 308; e++) {
    char text[16];
    snprintf(text, sizeof text, "1e%d", e);
    check_shortest(strtod(text, NULL));
  }
}
END_TEST

SUITE {
  Suite *suite = suite_create("decimal");
  TCase *cases = tcase_create("decimal");
  tcase_set_timeout(cases, 60);
  tcase_add_test(cases, the_table_is_right);
  tcase_add_test(cases, any_digits_give_the_nearest_double);
  tcase_add_test(cases, the_ends_of_the_range_are_met);
  tcase_add_test(cases, half_way_goes_to_even);
  tcase_add_test(cases, doubles_become_the_fewest_digits);
  suite_add_tcase(suite, cases);
  return suite;
}
