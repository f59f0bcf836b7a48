/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "encode/not_applicable.h"
#include "encode/plan.h"

/* What rules make of the cells that would be filled, as far as it can be known before anything is. */

/* Of a total that stays missing, what stands in the way. */
typedef struct obstacles {
  size_t absent;    /* rows in which this part does not apply, and nothing shows that it counts as 0 */
  size_t missing;   /* rows in which it stays missing */
  size_t none;      /* of the first part: rows in which no part applies */
  size_t undefined; /* of the first part: rows in which all is known, and the formula has no value */
} obstacles;

typedef struct decider {
  emend_plan *plan;
  obstacles **obstacles; /* per item with a formula, per operand */
} decider;

static void load(void *context, size_t row, size_t variable, emend_operand *operand, bool *unsure) {
  const emend_plan *plan = ((const decider *)context)->plan;
  if (emend_operand_observed(plan->dataset, row, variable, operand))
    return;
  emend_run cell = emend_dataset_run(plan->dataset, variable, row);
  emend_fate fate = emend_plan_fate(plan, row, variable, *cell.reasons, *cell.values);
  if (fate == EMEND_FATE_FILL || fate == EMEND_FATE_OPEN)
    operand->state = EMEND_OPERAND_OPEN;
  *unsure = fate == EMEND_FATE_OPEN;
}

static bool is_absent(void *context, size_t row, size_t variable) {
  const decider *d = context;
  emend_run cell = emend_dataset_run(d->plan->dataset, variable, row);
  if (*cell.reasons == EMEND_OBSERVED || emend_variable_get_kind(d->plan->dataset, variable) == EMEND_TEXT)
    return false;
  emend_fate fate = emend_plan_fate(d->plan, row, variable, *cell.reasons, *cell.values);
  return fate == EMEND_FATE_SKIP || (fate == EMEND_FATE_KEEP && emend_not_applicable_says(d->plan, row, variable));
}

/* Where the condition holds: can the value be computed? */
static emend_fate fate_of_formula(const struct emend_rule_result *result) {
  if (!isnan(result->value))
    return EMEND_FATE_FILL;
  return result->missing || !result->open ? EMEND_FATE_KEEP : result->unsure ? EMEND_FATE_OPEN : EMEND_FATE_FILL;
}

/* The first part that stands in the way is the one that is told. Where none does, no part applies. */
static void note_obstacle(const decider *d, const emend_ruled *item, const emend_rule_row *at, size_t row, bool missing) {
  const emend_rule *formula = emend_ruled_formula(&d->plan->rules, item);
  obstacles *in_the_way = d->obstacles[item - d->plan->rules.items];
  for (size_t i = 0; i < emend_rule_operands(formula); i++) {
    if (at->operands[i].state != EMEND_OPERAND_MISSING)
      continue;
    bool absent = is_absent((void *)(uintptr_t)d, row, emend_rule_operand(formula, i));
    in_the_way[i].absent += absent, in_the_way[i].missing += !absent;
    return;
  }
  if (in_the_way)
    in_the_way->none += missing, in_the_way->undefined += !missing;
}

static emend_fate compute(emend_rule_row *at, const emend_ruled *item, size_t row) {
  const decider *d = at->context;
  struct emend_rule_result result = emend_rule_row_compute(at, row, item);
  emend_fate fate = fate_of_formula(&result);
  if (fate == EMEND_FATE_KEEP)
    note_obstacle(d, item, at, row, result.missing);
  return fate;
}

static emend_fate decide(emend_rule_row *at, const emend_ruled *item, size_t row) {
  const struct emend_rule_result *condition = item->condition >= 0 ? emend_rule_row_evaluate(at, row, item->condition) : NULL;
  if (condition && condition->value != 1 && !(isnan(condition->value) && condition->open))
    return EMEND_FATE_SKIP;
  emend_fate fate = item->formula >= 0 ? compute(at, item, row) : EMEND_FATE_FILL;
  return fate == EMEND_FATE_FILL && condition && isnan(condition->value) ? EMEND_FATE_OPEN : fate;
}

/* Counts of one variable while its rows are gone through. */
typedef struct fate_counts {
  size_t fill, skip, open;
  size_t answers; /* though the condition is false */
  size_t met;     /* rows where it is, or may be, true */
} fate_counts;

static void go_through_row(emend_rule_row *at, const emend_plan *plan, size_t row, fate_counts *counts) {
  for (size_t i = 0; i < plan->rules.n; i++) {
    const emend_ruled *item = &plan->rules.items[i];
    emend_run cell = emend_dataset_run(plan->dataset, item->variable, row);
    if (item->condition >= 0) {
      const struct emend_rule_result *condition = emend_rule_row_evaluate(at, row, item->condition);
      counts[i].answers += *cell.reasons == EMEND_OBSERVED && condition->value == 0;
      counts[i].met += condition->value == 1 || (isnan(condition->value) && condition->open);
    }
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
    if (item->condition >= 0 && counts[i].skip > 0 && counts[i].met == 0)
      emend_warn(events,
                 "%s: \"only if %s\" is true in no row, so none of its %zu missing cells is filled; where a variable has no answer, a comparison "
                 "with it is neither true nor false (missing(...) asks for that)",
                 emend_variable_name(plan->dataset, item->variable), emend_rule_text(emend_ruled_condition(&plan->rules, item)),
                 counts[i].skip);
  }
}

