/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "impute/imputation.h"

/* A derived variable that is observed where one of its parts is not says what that part is, if its formula is linear in it. */

typedef struct solver {
  emend_imputation *made;
  const emend_rules *rules;
  emend_operand *operands; /* of the formula at hand */
} solver;

static emend_status add(emend_settled *settled, emend_solved solved, emend_error *error) {
  if (!emend_reserve(&settled->solved, settled->n_solved, &settled->solved_capacity, sizeof *settled->solved))
    return emend_fail_memory(error);
  settled->solved[settled->n_solved++] = solved;
  return EMEND_OK;
}

/* Loads the operands; gives the only one that is missing and surely filled, or -1. */
static ptrdiff_t find_part(solver *s, const emend_rule *formula, size_t row) {
  const emend_plan *plan = s->made->plan;
  ptrdiff_t part = -1;
  for (size_t i = 0; i < emend_rule_operands(formula); i++) {
    size_t variable = emend_rule_operand(formula, i);
    if (emend_operand_observed(plan->dataset, row, variable, &s->operands[i]))
      continue;
    emend_run cell = emend_dataset_run(plan->dataset, variable, row);
    bool derived = emend_plan_formula(plan, variable) != NULL;
    if (part >= 0 || derived || emend_variable_get_kind(plan->dataset, variable) == EMEND_TEXT ||
        emend_plan_fate(plan, row, variable, *cell.reasons, *cell.values) != EMEND_FATE_FILL)
      return -1;
    part = (ptrdiff_t)i;
  }
  return part;
}

static double value_at(solver *s, const emend_rule *formula, size_t part, double x) {
  s->operands[part] = (emend_operand){.state = EMEND_OPERAND_KNOWN, .number = x};
  return emend_rule_evaluate(formula, s->operands);
}

/* The x that gives `total`; NaN if the formula is not linear in it. */
static double solve(solver *s, const emend_rule *formula, size_t part, double total) {
  double f0 = value_at(s, formula, part, 0), f1 = value_at(s, formula, part, 1), slope = f1 - f0;
  double x = (total - f0) / slope;
  if (!isfinite(x))
    return NAN;
  double near = fabs(x - rint(x)) < 1e-9 * fmax(1, fabs(x)) ? rint(x) : x, tolerance = 1e-9 * fmax(1, fabs(total));
  bool linear =
      fabs(value_at(s, formula, part, 3) - (f0 + 3 * slope)) <= tolerance && fabs(value_at(s, formula, part, near) - total) <= tolerance;
  return linear ? near : NAN;
}

static emend_status solve_row(solver *s, const emend_ruled *item, size_t row, emend_error *error) {
  const emend_rule *formula = emend_ruled_formula(s->rules, item);
  emend_operand total;
  if (!emend_operand_observed(s->made->plan->dataset, row, item->variable, &total))
    return EMEND_OK;
  ptrdiff_t part = find_part(s, formula, row);
  double x = part < 0 ? NAN : solve(s, formula, (size_t)part, total.number);
  if (isnan(x))
    return EMEND_OK;
  size_t variable = emend_rule_operand(formula, (size_t)part);
  const emend_planned *planned = &s->made->plan->variables[variable];
  emend_allowed allowed = planned->allowed;
  allowed.values = NULL, allowed.n_values = 0, allowed.scale = 0; /* what the sum says need not occur elsewhere */
  bool coded = planned->type == EMEND_TYPE_BINARY || planned->type == EMEND_TYPE_ORDINAL || planned->type == EMEND_TYPE_NOMINAL;
  if (coded && emend_categories_find(&planned->categories, x) == EMEND_NO_CATEGORY)
    return EMEND_OK;
  bool moved;
  if (emend_allowed_nearest(&allowed, x, &moved) != x || emend_settled_solved(&s->made->settled, row, variable))
    return EMEND_OK;
  return add(&s->made->settled, (emend_solved){.row = row, .variable = variable, .value = x}, error);
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

emend_status emend_solve(emend_imputation *made, emend_error *error) {
  solver s = {.made = made, .rules = &made->plan->rules};
  size_t most = 0;
  for (size_t i = 0; i < s.rules->n_rules; i++)
    most = emend_rule_operands(s.rules->rules[i]) > most ? emend_rule_operands(s.rules->rules[i]) : most;
  s.operands = emend_allocate(most, sizeof *s.operands);
  emend_status status = s.operands ? EMEND_OK : emend_fail_memory(error);
  for (size_t row = 0, n = emend_dataset_rows(made->plan->dataset); row < n && !status; row++)
    for (size_t i = 0; i < s.rules->n && !status; i++)
      if (s.rules->items[i].formula >= 0)
        status = solve_row(&s, &s.rules->items[i], row, error);
  free(s.operands);
  return status;
}
