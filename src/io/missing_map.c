/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/missing_map.h"

#include <math.h>
#include <string.h>

/* Different codes in ascending order. A range can declare any number of them: what is beyond the room is only counted. */
enum { MOST_CODES = 256 };

typedef struct codes {
  double items[MOST_CODES];
  size_t n, beyond;
} codes;

static void add_code(codes *c, double code) {
  size_t low = 0, high = c->n;
  if (!isfinite(code))
    return;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (c->items[middle] < code)
      low = middle + 1;
    else
      high = middle;
  }
  if (low < c->n && c->items[low] == code)
    return;
  if (c->n == MOST_CODES) {
    c->beyond++;
    return;
  }
  memmove(&c->items[low + 1], &c->items[low], (c->n - low) * sizeof *c->items);
  c->items[low] = code;
  c->n++;
}

static void add_occurring(const emend_dataset *dataset, size_t variable, codes *c) {
  double last = NAN;
  for (size_t row = 0, n = emend_dataset_rows(dataset); row < n;) {
    emend_run run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++)
      if (run.reasons[i] == EMEND_USER_MISSING && run.values[i] != last) {
        last = run.values[i];
        if (!emend_dataset_find_doubt(dataset, variable, last, NULL))
          add_code(c, last);
      }
    row += run.n;
  }
}

static const emend_label_set *set_of(const emend_dataset *dataset, size_t variable) {
  int32_t set = emend_dataset_variable(dataset, variable)->label_set;
  return set >= 0 ? emend_dataset_label_set(dataset, (size_t)set) : NULL;
}

void emend_missing_map_to_letters(const emend_dataset *dataset, size_t variable, emend_missing_map *map) {
  const emend_variable *v = emend_dataset_variable(dataset, variable);
  const emend_label_set *set = set_of(dataset, variable);
  codes c = {.n = 0};
  *map = (emend_missing_map){0};
  if (v->kind == EMEND_TEXT)
    return;
  for (uint32_t i = 0; i < v->n_missing; i++)
    if (v->missing[i].lo == v->missing[i].hi)
      add_code(&c, v->missing[i].lo);
  for (uint64_t i = 0; set && i < set->n_labels; i++) {
    const emend_label *label = emend_dataset_label(dataset, set, i);
    if (label->kind == EMEND_KEY_NUMBER && emend_variable_declares_missing(v, label->number))
      add_code(&c, label->number);
  }
  add_occurring(dataset, variable, &c);
  for (size_t i = 0; i < c.n && i < 26; i++)
    map->pairs[map->n++] = (emend_missing_pair){c.items[i], (emend_reason)(EMEND_TAG_A + i)};
  map->n_beyond = c.n - map->n + c.beyond;
}

void emend_missing_map_to_codes(const emend_dataset *dataset, size_t variable, emend_missing_map *map) {
  const emend_label_set *set = set_of(dataset, variable);
  bool used[EMEND_LETTERS] = {false};
  double least = 0;
  *map = (emend_missing_map){0};
  if (emend_dataset_variable(dataset, variable)->kind == EMEND_TEXT)
    return;
  for (size_t row = 0, n = emend_dataset_rows(dataset); row < n;) {
    emend_run run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      if (run.reasons[i] >= EMEND_TAG_A && run.reasons[i] <= EMEND_TAG_UNDERSCORE)
        used[run.reasons[i] - EMEND_TAG_A] = true;
      else if (run.values[i] < least)
        least = run.values[i];
    }
    row += run.n;
  }
  for (uint64_t i = 0; set && i < set->n_labels; i++) {
    const emend_label *label = emend_dataset_label(dataset, set, i);
    if (label->kind == EMEND_KEY_TAG && label->tag >= EMEND_TAG_A && label->tag <= EMEND_TAG_UNDERSCORE)
      used[label->tag - EMEND_TAG_A] = true;
    else if (label->kind == EMEND_KEY_NUMBER && label->number < least)
      least = label->number;
  }
  double base = 100 * ceil(least / 100) - (least < 0 ? 100 : 0);
  for (int i = 0; i < EMEND_LETTERS; i++)
    if (used[i] && !(base > -1e12)) /* there, whole numbers get scarce */
      map->n_beyond++;
    else if (used[i])
      map->pairs[map->n++] = (emend_missing_pair){base - 1 - i, (emend_reason)(EMEND_TAG_A + i)};
}

emend_reason emend_missing_map_letter(const emend_missing_map *map, double code) {
  for (size_t i = 0; i < map->n; i++)
    if (map->pairs[i].code == code)
      return map->pairs[i].letter;
  return EMEND_SYSTEM_MISSING;
}

double emend_missing_map_code(const emend_missing_map *map, emend_reason letter) {
  for (size_t i = 0; i < map->n; i++)
    if (map->pairs[i].letter == letter)
      return map->pairs[i].code;
  return NAN;
}
