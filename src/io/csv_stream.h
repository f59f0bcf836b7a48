/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_STREAM_H
#define IO_CSV_STREAM_H

#include "data/dataset.h"
#include "io/source.h"

/*
 * A text file as one sequence of bytes, seen through a window that moves forward over it. What is seen are the file's own bytes after the
 * byte-order mark, except for UTF-16, which is shown as UTF-8: the two map one to one, so that emend_csv_to_utf16 gives the file's
 * bytes back. At least EMEND_CSV_PADDING zero bytes follow the window, so that it can be scanned in words without checking for its end.
 */
enum { EMEND_CSV_PADDING = 64 };

typedef enum emend_csv_unit { EMEND_CSV_BYTES, EMEND_CSV_UTF16_LE, EMEND_CSV_UTF16_BE } emend_csv_unit;

typedef struct emend_csv_stream {
  const emend_source *source;
  emend_csv_unit unit;
  char *bytes;            /* the window */
  size_t length;          /* bytes in it */
  bool ended;             /* nothing follows the window */
  size_t capacity;        /* room, padding not counted */
  uint64_t window_source; /* where the window's first byte comes from in the source */
  uint64_t source_next;   /* the first byte of the source not yet shown */
  unsigned char *raw;     /* UTF-16 before conversion */
} emend_csv_stream;

/* UTF-16 if an encoding's name says so. */
emend_csv_unit emend_csv_unit_of(const char *encoding);

/* Opens at the first byte after the mark; `window` bytes of room to begin with. Reads nothing yet. */
emend_status emend_csv_stream_open(const emend_source *source, const emend_csv_dialect *dialect, size_t window, emend_csv_stream *stream,
                                   emend_error *error);
void emend_csv_stream_close(emend_csv_stream *stream);
/*
 * Forgets the window's first `keep_from` bytes, moves the rest to its beginning, and adds at least one byte unless the stream has
 * ended. Pointers into the window become invalid. The window doubles when what is kept fills it; the caller limits that.
 * Errors: EMEND_MALFORMED for broken UTF-16 (byte named).
 */
emend_status emend_csv_stream_advance(emend_csv_stream *stream, size_t keep_from, emend_error *error);
/* Where in the source a byte of the window comes from. */
uint64_t emend_csv_stream_source_byte(const emend_csv_stream *stream, const char *byte);

/* Converts valid UTF-8 to UTF-16; `out` has room for 2 * length bytes. Returns the bytes written. */
size_t emend_csv_to_utf16(emend_csv_unit unit, const char *bytes, size_t length, unsigned char *out);

#endif
