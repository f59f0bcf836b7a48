/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_XPT_DICTIONARY_H
#define IO_XPT_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/dataset.h"
#include "io/source.h"

/*
 * The dictionary of a SAS transport file, versions 5 and 8, with one data set: records of 80 bytes, then rows of one width without gaps,
 * then blanks to the end of the last record. Numbers are big-endian IBM doubles of 8 bytes, or their first 2 to 7.
 */
typedef struct emend_xpt_variable {
  char name[33]; /* without trailing blanks */
  bool is_text;
  uint32_t width, offset; /* in a row */
} emend_xpt_variable;

typedef struct emend_xpt_dictionary {
  unsigned version; /* 5 or 8 */
  emend_xpt_variable *variables;
  size_t n_variables;
  bool any_number;
  uint64_t row_bytes;
  uint64_t data_offset;
  uint64_t descriptions;      /* offset of the first variable's, behind the record that counts them */
  uint32_t description_bytes; /* of one */
  uint64_t labels, labels_end; /* version 8: the section of labels too long for the descriptions; equal if there is none */
  bool labels_have_formats;    /* its second form */
  /* Rows of blanks at the end may be rows or filling: there are at least so many, and at most. */
  uint64_t least_rows, most_rows;
} emend_xpt_dictionary;

/* Walks the dictionary. A second data set in the file is refused. The caller frees *dictionary; on failure it is NULL. */
emend_status emend_xpt_dictionary_read(const emend_source *source, emend_xpt_dictionary **dictionary, emend_error *error);
void emend_xpt_dictionary_free(emend_xpt_dictionary *dictionary);

/* The dataset was read by another program's parser: that it saw the same variables and rows is not taken for granted. */
emend_status emend_xpt_check_dataset(const emend_xpt_dictionary *dictionary, const emend_dataset *dataset, emend_error *error);

/* The nearest number that `width` bytes hold; false if it is too large for any. Too small ones become 0. */
bool emend_xpt_number_put(double value, uint32_t width, unsigned char *bytes);

#endif
