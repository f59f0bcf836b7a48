/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_PLAUSIBLE_H
#define ENCODE_PLAUSIBLE_H

#include "encode/plan.h"

/*
 * Between which ends a number can lie, going by its answers in rows that weigh something, and by its label and name: nothing is below 0 if
 * no answer is, or above 0 if none is. Answers from 0 to 100 end at 100 where a percentage is spoken of, or each is written with %; where they reach 100 and the label
 * calls them a share; and where three are exactly 100: the longest life or the best score may be 100 by chance. Answers from 0 to 1 end at
 * 1 if the label calls them a share. Otherwise an end is infinite.
 *   weights  one per row, or NULL
 */
void emend_plausible_look(const emend_dataset *dataset, size_t variable, const double *weights, emend_planned *planned);

#endif
