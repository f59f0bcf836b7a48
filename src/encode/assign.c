/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/assign.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "encode/selection.h"

/* The `=` behind the variables, or NULL. */
static const char *find_equals(const char *text) {
  bool quoted = false;
  for (; *text; text++) {
    quoted = quoted != (*text == '`');
    if (*text == '=' && !quoted)
      return text;
  }
  return NULL;
}

const char *emend_said_value(const emend_said *said) {
  const char *equals = said->variables ? NULL : find_equals(said->value);
  return equals ? equals + 1 : said->value;
}

static emend_status choose(const emend_dataset *dataset, const emend_said *said, unsigned char *chosen, emend_events *events,
                           emend_error *error) {
  const char *list = said->variables, *end = list ? list + strlen(list) : find_equals(said->value);
  if (!end) {
    emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: \"%s\" does not say of which variables", said->where, said->value);
    emend_try(error, "VARIABLES=%s", said->value);
    return status;
  }
  list = list ? list : said->value;
  return emend_selection_parse(dataset, list, (size_t)(end - list), said->where, chosen, events, error);
}

/* What decides between two sentences; of equals the later one. */
static unsigned long strength(const emend_said *said, unsigned char how) { return 2ul * said->layer + (how == EMEND_CHOSEN_BY_NAME); }

emend_status emend_said_assign(const emend_dataset *dataset, const emend_said_list *said, emend_said_kind kind, size_t *which,
                               emend_events *events, emend_error *error) {
  size_t n = emend_dataset_variables(dataset);
  unsigned char *chosen = emend_allocate(n, 1);
  unsigned long *strongest = emend_allocate(n, sizeof *strongest);
  emend_status status = chosen && strongest ? EMEND_OK : emend_fail_memory(error);
  memset(which, 0, n * sizeof *which);
  for (size_t i = 0; i < said->n && !status; i++) {
    if (said->items[i].kind != kind)
      continue;
    memset(chosen, EMEND_NOT_CHOSEN, n);
    status = choose(dataset, &said->items[i], chosen, events, error);
    for (size_t v = 0; v < n && !status; v++)
      if (chosen[v] && (!which[v] || strength(&said->items[i], chosen[v]) >= strongest[v])) {
        which[v] = i + 1;
        strongest[v] = strength(&said->items[i], chosen[v]);
      }
  }
  free(chosen), free(strongest);
  return status;
}
