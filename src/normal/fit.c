/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "normal/fitting.h"
#include "normal/lapack.h"

typedef struct emend_normal_fitting fitting;

/* Constant and never-observed columns stay out of the model. */
static void sort_columns(fitting *f) {
  const emend_patterns *patterns = f->patterns;
  for (size_t j = 0; j < patterns->n_columns; j++) {
    bool never = patterns->column_count[j] == 0, constant = !never && patterns->column_max[j] == patterns->column_min[j];
    f->made->state[j] = never ? EMEND_COLUMN_NEVER_OBSERVED : constant ? EMEND_COLUMN_CONSTANT : EMEND_COLUMN_ORDINARY;
    f->active[j] = !never && !constant;
    f->n_active += f->active[j];
  }
}

static bool informs(const fitting *f, const emend_pattern *pattern) {
  size_t active_missing = 0;
  for (size_t a = 0; a < pattern->n_missing; a++)
    active_missing += f->active[pattern->missing[a]];
  return active_missing < f->n_active;
}

/* Sampling weights are rescaled to add up to the rows that take part; Kish's effective number of rows does not depend on the scale. */
static emend_status weigh(fitting *f, emend_error *error) {
  const emend_patterns *patterns = f->patterns;
  double sum = 0, largest = 0, squares = 0, rows = 0;
  for (size_t i = 0; patterns->weights && i < patterns->n_rows; i++)
    largest = fmax(largest, patterns->weights[i]);
  for (size_t s = 0; s < patterns->n_patterns; s++) {
    const emend_pattern *pattern = &patterns->patterns[s];
    bool counts = informs(f, pattern);
    for (size_t i = 0; i < pattern->n_rows && counts; i++) {
      double w = patterns->weights ? patterns->weights[pattern->first + i] : 1, share = largest > 0 ? w / largest : w;
      sum += w;
      squares += share * share;
      rows += w > 0;
    }
  }
  if (!(sum < 1e150)) {
    emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "the weights add up to %g, more than can be reckoned with", sum);
    emend_try(error, "weights on a smaller scale");
    return status;
  }
  double shares = largest > 0 ? sum / largest : sum;
  f->weight_factor = patterns->weights && f->options->weight_kind == EMEND_SAMPLING_WEIGHTS && sum > 0 ? rows / sum : 1;
  f->made->n_rows = (size_t)rows;
  f->made->weight = sum * f->weight_factor;
  f->made->effective_rows = squares > 0 ? shares * shares / squares : 0;
  f->made->n_patterns = patterns->n_patterns;
  return EMEND_OK;
}

