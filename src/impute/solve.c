/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "impute/decoding.h"
#include "impute/part.h"

/* What became of a derived variable that is observed where parts of it are filled. */
typedef struct outcome {
  size_t differ;  /* rows in which they make up something else */
  size_t unknown; /* ... in which another part stays missing */
} outcome;

struct emend_solver {
  emend_imputation *made;
  const emend_rules *rules;
  size_t **used;           /* per item with a formula, per operand: rows in which it did not apply and counted as 0 */
  outcome *outcomes;       /* per item */
  emend_operand *operands; /* of the formula at hand */
  size_t *missing;         /* which of them are missing */
  size_t *absent;          /* which do not apply in the row, and count as nothing */
  emend_part *parts;       /* and what becomes of those that are missing */
};

static bool does_not_apply(const emend_solver *s, size_t row, size_t variable, emend_fate fate) {
  return fate == EMEND_FATE_SKIP || emend_not_applicable_says(s->made->plan, row, variable);
}

typedef enum operand_kind { OPERAND_KNOWN, OPERAND_MISSING, OPERAND_ABSENT, OPERAND_LOST } operand_kind;

/* An operand as it stands: known (also by other totals); to be filled with a number; not applicable; or lost, as no number will come there
 * that a total could tell, or it is not settled yet. */
static operand_kind load(emend_solver *s, size_t row, size_t variable, emend_operand *operand) {
  const emend_plan *plan = s->made->plan;
  if (emend_operand_observed(plan->dataset, row, variable, operand))
    return OPERAND_KNOWN;
  const emend_solved *solved = emend_settled_solved(&s->made->settled, row, variable);
  emend_run cell = emend_dataset_run(plan->dataset, variable, row);
  emend_fate fate = emend_imputation_fate(s->made, row, variable, *cell.reasons, *cell.values);
  bool number = emend_variable_get_kind(plan->dataset, variable) != EMEND_TEXT, derived = emend_plan_formula(plan, variable) != NULL;
  if (solved && number && fate == EMEND_FATE_FILL) {
    *operand = (emend_operand){.state = EMEND_OPERAND_KNOWN, .number = solved->value};
    return OPERAND_KNOWN;
  }
  if (number && fate == EMEND_FATE_FILL)
    return derived ? OPERAND_LOST : OPERAND_MISSING;
  return number && fate != EMEND_FATE_OPEN && does_not_apply(s, row, variable, fate) ? OPERAND_ABSENT : OPERAND_LOST;
}

static void set(emend_solver *s, size_t part, double x) { s->operands[part] = (emend_operand){.state = EMEND_OPERAND_KNOWN, .number = x}; }

/* Loads the operands and lists the missing ones; 0 if nothing can be told of them. */
static size_t find_parts(emend_solver *s, const emend_rule *formula, const emend_absence *known, size_t row, size_t *n_absent) {
  size_t n = 0;
  *n_absent = 0;
  for (size_t i = 0; i < emend_rule_operands(formula); i++) {
    operand_kind kind = load(s, row, emend_rule_operand(formula, i), &s->operands[i]);
    if (kind == OPERAND_LOST || (kind == OPERAND_ABSENT && !emend_absence_is_nothing(&known[i])))
      return 0;
    if (kind == OPERAND_MISSING)
      s->missing[n++] = i;
    if (kind == OPERAND_ABSENT)
      s->absent[(*n_absent)++] = i, set(s, i, 0);
  }
  return n;
}

static double value_at(emend_solver *s, const emend_rule *formula, size_t part, double x) {
  set(s, part, x);
  return emend_rule_evaluate(formula, s->operands);
}

/* The x that gives `total`; NaN if the formula is not linear in it. */
static double solve(emend_solver *s, const emend_rule *formula, size_t part, double total) {
  double f0 = value_at(s, formula, part, 0), f1 = value_at(s, formula, part, 1), slope = f1 - f0;
  double x = (total - f0) / slope;
  if (!isfinite(x))
    return NAN;
  double near = emend_part_without_noise(x, 1), tolerance = 1e-9 * fmax(1, fabs(total));
  bool linear =
      fabs(value_at(s, formula, part, 3) - (f0 + 3 * slope)) <= tolerance && fabs(value_at(s, formula, part, near) - total) <= tolerance;
  return linear ? near : NAN;
}

