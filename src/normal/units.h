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
  size_t n_rows; /* p doubles apart */
  const double *constants; /* c_r; NULL: all 1 */
  const double *weights;   /* w_r, to be multiplied by the problem's weight factor; NULL: all 1 */
  double *owned;           /* pseudo-rows and their constants, or NULL */
  uint32_t *owned_missing; /* where inactive columns had to be left out; else NULL */
} emend_normal_unit;

/* Fills problem->units and what is counted once: weight, rows, constant sums and products, constant_term. */
emend_status emend_normal_units_new(emend_normal_problem *problem, emend_error *error);
void emend_normal_units_free(emend_normal_problem *problem);

/*
 * Adds one unit's expected statistics: to problem->sum T1's missing part, to problem->work (p x stride) a matrix U with U + U' = what T2 gains over
 * its constant part. Returns log|K_MM|, NaN if it is not positive definite.
 */
double emend_normal_unit_estep(emend_normal_problem *problem, const emend_normal_unit *unit);

#endif
