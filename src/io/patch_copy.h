/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_PATCH_COPY_H
#define IO_PATCH_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/dataset.h"
#include "io/source.h"
#include "io/writer.h"

/*
 * A copy of a source with some bytes replaced by as many others, in ascending order of their places: what patchers of fixed layouts
 * are made of. One window of 1 MiB; bytes that are not replaced are never looked at.
 */
typedef struct patch_copy {
  const emend_source *source;
  emend_output *output;
  unsigned char *window;
  uint64_t offset; /* of window[0] in the file: everything before it has been written */
  size_t length;
} patch_copy;

emend_status patch_copy_new(const emend_source *source, emend_output *output, patch_copy *copy, emend_error *error);
void patch_copy_free(patch_copy *copy);
/* Replaces [offset, offset + length), which lie in the source and not before an earlier replacement; length <= 1 MiB. */
emend_status patch_copy_replace(patch_copy *copy, uint64_t offset, const void *bytes, size_t length, emend_error *error);
/* Everything up to `offset` as it is. */
emend_status patch_copy_to(patch_copy *copy, uint64_t offset, emend_error *error);

/*
 * That variable `index` of a dataset is the one a file's dictionary calls `name` (bytes in the file's encoding): kinds must agree, and the
 * names where they are ASCII.
 */
emend_status patch_check_variable(const emend_dataset *dataset, size_t index, const char *name, bool is_text, emend_error *error);
emend_status patch_check_size(const emend_dataset *dataset, size_t n_variables, int64_t n_rows, emend_error *error);
/* That the rows are whole copies of their dataset's. */
emend_status patch_check_copies(const emend_rows *rows, emend_error *error);
/* EMEND_INTERNAL, for a value that must not be written into a variable: `why` completes "... is". */
emend_status patch_refuse_value(const emend_dataset *dataset, size_t variable, size_t row, double value, const char *why,
                                emend_error *error);

#endif
