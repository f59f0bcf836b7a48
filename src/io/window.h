/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_WINDOW_H
#define IO_WINDOW_H

#include <sys/types.h>

#include "io/source.h"

/*
 * A source read as a stream with seeks, through a buffer. After a seek out of the buffer only a little is read, since more seeks may follow
 * (sas7bdat seeks to every page: refilling a large buffer each time costs ten times the work); reading on, a lot is.
 */
typedef struct emend_window {
  const emend_source *source;
  uint64_t position;
  unsigned char *bytes; /* the file from `start` on, `length` bytes */
  uint64_t start;
  size_t length;
  unsigned char *overlay; /* stands in for `overlay_length` bytes of the file from `overlay_offset` on; NULL: none */
  uint64_t overlay_offset;
  size_t overlay_length;
  emend_error *error;  /* filled when the operating system fails */
  emend_status status; /* of that */
} emend_window;

emend_status emend_window_open(emend_window *window, const emend_source *source, emend_error *error);
void emend_window_close(emend_window *window);
/* Bytes copied, fewer at the end of the file; -1 on failure. */
ssize_t emend_window_read(emend_window *window, void *bytes, size_t length);
/* The new position, or -1; past the end of the file is allowed, and reads nothing. `from` is 0, the position or the end. */
int64_t emend_window_seek(emend_window *window, int64_t offset, uint64_t from);

#endif
