/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiled once per instruction set: EMEND_LEVEL is its name, EMEND_LANES the doubles of its vectors. */
#include "normal/kernel.h"

#include <math.h>
#include <string.h>

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define QUOTE_(a) #a
#define QUOTE(a) QUOTE_(a)

typedef double vector __attribute__((vector_size(EMEND_LANES * sizeof(double)), aligned(sizeof(double))));

static inline __attribute__((always_inline)) vector load(const double *p) { return *(const vector *)(const void *)p; }
static inline __attribute__((always_inline)) void store(double *p, vector v) { *(vector *)(void *)p = v; }

static inline __attribute__((always_inline)) double sum_of(vector v) {
  double s = 0;
  for (int i = 0; i < EMEND_LANES; i++)
    s += v[i];
  return s;
}

/* Lower Cholesky factor of K_MM with reciprocal diagonal; its log-determinant by one logarithm unless the product nears the range's ends. */
static double factorise(size_t stride, const double *precision, const uint32_t *missing, size_t m, double *factor) {
  double product = 1, logs = 0;
  for (size_t a = 0; a < m; a++) {
    const double *row = precision + (size_t)missing[a] * stride;
    for (size_t b = 0; b < a; b++) {
      double x = row[missing[b]];
      for (size_t c = 0; c < b; c++)
        x -= factor[a * m + c] * factor[b * m + c];
      factor[a * m + b] = x * factor[b * m + b];
    }
    double pivot = row[missing[a]];
    for (size_t c = 0; c < a; c++)
      pivot -= factor[a * m + c] * factor[a * m + c];
    if (!(pivot > 0))
      return NAN;
    factor[a * m + a] = 1 / sqrt(pivot);
    product *= pivot;
    if (product < 1e-200 || product > 1e200) {
      logs += log(product);
      product = 1;
    }
  }
  return logs + log(product);
}

/* Inverse of L L' (reciprocal diagonal stored), both triangles: X = inverse(L) by columns, then X'X. */
static void invert(size_t m, const double *factor, double *inverse) {
  for (size_t b = 0; b < m; b++) {
    inverse[b * m + b] = factor[b * m + b];
    for (size_t a = b + 1; a < m; a++) {
      double x = 0;
      for (size_t c = b; c < a; c++)
        x -= factor[a * m + c] * inverse[c * m + b];
      inverse[a * m + b] = x * factor[a * m + a];
    }
  }
  for (size_t a = 0; a < m; a++)
    for (size_t b = 0; b <= a; b++) {
      double x = 0;
      for (size_t c = a; c < m; c++)
        x += inverse[c * m + a] * inverse[c * m + b];
      inverse[b * m + a] = x; /* the upper triangle: row a of the lower is still needed, below row a nothing of column a is */
    }
  for (size_t a = 0; a < m; a++)
    for (size_t b = 0; b < a; b++)
      inverse[a * m + b] = inverse[b * m + a];
}

/* A rows of the regression -C K_M. from row `first`: their sums stay in registers while the rows of K pass by. */
static inline __attribute__((always_inline)) void regress_rows(const size_t A, size_t first, size_t stride, const double *precision,
                                                               const uint32_t *missing, size_t m, const double *covariance, double *regression) {
  for (size_t k = 0; k < stride; k += EMEND_LANES) {
    vector total[4];
    for (size_t a = 0; a < A; a++)
      total[a] = (vector){0};
    for (size_t b = 0; b < m; b++) {
      vector row = load(precision + (size_t)missing[b] * stride + k);
      for (size_t a = 0; a < A; a++)
        total[a] -= covariance[(first + a) * m + b] * row;
    }
    for (size_t a = 0; a < A; a++)
      store(regression + (first + a) * stride + k, total[a]);
  }
}

static void regress(size_t stride, const double *precision, const uint32_t *missing, size_t m, const double *covariance, double *regression) {
  size_t a = 0;
  for (; a + 4 <= m; a += 4)
    regress_rows(4, a, stride, precision, missing, m, covariance, regression);
  if (a + 2 <= m) {
    regress_rows(2, a, stride, precision, missing, m, covariance, regression);
    a += 2;
  }
  if (a < m)
    regress_rows(1, a, stride, precision, missing, m, covariance, regression);
}

