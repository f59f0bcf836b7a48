/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DECODE_BACK_H
#define DECODE_BACK_H

#include "encode/plan.h"

/*
 * From the column that a transformed or bounded number enters the model as, back to its own units. `mean` and `sd` are of the column given
 * what is observed; the column is normal, cut to what the bounds and the transform allow.
 */

/* True if there is anything to be done: a transform or bounds. */
bool emend_back_is_needed(const emend_planned *planned);
/*
 * The expectation of the variable, not the transform's inverse of the column's: in closed form for log, log1p, and for
 * bounds alone, else by quadrature over the column's density (32 points; normal scores 128).
 */
double emend_back_expectation(const emend_planned *planned, double mean, double sd);
/* The variable's expectation and its standard deviation (NULL: not asked for), in the same ways. */
void emend_back_moments(const emend_planned *planned, double mean, double sd, double *expected, double *spread);
/* A draw of the column, from a uniform u in (0, 1); and the value that a column's entry stands for. */
double emend_back_draw(const emend_planned *planned, double mean, double sd, double u);
double emend_back_value(const emend_planned *planned, double column);

#endif
