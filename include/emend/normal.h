/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_NORMAL_H
#define EMEND_NORMAL_H

#include <stddef.h>
#include <stdint.h>

#include "emend/events.h"
#include "emend/status.h"

EMEND_BEGIN

/*
 * The multivariate normal model: mean and covariance (theta 1), fitted by EM to rows with holes. A fitted model is immutable but for
 * its names. Columns are counted from 0. Formulas: docs/methods.md sections 1 to 5.
 */
typedef struct emend_normal emend_normal;

/*
 * Priors p(covariance) ~ |S|^(-nu/2) exp(-1/2 tr inverse(S) Lambda), flat in the mean; D is the diagonal of the observed variances
 * (divisor n_j - 1), kappa the number given with emend_normal_options_set_ridge:
 *   none      Lambda 0, nu 0                      maximum likelihood
 *   jeffreys  Lambda 0, nu p + 1                  SAS PROC MI's posterior mode
 *   ridge     Lambda kappa D, nu kappa + p + 1    norm2's "ridge" (Schafer 1997, section 5.2.3)
 *   shrink    Lambda kappa D, nu kappa            keeps the variances on scale
 */
typedef enum emend_prior { EMEND_PRIOR_NONE, EMEND_PRIOR_JEFFREYS, EMEND_PRIOR_RIDGE, EMEND_PRIOR_SHRINK, EMEND_PRIOR_GIVEN } emend_prior;

/* Frequency weights count as repeated rows; sampling weights are rescaled once to add up to the number of rows that take part. */
typedef enum emend_weight_kind { EMEND_FREQUENCY_WEIGHTS, EMEND_SAMPLING_WEIGHTS } emend_weight_kind;

/* How EM is made faster where it is slow, guarded by the objective, which never falls: Anderson acceleration (Walker & Ni 2011), SQUAREM
 * (Varadhan & Roland 2008), or not at all. The answer is the same. */
typedef enum emend_acceleration { EMEND_ACCELERATE_ANDERSON, EMEND_ACCELERATE_NONE, EMEND_ACCELERATE_SQUAREM } emend_acceleration;

/* What a column turned out to be. Columns that are not ordinary take no part in estimation. */
typedef enum emend_column_state {
  EMEND_COLUMN_ORDINARY,
  EMEND_COLUMN_CONSTANT,       /* completed with its one value */
  EMEND_COLUMN_NEVER_OBSERVED /* cannot be completed */
} emend_column_state;

typedef struct emend_normal_options emend_normal_options;
EMEND_API emend_normal_options *emend_normal_options_new(void); /* NULL only when out of memory */
EMEND_API void emend_normal_options_free(emend_normal_options *options);
/* Default EMEND_PRIOR_NONE; where the likelihood then has no unique maximum, the smallest ridge that restores one is used, and a warning
 * says so. */
EMEND_API void emend_normal_options_set_prior(emend_normal_options *options, emend_prior prior);
/* kappa >= 0 of ridge and shrink, in units of observations. Default: 1. */
EMEND_API emend_status emend_normal_options_set_ridge(emend_normal_options *options, double kappa, emend_error *error);
/* A prior of the caller's: nu, and Lambda (p x p, symmetric, in the data's units; copied). Sets EMEND_PRIOR_GIVEN. */
EMEND_API emend_status emend_normal_options_set_prior_matrix(emend_normal_options *options, double nu, const double *lambda,
                                                             size_t n_columns, emend_error *error);
/* Stop when the estimated distance to the limit, in standardised units, is below this. Default 1e-6. */
EMEND_API emend_status emend_normal_options_set_tolerance(emend_normal_options *options, double tolerance, emend_error *error);
EMEND_API emend_status emend_normal_options_set_max_iterations(emend_normal_options *options, size_t iterations,
                                                               emend_error *error);                                   /* default 100000 */
EMEND_API void emend_normal_options_set_acceleration(emend_normal_options *options, emend_acceleration acceleration); /* default Anderson */
EMEND_API void emend_normal_options_set_threads(emend_normal_options *options, unsigned threads); /* 0: the cores this process may use */
EMEND_API void emend_normal_options_set_seed(emend_normal_options *options,
                                             uint64_t seed); /* default 1; used where cells are hidden to choose a ridge */
