/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PATTERN_MATRIX_H
#define PATTERN_MATRIX_H

#include <stddef.h>

/*
 * A numeric matrix with holes, read by blocks of rows so that nobody has to hold a second copy of it. `read` writes rows
 * [row, row + n) to `block`, n x n_columns in row order, NaN for missing; it may be called again and from several threads.
 * `weights` has n_rows entries or is NULL.
 */
typedef struct emend_matrix {
  size_t n_rows, n_columns;
  const void *state;
  void (*read)(const void *state, size_t row, size_t n, double *block);
  const double *weights;
} emend_matrix;

#endif
