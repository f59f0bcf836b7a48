/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "mixture/inside.h"
#include "normal/inside.h"

/* Standardised variances below the first, or shares of unexplained variance below the second, mean that a component has collapsed. A
 * component of fewer rows than the third has lost them. */
static const double NO_VARIANCE = 1e-12, SINGULAR = 1e-8, LOST = 0.5;

static emend_status collapse(emend_mixture_problem *q, size_t component, size_t column, emend_error *error) {
  q->collapsed_component = component;
  q->collapsed_column = column;
  return emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "component %zu of the mixture collapsed", component + 1);
}

/* A spherical covariance is judged by its largest standardised variance: the others are small only by the units of their columns. */
static emend_status check_variances(emend_mixture_problem *q, size_t k, emend_error *error) {
  size_t p = q->p, step = q->diagonal ? 1 : p + 1;
  const double *c = q->now.covariance + k * p * (q->diagonal ? 1 : p);
  bool spherical = q->structure == EMEND_STRUCTURE_EII || q->structure == EMEND_STRUCTURE_VII;
  double largest = 0;
  for (size_t j = 0; j < p; j++) {
    double variance = c[j * step];
    largest = fmax(largest, variance);
    if (!isfinite(variance) || !(variance > (spherical ? 0 : NO_VARIANCE)))
      return collapse(q, k, j, error);
  }
  return largest > NO_VARIANCE ? EMEND_OK : collapse(q, k, 0, error);
}

/* The Cholesky factor of the correlations: a small pivot is a column that the others explain. Its determinant is taken on the way. */
static emend_status check_correlations(emend_mixture_problem *q, size_t k, double *log_determinant, emend_error *error) {
  size_t p = q->p;
  const double *c = q->now.covariance + k * p * p;
  double *factor = q->scratch, *unit = q->scratch + p * p;
  *log_determinant = 0;
  for (size_t a = 0; a < p; a++) {
    unit[a] = 1 / sqrt(c[a * p + a]);
    for (size_t b = 0; b <= a; b++) {
      double x = c[a * p + b] * unit[a] * unit[b];
      for (size_t i = 0; i < b; i++)
        x -= factor[a * p + i] * factor[b * p + i];
      if (b == a && !(x > SINGULAR))
        return collapse(q, k, p + 1 + a, error);
      factor[a * p + b] = b == a ? sqrt(x) : x / factor[b * p + b];
    }
    *log_determinant += 2 * log(factor[a * p + a] / unit[a]);
  }
  return EMEND_OK;
}

/* What the prior says of one covariance: - (nu log|S| + tr(inverse(S) Lambda)) / 2. */
static double log_prior(emend_mixture_problem *q, size_t k, double log_determinant) {
  size_t p = q->p;
  const double *c = q->now.covariance + k * p * (q->diagonal ? 1 : p);
  double trace = 0, smallest, ignored;
  if (q->diagonal) {
    log_determinant = 0;
    for (size_t j = 0; j < p; j++) {
      log_determinant += log(c[j]);
      trace += q->lambda[j] / c[j];
    }
  } else {
    double *inverse = q->scratch + p * p;
    memcpy(q->scratch, c, p * p * sizeof *c);
    if (!emend_normal_invert(p, q->scratch, inverse, &ignored, &smallest))
      return NAN;
    for (size_t j = 0; j < p; j++)
      trace += q->lambda[j] * inverse[j * p + j];
  }
  return -0.5 * (q->nu * log_determinant + trace);
}

static void lay_out(emend_mixture_problem *q) {
  size_t p = q->p, padded = q->shape.padded, entries = p * (q->diagonal ? 1 : p);
  for (size_t i = 0; i < entries; i++)
    for (size_t k = 0; k < padded; k++)
      q->covariance[i * padded + k] = k < q->n_components ? q->now.covariance[k * entries + i] : q->diagonal || i % (p + 1) == 0 ? 1 : 0;
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < padded; k++)
      q->center[j * padded + k] = k < q->n_components ? q->now.mean[k * p + j] : 0;
  for (size_t k = 0; k < q->n_components; k++)
    q->log_mixing[k] = log(q->now.mixing[k]);
}

