/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/columns.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "report/line.h"

static const unsigned REPLACEMENT = 0xFFFD;

size_t text_decode(const char *text, unsigned *character) {
  const unsigned char *p = (const unsigned char *)text;
  size_t n = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
  unsigned c = n == 1 ? p[0] : n ? p[0] & (0x7Fu >> n) : 0;
  *character = REPLACEMENT;
  if (n == 0)
    return 1;
  for (size_t i = 1; i < n; i++) {
    if ((p[i] & 0xC0) != 0x80)
      return 1;
    c = c << 6 | (p[i] & 0x3F);
  }
  if ((n == 3 && c < 0x800) || (n == 4 && (c < 0x10000 || c > 0x10FFFF)) || (c >= 0xD800 && c <= 0xDFFF))
    return 1;
  *character = c;
  return n;
}

bool text_valid(const char *text) {
  unsigned c;
  for (size_t n; *text; text += n)
    if ((n = text_decode(text, &c)) == 1 && c == REPLACEMENT)
      return false;
  return true;
}

/* Also those that change the direction of what follows. */
static bool is_control(unsigned c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static size_t width_of(unsigned c) {
  if (is_control(c))
    return 1;
  int width = wcwidth((wchar_t)c);
  return width < 0 ? 1 : (size_t)width;
}

size_t text_columns(const char *text) {
  size_t columns = 0;
  unsigned c;
  for (const char *p = text; *p; p += text_decode(p, &c), columns += width_of(c))
    ;
  return columns;
}

/* Prints the characters of [text, end) as they may be shown. */
static void print_clean(FILE *out, const char *text, const char *end) {
  unsigned c;
  for (size_t n; text < end; text += n) {
    n = text_decode(text, &c);
    if (is_control(c) || (c == REPLACEMENT && n == 1))
      fputs("\xEF\xBF\xBD", out);
    else
      fwrite(text, 1, n, out);
  }
}

char *text_clean(const char *text) {
  text_line line;
  if (!line_open(&line))
    return NULL;
  print_text(line.stream, text);
  line_close(&line);
  return line.text;
}

void print_text(FILE *out, const char *text) { print_clean(out, text, text + strlen(text)); }

void print_repeated(FILE *out, const char *text, size_t times) {
  while (times-- > 0)
    fputs(text, out);
}

void print_padded(FILE *out, const char *text, size_t width, bool right) {
  size_t columns = text_columns(text), blanks = columns < width ? width - columns : 0;
  print_repeated(out, " ", right ? blanks : 0);
  print_text(out, text);
  print_repeated(out, " ", right ? 0 : blanks);
}

void print_cut(FILE *out, const char *text, size_t width) {
  if (text_columns(text) <= width) {
    print_text(out, text);
    return;
  }
  const char *p = text;
  unsigned c;
  for (size_t used = 0; *p;) {
    size_t n = text_decode(p, &c);
    used += width_of(c);
    if (used + 1 > width)
      break;
    p += n;
  }
  print_clean(out, text, p);
  fputs("…", out);
}

/* The place in the text behind (or with `from_end`, before) which there are at most `width` columns. */
static const char *within(const char *text, size_t width, bool from_end) {
  size_t all = text_columns(text), used = 0;
  const char *p = text;
  unsigned c;
  while (*p) {
    size_t n = text_decode(p, &c), columns = width_of(c);
    if (from_end ? all - used <= width : used + columns > width)
      break;
    used += columns;
    p += n;
  }
  return p;
}

void print_middle_cut(FILE *out, const char *text, size_t width) {
  if (text_columns(text) <= width) {
    print_text(out, text);
    return;
  }
  size_t kept = width > 0 ? width - 1 : 0;
  print_clean(out, text, within(text, kept - kept / 2, false));
  fputs("…", out);
  print_text(out, within(text, kept / 2, true));
}

static size_t columns_between(const char *text, const char *end) {
  size_t columns = 0;
  unsigned c;
  for (const char *p = text; p < end; p += text_decode(p, &c), columns += width_of(c))
    ;
  return columns;
}

void print_wrapped(FILE *out, const char *text, size_t at, size_t indent, size_t width) {
  bool first = true;
  for (const char *p = text + strspn(text, " "); *p;) {
    const char *end = p + strcspn(p, " ");
    size_t columns = columns_between(p, end);
    size_t start = indent + columns <= width ? indent : columns < width ? width - columns : 0;
    if (!first ? at + 1 + columns > width : at + columns > width && start < at) {
      fputc('\n', out);
      print_repeated(out, " ", start);
      at = start;
    } else if (!first) {
      fputc(' ', out);
      at++;
    }
    print_clean(out, p, end);
    at += columns;
    first = false;
    p = end + strspn(end, " ");
  }
  fputc('\n', out);
}
