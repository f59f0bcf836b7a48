/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal/fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "normal/inside.h"
#include "normal/lapack.h"
#include "normal/prior.h"

/* Ridge that restores the rank after an exact dependence, in units of W (docs/methods.md section 5). */
static const double MINIMAL_RIDGE = 1e-7;

typedef struct fitting {
  const emend_patterns *patterns;
  const char *const *names;
  const emend_normal_options *options;
  emend_events *events;
  emend_normal *made;
  bool *active;
  size_t n_active;
  double weight_factor;
  emend_normal_prior_terms prior;
  emend_normal_problem *problem;
  emend_em_result result;
} fitting;

static const char *column_name(const fitting *f, size_t column, char buffer[32]) {
  if (f->names)
    return f->names[column];
  snprintf(buffer, 32, "column %zu", column + 1);
  return buffer;
}

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

/* Sampling weights are rescaled to add up to the rows that take part; Kish's effective number of rows does not depend on the scale. */
static void weigh(fitting *f) {
  const emend_patterns *patterns = f->patterns;
  double sum = 0, squares = 0, rows = 0;
  for (size_t s = 0; s < patterns->n_patterns; s++) {
    const emend_pattern *pattern = &patterns->patterns[s];
    size_t active_missing = 0;
    for (size_t a = 0; a < pattern->n_missing; a++)
      active_missing += f->active[pattern->missing[a]];
    bool informs = active_missing < f->n_active;
    for (size_t i = 0; informs && i < pattern->n_rows; i++) {
      double w = patterns->weights ? patterns->weights[pattern->first + i] : 1;
      sum += w;
      squares += w * w;
      rows += w > 0;
    }
  }
  f->weight_factor = patterns->weights && f->options->weight_kind == EMEND_SAMPLING_WEIGHTS && sum > 0 ? rows / sum : 1;
  f->made->n_rows = (size_t)rows;
  f->made->weight = sum * f->weight_factor;
  f->made->effective_rows = squares > 0 ? sum * sum / squares : 0;
  for (size_t s = 0; s < patterns->n_patterns; s++)
    f->made->n_patterns += patterns->patterns[s].n_rows > 0;
}

static emend_status build(fitting *f, emend_error *error) {
  emend_normal_problem_free(f->problem);
  return emend_normal_problem_new(f->patterns, f->active, f->weight_factor, &f->prior, &f->problem, error);
}

static emend_status use_ridge(fitting *f, double kappa, emend_error *error) {
  f->prior.kind = f->prior.kind == EMEND_PRIOR_NONE ? EMEND_PRIOR_SHRINK : f->prior.kind;
  f->prior.ridge += kappa;
  emend_status status = emend_normal_prior_add_ridge(&f->prior, f->patterns, f->active, f->weight_factor, kappa, error);
  return status ? status : build(f, error);
}

static emend_status run(fitting *f, emend_error *error) {
  emend_em_model model = emend_normal_problem_model(f->problem);
  emend_em_control control = {.tolerance = f->options->tolerance,
                              .max_iterations = f->options->max_iterations,
                              .one_step_is_exact = f->problem->complete,
                              .events = f->events};
  return emend_em_run(&model, &control, &f->result, error);
}

/* "ts is an exact combination of sws, ps": each dependence found in a covariance matrix, as a warning. */
static emend_status name_dependences(fitting *f, const double *covariance, size_t *count, emend_error *error) {
  emend_normal_dependence *list;
  emend_status status = emend_normal_find_dependences(f->patterns->n_columns, covariance, f->active, &list, count, error);
  for (size_t i = 0; i < *count && !status; i++) {
    emend_buffer text = {0};
    char buffer[32];
    for (size_t k = 0; k < list[i].n_others && !status; k++)
      status = emend_buffer_format(&text, error, "%s%s", k ? ", " : "", column_name(f, list[i].others[k], buffer));
    if (!status)
      emend_warn(f->events, "%s is %s of %s: a minimal ridge (shrink, %g of the rows) keeps the estimate unique; completed cells keep the relation",
                 column_name(f, list[i].column, buffer), list[i].n_others == 1 ? "an exact linear function" : "an exact combination", text.bytes,
                 MINIMAL_RIDGE);
    emend_buffer_free(&text);
  }
  emend_normal_dependences_free(list, *count);
  return status;
}

