/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_MATCHING_H
#define IMPUTE_MATCHING_H

#include "impute/decoding.h"

/*
 * Predictive mean matching on the joint model (docs/methods.md section 6): an observed answer of another row for every cell to be filled. Completes the
 * matrix, predicts every observed answer of the variables to be filled from the other answers of its row, and puts in place of each expectation the value of one of
 * the donors with the nearest predictions; of a category its number.
 */
emend_status emend_imputation_match(emend_imputation *made, emend_events *events, emend_error *error);

#endif
