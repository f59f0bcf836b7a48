/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The C locale, made once: strtod and printf follow LC_NUMERIC, which belongs to the program that uses the library. */
static locale_t c_locale;
static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;
static void make_c_locale(void) { c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); }

static double parse_with_library(const char *bytes, size_t length, char decimal) {
  char small[128], *copy = length < sizeof small ? small : malloc(length + 1);
  if (!copy)
    return NAN;
  memcpy(copy, bytes, length);
  copy[length] = '\0';
  if (decimal != '.')
    for (char *p = copy; *p; p++)
      if (*p == decimal)
        *p = '.';
  pthread_once(&c_locale_once, make_c_locale);
  double value = c_locale ? strtod_l(copy, NULL, c_locale) : strtod(copy, NULL);
  if (copy != small)
    free(copy);
  return value;
}

/* A number taken apart: digits as an integer (while they fit), and the power of ten to apply. */
typedef struct parts {
  uint64_t mantissa;
  int64_t exponent;
  bool negative, exact;
} parts;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Reads digits from *p, adding them to the mantissa; returns how many. Digits beyond 19 make the parts inexact. */
static size_t take_digits(const char **p, const char *end, parts *n) {
  const char *start = *p;
  for (; *p < end && is_digit(**p); (*p)++) {
    if (n->mantissa > (UINT64_MAX - 9) / 10)
      n->exact = false;
    else
      n->mantissa = 10 * n->mantissa + (uint64_t)(**p - '0');
  }
  return (size_t)(*p - start);
}

static bool take_exponent(const char **p, const char *end, parts *n) {
  const char *q = *p + 1;
  bool negative = q < end && *q == '-';
  if (q < end && (*q == '-' || *q == '+'))
    q++;
  if (q == end || !is_digit(*q))
    return false;
  int64_t exponent = 0;
  for (; q < end && is_digit(*q); q++)
    if (exponent < 100000)
      exponent = 10 * exponent + (*q - '0');
  n->exponent += negative ? -exponent : exponent;
  *p = q;
  return true;
}

static bool take_apart(const char *bytes, size_t length, char decimal, parts *n) {
  const char *p = bytes, *end = bytes + length;
  *n = (parts){.exact = true};
  if (p < end && (*p == '-' || *p == '+'))
    n->negative = *p++ == '-';
  size_t digits = take_digits(&p, end, n);
  if (p < end && *p == decimal) {
    p++;
    size_t fraction = take_digits(&p, end, n);
    n->exponent -= (int64_t)fraction;
    digits += fraction;
  }
  if (digits == 0)
    return false;
  if (p < end && (*p == 'e' || *p == 'E') && !take_exponent(&p, end, n))
    return false;
  return p == end;
}

bool emend_number_parse(const char *bytes, size_t length, char decimal, double *value) {
  static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  parts n;
  if (!take_apart(bytes, length, decimal, &n))
    return false;
  /* Both factors are exact doubles, so one operation rounds correctly (Clinger 1990). */
  if (n.exact && n.mantissa <= (UINT64_C(1) << 53) && n.exponent >= -22 && n.exponent <= 22) {
    double magnitude = n.exponent < 0 ? (double)n.mantissa / powers[-n.exponent] : (double)n.mantissa * powers[n.exponent];
    *value = n.negative ? -magnitude : magnitude;
    return true;
  }
  *value = parse_with_library(bytes, length, decimal);
  return !isnan(*value);
}

static size_t print_integer(double value, char *buffer) {
  char reversed[24];
  size_t n = 0, length = 0;
  uint64_t magnitude = (uint64_t)fabs(value);
  do
    reversed[n++] = (char)('0' + magnitude % 10);
  while ((magnitude /= 10) > 0);
  if (value < 0)
    buffer[length++] = '-';
  while (n > 0)
    buffer[length++] = reversed[--n];
  buffer[length] = '\0';
  return length;
}

/* Digits and decimal exponent of the shortest text that reads back; returns the number of digits. 17 always suffice, 15 mostly do,
 * and any that needs fewer shows it by zeros at the end, but for subnormals, which hold fewer than 15. */
static int shortest(double magnitude, char *digits, int *exponent) {
  int length = 0;
  for (int precision = magnitude < 0x1p-1022 ? 0 : 14; precision <= 16; precision++) {
    char text[40];
    snprintf(text, sizeof text, "%.*e", precision, magnitude);
    length = 0;
    char *p = text;
    for (; *p != 'e'; p++) /* skips the locale's decimal point, whatever it is */
      if (is_digit(*p))
        digits[length++] = *p;
    *exponent = atoi(p + 1);
    char back[48];
    int n = snprintf(back, sizeof back, "%.*se%d", length, digits, *exponent - (length - 1));
    if (parse_with_library(back, (size_t)n, '.') == magnitude)
      break;
  }
  while (length > 1 && digits[length - 1] == '0')
    length--;
  return length;
}

static size_t lay_out(const char *digits, int count, int exponent, char decimal, char *out) {
  size_t n = 0;
  if (exponent < -5 || exponent > 17) {
    out[n++] = digits[0];
    if (count > 1)
      out[n++] = decimal;
    for (int i = 1; i < count; i++)
      out[n++] = digits[i];
    return n + (size_t)sprintf(out + n, "e%+03d", exponent);
  }
  if (exponent < 0) {
    out[n++] = '0';
    out[n++] = decimal;
    for (int i = -1; i > exponent; i--)
      out[n++] = '0';
  }
  for (int i = 0; i < count || i <= exponent; i++) {
    if (i == exponent + 1 && exponent >= 0)
      out[n++] = decimal;
    out[n++] = i < count ? digits[i] : '0';
  }
  return n;
}

size_t emend_number_print(double value, char decimal, char *buffer) {
  buffer[0] = '\0';
  if (isnan(value))
    return 0;
  if (isinf(value))
    return (size_t)sprintf(buffer, "%s", value > 0 ? "inf" : "-inf");
  if (value == floor(value) && fabs(value) < 1e17)
    return print_integer(value, buffer);
  char digits[40];
  int exponent;
  int count = shortest(fabs(value), digits, &exponent);
  size_t sign = value < 0;
  if (sign)
    buffer[0] = '-';
  size_t length = sign + lay_out(digits, count, exponent, decimal, buffer + sign);
  buffer[length] = '\0';
  return length;
}