/* Covariance of at most `most` rows in which nothing active is missing; *n of them. */
static void complete_row_covariance(const fitting *f, size_t most, double *sum, double *products, size_t *n) {
  const emend_patterns *patterns = f->patterns;
  size_t p = patterns->n_columns;
  memset(sum, 0, p * sizeof *sum);
  memset(products, 0, p * p * sizeof *products);
  *n = 0;
  for (size_t s = 0; s < patterns->n_patterns; s++) {
    const emend_pattern *pattern = &patterns->patterns[s];
    bool complete = true;
    for (size_t a = 0; a < pattern->n_missing; a++)
      complete = complete && !f->active[pattern->missing[a]];
    for (size_t i = 0; complete && i < pattern->n_rows && *n < most; i++) {
      const double *x = patterns->values + (pattern->first + i) * p;
      if (patterns->weights && patterns->weights[pattern->first + i] == 0)
        continue;
      (*n)++;
      for (size_t j = 0; j < p; j++) {
        sum[j] += x[j];
        for (size_t k = 0; k <= j; k++)
          products[j * p + k] += x[j] * x[k];
      }
    }
  }
  double count = (double)(*n ? *n : 1);
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k <= j; k++)
      products[k * p + j] = products[j * p + k] = products[j * p + k] / count - sum[j] / count * (sum[k] / count);
}

/* A column that is constant in these rows makes them useless for the test. */
static bool all_vary(const fitting *f, const double *covariance) {
  for (size_t j = 0; j < f->patterns->n_columns; j++)
    if (f->active[j] && !(covariance[j * f->patterns->n_columns + j] > 1e-10))
      return false;
  return true;
}

/* Among the complete rows, if there are more than p + 1: a dependence that can be named before EM runs into it. An exact dependence shows in any
 * of them, so all rows are looked at only when a few suggest one. */
static emend_status check_complete_rows(fitting *f, bool *dependent, emend_error *error) {
  size_t p = f->patterns->n_columns, few = 20 * (p + 1), n, count = 0;
  double *sum = emend_allocate(p, sizeof *sum), *products = emend_allocate(p * p, sizeof *products);
  emend_status status = sum && products ? EMEND_OK : emend_fail_memory(error);
  emend_normal_dependence *list = NULL;
  if (!status) {
    complete_row_covariance(f, few, sum, products, &n);
    if (n > p + 1 && all_vary(f, products))
      status = emend_normal_find_dependences(p, products, f->active, &list, &count, error);
    emend_normal_dependences_free(list, count);
  }
  if (!status && count > 0) {
    complete_row_covariance(f, SIZE_MAX, sum, products, &n);
    status = name_dependences(f, products, &count, error);
  }
  *dependent = count > 0;
  free(sum), free(products);
  return status;
}

/* Pairs of active columns that no row has both of: their number, and the first of them in *a, *b. One bit per column: for each column the
 * union of the rows that have it. */
static emend_status find_unmet_pairs(const fitting *f, size_t *count, size_t *a, size_t *b, emend_error *error) {
  const emend_patterns *patterns = f->patterns;
  size_t p = patterns->n_columns, words = (p + 63) / 64;
  uint64_t *met = emend_allocate((p + 1) * words, sizeof *met), *row = met + p * words;
  if (!met)
    return emend_fail_memory(error);
  for (size_t s = 0; s < patterns->n_patterns; s++) {
    const emend_pattern *pattern = &patterns->patterns[s];
    if (pattern->weight == 0)
      continue;
    memset(row, 0xFF, words * sizeof *row);
    for (size_t i = 0; i < pattern->n_missing; i++)
      row[pattern->missing[i] / 64] &= ~(UINT64_C(1) << pattern->missing[i] % 64);
    for (size_t j = 0; j < p; j++)
      for (size_t w = 0; w < words && (row[j / 64] >> j % 64 & 1); w++)
        met[j * words + w] |= row[w];
  }
  *count = 0;
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < j; k++)
      if (f->active[j] && f->active[k] && !(met[j * words + k / 64] >> k % 64 & 1) && (*count)++ == 0)
        *a = k, *b = j;
  free(met);
  return EMEND_OK;
}

