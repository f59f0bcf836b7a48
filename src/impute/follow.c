/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/follow.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "decode/truncated.h"
#include "impute/decoding.h"
#include "impute/follower.h"
#include "impute/recompute.h"

enum { MOST_INTERVALS = 64 };

/* The key of a value that a cell receives. */
static double key_of(const emend_categories *c, double value) {
  size_t category = c->texts && !isnan(value) ? emend_categories_of_value(c, value) : EMEND_NO_CATEGORY;
  return !c->texts ? value : category < c->n ? (double)c->texts[category] : NAN;
}

/* The value that a cell receives to have the key; NaN where it is not to be had. */
static double value_of(const emend_categories *c, double key) {
  if (!c->texts)
    return key;
  for (size_t k = 0; k < c->n; k++)
    if ((double)c->texts[k] == key && emend_categories_gives(c, k))
      return c->numbers ? c->numbers[k] : (double)k;
  return NAN;
}

static double observed_key(const emend_categories *c, size_t row, const emend_run *run) {
  size_t category = c->texts ? emend_categories_of_cell(c, row, *run->reasons, *run->values) : EMEND_NO_CATEGORY;
  return !c->texts ? *run->values : category < c->n ? (double)c->texts[category] : NAN;
}

static emend_followed known(double key) { return (emend_followed){isnan(key) ? EMEND_FOLLOWED_NONE : EMEND_FOLLOWED_KNOWN, key}; }

emend_followed emend_follower_look(const emend_follower *f, size_t row, size_t v, bool all) {
  const emend_planned *planned = &f->made->plan->variables[v];
  emend_run run = emend_dataset_run(f->made->plan->dataset, v, row);
  bool moved, computed = planned->role == EMEND_ROLE_DERIVED;
  if (*run.reasons == EMEND_OBSERVED)
    return known(observed_key(&planned->categories, row, &run));
  if (!emend_imputation_fills(f->made, row, v, *run.reasons, *run.values))
    return (emend_followed){EMEND_FOLLOWED_NONE, NAN};
  const emend_solved *solved = emend_settled_solved(&f->made->settled, row, v);
  if (solved || (computed && all))
    return known(key_of(&planned->categories, solved ? solved->value : emend_imputation_decode(f->made, row, v, &moved)));
  return (emend_followed){computed || (f->filters[v] && !all) ? EMEND_FOLLOWED_NONE : EMEND_FOLLOWED_OPEN, NAN};
}

static emend_status settle(emend_follower *f, emend_solved cell, bool *told, emend_error *error) {
  if (isnan(cell.value))
    return EMEND_OK;
  *told = true;
  return emend_settled_add(&f->made->settled, cell, error);
}

emend_status emend_follower_settle(emend_follower *f, size_t row, size_t v, double value, bool *told, emend_error *error) {
  return settle(f, (emend_solved){.row = row, .variable = v, .value = value}, told, error);
}

emend_status emend_follower_take(emend_follower *f, size_t row, size_t v, bool *told, emend_error *error) {
  bool moved;
  double value = emend_imputation_decode(f->made, row, v, &moved);
  return settle(f, (emend_solved){.row = row, .variable = v, .value = value, .of_model = true}, told, error);
}

static emend_status tell_target(emend_follower *f, size_t row, const emend_relation *r, double source, bool *told, emend_error *error) {
  const emend_planned *planned = &f->made->plan->variables[r->target];
  const emend_relation_piece *piece = emend_relation_find(r, source);
  if (!piece)
    return EMEND_OK;
  double value = value_of(&planned->categories, piece->target);
  bool beyond = planned->bounded && (value < planned->lo || value > planned->hi);
  return beyond ? EMEND_OK : emend_follower_settle(f, row, r->target, value, told, error);
}

/* Whether a source may be `key`, for all that its targets say. */
static bool agrees(const emend_follower *f, size_t row, size_t source, double key) {
  for (size_t i = 0; i < f->relations->n; i++) {
    const emend_relation *r = &f->relations->items[i];
    emend_followed target =
        r->source == source ? emend_follower_look(f, row, r->target, false) : (emend_followed){EMEND_FOLLOWED_NONE, NAN};
    if (target.state == EMEND_FOLLOWED_KNOWN && !emend_relation_admits(r, key, target.key))
      return false;
  }
  return true;
}

