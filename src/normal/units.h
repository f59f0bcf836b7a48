/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_UNITS_H
#define NORMAL_UNITS_H

#include "normal/inside.h"

/*
 * What the E-step walks over: one unit per pattern that estimates and misses an active column. Its rows are the pattern's own, or, where
 * that is fewer, pseudo-rows with the same weighted sums and cross-products (1, x)(1, x)': row r stands for (c_r, x_r), counted w_r times.
 */
typedef struct emend_normal_unit {
  const uint32_t *missing; /* active columns only */
  size_t m;
  double weight; /* of the real rows */
  const double *rows;
  size_t n_rows, stride;
  const double *constants; /* c_r; NULL: all 1 */
  const double *weights;   /* w_r, to be multiplied by the problem's weight factor; NULL: all 1 */
  double *owned;           /* pseudo-rows and their constants, or NULL */
  uint32_t *owned_missing;
} emend_normal_unit;

/* Fills problem->units and what is counted once: weight, rows, constant sums and products, constant_term. */
emend_status emend_normal_units_new(emend_normal_problem *problem, emend_error *error);
void emend_normal_units_free(emend_normal_problem *problem);

/* One E-step kernel's scratch: no allocation inside an iteration. */
typedef struct emend_normal_kernel emend_normal_kernel;
emend_normal_kernel *emend_normal_kernel_new(size_t p, size_t max_missing);
void emend_normal_kernel_free(emend_normal_kernel *kernel);

/*
 * Adds one unit's expected statistics: to `sum` T1's missing part, to `products` (p x p) a matrix U with U + U' = what T2 gains over its
 * constant part. Returns log|K_MM|, NaN if it is not positive definite. Cost per row 2 m p multiply-adds, per unit m^2 p.
 */
double emend_normal_unit_estep(const emend_normal_problem *problem, const emend_normal_unit *unit, emend_normal_kernel *kernel, double *sum,
                               double *products);

#endif
