/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "normal/inside.h"
#include "normal/lapack.h"

bool emend_normal_factorise(size_t p, double *matrix) {
  int n = (int)p, info = 0;
  dpotrf_("L", &n, matrix, &n, &info);
  return info == 0;
}

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

/* Columns of an inverse that are solved for together: few enough that two threads have something to share at 64 columns. */
enum { BLOCK = 24 };

typedef struct inversion {
  size_t p;
  const double *factor;
  double *inverse;
} inversion;

/* Columns j to j + n - 1 of the inverse from row j on solve L L' X = I, for which only L from row and column j on is needed; and their
 * mirror image. The work is that of LAPACK's dpotri, which has no columns apart. */
static void invert_columns(void *context, size_t task) {
  const inversion *v = context;
  size_t p = v->p, j = task * BLOCK;
  int lda = (int)p, size = (int)(p - j), n = size < BLOCK ? size : BLOCK;
  const double one = 1, *factor = v->factor + j * p + j;
  double *x = v->inverse + j * p + j;
  for (size_t c = 0; c < (size_t)n; c++) {
    memset(x + c * p, 0, (size_t)size * sizeof *x);
    x[c * p + c] = 1;
  }
  dtrsm_("L", "L", "N", "N", &size, &n, &one, factor, &lda, x, &lda);
  dtrsm_("L", "L", "T", "N", &size, &n, &one, factor, &lda, x, &lda);
  for (size_t i = 1; i < (size_t)size; i++)
    for (size_t c = 0; c < (size_t)n && c < i; c++)
      x[i * p + c] = x[c * p + i];
}

bool emend_normal_invert_factor(size_t p, const double *factor, emend_team *team, double *inverse, double *log_determinant,
                                double *smallest_pivot) {
  if (!look_at_pivots(p, factor, log_determinant, smallest_pivot))
    return false;
  inversion v = {.p = p, .factor = factor, .inverse = inverse};
  emend_team_run(team, (p + BLOCK - 1) / BLOCK, invert_columns, &v);
  return true;
}

bool emend_normal_invert(size_t p, double *matrix, double *inverse, double *log_determinant, double *smallest_pivot) {
  *log_determinant = 0;
  *smallest_pivot = INFINITY;
  return emend_normal_factorise(p, matrix) && emend_normal_invert_factor(p, matrix, NULL, inverse, log_determinant, smallest_pivot);
}
