/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_FILL_H
#define IO_CSV_FILL_H

#include "data/dataset.h"
#include "io/csv_column.h"
#include "io/csv_names.h"
#include "io/decode.h"

/* Texts of a survey are mostly few and repeated: each is looked at and stored once if it comes again soon. */
enum { EMEND_CSV_RECENT = 32 };
typedef struct emend_csv_recent {
  emend_offset text; /* 0: none yet */
  emend_csv_class class;
  emend_reason reason; /* observed, or of a token that is kept */
} emend_csv_recent;

/* Puts records into a dataset whose variables are there, and notes what the cells look like. */
typedef struct emend_csv_filler {
  emend_dataset *dataset;
  const emend_csv_tokens *tokens;
  const emend_read_options *options;
  char decimal;
  size_t n_columns;
  bool *numeric;             /* per column: numbers, else texts */
  emend_csv_column *columns; /* the notes */
  emend_csv_text text;
  emend_csv_names names;
  emend_csv_recent (*recent)[EMEND_CSV_RECENT]; /* for each column, texts stored lately */
  emend_text_places undecoded;                  /* texts with undefined bytes */
  size_t n_noted;                               /* cells of the last row */
  bool na_in_numbers;
} emend_csv_filler;

/*
 * A new last row. Errors: EMEND_MALFORMED for a number too large, EMEND_IO_ERROR for a cell in a column of numbers that is none (the
 * file was changed since the column was decided); EMEND_LIMIT_EXCEEDED. Only the cells before it have then been noted.
 */
emend_status emend_csv_fill_row(emend_csv_filler *filler, const emend_csv_record *record, int64_t row, emend_error *error);

/* Only notes, the cells from column `first` on. False when out of memory. */
bool emend_csv_note_row(emend_csv_column *columns, const emend_csv_tokens *tokens, const emend_csv_record *record, size_t first,
                        int64_t row);

#endif
