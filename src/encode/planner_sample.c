/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

size_t planner_sampled_row(size_t i, size_t n, size_t rows) { return (size_t)((double)i * (double)rows / (double)n); }

void planner_take_sample(const planner *p, size_t variable, size_t n, planner_sample *sample) {
  size_t rows = emend_dataset_rows(p->dataset), first = 0; /* row of the run */
  emend_run run = {.n = 0};
  for (size_t i = 0; i < n; i++) {
    size_t row = planner_sampled_row(i, n, rows);
    if (row >= first + run.n)
      run = emend_dataset_run(p->dataset, variable, row), first = row;
    sample->values[i] = run.values[row - first];
    sample->reasons[i] = run.reasons[row - first];
  }
}

bool planner_fills_any(const planner *p) {
  bool fills = false;
  for (size_t v = 0; v < p->plan->n_variables && !fills; v++)
    fills = p->plan->variables[v].missing.fill > 0;
  return fills;
}
