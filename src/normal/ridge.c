/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "normal/inside.h"
#include "normal/prior.h"

/* Hides a tenth of the observed cells of the patterns' rows, and tells how well a ridge predicts them. */

static const double HIDDEN_SHARE = 0.1;
enum { MOST_STEPS = 150 };

/* The stored rows as a matrix again, some cells hidden. */
typedef struct hidden {
  const emend_patterns *patterns;
  const bool *active;
  uint32_t *pattern_of; /* of each stored row */
  uint64_t seed;
} hidden;

static bool is_observed(const emend_pattern *pattern, size_t column) {
  for (size_t i = 0; i < pattern->n_missing; i++)
    if (pattern->missing[i] == column)
      return false;
  return true;
}

static bool is_hidden(const hidden *h, size_t row, size_t column) {
  return emend_random_uniform(h->seed, EMEND_STREAM_HIDE, row, column) < HIDDEN_SHARE;
}

static void read_rows(const void *state, size_t row, size_t n, double *block) {
  const hidden *h = state;
  size_t p = h->patterns->n_columns;
  for (size_t i = 0; i < n; i++) {
    const emend_pattern *pattern = &h->patterns->patterns[h->pattern_of[row + i]];
    const double *x = h->patterns->values + (row + i) * p;
    for (size_t j = 0; j < p; j++)
      block[i * p + j] = h->active[j] && is_hidden(h, row + i, j) ? NAN : x[j];
    for (size_t a = 0; a < pattern->n_missing; a++)
      block[i * p + pattern->missing[a]] = NAN;
  }
}

/* Mean squared error of the hidden cells, predicted by the model of one ridge; standardised units. */
static emend_status score(const hidden *h, const emend_patterns *shown, const bool *active, double factor, double kappa, emend_events *events,
                          double *squared_error, emend_error *error) {
  size_t p = shown->n_columns;
  emend_normal_prior_terms prior = {.kind = EMEND_PRIOR_SHRINK, .ridge = kappa};
  emend_normal_problem *problem = NULL;
  emend_conditional conditional = {0};
  emend_em_result result;
  emend_status status = emend_conditional_new(p, emend_padded(p), &conditional) ? EMEND_OK : emend_fail_memory(error);
  if (!status)
    status = emend_normal_prior_add_ridge(&prior, shown, active, factor, kappa, error);
  if (!status)
    status = emend_normal_problem_new(shown, active, factor, &prior, &problem, error);
  if (!status) {
    emend_em_model model = emend_normal_problem_model(problem);
    emend_em_control control = {.tolerance = 1e-4, .max_iterations = MOST_STEPS, .one_step_is_exact = problem->complete, .events = events};
    status = emend_em_run(&model, &control, &result, error);
  }
  double sum = 0, count = 0;
  for (size_t s = 0; s < shown->n_patterns && !status; s++) {
    const emend_pattern *pattern = &shown->patterns[s];
    if (pattern->n_missing == 0)
      continue;
    double logarithm = problem->kernels->condition(problem->stride, problem->precision, problem->mean, pattern->missing, pattern->n_missing,
                                                   &conditional);
    for (size_t r = 0; r < h->patterns->n_rows && !isnan(logarithm); r++) {
      size_t at = shown->position[r];
      if (at < pattern->first || at >= pattern->first + pattern->n_rows)
        continue;
      const double *x = shown->values + at * p;
      const double *truth = h->patterns->values + r * p;
      for (size_t a = 0; a < pattern->n_missing; a++) {
        size_t j = pattern->missing[a];
        if (!active[j] || !is_observed(&h->patterns->patterns[h->pattern_of[r]], j))
          continue;
        double e = conditional.offset[a];
        for (size_t k = 0; k < p; k++)
          e += conditional.regression[a * problem->stride + k] * x[k];
        sum += (e - truth[j]) * (e - truth[j]);
        count++;
      }
    }
  }
  *squared_error = count > 0 ? sum / count : NAN;
  emend_normal_problem_free(problem);
  emend_normal_prior_free(&prior);
  emend_conditional_free(&conditional);
  return status;
}

emend_status emend_normal_choose_ridge(const emend_normal_problem *problem, uint64_t seed, emend_events *events, double *kappa, emend_error *error) {
  static const double grid[] = {1e-6, 1e-3, 0.01, 0.03, 0.1, 0.3, 1, 3};
  const emend_patterns *patterns = problem->patterns;
  size_t p = patterns->n_columns;
  hidden h = {.patterns = patterns, .active = problem->active, .seed = seed, .pattern_of = emend_allocate(patterns->n_rows, sizeof *h.pattern_of)};
  double *center = emend_allocate(p, sizeof *center), *scale = emend_allocate(p, sizeof *scale);
  bool *active = emend_allocate(p, sizeof *active);
  emend_patterns *shown = NULL;
  emend_status status = h.pattern_of && center && scale && active ? EMEND_OK : emend_fail_memory(error);
  for (size_t s = 0; s < patterns->n_patterns && !status; s++)
    for (size_t i = 0; i < patterns->patterns[s].n_rows; i++)
      h.pattern_of[patterns->patterns[s].first + i] = (uint32_t)s;
  for (size_t j = 0; j < p && !status; j++)
    scale[j] = 1;
  emend_matrix matrix = {.n_rows = patterns->n_rows, .n_columns = p, .state = &h, .read = read_rows, .weights = patterns->weights};
  if (!status)
    status = emend_patterns_new(&matrix, center, scale, events, &shown, error);
  for (size_t j = 0; j < p && !status; j++)
    active[j] = problem->active[j] && shown->column_count[j] > 1 && shown->column_max[j] > shown->column_min[j];
  double best = INFINITY;
  *kappa = grid[4] * problem->weight;
  for (size_t g = 0; g < sizeof grid / sizeof *grid && !status; g++) {
    double squared_error = NAN;
    status = score(&h, shown, active, problem->weight_factor, grid[g] * problem->weight, events, &squared_error, error);
    if (status == EMEND_NOT_POSITIVE_DEFINITE) {
      status = EMEND_OK; /* this ridge is too weak to restore the rank */
      continue;
    }
    if (!status && squared_error < best) {
      best = squared_error;
      *kappa = grid[g] * problem->weight;
    }
  }
  emend_patterns_free(shown);
  free(h.pattern_of), free(center), free(scale), free(active);
  return status;
}
