/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdint.h>

#include "emend/status.h"

/*
 * Filling a caller's error. All accept NULL for `error`. emend_fail sets status and message, clears the rest, and returns the
 * status, so that a failing function ends in `return emend_fail(...)`; emend_at_* and emend_try then add place and remedy:
 *
 *   status = emend_fail(error, EMEND_MALFORMED, "\"%s\" is not a number", field);
 *   emend_at_variable(error, "income"); emend_at_row(error, 412); emend_try(error, "--missing %s", field);
 */
emend_status emend_fail(emend_error *error, emend_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
emend_status emend_fail_memory(emend_error *error);
/* EMEND_IO_ERROR: the message is `what`, ": " and the words of errno. */
emend_status emend_fail_errno(emend_error *error, const char *what);
void emend_at_file(emend_error *error, const char *name);
void emend_at_variable(emend_error *error, const char *name);
void emend_at_row(emend_error *error, int64_t row);       /* from 1 */
void emend_at_byte(emend_error *error, uint64_t offset);  /* from 0; said as "at byte N" */
void emend_try(emend_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A flat copy of an error, for handing one from a child process to its parent. */
typedef struct emend_error_record {
  emend_status status;
  int32_t has_byte;
  int64_t row;
  uint64_t byte;
  char message[512], file[512], variable[256], remedy[512];
} emend_error_record;
void emend_error_export(const emend_error *error, emend_error_record *record);
void emend_error_import(emend_error *error, const emend_error_record *record); /* terminates every string */

#endif
