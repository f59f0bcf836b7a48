/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_GATHERED_H
#define ENCODE_GATHERED_H

#include "data/dataset.h"

enum { EMEND_MOST_GATHERED = 512 };

/* Zero-initialise. The finite observed values of some rows close together, with what they weigh: sums of them need not ask of each cell whether it is missing, which
 * no processor can foresee, and which takes longer than the sum. */
typedef struct emend_gathered {
  size_t n, n_ones; /* how many weights are 1 already, where all are */
  double values[EMEND_MOST_GATHERED], weights[EMEND_MOST_GATHERED];
} emend_gathered;

/*
 * Gathers from a variable's rows from `row` on, and returns the row behind the last one looked at: for (row = 0; row < n_rows;) row = ...
 * `weights` are of all rows; NULL: each 1.
 */
size_t emend_gathered_take(emend_gathered *gathered, const emend_dataset *dataset, size_t variable, size_t row, const double *weights);

#endif
