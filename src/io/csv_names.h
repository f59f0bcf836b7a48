/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_NAMES_H
#define IO_CSV_NAMES_H

#include "io/csv_text.h"

/*
 * The names of the variables of a delimited text: those of the first line, without the blanks around them and with line ends in them
 * made blanks; an empty one becomes V and its place, and one that occurred before gets the next free number (x, x_2, x_3). Without a
 * first line of names: V1, V2, ...
 */
typedef struct emend_csv_names {
  char **names; /* n, UTF-8 */
  size_t n;
  size_t n_empty, n_repeated;
  size_t first_repeated; /* index */
} emend_csv_names;

/* `header`: the n fields as they stand in the file, or NULL. */
typedef struct emend_csv_raw_name {
  char *value;
  size_t length;
  bool doubled;
} emend_csv_raw_name;

emend_status emend_csv_names_new(const emend_csv_raw_name *header, size_t n, emend_csv_text *text, emend_csv_names *names,
                                 emend_error *error);
void emend_csv_names_free(emend_csv_names *names);

#endif
