/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_PATCH_ROWS_H
#define IO_PATCH_ROWS_H

#include "io/patch_copy.h"

/*
 * A writer that copies a file whose rows all have one width, with the imputed cells' own bytes replaced. Concrete patchers begin with this struct: they
 * read the dictionary, fill in the layout, and encode one cell.
 */
typedef struct patch_rows patch_rows;
/* Replaces a cell of the current row, which begins at byte `place`, or refuses the value. */
typedef emend_status patch_put(patch_rows *rows, uint64_t place, size_t variable, double value, emend_error *error);
struct patch_rows {
  emend_writer writer;
  const emend_source *source;
  const emend_dataset *dataset;
  patch_copy copy;
  size_t n_variables, n_rows, row;
  uint64_t data_offset, row_bytes; /* of the first row; from one to the next */
  patch_put *put;
};

/* `release` frees the whole patcher; the layout and the copy are the caller's to fill in. */
void patch_rows_init(patch_rows *rows, const emend_source *source, const emend_dataset *dataset, patch_put *put,
                     void (*release)(emend_writer *writer));

#endif
