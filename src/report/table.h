/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/columns.h"

/*
 * A table for the terminal. Columns are as wide as their widest cell; the first (names) takes what is left of the width, and a longer name
 * stands on a line of its own rather than being cut. A column of kind `TABLE_WRAPPED` must be the last; where the others leave it no room
 * it stands below its row. On a terminal, columns of texts are cut where not all fit, and columns of numbers printed in parts, each with
 * the names.
 */
typedef enum table_kind {
  TABLE_LEFT,
  TABLE_RIGHT,
  TABLE_PAIRED, /* as TABLE_RIGHT, and belongs to the column before: its top stands over both, and that one has none */
  TABLE_WRAPPED
} table_kind;

typedef struct table_column {
  const char *top, *heading; /* two lines of heading */
  table_kind kind;
  bool hidden;
} table_column;

typedef struct table {
  const table_column *columns;
  size_t n_columns, n_rows, capacity;
  char **cells;   /* n_rows x n_columns; an all-NULL row is a title or a rule, see `titles` */
  char **titles;  /* n_rows; NULL for a row of cells, "" for a rule */
  text_page page; /* 80 columns, uncut, unless changed before printing */
  bool failed;    /* out of memory: table_print then says so */
} table;

/* `columns` is not copied. */
void table_begin(table *table, const table_column *columns, size_t n_columns);
/* One cell per column, copied; NULL is empty. */
void table_row(table *table, const char *const *cells);
void table_title(table *table, const char *title);
void table_rule(table *table);
/* Returns false when out of memory. */
bool table_print(const table *table, FILE *out);
void table_end(table *table);

#endif
