/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_SAV_FILE_H
#define BENCH_SAV_FILE_H

#include <stddef.h>
#include <stdint.h>

/* Binary files on standard output, little-endian whatever the machine. */
void bench_put_integer(uint64_t value, size_t length);
void bench_put_double(double value);
/* `text`, then `filler` up to `length` bytes. */
void bench_put_field(const char *text, size_t length, char filler);

/* An uncompressed .sav of numeric variables named after `prefix` (V1, V2, ...), as far as its cells; then each row's cells. */
void bench_sav_begin(uint64_t rows, uint64_t columns, const char *prefix);
void bench_sav_cell(double value); /* NaN is missing */

#endif
