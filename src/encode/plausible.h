/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_PLAUSIBLE_H
#define ENCODE_PLAUSIBLE_H

#include "encode/plan.h"

/*
 * Between which ends a number can lie, going by its answers in rows that weigh something, and by its label and name: nothing is below 0 if
 * no answer is, or above 0 if none is. Answers from 0 to 100 of which one is 100, or where a percentage is spoken of, end at 100; answers
 * from 0 to 1 at 1, if the label calls them a share. Otherwise an end is infinite.
 */
void emend_plausible_look(const emend_dataset *dataset, size_t variable, emend_planned *planned);

#endif
