/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mixture/fitting.h"

/* One number of components and one structure: short runs from every start, and the best to convergence. */

enum { SHORT_RUN = 30 };
static const double SHORT_TOLERANCE = 1e-3, RESCUING_RIDGE = 1, SLOW_RATE = 0.3;

typedef struct attempt {
  emend_mixture_parameters parameters;
  double objective; /* -inf: collapsed */
  size_t iterations;
} attempt;

typedef struct trial {
  emend_mixture_fitting *fitting;
  emend_mixture_candidate *made;
  size_t k, n_starts;
  emend_mixture_units units, subset_units;
  emend_mixture_problem *problem, *small; /* on all rows, and on those in which starts are sought: the same for small data */
  attempt *attempts;
  size_t start;        /* being tried; n_starts: the best goes on */
  emend_events *relay; /* tells the caller's events of the runs */
} trial;

static void trial_free(trial *t) {
  emend_events_free(t->relay);
  if (t->small != t->problem)
    emend_mixture_problem_free(t->small);
  emend_mixture_problem_free(t->problem);
  emend_mixture_units_free(&t->units);
  emend_mixture_units_free(&t->subset_units);
  for (size_t i = 0; t->attempts && i < t->n_starts; i++)
    emend_mixture_parameters_free(&t->attempts[i].parameters);
  free(t->attempts);
}

static emend_status build(trial *t, const emend_patterns *patterns, emend_mixture_units *units, emend_mixture_problem **problem,
                          emend_error *error) {
  emend_mixture_fitting *f = t->fitting;
  emend_structure structure = t->made->structure;
  emend_status status =
      emend_mixture_units_new(patterns, &f->columns, f->weight_factor, t->k, emend_structure_is_diagonal(structure), false, units, error);
  if (!status)
    status = emend_mixture_problem_new(patterns, &f->columns, units, t->k, structure, f->weight_factor, f->team, problem, error);
  return status;
}

/* What a run says, with the number of components, and its share of all the trials. */
static int relay(void *context, const char *stage, double fraction, const char *detail) {
  const trial *t = context;
  const emend_mixture_options *options = t->fitting->options;
  char text[160], start[32] = "";
  size_t all = (options->most - options->least + 1) * options->n_structures;
  double done = t->start == t->n_starts ? fmax(fraction, 0) : 0;
  if (t->start < t->n_starts && t->n_starts > 1)
    snprintf(start, sizeof start, ", start %zu", t->start + 1);
  snprintf(text, sizeof text, "%zu component%s, %s%s: %s", t->k, t->k == 1 ? "" : "s", emend_structure_name(t->made->structure), start,
           detail);
  return emend_progress(t->fitting->events, stage, ((double)t->fitting->n_trials + done) / (double)all, text, NULL) != EMEND_OK;
}

static emend_status trial_init(trial *t, emend_error *error) {
  emend_mixture_fitting *f = t->fitting;
  if (!(t->relay = emend_events_new()))
    return emend_fail_memory(error);
  emend_events_on_progress(t->relay, relay, t);
  t->n_starts = t->k == 1 || f->options->start_components ? 1 : f->options->starts;
  t->attempts = emend_allocate(t->n_starts, sizeof *t->attempts);
  emend_status status = t->attempts ? EMEND_OK : emend_fail_memory(error);
  for (size_t i = 0; i < t->n_starts && !status; i++)
    status = emend_mixture_parameters_new(t->k, f->columns.p, &t->attempts[i].parameters, error);
  if (!status)
    status = build(t, f->patterns, &t->units, &t->problem, error);
  t->small = t->problem;
  if (!status && f->subset && t->n_starts > 1) {
    t->small = NULL;
    status = build(t, f->subset, &t->subset_units, &t->small, error);
  }
  return status;
}

static void copy_parameters(const emend_mixture_problem *q, const emend_mixture_parameters *from, emend_mixture_parameters *to) {
  size_t k = q->n_components, p = q->p;
  memcpy(to->mixing, from->mixing, k * sizeof(double));
  memcpy(to->mean, from->mean, k * p * sizeof(double));
  memcpy(to->covariance, from->covariance, k * p * (q->diagonal ? 1 : p) * sizeof(double));
}

