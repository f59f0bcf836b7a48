/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/line.h"
#include "report/report.h"

static const char *type_name(emend_storage storage) {
  switch (storage) {
  case EMEND_STORAGE_I8: return "byte";
  case EMEND_STORAGE_I16: return "int";
  case EMEND_STORAGE_I32: return "long";
  case EMEND_STORAGE_F32: return "float";
  default: return "double";
  }
}

bool report_recast(const report *r, size_t variable, const char **from, const char **to) {
  emend_storage own = emend_variable_storage(r->dataset, variable), needed = emend_plan_storage(r->plan, variable);
  bool stata = strcmp(emend_dataset_format(r->dataset), "dta") == 0 && strcmp(emend_write_plan_format(r->writing), "dta") == 0;
  *from = type_name(own);
  *to = type_name(needed);
  return stata && own != needed;
}

bool report_recast_text(const report *r, size_t label_width, FILE *out) {
  size_t n = 0;
  text_line line;
  if (!line_open(&line))
    return false;
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++) {
    const char *from, *to;
    if (report_recast(r, j, &from, &to))
      fprintf(line.stream, "%s%s %s -> %s", n++ ? ", " : "", emend_variable_name(r->dataset, j), from, to);
  }
  bool done = line_close(&line);
  if (done && n) {
    print_padded(out, "Recast", label_width, false);
    print_wrapped(out, line.text, label_width, label_width, r->page.width);
  }
  free(line.text);
  return done;
}
