/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_IO_CSV_SUPPORT_H
#define TESTS_IO_CSV_SUPPORT_H

#include "io/format.h"
#include "support/support.h"

/* A delimited text that a test has written to a file and read. Free with csv_close. */
typedef struct csv_text {
  char path[4096];
  emend_source *source;
  emend_dataset *dataset; /* NULL if reading failed */
  emend_error *error;
  emend_status status;
} csv_text;

csv_text csv_open(const char *path, const emend_read_options *options);
csv_text csv_open_bytes(const void *bytes, size_t length, const emend_read_options *options);
csv_text csv_open_text(const char *text, const emend_read_options *options);
void csv_close(csv_text *text);

/* Options in one line: NULL leaves one alone; `missing` is a list separated by blanks. */
emend_read_options *csv_options(const char *delimiter, const char *decimal, const char *encoding, const char *missing);

/* Missing cells as INDEX.tsv counts them (system-missing and empty texts), user-missing cells, text variables. */
size_t csv_count(const emend_dataset *dataset, emend_reason reason);
size_t csv_count_texts(const emend_dataset *dataset);
bool csv_warns(const emend_dataset *dataset, const char *part);

/* The value that stands in for a missing cell in tests of patching; whole numbers, fractions and large ones. */
double csv_fill(size_t row, size_t variable);
/* Writes the dataset with every missing number filled (`fill`), or as it is, by patching or anew. The bytes are the caller's. */
char *csv_patched(const csv_text *text, bool fill, size_t *length);
char *csv_written(const emend_dataset *dataset, char delimiter, size_t *length);

/*
 * A splitter made for tests, one character at a time, that shares nothing with the library's. Offsets into the text; blank lines are no
 * rows unless `one_column`.
 */
typedef struct csv_piece {
  size_t row, column, begin, end; /* as it stands, quotes included */
} csv_piece;
typedef struct csv_pieces {
  csv_piece *items;
  size_t n, rows;
} csv_pieces;
csv_pieces csv_split(const char *text, size_t length, char delimiter, bool one_column);

/*
 * Fails the test unless `after` is `before` with exactly the fields of missing numbers replaced by csv_fill, quoted where
 * they were. Both in one-byte units.
 */
void csv_check_patch(const csv_text *text, const char *before, size_t before_length, const char *after, size_t after_length);

#endif
