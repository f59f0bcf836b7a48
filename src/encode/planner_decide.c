/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <stdlib.h>
#include <string.h>

#include "base/events.h"
#include "base/memory.h"
#include "data/rows.h"
#include "encode/distribution.h"
#include "encode/plausible.h"
#include "encode/selection.h"
#include "encode/type.h"

static emend_status fail_infinite(planner *p, size_t v) {
  const emend_planned *planned = &p->plan->variables[v];
  const char *name = emend_variable_name(p->dataset, v);
  bool in_model = planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_PREDICT || planned->role == EMEND_ROLE_CONSTANT;
  if (!planned->observed.infinite_row || !in_model)
    return EMEND_OK;
  emend_fail(p->error, EMEND_UNSUPPORTED, "the value is infinite");
  emend_at_variable(p->error, name);
  emend_at_row(p->error, (int64_t)planned->observed.infinite_row);
  emend_try(p->error, "--exclude %s", name);
  return EMEND_UNSUPPORTED;
}

static void count_missing(emend_planned *planned) {
  const size_t *by_reason = planned->observed.by_reason;
  emend_missing_counts *missing = &planned->missing;
  missing->observed = by_reason[EMEND_OBSERVED];
  missing->system = by_reason[EMEND_SYSTEM_MISSING];
  missing->user = by_reason[EMEND_USER_MISSING];
  missing->empty = by_reason[EMEND_EMPTY_TEXT];
  missing->structural = by_reason[EMEND_STRUCTURAL];
  for (int tag = EMEND_TAG_A; tag <= EMEND_TAG_UNDERSCORE; tag++)
    missing->tagged += by_reason[tag];
  size_t all = missing->system + missing->user + missing->empty + missing->structural + missing->tagged;
  missing->fill = planned->fills && !planned->keeps_system ? missing->empty + missing->system : 0;
  for (size_t i = 0; planned->fills && i < planned->n_codes; i++)
    missing->fill += planned->codes[i].fill && planned->codes[i].reason != EMEND_SYSTEM_MISSING ? planned->codes[i].count : 0;
  missing->keep = all - missing->fill;
}

/*
 * Of what nobody answered nothing can be learnt, unless a given model knows it: its cells are not promised but counted by themselves. Where
 * a condition is stated, it says who was to answer, perhaps nobody.
 */
static void set_unanswered_aside(const planner *p, size_t v, emend_planned *planned) {
  emend_missing_counts *missing = &planned->missing;
  if (!planned->fills || planned->observed.n > 0 || missing->fill == 0 || p->wanted.known[v] || emend_rules_of(&p->plan->rules, v))
    return;
  planned->fills = false;
  planned->why = planned->type_why = "nobody answered it";
  missing->unanswered = missing->fill;
  missing->keep += missing->fill, missing->fill = 0;
  for (size_t i = 0; i < planned->n_codes; i++)
    if (planned->codes[i].fill)
      planned->codes[i].fill = 0, planned->codes[i].unanswered = 1, planned->codes[i].why = "nobody answered the variable";
}

/* Whole numbers come out of a formula if whole numbers go into it. Its operands have been decided. */
static bool gives_whole(const planner *p, const emend_rule *formula) {
  bool whole = emend_rule_is_whole(formula);
  for (size_t i = 0; i < emend_rule_operands(formula) && whole; i++) {
    const emend_planned *operand = &p->plan->variables[emend_rule_operand(formula, i)];
    whole = operand->observed.integers && (operand->missing.fill == 0 || operand->rounds);
  }
  return whole;
}

/* Fractions have no place in a variable of whole numbers, unless they are rounded to what occurs in it: it is widened, and nothing lost.
 * Single precision stays: it is the variable's own, to which Stata, too, rounds what it is given. */
