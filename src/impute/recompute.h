/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_RECOMPUTE_H
#define IMPUTE_RECOMPUTE_H

#include "impute/follow.h"

/*
 * What is filled agrees with what somebody computed from others (encode/computation.h): a target is what its inputs give, an input that
 * alone is missing what gives the target, and of a sum or mean several inputs share what is left. Parts of emend_follower_tell_row and its
 * kin.
 */

/* Lists the computations that a row touches; those of its answers alone are left out. */
void emend_recompute_begin_row(emend_follower *follower, size_t row);
/* The targets whose inputs are known, and the single inputs that known targets tell. */
emend_status emend_recompute_tell(emend_follower *follower, size_t row, bool all, bool *told, emend_error *error);
/* Several inputs of a known sum or mean; of a known product the count of persons or the like, which the model says. */
emend_status emend_recompute_share(emend_follower *follower, size_t row, bool *told, emend_error *error);
/* What the model says of an input whose target is open; with `any` also of one that others tell. */
emend_status emend_recompute_take(emend_follower *follower, size_t row, bool any, bool *told, emend_error *error);
void emend_recompute_compare_row(emend_follower *follower, size_t row);
void emend_recompute_report(const emend_follower *follower, emend_events *events);

#endif
