/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_MODEL_FILE_H
#define CLI_MODEL_FILE_H

#include "cli/option.h"
#include "emend/emend.h"

/*
 * Estimates kept in files: --save-model and --model. A failure is told in `error` by the library, or in `message` by the program.
 */

/* Reads at most MODEL_FILE_LIMIT bytes; a larger file is refused. What the file holds, a normal model or a mixture, goes to *model or
 * *mixture, which the caller frees; the other is NULL. */
enum { MODEL_FILE_LIMIT = 256 << 20 };
emend_status model_file_read(const char *path, emend_normal **model, emend_mixture **mixture, emend_error *error, option_message message);
emend_status model_file_read_mixture(const char *path, emend_mixture **model, emend_error *error, option_message message);
/* `model` NULL (no variable took part) is a failure: there is nothing to keep. `input` names the file in its message. */
emend_status model_file_write(const emend_normal *model, const char *input, emend_output *output, emend_error *error,
                              option_message message);

emend_status model_file_write_mixture(const emend_mixture *model, emend_output *output, emend_error *error);

#endif
