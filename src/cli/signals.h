/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

/*
 * SIGINT, SIGTERM and SIGHUP ask the work to stop: the progress function sees it and cancels, everything is cleaned up, and the program
 * then dies of that signal, so that the shell knows. The same signal a second time kills at once. SIGPIPE and SIGXFSZ are ignored: the
 * write fails with an error instead. A signal that was ignored when the program began (nohup) stays ignored.
 */
void signals_catch(void);
/* The signal that asked to stop, or 0. */
int signals_pending(void);
/* Dies of the pending signal, if there is one; else returns. */
void signals_die(void);

#endif
