/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ORDERED_SUM_H
#define BASE_ORDERED_SUM_H

#include <stddef.h>

#include "base/error.h"

/*
 * The sum of what the numbered tasks of a team give, added in the order of their numbers: the same to the bit for every number of threads.
 * A task writes to a place of its own; whoever has finished adds what is next in order and gives the place back. Large sums have a few places
 * per thread, and a task too far ahead of the sum sleeps until there is one.
 */
typedef struct emend_ordered_sum emend_ordered_sum;

/* A sum of `length` doubles over n_tasks tasks, for a team of n_threads. */
emend_status emend_ordered_sum_new(size_t length, size_t n_tasks, unsigned n_threads, emend_ordered_sum **sum, emend_error *error);
void emend_ordered_sum_free(emend_ordered_sum *sum);
/* How many places there are. Two tasks never have the same place at the same time, so scratch per place is safe. */
size_t emend_ordered_sum_places(const emend_ordered_sum *sum);
size_t emend_ordered_sum_place(const emend_ordered_sum *sum, size_t task);

/* Before the tasks run: nothing is summed. */
void emend_ordered_sum_start(emend_ordered_sum *sum);
/* Within a task: its place, `length` zeros aligned to 64 bytes; and that it has been filled. Tasks must begin in the order of their numbers,
 * as those of a team do. */
double *emend_ordered_sum_take(emend_ordered_sum *sum, size_t task);
void emend_ordered_sum_give(emend_ordered_sum *sum, size_t task);
/* After all tasks: the sum, valid until the next start. */
double *emend_ordered_sum_total(const emend_ordered_sum *sum);

#endif
