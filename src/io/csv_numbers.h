/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_NUMBERS_H
#define IO_CSV_NUMBERS_H

#include "data/dataset.h"

/*
 * Makes numbers of a column of a delimited file that was read as texts, if all of its answers are numbers now that tokens among them have been
 * declared missing; true if so. What is no answer is then system-missing, or as a tag says, and what a token made missing of a number is
 * user-missing, as in a column of plain numbers. Codes with leading zeros stay texts. Cost: a pass over the column, and one more.
 */
bool emend_csv_take_numbers(emend_dataset *dataset, size_t variable);

#endif
