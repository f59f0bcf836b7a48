/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"
#include "normal/inside.h"
#include "pattern/scan.h"

/* What the observed entries alone say: sums and products that stay the same in every iteration, and where EM starts. */

/* Missing entries are stored as 0, so the full product of a row is its observed part. Chunks of patterns have about as many stored rows
 * each. */
typedef struct constants {
  const emend_normal_problem *problem;
  const emend_scan *scan;
  bool score; /* of patterns that take the score form; else of those that take the precision form, or miss nothing */
  size_t n_chunks;
  emend_ordered_sum *products; /* (p + 1) x stride */
} constants;

/* The products of n rows; a few at a time, which stay near while they are multiplied. */
static void add_rows(const constants *c, size_t n, const double *rows, double *products) {
  enum { NEAR = 1536, FEWEST = 16 };
  size_t p = c->problem->p, stride = c->problem->stride, some = NEAR / stride < FEWEST ? (size_t)FEWEST : NEAR / stride;
  for (size_t i = 0; i < n; i += some)
    c->scan->add_products(n - i < some ? n - i : some, p + 1, stride, rows + i * stride, products);
}

static void add_chunk_of_constants(void *context, size_t chunk) {
  const constants *c = context;
  const emend_reduced *reduced = c->problem->reduced;
  size_t first = reduced->n_stored * chunk / c->n_chunks, last = reduced->n_stored * (chunk + 1) / c->n_chunks;
  size_t begin = 0, end = 0; /* rows of patterns that stand together */
  double *products = emend_ordered_sum_take(c->products, chunk);
  for (size_t s = 0; s < reduced->n_patterns; s++) {
    const emend_reduced_pattern *q = &reduced->patterns[s];
    if (q->first < first || q->first >= last || c->problem->groups->is_score[s] != c->score)
      continue;
    if (q->first != end) {
      add_rows(c, end - begin, reduced->rows + begin * reduced->stride, products);
      begin = q->first;
    }
    end = q->first + q->n_stored;
  }
  add_rows(c, end - begin, reduced->rows + begin * reduced->stride, products);
  emend_ordered_sum_give(c->products, chunk);
}

emend_status emend_normal_sum_products(const emend_normal_problem *q, bool score, double *sums, emend_error *error) {
  size_t p = q->p, stride = q->stride;
  constants c = {.problem = q, .scan = emend_scans[emend_level_choose()], .score = score, .n_chunks = q->groups->n_chunks};
  emend_status status = emend_ordered_sum_new((p + 1) * stride, c.n_chunks, emend_team_size(q->team), &c.products, error);
  if (status)
    return status;
  emend_ordered_sum_start(c.products);
  emend_team_run(q->team, c.n_chunks, add_chunk_of_constants, &c);
  const double *total = emend_ordered_sum_total(c.products);
  memset(sums, 0, p * stride * sizeof *sums);
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k <= p && q->active[j]; k++)
      if (k == p || q->active[k])
        sums[j * stride + k] = q->weight_factor * (k <= j ? total[j * stride + k] : total[k * stride + j]);
  emend_ordered_sum_free(c.products);
  return EMEND_OK;
}

/* Available-case means and variances (in standardised columns 0 and 1 unless standardised by other numbers), no correlation. */
static void start_apart(emend_normal_problem *q) {
  const emend_reduced *reduced = q->reduced;
  size_t p = q->p;
  q->factorised = false;
  memset(q->covariance, 0, p * p * sizeof *q->covariance);
  for (size_t j = 0; j < p; j++) {
    bool known = q->active[j] && reduced->column_weight[j] > 0;
    double variance = known ? reduced->variance[j] : 1;
    q->mean[j] = known ? reduced->mean[j] : 0;
    q->covariance[j * p + j] = variance > 1e-12 ? variance : 1;
  }
}

/* The weight of the rows that have both of two columns, k < j: all, less those that miss either, and again those that miss both. */
static void weigh_pairs(const emend_normal_problem *q, double *weights) {
  const emend_reduced *reduced = q->reduced;
  size_t p = q->p;
  double total = 0;
  memset(weights, 0, p * p * sizeof *weights);
  for (size_t s = 0; s < reduced->n_patterns; s++) {
    const emend_reduced_pattern *pattern = &reduced->patterns[s];
    total += pattern->weight;
    for (size_t a = 0; a < pattern->n_missing; a++)
      for (size_t b = 0; b <= a; b++)
        weights[pattern->missing[a] * p + pattern->missing[b]] += pattern->weight;
  }
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < j; k++)
      weights[j * p + k] = q->weight_factor * (total - weights[j * p + j] - weights[k * p + k] + weights[j * p + k]);
}

/* Correlations over the rows that have both columns, the nearer to 0 the fewer there are: with no more than there are columns they tell
 * nothing together. In the place of the pairs' weights. */
static void correlate(const emend_normal_problem *q, const double *products, double *correlations) {
  size_t p = q->p, stride = q->stride;
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < j; k++) {
      double weight = correlations[j * p + k], scale = sqrt(q->covariance[j * p + j] * q->covariance[k * p + k]);
      bool known = q->active[j] && q->active[k] && weight > 0;
      double r = known ? (products[j * stride + k] / weight - q->mean[j] * q->mean[k]) / scale * fmax(0, 1 - (double)p / weight) : 0;
      correlations[j * p + k] = fabs(r) <= 1 ? r : 0;
    }
}

/* The largest share of the correlations with which the covariance is well away from singular: pairs that are known from different rows need
 * not fit together. */
static void start_together(emend_normal_problem *q, const double *correlations) {
  static const double AWAY = 0.01, SMALLER = 0.7, SMALLEST = 0.05;
  size_t p = q->p;
  for (double share = 1; share > SMALLEST; share *= SMALLER) {
    for (size_t j = 0; j < p; j++)
      for (size_t k = 0; k < j; k++)
        q->covariance[j * p + k] = q->covariance[k * p + j] =
            share * correlations[j * p + k] * sqrt(q->covariance[j * p + j] * q->covariance[k * p + k]);
    memcpy(q->factor, q->covariance, p * p * sizeof *q->factor);
    q->factorised = emend_blas_factorise(p, q->factor);
    double smallest = INFINITY;
    for (size_t j = 0; j < p && q->factorised; j++)
      smallest = fmin(smallest, q->factor[j * p + j] * q->factor[j * p + j] / q->covariance[j * p + j]);
    if (q->factorised && smallest > AWAY)
      return;
  }
  start_apart(q);
}

emend_status emend_normal_start(emend_normal_problem *q, emend_error *error) {
  size_t p = q->p, padded = p * q->stride;
  start_apart(q);
  if (q->n_active < 2 || q->groups->complete)
    return EMEND_OK;
  double *products = emend_allocate_aligned(padded, sizeof *products), *correlations = emend_allocate(p, p * sizeof *correlations);
  emend_status status = products && correlations ? EMEND_OK : emend_fail_memory(error);
  if (!status && q->groups->n_score)
    status = emend_normal_sum_products(q, true, products, error);
  for (size_t i = 0; i < padded && !status; i++)
    products[i] += q->constant_products[i];
  if (!status) {
    weigh_pairs(q, correlations);
    correlate(q, products, correlations);
    start_together(q, correlations);
  }
  free(products), free(correlations);
  return status;
}
