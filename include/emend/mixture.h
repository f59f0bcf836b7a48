/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_MIXTURE_H
#define EMEND_MIXTURE_H

#include <stddef.h>
#include <stdint.h>

#include "emend/events.h"
#include "emend/normal.h"
#include "emend/status.h"

EMEND_BEGIN

/*
 * Mixtures of multivariate normals: component k has a mixing proportion, a mean and a covariance. Fitted by EM to rows with holes; no
 * row is left out for a hole and nothing is filled in first. A fitted mixture is immutable but for its names. Columns and components are
 * counted from 0; components are in descending order of their proportion. Formulas: docs/methods.md section 8.
 */
typedef struct emend_mixture emend_mixture;

/*
 * Covariance structures, named as in mclust: volume, shape and orientation of the components are Equal, Varying or (the Identity)
 * spherical or along the axes.
 *   EII, VII             spherical, in the data's units
 *   EEI, VEI, EVI, VVI   diagonal
 *   EEE                  one covariance for all components
 *   VVV                  unrestricted
 */
typedef enum emend_structure {
  EMEND_STRUCTURE_EII,
  EMEND_STRUCTURE_VII,
  EMEND_STRUCTURE_EEI,
  EMEND_STRUCTURE_VEI,
  EMEND_STRUCTURE_EVI,
  EMEND_STRUCTURE_VVI,
  EMEND_STRUCTURE_EEE,
  EMEND_STRUCTURE_VVV
} emend_structure;
enum { EMEND_STRUCTURES = 8 };

/* "VVV". */
EMEND_API const char *emend_structure_name(emend_structure structure);
/* By name in any case of letters, or an alias: spherical (VII), diagonal (VVI), tied (EEE), full (VVV). Zero if there is none of that name.
 */
EMEND_API int emend_structure_find(const char *name, emend_structure *structure);

/*
 * What chooses between numbers of components and structures. All are on the scale of -2 log L: smaller is better (mclust prints the
 * negative). BIC   -2 log L + df log n, n the weight of the rows that estimate ICL   BIC - 2 sum of log(largest responsibility) over the
 * rows: pays for overlap too AIC   -2 log L + 2 df
 */
typedef enum emend_criterion { EMEND_BIC, EMEND_ICL, EMEND_AIC } emend_criterion;

typedef struct emend_mixture_options emend_mixture_options;
EMEND_API emend_mixture_options *emend_mixture_options_new(void); /* NULL only when out of memory */
EMEND_API void emend_mixture_options_free(emend_mixture_options *options);
/* Every number of components in [least, most] is tried, 1 <= least <= most <= 1000. Default 1 to 9. */
EMEND_API emend_status emend_mixture_options_set_components(emend_mixture_options *options, size_t least, size_t most, emend_error *error);
/* Structures to try; n of them. Default VVV alone. */
EMEND_API emend_status emend_mixture_options_set_structures(emend_mixture_options *options, const emend_structure *structures, size_t n,
                                                            emend_error *error);
EMEND_API void emend_mixture_options_set_criterion(emend_mixture_options *options, emend_criterion criterion); /* default EMEND_BIC */
/* Starts: k-means++ on rows completed by a single normal; short runs of EM from each, and the best goes on to convergence. Default 20. */
EMEND_API emend_status emend_mixture_options_set_starts(emend_mixture_options *options, size_t starts, emend_error *error);
/*
 * One start of the caller's instead, in the data's units: proportions (n_components, above 0), means (n_components x n_columns) and
 * covariances (n_components x n_columns x n_columns, positive definite); copied. Also sets the number of components.
 */
EMEND_API emend_status emend_mixture_options_set_start(emend_mixture_options *options, size_t n_components, size_t n_columns,
                                                       const double *proportions, const double *means, const double *covariances,
                                                       emend_error *error);
/*
 * kappa >= 0 rows of a prior that keeps covariances from vanishing: Lambda = kappa D K^(-2/p), nu = kappa for every covariance, D the
 * diagonal of the observed variances. Default 0: maximum likelihood; where all starts then end in a covariance that vanishes, 1 is used,
 * and a warning says so.
 */
