/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/text_pool.h"

#include <stdlib.h>
#include <string.h>

struct text_pool_block {
  struct text_pool_block *next;
  size_t used, size;
  char bytes[];
};

void text_pool_free(text_pool *pool) {
  while (pool->blocks) {
    struct text_pool_block *next = pool->blocks->next;
    free(pool->blocks);
    pool->blocks = next;
  }
}

static struct text_pool_block *block_for(text_pool *pool, size_t needed) {
  enum { USUAL = 1 << 14 };
  struct text_pool_block *block = pool->blocks;
  if (block && block->size - block->used >= needed)
    return block;
  size_t size = needed > USUAL ? needed : USUAL;
  block = malloc(sizeof *block + size);
  if (!block)
    return NULL;
  *block = (struct text_pool_block){.next = pool->blocks, .size = size};
  return pool->blocks = block;
}

char *text_pool_keep(text_pool *pool, const char *bytes, size_t length) {
  struct text_pool_block *block = block_for(pool, length + 1);
  if (!block)
    return NULL;
  char *copy = block->bytes + block->used;
  memcpy(copy, bytes, length);
  copy[length] = '\0';
  block->used += length + 1;
  return copy;
}
