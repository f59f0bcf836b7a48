/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/encoder.h"

#include <string.h>

enum { MOST_BYTES = 16 }; /* of one character */

void emend_encoder_open(emend_encoder *encoder, const char *encoding) {
  encoder->converter = encoding[0] ? iconv_open(encoding, "UTF-8") : (iconv_t)-1;
  encoder->open = encoder->converter != (iconv_t)-1;
}

void emend_encoder_close(emend_encoder *encoder) {
  if (encoder->open)
    iconv_close(encoder->converter);
  encoder->open = false;
}

/* Bytes of the character that begins at `text`. */
static size_t character(const char *text) {
  size_t n = 1;
  while (((unsigned char)text[n] & 0xC0) == 0x80)
    n++;
  return n;
}

/* The character's bytes in the encoding, 0 if it has none for it. */
static size_t convert(emend_encoder *encoder, const char *text, size_t length, char *bytes) {
  if (length == 1 && (unsigned char)text[0] < 0x80) { /* alike in all encodings of such files */
    bytes[0] = text[0];
    return 1;
  }
  if (!encoder->open)
    return 0;
  char *from = (char *)text, *to = bytes;
  size_t room = MOST_BYTES;
  iconv(encoder->converter, NULL, NULL, NULL, NULL);
  return iconv(encoder->converter, &from, &length, &to, &room) == 0 && length == 0 ? MOST_BYTES - room : 0;
}

emend_status emend_encode(emend_encoder *encoder, const char *text, size_t most, char substitute, emend_buffer *to,
                          emend_encoding_loss *loss, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t used = 0, n; *text && !status; text += n) {
    char bytes[MOST_BYTES];
    n = character(text);
    size_t length = convert(encoder, text, n, bytes);
    if (length == 0) {
      bytes[length++] = substitute;
      loss->replaced = true;
    }
    if (length > most - used) {
      loss->cut = true;
      break;
    }
    used += length;
    status = emend_buffer_append(to, bytes, length, error);
  }
  return status;
}

emend_status emend_encodable(emend_encoder *encoder, const char *text, char substitute, emend_buffer *to, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t n; *text && !status; text += n) {
    char bytes[MOST_BYTES];
    n = character(text);
    bool has = convert(encoder, text, n, bytes) > 0;
    status = emend_buffer_append(to, has ? text : &substitute, has ? n : 1, error);
  }
  return status;
}
