/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_ENCODER_H
#define IO_ENCODER_H

#include <iconv.h>

#include "base/text.h"

/* UTF-8 into the encoding of a file that has one already. Zero-initialise. */
typedef struct emend_encoder {
  iconv_t converter;
  bool open; /* false: the encoding is not known here, ASCII only */
} emend_encoder;

void emend_encoder_open(emend_encoder *encoder, const char *encoding); /* an iconv name, "" if not known */
void emend_encoder_close(emend_encoder *encoder);
/* Appends at most `most` bytes, ending with a whole character; characters that the encoding lacks become `substitute`. */
typedef struct emend_encoding_loss {
  bool cut, replaced;
} emend_encoding_loss;
emend_status emend_encode(emend_encoder *encoder, const char *text, size_t most, char substitute, emend_buffer *to,
                          emend_encoding_loss *loss, emend_error *error);
/* Appends the text with the characters that the encoding lacks replaced: still UTF-8. */
emend_status emend_encodable(emend_encoder *encoder, const char *text, char substitute, emend_buffer *to, emend_error *error);

#endif
