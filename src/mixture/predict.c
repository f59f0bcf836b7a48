/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mixture/complete.h"
#include "mixture/fit.h"
#include "mixture/fitting.h"
#include "pattern/plain.h"

/* A mixture at work on rows: who belongs where, and what stands in the holes. */
typedef struct application {
  const emend_mixture *mixture;
  emend_patterns *patterns;
  emend_mixture_selection columns;
  emend_mixture_units units;
  emend_mixture_problem *problem;
  double *responsibilities; /* of the caller */
  emend_mixture_completion *completion;
} application;

static void application_free(application *a) {
  emend_mixture_problem_free(a->problem);
  emend_mixture_units_free(&a->units);
  free(a->columns.source), free(a->columns.sphere), free(a->columns.observed_variance);
}

static void standardise(const application *a) {
  const emend_mixture *m = a->mixture;
  size_t n = m->n_columns, p = a->columns.p;
  const double *center = a->patterns->center, *scale = a->patterns->scale;
  emend_mixture_parameters *now = &a->problem->now;
  for (size_t k = 0; k < m->n_components; k++) {
    now->mixing[k] = m->proportion[k];
    for (size_t i = 0; i < p; i++) {
      size_t from = a->columns.source[i];
      now->mean[k * p + i] = (m->mean[k * n + from] - center[from]) / scale[from];
      for (size_t j = 0; j < p; j++) {
        size_t other = a->columns.source[j];
        double entry = m->covariance[(k * n + from) * n + other] / (scale[from] * scale[other]);
        if (a->problem->diagonal && i == j)
          now->covariance[k * p + i] = entry;
        else if (!a->problem->diagonal)
          now->covariance[(k * p + i) * p + j] = entry;
      }
    }
  }
}

static emend_status application_init(application *a, const emend_mixture *mixture, emend_patterns *patterns, emend_error *error) {
  *a = (application){.mixture = mixture, .patterns = patterns};
  if (mixture->n_columns != patterns->n_columns)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the model has %zu columns, the data have %zu", mixture->n_columns,
                      patterns->n_columns);
  size_t n = mixture->n_columns;
  emend_mixture_selection *c = &a->columns;
  c->source = emend_allocate(n, sizeof *c->source);
  c->sphere = emend_allocate(n, sizeof(double));
  c->observed_variance = emend_allocate(n, sizeof(double));
  if (!c->source || !c->sphere || !c->observed_variance)
    return emend_fail_memory(error);
  for (size_t j = 0; j < n; j++)
    if (mixture->state[j] == EMEND_COLUMN_ORDINARY) {
      c->source[c->p] = (uint32_t)j;
      c->sphere[c->p] = c->observed_variance[c->p] = 1;
      c->p++;
    }
  bool diagonal = emend_structure_is_diagonal(mixture->structure);
  emend_status status = emend_mixture_units_new(patterns, c, 1, mixture->n_components, diagonal, true, &a->units, error);
  if (!status)
    status = emend_mixture_problem_new(patterns, c, &a->units, mixture->n_components, mixture->structure, 1, NULL, &a->problem, error);
  if (!status)
    standardise(a);
  return status;
}

static void keep_responsibilities(void *context, const emend_mixture_unit *unit, const double *responsibilities) {
  const application *a = context;
  size_t k = a->mixture->n_components;
  memcpy(a->responsibilities + unit->first * k, responsibilities, unit->n * k * sizeof(double));
}

emend_status emend_mixture_predict_patterns(const emend_mixture *mixture, const emend_patterns *patterns, double *responsibilities,
                                            emend_error *error) {
  application a;
  emend_status status = application_init(&a, mixture, (emend_patterns *)(uintptr_t)patterns, error);
  a.responsibilities = responsibilities;
  if (!status)
    status = emend_mixture_posterior(a.problem, keep_responsibilities, &a, error);
  application_free(&a);
  return status;
}

static void complete_unit(void *context, const emend_mixture_unit *unit, const double *responsibilities) {
  const application *a = context;
  emend_mixture_completion_unit(a->completion, unit, responsibilities);
}

