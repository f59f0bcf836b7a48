/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_PATCH_TEXT_H
#define IO_PATCH_TEXT_H

#include "data/dataset.h"
#include "io/encoder.h"

/* A text of the dataset in the encoding of the file that it was read from, for patchers that put it into another cell. Zero-initialise. */
typedef struct patch_text {
  emend_encoder encoder;
  bool opened;
  emend_buffer bytes;
} patch_text;

void patch_text_free(patch_text *text);
/*
 * The text at `offset` into `bytes`, filled up with `pad`. Errors: EMEND_UNSUPPORTED, naming the variable, if it does not fit `width` bytes
 * or the encoding.
 */
emend_status patch_text_put(patch_text *text, const emend_dataset *dataset, size_t variable, emend_offset offset, unsigned char *bytes,
                            size_t width, unsigned char pad, emend_error *error);

#endif
