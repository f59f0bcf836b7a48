/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_OUTPUT_H
#define EMEND_OUTPUT_H

#include <stddef.h>

#include "emend/file.h"
#include "emend/status.h"

EMEND_BEGIN

/*
 * Files that appear together or not at all. Each is written to a temporary file beside its target, flushed, and all are renamed
 * into place by emend_outputs_publish. Freed without publishing, nothing appears and earlier files are as they were.
 */
typedef struct emend_outputs emend_outputs;
typedef struct emend_output emend_output;

EMEND_API emend_outputs *emend_outputs_new(void); /* NULL only when out of memory */
EMEND_API void emend_outputs_free(emend_outputs *outputs);
/* A file that no output may be (compared by device and inode), even when it is to be replaced. */
EMEND_API emend_status emend_outputs_protect(emend_outputs *outputs, const emend_file *input, emend_error *error);
/* As emend_outputs_protect, for any path (a saved model); a path that does not exist protects nothing. */
EMEND_API emend_status emend_outputs_protect_path(emend_outputs *outputs, const char *path, emend_error *error);

/*
 * Opens one output. "-" is standard output; it, pipes and character devices (/dev/null) are written as the data come.
 * Otherwise: a symbolic link's target is replaced and the link kept; an existing file is refused unless `replace`
 * (EMEND_OUTPUT_EXISTS); the new file gets the mode of the file replaced, else 0666 less the umask. *output belongs to `outputs`.
 */
EMEND_API emend_status emend_outputs_open(emend_outputs *outputs, const char *path, int replace, emend_output **output, emend_error *error);
EMEND_API emend_status emend_output_write(emend_output *output, const void *bytes, size_t length, emend_error *error);
/* Flushes all (streams last), then renames all; if anything fails, none appears and the earlier files are intact. Once only. */
EMEND_API emend_status emend_outputs_publish(emend_outputs *outputs, emend_error *error);

EMEND_END

#endif
