/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "normal/inside.h"
#include "normal/kernel.h"

/* Rows j to j + n - 1 of the factor have these sums of squares, the diagonal entries of the matrix that was factorised. */
static void sum_squares(size_t p, const double *factor, size_t j, size_t n, double *sums) {
  for (size_t i = 0; i < n; i++)
    sums[i] = 0;
  for (size_t k = 0; k < j + n; k++)
    for (size_t i = k > j ? k - j : 0; i < n; i++)
      sums[i] += factor[k * p + j + i] * factor[k * p + j + i];
}

/* False where a pivot is not a positive number. */
static bool look_at_pivots(size_t p, const double *factor, double *log_determinant, double *smallest_pivot) {
  enum { LANES = 8 };
  double smallest = INFINITY, sum = 0, entries[LANES];
  for (size_t j = 0; j < p; j++) {
    double pivot = factor[j * p + j] * factor[j * p + j];
    if (j % LANES == 0)
      sum_squares(p, factor, j, p - j < LANES ? p - j : LANES, entries);
    smallest = fmin(smallest, pivot / entries[j % LANES]);
    sum += log(pivot);
  }
  *log_determinant = sum;
  *smallest_pivot = smallest;
  return isfinite(sum);
}

typedef struct inversion {
  size_t p;
  const emend_kernels *kernels;
  const double *factor;
  double *inverse;
} inversion;

static void invert_columns(void *context, size_t task) {
  const inversion *v = context;
  size_t first = task * EMEND_COLUMNS_TOGETHER, left = v->p - first;
  v->kernels->invert_columns(v->p, v->factor, first, left < EMEND_COLUMNS_TOGETHER ? left : EMEND_COLUMNS_TOGETHER, v->inverse);
}

static bool invert_all(size_t p, const double *factor, double *inverse) {
  memcpy(inverse, factor, p * p * sizeof *inverse);
  bool done = emend_blas_invert_factor(p, inverse);
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < j; k++)
      inverse[j * p + k] = inverse[k * p + j];
  return done;
}

bool emend_normal_invert_factor(size_t p, const double *factor, emend_team *team, double *inverse, double *log_determinant,
                                double *smallest_pivot) {
  /* Columns for which no thread is worth waking; and beyond which LAPACK, which works on tiles, is faster though it is alone. */
  enum { FEW = 64, MANY = 256 };
  inversion v = {.p = p, .kernels = emend_kernels_of(emend_level_choose()), .factor = factor, .inverse = inverse};
  if (!look_at_pivots(p, factor, log_determinant, smallest_pivot))
    return false;
  if (p > MANY)
    return invert_all(p, factor, inverse);
  emend_team_run(p > FEW ? team : NULL, (p + EMEND_COLUMNS_TOGETHER - 1) / EMEND_COLUMNS_TOGETHER, invert_columns, &v);
  return true;
}

bool emend_normal_invert(size_t p, double *matrix, double *inverse, double *log_determinant, double *smallest_pivot) {
  *log_determinant = 0;
  *smallest_pivot = INFINITY;
  return emend_blas_factorise(p, matrix) && emend_normal_invert_factor(p, matrix, NULL, inverse, log_determinant, smallest_pivot);
}
