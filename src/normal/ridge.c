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
/* Of the rows: a ridge that any table's EM bears, and that leaves strong relations nearly whole. With a stronger one they count for little,
 * and are taken for chance. */
static const double WEAK = 0.03;
/* Of EM: for an answer, and for one that only says which relations are chance. */
enum { MOST_STEPS = 50, FEW_STEPS = 15 };

typedef struct trial {
  const emend_normal_problem *problem; /* of all the data */
  const emend_normal_options *options;
  emend_reduced *shown; /* what is left, in the same standardised units */
  bool *active;         /* columns that still vary */
  emend_normal_problem *shown_problem; /* at the answer of the ridge before, from which the next is not far */
  double *target;       /* Lambda is kappa times it */
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

/* EM from where the problem stands, roughly. *settled: it converged; a ridge too weak for that would leave the final fit without an end. */
static emend_status run_roughly(emend_normal_problem *problem, size_t most_steps, emend_events *events, bool *settled, emend_error *error) {
  emend_em_model model = emend_normal_problem_model(problem);
  emend_em_result result = {0};
  emend_em_control control = {.tolerance = 1e-3,
                              .acceleration = EMEND_ACCELERATE_ANDERSON,
                              .max_iterations = most_steps,
                              .one_step_is_exact = problem->groups->complete,
                              .objective_name = "choosing a ridge, log-posterior",
                              .events = events};
  emend_status status = emend_em_run(&model, &control, &result, error);
  *settled = !status && result.converged;
  return status;
}

/* Lambda = kappa target, or kappa D without one. */
static emend_status set_ridge(emend_normal_problem *problem, double kappa, const double *target, emend_error *error) {
  size_t pp = problem->p * problem->p;
  emend_normal_prior_terms prior = {.kind = EMEND_PRIOR_SHRINK, .ridge = kappa};
  emend_status status =
      emend_normal_prior_add_ridge(&prior, problem->reduced, problem->active, problem->weight_factor, kappa, target, error);
  if (!status)
    memcpy(problem->prior.lambda, prior.lambda, pp * sizeof *prior.lambda);
  problem->prior.kind = prior.kind, problem->prior.nu = prior.nu, problem->prior.ridge = prior.ridge;
  emend_normal_prior_free(&prior);
  return status;
}

/* A problem, and at its answer under a weak ridge towards uncorrelated columns the target of the ridge to be chosen: what of the relations is
 * more than chance (normal/target.c). */
static emend_status find_target(const emend_normal_problem *like, const emend_reduced *reduced, const bool *active, double rows,
                                emend_events *events, emend_normal_problem **problem, double *target, emend_error *error) {
  const emend_normal_prior_terms none = {0};
  bool settled;
  emend_status status = emend_normal_problem_new(reduced, active, like->weight_factor, &none, like->team, problem, error);
  if (!status)
    status = set_ridge(*problem, WEAK * like->weight, NULL, error);
  if (!status)
    status = run_roughly(*problem, FEW_STEPS, events, &settled, error);
  return status ? status : emend_normal_find_target(*problem, rows, target, error);
}

/* One ridge. */
static emend_status score(trial *t, double kappa, double *badness, bool *settled, emend_error *error) {
  emend_status status = set_ridge(t->shown_problem, kappa, t->target, error);
  if (!status)
    status = run_roughly(t->shown_problem, MOST_STEPS, t->events, settled, error);
  if (status)
    return status;
  emend_normal_set_parameters(t->model, t->shown_problem);
  return predict(t, badness, error);
}

/* From the strongest to the weakest, until the predictions have become worse twice, or EM does not converge any more. */
static emend_status choose(trial *t, double *kappa, emend_error *error) {
  static const double grid[] = {3, 1, 0.3, 0.1, 0.03, 0.01, 1e-3, 1e-6}, WORSE = 0.01;
  double best = INFINITY, weight = t->problem->weight;
  bool best_settled = false;
  unsigned worse = 0;
  emend_status status = EMEND_OK;
  *kappa = grid[3] * weight; /* if nothing could be hidden */
  for (size_t g = 0; g < sizeof grid / sizeof *grid && !status && worse < 2; g++) {
    double badness = NAN;
    bool settled = false;
    status = score(t, grid[g] * weight, &badness, &settled, error);
    if (status == EMEND_NOT_POSITIVE_DEFINITE) /* too weak to restore the rank: so are all that follow */
      return EMEND_OK;
    if (!status && best_settled && !settled)
      break;
    worse = badness > best + WORSE ? worse + 1 : 0;
    if (!status && (badness < best || (settled > best_settled && isfinite(badness)))) {
      best = badness;
      best_settled = settled;
      *kappa = grid[g] * weight;
    }
  }
  return status;
}

emend_status emend_normal_choose_ridge(const emend_normal_problem *problem, double rows, const emend_normal_options *options,
                                       emend_events *events, double *kappa, double *target, emend_error *error) {
  trial t = {.problem = problem, .options = options, .events = events, .target = target};
  emend_status status = hide_cells(&t, error);
  if (!status)
    status = find_target(problem, t.shown, t.active, rows, events, &t.shown_problem, target, error);
  if (!status)
    status = choose(&t, kappa, error);
  trial_free(&t);
  emend_normal_problem *whole = NULL;
  if (!status)
    status = find_target(problem, problem->reduced, problem->active, rows, events, &whole, target, error);
  emend_normal_problem_free(whole);
  return status;
}
