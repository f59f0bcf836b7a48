/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>

/* What goes to stderr: a progress bar where that is a terminal and the work takes more than a second, and messages. */
typedef struct terminal {
  bool bar;     /* may draw */
  bool shown;   /* a bar stands on the line */
  long owner;   /* the process that draws: a forked child keeps silent */
  double began, drawn;
} terminal;

double terminal_clock(void); /* seconds, from an arbitrary moment */
void terminal_begin(terminal *terminal, bool quiet);
/* Takes the bar away. */
void terminal_clear(terminal *terminal);
/* An emend_progress_function on a terminal: draws, and says whether a signal asked to stop. */
int terminal_progress(void *context, const char *stage, double fraction, const char *detail);
/* "emend: MESSAGE" on a line of its own. */
void terminal_say(terminal *terminal, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
