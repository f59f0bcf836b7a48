/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_INVERSE_H
#define NORMAL_INVERSE_H

/* Inverses of the patterns' parts of a symmetric matrix: small ones side by side, large ones one by one (alone.h). Part of kernel.c, which is compiled
 * once per level. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/lanes.h"
#include "normal/alone.h"
#include "normal/kernel.h"
#include "normal/sweep.h"

enum { L = EMEND_LANES };

EMEND_INLINE int all(lane_bits good) {
  int64_t bits = -1;
  for (size_t i = 0; i < L; i++)
    bits &= good[i];
  return bits != 0;
}

/* Room laid out piece by piece, each aligned to a vector. */
static size_t round_up(size_t n) { return (n + EMEND_MOST_LANES - 1) / EMEND_MOST_LANES * EMEND_MOST_LANES; }

EMEND_INLINE double *lay(double **next, size_t n) {
  double *at = *next;
  *next += round_up(n);
  return at;
}

/* The lower triangles of the patterns' parts of a symmetric matrix, side by side. */
EMEND_INLINE void gather(const size_t n, const uint32_t *columns, size_t stride, const double *matrix, lanes *a) {
  for (size_t i = 0; i < n; i++) {
    const double *row[L];
    for (size_t l = 0; l < L; l++)
      row[l] = matrix + (size_t)columns[i * L + l] * stride;
    for (size_t j = 0; j <= i; j++) {
      lanes v = {0};
      for (size_t l = 0; l < L; l++)
        v[l] = row[l][columns[j * L + l]];
      a[i * n + j] = v;
    }
  }
}

/* The other way: lane l of a vector is added to to[l][columns[l]]. */
EMEND_INLINE void scatter(const emend_group *g, lanes v, double *const *to, const uint32_t *columns) {
  if (g->n_patterns == L)
    EMEND_UNROLL for (size_t l = 0; l < L; l++)
      to[l][columns[l]] += v[l];
  else
    for (size_t l = 0; l < g->n_patterns; l++)
      to[l][columns[l]] += v[l];
}

/* The sum of weight times logarithm of determinant, lane by lane. As long as the weights stay the same it is one logarithm of a product. */
typedef struct log_sum {
  lanes product, weight;
  lane_bits good; /* lanes are cleared for good where a pivot is not positive */
  double sum;
} log_sum;

EMEND_INLINE log_sum log_sum_new(void) { return (log_sum){.product = lanes_all(1), .good = ~(lane_bits){0}}; }

static void log_sum_settle(log_sum *s) {
  for (size_t l = 0; l < L; l++)
    s->sum += s->weight[l] != 0 ? s->weight[l] * log(s->product[l]) : 0;
  s->product = lanes_all(1);
}

/* At most SWEEP_BLOCK pivots at a time, so that the product cannot leave the range of numbers. */
EMEND_INLINE void log_sum_add(log_sum *s, lanes weight, lanes determinant) {
  lane_bits same = (weight == s->weight) & (s->product > 1e-100) & (s->product < 1e100);
  if (!all(same)) {
    log_sum_settle(s);
    s->weight = weight;
  }
  s->product *= determinant;
}

/* NaN if a matrix was not positive definite. */
EMEND_INLINE double log_sum_total(log_sum *s) {
  log_sum_settle(s);
  return all(s->good) ? s->sum : NAN;
}

EMEND_INLINE lanes group_weight(const emend_group *g) {
  return lanes_load(g->weight);
}

/* Minus the inverses of a group's parts into `a` (n x n vectors, lower triangles); with a constant n, up to SWEEP_BLOCK, the compiler
 * unrolls all of it. */
EMEND_INLINE void invert_few(const size_t n, const emend_group *g, size_t stride, const double *matrix, lanes *a, log_sum *logarithm) {
  lanes own[SWEEP_BLOCK * SWEEP_BLOCK], determinant = lanes_all(1);
  gather(n, g->columns, stride, matrix, own);
  sweep_few(n, n, own, &determinant, &logarithm->good);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      a[i * n + j] = own[i * n + j];
  log_sum_add(logarithm, group_weight(g), determinant);
}

/* The same for any n; `spare` holds 2 n SWEEP_BLOCK vectors. */
static void invert_lanes(const emend_group *g, size_t stride, const double *matrix, lanes *a, lanes *spare, log_sum *logarithm) {
  lanes products[EMEND_MOST_SIDE_BY_SIDE / SWEEP_BLOCK];
  size_t blocks = (g->size + SWEEP_BLOCK - 1) / SWEEP_BLOCK;
  for (size_t b = 0; b < blocks; b++)
    products[b] = lanes_all(1);
  gather(g->size, g->columns, stride, matrix, a);
  sweep(g->size, a, spare, products, &logarithm->good);
  for (size_t b = 0; b < blocks; b++)
    log_sum_add(logarithm, group_weight(g), products[b]);
}

#endif
