/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "normal/inside.h"
#include "normal/lapack.h"

bool emend_normal_invert(size_t p, double *matrix, double *log_determinant, double *smallest_pivot) {
  int n = (int)p, info = 0;
  double smallest = INFINITY, sum = 0;
  /* Row j of the factor has the matrix's diagonal entry as its sum of squares: pivots are compared with that. */
  dpotrf_("L", &n, matrix, &n, &info);
  for (size_t j = 0; j < p && info == 0; j++) {
    double pivot = matrix[j * p + j] * matrix[j * p + j], entry = 0;
    for (size_t k = 0; k <= j; k++)
      entry += matrix[k * p + j] * matrix[k * p + j];
    smallest = fmin(smallest, pivot / entry);
    sum += log(pivot);
  }
  if (info == 0)
    dpotri_("L", &n, matrix, &n, &info);
  for (size_t j = 0; j < p && info == 0; j++)
    for (size_t k = 0; k < j; k++)
      matrix[j * p + k] = matrix[k * p + j];
  *log_determinant = sum;
  *smallest_pivot = smallest;
  return info == 0 && isfinite(sum);
}