static emend_storage needed_storage(const planner *p, size_t v) {
  const emend_planned *planned = &p->plan->variables[v];
  emend_storage own = emend_dataset_variable(p->dataset, v)->storage;
  bool whole = own == EMEND_STORAGE_I8 || own == EMEND_STORAGE_I16 || own == EMEND_STORAGE_I32;
  const emend_ruled *ruled = emend_rules_of(&p->plan->rules, v);
  if (emend_ruled_formula(&p->plan->rules, ruled) && planned->missing.fill > 0)
    return whole && !gives_whole(p, emend_ruled_formula(&p->plan->rules, ruled)) ? EMEND_STORAGE_F64 : own;
  bool fractions = planned->missing.fill > 0 && !planned->rounds && planned->role != EMEND_ROLE_CONSTANT && planned->observed.n > 0;
  return whole && fractions ? EMEND_STORAGE_F64 : own;
}

/* Of few rows other data may look like another type than those that the model was estimated from. */
static emend_status take_known_type(planner *p, size_t v) {
  emend_planned *planned = &p->plan->variables[v];
  bool categories = p->wanted.known[v] == EMEND_KNOWN_AS_CATEGORIES, number = p->wanted.known[v] == EMEND_KNOWN_AS_NUMBER;
  emend_type type = categories && !emend_type_is_nominal(planned->type) ? EMEND_TYPE_NOMINAL
                    : number && emend_type_is_nominal(planned->type)    ? EMEND_TYPE_ORDINAL
                                                                        : EMEND_TYPE_UNKNOWN;
  bool text = emend_variable_get_kind(p->dataset, v) == EMEND_TEXT;
  if (!type || planned->observed.n == 0 || (number && text)) /* the model brings the order of texts along (impute/adopt.c) */
    return EMEND_OK;
  emend_status status = emend_type_decide(p->dataset, v, type, NULL, planned, NULL);
  if (!status)
    planned->type_why = "--model";
  return status ? emend_type_decide(p->dataset, v, EMEND_TYPE_UNKNOWN, NULL, planned, p->error) : status;
}

/* A range or glob may sweep up what it does not fit: then it says nothing. An order that is named is meant for what it sweeps up, but for
 * a bare star. */
static emend_status decide_swept_up(planner *p, size_t v, emend_type *wish) {
  emend_planned *planned = &p->plan->variables[v];
  emend_error *error = emend_error_new();
  emend_status status = error ? emend_type_decide(p->dataset, v, *wish, &p->orders[v], planned, error) : emend_fail_memory(p->error);
  if (status && status != EMEND_OUT_OF_MEMORY && p->orders[v].list && p->orders[v].by != EMEND_CHOSEN_BY_STAR)
    emend_warn(p->events, "%s: %s; the order is not used for it", emend_error_variable(error), emend_error_message(error));
  emend_error_free(error);
  if (status == EMEND_OUT_OF_MEMORY)
    return emend_fail_memory(p->error);
  if (status)
    *wish = EMEND_TYPE_UNKNOWN, status = emend_type_decide(p->dataset, v, *wish, NULL, planned, p->error);
  return status;
}

static emend_status decide_type(planner *p, size_t v) {
  emend_planned *planned = &p->plan->variables[v];
  emend_type wish = (emend_type)p->wanted.types[v];
  bool by_name = p->wanted.type_chosen[v] == EMEND_CHOSEN_BY_NAME;
  emend_status status =
      by_name || !wish ? emend_type_decide(p->dataset, v, wish, &p->orders[v], planned, p->error) : decide_swept_up(p, v, &wish);
  if (!status && !wish)
    status = take_known_type(p, v);
  if (status || planned->type != EMEND_TYPE_ORDINAL || !planned->categories.texts)
    return status;
  planned->rounds = true;
  return emend_steps_observe(planned, p->plan->weight_kind, p->error);
}

