/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/settle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "encode/not_applicable.h"
#include "impute/derived.h"
#include "impute/filter.h"
#include "impute/follow.h"
#include "impute/imputation.h"
#include "impute/solve.h"

typedef struct settler {
  emend_imputation *made;
  const emend_rules *rules;
  emend_rule_row at;
  emend_solver *solver;
  emend_filters *filters;
  emend_follower *follower;
  bool broken; /* an operand of the rule at hand was promised and has no value */
  size_t n_carried; /* of the plan's cells, those of the rows before */
  bool opened; /* a condition of the row at hand was open before */
} settler;

/* After the estimation nothing is open; *imputed says that the value is not an answer. */
static void load(void *context, size_t row, size_t variable, emend_operand *operand, bool *imputed) {
  settler *s = context;
  const emend_dataset *dataset = s->made->plan->dataset;
  if (emend_operand_observed(dataset, row, variable, operand))
    return;
  emend_run cell = emend_dataset_run(dataset, variable, row);
  if (!emend_imputation_fills(s->made, row, variable, *cell.reasons, *cell.values))
    return;
  const emend_categories *c = &s->made->plan->variables[variable].categories;
  bool moved;
  operand->number = emend_imputation_decode(s->made, row, variable, &moved);
  *imputed = !isnan(operand->number);
  if (*imputed && c->texts)
    emend_operand_put_text(dataset, variable, emend_dataset_text(dataset, c->texts[emend_categories_of_value(c, operand->number)]), operand);
  s->broken = s->broken || !*imputed;
  if (*imputed)
    operand->state = EMEND_OPERAND_KNOWN;
}

static bool is_absent(void *context, size_t row, size_t variable) {
  const settler *s = context;
  emend_run cell = emend_dataset_run(s->made->plan->dataset, variable, row);
  emend_fate fate = emend_imputation_fate(s->made, row, variable, *cell.reasons, *cell.values);
  if (*cell.reasons == EMEND_OBSERVED || emend_variable_get_kind(s->made->plan->dataset, variable) == EMEND_TEXT)
    return false;
  return fate == EMEND_FATE_SKIP || (fate == EMEND_FATE_KEEP && emend_not_applicable_says(s->made->plan, row, variable));
}

/* A condition that was open holds now or does not. */
static bool holds(settler *s, const emend_ruled *item, emend_fate planned, size_t row) {
  return planned == EMEND_FATE_FILL || item->condition < 0 || emend_rule_row_evaluate(&s->at, row, item->condition)->value == 1;
}

static void settle_cell(settler *s, size_t index, size_t row) {
  const emend_ruled *item = &s->rules->items[index];
  emend_settled_item *settled = &s->made->settled.items[index];
  emend_fate fate = (emend_fate)item->fates[row];
  if (fate != EMEND_FATE_FILL && fate != EMEND_FATE_OPEN)
    return;
  s->opened = s->opened || fate == EMEND_FATE_OPEN;
  bool fills = holds(s, item, fate, row);
  if (fills && settled->values) {
    s->broken = false;
    double value = emend_rule_row_compute(&s->at, row, item).value;
    settled->values[row] = value;
    fills = !isnan(value) || s->broken; /* what misses a promised part is a broken promise itself; what is undefined is none */
  }
  settled->fates[row] = fills ? EMEND_FATE_FILL : EMEND_FATE_SKIP;
}

static void settle_cells(settler *s, size_t row) {
  emend_rule_row_forget(&s->at);
  for (size_t i = 0; i < s->rules->n; i++)
    if (s->made->settled.items[i].fates)
      settle_cell(s, i, row);
}

/* What follows from what the model says and from formulas, once rules are settled; what was open follows, too. */
static emend_status follow(settler *s, size_t row, emend_error *error) {
  enum { ROUNDS = 3 };
  emend_status status = EMEND_OK;
  bool told = true;
  for (int round = 0; round < ROUNDS && told && !status; round++) {
    told = false;
    status = emend_follower_tell_row(s->follower, row, true, &told, error);
    if (told)
      settle_cells(s, row);
  }
  emend_follower_compare_row(s->follower, row);
  return status;
}

/* What follows from answers comes first (of filters last); totals tell parts that are filled whatever is imputed; with these, conditions are settled; answers
 * tell filters, and conditions follow; totals tell the parts that hung on them. */
static emend_status settle_row(settler *s, size_t row, emend_error *error) {
  bool chosen = false, followed = false;
  s->opened = false;
  emend_status status = emend_follower_tell_row(s->follower, row, false, &followed, error);
  if (!status)
    status = emend_solver_tell_row(s->solver, row, error);
  settle_cells(s, row);
  if (!status)
    status = emend_filters_choose(s->filters, row, &chosen, error);
  if (chosen)
    settle_cells(s, row);
  if (!status && (chosen || s->opened)) {
    size_t told = s->made->settled.n_solved;
    status = emend_solver_tell_row(s->solver, row, error);
    if (s->made->settled.n_solved > told)
      settle_cells(s, row);
  }
  if (!status)
    status = follow(s, row, error);
  emend_solver_compare_row(s->solver, row);
  emend_filters_compare_row(s->filters, row);
  return status;
}