/* Variances in the data's units must be numbers. */
static emend_status check_sizes(const fitting *f, emend_error *error) {
  const emend_patterns *patterns = f->patterns;
  char buffer[32];
  for (size_t j = 0; j < patterns->n_columns; j++) {
    if (isfinite(patterns->center[j]) && patterns->scale[j] < 1e150)
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
  return emend_normal_problem_new(f->patterns, f->active, f->weight_factor, &f->prior, &f->problem, error);
}

emend_status emend_normal_use_ridge(fitting *f, double kappa, emend_error *error) {
  /* No prior becomes `shrink`, Jeffreys' becomes `ridge`: their Lambda and nu are the same. */
  if (f->prior.kind == EMEND_PRIOR_NONE)
    f->prior.kind = EMEND_PRIOR_SHRINK;
  else if (f->prior.kind == EMEND_PRIOR_JEFFREYS)
    f->prior.kind = EMEND_PRIOR_RIDGE;
  f->prior.ridge += kappa;
  emend_status status = emend_normal_prior_add_ridge(&f->prior, f->patterns, f->active, f->weight_factor, kappa, error);
  return status ? status : build(f, error);
}

/* What the data's units add to the log-likelihood and to the log-posterior. */
static void unit_shifts(const fitting *f, double *likelihood, double *posterior) {
  *likelihood = *posterior = 0;
  for (size_t j = 0; j < f->patterns->n_columns; j++) {
    if (f->active[j]) {
      double logarithm = log(f->patterns->scale[j]);
      *likelihood -= f->patterns->column_weight[j] * f->weight_factor * logarithm;
      *posterior -= (f->patterns->column_weight[j] * f->weight_factor + f->prior.nu) * logarithm;
    }
  }
}

static emend_status run(fitting *f, emend_error *error) {
  emend_em_model model = emend_normal_problem_model(f->problem);
  emend_em_control control = {.tolerance = f->options->tolerance,
                              .max_iterations = f->options->max_iterations,
                              .acceleration = f->options->acceleration,
                              .one_step_is_exact = f->problem->complete,
                              .objective_name = f->prior.kind == EMEND_PRIOR_NONE ? "log-likelihood" : "log-posterior",
                              .events = f->events};
  double likelihood;
  unit_shifts(f, &likelihood, &control.objective_shift);
  emend_status status = emend_em_run(&model, &control, &f->result, error);
  if (!status && f->result.largest_fall > 1e-8)
    emend_warn(f->events, "the %s fell in a step, by %.1e of its size: rounding has spoilt the estimate; a ridge would help", control.objective_name,
               f->result.largest_fall);
  return status;
}

/* EM, and again with a ridge if the covariance becomes singular on the way. */
static emend_status estimate(fitting *f, emend_error *error) {
  emend_status status = emend_normal_safeguard(f, error);
  if (!status)
    status = run(f, error);
  for (unsigned attempt = 0; attempt < 5; attempt++) {
    bool loose = false;
    if (!status)
      status = emend_normal_is_loose(f, &loose, error);
    if (status != EMEND_NOT_POSITIVE_DEFINITE && !loose)
      break;
    status = emend_normal_rescue(f, attempt + loose, error);
    if (!status)
      status = run(f, error);
  }
  return status;
}

/* Back to the data's units. */
static void fill_model(fitting *f) {
  emend_normal *made = f->made;
  const emend_patterns *patterns = f->patterns;
  size_t p = made->n_columns;
  double likelihood_shift, posterior_shift;
  unit_shifts(f, &likelihood_shift, &posterior_shift);
  for (size_t j = 0; j < p; j++) {
    double s = patterns->scale[j];
    bool never = made->state[j] == EMEND_COLUMN_NEVER_OBSERVED;
    made->scale[j] = never ? NAN : f->active[j] ? s : 0;
    made->mean[j] = never ? NAN : patterns->center[j] + (f->active[j] ? s * f->problem->mean[j] : 0);
    for (size_t k = 0; k <= j; k++) {
      bool unknown = never || made->state[k] == EMEND_COLUMN_NEVER_OBSERVED;
      made->covariance[j * p + k] = made->covariance[k * p + j] =
          unknown ? NAN : f->active[j] && f->active[k] ? f->problem->covariance[j * p + k] * s * patterns->scale[k] : 0;
    }
  }
  made->log_likelihood = f->problem->log_likelihood + likelihood_shift;
  made->log_posterior = f->problem->log_posterior + posterior_shift;
  made->iterations = f->result.iterations;
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
    status = emend_normal_prior_new(f->options, f->patterns, f->active, f->weight_factor, &f->prior, error);
  if (!status)
    status = build(f, error);
  if (!status && (f->n_active == 0 || f->problem->weight == 0)) {
    fill_trivial(f);
    return EMEND_OK;
  }
  if (!status)
    status = estimate(f, error);
  if (!status)
    fill_model(f);
  return status;
}

emend_status emend_normal_fit_patterns(const emend_patterns *patterns, const char *const *names, const emend_normal_options *options,
                                       emend_events *events, emend_normal **fit_made, emend_error *error) {
  *fit_made = NULL;
  fitting f = {.patterns = patterns,
               .names = names,
               .options = options ? options : emend_normal_default_options(),
               .events = events,
               .made = emend_normal_allocate(patterns->n_columns),
               .active = emend_allocate(patterns->n_columns, sizeof(bool))};
  int threads = openblas_get_num_threads();
  openblas_set_num_threads(1);
  emend_status status = f.made && f.active ? fit(&f, error) : emend_fail_memory(error);
  openblas_set_num_threads(threads);
  if (status)
    emend_normal_free(f.made);
  else
    *fit_made = f.made;
  emend_normal_problem_free(f.problem);
  emend_normal_prior_free(&f.prior);
  free(f.active);
  return status;
}

/* A caller's plain matrix as blocks of rows. */
typedef struct plain_matrix {
  const double *values;
  size_t n_columns, row_stride;
} plain_matrix;

static void read_plain(const void *state, size_t row, size_t n, double *block) {
  const plain_matrix *plain = state;
  for (size_t i = 0; i < n; i++)
    memcpy(block + i * plain->n_columns, plain->values + (row + i) * plain->row_stride, plain->n_columns * sizeof *block);
}

emend_status emend_normal_fit(const double *values, size_t n_rows, size_t n_columns, size_t row_stride, const double *weights,
                              const emend_normal_options *options, emend_events *events, emend_normal **fit_made, emend_error *error) {
  *fit_made = NULL;
  if (n_columns == 0 || row_stride < n_columns)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "a matrix of %zu columns with rows %zu apart is not one", n_columns, row_stride);
  plain_matrix plain = {.values = values, .n_columns = n_columns, .row_stride = row_stride};
  emend_matrix matrix = {.n_rows = n_rows, .n_columns = n_columns, .state = &plain, .read = read_plain, .weights = weights};
  emend_patterns *patterns;
  emend_status status = emend_patterns_new(&matrix, NULL, NULL, events, &patterns, error);
  if (status)
    return status;
  status = emend_normal_fit_patterns(patterns, NULL, options, events, fit_made, error);
  emend_patterns_free(patterns);
  return status;
}

emend_status emend_normal_complete(const emend_normal *normal, double *values, size_t n_rows, size_t row_stride, emend_error *error) {
  size_t p = normal->n_columns;
  if (row_stride < p)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "a matrix of %zu columns with rows %zu apart is not one", p, row_stride);
  plain_matrix plain = {.values = values, .n_columns = p, .row_stride = row_stride};
  emend_matrix matrix = {.n_rows = n_rows, .n_columns = p, .state = &plain, .read = read_plain};
  emend_patterns *patterns;
  emend_status status = emend_patterns_new(&matrix, NULL, NULL, NULL, &patterns, error);
  if (status)
    return status;
  status = emend_normal_complete_patterns(normal, patterns, NULL, error);
  for (size_t i = 0; i < n_rows && !status; i++)
    for (size_t j = 0; j < p; j++)
      if (isnan(values[i * row_stride + j]))
        values[i * row_stride + j] = emend_patterns_value(patterns, i, j);
  emend_patterns_free(patterns);
  return status;
}
