/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/kit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

emend_dataset *kit_new(const char *format) {
  emend_dataset *dataset;
  ck_assert_int_eq(emend_dataset_new(UINT64_C(1) << 30, false, &dataset, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_set_format(dataset, format, NULL), EMEND_OK);
  return dataset;
}

size_t kit_add(emend_dataset *dataset, const char *name, emend_variable_kind kind, emend_storage storage) {
  emend_variable variable = {.kind = kind, .storage = storage, .label_set = -1};
  size_t index;
  ck_assert_int_eq(emend_dataset_add_text(dataset, name, strlen(name), &variable.name, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_add_variable(dataset, &variable, &index, NULL), EMEND_OK);
  return index;
}

size_t kit_number(emend_dataset *dataset, const char *name) { return kit_add(dataset, name, EMEND_NUMERIC, EMEND_STORAGE_F64); }

void kit_declare(emend_dataset *dataset, size_t variable, double lo, double hi) {
  emend_variable *v = emend_dataset_edit_variable(dataset, variable);
  ck_assert_uint_lt(v->n_missing, EMEND_MISSING_RANGES);
  v->missing[v->n_missing++] = (emend_missing_range){.lo = lo, .hi = hi};
}

static void add_label(emend_dataset *dataset, size_t variable, emend_label label, const char *text) {
  emend_variable *v = emend_dataset_edit_variable(dataset, variable);
  if (v->label_set < 0) {
    size_t set;
    ck_assert_int_eq(emend_dataset_add_label_set(dataset, "labels", &set, NULL), EMEND_OK);
    v->label_set = (int32_t)set;
  }
  ck_assert_int_eq(emend_dataset_add_text(dataset, text, strlen(text), &label.text, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_add_label(dataset, (size_t)v->label_set, &label, NULL), EMEND_OK);
}

void kit_label(emend_dataset *dataset, size_t variable, double value, const char *text) {
  add_label(dataset, variable, (emend_label){.kind = EMEND_KEY_NUMBER, .number = value}, text);
}

void kit_label_tag(emend_dataset *dataset, size_t variable, char tag, const char *text) {
  add_label(dataset, variable, (emend_label){.kind = EMEND_KEY_TAG, .tag = (emend_reason)(EMEND_TAG_A + (tag - 'a'))}, text);
}

void kit_row(emend_dataset *dataset, const double *cells) {
  ck_assert_int_eq(emend_dataset_add_row(dataset, NULL), EMEND_OK);
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++) {
    if (emend_variable_get_kind(dataset, v) == EMEND_TEXT)
      continue;
    double cell = *cells++;
    if (isfinite(cell) && cell >= 1e290)
      emend_dataset_put_number(dataset, v, NAN, (emend_reason)(EMEND_TAG_A + lround(cell / 1e290) - 1));
    else
      emend_dataset_put_number(dataset, v, cell, isnan(cell) ? EMEND_SYSTEM_MISSING : EMEND_OBSERVED);
  }
}

void kit_rows(emend_dataset *dataset, size_t n_rows, const double *cells) {
  size_t numbers = 0;
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++)
    numbers += emend_variable_get_kind(dataset, v) != EMEND_TEXT;
  for (size_t row = 0; row < n_rows; row++)
    kit_row(dataset, cells + row * numbers);
}

emend_dataset *kit_table(const char *names, size_t n_rows, size_t p, const double *cells) {
  emend_dataset *dataset = kit_new("csv");
  char copy[1024];
  snprintf(copy, sizeof copy, "%s", names);
  for (char *name = strtok(copy, " "); name; name = strtok(NULL, " "))
    kit_number(dataset, name);
  ck_assert_uint_eq(emend_dataset_variables(dataset), p);
  kit_rows(dataset, n_rows, cells);
  return dataset;
}

emend_dataset *kit_csv(const char *path, size_t skip) {
  if (!path)
    return NULL;
  char *text = (char *)support_read(path, NULL), *rest = text;
  emend_dataset *dataset = kit_new("csv");
  bool header = true;
  for (char *line; (line = strsep(&rest, "\n")) && *line; header = false) {
    double cells[64];
    size_t n = 0, column = 0;
    for (char *field; (field = strsep(&line, ",")); column++) {
      size_t length = strcspn(field, "\r");
      field[length] = '\0';
      if (*field == '"')
        field[strlen(field) - 1] = '\0', field++;
      if (column < skip)
        continue;
      if (header)
        kit_number(dataset, field);
      else
        cells[n++] = *field == '\0' || strcmp(field, "NA") == 0 ? NAN : atof(field);
    }
    if (!header)
      kit_row(dataset, cells);
  }
  free(text);
  return dataset;
}

emend_plan *kit_plan(const emend_dataset *dataset, const emend_plan_options *options) {
  emend_plan *plan;
  emend_error *error = emend_error_new();
  if (emend_plan_new(dataset, options, NULL, &plan, error))
    ck_abort_msg("%s", emend_error_text(error));
  emend_error_free(error);
  return plan;
}

const char *kit_plan_error(const emend_dataset *dataset, const emend_plan_options *options) {
  return kit_plan_refusal(dataset, options, EMEND_INVALID_ARGUMENT);
}

const char *kit_plan_refusal(const emend_dataset *dataset, const emend_plan_options *options, emend_status status) {
  static char text[2048];
  emend_plan *plan = NULL;
  emend_error *error = emend_error_new();
  ck_assert_int_eq(emend_plan_new(dataset, options, NULL, &plan, error), status);
  ck_assert_ptr_null(plan);
  ck_assert_int_eq(emend_error_status(error), status);
  snprintf(text, sizeof text, "%s", emend_error_text(error));
  emend_error_free(error);
  return text;
}

size_t kit_find(const emend_dataset *dataset, const char *name) {
  ptrdiff_t found = emend_dataset_find_variable(dataset, name);
  if (found < 0)
    ck_abort_msg("no variable %s", name);
  return (size_t)found;
}
