/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"
#include "normal/inside.h"

static const double LOG_2_PI = 1.8378770664093454836;

static void free_each(double **blocks, size_t n) {
  for (size_t i = 0; blocks && i < n; i++)
    free(blocks[i]);
  free(blocks);
}

static void free_groups(emend_normal_problem *q) {
  free_each(q->scratch, q->statistics ? emend_ordered_sum_places(q->statistics) : 0);
  emend_ordered_sum_free(q->statistics);
  emend_groups_free(q->groups);
  q->scratch = NULL;
  q->statistics = NULL;
  q->groups = NULL;
}

void emend_normal_problem_free(emend_normal_problem *q) {
  if (!q)
    return;
  free_groups(q);
  free((void *)(uintptr_t)q->active);
  free(q->prior.lambda), free(q->mean), free(q->covariance), free(q->inverse), free(q->factor), free(q->precision);
  free(q->constant_products), free(q->sum), free(q->cross_products), free(q);
}

static emend_status allocate_matrices(emend_normal_problem *q, emend_error *error) {
  size_t p = q->p, padded = p * q->stride, pp = p * p;
  q->prior.lambda = emend_allocate(pp, sizeof(double));
  q->mean = emend_allocate(p, sizeof(double));
  q->sum = emend_allocate(p, sizeof(double));
  q->covariance = emend_allocate_aligned(pp, sizeof(double));
  q->inverse = emend_allocate_aligned(pp, sizeof(double));
  q->factor = emend_allocate_aligned((p + 2) * (p + 2), sizeof(double));
  q->precision = emend_allocate_aligned(padded, sizeof(double));
  q->constant_products = emend_allocate_aligned(padded, sizeof(double));
  q->cross_products = emend_allocate_aligned(pp, sizeof(double));
  bool ok = q->prior.lambda && q->mean && q->sum && q->covariance && q->inverse && q->factor && q->precision && q->constant_products &&
            q->cross_products;
  return ok ? EMEND_OK : emend_fail_memory(error);
}

static emend_status allocate_statistics(emend_normal_problem *q, emend_error *error) {
  const emend_groups *groups = q->groups;
  size_t padded = q->p * q->stride;
  q->n_statistics = (groups->n_score > 0 ? 2 : 1) * padded;
  emend_status status = emend_ordered_sum_new(q->n_statistics + 1, groups->n_chunks, emend_team_size(q->team), &q->statistics, error);
  if (status)
    return status;
  size_t n = emend_ordered_sum_places(q->statistics);
  q->scratch = emend_allocate(n, sizeof *q->scratch);
  bool ok = q->scratch != NULL;
  for (size_t i = 0; ok && i < n; i++)
    ok = (q->scratch[i] = emend_allocate_aligned(emend_kernel_scratch(groups->largest), sizeof(double))) != NULL;
  return ok ? EMEND_OK : emend_fail_memory(error);
}

/* The patterns in groups, and what depends on that. */
static emend_status group(emend_normal_problem *q, emend_form form, emend_error *error) {
  free_groups(q);
  emend_status status = emend_groups_new(q->reduced, q->active, q->weight_factor, form, q->kernels->n_lanes, &q->groups, error);
  if (!status)
    status = allocate_statistics(q, error);
  return status ? status : emend_normal_sum_products(q, false, q->constant_products, error);
}

static emend_status fill(emend_normal_problem *q, const bool *active, const emend_normal_prior_terms *prior, emend_error *error) {
  size_t p = q->p;
  bool *active_copy = emend_allocate(p, sizeof *active_copy);
  q->active = active_copy;
  emend_status status = active_copy ? allocate_matrices(q, error) : emend_fail_memory(error);
  if (status)
    return status;
  memcpy(active_copy, active, p * sizeof *active_copy);
  if (prior->lambda)
    memcpy(q->prior.lambda, prior->lambda, p * p * sizeof(double));
  for (size_t j = 0; j < p; j++)
    q->n_active += active[j];
  status = group(q, emend_form_choose(), error);
  if (status)
    return status;
  q->weight = q->groups->precision_weight + q->groups->score_weight;
  return emend_normal_start(q, error);
}