/* Cuts intervals to those of a relation in which the target is as it is; false: there are too many. */
static bool cut(const emend_relation *r, double target, emend_interval *intervals, size_t *n) {
  emend_interval now[MOST_INTERVALS];
  size_t n_now = 0;
  for (size_t i = 0; i < r->n; i++)
    for (size_t k = 0; k < *n && r->pieces[i].target == target; k++) {
      double from = i ? r->pieces[i].lo : -HUGE_VAL, to = i + 1 < r->n ? r->pieces[i].hi : HUGE_VAL;
      emend_interval both = {fmax(from, intervals[k].lo), fmin(to, intervals[k].hi)};
      if (both.lo > both.hi)
        continue;
      if (n_now == MOST_INTERVALS)
        return false;
      now[n_now++] = both;
    }
  for (size_t k = 0; k < n_now; k++)
    intervals[k] = now[k];
  *n = n_now;
  return true;
}

static double distance(emend_interval of, double x) { return x < of.lo ? of.lo - x : x > of.hi ? x - of.hi : 0; }

double emend_follower_move_inside(const emend_follower *f, size_t row, size_t v, double wish, emend_interval into) {
  const emend_planned *planned = &f->made->plan->variables[v];
  emend_method method = f->made->method.method;
  emend_allowed allowed = planned->allowed;
  double sd = emend_imputation_spread(f->made, row, v), x = fmin(fmax(wish, into.lo), into.hi);
  bool moved;
  if (planned->bounded)
    into.lo = fmax(into.lo, planned->lo), into.hi = fmin(into.hi, planned->hi);
  sd = sd > 0 && isfinite(sd) ? sd : planned->observed.sd;
  if (into.lo < into.hi && method == EMEND_METHOD_DRAW)
    x = emend_truncated_quantile(wish, sd, into.lo, into.hi, emend_imputation_uniform(f->made, row, v));
  else if (into.lo < into.hi && method != EMEND_METHOD_MATCH) /* the ends are answers */
    x = emend_truncated_mean(wish, sd, into.lo, into.hi);
  emend_allowed_cut(&allowed, into.lo, into.hi);
  double value = emend_allowed_nearest(&allowed, x, &moved);
  return value >= into.lo && value <= into.hi ? value : NAN;
}

static double choose_number(const emend_follower *f, size_t row, size_t v) {
  emend_interval intervals[MOST_INTERVALS] = {{-HUGE_VAL, HUGE_VAL}};
  size_t n = 1, best = 0;
  bool moved;
  double wish = emend_imputation_decode(f->made, row, v, &moved);
  for (size_t i = 0; i < f->relations->n; i++) {
    const emend_relation *r = &f->relations->items[i];
    emend_followed target = r->source == v ? emend_follower_look(f, row, r->target, false) : (emend_followed){EMEND_FOLLOWED_NONE, NAN};
    if (target.state == EMEND_FOLLOWED_KNOWN && !cut(r, target.key, intervals, &n))
      return NAN;
  }
  for (size_t i = 1; i < n; i++)
    best = distance(intervals[i], wish) < distance(intervals[best], wish) ? i : best;
  return n == 0 || isnan(wish)                  ? NAN
         : distance(intervals[best], wish) == 0 ? wish
                                                : emend_follower_move_inside(f, row, v, wish, intervals[best]);
}

static double choose_code(const emend_follower *f, size_t row, size_t v) {
  const unsigned char *original;
  unsigned char admissible[EMEND_MOST_CATEGORIES] = {0};
  const emend_categories *all = &f->made->plan->variables[v].categories;
  const emend_categories *c = emend_imputation_categories(f->made, row, v, &original);
  bool moved, any = false;
  double wish = emend_imputation_decode(f->made, row, v, &moved);
  if (isnan(wish) || agrees(f, row, v, key_of(all, wish)))
    return wish;
  for (size_t k = 0; k < c->n; k++) {
    double key = all->texts ? (double)all->texts[original ? original[k] : k] : c->numbers[k];
    admissible[k] = emend_categories_gives(c, k) && agrees(f, row, v, key);
    any = any || admissible[k];
  }
  return any ? emend_imputation_choose(f->made, row, v, admissible) : NAN;
}

