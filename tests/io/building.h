/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_IO_BUILDING_H
#define TESTS_IO_BUILDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Small .sav and .dta files made byte by byte, in either byte order. */
typedef struct builder {
  unsigned char data[1 << 14];
  size_t length;
  bool big_endian;
} builder;

void add(builder *b, const void *data, size_t n);
void add_text(builder *b, const char *text);
void add_padded(builder *b, const char *text, size_t n, char padding); /* cut or padded to n bytes */
void add_zeros(builder *b, size_t n);
void add_integer(builder *b, uint64_t value, size_t n_bytes);
void add_number(builder *b, double value);
/* Overwrites n bytes at `at`. */
void set_integer(builder *b, size_t at, uint64_t value, size_t n_bytes);

/* A .sav's header and the records that follow; sav_end gives the offset of the data. Compression 2 is written as $FL3. */
void sav_begin(builder *b, bool big_endian, uint32_t compression, int32_t n_rows, double bias);
void sav_variable(builder *b, const char *name, uint32_t width);
void sav_extension(builder *b, int32_t subtype, uint32_t size, uint32_t count, const void *payload); /* NULL: added by the caller */
size_t sav_end(builder *b);

/* A whole .dta with one variable of each type (y byte, i int, l long, f float, d double, s str5; from 117 on also t strL), `n_rows` rows
 * of zeros, a characteristic, a long string and a set of two value labels. */
typedef struct dta_places {
  size_t n_variables, n_rows, types, sort_list, map, characteristic, data, strls, labels; /* offsets of contents; 0 where there is none */
} dta_places;
dta_places dta_build(builder *b, unsigned release, bool big_endian, uint32_t n_rows);

#endif
