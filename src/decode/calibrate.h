/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DECODE_CALIBRATE_H
#define DECODE_CALIBRATE_H

#include "decode/decoder.h"

/*
 * Thresholds on conditional means (docs/methods.md section 6). All reorder `cells`, and give a list of cuts, of which the decoder or the caller
 * takes care.
 *
 * Shares and pairs are calibrated among cells that are known about equally well, by their standard deviations: otherwise those of which the
 * model knows nothing, all in the middle of the order, would push those that it knows to the ends. What one grade's shares leave over when
 * they are rounded, the next one gets.
 *
 * Shares: the latent thresholds are those that cut a normal distribution with the observed mean and sd into the observed shares of the
 * categories. They, shifted so that the expected mean is the mean of the cells' means, give each cell its probabilities; their sums are how
 * many cells each code is to receive; the cells with the lowest means receive the lowest code. Two codes: the expected mean alone decides. With
 * the thresholds of a curve (NULL: none) each cell has probabilities of its own, emend_curve_shares.
 */
emend_status emend_calibrate_shares(emend_decoder *decoder, emend_uncertain *cells, size_t n, emend_error *error);
/* One of two by the indicator of the other: as many cells receive the other as their means, clipped, add up to. */
emend_status emend_calibrate_pair(emend_decoder *decoder, emend_uncertain *cells, size_t n, emend_error *error);
/* How well a cell is known: each grade holds standard deviations up to a quarter apart. */
int emend_grade_of(double sd);
/*
 * A spike: as many cells receive an amount as their probabilities (`mean`) add up to; which, a draw decides in which each has its own
 * probability (Pareto sampling, Rosen 1997), so that amounts that are large where they are probable do not raise the mean. One cut of
 * emend_spike_rank.
 */
emend_status emend_calibrate_spike(emend_uncertain *cells, size_t n, emend_cut **cuts, size_t *n_cuts, emend_error *error);
double emend_spike_rank(double probability, double key);
/* Whole numbers: one cut of the fraction between neighbours, so that the decoded values' sum is nearest to the sum of the means. */
emend_status emend_calibrate_whole(const emend_allowed *allowed, emend_uncertain *cells, size_t n, emend_cut **cuts, size_t *n_cuts,
                                   emend_error *error);

/* The listed values on either side of `mean`, and how far it is from the lower to the higher one, from 0 to 1. */
double emend_between(const emend_allowed *allowed, double mean, double *below, double *above);
/* By the thresholds of a curve: the probabilities of at most each code but the last, n - 1 of them, of a cell. `sd` NaN or 0: 1. */
void emend_curve_shares(const emend_categories *categories, const double *thresholds, double mean, double sd, double *below);
/* The latent thresholds, n - 1 of them, ascending. */
void emend_latent_thresholds(const emend_categories *categories, double *thresholds);

/*
 * A draw of one of several codes, from a uniform u: the latent thresholds cut N(mean, sd^2), shifted for this cell so that the codes'
 * expectation is its mean. So the draws' mean, and their regression on the other answers, are the model's. A mean beyond the codes gives
 * the first or last.
 */
double emend_draw_code(const emend_categories *categories, double mean, double sd, double u);

#endif