/* A source that is filled, as its targets allow. */
static emend_status tell_source(emend_follower *f, size_t row, size_t v, bool *told, emend_error *error) {
  const emend_planned *planned = &f->made->plan->variables[v];
  bool bands = planned->type == EMEND_TYPE_CONTINUOUS || planned->type == EMEND_TYPE_INTEGER;
  for (size_t i = 0; i < f->relations->n && bands; i++)
    bands = f->relations->items[i].source != v || f->relations->items[i].kind == EMEND_RELATION_BANDS;
  if (f->made->column_of[v] < 0)
    return EMEND_OK;
  bool moved;
  double value = bands ? choose_number(f, row, v) : choose_code(f, row, v), wish = emend_imputation_decode(f->made, row, v, &moved);
  return settle(f, (emend_solved){.row = row, .variable = v, .value = value, .of_model = value == wish}, told, error);
}

/* From a known source to its target; `back`: from a known target to its source. */
static emend_status tell(emend_follower *f, const emend_relation *r, size_t row, bool all, bool back, bool *told, emend_error *error) {
  emend_followed target = emend_follower_look(f, row, r->target, all), source = emend_follower_look(f, row, r->source, all);
  if (!back && target.state == EMEND_FOLLOWED_OPEN && source.state == EMEND_FOLLOWED_KNOWN)
    return tell_target(f, row, r, source.key, told, error);
  if (back && target.state == EMEND_FOLLOWED_KNOWN && source.state == EMEND_FOLLOWED_OPEN)
    return tell_source(f, row, r->source, told, error);
  return EMEND_OK;
}

/* What the model says of a source, where neither is known; one that is computed only if there is no other way. */
static emend_status take_source(emend_follower *f, const emend_relation *r, size_t row, bool any, bool *told, emend_error *error) {
  if (!any && f->told[r->source] == EMEND_TOLD_BY_INPUTS)
    return EMEND_OK;
  if (emend_follower_look(f, row, r->source, true).state != EMEND_FOLLOWED_OPEN ||
      emend_follower_look(f, row, r->target, true).state != EMEND_FOLLOWED_OPEN)
    return EMEND_OK;
  return emend_follower_take(f, row, r->source, told, error);
}

/* A row is told in several rounds; its holes are looked for in the first. */
static bool has_holes(emend_follower *f, size_t row) {
  if (!f || f->row == row)
    return f && f->holes;
  f->row = row, f->holes = false;
  for (size_t i = 0; i < f->n_variables && !f->holes; i++)
    f->holes = *emend_dataset_run(f->made->plan->dataset, f->variables[i], row).reasons != EMEND_OBSERVED;
  if (f->holes)
    emend_recompute_begin_row(f, row);
  return f->holes;
}

/* What the model says of cells that tell others, where nothing tells them. */
static emend_status take(emend_follower *f, size_t row, bool any, bool *told, emend_error *error) {
  emend_status status = emend_recompute_take(f, row, any, told, error);
  for (size_t i = 0; i < f->relations->n && !*told && !status; i++)
    status = take_source(f, &f->relations->items[i], row, any, told, error);
  return status;
}

/* Each round settles a cell at least, until there is none. What is certain of a target, or computed, comes before what a source may be. */
emend_status emend_follower_tell_row(emend_follower *f, size_t row, bool all, bool *told, emend_error *error) {
  emend_status status = EMEND_OK;
  for (bool again = has_holes(f, row); again && !status;) {
    again = false;
    for (size_t i = 0; i < f->relations->n && !status; i++)
      status = tell(f, &f->relations->items[i], row, all, false, &again, error);
    if (!status)
      status = emend_recompute_tell(f, row, all, &again, error);
    for (size_t i = 0; i < f->relations->n && !again && !status; i++)
      status = tell(f, &f->relations->items[i], row, all, true, &again, error);
    if (all && !again && !status)
      status = emend_recompute_share(f, row, &again, error);
    for (int any = 0; any <= 1 && all && !again && !status; any++)
      status = take(f, row, any, &again, error);
    *told = *told || again;
  }
  return status;
}

