/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "normal/complete.h"
#include "normal/inside.h"
#include "normal/prior.h"

/* Hides a tenth of the observed cells, and tells how well the model of each ridge predicts them. */

static const double HIDDEN_SHARE = 0.1;
enum { MOST_STEPS = 50 };

typedef struct trial {
  const emend_normal_problem *problem; /* of all the data */
  const emend_normal_options *options;
  emend_reduced *shown; /* what is left, in the same standardised units */
  bool *active;         /* columns that still vary */
  emend_normal_problem *shown_problem; /* at the answer of the ridge before, from which the next is not far; NULL: none yet */
  emend_normal *model;  /* of the ridge at hand */
  emend_events *events;
} trial;

static bool is_hidden(const trial *t, size_t row, size_t column) {
  return t->problem->active[column] && emend_random_uniform(t->options->seed, EMEND_STREAM_HIDE, row, column) < HIDDEN_SHARE;
}

/* The rows of the data, some cells hidden. */
static void read_rows(const void *state, size_t row, size_t n, double *block) {
  const trial *t = state;
  const emend_matrix *truth = &t->problem->reduced->matrix;
  size_t p = truth->n_columns;
  truth->read(truth->state, row, n, block);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < p; j++)
      if (is_hidden(t, row + i, j))
        block[i * p + j] = NAN;
}

static void trial_free(trial *t) {
  emend_normal_problem_free(t->shown_problem);
  emend_reduced_free(t->shown);
  emend_normal_free(t->model);
  free(t->active);
}

static emend_matrix shown_matrix(const trial *t) {
  emend_matrix matrix = t->problem->reduced->matrix;
  matrix.state = t;
  matrix.read = read_rows;
  return matrix;
}

static emend_status hide_cells(trial *t, emend_error *error) {
  const emend_reduced *reduced = t->problem->reduced;
  size_t p = reduced->n_columns;
  emend_matrix matrix = shown_matrix(t);
  t->active = emend_allocate(p, sizeof *t->active);
  t->model = emend_normal_allocate(p);
  if (!t->active || !t->model)
    return emend_fail_memory(error);
  emend_status status = emend_reduced_new(&matrix, reduced->center, reduced->scale, t->events, &t->shown, error);
  for (size_t j = 0; j < p && !status; j++) {
    t->active[j] = t->problem->active[j] && t->shown->column_count[j] > 1 && t->shown->column_max[j] > t->shown->column_min[j];
    t->model->state[j] = t->active[j] ? EMEND_COLUMN_ORDINARY : EMEND_COLUMN_CONSTANT;
  }
  return status;
}

/* Minus twice the log-density, but for a constant, of the hidden cells of some rows, in standardised units. */
static void compare(const trial *t, const emend_completed *completed, size_t row, size_t n, const double *truth, double *sum,
                    double *count) {
  static const double LEAST = 1e-6;
  const emend_reduced *reduced = t->problem->reduced;
  size_t p = reduced->n_columns;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < p && !(reduced->matrix.weights && reduced->matrix.weights[row + i] == 0); j++) {
      double x = truth[i * p + j];
      if (isnan(x) || !t->active[j] || !is_hidden(t, row + i, j))
        continue;
      double e = (emend_completed_value(completed, row + i, j) - x) / reduced->scale[j];
      double sd = emend_completed_spread(completed, row + i, j) / reduced->scale[j], variance = fmax(sd * sd, LEAST);
      *sum += log(variance) + e * e / variance;
      ++*count;
    }
}

