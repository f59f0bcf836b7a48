/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef COMPARE_COMPARE_H
#define COMPARE_COMPARE_H

#include <stdbool.h>

#include "base/error.h"
#include "data/dataset.h"
#include "emend/compare.h"
#include "io/translate.h"

struct emend_compare_options {
  char *id;
  char **lists;
  size_t n_lists;
  double tolerance;
};

/* How the cells of a pair are compared. */
typedef enum pair_way {
  PAIR_NUMBERS,
  PAIR_TEXTS,
  PAIR_PRINTED, /* a number with delimited text: as it would be printed there */
  PAIR_NOT
} pair_way;

typedef struct pair {
  emend_compared_variable facts;
  pair_way way;
  emend_translation translation; /* PAIR_NUMBERS: from A's units to B's */
  bool floats;                   /* one of them is stored with single precision */
} pair;

/* Indices that only one side has. */
typedef struct singles {
  size_t *items, count;
} singles;

typedef struct difference {
  ptrdiff_t variable;
  char *property, *before, *after;
} difference;

struct emend_comparison {
  const emend_dataset *data[2];
  emend_family family[2];
  double tolerance;
  bool kinds_shared; /* the formats know the same kinds of missing */
  pair *pairs;
  size_t n_pairs;
  singles variables[2], rows[2];
  bool variables_moved, rows_moved;
  ptrdiff_t id[2];
  size_t *matched[2], n_matched; /* row of A and row of B, in A's order; NULL: the same row */
  difference *differences;
  size_t n_differences, differences_capacity;
  char **remarks;
  size_t n_remarks;
  size_t unlike; /* cells that are missing in both, in ways the formats do not share */
};

/* What follows fills parts of a comparison. */

/* Pairs, single variables; `options` may choose. */
emend_status compare_match_variables(emend_comparison *c, const emend_compare_options *options, emend_events *events, emend_error *error);
/* Matched and single rows, by position or by id. */
emend_status compare_match_rows(emend_comparison *c, emend_error *error);
emend_status compare_dictionaries(emend_comparison *c, emend_error *error);
void compare_cells(emend_comparison *c);

/* Copies the texts; nothing if before and after are the same. */
emend_status compare_add_difference(emend_comparison *c, ptrdiff_t variable, const char *property, const char *before, const char *after,
                                    emend_error *error);
emend_status compare_add_remark(emend_comparison *c, emend_error *error, const char *format, ...) __attribute__((format(printf, 3, 4)));

static inline size_t compare_row(const emend_comparison *c, emend_side side, size_t index) {
  return c->matched[side] ? c->matched[side][index] : index;
}

/* What the format of a side can say. */
enum {
  SAYS_LABELS = 1 << 0, /* of file, variables */
  SAYS_FORMATS = 1 << 1,
  SAYS_VALUE_LABELS = 1 << 2,
  SAYS_MISSING = 1 << 3, /* declared missing values */
  SAYS_NOTES = 1 << 4,
  SAYS_WEIGHT = 1 << 5,
  SAYS_WIDTHS = 1 << 6,
  SAYS_DISPLAY = 1 << 7, /* measure, role, columns, alignment, write format, attributes, sets */
  SAYS_STORAGE = 1 << 8, /* and characteristics, names of label sets, sort keys */
  SAYS_TAGS = 1 << 9
};
unsigned compare_says(const emend_dataset *dataset);

#endif
