/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_OUTLIER_H
#define IO_CSV_OUTLIER_H

#include "data/dataset.h"

/*
 * Points out, as warnings of the dataset, values that look like missing codes: a number like 9, -99, 998 or 7777 that is the smallest or
 * largest of its variable and stands at least as far from all others as those spread (three times as far if it occurs once; never
 * less than 3). Nothing is assumed. Cost: one look at the smallest and largest value of every numeric variable, a second pass over the few
 * suspected.
 */
emend_status emend_csv_warn_of_codes(emend_dataset *dataset, emend_error *error);

#endif