/* The formula with the parts' values; *linear tells whether it is what their slopes say, from `base` at zeros. */
static double evaluate_parts(emend_solver *s, const emend_rule *formula, size_t n, double base, bool *linear) {
  double said = base;
  for (size_t i = 0; i < n; i++) {
    set(s, s->missing[i], s->parts[i].value);
    said += s->parts[i].slope * s->parts[i].value;
  }
  double value = emend_rule_evaluate(formula, s->operands);
  *linear = isfinite(value) && emend_number_is_close(value, said);
  return value;
}

/* Several parts: from what the model says of each to values that give the total; nothing where codes are among them, or answers of other
 * rows are wanted. */
static bool share(emend_solver *s, const emend_rule *formula, size_t row, size_t n, double total) {
  if (s->made->method.method == EMEND_METHOD_MATCH)
    return false;
  for (size_t i = 0; i < n; i++)
    if (!emend_part_of_cell(s->made, row, emend_rule_operand(formula, s->missing[i]), &s->parts[i]))
      return false;
  for (size_t i = 0; i < n; i++)
    set(s, s->missing[i], 0);
  double base = emend_rule_evaluate(formula, s->operands);
  for (size_t i = 0; i < n; i++) {
    s->parts[i].slope = value_at(s, formula, s->missing[i], 1) - base;
    set(s, s->missing[i], 0);
  }
  bool linear;
  double now = evaluate_parts(s, formula, n, base, &linear);
  return linear && emend_parts_share(s->parts, n, total - now) && emend_number_is_close(evaluate_parts(s, formula, n, base, &linear), total);
}

/* By how much an observed total may differ from what it was written from: half of its last decimal. */
static double rounding_of(const emend_planned *planned) {
  int decimals = planned->observed.decimals;
  return decimals > 0 ? 0.5000001 / emend_decimal_scale(decimals) : 0;
}

/* A mean of 4.33 is one of 13/3: what whole parts can give, if they count alike and that is within rounding; else the total as it is. */
static double without_rounding(emend_solver *s, const emend_ruled *ruled, const emend_rule *formula, size_t n, double total) {
  const emend_planned *variables = s->made->plan->variables;
  double half = rounding_of(&variables[ruled->variable]), slope = NAN;
  for (size_t i = 0; i < n; i++)
    set(s, s->missing[i], 0);
  double base = emend_rule_evaluate(formula, s->operands);
  bool alike = half > 0;
  for (size_t i = 0; i < n && alike; i++) {
    double own = value_at(s, formula, s->missing[i], 1) - base;
    set(s, s->missing[i], 0);
    alike =
        emend_part_limits(&variables[emend_rule_operand(formula, s->missing[i])]).whole && (i == 0 || emend_number_is_close(own, slope));
    slope = own;
  }
  double whole = base + slope * rint((total - base) / slope);
  return alike && fabs(whole - total) <= half ? whole : total;
}

static bool tell_one(emend_solver *s, const emend_rule *formula, double total) {
  s->parts[0] = (emend_part){.variable = emend_rule_operand(formula, s->missing[0]), .value = solve(s, formula, s->missing[0], total)};
  return !isnan(s->parts[0].value);
}

/* A total that is missing, too, where its parts would make it what it cannot be (what is left of 100, and negative): the end that it would
 * pass; NaN where it would not. */
static double passed_end(emend_solver *s, const emend_ruled *ruled, const emend_rule *formula, size_t row, size_t n) {
  const emend_planned *planned = &s->made->plan->variables[ruled->variable];
  double lo = planned->bounded ? planned->lo : planned->plausible_lo, hi = planned->bounded ? planned->hi : planned->plausible_hi;
  for (size_t i = 0; i < n; i++) {
    bool moved;
    set(s, s->missing[i], emend_imputation_decode(s->made, row, emend_rule_operand(formula, s->missing[i]), &moved));
  }
  double value = n > 0 ? emend_rule_evaluate(formula, s->operands) : NAN;
  return value < lo ? lo : value > hi ? hi : NAN;
}