/* Minus twice the mean log-density of the hidden cells under the model of the trial; NaN if there is none. */
static emend_status predict(const trial *t, double *badness, emend_error *error) {
  enum { BLOCK_ROWS = 64 };
  const emend_matrix *truth = &t->problem->reduced->matrix;
  emend_matrix matrix = shown_matrix(t);
  emend_completed *completed = NULL;
  double sum = 0, count = 0, *block = emend_allocate(BLOCK_ROWS, (truth->n_columns ? truth->n_columns : 1) * sizeof *block);
  const emend_completion_wish wish = {.spreads = true};
  emend_status status = block ? emend_normal_complete_matrix(t->model, &matrix, &wish, t->options->threads, NULL, &completed, error)
                              : emend_fail_memory(error);
  for (size_t row = 0; row < truth->n_rows && !status; row += BLOCK_ROWS) {
    size_t n = truth->n_rows - row < BLOCK_ROWS ? truth->n_rows - row : BLOCK_ROWS;
    truth->read(truth->state, row, n, block);
    compare(t, completed, row, n, block, &sum, &count);
  }
  *badness = count > 0 ? sum / count : NAN;
  free(block);
  emend_completed_free(completed);
  return status;
}

static emend_status set_ridge(trial *t, double kappa, emend_error *error) {
  size_t p = t->shown->n_columns;
  emend_normal_prior_terms prior = {.kind = EMEND_PRIOR_SHRINK, .ridge = kappa};
  emend_status status = emend_normal_prior_add_ridge(&prior, t->shown, t->active, t->problem->weight_factor, kappa, error);
  if (!status && !t->shown_problem) {
    status = emend_normal_problem_new(t->shown, t->active, t->problem->weight_factor, &prior, t->problem->team, &t->shown_problem, error);
  } else if (!status) {
    memcpy(t->shown_problem->prior.lambda, prior.lambda, p * p * sizeof *prior.lambda);
    t->shown_problem->prior.nu = prior.nu;
    t->shown_problem->prior.ridge = prior.ridge;
  }
  emend_normal_prior_free(&prior);
  return status;
}

/* One ridge. *settled: EM converged; a ridge too weak for that would leave the final fit without an end. */
static emend_status score(trial *t, double kappa, double *badness, bool *settled, emend_error *error) {
  emend_em_result result = {0};
  emend_status status = set_ridge(t, kappa, error);
  if (!status) {
    emend_em_model model = emend_normal_problem_model(t->shown_problem);
    emend_em_control control = {.tolerance = 1e-3,
                                .acceleration = EMEND_ACCELERATE_ANDERSON,
                                .max_iterations = MOST_STEPS,
                                .one_step_is_exact = t->shown_problem->groups->complete,
                                .objective_name = "choosing a ridge, log-posterior",
                                .events = t->events};
    status = emend_em_run(&model, &control, &result, error);
  }
  *settled = !status && result.converged;
  if (!status) {
    emend_normal_set_parameters(t->model, t->shown_problem);
    status = predict(t, badness, error);
  }
  return status;
}

/* From the strongest to the weakest, until the predictions have become worse twice, or EM does not converge any more. */
emend_status emend_normal_choose_ridge(const emend_normal_problem *problem, const emend_normal_options *options, emend_events *events,
                                       double *kappa, emend_error *error) {
  static const double grid[] = {3, 1, 0.3, 0.1, 0.03, 0.01, 1e-3, 1e-6}, WORSE = 0.01;
  trial t = {.problem = problem, .options = options, .events = events};
  double best = INFINITY;
  bool best_settled = false;
  unsigned worse = 0;
  *kappa = grid[3] * problem->weight; /* if nothing could be hidden */
  emend_status status = hide_cells(&t, error);
  for (size_t g = 0; g < sizeof grid / sizeof *grid && !status && worse < 2; g++) {
    double badness = NAN;
    bool settled = false;
    status = score(&t, grid[g] * problem->weight, &badness, &settled, error);
    if (status == EMEND_NOT_POSITIVE_DEFINITE) { /* too weak to restore the rank: so are all that follow */
      status = EMEND_OK;
      break;
    }
    if (!status && best_settled && !settled)
      break;
    worse = badness > best + WORSE ? worse + 1 : 0;
    if (!status && (badness < best || (settled > best_settled && isfinite(badness)))) {
      best = badness;
      best_settled = settled;
      *kappa = grid[g] * problem->weight;
    }
  }
  trial_free(&t);
  return status;
}
