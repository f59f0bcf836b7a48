/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/events.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/rows.h"
#include "encode/not_applicable.h"
#include "encode/selection.h"
#include "encode/weight.h"

/* The variable of --by has few answers; it may take part in the model, too. */
static emend_status find_groups(planner *p) {
  size_t variable;
  if (!p->options->by)
    return EMEND_OK;
  emend_status status = emend_selection_one(p->dataset, p->options->by, "--by", &variable, p->events, p->error);
  if (status)
    return status;
  p->plan->by = (ptrdiff_t)variable;
  if (p->plan->variables[variable].categories.n > 0)
    return EMEND_OK;
  emend_fail(p->error, EMEND_INVALID_ARGUMENT, "--by: it has more than 100 different answers, or fractions, or none");
  emend_at_variable(p->error, emend_variable_name(p->dataset, variable));
  return EMEND_INVALID_ARGUMENT;
}

/* Weights that nobody declared: the estimate of whoever forgot them is not that of the population. */
static emend_status tell_weights(planner *p) {
  emend_buffer names = {0};
  emend_status status = EMEND_OK;
  size_t n = 0, first = 0;
  bool labelled = false;
  for (size_t v = 0; v < p->plan->n_variables && !status && p->plan->weight < 0 && !p->wanted.weight_named; v++)
    if (emend_role_suspects_weight(&p->plan->variables[v]) && n++ < 8) {
      labelled = labelled || emend_role_is_labelled_weight(&p->plan->variables[v]);
      first = n == 1 ? v : first;
      status = emend_buffer_format(&names, p->error, "%s%s", n > 1 ? ", " : "", emend_variable_name(p->dataset, v));
    }
  if (n > 0 && !status)
    emend_warn(p->events, "no weight is used, but %s %s %s like one: --weight %s uses it, --weight none says that there is none", names.bytes,
               n > 1 ? "are" : "is", labelled ? "named or labelled" : "named", emend_variable_name(p->dataset, first));
  emend_buffer_free(&names);
  return status;
}

/* What would have been filled, had anybody answered. */
static emend_status tell_unanswered(planner *p) {
  enum { MOST_NAMES = 8 };
  emend_buffer names = {0};
  emend_status status = EMEND_OK;
  size_t n = 0, cells = 0, all = 0;
  char of[32] = "", others[EMEND_OTHERS_TEXT];
  for (size_t v = 0; v < p->plan->n_variables && !status; v++) {
    size_t unanswered = p->plan->variables[v].missing.unanswered;
    cells += unanswered, all += unanswered > 0 ? p->plan->variables[v].missing.keep : 0;
    if (unanswered > 0 && n++ < MOST_NAMES)
      status = emend_buffer_format(&names, p->error, "%s%s", n > 1 ? ", " : "", emend_variable_name(p->dataset, v));
  }
  if (all > cells) /* others stay as their codes say */
    snprintf(of, sizeof of, "%zu of ", cells);
  if (n > 0 && !status && !p->options->scores_only) /* clusters fill only if asked */
    emend_warn(
        p->events,
        "nobody answered %s%s: %s%s %zu missing cell%s cannot be filled, stay%s as %s, and make the exit status 3 (--exclude keeps %s out)",
        names.bytes, emend_others(n, MOST_NAMES, others), of, n > 1 ? "their" : "its", all, all == 1 ? "" : "s", cells == 1 ? "s" : "",
        cells == 1 ? "it is" : "they are", n > 1 ? "them" : "it");
  emend_buffer_free(&names);
  return status;
}

static emend_status gather_team(planner *p) {
  static const double CELL = 5e-9; /* seconds: of what threads share, less what it takes to wake them for each wave of variables */
  return emend_team_for((double)emend_dataset_rows(p->dataset) * (double)p->plan->n_variables * CELL, p->options->threads, &p->team, p->error);
}

