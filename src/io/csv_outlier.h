/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_OUTLIER_H
#define IO_CSV_OUTLIER_H

#include "data/dataset.h"

/* A number that looks like a missing code, and the range of the others. Far from them, or only below zero. */
typedef struct emend_outlier {
  double code, low, high;
  uint64_t count;
  bool far;
} emend_outlier;
enum { EMEND_MOST_OUTLIERS = 16 };

/* Those of a numeric variable; how many. */
size_t emend_outliers_find(const emend_dataset *dataset, size_t variable, emend_outlier found[EMEND_MOST_OUTLIERS]);

/*
 * Points out, as warnings of the dataset, values that look like missing codes (data/usual_code.h): a number like 9, -99, 998 or 7777 that is
 * the smallest or largest of its variable and stands at least as far from all others as those spread (three times as far if it occurs
 * once; half as far if it has several digits and such codes occur five times; never less than 3), or lies below zero where no answers do. Nothing is assumed. Cost: one look at the smallest and largest value of every numeric variable, a second pass over the few
 * suspected.
 */
emend_status emend_csv_warn_of_codes(emend_dataset *dataset, emend_error *error);

#endif
