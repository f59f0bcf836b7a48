/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DECODE_H
#define IO_DECODE_H

#include <iconv.h>

#include "base/text.h"
#include "data/dataset.h"

/* Makes valid UTF-8 of what a file holds: what cannot be decoded becomes U+FFFD, and is counted. Zero-initialise. */
typedef struct emend_decoder {
  bool raw;          /* texts come in the file's encoding; false: in UTF-8, to be checked only */
  char encoding[64]; /* the file's, "" if not known: UTF-8 where valid, else Windows-1252 */
  iconv_t converter;
  bool open;
  bool guessing; /* the encoding is not known here: UTF-8 where valid, else Windows-1252 */
  emend_buffer buffer;
  size_t repaired; /* texts that held undefined bytes */
  size_t guessed;  /* texts taken for Windows-1252 */
} emend_decoder;

void emend_decoder_set_encoding(emend_decoder *decoder, const char *encoding); /* an iconv name; NULL changes nothing */
void emend_decoder_close(emend_decoder *decoder);
/* *text (*length bytes) is replaced by its decoded form, which lives until the next call; often the same bytes. */
emend_status emend_decode(emend_decoder *decoder, const char **text, size_t *length, emend_error *error);
/* Cells whose text could not be decoded: how many, and where the first of them are. Zero-initialise. */
enum { EMEND_TEXT_PLACES = 5 };
typedef struct emend_text_places {
  size_t n;
  struct {
    size_t variable, row;
  } first[EMEND_TEXT_PLACES];
} emend_text_places;
void emend_text_places_note(emend_text_places *places, size_t variable, size_t row);
/* "row 5 of NAME, row 7 of NAME and 12 more cells, and 1 name or label" for `n_texts` texts, which are those of cells and of the
 * dictionary. */
emend_status emend_text_places_print(const emend_text_places *places, uint64_t n_texts, const emend_dataset *dataset, emend_buffer *text,
                                     emend_error *error);

#endif
