/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "encode/rule_dates.h"
#include "encode/rules.h"

emend_status emend_rule_row_new(const emend_rules *rules, emend_rule_row *at, emend_error *error) {
  size_t most = 0;
  for (size_t i = 0; i < rules->n_rules; i++)
    most = emend_rule_operands(rules->rules[i]) > most ? emend_rule_operands(rules->rules[i]) : most;
  *at = (emend_rule_row){.rules = rules};
  at->row_of = emend_allocate(rules->n_rules, sizeof *at->row_of);
  at->results = emend_allocate(rules->n_rules, sizeof *at->results);
  at->operands = emend_allocate(most, sizeof *at->operands);
  return at->row_of && at->results && at->operands ? EMEND_OK : emend_fail_memory(error);
}

void emend_rule_row_free(emend_rule_row *at) {
  free(at->row_of), free(at->results), free(at->operands);
  *at = (emend_rule_row){0};
}

void emend_rule_row_forget(emend_rule_row *at) { memset(at->row_of, 0, at->rules->n_rules * sizeof *at->row_of); }

static emend_operand_state load(emend_rule_row *at, size_t row, size_t variable, emend_operand *operand, struct emend_rule_result *result) {
  bool unsure = false;
  at->load(at->context, row, variable, operand, &unsure);
  result->unsure = result->unsure || unsure;
  return operand->state;
}

const struct emend_rule_result *emend_rule_row_evaluate(emend_rule_row *at, size_t row, ptrdiff_t index) {
  const emend_rule *rule = at->rules->rules[index];
  struct emend_rule_result *result = &at->results[index];
  if (at->row_of[index] == row + 1)
    return result;
  *result = (struct emend_rule_result){0};
  for (size_t i = 0; i < emend_rule_operands(rule); i++) {
    emend_operand_state state = load(at, row, emend_rule_operand(rule, i), &at->operands[i], result);
    result->open = result->open || state == EMEND_OPERAND_OPEN;
    result->missing = result->missing || state == EMEND_OPERAND_MISSING;
  }
  result->value = emend_rule_evaluate(rule, at->operands);
  at->row_of[index] = row + 1;
  return result;
}

struct emend_rule_result emend_rule_row_compute(emend_rule_row *at, size_t row, const emend_ruled *item) {
  const emend_rule *rule = at->rules->rules[item->formula];
  struct emend_rule_result result = {0};
  size_t n_absent = 0, n = emend_rule_operands(rule);
  for (size_t i = 0; i < n; i++) {
    size_t variable = emend_rule_operand(rule, i);
    emend_operand *operand = &at->operands[i];
    emend_operand_state state = load(at, row, variable, operand, &result);
    bool nothing = state == EMEND_OPERAND_MISSING && item->absences && emend_absence_is_nothing(&item->absences[i]) && at->absent &&
                   at->absent(at->context, row, variable);
    if (nothing)
      *operand = (emend_operand){.state = EMEND_OPERAND_KNOWN}, n_absent++;
    result.open = result.open || state == EMEND_OPERAND_OPEN;
    result.missing = result.missing || (state == EMEND_OPERAND_MISSING && !nothing);
  }
  result.missing = result.missing || (n > 0 && n_absent == n);
  result.value = n > 0 && n_absent == n ? NAN : emend_rule_evaluate(rule, at->operands);
  return result;
}

void emend_operand_put_text(const emend_dataset *dataset, size_t variable, const char *text, emend_operand *operand) {
  operand->text = text;
  operand->number = emend_rule_date_of_text(dataset, variable, text);
}

bool emend_operand_observed(const emend_dataset *dataset, size_t row, size_t variable, emend_operand *operand) {
  emend_run cell = emend_dataset_run(dataset, variable, row);
  *operand = (emend_operand){.state = EMEND_OPERAND_MISSING, .number = NAN};
  if (*cell.reasons != EMEND_OBSERVED)
    return false;
  operand->state = EMEND_OPERAND_KNOWN;
  if (emend_variable_get_kind(dataset, variable) == EMEND_TEXT) {
    emend_offset offset;
    memcpy(&offset, cell.values, sizeof offset);
    emend_operand_put_text(dataset, variable, emend_dataset_text(dataset, offset), operand);
  } else {
    operand->number = *cell.values;
  }
  return true;
}
