/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_BLANK_ROWS_H
#define IMPUTE_BLANK_ROWS_H

#include "impute/imputation.h"

/* Warns of rows in which four fifths of the model's variables or more are filled, where a notable part of all filled cells lies there.
 * Passes over rows that hold no answer to what is filled, if `empty_told`. */
emend_status emend_blank_rows_tell(const emend_imputation *made, bool empty_told, emend_events *events, emend_error *error);

#endif
