/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/gathered.h"

#include <math.h>

size_t emend_gathered_take(emend_gathered *g, const emend_dataset *dataset, size_t variable, size_t row, const double *weights) {
  emend_run run = emend_dataset_run(dataset, variable, row);
  size_t end = run.n < EMEND_MOST_GATHERED ? run.n : EMEND_MOST_GATHERED, n = 0;
  for (size_t i = 0; i < end; i++) {
    g->values[n] = run.values[i];
    g->weights[n] = weights ? weights[row + i] : 1;
    n += (run.reasons[i] == EMEND_OBSERVED) & (fabs(run.values[i]) < HUGE_VAL);
  }
  g->n = n;
  return row + end;
}
