/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_SOLVE_H
#define IMPUTE_SOLVE_H

#include "impute/imputation.h"
#include "encode/not_applicable.h"

/*
 * A derived variable that is observed where parts of it are not says what those parts add up to, if its formula is linear in them: one part
 * gets what is left, several share it. No part gets what it may not hold (docs/recipes.md). A part that does not apply in a row counts as 0
 * if it does so in the complete rows of the file.
 */
typedef struct emend_solver emend_solver;

emend_status emend_solver_new(emend_imputation *made, emend_solver **solver, emend_error *error);
void emend_solver_free(emend_solver *solver);
/* Adds what the totals of a row tell of its parts to what is settled; parts that hang on a condition only once it is settled whether they
 * are filled. Rows in ascending order; a second time for what was not known before. */
emend_status emend_solver_tell_row(emend_solver *solver, size_t row, emend_error *error);
/* At the end of a row: compares its totals with their parts. */
void emend_solver_compare_row(emend_solver *solver, size_t row);
/* Warns of totals that their parts do not make up. */
void emend_solver_report(const emend_solver *solver, emend_events *events);

#endif
