/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_IMPUTE_H
#define EMEND_IMPUTE_H

#include <stddef.h>
#include <stdint.h>

#include "emend/dataset.h"
#include "emend/events.h"
#include "emend/mixture.h"
#include "emend/normal.h"
#include "emend/plan.h"
#include "emend/status.h"

EMEND_BEGIN

/* A completed dataset: the values for the cells that a plan fills, and how they came about. Refers to the plan and its dataset,
 * which must outlive it; neither is changed. */
typedef struct emend_imputation emend_imputation;

/* What goes into a missing cell (docs/methods.md section 6). */
typedef enum emend_method {
  EMEND_METHOD_EXPECTATION, /* its conditional expectation, decoded to a valid value; of a nominal variable the most probable category */
  EMEND_METHOD_DRAW,        /* a draw from its conditional distribution, together with the row's other missing cells */
  EMEND_METHOD_MATCH,       /* the answer of another row for which the model predicts nearly the same: predictive mean matching */
  EMEND_METHOD_MODE         /* as the expectation, but of codes the most probable one, and the nearest whole number: each cell is right as often as possible */
} emend_method;

typedef struct emend_method_options emend_method_options;
EMEND_API emend_method_options *emend_method_options_new(void); /* NULL only when out of memory */
EMEND_API void emend_method_options_free(emend_method_options *options);
EMEND_API void emend_method_options_set_method(emend_method_options *options, emend_method method); /* default: expectation */
/* How many rows with the nearest predictions a match chooses one of. At least 1; default 5. */
EMEND_API emend_status emend_method_options_set_donors(emend_method_options *options, size_t donors, emend_error *error);
/* Of draws, and of choices among equals; they depend on the seed and the row (of a plan with an id: the id) alone. Default 1. */
EMEND_API void emend_method_options_set_seed(emend_method_options *options, uint64_t seed);

/*
 * Makes a plan encode its variables as a kept model knows them: categories and which of them share a level, transforms with their constants, spikes; before an imputation by
 * that model (NULL: none). Categories that nobody here answered may be imputed; answers that the model has never met stay, tell it nothing, and are named in a
 * warning. EMEND_INVALID_ARGUMENT, naming variable and value, for a value that its transform does not take.
 */
EMEND_API emend_status emend_plan_adopt(emend_plan *plan, const emend_normal *normal, const emend_mixture *mixture, emend_events *events,
                                        emend_error *error);

/*
 * Completes the planned cells by their conditional expectation.
 *   model    a fitted model whose names are matched to the variables (a variable of the model that the plan lacks is an error
 *            that names it), or NULL: the model is fitted to the data with `options`. It must outlive the imputation. Variables
 *            that the plan sets aside for lack of data (constant, never observed) or as identifiers take part if the model knows them;
 *            what nobody answered is filled if the plan was told so, by emend_plan_options_set_model_columns
 *   options  NULL for defaults; with a model they are for groups only, each of which is estimated even so. Sampling weights are treated as such whatever the options say
 */
EMEND_API emend_status emend_impute(const emend_plan *plan, const emend_normal *model, const emend_normal_options *options, emend_events *events,
                                    emend_imputation **imputation, emend_error *error);
/* The same by another method; `method` NULL: by expectation. */
EMEND_API emend_status emend_impute_by(const emend_plan *plan, const emend_normal *model, const emend_normal_options *options,
                                       const emend_method_options *method, emend_events *events, emend_imputation **imputation, emend_error *error);
/* The same with a mixture of normals: each cell receives its expectation over the components (docs/methods.md section 8). A variable of the model that
 * the dataset lacks counts as missing, and a warning names it. */
EMEND_API emend_status emend_impute_mixture(const emend_plan *plan, const emend_mixture *model, const emend_mixture_options *options,
                                            emend_events *events, emend_imputation **imputation, emend_error *error);
EMEND_API void emend_imputation_free(emend_imputation *imputation);

EMEND_API const emend_plan *emend_imputation_plan(const emend_imputation *imputation);
/* The model used: the one given, or one owned by the imputation, its names set to the variables'; NULL if no variable took part. */
EMEND_API const emend_normal *emend_imputation_model(const emend_imputation *imputation);
/* The mixture used instead, in the same way; NULL with a normal model. */
EMEND_API const emend_mixture *emend_imputation_mixture(const emend_imputation *imputation);
EMEND_API double emend_imputation_seconds_estimate(const emend_imputation *imputation);
EMEND_API double emend_imputation_seconds_impute(const emend_imputation *imputation);

/* Non-zero, and the completed value in *value, if this cell was filled; NaN for a text. Cost O(1). */
EMEND_API int emend_imputation_cell(const emend_imputation *imputation, size_t row, size_t variable, double *value);

/* The text that filled this cell, or NULL. Owned by the dataset. */
EMEND_API const char *emend_imputation_text(const emend_imputation *imputation, size_t row, size_t variable);

typedef struct emend_imputed_variable {
  size_t missing;         /* cells without an answer before */
  size_t filled;          /* of them, now filled */
  size_t left;            /* still missing, wanted so or not */
  size_t skipped;         /* left because its condition is false, or not known: no promise */
  size_t broken;          /* left although the plan promised to fill them */
  size_t moved;           /* filled, but moved off a declared missing code or into the storage type's range */
  size_t outside;         /* filled with a value below or above all observed ones: the model knows no bounds ... */
  size_t told_outside;    /* ... except of these, which follow from other values of their rows */
  size_t at_least;        /* filled with the least value that it may have: what was expected lies below */
  size_t at_greatest;     /* ... and with the greatest: what was expected lies above */
  double least, greatest; /* these values; NaN without such cells */
  double observed_mean;   /* weighted if the plan has a weight; NaN where there is nothing to average */
  double observed_sd;     /* divisor n - 1 */
  double em_mean;         /* of the model; NaN if not in it */
  double em_sd;           /* of the model: maximum likelihood, divisor n */
  double completed_mean;  /* of answers and what was filled, weighted as the observed ones; NaN for texts and nominal codes */
  double completed_sd;    /* of the same, as observed_sd: expectations vary less than answers */
  int rounded;            /* received only values that occur in the variable */
} emend_imputed_variable;
EMEND_API emend_imputed_variable emend_imputation_variable(const emend_imputation *imputation, size_t variable);
/* Cells that the plan promised and that are still missing, over all variables. */
EMEND_API size_t emend_imputation_broken(const emend_imputation *imputation);

/* Of a plan with groups (emend_plan_options_set_by): what completed the rows of each, in the order of the variable's answers. */
typedef enum emend_group_model {
  EMEND_GROUP_OWN,      /* a model of its own */
  EMEND_GROUP_BORROWED, /* its own, with the pooled covariances as a prior: few rows */
  EMEND_GROUP_POOLED    /* the model of all rows: too few */
} emend_group_model;
typedef struct emend_imputed_group {
  double value;     /* the answer that tells the group; NaN for a text */
  const char *text; /* or the text, owned by the dataset; else NULL */
  size_t rows;
  size_t weighing; /* of them those that weigh something: only they estimate */
  emend_group_model model;
  size_t iterations;     /* of its own model; else 0 */
  double log_likelihood; /* of its own model; else NaN */
  int converged;         /* non-zero also without a model of its own */
} emend_imputed_group;
EMEND_API size_t emend_imputation_groups(const emend_imputation *imputation);
EMEND_API emend_imputed_group emend_imputation_group(const emend_imputation *imputation, size_t index);

EMEND_END

#endif
