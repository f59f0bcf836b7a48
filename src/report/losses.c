/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/columns.h"
#include "report/json_text.h"
#include "report/report.h"

void report_losses_text(const emend_write_plan *writing, FILE *out) {
  for (size_t i = 0; i < emend_write_plan_losses(writing); i++) {
    print_padded(out, i == 0 ? "Lost" : "", 16, false);
    print_wrapped(out, emend_write_plan_loss(writing, i), 16, 16, REPORT_WIDTH);
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
