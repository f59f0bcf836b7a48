/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>

/* A handler can reach nothing but a global. */
static volatile sig_atomic_t pending;

static void ask_to_stop(int signal_number) { pending = signal_number; }

static void catch(int signal_number) {
  struct sigaction before, action = {.sa_handler = ask_to_stop, .sa_flags = (int)SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  if (sigaction(signal_number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
    sigaction(signal_number, &action, NULL);
}

void signals_catch(void) {
  catch(SIGINT);
  catch(SIGTERM);
  catch(SIGHUP);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

int signals_pending(void) { return pending; }

void signals_die(void) {
  if (!pending)
    return;
  signal(pending, SIG_DFL);
  raise(pending);
}
