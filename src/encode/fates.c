/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "encode/plan.h"

/* What rules make of the cells that would be filled, as far as it can be known before anything is. */

static void load(void *context, size_t row, size_t variable, emend_operand *operand, bool *unsure) {
  const emend_plan *plan = context;
  if (emend_operand_observed(plan->dataset, row, variable, operand))
    return;
  emend_run cell = emend_dataset_run(plan->dataset, variable, row);
  emend_fate fate = emend_plan_fate(plan, row, variable, *cell.reasons, *cell.values);
  if (fate == EMEND_FATE_FILL || fate == EMEND_FATE_OPEN)
    operand->state = EMEND_OPERAND_OPEN;
  *unsure = fate == EMEND_FATE_OPEN;
}

/* Where the condition holds: can the value be computed? */
static emend_fate fate_of_formula(const struct emend_rule_result *result) {
  if (!isnan(result->value))
    return EMEND_FATE_FILL;
  return result->missing || !result->open ? EMEND_FATE_KEEP : result->unsure ? EMEND_FATE_OPEN : EMEND_FATE_FILL;
}

static emend_fate decide(emend_rule_row *at, const emend_ruled *item, size_t row) {
  const struct emend_rule_result *condition = item->condition >= 0 ? emend_rule_row_evaluate(at, row, item->condition) : NULL;
  if (condition && condition->value != 1 && !(isnan(condition->value) && condition->open))
    return EMEND_FATE_SKIP;
  emend_fate fate = item->formula >= 0 ? fate_of_formula(emend_rule_row_evaluate(at, row, item->formula)) : EMEND_FATE_FILL;
  return fate == EMEND_FATE_FILL && condition && isnan(condition->value) ? EMEND_FATE_OPEN : fate;
}

/* Counts of one variable while its rows are gone through. */
typedef struct fate_counts {
  size_t fill, skip, open;
  size_t answers; /* though the condition is false */
} fate_counts;

static void go_through_row(emend_rule_row *at, const emend_plan *plan, size_t row, fate_counts *counts) {
  for (size_t i = 0; i < plan->rules.n; i++) {
    const emend_ruled *item = &plan->rules.items[i];
    emend_run cell = emend_dataset_run(plan->dataset, item->variable, row);
    if (*cell.reasons == EMEND_OBSERVED && item->condition >= 0)
      counts[i].answers += emend_rule_row_evaluate(at, row, item->condition)->value == 0;
    if (!item->fates || *cell.reasons == EMEND_OBSERVED)
      continue;
    emend_fate fate = EMEND_FATE_KEEP;
    if (emend_plan_fills_code(plan, row, item->variable, *cell.reasons, *cell.values))
      fate = decide(at, item, row);
    item->fates[row] = (unsigned char)fate;
    counts[i].fill += fate == EMEND_FATE_FILL || fate == EMEND_FATE_OPEN;
    counts[i].skip += fate == EMEND_FATE_SKIP;
    counts[i].open += fate == EMEND_FATE_OPEN;
  }
}

static void tell(const emend_plan *plan, const fate_counts *counts, emend_events *events) {
  for (size_t i = 0; i < plan->rules.n; i++) {
    const emend_ruled *item = &plan->rules.items[i];
    if (counts[i].answers)
      emend_warn(events, "%s has %zu answer%s in rows where it should not have been asked (only if %s); %s",
                 emend_variable_name(plan->dataset, item->variable), counts[i].answers, counts[i].answers == 1 ? "" : "s",
                 emend_rule_text(emend_ruled_condition(&plan->rules, item)), counts[i].answers == 1 ? "it stays" : "they stay");
  }
}

static void take_counts(emend_plan *plan, const emend_ruled *item, const fate_counts *counts) {
  emend_missing_counts *missing = &plan->variables[item->variable].missing;
  missing->keep += missing->fill - counts->fill;
  missing->fill = counts->fill;
  missing->skipped = counts->skip;
  missing->open = counts->open;
}

emend_status emend_plan_decide_fates(emend_plan *plan, emend_events *events, emend_error *error) {
  emend_rules *rules = &plan->rules;
  size_t n_rows = emend_dataset_rows(plan->dataset);
  if (rules->n == 0)
    return EMEND_OK;
  emend_rule_row at = {0};
  fate_counts *counts = emend_allocate(rules->n, sizeof *counts);
  emend_status status = counts ? emend_rule_row_new(rules, &at, error) : emend_fail_memory(error);
  for (size_t i = 0; i < rules->n && !status; i++)
    if (plan->variables[rules->items[i].variable].missing.fill > 0 && !(rules->items[i].fates = emend_allocate(n_rows, 1)))
      status = emend_fail_memory(error);
  at.context = plan;
  at.load = load;
  for (size_t row = 0; row < n_rows && !status; row++)
    go_through_row(&at, plan, row, counts);
  for (size_t i = 0; i < rules->n && !status; i++)
    take_counts(plan, &rules->items[i], &counts[i]);
  if (!status)
    tell(plan, counts, events);
  emend_rule_row_free(&at);
  free(counts);
  return status;
}
