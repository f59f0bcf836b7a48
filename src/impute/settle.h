/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_SETTLE_H
#define IMPUTE_SETTLE_H

#include "encode/rules.h"
#include "emend/impute.h"

/* What skip logic and formulas come to once the cells are completed, for each variable that has a rule (the items of emend_rules). */
typedef struct emend_settled_item {
  unsigned char *fates; /* emend_fate per row, nothing open; NULL: as planned */
  double *values;       /* of a formula, per row; NaN where it gives none */
} emend_settled_item;

/* A missing cell of which other answers of the row say what it is: a part of an observed sum, or the filter of an answered question. */
typedef struct emend_solved {
  size_t row, variable;
  double value;
  bool of_model; /* what the model says, and kept as others of its row follow it */
} emend_solved;

typedef struct emend_settled {
  emend_settled_item *items; /* NULL: no rules, or nothing is filled */
  size_t n;
  emend_solved *solved; /* by row */
  size_t n_solved, solved_capacity;
} emend_settled;

/* Settles the rules of a completed imputation; takes 9 bytes per row and formula, 1 per row and condition that was open. Warns of derived
 * variables that are observed and differ from what their imputed parts give. */
emend_status emend_settle(emend_imputation *imputation, emend_events *events, emend_error *error);
/* Keeps a value for a cell, which is that from then on. Rows in ascending order. */
emend_status emend_settled_add(emend_settled *settled, emend_solved solved, emend_error *error);
/* NULL: that cell is not told by any. */
const emend_solved *emend_settled_solved(const emend_settled *settled, size_t row, size_t variable);
/* What comes into the cell is not the model's: others of its row tell it. */
bool emend_settled_tells(const emend_settled *settled, size_t row, size_t variable);
void emend_settled_free(emend_settled *settled);

#endif
