/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "normal/inside.h"

static const emend_normal_options defaults = {.prior = EMEND_PRIOR_NONE, .ridge = 1, .tolerance = 1e-6, .max_iterations = 100000, .seed = 1};

const emend_normal_options *emend_normal_default_options(void) { return &defaults; }

emend_normal_options *emend_normal_options_new(void) {
  emend_normal_options *options = malloc(sizeof *options);
  if (options)
    *options = defaults;
  return options;
}

void emend_normal_options_free(emend_normal_options *options) {
  if (!options)
    return;
  free(options->lambda);
  free(options);
}

emend_normal_options *emend_normal_options_copy(const emend_normal_options *options, emend_weight_kind kind) {
  emend_normal_options *copy = emend_normal_options_new();
  if (!copy || !options) {
    if (copy)
      copy->weight_kind = kind;
    return copy;
  }
  *copy = *options;
  size_t p = options->lambda_columns;
  if (options->lambda) {
    copy->lambda = emend_allocate(p * p, sizeof(double));
    if (!copy->lambda) {
      free(copy);
      return NULL;
    }
    memcpy(copy->lambda, options->lambda, p * p * sizeof(double));
  }
  if (kind == EMEND_SAMPLING_WEIGHTS)
    copy->weight_kind = kind;
  return copy;
}

unsigned emend_normal_options_threads(const emend_normal_options *options) { return options ? options->threads : 0; }

void emend_normal_options_set_prior(emend_normal_options *options, emend_prior prior) { options->prior = prior; }
void emend_normal_options_set_acceleration(emend_normal_options *options, emend_acceleration acceleration) {
  options->acceleration = acceleration;
}
void emend_normal_options_set_threads(emend_normal_options *options, unsigned threads) { options->threads = threads; }
void emend_normal_options_set_seed(emend_normal_options *options, uint64_t seed) { options->seed = seed; }
void emend_normal_options_set_weight_kind(emend_normal_options *options, emend_weight_kind kind) { options->weight_kind = kind; }

emend_status emend_normal_options_set_ridge(emend_normal_options *options, double kappa, emend_error *error) {
  if (!(kappa >= 0) || isinf(kappa))
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the ridge %g is not a finite number that is at least 0", kappa);
  options->ridge = kappa;
  return EMEND_OK;
}

emend_status emend_normal_options_set_prior_matrix(emend_normal_options *options, double nu, const double *lambda, size_t n_columns,
                                                   emend_error *error) {
  size_t cells, culprit;
  if (__builtin_mul_overflow(n_columns, n_columns, &cells))
    return emend_fail_memory(error);
  bool good = isfinite(nu) && nu >= 0;
  for (size_t i = 0; good && i < cells; i++)
    good = isfinite(lambda[i]) && lambda[i] == lambda[(i % n_columns) * n_columns + i / n_columns];
  emend_status status = good ? emend_normal_check_semidefinite(n_columns, lambda, &good, &culprit, error) : EMEND_OK;
  if (status)
    return status;
  if (!good)
    return emend_fail(error, EMEND_INVALID_ARGUMENT,
                      "a prior needs nu of at least 0 and a finite, symmetric, positive semi-definite matrix");
  double *copy = emend_allocate(cells, sizeof *copy);
  if (!copy)
    return emend_fail_memory(error);
  memcpy(copy, lambda, cells * sizeof *copy);
  free(options->lambda);
  options->lambda = copy;
  options->lambda_columns = n_columns;
  options->nu = nu;
  options->prior = EMEND_PRIOR_GIVEN;
  return EMEND_OK;
}

emend_status emend_normal_options_set_tolerance(emend_normal_options *options, double tolerance, emend_error *error) {
  if (!(tolerance > 0 && tolerance < 1))
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the tolerance %g is not between 0 and 1", tolerance);
  options->tolerance = tolerance;
  return EMEND_OK;
}

emend_status emend_normal_options_set_max_iterations(emend_normal_options *options, size_t iterations, emend_error *error) {
  if (iterations == 0)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "at least one iteration is needed");
  options->max_iterations = iterations;
  return EMEND_OK;
}
