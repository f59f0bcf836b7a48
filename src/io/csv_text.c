/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_text.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "io/csv_dialect.h"

const char *emend_csv_beyond_ascii(const char *bytes, size_t length) {
  const uint64_t high = UINT64_C(0x8080808080808080);
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    uint64_t word;
    memcpy(&word, bytes + i, sizeof word);
    if (word & high)
      break;
  }
  for (; i < length; i++)
    if ((unsigned char)bytes[i] >= 0x80)
      return bytes + i;
  return NULL;
}

emend_status emend_csv_text_open(const emend_csv_dialect *dialect, bool valid, emend_csv_text *text, emend_error *error) {
  *text = (emend_csv_text){0};
  if (emend_csv_unit_of(dialect->encoding) != EMEND_CSV_BYTES) /* the stream has converted it */
    return EMEND_OK;
  text->repairs = !valid && emend_csv_is_utf8(dialect->encoding);
  text->converts = !emend_csv_is_utf8(dialect->encoding);
  if (!text->converts)
    return EMEND_OK;
  text->converter = iconv_open("UTF-8", dialect->encoding);
  if (text->converter != (iconv_t)-1)
    return EMEND_OK;
  text->converts = false;
  emend_status status = emend_fail_errno(error, "the file's encoding cannot be converted");
  emend_try(error, "--encoding with a name that \"iconv -l\" lists");
  return status;
}

void emend_csv_text_close(emend_csv_text *text) {
  if (text->converts)
    iconv_close(text->converter);
  text->converts = false;
  emend_buffer_free(&text->undoubled);
  emend_buffer_free(&text->converted);
}

static emend_status undouble(emend_csv_text *text, const char **value, size_t *length, emend_error *error) {
  emend_buffer_clear(&text->undoubled);
  emend_status status = emend_buffer_reserve(&text->undoubled, *length, error);
  if (status)
    return status;
  char *out = text->undoubled.bytes;
  for (size_t i = 0; i < *length; i++) {
    *out++ = (*value)[i];
    if ((*value)[i] == '"')
      i++;
  }
  *value = text->undoubled.bytes;
  *length = (size_t)(out - text->undoubled.bytes);
  return EMEND_OK;
}

static emend_status append_replacement(emend_csv_text *text, emend_error *error) {
  return emend_buffer_append(&text->converted, "\xEF\xBF\xBD", 3, error);
}

static emend_status repair(emend_csv_text *text, const char *value, size_t length, emend_error *error) {
  bool broken = false;
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < length && !status;) {
    size_t n = 1;
    while (n <= 4 && i + n <= length && !emend_utf8_valid(value + i, n))
      n++;
    bool whole = n <= 4 && i + n <= length;
    status = whole ? emend_buffer_append(&text->converted, value + i, n, error) : append_replacement(text, error);
    broken = broken || !whole;
    i += whole ? n : 1;
  }
  text->n_broken += broken;
  return status;
}

static emend_status convert(emend_csv_text *text, const char *value, size_t length, emend_error *error) {
  enum { ROOM = 64 };
  emend_buffer *out = &text->converted;
  char *from = (char *)(uintptr_t)value;
  bool broken = false;
  iconv(text->converter, NULL, NULL, NULL, NULL);
  while (length > 0) {
    emend_status status = emend_buffer_reserve(out, 3 * length + ROOM, error);
    if (status)
      return status;
    char *to = out->bytes + out->length;
    size_t room = out->capacity - out->length - 1;
    size_t done = iconv(text->converter, &from, &length, &to, &room);
    out->length = (size_t)(to - out->bytes);
    if (done != (size_t)-1 || errno == E2BIG)
      continue;
    broken = true; /* EILSEQ or EINVAL */
    status = append_replacement(text, error);
    if (status)
      return status;
    from++;
    length--;
  }
  text->n_broken += broken;
  return EMEND_OK;
}

emend_status emend_csv_text_value(emend_csv_text *text, const char *value, size_t value_length, bool doubled, const char **bytes,
                                  size_t *length, emend_error *error) {
  emend_status status = doubled ? undouble(text, &value, &value_length, error) : EMEND_OK;
  *bytes = value;
  *length = value_length;
  if (status || !(text->converts || text->repairs) || !emend_csv_beyond_ascii(value, value_length))
    return status;
  emend_buffer_clear(&text->converted);
  status = text->converts ? convert(text, value, value_length, error) : repair(text, value, value_length, error);
  *bytes = text->converted.bytes;
  *length = text->converted.length;
  return status;
}
