/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/team.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"

/*
 * How long a thread that waits looks before it sleeps. To wake a sleeping thread takes up to 100 microseconds where its core has gone idle,
 * as much as a small E-step. A thread looks only if its last wait was no longer than this, and gives the core to whoever wants it. Where it
 * gets it back late somebody does, and a thread that sleeps and is woken would have it sooner: all sleep for the next so many jobs.
 */
enum { LONGEST_LOOK = 200000, LATE = 50000 /* nanoseconds */, LOOKS_IN_A_ROW = 50, SLEEPING_JOBS = 1000 };

typedef enum finding { FOUND, NOT_FOUND, CORE_IS_WANTED } finding;

struct emend_team {
  unsigned size, n_started; /* threads beside the caller: size - 1 are wanted, n_started run */
  bool tried;               /* to start them */
  bool cores;               /* there is one for every thread */
  pthread_t *threads;
  pthread_mutex_t mutex;
  pthread_cond_t work, rest; /* there is a job; the last helper has left it */
  /* Changed under the mutex. */
  atomic_ulong job;      /* number of the job; one more when the team is being freed */
  atomic_ulong n_helpers; /* threads in the job */
  unsigned long looks_from; /* the first job in which threads look before they sleep */
  bool open, ending;     /* the job takes helpers; the team is being freed */
  /* Of the job. */
  emend_task task;
  void *context;
  size_t n_tasks;
  atomic_size_t next;
};

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void pause_briefly(void) {
#if defined __x86_64__ || defined __i386__
  __builtin_ia32_pause();
#endif
}

/* Looks until the counter has the value (or another one, if not `equal`). */
static finding look(const atomic_ulong *counter, unsigned long value, bool equal) {
  for (int64_t at = now(), end = at + LONGEST_LOOK, before; at < end;) {
    for (int i = 0; i < LOOKS_IN_A_ROW; i++, pause_briefly())
      if ((atomic_load_explicit(counter, memory_order_relaxed) == value) == equal)
        return FOUND;
    sched_yield();
    before = at, at = now();
    if (at - before > LATE)
      return CORE_IS_WANTED;
  }
  return NOT_FOUND;
}

/* Both with the mutex held. */
static bool may_look(const emend_team *team) { return team->cores && team->job >= team->looks_from; }

static finding look_outside(emend_team *team, const atomic_ulong *counter, unsigned long value, bool equal) {
  pthread_mutex_unlock(&team->mutex);
  finding found = look(counter, value, equal);
  pthread_mutex_lock(&team->mutex);
  if (found == CORE_IS_WANTED)
    team->looks_from = team->job + SLEEPING_JOBS;
  return found;
}

static void work_off(emend_team *team) {
  size_t task;
  while ((task = atomic_fetch_add_explicit(&team->next, 1, memory_order_relaxed)) < team->n_tasks)
    team->task(team->context, task);
}

/* A thread that wakes up late finds the job closed, or no task left: the caller never waits for a thread that has not joined. */
static void *live(void *argument) {
  emend_team *team = argument;
  unsigned long seen = 0;
  int64_t idle_since = 0;
  bool soon = false; /* work came soon last time */
  pthread_mutex_lock(&team->mutex);
  while (!team->ending) {
    bool joins = team->open && team->job != seen;
    seen = team->job;
    if (joins) {
      soon = may_look(team) && now() - idle_since < LONGEST_LOOK;
      team->n_helpers++;
      pthread_mutex_unlock(&team->mutex);
      work_off(team);
      pthread_mutex_lock(&team->mutex);
      if (--team->n_helpers == 0)
        pthread_cond_signal(&team->rest);
      idle_since = now();
    } else if (soon && may_look(team)) {
      soon = look_outside(team, &team->job, seen, false) == FOUND;
    } else {
      pthread_cond_wait(&team->work, &team->mutex);
    }
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
  made->cores = size <= emend_cores();
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

emend_status emend_team_for(double seconds, unsigned size, emend_team **team, emend_error *error) {
  static const double WORTH_WAKING = 1e-3;
  return emend_team_new(seconds < WORTH_WAKING ? 1 : size, team, error);
}

void emend_team_free(emend_team *team) {
  if (!team)
    return;
  pthread_mutex_lock(&team->mutex);
  team->ending = true;
  team->job++;
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
  if (team->n_helpers > 0 && may_look(team))
    look_outside(team, &team->n_helpers, 0, true);
  while (team->n_helpers > 0)
    pthread_cond_wait(&team->rest, &team->mutex);
  pthread_mutex_unlock(&team->mutex);
}