/* Of a full matrix what the structure keeps: the scatters of a start, as if of this many rows. */
static void restrict_covariances(const trial *t, const double *full, const double *weights, emend_mixture_parameters *parameters) {
  emend_mixture_problem *q = t->problem;
  size_t p = q->p, k = t->k;
  for (size_t c = 0; c < k; c++)
    for (size_t i = 0; i < (q->diagonal ? p : p * p); i++)
      q->scatter[c * (q->diagonal ? p : p * p) + i] = weights[c] * full[c * p * p + (q->diagonal ? i * (p + 1) : i)];
  for (size_t i = 0; i < k * p; i++)
    parameters->covariance[i] = 1;
  emend_structure_input input = {
      .n_components = k, .p = p, .sphere = q->columns->sphere, .scatter = q->scatter, .weight = weights, .lambda = q->scratch + 2 * p + k};
  memset(q->scratch + 2 * p + k, 0, p * sizeof(double));
  emend_structure_mstep(t->made->structure, &input, q->scratch, parameters->covariance);
}

static void set_normal(const emend_mixture_fitting *f, emend_mixture_parameters *parameters) {
  const double *mean = emend_normal_mean(f->normal);
  parameters->mixing[0] = 1;
  for (size_t j = 0; j < f->columns.p; j++) {
    size_t column = f->columns.source[j];
    parameters->mean[j] = (mean[column] - f->patterns->center[column]) / f->patterns->scale[column];
  }
}

/* The single normal. */
static void start_normal(trial *t, emend_mixture_parameters *parameters) {
  set_normal(t->fitting, parameters);
  restrict_covariances(t, t->fitting->covariance, (const double[]){1}, parameters);
}

/* The caller's. */
static emend_status start_given(trial *t, emend_mixture_parameters *parameters, emend_error *error) {
  const emend_mixture_fitting *f = t->fitting;
  size_t n = f->options->start_columns, p = f->columns.p, k = t->k;
  const double *mean = f->options->start + k, *covariance = mean + k * n, *scale = f->patterns->scale;
  double *full = emend_allocate(k * p, p * sizeof *full), sum = 0;
  if (!full)
    return emend_fail_memory(error);
  for (size_t c = 0; c < k; c++)
    sum += f->options->start[c];
  for (size_t c = 0; c < k; c++) {
    parameters->mixing[c] = f->options->start[c] / sum;
    for (size_t a = 0; a < p; a++) {
      size_t i = f->columns.source[a];
      parameters->mean[c * p + a] = (mean[c * n + i] - f->patterns->center[i]) / scale[i];
      for (size_t b = 0; b < p; b++) {
        size_t j = f->columns.source[b];
        full[(c * p + a) * p + b] = covariance[(c * n + i) * n + j] / (scale[i] * scale[j]);
      }
    }
  }
  restrict_covariances(t, full, parameters->mixing, parameters);
  free(full);
  return EMEND_OK;
}

static emend_status run(trial *t, emend_mixture_problem *q, bool to_the_end, emend_em_result *result, emend_error *error) {
  const emend_mixture_options *options = t->fitting->options;
  emend_em_model model = emend_mixture_problem_model(q);
  emend_em_control control = {.tolerance = to_the_end ? options->tolerance : SHORT_TOLERANCE,
                              .max_iterations = to_the_end || options->max_iterations < SHORT_RUN ? options->max_iterations : SHORT_RUN,
                              .acceleration = options->acceleration,
                              .slow_rate = SLOW_RATE,
                              .one_step_is_exact = t->k == 1 && q->units->complete,
                              .objective_name = q->nu > 0 ? "log-posterior" : "log-likelihood",
                              .objective_shift = t->fitting->likelihood_shift,
                              .events = t->relay};
  return emend_em_run(&model, &control, result, error);
}

static void note_collapse(trial *t, const emend_mixture_problem *q) {
  t->made->n_collapsed++;
  t->made->collapsed_component = q->collapsed_component;
  t->made->collapsed_column = q->collapsed_column;
}

/* A short run from one start; its outcome in the attempt. */
static emend_status try_start(trial *t, size_t start, emend_error *error) {
  attempt *a = &t->attempts[start];
  emend_mixture_problem *q = t->n_starts == 1 ? t->problem : t->small;
  emend_em_result result;
  emend_status status = EMEND_OK;
  t->start = start;
  a->objective = -INFINITY;
  if (t->fitting->options->start_components)
    status = start_given(t, &a->parameters, error);
  else if (t->k == 1)
    start_normal(t, &a->parameters);
  else if (!emend_mixture_starter_cluster(&t->fitting->starter, start, t->k)) {
    t->made->too_few_rows = true;
    return EMEND_OK;
  } else
    emend_mixture_starter_parameters(&t->fitting->starter, t->k, t->made->structure, &a->parameters);
  if (status || t->n_starts == 1) { /* nothing to choose from: straight to convergence */
    a->objective = 0;
    return status;
  }
  copy_parameters(q, &a->parameters, &q->now);
  status = run(t, q, false, &result, error);
  if (status == EMEND_OK) {
    copy_parameters(q, &q->now, &a->parameters);
    a->objective = result.objective;
    a->iterations = result.iterations;
  } else if (status == EMEND_NOT_POSITIVE_DEFINITE) {
    note_collapse(t, q);
    emend_error_clear(error);
    status = EMEND_OK;
  }
  return status;
}

