/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sav_file.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void bench_put_integer(uint64_t value, size_t length) {
  for (size_t i = 0; i < length; i++)
    putchar((int)(value >> 8 * i & 0xFF));
}

void bench_put_double(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  unsigned char bytes[8];
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (unsigned char)(bits >> 8 * i);
  fwrite(bytes, 1, sizeof bytes, stdout);
}

void bench_put_field(const char *text, size_t length, char filler) {
  size_t n = strlen(text);
  fwrite(text, 1, n < length ? n : length, stdout);
  for (size_t i = n; i < length; i++)
    putchar(filler);
}

void bench_sav_begin(uint64_t rows, uint64_t columns, const char *prefix) {
  enum { F8_2 = 5 << 16 | 8 << 8 | 2, LAYOUT = 2, BIAS = 100, VARIABLE = 2, EXTENSION = 7, FLOAT_INFO = 4, ENCODING = 20, END = 999 };
  bench_put_field("$FL2@(#) SPSS DATA FILE generated for measuring", 64, ' ');
  bench_put_integer(LAYOUT, 4), bench_put_integer(columns, 4), bench_put_integer(0, 4), bench_put_integer(0, 4), bench_put_integer(rows, 4);
  bench_put_double(BIAS);
  bench_put_field("01 Jan 2600:00:00", 17, ' ');
  bench_put_field("", 64, ' ');
  bench_put_field("", 3, '\0');
  for (uint64_t column = 0; column < columns; column++) {
    char name[24];
    snprintf(name, sizeof name, "%s%" PRIu64, prefix, column + 1);
    bench_put_integer(VARIABLE, 4);
    for (int zero = 0; zero < 3; zero++)
      bench_put_integer(0, 4);
    bench_put_integer(F8_2, 4), bench_put_integer(F8_2, 4);
    bench_put_field(name, 8, ' ');
  }
  bench_put_integer(EXTENSION, 4), bench_put_integer(FLOAT_INFO, 4), bench_put_integer(8, 4), bench_put_integer(3, 4);
  bench_put_double(-DBL_MAX), bench_put_double(DBL_MAX), bench_put_double(nextafter(-DBL_MAX, 0));
  bench_put_integer(EXTENSION, 4), bench_put_integer(ENCODING, 4), bench_put_integer(1, 4), bench_put_integer(5, 4);
  bench_put_field("UTF-8", 5, ' ');
  bench_put_integer(END, 4), bench_put_integer(0, 4);
}

void bench_sav_cell(double value) { bench_put_double(isnan(value) ? -DBL_MAX : value); }
