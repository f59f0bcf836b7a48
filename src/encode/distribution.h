/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_DISTRIBUTION_H
#define ENCODE_DISTRIBUTION_H

#include "encode/plan.h"

/*
 * Looks how the answers of a number in the model are distributed, by their weights (NULL: each 1): values in a sample
 * of 4,096 rows, the skewness in all.
 *
 * A heap: its least or greatest answer (or 0) is that of 10 to 90 % of those who answered, and comes at least ten times as often as any
 * other but the one at the other end (a top code); there are at least 20 others. It looks semi-continuous, and nobody said so: if it is filled, sets heap and heap_share; if it
 * `may_spike`, instead, the heap becomes a spike, and the amounts beside it are looked at for skew.
 * A skew: without a heap, and with a skewness of 1.5 or more. If `may_transform`, the number gets the transform that mends it, and skewness is set.
 */
emend_status emend_distribution_look(const emend_dataset *dataset, size_t variable, const double *weights, bool may_spike,
                                     bool may_transform, emend_planned *planned, emend_error *error);

#endif
