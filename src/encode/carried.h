/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_CARRIED_H
#define ENCODE_CARRIED_H

#include "base/events.h"
#include "base/error.h"
#include "emend/plan.h"

/* A missing cell of which another row of the same identifier has the answer, or shares the estimate. */
typedef struct emend_carried_cell {
  size_t row, variable;
  double value; /* of a text the number of its category */
  size_t leader; /* where no row has the answer: the first one that is filled, and what comes there; else SIZE_MAX */
} emend_carried_cell;

typedef struct emend_carried {
  emend_carried_cell *cells; /* by row, and in it by variable */
  size_t n, capacity;
} emend_carried;

/*
 * Finds variables that are constant within an identifier that rows share (the sex of a person in all waves of a panel): wherever two rows
 * of it have answers these are equal, which chance does not explain (its probability is below e to the power of -20). Where no row has an
 * answer all receive the same. Needs the fates of
 * a plan; warns of each identifier.
 */
emend_status emend_carried_find(const emend_plan *plan, emend_carried *carried, emend_events *events, emend_error *error);
void emend_carried_free(emend_carried *carried);

#endif
