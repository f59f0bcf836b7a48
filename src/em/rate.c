/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/blas.h"
#include "em/accelerator.h"

enum { MOST = EMEND_MOST_DIFFERENCES };

/* Differences that are nearly parallel tell nothing more than one of them does: a ridge of this size, in units where each has length 1. */
static const double RIDGE = 1e-10;

/* dx'dx and dx'dg, scaled. False if a difference has no length. */
static bool fill(size_t m, size_t stride, const double *gg, const double *ff, const double *gf, double gram[MOST][MOST],
                 double cross[MOST][MOST]) {
  double scale[MOST];
  for (size_t i = 0; i < m; i++) {
    scale[i] = sqrt(gg[i * stride + i] - 2 * gf[i * stride + i] + ff[i * stride + i]);
    if (!(scale[i] > 0) || isinf(scale[i]))
      return false;
  }
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < m; j++) {
      double unit = 1 / (scale[i] * scale[j]), x = gg[i * stride + j] - gf[j * stride + i];
      cross[i][j] = x * unit;
      gram[i][j] = (x - gf[i * stride + j] + ff[i * stride + j]) * unit + (i == j ? RIDGE : 0);
    }
  return true;
}

/* The lower Cholesky factor, in place. */
static bool factorise(size_t m, double a[MOST][MOST]) {
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j <= i; j++) {
      double x = a[i][j];
      for (size_t k = 0; k < j; k++)
        x -= a[i][k] * a[j][k];
      if (i == j && !(x > 0))
        return false;
      a[i][j] = i == j ? sqrt(x) : x / a[j][j];
    }
  return true;
}

/* inverse(L) C inverse(L'), in place. */
static void transform(size_t m, double l[MOST][MOST], double c[MOST][MOST]) {
  for (size_t j = 0; j < m; j++)
    for (size_t i = 0; i < m; i++) {
      for (size_t k = 0; k < i; k++)
        c[i][j] -= l[i][k] * c[k][j];
      c[i][j] /= l[i][i];
    }
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < m; j++) {
      for (size_t k = 0; k < j; k++)
        c[i][j] -= l[j][k] * c[i][k];
      c[i][j] /= l[j][j];
    }
}

double emend_largest_rate(size_t m, size_t stride, const double *gg, const double *ff, const double *gf) {
  double gram[MOST][MOST], cross[MOST][MOST], real[MOST], imaginary[MOST], work[8 * MOST], largest = NAN;
  if (m == 0 || m > MOST || !fill(m, stride, gg, ff, gf, gram, cross) || !factorise(m, gram))
    return NAN;
  transform(m, gram, cross);
  bool done = emend_blas_eigenvalues(m, MOST, cross[0], real, imaginary, work);
  for (size_t i = 0; i < m && done; i++)
    if (real[i] < 1 && !(real[i] <= largest))
      largest = real[i];
  return largest;
}
