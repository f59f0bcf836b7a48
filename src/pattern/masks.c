/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pattern/masks.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Of the table: number + 1, 0 is free. The hash of a mask of one word tells it from every other. */
typedef struct slot {
  uint64_t hash;
  size_t number;
} slot;

struct emend_masks {
  size_t words, count, capacity;
  uint64_t *bits;        /* count masks of `words` words */
  emend_mask_info *info;
  slot *table;           /* open addressing: a power of two, at most half full */
  size_t table_size;
  uint32_t last;         /* rows often repeat the mask of the row before */
};

size_t emend_masks_words(size_t n_columns) { return n_columns ? (n_columns + 63) / 64 : 1; }

emend_masks *emend_masks_new(size_t n_columns) {
  emend_masks *masks = emend_allocate(1, sizeof *masks);
  if (!masks)
    return NULL;
  masks->words = emend_masks_words(n_columns);
  masks->table_size = 256;
  masks->table = emend_allocate(masks->table_size, sizeof *masks->table);
  if (!masks->table) {
    free(masks);
    return NULL;
  }
  return masks;
}

void emend_masks_free(emend_masks *masks) {
  if (!masks)
    return;
  free(masks->bits), free(masks->info), free(masks->table), free(masks);
}

size_t emend_masks_count(const emend_masks *masks) { return masks->count; }
const uint64_t *emend_masks_bits(const emend_masks *masks, uint32_t number) { return masks->bits + number * masks->words; }
const emend_mask_info *emend_masks_info(const emend_masks *masks, uint32_t number) { return &masks->info[number]; }

/* Mixed word after word: for one word a bijection. */
static uint64_t hash(const uint64_t *mask, size_t words) {
  uint64_t h = 0;
  for (size_t i = 0; i < words; i++)
    h = emend_bits_mix((h ^ mask[i]) + UINT64_C(0x9e3779b97f4a7c15));
  return h;
}

static int same(const emend_masks *masks, uint32_t number, const uint64_t *mask) {
  return memcmp(emend_masks_bits(masks, number), mask, masks->words * sizeof *mask) == 0;
}

/* The slot that holds the mask of this hash, or the free one where it belongs. */
static slot *find(const emend_masks *masks, const uint64_t *mask, uint64_t h) {
  size_t at = h & (masks->table_size - 1);
  for (;; at = (at + 1) & (masks->table_size - 1)) {
    slot *s = &masks->table[at];
    if (s->number == 0 || (s->hash == h && (masks->words == 1 || same(masks, (uint32_t)(s->number - 1), mask))))
      return s;
  }
}

static emend_status grow(emend_masks *masks, emend_error *error) {
  if (masks->count == masks->capacity) {
    size_t capacity = masks->capacity ? 2 * masks->capacity : 64;
    uint64_t *bits = emend_reallocate(masks->bits, capacity, masks->words * sizeof *bits);
    if (!bits)
      return emend_fail_memory(error);
    masks->bits = bits;
    emend_mask_info *info = emend_reallocate(masks->info, capacity, sizeof *info);
    if (!info)
      return emend_fail_memory(error);
    masks->info = info;
    masks->capacity = capacity;
  }
  if (2 * (masks->count + 1) <= masks->table_size)
    return EMEND_OK;
  slot *old = masks->table, *table = emend_allocate(2 * masks->table_size, sizeof *table);
  size_t old_size = masks->table_size;
  if (!table)
    return emend_fail_memory(error);
  masks->table = table;
  masks->table_size *= 2;
  for (size_t i = 0; i < old_size; i++)
    if (old[i].number)
      *find(masks, emend_masks_bits(masks, (uint32_t)(old[i].number - 1)), old[i].hash) = old[i];
  free(old);
  return EMEND_OK;
}

size_t emend_mask_count(const uint64_t *mask, size_t words) {
  size_t count = 0;
  for (size_t i = 0; i < words; i++)
    count += emend_bits_count(mask[i]);
  return count;
}

emend_status emend_masks_find(emend_masks *masks, const uint64_t *mask, uint32_t *number, emend_error *error) {
  uint64_t h = hash(mask, masks->words);
  slot *s = find(masks, mask, h);
  if (s->number == 0) {
    emend_status status = grow(masks, error);
    if (status)
      return status;
    s = find(masks, mask, h);
    memcpy(masks->bits + masks->count * masks->words, mask, masks->words * sizeof *mask);
    masks->info[masks->count] = (emend_mask_info){.n_missing = emend_mask_count(mask, masks->words)};
    *s = (slot){.hash = h, .number = ++masks->count};
  }
  *number = (uint32_t)(s->number - 1);
  return EMEND_OK;
}

emend_status emend_masks_add(emend_masks *masks, const uint64_t *mask, double weight, uint32_t *number, emend_error *error) {
  if (masks->count == 0 || !same(masks, masks->last, mask)) {
    emend_status status = emend_masks_find(masks, mask, &masks->last, error);
    if (status)
      return status;
  }
  masks->info[masks->last].n_rows++;
  masks->info[masks->last].weight += weight;
  *number = masks->last;
  return EMEND_OK;
}

static int compare(const void *a, const void *b, void *context) {
  const emend_masks *masks = context;
  uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
  if (masks->info[i].n_missing != masks->info[j].n_missing)
    return masks->info[i].n_missing < masks->info[j].n_missing ? -1 : 1;
  for (size_t w = 0; w < masks->words; w++) {
    uint64_t x = emend_masks_bits(masks, i)[w], y = emend_masks_bits(masks, j)[w];
    if (x != y)
      return x < y ? -1 : 1;
  }
  return 0;
}

uint32_t *emend_masks_sorted(const emend_masks *masks) {
  uint32_t *sorted = emend_allocate(masks->count, sizeof *sorted);
  if (!sorted)
    return NULL;
  for (size_t i = 0; i < masks->count; i++)
    sorted[i] = (uint32_t)i;
  qsort_r(sorted, masks->count, sizeof *sorted, compare, (void *)(uintptr_t)masks);
  return sorted;
}
