/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"
#include "mixture/inside.h"
#include "normal/inside.h"

/* One estimation as the loop of src/em sees it; the E-step and M-step themselves are in estep.c and mstep.c. */

emend_status emend_mixture_parameters_new(size_t k, size_t p, emend_mixture_parameters *parameters, emend_error *error) {
  *parameters = (emend_mixture_parameters){.mixing = emend_allocate(k, sizeof(double)),
                                           .mean = emend_allocate(k, (p ? p : 1) * sizeof(double)),
                                           .covariance = emend_allocate(k * (p ? p : 1), (p ? p : 1) * sizeof(double))};
  if (parameters->mixing && parameters->mean && parameters->covariance)
    return EMEND_OK;
  emend_mixture_parameters_free(parameters);
  return emend_fail_memory(error);
}

void emend_mixture_parameters_free(emend_mixture_parameters *parameters) {
  free(parameters->mixing), free(parameters->mean), free(parameters->covariance);
  *parameters = (emend_mixture_parameters){0};
}

static emend_status allocate_statistics(emend_mixture_problem *q, emend_error *error) {
  size_t p = q->p, padded = q->shape.padded;
  q->n_statistics = padded * (1 + p + p * (q->diagonal ? 1 : p));
  emend_status status = emend_ordered_sum_new(q->n_statistics + 1, q->units->n_chunks, emend_team_size(q->team), &q->statistics, error);
  if (status)
    return status;
  size_t n = emend_ordered_sum_places(q->statistics);
  q->work = emend_allocate(n, sizeof *q->work);
  bool ok = q->work != NULL;
  for (; ok && q->n_work < n; q->n_work += ok)
    ok = emend_mixture_work_new(q->units->max_observed, q->n_components, padded, q->diagonal, &q->work[q->n_work]);
  return ok ? EMEND_OK : emend_fail_memory(error);
}

static emend_status allocate(emend_mixture_problem *q, emend_error *error) {
  size_t p = q->p, k = q->n_components, padded = q->shape.padded, width = q->diagonal ? 1 : p;
  size_t scratch = p * p > 2 * p + k ? p * p : 2 * p + k;
  emend_status status = emend_mixture_parameters_new(k, p, &q->now, error);
  q->lambda = emend_allocate(p, sizeof(double));
  q->log_mixing = emend_allocate(k, sizeof(double));
  q->center = emend_allocate_aligned(p * padded, sizeof(double));
  q->covariance = emend_allocate_aligned(p * width * padded, sizeof(double));
  q->scatter = emend_allocate(k * p, width * sizeof(double));
  q->scratch = emend_allocate(3, scratch * sizeof(double));
  bool ok = q->lambda && q->log_mixing && q->center && q->covariance && q->scatter && q->scratch;
  if (!status)
    status = ok ? allocate_statistics(q, error) : emend_fail_memory(error);
  return status;
}

emend_status emend_mixture_problem_new(const emend_patterns *patterns, const emend_mixture_selection *columns,
                                       const emend_mixture_units *units, size_t n_components, emend_structure structure,
                                       double weight_factor, emend_team *team, emend_mixture_problem **problem, emend_error *error) {
  *problem = NULL;
  emend_mixture_problem *q = emend_allocate(1, sizeof *q);
  if (!q)
    return emend_fail_memory(error);
  q->patterns = patterns, q->columns = columns, q->units = units;
  q->n_components = n_components, q->p = columns->p;
  q->structure = structure, q->diagonal = emend_structure_is_diagonal(structure);
  q->weight_factor = weight_factor, q->team = team;
  q->kernels = emend_mixture_kernels_choose();
  q->shape.padded = (n_components + EMEND_MIXTURE_PADDING - 1) / EMEND_MIXTURE_PADDING * EMEND_MIXTURE_PADDING;
  emend_status status = allocate(q, error);
  if (status) {
    emend_mixture_problem_free(q);
    return status;
  }
  q->shape = (emend_mixture_shape){.p = q->p,
                                   .n_components = n_components,
                                   .padded = q->shape.padded,
                                   .diagonal = q->diagonal,
                                   .log_mixing = q->log_mixing,
                                   .center = q->center,
                                   .covariance = q->covariance};
  *problem = q;
  return EMEND_OK;
}

void emend_mixture_problem_free(emend_mixture_problem *q) {
  if (!q)
    return;
  for (size_t i = 0; i < q->n_work; i++)
    emend_mixture_work_free(&q->work[i]);
  emend_mixture_parameters_free(&q->now);
  emend_ordered_sum_free(q->statistics);
  free(q->lambda), free(q->log_mixing), free(q->center), free(q->covariance), free(q->work), free(q->scatter), free(q->scratch), free(q);
}

void emend_mixture_problem_set_ridge(emend_mixture_problem *q, double kappa) {
  double share = pow((double)q->n_components, -2 / (double)q->p);
  q->nu = kappa;
  for (size_t j = 0; j < q->p; j++)
    q->lambda[j] = kappa * q->columns->observed_variance[j] * share;
}

/* A spherical variance is enormous in the standardised units of a column of small variance: beyond 1 its relative steps are what counts. */
static double measured(double variance) { return variance > 1 ? 1 + log(variance) : variance; }

