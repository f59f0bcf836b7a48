/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_LEFT_OUT_H
#define NORMAL_LEFT_OUT_H

#include "normal/standard.h"

/*
 * What a model predicts for a block B of columns (one variable's) from all others of a complete row, as n coordinates that are linear in
 * those: of one column its expectation, of several their expectations m turned and scaled so that the distance of two rows' coordinates is
 * that of their m under the residual covariance, (m - m')' K_BB (m - m'), in the directions that the others tell most of (docs/methods.md
 * section 6).
 */
typedef struct emend_left_out {
  size_t n;
  double *weights; /* n x p, of standardised columns; 0 for the block's own */
  double residual; /* the variance of the block's columns about a coordinate, the same for each */
} emend_left_out;

/*
 *   most   coordinates; those in which the others tell hardly anything are left out, too. No coordinate where no column varies
 * Cost: b^3 for b columns. Errors: EMEND_NOT_POSITIVE_DEFINITE, EMEND_OUT_OF_MEMORY.
 */
emend_status emend_left_out_new(const emend_standard *standard, size_t first, size_t n_columns, size_t most, emend_left_out *left_out,
                                emend_error *error);
/* From the products g (p) of something with standardised columns to its regression on those outside a block, in place: inverse(S_RR)
 * g_R, 0 for the block's own. Cost: p^2 + b^3. Errors: as above. */
emend_status emend_left_out_regress(const emend_standard *standard, size_t first, size_t n_columns, double *g, emend_error *error);
void emend_left_out_free(emend_left_out *left_out);

#endif
