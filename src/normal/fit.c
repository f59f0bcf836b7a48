/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"
#include "normal/complete.h"
#include "normal/fitting.h"
#include "normal/kernel.h"
#include "pattern/plain.h"

typedef struct emend_normal_fitting fitting;

/* Constant and never-observed columns stay out of the model. */
static void sort_columns(fitting *f) {
  const emend_reduced *reduced = f->reduced;
  for (size_t j = 0; j < reduced->n_columns; j++) {
    bool never = reduced->column_count[j] == 0, constant = !never && reduced->column_max[j] == reduced->column_min[j];
    f->made->state[j] = never ? EMEND_COLUMN_NEVER_OBSERVED : constant ? EMEND_COLUMN_CONSTANT : EMEND_COLUMN_ORDINARY;
    f->active[j] = !never && !constant;
    f->n_active += f->active[j];
  }
}

static bool informs(const fitting *f, const emend_reduced_pattern *pattern) {
  size_t active_missing = 0;
  for (size_t a = 0; a < pattern->n_missing; a++)
    active_missing += f->active[pattern->missing[a]];
  return active_missing < f->n_active;
}

/* Sampling weights are rescaled to add up to the rows that take part; Kish's effective number of rows does not depend on the scale. */
static emend_status weigh(fitting *f, emend_error *error) {
  const emend_reduced *reduced = f->reduced;
  double sum = 0, squares = 0, rows = 0;
  for (size_t s = 0; s < reduced->n_patterns; s++) {
    const emend_reduced_pattern *pattern = &reduced->patterns[s];
    if (!informs(f, pattern))
      continue;
    sum += pattern->weight;
    squares += pattern->weight_squares;
    rows += (double)pattern->n_rows;
  }
  if (!(sum < 1e150)) {
    emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "the weights add up to %g, more than can be reckoned with", sum);
    emend_try(error, "weights on a smaller scale");
    return status;
  }
  double units = sum / reduced->weight_unit;
  f->weight_factor = reduced->matrix.weights && f->options->weight_kind == EMEND_SAMPLING_WEIGHTS && sum > 0 ? rows / sum : 1;
  f->made->n_rows = (size_t)rows;
  f->made->weight = sum * f->weight_factor;
  f->made->effective_rows = squares > 0 ? units * units / squares : 0;
  f->made->n_patterns = reduced->n_patterns;
  return EMEND_OK;
}

/* Variances in the data's units must be numbers. */
static emend_status check_sizes(const fitting *f, emend_error *error) {
  const emend_reduced *reduced = f->reduced;
  char buffer[32];
  for (size_t j = 0; j < reduced->n_columns; j++) {
    if (isfinite(reduced->center[j]) && reduced->scale[j] < 1e150)
      continue;
    emend_status status = emend_fail(error, EMEND_UNSUPPORTED, "values so large that their squares leave the range of numbers");
    emend_at_variable(error, emend_normal_column_name(f, j, buffer));
    emend_try(error, "leaving it out (--exclude), or dividing it by a large number");
    return status;
  }
  return EMEND_OK;
}

static emend_status build(fitting *f, emend_error *error) {
  emend_normal_problem_free(f->problem);
  return emend_normal_problem_new(f->reduced, f->active, f->weight_factor, &f->prior, f->team, &f->problem, error);
}

emend_status emend_normal_use_ridge(fitting *f, double kappa, const double *target, emend_error *error) {
  /* No prior becomes `shrink`, Jeffreys' becomes `ridge`: their Lambda and nu are the same. */
  if (f->prior.kind == EMEND_PRIOR_NONE)
    f->prior.kind = EMEND_PRIOR_SHRINK;
  else if (f->prior.kind == EMEND_PRIOR_JEFFREYS)
    f->prior.kind = EMEND_PRIOR_RIDGE;
  f->prior.ridge += kappa;
  emend_status status = emend_normal_prior_add_ridge(&f->prior, f->reduced, f->active, f->weight_factor, kappa, target, error);
  return status ? status : build(f, error);
}

/* What the data's units add to the log-likelihood and to the log-posterior. */
static void unit_shifts(const fitting *f, double *likelihood, double *posterior) {
  *likelihood = *posterior = 0;
  for (size_t j = 0; j < f->reduced->n_columns; j++) {
    if (f->active[j]) {
      double logarithm = log(f->reduced->scale[j]);
      *likelihood -= f->reduced->column_weight[j] * f->weight_factor * logarithm;
      *posterior -= (f->reduced->column_weight[j] * f->weight_factor + f->prior.nu) * logarithm;
    }
  }
}

