/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_LINKS_H
#define IMPUTE_LINKS_H

#include "impute/curve.h"
#include "impute/imputation.h"

/* The curves of a model. */
struct emend_links {
  const emend_imputation *made;
  emend_standard standard;
  emend_curve *curves;
  size_t n_curves;
  emend_curve **of; /* by column; NULL: none */
};

/*
 * How probable each code of a variable is given all other variables of a row (docs/methods.md section 6): curves that are fitted where the
 * variable was answered, as the model's own straight lines are not right where probabilities bend and answers are missing more often at
 * one end. For ordinal and binary codes, integers that are a scale, and categories of few levels, of which cells are filled.
 *   rows   of the dataset, n of them: those that the model is of; NULL: the first n
 * At most some 10,000 rows are used, drawn by what tells rows apart. *links is NULL if no variable may have a curve; it refers to `made`.
 * Cost: twice as completing these rows, and for each curve some dozens of passes over its answers.
 */
emend_status emend_links_new(emend_imputation *made, const emend_normal *model, const uint32_t *rows, size_t n, emend_events *events,
                             emend_links **links, emend_error *error);
void emend_links_free(emend_links *links);
/* Draws the codes of a row that was drawn as the model says, one after the other, each from its curve given all others; as said of
 * emend_completion_wish. Does nothing without links. */
void emend_links_revise(const emend_links *links, size_t row, const uint32_t *missing, size_t m, double *z);

#endif
