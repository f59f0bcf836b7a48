/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* Length of the sequence that a first byte announces; 0 if no character begins with it. */
static size_t sequence_length(unsigned char first) {
  return first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
}

void emend_utf8_trim(char *text) {
  size_t length = strlen(text);
  size_t start = length;
  while (start > 0 && length - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
    start--;
  if (start == 0)
    return;
  size_t announced = sequence_length((unsigned char)text[start - 1]);
  if (announced > 1 && length - (start - 1) < announced)
    text[start - 1] = '\0';
}

/* Decodes one character; returns its bytes, or 0 if they are not valid. */
static size_t decode(const unsigned char *p, size_t length, uint32_t *character) {
  size_t n = length ? sequence_length(p[0]) : 0;
  if (n == 0 || n > length)
    return 0;
  uint32_t c = n == 1 ? p[0] : p[0] & (0x7Fu >> n);
  for (size_t i = 1; i < n; i++) {
    if ((p[i] & 0xC0) != 0x80)
      return 0;
    c = c << 6 | (p[i] & 0x3F);
  }
  if ((n == 3 && c < 0x800) || (n == 4 && (c < 0x10000 || c > 0x10FFFF)) || (c >= 0xD800 && c <= 0xDFFF))
    return 0;
  *character = c;
  return n;
}

bool emend_utf8_valid(const char *bytes, size_t length) {
  const unsigned char *p = (const unsigned char *)bytes;
  size_t at = 0;
  while (at < length) {
    if (p[at] < 0x80) {
      at++;
      continue;
    }
    uint32_t character;
    size_t n = decode(p + at, length - at, &character);
    if (n == 0)
      return false;
    at += n;
  }
  return true;
}

/* Terminal width of a character: the blocks that matter in survey labels, without the locale that wcwidth needs. */
static size_t character_columns(uint32_t c) {
  if ((c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F) || (c >= 0xFE00 && c <= 0xFE0F))
    return 0;
  bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
              (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
              (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
  return wide ? 2 : 1;
}

size_t emend_utf8_columns(const char *text) {
  const unsigned char *p = (const unsigned char *)text;
  size_t length = strlen(text), at = 0, columns = 0;
  while (at < length) {
    uint32_t character = 0;
    size_t n = decode(p + at, length - at, &character);
    columns += n ? character_columns(character) : 1;
    at += n ? n : 1;
  }
  return columns;
}
