/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rule: what is taken for one gives a number, or true, false or missing, whatever the operands. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"
#include "rule/rule.h"

static emend_status find(void *context, const char *name, size_t *variable, bool *is_text, emend_error *error) {
  (void)context;
  *variable = (unsigned char)name[0];
  *is_text = name[0] == 't';
  return strlen(name) > 20 ? emend_fail(error, EMEND_INVALID_ARGUMENT, "there is no variable %s", name) : EMEND_OK;
}

static bool holds_dates(void *context, size_t variable) {
  (void)context;
  return variable == 'd';
}

static bool read_date(void *context, size_t variable, const char *text, double *begin, double *end) {
  (void)context, (void)variable;
  *begin = (double)strlen(text), *end = *begin + (text[0] == 'm' ? 0 : 1);
  return text[0] != 'x';
}

static emend_status object(void *context, size_t variable, double number, emend_error *error) {
  (void)context, (void)variable;
  return number > 1e6 ? emend_fail(error, EMEND_INVALID_ARGUMENT, "no date") : EMEND_OK;
}

static void evaluate(const emend_rule *rule, emend_rule_type type, size_t seed) {
  size_t n = emend_rule_operands(rule);
  emend_operand *operands = calloc(n + 1, sizeof *operands);
  for (size_t i = 0; operands && i < n; i++)
    operands[i] = (emend_operand){.state = (emend_operand_state)((seed + i) % 3), .number = (double)i - 2, .text = "north"};
  double value = operands ? emend_rule_evaluate(rule, operands) : NAN;
  target_assert(isnan(value) || type == EMEND_RULE_NUMBER || value == 0 || value == 1);
  target_assert(!isinf(value));
  free(operands);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const emend_rule_names names = {.find = find, .holds_dates = holds_dates, .read_date = read_date, .object = object};
  char *text = malloc(size + 1);
  emend_error *error = emend_error_new();
  for (int type = EMEND_RULE_NUMBER; text && type <= EMEND_RULE_TRUTH; type++) {
    emend_rule *rule;
    memcpy(text, data, size);
    text[size] = '\0';
    if (emend_rule_parse(text, (emend_rule_type)type, &names, "rule", &rule, error) == EMEND_OK)
      for (size_t seed = 0; seed < 3; seed++)
        evaluate(rule, (emend_rule_type)type, seed);
    emend_rule_free(rule);
  }
  free(text);
  emend_error_free(error);
  return 0;
}