static void take_counts(emend_plan *plan, const emend_ruled *item, const fate_counts *counts) {
  emend_missing_counts *missing = &plan->variables[item->variable].missing;
  missing->keep += missing->fill - counts->fill;
  missing->fill = counts->fill;
  missing->skipped = counts->skip;
  missing->open = counts->open;
}

/* What a row says of an item's parts that do not apply, if all else is answered. */
static void look_at_row(const decider *d, const emend_ruled *item, emend_operand *operands, size_t row) {
  const emend_rule *formula = emend_ruled_formula(&d->plan->rules, item);
  size_t n = emend_rule_operands(formula), n_absent = 0;
  emend_operand total;
  if (!emend_operand_observed(d->plan->dataset, row, item->variable, &total))
    return;
  for (size_t i = 0; i < n; i++) {
    size_t variable = emend_rule_operand(formula, i);
    if (emend_operand_observed(d->plan->dataset, row, variable, &operands[i]))
      continue;
    if (!is_absent((void *)(uintptr_t)d, row, variable))
      return;
    operands[i] = (emend_operand){.state = EMEND_OPERAND_KNOWN}, n_absent++;
  }
  double value = n_absent > 0 ? emend_rule_evaluate(formula, operands) : NAN;
  bool fits = emend_number_is_close(value, total.number);
  for (size_t i = 0; i < n && n_absent > 0; i++) {
    bool absent = *emend_dataset_run(d->plan->dataset, emend_rule_operand(formula, i), row).reasons != EMEND_OBSERVED;
    item->absences[i].rows += absent, item->absences[i].fitting += absent && fits;
  }
}

/* *any: some part counts as nothing where it does not apply. */
static emend_status look_at_absences(decider *d, emend_operand *operands, bool *any, emend_error *error) {
  emend_rules *rules = &d->plan->rules;
  *any = false;
  for (size_t i = 0; i < rules->n; i++) {
    emend_ruled *item = &rules->items[i];
    size_t n = item->formula >= 0 ? emend_rule_operands(rules->rules[item->formula]) : 0;
    if (n == 0)
      continue;
    if (!(item->absences = emend_allocate(n, sizeof *item->absences)))
      return emend_fail_memory(error);
    for (size_t row = 0; row < emend_dataset_rows(d->plan->dataset); row++)
      look_at_row(d, item, operands, row);
    for (size_t k = 0; k < n; k++)
      *any = *any || emend_absence_is_nothing(&item->absences[k]);
  }
  return EMEND_OK;
}

static emend_status decider_new(emend_plan *plan, decider *d, emend_error *error) {
  const emend_rules *rules = &plan->rules;
  *d = (decider){.plan = plan, .obstacles = emend_allocate(rules->n, sizeof *d->obstacles)};
  emend_status status = d->obstacles ? EMEND_OK : emend_fail_memory(error);
  for (size_t i = 0; i < rules->n && !status; i++) {
    size_t n = rules->items[i].formula >= 0 ? emend_rule_operands(rules->rules[rules->items[i].formula]) : 0;
    if (n > 0 && !(d->obstacles[i] = emend_allocate(n, sizeof **d->obstacles)))
      status = emend_fail_memory(error);
  }
  return status;
}

static void decider_free(decider *d) {
  for (size_t i = 0; d->obstacles && i < d->plan->rules.n; i++)
    free(d->obstacles[i]);
  free(d->obstacles);
}

/* Rows that are gone through side by side, each stretch with counts of its own. Of formulas there is one: what stands in their way is
 * counted in one place. */
typedef struct stretches {
  const decider *decider;
  size_t n, n_rows; /* of each but the last one */
  emend_rule_row *at;
  fate_counts *counts; /* n x rules */
} stretches;

static void stretches_free(stretches *s) {
  for (size_t i = 0; s->at && i < s->n; i++)
    emend_rule_row_free(&s->at[i]);
  free(s->at), free(s->counts);
}

