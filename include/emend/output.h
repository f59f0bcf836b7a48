/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_OUTPUT_H
#define EMEND_OUTPUT_H

#include <stddef.h>

#include "emend/events.h"
#include "emend/file.h"
#include "emend/impute.h"
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

/*
 * Which way a file is written as `format` (NULL: from the extension of `path`; without one, or with the input's own, the input's
 * format; an extension that is no format's is refused): "patch" (the input's bytes with only the imputed cells replaced) or "csv".
 * Static string in *way. Fails with EMEND_UNSUPPORTED, naming what can be written, so that a caller can ask before estimating.
 * `format_used` (may be NULL) receives the format's name.
 */
EMEND_API emend_status emend_write_way(const emend_file *file, const char *path, const char *format, const char **way,
                                       const char **format_used, emend_error *error);
/* Writes the file, completed. `imputation` NULL: unchanged. */
EMEND_API emend_status emend_write(const emend_file *file, const emend_imputation *imputation, const char *path, const char *format,
                                   emend_output *output, emend_events *events, emend_error *error);

EMEND_END

#endif
