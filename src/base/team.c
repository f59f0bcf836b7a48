/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/team.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

struct emend_team {
  unsigned size, n_started; /* threads beside the caller: size - 1 are wanted, n_started run */
  bool tried;               /* to start them */
  pthread_t *threads;
  pthread_mutex_t mutex;
  pthread_cond_t work, rest; /* there is a job; the last helper has left it */
  /* Under the mutex. */
  unsigned long job;   /* number of the job */
  bool open, ending;   /* the job takes helpers; the team is being freed */
  unsigned n_helpers;  /* threads in the job */
  /* Of the job. */
  emend_task task;
  void *context;
  size_t n_tasks;
  atomic_size_t next;
};

static void work_off(emend_team *team) {
  size_t task;
  while ((task = atomic_fetch_add_explicit(&team->next, 1, memory_order_relaxed)) < team->n_tasks)
    team->task(team->context, task);
}

/* A thread that wakes up late finds the job closed, or no task left: the caller never waits for a thread that has not joined. */
static void *live(void *argument) {
  emend_team *team = argument;
  unsigned long seen = 0;
  pthread_mutex_lock(&team->mutex);
  while (!team->ending) {
    if (!team->open || team->job == seen) {
      pthread_cond_wait(&team->work, &team->mutex);
      continue;
    }
    seen = team->job;
    team->n_helpers++;
    pthread_mutex_unlock(&team->mutex);
    work_off(team);
    pthread_mutex_lock(&team->mutex);
    if (--team->n_helpers == 0)
      pthread_cond_signal(&team->rest);
  }
  pthread_mutex_unlock(&team->mutex);
  return NULL;
}

/* Signals stay with the program's own threads. */
static void start(emend_team *team) {
  sigset_t all, before;
  sigfillset(&all);
  team->tried = true;
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (team->n_started + 1 < team->size && pthread_create(&team->threads[team->n_started], NULL, live, team) == 0)
    team->n_started++;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

emend_status emend_team_new(unsigned size, emend_team **team, emend_error *error) {
  enum { MOST_THREADS = 1024 };
  *team = NULL;
  if (size == 0)
    size = emend_cores();
  if (size > MOST_THREADS)
    size = MOST_THREADS;
  if (size == 1)
    return EMEND_OK;
  emend_team *made = emend_allocate(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  made->size = size;
  made->threads = emend_allocate(size - 1, sizeof *made->threads);
  if (!made->threads) {
    free(made);
    return emend_fail_memory(error);
  }
  pthread_mutex_init(&made->mutex, NULL);
  pthread_cond_init(&made->work, NULL);
  pthread_cond_init(&made->rest, NULL);
  *team = made;
  return EMEND_OK;
}

void emend_team_free(emend_team *team) {
  if (!team)
    return;
  pthread_mutex_lock(&team->mutex);
  team->ending = true;
  pthread_cond_broadcast(&team->work);
  pthread_mutex_unlock(&team->mutex);
  for (unsigned i = 0; i < team->n_started; i++)
    pthread_join(team->threads[i], NULL);
  pthread_cond_destroy(&team->rest);
  pthread_cond_destroy(&team->work);
  pthread_mutex_destroy(&team->mutex);
  free(team->threads), free(team);
}

unsigned emend_team_size(const emend_team *team) { return team ? team->size : 1; }

void emend_team_run(emend_team *team, size_t n_tasks, emend_task task, void *context) {
  if (!team || n_tasks < 2) {
    for (size_t i = 0; i < n_tasks; i++)
      task(context, i);
    return;
  }
  if (!team->tried)
    start(team);
  pthread_mutex_lock(&team->mutex);
  team->task = task;
  team->context = context;
  team->n_tasks = n_tasks;
  atomic_store_explicit(&team->next, 0, memory_order_relaxed);
  team->open = true;
  team->job++;
  pthread_cond_broadcast(&team->work);
  pthread_mutex_unlock(&team->mutex);
  work_off(team);
  pthread_mutex_lock(&team->mutex);
  team->open = false;
  while (team->n_helpers > 0)
    pthread_cond_wait(&team->rest, &team->mutex);
  pthread_mutex_unlock(&team->mutex);
}