static emend_status tell(emend_solver *s, size_t item, size_t row, emend_error *error) {
  const emend_plan *plan = s->made->plan;
  const emend_ruled *ruled = &s->rules->items[item];
  const emend_rule *formula = emend_ruled_formula(s->rules, ruled);
  emend_operand total;
  bool observed = emend_operand_observed(plan->dataset, row, ruled->variable, &total), told;
  emend_run cell = emend_dataset_run(plan->dataset, ruled->variable, row);
  if (!observed && emend_imputation_fate(s->made, row, ruled->variable, *cell.reasons, *cell.values) != EMEND_FATE_FILL)
    return EMEND_OK;
  size_t n_absent, n = find_parts(s, formula, ruled->absences, row, &n_absent);
  if (observed) {
    total.number = n > 0 ? without_rounding(s, ruled, formula, n, total.number) : total.number;
    told = n == 1 ? tell_one(s, formula, total.number) : n > 1 && share(s, formula, row, n, total.number);
  } else {
    double end = passed_end(s, ruled, formula, row, n);
    told = !isnan(end) && share(s, formula, row, n, end);
  }
  for (size_t i = 0; i < n && told; i++) {
    const emend_planned *planned = &plan->variables[s->parts[i].variable];
    s->parts[i].value = emend_part_without_noise(s->parts[i].value, planned->allowed.scale);
    told = emend_part_may_be(planned, s->parts[i].value);
  }
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < n && told && !status; i++)
    status = emend_settled_add(&s->made->settled, (emend_solved){.row = row, .variable = s->parts[i].variable, .value = s->parts[i].value},
                               error);
  for (size_t i = 0; i < n_absent && told && observed; i++)
    s->used[item][s->absent[i]]++;
  return status;
}

emend_status emend_solver_tell_row(emend_solver *s, size_t row, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < s->rules->n && !status; i++)
    if (s->rules->items[i].formula >= 0)
      status = tell(s, i, row, error);
  return status;
}

static emend_status make_room(emend_solver *s, emend_error *error) {
  size_t most = 0;
  for (size_t i = 0; i < s->rules->n_rules; i++)
    most = emend_rule_operands(s->rules->rules[i]) > most ? emend_rule_operands(s->rules->rules[i]) : most;
  s->operands = emend_allocate(most, sizeof *s->operands);
  s->missing = emend_allocate(most, sizeof *s->missing);
  s->absent = emend_allocate(most, sizeof *s->absent);
  s->parts = emend_allocate(most, sizeof *s->parts);
  s->used = emend_allocate(s->rules->n, sizeof *s->used);
  s->outcomes = emend_allocate(s->rules->n, sizeof *s->outcomes);
  if (!s->operands || !s->missing || !s->absent || !s->parts || !s->used || !s->outcomes)
    return emend_fail_memory(error);
  for (size_t i = 0; i < s->rules->n; i++) {
    const emend_rule *formula = emend_ruled_formula(s->rules, &s->rules->items[i]);
    if (formula && !(s->used[i] = emend_allocate(emend_rule_operands(formula), sizeof **s->used)))
      return emend_fail_memory(error);
  }
  return EMEND_OK;
}

emend_status emend_solver_new(emend_imputation *made, emend_solver **solver, emend_error *error) {
  emend_solver *s = *solver = emend_allocate(1, sizeof *s);
  if (!s)
    return emend_fail_memory(error);
  *s = (emend_solver){.made = made, .rules = &made->plan->rules};
  return make_room(s, error);
}

void emend_solver_free(emend_solver *s) {
  if (!s)
    return;
  for (size_t i = 0; s->used && i < s->rules->n; i++)
    free(s->used[i]);
  free(s->used), free(s->outcomes), free(s->operands), free(s->missing), free(s->absent), free(s->parts), free(s);
}