emend_status emend_normal_problem_new(const emend_reduced *reduced, const bool *active, double weight_factor,
                                      const emend_normal_prior_terms *prior, emend_team *team, emend_normal_problem **problem,
                                      emend_error *error) {
  *problem = NULL;
  emend_normal_problem *q = emend_allocate(1, sizeof *q);
  if (!q)
    return emend_fail_memory(error);
  q->reduced = reduced;
  q->p = reduced->n_columns;
  q->stride = reduced->stride;
  q->kernels = emend_kernels_of(emend_level_choose());
  q->weight_factor = weight_factor;
  q->prior = *prior;
  q->prior.lambda = NULL;
  q->team = team;
  emend_status status = fill(q, active, prior, error);
  if (status)
    emend_normal_problem_free(q);
  else
    *problem = q;
  return status;
}

/* In an order that depends on n alone; BLAS's may depend on where the vectors lie, and that on the threads. */
static double dot(size_t n, const double *a, const double *b) {
  enum { CHAINS = 8 };
  double sums[CHAINS] = {0};
  size_t i = 0;
  for (; i + CHAINS <= n; i += CHAINS)
    for (size_t k = 0; k < CHAINS; k++)
      sums[k] += a[i + k] * b[i + k];
  for (size_t k = 0; i < n; i++, k++)
    sums[k] += a[i] * b[i];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

/* A share of unexplained variance below which a column is a combination of others (docs/methods.md section 5). */
static const double SINGULAR = 1e-8;
/* Below this share the large terms of the score form cancel to fewer digits than the precision form keeps: it takes over. */
static const double CANCELLING = 1e-3;

/* The smallest 1 - R2 of a column given all the others. A pivot has only the columns before it: many small steps down can hide behind
 * pivots that are large enough, and then nothing is left of the digits. */
static double unexplained(const emend_normal_problem *q) {
  double smallest = 1;
  for (size_t j = 0; j < q->p; j++)
    smallest = fmin(smallest, 1 / (q->covariance[j * q->p + j] * q->inverse[j * q->p + j]));
  return smallest;
}

/* The matrix that the precision form reads. */
static void pad(emend_normal_problem *q) {
  size_t p = q->p;
  for (size_t j = 0; j < p; j++) {
    const double *row = q->inverse + j * p;
    memcpy(q->precision + j * q->stride, row, p * sizeof *row);
    q->precision[j * q->stride + p] = -dot(p, row, q->mean);
  }
}

static void run_chunk(void *state, size_t c) {
  emend_normal_problem *q = state;
  const emend_groups *groups = q->groups;
  const emend_chunk *chunk = &groups->chunks[c];
  double *statistics = emend_ordered_sum_take(q->statistics, c), *term = statistics + q->n_statistics;
  double *scratch = q->scratch[emend_ordered_sum_place(q->statistics, c)];
  if (chunk->n_precision > 0)
    *term += q->kernels->precision(groups->precision + chunk->first_precision, chunk->n_precision, q->p, q->stride, q->precision,
                                   q->weight_factor, statistics, scratch);
  if (chunk->n_score > 0)
    *term += q->kernels->score(groups->score + chunk->first_score, chunk->n_score, q->p, q->stride, q->covariance, q->mean,
                               q->weight_factor, statistics + q->p * q->stride, scratch);
  emend_ordered_sum_give(q->statistics, c);
}

/* All chunks' statistics. Returns their part of -2 log-likelihood. */
static double run_chunks(emend_normal_problem *q) {
  emend_ordered_sum_start(q->statistics);
  emend_team_run(q->team, q->groups->n_chunks, run_chunk, q);
  return emend_ordered_sum_total(q->statistics)[q->n_statistics];
}

/* T1 and T2 of the precision form: its constant part, and U + U'. Returns its trace of K times the scatter of the completed rows about the
 * mean, without the conditional covariances, whose trace with K is m for each row. */
static double finish_precision(emend_normal_problem *q) {
  size_t p = q->p, stride = q->stride;
  const double *u = emend_ordered_sum_total(q->statistics), *constant = q->constant_products;
  for (size_t j = 0; j < p; j++) {
    q->sum[j] = constant[j * stride + p] + u[j * stride + p];
    for (size_t k = 0; k <= j; k++)
      q->cross_products[j * p + k] = q->cross_products[k * p + j] = constant[j * stride + k] + u[j * stride + k] + u[k * stride + j];
  }
  double trace = dot(p * p, q->inverse, q->cross_products) - q->groups->precision_missing;
  for (size_t j = 0; j < p; j++)
    trace -= q->precision[j * stride + p] * (q->groups->precision_weight * q->mean[j] - 2 * q->sum[j]);
  return trace;
}

/* Adds T1 and T2 of the score form: with W their weight, W mean + S U1 and W (S + mean mean') + S U2 S + (S U1) mean' + mean (S U1)'. */
static void finish_score(emend_normal_problem *q) {
  size_t p = q->p, stride = q->stride;
  double weight = q->groups->score_weight, *u2 = q->precision;
  const double *scores = emend_ordered_sum_total(q->statistics) + p * stride;
  double *shift = q->factor + p * p; /* S U1 */
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k <= j; k++)
      u2[j * p + k] = u2[k * p + j] = scores[j * stride + k];
  for (size_t j = 0; j < p; j++) {
    shift[j] = 0;
    for (size_t k = 0; k < p; k++)
      shift[j] += q->covariance[j * p + k] * scores[k * stride + p];
  }
  emend_blas_sandwich(p, q->covariance, u2, q->factor);
  for (size_t j = 0; j < p; j++) {
    q->sum[j] += weight * q->mean[j] + shift[j];
    for (size_t k = 0; k <= j; k++) {
      double x =
          weight * (q->covariance[j * p + k] + q->mean[j] * q->mean[k]) + u2[j * p + k] + shift[j] * q->mean[k] + q->mean[j] * shift[k];
      q->cross_products[j * p + k] += x;
      if (k < j)
        q->cross_products[k * p + j] += x;
    }
  }
}

