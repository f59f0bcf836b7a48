/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "rule/program.h"

#include "base/text.h"

typedef struct value {
  double number;    /* NaN: missing */
  const char *text; /* NULL: missing */
} value;

static double finite_or_missing(double number) { return isfinite(number) ? number : NAN; }

static double compare(rule_code code, double a, double b) {
  if (isnan(a) || isnan(b))
    return NAN;
  switch (code) {
  case RULE_EQUAL: return a == b;
  case RULE_UNEQUAL: return a != b;
  case RULE_LESS: return a < b;
  case RULE_AT_MOST: return a <= b;
  case RULE_GREATER: return a > b;
  default: return a >= b;
  }
}

static size_t length_without_blanks(const char *text) { return emend_trimmed_length(text, strlen(text)); }

static double compare_texts(const char *a, const char *b, bool equal) {
  if (!a || !b)
    return NAN;
  size_t n = length_without_blanks(a);
  bool same = n == length_without_blanks(b) && memcmp(a, b, n) == 0;
  return same == equal;
}

/* False if either is false, else missing if either is missing. */
static double both(double a, double b) {
  if (a == 0 || b == 0)
    return 0;
  return isnan(a) || isnan(b) ? NAN : 1;
}

static double either(double a, double b) {
  if (a == 1 || b == 1)
    return 1;
  return isnan(a) || isnan(b) ? NAN : 0;
}

static double apply(rule_code code, value a, value b) {
  switch (code) {
  case RULE_ADD: return finite_or_missing(a.number + b.number);
  case RULE_SUBTRACT: return finite_or_missing(a.number - b.number);
  case RULE_MULTIPLY: return finite_or_missing(a.number * b.number);
  case RULE_DIVIDE: return finite_or_missing(a.number / b.number);
  case RULE_AND: return both(a.number, b.number);
  case RULE_OR: return either(a.number, b.number);
  case RULE_TEXT_EQUAL: return compare_texts(a.text, b.text, true);
  case RULE_TEXT_UNEQUAL: return compare_texts(a.text, b.text, false);
  default: return compare(code, a.number, b.number);
  }
}

static value load(const emend_operand *operand) {
  bool known = operand->state == EMEND_OPERAND_KNOWN;
  return (value){known ? finite_or_missing(operand->number) : NAN, known ? operand->text : NULL};
}

static double is_missing(const emend_operand *operand) {
  return operand->state == EMEND_OPERAND_OPEN ? NAN : operand->state == EMEND_OPERAND_MISSING;
}

double emend_rule_evaluate(const emend_rule *rule, const emend_operand *operands) {
  value stack[RULE_STACK]; /* the parser has seen to it that this is enough */
  size_t top = 0;
  for (size_t i = 0; i < rule->n; i++) {
    const rule_instruction *in = &rule->program[i];
    switch (in->code) {
    case RULE_NUMBER: stack[top++] = (value){in->number, NULL}; break;
    case RULE_TEXT: stack[top++] = (value){NAN, rule->texts[in->index]}; break;
    case RULE_LOAD: stack[top++] = load(&operands[in->index]); break;
    case RULE_MISSING: stack[top++] = (value){is_missing(&operands[in->index]), NULL}; break;
    case RULE_NEGATE: stack[top - 1].number = -stack[top - 1].number; break;
    case RULE_NOT: stack[top - 1].number = 1 - stack[top - 1].number; break;
    default:
      top--;
      stack[top - 1] = (value){apply(in->code, stack[top - 1], stack[top]), NULL};
    }
  }
  return stack[0].number;
}

bool emend_rule_is_whole(const emend_rule *rule) {
  for (size_t i = 0; i < rule->n; i++)
    if (rule->program[i].code == RULE_DIVIDE ||
        (rule->program[i].code == RULE_NUMBER && rule->program[i].number != floor(rule->program[i].number)))
      return false;
  return true;
}
