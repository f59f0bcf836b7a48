/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_NOT_APPLICABLE_H
#define ENCODE_NOT_APPLICABLE_H

#include "encode/plan.h"

/* Which codes of a plan's variables say that the question did not apply, whatever becomes of their cells; and of those that stay, which may
 * say so, in telling who was not asked ("Not working"). */
enum { EMEND_SAYS_SO = 1, EMEND_MAY_SAY_SO };
typedef struct emend_not_applicable {
  const emend_plan *plan;
  unsigned char **codes; /* per variable, per code: 0, EMEND_SAYS_SO or EMEND_MAY_SAY_SO; NULL: none does */
} emend_not_applicable;

emend_status emend_not_applicable_new(const emend_plan *plan, emend_not_applicable *table, emend_error *error);
void emend_not_applicable_free(emend_not_applicable *table);
/* True for a cell that holds such a code, or that the file calls structurally missing. */
bool emend_not_applicable_says(const emend_not_applicable *table, size_t row, size_t variable);
/* True also for one that may say so: whether it does is for the data to show. */
bool emend_not_applicable_may_say(const emend_not_applicable *table, size_t row, size_t variable);

#endif
