/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "impute/imputation.h"
#include "impute/share.h"

/* A derived variable that is observed where parts of it are not says what those parts add up to, if its formula is linear in them: one part
 * gets what is left, several share it. */

typedef struct solver {
  emend_imputation *made;
  const emend_rules *rules;
  emend_operand *operands; /* of the formula at hand */
  size_t *missing;         /* which of them are missing */
  emend_part *parts;       /* and what becomes of those */
} solver;

static emend_status add(emend_settled *settled, emend_solved solved, emend_error *error) {
  if (!emend_reserve(&settled->solved, settled->n_solved, &settled->solved_capacity, sizeof *settled->solved))
    return emend_fail_memory(error);
  settled->solved[settled->n_solved++] = solved;
  return EMEND_OK;
}

/* Loads the operands, and lists the missing ones if all of these are surely filled with a number; 0 if not. */
static size_t find_parts(solver *s, const emend_rule *formula, size_t row) {
  const emend_plan *plan = s->made->plan;
  size_t n = 0;
  for (size_t i = 0; i < emend_rule_operands(formula); i++) {
    size_t variable = emend_rule_operand(formula, i);
    if (emend_operand_observed(plan->dataset, row, variable, &s->operands[i]))
      continue;
    emend_run cell = emend_dataset_run(plan->dataset, variable, row);
    bool derived = emend_plan_formula(plan, variable) != NULL;
    if (derived || emend_variable_get_kind(plan->dataset, variable) == EMEND_TEXT ||
        emend_plan_fate(plan, row, variable, *cell.reasons, *cell.values) != EMEND_FATE_FILL)
      return 0;
    s->missing[n++] = i;
  }
  return n;
}

static void set(solver *s, size_t part, double x) { s->operands[part] = (emend_operand){.state = EMEND_OPERAND_KNOWN, .number = x}; }

static double value_at(solver *s, const emend_rule *formula, size_t part, double x) {
  set(s, part, x);
  return emend_rule_evaluate(formula, s->operands);
}

/* 5.3 for the 5.300000000000001 that a difference leaves, at a scale of 10; 0: as it is. */
static double without_noise(double x, double scale) {
  double plain = scale > 0 ? rint(x * scale) / scale : x;
  return fabs(plain - x) < 1e-9 * fmax(1, fabs(x)) ? plain : x;
}

/* The x that gives `total`; NaN if the formula is not linear in it. */
static double solve(solver *s, const emend_rule *formula, size_t part, double total) {
  double f0 = value_at(s, formula, part, 0), f1 = value_at(s, formula, part, 1), slope = f1 - f0;
  double x = (total - f0) / slope;
  if (!isfinite(x))
    return NAN;
  double near = without_noise(x, 1), tolerance = 1e-9 * fmax(1, fabs(total));
  bool linear =
      fabs(value_at(s, formula, part, 3) - (f0 + 3 * slope)) <= tolerance && fabs(value_at(s, formula, part, near) - total) <= tolerance;
  return linear ? near : NAN;
}

/* Keeps a value that the sum tells, if the variable may hold it. */
static emend_status keep(solver *s, size_t row, size_t variable, double x, emend_error *error) {
  const emend_planned *planned = &s->made->plan->variables[variable];
  emend_allowed allowed = planned->allowed;
  x = without_noise(x, allowed.scale);
  allowed.values = NULL, allowed.n_values = 0, allowed.scale = 0; /* what the sum says need not occur elsewhere */
  bool coded = planned->type == EMEND_TYPE_BINARY || planned->type == EMEND_TYPE_ORDINAL || planned->type == EMEND_TYPE_NOMINAL;
  if (coded && emend_categories_find(&planned->categories, x) == EMEND_NO_CATEGORY)
    return EMEND_OK;
  bool moved;
  if (emend_allowed_nearest(&allowed, x, &moved) != x || emend_settled_solved(&s->made->settled, row, variable))
    return EMEND_OK;
  return add(&s->made->settled, (emend_solved){.row = row, .variable = variable, .value = x}, error);
}

/* How little the model knows of a cell. */
static double variance_of(const emend_imputation *made, size_t row, size_t variable) {
  double sd = made->completed ? emend_completed_spread(made->completed, row, (size_t)made->column_of[variable]) : NAN;
  return sd > 0 && isfinite(sd) ? sd * sd : pow(made->plan->variables[variable].observed.sd, 2);
}

