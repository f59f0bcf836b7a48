/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_NEAREST_H
#define IMPUTE_NEAREST_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Donors by their predictions, points of q whole numbers: which of them are nearest to another point. Donors with equal points are one
 * group, and where the d nearest take a part of a group only, each of its donors is as likely to be chosen.
 */
typedef struct emend_nearest emend_nearest;

enum { EMEND_MOST_COORDINATES = 4, EMEND_MOST_DONORS = 1000 };

/*
 *   points   n x q; n at least 1, q at most EMEND_MOST_COORDINATES. With q = 0 all donors are equally near
 * The answers depend on the order of donors with equal points, and on that order only. Cost: n log n, of one coordinate n.
 */
emend_status emend_nearest_new(size_t n, size_t q, const int32_t *points, emend_nearest **nearest, emend_error *error);
void emend_nearest_free(emend_nearest *nearest);
/*
 * The number of one of the d (at least 1) donors nearest to a point: for a u from (0, 1) taken by chance each is as likely, and so is each
 * of those tied for the last places. Cost: of one coordinate log n + d. From several threads.
 */
size_t emend_nearest_choose(const emend_nearest *nearest, const int32_t *wanted, size_t d, double u);

#endif
