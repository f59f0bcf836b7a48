/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_NUMBER_H
#define IO_CSV_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/number.h"

/*
 * The short way for what most cells of a survey are, one to eight digits, taken as one word. Bytes up to value + 8 are read,
 * so something must follow the value (the scanner's window has padding).
 */

/* The digits at the end of a word of '0', as if the machine's first byte were the first digit. */
static inline uint64_t emend_csv_digits_word(const char *value, size_t length) {
  uint64_t word;
  memcpy(&word, value, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  unsigned unused = (unsigned)(8 - length) * 8;
  return unused ? word << unused | UINT64_C(0x3030303030303030) >> (64 - unused) : word;
}

/* No byte outside '0' to '9': the high halves are 3, and adding 6 does not carry out of the low ones. */
static inline bool emend_csv_all_digits(uint64_t word) {
  const uint64_t high = UINT64_C(0xF0F0F0F0F0F0F0F0), threes = UINT64_C(0x3030303030303030);
  return (word & high) == threes && ((word + UINT64_C(0x0606060606060606)) & high) == threes;
}

static inline bool emend_csv_is_short_integer(const char *value, size_t length) {
  return length - 1 < 8 && emend_csv_all_digits(emend_csv_digits_word(value, length));
}

/* Adds neighbouring digits, then pairs, then fours. */
static inline uint32_t emend_csv_digits_value(uint64_t word) {
  word -= UINT64_C(0x3030303030303030);
  word = word * 10 + (word >> 8);
  word = ((word & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064) +
          ((word >> 16) & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001)) >>
         32;
  return (uint32_t)word;
}

/* As emend_number_parse, with the short way first. */
static inline bool emend_csv_number(const char *value, size_t length, char decimal, double *number) {
  if (length - 1 < 8) {
    uint64_t word = emend_csv_digits_word(value, length);
    if (emend_csv_all_digits(word)) {
      *number = emend_csv_digits_value(word);
      return true;
    }
  }
  return emend_number_parse(value, length, decimal, number);
}

#endif