EMEND_API emend_status emend_mixture_options_set_ridge(emend_mixture_options *options, double kappa, emend_error *error);
/* Stop when the estimated distance of every parameter to its limit, in standardised units, is below this. Default 1e-6. */
EMEND_API emend_status emend_mixture_options_set_tolerance(emend_mixture_options *options, double tolerance, emend_error *error);
EMEND_API emend_status emend_mixture_options_set_max_iterations(emend_mixture_options *options, size_t iterations,
                                                                emend_error *error); /* default 10000 */
EMEND_API void emend_mixture_options_set_acceleration(emend_mixture_options *options,
                                                      emend_acceleration acceleration);             /* default Anderson */
EMEND_API void emend_mixture_options_set_threads(emend_mixture_options *options, unsigned threads); /* 0: the cores this process may use */
EMEND_API void emend_mixture_options_set_seed(emend_mixture_options *options, uint64_t seed);       /* of the starts; default 1 */
EMEND_API void emend_mixture_options_set_weight_kind(emend_mixture_options *options, emend_weight_kind kind); /* default frequency */

/*
 * Fits to `values`, n_rows x n_columns in row order, `row_stride` doubles from one row to the next; NaN is missing. `weights` has n_rows
 * entries or is NULL; rows with weight 0 or with nothing observed do not estimate. The answer does not depend on the number of threads; the
 * order of the rows matters at most for where the search for a maximum starts, in tables so long that starts are sought in a sample of
 * them. Columns that are constant or never observed take no part.
 * Errors: EMEND_INVALID_ARGUMENT for an infinite value, a bad weight (row named) or more components than rows; EMEND_UNSUPPORTED if no
 * column varies; EMEND_OUT_OF_MEMORY, EMEND_CANCELLED. A component that collapses is a warning, not converging a result. The caller frees
 * *fit.
 */
EMEND_API emend_status emend_mixture_fit(const double *values, size_t n_rows, size_t n_columns, size_t row_stride, const double *weights,
                                         const emend_mixture_options *options, emend_events *events, emend_mixture **fit,
                                         emend_error *error);
EMEND_API void emend_mixture_free(emend_mixture *mixture);

/*
 * Of each row, whatever it misses: the probability of each component given what was observed, to `responsibilities`, n_rows x n_components
 * in row order. A row with nothing observed has the proportions. Errors: EMEND_INVALID_ARGUMENT for an infinite value.
 */
EMEND_API emend_status emend_mixture_predict(const emend_mixture *mixture, const double *values, size_t n_rows, size_t row_stride,
                                             double *responsibilities, emend_error *error);
/* Replaces every NaN in `values` by its expectation given the row, over all components; never-observed columns keep theirs. */
EMEND_API emend_status emend_mixture_complete(const emend_mixture *mixture, double *values, size_t n_rows, size_t row_stride,
                                              emend_error *error);
/* Draws n_rows rows (n_rows x n_columns) from the mixture, the component of each to `components` (may be NULL). The same for the same seed;
 * row i does not depend on n_rows. */
EMEND_API emend_status emend_mixture_sample(const emend_mixture *mixture, uint64_t seed, size_t n_rows, double *values, size_t *components,
                                            emend_error *error);

EMEND_API size_t emend_mixture_components(const emend_mixture *mixture);
EMEND_API size_t emend_mixture_columns(const emend_mixture *mixture);
EMEND_API emend_structure emend_mixture_structure(const emend_mixture *mixture);
EMEND_API emend_column_state emend_mixture_column_state(const emend_mixture *mixture, size_t column);
EMEND_API const char *emend_mixture_name(const emend_mixture *mixture, size_t column);                                /* "" until set */
EMEND_API emend_status emend_mixture_set_names(emend_mixture *mixture, const char *const *names, emend_error *error); /* copied */
/* Of a column that is the indicator of a category: the categories of its variable that have no indicator, as "red|blue"; "" until set. */
EMEND_API const char *emend_mixture_base(const emend_mixture *mixture, size_t column);
EMEND_API emend_status emend_mixture_set_bases(emend_mixture *mixture, const char *const *bases, emend_error *error); /* copied */
/* In the data's units; owned by the mixture. A mean has n_columns entries, a covariance n_columns x n_columns; 0 variance for constant, NaN
 * for never-observed columns. */
