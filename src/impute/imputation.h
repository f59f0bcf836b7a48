/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_IMPUTATION_H
#define IMPUTE_IMPUTATION_H

#include "base/events.h"
#include "data/rows.h"
#include "emend/impute.h"
#include "encode/matrix.h"
#include "pattern/completed.h"

/* The inside of an imputation: the completed cells, decoded one by one when asked. No second copy of the data. */
struct emend_imputation {
  const emend_plan *plan;
  const emend_normal *model; /* fitted, or the caller's */
  emend_normal *fitted;      /* NULL: none, or the caller's */
  emend_encoding encoding;
  emend_completed *completed; /* NULL without a model */
  unsigned threads;
  ptrdiff_t *column_of;     /* per variable: its column, or -1 */
  emend_imputed_variable *variables;
  size_t broken;
  double seconds_estimate, seconds_impute;
};

/* The value for a cell that the plan fills; NaN if there is none. */
double emend_imputation_decode(const emend_imputation *imputation, size_t row, size_t variable, bool *moved);
/* Warns of what a reader of the numbers should know about them: constants spread, values beyond all observed, variables that are mostly filled. */
emend_status emend_imputation_note(const emend_imputation *imputation, emend_events *events, emend_error *error);
/* The shape of the completed dataset, known before anything is estimated: no `read` yet. Refers to the plan. */
emend_rows emend_plan_as_rows(const emend_plan *plan);
/* The completed dataset as a writer wants it, of the plan's shape; refers to the imputation. */
emend_rows emend_imputation_as_rows(const emend_imputation *imputation);

#endif
