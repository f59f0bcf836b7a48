/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/filter.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "impute/decoding.h"

typedef struct contradictions {
  size_t answers,
      codes; /* rows in which the condition is false though there is an answer; true though a code says that it does not apply */
} contradictions;

struct emend_filters {
  emend_imputation *made;
  const emend_rules *rules;
  emend_rule_row *at;
  bool *tells;            /* per item: codes that may say who was not asked do so, for all that is known */
  bool *hangs;            /* per item: its condition speaks of a variable that has imputed values */
  contradictions *counts; /* per item */
  emend_operand *operands;
  double **answers; /* per variable: of a filter without few different answers, some of them; NULL: none taken */
};

enum { MOST_ANSWERS = 100 };

/* Answers to a filter of many numbers, from rows far apart; NaN where such a row has none. */
static emend_status take_answers(emend_filters *f, size_t variable, emend_error *error) {
  const emend_plan *plan = f->made->plan;
  const emend_planned *planned = &plan->variables[variable];
  size_t n_rows = emend_dataset_rows(plan->dataset), step = n_rows / MOST_ANSWERS + 1, n = 0;
  if (f->answers[variable] || planned->categories.n > 0 || planned->missing.fill == 0 ||
      emend_variable_get_kind(plan->dataset, variable) == EMEND_TEXT)
    return EMEND_OK;
  double *answers = f->answers[variable] = emend_allocate(MOST_ANSWERS, sizeof *answers);
  if (!answers)
    return emend_fail_memory(error);
  for (size_t row = 0; row < n_rows && n < MOST_ANSWERS; row += step, n++) {
    emend_run cell = emend_dataset_run(plan->dataset, variable, row);
    bool fits = *cell.reasons == EMEND_OBSERVED && !(planned->bounded && (*cell.values < planned->lo || *cell.values > planned->hi));
    answers[n] = fits ? *cell.values : NAN;
  }
  for (; n < MOST_ANSWERS; n++)
    answers[n] = NAN;
  return EMEND_OK;
}

static bool knows_operands(const emend_filters *f, const emend_rule *condition, size_t row) {
  for (size_t i = 0; i < emend_rule_operands(condition); i++)
    if (*emend_dataset_run(f->made->plan->dataset, emend_rule_operand(condition, i), row).reasons != EMEND_OBSERVED)
      return false;
  return true;
}

/* "Under 16" tells a filter if it stands where the condition says so; a tenth may stand elsewhere. */
static bool agree_codes(emend_filters *f, const emend_ruled *item) {
  static const double CONTRARY = 0.1;
  const emend_rule *condition = emend_ruled_condition(f->rules, item);
  size_t n = 0, contrary = 0, n_rows = emend_dataset_rows(f->made->plan->dataset);
  for (size_t row = 0; row < n_rows && f->made->plan->says_not_applicable[item->variable]; row++) {
    bool may = emend_not_applicable_may_say(f->made->plan, row, item->variable) &&
               !emend_not_applicable_says(f->made->plan, row, item->variable);
    if (!may || !knows_operands(f, condition, row))
      continue;
    n++;
    contrary += emend_rule_row_evaluate(f->at, row, item->condition)->value == 1;
  }
  emend_rule_row_forget(f->at);
  return n > 0 && (double)contrary <= CONTRARY * (double)n;
}

emend_status emend_filters_new(emend_imputation *made, emend_rule_row *at, emend_filters **filters, emend_error *error) {
  emend_filters *f = *filters = emend_allocate(1, sizeof *f);
  if (!f)
    return emend_fail_memory(error);
  *f = (emend_filters){.made = made, .rules = &made->plan->rules, .at = at};
  size_t most = 0, n_variables = made->plan->n_variables;
  f->answers = emend_allocate(n_variables, sizeof *f->answers);
  emend_status status = f->answers ? EMEND_OK : emend_fail_memory(error);
  f->hangs = emend_allocate(f->rules->n, sizeof *f->hangs);
  f->counts = emend_allocate(f->rules->n, sizeof *f->counts);
  f->tells = emend_allocate(f->rules->n, sizeof *f->tells);
  for (size_t i = 0; i < f->rules->n && f->hangs && f->tells && !status; i++) {
    const emend_rule *condition = emend_ruled_condition(f->rules, &f->rules->items[i]);
    size_t n = condition ? emend_rule_operands(condition) : 0;
    most = n > most ? n : most;
    for (size_t k = 0; k < n && !status; k++)
      status = take_answers(f, emend_rule_operand(condition, k), error);
    for (size_t k = 0; k < n; k++)
      f->hangs[i] = f->hangs[i] || made->plan->variables[emend_rule_operand(condition, k)].missing.fill > 0;
    f->tells[i] = f->hangs[i] && agree_codes(f, &f->rules->items[i]);
  }
  f->operands = emend_allocate(most, sizeof *f->operands);
  return status || (f->hangs && f->tells && f->counts && f->operands) ? status : emend_fail_memory(error);
}

