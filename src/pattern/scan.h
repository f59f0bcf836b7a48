/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PATTERN_SCAN_H
#define PATTERN_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "base/level.h"

/* The loops over the cells of a matrix that setting up an estimation consists of; scan.c is compiled once per level. */

/* The row length of a matrix with n columns and one more for the constant: a multiple of 8, so that rows are whole vectors at every level.
 */
static inline size_t emend_row_stride(size_t n) { return (n + 8) / 8 * 8; }

/* What is known and learnt of the columns, `stride` entries each (a multiple of 8 above n_columns; what is beyond is 0). */
typedef struct emend_scan_columns {
  size_t n_columns, stride;
  double *center, *inverse; /* z = (x - center) * inverse */
  double *sum, *squares;    /* of z, weighted */
  double *weight;           /* of the cells observed; untouched where all weights are 1 */
  uint64_t *count;          /* of those of positive weight */
  double *min, *max;        /* of x in those; infinite while there is none */
} emend_scan_columns;

/* A missing cell of z is -0, which adds nothing to any sum, and which no observed cell is: so a row of z knows its own mask. */
#define EMEND_MISSING_Z (-0.0)

typedef struct emend_scan {
  /*
   * n rows x (n x n_columns, NaN missing, followed by 8 doubles of any kind) become z (n x stride, -0 where missing) and masks (n x words,
   * bit j: column j is missing); the moments of the columns are updated by the rows of positive weight (`weights` NULL: all 1).
   * `scratch` holds 8 n 64-bit words.
   */
  void (*rows)(emend_scan_columns *columns, size_t n, const double *x, const double *weights, double *z, uint64_t *masks, size_t words,
               int64_t *scratch);
  /* Observed entries of one row of z, c the entry of its constant, become (z - c mean) * inverse; the arrays have `stride` entries, 0 and 1
   * from column p on. `to` may be `from`. */
  void (*standardise)(size_t stride, double c, const double *mean, const double *inverse, const double *from, double *to);
  /* The lower triangle of products (k x stride) += rows' rows; rows is n x stride, 0 beyond k; stride is a multiple of 8. */
  void (*add_products)(size_t n, size_t k, size_t stride, const double *rows, double *products);
} emend_scan;

/* By level; NULL where the build lacks it. */
extern const emend_scan *const emend_scans[EMEND_LEVELS];
extern const emend_scan emend_scan_baseline, emend_scan_avx2, emend_scan_avx512;

#endif
