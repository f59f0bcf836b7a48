/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rule/rule.h"
#include "support/support.h"

/* Variables a to z are numbers but t and u; `q 7` and q.8 are 26 and 27. */
static emend_status find(void *context, const char *name, size_t *variable, bool *is_text, emend_error *error) {
  (void)context;
  *is_text = strcmp(name, "t") == 0 || strcmp(name, "u") == 0;
  if (strlen(name) == 1 && name[0] >= 'a' && name[0] <= 'z')
    *variable = (size_t)(name[0] - 'a');
  else if (strcmp(name, "q 7") == 0 || strcmp(name, "q.8") == 0)
    *variable = name[1] == ' ' ? 26 : 27;
  else
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "there is no variable %s", name);
  return EMEND_OK;
}

/* y holds days since 2000-01-01, of which "a" to "z" name the first, each for one day; "noon" is a moment. */
static bool holds_dates(void *context, size_t variable) {
  (void)context;
  return variable == 'y' - 'a';
}
static bool read_date(void *context, size_t variable, const char *text, double *begin, double *end) {
  (void)context, (void)variable;
  bool noon = strcmp(text, "noon") == 0;
  *begin = noon ? 0.5 : text[0] - 'a';
  *end = noon ? 0.5 : *begin + 1;
  return noon || (text[0] >= 'a' && text[0] <= 'z' && !text[1]);
}
static emend_status object(void *context, size_t variable, double number, emend_error *error) {
  (void)context, (void)variable;
  return number == 2016 ? emend_fail(error, EMEND_INVALID_ARGUMENT, "2016 is no day") : EMEND_OK;
}
static const emend_rule_names names = {.find = find, .holds_dates = holds_dates, .read_date = read_date, .object = object};

static emend_rule *parse(const char *text, emend_rule_type wanted) {
  emend_error *error = emend_error_new();
  emend_rule *rule;
  if (emend_rule_parse(text, wanted, &names, "rule", &rule, error))
    ck_abort_msg("%s", emend_error_text(error));
  emend_error_free(error);
  return rule;
}

enum { N_VARIABLES = 28 };

/* a = 1, b = 2, c = 3, d = 0.5, m missing, o open, t = "North  ", u missing, `q 7` = 7, q.8 = 8; the others are 0. */
static double evaluate(const char *text, emend_rule_type wanted) {
  emend_rule *rule = parse(text, wanted);
  emend_operand row[N_VARIABLES], operands[N_VARIABLES];
  for (size_t i = 0; i < N_VARIABLES; i++)
    row[i] = (emend_operand){.state = EMEND_OPERAND_KNOWN};
  row[0].number = 1, row[1].number = 2, row[2].number = 3, row[3].number = 0.5, row[26].number = 7, row[27].number = 8;
  row['m' - 'a'] = (emend_operand){.state = EMEND_OPERAND_MISSING, .number = 4};
  row['o' - 'a'] = (emend_operand){.state = EMEND_OPERAND_OPEN, .number = 5};
  row['t' - 'a'].text = "North  ";
  row['u' - 'a'] = (emend_operand){.state = EMEND_OPERAND_MISSING, .text = ""};
  for (size_t i = 0; i < emend_rule_operands(rule); i++)
    operands[i] = row[emend_rule_operand(rule, i)];
  double value = emend_rule_evaluate(rule, operands);
  emend_rule_free(rule);
  return value;
}

