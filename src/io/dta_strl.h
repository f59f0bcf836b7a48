/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DTA_STRL_H
#define IO_DTA_STRL_H

#include "io/dta_target.h"

/* Long strings of a file written from a dataset: each not empty text of a strL column, named by its variable and row. */

/* What the texts of a variable need. */
typedef struct dta_text_need {
  size_t longest;
  uint64_t strl_bytes; /* were they long strings */
} dta_text_need;
dta_text_need dta_text_need_of(const emend_dataset *dataset, size_t variable);

/* A cell of a strL column: `row` of the dataset, from 0; an empty text is nobody's. */
void dta_strl_put(const dta_target *target, size_t column, size_t row, bool empty, unsigned char *place);
/* All long strings, row by row. The columns are those of the dataset, in its order. */
emend_status dta_strls_write(const dta_target *target, const emend_dataset *dataset, emend_output *output, emend_error *error);

#endif
