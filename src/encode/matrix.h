/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_MATRIX_H
#define ENCODE_MATRIX_H

#include <stdint.h>

#include "encode/plan.h"
#include "pattern/matrix.h"

#define EMEND_NO_VARIABLE SIZE_MAX

/*
 * Some numeric variables of a plan's dataset as a matrix: observed values as they are, every kind of missing as NaN. Holds no cells.
 * The plan must outlive it. A copy of the struct is good as long as `columns`.
 */
typedef struct emend_encoding {
  const emend_plan *plan;
  size_t *columns; /* variable of each column, or EMEND_NO_VARIABLE: missing in every row; owned */
  size_t n_columns;
} emend_encoding;

/* Room for n_columns columns, to be filled in by the caller. */
emend_status emend_encoding_new(const emend_plan *plan, size_t n_columns, emend_encoding *encoding, emend_error *error);
void emend_encoding_free(emend_encoding *encoding);
/* Columns: the variables that fill or predict, in file order. */
emend_status emend_encoding_of_plan(const emend_plan *plan, emend_encoding *encoding, emend_error *error);
/* The matrix, with the plan's weights; refers to `encoding`. */
emend_matrix emend_encoding_matrix(const emend_encoding *encoding);

#endif
