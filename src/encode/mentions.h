/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_MENTIONS_H
#define ENCODE_MENTIONS_H

#include "encode/plan.h"

/*
 * Questions that may have several answers, coded by one list, as the data alone show them: a series of neighbours in the file with a running
 * number (`cod_1`, `cod_2`, `cod_3`), none of which goes on where the one before has no answer, with the same codes, more than there are
 * variables, that no row has twice, though by chance 15 pairs or more would be the same. Rows may have a code twice, but hardly more often
 * than by chance (kappa up to 0.1), if the codes have labels, are words or lie apart, each variable has three quarters of the answers of the one before or less,
 * and people did not just break off. Codes without labels must not just ascend or descend in the rows, as years do.
 *   kinds   one per variable; those that are something already are left alone, others are set to `kind`
 */
void emend_mentions_find(const emend_plan *plan, unsigned char *kinds, unsigned char kind);

#endif