void emend_follower_compare_row(emend_follower *f, size_t row) {
  bool holes = has_holes(f, row);
  if (holes)
    emend_recompute_compare_row(f, row);
  for (size_t i = 0; holes && i < f->relations->n; i++) {
    const emend_relation *r = &f->relations->items[i];
    bool filled = emend_cell_reason(f->made->plan->dataset, row, r->source) != EMEND_OBSERVED ||
                  emend_cell_reason(f->made->plan->dataset, row, r->target) != EMEND_OBSERVED;
    emend_followed source = emend_follower_look(f, row, r->source, true), target = emend_follower_look(f, row, r->target, true);
    if (filled && source.state == EMEND_FOLLOWED_KNOWN && target.state == EMEND_FOLLOWED_KNOWN)
      f->contrary[i] += emend_relation_find(r, source.key) && !emend_relation_admits(r, source.key, target.key);
  }
}

void emend_follower_report(const emend_follower *f, emend_events *events) {
  for (size_t i = 0; f && i < f->relations->n; i++) {
    const emend_relation *r = &f->relations->items[i];
    size_t n = f->contrary[i];
    if (n > 0)
      emend_warn(events, "%s does not agree with %s in %zu row%s in which one of them is filled: other answers or rules contradict them",
                 emend_variable_name(f->made->plan->dataset, r->target), emend_variable_name(f->made->plan->dataset, r->source), n,
                 n == 1 ? "" : "s");
  }
  if (f)
    emend_recompute_report(f, events);
}

static void list_variable(emend_follower *f, size_t v) {
  if (!f->listed[v])
    f->variables[f->n_variables++] = v;
  f->listed[v] = true;
}

static void list_variables(emend_follower *f) {
  for (size_t i = 0; i < f->relations->n; i++) {
    const emend_relation *r = &f->relations->items[i];
    list_variable(f, r->source), list_variable(f, r->target);
    f->told[r->target] = EMEND_TOLD_BY_SOURCE;
  }
  for (size_t i = 0; i < f->computations->n; i++) {
    const emend_computation *c = &f->computations->items[i];
    list_variable(f, c->target);
    for (size_t k = 0; k < emend_computation_inputs(c); k++)
      list_variable(f, emend_computation_input(c, k));
    f->told[c->target] = EMEND_TOLD_BY_INPUTS;
  }
}

emend_status emend_follower_new(emend_imputation *made, emend_follower **follower, emend_error *error) {
  *follower = NULL;
  const emend_plan *plan = made->plan;
  if (plan->relations.n + plan->computations.n == 0)
    return EMEND_OK;
  emend_follower *f = *follower = emend_allocate(1, sizeof *f);
  if (!f)
    return emend_fail_memory(error);
  *f = (emend_follower){.made = made, .relations = &plan->relations, .computations = &plan->computations, .row = SIZE_MAX};
  f->contrary = emend_allocate(f->relations->n, sizeof *f->contrary);
  f->differ = emend_allocate(f->computations->n, sizeof *f->differ);
  f->differ_row = emend_allocate(f->computations->n, sizeof *f->differ_row);
  f->touched = emend_allocate(f->computations->n, sizeof *f->touched);
  f->variables = emend_allocate(plan->n_variables, sizeof *f->variables);
  f->filters = emend_allocate(plan->n_variables, sizeof *f->filters), f->listed = emend_allocate(plan->n_variables, sizeof *f->listed);
  f->told = emend_allocate(plan->n_variables, sizeof *f->told);
  if (!f->contrary || !f->differ || !f->differ_row || !f->touched || !f->variables || !f->filters || !f->listed || !f->told)
    return emend_fail_memory(error);
  for (size_t i = 0; i < plan->rules.n; i++) {
    const emend_rule *condition = emend_ruled_condition(&plan->rules, &plan->rules.items[i]);
    for (size_t k = 0; condition && k < emend_rule_operands(condition); k++)
      f->filters[emend_rule_operand(condition, k)] = true;
  }
  list_variables(f);
  return EMEND_OK;
}

void emend_follower_free(emend_follower *f) {
  if (f)
    free(f->contrary), free(f->differ), free(f->differ_row), free(f->touched), free(f->variables), free(f->filters), free(f->listed),
        free(f->told);
  free(f);
}
