/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Text in columns of a terminal. Names and labels come from files, so nothing of them is trusted: bytes that are no UTF-8 and control
 * characters (which could move the cursor or recolour the screen) are shown as U+FFFD. Widths need LC_CTYPE set to a UTF-8 locale.
 */
enum { REPORT_WIDTH = 80 };

/* What a text is laid out for. On a terminal (`cuts`) a name that fits in no way is shortened in its middle; in a file it stays whole. */
typedef struct text_page {
  size_t width; /* columns */
  bool cuts;
} text_page;

/* Decodes one character of a NUL-terminated text: the bytes it takes (1 where they are not valid, and *character is then U+FFFD). */
size_t text_decode(const char *text, unsigned *character);
bool text_valid(const char *text); /* as UTF-8 */
size_t text_columns(const char *text);
/* The text as it may be shown; the caller frees it. NULL when out of memory. */
char *text_clean(const char *text);

void print_text(FILE *out, const char *text);
void print_repeated(FILE *out, const char *text, size_t times);
/* Pads to `width` columns with blanks behind, or before if `right`. Longer texts are printed whole. */
void print_padded(FILE *out, const char *text, size_t width, bool right);
/* Cut to `width` columns, the last an ellipsis if something was cut; never padded. */
void print_cut(FILE *out, const char *text, size_t width);
/* Shortened in the middle to `width` columns, with an ellipsis there: names of one questionnaire often begin alike. */
void print_middle_cut(FILE *out, const char *text, size_t width);
/* Breaks at blanks so that no line passes column `width`; the first line continues one that has reached column `at`, the rest begin
 * after `indent` blanks; fewer, before a word that would pass it. A line end follows. */
void print_wrapped(FILE *out, const char *text, size_t at, size_t indent, size_t width);

#endif
