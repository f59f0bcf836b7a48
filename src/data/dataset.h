/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DATA_DATASET_H
#define DATA_DATASET_H

#include <stdbool.h>

#include "data/arena.h"
#include "emend/dataset.h"

/*
 * The dataset's inside. All of it (variables, labels, cells, text) lives in one arena and points by offset; it is filled through the
 * appender below and read-only afterwards. Cells lie in blocks of `block_rows` rows, in a block column after column:
 * the values of a column, then, behind all values, one reason byte per cell. The number of rows need not be known in advance.
 */

typedef enum emend_storage {
  EMEND_STORAGE_F64,
  EMEND_STORAGE_F32,
  EMEND_STORAGE_I32,
  EMEND_STORAGE_I16,
  EMEND_STORAGE_I8,
  EMEND_STORAGE_TEXT,     /* fixed width */
  EMEND_STORAGE_LONG_TEXT /* Stata's strL, CSV text */
} emend_storage;

/* A declared missing value or range of a numeric variable (lo == hi: one value; infinities for LOWEST and HIGHEST), or of a text variable. */
typedef struct emend_missing_range {
  double lo, hi;
  emend_offset text; /* 0 for numbers; trailing blanks do not count */
} emend_missing_range;

enum { EMEND_MISSING_RANGES = 4 };

typedef struct emend_variable {
  emend_offset name, label, format;
  emend_variable_kind kind;
  emend_storage storage;
  emend_measure measure;
  int32_t label_set; /* index, or -1 */
  uint32_t width;    /* bytes of a text variable in its file; 0 unknown */
  uint32_t n_missing;
  emend_missing_range missing[EMEND_MISSING_RANGES];
} emend_variable;

typedef enum emend_key_kind { EMEND_KEY_NUMBER, EMEND_KEY_TEXT, EMEND_KEY_TAG } emend_key_kind;

typedef struct emend_label {
  emend_key_kind kind;
  emend_reason tag;  /* EMEND_KEY_TAG */
  double number;     /* EMEND_KEY_NUMBER */
  emend_offset key;  /* EMEND_KEY_TEXT, without trailing blanks */
  emend_offset text; /* the label */
} emend_label;

typedef struct emend_label_set {
  emend_offset name;
  emend_offset labels;
  uint64_t n_labels, capacity;
} emend_label_set;

/* How a delimited text file is written; found when it is read, needed again to patch it. */
typedef struct emend_csv_dialect {
  char delimiter, quote, decimal;
  bool header;
  bool converted;       /* not UTF-8 on disk: the bytes were converted from `encoding` */
  char encoding[40];    /* iconv name of the file's encoding */
  uint32_t bom_bytes;   /* length of the byte-order mark, 0 if none */
} emend_csv_dialect;



/* Appender. A dataset is made, given its variables, then its rows; label sets, notes and the rest at any time before the end. */
emend_status emend_dataset_new(uint64_t max_bytes, bool shared, emend_dataset **dataset, emend_error *error);
/* Forgets everything but the format: for a reader that must begin again. */
emend_status emend_dataset_reset(emend_dataset *dataset, emend_error *error);
emend_status emend_dataset_set_format(emend_dataset *dataset, const char *format, emend_error *error);
emend_status emend_dataset_set_file_label(emend_dataset *dataset, const char *label, emend_error *error);
void emend_dataset_set_weight(emend_dataset *dataset, ptrdiff_t variable);
/* A sentence for the user about the reading ("3 cells had undefined characters"); delivered as events after the read. */
emend_status emend_dataset_add_warning(emend_dataset *dataset, emend_error *error, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Copies `text` into the arena; "" and NULL give 0. Text is NUL-terminated; its length precedes it. */
emend_status emend_dataset_add_text(emend_dataset *dataset, const char *bytes, size_t length, emend_offset *offset, emend_error *error);
/* Adds a variable like *variable (its text offsets already in the arena). Only before the first row. */
emend_status emend_dataset_add_variable(emend_dataset *dataset, const emend_variable *variable, size_t *index, emend_error *error);
/* For readers that learn label sets or types late. The pointer lives until the next variable is added. */
emend_variable *emend_dataset_edit_variable(emend_dataset *dataset, size_t index);
emend_status emend_dataset_add_label_set(emend_dataset *dataset, const char *name, size_t *index, emend_error *error);
emend_status emend_dataset_add_label(emend_dataset *dataset, size_t set, const emend_label *label, emend_error *error);
ptrdiff_t emend_dataset_find_label_set(const emend_dataset *dataset, const char *name); /* -1 if none */
/* A new last row, every cell system-missing (text: empty). */
emend_status emend_dataset_add_row(emend_dataset *dataset, emend_error *error);
/* Cells of the last row. emend_dataset_put_number keeps the value for EMEND_OBSERVED and EMEND_USER_MISSING, else stores NaN.
 * A value that the variable declares missing gets EMEND_USER_MISSING by itself. */
void emend_dataset_put_number(emend_dataset *dataset, size_t variable, double value, emend_reason reason);
emend_status emend_dataset_put_text(emend_dataset *dataset, size_t variable, const char *bytes, size_t length, emend_error *error);
/* Where the cells of the last row lie, for readers that fill whole rows: variable v has values[v * step] and reasons[v * step], which
 * must agree (NaN unless observed or user-missing; texts by emend_dataset_put_text). Valid until the next row is added. */
typedef struct emend_row_cells {
  double *values;
  unsigned char *reasons;
  size_t step;
} emend_row_cells;
emend_row_cells emend_dataset_last_row(emend_dataset *dataset);
emend_csv_dialect *emend_dataset_dialect(emend_dataset *dataset);

/* After a child process has filled the dataset: every offset and count is checked against the arena. */
emend_status emend_dataset_check(const emend_dataset *dataset, emend_error *error);

/* Reading. */
const emend_variable *emend_dataset_variable(const emend_dataset *dataset, size_t index);
ptrdiff_t emend_dataset_find_variable(const emend_dataset *dataset, const char *name); /* exact; -1 if none */
size_t emend_dataset_label_sets(const emend_dataset *dataset);
const emend_label_set *emend_dataset_label_set(const emend_dataset *dataset, size_t index);
const emend_label *emend_dataset_label(const emend_dataset *dataset, const emend_label_set *set, size_t index);
/* The label of a number or tag under the variable's label set, or NULL. */
const char *emend_dataset_label_of(const emend_dataset *dataset, size_t variable, double value, emend_reason reason);
const char *emend_dataset_text(const emend_dataset *dataset, emend_offset offset); /* "" for 0 */
size_t emend_dataset_text_length(const emend_dataset *dataset, emend_offset offset);
const emend_csv_dialect *emend_dataset_get_dialect(const emend_dataset *dataset);
size_t emend_dataset_warnings(const emend_dataset *dataset);
const char *emend_dataset_warning(const emend_dataset *dataset, size_t index);
bool emend_variable_declares_missing(const emend_variable *variable, double value);

/*
 * The cells of one column from `row` to the end of its block: *n cells, values and reasons side by side. Text cells hold an
 * emend_offset in place of the value. Loop: for (row = 0; row < rows; row += n) { run = emend_dataset_run(d, v, row); n = run.n; ... }
 */
typedef struct emend_run {
  const double *values;
  const unsigned char *reasons;
  size_t n;
} emend_run;
emend_run emend_dataset_run(const emend_dataset *dataset, size_t variable, size_t row);
/* Bytes of memory that the dataset takes. */
uint64_t emend_dataset_bytes(const emend_dataset *dataset);

#endif
