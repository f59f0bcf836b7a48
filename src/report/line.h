/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_LINE_H
#define REPORT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A text that is put together by printing before it is printed itself. */
typedef struct text_line {
  FILE *stream;
  char *text; /* whole once it is closed */
  size_t length;
} text_line;

bool line_open(text_line *line); /* false when out of memory */
/* Every line that is open is closed. The caller frees the text; without memory there is none, and this is false. */
bool line_close(text_line *line);
/* Closes it, prints it as print_wrapped does, and frees it. */
bool line_print(text_line *line, FILE *out, size_t at, size_t indent, size_t width);

#endif
