/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mixture/fitting.h"
#include "normal/complete.h"
#include "normal/fit.h"

typedef emend_mixture_fitting fitting;

/* What a fit needs before the first component: the rows in pattern order, the single normal, the columns that take part, and a starter. */

/* Starts are sought in about this many rows, or in this many for each component and column. */
enum { SUBSET_ROWS = 10000, SUBSET_ROWS_EACH = 50 };

/* The single normal says which columns take part, what the rows weigh, which ridge the data need, and what stands in the holes while a
 * start is sought. It must be exact only where it is an answer itself. */
static emend_status fit_normal(fitting *f, const emend_reduced *reduced, emend_error *error) {
  const emend_mixture_options *options = f->options;
  emend_normal_options *o = emend_normal_options_new();
  if (!o)
    return emend_fail_memory(error);
  emend_normal_options_set_threads(o, options->threads);
  emend_normal_options_set_seed(o, options->seed);
  emend_normal_options_set_acceleration(o, options->acceleration);
  emend_normal_options_set_weight_kind(o, options->weight_kind);
  emend_status status = emend_normal_options_set_tolerance(o, options->least == 1 ? options->tolerance : 1e-3, error);
  if (!status && options->least == 1)
    status = emend_normal_options_set_max_iterations(o, options->max_iterations, error);
  if (!status && options->ridge > 0) {
    emend_normal_options_set_prior(o, EMEND_PRIOR_SHRINK);
    status = emend_normal_options_set_ridge(o, options->ridge, error);
  }
  if (!status)
    status = emend_normal_fit_reduced(reduced, f->names, o, f->events, &f->normal, error);
  emend_normal_options_free(o);
  return status;
}

/* The rows twice: reduced to what the single normal learns from them, for a moment, and whole, with the same standards. */
static emend_status take_rows(fitting *f, emend_error *error) {
  emend_reduced *reduced = NULL;
  size_t n = f->matrix->n_columns;
  emend_status status = emend_reduced_new(f->matrix, NULL, NULL, f->events, &reduced, error);
  if (!status)
    status = fit_normal(f, reduced, error);
  if (!status && !(f->column_weight = emend_allocate(n, sizeof(double))))
    status = emend_fail_memory(error);
  if (!status) {
    memcpy(f->column_weight, reduced->column_weight, n * sizeof(double));
    status = emend_patterns_new(f->matrix, reduced->center, reduced->scale, f->events, &f->patterns, error);
  }
  emend_reduced_free(reduced);
  return status;
}

/* The holes receive what the single normal expects, so that rows have distances. */
static emend_status fill_holes(fitting *f, emend_error *error) {
  emend_patterns *patterns = f->patterns;
  size_t n = patterns->n_rows, p = patterns->n_columns;
  emend_completed *completed = NULL;
  const emend_pattern **pattern_of = emend_allocate(n, sizeof *pattern_of);
  emend_status status = pattern_of ? EMEND_OK : emend_fail_memory(error);
  if (!status)
    status = emend_normal_complete_matrix(f->normal, f->matrix, NULL, f->options->threads, f->events, &completed, error);
  for (size_t s = 0; s < patterns->n_patterns && !status; s++)
    for (size_t i = 0; i < patterns->patterns[s].n_rows; i++)
      pattern_of[patterns->patterns[s].first + i] = &patterns->patterns[s];
  for (size_t i = 0; i < n && !status; i++) {
    size_t at = patterns->position[i];
    for (size_t a = 0; a < pattern_of[at]->n_missing; a++) {
      size_t j = pattern_of[at]->missing[a];
      patterns->values[at * p + j] = (emend_completed_value(completed, i, j) - patterns->center[j]) / patterns->scale[j];
    }
  }
  emend_completed_free(completed);
  free(pattern_of);
  return status;
}

