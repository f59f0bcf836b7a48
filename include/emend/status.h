/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_STATUS_H
#define EMEND_STATUS_H

#include <stdint.h>

#include "emend/export.h"

EMEND_BEGIN

/* What a fallible function returns. Not converging is a result, never a status. */
typedef enum emend_status {
  EMEND_OK = 0,
  EMEND_INVALID_ARGUMENT, /* an option, name or number that the caller gave */
  EMEND_OUT_OF_MEMORY,
  EMEND_LIMIT_EXCEEDED, /* a limit on memory, time or size that the caller can raise */
  EMEND_IO_ERROR,       /* the operating system said no: the message has its words */
  EMEND_MALFORMED,      /* the content of a file breaks its format */
  EMEND_UNSUPPORTED,    /* a valid file or wish that emend cannot serve */
  EMEND_OUTPUT_EXISTS,  /* refused, so that nothing is overwritten */
  EMEND_READER_DIED,    /* the child process that reads crashed or hit a limit */
  EMEND_NOT_POSITIVE_DEFINITE,
  EMEND_CANCELLED, /* the caller's progress function asked to stop */
  EMEND_INTERNAL   /* a broken promise inside emend: please report it */
} emend_status;

/*
 * What went wrong, for people: the file, variable and row concerned, and what to try. Owned by the caller; made once and
 * used for many calls. Every function that takes an emend_error accepts NULL. A function that fails fills it;
 * one that succeeds leaves it alone.
 */
typedef struct emend_error emend_error;

/* Returns NULL only when out of memory. */
EMEND_API emend_error *emend_error_new(void);
EMEND_API void emend_error_free(emend_error *error);
EMEND_API void emend_error_clear(emend_error *error);

/* All accessors accept NULL. Strings are UTF-8, live until the error is next filled or freed, and are "" when not known. */
EMEND_API emend_status emend_error_status(const emend_error *error);
/* The whole sentence: `survey.csv: income (column 7), row 412: "n/a" is not a number; try --missing n/a`. */
EMEND_API const char *emend_error_text(const emend_error *error);
EMEND_API const char *emend_error_message(const emend_error *error);
EMEND_API const char *emend_error_file(const emend_error *error);
EMEND_API const char *emend_error_variable(const emend_error *error);
EMEND_API const char *emend_error_remedy(const emend_error *error);
/* Data row counted from 1; 0 when no row is concerned. */
EMEND_API int64_t emend_error_row(const emend_error *error);

/* A status in words ("malformed file"); a static string. */
EMEND_API const char *emend_status_text(emend_status status);

EMEND_END

#endif
