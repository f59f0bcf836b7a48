/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_GROUPS_H
#define IMPUTE_GROUPS_H

#include "impute/decoding.h"

/*
 * A model (normal, or a mixture where the imputation has one) for each group of rows, after all rows have been completed by the pooled one:
 * each group's rows are estimated and completed anew, and what its model says takes the place of what the pooled one said. Groups with few
 * rows for their columns borrow from the pooled model, and a warning names them: as a prior of its covariances, or altogether. Rows without
 * a group keep the pooled model.
 */
emend_status emend_imputation_by_groups(emend_imputation *made, const emend_normal_options *options,
                                        const emend_mixture_options *mixture_options, emend_events *events, emend_error *error);

#endif
