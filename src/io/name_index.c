/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/name_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static int compare(const emend_name_index *index, const char *a, size_t a_length, const char *b, size_t b_length) {
  for (size_t i = 0; i < a_length && i < b_length; i++) {
    int x = (unsigned char)a[i], y = (unsigned char)b[i];
    if (index->fold) {
      x = emend_ascii_lower(x);
      y = emend_ascii_lower(y);
    }
    if (x != y)
      return x < y ? -1 : 1;
  }
  return a_length < b_length ? -1 : a_length > b_length;
}

static int compare_items(const void *a, const void *b, void *context) {
  const emend_name_index *index = context;
  size_t i = *(const size_t *)a, j = *(const size_t *)b;
  const char *x = index->name(index->context, i), *y = index->name(index->context, j);
  int order = compare(index, x, strlen(x), y, strlen(y));
  return order ? order : i < j ? -1 : i > j;
}

emend_status emend_name_index_sort(emend_name_index *index, emend_error *error) {
  index->order = emend_allocate(index->n, sizeof *index->order);
  if (!index->order)
    return emend_fail_memory(error);
  for (size_t i = 0; i < index->n; i++)
    index->order[i] = i;
  qsort_r(index->order, index->n, sizeof *index->order, compare_items, index);
  return EMEND_OK;
}

void emend_name_index_free(emend_name_index *index) {
  free(index->order);
  index->order = NULL;
}

size_t emend_name_index_find(const emend_name_index *index, const char *name, size_t length) {
  size_t low = 0, high = index->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const char *there = index->name(index->context, index->order[middle]);
    if (compare(index, there, strlen(there), name, length) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == index->n)
    return index->n;
  const char *there = index->name(index->context, index->order[low]);
  return compare(index, there, strlen(there), name, length) == 0 ? index->order[low] : index->n;
}
