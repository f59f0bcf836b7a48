/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_IO_SAV_PARSE_H
#define TESTS_IO_SAV_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A parser of .sav and .zsav files that shares nothing with the library: records where they lie, rows expanded. Malformed files fail the test. */

typedef struct sav_seen_record {
  uint32_t type, subtype; /* subtype: of type 7 */
  size_t offset, length;  /* with its header; 3 and 4 are two records */
} sav_seen_record;

typedef struct sav_seen {
  unsigned char *bytes; /* owned */
  size_t length, data_offset, n_elements;
  bool big_endian;
  uint32_t compression;
  int32_t n_cases; /* of the header */
  double bias;
  sav_seen_record *records;
  size_t n_records;
  unsigned char *rows, *codes; /* n_rows * n_elements elements of eight bytes, and their opcodes (0 in uncompressed data) */
  size_t n_rows;
  bool has_end; /* opcode 252 */
  bool padded;  /* opcodes 0 between elements */
  size_t n_blocks;
} sav_seen;

/* `bytes` is taken over. */
sav_seen sav_parse(unsigned char *bytes, size_t length);
void sav_seen_free(sav_seen *seen);
uint32_t sav_seen_word(const sav_seen *seen, size_t at);
double sav_seen_number(const sav_seen *seen, const unsigned char *bytes);
/* The last record of a type (of 7: and subtype), or NULL. */
const sav_seen_record *sav_seen_find(const sav_seen *seen, uint32_t type, uint32_t subtype);

#endif
