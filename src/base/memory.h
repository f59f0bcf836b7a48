/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Allocation with a checked product; all zeroed, freed with free(). A count of 0 gives a valid pointer. NULL when out of memory or on
 * overflow. */
void *emend_allocate(size_t count, size_t size);
/* Aligned to 64 bytes, for vectors. */
void *emend_allocate_aligned(size_t count, size_t size);
/* realloc with a checked product; what is new is not zeroed. */
void *emend_reallocate(void *block, size_t count, size_t size);
/*
 * Asks for the pages of a block that is about to be written, and returns it. The system gives a process each page when it first touches it: an
 * interruption that costs more than what is then done with the page, in virtual machines many times as much. Where the system cannot give them
 * at once nothing is lost. NULL stays NULL. What the functions above allocate is asked for by themselves.
 */
void *emend_make_resident(void *block, size_t bytes);
/* Room for one more item in a list of n: twice as much when it is full. `list` points to the list's pointer, which may move (items of `size`
 * bytes; NULL with capacity 0 at first). False, and nothing changed: out of memory. */
bool emend_reserve(void *list, size_t n, size_t *capacity, size_t size);

#endif