static attempt *best_attempt(trial *t) {
  attempt *best = NULL;
  for (size_t i = 0; i < t->n_starts; i++)
    if (t->attempts[i].objective > -INFINITY && (!best || t->attempts[i].objective > best->objective))
      best = &t->attempts[i];
  return best;
}

/* To convergence from the best that is left, until one does not collapse on the way. */
static emend_status finish(trial *t, emend_error *error) {
  attempt *best;
  emend_status status = EMEND_OK;
  t->start = t->n_starts;
  while (!t->made->fitted && !status && (best = best_attempt(t))) {
    copy_parameters(t->problem, &best->parameters, &t->problem->now);
    best->objective = -INFINITY;
    status = run(t, t->problem, true, &t->made->result, error);
    if (status == EMEND_NOT_POSITIVE_DEFINITE) {
      note_collapse(t, t->problem);
      emend_error_clear(error);
      status = EMEND_OK;
    } else {
      t->made->fitted = !status;
      t->made->result.iterations += best->iterations;
    }
  }
  return status;
}

static emend_status attempt_all(trial *t, double ridge, emend_error *error) {
  emend_status status = EMEND_OK;
  t->made->ridge = ridge;
  emend_mixture_problem_set_ridge(t->problem, ridge);
  emend_mixture_problem_set_ridge(t->small, ridge);
  for (size_t i = 0; i < t->n_starts && !status; i++)
    status = try_start(t, i, error);
  return status ? status : finish(t, error);
}

/* What is kept of the converged problem. */
static emend_status keep(trial *t, emend_error *error) {
  emend_mixture_candidate *made = t->made;
  emend_status status = emend_mixture_parameters_new(t->k, t->problem->p, &made->parameters, error);
  if (status)
    return status;
  copy_parameters(t->problem, &t->problem->now, &made->parameters);
  made->log_likelihood = t->problem->log_likelihood + t->fitting->likelihood_shift;
  made->certainty.assigned = emend_allocate(t->k, sizeof(size_t));
  return made->certainty.assigned ? emend_mixture_certainty_of(t->problem, &made->certainty, error) : emend_fail_memory(error);
}

/* One component with a full covariance is the single normal, which is known already. */
static emend_status keep_normal(const emend_mixture_fitting *f, emend_mixture_candidate *made, emend_error *error) {
  const emend_normal *normal = f->normal;
  size_t p = f->columns.p;
  emend_status status = emend_mixture_parameters_new(1, p, &made->parameters, error);
  made->certainty.assigned = emend_allocate(1, sizeof(size_t));
  if (!status && !made->certainty.assigned)
    status = emend_fail_memory(error);
  if (status)
    return status;
  set_normal(f, &made->parameters);
  memcpy(made->parameters.covariance, f->covariance, p * p * sizeof(double));
  made->certainty.assigned[0] = emend_normal_rows(normal);
  made->log_likelihood = emend_normal_log_likelihood(normal);
  made->ridge = f->ridge;
  made->result = (emend_em_result){.iterations = emend_normal_iterations(normal),
                                   .converged = emend_normal_converged(normal),
                                   .distance = emend_normal_distance(normal)};
  made->fitted = made->is_normal = true;
  return EMEND_OK;
}

emend_status emend_mixture_try(emend_mixture_fitting *f, size_t k, emend_structure structure, emend_mixture_candidate *made,
                               emend_error *error) {
  *made = (emend_mixture_candidate){.n_components = k, .structure = structure};
  trial t = {.fitting = f, .made = made, .k = k};
  if (k == 1 && f->options->least == 1 && !f->options->start_components && !emend_structure_is_diagonal(structure))
    return keep_normal(f, made, error);
  emend_status status = trial_init(&t, error);
  if (!status)
    status = attempt_all(&t, f->ridge, error);
  /* What survives where most starts collapse is the likelihood's odd corner, not its maximum, which is infinite. */
  if (!status && (2 * made->n_collapsed > t.n_starts || !made->fitted) && !made->too_few_rows && f->ridge < RESCUING_RIDGE) {
    made->ridge_added = true;
    made->fitted = false;
    status = attempt_all(&t, RESCUING_RIDGE, error);
  }
  if (!status && made->fitted)
    status = keep(&t, error);
  trial_free(&t);
  return status;
}
