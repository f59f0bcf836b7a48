/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

/* Of doubles, for qsort and bsearch: ascending. */
int emend_compare_numbers(const void *a, const void *b);

/*
 * Sorts n records of `size` bytes by the double that each has `first` bytes from its beginning, and by the one at `second` where those are
 * equal; ascending, the two zeros alike, no NaN. What qsort would do, in time proportional to n where there are many records; wants 32 bytes
 * for each, and a copy of it, for the while, and without them takes longer.
 */
void emend_sort_by_numbers(void *records, size_t n, size_t size, size_t first, size_t second);

typedef struct emend_sort_item {
  uint64_t key;
  uint32_t index;
} emend_sort_item;

/* Sorts by key, digit by digit; items of equal keys stay as they stand. `spare` holds as many. Returns which of the two is in order. */
emend_sort_item *emend_sort_items(emend_sort_item *items, emend_sort_item *spare, size_t n);

#endif
