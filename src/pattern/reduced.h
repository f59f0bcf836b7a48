/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PATTERN_REDUCED_H
#define PATTERN_REDUCED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/events.h"
#include "pattern/matrix.h"

/*
 * The rows of a matrix, standardised, in the order of their missing-data patterns, and reduced to what a normal model can learn from them.
 * A row of weight w is kept as sqrt(w) (x, 1). A pattern with o observed columns and more than o + 1 rows keeps only o + 1 pseudo-rows with
 * the same cross-products (docs/methods.md section 1): so a table of any length with few patterns takes next to no memory.
 */
typedef struct emend_reduced_pattern {
  const uint32_t *missing; /* column numbers, ascending */
  size_t n_missing, n_observed;
  size_t n_rows;               /* of the matrix, with a positive weight */
  double weight, weight_squares; /* sums over them, of w and of (w / weight_unit)^2 */
  size_t first, n_stored;      /* rows [first, first + n_stored) of `rows` */
} emend_reduced_pattern;

typedef struct emend_reduced {
  size_t n_rows, n_columns, n_patterns; /* patterns: those of rows of weight 0 count too */
  size_t n_stored, stride;              /* stride: a multiple of 8 above n_columns */
  double *rows; /* n_stored x stride: entries, 0 or -0 where missing; at n_columns the constant's; the same in the rest */
  emend_reduced_pattern *patterns;      /* by missing columns, then by rows, fewest first */
  uint32_t *columns;                    /* the missing lists of all patterns */
  double *center, *scale;               /* per column: observed mean and sd (divisor W_j); scale 1 where the sd is 0 or unknown */
  double *mean, *variance;              /* those in the standardised units: 0 and 1, unless other standards were given */
  double *column_weight;                /* W_j: the weight observed in each column; column_count: its number of cells of positive weight */
  size_t *column_count;
  double *column_min, *column_max;      /* of those cells, in the data's units; NaN if none */
  double weight_unit;                   /* the first positive weight; 1 if there is none */
  emend_matrix matrix;                  /* what it was made of; its state must live as long where it is read again */
} emend_reduced;

/*
 * One pass over `matrix`, a second one only if its beginning misleads about the rest. `center` and `scale` (n_columns each) standardise;
 * NULL: by the observed moments.
 * Errors: EMEND_INVALID_ARGUMENT for an infinite cell or a bad weight (row named), EMEND_OUT_OF_MEMORY, EMEND_LIMIT_EXCEEDED (2^32 rows).
 */
emend_status emend_reduced_new(const emend_matrix *matrix, const double *center, const double *scale, emend_events *events,
                               emend_reduced **reduced, emend_error *error);
void emend_reduced_free(emend_reduced *reduced);
/* The observed columns of a pattern, ascending, into `columns` (room for n_columns); returns their number. */
size_t emend_reduced_observed(const emend_reduced *reduced, const emend_reduced_pattern *pattern, uint32_t *columns);

#endif
