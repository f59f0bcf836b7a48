/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <stdlib.h>
#include <string.h>

#include "base/events.h"
#include "base/memory.h"
#include "base/text.h"
#include "encode/selection.h"
#include "encode/skip.h"
#include "encode/skip_groups.h"

/* Rules read anew say the same in other places. */
static void move_reasons(emend_plan *plan, const emend_rules *before) {
  for (size_t i = 0; i < before->n; i++) {
    emend_planned *planned = &plan->variables[before->items[i].variable];
    const emend_ruled *now = emend_rules_of(&plan->rules, before->items[i].variable);
    if (now && before->items[i].why && planned->why == before->items[i].why)
      planned->why = now->why;
  }
}

/* Marks the conditions that are new, or have been joined by one that is. */
static void mark(emend_plan *plan, const emend_rules *before) {
  for (size_t v = 0; v < plan->n_variables; v++) {
    const emend_ruled *was = emend_rules_of(before, v), *is = emend_rules_of(&plan->rules, v);
    const emend_rule *old = was ? emend_ruled_condition(before, was) : NULL;
    const emend_rule *condition = is ? emend_ruled_condition(&plan->rules, is) : NULL;
    plan->variables[v].only_if_joined = condition && old && strcmp(emend_rule_text(old), emend_rule_text(condition)) != 0;
    plan->variables[v].only_if_found = plan->variables[v].only_if_joined || (condition && !old);
  }
}

/* What was said, and behind it what was found; conditions that join what was said only if they are wanted. */
static emend_status read_rules(planner *p, const emend_said_list *found, bool joined, emend_error *error) {
  const emend_said_list *said = &p->options->said;
  emend_said_list both = {.items = emend_allocate(said->n + found->n, sizeof *both.items), .n = said->n};
  if (!both.items)
    return emend_fail_memory(error);
  if (said->n > 0)
    memcpy(both.items, said->items, said->n * sizeof *both.items);
  for (size_t i = 0; i < found->n; i++)
    if (joined || found->items[i].layer != EMEND_LAST_LAYER)
      both.items[both.n++] = found->items[i];
  emend_status status =
      emend_rules_read(p->dataset, &both, p->wanted.weight, p->wanted.id, &p->plan->rules, NULL /* all was said */, error);
  free(both.items);
  return status;
}

/* The conditions of the user, and those that the data show. A joined one may be longer than a rule may be: then the user's holds alone. */
static emend_status join_rules(planner *p, const emend_said_list *found) {
  emend_rules before = p->plan->rules;
  p->plan->rules = (emend_rules){0};
  emend_status status = read_rules(p, found, true, NULL);
  if (status == EMEND_INVALID_ARGUMENT)
    emend_rules_free(&p->plan->rules), status = read_rules(p, found, false, p->error);
  else if (status)
    emend_fail_memory(p->error);
  mark(p->plan, &before);
  move_reasons(p->plan, &before);
  emend_rules_free(&before);
  return status;
}

/* Variables whose names were listed as targets are wanted filled, whatever the data show. */
static emend_status list_asked(planner *p, unsigned char **asked) {
  *asked = emend_allocate(p->plan->n_variables, 1);
  if (!*asked)
    return emend_fail_memory(p->error);
  for (size_t v = 0; v < p->plan->n_variables && p->wanted.targets; v++)
    (*asked)[v] = p->wanted.targets[v] == EMEND_CHOSEN_BY_NAME;
  const char *list = p->options->asked;
  return list ? emend_selection_parse(p->dataset, list, strlen(list), "--asked", *asked, p->events, p->error) : EMEND_OK;
}

static void leave_branches(planner *p, const unsigned char *branches) {
  for (size_t v = 0; v < p->plan->n_variables; v++) {
    emend_planned *planned = &p->plan->variables[v];
    if (!branches[v])
      continue;
    planned->fills = false;
    planned->role = planned->role == EMEND_ROLE_FILL ? EMEND_ROLE_PREDICT : planned->role;
    planned->why = "never answered together with another variable: who was not asked it is not filled (--asked)";
    planned->missing.keep += planned->missing.fill;
    planned->missing.fill = 0;
    for (size_t i = 0; i < planned->n_codes; i++)
      planned->codes[i].fill = 0;
  }
}

