/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *emend_allocate(size_t count, size_t size) { return calloc(count ? count : 1, size); }

void *emend_allocate_aligned(size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count ? count : 1, size, &bytes) || bytes > SIZE_MAX / 2)
    return NULL;
  void *block = NULL;
  if (posix_memalign(&block, 64, bytes) != 0)
    return NULL;
  return memset(block, 0, bytes);
}

void *emend_reallocate(void *block, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count ? count : 1, size, &bytes) || bytes > SIZE_MAX / 2)
    return NULL;
  return realloc(block, bytes);
}

bool emend_reserve(void *list, size_t n, size_t *capacity, size_t size) {
  enum { FIRST = 8 };
  if (n < *capacity)
    return true;
  void *items;
  memcpy(&items, list, sizeof items); /* pointers to pointers of other types may not be read as such */
  size_t wanted = *capacity ? 2 * *capacity : FIRST;
  if (!(items = emend_reallocate(items, wanted, size)))
    return false;
  memcpy(list, &items, sizeof items);
  *capacity = wanted;
  return true;
}