emend_status emend_mixture_complete_patterns(const emend_mixture *mixture, emend_patterns *patterns, emend_events *events,
                                             emend_error *error) {
  application a;
  emend_mixture_completion completion = {0};
  emend_status status = emend_progress(events, "impute", -1, "", error);
  if (status)
    return status;
  status = application_init(&a, mixture, patterns, error);
  if (!status)
    status = emend_mixture_completion_new(a.problem, patterns, &completion, error);
  a.completion = &completion;
  if (!status)
    status = emend_mixture_posterior(a.problem, complete_unit, &a, error);
  for (size_t j = 0; j < mixture->n_columns && !status; j++)
    if (mixture->state[j] == EMEND_COLUMN_NEVER_OBSERVED)
      emend_mixture_complete_column(patterns, j, NAN);
    else if (mixture->state[j] == EMEND_COLUMN_CONSTANT)
      emend_mixture_complete_column(patterns, j, (mixture->mean[j] - patterns->center[j]) / patterns->scale[j]);
  emend_mixture_completion_free(&completion);
  application_free(&a);
  return status;
}

/* The caller's rows, standardised by the mixture's own moments. */
static emend_status standardised_rows(const emend_mixture *m, const double *values, size_t n_rows, size_t row_stride,
                                      emend_patterns **patterns, emend_error *error) {
  size_t n = m->n_columns;
  emend_plain plain = {.values = values, .n_columns = n, .row_stride = row_stride};
  emend_matrix matrix;
  double *center = emend_allocate(n, sizeof *center), *scale = emend_allocate(n, sizeof *scale);
  emend_status status = center && scale ? emend_plain_matrix(&plain, n_rows, NULL, &matrix, error) : emend_fail_memory(error);
  if (!status) {
    emend_mixture_standards(m, center, scale);
    status = emend_patterns_new(&matrix, center, scale, NULL, patterns, error);
  }
  free(center), free(scale);
  return status;
}

void emend_mixture_standards(const emend_mixture *m, double *center, double *scale) {
  for (size_t j = 0; j < m->n_columns; j++) {
    double mean = emend_mixture_overall_mean(m, j);
    center[j] = isfinite(mean) ? mean : 0;
    scale[j] = isfinite(m->scale[j]) && m->scale[j] > 0 ? m->scale[j] : 1;
  }
}

emend_status emend_mixture_predict(const emend_mixture *m, const double *values, size_t n_rows, size_t row_stride, double *responsibilities,
                                   emend_error *error) {
  emend_patterns *patterns;
  size_t k = m->n_components;
  emend_status status = standardised_rows(m, values, n_rows, row_stride, &patterns, error);
  if (status)
    return status;
  double *stored = emend_allocate(n_rows, k * sizeof *stored);
  status = stored ? emend_mixture_predict_patterns(m, patterns, stored, error) : emend_fail_memory(error);
  for (size_t i = 0; i < n_rows && !status; i++)
    memcpy(responsibilities + i * k, stored + patterns->position[i] * k, k * sizeof *stored);
  free(stored);
  emend_patterns_free(patterns);
  return status;
}

emend_status emend_mixture_complete(const emend_mixture *m, double *values, size_t n_rows, size_t row_stride, emend_error *error) {
  emend_patterns *patterns;
  emend_status status = standardised_rows(m, values, n_rows, row_stride, &patterns, error);
  if (status)
    return status;
  status = emend_mixture_complete_patterns(m, patterns, NULL, error);
  for (size_t i = 0; i < n_rows && !status; i++)
    for (size_t j = 0; j < m->n_columns; j++)
      if (isnan(values[i * row_stride + j]))
        values[i * row_stride + j] = emend_patterns_value(patterns, i, j);
  emend_patterns_free(patterns);
  return status;
}

emend_status emend_mixture_fit(const double *values, size_t n_rows, size_t n_columns, size_t row_stride, const double *weights,
                               const emend_mixture_options *options, emend_events *events, emend_mixture **fit, emend_error *error) {
  *fit = NULL;
  emend_plain plain = {.values = values, .n_columns = n_columns, .row_stride = row_stride};
  emend_matrix matrix;
  emend_patterns *patterns;
  emend_status status = emend_plain_matrix(&plain, n_rows, weights, &matrix, error);
  if (!status)
    status = emend_mixture_fit_matrix(&matrix, NULL, options, events, &patterns, fit, error);
  if (!status)
    emend_patterns_free(patterns);
  return status;
}
