/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DTA_DICTIONARY_H
#define IO_DTA_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/source.h"

/*
 * The dictionary of a Stata file, releases 105 to 119, as its sections say it, with every length, count and offset checked against the
 * file. Rows are of one width, without gaps.
 */
typedef enum emend_dta_type {
  EMEND_DTA_BYTE,
  EMEND_DTA_INT,
  EMEND_DTA_LONG,
  EMEND_DTA_FLOAT,
  EMEND_DTA_DOUBLE,
  EMEND_DTA_STRING,
  EMEND_DTA_STRL
} emend_dta_type;

typedef struct emend_dta_variable {
  char *name; /* in the file's encoding: UTF-8 from release 118 on */
  emend_dta_type type;
  uint32_t width;  /* bytes in a row */
  uint64_t offset; /* in a row */
} emend_dta_variable;

/* Where a section's content begins and ends, without the tags around it or a length before it. */
typedef struct emend_dta_section {
  uint64_t offset, end;
} emend_dta_section;

typedef struct emend_dta_dictionary {
  unsigned release;
  bool swap; /* the file's byte order is not this machine's */
  bool big_endian;
  emend_dta_variable *variables;
  size_t n_variables;
  uint64_t n_rows, row_bytes;
  uint64_t data_offset; /* of the first row */
  unsigned unmapped;    /* bit i: the map has 0 at its place i, as Stata 13 wrote it for the variable labels */
  emend_dta_section file_label, timestamp; /* untagged: filled with NULs */
  emend_dta_section types, names, sort_list, formats, label_names, labels;
  emend_dta_section characteristics; /* untagged: with the field that ends them */
  emend_dta_section strls, value_labels;
} emend_dta_dictionary;

/* Walks the whole file but for the rows. The caller frees *dictionary; on failure it is NULL. */
emend_status emend_dta_dictionary_read(const emend_source *source, emend_dta_dictionary **dictionary, emend_error *error);
void emend_dta_dictionary_free(emend_dta_dictionary *dictionary);

#endif
