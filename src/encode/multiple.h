/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_MULTIPLE_H
#define ENCODE_MULTIPLE_H

#include "encode/plan.h"

/* What a blank means in the variables of a question that may have several answers. */
typedef enum emend_multiple {
  EMEND_MULTIPLE_NOT,
  EMEND_MULTIPLE_BOX,    /* of a set of dichotomies, and nothing but the counted value occurs: not mentioned */
  EMEND_MULTIPLE_SERIES, /* as if it were one: a neighbour of the same stem holds a single value, too */
  EMEND_MULTIPLE_MENTION, /* of a set of categories: no further mention */
  EMEND_MULTIPLE_MENTIONS /* as if it were of one: encode/mentions.h */
} emend_multiple;

/* Finds them all, by the sets that the file declares and by what the variables, looked at, hold. `kinds`: one per variable, 0 at first. */
void emend_multiple_find(const emend_plan *plan, unsigned char *kinds);
/* True of what no file declares: whoever names the variable to be filled knows better. */
bool emend_multiple_is_guess(emend_multiple kind);
/* Why the blanks of such a variable stay; static. */
const char *emend_multiple_why(emend_multiple kind);

#endif
