/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/plan.h"

#include <math.h>

/* What a plan says. */

const emend_dataset *emend_plan_dataset(const emend_plan *plan) { return plan->dataset; }
ptrdiff_t emend_plan_weight(const emend_plan *plan) { return plan->weight; }
ptrdiff_t emend_plan_by(const emend_plan *plan) { return plan->by; }
ptrdiff_t emend_plan_id(const emend_plan *plan) { return plan->id; }
emend_role emend_plan_role(const emend_plan *plan, size_t variable) { return plan->variables[variable].role; }
const char *emend_plan_why(const emend_plan *plan, size_t variable) { return plan->variables[variable].why; }
int emend_plan_on_demand(const emend_plan *plan, size_t variable) { return plan->variables[variable].on_demand; }
emend_type emend_plan_type(const emend_plan *plan, size_t variable) { return plan->variables[variable].type; }
const char *emend_plan_type_why(const emend_plan *plan, size_t variable) { return plan->variables[variable].type_why; }
const char *emend_plan_transform(const emend_plan *plan, size_t variable) {
  return emend_transform_word(plan->variables[variable].transform.kind);
}
double emend_plan_skewness(const emend_plan *plan, size_t variable) { return plan->variables[variable].skewness; }
int emend_plan_bounds(const emend_plan *plan, size_t variable, double *lo, double *hi) {
  const emend_planned *planned = &plan->variables[variable];
  double least, most;
  emend_transform_range(&planned->transform, &least, &most);
  bool kept = planned->keeps_plausible && (least < planned->plausible_lo || most > planned->plausible_hi);
  *lo = kept ? planned->plausible_lo : planned->lo, *hi = kept ? planned->plausible_hi : planned->hi;
  return planned->bounded || kept;
}
double emend_plan_heap(const emend_plan *plan, size_t variable, double *value) {
  *value = plan->variables[variable].heap;
  return plan->variables[variable].heap_share;
}
int emend_plan_spike_chosen(const emend_plan *plan, size_t variable) { return plan->variables[variable].spike_chosen; }
int emend_plan_spike(const emend_plan *plan, size_t variable, double *spike) {
  *spike = plan->variables[variable].spike;
  return plan->variables[variable].spiked;
}
int emend_plan_decimals(const emend_plan *plan, size_t variable) { return plan->variables[variable].decimals; }
size_t emend_plan_columns(const emend_plan *plan, size_t variable) { return plan->variables[variable].n_columns; }
size_t emend_plan_categories(const emend_plan *plan, size_t variable) {
  return plan->variables[variable].categories.n_levels ? plan->variables[variable].categories.n : 0;
}
int emend_plan_order_named(const emend_plan *plan, size_t variable) { return plan->variables[variable].order_named; }

size_t emend_plan_steps(const emend_plan *plan, size_t variable) {
  const emend_planned *planned = &plan->variables[variable];
  return planned->type == EMEND_TYPE_ORDINAL && planned->categories.texts ? planned->categories.n : 0;
}
const char *emend_plan_step(const emend_plan *plan, size_t variable, size_t step) {
  return emend_dataset_text(plan->dataset, plan->variables[variable].categories.texts[step]);
}
size_t emend_plan_pooled(const emend_plan *plan, size_t variable) { return plan->variables[variable].categories.n_pooled; }

/* Whether others of a row may tell a cell: what they say need not occur elsewhere. Codes among the inputs stay codes. */
static bool may_be_told(const emend_plan *plan, size_t v) {
  bool told = false;
  emend_type type = plan->variables[v].type;
  bool codes = type == EMEND_TYPE_BINARY || type == EMEND_TYPE_ORDINAL || type == EMEND_TYPE_NOMINAL;
  for (size_t i = 0; i < plan->computations.n && !told; i++) {
    const emend_computation *c = &plan->computations.items[i];
    told = c->target == v;
    for (size_t k = 0; k < emend_computation_inputs(c) && !told && !codes; k++)
      told = emend_computation_input(c, k) == v;
  }
  for (size_t i = 0; i < plan->rules.n && !told && !codes; i++) {
    const emend_rule *formula = emend_ruled_formula(&plan->rules, &plan->rules.items[i]);
    for (size_t k = 0; formula && k < emend_rule_operands(formula) && !told; k++)
      told = emend_rule_operand(formula, k) == v;
  }
  return told;
}

int emend_plan_rounds(const emend_plan *plan, size_t variable) { return plan->variables[variable].rounds && !may_be_told(plan, variable); }
emend_storage emend_plan_storage(const emend_plan *plan, size_t variable) { return plan->variables[variable].storage; }
emend_missing_counts emend_plan_missing(const emend_plan *plan, size_t variable) { return plan->variables[variable].missing; }

