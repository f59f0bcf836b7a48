/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MIXTURE_INSIDE_H
#define MIXTURE_INSIDE_H

#include <stdbool.h>

#include "base/ordered_sum.h"
#include "base/team.h"
#include "em/loop.h"
#include "emend/mixture.h"
#include "mixture/kernel.h"
#include "pattern/patterns.h"

/* What the files of this room share. */

struct emend_mixture_options {
  size_t least, most, starts;
  emend_structure structures[EMEND_STRUCTURES];
  size_t n_structures;
  emend_criterion criterion;
  double ridge, tolerance;
  size_t max_iterations;
  emend_acceleration acceleration;
  unsigned threads;
  uint64_t seed;
  emend_weight_kind weight_kind;
  size_t start_components, start_columns; /* 0: no start of the caller's */
  double *start;                          /* proportions, means, covariances */
};

struct emend_mixture {
  size_t n_components, n_columns;
  emend_structure structure;
  emend_column_state *state;
  char **names, **bases;                                                                /* NULL entries are "" */
  double *proportion, *mean, *covariance;                                               /* K; K x n; K x n x n */
  double *scale;                                                                        /* n */
  double log_likelihood, entropy, log_largest, distance, weight, effective_rows, ridge; /* log_largest: sum of w log max r */
  size_t ambiguous, *assigned, iterations, n_patterns, n_rows;
  int converged;
  emend_mixture_trial *trials;
  size_t n_trials;
};

const emend_mixture_options *emend_mixture_default_options(void);
emend_mixture *emend_mixture_allocate(size_t n_components, size_t n_columns); /* NULL: out of memory */

double emend_mixture_criterion_of(emend_criterion criterion, double log_likelihood, size_t df, double weight, double log_largest);

/* The columns that take part, and their units: shared by all problems of one fit. */
typedef struct emend_mixture_selection {
  size_t p;
  uint32_t *source;          /* p columns of the patterns */
  double *sphere;            /* p: variances, in standardised units, of a column with variance 1 in the data's units */
  double *observed_variance; /* p: D, divisor n_j - 1, standardised */
} emend_mixture_selection;

/* A part of the rows of one pattern. */
typedef struct emend_mixture_unit {
  size_t pattern, first, n;
  size_t o, columns; /* where its list of observed columns begins */
} emend_mixture_unit;

/* The rows that estimate, cut into chunks of about equal cost that depend on the data alone: sums over chunks are added in their order. */
typedef struct emend_mixture_units {
  emend_mixture_unit *units;
  size_t n_units;
  uint32_t *columns;
  size_t *chunks; /* first unit of each chunk, and n_units */
  size_t n_chunks;
  size_t max_observed, n_rows;
  double weight;
  bool complete;
  double observed_weight; /* sum of w o */
} emend_mixture_units;

/* Units of at most `rows_per_unit` rows; with `all`, rows without weight or without anything observed too. */
emend_status emend_mixture_units_new(const emend_patterns *patterns, const emend_mixture_selection *columns, double weight_factor,
                                     size_t n_components, bool diagonal, bool all, emend_mixture_units *units, emend_error *error);
void emend_mixture_units_free(emend_mixture_units *units);

/* Parameters in standardised units. Covariances are K x p x p, of diagonal structures K x p. */
typedef struct emend_mixture_parameters {
  double *mixing, *mean, *covariance;
} emend_mixture_parameters;
emend_status emend_mixture_parameters_new(size_t n_components, size_t p, emend_mixture_parameters *parameters, emend_error *error);
void emend_mixture_parameters_free(emend_mixture_parameters *parameters);

bool emend_structure_is_diagonal(emend_structure structure);
size_t emend_structure_df(emend_structure structure, size_t n_components, size_t p); /* means and proportions included */
/* Covariances that the prior's density is taken of: one if all components have the same. */
size_t emend_structure_covariances(emend_structure structure, size_t n_components);

/*
 * The M-step of a structure: covariances from within-cluster scatters W_k and weights N_k. The prior adds lambda to each scatter and nu to
 * each weight; once if all share one covariance. `covariance` holds the current covariances on entry; `scratch` 2 p + K doubles. Source:
 * Celeux & Govaert 1995.
 */
typedef struct emend_structure_input {
  size_t n_components, p;
  const double *sphere, *scatter, *weight, *lambda; /* p; K x p x p, or K x p for diagonal structures; K; p, a diagonal */
  double nu;
} emend_structure_input;
void emend_structure_mstep(emend_structure structure, const emend_structure_input *input, double *scratch, double *covariance);

/* One estimation. */
typedef struct emend_mixture_problem {
  const emend_patterns *patterns;
  const emend_mixture_selection *columns;
  const emend_mixture_units *units;
  size_t n_components, p;
  emend_structure structure;
  bool diagonal;
  double weight_factor;
  double nu, *lambda; /* of the prior; lambda p, a diagonal */
  emend_team *team;   /* the caller's */
  emend_mixture_parameters now;
  /* Of the E-step. */
  const emend_mixture_kernels *kernels;
  emend_mixture_shape shape;
  double *log_mixing, *center, *covariance; /* as the shape has them */
  emend_ordered_sum *statistics; /* over chunks: what `sums` points to, and last the log-likelihood */
  size_t n_statistics;           /* without the last */
  emend_mixture_work *work;      /* one per place of the sum */
  size_t n_work;
  emend_mixture_sums sums; /* of the last E-step */
  double log_likelihood, log_posterior; /* standardised units, at `now` */
  /* Of the M-step. */
  double *scatter, *scratch;
  /* Why it stopped with EMEND_NOT_POSITIVE_DEFINITE: the component, and the column that does not vary in it; p: rather few rows; p + 1 + j:
   * column j is a combination of the others in it. */
  size_t collapsed_component, collapsed_column;
} emend_mixture_problem;

emend_status emend_mixture_problem_new(const emend_patterns *patterns, const emend_mixture_selection *columns,
                                       const emend_mixture_units *units, size_t n_components, emend_structure structure,
                                       double weight_factor, emend_team *team, emend_mixture_problem **problem, emend_error *error);
void emend_mixture_problem_free(emend_mixture_problem *problem);
/* kappa rows of the prior; see emend_mixture_options_set_ridge. */
void emend_mixture_problem_set_ridge(emend_mixture_problem *problem, double kappa);
emend_em_model emend_mixture_problem_model(emend_mixture_problem *problem);
/* What the kernels need to know of `now`. Fails with EMEND_NOT_POSITIVE_DEFINITE if a component has collapsed. */
emend_status emend_mixture_problem_prepare(emend_mixture_problem *problem, emend_error *error);
emend_status emend_mixture_problem_estep(void *problem, double *objective, emend_error *error);
void emend_mixture_problem_mstep(void *problem);

emend_mixture_row_block emend_mixture_unit_rows(const emend_mixture_problem *problem, const emend_mixture_unit *unit);

bool emend_mixture_work_new(size_t o, size_t n_components, size_t padded, bool diagonal, emend_mixture_work *work);
void emend_mixture_work_free(emend_mixture_work *work);

#endif
