/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_INSIDE_H
#define NORMAL_INSIDE_H

#include <stdbool.h>

#include "em/loop.h"
#include "emend/normal.h"
#include "normal/fit.h"
#include "normal/kernel.h"

/* What the files of this room share. */

struct emend_normal_options {
  emend_prior prior;
  double ridge;         /* kappa */
  double nu, *lambda;   /* EMEND_PRIOR_GIVEN: lambda_columns x lambda_columns, in the data's units */
  size_t lambda_columns;
  double tolerance;
  size_t max_iterations;
  emend_acceleration acceleration;
  unsigned threads;
  uint64_t seed;
  emend_weight_kind weight_kind;
};

struct emend_normal {
  size_t n_columns;
  emend_column_state *state;
  double *mean, *covariance, *scale;
  char **names; /* NULL entries are "" */
  double log_likelihood, log_posterior, distance, weight, effective_rows, ridge;
  size_t iterations, n_patterns, n_rows;
  int converged;
  emend_prior prior;
};

const emend_normal_options *emend_normal_default_options(void);
emend_normal *emend_normal_allocate(size_t n_columns); /* NULL: out of memory */

/* A prior in force: the M-step adds lambda (standardised, p x p) and divides by W + nu. */
typedef struct emend_normal_prior_terms {
  emend_prior kind;
  double ridge; /* kappa, for the report */
  double nu;
  double *lambda;
} emend_normal_prior_terms;

/*
 * One estimation: rows in pattern order, a prior, the current parameters and the statistics of the last E-step. Inactive
 * columns (constant, never observed) stay in place with mean 0, variance 1 and no covariance, so that they change nothing.
 */
typedef struct emend_normal_problem {
  const emend_patterns *patterns;
  size_t p, stride, n_active; /* stride: p padded to a multiple of 8, the row length of the matrices below */
  const bool *active;
  double weight_factor; /* sampling weights are multiplied by it */
  double weight;        /* W */
  size_t n_rows;        /* rows that estimate */
  bool complete;        /* no active cell is missing in them */
  emend_normal_prior_terms prior;
  double *mean, *covariance; /* covariance and constant_products p x p; the other matrices p x stride */
  double *inverse;           /* of the covariance, p x p; `precision` is the same, padded */
  double *factor;            /* p x p scratch for the Cholesky factor */
  double *precision, *work;
  double *sum, *cross_products;             /* of the E-step */
  double *constant_sum, *constant_products; /* their part that never changes: observed entries only */
  struct emend_normal_unit *units;          /* per pattern that estimates and misses something */
  size_t n_units, max_missing;
  const emend_kernels *kernels;
  emend_conditional conditional; /* scratch for one pattern */
  double *scratch;
  double missing_weight; /* sum of n_s m_s */
  double constant_term;  /* sum of n_s o_s log 2 pi */
  double log_determinant;
  double log_likelihood, log_posterior; /* standardised units, at the parameters of the last E-step */
} emend_normal_problem;

/* `prior.lambda` is copied. The parameters are set to the start of docs/methods.md section 4. */
emend_status emend_normal_problem_new(const emend_patterns *patterns, const bool *active, double weight_factor,
                                      const emend_normal_prior_terms *prior, emend_normal_problem **problem, emend_error *error);
void emend_normal_problem_free(emend_normal_problem *problem);
emend_em_model emend_normal_problem_model(emend_normal_problem *problem);

/* In place: the inverse of a symmetric positive definite matrix (full storage). *log_determinant of the matrix, *smallest its smallest
 * Cholesky pivot over its diagonal entry. False if it is not positive definite. */
bool emend_normal_invert(size_t p, double *matrix, double *log_determinant, double *smallest_pivot);

/* Whether a symmetric matrix of finite numbers is positive semi-definite, up to rounding; *culprit is a column that shows it is not. */
emend_status emend_normal_check_semidefinite(size_t p, const double *matrix, bool *semidefinite, size_t *culprit, emend_error *error);

/* Exact dependences among the active columns of a covariance matrix. */
typedef struct emend_normal_dependence {
  size_t column;     /* the column whose pivot fell below the threshold */
  size_t n_others;
  uint32_t *others;  /* the columns that it is a combination of */
} emend_normal_dependence;
/*
 * A pivot of the correlations below `threshold` is a dependence; the columns with a standardised coefficient above `coefficient` are named.
 * *list has *count entries, to be freed with emend_normal_dependences_free.
 */
emend_status emend_normal_find_dependences(size_t p, const double *covariance, const bool *active, double threshold, double coefficient,
                                           emend_normal_dependence **list, size_t *count, emend_error *error);
void emend_normal_dependences_free(emend_normal_dependence *list, size_t count);

/* The ridge (shrink, kappa) that best predicts a tenth of the observed cells, hidden. */
emend_status emend_normal_choose_ridge(const emend_normal_problem *problem, uint64_t seed, emend_events *events, double *kappa, emend_error *error);

/* Scratch for the conditional distributions of patterns with up to m missing columns, aligned and zeroed; false: out of memory. */
bool emend_conditional_new(size_t m, size_t stride, emend_conditional *conditional);
void emend_conditional_free(emend_conditional *conditional);
size_t emend_padded(size_t p); /* p rounded up to a multiple of 8 */
/* Copies a p x p matrix into one with padded rows. */
void emend_pad_matrix(size_t p, const double *matrix, size_t stride, double *padded);

#endif
