/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pattern/plain.h"

#include <string.h>

static void read_plain(const void *state, size_t row, size_t n, double *block) {
  const emend_plain *plain = state;
  for (size_t i = 0; i < n; i++)
    memcpy(block + i * plain->n_columns, plain->values + (row + i) * plain->row_stride, plain->n_columns * sizeof *block);
}

emend_status emend_plain_matrix(const emend_plain *plain, size_t n_rows, const double *weights, emend_matrix *matrix, emend_error *error) {
  if (plain->n_columns == 0 || plain->row_stride < plain->n_columns)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "a matrix of %zu columns with rows %zu apart is not one", plain->n_columns,
                      plain->row_stride);
  *matrix = (emend_matrix){.n_rows = n_rows, .n_columns = plain->n_columns, .state = plain, .read = read_plain, .weights = weights};
  return EMEND_OK;
}
