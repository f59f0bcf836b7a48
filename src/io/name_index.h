/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_NAME_INDEX_H
#define IO_NAME_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Names in sorted order, so that a record with many names takes no quadratic time. Of equal names the first is found. */
typedef struct emend_name_index {
  const char *(*name)(const void *context, size_t index);
  const void *context;
  bool fold; /* ASCII letters in either case are equal */
  size_t n, *order;
} emend_name_index;

/* Sorts the n names that index->name gives; the other fields are set before. The caller frees it. */
emend_status emend_name_index_sort(emend_name_index *index, emend_error *error);
void emend_name_index_free(emend_name_index *index);
/* The index of the name, or n if there is none. */
size_t emend_name_index_find(const emend_name_index *index, const char *name, size_t length);

#endif
