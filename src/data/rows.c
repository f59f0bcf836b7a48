/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/rows.h"

#include <math.h>
#include <string.h>

#include "data/inside.h"

void emend_dataset_read_row(const emend_dataset *dataset, size_t row, emend_cell *cells) {
  const size_t n_variables = emend_dataset_variables(dataset);
  if (n_variables == 0)
    return;
  const emend_variable *variable = emend_dataset_variable(dataset, 0);
  const emend_run first = emend_dataset_run(dataset, 0, row);
  const size_t step = (size_t)dataset_root(dataset)->block_rows; /* from a cell to the one beside it */
  for (size_t v = 0; v < n_variables; v++) {
    const double *value = first.values + v * step;
    cells[v] = (emend_cell){.value = NAN, .reason = (emend_reason)first.reasons[v * step]};
    if (variable[v].kind == EMEND_TEXT)
      memcpy(&cells[v].text, value, sizeof cells[v].text);
    else
      cells[v].value = *value;
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
