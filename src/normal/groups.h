/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_GROUPS_H
#define NORMAL_GROUPS_H

#include <stdbool.h>

#include "normal/kernel.h"
#include "pattern/reduced.h"

/*
 * What the E-step walks over: the patterns that estimate and miss an active column, each in the form that costs it less, in groups of equal
 * size for the kernels, and the groups in chunks of about equal cost. The chunks depend on the data alone, so that their statistics, added
 * in order, are the same for any number of threads. docs/methods.md section 1.
 */
typedef enum emend_form { EMEND_FORM_CHEAPER, EMEND_FORM_PRECISION, EMEND_FORM_SCORE } emend_form;

typedef struct emend_chunk {
  size_t first_precision, n_precision, first_score, n_score; /* groups */
} emend_chunk;

typedef struct emend_groups {
  emend_group *precision, *score;
  size_t n_precision, n_score;
  emend_chunk *chunks;
  size_t n_chunks;
  size_t largest;                          /* size of a group */
  double precision_weight, score_weight;   /* of the patterns of each form; those that miss nothing count as the first */
  double precision_missing;                /* sum of n_s m_s over the first */
  double precision_observed, score_observed; /* sums of n_s o_s */
  size_t n_rows;                           /* that estimate */
  bool complete;                           /* no active cell of theirs is missing */
  bool *is_score;                          /* per pattern */
  uint32_t *columns;                       /* of all groups */
  double *entries;
} emend_groups;

/* Weights are multiplied by `factor`. `groups` refers to `reduced`. */
emend_status emend_groups_new(const emend_reduced *reduced, const bool *active, double factor, emend_form form, size_t n_lanes,
                              emend_groups **groups, emend_error *error);
void emend_groups_free(emend_groups *groups);
/* The form that the environment variable EMEND_KERNEL asks for, after a comma ("avx2,score"); for tests. */
emend_form emend_form_choose(void);

#endif
