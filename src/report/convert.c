/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/convert.h"

#include <string.h>

#include "report/columns.h"
#include "report/json_text.h"
#include "report/number.h"
#include "report/report.h"

static void print_warnings(const convert_report *r, FILE *out) {
  for (size_t i = 0; i < emend_events_warning_count(r->events); i++) {
    print_padded(out, "Warning", 16, false);
    print_wrapped(out, emend_events_warning(r->events, i), 16, 16, r->page.width);
  }
}

bool convert_text(const convert_report *r, FILE *out) {
  number_text rows, variables;
  print_text(out, r->input);
  fprintf(out, ": %s, %s, %s\n", emend_dataset_format(r->dataset), number_of(emend_dataset_rows(r->dataset), "row", "rows", rows),
          number_of(emend_dataset_variables(r->dataset), "variable", "variables", variables));
  report_output_text(r->output ? r->output : "output", r->writing, r->page, out);
  print_warnings(r, out);
  report_losses_text(r->writing, r->page, out);
  if (emend_write_plan_losses(r->writing) == 0)
    fputs("Nothing is lost.\n", out);
  if (r->dry_run)
    fputs("Nothing has been written.\n", out);
  return true;
}

static json_t *warnings(const convert_report *r) {
  json_t *array = json_array();
  for (size_t i = 0; array && i < emend_events_warning_count(r->events); i++)
    if (json_array_append_new(array, json_of_text(emend_events_warning(r->events, i))) != 0) {
      json_decref(array);
      array = NULL;
    }
  return array;
}

json_t *convert_json(const convert_report *r, json_t *options) {
  json_t *object = json_object();
  const struct {
    const char *key;
    json_t *value;
  } items[] = {
      {"schema", json_integer(1)},
      {"version", json_of_text(emend_version())},
      {"command", json_of_text("convert")},
      {"dry_run", json_boolean(r->dry_run)},
      {"input", json_of_text(r->input)},
      {"input_format", json_of_text(emend_dataset_format(r->dataset))},
      {"output", json_of_text(r->output)},
      {"output_format", json_of_text(emend_write_plan_format(r->writing))},
      {"way", json_of_text(emend_write_plan_way(r->writing))},
      {"losses", report_losses_json(r->writing)},
      {"rows", json_of_count(emend_dataset_rows(r->dataset))},
      {"n_variables", json_of_count(emend_dataset_variables(r->dataset))},
      {"warnings", warnings(r)},
      {"options", options},
  };
  bool failed = object == NULL;
  for (size_t i = 0; i < sizeof items / sizeof *items; i++)
    failed = json_object_set_new(object, items[i].key, items[i].value) != 0 || failed;
  if (!failed)
    return object;
  json_decref(object);
  return NULL;
}