/* Logic of three values, in full: m == 1 is missing. */
static const struct value_case {
  const char *text;
  double value;
} truth_cases[] = {
    {"a == 1", 1},
    {"a == 2", 0},
    {"a != 1", 0},
    {"1 < 2", 1},
    {"2 <= 2", 1},
    {"2 > 2", 0},
    {"a>=1", 1},
    {"m == 1", NAN},
    {"m != m", NAN},
    {"o == 5", NAN},
    {"a == 1 and b == 2", 1},
    {"a == 1 and b == 1", 0},
    {"a == 1 and m == 1", NAN},
    {"m == 1 and a == 2", 0},
    {"m == 1 and m == 1", NAN},
    {"a == 2 or m == 1", NAN},
    {"m == 1 or a == 1", 1},
    {"a == 2 or b == 3", 0},
    {"not a == 1", 0},
    {"not a == 2", 1},
    {"not m == 1", NAN},
    {"not not a == 1", 1},
    {"missing(m)", 1},
    {"missing(a)", 0},
    {"missing( o )", NAN},
    {"MISSING(u) AND NOT missing(t)", 1},
    {"a == 2 and b == 2 or c == 3", 1},   /* and binds more tightly */
    {"c == 3 or a == 2 and b == 3", 1},
    {"(c == 3 or a == 2) and b == 3", 0},
    {"not a == 2 and b == 2", 1},         /* not binds more tightly than and */
    {"t == \"North\"", 1},                /* trailing blanks apart */
    {"t != 'South'", 1},
    {"u == 'North'", NAN},
    {"t == 'N''orth'", 0},
    {"`q 7` == 7 and q.8 == 8", 1},
    {"a + b * c == 7", 1},
    {"(a + b) * c == 9", 1},
    {"(a == 1) == (b == 2)", 1},
    {"a / (b - 2) == 1", NAN},            /* division by zero */
    {"-a < -d", 1},
    {"2 - -1 == 3", 1},
    {".5 == d and 5e-1 == d and 1E0 == a", 1},
};

START_TEST(truths) {
  double value = evaluate(truth_cases[_i].text, EMEND_RULE_TRUTH), wanted = truth_cases[_i].value;
  ck_assert_msg(value == wanted || (isnan(value) && isnan(wanted)), "%s: %g", truth_cases[_i].text, value);
}
END_TEST

static const struct value_case number_cases[] = {
    {"a + b + c", 6},       {"a - b - c", -4},    {"c / b / d", 3},     {"-b * c", -6},           {"2 * (b + d)", 5},
    {"a + m", NAN},         {"0 * m", NAN},       {"a / 0", NAN},       {"1e308 * 10", NAN},      {"(a == 1) + (b == 1) + (c == 3)", 2},
    {"a == 1", 1},          {"+ a", 1},           {"- - - a", -1},      {"1 - 2 * 3 - 4 / 8", -5.5},
};

START_TEST(numbers) {
  double value = evaluate(number_cases[_i].text, EMEND_RULE_NUMBER), wanted = number_cases[_i].value;
  ck_assert_msg(value == wanted || (isnan(value) && isnan(wanted)), "%s: %g", number_cases[_i].text, value);
}
END_TEST

