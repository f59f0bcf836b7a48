/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_JSON_FILL_H
#define REPORT_JSON_FILL_H

#include "report/json_text.h"

/* An object being filled; `failed` stays true after the first key that could not be set. */
typedef struct filling {
  json_t *object;
  bool failed;
} filling;

static inline filling begin(void) {
  json_t *object = json_object();
  return (filling){object, !object};
}

static inline void put(filling *f, const char *key, json_t *value) {
  if (!value || json_object_set_new(f->object, key, value) != 0)
    f->failed = true;
}

static inline json_t *finish(filling *f) {
  if (!f->failed)
    return f->object;
  json_decref(f->object);
  return NULL;
}

/* Appends to an array; NULL in either frees both and gives NULL. */
static inline json_t *append(json_t *array, json_t *item) {
  if (array && item && json_array_append_new(array, item) == 0)
    return array;
  if (!array)
    json_decref(item);
  json_decref(array);
  return NULL;
}

#endif
