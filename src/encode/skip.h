/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_SKIP_H
#define ENCODE_SKIP_H

#include "base/team.h"
#include "encode/plan.h"

/* What messages call a condition that was found. */
#define EMEND_SKIP_FOUND "skip pattern"

/*
 * Skip patterns that a file shows though it does not declare them: a variable with no answer wherever another one has certain values (days
 * of drinking where nobody drinks), which accounts for nearly all of its missing cells, or beside which most people answered; or beyond a
 * limit on a number (an age), on this side of which nearly all did. Without an answer are cells that would be filled, and those whose code
 * stays because it says that the question did not apply. What was never asked there cannot be learnt from the data, and is not filled.
 *   asked   per variable: non-zero where the user says that everybody was asked
 *   team    NULL: one thread
 *   found   conditions, added as sentences of their own; the caller reads the rules again
 * Variables that have a condition or formula already are passed over. One that is not filled gets a condition where that tells a filter
 * that is. Needs the decided roles, codes and counts of the plan. Sets `branches`, one per variable and 0 at first: in no row observed
 * together with any other variable of the model. Nothing in the rows that lack them tells of them, and those rows belong to another branch.
 */
emend_status emend_skips_find(const emend_plan *plan, const unsigned char *asked, unsigned char *branches, emend_team *team,
                              emend_said_list *found, emend_error *error);

#endif