void emend_filters_free(emend_filters *f) {
  if (!f)
    return;
  for (size_t v = 0; f->answers && v < f->made->plan->n_variables; v++)
    free(f->answers[v]);
  free(f->answers), free(f->tells), free(f->hangs), free(f->counts), free(f->operands), free(f);
}

/* What the cell itself says of its condition: 1 that it holds, 0 that it does not; -1: nothing. */
static int said_by_cell(const emend_filters *f, size_t item, size_t row) {
  size_t variable = f->rules->items[item].variable;
  if (*emend_dataset_run(f->made->plan->dataset, variable, row).reasons == EMEND_OBSERVED)
    return 1;
  bool says = f->tells[item] ? emend_not_applicable_may_say(f->made->plan, row, variable)
                             : emend_not_applicable_says(f->made->plan, row, variable);
  return says ? 0 : -1;
}

/* What it says where the condition may hang on an imputed value: mostly that is known of a row without asking what its values are. */
static int said_of_imputed(const emend_filters *f, size_t item, size_t row) {
  const emend_rule *condition = emend_ruled_condition(f->rules, &f->rules->items[item]);
  for (size_t i = 0, n = f->hangs[item] ? emend_rule_operands(condition) : 0; i < n; i++)
    if (*emend_dataset_run(f->made->plan->dataset, emend_rule_operand(condition, i), row).reasons != EMEND_OBSERVED)
      return said_by_cell(f, item, row);
  return -1;
}

/* True if the condition says the contrary, and only because of values that are imputed. */
static bool contradicts(const emend_filters *f, size_t item, size_t row, int said) {
  const struct emend_rule_result *result = emend_rule_row_evaluate(f->at, row, f->rules->items[item].condition);
  return result->unsure && result->value == !said;
}

/* The condition with another value for a variable; -1 if it does not speak of it. NaN: missing. */
static double evaluate_with(emend_filters *f, const emend_rule *condition, size_t row, size_t variable, emend_operand value) {
  bool speaks = false, unsure;
  for (size_t i = 0; i < emend_rule_operands(condition); i++) {
    size_t operand = emend_rule_operand(condition, i);
    if (operand == variable)
      f->operands[i] = value, speaks = true;
    else
      f->at->load(f->at->context, row, operand, &f->operands[i], &unsure);
  }
  return speaks ? emend_rule_evaluate(condition, f->operands) : -1;
}

/* Whether all that the row says agrees with a value of the filter. */
static bool agrees(emend_filters *f, size_t row, size_t filter, emend_operand value) {
  for (size_t i = 0; i < f->rules->n; i++) {
    int said = f->hangs[i] ? said_by_cell(f, i, row) : -1;
    if (said >= 0 && evaluate_with(f, emend_ruled_condition(f->rules, &f->rules->items[i]), row, filter, value) == !said)
      return false;
  }
  return true;
}

static emend_operand as_operand(const emend_imputation *made, size_t variable, const emend_categories *c, const unsigned char *original,
                                size_t k) {
  const emend_offset *texts = made->plan->variables[variable].categories.texts;
  emend_operand operand = {.state = EMEND_OPERAND_KNOWN, .number = !texts ? c->numbers[k] : NAN};
  if (texts)
    emend_operand_put_text(made->plan->dataset, variable, emend_dataset_text(made->plan->dataset, texts[original ? original[k] : k]),
                           &operand);
  return operand;
}

