/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_COMPLETE_H
#define NORMAL_COMPLETE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/events.h"
#include "emend/normal.h"
#include "pattern/completed.h"
#include "pattern/matrix.h"

/* What is wanted beside expectations, or instead. */
typedef struct emend_completion_wish {
  bool spreads; /* keep the conditional standard deviation of each missing cell beside it */
  /*
   * Draws. For the missing columns of a row in turn: mean and sd of the column given what the row has observed and what was drawn before;
   * the answer takes the cell's place, and those after it are conditional on it. `drawn` holds the answers so far by column, in the data's
   * units; `block` the means of the columns of this column's block (see `follows`) given all that was drawn before the block. From several
   * threads.
   */
  double (*draw)(const void *state, size_t row, size_t column, double mean, double sd, const double *drawn, const double *block);
  const unsigned char *follows; /* per column: non-zero if it is of one block with the column before it; NULL: none is */
  /* NULL, or called once all of a row is drawn: may change the columns that were missing and vary (`missing`, m of them) in z, the row in
   * units of the model: mean 0, variance 1; what does not vary is 0. From several threads. */
  void (*revise)(const void *state, size_t row, const uint32_t *missing, size_t m, double *z);
  const void *state;
} emend_completion_wish;

/*
 * The conditional expectation of every missing cell of a matrix whose columns are the model's, in the data's units; the constant of a
 * constant column, NaN in one that was never observed. `threads` as in emend_normal_options_set_threads; the values do not depend on it.
 * Cost: per chunk of rows and pattern min(m, o)^3, per row 2 m p. `wish` may be NULL. With one,
 * m^3 / 3 more for a pattern. Errors: EMEND_NOT_POSITIVE_DEFINITE, EMEND_OUT_OF_MEMORY, EMEND_CANCELLED.
 */
emend_status emend_normal_complete_matrix(const emend_normal *normal, const emend_matrix *matrix, const emend_completion_wish *wish,
                                          unsigned threads, emend_events *events, emend_completed **completed, emend_error *error);

#endif
