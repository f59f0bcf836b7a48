/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/blank_rows.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"

enum { FEWEST_VARIABLES = 5, MOST_ROWS = 5, ONE_CELL_OF = 20 };

typedef struct blank_rows {
  size_t *filled;                /* cells of each row */
  size_t n_variables, n_filling; /* of the model; of these with holes that are filled */
  size_t n, cells, all_cells;
  emend_buffer names; /* of the first ones */
} blank_rows;

static void count_cells(const emend_imputation *made, blank_rows *b) {
  const emend_dataset *dataset = made->plan->dataset;
  emend_run run;
  for (size_t v = 0; v < made->plan->n_variables; v++) {
    bool fills = made->plan->variables[v].missing.fill > 0;
    if (made->column_of[v] < 0)
      continue;
    b->n_variables++, b->n_filling += fills;
    for (size_t row = 0; row < emend_dataset_rows(dataset) && fills; row += run.n) {
      run = emend_dataset_run(dataset, v, row);
      for (size_t i = 0; i < run.n; i++)
        b->filled[row + i] += emend_imputation_fills(made, row + i, v, run.reasons[i], run.values[i]);
    }
  }
}

static bool is_blank(const blank_rows *b, size_t row, bool empty_told) {
  return 5 * b->filled[row] >= 4 * b->n_variables && !(empty_told && b->filled[row] == b->n_filling);
}

static emend_status gather(const emend_imputation *made, bool empty_told, blank_rows *b, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t row = 0; row < emend_dataset_rows(made->plan->dataset) && !status; row++) {
    b->all_cells += b->filled[row];
    if (!is_blank(b, row, empty_told))
      continue;
    b->cells += b->filled[row];
    if (b->n++ < MOST_ROWS)
      status = emend_buffer_format(&b->names, error, "%s%zu", b->n > 1 ? ", " : "", row + 1);
  }
  return status;
}

emend_status emend_blank_rows_tell(const emend_imputation *made, bool empty_told, emend_events *events, emend_error *error) {
  char others[EMEND_OTHERS_TEXT];
  blank_rows b = {.filled = emend_allocate(emend_dataset_rows(made->plan->dataset), sizeof *b.filled)};
  emend_status status = b.filled ? EMEND_OK : emend_fail_memory(error);
  if (!status)
    count_cells(made, &b);
  if (!status && b.n_variables >= FEWEST_VARIABLES)
    status = gather(made, empty_told, &b, error);
  if (!status && b.n > 0 && b.cells * ONE_CELL_OF >= b.all_cells)
    emend_warn(
        events,
        "row%s %s%s: %zu of the %zu filled cells lie there, in %s at least four fifths of the %zu variables of the model; they follow "
        "from hardly an answer, and only taking %s out of the file leaves them",
        b.n == 1 ? "" : "s", b.names.bytes, emend_others(b.n, MOST_ROWS, others), b.cells, b.all_cells, b.n == 1 ? "it" : "each",
        b.n_variables, b.n == 1 ? "the row" : "the rows");
  free(b.filled), emend_buffer_free(&b.names);
  return status;
}
