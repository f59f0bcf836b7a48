/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_HEADER_H
#define IO_CSV_HEADER_H

#include "io/csv_dialect.h"

/*
 * How many lines stand before the data of a text whose first line holds names: survey services write the texts of the questions below the
 * names, and some an ImportId below those. From the first 200 lines:
 *   {"ImportId":"QID1"} in a line says that it and all before it are header;
 *   a second line holding "Open-Ended Response", or "Response" below a question or where columns have no name of their own, nothing in the
 *   first column, where every row below has something, and no number or moment, is one of sub-questions;
 *   so is one with three different texts or more in columns whose cells are all numbers, moments or empty below, with a text above all that
 *   is filled below, no number, moment or refusal, and nothing but questions if texts stand below, too.
 * Where that is not certain the line is data: a respondent must not be lost.
 * Sets dialect->header_rows, at least 1. Whatever is wrong with the text, reading it will tell.
 */
emend_status emend_csv_find_header(const emend_source *source, emend_csv_dialect *dialect, emend_error *error);

#endif
