/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_FITTING_H
#define NORMAL_FITTING_H

#include "normal/inside.h"
#include "normal/prior.h"

/* One call of emend_normal_fit_reduced: what fit.c and safeguard.c share. */
typedef struct emend_normal_fitting {
  const emend_reduced *reduced;
  emend_team *team;
  const char *const *names; /* NULL: "column 1" ... */
  const emend_normal_options *options;
  emend_events *events;
  emend_normal *made;
  bool *active; /* columns in the model */
  size_t n_active;
  double weight_factor;
  emend_normal_prior_terms prior;
  emend_normal_problem *problem; /* rebuilt when the prior changes */
  emend_em_result result;
  bool loose;           /* the covariance is near singular in more ways than are taken care of */
  bool ridge_chosen;    /* by hidden cells: stronger than any minimal ridge */
  double unmet_ridge;   /* for pairs of columns that no row has both of; 0: none */
  size_t n_dependences; /* exact ones, seen in the data, that a minimal ridge takes care of; 0: there is no such ridge */
  size_t n_told;        /* warnings about them */
} emend_normal_fitting;

/* The ridge that restores the rank after an exact dependence, in units of W (docs/methods.md section 5). */
#define EMEND_MINIMAL_RIDGE 1e-7

/* The variable's name, or "column 3". */
const char *emend_normal_column_name(const emend_normal_fitting *fitting, size_t column, char buffer[32]);
/* Adds shrink with this kappa to the prior in force, towards uncorrelated columns or towards `target` (p x p; NULL: none), and starts anew. */
emend_status emend_normal_use_ridge(emend_normal_fitting *fitting, double kappa, const double *target, emend_error *error);

/* Before the first iteration: what the data alone do not determine is named in a warning and gets a ridge, unless the caller's prior
 * settles it. */
emend_status emend_normal_safeguard(emend_normal_fitting *fitting, emend_error *error);
/* How many dependences were left unnamed, as the warnings were many. */
void emend_normal_tell_rest(emend_normal_fitting *fitting);
/* After a fit with a ridge for pairs never observed together: that ridge, so far towards uncorrelated columns, is now towards the estimate. */
void emend_normal_recentre_ridge(emend_normal_fitting *fitting);
/* After the covariance became singular on the way, for the `attempt`th time from 0: names the cause, and adds a ridge. */
emend_status emend_normal_rescue(emend_normal_fitting *fitting, unsigned attempt, emend_error *error);
/* After a fit with a minimal ridge: true if the covariance is near singular in more ways than the data's own dependences. */
emend_status emend_normal_is_loose(const emend_normal_fitting *fitting, bool *loose, emend_error *error);
/* On the way of a fit that is slow: true if it leads to a singular covariance, or, where EM is `very_slow`, if only a minimal ridge holds it;
 * EMEND_NOT_POSITIVE_DEFINITE if there is none yet. */
emend_status emend_normal_is_lost(const emend_normal_fitting *fitting, bool very_slow, bool *loose, emend_error *error);

#endif