static emend_status choose_columns(fitting *f, emend_error *error) {
  const emend_patterns *patterns = f->patterns;
  size_t n = patterns->n_columns, p = 0;
  emend_mixture_selection *c = &f->columns;
  c->source = emend_allocate(n, sizeof *c->source);
  c->sphere = emend_allocate(n, sizeof(double));
  c->observed_variance = emend_allocate(n, sizeof(double));
  f->covariance = emend_allocate(n, (n ? n : 1) * sizeof(double));
  if (!c->source || !c->sphere || !c->observed_variance || !f->covariance)
    return emend_fail_memory(error);
  for (size_t j = 0; j < n; j++) {
    double weight = f->column_weight[j] * f->weight_factor, s = patterns->scale[j];
    if (emend_normal_column_state(f->normal, j) != EMEND_COLUMN_ORDINARY)
      continue;
    c->source[p] = (uint32_t)j;
    c->sphere[p] = 1 / (s * s);
    c->observed_variance[p++] = weight > 1 ? weight / (weight - 1) : 1;
    f->likelihood_shift -= weight * log(s);
  }
  c->p = p;
  const double *covariance = emend_normal_covariance(f->normal);
  for (size_t a = 0; a < p; a++)
    for (size_t b = 0; b < p; b++)
      f->covariance[a * p + b] =
          covariance[c->source[a] * n + c->source[b]] / (patterns->scale[c->source[a]] * patterns->scale[c->source[b]]);
  return p ? EMEND_OK : emend_fail(error, EMEND_UNSUPPORTED, "no variable varies: there is nothing to tell clusters apart by");
}

/* The weight of the rows that estimate, before sampling weights are rescaled. */
static double raw_weight(const fitting *f) {
  const emend_patterns *patterns = f->patterns;
  double sum = 0;
  for (size_t s = 0; s < patterns->n_patterns; s++) {
    size_t missing = 0, ordinary = 0;
    for (size_t a = 0; a < patterns->patterns[s].n_missing; a++)
      missing += emend_normal_column_state(f->normal, patterns->patterns[s].missing[a]) == EMEND_COLUMN_ORDINARY;
    for (size_t j = 0; j < patterns->n_columns; j++)
      ordinary += emend_normal_column_state(f->normal, j) == EMEND_COLUMN_ORDINARY;
    sum += missing < ordinary ? patterns->patterns[s].weight : 0;
  }
  return sum;
}

static emend_status check_options(fitting *f, emend_error *error) {
  size_t n = emend_normal_rows(f->normal);
  if (f->options->least > n) {
    emend_status status =
        emend_fail(error, EMEND_INVALID_ARGUMENT, "%zu components need at least as many rows; %zu can be used", f->options->least, n);
    emend_try(error, "fewer components");
    return status;
  }
  if (f->options->start_components && f->options->start_columns != f->patterns->n_columns)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the start has %zu columns, the data have %zu", f->options->start_columns,
                      f->patterns->n_columns);
  return EMEND_OK;
}

static emend_status prepare_starts(fitting *f, emend_error *error) {
  const emend_mixture_options *options = f->options;
  size_t most = SUBSET_ROWS_EACH * options->most * f->columns.p;
  most = most > SUBSET_ROWS ? most : SUBSET_ROWS;
  if (options->start_components || options->most == 1)
    return EMEND_OK;
  emend_status status = fill_holes(f, error);
  if (!status && f->patterns->n_rows > 2 * most)
    status = emend_mixture_subset(f->patterns, most, options->seed, &f->subset, error);
  if (status)
    return status;
  const emend_patterns *rows = f->subset ? f->subset : f->patterns;
  return emend_mixture_starter_new(rows, &f->columns, f->covariance, options->most, options->seed, &f->starter, error);
}

emend_status emend_mixture_prepare(fitting *f, emend_error *error) {
  emend_status status = take_rows(f, error);
  if (status)
    return status;
  double raw = raw_weight(f);
  f->weight_factor = raw > 0 ? emend_normal_weight(f->normal) / raw : 1;
  f->ridge = emend_normal_prior(f->normal) == EMEND_PRIOR_NONE ? 0 : emend_normal_ridge(f->normal);
  status = choose_columns(f, error);
  if (!status)
    status = check_options(f, error);
  return status ? status : prepare_starts(f, error);
}
