/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_AMOUNTS_H
#define IO_CSV_AMOUNTS_H

#include "data/dataset.h"
#include "io/csv_amount.h"
#include "io/csv_column.h"
#include "io/options.h"

/*
 * Makes numbers of the columns that were read as texts though all their cells are amounts written in one manner (io/csv_amount.h): the same
 * unit on the same side, or none but groups; one separator of groups, one decimal mark. Their `format` is then an example, and their
 * `picture` how to write another one.
 *
 * A mark before three digits (1,234) may stand between thousands or before decimals. Another cell of the column decides (1,234,567;
 * 1,234.50; 850 beside money or bare numbers), else that the file's decimal mark is the other one; few such cells of a measure may be slips of
 * the pen. Where nothing decides, the column stays a text. So does a column of digits in groups that may be codes side by side (101,205) or telephone numbers (601 234 567).
 *
 * Cost: one parse for each column of texts that is no such column, two passes over one that is.
 */
emend_status emend_csv_read_amounts(emend_dataset *dataset, const emend_csv_column *columns, const emend_csv_tokens *tokens,
                                    const emend_read_options *options, emend_error *error);
/* The text that a cell of a text column holds, without blanks around it. */
emend_csv_span emend_csv_cell_span(const emend_dataset *dataset, double cell);

#endif
