/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_MATCHING_H
#define IMPUTE_MATCHING_H

#include "impute/decoding.h"

/*
 * Predictive mean matching on the joint model (docs/methods.md section 6): an observed answer of another row for every cell to be filled.
 * Draws what is missing, then predicts every variable to be filled from the completed others of the row, one after the other, and puts in
 * place of each draw the answer of one of the donors with the nearest predictions; of a category its number.
 * Memory: a float for each cell of the model's columns. Cost: rows x columns for each variable.
 */
emend_status emend_imputation_match(emend_imputation *made, emend_events *events, emend_error *error);
/*
 * The same among the rows of a group: `matrix` has row rows[i] of the dataset as its row i. Replaces what the imputation has for their
 * cells; what the group's model knows nothing of stays.
 */
emend_status emend_imputation_match_rows(emend_imputation *made, const emend_normal *model, const emend_matrix *matrix,
                                         const uint32_t *rows, emend_events *events, emend_error *error);

#endif
