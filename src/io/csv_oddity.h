/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_ODDITY_H
#define IO_CSV_ODDITY_H

#include "data/dataset.h"
#include "io/csv_column.h"

/*
 * Points out, as warnings of the dataset, variables that are texts though whoever wrote them will think of numbers: columns of numbers but
 * for one, two or three different tokens ("?"), with the option that would make them numbers, and numbers written with something around them
 * ("12%", "$52,000"). Nothing is assumed.
 *
 *   columns   the notes of all cells
 *   options   what they name as missing in some variables is no token to point at; or NULL
 *   decimal   the file's mark
 *
 * Cost: a pass over the columns that are numbers for the most part, and over the first rows of other texts that begin with a number.
 */
emend_status emend_csv_warn_of_oddities(emend_dataset *dataset, const emend_csv_column *columns, const emend_csv_tokens *tokens,
                                        const emend_read_options *options, char decimal, emend_error *error);

#endif
