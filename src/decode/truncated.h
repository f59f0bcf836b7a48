/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DECODE_TRUNCATED_H
#define DECODE_TRUNCATED_H

/*
 * The normal distribution N(mean, sd^2) cut to [lo, hi], either of which may be infinite. Both stay within the bounds, however far those
 * lie in the tail of the distribution, and neither loops until something fits. sd 0: the mean, moved to the nearer bound.
 */
double emend_truncated_mean(double mean, double sd, double lo, double hi);
/* The quantile at u in (0, 1): of a uniform u, a draw. */
double emend_truncated_quantile(double mean, double sd, double lo, double hi, double u);
/*
 * Where a normal distribution of this sd has to lie so that its mean, cut to the bounds, is that of N(mean, sd^2) with what is beyond them
 * moved onto them: draws of it have the same expectation, and do not heap on a bound. At most 35 sd from `mean` and the bounds: where those
 * lie far in the tail its expectation is a thirty-fifth sd inside.
 */
double emend_truncated_centre(double mean, double sd, double lo, double hi);

#endif
