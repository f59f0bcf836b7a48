/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DECODE_LOGIT_H
#define DECODE_LOGIT_H

#include "decode/probit.h"

/* A multinomial logit of a category's level on the coordinates of what a model predicts for its indicators. */
typedef struct emend_logit {
  size_t n, n_coordinates; /* levels */
  double *coefficients;    /* n x (n_coordinates + 1), the constants last; of level 0 all 0 */
} emend_logit;

/* Room for coefficients, all 0 but the constants, which give the shares. */
emend_status emend_logit_new(size_t n, size_t n_coordinates, const double *shares, emend_logit *logit, emend_error *error);
/*
 * Maximum likelihood, from `logit` as it stands, with slopes drawn to 0 as if they were normal with a standard deviation of 3 for one of
 * the coordinate's, and one more row that is shared out among the levels by `shares`. Cost: rows x ((n - 1)(n_coordinates + 1))^2 / 2 a
 * step.
 */
emend_status emend_logit_fit(const emend_answers *answers, const double *shares, emend_logit *logit, emend_error *error);
void emend_logit_free(emend_logit *logit);
void emend_logit_probabilities(const emend_logit *logit, const double *x, double *probabilities);
/* Their expectations where the coordinates are normal about x with the covariance LL' (factor: L, d x d, lower): means over points along the
 * columns of L that share its moments up to the third, and of up to three coordinates the fourth along each. Cost: 2 d + 1 times as above. */
void emend_logit_expectations(const emend_logit *logit, const double *x, const double *factor, double *probabilities);

#endif
