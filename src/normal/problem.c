/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "normal/lapack.h"
#include "normal/units.h"

void emend_normal_problem_free(emend_normal_problem *q) {
  if (!q)
    return;
  emend_normal_units_free(q);
  emend_conditional_free(&q->conditional);
  free(q->scratch);
  free((void *)(uintptr_t)q->active);
  free(q->prior.lambda), free(q->mean), free(q->covariance), free(q->precision), free(q->inverse), free(q->factor), free(q->work), free(q->sum), free(q->cross_products);
  free(q->constant_sum), free(q->constant_products), free(q);
}

/* Available-case means and variances (in standardised columns 0 and 1 unless standardised by other numbers), no correlation. */
static void start(emend_normal_problem *q) {
  size_t p = q->p;
  memset(q->covariance, 0, p * p * sizeof *q->covariance);
  for (size_t j = 0; j < p; j++) {
    double w = q->patterns->column_weight[j] * q->weight_factor;
    double mean = q->active[j] && w > 0 ? q->constant_sum[j] / w : 0;
    double variance = q->active[j] && w > 0 ? q->constant_products[j * p + j] / w - mean * mean : 1;
    q->mean[j] = mean;
    q->covariance[j * p + j] = variance > 1e-12 ? variance : 1;
  }
}

emend_status emend_normal_problem_new(const emend_patterns *patterns, const bool *active, double weight_factor,
                                      const emend_normal_prior_terms *prior, emend_normal_problem **problem, emend_error *error) {
  *problem = NULL;
  size_t p = patterns->n_columns, pp = p * p;
  emend_normal_problem *q = emend_allocate(1, sizeof *q);
  if (!q)
    return emend_fail_memory(error);
  bool *active_copy = emend_allocate(p, sizeof *active_copy);
  q->patterns = patterns;
  q->p = p;
  q->stride = emend_padded(p);
  q->kernels = emend_kernels_choose();
  q->active = active_copy;
  q->weight_factor = weight_factor;
  q->prior = *prior;
  q->prior.lambda = emend_allocate(pp, sizeof(double));
  q->mean = emend_allocate_aligned(q->stride, sizeof(double));
  q->sum = emend_allocate(p, sizeof(double));
  q->constant_sum = emend_allocate(p, sizeof(double));
  q->covariance = emend_allocate_aligned(pp, sizeof(double));
  q->precision = emend_allocate_aligned(p * q->stride, sizeof(double));
  q->work = emend_allocate_aligned(p * q->stride, sizeof(double));
  q->factor = emend_allocate_aligned(pp, sizeof(double));
  q->inverse = emend_allocate_aligned(pp, sizeof(double));
  q->cross_products = emend_allocate_aligned(pp, sizeof(double));
  q->constant_products = emend_allocate_aligned(pp, sizeof(double));
  bool ok = active_copy && q->prior.lambda && q->mean && q->sum && q->constant_sum && q->covariance && q->precision && q->work && q->inverse && q->factor &&
            q->cross_products && q->constant_products;
  emend_status status = ok ? EMEND_OK : emend_fail_memory(error);
  if (!status) {
    memcpy(active_copy, active, p * sizeof *active_copy);
    if (prior->lambda)
      memcpy(q->prior.lambda, prior->lambda, pp * sizeof(double));
    for (size_t j = 0; j < p; j++)
      q->n_active += active[j];
    status = emend_normal_units_new(q, error);
  }
  if (!status) {
    q->scratch = emend_allocate_aligned(4 * (q->stride + q->max_missing), sizeof(double));
    if (!emend_conditional_new(q->max_missing, q->stride, &q->conditional) || !q->scratch)
      status = emend_fail_memory(error);
  }
  if (status) {
    emend_normal_problem_free(q);
    return status;
  }
  start(q);
  *problem = q;
  return EMEND_OK;
}

static double trace_of_product(size_t n, const double *a, const double *b) {
  double trace = 0;
  for (size_t i = 0; i < n; i++)
    trace += a[i] * b[i];
  return trace;
}

/* The completing of the square gives the log-likelihood at the parameters that entered the E-step (docs/methods.md section 2). */
static void evaluate(emend_normal_problem *q, double log_determinants) {
  size_t p = q->p;
  /* Scatter of the completed rows about the mean; its conditional part has trace K_MM C = m for each row. */
  double trace = trace_of_product(p * p, q->inverse, q->cross_products) - q->missing_weight;
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < p; k++)
      trace += q->inverse[j * p + k] * (q->weight * q->mean[j] - 2 * q->sum[j]) * q->mean[k];
  q->log_likelihood = -0.5 * (q->constant_term + q->weight * q->log_determinant + log_determinants) - 0.5 * trace;
  q->log_posterior =
      q->log_likelihood - 0.5 * (q->prior.nu * q->log_determinant + trace_of_product(p * p, q->inverse, q->prior.lambda));
}

