/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void *emend_make_resident(void *block, size_t bytes) {
#ifdef MADV_POPULATE_WRITE
  enum { PAGE = 4096, LEAST = 4 * PAGE };
  uintptr_t from = (uintptr_t)block & ~(uintptr_t)(PAGE - 1), to = ((uintptr_t)block + bytes + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
  if (block && bytes >= LEAST)
    madvise((char *)block - ((uintptr_t)block - from), to - from, MADV_POPULATE_WRITE);
#else
  (void)bytes;
#endif
  return block;
}

/* Large blocks stay as calloc leaves them: not all of their pages may ever be touched. */
void *emend_allocate(size_t count, size_t size) {
  enum { LARGE = 1 << 20 };
  size_t bytes;
  if (__builtin_mul_overflow(count ? count : 1, size, &bytes) || bytes > LARGE)
    return calloc(count ? count : 1, size);
  void *block = emend_make_resident(malloc(bytes), bytes);
  return block ? memset(block, 0, bytes) : NULL;
}

void *emend_allocate_aligned(size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count ? count : 1, size, &bytes) || bytes > SIZE_MAX / 2)
    return NULL;
  void *block = NULL;
  if (posix_memalign(&block, 64, bytes) != 0)
    return NULL;
  return memset(emend_make_resident(block, bytes), 0, bytes);
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
