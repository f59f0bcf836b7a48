/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_NOT_APPLICABLE_H
#define ENCODE_NOT_APPLICABLE_H

#include "encode/plan.h"

/* What the codes of a plan's variables say of whether the question applied: some say that it did not, whatever becomes of their cells; of
 * those that stay, some may say so in telling who was not asked ("Not working"). */

/* Reads the labels: once the plan has its codes. */
emend_status emend_not_applicable_find(emend_plan *plan, emend_error *error);
/* True for a cell that holds such a code, or that the file calls structurally missing. */
bool emend_not_applicable_says(const emend_plan *plan, size_t row, size_t variable);
/* True also for one that may say so: whether it does is for the data to show. */
bool emend_not_applicable_may_say(const emend_plan *plan, size_t row, size_t variable);

#endif
