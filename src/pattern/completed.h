/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PATTERN_COMPLETED_H
#define PATTERN_COMPLETED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Values for the missing cells of a matrix, and for no others: chunks of rows, each filled independently of the rest. */
typedef struct emend_completed_chunk {
  uint64_t *masks; /* rows x words: bit j set: column j is missing */
  uint32_t *start; /* rows + 1: where each row's values begin */
  double *values;  /* of the missing cells, by rows and columns */
  float *spreads;  /* beside each value its conditional standard deviation; NULL if they were not wanted */
} emend_completed_chunk;

typedef struct emend_completed {
  bool with_spreads; /* set by the caller before chunks are opened */
  size_t n_rows, n_columns, words, chunk_rows, n_chunks; /* chunk_rows = 1 << chunk_bits */
  unsigned chunk_bits;
  emend_completed_chunk *chunks;
} emend_completed;

/* Without values: the caller fills chunk after chunk. */
emend_status emend_completed_new(size_t n_rows, size_t n_columns, emend_completed **completed, emend_error *error);
void emend_completed_free(emend_completed *completed);
size_t emend_completed_chunk_rows(const emend_completed *completed, size_t chunk); /* of one chunk: the last may have fewer */
/* From the masks of all rows of a chunk: where each row's values begin, and room for them. */
emend_status emend_completed_open(emend_completed *completed, size_t chunk, emend_error *error);
/* The place of a missing cell's value; NULL for a cell that was not missing. */
double *emend_completed_cell(const emend_completed *completed, size_t row, size_t column);
/* The value for a missing cell; NaN for a cell that was not missing. */
double emend_completed_value(const emend_completed *completed, size_t row, size_t column);
void emend_completed_put(emend_completed *completed, size_t row, size_t column, double value,
                         double spread); /* of a cell that was missing */
/* Its conditional standard deviation, in the same way; NaN too if spreads were not wanted. */
double emend_completed_spread(const emend_completed *completed, size_t row, size_t column);

#endif
