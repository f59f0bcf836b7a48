/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_CUT_OFF_H
#define IMPUTE_CUT_OFF_H

#include "base/events.h"
#include "encode/plan.h"

struct emend_imputation;

/* Expectations of a number that lie beyond an end of what it may be, and came to that end. */
typedef struct emend_cut_off {
  size_t below, above;         /* cells */
  size_t far_below, far_above; /* of them those that lie beyond it by more than half a standard deviation */
} emend_cut_off;

/* True if expectations of the variable are cut off at ends. */
bool emend_cut_off_applies(const struct emend_imputation *made, size_t variable);
/* Counts a cell: what the model said, and what it is filled with. */
void emend_cut_off_count(const emend_planned *planned, double said, double value, emend_cut_off *cut);
/* Warns of variables of which many cells were cut off: with the number that nobody measured had beyond such a limit, where there is one; of
 * several the one beyond which most of the cells lie. */
emend_status emend_cut_off_tell(const struct emend_imputation *made, emend_events *events, emend_error *error);

#endif
