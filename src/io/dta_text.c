/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dta_text.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>

static bool begins_character(char byte) { return ((unsigned char)byte & 0xC0) != 0x80; }

size_t dta_text_fit(const char *text, size_t length, dta_limit limit) {
  size_t characters = 0, end = 0; /* of the last whole character */
  for (size_t at = 0; at < length;) {
    size_t n = 1;
    while (at + n < length && !begins_character(text[at + n]))
      n++;
    if (++characters > limit.characters || at + n > limit.bytes)
      break;
    end = at += n;
  }
  return end;
}

/* One byte a character, so that the limits hold for the result as well. A question mark for what Windows-1252 lacks. */
static emend_status append_encoded(emend_buffer *buffer, const char *text, size_t length, unsigned *loss, emend_error *error) {
  iconv_t converter = iconv_open("WINDOWS-1252", "UTF-8");
  if (converter == (iconv_t)-1)
    return emend_fail_errno(error, "text cannot be converted to Windows-1252");
  emend_status status = emend_buffer_reserve(buffer, length, error);
  char *from = (char *)text;
  while (length > 0 && !status) {
    char *to = buffer->bytes + buffer->length;
    size_t room = buffer->capacity - buffer->length - 1;
    size_t done = iconv(converter, &from, &length, &to, &room);
    buffer->length = (size_t)(to - buffer->bytes);
    if (done != (size_t)-1)
      continue;
    *loss |= DTA_TEXT_REPLACED;
    status = emend_buffer_append(buffer, "?", 1, error);
    do {
      from++;
      length--;
    } while (length > 0 && !begins_character(*from));
  }
  iconv_close(converter);
  return status;
}

/* Before release 118 a character is a byte: the limit in bytes is that of the encoded text. */
emend_status dta_text_append(emend_buffer *buffer, const char *text, dta_limit limit, bool utf8, unsigned *loss, emend_error *error) {
  size_t length = strlen(text), fit;
  if (!utf8)
    limit = (dta_limit){limit.characters < limit.bytes ? limit.characters : limit.bytes, SIZE_MAX};
  fit = dta_text_fit(text, length, limit);
  if (fit < length)
    *loss |= DTA_TEXT_CUT;
  return utf8 ? emend_buffer_append(buffer, text, fit, error) : append_encoded(buffer, text, fit, loss, error);
}

emend_status dta_text_append_field(emend_buffer *buffer, const char *text, dta_limit limit, size_t width, bool utf8, unsigned *loss,
                                   emend_error *error) {
  size_t start = buffer->length;
  emend_status status = dta_text_append(buffer, text, limit, utf8, loss, error);
  return status ? status : dta_append_zeros(buffer, width - (buffer->length - start), error);
}

emend_status dta_append_zeros(emend_buffer *buffer, size_t n, emend_error *error) {
  emend_status status = emend_buffer_reserve(buffer, n, error);
  if (status)
    return status;
  memset(buffer->bytes + buffer->length, 0, n + 1);
  buffer->length += n;
  return EMEND_OK;
}

emend_status dta_append_integer(emend_buffer *buffer, uint64_t value, size_t n, bool big_endian, emend_error *error) {
  char bytes[8];
  for (size_t i = 0; i < n; i++)
    bytes[i] = (char)(value >> 8 * (big_endian ? n - 1 - i : i));
  return emend_buffer_append(buffer, bytes, n, error);
}