/* Answers that other rows of the identifier have, or what comes there. */
static emend_status carry_row(settler *s, size_t row, emend_error *error) {
  const emend_carried *carried = &s->made->plan->carried;
  emend_status status = EMEND_OK;
  for (; s->n_carried < carried->n && carried->cells[s->n_carried].row == row && !status; s->n_carried++) {
    const emend_carried_cell *cell = &carried->cells[s->n_carried];
    bool moved;
    double value = cell->leader == SIZE_MAX ? cell->value : emend_imputation_decode(s->made, cell->leader, cell->variable, &moved);
    status = emend_settled_add(&s->made->settled, (emend_solved){.row = row, .variable = cell->variable, .value = value, .of_model = cell->leader != SIZE_MAX}, error);
  }
  return status;
}

static bool needs_settling(const emend_plan *plan, const emend_ruled *item) {
  return item->fates && (item->formula >= 0 || plan->variables[item->variable].missing.open > 0);
}

static emend_status prepare(settler *s, emend_error *error) {
  const emend_plan *plan = s->made->plan;
  size_t n_rows = emend_dataset_rows(plan->dataset);
  emend_settled_item *items = s->made->settled.items = emend_allocate(s->rules->n, sizeof *items);
  s->made->settled.n = s->rules->n;
  if (!items)
    return emend_fail_memory(error);
  for (size_t i = 0; i < s->rules->n; i++) {
    const emend_ruled *item = &s->rules->items[i];
    if (!needs_settling(plan, item))
      continue;
    items[i].fates = emend_allocate(n_rows, 1);
    items[i].values = item->formula >= 0 ? emend_allocate(n_rows, sizeof(double)) : NULL;
    if (!items[i].fates || (item->formula >= 0 && !items[i].values))
      return emend_fail_memory(error);
    memcpy(items[i].fates, item->fates, n_rows);
  }
  emend_status status = emend_rule_row_new(s->rules, &s->at, error);
  s->at.context = s;
  s->at.load = load;
  s->at.absent = is_absent;
  if (!status)
    status = emend_solver_new(s->made, &s->solver, error);
  if (!status)
    status = emend_filters_new(s->made, &s->at, &s->filters, error);
  return status ? status : emend_follower_new(s->made, &s->follower, error);
}

emend_status emend_settle(emend_imputation *made, emend_events *events, emend_error *error) {
  settler s = {.made = made, .rules = &made->plan->rules};
  size_t n_rows = emend_dataset_rows(made->plan->dataset);
  bool settles = s.rules->n + made->plan->relations.n + made->plan->computations.n > 0;
  emend_status status = settles ? prepare(&s, error) : EMEND_OK;
  for (size_t row = 0; row < n_rows && (settles || made->plan->carried.n > 0) && !status; row++) {
    status = carry_row(&s, row, error);
    if (!status && settles)
      status = settle_row(&s, row, error);
  }
  if (!status && settles) {
    emend_solver_report(s.solver, events), emend_filters_report(s.filters, events), emend_follower_report(s.follower, events);
    emend_derived_check(made, events);
  }
  emend_rule_row_free(&s.at);
  emend_solver_free(s.solver);
  emend_filters_free(s.filters);
  emend_follower_free(s.follower);
  return status;
}

emend_status emend_settled_add(emend_settled *settled, emend_solved solved, emend_error *error) {
  if (!emend_reserve(&settled->solved, settled->n_solved, &settled->solved_capacity, sizeof *settled->solved))
    return emend_fail_memory(error);
  settled->solved[settled->n_solved++] = solved;
  return EMEND_OK;
}

const emend_solved *emend_settled_solved(const emend_settled *settled, size_t row, size_t variable) {
  size_t lo = 0, hi = settled->n_solved;
  while (lo < hi) {
    size_t middle = lo + (hi - lo) / 2;
    if (settled->solved[middle].row < row)
      lo = middle + 1;
    else
      hi = middle;
  }
  for (; lo < settled->n_solved && settled->solved[lo].row == row; lo++)
    if (settled->solved[lo].variable == variable)
      return &settled->solved[lo];
  return NULL;
}

bool emend_settled_tells(const emend_settled *settled, size_t row, size_t variable) {
  const emend_solved *solved = emend_settled_solved(settled, row, variable);
  return solved && !solved->of_model;
}

void emend_settled_free(emend_settled *settled) {
  for (size_t i = 0; settled->items && i < settled->n; i++)
    free(settled->items[i].fates), free(settled->items[i].values);
  free(settled->items), free(settled->solved);
  *settled = (emend_settled){0};
}