/* Checks the covariances on the way, and takes the prior's density of them. */
static emend_status prepare(emend_mixture_problem *q, double *prior, emend_error *error) {
  emend_status status = EMEND_OK;
  *prior = 0;
  for (size_t k = 0; k < emend_structure_covariances(q->structure, q->n_components) && !status; k++) {
    double log_determinant = 0;
    status = check_variances(q, k, error);
    if (!status && !q->diagonal)
      status = check_correlations(q, k, &log_determinant, error);
    if (!status && q->nu > 0)
      *prior += log_prior(q, k, log_determinant);
  }
  if (!status)
    lay_out(q);
  return status;
}

emend_status emend_mixture_problem_prepare(emend_mixture_problem *q, emend_error *error) {
  double prior;
  return prepare(q, &prior, error);
}

emend_mixture_row_block emend_mixture_unit_rows(const emend_mixture_problem *q, const emend_mixture_unit *unit) {
  size_t stride = q->patterns->n_columns;
  return (emend_mixture_row_block){.o = unit->o,
                                   .columns = q->units->columns + unit->columns,
                                   .source = q->columns->source,
                                   .x = q->patterns->values + unit->first * stride,
                                   .stride = stride,
                                   .n = unit->n,
                                   .weights = q->patterns->weights ? q->patterns->weights + unit->first : NULL,
                                   .weight_factor = q->weight_factor};
}

static emend_mixture_sums sums_in(const emend_mixture_problem *q, double *statistics) {
  size_t padded = q->shape.padded;
  return (emend_mixture_sums){.weight = statistics,
                              .first = statistics + padded,
                              .second = statistics + padded + q->p * padded,
                              .log_likelihood = statistics[q->n_statistics]};
}

/* A chunk with a covariance that is not positive definite makes the log-likelihood NaN. */
static void run_chunk(void *context, size_t chunk) {
  emend_mixture_problem *q = context;
  double *statistics = emend_ordered_sum_take(q->statistics, chunk);
  emend_mixture_sums sums = sums_in(q, statistics);
  bool done = true;
  for (size_t u = q->units->chunks[chunk]; u < q->units->chunks[chunk + 1] && done; u++) {
    emend_mixture_row_block rows = emend_mixture_unit_rows(q, &q->units->units[u]);
    done = q->kernels->estep(&q->shape, &rows, &q->work[emend_ordered_sum_place(q->statistics, chunk)], &sums, NULL);
  }
  statistics[q->n_statistics] = done ? sums.log_likelihood : NAN;
  emend_ordered_sum_give(q->statistics, chunk);
}

/* Rows that a component needs for a covariance of its own, where no prior stands behind it. */
static double rows_needed(const emend_mixture_problem *q) {
  if (q->nu > 0 || emend_structure_covariances(q->structure, q->n_components) == 1)
    return LOST;
  return q->structure == EMEND_STRUCTURE_VVV ? (double)q->p + 1 : 2;
}

emend_status emend_mixture_problem_estep(void *state, double *objective, emend_error *error) {
  emend_mixture_problem *q = state;
  double prior;
  emend_status status = prepare(q, &prior, error);
  if (status)
    return status;
  emend_ordered_sum_start(q->statistics);
  emend_team_run(q->team, q->units->n_chunks, run_chunk, q);
  q->sums = sums_in(q, emend_ordered_sum_total(q->statistics));
  if (isnan(q->sums.log_likelihood))
    return collapse(q, 0, q->p, error);
  for (size_t k = 0; k < q->n_components; k++)
    if (!(q->sums.weight[k] > rows_needed(q)))
      return collapse(q, k, q->p, error);
  q->log_likelihood = q->sums.log_likelihood - 0.5 * log(2 * M_PI) * q->units->observed_weight;
  *objective = q->log_posterior = q->log_likelihood + prior;
  return isfinite(*objective) ? EMEND_OK : collapse(q, 0, q->p, error);
}
