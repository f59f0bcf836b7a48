/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_FOLLOW_H
#define IMPUTE_FOLLOW_H

#include "impute/imputation.h"

/*
 * What is filled agrees with what follows from other variables (encode/relation.h): a target is what its source says, and a source, of what
 * it may be, what agrees with its targets and is nearest to what the model says.
 */
typedef struct emend_follower emend_follower;

/* *follower is NULL if the plan has no relations; the functions below accept that. */
emend_status emend_follower_new(emend_imputation *made, emend_follower **follower, emend_error *error);
void emend_follower_free(emend_follower *follower);
/*
 * Adds to what is settled of a row what follows from its answers and from what is settled of it already; with `all` also from what the model
 * says of cells that are filled, what formulas give, and of filters, which answers to what hangs on them may tell before. *told: there is something new.
 */
emend_status emend_follower_tell_row(emend_follower *follower, size_t row, bool all, bool *told, emend_error *error);
/* At the end of a row: counts what disagrees all the same. */
void emend_follower_compare_row(emend_follower *follower, size_t row);
void emend_follower_report(const emend_follower *follower, emend_events *events);

#endif
