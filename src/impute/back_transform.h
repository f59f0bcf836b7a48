/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_BACK_TRANSFORM_H
#define IMPUTE_BACK_TRANSFORM_H

#include "impute/imputation.h"

/*
 * After completion with expectations, before anything is decoded: in the cells that may be filled, what the model says of transformed and
 * bounded numbers becomes the expectation of the variable itself, in its own units; of transformed ones the spread, too. Of the latter
 * em_mean and em_sd (divisor n) are set, over all rows that they are observed or filled in: of observed values, and of what the model
 * expects of the others and of their squares. Draws and matches stay as they are. The same to the bit for every number of threads.
 */
emend_status emend_imputation_back_transform(emend_imputation *imputation, emend_error *error);

#endif