emend_status planner_find_skips(planner *p) {
  emend_said_list found = {0};
  unsigned char *asked = NULL, *branches = emend_allocate(p->plan->n_variables, 1);
  emend_status status = branches ? list_asked(p, &asked) : emend_fail_memory(p->error);
  if (!status)
    status = emend_skips_find(p->plan, asked, branches, p->team, &found, p->error);
  if (!status)
    leave_branches(p, branches);
  if (!status)
    status = emend_skips_find_groups(p->plan, asked, &found, p->error);
  if (!status && found.n > 0)
    status = join_rules(p, &found);
  emend_said_free(&found);
  free(asked), free(branches);
  return status;
}

/* Variables that the same condition leaves. */
typedef struct left_alike {
  emend_buffer names;
  size_t n;
  size_t cells; /* of those that are named */
  bool more;    /* an imputed value decides on others */
} left_alike;

static bool has_found(const emend_plan *plan, size_t v, const char *condition) {
  return plan->variables[v].only_if_found && strcmp(emend_plan_only_if(plan, v), condition) == 0;
}

static bool is_first(const emend_plan *plan, size_t v, const char *condition) {
  bool first = plan->variables[v].only_if_found;
  for (size_t u = 0; u < v && first; u++)
    first = !has_found(plan, u, condition);
  return first;
}

/* What stays in any case is not left by the condition. */
static size_t left_cells(const emend_planned *planned) { return planned->on_demand ? 0 : planned->missing.skipped; }

/* Where cells are told, only whose cells they are. */
static bool is_told(const emend_plan *plan, size_t v, const char *condition, const left_alike *left) {
  return has_found(plan, v, condition) && (left->cells == 0 || left_cells(&plan->variables[v]) > 0);
}

/* Of a module the first few: its questions are named alike. */
static emend_status gather(const planner *p, size_t v, const char *condition, left_alike *left) {
  enum { MOST_NAMES = 5, FIRST_NAMES = 3 };
  const emend_plan *plan = p->plan;
  emend_status status = EMEND_OK;
  char others[EMEND_OTHERS_TEXT];
  size_t named = 0;
  *left = (left_alike){0};
  for (size_t u = v; u < plan->n_variables; u++)
    left->cells += has_found(plan, u, condition) ? left_cells(&plan->variables[u]) : 0;
  for (size_t u = v; u < plan->n_variables; u++)
    if (is_told(plan, u, condition, left))
      left->n++, left->more = left->more || plan->variables[u].missing.open > 0;
  size_t most = left->n > MOST_NAMES ? FIRST_NAMES : left->n;
  for (size_t u = v; u < plan->n_variables && named < most && !status; u++)
    if (is_told(plan, u, condition, left))
      status = emend_buffer_format(&left->names, p->error, "%s%s", named++ > 0 ? ", " : "", emend_variable_name(p->dataset, u));
  return status ? status : emend_buffer_format(&left->names, p->error, "%s", emend_others(left->n, named, others));
}

emend_status planner_tell_skips(planner *p) {
  emend_plan *plan = p->plan;
  emend_status status = EMEND_OK;
  bool told = false; /* what can be done about it, which need not be said again */
  for (size_t v = 0; v < plan->n_variables && !status; v++) {
    const char *condition = emend_plan_only_if(plan, v);
    left_alike left;
    if (!is_first(plan, v, condition))
      continue;
    status = gather(p, v, condition, &left);
    if (!status && plan->variables[v].only_if_joined)
      emend_warn(p->events, "%s: answered only if %s (your condition, and a skip pattern found in the data; --asked takes yours alone)",
                 left.names.bytes, condition);
    else if (!status && left.cells == 0)
      emend_warn(p->events, "%s: answered only if %s (skip pattern found in the data; imputed values follow it)", left.names.bytes, condition);
    else if (!status)
      emend_warn(p->events, "%s: answered only if %s, so %s%zu cell%s where it is not asked stay%s%s", left.names.bytes, condition,
                 left.more ? "at least " : "", left.cells, left.cells == 1 ? "" : "s", left.cells == 1 ? "s" : "",
                 told ? " (likewise)" : " (skip pattern found in the data; --asked fills them)");
    told = told || (left.cells > 0 && !plan->variables[v].only_if_joined);
    emend_buffer_free(&left.names);
  }
  return status;
}
