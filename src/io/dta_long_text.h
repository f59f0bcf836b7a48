/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DTA_LONG_TEXT_H
#define IO_DTA_LONG_TEXT_H

#include "io/decode.h"
#include "io/dta_dictionary.h"

/*
 * The long strings of a Stata file, found by what its cells refer to: ReadStat cuts references of release 119 in the wrong place, and
 * gives a file up for one binary string. Binary strings are no texts: they are counted, and found empty.
 */
typedef struct dta_long_text_entry {
  uint64_t row, offset;
  uint32_t variable, length; /* UINT32_MAX: binary */
} dta_long_text_entry;

typedef struct dta_long_texts {
  const emend_source *source;
  const emend_dta_dictionary *dictionary;
  dta_long_text_entry *entries; /* in the order of their variables and rows */
  size_t n_entries;
  emend_buffer buffer;
  emend_decoder decoder;
  emend_text_places undecoded;
  size_t n_binary; /* cells that refer to a binary string */
  bool wanted;     /* ReadStat would not read these */
} dta_long_texts;

/* What the file holds; zero-initialised for a file without long strings. Texts are decoded from the release's encoding. */
emend_status dta_long_texts_open(dta_long_texts *strls, const emend_source *source, const emend_dta_dictionary *dictionary,
                                 emend_error *error);
void dta_long_texts_close(dta_long_texts *strls);
/* The text of a cell, which lives until the next call. EMEND_MALFORMED if it refers to none. */
emend_status dta_long_texts_find(dta_long_texts *strls, uint64_t row, size_t variable, const char **text, size_t *length,
                                 emend_error *error);

#endif
