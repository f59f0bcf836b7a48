/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DECODE_KERNEL_H
#define DECODE_KERNEL_H

#include "base/level.h"
#include "decode/sorted_answers.h"

enum { EMEND_LOGIT_BATCHES = 8 }; /* vectors of answers at a time */

/*
 * Log-likelihoods of curves and their derivatives, answers side by side. kernel.c is compiled once per instruction set, with vectors
 * exactly as wide as that set's. Results of different kernels differ by rounding only.
 */
typedef struct emend_curve_kernels {
  /*
   * An ordered probit: code j where thresholds[j - 1] < slopes'x + N(0, 1) < thresholds[j]. Parameters: n_codes - 1 thresholds, then the
   * slopes. Returns the log-likelihood, -infinity where an answer is next to impossible, or a
   * parameter is no number; adds its gradient, and to the lower triangle of
   * `curvature` (NULL: not wanted) minus its second derivatives.
   */
  double (*probit)(const emend_sorted_answers *answers, const double *parameters, double *gradient, double *curvature);
  /*
   * A multinomial logit: coefficients of each level but the first, n_coordinates and a constant. `room`: emend_logit_room doubles. As
   * above; of `curvature` only the lower triangle of blocks, one for each pair of levels, is added to, and these are whole.
   */
  double (*logit)(const emend_sorted_answers *answers, const double *coefficients, double *gradient, double *curvature, double *room);
  /* The products of z (p) with each of n vectors (n x p): linear predictors. */
  void (*predict)(size_t n, size_t p, const double *vectors, const double *z, double *x);
  /* sums (p) += factor z. */
  void (*add)(size_t p, double factor, const double *z, double *sums);
  /* Q(x) / phi(x) of n numbers, a multiple of EMEND_ANSWERS_TOGETHER, not negative; for tests. */
  void (*mills)(size_t n, const double *x, double *y);
} emend_curve_kernels;

size_t emend_logit_room(size_t n_levels, size_t n_coordinates);

/* The kernel of the level that emend_level_choose gives. */
const emend_curve_kernels *emend_curve_kernels_choose(void);
/* That of a level, NULL if this processor cannot run it; for tests. */
const emend_curve_kernels *emend_curve_kernels_get(emend_level level);

extern const emend_curve_kernels emend_curve_kernels_baseline, emend_curve_kernels_avx2, emend_curve_kernels_avx512;

#endif
