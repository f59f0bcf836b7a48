/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <string.h>

#include "base/events.h"
#include "base/memory.h"
#include "data/rows.h"
#include "encode/selection.h"

/* What planner_products.c and planner_totals.c do with what they find (encode/computation.h). */

emend_status planner_list_apart(planner *p) {
  const char *list = p->options->apart;
  p->apart = emend_allocate(p->plan->n_variables, 1);
  if (!p->apart)
    return emend_fail_memory(p->error);
  return list ? emend_selection_parse(p->dataset, list, strlen(list), "--apart", p->apart, p->events, p->error) : EMEND_OK;
}

bool planner_keeps_computation(const planner *p, const emend_computation *c) {
  bool apart = p->apart[c->target];
  for (size_t i = 0; i < emend_computation_inputs(c); i++)
    apart = apart || p->apart[emend_computation_input(c, i)];
  return !apart;
}

/* What is told of a number need not occur elsewhere. */
static void allow_any(const planner *p, size_t v) {
  unsigned char *fills = &p->plan->fills[v];
  *fills = *fills == EMEND_FILLS_OCCURRING ? EMEND_FILLS_ANY : *fills;
}

emend_status planner_add_computation(planner *p, const emend_computation *c) {
  emend_computations *all = &p->plan->computations;
  if (!emend_reserve(&all->items, all->n, &all->capacity, sizeof *all->items))
    return emend_fail_memory(p->error);
  all->items[all->n++] = *c;
  allow_any(p, c->target);
  for (size_t i = 0; i < emend_computation_inputs(c); i++)
    allow_any(p, emend_computation_input(c, i));
  return EMEND_OK;
}

/* Several codes do not share what is left of a known sum. */
static bool has_codes(const planner *p, const emend_computation *c) {
  bool codes = false;
  for (size_t i = 0; i < emend_computation_inputs(c) && !codes; i++) {
    emend_type type = p->plan->variables[emend_computation_input(c, i)].type;
    codes = type == EMEND_TYPE_BINARY || type == EMEND_TYPE_ORDINAL;
  }
  return codes;
}

void planner_tell_computation(const planner *p, const emend_computation *c, const char *text) {
  const char *target = emend_variable_name(p->dataset, c->target);
  size_t cells = p->plan->variables[c->target].missing.fill;
  for (size_t i = 0; i < emend_computation_inputs(c); i++)
    cells += p->plan->variables[emend_computation_input(c, i)].missing.fill;
  if (c->of_answers)
    emend_warn(p->events,
               "%s is %s in all %zu rows that have them, and that of the answers alone in all %zu that lack some: what is missing there does not "
               "follow from it, though the model takes it for that of all (--exclude %s keeps it out)",
               target, text, c->rows, c->of_answers, target);
  else
    emend_warn(
        p->events,
        "%s is %s in all %zu rows that have them%s: what is filled of them (%zu cells) agrees with that%s (found in the data; --apart %s "
        "fills them by themselves)",
        target, text, c->rows, emend_computation_end_words(c), cells, has_codes(p, c) ? " where one alone is missing" : "", target);
}
