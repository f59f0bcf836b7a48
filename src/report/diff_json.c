/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/diff.h"
#include "report/json_fill.h"
#include "report/number.h"
#include "report/report.h"

static json_t *file_object(const diff_report *r, emend_side side) {
  filling f = begin();
  put(&f, "name", json_of_text(r->names[side]));
  put(&f, "format", json_of_text(emend_dataset_format(r->data[side])));
  put(&f, "rows", json_of_count(emend_dataset_rows(r->data[side])));
  put(&f, "variables", json_of_count(emend_dataset_variables(r->data[side])));
  return finish(&f);
}

static json_t *single_variables(const diff_report *r, emend_side side) {
  json_t *array = json_array();
  for (size_t i = 0; array && i < emend_comparison_single_variables(r->comparison, side); i++)
    array = append(array, json_of_text(emend_variable_name(r->data[side], emend_comparison_single_variable(r->comparison, side, i))));
  return array;
}

static json_t *single_rows(const diff_report *r, emend_side side) {
  json_t *array = json_array();
  for (size_t i = 0; array && i < emend_comparison_single_rows(r->comparison, side) && i < r->limit; i++)
    array = append(array, json_of_count(emend_comparison_single_row(r->comparison, side, i) + 1));
  return array;
}

static json_t *variables_object(const diff_report *r) {
  filling f = begin();
  put(&f, "both", json_of_count(emend_comparison_variables(r->comparison)));
  put(&f, "only_a", single_variables(r, EMEND_SIDE_A));
  put(&f, "only_b", single_variables(r, EMEND_SIDE_B));
  put(&f, "moved", json_boolean(emend_comparison_variables_moved(r->comparison)));
  return finish(&f);
}

static json_t *rows_object(const diff_report *r) {
  filling f = begin();
  put(&f, "both", json_of_count(emend_comparison_rows(r->comparison)));
  put(&f, "n_only_a", json_of_count(emend_comparison_single_rows(r->comparison, EMEND_SIDE_A)));
  put(&f, "n_only_b", json_of_count(emend_comparison_single_rows(r->comparison, EMEND_SIDE_B)));
  put(&f, "only_a", single_rows(r, EMEND_SIDE_A));
  put(&f, "only_b", single_rows(r, EMEND_SIDE_B));
  put(&f, "moved", json_boolean(emend_comparison_rows_moved(r->comparison)));
  return finish(&f);
}

static json_t *dictionary_array(const diff_report *r) {
  json_t *array = json_array();
  for (size_t i = 0; array && i < emend_comparison_differences(r->comparison); i++) {
    emend_difference d = emend_comparison_difference(r->comparison, i);
    filling f = begin();
    put(&f, "variable", d.variable < 0 ? json_null() : json_of_text(emend_variable_name(r->data[0], (size_t)d.variable)));
    put(&f, "property", json_of_text(d.property));
    put(&f, "before", json_of_text(d.before));
    put(&f, "after", json_of_text(d.after));
    array = append(array, finish(&f));
  }
  return array;
}

static void put_counts(filling *f, size_t (*count)(const void *, emend_change), const void *context) {
  for (int change = 0; change < EMEND_CHANGES; change++)
    put(f, diff_change_word((emend_change)change), json_of_count(count(context, (emend_change)change)));
}

static size_t count_all(const void *comparison, emend_change change) { return emend_comparison_cells(comparison, change); }
static size_t count_variable(const void *variable, emend_change change) {
  return ((const emend_compared_variable *)variable)->cells[change];
}

static json_t *changed_variables(const diff_report *r) {
  json_t *array = json_array();
  for (size_t i = 0; array && i < emend_comparison_variables(r->comparison); i++) {
    emend_compared_variable v = emend_comparison_variable(r->comparison, i);
    size_t any = 0;
    for (int change = 0; change < EMEND_CHANGES; change++)
      any += v.cells[change];
    if (!any)
      continue;
    filling f = begin();
    put(&f, "name", json_of_text(emend_variable_name(r->data[0], v.a)));
    put_counts(&f, count_variable, &v);
    array = append(array, finish(&f));
  }
  return array;
}

