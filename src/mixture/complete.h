/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MIXTURE_COMPLETE_H
#define MIXTURE_COMPLETE_H

#include "mixture/inside.h"

/* Fills the holes of rows by their expectation: that of each component given the row, weighted by its responsibility. */
typedef struct emend_mixture_completion {
  const emend_mixture_problem *problem;
  emend_patterns *patterns;
  double *factor, *scores, *expected; /* K x p x p, p, p */
  uint32_t *missing;
} emend_mixture_completion;

emend_status emend_mixture_completion_new(const emend_mixture_problem *problem, emend_patterns *patterns,
                                          emend_mixture_completion *completion, emend_error *error);
void emend_mixture_completion_free(emend_mixture_completion *completion);
/* The rows of one unit; its covariances are positive definite. Cost per row K (o^2 + o m). */
void emend_mixture_completion_unit(emend_mixture_completion *completion, const emend_mixture_unit *unit, const double *responsibilities);
/* `value`, standardised, to the holes of a column that is not in the model. */
void emend_mixture_complete_column(emend_patterns *patterns, size_t column, double value);

#endif
