/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/arena.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/memory.h"

/* The fill mark lives in the mapping itself, so that the parent sees what the child has written. */
typedef struct arena_head {
  uint64_t used;
} arena_head;

struct emend_arena {
  unsigned char *base;
  uint64_t limit;
  uint64_t populated; /* by this process: pages before this offset are there */
};

static arena_head *head(const emend_arena *arena) { return (arena_head *)arena->base; }

emend_status emend_arena_new(uint64_t limit, bool shared, emend_arena **arena, emend_error *error) {
  enum { SMALLEST = 1 << 16 };
  *arena = NULL;
  if (limit < SMALLEST)
    limit = SMALLEST;
  if (limit > SIZE_MAX / 2)
    return emend_fail(error, EMEND_LIMIT_EXCEEDED, "a memory limit of %" PRIu64 " bytes cannot be addressed", limit);
  emend_arena *made = calloc(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  void *base =
      mmap(NULL, (size_t)limit, PROT_READ | PROT_WRITE, (shared ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) {
    free(made);
    emend_status status = emend_fail_errno(error, "address space for the data could not be reserved");
    emend_try(error, "a lower --max-memory");
    return status;
  }
  made->base = base;
  made->limit = limit;
  head(made)->used = sizeof(arena_head);
  *arena = made;
  return EMEND_OK;
}

void emend_arena_free(emend_arena *arena) {
  if (!arena)
    return;
  munmap(arena->base, (size_t)arena->limit);
  free(arena);
}

void emend_arena_reset(emend_arena *arena) {
  memset(arena->base, 0, (size_t)head(arena)->used);
  head(arena)->used = sizeof(arena_head);
}

/* Asks for many pages at a time (base/memory.h): of large data more than of small. */
static void populate(emend_arena *arena, uint64_t start, uint64_t end) {
  enum { SMALL = 1 << 20, FEW = 1 << 16, MANY = 1 << 20, LARGE = 1 << 22 };
  if (end <= arena->populated)
    return;
  uint64_t at_once = end < SMALL ? FEW : MANY, from = arena->populated, to = (end / at_once + 1) * at_once;
  bool all = end - start <= LARGE; /* or perhaps not all of it will be used */
  arena->populated = all ? to : end & ~(at_once - 1);
  if (all && to <= arena->limit)
    emend_make_resident(arena->base + from, (size_t)(to - from));
}

void emend_arena_adopt(emend_arena *arena) {
  enum { PAGE = 4096, MOST = 1 << 30 }; /* whatever the other process says */
  uint64_t used = *(const volatile uint64_t *)&head(arena)->used, end = used < arena->limit ? used : arena->limit;
  end = end < MOST ? end : MOST;
  if (end <= arena->populated)
    return;
  emend_make_resident(arena->base, (size_t)end);
  const volatile unsigned char *bytes = arena->base;
  for (uint64_t at = 0; at < end; at += PAGE) /* where a machine runs inside of another one, being given a page is not yet having it */
    (void)bytes[at];
  arena->populated = end;
}

emend_status emend_arena_allocate(emend_arena *arena, uint64_t bytes, uint64_t alignment, emend_offset *offset, emend_error *error) {
  uint64_t start = (head(arena)->used + alignment - 1) & ~(alignment - 1);
  if (start > arena->limit || bytes > arena->limit - start) {
    bool small = arena->limit < UINT64_C(1) << 20;
    emend_status status = emend_fail(error, EMEND_LIMIT_EXCEEDED, "the data need more than the memory limit of %" PRIu64 " %s",
                                     arena->limit >> (small ? 10 : 20), small ? "KiB" : "MiB");
    emend_try(error, "a higher --max-memory, or fewer variables");
    return status;
  }
  populate(arena, start, start + bytes);
  head(arena)->used = start + bytes;
  *offset = start;
  return EMEND_OK;
}

emend_status emend_arena_grow(emend_arena *arena, emend_offset *array, uint64_t used, uint64_t *capacity, uint64_t count, uint64_t size,
                              emend_error *error) {
  if (count <= *capacity)
    return EMEND_OK;
  uint64_t wanted = *capacity < 8 ? 8 : 2 * *capacity, bytes;
  if (wanted < count)
    wanted = count;
  if (__builtin_mul_overflow(wanted, size, &bytes))
    return emend_fail(error, EMEND_LIMIT_EXCEEDED, "too many items to address");
  emend_offset moved;
  emend_status status = emend_arena_allocate(arena, bytes, 16, &moved, error);
  if (status)
    return status;
  if (used)
    memcpy(emend_arena_at(arena, moved), emend_arena_at(arena, *array), (size_t)(used * size));
  *array = moved;
  *capacity = wanted;
  return EMEND_OK;
}

void *emend_arena_at(const emend_arena *arena, emend_offset offset) { return arena->base + offset; }

uint64_t emend_arena_used(const emend_arena *arena) { return head(arena)->used; }
uint64_t emend_arena_limit(const emend_arena *arena) { return arena->limit; }

bool emend_arena_contains(const emend_arena *arena, emend_offset offset, uint64_t bytes) {
  uint64_t used = head(arena)->used;
  return used <= arena->limit && offset >= sizeof(arena_head) && offset <= used && bytes <= used - offset;
}
