/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "normal/inside.h"
#include "normal/prior.h"

/* Hides a tenth of the observed cells, and tells how well the model of each ridge predicts them. */

static const double HIDDEN_SHARE = 0.1;
enum { MOST_STEPS = 50 };

typedef struct trial {
  const emend_patterns *patterns; /* the truth */
  const bool *active;
  uint64_t seed;
  uint32_t *pattern_of;  /* of each stored row */
  uint32_t *original;    /* row of the data, by which its cells are hidden: the order of the patterns must not matter */
  emend_patterns *shown; /* what is left; its rows are the stored rows of the truth */
  uint32_t *stored;      /* row of the truth of each stored row of `shown` */
  bool *shown_active;    /* columns that still vary */
  double weight_factor;
  emend_events *events;
} trial;

static bool is_observed(const emend_pattern *pattern, size_t column) {
  for (size_t i = 0; i < pattern->n_missing; i++)
    if (pattern->missing[i] == column)
      return false;
  return true;
}

/* The stored rows as a matrix again, some cells hidden. */
static void read_rows(const void *state, size_t row, size_t n, double *block) {
  const trial *t = state;
  size_t p = t->patterns->n_columns;
  for (size_t i = 0; i < n; i++) {
    const emend_pattern *pattern = &t->patterns->patterns[t->pattern_of[row + i]];
    const double *x = t->patterns->values + (row + i) * p;
    for (size_t j = 0; j < p; j++) {
      bool hide = t->active[j] && emend_random_uniform(t->seed, EMEND_STREAM_HIDE, t->original[row + i], j) < HIDDEN_SHARE;
      block[i * p + j] = hide ? NAN : x[j];
    }
    for (size_t a = 0; a < pattern->n_missing; a++)
      block[i * p + pattern->missing[a]] = NAN;
  }
}

static void trial_free(trial *t) {
  emend_patterns_free(t->shown);
  free(t->pattern_of), free(t->original), free(t->stored), free(t->shown_active);
}

static emend_status hide_cells(trial *t, emend_error *error) {
  const emend_patterns *patterns = t->patterns;
  size_t n = patterns->n_rows, p = patterns->n_columns;
  double *center = emend_allocate(p, sizeof *center), *scale = emend_allocate(p, sizeof *scale);
  t->pattern_of = emend_allocate(n, sizeof *t->pattern_of);
  t->original = emend_allocate(n, sizeof *t->original);
  t->stored = emend_allocate(n, sizeof *t->stored);
  t->shown_active = emend_allocate(p, sizeof *t->shown_active);
  bool ok = center && scale && t->pattern_of && t->original && t->stored && t->shown_active;
  emend_status status = ok ? EMEND_OK : emend_fail_memory(error);
  for (size_t s = 0; s < patterns->n_patterns && !status; s++)
    for (size_t i = 0; i < patterns->patterns[s].n_rows; i++)
      t->pattern_of[patterns->patterns[s].first + i] = (uint32_t)s;
  for (size_t i = 0; i < n && !status; i++)
    t->original[patterns->position[i]] = (uint32_t)i;
  for (size_t j = 0; j < p && !status; j++)
    scale[j] = 1; /* already standardised */
  emend_matrix matrix = {.n_rows = n, .n_columns = p, .state = t, .read = read_rows, .weights = patterns->weights};
  if (!status)
    status = emend_patterns_new(&matrix, center, scale, t->events, &t->shown, error);
  for (size_t j = 0; j < p && !status; j++)
    t->shown_active[j] = t->active[j] && t->shown->column_count[j] > 1 && t->shown->column_max[j] > t->shown->column_min[j];
  for (size_t i = 0; i < n && !status; i++)
    t->stored[t->shown->position[i]] = (uint32_t)i;
  free(center), free(scale);
  return status;
}

