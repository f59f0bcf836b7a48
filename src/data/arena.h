/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DATA_ARENA_H
#define DATA_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * One mapping that only grows, addressed by offsets, so that a child process can fill it and its parent read it. Address space for
 * `limit` bytes is reserved at once; memory is taken page by page as it is written.
 */
typedef uint64_t emend_offset; /* 0 is "none" */

typedef struct emend_arena emend_arena;

/* `shared`: seen by both sides of a fork. */
emend_status emend_arena_new(uint64_t limit, bool shared, emend_arena **arena, emend_error *error);
void emend_arena_free(emend_arena *arena);

/* Zeroed bytes, aligned to `alignment` (a power of two). EMEND_LIMIT_EXCEEDED when the limit is reached. */
emend_status emend_arena_allocate(emend_arena *arena, uint64_t bytes, uint64_t alignment, emend_offset *offset, emend_error *error);
/* Gives room for at least `count` items of `size` bytes, of which `used` are kept: moves the array when it is full, doubling it. */
emend_status emend_arena_grow(emend_arena *arena, emend_offset *array, uint64_t used, uint64_t *capacity, uint64_t count, uint64_t size,
                              emend_error *error);
/* Makes what another process has written resident in this one, which has not touched it yet. */
void emend_arena_adopt(emend_arena *arena);
/* As new: everything allocated is forgotten, and its memory zeroed. */
void emend_arena_reset(emend_arena *arena);
/* The address of an offset; valid until the arena is freed. */
void *emend_arena_at(const emend_arena *arena, emend_offset offset);
uint64_t emend_arena_used(const emend_arena *arena);
uint64_t emend_arena_limit(const emend_arena *arena);
/* True if [offset, offset + bytes) lies in what has been allocated: for checking what a child process left. */
bool emend_arena_contains(const emend_arena *arena, emend_offset offset, uint64_t bytes);

#endif
