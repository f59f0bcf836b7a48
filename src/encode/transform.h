/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_TRANSFORM_H
#define ENCODE_TRANSFORM_H

#include <stdbool.h>
#include <stddef.h>

#include "encode/weighted_sample.h"

/* Monotone functions that bring a skewed variable nearer to the normal distribution before it enters the model, and back. */
typedef enum emend_transform_kind {
  EMEND_TRANSFORM_NONE,
  EMEND_TRANSFORM_LOG,
  EMEND_TRANSFORM_LOG1P,
  EMEND_TRANSFORM_SQRT,
  EMEND_TRANSFORM_LOGIT,       /* of (x - lo) / (hi - lo) */
  EMEND_TRANSFORM_YEO_JOHNSON, /* of (x - lo) / hi: centred and scaled */
  EMEND_TRANSFORM_NORMAL_SCORES
} emend_transform_kind;

typedef struct emend_transform {
  emend_transform_kind kind;
  double lo, hi, lambda;
  double least, most; /* between which it gives back: the observed range, and as much again on either side. Equal: it is not cut */
  double *knots, *scores; /* NORMAL_SCORES: distinct values and what becomes of them, both ascending; owned */
  size_t n_knots;
} emend_transform;

void emend_transform_free(emend_transform *transform);
const char *emend_transform_word(emend_transform_kind kind); /* "log", "yeo-johnson" ... */

double emend_transform_forward(const emend_transform *transform, double x);
/* The inverse; beyond what a forward value can be, the end of the range. */
double emend_transform_back(const emend_transform *transform, double y);
/* The range of back values: where the transform itself bounds them. */
void emend_transform_range(const emend_transform *transform, double *lo, double *hi);

/*
 * Yeo-Johnson's inverse has a pole where |lambda| is large, and a tail that is harmless in a logarithm may be a number nobody has heard of:
 * YEO_JOHNSON, and every transform that was chosen, not asked for, is cut at one observed range beyond the observed values.
 */

/*
 * Fits the free parts of a transform to observed values, which it may reorder; ranks do not look at their weights. Errors:
 * EMEND_INVALID_ARGUMENT with the reason, if a value has no image, whatever it weighs ("log: a value is not positive").
 */
emend_status emend_transform_fit(emend_transform *transform, emend_weighted_sample *sample, emend_error *error);
/* That reason, for values from `min` to `max`, or NULL. Static. */
const char *emend_transform_objection(const emend_transform *transform, double min, double max);
/* The one, cut, that makes |skewness| smallest, among none, sqrt, log (log1p if a value is not positive), Yeo-Johnson; none if the skewness
 * is below 1 already. */
emend_status emend_transform_choose(emend_transform *transform, emend_weighted_sample *sample, emend_error *error);

#endif
