/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_COLUMN_H
#define IO_CSV_COLUMN_H

#include "io/csv_scanner.h"
#include "io/csv_tokens.h"

/* What a cell looks like on its own. */
typedef enum emend_csv_class {
  EMEND_CSV_MISSING,
  EMEND_CSV_LOOSELY_MISSING, /* "na", ".a": missing in a column of numbers, a text elsewhere */
  EMEND_CSV_INTEGER,         /* a number whatever the decimal mark */
  EMEND_CSV_POINT,           /* a number if the mark is a point */
  EMEND_CSV_COMMA,           /* a number if the mark is a comma */
  EMEND_CSV_CODE,            /* digits with leading zeros: 007 */
  EMEND_CSV_INFINITE,        /* inf, -Infinity */
  EMEND_CSV_DATE,            /* 2007-11-11 */
  EMEND_CSV_DATETIME,        /* 2007-11-11T08:30, 2007-11-11 08:30:15.5Z */
  EMEND_CSV_TEXT_CELL,
  EMEND_CSV_CLASSES
} emend_csv_class;

/* `value` without blanks around it, and readable 8 bytes beyond its end. */
emend_csv_class emend_csv_classify(const emend_csv_tokens *tokens, const char *value, size_t length);

/* What all cells of a column look like: the type of a variable is decided on whole columns. */
typedef struct emend_csv_column {
  uint64_t count[EMEND_CSV_CLASSES];
  int64_t first_row[EMEND_CSV_CLASSES]; /* of a class, from 1; kept for those in which a cell may be the odd one out */
  char *first_text[EMEND_CSV_CLASSES];
} emend_csv_column;

emend_csv_column *emend_csv_columns_new(size_t n); /* NULL when out of memory */
void emend_csv_columns_free(emend_csv_column *columns, size_t n);
static inline bool emend_csv_is_number(emend_csv_class class) { return class >= EMEND_CSV_INTEGER && class <= EMEND_CSV_CODE; }
/* Counts one cell, known to be of a class; `value` without blanks. False when out of memory. */
bool emend_csv_column_first(emend_csv_column *column, emend_csv_class class, const char *value, size_t length, int64_t row);
static inline bool emend_csv_column_count(emend_csv_column *column, emend_csv_class class, const char *value, size_t length, int64_t row) {
  return column->count[class]++ > 0 || emend_csv_column_first(column, class, value, length, row);
}
/* Notes one cell. False when out of memory. */
bool emend_csv_column_note(emend_csv_column *column, const emend_csv_tokens *tokens, const emend_csv_field *field, int64_t row);

/*
 * The decimal mark that the numbers show: the one that more cells have, in the columns that are numbers but for it. Without any evidence a
 * comma where semicolons separate the fields, since that is why they do, else a point. A comma that separates fields is no mark.
 */
char emend_csv_choose_decimal(const emend_csv_column *columns, size_t n, char delimiter);

/* True if the column's first number with this mark (EMEND_CSV_POINT, EMEND_CSV_COMMA) may be one of thousands. */
bool emend_csv_column_may_be_grouped(const emend_csv_column *column, emend_csv_class mark);

/*
 * Decides the type of a column.
 *   numeric   every cell that is not missing is a number; also when all are missing
 *   text      anything else (io/csv_amounts.h makes numbers of some), and codes with leading zeros; *format is "date" or "datetime" if every cell is one, else ""
 * Errors: EMEND_MALFORMED, with row and remedy, when at most 1 % of the cells are not numbers (and the first of these is none of the options'
 * tokens of some variables), or when one is infinite.
 * *doubt: a sentence for a warning, after the variable's name, or "".
 */
typedef struct emend_csv_type {
  bool numeric;
  bool postponed; /* to be refused (emend_csv_column_refuse) unless its odd cells turn out to be numbers in groups: 1,234 */
  const char *format;
  char doubt[256];
} emend_csv_type;
emend_status emend_csv_column_refuse(const emend_csv_column *column, char decimal, emend_error *error);
emend_status emend_csv_column_decide(const emend_csv_column *column, const char *name, char decimal, const emend_read_options *options,
                                     emend_csv_type *type, emend_error *error);

#endif
