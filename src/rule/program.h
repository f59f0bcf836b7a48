/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_PROGRAM_H
#define RULE_PROGRAM_H

#include "rule/rule.h"

/* The inside of a rule: a program for a machine with a stack, each instruction taking its arguments from the top. For this room only. */

typedef enum rule_code {
  RULE_NUMBER,  /* pushes `number` */
  RULE_TEXT,    /* pushes the text at `index` of the rule's texts */
  RULE_LOAD,    /* pushes operand `index` */
  RULE_MISSING, /* whether operand `index` is missing */
  RULE_NEGATE,
  RULE_NOT,
  RULE_ADD,
  RULE_SUBTRACT,
  RULE_MULTIPLY,
  RULE_DIVIDE,
  RULE_EQUAL,
  RULE_UNEQUAL,
  RULE_LESS,
  RULE_AT_MOST,
  RULE_GREATER,
  RULE_AT_LEAST,
  RULE_TEXT_EQUAL,
  RULE_TEXT_UNEQUAL,
  RULE_AND,
  RULE_OR
} rule_code;

typedef struct rule_instruction {
  rule_code code;
  size_t index;
  double number;
} rule_instruction;

/* Between two parentheses at most an `or`, an `and`, a comparison, a sum and a product wait for what follows; a comparison with a day takes
 * three places, but nothing of its own level waits then. */
enum { RULE_STACK = 5 * EMEND_RULE_DEEPEST + 8 };

struct emend_rule {
  char *text;
  rule_instruction *program;
  size_t n, capacity;
  size_t *operands;
  size_t n_operands, operands_capacity;
  char **texts;
  size_t n_texts, texts_capacity;
};

#endif
