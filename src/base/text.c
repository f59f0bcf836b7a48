/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int emend_ascii_lower(int character) { return character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character; }

bool emend_ascii_equal_n(const char *a, size_t a_length, const char *b, size_t b_length) {
  if (a_length != b_length)
    return false;
  for (size_t i = 0; i < a_length; i++)
    if (emend_ascii_lower((unsigned char)a[i]) != emend_ascii_lower((unsigned char)b[i]))
      return false;
  return true;
}

bool emend_ascii_equal(const char *a, const char *b) { return emend_ascii_equal_n(a, strlen(a), b, strlen(b)); }

bool emend_text_equal(const char *a, size_t a_length, const char *b) { return strlen(b) == a_length && memcmp(a, b, a_length) == 0; }

void emend_text_trim(const char **at, const char **end) {
  while (*at < *end && emend_ascii_is_blank(**at))
    ++*at;
  while (*end > *at && emend_ascii_is_blank((*end)[-1]))
    --*end;
}

size_t emend_trimmed_length(const char *text, size_t length) {
  while (length > 0 && text[length - 1] == ' ')
    length--;
  return length;
}

const char *emend_others(size_t n, size_t shown, char text[EMEND_OTHERS_TEXT]) {
  text[0] = '\0';
  if (n > shown)
    snprintf(text, EMEND_OTHERS_TEXT, " and %zu other%s", n - shown, n == shown + 1 ? "" : "s");
  return text;
}

void emend_buffer_free(emend_buffer *buffer) {
  free(buffer->bytes);
  *buffer = (emend_buffer){0};
}

void emend_buffer_clear(emend_buffer *buffer) {
  buffer->length = 0;
  if (buffer->bytes)
    buffer->bytes[0] = '\0';
}

emend_status emend_buffer_reserve(emend_buffer *buffer, size_t extra, emend_error *error) {
  if (extra >= SIZE_MAX / 2 - buffer->length)
    return emend_fail_memory(error);
  size_t needed = buffer->length + extra + 1;
  if (needed <= buffer->capacity)
    return EMEND_OK;
  size_t capacity = buffer->capacity < 64 ? 64 : buffer->capacity;
  while (capacity < needed)
    capacity *= 2;
  char *bytes = realloc(buffer->bytes, capacity);
  if (!bytes)
    return emend_fail_memory(error);
  buffer->bytes = bytes;
  buffer->capacity = capacity;
  return EMEND_OK;
}

emend_status emend_buffer_append(emend_buffer *buffer, const void *bytes, size_t length, emend_error *error) {
  emend_status status = emend_buffer_reserve(buffer, length, error);
  if (status)
    return status;
  if (length)
    memcpy(buffer->bytes + buffer->length, bytes, length);
  buffer->length += length;
  buffer->bytes[buffer->length] = '\0';
  return EMEND_OK;
}

emend_status emend_buffer_append_quoted(emend_buffer *buffer, char quote, const char *bytes, size_t length, emend_error *error) {
  const char doubled[] = {quote, quote};
  emend_status status = emend_buffer_append(buffer, &quote, 1, error);
  for (size_t i = 0; i < length && !status; i++)
    status = bytes[i] == quote ? emend_buffer_append(buffer, doubled, sizeof doubled, error) : emend_buffer_append(buffer, bytes + i, 1, error);
  return status ? status : emend_buffer_append(buffer, &quote, 1, error);
}

emend_status emend_buffer_format(emend_buffer *buffer, emend_error *error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length < 0)
    return emend_fail(error, EMEND_INTERNAL, "a text could not be formatted");
  emend_status status = emend_buffer_reserve(buffer, (size_t)length, error);
  if (status)
    return status;
  va_start(arguments, format);
  vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, arguments);
  va_end(arguments);
  buffer->length += (size_t)length;
  return EMEND_OK;
}
