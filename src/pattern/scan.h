/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PATTERN_SCAN_H
#define PATTERN_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "base/level.h"

/* The loops over the cells of a matrix that setting up an estimation consists of; scan.c is compiled once per level. */

/* The row length of a matrix with n columns and one more for the constant: a multiple of 8, so that rows are whole vectors at every level. */
static inline size_t emend_row_stride(size_t n) { return (n + 8) / 8 * 8; }

/* What is known and learnt of the columns, `stride` entries each (a multiple of 8 above n_columns; what is beyond is 0). */
typedef struct emend_scan_columns {
  size_t n_columns, stride;
  double *center, *inverse; /* z = (x - center) * inverse */
  double *sum, *squares;    /* of z, weighted */
  double *min, *max;        /* of x; infinite while there is none */
} emend_scan_columns;

typedef struct emend_scan {
  /*
   * n rows x (n x n_columns, NaN missing, followed by 8 doubles of any kind) become z (n x stride, 0 where missing) and masks (n x words,
   * bit j: column j is missing); the moments of the columns are updated by the rows of positive weight (`weights` NULL: all 1).
   * `scratch` holds 8 n 64-bit words.
   */
  void (*rows)(emend_scan_columns *columns, size_t n, const double *x, const double *weights, double *z, uint64_t *masks, size_t words,
               int64_t *scratch);
  /* The lower triangle of products (k x stride) += rows' rows; rows is n x stride, 0 beyond k; stride is a multiple of 8. */
  void (*add_products)(size_t n, size_t k, size_t stride, const double *rows, double *products);
} emend_scan;

/* By level; NULL where the build lacks it. */
extern const emend_scan *const emend_scans[EMEND_LEVELS];
extern const emend_scan emend_scan_baseline, emend_scan_avx2, emend_scan_avx512;

#endif
