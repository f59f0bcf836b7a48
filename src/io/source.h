/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SOURCE_H
#define IO_SOURCE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/events.h"

/* An input held open: a regular file, or standard input spooled to an unnamed temporary file. Its bytes are read by position. */
typedef struct emend_source {
  char *name; /* for messages: the path, or "standard input" */
  char *path; /* NULL for standard input */
  int fd;
  uint64_t size;
  dev_t device;
  ino_t inode;
  struct timespec modified;
} emend_source;

/* The same open file under a descriptor above 2, so that what is printed cannot end in it where a standard stream was closed; -1 passes. */
int emend_above_standard(int fd);

/* An unnamed temporary file in $TMPDIR or /tmp, above the standard streams: nothing is left behind however the program ends. */
emend_status emend_open_temporary(int *fd, emend_error *error);

/* Opens "-" or a path: regular files only (O_RDONLY | O_NOCTTY | O_CLOEXEC). */
emend_status emend_source_open(const char *path, emend_source **source, emend_error *error);
/* The same; while standard input is waited for, `events` (may be NULL) are told, and may cancel. */
emend_status emend_source_open_watched(const char *path, emend_events *events, emend_source **source, emend_error *error);
void emend_source_close(emend_source *source);
/* Exactly `length` bytes from `offset`; EMEND_MALFORMED "the file ends early" (with the byte) if there are fewer. Thread-safe. */
emend_status emend_source_read(const emend_source *source, uint64_t offset, void *bytes, size_t length, emend_error *error);
/* EMEND_IO_ERROR if size or modification time differ from what they were at opening. */
emend_status emend_source_unchanged(const emend_source *source, emend_error *error);

#endif
