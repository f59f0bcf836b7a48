/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_LEFT_OUT_H
#define NORMAL_LEFT_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a model predicts for an observed answer from the row's other answers: for a block B of columns (one variable's) and the precision Q
 * = inverse(S_OO) of a pattern, x_B - inverse(Q_BB) (Q x)_B, everything standardised.
 */
typedef struct emend_column_block {
  uint32_t first, n; /* columns, observed or missing together */
} emend_column_block;

typedef struct emend_left_out {
  const emend_column_block *blocks;
  size_t n_blocks;
  bool *there;     /* of this pattern: the block is observed */
  double *inverse; /* of Q_BB, block after block */
  double *filled, *scores, *q; /* p, p, and a row of Q */
} emend_left_out;

/* Everything of one matrix: columns, and where its parts lie. */
typedef struct emend_left_out_pattern {
  size_t p, stride, m, o;
  const uint32_t *missing, *observed;
  bool by_covariance; /* `inverse` is minus that of the observed correlations, o x o; else minus that of the missing precisions, m x m */
  const double *precision;  /* p x stride */
  const double *inverse;
  const bool *active; /* columns that vary */
} emend_left_out_pattern;

bool emend_left_out_new(emend_left_out *work, const emend_column_block *blocks, size_t n_blocks, size_t p);
void emend_left_out_free(emend_left_out *work);
/* Once per pattern. Cost, in the precision form, m^2 for each column of a block; in the other n^3 of a block. */
void emend_left_out_prepare(emend_left_out *work, const emend_left_out_pattern *pattern);
/* Once per row: (Q x)_O into work->scores. `z` is 0 where missing, `expected` (m) what completes it. */
void emend_left_out_row(emend_left_out *work, const emend_left_out_pattern *pattern, const double *z, const double *expected);
/* Then, of a block that is there: its n predictions. */
void emend_left_out_predict(const emend_left_out *work, size_t block, const double *z, double *predicted);

#endif
