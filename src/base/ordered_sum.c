/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/ordered_sum.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* So many doubles are little enough to give every task a place. */
enum { LITTLE = 32768, PLACES_PER_THREAD = 2 };

struct emend_ordered_sum {
  size_t length, padded, n_places;
  double *total, *places; /* n_places x padded: task t has place t % n_places */
  pthread_mutex_t mutex;
  pthread_cond_t moved; /* `next` did, while a task was waiting */
  /* Under the mutex. */
  bool *filled;   /* per place */
  size_t next;    /* task to be added next */
  size_t n_waiting;
  bool adding;    /* a thread is at it */
};

static size_t count_places(size_t padded, size_t n_tasks, unsigned n_threads) {
  size_t most = n_threads > 1 ? (size_t)n_threads * PLACES_PER_THREAD : 1;
  if (n_tasks == 0)
    return 1;
  return n_tasks <= most || n_tasks <= LITTLE / padded ? n_tasks : most;
}

emend_status emend_ordered_sum_new(size_t length, size_t n_tasks, unsigned n_threads, emend_ordered_sum **sum, emend_error *error) {
  enum { LINE = 8 }; /* doubles that are 64 bytes */
  *sum = NULL;
  emend_ordered_sum *made = emend_allocate(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  made->length = length;
  made->padded = length / LINE * LINE + LINE;
  made->n_places = count_places(made->padded, n_tasks, n_threads);
  made->total = emend_allocate_aligned(made->padded, sizeof *made->total);
  made->places = emend_allocate_aligned(made->n_places, made->padded * sizeof *made->places);
  made->filled = emend_allocate(made->n_places, sizeof *made->filled);
  pthread_mutex_init(&made->mutex, NULL);
  pthread_cond_init(&made->moved, NULL);
  if (!made->total || !made->places || !made->filled) {
    emend_ordered_sum_free(made);
    return emend_fail_memory(error);
  }
  *sum = made;
  return EMEND_OK;
}

void emend_ordered_sum_free(emend_ordered_sum *sum) {
  if (!sum)
    return;
  pthread_cond_destroy(&sum->moved);
  pthread_mutex_destroy(&sum->mutex);
  free(sum->total), free(sum->places), free(sum->filled), free(sum);
}

size_t emend_ordered_sum_places(const emend_ordered_sum *sum) { return sum->n_places; }

size_t emend_ordered_sum_place(const emend_ordered_sum *sum, size_t task) { return task % sum->n_places; }

double *emend_ordered_sum_total(const emend_ordered_sum *sum) { return sum->total; }

void emend_ordered_sum_start(emend_ordered_sum *sum) {
  sum->next = 0;
  memset(sum->filled, 0, sum->n_places * sizeof *sum->filled);
  memset(sum->total, 0, sum->length * sizeof *sum->total);
}

static double *place_of(const emend_ordered_sum *sum, size_t task) {
  return sum->places + emend_ordered_sum_place(sum, task) * sum->padded;
}

/* The task to be added next always has a place, so the sum goes on. */
double *emend_ordered_sum_take(emend_ordered_sum *sum, size_t task) {
  pthread_mutex_lock(&sum->mutex);
  sum->n_waiting++;
  while (task >= sum->next + sum->n_places)
    pthread_cond_wait(&sum->moved, &sum->mutex);
  sum->n_waiting--;
  pthread_mutex_unlock(&sum->mutex);
  double *place = place_of(sum, task);
  memset(place, 0, sum->length * sizeof *place);
  return place;
}

static void add(emend_ordered_sum *sum, const double *place) {
  for (size_t i = 0; i < sum->length; i++)
    sum->total[i] += place[i];
}

void emend_ordered_sum_give(emend_ordered_sum *sum, size_t task) {
  pthread_mutex_lock(&sum->mutex);
  sum->filled[emend_ordered_sum_place(sum, task)] = true;
  if (!sum->adding) {
    sum->adding = true;
    while (sum->filled[emend_ordered_sum_place(sum, sum->next)]) {
      pthread_mutex_unlock(&sum->mutex);
      add(sum, place_of(sum, sum->next)); /* nobody else changes `next` */
      pthread_mutex_lock(&sum->mutex);
      sum->filled[emend_ordered_sum_place(sum, sum->next)] = false;
      sum->next++;
      if (sum->n_waiting > 0)
        pthread_cond_broadcast(&sum->moved);
    }
    sum->adding = false;
  }
  pthread_mutex_unlock(&sum->mutex);
}
