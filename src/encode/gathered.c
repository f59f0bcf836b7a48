/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/gathered.h"

#include <math.h>

/* Of what belongs to the rows of a run, what belongs to those with a finite answer; returns how many these are. */
static size_t gather(emend_run run, const double *restrict of_rows, double *restrict gathered) {
  size_t n = 0;
  for (size_t i = 0; i < run.n; i++) {
    gathered[n] = of_rows[i];
    n += (run.reasons[i] == EMEND_OBSERVED) & (fabs(run.values[i]) < HUGE_VAL);
  }
  return n;
}

size_t emend_gathered_take(emend_gathered *g, const emend_dataset *dataset, size_t variable, size_t row, const double *weights) {
  emend_run run = emend_dataset_run(dataset, variable, row);
  run.n = run.n < EMEND_MOST_GATHERED ? run.n : EMEND_MOST_GATHERED;
  g->n = gather(run, run.values, g->values);
  if (weights)
    gather(run, weights + row, g->weights);
  while (g->n_ones < g->n && !weights)
    g->weights[g->n_ones++] = 1;
  return row + run.n;
}
