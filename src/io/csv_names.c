/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_names.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/memory.h"

/* Indexes of names, found by hashing: headers have up to tens of thousands of names. */
typedef struct table {
  uint32_t *slots; /* index + 1; 0 is free */
  size_t mask;
  char **names;
  uint32_t *next; /* for each name, the number that its next repetition gets, less 2 */
} table;

static uint64_t hash(const char *name) {
  uint64_t h = emend_bits_hash(name, strlen(name));
  return h ^ h >> 29;
}

static uint32_t *find_slot(const table *t, const char *name) {
  size_t at = (size_t)hash(name) & t->mask;
  while (t->slots[at] && strcmp(t->names[t->slots[at] - 1], name) != 0)
    at = (at + 1) & t->mask;
  return &t->slots[at];
}

static bool is_control(char c) { return (unsigned char)c < ' ' || c == 0x7F; }

static emend_status clean_name(emend_csv_text *text, const emend_csv_raw_name *raw, char **name, emend_error *error) {
  const char *bytes;
  size_t length;
  emend_status status = emend_csv_text_value(text, raw->value, raw->length, raw->doubled, &bytes, &length, error);
  if (status)
    return status;
  char *copy = strndup(bytes, length);
  if (!copy)
    return emend_fail_memory(error);
  for (char *p = copy; *p; p++)
    if (is_control(*p))
      *p = ' ';
  const char *begin = copy;
  length = strlen(copy);
  emend_csv_trim(&begin, &length);
  memmove(copy, begin, length);
  copy[length] = '\0';
  *name = copy;
  return EMEND_OK;
}

/* NAME_2, NAME_3 ... for what occurred before, V4 (V4_2 ...) for what has no name. */
static emend_status make_unique(const table *t, char **name, size_t place, emend_error *error) {
  enum { DIGITS = 24 };
  const char *stem = *name;
  char by_place[DIGITS];
  snprintf(by_place, sizeof by_place, "V%zu", place);
  if (!*stem)
    stem = by_place;
  size_t size = strlen(stem) + DIGITS;
  char *made = malloc(size);
  if (!made)
    return emend_fail_memory(error);
  snprintf(made, size, "%s", stem);
  uint32_t owner = *find_slot(t, stem);
  while (owner && *find_slot(t, made))
    snprintf(made, size, "%s_%" PRIu32, stem, t->next[owner - 1]++ + 2);
  free(*name);
  *name = made;
  return EMEND_OK;
}

/* The file's own names come first: a made-up name must not take one that occurs later. */
static emend_status settle(emend_csv_names *names, table *t, bool *settled, emend_error *error) {
  for (size_t i = 0; i < names->n; i++) {
    uint32_t *slot = names->names[i][0] ? find_slot(t, names->names[i]) : NULL;
    settled[i] = slot && !*slot;
    if (settled[i])
      *slot = (uint32_t)i + 1;
  }
  for (size_t i = 0; i < names->n; i++) {
    if (settled[i])
      continue;
    if (!names->names[i][0])
      names->n_empty++;
    else if (names->n_repeated++ == 0)
      names->first_repeated = i;
    emend_status status = make_unique(t, &names->names[i], i + 1, error);
    if (status)
      return status;
    *find_slot(t, names->names[i]) = (uint32_t)i + 1;
  }
  return EMEND_OK;
}

static emend_status make_names_unique(emend_csv_names *names, emend_error *error) {
  size_t slots = 16;
  while (slots < 4 * names->n)
    slots *= 2;
  table t = {.slots = emend_allocate(slots, sizeof *t.slots),
             .mask = slots - 1,
             .names = names->names,
             .next = emend_allocate(names->n, sizeof *t.next)};
  bool *settled = emend_allocate(names->n, sizeof *settled);
  emend_status status = t.slots && t.next && settled ? settle(names, &t, settled, error) : emend_fail_memory(error);
  free(t.slots);
  free(t.next);
  free(settled);
  return status;
}

emend_status emend_csv_names_new(const emend_csv_raw_name *header, size_t n, emend_csv_text *text, emend_csv_names *names,
                                 emend_error *error) {
  *names = (emend_csv_names){.names = emend_allocate(n, sizeof(char *)), .n = n};
  if (!names->names)
    return emend_fail_memory(error);
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < n && !status; i++) {
    if (header)
      status = clean_name(text, &header[i], &names->names[i], error);
    else if (asprintf(&names->names[i], "V%zu", i + 1) < 0) {
      names->names[i] = NULL;
      status = emend_fail_memory(error);
    }
  }
  if (!status && header)
    status = make_names_unique(names, error);
  if (status)
    emend_csv_names_free(names);
  return status;
}

void emend_csv_names_free(emend_csv_names *names) {
  for (size_t i = 0; names->names && i < names->n; i++)
    free(names->names[i]);
  free(names->names);
  *names = (emend_csv_names){0};
}
