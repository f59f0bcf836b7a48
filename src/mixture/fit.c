/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mixture/fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mixture/fitting.h"
#include "normal/fit.h"
#include "normal/lapack.h"

typedef emend_mixture_fitting fitting;

/* Starts are sought in about this many rows, or in this many for each component and column. */
enum { SUBSET_ROWS = 10000, SUBSET_ROWS_EACH = 50 };

static void candidate_free(emend_mixture_candidate *c) {
  emend_mixture_parameters_free(&c->parameters);
  free(c->certainty.assigned);
}

static void fitting_free(fitting *f) {
  emend_normal_free(f->normal);
  free(f->columns.source), free(f->columns.sphere), free(f->columns.observed_variance), free(f->covariance), free(f->trials);
  emend_patterns_free(f->subset);
  emend_mixture_starter_free(&f->starter);
  candidate_free(&f->best);
}

static const char *column_name(const fitting *f, size_t column, char buffer[32]) {
  if (f->names)
    return f->names[column];
  snprintf(buffer, 32, "column %zu", column + 1);
  return buffer;
}

/* The single normal says which columns take part, what the rows weigh, which ridge the data need, and what stands in the holes while a
 * start is sought. It must be exact only where it is an answer itself. */
static emend_status fit_normal(fitting *f, emend_error *error) {
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
    status = emend_normal_fit_patterns(f->patterns, f->names, o, f->events, &f->normal, error);
  if (!status)
    status = emend_normal_complete_patterns(f->normal, f->patterns, f->events, error);
  emend_normal_options_free(o);
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
    double weight = patterns->column_weight[j] * f->weight_factor, s = patterns->scale[j];
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
  emend_status status =
      f->patterns->n_rows > 2 * most ? emend_mixture_subset(f->patterns, most, options->seed, &f->subset, error) : EMEND_OK;
  if (status)
    return status;
  const emend_patterns *rows = f->subset ? f->subset : f->patterns;
  return emend_mixture_starter_new(rows, &f->columns, f->covariance, options->most, options->seed, &f->starter, error);
}

static emend_status prepare(fitting *f, emend_error *error) {
  emend_status status = fit_normal(f, error);
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

static double criterion(const fitting *f, const emend_mixture_candidate *c, emend_criterion which) {
  return emend_mixture_criterion_of(which, c->log_likelihood + f->likelihood_shift,
                                    emend_structure_df(c->structure, c->n_components, f->columns.p), emend_normal_weight(f->normal),
                                    c->certainty.log_largest);
}

static void record(fitting *f, const emend_mixture_candidate *c) {
  f->trials[f->n_trials++] = (emend_mixture_trial){.n_components = c->n_components,
                                                   .structure = c->structure,
                                                   .log_likelihood = c->fitted ? c->log_likelihood + f->likelihood_shift : NAN,
                                                   .df = emend_structure_df(c->structure, c->n_components, f->columns.p),
                                                   .bic = c->fitted ? criterion(f, c, EMEND_BIC) : NAN,
                                                   .icl = c->fitted ? criterion(f, c, EMEND_ICL) : NAN,
                                                   .aic = c->fitted ? criterion(f, c, EMEND_AIC) : NAN,
                                                   .iterations = c->result.iterations,
                                                   .converged = c->fitted && c->result.converged,
                                                   .ridge = c->ridge_added ? c->ridge : 0,
                                                   .collapsed = c->n_collapsed};
}

/* Keeps the better of the two, and frees the other. */
static void compare(fitting *f, emend_mixture_candidate *c) {
  emend_criterion which = f->options->criterion;
  if (c->fitted && (!f->best.fitted || criterion(f, c, which) < criterion(f, &f->best, which))) {
    candidate_free(&f->best);
    f->best = *c;
  } else {
    candidate_free(c);
  }
}

static emend_status try_one(fitting *f, size_t k, emend_structure structure, emend_error *error) {
  emend_mixture_candidate c;
  emend_status status = emend_mixture_try(f, k, structure, &c, error);
  if (status) {
    candidate_free(&c);
    return status;
  }
  record(f, &c);
  compare(f, &c);
  return EMEND_OK;
}

/* Where not one of the wanted numbers of components can be had, fewer are tried until one can: one component always can. */
static emend_status try_all(fitting *f, emend_error *error) {
  const emend_mixture_options *options = f->options;
  size_t most = options->most < emend_normal_rows(f->normal) ? options->most : emend_normal_rows(f->normal);
  emend_status status = EMEND_OK;
  f->trials = emend_allocate(options->n_structures * options->most, sizeof *f->trials);
  if (!f->trials)
    return emend_fail_memory(error);
  for (size_t k = options->least; k <= most && !status; k++)
    for (size_t s = 0; s < options->n_structures && !status; s++)
      status = try_one(f, k, options->structures[s], error);
  for (size_t k = options->least - 1; k > 0 && !f->best.fitted && !status; k--)
    for (size_t s = 0; s < options->n_structures && !status; s++)
      status = try_one(f, k, options->structures[s], error);
  if (!status && !f->best.fitted)
    status = emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "no mixture can be fitted: every component collapses");
  return status;
}

