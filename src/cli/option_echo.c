/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/option.h"
#include "report/json_text.h"

static json_t *echo_list(const option_list *list) {
  json_t *array = json_array();
  for (size_t i = 0; array && i < list->count; i++) {
    json_t *item = list->sections[i] ? json_sprintf("%s=%s", list->sections[i], list->items[i]) : json_of_text(list->items[i]);
    if (json_array_append_new(array, item) != 0) {
      json_decref(array);
      return NULL;
    }
  }
  return array;
}

static json_t *echo_value(const option *o, const void *arguments) {
  const void *field = (const char *)arguments + o->offset;
  switch (o->type) {
  case OPTION_FLAG:
    return json_boolean(*(const bool *)field);
  case OPTION_TEXT:
  case OPTION_FILE:
    return json_of_text(*(const char *const *)field);
  case OPTION_LIST:
    return echo_list(field);
  case OPTION_INTEGER:
    return json_integer(*(const int64_t *)field);
  case OPTION_REAL:
    return json_of_number(*(const double *)field);
  case OPTION_SIZE: /* 0: not set */
    return *(const uint64_t *)field ? json_integer((json_int_t)(*(const uint64_t *)field)) : json_null();
  case OPTION_CHOICE:
    return json_of_text(*(const int *)field < 0 ? NULL : o->choices[*(const int *)field]);
  }
  return NULL;
}

json_t *option_echo(const option *table, const void *arguments) {
  json_t *object = json_object();
  for (const option *o = table; object && o->name; o++)
    if (json_object_set_new(object, o->name, echo_value(o, arguments)) != 0) {
      json_decref(object);
      return NULL;
    }
  return object;
}
