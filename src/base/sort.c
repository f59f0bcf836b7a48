/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Fewer records are sorted sooner by comparing them. */
enum { FEW = 128, BITS = 8, DIGITS = 64 / BITS, VALUES = 1 << BITS };

typedef struct places {
  size_t first, second;
} places;

/* Of a record: its number, in bits that are ordered as numbers are, and where it stood. */
typedef emend_sort_item item;

static double number_at(const void *record, size_t place) {
  double number;
  memcpy(&number, (const char *)record + place, sizeof number);
  return number;
}

static uint64_t key_of(double number) {
  const uint64_t sign = UINT64_C(1) << 63;
  uint64_t bits;
  number += 0.0; /* -0 becomes 0 */
  memcpy(&bits, &number, sizeof bits);
  return bits & sign ? ~bits : bits | sign;
}

static int compare(const void *a, const void *b, void *state) {
  const places *p = state;
  double x = number_at(a, p->first), y = number_at(b, p->first);
  if (x == y)
    x = number_at(a, p->second), y = number_at(b, p->second);
  return (x > y) - (x < y);
}

item *emend_sort_items(item *from, item *to, size_t n) {
  size_t counts[DIGITS][VALUES] = {{0}};
  for (size_t i = 0; i < n; i++)
    for (unsigned d = 0; d < DIGITS; d++)
      counts[d][from[i].key >> d * BITS & (VALUES - 1)]++;
  for (unsigned d = 0; d < DIGITS && n > 0; d++) { /* the least first */
    size_t *start = counts[d], before = 0;
    if (start[from[0].key >> d * BITS & (VALUES - 1)] == n) /* all alike */
      continue;
    for (size_t v = 0, count; v < VALUES; v++)
      count = start[v], start[v] = before, before += count;
    for (size_t i = 0; i < n; i++)
      to[start[from[i].key >> d * BITS & (VALUES - 1)]++] = from[i];
    item *other = from;
    from = to, to = other;
  }
  return from;
}

/* Keys from the numbers at `place`. False if they are all alike. */
static bool set_keys(item *items, const char *records, size_t n, size_t size, size_t place) {
  uint64_t differ = 0;
  for (size_t i = 0; i < n; i++) {
    items[i].key = key_of(number_at(records + items[i].index * size, place));
    differ |= items[i].key ^ items[0].key;
  }
  return differ != 0;
}

void emend_sort_by_numbers(void *records, size_t n, size_t size, size_t first, size_t second) {
  bool many = n >= FEW && n <= UINT32_MAX;
  item *items = many ? emend_allocate(n, 2 * sizeof *items) : NULL;
  char *sorted = items ? emend_allocate(n, size) : NULL;
  if (!sorted) {
    free(items);
    qsort_r(records, n, size, compare, &(places){first, second});
    return;
  }
  for (size_t i = 0; i < n; i++)
    items[i].index = (uint32_t)i;
  item *order = set_keys(items, records, n, size, second) ? emend_sort_items(items, items + n, n) : items;
  if (set_keys(order, records, n, size, first))
    order = emend_sort_items(order, order == items ? items + n : items, n);
  for (size_t i = 0; i < n; i++)
    memcpy(sorted + i * size, (const char *)records + order[i].index * size, size);
  memcpy(records, sorted, n * size);
  free(items), free(sorted);
}

int emend_compare_numbers(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}
