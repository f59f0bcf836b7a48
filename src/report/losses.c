/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "report/columns.h"
#include "report/json_text.h"
#include "report/report.h"

void report_output_text(const char *output, const emend_write_plan *writing, text_page page, FILE *out) {
  const char *name = strcmp(output, "-") == 0 ? "standard output" : output;
  print_text(out, name);
  fputs(": ", out);
  char how[256];
  snprintf(how, sizeof how, "%s, %s", emend_write_plan_format(writing), report_way(writing));
  print_wrapped(out, how, text_columns(name) + 2, 4, page.width);
}

void report_losses_text(const emend_write_plan *writing, text_page page, FILE *out) {
  for (size_t i = 0; i < emend_write_plan_losses(writing); i++) {
    print_padded(out, i == 0 ? "Lost" : "", 16, false);
    print_wrapped(out, emend_write_plan_loss(writing, i), 16, 16, page.width);
  }
}

json_t *report_losses_json(const emend_write_plan *writing) {
  json_t *array = json_array();
  for (size_t i = 0; array && i < emend_write_plan_losses(writing); i++)
    if (json_array_append_new(array, json_of_text(emend_write_plan_loss(writing, i))) != 0) {
      json_decref(array);
      array = NULL;
    }
  return array;
}
