/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/settle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "impute/imputation.h"

typedef struct settler {
  emend_imputation *made;
  const emend_rules *rules;
  emend_rule_row at;
  size_t *differ; /* per item: observed rows in which imputed parts give another value */
  bool broken;    /* an operand of the rule at hand was promised and has no value */
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
  const emend_offset *texts = s->made->plan->variables[variable].categories.texts;
  bool moved;
  operand->number = emend_imputation_decode(s->made, row, variable, &moved);
  *imputed = !isnan(operand->number);
  if (*imputed && texts)
    operand->text = emend_dataset_text(dataset, texts[(size_t)operand->number]);
  s->broken = s->broken || !*imputed;
  if (*imputed)
    operand->state = EMEND_OPERAND_KNOWN;
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
  bool fills = holds(s, item, fate, row);
  if (fills && settled->values) {
    s->broken = false;
    double value = emend_rule_row_evaluate(&s->at, row, item->formula)->value;
    settled->values[row] = value;
    fills = !isnan(value) || s->broken; /* what misses a promised part is a broken promise itself; what is undefined is none */
  }
  settled->fates[row] = fills ? EMEND_FATE_FILL : EMEND_FATE_SKIP;
}

/* An observed sum whose parts were imputed: do they add up? */
static void compare(settler *s, size_t index, size_t row) {
  const emend_ruled *item = &s->rules->items[index];
  emend_operand own;
  if (!emend_operand_observed(s->made->plan->dataset, row, item->variable, &own))
    return;
  const struct emend_rule_result *result = emend_rule_row_evaluate(&s->at, row, item->formula);
  s->differ[index] += result->unsure && fabs(result->value - own.number) > 1e-9 * fmax(1, fabs(own.number));
}

static void settle_row(settler *s, size_t row) {
  for (size_t i = 0; i < s->rules->n; i++) {
    if (s->made->settled.items[i].fates)
      settle_cell(s, i, row);
    if (s->rules->items[i].formula >= 0)
      compare(s, i, row);
  }
}

static bool needs_settling(const emend_plan *plan, const emend_ruled *item) {
  return item->fates && (item->formula >= 0 || plan->variables[item->variable].missing.open > 0);
}

static emend_status prepare(settler *s, emend_error *error) {
  const emend_plan *plan = s->made->plan;
  size_t n_rows = emend_dataset_rows(plan->dataset);
  emend_settled_item *items = s->made->settled.items = emend_allocate(s->rules->n, sizeof *items);
  s->made->settled.n = s->rules->n;
  s->differ = emend_allocate(s->rules->n, sizeof *s->differ);
  if (!items || !s->differ)
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
  return emend_rule_row_new(s->rules, &s->at, error);
}

static void tell(const settler *s, emend_events *events) {
  for (size_t i = 0; i < s->rules->n; i++)
    if (s->differ[i])
      emend_warn(events, "%s is observed in %zu row%s where parts of it were imputed, and is not %s there: observed values stay",
                 emend_variable_name(s->made->plan->dataset, s->rules->items[i].variable), s->differ[i], s->differ[i] == 1 ? "" : "s",
                 emend_rule_text(emend_ruled_formula(s->rules, &s->rules->items[i])));
}

emend_status emend_settle(emend_imputation *made, emend_events *events, emend_error *error) {
  settler s = {.made = made, .rules = &made->plan->rules};
  if (s.rules->n == 0)
    return EMEND_OK;
  emend_status status = prepare(&s, error);
  if (!status)
    status = emend_solve(made, error);
  s.at.context = &s;
  s.at.load = load;
  for (size_t row = 0, n = emend_dataset_rows(made->plan->dataset); row < n && !status; row++)
    settle_row(&s, row);
  if (!status)
    tell(&s, events);
  emend_rule_row_free(&s.at);
  free(s.differ);
  return status;
}

void emend_settled_free(emend_settled *settled) {
  for (size_t i = 0; settled->items && i < settled->n; i++)
    free(settled->items[i].fates), free(settled->items[i].values);
  free(settled->items), free(settled->solved);
  *settled = (emend_settled){0};
}