EMEND_API double emend_mixture_proportion(const emend_mixture *mixture, size_t component);
EMEND_API const double *emend_mixture_mean(const emend_mixture *mixture, size_t component);
EMEND_API const double *emend_mixture_covariance(const emend_mixture *mixture, size_t component);
EMEND_API const double *emend_mixture_scale(const emend_mixture *mixture); /* observed sd of each column (ML), the unit of tolerances */
/* Mean and variance of a column over all components together; and the share of that variance that lies between the components' means, in
 * [0, 1]: how much the column tells the clusters apart by itself. */
EMEND_API double emend_mixture_overall_mean(const emend_mixture *mixture, size_t column);
EMEND_API double emend_mixture_overall_variance(const emend_mixture *mixture, size_t column);
EMEND_API double emend_mixture_separation(const emend_mixture *mixture, size_t column);

/* Of the fit. The log-likelihood is that of the observed data, in the data's units, 2 pi included. */
EMEND_API double emend_mixture_log_likelihood(const emend_mixture *mixture);
EMEND_API size_t emend_mixture_df(const emend_mixture *mixture); /* free parameters */
EMEND_API double emend_mixture_criterion(const emend_mixture *mixture, emend_criterion criterion);
/* - sum of r log r over rows and components, in nats; 0 where every row is certain. */
EMEND_API double emend_mixture_entropy(const emend_mixture *mixture);
/* Rows whose most probable component has a probability below 0.8. */
EMEND_API size_t emend_mixture_ambiguous(const emend_mixture *mixture);
EMEND_API size_t emend_mixture_assigned(const emend_mixture *mixture, size_t component); /* rows whose most probable component this is */
EMEND_API size_t emend_mixture_iterations(const emend_mixture *mixture);
EMEND_API int emend_mixture_converged(const emend_mixture *mixture);
EMEND_API double
emend_mixture_distance(const emend_mixture *mixture); /* estimated largest remaining distance to the limit, standardised; or NaN */
EMEND_API size_t emend_mixture_patterns(const emend_mixture *mixture);
EMEND_API size_t emend_mixture_rows(const emend_mixture *mixture);
EMEND_API double emend_mixture_weight(const emend_mixture *mixture);
EMEND_API double emend_mixture_effective_rows(const emend_mixture *mixture);
EMEND_API double emend_mixture_ridge(const emend_mixture *mixture); /* kappa of the prior in force; 0: maximum likelihood */

/* Every combination of structure and number of components that was tried, in the order tried. */
typedef struct emend_mixture_trial {
  size_t n_components;
  emend_structure structure;
  double log_likelihood; /* NaN: every start collapsed */
  size_t df;
  double bic, icl, aic;
  size_t iterations;
  int converged;
  double ridge;     /* of the prior that had to be added; 0: none */
  size_t collapsed; /* starts given up because a component collapsed */
} emend_mixture_trial;
EMEND_API size_t emend_mixture_trials(const emend_mixture *mixture); /* 0 for a loaded mixture */
EMEND_API emend_mixture_trial emend_mixture_get_trial(const emend_mixture *mixture, size_t index);

/* The mixture as a JSON document (docs/formats.md); the caller frees *text with free(). Loading checks every size, name and number. */
EMEND_API emend_status emend_mixture_to_json(const emend_mixture *mixture, char **text, emend_error *error);
EMEND_API emend_status emend_mixture_from_json(const char *text, size_t length, const char *name_for_messages, emend_mixture **mixture,
                                               emend_error *error);

EMEND_END

#endif