/* As how many columns the variable enters the model. */
static emend_status count_columns(planner *p, size_t v, emend_planned *planned) {
  enum { ROWS_PER_LEVEL = 10 };
  bool in_model = emend_planned_takes_part(planned);
  planned->n_columns = in_model;
  if (in_model && !p->options->scores_only) {
    emend_status shaped = emend_shape_decide(p->dataset, v, p->plan->weights, &p->shapes[v], planned, p->error);
    planned->n_columns = planned->spiked ? 2 : 1;
    if (shaped)
      return shaped;
  }
  if (!in_model || !emend_type_is_nominal(planned->type) || emend_wanted_as_score(&p->wanted, v))
    return EMEND_OK;
  emend_status status = emend_categories_pool(&planned->categories, planned->observed.n, planned->observed.n / ROWS_PER_LEVEL, p->error);
  planned->n_columns = planned->categories.n_levels - 1;
  planned->rounds = true;
  return status;
}

/* So many that the last one is nothing beside the sd; -1: too many. */
static int decimals_beside(double sd) {
  static const double NOTHING = 1e-5;
  int decimals = 0;
  while (decimals <= EMEND_MOST_WRITTEN && !(NOTHING * sd * emend_decimal_scale(decimals) >= 1))
    decimals++;
  return decimals <= EMEND_MOST_WRITTEN ? decimals : -1;
}

/* With how many decimals a number that is none of the observed ones is written: as many as the observed ones have, but none that say nothing. */
static int imputed_decimals(const planner *p, const emend_planned *planned) {
  enum { FEWEST = 5 };
  const emend_observed *o = &planned->observed;
  bool guessed = planned->type == EMEND_TYPE_CONTINUOUS && o->n >= FEWEST && !o->integers;
  if (!guessed || !planned->fills || p->options->no_round)
    return -1;
  return o->decimals >= 0 ? o->decimals : decimals_beside(o->sd);
}

/* Those that occur. Of a quantity none beyond its plausible ends: only rows that weigh nothing have such. */
static void list_values(emend_planned *planned) {
  const double *first = planned->observed.values, *end = first + planned->observed.n_values;
  bool quantity = planned->type == EMEND_TYPE_INTEGER;
  while (quantity && first < end && *first < planned->plausible_lo)
    first++;
  while (quantity && first < end && end[-1] > planned->plausible_hi)
    end--;
  planned->allowed.values = first, planned->allowed.n_values = (size_t)(end - first);
}

/* A computed variable is exactly what its formula says, and in the model only if named for it. */
static void decide_formula(const planner *p, size_t v, const emend_ruled *ruled) {
  emend_planned *planned = &p->plan->variables[v];
  const emend_wanted *wanted = &p->wanted;
  bool stands_aside =
      planned->role == EMEND_ROLE_WEIGHT || (wanted->id >= 0 && (size_t)wanted->id == v) || (wanted->exclude && wanted->exclude[v]);
  if (stands_aside)
    return;
  bool named = wanted->variables && wanted->variables[v] == EMEND_CHOSEN_BY_NAME && planned->role == EMEND_ROLE_FILL;
  planned->role = named ? EMEND_ROLE_PREDICT : EMEND_ROLE_DERIVED;
  planned->why = ruled->why;
  planned->fills = !wanted->targets || wanted->targets[v];
  planned->may_model = named;
  planned->rounds = false;
}

