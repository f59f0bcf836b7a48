/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/utf8.h"

/* UTF-8 and byte strings, in no locale. */

/* ASCII only; other bytes compare as they are. */
int emend_ascii_lower(int character);
bool emend_ascii_equal(const char *a, const char *b);                                     /* ignoring case */
bool emend_ascii_equal_n(const char *a, size_t a_length, const char *b, size_t b_length); /* ignoring case */
bool emend_text_equal(const char *a, size_t a_length, const char *b);                     /* exactly */

static inline bool emend_ascii_is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
/* Moves both ends of a text inwards, past blanks. */
void emend_text_trim(const char **at, const char **end);
/* Without the blanks at its end, which fixed widths add. */
size_t emend_trimmed_length(const char *text, size_t length);

/* What follows the first `shown` of n names in a sentence: " and 1 other", " and 3 others", or nothing. Returns `text`. */
enum { EMEND_OTHERS_TEXT = 40 };
const char *emend_others(size_t n, size_t shown, char text[EMEND_OTHERS_TEXT]);

/* A growing string of bytes, always followed by a NUL. Zero-initialise; free with emend_buffer_free. */
typedef struct emend_buffer {
  char *bytes;
  size_t length, capacity;
} emend_buffer;
void emend_buffer_free(emend_buffer *buffer);
void emend_buffer_clear(emend_buffer *buffer);
emend_status emend_buffer_reserve(emend_buffer *buffer, size_t extra, emend_error *error);
emend_status emend_buffer_append(emend_buffer *buffer, const void *bytes, size_t length, emend_error *error);
/* Between two of `quote`, which is doubled within. */
emend_status emend_buffer_append_quoted(emend_buffer *buffer, char quote, const char *bytes, size_t length, emend_error *error);
emend_status emend_buffer_format(emend_buffer *buffer, emend_error *error, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
