/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/name_set.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

bool name_set_new(name_set *set, size_t most, bool ignore_case) {
  size_t slots = 16;
  while (slots / 2 <= most)
    slots *= 2;
  *set = (name_set){.slots = emend_allocate(slots, sizeof *set->slots), .mask = slots - 1, .ignore_case = ignore_case};
  return set->slots != NULL;
}

void name_set_free(name_set *set) {
  free(set->slots);
  *set = (name_set){0};
}

static uint64_t hash(const name_set *set, const char *name) {
  uint64_t h = UINT64_C(14695981039346656037);
  for (; *name; name++)
    h = (h ^ (uint64_t)(unsigned char)(set->ignore_case ? emend_ascii_lower((unsigned char)*name) : *name)) * UINT64_C(1099511628211);
  return h ^ h >> 29;
}

static const char **find(const name_set *set, const char *name) {
  size_t at = (size_t)hash(set, name) & set->mask;
  while (set->slots[at] && !(set->ignore_case ? emend_ascii_equal(set->slots[at], name) : strcmp(set->slots[at], name) == 0))
    at = (at + 1) & set->mask;
  return &set->slots[at];
}

bool name_set_has(const name_set *set, const char *name) { return *find(set, name) != NULL; }

bool name_set_add(name_set *set, const char *name) {
  const char **slot = find(set, name);
  if (*slot)
    return false;
  *slot = name;
  return true;
}
