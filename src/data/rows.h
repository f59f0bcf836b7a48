/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DATA_ROWS_H
#define DATA_ROWS_H

#include "data/added.h"

/* A cell on its way to a writer. `reason` is why it was missing before; `imputed` says that `value` now answers it. */
typedef struct emend_cell {
  double value;      /* NaN unless observed, user-missing or imputed */
  emend_offset text; /* of a text variable */
  emend_reason reason;
  bool imputed;
} emend_cell;

/* What comes into the missing cells of a variable: nothing, any number, or only values that occur in it. */
enum { EMEND_FILLS_NOTHING, EMEND_FILLS_ANY, EMEND_FILLS_OCCURRING };

/* The rows of a dataset in file order, as a writer wants them: one completed copy. `read` fills one cell per variable of the dataset, then
 * one per added variable; asked for row 0, 1, 2, ... in turn. Text offsets are those of `dataset`. With stacked copies n_rows is a
 * multiple of the dataset's rows, and row r is of the dataset's row r mod that number. Without `read` it only says what rows there will be.
 * Rows may be read by another thread than the one that writes them.
 */
typedef struct emend_rows {
  const emend_dataset *dataset;
  const emend_added_variable *added; /* behind the dataset's own */
  size_t n_added;
  const emend_storage *storages; /* what the variables' values need, at least as wide as the file's; NULL: as the file has them */
  const unsigned char *fills;    /* EMEND_FILLS_ of each variable; NULL: nothing is imputed */
  size_t n_rows;
  unsigned threads; /* that may be at work; 0: as many as there are cores */
  const void *state;
  void (*read)(const void *state, size_t row, emend_cell *cells);
} emend_rows;

/* True if the values of a numeric variable need more than the file's storage. */
bool emend_rows_widen(const emend_rows *rows, size_t variable);
bool emend_rows_fill(const emend_rows *rows, size_t variable);

/* The dataset as it is, nothing imputed. */
emend_rows emend_dataset_as_rows(const emend_dataset *dataset);
void emend_dataset_read_row(const emend_dataset *dataset, size_t row, emend_cell *cells);

#endif
