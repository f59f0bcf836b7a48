/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare/entries.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

emend_status entries_add(entries *list, double number, const char *key, const char *text, emend_error *error) {
  if (!emend_reserve(&list->items, list->n, &list->capacity, sizeof *list->items))
    return emend_fail_memory(error);
  entry added = {.number = number, .key = strdup(key), .text = strdup(text)};
  list->items[list->n++] = added;
  return added.key && added.text ? EMEND_OK : emend_fail_memory(error);
}

void entries_free(entries *list) {
  for (size_t i = 0; i < list->n; i++) {
    free(list->items[i].key);
    free(list->items[i].text);
  }
  free(list->items);
  *list = (entries){0};
}

static int compare_keys(const entry *a, const entry *b) {
  bool none_a = isnan(a->number), none_b = isnan(b->number);
  if (none_a != none_b)
    return none_a - none_b;
  if (!none_a && a->number != b->number)
    return a->number < b->number ? -1 : 1;
  return strcmp(a->key, b->key);
}

/* Pointers are sorted, so that equal keys can stay in their order. */
static int compare_pointers(const void *a, const void *b) {
  const entry *x = *(entry *const *)a, *y = *(entry *const *)b;
  int order = compare_keys(x, y);
  return order ? order : (x > y) - (x < y);
}

static entry **sorted(const entries *list) {
  entry **order = emend_allocate(list->n, sizeof(entry *));
  for (size_t i = 0; order && i < list->n; i++)
    order[i] = &list->items[i];
  if (order)
    qsort(order, list->n, sizeof(entry *), compare_pointers);
  return order;
}

static emend_status tell(emend_comparison *c, ptrdiff_t variable, const char *prefix, const entry *a, const entry *b, bool *same,
                         emend_error *error) {
  const char *before = a ? a->text : "", *after = b ? b->text : "";
  emend_buffer property = {0};
  if (a && b && strcmp(before, after) == 0)
    return EMEND_OK;
  if (same)
    *same = false;
  emend_status status = emend_buffer_format(&property, error, "%s%s", prefix, a ? a->key : b->key);
  if (!status)
    status = compare_add_difference(c, variable, property.bytes, before, after, error);
  emend_buffer_free(&property);
  return status;
}

emend_status entries_compare(emend_comparison *c, ptrdiff_t variable, const char *prefix, entries *a, entries *b, bool *same,
                             emend_error *error) {
  entry **x = sorted(a), **y = sorted(b);
  emend_status status = x && y ? EMEND_OK : emend_fail_memory(error);
  for (size_t i = 0, j = 0; !status && (i < a->n || j < b->n);) {
    int order = i == a->n ? 1 : j == b->n ? -1 : compare_keys(x[i], y[j]);
    status = tell(c, variable, prefix, order <= 0 ? x[i] : NULL, order >= 0 ? y[j] : NULL, same, error);
    i += order <= 0;
    j += order >= 0;
  }
  free(x);
  free(y);
  return status;
}