/* Adds the squared errors of the hidden cells of one pattern's rows. */
static void predict(const trial *t, const emend_pattern *pattern, const emend_conditional *conditional, double *sum, double *count) {
  const emend_patterns *shown = t->shown;
  size_t p = shown->n_columns, stride = emend_padded(p);
  for (size_t at = pattern->first; at < pattern->first + pattern->n_rows; at++) {
    const double *x = shown->values + at * p, *truth = t->patterns->values + (size_t)t->stored[at] * p;
    if (shown->weights && shown->weights[at] == 0)
      continue;
    for (size_t a = 0; a < pattern->n_missing; a++) {
      size_t j = pattern->missing[a];
      if (!t->shown_active[j] || !is_observed(&t->patterns->patterns[t->pattern_of[t->stored[at]]], j))
        continue;
      double e = conditional->offset[a] - truth[j];
      for (size_t k = 0; k < p; k++)
        e += conditional->regression[a * stride + k] * x[k];
      *sum += e * e;
      ++*count;
    }
  }
}

/* Mean squared error of the hidden cells under the model of one ridge; standardised units, NaN if there is no hidden cell. *settled: EM
 * converged; a ridge too weak for that would leave the final fit without an end. */
static emend_status score(const trial *t, double kappa, double *squared_error, bool *settled, emend_error *error) {
  const emend_patterns *shown = t->shown;
  emend_normal_prior_terms prior = {.kind = EMEND_PRIOR_SHRINK, .ridge = kappa};
  emend_normal_problem *problem = NULL;
  emend_conditional conditional = {0};
  emend_em_result result;
  emend_status status = emend_conditional_new(shown->n_columns, emend_padded(shown->n_columns), &conditional) ? EMEND_OK : emend_fail_memory(error);
  if (!status)
    status = emend_normal_prior_add_ridge(&prior, shown, t->shown_active, t->weight_factor, kappa, error);
  if (!status)
    status = emend_normal_problem_new(shown, t->shown_active, t->weight_factor, &prior, &problem, error);
  if (!status) {
    emend_em_model model = emend_normal_problem_model(problem);
    emend_em_control control = {.tolerance = 1e-3,
                                .acceleration = EMEND_ACCELERATE_ANDERSON,
                                .max_iterations = MOST_STEPS,
                                .one_step_is_exact = problem->complete,
                                .objective_name = "choosing a ridge, log-posterior",
                                .events = t->events};
    status = emend_em_run(&model, &control, &result, error);
  }
  *settled = !status && result.converged;
  double sum = 0, count = 0;
  for (size_t s = 0; s < shown->n_patterns && !status; s++) {
    const emend_pattern *pattern = &shown->patterns[s];
    if (pattern->n_missing > 0 && !isnan(problem->kernels->condition(problem->stride, problem->precision, problem->mean,
                                                                     pattern->missing, pattern->n_missing, &conditional)))
      predict(t, pattern, &conditional, &sum, &count);
  }
  *squared_error = count > 0 ? sum / count : NAN;
  emend_normal_problem_free(problem);
  emend_normal_prior_free(&prior);
  emend_conditional_free(&conditional);
  return status;
}

emend_status emend_normal_choose_ridge(const emend_normal_problem *problem, uint64_t seed, emend_events *events, double *kappa, emend_error *error) {
  static const double grid[] = {1e-6, 1e-3, 0.01, 0.03, 0.1, 0.3, 1, 3};
  trial t = {.patterns = problem->patterns, .active = problem->active, .seed = seed, .weight_factor = problem->weight_factor, .events = events};
  double best = INFINITY;
  bool best_settled = false;
  *kappa = grid[4] * problem->weight; /* if nothing could be hidden */
  emend_status status = hide_cells(&t, error);
  for (size_t g = 0; g < sizeof grid / sizeof *grid && !status; g++) {
    double squared_error = NAN;
    bool settled = false;
    status = score(&t, grid[g] * problem->weight, &squared_error, &settled, error);
    if (status == EMEND_NOT_POSITIVE_DEFINITE) {
      status = EMEND_OK; /* this ridge is too weak to restore the rank */
    } else if (!status && settled >= best_settled && (squared_error < best || (settled > best_settled && isfinite(squared_error)))) {
      best = squared_error;
      best_settled = settled;
      *kappa = grid[g] * problem->weight;
    }
  }
  trial_free(&t);
  return status;
}
