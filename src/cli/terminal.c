/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/terminal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/signals.h"
#include "report/columns.h"

static const double PATIENCE = 1.0, REDRAW = 0.1; /* seconds */

double terminal_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void terminal_begin(terminal *t, bool quiet) {
  const char *kind = getenv("TERM");
  bool dumb = !kind || strcmp(kind, "dumb") == 0;
  *t = (terminal){.bar = !quiet && !dumb && isatty(STDERR_FILENO), .owner = (long)getpid(), .began = terminal_clock()};
}

void terminal_clear(terminal *t) {
  if (!t->shown || t->owner != (long)getpid())
    return;
  fputs("\r\033[K", stderr);
  fflush(stderr);
  t->shown = false;
}

static size_t line_width(void) {
  struct winsize size;
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20 ? size.ws_col - 1u : REPORT_WIDTH - 1u;
}

/* "estimate ████████░░░░░░░░  50%  iteration 12, log-likelihood -1126.3" */
static void draw(const char *stage, double fraction, const char *detail) {
  enum { BAR = 20, DETAIL_AT = 9 + BAR + 7 };
  size_t width = line_width();
  bool known = fraction >= 0;
  size_t full = known ? (size_t)(BAR * (fraction > 1 ? 1 : fraction)) : 0;
  fputc('\r', stderr);
  print_padded(stderr, stage, 9, false);
  if (width > DETAIL_AT) {
    print_repeated(stderr, "█", full);
    print_repeated(stderr, "░", BAR - full);
    if (known)
      fprintf(stderr, " %3.0f%%  ", 100 * (fraction > 1 ? 1 : fraction));
    else
      fputs("       ", stderr);
    print_cut(stderr, detail, width - DETAIL_AT);
  }
  fputs("\033[K", stderr);
  fflush(stderr);
}

int terminal_progress(void *context, const char *stage, double fraction, const char *detail) {
  terminal *t = context;
  double now = t->bar ? terminal_clock() : 0;
  if (t->bar && now - t->began > PATIENCE && now - t->drawn > REDRAW && t->owner == (long)getpid()) {
    draw(stage, fraction, detail);
    t->drawn = now;
    t->shown = true;
  }
  return signals_pending() != 0;
}

void terminal_say(terminal *t, const char *format, ...) {
  char text[4096];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  terminal_clear(t);
  fputs("emend: ", stderr);
  print_text(stderr, text);
  fputc('\n', stderr);
}
