/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

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

/* A number taken apart: the first digits as an integer, and the power of ten to apply. */
typedef struct parts {
  uint64_t mantissa;
  int64_t exponent;
  int64_t dropped; /* digits that the mantissa had no room for */
  bool negative;
} parts;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Reads digits from *p, adding them to the mantissa as long as it has room, which is for 19 at least; returns how many. */
static size_t take_digits(const char **p, const char *end, parts *n) {
  const char *start = *p;
  for (; *p < end && is_digit(**p); (*p)++) {
    if (n->mantissa > (UINT64_MAX - 9) / 10)
      n->dropped++;
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
  *n = (parts){0};
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

/* Without the sign; false if only the whole text can tell. */
static bool convert(const parts *n, double *magnitude) {
  static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  int64_t exponent = n->exponent + n->dropped;
  double above;
  /* Both factors are exact doubles, so one operation rounds correctly (Clinger 1990). */
  if (n->dropped == 0 && n->mantissa <= (UINT64_C(1) << 53) && exponent >= -22 && exponent <= 22) {
    *magnitude = exponent < 0 ? (double)n->mantissa / powers[-exponent] : (double)n->mantissa * powers[exponent];
    return true;
  }
  if (!emend_decimal_to_double((emend_decimal){.digits = n->mantissa, .exponent = exponent}, magnitude))
    return false;
  if (n->dropped == 0)
    return true;
  /* The number lies between the mantissa and the next: decided if both are nearest to the same double. */
  return emend_decimal_to_double((emend_decimal){.digits = n->mantissa + 1, .exponent = exponent}, &above) && above == *magnitude;
}

bool emend_number_parse(const char *bytes, size_t length, char decimal, double *value) {
  parts n;
  double magnitude;
  if (!take_apart(bytes, length, decimal, &n))
    return false;
  if (convert(&n, &magnitude)) {
    *value = n.negative ? -magnitude : magnitude;
    return true;
  }
  *value = parse_with_library(bytes, length, decimal);
  return !isnan(*value);
}

/* Two digits at a time, from behind; returns where they begin. */
static char *put_digits(uint64_t number, char *end) {
  static const char pairs[] = "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
                              "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";
  for (; number >= 100; number /= 100)
    memcpy(end -= 2, pairs + 2 * (number % 100), 2);
  if (number >= 10)
    memcpy(end -= 2, pairs + 2 * number, 2);
  else
    *--end = (char)('0' + number);
  return end;
}

static size_t print_integer(double value, char *buffer) {
  char digits[24], *end = digits + sizeof digits, *begin = put_digits((uint64_t)fabs(value), end);
  if (value < 0)
    *--begin = '-';
  size_t length = (size_t)(end - begin);
  memcpy(buffer, begin, length);
  buffer[length] = '\0';
  return length;
}

static size_t put_exponent(int exponent, char *out) {
  char digits[8], *end = digits + sizeof digits, *begin = put_digits((uint64_t)abs(exponent), end);
  if (end - begin < 2)
    *--begin = '0';
  out[0] = 'e';
  out[1] = exponent < 0 ? '-' : '+';
  memcpy(out + 2, begin, (size_t)(end - begin));
  return 2 + (size_t)(end - begin);
}

/* `exponent`: of the first digit. */
static size_t lay_out(const char *digits, size_t count, int exponent, char decimal, char *out) {
  if (exponent < -5 || exponent > 17) {
    size_t n = 0;
    out[n++] = digits[0];
    if (count > 1)
      out[n++] = decimal;
    memcpy(out + n, digits + 1, count - 1);
    n += count - 1;
    return n + put_exponent(exponent, out + n);
  }
  if (exponent < 0) {
    size_t zeros = (size_t)(-1 - exponent);
    memcpy(out, "0.0000", 2 + zeros);
    out[1] = decimal;
    memcpy(out + 2 + zeros, digits, count);
    return 2 + zeros + count;
  }
  size_t whole = (size_t)exponent + 1, shown = whole < count ? whole : count;
  memcpy(out, digits, shown);
  memset(out + shown, '0', whole - shown);
  if (whole < count) {
    out[whole] = decimal;
    memcpy(out + whole + 1, digits + whole, count - whole);
    return count + 1;
  }
  return whole;
}

size_t emend_number_print(double value, char decimal, char *buffer) {
  buffer[0] = '\0';
  if (isnan(value))
    return 0;
  if (isinf(value))
    return (size_t)sprintf(buffer, "%s", value > 0 ? "inf" : "-inf");
  if (fabs(value) < 1e17 && value == (double)(int64_t)value)
    return print_integer(value, buffer);
  emend_decimal shortest = emend_decimal_of_double(fabs(value));
  char digits[24], *end = digits + sizeof digits, *begin = put_digits(shortest.digits, end);
  size_t count = (size_t)(end - begin), sign = value < 0;
  buffer[0] = '-';
  size_t length = sign + lay_out(begin, count, (int)shortest.exponent + (int)count - 1, decimal, buffer + sign);
  buffer[length] = '\0';
  return length;
}
