/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MIXTURE_KERNEL_H
#define MIXTURE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/level.h"

/*
 * The inner loops of the E-step of a mixture. kernel.c is compiled once per instruction set, with vectors exactly as wide as that set's.
 * Small matrices of all components lie side by side: entry (a, b) of component k at [(a * columns + b) * padded + k], so that a
 * factorisation serves as many components at once as a vector has lanes; in the loops over rows the lanes are rows. Results of different
 * kernels differ by rounding only; those of one do not depend on the number of threads.
 */

enum { EMEND_MIXTURE_BLOCK = 64, EMEND_MIXTURE_PADDING = 8 };

/* What is the same for every pattern. `padded` is n_components rounded up to a multiple of EMEND_MIXTURE_PADDING. */
typedef struct emend_mixture_shape {
  size_t p, n_components, padded;
  bool diagonal;            /* covariances are diagonal: p x 1 instead of p x p in what follows */
  const double *log_mixing; /* K */
  const double *center;     /* p x padded: means, 0 in the padding */
  const double *covariance; /* p x p x padded; the identity in the padding */
} emend_mixture_shape;

/* Some rows of one pattern. */
typedef struct emend_mixture_row_block {
  size_t o;                /* observed columns */
  const uint32_t *columns; /* their numbers in the model, ascending */
  const uint32_t *source;  /* where in a row each of the p columns stands */
  const double *x;
  size_t stride, n;
  const double *weights; /* NULL: all 1 */
  double weight_factor;
} emend_mixture_row_block;

/* Expected statistics over rows, added to: N_k, U1 and U2 of docs/methods.md section 8, and the log-likelihood without its 2 pi. */
typedef struct emend_mixture_sums {
  double *weight; /* padded */
  double *first;  /* p x padded */
  double *second; /* p x p x padded, lower triangle; diagonal models p x padded */
  double log_likelihood;
} emend_mixture_sums;

/* Scratch of one thread; see emend_mixture_work_new. */
typedef struct emend_mixture_work {
  double *factor;       /* o x o x padded: X, the inverses of lower Cholesky factors */
  double *shift;        /* o x padded: - X mean */
  double *scatter;      /* o x o x padded */
  double *product;      /* o x o x padded */
  double *constants;    /* padded: log pi_k - log|L| */
  double *linear;       /* o x padded */
  double *counts;       /* padded */
  double *x;            /* o x BLOCK */
  double *residuals;    /* K x o x BLOCK: v = X (x - mean) */
  double *densities;    /* K x BLOCK: log-densities, then weighted responsibilities */
  double *weights;      /* BLOCK */
  double *sums_scatter; /* K x o x (o + 1) x 8: sums over rows by lane */
  double *sums_linear;  /* K x (o + 1) x 8 */
} emend_mixture_work;

typedef struct emend_mixture_kernels {
  const char *name;
  /*
   * The E-step of some rows of one pattern. `sums` NULL: only responsibilities are wanted. `responsibilities`, n x K, may be NULL. False if
   * a covariance is not positive definite. Cost per pattern K o^3, per row K o^2; K o for diagonal models.
   */
  bool (*estep)(const emend_mixture_shape *shape, const emend_mixture_row_block *rows, const emend_mixture_work *work,
                emend_mixture_sums *sums, double *responsibilities);
  /* exp and log of n numbers, a multiple of 8, as the kernel computes them; for tests. */
  void (*exponentials)(size_t n, const double *x, double *y);
  void (*logarithms)(size_t n, const double *x, double *y);
} emend_mixture_kernels;

/* The kernel of the level that emend_level_choose gives. */
const emend_mixture_kernels *emend_mixture_kernels_choose(void);
/* That of a level, NULL if this processor cannot run it; for tests. */
const emend_mixture_kernels *emend_mixture_kernels_get(emend_level level);

extern const emend_mixture_kernels emend_mixture_kernels_baseline, emend_mixture_kernels_avx2, emend_mixture_kernels_avx512;

#endif