EMEND_API void emend_normal_options_set_weight_kind(emend_normal_options *options, emend_weight_kind kind); /* default frequency */

/*
 * Fits the model to `values`, n_rows x n_columns in row order, `row_stride` doubles from one row to the next; NaN is missing.
 * `weights` has n_rows entries or is NULL; rows with weight 0 or with nothing observed do not estimate.
 * Errors: EMEND_INVALID_ARGUMENT for an infinite value or a negative or NaN weight (row named), EMEND_OUT_OF_MEMORY, EMEND_CANCELLED.
 * Not converging is a result: see emend_normal_converged. The caller frees *fit.
 */
EMEND_API emend_status emend_normal_fit(const double *values, size_t n_rows, size_t n_columns, size_t row_stride, const double *weights,
                                        const emend_normal_options *options, emend_events *events, emend_normal **fit, emend_error *error);
EMEND_API void emend_normal_free(emend_normal *normal);

/* Replaces every NaN in `values` by its conditional expectation given the row; never-observed columns keep theirs. */
EMEND_API emend_status emend_normal_complete(const emend_normal *normal, double *values, size_t n_rows, size_t row_stride,
                                             emend_error *error);

EMEND_API size_t emend_normal_columns(const emend_normal *normal);
EMEND_API emend_column_state emend_normal_column_state(const emend_normal *normal, size_t column);
/* In the data's units; owned by the model. covariance is p x p, symmetric; 0 for constant, NaN for never-observed columns. */
EMEND_API const double *emend_normal_mean(const emend_normal *normal);
EMEND_API const double *emend_normal_covariance(const emend_normal *normal);
EMEND_API const double *emend_normal_scale(const emend_normal *normal); /* observed sd of each column (ML), the unit of tolerances */
EMEND_API const char *emend_normal_name(const emend_normal *normal, size_t column); /* "" until set */
EMEND_API emend_status emend_normal_set_names(emend_normal *normal, const char *const *names, emend_error *error); /* copied */

/* How each column came to be, as emend_impute sets it and --save-model keeps it: opaque; "" until set. */
EMEND_API const char *emend_normal_coding(const emend_normal *normal, size_t column);
EMEND_API emend_status emend_normal_set_codings(emend_normal *normal, const char *const *codings, emend_error *error); /* copied */

/* Of the fit. The log-likelihood is that of the observed data, in the data's units, 2 pi included. */
EMEND_API double emend_normal_log_likelihood(const emend_normal *normal);
EMEND_API double emend_normal_log_posterior(const emend_normal *normal); /* equal to it without a prior; no normalising constant */
EMEND_API size_t emend_normal_iterations(const emend_normal *normal);
EMEND_API size_t
emend_normal_esteps(const emend_normal *normal); /* E-steps taken, those of refused accelerations included: what the time goes into */
EMEND_API const char *
emend_normal_kernel(const emend_normal *normal); /* the instruction set of its inner loops: "baseline", "avx2", "avx512"; "" if loaded */
EMEND_API int emend_normal_converged(const emend_normal *normal);
/* Estimated largest remaining distance of a mean or covariance to its limit, standardised; NaN if it could not be estimated. */
EMEND_API double emend_normal_distance(const emend_normal *normal);
EMEND_API size_t emend_normal_patterns(const emend_normal *normal);
EMEND_API size_t emend_normal_rows(const emend_normal *normal);   /* rows that estimated */
EMEND_API double emend_normal_weight(const emend_normal *normal); /* their weights' sum W, after rescaling */
EMEND_API double emend_normal_effective_rows(const emend_normal *normal); /* Kish's (sum w)^2 / sum w^2 */
/* The prior in force, and its kappa; they differ from the options where a ridge had to be added. */
EMEND_API emend_prior emend_normal_prior(const emend_normal *normal);
EMEND_API double emend_normal_ridge(const emend_normal *normal);

/* theta 1 as a JSON document (docs/formats.md); the caller frees *text with free(). Loading checks every size, name and number. */
EMEND_API emend_status emend_normal_to_json(const emend_normal *normal, char **text, emend_error *error);
EMEND_API emend_status emend_normal_from_json(const char *text, size_t length, const char *name_for_messages, emend_normal **normal,
                                              emend_error *error);

EMEND_END

#endif
