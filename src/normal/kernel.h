/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_KERNEL_H
#define NORMAL_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/level.h"

/*
 * The inner loops of the E-step (docs/methods.md section 1). kernel.c is compiled once per level; results of different levels differ by
 * rounding only. Matrices have rows of `stride` doubles, a multiple of 8 above p; entry p of a row belongs to the constant, what is beyond
 * is 0.
 */
enum { EMEND_MOST_LANES = 8, EMEND_MOST_SIDE_BY_SIDE = 96, EMEND_COLUMNS_TOGETHER = 24 };

/* The doubles of scratch, aligned to 64 bytes, that systems of up to n columns need. */
size_t emend_kernel_scratch(size_t n);

/*
 * Patterns of one form and of equal size (m missing columns, or o observed ones), as many as the vectors have lanes, so that their systems
 * are solved side by side; those larger than EMEND_MOST_SIDE_BY_SIDE stand alone. A lane without a pattern has weight 0
 * and repeats the columns of lane 0.
 */
typedef struct emend_group {
  size_t size;                     /* m or o; at least 1 */
  size_t n_patterns, n_lanes;      /* n_lanes: of the vectors, or 1 */
  const uint32_t *columns;         /* size x n_lanes: the missing columns (precision form) or the observed ones (score form), ascending */
  double weight[EMEND_MOST_LANES]; /* n_s */
  const double *rows[EMEND_MOST_LANES]; /* precision form: the first row of each pattern, `stride` apart */
  size_t n_rows[EMEND_MOST_LANES];
  const double *entries; /* score form: most_rows x (size + 1) x n_lanes, the constant last; rows of 0 where a pattern has fewer */
  size_t most_rows;
} emend_group;

/* Both add the statistics of n groups to `products` (p x stride) and return their part of -2 log-likelihood, as said below: NaN if a matrix
 * is not positive definite. `factor` multiplies the weights that the rows carry. No allocation. */
typedef struct emend_kernels {
  size_t n_lanes;
  /* From the precision matrix K (p x stride, column p holds -K mean). products gain U with U + U' = what the patterns' expected
   * cross-products are more than those of their observed entries; column p their expected sums. Returns sum n_s log|K_MM|. Cost m^3 / 2 a
   * pattern, 2 m p a row. */
  double (*precision)(const emend_group *groups, size_t n, size_t p, size_t stride, const double *precision, double factor,
                      double *products, double *scratch);
  /* From covariance (p x p) and mean. The lower triangle of products gains U2 = sum w u u' - n_s Q, column p U1 = sum w u, with Q the
   * inverse of the observed part and u = Q (x - mean). Returns sum n_s log|S_OO| + sum w (x - mean)' u. Cost o^3 / 2 a pattern, 3/2 o^2 a
   * row. */
  double (*score)(const emend_group *groups, size_t n, size_t p, size_t stride, const double *covariance, const double *mean, double factor,
                  double *products, double *scratch);
  /* Conditional expectations. `inverse` (m x m) receives -inverse(K_MM); false if K_MM is not positive definite. */
  int (*condition)(const uint32_t *missing, size_t m, size_t stride, const double *precision, double *inverse, double *scratch);
  /* expected (n x m) = those of n rows, `stride` apart, 0 where missing; `work` holds m. Cost m p + m^2 a row. */
  void (*expect)(const uint32_t *missing, size_t m, size_t stride, const double *precision, const double *inverse, size_t n,
                 const double *rows, double *expected, double *work);
  /* The same from the covariance (p x stride) and minus the inverse of its observed part (o x o), for means of 0: cheaper where o < m.
   * `work` holds o + stride. */
  void (*regress)(const uint32_t *missing, size_t m, const uint32_t *observed, size_t o, size_t stride, const double *covariance,
                  const double *inverse, size_t n, const double *rows, double *expected, double *work);
  /* Columns `first` to first + n - 1 of the inverse of a symmetric matrix (p x p) from their diagonal entries down, and the rows that mirror
   * them, from the matrix's Cholesky factor by columns. Fastest for EMEND_COLUMNS_TOGETHER of them. Cost (p - first)^2 a column. */
  void (*invert_columns)(size_t p, const double *factor, size_t first, size_t n, double *inverse);
} emend_kernels;

const emend_kernels *emend_kernels_of(emend_level level);

extern const emend_kernels emend_kernels_baseline, emend_kernels_avx2, emend_kernels_avx512;

#endif
