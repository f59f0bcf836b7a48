/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_REPLACE_H
#define IO_REPLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/error.h"

/*
 * A new file on its way to its place. Until it is committed it has no name (O_TMPFILE) where the file system can do that, else a hidden
 * one beside the target; freed without a commit, nothing of it remains.
 */
typedef struct emend_replacement emend_replacement;

/*
 * `existing` is what stands at `path` now (symbolic links followed), NULL for nothing; it is refused with EMEND_OUTPUT_EXISTS unless
 * `replace`. The new file gets its mode, and its owner where permitted; else 0666 less the umask. `unnamed` false: a hidden name from the
 * start.
 */
emend_status emend_replacement_open(const char *path, const struct stat *existing, bool replace, bool unnamed,
                                    emend_replacement **replacement, emend_error *error);
void emend_replacement_free(emend_replacement *replacement);
int emend_replacement_fd(const emend_replacement *replacement); /* write here; owned by the replacement */
bool emend_replacement_same(const emend_replacement *a, const emend_replacement *b); /* bound for the same name in the same directory */

/*
 * Gives all their names, or none: when one fails, those already in place are taken back and the earlier files stand again.
 * Contents must have been flushed. Signals that can wait, wait. Errors name the file.
 */
emend_status emend_replacements_commit(emend_replacement *const *replacements, size_t count, emend_error *error);

#endif
