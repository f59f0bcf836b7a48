/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PATTERN_PATTERNS_H
#define PATTERN_PATTERNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/events.h"
#include "pattern/matrix.h"

/*
 * The rows of a matrix, standardised and brought into the order of their missing-data patterns: the one copy of the data that
 * the estimation of a mixture and its completion work on. A missing entry holds 0 until it is completed.
 */
typedef struct emend_pattern {
  size_t first, n_rows;    /* rows [first, first + n_rows) of `values` */
  double weight;           /* sum of the weights of its rows */
  size_t n_missing;
  const uint32_t *missing; /* column numbers, ascending */
} emend_pattern;

typedef struct emend_patterns {
  size_t n_rows, n_columns, n_patterns;
  double *values;         /* n_rows x n_columns, (x - center) / scale */
  double *weights;        /* per stored row; NULL: all 1 */
  uint32_t *position;     /* of original row i in `values` */
  emend_pattern *patterns;
  uint32_t *columns;      /* the missing lists of all patterns */
  double *center, *scale; /* per column */
} emend_patterns;

/*
 * Two passes over `matrix`. `center` and `scale` (n_columns each) standardise: see emend_reduced for those of the observed entries.
 * Errors: EMEND_INVALID_ARGUMENT for an infinite cell or a bad weight (row named), EMEND_OUT_OF_MEMORY, EMEND_LIMIT_EXCEEDED (2^32 rows).
 */
emend_status emend_patterns_new(const emend_matrix *matrix, const double *center, const double *scale, emend_events *events,
                                emend_patterns **patterns, emend_error *error);
void emend_patterns_free(emend_patterns *patterns);
/* The observed columns of a pattern, ascending, into `columns` (room for n_columns); returns their number. */
size_t emend_pattern_observed(const emend_patterns *patterns, const emend_pattern *pattern, uint32_t *columns);
/* The entry of original row `row`, in the data's units; after completion also where it was missing. */
double emend_patterns_value(const emend_patterns *patterns, size_t row, size_t column);

/* Replaces it. */
void emend_patterns_put(emend_patterns *patterns, size_t row, size_t column, double value);

#endif
