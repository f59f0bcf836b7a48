/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef COMPARE_ENTRIES_H
#define COMPARE_ENTRIES_H

#include "compare/compare.h"

/* A list of things with a key and a text: value labels, attributes, notes, sets. Zero-initialise. */
typedef struct entry {
  double number; /* orders before the key; NaN: none */
  char *key;     /* owned */
  char *text;    /* owned */
} entry;

typedef struct entries {
  entry *items;
  size_t n, capacity;
} entries;

/* Copies. */
emend_status entries_add(entries *list, double number, const char *key, const char *text, emend_error *error);
void entries_free(entries *list);
/* Sorts both by number, key and place, and adds a difference "PREFIXKEY" for each that one lacks or that has another text; of several with
 * the same key the first is compared with the first. *same, unless NULL, becomes false if there is one. */
emend_status entries_compare(emend_comparison *c, ptrdiff_t variable, const char *prefix, entries *a, entries *b, bool *same,
                             emend_error *error);

#endif
