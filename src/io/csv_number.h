/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_NUMBER_H
#define IO_CSV_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/decimal.h"
#include "base/number.h"

/*
 * The short way for what most cells of a survey are, few digits, taken as words. Bytes up to value + length + 8 are read, so something
 * must follow the value (the scanner's window has padding).
 */

#define EMEND_CSV_EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Eight bytes as if the machine's first byte were the lowest. */
static inline uint64_t emend_csv_word(const char *value) {
  uint64_t word;
  memcpy(&word, value, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

/* The first `length` bytes of a word moved behind as many '0' as are missing to eight. */
static inline uint64_t emend_csv_behind_zeros(uint64_t word, size_t length) {
  unsigned unused = (unsigned)(8 - length) * 8;
  return unused ? word << unused | EMEND_CSV_EACH_BYTE(0x30) >> (64 - unused) : word;
}

static inline uint64_t emend_csv_digits_word(const char *value, size_t length) {
  return emend_csv_behind_zeros(emend_csv_word(value), length);
}

/* Zero where bytes are '0' to '9': their high halves are 3, and adding 6 does not carry out of the low ones. Right up to the first that
 * is not. */
static inline uint64_t emend_csv_not_digits(uint64_t word) {
  const uint64_t high = EMEND_CSV_EACH_BYTE(0xF0), threes = EMEND_CSV_EACH_BYTE(0x30);
  return ((word & high) ^ threes) | (((word + EMEND_CSV_EACH_BYTE(0x06)) & high) ^ threes);
}

static inline bool emend_csv_all_digits(uint64_t word) { return emend_csv_not_digits(word) == 0; }

static inline bool emend_csv_is_short_integer(const char *value, size_t length) {
  return length - 1 < 8 && emend_csv_all_digits(emend_csv_digits_word(value, length));
}

/* Adds neighbouring digits, then pairs, then fours. */
static inline uint32_t emend_csv_digits_value(uint64_t word) {
  word -= EMEND_CSV_EACH_BYTE(0x30);
  word = word * 10 + (word >> 8);
  word = ((word & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064) +
          ((word >> 16) & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001)) >>
         32;
  return (uint32_t)word;
}

/* Adds the digits from p on to *number, and returns where they end. Wrong from 20 digits on. */
static inline const char *emend_csv_take_digits(const char *p, uint64_t *number) {
  static const uint32_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
  for (;;) {
    uint64_t word = emend_csv_word(p), others = emend_csv_not_digits(word);
    unsigned n = others ? (unsigned)__builtin_ctzll(others) / 8 : 8;
    if (n == 0)
      return p;
    *number = *number * powers[n] + emend_csv_digits_value(emend_csv_behind_zeros(word, n));
    p += n;
    if (n < 8)
      return p;
  }
}

/* What there is before and behind the decimal mark, as one number, and the power of ten to apply. */
typedef struct emend_csv_parts {
  emend_decimal decimal;
  size_t n_whole, n_digits;
  bool negative, marked; /* with a decimal mark */
} emend_csv_parts;

/* Eight bytes or fewer, a decimal mark among them or not: the mark is taken out, and the digits are one word. */
static inline bool emend_csv_take_word_apart(const char *value, size_t length, char decimal, emend_csv_parts *parts) {
  uint64_t word = emend_csv_word(value), others = emend_csv_not_digits(word);
  size_t n_whole = others ? (size_t)__builtin_ctzll(others) / 8 : 8;
  parts->marked = n_whole < length;
  if (parts->marked) {
    uint64_t below = (UINT64_C(1) << 8 * n_whole) - 1;
    if (value[n_whole] != decimal)
      return false;
    word = (word & below) | (word >> 8 & ~below);
    parts->decimal.exponent = (int64_t)(n_whole + 1) - (int64_t)length;
    length--;
  }
  if (length == 0)
    return false;
  word = emend_csv_behind_zeros(word, length);
  parts->n_whole = n_whole < length ? n_whole : length;
  parts->n_digits = length;
  parts->decimal.digits = emend_csv_digits_value(word);
  return emend_csv_all_digits(word);
}

/* Takes a number without exponent and of at most 19 digits apart; false for anything else. */
static inline bool emend_csv_take_apart(const char *value, size_t length, char decimal, emend_csv_parts *parts) {
  enum { MOST_DIGITS = 19 };
  const char *end = value + length, *whole = value + ((*value == '-') | (*value == '+'));
  *parts = (emend_csv_parts){.negative = *value == '-'};
  if (end - whole <= 8)
    return end > whole && emend_csv_take_word_apart(whole, (size_t)(end - whole), decimal, parts);
  const char *p = emend_csv_take_digits(whole, &parts->decimal.digits);
  parts->n_digits = parts->n_whole = (size_t)(p - whole);
  parts->marked = p < end && *p == decimal;
  if (parts->marked) {
    const char *fraction = p + 1;
    p = emend_csv_take_digits(fraction, &parts->decimal.digits);
    parts->decimal.exponent = fraction - p;
    parts->n_digits += (size_t)(p - fraction);
  }
  return p == end && parts->n_digits - 1 < MOST_DIGITS;
}

/* The double nearest to it; false, very rarely, if only the whole text can tell. */
static inline bool emend_csv_put_together(const emend_csv_parts *parts, double *number) {
  static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
                                  1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
  double magnitude;
  if (parts->decimal.digits <= UINT64_C(1) << 53) /* both exact: one operation rounds correctly (Clinger 1990) */
    magnitude = (double)(int64_t)parts->decimal.digits / powers[-parts->decimal.exponent];
  else if (!emend_decimal_to_double(parts->decimal, &magnitude))
    return false;
  *number = __builtin_copysign(magnitude, (double)-(int)parts->negative); /* no branch: signs are hard to predict */
  return true;
}

/* As emend_number_parse, with the short way first. */
static inline bool emend_csv_number(const char *value, size_t length, char decimal, double *number) {
  emend_csv_parts parts;
  return (emend_csv_take_apart(value, length, decimal, &parts) && emend_csv_put_together(&parts, number)) ||
         emend_number_parse(value, length, decimal, number);
}

#endif
