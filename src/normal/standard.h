/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_STANDARD_H
#define NORMAL_STANDARD_H

#include <stdbool.h>
#include <stddef.h>

#include "emend/normal.h"

/* A model in units of its own: means are 0, variances 1. Inactive columns (constant, never observed) stand aside as independent ones. */
typedef struct emend_standard {
  size_t p, stride; /* stride: as of the kernels' rows */
  bool *active;
  double *center, *inverse_sd, *sd; /* stride each; inverse_sd 0 for inactive columns, so that their cells become 0 */
  double *correlation, *precision;  /* p x stride */
} emend_standard;

/* A loaded model may be singular: the smallest ridge that can be inverted. Errors: EMEND_NOT_POSITIVE_DEFINITE, EMEND_OUT_OF_MEMORY. */
emend_status emend_standard_new(const emend_normal *normal, emend_standard *standard, emend_error *error);
void emend_standard_free(emend_standard *standard);

#endif
