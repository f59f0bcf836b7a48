/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_PARADATA_H
#define ENCODE_PARADATA_H

#include "encode/plan.h"

/*
 * Columns that survey services add about the interview itself: how far it came, how long it took, over which channel. They follow from where
 * it ended, so that a model would go beyond all that was observed for those who broke off. `paradata` has a place per variable, which is set
 * to 1 for such: by a name that services alone give; by another of theirs, if the values fit, where one of those is in the file, too, or
 * progress and finished stand together; and REDCap's columns in which nothing is.
 */
void emend_paradata_find(const emend_plan *plan, unsigned char *paradata);
extern const char emend_why_paradata[], emend_why_blank_paradata[]; /* the latter of columns in which nothing is */

#endif