static void warn(fitting *f) {
  const emend_mixture_candidate *c = &f->best;
  char buffer[32], why[128] = "few rows, or a combination of variables that does not vary in it";
  if (c->collapsed_column < f->columns.p)
    snprintf(why, sizeof why, "%s does not vary in it", column_name(f, f->columns.source[c->collapsed_column], buffer));
  if (c->n_components < f->options->least)
    emend_warn(f->events,
               "%zu components cannot be told apart in these data: fewer different rows, or components that lost all theirs; %zu %s left",
               f->options->least, c->n_components, c->n_components == 1 ? "is" : "are");
  if (c->ridge_added)
    emend_warn(
        f->events,
        "%zu components (%s): from most starts the covariance of a component vanishes (%s); a prior (shrink, %g row%s) stands against it",
        c->n_components, emend_structure_name(c->structure), why, c->ridge, c->ridge == 1 ? "" : "s");
  if (c->result.largest_fall > 1e-8)
    emend_warn(f->events, "the log-likelihood fell in a step, by %.1e of its size: rounding has spoilt the estimate",
               c->result.largest_fall);
}

/* The components in descending order of their proportion; equal ones by their means, so that the order never depends on the start. */
static void sort_components(const emend_mixture_candidate *c, size_t p, size_t *order) {
  for (size_t i = 0; i < c->n_components; i++) {
    size_t at = i;
    for (; at > 0; at--) {
      size_t other = order[at - 1];
      double a = c->parameters.mixing[i], b = c->parameters.mixing[other];
      if (a < b || (a == b && memcmp(c->parameters.mean + i * p, c->parameters.mean + other * p, p * sizeof(double)) >= 0))
        break;
      order[at] = other;
    }
    order[at] = i;
  }
}

static void fill_component(const fitting *f, size_t from, emend_mixture *made, size_t to) {
  const emend_patterns *patterns = f->patterns;
  const emend_mixture_parameters *now = &f->best.parameters;
  size_t n = made->n_columns, p = f->columns.p;
  bool diagonal = emend_structure_is_diagonal(made->structure);
  double *mean = made->mean + to * n, *covariance = made->covariance + to * n * n;
  made->proportion[to] = now->mixing[from];
  made->assigned[to] = f->best.certainty.assigned[from];
  for (size_t j = 0; j < n; j++) {
    mean[j] = made->state[j] == EMEND_COLUMN_NEVER_OBSERVED ? NAN : patterns->center[j];
    for (size_t i = 0; i < n; i++)
      covariance[j * n + i] = made->state[i] == EMEND_COLUMN_NEVER_OBSERVED || made->state[j] == EMEND_COLUMN_NEVER_OBSERVED ? NAN : 0;
  }
  for (size_t a = 0; a < p; a++) {
    size_t i = f->columns.source[a];
    mean[i] = patterns->center[i] + patterns->scale[i] * now->mean[from * p + a];
    for (size_t b = 0; b < p; b++) {
      size_t j = f->columns.source[b];
      double entry = diagonal ? (a == b ? now->covariance[from * p + a] : 0) : now->covariance[(from * p + a) * p + b];
      covariance[i * n + j] = patterns->scale[i] * patterns->scale[j] * entry;
    }
  }
}

static void fill_facts(const fitting *f, emend_mixture *made) {
  const emend_mixture_candidate *c = &f->best;
  made->log_likelihood = c->log_likelihood + f->likelihood_shift;
  made->entropy = c->certainty.entropy;
  made->log_largest = c->certainty.log_largest;
  made->ambiguous = c->certainty.ambiguous;
  made->ridge = c->ridge;
  made->iterations = c->result.iterations;
  made->converged = c->result.converged;
  made->distance = c->result.distance;
  made->n_patterns = emend_normal_patterns(f->normal);
  made->n_rows = emend_normal_rows(f->normal);
  made->weight = emend_normal_weight(f->normal);
  made->effective_rows = emend_normal_effective_rows(f->normal);
}

static emend_status fill(fitting *f, emend_mixture **fit, emend_error *error) {
  size_t k = f->best.n_components;
  emend_mixture *made = emend_mixture_allocate(k, f->patterns->n_columns);
  size_t *order = emend_allocate(k, sizeof *order);
  emend_status status = made && order ? emend_mixture_set_names(made, f->names, error) : emend_fail_memory(error);
  if (!status) {
    made->structure = f->best.structure;
    for (size_t j = 0; j < made->n_columns; j++) {
      made->state[j] = emend_normal_column_state(f->normal, j);
      made->scale[j] = emend_normal_scale(f->normal)[j];
    }
    sort_components(&f->best, f->columns.p, order);
    for (size_t i = 0; i < k; i++)
      fill_component(f, order[i], made, i);
    fill_facts(f, made);
    made->trials = f->trials;
    made->n_trials = f->n_trials;
    f->trials = NULL;
    *fit = made;
  } else {
    emend_mixture_free(made);
  }
  free(order);
  return status;
}

emend_status emend_mixture_fit_patterns(emend_patterns *patterns, const char *const *names, const emend_mixture_options *options,
                                        emend_events *events, emend_mixture **fit, emend_error *error) {
  *fit = NULL;
  fitting f = {.patterns = patterns, .names = names, .options = options ? options : emend_mixture_default_options(), .events = events};
  int threads = openblas_get_num_threads();
  openblas_set_num_threads(1);
  emend_status status = emend_team_new(f.options->threads, &f.team, error);
  if (!status)
    status = prepare(&f, error);
  if (!status)
    status = try_all(&f, error);
  if (!status) {
    warn(&f);
    status = fill(&f, fit, error);
  }
  openblas_set_num_threads(threads);
  emend_team_free(f.team);
  fitting_free(&f);
  return status;
}
