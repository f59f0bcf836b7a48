/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SANDBOX_H
#define IO_SANDBOX_H

/*
 * From here on this process may read files, take memory, compute and end, and nothing else: no file is opened for writing, made,
 * renamed or removed; no process is started, traced or signalled (but itself); no program is run; nothing is sent. What is not
 * allowed fails with EPERM. Cannot be undone. Does nothing where there are no such filters: they are Linux's, on x86-64 and arm64.
 */
void emend_sandbox_enter(void);

#endif
