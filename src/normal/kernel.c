/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiled once per instruction set: see base/lanes.h. */
#include "normal/kernel.h"

#include "normal/columns.h"
#include "normal/precision_form.h"
#include "normal/score_form.h"

static int condition_alone(const uint32_t *missing, size_t m, size_t stride, const double *precision, double *inverse, double *scratch) {
  double *next = scratch, *a = lay(&next, tall(m) * wide(m));
  if (isnan(invert_alone(missing, m, stride, precision, a, next)))
    return 0;
  for (size_t i = 0; i < m; i++)
    memcpy(inverse + i * m, a + i * wide(m), m * sizeof *inverse);
  return 1;
}

static int condition(const uint32_t *missing, size_t m, size_t stride, const double *precision, double *inverse, double *scratch) {
  enum { FEW = 24 }; /* a single larger one is faster with vectors along its rows than with one lane of each in use */
  if (m > FEW)
    return condition_alone(missing, m, stride, precision, inverse, scratch);
  uint32_t columns[FEW * L];
  for (size_t i = 0; i < m; i++)
    for (size_t l = 0; l < L; l++)
      columns[i * L + l] = missing[i];
  double *next = scratch;
  lanes *a = (lanes *)(void *)lay(&next, m * m * L);
  log_sum logarithm = log_sum_new();
  emend_group alone = {.size = m, .n_patterns = 1, .n_lanes = L, .columns = columns, .weight = {1}};
  invert_lanes(&alone, stride, precision, a, (lanes *)(void *)next, &logarithm);
  if (isnan(log_sum_total(&logarithm)))
    return 0;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j <= i; j++)
      inverse[i * m + j] = inverse[j * m + i] = a[i * m + j][0];
  return 1;
}

/* Row by row of the missing variables: the matrix times one row. */
static void multiply_row(size_t m, const uint32_t *missing, size_t stride, const double *matrix, const double *row, double *sums) {
  size_t a = 0;
  for (; a + 4 <= m; a += 4)
    multiply_few(stride, 1, 4, 1, missing + a, stride, matrix, row, sums + a);
  for (; a < m; a++)
    multiply_few(stride, 1, 1, 1, missing + a, stride, matrix, row, sums + a);
}

static void expect(const uint32_t *missing, size_t m, size_t stride, const double *precision, const double *inverse, size_t n,
                   const double *rows, double *expected, double *work) {
  for (size_t r = 0; r < n; r++, expected += m) {
    multiply_row(m, missing, stride, precision, rows + r * stride, work);
    memset(expected, 0, m * sizeof *expected);
    for (size_t b = 0; b < m; b++)
      for (size_t a = 0; a < m; a++)
        expected[a] += inverse[b * m + a] * work[b];
  }
}

static void regress(const uint32_t *missing, size_t m, const uint32_t *observed, size_t o, size_t stride, const double *covariance,
                    const double *inverse, size_t n, const double *rows, double *expected, double *work) {
  double *u = work, *whole = work + o;
  for (size_t r = 0; r < n; r++) {
    const double *x = rows + r * stride;
    memset(work, 0, (o + stride) * sizeof *work);
    for (size_t i = 0; i < o; i++)
      for (size_t j = 0; j < o; j++)
        u[j] -= inverse[i * o + j] * x[observed[i]];
    for (size_t i = 0; i < o; i++)
      whole[observed[i]] = u[i];
    multiply_row(m, missing, stride, covariance, whole, expected + r * m);
  }
}

const emend_kernels EMEND_PASTE(emend_kernels_, EMEND_LEVEL) = {L, precision_form, score_form, condition, expect, regress, invert_columns};
