/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

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

/* Lower Cholesky factor of K_MM, by rows; returns log|K_MM| or NaN. One logarithm per pattern unless the product nears the range's ends. */
static double factorise(size_t p, const double *precision, const uint32_t *missing, size_t m, double *factor) {
  double product = 1, logs = 0;
  for (size_t a = 0; a < m; a++) {
    const double *row = precision + (size_t)missing[a] * p;
    for (size_t b = 0; b <= a; b++) {
      double x = row[missing[b]];
      for (size_t c = 0; c < b; c++)
        x -= factor[a * m + c] * factor[b * m + c];
      if (b < a) {
        factor[a * m + b] = x / factor[b * m + b];
      } else {
        if (!(x > 0))
          return NAN;
        factor[a * m + a] = sqrt(x);
        product *= x;
        if (product < 1e-200 || product > 1e200) {
          logs += log(product);
          product = 1;
        }
      }
    }
  }
  return logs + log(product);
}

/* Solves L L' R = R in place for the rows of R (m x n). */
static void solve(size_t m, const double *factor, size_t n, double *rows) {
  for (size_t a = 0; a < m; a++) {
    double *x = rows + a * n;
    for (size_t b = 0; b < a; b++) {
      double f = factor[a * m + b];
      const double *y = rows + b * n;
      for (size_t k = 0; k < n; k++)
        x[k] -= f * y[k];
    }
    double inverse = 1 / factor[a * m + a];
    for (size_t k = 0; k < n; k++)
      x[k] *= inverse;
  }
  for (size_t a = m; a-- > 0;) {
    double *x = rows + a * n;
    for (size_t b = a + 1; b < m; b++) {
      double f = factor[b * m + a];
      const double *y = rows + b * n;
      for (size_t k = 0; k < n; k++)
        x[k] -= f * y[k];
    }
    double inverse = 1 / factor[a * m + a];
    for (size_t k = 0; k < n; k++)
      x[k] *= inverse;
  }
}

double emend_normal_condition(size_t p, const double *precision, const double *mean, const uint32_t *missing, size_t m, double *factor,
                              double *regression, double *offset, double *conditional) {
  double log_determinant = factorise(p, precision, missing, m, factor);
  if (isnan(log_determinant))
    return log_determinant;
  for (size_t a = 0; a < m; a++) {
    double *row = regression + a * p;
    for (size_t k = 0; k < p; k++)
      row[k] = -precision[(size_t)missing[a] * p + k];
    for (size_t b = 0; b < m; b++)
      row[missing[b]] = 0;
  }
  solve(m, factor, p, regression);
  for (size_t a = 0; a < m; a++) {
    double x = mean[missing[a]];
    for (size_t k = 0; k < p; k++)
      x -= regression[a * p + k] * mean[k];
    offset[a] = x;
  }
  if (conditional) {
    memset(conditional, 0, m * m * sizeof *conditional);
    for (size_t a = 0; a < m; a++)
      conditional[a * m + a] = 1;
    solve(m, factor, m, conditional);
  }
  return log_determinant;
}
