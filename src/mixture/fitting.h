/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MIXTURE_FITTING_H
#define MIXTURE_FITTING_H

#include "mixture/start.h"

/* One call of emend_mixture_fit_matrix: what fit.c, prepare.c, trial.c and posterior.c share. */

/* What responsibilities say of the rows, added up. */
typedef struct emend_mixture_certainty {
  double entropy, log_largest;
  size_t ambiguous, *assigned; /* assigned: K, or NULL */
} emend_mixture_certainty;

/* The best of one number of components and one structure. */
typedef struct emend_mixture_candidate {
  size_t n_components;
  emend_structure structure;
  emend_mixture_parameters parameters;                       /* standardised; freed where it lost */
  bool fitted;                                               /* false: every start collapsed */
  double log_likelihood;                                     /* in the data's units */
  bool is_normal;                                            /* the single normal itself, with all its digits */
  double ridge;                                              /* kappa in force */
  bool ridge_added;                                          /* because all starts had collapsed */
  size_t n_collapsed, collapsed_component, collapsed_column; /* starts; where the last one did */
  bool too_few_rows;                                         /* fewer different rows than components */
  emend_em_result result;
  emend_mixture_certainty certainty;
} emend_mixture_candidate;

typedef struct emend_mixture_fitting {
  const emend_matrix *matrix;
  emend_patterns *patterns; /* its rows; completed by the normal model where starts are sought. The caller's in the end */
  const char *const *names; /* NULL: "column 1" ... */
  const emend_mixture_options *options;
  emend_events *events;
  emend_team *team;
  emend_normal *normal; /* the single normal */
  emend_mixture_selection columns;
  double *column_weight;       /* W_j of all columns */
  double weight_factor, ridge; /* ridge: what the caller or the data ask for in any case */
  double *covariance;          /* p x p: of the normal, standardised */
  emend_patterns *subset;      /* of large data, else NULL */
  emend_mixture_starter starter;
  double likelihood_shift; /* to the data's units */
  emend_mixture_trial *trials;
  size_t n_trials;
  emend_mixture_candidate best;
} emend_mixture_fitting;

emend_status emend_mixture_prepare(emend_mixture_fitting *fitting, emend_error *error);
/* Tries one number of components with one structure. */
emend_status emend_mixture_try(emend_mixture_fitting *fitting, size_t n_components, emend_structure structure,
                               emend_mixture_candidate *candidate, emend_error *error);
/* About n_rows rows of the patterns. The caller frees. */
emend_status emend_mixture_subset(const emend_patterns *patterns, size_t n_rows, uint64_t seed, emend_patterns **subset,
                                  emend_error *error);

/* Calls `visit` with the responsibilities (n x K) of each unit in turn, at the problem's parameters. */
typedef void (*emend_mixture_visitor)(void *context, const emend_mixture_unit *unit, const double *responsibilities);
emend_status emend_mixture_posterior(emend_mixture_problem *problem, emend_mixture_visitor visit, void *context, emend_error *error);
emend_status emend_mixture_certainty_of(emend_mixture_problem *problem, emend_mixture_certainty *certainty, emend_error *error);

#endif