/*
 * Where the likelihood lets the covariance go, or a minimal ridge hardly holds it, EM may take 100,000 iterations to nowhere: a look at it on the
 * way tells. It needs more of a ridge then, f->loose, or has become singular.
 */
static emend_status look(void *state, size_t iterations, emend_error *error) {
  enum { EARLY = 200, LATE = 2000 };
  fitting *f = state;
  bool late = iterations == LATE && f->options->acceleration != EMEND_ACCELERATE_NONE;
  emend_status status = iterations == EARLY || late ? emend_normal_is_lost(f, late, &f->loose, error) : EMEND_OK;
  return !status && f->loose ? emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the covariance matrix becomes singular") : status;
}

static emend_status run(fitting *f, bool watched, emend_error *error) {
  emend_em_model model = emend_normal_problem_model(f->problem);
  emend_em_control control = {.tolerance = f->options->tolerance,
                              .max_iterations = f->options->max_iterations,
                              .look = watched ? look : NULL,
                              .look_state = f,
                              .acceleration = f->options->acceleration,
                              .has_maximum = f->prior.ridge > 0,
                              .one_step_is_exact = f->problem->groups->complete,
                              .objective_name = f->prior.kind == EMEND_PRIOR_NONE ? "log-likelihood" : "log-posterior",
                              .events = f->events};
  double likelihood;
  unit_shifts(f, &likelihood, &control.objective_shift);
  emend_status status = emend_em_run(&model, &control, &f->result, error);
  if (!status && f->result.largest_fall > 1e-8)
    emend_warn(f->events, "the %s fell in a step, by %.1e of its size: rounding has spoilt the estimate; a ridge would help",
               control.objective_name, f->result.largest_fall);
  return status;
}

/* EM, and again with a ridge if the covariance becomes singular on the way; the last time to its end. */
static emend_status estimate(fitting *f, emend_error *error) {
  enum { MOST_RESCUES = 5 };
  emend_status status = emend_normal_safeguard(f, error);
  size_t esteps = 0;
  for (unsigned attempt = 0;; attempt++) {
    f->loose = false;
    if (!status) {
      status = run(f, attempt < MOST_RESCUES, error);
      f->result.esteps += esteps, esteps = f->result.esteps;
    }
    if (!status)
      status = emend_normal_is_loose(f, &f->loose, error);
    if (attempt == MOST_RESCUES || (status != EMEND_NOT_POSITIVE_DEFINITE && !f->loose))
      return status;
    status = emend_normal_rescue(f, attempt + f->loose, error);
  }
}

/* Twice: towards the estimate the ridge moves what the data tell by the square of how much it did, and then by the third power. */
static emend_status run_recentred(fitting *f, emend_error *error) {
  enum { ROUNDS = 2 };
  emend_status status = EMEND_OK;
  for (int round = 0; round < ROUNDS && !status && f->result.converged; round++) {
    emend_em_result before = f->result;
    emend_normal_recentre_ridge(f);
    status = run(f, false, error);
    f->result.iterations += before.iterations, f->result.esteps += before.esteps;
  }
  return status;
}

/* What is never observed together has a ridge, which moved all that is, too: a variable that others nearly determine lost much of that. */
static emend_status settle_unmet(fitting *f, emend_error *error) {
  if (!(f->unmet_ridge > 0) || f->ridge_chosen)
    return EMEND_OK;
  size_t bytes = f->reduced->n_columns * f->reduced->n_columns * sizeof(double);
  double *lambda = malloc(bytes);
  if (!lambda)
    return emend_fail_memory(error);
  memcpy(lambda, f->prior.lambda, bytes);
  emend_status status = run_recentred(f, error);
  if (status == EMEND_NOT_POSITIVE_DEFINITE) { /* then as it was */
    emend_error_clear(error);
    memcpy(f->prior.lambda, lambda, bytes);
    status = build(f, error);
    status = status ? status : run(f, false, error);
  }
  free(lambda);
  return status;
}

