/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_NAME_SET_H
#define IO_NAME_SET_H

#include <stdbool.h>
#include <stddef.h>

/* Up to a given number of names, found by hashing. The names are the caller's, and must outlive the set. */
typedef struct name_set {
  const char **slots; /* NULL is free */
  size_t mask;
  bool ignore_case; /* ASCII letters */
} name_set;

/* False when out of memory. */
bool name_set_new(name_set *set, size_t most, bool ignore_case);
void name_set_free(name_set *set);
bool name_set_has(const name_set *set, const char *name);
/* False, and nothing changed, if it is there already. */
bool name_set_add(name_set *set, const char *name);

#endif
