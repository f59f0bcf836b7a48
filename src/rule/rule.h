/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_RULE_H
#define RULE_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Conditions and formulas over the variables of a row, as a recipe writes them:
 *
 *   moved == 1 and age >= 18        income / household_size        region != "North" or missing(`q 7`)
 *
 * Numbers, text in "double" or 'single' quotes (doubled inside), names (in backticks if they hold blanks, hyphens ..., or are a word of the
 * language), + - * /, == != < <= > >=, and, or, not, parentheses, missing(name). Loosest first: or, and, not, comparisons (which do not
 * chain), + -, * /, sign. A truth counts as 1 or 0 in arithmetic; a number is no truth. Text is only compared, by == and !=, trailing
 * blanks apart; but a variable that holds dates is compared with a date, quoted or as 2016-01-31, which is that date in the variable's unit (of a date-time,
 * the whole day), and not with a bare number that is hardly meant as one.
 *
 * Logic has three values: what is computed from something missing is missing, except that `false and missing` is false, `true or missing`
 * is true. Division by zero, and whatever is not finite, is missing.
 */
typedef struct emend_rule emend_rule;

typedef enum emend_rule_type { EMEND_RULE_NUMBER, EMEND_RULE_TRUTH, EMEND_RULE_TEXT } emend_rule_type;

/* Who knows the names. `find` gives a variable and whether it is text, or fails, with the name in its message. */
typedef struct emend_rule_names {
  void *context;
  emend_status (*find)(void *context, const char *name, size_t *variable, bool *is_text, emend_error *error);
  /* Of numbers that are dates; NULL: there are none. `read` says when what a text names begins, and when it is over (the same of a moment),
   * in the variable's own unit; false: it names no date. `object` fails for a number that is hardly meant as a date of this variable. */
  bool (*holds_dates)(void *context, size_t variable);
  bool (*read_date)(void *context, size_t variable, const char *text, double *begin, double *end);
  emend_status (*object)(void *context, size_t variable, double number, emend_error *error);
} emend_rule_names;

/* What a recipe by a stranger may ask for. */
enum { EMEND_RULE_LONGEST = 16384, EMEND_RULE_DEEPEST = 64, EMEND_RULE_LARGEST = 4096 };

/*
 * Reads a rule of type `wanted`: EMEND_RULE_TRUTH, a condition, or EMEND_RULE_NUMBER, a formula (for which a truth does too).
 * Errors: EMEND_INVALID_ARGUMENT; the message begins with `where` and says at which character of the text.
 */
emend_status emend_rule_parse(const char *text, emend_rule_type wanted, const emend_rule_names *names, const char *where, emend_rule **rule,
                              emend_error *error);
void emend_rule_free(emend_rule *rule);
const char *emend_rule_text(const emend_rule *rule); /* as written, without blanks at the ends */

/* The variables that it speaks of, each once. */
size_t emend_rule_operands(const emend_rule *rule);
size_t emend_rule_operand(const emend_rule *rule, size_t index);
/* True if whole numbers give whole numbers: no division, no fractions. */
bool emend_rule_is_whole(const emend_rule *rule);

/* The value of an operand in a row. What is still to be filled is open: of it, missing() is not known either. */
typedef enum emend_operand_state { EMEND_OPERAND_MISSING, EMEND_OPERAND_KNOWN, EMEND_OPERAND_OPEN } emend_operand_state;
typedef struct emend_operand {
  emend_operand_state state;
  double number;
  const char *text; /* of a text variable */
} emend_operand;

/* The number, or 1 for true and 0 for false; NaN: missing. `operands` in the rule's order. */
double emend_rule_evaluate(const emend_rule *rule, const emend_operand *operands);

#endif
