/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_CURVE_H
#define IMPUTE_CURVE_H

#include "decode/decoder.h"
#include "decode/kernel.h"
#include "decode/logit.h"
#include "normal/left_out.h"

/*
 * How probable each code, or level, of a variable is given all other columns of a row: a probit or logit of what the model predicts for it
 * from them. Where there are answers enough, its coefficients are moved from the model's some steps towards those that are the most
 * likely: a regression on 0 and 1 points elsewhere where the rows that answered lie at one end.
 */
typedef struct emend_curve {
  emend_decoder *decoder;
  const unsigned char *has_level; /* of a group; NULL: all */
  size_t variable, first, n_columns;
  bool fitted;
  const emend_curve_kernels *kernels;
  size_t n_coordinates;
  double *weights; /* n_coordinates x p, of standardised columns; 0 for its own */
  emend_probit probit;
  emend_logit logit; /* of levels, instead */
} emend_curve;

/* Rows that answered: those of z (p columns, standardised and complete), by number. */
typedef struct emend_answered {
  size_t n;
  const double *z;
  uint32_t *row;
  unsigned char *code; /* of the decoder's categories, or the level */
  double *weight;      /* 1 on average */
} emend_answered;

/* Not fitted where answers are too few, or the others determine them. `finely`: with those steps. Errors: EMEND_OUT_OF_MEMORY,
 * EMEND_NOT_POSITIVE_DEFINITE. A curve that was fitted before is where the search begins. */
emend_status emend_curve_fit(emend_curve *curve, const emend_standard *standard, const emend_answered *answered, bool finely,
                             emend_error *error);
void emend_curve_free(emend_curve *curve);
/* From a uniform u, a code for the row z, in the place of what its columns hold. */
void emend_curve_draw(const emend_curve *curve, const emend_standard *standard, double u, double *z);
/* Of a curve with one column: what its column holds for a code. */
double emend_curve_standardised(const emend_curve *curve, const emend_standard *standard, size_t code);
/* Another code that the row misses: the values that its column may hold, standardised, and how probable each is. */
typedef struct emend_open_code {
  size_t column, n;
  const double *values, *probabilities;
} emend_open_code;

/*
 * The probabilities of the codes, or levels, given what is known of the row z: its columns hold expectations. They are averaged over the
 * values of n_others other codes, and over what else is missing: without those codes the coordinates of the curve have the covariance LL'
 * (factor: L, lower; NULL: nothing is missing). The code's own expectation takes the place of what its columns hold. *scale: of codes the
 * standard deviation of the latent variable that the thresholds cut. Cost: once for each combination of the others' values.
 */
void emend_curve_expect(const emend_curve *curve, const emend_standard *standard, const double *factor, const emend_open_code *others,
                        size_t n_others, double *z, double *probabilities, double *scale);

#endif
