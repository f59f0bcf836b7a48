/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_EXPECT_H
#define IMPUTE_EXPECT_H

#include "impute/links.h"

/*
 * What curves say of missing codes, in the place of what the model's lines say: of a number the expected code, with the standard deviation
 * of the latent variable beside it (the decoder gets the thresholds that cut it); of a nominal variable the levels' probabilities. Given
 * what the row has observed: curves are averaged over what it misses elsewhere, as the model's conditional covariance says, about its
 * expectations, and those of other codes as their curves have them. Everything else stays. Does nothing without links.
 *   rows       of the dataset, one for each row of `completed`; NULL: the first
 *   completed  expectations by the model that the curves are of
 * Cost: m^3 / 2 a pattern and chunk of rows, and m^2 for each coordinate of a curve of what it misses; m p a row and curve.
 */
emend_status emend_links_expect(emend_links *links, const uint32_t *rows, emend_completed *completed, emend_error *error);

#endif
