/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mixture/fit.h"
#include "mixture/inside.h"

enum { MOST_COMPONENTS = 1000, MOST_STARTS = 100000 };

static const emend_mixture_options defaults = {.least = 1,
                                               .most = 9,
                                               .starts = 20,
                                               .structures = {EMEND_STRUCTURE_VVV},
                                               .n_structures = 1,
                                               .criterion = EMEND_BIC,
                                               .tolerance = 1e-6,
                                               .max_iterations = 10000,
                                               .seed = 1};

const emend_mixture_options *emend_mixture_default_options(void) { return &defaults; }

emend_mixture_options *emend_mixture_options_new(void) {
  emend_mixture_options *options = malloc(sizeof *options);
  if (options)
    *options = defaults;
  return options;
}

void emend_mixture_options_free(emend_mixture_options *options) {
  if (!options)
    return;
  free(options->start);
  free(options);
}

emend_mixture_options *emend_mixture_options_copy(const emend_mixture_options *options, emend_weight_kind kind) {
  emend_mixture_options *copy = emend_mixture_options_new();
  if (copy && options) {
    size_t n = options->start_columns, count = options->start_components * (1 + n + n * n);
    *copy = *options;
    copy->start = options->start_components ? emend_allocate(count, sizeof *copy->start) : NULL;
    if (copy->start)
      memcpy(copy->start, options->start, count * sizeof *copy->start);
    else if (options->start_components) {
      free(copy);
      return NULL;
    }
  }
  if (copy && kind == EMEND_SAMPLING_WEIGHTS)
    copy->weight_kind = kind;
  return copy;
}

void emend_mixture_options_set_criterion(emend_mixture_options *options, emend_criterion criterion) { options->criterion = criterion; }
void emend_mixture_options_set_acceleration(emend_mixture_options *options, emend_acceleration acceleration) {
  options->acceleration = acceleration;
}
void emend_mixture_options_set_threads(emend_mixture_options *options, unsigned threads) { options->threads = threads; }
void emend_mixture_options_set_seed(emend_mixture_options *options, uint64_t seed) { options->seed = seed; }
void emend_mixture_options_set_weight_kind(emend_mixture_options *options, emend_weight_kind kind) { options->weight_kind = kind; }

emend_status emend_mixture_options_set_components(emend_mixture_options *options, size_t least, size_t most, emend_error *error) {
  if (least < 1 || most < least || most > MOST_COMPONENTS)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "from %zu to %zu components: they must be 1 to %d, the least first", least, most,
                      MOST_COMPONENTS);
  options->least = least;
  options->most = most;
  options->start_components = 0;
  free(options->start);
  options->start = NULL;
  return EMEND_OK;
}

emend_status emend_mixture_options_set_structures(emend_mixture_options *options, const emend_structure *structures, size_t n,
                                                  emend_error *error) {
  if (n < 1)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "at least one covariance structure is needed");
  size_t kept = 0;
  emend_structure list[EMEND_STRUCTURES];
  for (size_t i = 0; i < n; i++) {
    bool known = false;
    if ((size_t)structures[i] >= EMEND_STRUCTURES)
      return emend_fail(error, EMEND_INVALID_ARGUMENT, "structure %d is none", (int)structures[i]);
    for (size_t j = 0; j < kept; j++)
      known = known || list[j] == structures[i];
    if (!known)
      list[kept++] = structures[i];
  }
  memcpy(options->structures, list, kept * sizeof *list);
  options->n_structures = kept;
  return EMEND_OK;
}

emend_status emend_mixture_options_set_starts(emend_mixture_options *options, size_t starts, emend_error *error) {
  if (starts < 1 || starts > MOST_STARTS)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "%zu starts: they must be 1 to %d", starts, MOST_STARTS);
  options->starts = starts;
  return EMEND_OK;
}

emend_status emend_mixture_options_set_start(emend_mixture_options *options, size_t k, size_t n, const double *proportions,
                                             const double *means, const double *covariances, emend_error *error) {
  size_t covariance, count;
  if (k < 1 || k > MOST_COMPONENTS || n < 1)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "a start of %zu components and %zu columns is none", k, n);
  if (__builtin_mul_overflow(n, n, &covariance) || __builtin_add_overflow(covariance, n + 1, &covariance) ||
      __builtin_mul_overflow(covariance, k, &count))
    return emend_fail_memory(error);
  double *start = emend_allocate(count, sizeof *start);
  if (!start)
    return emend_fail_memory(error);
  memcpy(start, proportions, k * sizeof *start);
  memcpy(start + k, means, k * n * sizeof *start);
  memcpy(start + k + k * n, covariances, k * n * n * sizeof *start);
  bool good = true;
  for (size_t i = 0; i < count; i++)
    good = good && isfinite(start[i]) && (i >= k || start[i] > 0);
  if (!good) {
    free(start);
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "a start needs finite numbers, and proportions above 0");
  }
  free(options->start);
  options->start = start;
  options->start_components = options->least = options->most = k;
  options->start_columns = n;
  return EMEND_OK;
}

emend_status emend_mixture_options_set_ridge(emend_mixture_options *options, double kappa, emend_error *error) {
  if (!(kappa >= 0) || isinf(kappa))
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the ridge %g is not a finite number that is at least 0", kappa);
  options->ridge = kappa;
  return EMEND_OK;
}

emend_status emend_mixture_options_set_tolerance(emend_mixture_options *options, double tolerance, emend_error *error) {
  if (!(tolerance > 0 && tolerance < 1))
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the tolerance %g is not between 0 and 1", tolerance);
  options->tolerance = tolerance;
  return EMEND_OK;
}

emend_status emend_mixture_options_set_max_iterations(emend_mixture_options *options, size_t iterations, emend_error *error) {
  if (iterations == 0)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "at least one iteration is needed");
  options->max_iterations = iterations;
  return EMEND_OK;
}
