/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "normal/inside.h"

emend_normal *emend_normal_allocate(size_t n_columns) {
  emend_normal *normal = emend_allocate(1, sizeof *normal);
  if (!normal)
    return NULL;
  normal->n_columns = n_columns;
  normal->state = emend_allocate(n_columns, sizeof *normal->state);
  normal->mean = emend_allocate(n_columns, sizeof(double));
  normal->scale = emend_allocate(n_columns, sizeof(double));
  normal->covariance = emend_allocate(n_columns, (n_columns ? n_columns : 1) * sizeof(double));
  normal->names = emend_allocate(n_columns, sizeof *normal->names);
  normal->codings = emend_allocate(n_columns, sizeof *normal->codings);
  if (!normal->codings || !normal->state || !normal->mean || !normal->scale || !normal->covariance || !normal->names) {
    emend_normal_free(normal);
    return NULL;
  }
  return normal;
}

void emend_normal_free(emend_normal *normal) {
  if (!normal)
    return;
  for (size_t j = 0; normal->names && j < normal->n_columns; j++)
    free(normal->names[j]);
  for (size_t j = 0; normal->codings && j < normal->n_columns; j++)
    free(normal->codings[j]);
  free(normal->codings);
  free(normal->names), free(normal->state), free(normal->mean), free(normal->scale), free(normal->covariance), free(normal);
}

void emend_normal_set_parameters(emend_normal *normal, const emend_normal_problem *problem) {
  const emend_reduced *reduced = problem->reduced;
  size_t p = normal->n_columns;
  for (size_t j = 0; j < p; j++) {
    bool never = normal->state[j] == EMEND_COLUMN_NEVER_OBSERVED, active = problem->active[j];
    normal->mean[j] = never ? NAN : reduced->center[j] + (active ? reduced->scale[j] * problem->mean[j] : 0);
    for (size_t k = 0; k <= j; k++) {
      bool unknown = never || normal->state[k] == EMEND_COLUMN_NEVER_OBSERVED;
      double own = active && problem->active[k] ? problem->covariance[j * p + k] * reduced->scale[j] * reduced->scale[k] : 0;
      normal->covariance[j * p + k] = normal->covariance[k * p + j] = unknown ? NAN : own;
    }
  }
}

static emend_status set_texts(const emend_normal *normal, char **to, const char *const *texts, emend_error *error) {
  for (size_t j = 0; j < normal->n_columns; j++) {
    char *copy = strdup(texts && texts[j] ? texts[j] : "");
    if (!copy)
      return emend_fail_memory(error);
    free(to[j]);
    to[j] = copy;
  }
  return EMEND_OK;
}

emend_status emend_normal_set_names(emend_normal *normal, const char *const *names, emend_error *error) {
  return set_texts(normal, normal->names, names, error);
}
emend_status emend_normal_set_codings(emend_normal *normal, const char *const *codings, emend_error *error) {
  return set_texts(normal, normal->codings, codings, error);
}
const char *emend_normal_coding(const emend_normal *normal, size_t column) {
  return normal->codings[column] ? normal->codings[column] : "";
}

size_t emend_normal_columns(const emend_normal *normal) { return normal->n_columns; }
emend_column_state emend_normal_column_state(const emend_normal *normal, size_t column) { return normal->state[column]; }
const double *emend_normal_mean(const emend_normal *normal) { return normal->mean; }
const double *emend_normal_covariance(const emend_normal *normal) { return normal->covariance; }
const double *emend_normal_scale(const emend_normal *normal) { return normal->scale; }
const char *emend_normal_name(const emend_normal *normal, size_t column) { return normal->names[column] ? normal->names[column] : ""; }
double emend_normal_log_likelihood(const emend_normal *normal) { return normal->log_likelihood; }
double emend_normal_log_posterior(const emend_normal *normal) { return normal->log_posterior; }
size_t emend_normal_iterations(const emend_normal *normal) { return normal->iterations; }
size_t emend_normal_esteps(const emend_normal *normal) { return normal->esteps; }
const char *emend_normal_kernel(const emend_normal *normal) { return normal->kernel ? normal->kernel : ""; }
int emend_normal_converged(const emend_normal *normal) { return normal->converged; }
double emend_normal_distance(const emend_normal *normal) { return normal->distance; }
size_t emend_normal_patterns(const emend_normal *normal) { return normal->n_patterns; }
size_t emend_normal_rows(const emend_normal *normal) { return normal->n_rows; }
double emend_normal_weight(const emend_normal *normal) { return normal->weight; }
double emend_normal_effective_rows(const emend_normal *normal) { return normal->effective_rows; }
emend_prior emend_normal_prior(const emend_normal *normal) { return normal->prior; }
double emend_normal_ridge(const emend_normal *normal) { return normal->ridge; }