/* Of the answers taken from a filter of many numbers, the nearest to what would come that agrees with the row; NaN: none. */
static double nearest_answer(emend_filters *f, size_t item, size_t row, size_t filter) {
  const emend_rule *condition = emend_ruled_condition(f->rules, &f->rules->items[item]);
  bool moved;
  double best = NAN, wish = emend_imputation_decode(f->made, row, filter, &moved);
  for (size_t i = 0; f->answers[filter] && i < MOST_ANSWERS; i++) {
    emend_operand value = {.state = EMEND_OPERAND_KNOWN, .number = f->answers[filter][i]};
    if (isnan(value.number) || fabs(value.number - wish) >= fabs(best - wish))
      continue;
    if (evaluate_with(f, condition, row, filter, value) == said_by_cell(f, item, row) && agrees(f, row, filter, value))
      best = value.number;
  }
  return best;
}

/* A value for one operand of the condition that makes it what the row says, if there is one; the filter must be imputed, and by the model
 * alone. */
static emend_status choose(emend_filters *f, size_t item, size_t row, size_t filter, bool *chosen, emend_error *error) {
  emend_imputation *made = f->made;
  emend_run cell = emend_dataset_run(made->plan->dataset, filter, row);
  const unsigned char *original;
  unsigned char admissible[EMEND_MOST_CATEGORIES] = {0};
  const emend_rule *condition = emend_ruled_condition(f->rules, &f->rules->items[item]);
  if (!emend_imputation_fills(made, row, filter, *cell.reasons, *cell.values) || made->column_of[filter] < 0 ||
      emend_plan_formula(made->plan, filter) || emend_settled_solved(&made->settled, row, filter))
    return EMEND_OK;
  const emend_categories *c = emend_imputation_categories(made, row, filter, &original);
  for (size_t k = 0; k < c->n; k++) {
    emend_operand value = as_operand(made, filter, c, original, k);
    admissible[k] = emend_categories_gives(c, k) && evaluate_with(f, condition, row, filter, value) == said_by_cell(f, item, row) &&
                    agrees(f, row, filter, value);
    *chosen = *chosen || admissible[k];
  }
  double value = *chosen ? emend_imputation_choose(made, row, filter, admissible) : nearest_answer(f, item, row, filter);
  *chosen = !isnan(value);
  if (!*chosen)
    return EMEND_OK;
  emend_rule_row_forget(f->at);
  return emend_settled_add(&made->settled, (emend_solved){.row = row, .variable = filter, .value = value}, error);
}

emend_status emend_filters_choose(emend_filters *f, size_t row, bool *chosen, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < f->rules->n && !status; i++) {
    int said = said_of_imputed(f, i, row);
    if (said < 0 || !contradicts(f, i, row, said))
      continue;
    const emend_rule *condition = emend_ruled_condition(f->rules, &f->rules->items[i]);
    bool done = false;
    for (size_t k = 0; k < emend_rule_operands(condition) && !done && !status; k++)
      status = choose(f, i, row, emend_rule_operand(condition, k), &done, error);
    *chosen = *chosen || done;
  }
  return status;
}

void emend_filters_compare_row(emend_filters *f, size_t row) {
  for (size_t i = 0; i < f->rules->n; i++) {
    int said = said_of_imputed(f, i, row);
    if (said >= 0 && contradicts(f, i, row, said))
      *(said ? &f->counts[i].answers : &f->counts[i].codes) += 1;
  }
}

void emend_filters_report(const emend_filters *f, emend_events *events) {
  for (size_t i = 0; i < f->rules->n; i++) {
    const contradictions *c = &f->counts[i];
    const char *name = emend_variable_name(f->made->plan->dataset, f->rules->items[i].variable);
    const char *condition = f->hangs[i] ? emend_rule_text(emend_ruled_condition(f->rules, &f->rules->items[i])) : "";
    if (c->answers)
      emend_warn(events, "%s has %zu answer%s in rows where imputed values say that it was not asked (only if %s); %s", name, c->answers,
                 c->answers == 1 ? "" : "s", condition, c->answers == 1 ? "it stays" : "they stay");
    if (c->codes)
      emend_warn(events, "%s does not apply by its own code in %zu row%s where imputed values say that it was asked (only if %s)", name,
                 c->codes, c->codes == 1 ? "" : "s", condition);
  }
}
