/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_COMPLETE_H
#define NORMAL_COMPLETE_H

#include "base/events.h"
#include "emend/normal.h"
#include "pattern/completed.h"
#include "pattern/matrix.h"

/*
 * The conditional expectation of every missing cell of a matrix whose columns are the model's, in the data's units; the constant of a constant
 * column, NaN in one that was never observed. `threads` as in emend_normal_options_set_threads; the values do not depend on it.
 * Cost: per chunk of rows and pattern min(m, o)^3, per row 2 m p. Errors: EMEND_NOT_POSITIVE_DEFINITE, EMEND_OUT_OF_MEMORY, EMEND_CANCELLED.
 */
emend_status emend_normal_complete_matrix(const emend_normal *normal, const emend_matrix *matrix, unsigned threads, emend_events *events,
                                          emend_completed **completed, emend_error *error);

#endif