static const struct bad_case {
  const char *text, *message;
} bad_cases[] = {
    {"", "rule: the rule is empty"},
    {"  \t ", "rule: the rule is empty"},
    {"a = 1", "rule: character 3: = is not understood here; write == to compare"},
    {"a <> 1", "rule: character 3: <> is not understood here; write !="},
    {"a == 1 & b == 1", "rule: character 8: & is not understood here; write and"},
    {"!a", "rule: character 1: ! is not understood here; write not"},
    {"a == ", "rule: character 5: something is missing at the end"},
    {"(a == 1", "rule: character 1: ( is not closed"},
    {"a == 1)", "rule: character 7: the rule should end here, or go on with a sign; what is )?"},
    {"a b", "rule: character 3: the rule should end here, or go on with a sign; what is b?"},
    {"a == 1 and", "rule: character 11: something is missing at the end"},
    {"and a == 1", "rule: character 1: a variable, a number, a text or ( should stand here, not and"},
    {"a", "rule: character 1: the rule wants a condition, but this is a number; compare it with something"},
    {"t", "rule: character 1: the rule wants a condition, but this is text; compare it with something"},
    {"a == 1 and b", "rule: character 12: and wants a condition, but this is a number; compare it with something"},
    {"not a", "rule: character 5: not wants a condition, but this is a number; compare it with something"},
    {"1 < a < 3", "rule: character 7: comparisons do not chain; write a < b and b < c"},
    {"a == t", "rule: character 6: a number is compared with text"},
    {"t < 'x'", "rule: character 5: text is compared by == and != only, not by <"},
    {"t + 1 == 2", "rule: character 1: + wants numbers, but this is text"},
    {"ä == 1 and yy == 2", "rule: character 1: there is no variable ä"},
    {"'ä' == t and yy == 2", "rule: character 14: there is no variable yy"},
    {"a == 12abc", "rule: character 6: 12abc is neither a number nor a name"},
    {"a == 1.2.3", "rule: character 6: 1.2.3 is neither a number nor a name"},
    {"t == 'North", "rule: character 6: ' is not closed"},
    {"`q 7 == 1", "rule: character 1: ` is not closed"},
    {"max(a) == 1", "rule: character 1: there is no function max; missing(name) is the only one"},
    {"missing(1)", "rule: character 9: missing() wants the name of a variable"},
    {"missing(a, b)", "rule: character 10: , is not understood here"},
    {"missing(a == 1)", "rule: character 11: missing() wants one variable and then )"},
    {"a == 1e999", "rule: character 6: the number is too large"},
    {"a ? b", "rule: character 3: ? is not understood here"},
    {"y >= 2016", "rule: character 6: 2016 is no day"},
    {"2016 < y", "rule: character 1: 2016 is no day"},
    {"a == 1 and y == 2016-01-31", "rule: character 17: a date is compared with this text, which is none; write \"2016-01-31\""},
    {"1 + 2016-01-31 == 3", "rule: character 5: + wants numbers, but this is text"},
    {"a == 2016-01-31T08:30", "rule: character 6: a number is compared with text"},
    {"a == 2016-01-31x", "rule: character 14: 31x is neither a number nor a name"},
    {"a == 1 and y == 'May'", "rule: character 17: a date is compared with this text, which is none; write \"2016-01-31\""},
    {"y == t", "rule: character 6: a number is compared with text"},
};

START_TEST(mistakes) {
  emend_error *error = emend_error_new();
  emend_rule *rule = (emend_rule *)1;
  ck_assert_int_eq(emend_rule_parse(bad_cases[_i].text, EMEND_RULE_TRUTH, &names, "rule", &rule, error), EMEND_INVALID_ARGUMENT);
  ck_assert_ptr_null(rule);
  ck_assert_str_eq(emend_error_text(error), bad_cases[_i].message);
  emend_error_free(error);
}
END_TEST

/* Each comparison, from both sides, at the moments before, in and behind a day, and at its ends. */
START_TEST(days) {
  static const struct {
    const char *sign, *other;
    bool before, in, behind;
  } signs[] = {{"<", ">", true, false, false}, {"<=", ">=", true, true, false}, {">", "<", false, false, true},
               {">=", "<=", false, true, true}, {"==", "==", false, true, false}, {"!=", "!=", true, false, true}};
  static const double moments[] = {1, 1.999, 2, 2.5, 2.999, 3, 4};
  for (size_t s = 0; s < sizeof signs / sizeof *signs; s++)
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
      for (int swapped = 0; swapped < 2; swapped++) {
        char text[60];
        snprintf(text, sizeof text, swapped ? "1 == 1 and ('c' %s y) or 1 == 2" : "1 == 1 and (y %s 'c') or 1 == 2",
                 swapped ? signs[s].other : signs[s].sign);
        emend_rule *rule = parse(text, EMEND_RULE_TRUTH);
        emend_operand operand = {.state = EMEND_OPERAND_KNOWN, .number = moments[i]};
        bool want = moments[i] < 2 ? signs[s].before : moments[i] < 3 ? signs[s].in : signs[s].behind;
        ck_assert_msg(emend_rule_evaluate(rule, &operand) == want, "%s at %g", text, moments[i]);
        operand.state = EMEND_OPERAND_MISSING;
        ck_assert(isnan(emend_rule_evaluate(rule, &operand)));
        emend_rule_free(rule);
      }
  emend_rule *rule = parse("y <= 'noon' and y > 0.25 and y - 1 < 2016", EMEND_RULE_TRUTH);
  emend_operand operand = {.state = EMEND_OPERAND_KNOWN, .number = 0.5};
  ck_assert_double_eq(emend_rule_evaluate(rule, &operand), 1);
  emend_rule_free(rule);
}
END_TEST

