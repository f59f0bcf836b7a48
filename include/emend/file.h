/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_FILE_H
#define EMEND_FILE_H

#include "emend/dataset.h"
#include "emend/events.h"
#include "emend/status.h"

EMEND_BEGIN

/*
 * A statistical file that has been read: its dataset, and its bytes, held open so that a copy with some cells replaced can be written.
 * The file on disk is never changed.
 */
typedef struct emend_file emend_file;

/* How to read. Defaults: format from content and extension; no child process; memory limit half of the machine's; CSV dialect recognised. */
typedef struct emend_read_options emend_read_options;

EMEND_API emend_read_options *emend_read_options_new(void);
EMEND_API void emend_read_options_free(emend_read_options *options);
/* "sav", "zsav", "por", "dta", "sas7bdat", "xpt", "csv", "tsv"; NULL recognises. */
EMEND_API emend_status emend_read_options_set_format(emend_read_options *options, const char *format, emend_error *error);
/* Non-zero: parse in a child process with limits on memory and CPU time, so that a crash of the parser is an error. The child is
 * a fork of the caller, which must not hold locks that the allocator or iconv need. */
EMEND_API void emend_read_options_set_isolated(emend_read_options *options, int isolated);
/* Bytes the dataset may take; 0 is the default. */
EMEND_API void emend_read_options_set_max_memory(emend_read_options *options, uint64_t bytes);
/* One more token that means missing, beside the default list; a number applies to every format. May be called again. */
EMEND_API emend_status emend_read_options_add_missing(emend_read_options *options, const char *token, emend_error *error);
/* CSV only: a token that means missing in some variables (a list as emend_declare_missing takes it, which names them later); a column of numbers
 * that holds it is read as texts until then, and not refused for it. May be called again. */
EMEND_API emend_status emend_read_options_add_missing_of(emend_read_options *options, const char *variables, const char *token,
                                                         emend_error *error);
/* CSV only. delimiter: one character, or "\t"; decimal: "." or ","; encoding: an iconv name; NULL recognises. */
EMEND_API emend_status emend_read_options_set_delimiter(emend_read_options *options, const char *delimiter, emend_error *error);
EMEND_API emend_status emend_read_options_set_decimal(emend_read_options *options, const char *decimal, emend_error *error);
EMEND_API emend_status emend_read_options_set_encoding(emend_read_options *options, const char *encoding, emend_error *error);
/* Zero: no warning of numbers of a text file that look like missing codes, for callers of emend_set_aside_codes. Default: non-zero. */
EMEND_API void emend_read_options_set_warn_of_codes(emend_read_options *options, int warn);
/* CSV only. Non-zero: among texts, what a token that means missing was ("NA") is not forgotten; for callers of emend_set_aside_codes, which decides
 * about it, only. Default: zero. */
EMEND_API void emend_read_options_set_keep_tokens(emend_read_options *options, int keep);
/* CSV only: zero says that the first line is data; variables are then named V1, V2, ... Non-zero: the first line holds the names, and
 * whether further ones belong to the header (the texts of the questions, an ImportId) is recognised. */
EMEND_API void emend_read_options_set_header(emend_read_options *options, int header);
/* CSV only: so many lines, at most 100, stand before the data; the first holds the names, the second texts, which become labels. An
 * error if the first line was said to be data. */
EMEND_API emend_status emend_read_options_set_header_rows(emend_read_options *options, uint32_t rows, emend_error *error);

/* SAS only: the catalog of formats (.sas7bcat) that has the value labels; it is read with the file. NULL: none. */
EMEND_API emend_status emend_read_options_set_catalog(emend_read_options *options, const char *path, emend_error *error);

/*
 * Reads `path` ("-" is standard input) into *file, which the caller frees with emend_file_close.
 * `options` and `events` may be NULL. On failure *file is NULL, and the error names the file and the place.
 */
EMEND_API emend_status emend_file_read(const char *path, const emend_read_options *options, emend_events *events, emend_file **file,
                                       emend_error *error);
EMEND_API void emend_file_close(emend_file *file);
EMEND_API const emend_dataset *emend_file_dataset(const emend_file *file); /* owned by the file */
/* The name used in messages: the path, or "standard input". */
EMEND_API const char *emend_file_name(const emend_file *file);
EMEND_API uint64_t emend_file_bytes(const emend_file *file); /* its length */

/* "SPSS system file" for "sav"; "" for a name that is no format's. */
EMEND_API const char *emend_format_description(const char *format);

/* The tokens that mean missing in text files by default, NULL-terminated. */
EMEND_API const char *const *emend_default_missing_tokens(void);

EMEND_END

#endif