/* Back to the data's units. */
static void fill_model(fitting *f) {
  emend_normal *made = f->made;
  const emend_reduced *reduced = f->reduced;
  double likelihood_shift, posterior_shift;
  unit_shifts(f, &likelihood_shift, &posterior_shift);
  emend_normal_set_parameters(made, f->problem);
  for (size_t j = 0; j < made->n_columns; j++)
    made->scale[j] = made->state[j] == EMEND_COLUMN_NEVER_OBSERVED ? NAN : f->active[j] ? reduced->scale[j] : 0;
  made->log_likelihood = f->problem->log_likelihood + likelihood_shift;
  made->log_posterior = f->problem->log_posterior + posterior_shift;
  made->iterations = f->result.iterations;
  made->esteps = f->result.esteps;
  made->kernel = emend_level_name(emend_level_choose());
  made->converged = f->result.converged;
  made->distance = f->result.distance;
  made->prior = f->prior.kind;
  made->ridge = f->prior.ridge;
}

/* Nothing to estimate: no column varies, or no row observes one that does. */
static void fill_trivial(fitting *f) {
  f->result = (emend_em_result){.converged = true, .distance = 0};
  f->problem->log_likelihood = f->problem->log_posterior = 0;
  fill_model(f);
}

static emend_status fit(fitting *f, emend_error *error) {
  emend_status status = emend_normal_set_names(f->made, f->names, error);
  if (status)
    return status;
  sort_columns(f);
  status = check_sizes(f, error);
  if (!status)
    status = weigh(f, error);
  if (!status)
    status = emend_normal_prior_new(f->options, f->reduced, f->active, f->weight_factor, &f->prior, error);
  if (!status)
    status = build(f, error);
  if (!status && (f->n_active == 0 || f->problem->weight == 0)) {
    fill_trivial(f);
    return EMEND_OK;
  }
  if (!status)
    status = estimate(f, error);
  if (!status)
    status = settle_unmet(f, error);
  if (!status)
    emend_normal_tell_rest(f), fill_model(f);
  return status;
}

emend_status emend_normal_fit_reduced(const emend_reduced *reduced, const char *const *names, const emend_normal_options *options,
                                      emend_events *events, emend_normal **fit_made, emend_error *error) {
  *fit_made = NULL;
  fitting f = {.reduced = reduced,
               .names = names,
               .options = options ? options : emend_normal_default_options(),
               .events = events,
               .made = emend_normal_allocate(reduced->n_columns),
               .active = emend_allocate(reduced->n_columns, sizeof(bool))};
  emend_status status = f.made && f.active ? emend_team_new(f.options->threads, &f.team, error) : emend_fail_memory(error);
  if (!status && emend_level_refused())
    emend_warn(events, "EMEND_KERNEL=%s names no kernel that this processor can run: %s is used", emend_level_refused(),
               emend_level_name(emend_level_choose()));
  if (!status) {
    status = emend_blas_begin(error);
    if (!status) {
      status = fit(&f, error);
      emend_blas_end();
    }
  }
  if (status)
    emend_normal_free(f.made);
  else
    *fit_made = f.made;
  emend_normal_problem_free(f.problem);
  emend_normal_prior_free(&f.prior);
  emend_team_free(f.team);
  free(f.active);
  return status;
}

emend_status emend_normal_fit(const double *values, size_t n_rows, size_t n_columns, size_t row_stride, const double *weights,
                              const emend_normal_options *options, emend_events *events, emend_normal **fit_made, emend_error *error) {
  *fit_made = NULL;
  emend_plain plain = {.values = values, .n_columns = n_columns, .row_stride = row_stride};
  emend_matrix matrix;
  emend_reduced *reduced = NULL;
  emend_status status = emend_plain_matrix(&plain, n_rows, weights, &matrix, error);
  if (!status)
    status = emend_reduced_new(&matrix, NULL, NULL, events, &reduced, error);
  if (status)
    return status;
  status = emend_normal_fit_reduced(reduced, NULL, options, events, fit_made, error);
  emend_reduced_free(reduced);
  return status;
}

emend_status emend_normal_complete(const emend_normal *normal, double *values, size_t n_rows, size_t row_stride, emend_error *error) {
  size_t p = normal->n_columns;
  emend_plain plain = {.values = values, .n_columns = p, .row_stride = row_stride};
  emend_matrix matrix;
  emend_completed *completed = NULL;
  emend_status status = emend_plain_matrix(&plain, n_rows, NULL, &matrix, error);
  if (!status)
    status = emend_normal_complete_matrix(normal, &matrix, NULL, 0, NULL, &completed, error);
  if (status)
    return status;
  for (size_t i = 0; i < n_rows; i++)
    for (size_t j = 0; j < p; j++)
      if (isnan(values[i * row_stride + j]))
        values[i * row_stride + j] = emend_completed_value(completed, i, j);
  emend_completed_free(completed);
  return EMEND_OK;
}