/* The completing of the square gives the log-likelihood at the parameters that entered the E-step (docs/methods.md section 2). */
static void evaluate(emend_normal_problem *q, double terms) {
  const emend_groups *g = q->groups;
  double observed = g->precision_observed + g->score_observed;
  q->log_likelihood = -0.5 * (observed * LOG_2_PI + g->precision_weight * q->log_determinant + terms);
  q->log_posterior =
      q->log_likelihood - 0.5 * (q->prior.nu * q->log_determinant + dot(q->p * q->p, q->inverse, q->prior.lambda));
}

static emend_status estep(void *state, double *objective, emend_error *error) {
  emend_normal_problem *q = state;
  size_t p = q->p;
  double smallest;
  q->margin = 0;
  if (!q->factorised)
    memcpy(q->factor, q->covariance, p * p * sizeof *q->factor);
  bool regular = (q->factorised || emend_blas_factorise(p, q->factor)) &&
                 emend_normal_invert_factor(p, q->factor, q->team, q->inverse, &q->log_determinant, &smallest);
  q->factorised = false; /* there will be products in its place */
  if (regular)
    smallest = fmin(smallest, unexplained(q));
  if (!regular || smallest < SINGULAR)
    return emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the covariance matrix became singular");
  if (smallest < CANCELLING && q->groups->n_score) {
    emend_status status = group(q, EMEND_FORM_PRECISION, error);
    if (status)
      return status;
  }
  pad(q);
  double terms = run_chunks(q);
  if (isnan(terms))
    return emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the covariance matrix became singular");
  double trace = finish_precision(q);
  if (q->groups->n_score)
    finish_score(q);
  evaluate(q, terms + trace);
  q->margin = smallest;
  *objective = q->log_posterior;
  return isfinite(*objective) ? EMEND_OK : emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the likelihood is no longer finite");
}

