/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_WRITER_H
#define IO_WRITER_H

#include "data/rows.h"
#include "emend/output.h"

/*
 * Something rows are poured into. Made by an open function that knows the dictionary and the number of rows; then `row` once for each
 * row in file order, `close` after the last, `free` always. Concrete writers begin with this struct.
 */
typedef struct emend_writer emend_writer;
struct emend_writer {
  emend_status (*row)(emend_writer *writer, const emend_cell *cells, emend_error *error);
  emend_status (*close)(emend_writer *writer, emend_error *error); /* writes what follows the rows */
  void (*free)(emend_writer *writer);
};

/* Pours all rows into a writer, with progress ("write") and a check for cancelling. */
emend_status emend_writer_pour(emend_writer *writer, const emend_rows *rows, emend_events *events, emend_error *error);

#endif