/* The parameters of which steps are measured: proportions, means and the lower triangles of the covariances. */
static void get(const void *state, double *parameters) {
  const emend_mixture_problem *q = state;
  size_t p = q->p, k = q->n_components;
  memcpy(parameters, q->now.mixing, k * sizeof *parameters);
  memcpy(parameters + k, q->now.mean, k * p * sizeof *parameters);
  parameters += k + k * p;
  if (q->diagonal) {
    for (size_t i = 0; i < k * p; i++)
      parameters[i] = measured(q->now.covariance[i]);
    return;
  }
  for (size_t c = 0; c < k; c++)
    for (size_t j = 0; j < p; parameters += ++j)
      memcpy(parameters, q->now.covariance + (c * p + j) * p, (j + 1) * sizeof *parameters);
}

/* Means by a thousandth of a standard deviation, and covariances by a thousandth of themselves, which no structure forbids. */
static void nudge(void *state) {
  emend_mixture_problem *q = state;
  size_t cells = q->n_components * q->p * (q->diagonal ? 1 : q->p);
  for (size_t i = 0; i < q->n_components * q->p; i++)
    q->now.mean[i] += 1e-3;
  for (size_t i = 0; i < cells; i++)
    q->now.covariance[i] *= 1 + 1e-3;
}

/*
 * Log-proportions, means, and logarithms of variances, or the log-Cholesky factor of each covariance: any numbers are valid. The structures
 * of diagonal covariances are planes in the logarithms of the variances, which the accelerator's combinations of iterates do not leave.
 */
static bool get_free(void *state, double *parameters) {
  const emend_mixture_problem *q = state;
  size_t p = q->p, k = q->n_components, n = emend_structure_covariances(q->structure, k);
  for (size_t c = 0; c < k; c++)
    *parameters++ = log(q->now.mixing[c]);
  memcpy(parameters, q->now.mean, k * p * sizeof *parameters);
  parameters += k * p;
  for (size_t i = 0; i < n * p && q->diagonal; i++)
    *parameters++ = log(q->now.covariance[i]);
  for (size_t c = 0; c < n && !q->diagonal; c++) {
    memcpy(q->scratch, q->now.covariance + c * p * p, p * p * sizeof *q->scratch);
    if (!emend_blas_factorise(p, q->scratch))
      return false;
    for (size_t j = 0; j < p; j++) {
      *parameters++ = log(q->scratch[j * p + j]);
      for (size_t i = j + 1; i < p; i++)
        *parameters++ = q->scratch[j * p + i];
    }
  }
  return true;
}

static void set_mixing(emend_mixture_problem *q, const double *logarithms) {
  double largest = -INFINITY, sum = 0;
  for (size_t c = 0; c < q->n_components; c++)
    largest = fmax(largest, logarithms[c]);
  for (size_t c = 0; c < q->n_components; c++)
    sum += q->now.mixing[c] = exp(logarithms[c] - largest);
  for (size_t c = 0; c < q->n_components; c++)
    q->now.mixing[c] /= sum;
}

/* One covariance from its log-Cholesky factor. */
static void set_covariance(emend_mixture_problem *q, const double *parameters, double *covariance) {
  size_t p = q->p;
  memset(q->scratch, 0, p * p * sizeof *q->scratch);
  for (size_t j = 0; j < p; j++) {
    q->scratch[j * p + j] = exp(*parameters++);
    for (size_t i = j + 1; i < p; i++)
      q->scratch[j * p + i] = *parameters++;
  }
  emend_blas_square(p, q->scratch, covariance);
  for (size_t j = 0; j < p; j++)
    for (size_t i = 0; i < j; i++)
      covariance[j * p + i] = covariance[i * p + j];
}

static void set_free(void *state, const double *parameters) {
  emend_mixture_problem *q = state;
  size_t p = q->p, k = q->n_components, n = emend_structure_covariances(q->structure, k), cells = p * (q->diagonal ? 1 : p);
  set_mixing(q, parameters);
  memcpy(q->now.mean, parameters + k, k * p * sizeof *parameters);
  parameters += k + k * p;
  for (size_t i = 0; i < n * p && q->diagonal; i++)
    q->now.covariance[i] = exp(parameters[i]);
  for (size_t c = 0; c < n && !q->diagonal; c++)
    set_covariance(q, parameters + c * (p * (p + 1) / 2), q->now.covariance + c * cells);
  for (size_t c = n; c < k; c++)
    memcpy(q->now.covariance + c * cells, q->now.covariance, cells * sizeof(double));
}

emend_em_model emend_mixture_problem_model(emend_mixture_problem *q) {
  size_t k = q->n_components, p = q->p, covariance = q->diagonal ? p : p * (p + 1) / 2;
  return (emend_em_model){.state = q,
                          .n_parameters = k * (1 + p + covariance),
                          .estep = emend_mixture_problem_estep,
                          .mstep = emend_mixture_problem_mstep,
                          .get = get,
                          .nudge = nudge,
                          .n_free = k * (1 + p) + emend_structure_covariances(q->structure, k) * covariance,
                          .get_free = get_free,
                          .set_free = set_free};
}
