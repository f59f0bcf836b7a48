/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal/prior.h"

#include <stdlib.h>

#include "base/memory.h"

void emend_normal_prior_free(emend_normal_prior_terms *prior) {
  free(prior->lambda);
  *prior = (emend_normal_prior_terms){0};
}

/* D in standardised units: the observed variances with divisor n_j - 1 instead of n_j. */
static double observed_variance(const emend_reduced *reduced, double weight_factor, size_t column) {
  double n = reduced->column_weight[column] * weight_factor;
  return n > 1 ? n / (n - 1) : 1;
}

emend_status emend_normal_prior_add_ridge(emend_normal_prior_terms *prior, const emend_reduced *reduced, const bool *active,
                                          double weight_factor, double kappa, const double *target, emend_error *error) {
  size_t p = reduced->n_columns;
  if (!prior->lambda && !(prior->lambda = emend_allocate(p * p, sizeof(double))))
    return emend_fail_memory(error);
  for (size_t i = 0; i < p * p && target; i++)
    prior->lambda[i] += kappa * target[i];
  for (size_t j = 0; j < p && !target; j++)
    if (active[j])
      prior->lambda[j * p + j] += kappa * observed_variance(reduced, weight_factor, j);
  prior->nu += kappa;
  return EMEND_OK;
}

emend_status emend_normal_prior_new(const emend_normal_options *options, const emend_reduced *reduced, const bool *active,
                                    double weight_factor, emend_normal_prior_terms *prior, emend_error *error) {
  size_t p = reduced->n_columns, n_active = 0;
  *prior = (emend_normal_prior_terms){.kind = options->prior};
  for (size_t j = 0; j < p; j++)
    n_active += active[j];
  switch (options->prior) {
  case EMEND_PRIOR_NONE:
    return EMEND_OK;
  case EMEND_PRIOR_JEFFREYS:
    prior->nu = (double)n_active + 1;
    return EMEND_OK;
  case EMEND_PRIOR_RIDGE:
    prior->nu = (double)n_active + 1;
    prior->ridge = options->ridge;
    return emend_normal_prior_add_ridge(prior, reduced, active, weight_factor, options->ridge, NULL, error);
  case EMEND_PRIOR_SHRINK:
    prior->ridge = options->ridge;
    return emend_normal_prior_add_ridge(prior, reduced, active, weight_factor, options->ridge, NULL, error);
  case EMEND_PRIOR_GIVEN:
    break;
  }
  if (options->lambda_columns != p)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the prior matrix has %zu columns, the data have %zu", options->lambda_columns, p);
  if (!(prior->lambda = emend_allocate(p * p, sizeof(double))))
    return emend_fail_memory(error);
  prior->nu = options->nu;
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < p; k++)
      if (active[j] && active[k])
        prior->lambda[j * p + k] = options->lambda[j * p + k] / (reduced->scale[j] * reduced->scale[k]);
  return EMEND_OK;
}