emend_status planner_decide(planner *p, size_t v) {
  emend_plan *plan = p->plan;
  emend_planned *planned = &plan->variables[v];
  const emend_ruled *ruled = emend_rules_of(&plan->rules, v);
  bool computed = emend_ruled_formula(&plan->rules, ruled) != NULL;
  emend_status decided = decide_type(p, v);
  if (!decided)
    decided = emend_role_decide(p->dataset, &p->wanted, plan->weight_kind, v, planned, p->error);
  if (!decided && computed)
    decide_formula(p, v, ruled);
  if (!decided)
    decided = count_columns(p, v, planned);
  if (decided)
    return decided;
  planned->rounds = planned->rounds && planned->fills && planned->type != EMEND_TYPE_CONTINUOUS && !computed;
  for (size_t i = 0; !planned->fills && i < planned->n_codes; i++) {
    planned->codes[i].fill = 0;
    planned->codes[i].why = "the variable is not filled";
  }
  planned->decimals = computed ? -1 : imputed_decimals(p, planned);
  count_missing(planned);
  set_unanswered_aside(p, v, planned);
  planned->storage = plan->storages[v] = needed_storage(p, v);
  emend_status status = fail_infinite(p, v);
  emend_plausible_look(p->dataset, v, plan->weights, planned);
  planned->keeps_plausible = planned->type == EMEND_TYPE_CONTINUOUS && !p->wanted.types[v] && planned->fills && !p->options->no_round &&
                             !planned->bounded && !computed;
  if (!status && planned->missing.fill > 0) {
    size_t n_given = emend_variable_get_kind(p->dataset, v) == EMEND_TEXT ? 0 : p->n_given; /* steps are no codes */
    status = emend_allowed_new(p->dataset, v, planned->storage, p->given, n_given, &planned->allowed, p->error);
    if (planned->rounds && planned->observed.n_values > 0)
      list_values(planned);
    if (planned->bounded)
      emend_allowed_cut(&planned->allowed, planned->lo, planned->hi);
    if (planned->decimals >= 0)
      planned->allowed.scale = emend_decimal_scale(planned->decimals);
    bool listed = !computed && (planned->allowed.values || planned->categories.n_levels);
    plan->fills[v] = listed && planned->role != EMEND_ROLE_CONSTANT ? EMEND_FILLS_OCCURRING : EMEND_FILLS_ANY;
  } else {
    free(planned->observed.values); /* nothing will be rounded to it */
    planned->observed.values = NULL;
  }
  return status;
}

static bool may_choose_transform(const planner *p, size_t v) {
  const emend_plan_options *options = p->options;
  return options->chooses_transforms && !options->scores_only && p->shapes[v].by[EMEND_SHAPE_TRANSFORM] == EMEND_NOT_CHOSEN;
}

/* A transform that was said was said of all answers together. */
static bool may_choose_spike(const planner *p, size_t v) {
  const emend_plan_options *options = p->options;
  const emend_shape_wish *wish = &p->shapes[v];
  bool transformed = wish->by[EMEND_SHAPE_TRANSFORM] != EMEND_NOT_CHOSEN && (wish->choose || wish->transform != EMEND_TRANSFORM_NONE);
  bool none = options->spikes && strcmp(options->spikes, EMEND_NO_SPIKES) == 0;
  return options->chooses_spikes && !none && !options->scores_only && wish->by[EMEND_SHAPE_SPIKE] == EMEND_NOT_CHOSEN && !transformed;
}

typedef struct distributions {
  const planner *p;
  unsigned char *failed; /* per variable */
} distributions;

static void look_at_distribution(void *context, size_t v) {
  const distributions *d = context;
  const planner *p = d->p;
  emend_planned *planned = &p->plan->variables[v];
  if (!emend_ruled_formula(&p->plan->rules, emend_rules_of(&p->plan->rules, v)))
    d->failed[v] = emend_distribution_look(p->dataset, v, p->plan->weights, may_choose_spike(p, v), may_choose_transform(p, v),
                                           planned, NULL) != EMEND_OK;
}

/* All that fails is memory. */
emend_status planner_look_at_distributions(planner *p) {
  size_t n = p->plan->n_variables;
  distributions d = {.p = p, .failed = emend_allocate(n, 1)};
  if (!d.failed)
    return emend_fail_memory(p->error);
  emend_team_run(p->team, n, look_at_distribution, &d);
  bool failed = memchr(d.failed, 1, n) != NULL;
  free(d.failed);
  return failed ? emend_fail_memory(p->error) : EMEND_OK;
}
