/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_PRIOR_H
#define NORMAL_PRIOR_H

#include "normal/inside.h"

/* The prior that the options ask for, in standardised units (docs/methods.md section 3). Free with emend_normal_prior_free. */
emend_status emend_normal_prior_new(const emend_normal_options *options, const emend_reduced *reduced, const bool *active,
                                    double weight_factor, emend_normal_prior_terms *prior, emend_error *error);
/* Adds `shrink` with this kappa to a prior: Lambda += kappa D, or kappa times `target` (p x p; NULL: none), nu += kappa. */
emend_status emend_normal_prior_add_ridge(emend_normal_prior_terms *prior, const emend_reduced *reduced, const bool *active,
                                          double weight_factor, double kappa, const double *target, emend_error *error);
void emend_normal_prior_free(emend_normal_prior_terms *prior);

#endif
