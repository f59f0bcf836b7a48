/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_DIALECT_H
#define IO_CSV_DIALECT_H

#include "io/csv_scanner.h"
#include "io/options.h"

/*
 * Finds out how a delimited text is written, from its first bytes and up to 500 lines; what the options say is not questioned.
 *   encoding    a byte-order mark tells UTF-8 or UTF-16; else, unless told, "" (whether the bytes are UTF-8 shows when all are read)
 *   delimiter   comma, semicolon, tab or bar: the one that gives every line the same number of fields, and most numbers; "tsv" means tab
 *   header_rows as told, else 1, or more where the rows behind the first describe it (io/csv_header.h)
 *   decimal     as told, else '\0': the numbers of the whole file decide
 * Errors: EMEND_MALFORMED for an empty file or one that is not text; EMEND_UNSUPPORTED for an encoding in which the bytes of a delimiter or
 * digit can mean something else.
 */
emend_status emend_csv_recognise(const emend_source *source, const emend_read_options *options, emend_csv_dialect *dialect,
                                 emend_error *error);

/* "UTF-8" in any usual spelling. */
bool emend_csv_is_utf8(const char *encoding);

#endif
