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

#endif