/* A total that was computed though parts do not apply. */
static void count_absent(emend_solver *s, size_t item, size_t row) {
  const emend_ruled *ruled = &s->rules->items[item];
  const emend_rule *formula = emend_ruled_formula(s->rules, ruled);
  emend_run cell = emend_dataset_run(s->made->plan->dataset, ruled->variable, row);
  bool moved;
  if (!emend_imputation_fills(s->made, row, ruled->variable, *cell.reasons, *cell.values) ||
      isnan(emend_imputation_decode(s->made, row, ruled->variable, &moved)))
    return;
  for (size_t i = 0; i < emend_rule_operands(formula); i++)
    s->used[item][i] += load(s, row, emend_rule_operand(formula, i), &s->operands[i]) == OPERAND_ABSENT;
}

/* Observed sums whose parts were imputed: do they add up? */
static void compare(emend_solver *s, size_t item, size_t row) {
  const emend_ruled *ruled = &s->rules->items[item];
  const emend_rule *formula = emend_ruled_formula(s->rules, ruled);
  emend_operand total;
  bool filled = false, lost = false, moved;
  if (!emend_operand_observed(s->made->plan->dataset, row, ruled->variable, &total)) {
    count_absent(s, item, row);
    return;
  }
  for (size_t i = 0; i < emend_rule_operands(formula); i++) {
    size_t variable = emend_rule_operand(formula, i);
    if (emend_operand_observed(s->made->plan->dataset, row, variable, &s->operands[i]))
      continue;
    if (emend_variable_get_kind(s->made->plan->dataset, variable) == EMEND_TEXT)
      return;
    emend_run cell = emend_dataset_run(s->made->plan->dataset, variable, row);
    bool fills = emend_imputation_fills(s->made, row, variable, *cell.reasons, *cell.values);
    double value = fills ? emend_imputation_decode(s->made, row, variable, &moved) : NAN;
    bool nothing = !fills && load(s, row, variable, &s->operands[i]) == OPERAND_ABSENT && emend_absence_is_nothing(&ruled->absences[i]);
    filled = filled || !isnan(value);
    lost = lost || (isnan(value) && !nothing);
    set(s, i, nothing ? 0 : value);
  }
  double value = lost ? NAN : emend_rule_evaluate(formula, s->operands);
  s->outcomes[item].unknown += filled && lost;
  s->outcomes[item].differ += filled && !isnan(value) && !emend_number_is_close(value, total.number) &&
                              fabs(value - total.number) > rounding_of(&s->made->plan->variables[ruled->variable]);
}

void emend_solver_compare_row(emend_solver *s, size_t row) {
  for (size_t i = 0; i < s->rules->n; i++)
    if (s->rules->items[i].formula >= 0)
      compare(s, i, row);
}

static void report_evidence(const emend_solver *s, size_t item, emend_events *events) {
  const emend_dataset *dataset = s->made->plan->dataset;
  const emend_rule *formula = emend_ruled_formula(s->rules, &s->rules->items[item]);
  for (size_t i = 0; i < emend_rule_operands(formula); i++) {
    const emend_absence *e = &s->rules->items[item].absences[i];
    size_t used = s->used[item][i];
    if (used)
      emend_warn(events, "%s: in %zu row%s %s does not apply and counts as 0, as it does in %zu of the %zu rows where all else is answered",
                 emend_variable_name(dataset, s->rules->items[item].variable), used, used == 1 ? "" : "s",
                 emend_variable_name(dataset, emend_rule_operand(formula, i)), e->fitting, e->rows);
  }
}

void emend_solver_report(const emend_solver *s, emend_events *events) {
  for (size_t i = 0; i < s->rules->n; i++) {
    const emend_rule *formula = emend_ruled_formula(s->rules, &s->rules->items[i]);
    const char *name = emend_variable_name(s->made->plan->dataset, s->rules->items[i].variable);
    const outcome *o = &s->outcomes[i];
    if (!formula)
      continue;
    report_evidence(s, i, events);
    if (o->differ)
      emend_warn(events, "%s is observed in %zu row%s where parts of it were imputed, and is not %s there: observed values stay", name,
                 o->differ, o->differ == 1 ? "" : "s", emend_rule_text(formula));
    if (o->unknown)
      emend_warn(events, "%s is observed in %zu row%s where parts of it were imputed without it, as another part stays missing (%s)", name,
                 o->unknown, o->unknown == 1 ? "" : "s", emend_rule_text(formula));
  }
}