static emend_status make(planner *p) {
  emend_plan *plan = p->plan;
  emend_status status = planner_read_wishes(p);
  if (!status)
    status = gather_team(p);
  if (status)
    return status;
  plan->weight = p->wanted.weight;
  plan->id = p->wanted.id;
  if (plan->weight >= 0)
    status = emend_weights_read(p->dataset, (size_t)plan->weight, &plan->weights, &plan->weight_kind, p->events, p->error);
  if (!status && plan->weights && p->options->weight_kind >= 0)
    plan->weight_kind = (emend_weight_kind)p->options->weight_kind;
  if (!status)
    status = planner_look_at_all(p);
  if (!status)
    status = emend_code_wishes_check(&p->wishes, plan, p->error);
  if (!status)
    status = emend_not_applicable_find(plan, p->error);
  if (!status)
    status = find_groups(p);
  if (!status)
    status = planner_find_multiple(p);
  if (!status)
    status = planner_find_paradata(p);
  for (size_t v = 0; !status && v < plan->n_variables; v++)
    if (!emend_ruled_formula(&plan->rules, emend_rules_of(&plan->rules, v)))
      status = planner_decide(p, v);
  for (size_t i = 0; !status && i < plan->rules.n; i++) /* each after what it speaks of */
    if (emend_ruled_formula(&plan->rules, &plan->rules.items[i]))
      status = planner_decide(p, plan->rules.items[i].variable);
  if (!status)
    status = tell_unanswered(p);
  if (!status)
    status = planner_look_at_distributions(p);
  if (!status)
    status = planner_tell_doubts(p);
  if (!status)
    status = planner_tell_codes(p);
  if (!status)
    status = tell_weights(p);
  if (!status)
    status = planner_find_skips(p);
  if (!status)
    status = emend_plan_decide_fates(plan, p->team, p->events, p->error);
  if (!status)
    status = planner_tell_skips(p);
  if (!status && !p->options->scores_only)
    status = planner_tell_sets(p);
  if (!status && !p->options->scores_only)
    status = planner_list_apart(p);
  if (!status && !p->options->scores_only)
    status = planner_find_products(p);
  if (!status && !p->options->scores_only)
    status = planner_find_relations(p);
  if (!status)
    status = planner_tell_relations(p);
  if (!status && !p->options->scores_only)
    status = planner_find_totals(p);
  if (!status)
    status = planner_tell_breakoffs(p);
  if (!status && !p->options->scores_only)
    status = planner_tell_unasked(p);
  if (!status && !p->options->scores_only)
    status = planner_tell_panels(p);
  if (!status)
    status = emend_carried_find(plan, &plan->carried, p->events, p->error);
  for (size_t v = 0; !status && v < plan->n_variables; v++)
    if (plan->variables[v].missing.fill == 0)
      plan->fills[v] = EMEND_FILLS_NOTHING;
  if (!status && p->options->flags)
    status = emend_flags_describe(plan, &plan->flags, p->error);
  return status;
}

emend_status emend_plan_new(const emend_dataset *dataset, const emend_plan_options *options, emend_events *events, emend_plan **plan,
                            emend_error *error) {
  static const emend_plan_options defaults = {.weight_kind = -1};
  *plan = NULL;
  emend_plan *made = calloc(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  made->dataset = dataset;
  made->n_variables = emend_dataset_variables(dataset);
  made->weight = made->id = made->by = -1;
  made->weight_kind = EMEND_FREQUENCY_WEIGHTS;
  made->variables = emend_allocate(made->n_variables, sizeof *made->variables);
  made->storages = emend_allocate(made->n_variables, sizeof *made->storages);
  made->fills = emend_allocate(made->n_variables, 1);
  planner p = {.dataset = dataset, .options = options ? options : &defaults, .plan = made, .events = events, .error = error};
  made->threads = p.options->threads;
  emend_status status = made->variables && made->storages && made->fills ? make(&p) : emend_fail_memory(error);
  emend_team_free(p.team);
  emend_code_wishes_free(&p.wishes);
  free(p.wanted.variables);
  free(p.wanted.targets);
  free(p.wanted.exclude);
  free(p.wanted.types), free(p.wanted.multiple), free(p.wanted.paradata), free(p.wanted.known);
  free(p.shapes), free(p.orders);
  free(p.wanted.type_chosen);
  free(p.given), free(p.apart);
  if (status)
    emend_plan_free(made);
  else
    *plan = made;
  return status;
}

void emend_plan_free(emend_plan *plan) {
  if (!plan)
    return;
  for (size_t v = 0; plan->variables && v < plan->n_variables; v++) {
    emend_allowed_free(&plan->variables[v].allowed);
    free(plan->variables[v].observed.values);
    free(plan->variables[v].observed.counts);
    emend_categories_free(&plan->variables[v].categories);
    emend_transform_free(&plan->variables[v].transform);
    free(plan->variables[v].codes);
    if (plan->says_not_applicable)
      free(plan->says_not_applicable[v]);
  }
  free(plan->says_not_applicable);
  free(plan->variables);
  free(plan->storages);
  free(plan->fills);
  emend_flags_free(&plan->flags);
  emend_carried_free(&plan->carried);
  emend_relations_free(&plan->relations);
  free(plan->computations.items);
  emend_rules_free(&plan->rules);
  free(plan->weights);
  free(plan);
}