/* A number that may take any value between bounds; false for codes, and where there is no model of it. */
static bool make_part(const emend_imputation *made, size_t row, size_t variable, emend_part *part) {
  const emend_planned *planned = &made->plan->variables[variable];
  bool number = planned->type == EMEND_TYPE_CONTINUOUS || planned->type == EMEND_TYPE_INTEGER, moved;
  if (!number || made->column_of[variable] < 0 || planned->role != EMEND_ROLE_FILL || planned->spiked ||
      emend_settled_solved(&made->settled, row, variable))
    return false;
  *part = (emend_part){.variable = variable, .value = emend_imputation_decode(made, row, variable, &moved)};
  part->variance = variance_of(made, row, variable);
  part->whole = planned->type == EMEND_TYPE_INTEGER && planned->rounds;
  part->unit = part->whole ? 1 : planned->allowed.scale > 0 ? 1 / planned->allowed.scale : 0;
  part->lo = fmax(planned->allowed.lo, planned->bounded ? planned->lo : planned->plausible_lo);
  part->hi = fmin(planned->allowed.hi, planned->bounded ? planned->hi : planned->plausible_hi);
  return isfinite(part->value) && part->variance > 0;
}

/* The formula with the parts' values; *linear tells whether it is what their slopes say, from `base` at zeros. */
static double evaluate_parts(solver *s, const emend_rule *formula, size_t n, double base, bool *linear) {
  double said = base;
  for (size_t i = 0; i < n; i++) {
    set(s, s->missing[i], s->parts[i].value);
    said += s->parts[i].slope * s->parts[i].value;
  }
  double value = emend_rule_evaluate(formula, s->operands);
  *linear = isfinite(value) && fabs(value - said) <= 1e-9 * fmax(1, fabs(said));
  return value;
}

/* Several parts: from what the model says of each to values that give the total; nothing where codes are among them, or answers of other
 * rows are wanted. */
static emend_status share_row(solver *s, const emend_rule *formula, size_t row, size_t n, double total, emend_error *error) {
  if (s->made->method.method == EMEND_METHOD_MATCH)
    return EMEND_OK;
  for (size_t i = 0; i < n; i++)
    if (!make_part(s->made, row, emend_rule_operand(formula, s->missing[i]), &s->parts[i]))
      return EMEND_OK;
  for (size_t i = 0; i < n; i++)
    set(s, s->missing[i], 0);
  double base = emend_rule_evaluate(formula, s->operands);
  for (size_t i = 0; i < n; i++) {
    s->parts[i].slope = value_at(s, formula, s->missing[i], 1) - base;
    set(s, s->missing[i], 0);
  }
  bool linear;
  double now = evaluate_parts(s, formula, n, base, &linear);
  if (!linear || !emend_parts_share(s->parts, n, total - now) ||
      fabs(evaluate_parts(s, formula, n, base, &linear) - total) > 1e-9 * fmax(1, fabs(total)))
    return EMEND_OK;
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < n && !status; i++)
    status = keep(s, row, s->parts[i].variable, s->parts[i].value, error);
  return status;
}

static emend_status solve_row(solver *s, const emend_ruled *item, size_t row, emend_error *error) {
  const emend_rule *formula = emend_ruled_formula(s->rules, item);
  emend_operand total;
  if (!emend_operand_observed(s->made->plan->dataset, row, item->variable, &total))
    return EMEND_OK;
  size_t n = find_parts(s, formula, row);
  if (n > 1)
    return share_row(s, formula, row, n, total.number, error);
  double x = n == 0 ? NAN : solve(s, formula, s->missing[0], total.number);
  return isnan(x) ? EMEND_OK : keep(s, row, emend_rule_operand(formula, s->missing[0]), x, error);
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
  s.missing = emend_allocate(most, sizeof *s.missing);
  s.parts = emend_allocate(most, sizeof *s.parts);
  emend_status status = s.operands && s.missing && s.parts ? EMEND_OK : emend_fail_memory(error);
  for (size_t row = 0, n = emend_dataset_rows(made->plan->dataset); row < n && !status; row++)
    for (size_t i = 0; i < s.rules->n && !status; i++)
      if (s.rules->items[i].formula >= 0)
        status = solve_row(&s, &s.rules->items[i], row, error);
  free(s.operands), free(s.missing), free(s.parts);
  return status;
}