static const char *missing_word(emend_reason reason, double value, number_text text) {
  switch (reason) {
  case EMEND_OBSERVED: return NULL;
  case EMEND_SYSTEM_MISSING: return "system";
  case EMEND_USER_MISSING: return "user";
  case EMEND_EMPTY_TEXT: return "empty";
  case EMEND_STRUCTURAL: return "structural";
  default: return report_code(value, reason, text);
  }
}

static json_t *cell_object(const emend_dataset *d, size_t row, size_t variable) {
  emend_reason reason = emend_cell_reason(d, row, variable);
  double value = emend_cell_value(d, row, variable);
  const char *text = emend_cell_text(d, row, variable);
  number_text tag;
  filling f = begin();
  put(&f, "value", text ? json_of_text(text) : json_of_number(value));
  put(&f, "missing", json_of_text(missing_word(reason, value, tag)));
  put(&f, "label", json_of_text(text ? NULL : diff_label(d, variable, reason, value)));
  return finish(&f);
}

typedef struct listing {
  const diff_report *report;
  json_t *array;
  size_t n;
} listing;

static int list_cell(void *context, const emend_changed_cell *cell) {
  listing *l = context;
  const diff_report *r = l->report;
  ptrdiff_t id = emend_comparison_id(r->comparison, EMEND_SIDE_A);
  if (l->n == r->limit || !l->array)
    return 1;
  l->n++;
  filling f = begin();
  put(&f, "row_a", json_of_count(cell->row_a + 1));
  put(&f, "row_b", json_of_count(cell->row_b + 1));
  put(&f, "id", id < 0 ? json_null() : cell_object(r->data[0], cell->row_a, (size_t)id));
  put(&f, "variable", json_of_text(emend_variable_name(r->data[0], cell->variable_a)));
  put(&f, "change", json_of_text(diff_change_word(cell->change)));
  put(&f, "before", cell_object(r->data[0], cell->row_a, cell->variable_a));
  put(&f, "after", cell_object(r->data[1], cell->row_b, cell->variable_b));
  l->array = append(l->array, finish(&f));
  return 0;
}

static json_t *cells_object(const diff_report *r) {
  listing l = {.report = r, .array = json_array()};
  emend_comparison_visit_cells(r->comparison, list_cell, &l);
  filling f = begin();
  put(&f, "compared", json_of_count(emend_comparison_rows(r->comparison) * emend_comparison_variables(r->comparison)));
  put(&f, "differ", json_of_count(diff_cell_count(r)));
  put_counts(&f, count_all, r->comparison);
  put(&f, "variables", changed_variables(r));
  put(&f, "list", l.array);
  return finish(&f);
}

static json_t *texts_array(const diff_report *r, bool remarks) {
  json_t *array = json_array();
  size_t n = remarks ? emend_comparison_remarks(r->comparison) : emend_events_warning_count(r->events);
  for (size_t i = 0; array && i < n; i++)
    array = append(array, json_of_text(remarks ? emend_comparison_remark(r->comparison, i) : emend_events_warning(r->events, i)));
  return array;
}

json_t *diff_json(const diff_report *r, json_t *options, int status) {
  ptrdiff_t id = emend_comparison_id(r->comparison, EMEND_SIDE_A);
  filling f = begin();
  put(&f, "schema", json_integer(1));
  put(&f, "version", json_of_text(emend_version()));
  put(&f, "command", json_of_text("diff"));
  put(&f, "status", json_integer(status));
  put(&f, "a", file_object(r, EMEND_SIDE_A));
  put(&f, "b", file_object(r, EMEND_SIDE_B));
  put(&f, "id", id < 0 ? json_null() : json_of_text(emend_variable_name(r->data[0], (size_t)id)));
  put(&f, "variables", variables_object(r));
  put(&f, "rows", rows_object(r));
  put(&f, "dictionary", dictionary_array(r));
  put(&f, "cells", cells_object(r));
  put(&f, "remarks", texts_array(r, true));
  put(&f, "warnings", texts_array(r, false));
  put(&f, "options", options);
  return finish(&f);
}