/* A share of unexplained variance below which a column is a combination of others (docs/methods.md section 5). */
static const double SINGULAR = 1e-8;

/* The smallest 1 - R2 of a column given all the others. A pivot has only the columns before it: many small steps down can hide behind pivots that
 * are large enough, and then nothing is left of the digits. */
static double unexplained(const emend_normal_problem *q) {
  double smallest = 1;
  for (size_t j = 0; j < q->p; j++)
    smallest = fmin(smallest, 1 / (q->covariance[j * q->p + j] * q->inverse[j * q->p + j]));
  return smallest;
}

static emend_status estep(void *state, double *objective, emend_error *error) {
  emend_normal_problem *q = state;
  size_t p = q->p;
  double smallest;
  memcpy(q->inverse, q->covariance, p * p * sizeof *q->inverse);
  if (!emend_normal_invert(p, q->inverse, &q->log_determinant, &smallest) || smallest < SINGULAR || unexplained(q) < SINGULAR)
    return emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the covariance matrix became singular");
  emend_pad_matrix(p, q->inverse, q->stride, q->precision);
  memset(q->sum, 0, p * sizeof *q->sum);
  memset(q->work, 0, p * q->stride * sizeof *q->work);
  double log_determinants = 0;
  for (size_t u = 0; u < q->n_units; u++) {
    double logarithm = emend_normal_unit_estep(q, &q->units[u]);
    if (isnan(logarithm))
      return emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the covariance matrix became singular");
    log_determinants += q->units[u].weight * logarithm;
  }
  for (size_t j = 0; j < p; j++) {
    q->sum[j] += q->constant_sum[j];
    for (size_t k = 0; k < p; k++)
      q->cross_products[j * p + k] = q->constant_products[j * p + k] + q->work[j * q->stride + k] + q->work[k * q->stride + j];
  }
  evaluate(q, log_determinants);
  *objective = q->log_posterior;
  return isfinite(*objective) ? EMEND_OK : emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the likelihood is no longer finite");
}

static void mstep(void *state) {
  emend_normal_problem *q = state;
  size_t p = q->p;
  for (size_t j = 0; j < p; j++)
    q->mean[j] = q->active[j] ? q->sum[j] / q->weight : 0;
  /* One half is computed and mirrored: rounding must not make the matrix unsymmetric. */
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k <= j; k++)
      q->covariance[j * p + k] = q->covariance[k * p + j] =
          q->active[j] && q->active[k]
              ? (q->cross_products[j * p + k] - q->weight * q->mean[j] * q->mean[k] + q->prior.lambda[j * p + k]) / (q->weight + q->prior.nu)
              : j == k;
}

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
  for (size_t j = 0; j < p; j++) {
    if (!q->active[j])
      continue;
    q->mean[j] += 1e-3;
    for (size_t k = 0; k < p; k++)
      q->covariance[j * p + k] += q->active[k] ? 1e-3 : 0;
  }
}

/* Mean and log-Cholesky factor of the covariance: any numbers are a valid model. */
static bool get_free(const void *state, double *parameters) {
  const emend_normal_problem *q = state;
  size_t p = q->p;
  int n = (int)p, info;
  memcpy(parameters, q->mean, p * sizeof *parameters);
  memcpy(q->factor, q->covariance, p * p * sizeof *q->factor);
  dpotrf_("L", &n, q->factor, &n, &info);
  parameters += p;
  for (size_t j = 0; j < p && info == 0; j++) {
    *parameters++ = log(q->factor[j * p + j]);
    for (size_t i = j + 1; i < p; i++)
      *parameters++ = q->factor[j * p + i];
  }
  return info == 0;
}

static void set_free(void *state, const double *parameters) {
  emend_normal_problem *q = state;
  size_t p = q->p;
  int n = (int)p;
  double one = 1, zero = 0;
  memcpy(q->mean, parameters, p * sizeof *parameters);
  parameters += p;
  memset(q->factor, 0, p * p * sizeof *q->factor);
  for (size_t j = 0; j < p; j++) {
    q->factor[j * p + j] = exp(*parameters++);
    for (size_t i = j + 1; i < p; i++)
      q->factor[j * p + i] = *parameters++;
  }
  dsyrk_("L", "N", &n, &n, &one, q->factor, &n, &zero, q->covariance, &n);
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
                          .n_free = n,
                          .get_free = get_free,
                          .set_free = set_free};
}
