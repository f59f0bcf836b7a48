/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/rows.h"

#include <math.h>
#include <string.h>

void emend_dataset_read_row(const emend_dataset *dataset, size_t row, emend_cell *cells) {
  size_t n_variables = emend_dataset_variables(dataset);
  for (size_t v = 0; v < n_variables; v++) {
    emend_run run = emend_dataset_run(dataset, v, row);
    cells[v] = (emend_cell){.value = NAN, .reason = (emend_reason)*run.reasons};
    if (emend_dataset_variable(dataset, v)->kind == EMEND_TEXT)
      memcpy(&cells[v].text, run.values, sizeof cells[v].text);
    else
      cells[v].value = *run.values;
  }
}

bool emend_rows_widen(const emend_rows *rows, size_t variable) {
  const emend_variable *v = emend_dataset_variable(rows->dataset, variable);
  return rows->storages && v->kind != EMEND_TEXT && rows->storages[variable] != v->storage;
}

bool emend_rows_fill(const emend_rows *rows, size_t variable) { return rows->fills && rows->fills[variable]; }

static void read_dataset_row(const void *state, size_t row, emend_cell *cells) { emend_dataset_read_row(state, row, cells); }

emend_rows emend_dataset_as_rows(const emend_dataset *dataset) {
  return (emend_rows){.dataset = dataset, .n_rows = emend_dataset_rows(dataset), .state = dataset, .read = read_dataset_row};
}
