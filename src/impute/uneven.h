/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_UNEVEN_H
#define IMPUTE_UNEVEN_H

#include "impute/imputation.h"

/* A category of a variable whose share of the filled cells is far from that of the answers. */
typedef struct emend_uneven {
  size_t category;
  double of_answers, of_filled; /* shares */
} emend_uneven;

/*
 * Of three categories or more without an order, which are filled with the most probable one each: true if the filled cells have other
 * shares than the answers, beyond chance. The category is then the one that gained most; or it is one that at least a twentieth of the
 * answers and hardly a filled cell has.
 */
bool emend_uneven_levels(const emend_imputation *imputation, size_t variable, emend_uneven *uneven);
/* Of few whole numbers that are filled as a quantity, near what is expected: true if hardly a filled cell has one that many answered. */
bool emend_uneven_steps(const emend_imputation *imputation, size_t variable, emend_uneven *uneven);
/* "vote: A 7 % of the answers, none of these". */
emend_status emend_uneven_append(const emend_imputation *imputation, size_t variable, const emend_uneven *uneven, emend_buffer *text,
                                 emend_error *error);

#endif
