/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_GROUP_DECODERS_H
#define IMPUTE_GROUP_DECODERS_H

#include "impute/imputation.h"

/* How the cells of a variable are decoded in a group (--by) that has a model of its own: to values that occur in that group, with the
 * group's own shares. */
struct emend_group_decoder {
  emend_decoder decoder;
  emend_planned planned; /* the variable's, with the categories that occur in the group and the list of values that goes with them */
  double numbers[EMEND_MOST_CATEGORIES], weights[EMEND_MOST_CATEGORIES];
  size_t counts[EMEND_MOST_CATEGORIES];
  unsigned char levels[EMEND_MOST_CATEGORIES];
  unsigned char original[EMEND_MOST_CATEGORIES];  /* the plan's number of each category */
  unsigned char has_level[EMEND_NO_CATEGORY + 1]; /* some category of it occurs */
};

emend_status emend_group_decoders_new(emend_imputation *made, size_t n_groups, emend_error *error);
/* For these rows: nothing for variables that nobody in the group answered, or that have no list of values. */
emend_status emend_group_decoders_add(emend_imputation *made, size_t group, const uint32_t *rows, size_t n, emend_error *error);
void emend_group_decoders_free(emend_imputation *made);
/* Of a cell; NULL: the decoder of all rows. */
emend_group_decoder *emend_imputation_group_decoder(const emend_imputation *made, size_t row, size_t variable);

#endif
