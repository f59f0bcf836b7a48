/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_SKIP_ROWS_H
#define ENCODE_SKIP_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "encode/plan.h"

enum { SKIP_MOST_ROWS = 2048 }; /* looked at: of more, one in so many */

/* Rows as bits. */
typedef uint64_t skip_word;

/* A set of rows in which one variable has one value. */
typedef struct skip_atom {
  size_t variable, category;
  skip_word *rows;
  size_t n;
} skip_atom;

/* What the search for skip patterns sees of a dataset: of some of its rows, which answer each variable has. */
typedef struct skip_rows {
  const emend_plan *plan;
  size_t n_rows, step, words; /* rows looked at: one in `step`; words that hold a bit for each */
  skip_atom *atoms;
  size_t n_atoms;
  size_t *first_atom; /* per variable: its atoms, n + 1 entries; none for one that nothing can hang on */
  skip_word **seen;   /* per variable: rows in which it is observed; NULL if it has no role here */
  size_t *n_seen;     /* how many these are */
} skip_rows;

emend_status skip_rows_new(skip_rows *rows, const emend_plan *plan, emend_error *error);
void skip_rows_free(skip_rows *rows);
/* Looks at a variable: its atoms, and with `seen` where it is observed. */
emend_status skip_rows_see(skip_rows *rows, size_t variable, bool seen, emend_error *error);
/* True if the variable may have to do with a skip pattern. */
bool skip_takes_part(const emend_planned *planned);
/* True if other questions may hang on it: it has few different answers. */
bool skip_may_filter(const emend_planned *planned);

/* Cells of the rows looked at, in their order. */
typedef struct skip_cells {
  double values[SKIP_MOST_ROWS];
  unsigned char reasons[SKIP_MOST_ROWS];
} skip_cells;
void skip_cells_read(const skip_rows *rows, size_t variable, skip_cells *cells);

/* The row of the dataset that is the i-th of those looked at. */
size_t skip_row_of(const skip_rows *rows, size_t i);
void skip_set_bit(skip_word *set, size_t i);
/* Rows in a set, in both of two; true if both share at most `most`, or at most `most` of a lie outside b, mostly known after a few words. */
size_t skip_count(const skip_rows *rows, const skip_word *set);
size_t skip_count_both(const skip_rows *rows, const skip_word *a, const skip_word *b);
bool skip_share_few(const skip_rows *rows, const skip_word *a, const skip_word *b, size_t most);
bool skip_lies_within(const skip_rows *rows, const skip_word *a, const skip_word *b, size_t most);

#endif
