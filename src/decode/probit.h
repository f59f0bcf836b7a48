/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DECODE_PROBIT_H
#define DECODE_PROBIT_H

#include "encode/category.h"

/* With what a curve is fitted. */
enum { EMEND_MOST_COORDINATES_OF_CURVES = 8 };

/*
 * An ordered probit (of two codes, a probit) of a code on coordinates x of what a model predicts for it, standardised: the code is at most
 * the j-th with probability Phi(thresholds[j] - slopes'x).
 */
typedef struct emend_probit {
  size_t n, n_coordinates; /* n: codes */
  double thresholds[EMEND_MOST_CATEGORIES], slopes[EMEND_MOST_COORDINATES_OF_CURVES];
} emend_probit;

/* Rows that answered. */
typedef struct emend_answers {
  size_t n, n_coordinates;
  double *x;           /* n x n_coordinates: the predictions */
  unsigned char *code; /* of n codes or levels */
  double *weight;
} emend_answers;

/* What a normal model implies of its own prediction, its only coordinate, where a latent normal variable is behind the codes: their
 * shares, and the correlation r of prediction and code. */
void emend_probit_of_model(const emend_categories *categories, double r, emend_probit *probit);
/*
 * Maximum likelihood, from `probit` as it stands. `prior` counts as many rows as there are codes: half of them with the shares that it
 * gives a prediction of -r, the others of r, which are -reach and reach in the first coordinate. Other coordinates' slopes are drawn to 0
 * as if they were normal with a standard deviation of 3 for one of the coordinate's.
 */
emend_status emend_probit_fit(const emend_answers *answers, const emend_probit *prior, double r, double reach, emend_probit *probit,
                              emend_error *error);
/* The probability of a code that is at most the j-th. */
double emend_probit_below(const emend_probit *probit, size_t j, const double *x);
/* The probabilities of all codes where `scale`^2 is what a prediction slopes'x that is uncertain itself adds to the latent variance, plus 1. */
void emend_probit_probabilities(const emend_probit *probit, const double *x, double scale, double *probabilities);
/* How the logarithm of a code's probability changes with slopes'x. */
double emend_probit_score(const emend_probit *probit, size_t code, const double *x);
/* The standard deviations of the coordinates about 0. */
void emend_answers_spread(const emend_answers *answers, double *spreads);

#endif
