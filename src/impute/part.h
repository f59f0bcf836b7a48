/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_PART_H
#define IMPUTE_PART_H

#include "impute/imputation.h"
#include "impute/share.h"

/* A missing cell that others of its row tell: by a total of which it is a part, or by what was computed from it. */

/* Holds codes. Those that are a scale of few steps, though nobody says so, are codes, too. */
bool emend_part_is_coded(const emend_planned *planned);
/* What such a cell may be, whoever tells it: lo, hi, unit and whole of the part. */
emend_part emend_part_limits(const emend_planned *planned);
bool emend_part_may_be(const emend_planned *planned, double x);
/* 5.3 for the 5.300000000000001 that a difference leaves, at a scale of 10; 0: as it is. */
double emend_part_without_noise(double x, double scale);
/* A number that may take any value between bounds, with what the model says of it; false for codes, and where there is no model of it. */
bool emend_part_of_cell(const emend_imputation *made, size_t row, size_t variable, emend_part *part);

#endif
