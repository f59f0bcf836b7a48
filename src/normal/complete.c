/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "normal/inside.h"
#include "normal/lapack.h"

/* Fills the holes of rows in pattern order by their conditional expectation. */
typedef struct completion {
  const emend_normal *normal;
  emend_patterns *patterns;
  size_t p;
  bool *active;
  double *mean, *covariance, *precision; /* in the patterns' standardised units */
  size_t stride;
  const emend_kernels *kernels;
  emend_conditional conditional;
  double *padded, *expected;
  uint32_t *missing;
} completion;

static void completion_free(completion *c) {
  free(c->active), free(c->mean), free(c->covariance), free(c->precision), free(c->padded), free(c->expected), free(c->missing);
  emend_conditional_free(&c->conditional);
}

/* The model in the units of the rows; inactive columns as independent ones with mean 0, so that they change nothing. */
static emend_status prepare(completion *c, emend_error *error) {
  const emend_normal *normal = c->normal;
  size_t p = c->p;
  c->active = emend_allocate(p, sizeof *c->active);
  c->mean = emend_allocate_aligned(c->stride, sizeof(double));
  c->expected = emend_allocate(p, sizeof(double));
  c->missing = emend_allocate(p, sizeof *c->missing);
  c->covariance = emend_allocate(p * p, sizeof(double));
  c->precision = emend_allocate_aligned(p * p, sizeof(double));
  c->padded = emend_allocate_aligned(p * c->stride, sizeof(double));
  if (!c->active || !c->mean || !c->expected || !c->missing || !c->covariance || !c->precision || !c->padded ||
      !emend_conditional_new(p, c->stride, &c->conditional))
    return emend_fail_memory(error);
  for (size_t j = 0; j < p; j++) {
    c->active[j] = normal->state[j] == EMEND_COLUMN_ORDINARY && normal->covariance[j * p + j] > 0;
    c->mean[j] = c->active[j] ? (normal->mean[j] - c->patterns->center[j]) / c->patterns->scale[j] : 0;
  }
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < p; k++)
      c->covariance[j * p + k] = c->active[j] && c->active[k]
                                     ? normal->covariance[j * p + k] / (c->patterns->scale[j] * c->patterns->scale[k])
                                     : j == k;
  /* A loaded model may be singular: the smallest ridge that can be inverted. */
  for (double ridge = 0; ridge < 1e-3; ridge = ridge > 0 ? 10 * ridge : 1e-12) {
    double log_determinant, smallest;
    memcpy(c->precision, c->covariance, p * p * sizeof(double));
    for (size_t j = 0; j < p; j++)
      c->precision[j * p + j] *= 1 + ridge;
    if (emend_normal_invert(p, c->precision, &log_determinant, &smallest) && smallest > 1e-13) {
      emend_pad_matrix(p, c->precision, c->stride, c->padded);
      return EMEND_OK;
    }
  }
  return emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the model's covariance matrix is not positive definite");
}

/* Columns outside the model: the constant, or NaN where there is nothing to go by. */
static void fill_inactive(const completion *c, size_t column, double *x) {
  double value = c->normal->mean[column];
  x[column] = (value - c->patterns->center[column]) / c->patterns->scale[column];
}

static emend_status complete_pattern(completion *c, const emend_pattern *pattern, emend_error *error) {
  size_t p = c->p, stride = c->stride, m = 0;
  for (size_t a = 0; a < pattern->n_missing; a++)
    if (c->active[pattern->missing[a]])
      c->missing[m++] = pattern->missing[a];
  if (m > 0 && isnan(c->kernels->condition(stride, c->padded, c->mean, c->missing, m, &c->conditional)))
    return emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the model's covariance matrix is not positive definite");
  /* Rows hold observed values of inactive columns too: they must not enter, and their regression is zero only up to rounding. */
  for (size_t a = 0; a < m; a++)
    for (size_t k = 0; k < p; k++)
      if (!c->active[k])
        c->conditional.regression[a * stride + k] = 0;
  for (size_t r = 0; r < pattern->n_rows; r++) {
    double *x = c->patterns->values + (pattern->first + r) * p;
    for (size_t a = 0; a < m; a++) {
      double e = c->conditional.offset[a];
      for (size_t k = 0; k < p; k++)
        e += c->conditional.regression[a * stride + k] * x[k];
      c->expected[a] = e; /* holes must stay 0 until the row is done */
    }
    for (size_t a = 0; a < m; a++)
      x[c->missing[a]] = c->expected[a];
    for (size_t a = 0; a < pattern->n_missing; a++)
      if (!c->active[pattern->missing[a]])
        fill_inactive(c, pattern->missing[a], x);
  }
  return EMEND_OK;
}

emend_status emend_normal_complete_patterns(const emend_normal *normal, emend_patterns *patterns, emend_events *events, emend_error *error) {
  if (normal->n_columns != patterns->n_columns)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the model has %zu columns, the data have %zu", normal->n_columns, patterns->n_columns);
  completion c = {.normal = normal, .patterns = patterns, .p = normal->n_columns, .stride = emend_padded(normal->n_columns), .kernels = emend_kernels_choose()};
  int threads = openblas_get_num_threads();
  openblas_set_num_threads(1);
  emend_status status = prepare(&c, error);
  openblas_set_num_threads(threads);
  for (size_t s = 0; s < patterns->n_patterns && !status; s++) {
    if (patterns->patterns[s].n_missing > 0)
      status = complete_pattern(&c, &patterns->patterns[s], error);
    if (!status && s % 64 == 0)
      status = emend_progress(events, "impute", (double)s / (double)patterns->n_patterns, "", error);
  }
  completion_free(&c);
  return status;
}
