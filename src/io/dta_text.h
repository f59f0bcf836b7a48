/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DTA_TEXT_H
#define IO_DTA_TEXT_H

#include "base/text.h"

/* Text in the sections of .dta files: UTF-8 from release 118 on, Windows-1252 before it. */

/* What a text may take: characters, and bytes without the final NUL. */
typedef struct dta_limit {
  size_t characters, bytes;
} dta_limit;

/* What happened to a text on its way. */
typedef enum dta_text_loss {
  DTA_TEXT_CUT = 1,     /* at the end of a character */
  DTA_TEXT_REPLACED = 2 /* characters that the encoding lacks became ? */
} dta_text_loss;

/* Bytes of the longest beginning of `text` within the limit that ends with a whole character. */
size_t dta_text_fit(const char *text, size_t length, dta_limit limit);
/* Appends the text, encoded and cut; adds to *loss (dta_text_loss). */
emend_status dta_text_append(emend_buffer *buffer, const char *text, dta_limit limit, bool utf8, unsigned *loss, emend_error *error);
/* The same in a field of fixed width, filled with NULs; limit.bytes < width. */
emend_status dta_text_append_field(emend_buffer *buffer, const char *text, dta_limit limit, size_t width, bool utf8, unsigned *loss,
                                   emend_error *error);
emend_status dta_append_zeros(emend_buffer *buffer, size_t n, emend_error *error);
/* The n low bytes of a whole number, in the byte order told. */
emend_status dta_append_integer(emend_buffer *buffer, uint64_t value, size_t n, bool big_endian, emend_error *error);

#endif
