/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_SKIP_LIMIT_H
#define ENCODE_SKIP_LIMIT_H

#include "encode/skip_condition.h"
#include "encode/skip_rows.h"

/* Limits on a number (an age) beyond which a question was not asked. */

/* The rows with the least values of a number, and those with the greatest, outermost first. */
enum { SKIP_OUTERMOST = 32, SKIP_LOWER = 0, SKIP_UPPER = 1 };
typedef struct skip_ends {
  size_t n; /* on each side */
  uint16_t rows[2][SKIP_OUTERMOST];
} skip_ends;

/* The rows looked at in the order of each number, once it was asked for. */
typedef struct skip_orders {
  const skip_rows *rows;
  skip_ends *ends;    /* per variable */
  uint16_t **rows_by; /* per variable: rows in which it is known, ascending; NULL: not yet sorted */
  double **values;    /* per variable: its values in that order */
  size_t *n;
  uint32_t *n_missing; /* per row: variables without an answer */
} skip_orders;

emend_status skip_orders_new(skip_orders *orders, const skip_rows *rows, emend_error *error);
void skip_orders_free(skip_orders *orders);
/* Of a number that questions may hang on: needed by skip_limits_alone. Of several numbers in threads side by side. */
void skip_orders_find_ends(skip_orders *orders, size_t number);

/* True if the variable is a number that questions may hang on by a limit. */
bool skip_may_limit(const emend_plan *plan, size_t variable);

/*
 * Limits that alone say whether v was asked: beyond each of at most two, in 20 rows or more with 3 different values or more, v is without
 * an answer (but for 1 %), and between them nine in ten answered; as sharply as that, so that answers do not just get rarer towards it. No
 * limits are found on identifiers, on what rows are sorted by, or on how much a row lacks. `missing`: rows in which v may not have been
 * asked. *explained: rows that are as the limits say; 0: there are none. The rows beyond them into `beyond`.
 */
emend_status skip_limits_alone(skip_orders *orders, size_t v, const skip_word *missing, size_t number, skip_condition *limits,
                               skip_word *beyond, size_t *explained, emend_error *error);

#endif
