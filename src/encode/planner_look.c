/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include "base/memory.h"
#include "encode/multiple.h"
#include "encode/paradata.h"

/* Remembers the codes of a variable that it does not declare. */
static emend_status note_given(planner *p, size_t v) {
  const emend_planned *planned = &p->plan->variables[v];
  for (size_t i = 0; i < planned->n_codes; i++) {
    double value = planned->codes[i].value;
    if (planned->codes[i].reason != EMEND_USER_MISSING || emend_variable_declares_missing(emend_dataset_variable(p->dataset, v), value) ||
        emend_dataset_find_doubt(p->dataset, v, value, NULL))
      continue;
    bool known = false;
    for (size_t j = 0; !known && j < p->n_given; j++)
      known = p->given[j] == value;
    if (known)
      continue;
    if (!emend_reserve(&p->given, p->n_given, &p->given_capacity, sizeof *p->given))
      return emend_fail_memory(p->error);
    p->given[p->n_given++] = value;
  }
  return EMEND_OK;
}

/* A date stays one: a fraction of a day is none. */
static bool may_round(const planner *p, size_t v) { return !p->options->no_round || emend_variable_get_kind(p->dataset, v) != EMEND_NUMERIC; }

static emend_status plan_number(planner *p, size_t v, const emend_tally *codes) {
  emend_plan *plan = p->plan;
  emend_planned *planned = &plan->variables[v];
  emend_status status =
      emend_codes_find(p->dataset, v, &planned->observed, codes, &p->wishes, &planned->codes, &planned->n_codes, p->error);
  if (!status)
    status = note_given(p, v);
  const emend_observed *observed = &planned->observed;
  planned->rounds = may_round(p, v) && (observed->integers || observed->labelled || observed->n_values > 0);
  planned->keeps_system = planned->n_codes > 0 && planned->codes[0].reason == EMEND_SYSTEM_MISSING && !planned->codes[0].fill;
  return status || !observed->counts ? status
                                     : emend_categories_of_numbers(p->dataset, v, observed->values, observed->counts, observed->n_values,
                                                                   plan->weights, &planned->categories, p->error);
}

static emend_status plan_text(planner *p, size_t v) {
  emend_planned *planned = &p->plan->variables[v];
  emend_status status = emend_codes_find_texts(p->dataset, v, &planned->observed, &p->wishes, &planned->codes, &planned->n_codes, p->error);
  planned->keeps_system = planned->n_codes > 0 && planned->codes[0].reason == EMEND_SYSTEM_MISSING && !planned->codes[0].fill;
  return status;
}

static emend_status observe_text(const planner *p, size_t v) {
  emend_planned *planned = &p->plan->variables[v];
  emend_observe_reasons(p->dataset, v, planned->observed.by_reason);
  planned->observed.n = planned->observed.by_reason[EMEND_OBSERVED];
  return emend_wanted_as_score(&p->wanted, v) ? EMEND_OK
                                              : emend_categories_of_texts(p->dataset, v, p->plan->weights, &planned->categories, NULL);
}

static emend_status observe_number(const planner *p, size_t v, emend_observe_work *work) {
  const emend_plan *plan = p->plan;
  bool wanted = may_round(p, v) && emend_wanted_may_fill(p->dataset, &p->wanted, v);
  return emend_observe(p->dataset, v, plan->weights, plan->weight_kind, wanted, work, &plan->variables[v].observed, NULL);
}

enum { WAVE = 16 }; /* columns looked at side by side */

typedef struct look {
  const planner *p;
  size_t first;
  emend_observe_work work[WAVE];
  emend_status status[WAVE];
} look;

static void look_at(void *context, size_t task) {
  look *l = context;
  size_t v = l->first + task;
  l->status[task] =
      emend_variable_get_kind(l->p->dataset, v) == EMEND_TEXT ? observe_text(l->p, v) : observe_number(l->p, v, &l->work[task]);
}

/* The next variables: all that fails is memory. */
static emend_status look_at_wave(look *l, emend_team *team, size_t n, emend_error *error) {
  for (size_t i = 0; i < n; i++)
    if (!l->work[i].values && emend_observe_work_new(&l->work[i], error))
      return EMEND_OUT_OF_MEMORY;
  emend_team_run(team, n, look_at, l);
  for (size_t i = 0; i < n; i++)
    if (l->status[i])
      return emend_fail_memory(error);
  return EMEND_OK;
}

emend_status planner_look_at_all(planner *p) {
  look l = {.p = p};
  size_t n_variables = p->plan->n_variables, wave = 1, n;
  emend_status status = EMEND_OK;
  if (p->team) /* no more at once than can be worked at: tallies of many values are large */
    wave = 2 * emend_team_size(p->team) < WAVE ? 2 * emend_team_size(p->team) : WAVE;
  for (; l.first < n_variables && !status; l.first += n) {
    n = n_variables - l.first < wave ? n_variables - l.first : wave;
    status = look_at_wave(&l, p->team, n, p->error);
    for (size_t i = 0; i < n && !status; i++)
      status = emend_variable_get_kind(p->dataset, l.first + i) == EMEND_TEXT ? plan_text(p, l.first + i)
                                                                              : plan_number(p, l.first + i, l.work[i].codes);
  }
  for (size_t i = 0; i < WAVE; i++)
    emend_observe_work_free(&l.work[i]);
  return status;
}

emend_status planner_find_multiple(planner *p) {
  p->wanted.multiple = emend_allocate(p->plan->n_variables, 1);
  if (!p->wanted.multiple)
    return emend_fail_memory(p->error);
  emend_multiple_find(p->plan, p->wanted.multiple);
  for (size_t v = 0; v < p->plan->n_variables; v++)
    if (emend_rules_of(&p->plan->rules, v)) /* the user says where it is filled */
      p->wanted.multiple[v] = EMEND_MULTIPLE_NOT;
  return EMEND_OK;
}

emend_status planner_find_paradata(planner *p) {
  p->wanted.paradata = emend_allocate(p->plan->n_variables, 1);
  if (!p->wanted.paradata)
    return emend_fail_memory(p->error);
  emend_paradata_find(p->plan, p->wanted.paradata);
  return EMEND_OK;
}