static emend_status stretches_new(stretches *s, const decider *d, emend_error *error) {
  enum { ROWS = 1 << 14 };
  const emend_rules *rules = &d->plan->rules;
  bool formulas = false;
  for (size_t i = 0; i < rules->n; i++)
    formulas = formulas || d->obstacles[i];
  *s = (stretches){.decider = d, .n_rows = formulas ? SIZE_MAX : ROWS};
  s->n = formulas ? 1 : emend_dataset_rows(d->plan->dataset) / ROWS + 1;
  s->at = emend_allocate(s->n, sizeof *s->at);
  s->counts = emend_allocate(s->n * rules->n, sizeof *s->counts);
  emend_status status = s->at && s->counts ? EMEND_OK : emend_fail_memory(error);
  for (size_t i = 0; i < s->n && !status; i++) {
    status = emend_rule_row_new(rules, &s->at[i], error);
    s->at[i].context = (void *)(uintptr_t)d, s->at[i].load = load, s->at[i].absent = is_absent;
  }
  return status;
}

static void go_through_stretch(void *context, size_t task) {
  const stretches *s = context;
  const emend_plan *plan = s->decider->plan;
  size_t n = emend_dataset_rows(plan->dataset), row = s->n > 1 ? task * s->n_rows : 0, end = n - row < s->n_rows ? n : row + s->n_rows;
  emend_rule_row_forget(&s->at[task]);
  for (; row < end; row++)
    go_through_row(&s->at[task], plan, row, s->counts + task * plan->rules.n);
}

/* Their counts together become the first one's. */
static void go_through_rows(stretches *s, emend_team *team) {
  const decider *d = s->decider;
  const emend_rules *rules = &d->plan->rules;
  memset(s->counts, 0, s->n * rules->n * sizeof *s->counts);
  for (size_t i = 0; i < rules->n; i++)
    if (d->obstacles[i])
      memset(d->obstacles[i], 0, emend_rule_operands(rules->rules[rules->items[i].formula]) * sizeof **d->obstacles);
  emend_team_run(team, s->n, go_through_stretch, s);
  for (size_t i = rules->n; i < s->n * rules->n; i++) {
    fate_counts *sum = &s->counts[i % rules->n], one = s->counts[i];
    sum->fill += one.fill, sum->skip += one.skip, sum->open += one.open, sum->answers += one.answers;
  }
}

/* Why totals stay missing, each part in a sentence. */
static void tell_obstacles(const decider *d, size_t index, emend_events *events) {
  const emend_ruled *item = &d->plan->rules.items[index];
  const emend_rule *formula = emend_ruled_formula(&d->plan->rules, item);
  const char *name = emend_variable_name(d->plan->dataset, item->variable);
  size_t none = d->obstacles[index] ? d->obstacles[index]->none : 0, undefined = d->obstacles[index] ? d->obstacles[index]->undefined : 0;
  if (none)
    emend_warn(events, "%s stays missing in %zu row%s where none of its parts applies", name, none, none == 1 ? "" : "s");
  if (undefined)
    emend_warn(events, "%s stays missing in %zu row%s where its formula has no value, such as by a division by zero (%s)", name, undefined,
               undefined == 1 ? "" : "s", emend_rule_text(formula));
  for (size_t i = 0; d->obstacles[index] && i < emend_rule_operands(formula); i++) {
    const char *part = emend_variable_name(d->plan->dataset, emend_rule_operand(formula, i));
    obstacles o = d->obstacles[index][i];
    const emend_absence *absence = &item->absences[i];
    if (o.absent)
      emend_warn(events,
                 "%s stays missing in %zu row%s where %s does not apply: that it counts as 0 there is shown by %zu of %zu rows where "
                 "all else is answered (5 are needed, and 95 %% of them)",
                 name, o.absent, o.absent == 1 ? "" : "s", part, absence->fitting, absence->rows);
    if (o.missing)
      emend_warn(events, "%s stays missing in %zu row%s where %s does", name, o.missing, o.missing == 1 ? "" : "s", part);
  }
}

emend_status emend_plan_decide_fates(emend_plan *plan, emend_team *team, emend_events *events, emend_error *error) {
  emend_rules *rules = &plan->rules;
  size_t n_rows = emend_dataset_rows(plan->dataset);
  if (rules->n == 0)
    return EMEND_OK;
  decider d = {.plan = plan};
  stretches s = {0};
  bool again = false;
  emend_status status = decider_new(plan, &d, error);
  if (!status)
    status = stretches_new(&s, &d, error);
  for (size_t i = 0; i < rules->n && !status; i++)
    if (plan->variables[rules->items[i].variable].missing.fill > 0 && !(rules->items[i].fates = emend_allocate(n_rows, 1)))
      status = emend_fail_memory(error);
  if (!status)
    go_through_rows(&s, team), status = look_at_absences(&d, s.at[0].operands, &again, error);
  if (!status && again)
    go_through_rows(&s, team);
  for (size_t i = 0; i < rules->n && !status; i++)
    take_counts(plan, &rules->items[i], &s.counts[i]);
  if (!status)
    tell(plan, s.counts, events);
  for (size_t i = 0; i < rules->n && !status; i++)
    tell_obstacles(&d, i, events);
  stretches_free(&s);
  decider_free(&d);
  return status;
}
