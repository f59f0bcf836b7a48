/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "impute/imputation.h"

void emend_imputation_read_row(const emend_imputation *imputation, size_t row, emend_cell *cells) {
  const emend_plan *plan = imputation->plan;
  emend_dataset_read_row(plan->dataset, row, cells);
  for (size_t v = 0; v < plan->n_variables; v++) {
    if (cells[v].reason == EMEND_OBSERVED)
      continue;
    double value = emend_imputation_answer(imputation, row, v, (unsigned char)cells[v].reason, cells[v].value);
    if (isnan(value))
      continue;
    const emend_categories *c = &plan->variables[v].categories;
    if (c->texts)
      cells[v].text = c->texts[emend_categories_of_value(c, value)];
    else
      cells[v].value = value;
    cells[v].imputed = true;
  }
}

static void read_completed(const void *state, size_t row, emend_cell *cells) {
  const emend_imputation *imputation = state;
  const emend_plan *plan = imputation->plan;
  emend_imputation_read_row(imputation, row, cells);
  for (size_t i = 0; i < plan->flags.n; i++)
    cells[plan->n_variables + i] = (emend_cell){.value = cells[plan->flags.of[i]].imputed, .reason = EMEND_OBSERVED};
}

emend_rows emend_plan_as_rows(const emend_plan *plan) {
  return (emend_rows){.dataset = plan->dataset,
                      .added = plan->flags.added,
                      .n_added = plan->flags.n,
                      .storages = plan->storages,
                      .fills = plan->fills,
                      .n_rows = emend_dataset_rows(plan->dataset)};
}

emend_rows emend_imputation_as_rows(const emend_imputation *imputation) {
  emend_rows rows = emend_plan_as_rows(imputation->plan);
  rows.threads = imputation->threads;
  rows.state = imputation;
  rows.read = read_completed;
  return rows;
}
