/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/decode.h"

#include <errno.h>
#include <inttypes.h>
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

void emend_text_places_note(emend_text_places *places, size_t variable, size_t row) {
  if (places->n < EMEND_TEXT_PLACES) {
    places->first[places->n].variable = variable;
    places->first[places->n].row = row;
  }
  places->n++;
}

emend_status emend_text_places_print(const emend_text_places *places, uint64_t n_texts, const emend_dataset *dataset, emend_buffer *text,
                                     emend_error *error) {
  size_t listed = places->n < EMEND_TEXT_PLACES ? places->n : EMEND_TEXT_PLACES;
  uint64_t others = n_texts > places->n ? n_texts - places->n : 0;
  char part[64];
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < listed && !status; i++) {
    const char *name = emend_variable_name(dataset, places->first[i].variable);
    int length = snprintf(part, sizeof part, "%srow %zu of ", i ? ", " : "", places->first[i].row + 1);
    status = emend_buffer_append(text, part, (size_t)length, error);
    if (!status)
      status = emend_buffer_append(text, name, strlen(name), error);
  }
  int length = 0;
  if (places->n > listed)
    length = snprintf(part, sizeof part, " and %zu more cell%s", places->n - listed, places->n - listed == 1 ? "" : "s");
  if (others)
    length += snprintf(part + length, sizeof part - (size_t)length, "%s%" PRIu64 " name%s or label%s", places->n ? ", and " : "", others,
                       others == 1 ? "" : "s", others == 1 ? "" : "s");
  return status ? status : emend_buffer_append(text, part, (size_t)length, error);
}
