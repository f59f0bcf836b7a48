/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/said.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

static const char *option_of(emend_said_kind kind) {
  static const char *const options[] = {[EMEND_SAID_IMPUTE_CODES] = "--impute-codes",
                                        [EMEND_SAID_KEEP_CODES] = "--keep-codes",
                                        [EMEND_SAID_ONLY_IF] = "--only-if",
                                        [EMEND_SAID_FORMULA] = "--formula",
                                        [EMEND_SAID_TRANSFORM] = "--transform",
                                        [EMEND_SAID_BOUNDS] = "--bounds",
                                        [EMEND_SAID_ORDER] = "--order"};
  return options[kind];
}

static void release(emend_said *said) { free(said->variables), free(said->value), free(said->where); }

emend_status emend_said_add(emend_said_list *list, emend_said_kind kind, unsigned layer, const char *variables, const char *value,
                            const char *where, emend_error *error) {
  if (!emend_reserve(&list->items, list->n, &list->capacity, sizeof *list->items))
    return emend_fail_memory(error);
  emend_said said = {.kind = kind,
                     .layer = layer,
                     .variables = variables ? strdup(variables) : NULL,
                     .value = strdup(value),
                     .where = strdup(where ? where : option_of(kind)),
                     .named = where != NULL};
  if ((variables && !said.variables) || !said.value || !said.where) {
    release(&said);
    return emend_fail_memory(error);
  }
  list->items[list->n++] = said;
  return EMEND_OK;
}

void emend_said_forget(emend_said_list *list, emend_said_kind kind, unsigned layer) {
  size_t kept = 0;
  for (size_t i = 0; i < list->n; i++) {
    emend_said *said = &list->items[i];
    if (said->kind == kind && said->layer == layer && !said->variables)
      release(said);
    else
      list->items[kept++] = *said;
  }
  list->n = kept;
}

void emend_said_free(emend_said_list *list) {
  for (size_t i = 0; i < list->n; i++)
    release(&list->items[i]);
  free(list->items);
  *list = (emend_said_list){0};
}

const char *emend_said_find(const char *at, const char *end, char wanted) {
  bool quoted = false;
  for (; at < end && (quoted || *at != wanted); at++)
    quoted ^= *at == '`';
  return at;
}
