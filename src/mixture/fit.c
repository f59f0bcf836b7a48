/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mixture/fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"
#include "mixture/fitting.h"
#include "normal/fit.h"

typedef emend_mixture_fitting fitting;

static void candidate_free(emend_mixture_candidate *c) {
  emend_mixture_parameters_free(&c->parameters);
  free(c->certainty.assigned);
}

static void fitting_free(fitting *f) {
  emend_normal_free(f->normal);
  free(f->columns.source), free(f->columns.sphere), free(f->columns.observed_variance), free(f->covariance), free(f->trials);
  free(f->column_weight);
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

static double criterion(const fitting *f, const emend_mixture_candidate *c, emend_criterion which) {
  return emend_mixture_criterion_of(which, c->log_likelihood,
                                    emend_structure_df(c->structure, c->n_components, f->columns.p), emend_normal_weight(f->normal),
                                    c->certainty.log_largest);
}

static void record(fitting *f, const emend_mixture_candidate *c) {
  f->trials[f->n_trials++] = (emend_mixture_trial){.n_components = c->n_components,
                                                   .structure = c->structure,
                                                   .log_likelihood = c->fitted ? c->log_likelihood : NAN,
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
  char buffer[32], why[160] = "it keeps too few rows";
  size_t p = f->columns.p, column = c->collapsed_column;
  if (column < p)
    snprintf(why, sizeof why, "%s does not vary in it", column_name(f, f->columns.source[column], buffer));
  else if (column > p)
    snprintf(why, sizeof why, "in it %s is a combination of the others", column_name(f, f->columns.source[column - p - 1], buffer));
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

static void fill_normal(const fitting *f, emend_mixture *made) {
  memcpy(made->mean, emend_normal_mean(f->normal), made->n_columns * sizeof(double));
  memcpy(made->covariance, emend_normal_covariance(f->normal), made->n_columns * made->n_columns * sizeof(double));
}

static void fill_facts(const fitting *f, emend_mixture *made) {
  const emend_mixture_candidate *c = &f->best;
  made->log_likelihood = c->log_likelihood;
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
    if (f->best.is_normal)
      fill_normal(f, made);
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

emend_status emend_mixture_fit_matrix(const emend_matrix *matrix, const char *const *names, const emend_mixture_options *options,
                                      emend_events *events, emend_patterns **patterns, emend_mixture **fit, emend_error *error) {
  *fit = NULL;
  *patterns = NULL;
  fitting f = {.matrix = matrix, .names = names, .options = options ? options : emend_mixture_default_options(), .events = events};
  emend_status status = emend_blas_begin(error);
  bool begun = !status;
  if (!status)
    status = emend_team_new(f.options->threads, &f.team, error);
  if (!status)
    status = emend_mixture_prepare(&f, error);
  if (!status)
    status = try_all(&f, error);
  if (!status) {
    warn(&f);
    status = fill(&f, fit, error);
  }
  if (begun)
    emend_blas_end();
  emend_team_free(f.team);
  if (status)
    emend_patterns_free(f.patterns);
  else
    *patterns = f.patterns;
  fitting_free(&f);
  return status;
}
