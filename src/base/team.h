/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_TEAM_H
#define BASE_TEAM_H

#include <stddef.h>

#include "base/error.h"

/*
 * A team of threads that runs numbered tasks. Which thread runs a task is left to chance, so a result is the same for every size of the
 * team if tasks write to places of their own that the caller combines in the order of their numbers. Threads are not started
 * before there is work for them, and sleep while they wait: first they look for a moment, where every thread has a core, and work came soon
 * the last time. One thread at a time may use a team; a NULL team is the calling thread alone.
 */
typedef struct emend_team emend_team;

/* What `run` calls once for each task number; `context` is the caller's. */
typedef void (*emend_task)(void *context, size_t task);

/* The cores that this process may use: its affinity, and its control group's quota. At least 1. */
unsigned emend_cores(void);

/* `size` threads, the caller included; 0: emend_cores(). A team of 1 is NULL. */
emend_status emend_team_new(unsigned size, emend_team **team, emend_error *error);
/* The same for work that one thread does in about so many seconds: NULL, too, where it is done before others have been started and woken. */
emend_status emend_team_for(double seconds, unsigned size, emend_team **team, emend_error *error);
void emend_team_free(emend_team *team);
unsigned emend_team_size(const emend_team *team);
/* Runs tasks 0 to n_tasks - 1 and returns when all are done. The caller works too; a thread that could not be started is done without. */
void emend_team_run(emend_team *team, size_t n_tasks, emend_task task, void *context);

#endif
