/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/decode.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void close_converter(emend_decoder *decoder) {
  if (decoder->open)
    iconv_close(decoder->converter);
  decoder->open = decoder->guessing = false;
}

/* Files may tell their encoding late: what was opened before was a guess. */
void emend_decoder_set_encoding(emend_decoder *decoder, const char *encoding) {
  if (!encoding || !encoding[0] || strcmp(encoding, decoder->encoding) == 0)
    return;
  close_converter(decoder);
  snprintf(decoder->encoding, sizeof decoder->encoding, "%s", encoding);
}

void emend_decoder_close(emend_decoder *decoder) {
  close_converter(decoder);
  emend_buffer_free(&decoder->buffer);
  *decoder = (emend_decoder){0};
}

/* The file's own encoding; if that is unknown here, or not said, Windows-1252. A want of memory is no unknown encoding. */
static emend_status open_converter(emend_decoder *decoder, emend_error *error) {
  if (decoder->open)
    return EMEND_OK;
  errno = 0;
  decoder->converter = decoder->encoding[0] ? iconv_open("UTF-8", decoder->encoding) : (iconv_t)-1;
  decoder->guessing = decoder->converter == (iconv_t)-1;
  if (decoder->guessing && errno != ENOMEM)
    decoder->converter = iconv_open("UTF-8", "WINDOWS-1252");
  decoder->open = decoder->converter != (iconv_t)-1;
  return !decoder->open && errno == ENOMEM ? emend_fail_memory(error) : EMEND_OK;
}

static emend_status append_replacement(emend_decoder *decoder, emend_error *error) {
  return emend_buffer_append(&decoder->buffer, "\xEF\xBF\xBD", 3, error);
}

/* Converts as far as the converter goes, and steps over one byte where it stops. */
static emend_status convert(emend_decoder *decoder, const char *text, size_t length, emend_error *error) {
  emend_status status = EMEND_OK;
  char *from = (char *)text;
  bool whole = true;
  iconv(decoder->converter, NULL, NULL, NULL, NULL);
  while (length > 0 && !status) {
    status = emend_buffer_reserve(&decoder->buffer, 4 * length + 16, error);
    if (status)
      break;
    char *to = decoder->buffer.bytes + decoder->buffer.length;
    size_t room = decoder->buffer.capacity - decoder->buffer.length - 1;
    size_t done = iconv(decoder->converter, &from, &length, &to, &room);
    decoder->buffer.length = (size_t)(to - decoder->buffer.bytes);
    *to = '\0';
    if (done != (size_t)-1 || errno == E2BIG)
      continue;
    whole = false;
    status = append_replacement(decoder, error);
    from++;
    length--;
  }
  decoder->repaired += !whole;
  return status;
}

/* UTF-8 with its broken bytes replaced. */
static emend_status repair(emend_decoder *decoder, const char *text, size_t length, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t at = 0; at < length && !status;) {
    size_t n = 1;
    while (n < 4 && at + n < length && ((unsigned char)text[at + n] & 0xC0) == 0x80)
      n++;
    while (n > 1 && !emend_utf8_valid(text + at, n))
      n--;
    status =
        emend_utf8_valid(text + at, n) ? emend_buffer_append(&decoder->buffer, text + at, n, error) : append_replacement(decoder, error);
    at += n;
  }
  decoder->repaired++;
  return status;
}

emend_status emend_decode(emend_decoder *decoder, const char **text, size_t *length, emend_error *error) {
  if (!*text)
    return EMEND_OK;
  emend_status status = decoder->raw ? open_converter(decoder, error) : EMEND_OK;
  if (status)
    return status;
  bool converts = decoder->raw && decoder->open;
  if ((!converts || decoder->guessing) && emend_utf8_valid(*text, *length))
    return EMEND_OK;
  decoder->guessed += converts && decoder->guessing;
  emend_buffer_clear(&decoder->buffer);
  status = converts ? convert(decoder, *text, *length, error) : repair(decoder, *text, *length, error);
  if (status)
    return status;
  *text = decoder->buffer.bytes ? decoder->buffer.bytes : "";
  *length = decoder->buffer.length;
  return EMEND_OK;
}
