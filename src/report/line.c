/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/line.h"

#include <stdlib.h>

#include "report/columns.h"

bool line_open(text_line *line) {
  *line = (text_line){0};
  line->stream = open_memstream(&line->text, &line->length);
  return line->stream != NULL;
}

bool line_close(text_line *line) {
  bool whole = !ferror(line->stream);
  if (fclose(line->stream) == 0 && whole && line->text)
    return true;
  free(line->text);
  line->text = NULL;
  return false;
}

bool line_print(text_line *line, FILE *out, size_t at, size_t indent, size_t width) {
  bool done = line_close(line);
  if (done)
    print_wrapped(out, line->text, at, indent, width);
  free(line->text);
  return done;
}
