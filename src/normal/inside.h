/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_INSIDE_H
#define NORMAL_INSIDE_H

#include <stdbool.h>

#include "base/ordered_sum.h"
#include "base/team.h"
#include "em/loop.h"
#include "emend/normal.h"
#include "normal/fit.h"
#include "normal/groups.h"

/* What the files of this room share. */

/* What is known of a column beyond its numbers. */
enum {
  EMEND_TOLD_NOTHING,
  EMEND_TOLD_CATEGORY, /* it says whether a nominal variable has some category */
  EMEND_TOLD_RELATION  /* with the number of a set added: its relation to the others of the set has been told, with what keeps it */
};

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
  const unsigned *told; /* one per column, not owned: EMEND_TOLD_ of what is known of it; NULL: nothing is */
};

struct emend_normal {
  size_t n_columns;
  emend_column_state *state;
  double *mean, *covariance, *scale;
  char **names, **codings; /* NULL entries are "" */
  double log_likelihood, log_posterior, distance, weight, effective_rows, ridge;
  size_t iterations, esteps, n_patterns, n_rows;
  const char *kernel; /* NULL: not fitted here */
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
 * One estimation: reduced rows, a prior, the current parameters and the statistics of the last E-step. Inactive columns (constant, never
 * observed) stay in place with mean 0, variance 1 and no covariance, so that they change nothing.
 */
typedef struct emend_normal_problem {
  const emend_reduced *reduced;
  size_t p, stride, n_active; /* stride: of `reduced`, a multiple of 8 above p */
  const bool *active;
  double weight_factor; /* sampling weights are multiplied by it */
  double weight;        /* W */
  emend_normal_prior_terms prior;
  emend_groups *groups;
  emend_team *team; /* the caller's */
  const emend_kernels *kernels;
  double *mean, *covariance; /* p x p, as the matrices below where not said otherwise */
  double *inverse;           /* of the covariance */
  double *factor;            /* scratch, (p + 2) x (p + 2): Cholesky factors, products */
  bool factorised;           /* it holds the covariance's */
  double *precision;         /* p x stride: the inverse, and in column p minus its product with the mean */
  double *constant_products; /* p x stride: of the precision form's observed entries; column p their sums */
  double *sum, *cross_products; /* of the E-step: T1 and T2 */
  /* Over chunks: products of the precision form, then of the score form if there is one (p x stride each), and last what they add to -2
   * log-likelihood. */
  emend_ordered_sum *statistics;
  size_t n_statistics; /* without the last */
  double **scratch;    /* per place of the sum */
  double log_determinant;
  double margin; /* the smallest share of a column's variance that the others leave, at the last E-step; 0 if it failed */
  double log_likelihood, log_posterior; /* standardised units, at the parameters of the last E-step */
} emend_normal_problem;

/* `prior.lambda` is copied. The parameters are set to the start of docs/methods.md section 4. */
emend_status emend_normal_problem_new(const emend_reduced *reduced, const bool *active, double weight_factor,
                                      const emend_normal_prior_terms *prior, emend_team *team, emend_normal_problem **problem,
                                      emend_error *error);
void emend_normal_problem_free(emend_normal_problem *problem);
/* Sums and products of the observed entries of the rows whose patterns take the score form, or of all others: p x stride, the sums in
 * column p. */
emend_status emend_normal_sum_products(const emend_normal_problem *problem, bool score, double *sums, emend_error *error);
/* The start of docs/methods.md section 4, once patterns are in groups. */
emend_status emend_normal_start(emend_normal_problem *problem, emend_error *error);
emend_em_model emend_normal_problem_model(emend_normal_problem *problem);

/* As emend_normal_invert, of a matrix whose factor (emend_blas_factorise) is given. The bits do not depend on the team, which may be NULL. */
bool emend_normal_invert_factor(size_t p, const double *factor, emend_team *team, double *inverse, double *log_determinant,
                                double *smallest_pivot);
/* The inverse of a symmetric positive definite matrix (full storage), in whose place its factor stays. *log_determinant of the matrix,
 * *smallest_pivot its smallest Cholesky pivot over its diagonal entry. False if it is not positive definite. */
bool emend_normal_invert(size_t p, double *matrix, double *inverse, double *log_determinant, double *smallest_pivot);

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

/* At an answer of EM under a diagonal Lambda: the target of a ridge (p x p, standardised units) that keeps what of the relations is more than
 * chance, for so many rows. */
emend_status emend_normal_find_target(const emend_normal_problem *problem, double rows, double *target, emend_error *error);
/* The ridge, Lambda = kappa target and nu = kappa, that best predicts a tenth of the observed cells, hidden. `rows` are effective ones;
 * target: p x p, the caller's. */
emend_status emend_normal_choose_ridge(const emend_normal_problem *problem, double rows, const emend_normal_options *options,
                                       emend_events *events, double *kappa, double *target, emend_error *error);

/* Mean and covariance of a model from the current parameters, in the data's units: 0 for constant columns, NaN for those never observed,
 * which the model's states name. */
void emend_normal_set_parameters(emend_normal *normal, const emend_normal_problem *problem);

#endif
