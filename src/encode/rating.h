/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_RATING_H
#define ENCODE_RATING_H

#include "encode/plan.h"

/*
 * Whole numbers from 0 or 1 to 10 by which people rate something (left and right, satisfaction, how likely one would recommend it), and not
 * counts of the same range: why they are that, or NULL. The ends are labelled, or the name or label says so, or the answers are spread over
 * the range as those to a rating are; nothing that is named like a count is one. Without memory it is not known.
 */
const char *emend_rating_why(const emend_dataset *dataset, size_t variable, const emend_observed *observed);

#endif
