/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/tally.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sort.h"

enum { SMALLEST = -128, SMALL_VALUES = 1152, FIRST_SLOTS = 256 };

typedef struct tally_slot {
  double value;
  size_t count; /* 0: empty */
} tally_slot;

struct emend_tally {
  size_t small[SMALL_VALUES]; /* of the integers from SMALLEST on; 0 outside of first to end */
  int first, end;             /* the part of them that has been added to: most columns have few, and clear no more than these */
  size_t n_small;             /* of them, how many occur */
  tally_slot *slots;          /* the rest: open addressing, at most half full */
  size_t n_slots, n_used;
};

emend_tally *emend_tally_new(void) {
  emend_tally *tally = calloc(1, sizeof *tally);
  if (!tally)
    return NULL;
  tally->slots = emend_allocate(FIRST_SLOTS, sizeof *tally->slots);
  tally->n_slots = FIRST_SLOTS;
  tally->first = SMALL_VALUES;
  if (tally->slots)
    return tally;
  free(tally);
  return NULL;
}

void emend_tally_free(emend_tally *tally) {
  if (!tally)
    return;
  free(tally->slots);
  free(tally);
}

void emend_tally_clear(emend_tally *tally) {
  if (tally->first < tally->end)
    memset(tally->small + tally->first, 0, (size_t)(tally->end - tally->first) * sizeof *tally->small);
  tally->first = SMALL_VALUES, tally->end = 0;
  tally->n_small = 0;
  if (tally->n_used == 0)
    return;
  if (tally->n_slots > FIRST_SLOTS) { /* one column of many values must not slow the clearing for the others */
    tally_slot *slots = realloc(tally->slots, FIRST_SLOTS * sizeof *slots);
    if (slots) {
      tally->slots = slots;
      tally->n_slots = FIRST_SLOTS;
    }
  }
  memset(tally->slots, 0, tally->n_slots * sizeof *tally->slots);
  tally->n_used = 0;
}

/* The index among the small integers, or -1. */
static int small_index(double value) {
  if (!(value >= SMALLEST && value < SMALLEST + SMALL_VALUES))
    return -1;
  int integer = (int)value;
  return (double)integer == value ? integer - SMALLEST : -1;
}

static size_t find_slot(const tally_slot *slots, size_t n_slots, double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  bits *= UINT64_C(0x9E3779B97F4A7C15);
  size_t at = (size_t)(bits ^ bits >> 32) & (n_slots - 1);
  while (slots[at].count && slots[at].value != value)
    at = (at + 1) & (n_slots - 1);
  return at;
}

static emend_status grow(emend_tally *tally, emend_error *error) {
  size_t n_slots = 2 * tally->n_slots;
  tally_slot *slots = emend_allocate(n_slots, sizeof *slots);
  if (!slots)
    return emend_fail_memory(error);
  for (size_t i = 0; i < tally->n_slots; i++)
    if (tally->slots[i].count)
      slots[find_slot(slots, n_slots, tally->slots[i].value)] = tally->slots[i];
  free(tally->slots);
  tally->slots = slots;
  tally->n_slots = n_slots;
  return EMEND_OK;
}

static void widen(emend_tally *tally, int lowest, int highest) {
  tally->first = lowest < tally->first ? lowest : tally->first;
  tally->end = highest >= tally->end ? highest + 1 : tally->end;
}

emend_status emend_tally_add(emend_tally *tally, double value, emend_error *error) {
  int small = small_index(value);
  if (small >= 0) {
    widen(tally, small, small);
    tally->n_small += tally->small[small]++ == 0;
    return EMEND_OK;
  }
  if (2 * tally->n_used >= tally->n_slots) {
    emend_status status = grow(tally, error);
    if (status)
      return status;
  }
  tally_slot *slot = &tally->slots[find_slot(tally->slots, tally->n_slots, value)];
  tally->n_used += slot->count == 0;
  slot->value = value;
  slot->count++;
  return EMEND_OK;
}

bool emend_tally_add_small(emend_tally *tally, const double *values, size_t n) {
  int lowest = SMALL_VALUES, highest = -1;
  for (size_t i = 0; i < n; i++) {
    int small = small_index(values[i]);
    if (small < 0)
      return false;
    lowest = small < lowest ? small : lowest, highest = small > highest ? small : highest;
  }
  widen(tally, lowest, highest);
  size_t n_new = 0;
  for (size_t i = 0; i < n; i++)
    n_new += tally->small[(int)values[i] - SMALLEST]++ == 0;
  tally->n_small += n_new;
  return true;
}

size_t emend_tally_distinct(const emend_tally *tally) { return tally->n_small + tally->n_used; }

size_t emend_tally_count(const emend_tally *tally, double value) {
  int small = small_index(value);
  return small >= 0 ? tally->small[small] : tally->slots[find_slot(tally->slots, tally->n_slots, value)].count;
}

emend_status emend_tally_values(const emend_tally *tally, double **values, emend_error *error) {
  double *list = emend_allocate(emend_tally_distinct(tally), sizeof *list);
  if (!list)
    return emend_fail_memory(error);
  size_t n = 0;
  for (int i = tally->first; i < tally->end; i++)
    if (tally->small[i])
      list[n++] = (double)(i + SMALLEST);
  size_t n_ordered = n;
  for (size_t i = 0; i < tally->n_slots && tally->n_used > 0; i++)
    if (tally->slots[i].count)
      list[n++] = tally->slots[i].value;
  if (n > n_ordered)
    qsort(list, n, sizeof *list, emend_compare_numbers);
  *values = list;
  return EMEND_OK;
}