static void mstep(void *state) {
  emend_normal_problem *q = state;
  size_t p = q->p;
  q->factorised = false;
  for (size_t j = 0; j < p; j++)
    q->mean[j] = q->active[j] ? q->sum[j] / q->weight : 0;
  /* One half is computed and mirrored: rounding must not make the matrix unsymmetric. */
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k <= j; k++)
      q->covariance[j * p + k] = q->covariance[k * p + j] =
          q->active[j] && q->active[k] ? (q->cross_products[j * p + k] - q->weight * q->mean[j] * q->mean[k] + q->prior.lambda[j * p + k]) /
                                             (q->weight + q->prior.nu)
                                       : j == k;
}

static double margin(const void *state) { return ((const emend_normal_problem *)state)->margin; }

static void get(const void *state, double *parameters) {
  const emend_normal_problem *q = state;
  size_t p = q->p;
  memcpy(parameters, q->mean, p * sizeof *parameters);
  parameters += p;
  for (size_t j = 0; j < p; j++, parameters += j)
    memcpy(parameters, q->covariance + j * p, (j + 1) * sizeof *parameters);
}

/* Means by a thousandth of a standard deviation, and a common factor added to the covariance, which keeps it positive definite. */
static void nudge(void *state) {
  emend_normal_problem *q = state;
  size_t p = q->p;
  q->factorised = false;
  for (size_t j = 0; j < p; j++) {
    if (!q->active[j])
      continue;
    q->mean[j] += 1e-3;
    for (size_t k = 0; k < p; k++)
      q->covariance[j * p + k] += q->active[k] ? 1e-3 : 0;
  }
}

/* Mean and log-Cholesky factor of the covariance: any numbers are a valid model. */
static bool get_free(void *state, double *parameters) {
  emend_normal_problem *q = state;
  size_t p = q->p;
  memcpy(parameters, q->mean, p * sizeof *parameters);
  memcpy(q->factor, q->covariance, p * p * sizeof *q->factor);
  q->factorised = emend_blas_factorise(p, q->factor);
  parameters += p;
  for (size_t j = 0; j < p && q->factorised; j++) {
    *parameters++ = log(q->factor[j * p + j]);
    memcpy(parameters, q->factor + j * p + j + 1, (p - j - 1) * sizeof *parameters);
    parameters += p - j - 1;
  }
  return q->factorised;
}

static void set_free(void *state, const double *parameters) {
  emend_normal_problem *q = state;
  size_t p = q->p;
  memcpy(q->mean, parameters, p * sizeof *parameters);
  parameters += p;
  memset(q->factor, 0, p * p * sizeof *q->factor);
  for (size_t j = 0; j < p; j++) {
    q->factor[j * p + j] = exp(*parameters++);
    memcpy(q->factor + j * p + j + 1, parameters, (p - j - 1) * sizeof *parameters);
    parameters += p - j - 1;
  }
  q->factorised = true;
  emend_blas_square(p, q->factor, q->covariance);
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < j; k++)
      q->covariance[j * p + k] = q->covariance[k * p + j];
}

emend_em_model emend_normal_problem_model(emend_normal_problem *q) {
  size_t n = q->p + q->p * (q->p + 1) / 2;
  return (emend_em_model){.state = q,
                          .n_parameters = n,
                          .estep = estep,
                          .mstep = mstep,
                          .get = get,
                          .nudge = nudge,
                          .margin = margin,
                          .n_free = n,
                          .get_free = get_free,
                          .set_free = set_free};
}