size_t emend_plan_unanswered(const emend_plan *plan) {
  size_t cells = 0;
  for (size_t v = 0; v < plan->n_variables; v++)
    cells += plan->variables[v].missing.unanswered;
  return cells;
}
size_t emend_plan_flags(const emend_plan *plan) { return plan->flags.n; }
const char *emend_plan_flag(const emend_plan *plan, size_t variable) { return emend_flags_name(&plan->flags, variable); }
size_t emend_plan_codes(const emend_plan *plan, size_t variable) { return plan->variables[variable].n_codes; }
emend_code emend_plan_code(const emend_plan *plan, size_t variable, size_t index) { return plan->variables[variable].codes[index]; }

size_t emend_plan_count(const emend_plan *plan, emend_role role) {
  size_t count = 0;
  for (size_t v = 0; v < plan->n_variables; v++)
    count += plan->variables[v].role == role;
  return count;
}

/* The code of a cell that is no text. Numbers come before tags in the list. */
static const emend_code *find_code(const emend_planned *planned, unsigned char reason, double value) {
  size_t lo = 0, hi = planned->n_codes;
  while (lo < hi) {
    size_t middle = lo + (hi - lo) / 2;
    const emend_code *code = &planned->codes[middle];
    if (code->reason < reason || (code->reason == reason && code->value < value))
      lo = middle + 1;
    else
      hi = middle;
  }
  const emend_code *found = lo < planned->n_codes ? &planned->codes[lo] : NULL;
  return found && found->reason == reason && (reason != EMEND_USER_MISSING || found->value == value) ? found : NULL;
}

static const emend_code *find_text(const emend_planned *planned, const char *text) {
  for (size_t i = 0; i < planned->n_codes; i++)
    if (planned->codes[i].text && emend_dataset_same_text(planned->codes[i].text, text))
      return &planned->codes[i];
  return NULL;
}

/* The code of a cell that is filled or not by its code; NULL if it has none. */
const emend_code *emend_plan_code_of_cell(const emend_plan *plan, size_t row, size_t variable, unsigned char reason, double value) {
  bool text = emend_dataset_variable(plan->dataset, variable)->kind == EMEND_TEXT;
  const emend_planned *planned = &plan->variables[variable];
  if (reason != EMEND_USER_MISSING && reason < EMEND_TAG_A)
    return NULL;
  return text ? find_text(planned, emend_cell_text(plan->dataset, row, variable)) : find_code(planned, reason, value);
}

bool emend_plan_fills_code(const emend_plan *plan, size_t row, size_t variable, unsigned char reason, double value) {
  const emend_planned *planned = &plan->variables[variable];
  if (!planned->fills || reason == EMEND_OBSERVED)
    return false;
  if (reason == EMEND_SYSTEM_MISSING || reason == EMEND_EMPTY_TEXT)
    return !planned->keeps_system;
  const emend_code *code = emend_plan_code_of_cell(plan, row, variable, reason, value);
  return code && code->fill;
}

bool emend_plan_wishes_code(const emend_plan *plan, size_t row, size_t variable, unsigned char reason, double value) {
  const emend_code *code = emend_plan_code_of_cell(plan, row, variable, reason, value);
  return code && code->wished;
}

emend_fate emend_plan_fate(const emend_plan *plan, size_t row, size_t variable, unsigned char reason, double value) {
  const emend_ruled *ruled = emend_rules_of(&plan->rules, variable);
  if (ruled && ruled->fates)
    return reason == EMEND_OBSERVED ? EMEND_FATE_KEEP : (emend_fate)ruled->fates[row];
  return emend_plan_fills_code(plan, row, variable, reason, value) ? EMEND_FATE_FILL : EMEND_FATE_KEEP;
}

int emend_plan_fills(const emend_plan *plan, size_t row, size_t variable) {
  if (!plan->variables[variable].fills)
    return 0;
  emend_run cell = emend_dataset_run(plan->dataset, variable, row);
  emend_fate fate = emend_plan_fate(plan, row, variable, *cell.reasons, *cell.values);
  return fate == EMEND_FATE_FILL || fate == EMEND_FATE_OPEN;
}

const char *emend_plan_only_if(const emend_plan *plan, size_t variable) {
  const emend_rule *condition = emend_ruled_condition(&plan->rules, emend_rules_of(&plan->rules, variable));
  return condition ? emend_rule_text(condition) : NULL;
}

int emend_plan_only_if_found(const emend_plan *plan, size_t variable) { return plan->variables[variable].only_if_found; }

const char *emend_plan_formula(const emend_plan *plan, size_t variable) {
  const emend_rule *formula = emend_ruled_formula(&plan->rules, emend_rules_of(&plan->rules, variable));
  return formula ? emend_rule_text(formula) : NULL;
}
