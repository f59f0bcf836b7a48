/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_PATCH_ROWS_H
#define IO_PATCH_ROWS_H

#include "io/patch_copy.h"
#include "io/patch_text.h"

/*
 * A writer that copies a file whose rows all have one width, with the imputed cells' own bytes replaced. Concrete patchers begin with this
 * struct: they read the dictionary, fill in the layout, and encode one cell.
 */
typedef struct patch_rows patch_rows;
/* Replaces a cell of the current row, which begins at byte `place`, or refuses the value. */
typedef emend_status patch_put(patch_rows *rows, uint64_t place, size_t variable, const emend_cell *cell, emend_error *error);
struct patch_rows {
  emend_writer writer;
  const emend_source *source;
  const emend_dataset *dataset;
  patch_copy copy;
  size_t n_variables, n_rows, row;
  uint64_t data_offset, row_bytes; /* of the first row; from one to the next */
  patch_put *put;
  patch_text text;
};

/* `release` frees the whole patcher; the layout and the copy are the caller's to fill in. */
void patch_rows_init(patch_rows *rows, const emend_source *source, const emend_dataset *dataset, patch_put *put,
                     void (*release)(emend_writer *writer));

/* Puts the text of a cell into `width` bytes at `place`, filled up with `pad`. */
emend_status patch_rows_put_text(patch_rows *rows, uint64_t place, size_t variable, emend_offset text, size_t width, unsigned char pad,
                                 emend_error *error);

#endif