static char *repeat(const char *before, size_t n, const char *middle, const char *after) {
  char *text = malloc(n * (strlen(before) + strlen(after)) + strlen(middle) + 1);
  text[0] = '\0';
  for (size_t i = 0; i < n; i++)
    strcat(text, before);
  strcat(text, middle);
  for (size_t i = 0; i < n; i++)
    strcat(text, after);
  return text;
}

static void refuse(char *text, const char *words) {
  emend_error *error = emend_error_new();
  emend_rule *rule;
  ck_assert_int_eq(emend_rule_parse(text, EMEND_RULE_TRUTH, &names, "rule", &rule, error), EMEND_INVALID_ARGUMENT);
  ck_assert_msg(strstr(emend_error_text(error), words), "%s", emend_error_text(error));
  emend_error_free(error);
  free(text);
}

/* With y = 2. */
static double evaluate_long(char *text) {
  emend_rule *rule = parse(text, EMEND_RULE_TRUTH);
  double value = emend_rule_evaluate(rule, &(emend_operand){.state = EMEND_OPERAND_KNOWN, .number = 2});
  emend_rule_free(rule);
  free(text);
  return value;
}

START_TEST(limits) {
  ck_assert_double_eq(evaluate_long(repeat("(y == 'c' or y == 'd' and ", 60, "y == 'c'", ")")), 1);
  refuse(repeat("(", 5000, "a == 1", ")"), "nested too deeply");
  refuse(repeat("not ", 2000, "a == 1", ""), "nested too deeply");
  refuse(repeat("- ", 2000, "a == 1", ""), "nested too deeply");
  refuse(repeat("", 5000, "a == 1", "+a"), "the rule is too long");
  refuse(repeat(" ", 20000, "a == 1", ""), "longer than");
  /* As deep as may be, with everything that can wait on the stack waiting. */
  char *text = repeat("(a == 2 or b == 2 and 0 < 1 + 2 * ", EMEND_RULE_DEEPEST - 1, "1", ")");
  ck_assert(evaluate(text, EMEND_RULE_TRUTH) == 1);
  free(text);
  text = repeat("", 1000, "a", "+a");
  ck_assert(evaluate(text, EMEND_RULE_NUMBER) == 1001);
  free(text);
}
END_TEST

START_TEST(what_a_rule_tells) {
  emend_rule *rule = parse("  a + b * a - c ", EMEND_RULE_NUMBER);
  ck_assert_str_eq(emend_rule_text(rule), "a + b * a - c");
  ck_assert_uint_eq(emend_rule_operands(rule), 3);
  ck_assert_uint_eq(emend_rule_operand(rule, 1), 1);
  ck_assert(emend_rule_is_whole(rule));
  emend_rule_free(rule);
  rule = parse("a / 2", EMEND_RULE_NUMBER);
  ck_assert(!emend_rule_is_whole(rule));
  emend_rule_free(rule);
  rule = parse("a * 1.5", EMEND_RULE_NUMBER);
  ck_assert(!emend_rule_is_whole(rule));
  emend_rule_free(rule);
}
END_TEST

SUITE {
  Suite *suite = suite_create("rule");
  TCase *tests = tcase_create("rules");
  tcase_add_test(tests, days);
  tcase_add_loop_test(tests, truths, 0, sizeof truth_cases / sizeof *truth_cases);
  tcase_add_loop_test(tests, numbers, 0, sizeof number_cases / sizeof *number_cases);
  tcase_add_loop_test(tests, mistakes, 0, sizeof bad_cases / sizeof *bad_cases);
  tcase_add_test(tests, limits);
  tcase_add_test(tests, what_a_rule_tells);
  suite_add_tcase(suite, tests);
  return suite;
}
