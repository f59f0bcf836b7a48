/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DECODE_NEWTON_H
#define DECODE_NEWTON_H

#include <stddef.h>

#include "base/error.h"

/* A concave function's value at x, its gradient (n) and, unless NULL, minus its second derivatives (n x n; only the lower triangle is read).
 * -infinity where it has none. */
typedef double (*emend_concave)(const void *state, const double *x, double *gradient, double *curvature);

/* From x, where the function is finite, to its maximum, by Newton's method with steps that are halved until it rises and second
 * derivatives that are kept as long as they serve. Cost: n^3 / 6 for each of these. Errors: EMEND_OUT_OF_MEMORY. */
emend_status emend_newton_climb(emend_concave function, const void *state, size_t n, double *x, emend_error *error);

#endif