/* What the data alone do not determine, seen before the first iteration. */
static emend_status prepare_prior(fitting *f, emend_error *error) {
  size_t unmet = 0, a = 0, b = 0, n = f->problem->n_rows;
  emend_status status = find_unmet_pairs(f, &unmet, &a, &b, error);
  if (status || f->options->prior != EMEND_PRIOR_NONE)
    return status;
  bool few_rows = n <= f->n_active || (!f->problem->complete && 2 * n <= 3 * f->n_active);
  char first[32], second[32];
  if (few_rows) {
    double kappa;
    status = emend_normal_choose_ridge(f->problem, f->options->seed, f->events, &kappa, error);
    if (!status) {
      emend_warn(f->events, "%zu rows are few for %zu variables: a ridge (shrink, %.3g rows) was chosen by predicting hidden cells", n, f->n_active,
                 kappa);
      status = use_ridge(f, kappa, error);
    }
  } else if (unmet) {
    emend_warn(f->events,
               "%s and %s are never observed together%s: the data do not determine their partial correlation, and a ridge (shrink, %g rows) "
               "makes the answer unique",
               column_name(f, a, first), column_name(f, b, second), unmet > 1 ? " (nor are other pairs)" : "", f->options->ridge);
    status = use_ridge(f, f->options->ridge > 0 ? f->options->ridge : 1, error);
  } else {
    bool dependent;
    status = check_complete_rows(f, &dependent, error);
    if (!status && dependent)
      status = use_ridge(f, MINIMAL_RIDGE * f->problem->weight, error);
  }
  return status;
}

/* EM, and again with a minimal ridge if the covariance becomes singular on the way. */
static emend_status estimate(fitting *f, emend_error *error) {
  emend_status status = prepare_prior(f, error);
  if (!status)
    status = run(f, error);
  for (double ridge = MINIMAL_RIDGE; status == EMEND_NOT_POSITIVE_DEFINITE && ridge < 1e-2; ridge *= 100) {
    size_t count;
    status = name_dependences(f, f->problem->covariance, &count, error);
    if (!status && count == 0)
      emend_warn(f->events, "the covariance matrix became singular: a ridge (shrink, %g of the rows) keeps the estimate unique", ridge);
    if (!status)
      status = use_ridge(f, ridge * f->problem->weight, error);
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
  double shift = 0, shift_prior = 0;
  for (size_t j = 0; j < p; j++) {
    double s = patterns->scale[j];
    bool never = made->state[j] == EMEND_COLUMN_NEVER_OBSERVED;
    made->scale[j] = never ? NAN : f->active[j] ? s : 0;
    made->mean[j] = never ? NAN : patterns->center[j] + (f->active[j] ? s * f->problem->mean[j] : 0);
    if (f->active[j]) {
      shift += patterns->column_weight[j] * f->weight_factor * log(s);
      shift_prior += f->prior.nu * log(s);
    }
    for (size_t k = 0; k <= j; k++) {
      bool unknown = never || made->state[k] == EMEND_COLUMN_NEVER_OBSERVED;
      made->covariance[j * p + k] = made->covariance[k * p + j] =
          unknown ? NAN : f->active[j] && f->active[k] ? f->problem->covariance[j * p + k] * s * patterns->scale[k] : 0;
    }
  }
  made->log_likelihood = f->problem->log_likelihood - shift;
  made->log_posterior = f->problem->log_posterior - shift - shift_prior;
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
  weigh(f);
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
