/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PATTERN_PLAIN_H
#define PATTERN_PLAIN_H

#include "base/error.h"
#include "pattern/matrix.h"

/* A caller's array of rows as a matrix. */
typedef struct emend_plain {
  const double *values;
  size_t n_columns, row_stride; /* doubles from one row to the next */
} emend_plain;

/* `plain` must outlive the matrix. Errors: EMEND_INVALID_ARGUMENT if there is no column, or rows overlap. */
emend_status emend_plain_matrix(const emend_plain *plain, size_t n_rows, const double *weights, emend_matrix *matrix, emend_error *error);

#endif