static double condition(size_t stride, const double *precision, const double *mean, const uint32_t *missing, size_t m,
                        const emend_conditional *out) {
  double log_determinant = factorise(stride, precision, missing, m, out->factor);
  if (isnan(log_determinant))
    return log_determinant;
  invert(m, out->factor, out->covariance);
  regress(stride, precision, missing, m, out->covariance, out->regression);
  for (size_t a = 0; a < m; a++) {
    double *row = out->regression + a * stride;
    for (size_t b = 0; b < m; b++)
      row[missing[b]] = 0;
    vector total = {0};
    for (size_t k = 0; k < stride; k += EMEND_LANES)
      total += load(row + k) * load(mean + k);
    out->offset[a] = mean[missing[a]] - sum_of(total);
  }
  return log_determinant;
}

/* R rows at once: their expectations, then the update of the missing columns' rows of `products`. */
static inline __attribute__((always_inline)) void accumulate_rows(const size_t R, size_t p, size_t stride, const uint32_t *missing, size_t m,
                                                                  const emend_conditional *conditional, const emend_kernel_rows *rows,
                                                                  size_t first, double *sum, double *products, double *scratch) {
  double *copy = scratch, *expected = scratch + 4 * stride;
  double c[4], w[4];
  for (size_t r = 0; r < R; r++)
    memcpy(copy + r * stride, rows->x + (first + r) * p, p * sizeof *copy); /* the padding stays 0 */
  for (size_t r = 0; r < R; r++) {
    c[r] = rows->constants ? rows->constants[first + r] : 1;
    w[r] = rows->weights ? rows->weights[first + r] * rows->weight_factor : 1;
  }
  for (size_t a = 0; a < m; a++) {
    const double *b = conditional->regression + a * stride;
    vector total[4];
    for (size_t r = 0; r < R; r++)
      total[r] = (vector){0};
    for (size_t k = 0; k < stride; k += EMEND_LANES) {
      vector bk = load(b + k);
      for (size_t r = 0; r < R; r++)
        total[r] += bk * load(copy + r * stride + k);
    }
    for (size_t r = 0; r < R; r++)
      expected[a * 4 + r] = sum_of(total[r]) + c[r] * conditional->offset[a];
  }
  for (size_t a = 0; a < m; a++)
    for (size_t r = 0; r < R; r++)
      copy[r * stride + missing[a]] = 0.5 * expected[a * 4 + r]; /* halved: a pair of missing columns meets twice in U + U' */
  for (size_t a = 0; a < m; a++) {
    double *u = products + (size_t)missing[a] * stride, e[4], s = 0;
    for (size_t r = 0; r < R; r++) {
      e[r] = w[r] * expected[a * 4 + r];
      s += c[r] * e[r];
    }
    sum[missing[a]] += s;
    for (size_t k = 0; k < stride; k += EMEND_LANES) {
      vector uk = load(u + k);
      for (size_t r = 0; r < R; r++)
        uk += e[r] * load(copy + r * stride + k);
      store(u + k, uk);
    }
  }
}

static void accumulate(size_t p, size_t stride, const uint32_t *missing, size_t m, const emend_conditional *conditional, const emend_kernel_rows *rows,
                       double *sum, double *products, double *scratch) {
  size_t r = 0;
  for (; r + 4 <= rows->n; r += 4)
    accumulate_rows(4, p, stride, missing, m, conditional, rows, r, sum, products, scratch);
  if (r + 2 <= rows->n) {
    accumulate_rows(2, p, stride, missing, m, conditional, rows, r, sum, products, scratch);
    r += 2;
  }
  if (r < rows->n)
    accumulate_rows(1, p, stride, missing, m, conditional, rows, r, sum, products, scratch);
}

const emend_kernels PASTE(emend_kernels_, EMEND_LEVEL) = {QUOTE(EMEND_LEVEL), condition, accumulate};
