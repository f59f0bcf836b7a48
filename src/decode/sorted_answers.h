/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DECODE_SORTED_ANSWERS_H
#define DECODE_SORTED_ANSWERS_H

#include "decode/probit.h"

enum { EMEND_ANSWERS_TOGETHER = 8 };

/* Answers as the kernels of curves read them: those of one code together, coordinate by coordinate. Each code has a multiple of
 * EMEND_ANSWERS_TOGETHER places; those left over repeat its last answer and weigh nothing. */
typedef struct emend_sorted_answers {
  size_t n, n_codes, n_coordinates;         /* n: places */
  size_t begin[EMEND_MOST_CATEGORIES + 1]; /* of each code */
  double *x;                                /* n_coordinates x n */
  double *weight;
} emend_sorted_answers;

/* `added`: more answers, such as those that a prior counts as; NULL: none. All codes are below n_codes, at most EMEND_MOST_CATEGORIES. */
emend_status emend_sorted_answers_new(const emend_answers *answers, const emend_answers *added, size_t n_codes, emend_sorted_answers *sorted,
                                      emend_error *error);
void emend_sorted_answers_free(emend_sorted_answers *sorted);

#endif
