/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
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

bool emend_normal_invert_factor(size_t p, double *factor, double *log_determinant, double *smallest_pivot) {
  enum { LANES = 8 };
  int n = (int)p, info = 0;
  double smallest = INFINITY, sum = 0, entries[LANES];
  for (size_t j = 0; j < p; j++) {
    double pivot = factor[j * p + j] * factor[j * p + j];
    if (j % LANES == 0)
      sum_squares(p, factor, j, p - j < LANES ? p - j : LANES, entries);
    smallest = fmin(smallest, pivot / entries[j % LANES]);
    sum += log(pivot);
  }
  dpotri_("L", &n, factor, &n, &info);
  for (size_t j = 0; j < p && info == 0; j++)
    for (size_t k = 0; k < j; k++)
      factor[j * p + k] = factor[k * p + j];
  *log_determinant = sum;
  *smallest_pivot = smallest;
  return info == 0 && isfinite(sum);
}

bool emend_normal_invert(size_t p, double *matrix, double *log_determinant, double *smallest_pivot) {
  *log_determinant = 0;
  *smallest_pivot = INFINITY;
  return emend_normal_factorise(p, matrix) && emend_normal_invert_factor(p, matrix, log_determinant, smallest_pivot);
}
