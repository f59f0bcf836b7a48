/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "cli/reading.h"
#include "cli/terminal.h"
#include "report/columns.h"

/* What a command that reads files and prints about them holds: the terminal, the error, the events. */
typedef struct session {
  terminal terminal;
  emend_error *error;
  emend_events *events;
  const char *input; /* the file at work, for messages; NULL: none */
  bool sets_aside;   /* codes that look like missing codes will be set aside: no warning of them when the file is read */
} session;

bool session_begin(session *session, bool quiet); /* false, and said, when out of memory */
void session_end(session *session);
emend_status session_read(session *session, const reading_arguments *reading, const char *path, emend_file **file);
/* Says why on stderr. */
void session_complain(session *session, emend_status status);

/* Prints what `render` makes of `report`: whole, or not at all. False when out of memory. */
bool session_print(bool (*render)(const void *report, FILE *out), const void *report, FILE *to);
/* The document (taken over; NULL: out of memory) on stdout, or for a `path` other than "-" in that file, replaced only if `force`, and
 * never if it is one of the `n` inputs. */
emend_status session_print_json(session *session, json_t *document, const char *path, bool force, emend_file *const *inputs, size_t n);
/* The terminal that a stream goes to; 80 columns, uncut, where it is none. */
text_page session_page(FILE *to);

#endif
