/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_SCORE_FORM_H
#define NORMAL_SCORE_FORM_H

/* The score form of the E-step. Part of kernel.c, which is compiled once per level. */
#include "normal/inverse.h"

/* The score form of one row in each lane: u = minus inverse times d, d = x - c mean, then its products. Returns -d'u. */
EMEND_INLINE lanes score_row(const size_t o, const double *entries, const lanes *mean, const lanes *inverse, lanes *d, lanes *u,
                             lanes *products) {
  const lanes *x = (const lanes *)(const void *)entries;
  lanes c = x[o];
  for (size_t i = 0; i < o; i++)
    d[i] = x[i] - c * mean[i];
  for (size_t i = 0; i < o; i++) {
    lanes total = {0};
    for (size_t j = 0; j <= i; j++)
      total += inverse[i * o + j] * d[j];
    for (size_t j = i + 1; j < o; j++)
      total += inverse[j * o + i] * d[j];
    u[i] = total;
  }
  for (size_t i = 0; i < o; i++)
    for (size_t j = 0; j <= i; j++)
      products[i * o + j] += u[i] * u[j];
  lanes quadratic = {0};
  for (size_t i = 0; i < o; i++) {
    products[o * o + i] -= c * u[i];
    quadratic -= d[i] * u[i];
  }
  return quadratic;
}

EMEND_INLINE void scatter_scores(const size_t o, const emend_group *g, size_t stride, size_t p, double factor, const lanes *inverse,
                                 const lanes *own, double *products) {
  lanes weight = group_weight(g);
  for (size_t i = 0; i < o; i++) {
    double *to[L];
    for (size_t l = 0; l < L; l++)
      to[l] = products + (size_t)g->columns[i * L + l] * stride;
    for (size_t j = 0; j <= i; j++)
      scatter(g, factor * own[i * o + j] + weight * inverse[i * o + j], to, g->columns + j * L);
    lanes sum = factor * own[o * o + i];
    for (size_t l = 0; l < g->n_patterns; l++)
      to[l][p] += sum[l];
  }
}

/* From minus the inverses on: all rows of a group. Returns their part of sum w (x - mean)' u. */
EMEND_INLINE double score_rows(const size_t o, const emend_group *g, size_t p, const double *mean, double factor, size_t stride,
                               const lanes *inverse, lanes *own, lanes *means, double *products) {
  lanes *d = means + o, *u = means + 2 * o;
  for (size_t i = 0; i < o; i++) {
    lanes v = {0};
    for (size_t l = 0; l < L; l++)
      v[l] = mean[g->columns[i * L + l]];
    means[i] = v;
  }
  for (size_t i = 0; i < o * o + o; i++)
    own[i] = (lanes){0};
  lanes quadratic = {0};
  for (size_t r = 0; r < g->most_rows; r++)
    quadratic += score_row(o, g->entries + r * (o + 1) * L, means, inverse, d, u, own);
  scatter_scores(o, g, stride, p, factor, inverse, own, products);
  return factor * lanes_sum(quadratic);
}

/* R rows of a large pattern, whose entries lie one after the other; `d` and `u` hold 4 rows of wide(o). Returns their quadratic form. */
EMEND_INLINE double score_rows_alone(const size_t R, const emend_group *g, const double *entries, const double *mean, const double *inverse,
                                     double *own, double *sums, double *d, double *u) {
  size_t o = g->size, apart = wide(o);
  double quadratic = 0;
  EMEND_UNROLL for (size_t r = 0; r < R; r++)
    for (size_t i = 0; i < o; i++)
      d[r * apart + i] = entries[r * (o + 1) + i] - entries[r * (o + 1) + o] * mean[g->columns[i]];
  multiply_alone(R, o, inverse, d, u);
  add_pairs_alone(R, o, 1, u, own);
  EMEND_UNROLL for (size_t r = 0; r < R; r++)
    for (size_t i = 0; i < o; i++) {
      sums[i] -= entries[r * (o + 1) + o] * u[r * apart + i];
      quadratic -= d[r * apart + i] * u[r * apart + i];
    }
  return quadratic;
}

/* A large pattern by itself. */
static double score_one(const emend_group *g, size_t p, const double *covariance, const double *mean, double factor, size_t stride,
                        double *products, double *scratch) {
  size_t o = g->size, apart = wide(o);
  double *next = scratch, *inverse = lay(&next, tall(o) * apart), *own = lay(&next, tall(o) * apart), *sums = lay(&next, o),
         *d = lay(&next, 4 * apart), *u = lay(&next, 4 * apart), quadratic = 0;
  double logarithm = invert_alone(g->columns, o, p, covariance, inverse, next);
  if (isnan(logarithm))
    return logarithm;
  memset(own, 0, o * apart * sizeof *own);
  memset(sums, 0, o * sizeof *sums);
#define SCORE(R) quadratic += score_rows_alone(R, g, g->entries + r * (o + 1), mean, inverse, own, sums, d, u)
  EACH_R(g->most_rows, SCORE);
#undef SCORE
  for (size_t i = 0; i < o; i++) {
    double *to = products + (size_t)g->columns[i] * stride;
    for (size_t j = 0; j <= i; j++)
      to[g->columns[j]] += factor * own[i * apart + j] + g->weight[0] * inverse[i * apart + j];
    to[p] += factor * sums[i];
  }
  return g->weight[0] * logarithm + factor * quadratic;
}

/* With a constant size the loops over rows are unrolled, and what is small stays on the stack. */
EMEND_INLINE double score_few(const size_t o, const emend_group *g, size_t p, const double *covariance, const double *mean, double factor,
                              size_t stride, double *products, log_sum *logarithm) {
  lanes inverse[SWEEP_BLOCK * SWEEP_BLOCK], own[SWEEP_BLOCK * (SWEEP_BLOCK + 1)], means[3 * SWEEP_BLOCK];
  invert_few(o, g, p, covariance, inverse, logarithm);
  return score_rows(o, g, p, mean, factor, stride, inverse, own, means, products);
}

static double score_many(const emend_group *g, size_t p, const double *covariance, const double *mean, double factor, size_t stride,
                         double *products, double *scratch, log_sum *logarithm) {
  size_t o = g->size;
  double *next = scratch;
  lanes *inverse = (lanes *)(void *)lay(&next, o * o * L), *own = (lanes *)(void *)lay(&next, (o * o + o) * L),
        *means = (lanes *)(void *)lay(&next, 3 * o * L);
  invert_lanes(g, p, covariance, inverse, (lanes *)(void *)next, logarithm);
  return score_rows(o, g, p, mean, factor, stride, inverse, own, means, products);
}

static double score_form(const emend_group *groups, size_t n, size_t p, size_t stride, const double *covariance, const double *mean,
                         double factor, double *products, double *scratch) {
  log_sum logarithm = log_sum_new();
  double sum = 0;
  for (const emend_group *g = groups; g < groups + n; g++) {
    if (g->n_lanes == 1) {
      sum += score_one(g, p, covariance, mean, factor, stride, products, scratch);
      continue;
    }
#define SCORE(o) sum += score_few(o, g, p, covariance, mean, factor, stride, products, &logarithm)
    switch (g->size) {
      EMEND_SIZES(SCORE)
    default: sum += score_many(g, p, covariance, mean, factor, stride, products, scratch, &logarithm);
    }
#undef SCORE
  }
  return sum + log_sum_total(&logarithm);
}

#endif
