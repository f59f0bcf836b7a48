/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pattern/pseudo_rows.h"

#include <math.h>
#include <string.h>

/* The scatter about the mean, in place: row and column 0 give the weight and the sums. */
static void centre(size_t o, size_t stride, double *a) {
  double inverse = 1 / a[0];
  for (size_t i = 1; i <= o; i++)
    for (size_t j = 1; j <= i; j++)
      a[i * stride + j] -= a[i * stride] * a[j * stride] * inverse;
}

/* Cholesky by rows of the upper factor, which are columns of the lower one, straight into `rows`; a pivot that is only rounding gives none.
 */
static size_t factorise(size_t o, size_t stride, double *a, double *rows) {
  double largest = 0;
  size_t count = 0;
  for (size_t j = 1; j <= o; j++)
    largest = fmax(largest, a[j * stride + j]);
  for (size_t j = 1; j <= o; j++) {
    double pivot = a[j * stride + j], *row = rows + count * (o + 1);
    if (!(pivot > 1e-14 * largest))
      continue;
    double inverse = 1 / sqrt(pivot);
    memset(row, 0, (o + 1) * sizeof *row);
    for (size_t i = j; i <= o; i++)
      row[i] = a[i * stride + j] * inverse;
    for (size_t i = j + 1; i <= o; i++)
      for (size_t k = j + 1; k <= i; k++)
        a[i * stride + k] -= row[i] * row[k];
    count++;
  }
  return count;
}

size_t emend_pseudo_rows(size_t o, size_t stride, double *products, double *rows) {
  double root = sqrt(products[0]);
  for (size_t j = 0; j <= o; j++)
    rows[j] = products[j * stride] / root;
  centre(o, stride, products);
  return 1 + factorise(o, stride, products, rows + o + 1);
}
