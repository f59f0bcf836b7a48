/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "rule/scan.h"

/* By recursive descent, one function per level of binding; each leaves one value on the stack and says what it is. */

typedef struct rule_parser {
  rule_scanner scanner;
  rule_token token; /* the one at hand */
  const emend_rule_names *names;
  emend_rule *rule;
  size_t depth; /* of nesting */
} rule_parser;

/* What a part of the rule gives, and where it stands. */
typedef struct part {
  emend_rule_type type;
  const char *start;
} part;

static emend_status parse_condition(rule_parser *p, part *made);

static emend_status advance(rule_parser *p) { return rule_scan(&p->scanner, &p->token); }

static emend_status reserve(void *list, size_t n, size_t *capacity, size_t size, emend_error *error) {
  return emend_reserve(list, n, capacity, size) ? EMEND_OK : emend_fail_memory(error);
}

static emend_status emit(rule_parser *p, rule_instruction instruction) {
  emend_rule *rule = p->rule;
  if (rule->n == EMEND_RULE_LARGEST)
    return rule_fail_at(&p->scanner, p->token.start, "the rule is too long");
  emend_status status = reserve(&rule->program, rule->n, &rule->capacity, sizeof *rule->program, p->scanner.error);
  if (!status)
    rule->program[rule->n++] = instruction;
  return status;
}

static const char *type_name(emend_rule_type type) {
  return type == EMEND_RULE_TEXT ? "text" : type == EMEND_RULE_TRUTH ? "true or false" : "a number";
}

/* In arithmetic a truth is 1 or 0; elsewhere types are what they are. */
static emend_status want(rule_parser *p, const part *made, emend_rule_type wanted, const char *whose) {
  if (made->type == wanted || (wanted == EMEND_RULE_NUMBER && made->type == EMEND_RULE_TRUTH))
    return EMEND_OK;
  if (wanted == EMEND_RULE_TRUTH)
    return rule_fail_at(&p->scanner, made->start, "%s wants a condition, but this is %s; compare it with something", whose,
                        type_name(made->type));
  return rule_fail_at(&p->scanner, made->start, "%s wants numbers, but this is %s", whose, type_name(made->type));
}

static emend_status find_operand(rule_parser *p, size_t *index, bool *is_text) {
  emend_rule *rule = p->rule;
  size_t variable;
  const char *start = p->token.start;
  char why[256];
  emend_status status = p->names->find(p->names->context, p->scanner.word.bytes, &variable, is_text, p->scanner.error);
  if (status == EMEND_INVALID_ARGUMENT) { /* say where */
    snprintf(why, sizeof why, "%s", emend_error_message(p->scanner.error));
    return rule_fail_at(&p->scanner, start, "%s", why);
  }
  if (status)
    return status;
  for (*index = 0; *index < rule->n_operands; ++*index)
    if (rule->operands[*index] == variable)
      return EMEND_OK;
  status = reserve(&rule->operands, rule->n_operands, &rule->operands_capacity, sizeof *rule->operands, p->scanner.error);
  if (!status)
    rule->operands[rule->n_operands++] = variable;
  return status;
}

static bool is_plain(const rule_token *token) { return *token->start != '`'; }

/* missing(name) */
static emend_status parse_missing(rule_parser *p, part *made) {
  size_t index;
  bool is_text;
  emend_status status = advance(p);
  if (!status && p->token.kind != RULE_NAME)
    return rule_fail_at(&p->scanner, p->token.start, "missing() wants the name of a variable");
  if (!status)
    status = find_operand(p, &index, &is_text);
  if (!status)
    status = advance(p);
  if (!status && !rule_token_is(&p->token, ")"))
    return rule_fail_at(&p->scanner, p->token.start, "missing() wants one variable and then )");
  made->type = EMEND_RULE_TRUTH;
  if (!status)
    status = emit(p, (rule_instruction){.code = RULE_MISSING, .index = index});
  return status ? status : advance(p);
}

static emend_status parse_name(rule_parser *p, part *made) {
  rule_token name = p->token;
  const char *next = p->scanner.at + strspn(p->scanner.at, " \t\r\n");
  if (*next == '(' && is_plain(&name)) {
    if (!emend_ascii_equal_n(name.start, name.length, "missing", strlen("missing")))
      return rule_fail_at(&p->scanner, name.start, "there is no function %.*s; missing(name) is the only one",
                          (int)(name.length < 40 ? name.length : 40), name.start);
    emend_status status = advance(p);
    return status ? status : parse_missing(p, made);
  }
  size_t index;
  bool is_text;
  emend_status status = find_operand(p, &index, &is_text);
  if (status)
    return status;
  made->type = is_text ? EMEND_RULE_TEXT : EMEND_RULE_NUMBER;
  status = emit(p, (rule_instruction){.code = RULE_LOAD, .index = index});
  return status ? status : advance(p);
}

static emend_status parse_quoted(rule_parser *p, part *made) {
  emend_rule *rule = p->rule;
  made->type = EMEND_RULE_TEXT;
  emend_status status = reserve(&rule->texts, rule->n_texts, &rule->texts_capacity, sizeof *rule->texts, p->scanner.error);
  if (status)
    return status;
  rule->texts[rule->n_texts] = strdup(p->scanner.word.bytes);
  if (!rule->texts[rule->n_texts])
    return emend_fail_memory(p->scanner.error);
  status = emit(p, (rule_instruction){.code = RULE_TEXT, .index = rule->n_texts++});
  return status ? status : advance(p);
}

static emend_status parse_parentheses(rule_parser *p, part *made) {
  const char *open = p->token.start;
  emend_status status = advance(p);
  if (!status)
    status = parse_condition(p, made);
  if (!status && !rule_token_is(&p->token, ")"))
    return rule_fail_at(&p->scanner, p->token.kind == RULE_END ? open : p->token.start,
                        p->token.kind == RULE_END ? "( is not closed" : ") is missing here");
  made->start = open;
  return status ? status : advance(p);
}

static emend_status parse_primary(rule_parser *p, part *made) {
  made->start = p->token.start;
  switch (p->token.kind) {
  case RULE_LITERAL: {
    made->type = EMEND_RULE_NUMBER;
    emend_status status = emit(p, (rule_instruction){.code = RULE_NUMBER, .number = p->token.number});
    return status ? status : advance(p);
  }
  case RULE_QUOTED: return parse_quoted(p, made);
  case RULE_NAME: return parse_name(p, made);
  case RULE_END: return rule_fail_at(&p->scanner, p->token.start, "something is missing at the end");
  default: break;
  }
  if (rule_token_is(&p->token, "("))
    return parse_parentheses(p, made);
  return rule_fail_at(&p->scanner, p->token.start, "a variable, a number, a text or ( should stand here, not %.*s", (int)p->token.length,
                      p->token.start);
}

static emend_status too_deep(rule_parser *p) { return rule_fail_at(&p->scanner, p->token.start, "the rule is nested too deeply"); }

static emend_status parse_signed(rule_parser *p, part *made) {
  bool minus = rule_token_is(&p->token, "-");
  if (!minus && !rule_token_is(&p->token, "+"))
    return parse_primary(p, made);
  if (p->depth++ == EMEND_RULE_DEEPEST)
    return too_deep(p);
  const char *start = p->token.start;
  emend_status status = advance(p);
  if (!status)
    status = parse_signed(p, made);
  if (!status)
    status = want(p, made, EMEND_RULE_NUMBER, "a sign");
  if (!status && minus)
    status = emit(p, (rule_instruction){.code = RULE_NEGATE});
  *made = (part){EMEND_RULE_NUMBER, start};
  p->depth--;
  return status;
}

/* Signs or words of one level, and what they do. */
typedef struct operation {
  const char *sign;
  rule_code code;
} operation;

static const operation *find_operation(const rule_parser *p, const operation *operations) {
  for (; operations->sign; operations++)
    if (rule_token_is(&p->token, operations->sign))
      return operations;
  return NULL;
}

/* Parts of the next level, joined from the left by the operations of this one. */
static emend_status parse_chain(rule_parser *p, const operation *operations, emend_rule_type type,
                                emend_status (*next)(rule_parser *, part *), part *made) {
  emend_status status = next(p, made);
  const operation *found;
  while (!status && (found = find_operation(p, operations))) {
    part right;
    status = want(p, made, type, found->sign);
    if (!status)
      status = advance(p);
    if (!status)
      status = next(p, &right);
    if (!status)
      status = want(p, &right, type, found->sign);
    if (!status)
      status = emit(p, (rule_instruction){.code = found->code});
    made->type = type;
  }
  return status;
}

static emend_status parse_product(rule_parser *p, part *made) {
  static const operation operations[] = {{"*", RULE_MULTIPLY}, {"/", RULE_DIVIDE}, {NULL, 0}};
  return parse_chain(p, operations, EMEND_RULE_NUMBER, parse_signed, made);
}

static emend_status parse_sum(rule_parser *p, part *made) {
  static const operation operations[] = {{"+", RULE_ADD}, {"-", RULE_SUBTRACT}, {NULL, 0}};
  return parse_chain(p, operations, EMEND_RULE_NUMBER, parse_product, made);
}

static emend_status check_compared(rule_parser *p, const part *left, const part *right, rule_code *code, const char *sign) {
  bool texts = left->type == EMEND_RULE_TEXT && right->type == EMEND_RULE_TEXT;
  if (!texts && (left->type == EMEND_RULE_TEXT || right->type == EMEND_RULE_TEXT))
    return rule_fail_at(&p->scanner, right->start, "%s is compared with %s", type_name(left->type), type_name(right->type));
  if (texts && *code != RULE_EQUAL && *code != RULE_UNEQUAL)
    return rule_fail_at(&p->scanner, right->start, "text is compared by == and != only, not by %s", sign);
  if (texts)
    *code = *code == RULE_EQUAL ? RULE_TEXT_EQUAL : RULE_TEXT_UNEQUAL;
  return EMEND_OK;
}

/* The error at hand, with the place of the part that it is about. */
static emend_status fail_part(rule_parser *p, const part *made) {
  char why[256];
  snprintf(why, sizeof why, "%s", emend_error_message(p->scanner.error));
  return rule_fail_at(&p->scanner, made->start, "%s", why);
}

static emend_status emit_bound(rule_parser *p, size_t operand, rule_code code, double bound) {
  emend_status status = emit(p, (rule_instruction){.code = RULE_LOAD, .index = operand});
  if (!status)
    status = emit(p, (rule_instruction){.code = RULE_NUMBER, .number = bound});
  return status ? status : emit(p, (rule_instruction){.code = code});
}

/* A date is compared with a day, which lasts from `begin` until `end`, or with a moment. */
static emend_status emit_date(rule_parser *p, size_t operand, rule_code code, double begin, double end) {
  if (code == RULE_LESS || code == RULE_AT_LEAST || begin == end)
    return emit_bound(p, operand, code, begin);
  if (code == RULE_AT_MOST || code == RULE_GREATER)
    return emit_bound(p, operand, code == RULE_AT_MOST ? RULE_LESS : RULE_AT_LEAST, end);
  bool equal = code == RULE_EQUAL;
  emend_status status = emit_bound(p, operand, equal ? RULE_AT_LEAST : RULE_LESS, begin);
  if (!status)
    status = emit_bound(p, operand, equal ? RULE_LESS : RULE_AT_LEAST, end);
  return status ? status : emit(p, (rule_instruction){.code = equal ? RULE_AND : RULE_OR});
}

static rule_code mirrored(rule_code code) {
  return code == RULE_LESS       ? RULE_GREATER
         : code == RULE_GREATER  ? RULE_LESS
         : code == RULE_AT_MOST  ? RULE_AT_LEAST
         : code == RULE_AT_LEAST ? RULE_AT_MOST
                                 : code;
}

/* A bare variable that holds dates, beside a bare text or number: the last two instructions. *done: the comparison is made. */
static emend_status compare_date(rule_parser *p, size_t first, const part *left, const part *right, rule_code code, bool *done) {
  emend_rule *rule = p->rule;
  const emend_rule_names *names = p->names;
  *done = false;
  if (rule->n != first + 2 || !names->holds_dates)
    return EMEND_OK;
  bool swapped = rule->program[first + 1].code == RULE_LOAD;
  rule_instruction load = rule->program[first + swapped], other = rule->program[first + !swapped];
  const part *said = swapped ? left : right;
  if (load.code != RULE_LOAD || !names->holds_dates(names->context, rule->operands[load.index]))
    return EMEND_OK;
  if (other.code == RULE_NUMBER && names->object &&
      names->object(names->context, rule->operands[load.index], other.number, p->scanner.error))
    return fail_part(p, said);
  if (other.code != RULE_TEXT)
    return EMEND_OK;
  double begin, end;
  if (!names->read_date(names->context, rule->operands[load.index], rule->texts[other.index], &begin, &end))
    return rule_fail_at(&p->scanner, said->start, "a date is compared with this text, which is none; write \"2016-01-31\"");
  *done = true;
  rule->n = first;
  return emit_date(p, load.index, swapped ? mirrored(code) : code, begin, end);
}

static emend_status parse_comparison(rule_parser *p, part *made) {
  static const operation operations[] = {{"==", RULE_EQUAL},  {"!=", RULE_UNEQUAL},  {"<", RULE_LESS}, {"<=", RULE_AT_MOST},
                                         {">", RULE_GREATER}, {">=", RULE_AT_LEAST}, {NULL, 0}};
  part right;
  size_t first = p->rule->n;
  bool done = false;
  emend_status status = parse_sum(p, made);
  const operation *found = status ? NULL : find_operation(p, operations);
  if (!found)
    return status;
  rule_code code = found->code;
  status = advance(p);
  if (!status)
    status = parse_sum(p, &right);
  if (!status)
    status = compare_date(p, first, made, &right, code, &done);
  if (!status && !done)
    status = check_compared(p, made, &right, &code, found->sign);
  if (!status && !done)
    status = emit(p, (rule_instruction){.code = code});
  made->type = EMEND_RULE_TRUTH;
  if (!status && find_operation(p, operations))
    return rule_fail_at(&p->scanner, p->token.start, "comparisons do not chain; write a < b and b < c");
  return status;
}

static emend_status parse_negation(rule_parser *p, part *made) {
  if (!rule_token_is(&p->token, "not"))
    return parse_comparison(p, made);
  if (p->depth++ == EMEND_RULE_DEEPEST)
    return too_deep(p);
  const char *start = p->token.start;
  emend_status status = advance(p);
  if (!status)
    status = parse_negation(p, made);
  if (!status)
    status = want(p, made, EMEND_RULE_TRUTH, "not");
  if (!status)
    status = emit(p, (rule_instruction){.code = RULE_NOT});
  made->start = start;
  p->depth--;
  return status;
}

static emend_status parse_conjunction(rule_parser *p, part *made) {
  static const operation operations[] = {{"and", RULE_AND}, {NULL, 0}};
  return parse_chain(p, operations, EMEND_RULE_TRUTH, parse_negation, made);
}

static emend_status parse_condition(rule_parser *p, part *made) {
  static const operation operations[] = {{"or", RULE_OR}, {NULL, 0}};
  if (p->depth++ == EMEND_RULE_DEEPEST)
    return too_deep(p);
  emend_status status = parse_chain(p, operations, EMEND_RULE_TRUTH, parse_conjunction, made);
  p->depth--;
  return status;
}

static emend_status parse_whole(rule_parser *p, emend_rule_type wanted) {
  part made;
  emend_status status = advance(p);
  if (!status && p->token.kind == RULE_END)
    return emend_fail(p->scanner.error, EMEND_INVALID_ARGUMENT, "%s: the rule is empty", p->scanner.where);
  if (!status)
    status = parse_condition(p, &made);
  if (!status && p->token.kind != RULE_END)
    return rule_fail_at(&p->scanner, p->token.start, "the rule should end here, or go on with a sign; what is %.*s?",
                        (int)(p->token.length < 40 ? p->token.length : 40), p->token.start);
  return status ? status : want(p, &made, wanted, wanted == EMEND_RULE_TRUTH ? "the rule" : "a formula");
}

static char *copy_trimmed(const char *text) {
  text += strspn(text, " \t\r\n");
  size_t length = strlen(text);
  while (length > 0 && strchr(" \t\r\n", text[length - 1]))
    length--;
  return strndup(text, length);
}

emend_status emend_rule_parse(const char *text, emend_rule_type wanted, const emend_rule_names *names, const char *where, emend_rule **rule,
                              emend_error *error) {
  *rule = NULL;
  if (strlen(text) > EMEND_RULE_LONGEST)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: the rule is longer than %d bytes", where, EMEND_RULE_LONGEST);
  emend_rule *made = emend_allocate(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  made->text = copy_trimmed(text);
  rule_parser p = {.scanner = {.text = made->text, .at = made->text, .where = where, .error = error}, .names = names, .rule = made};
  emend_status status = made->text ? parse_whole(&p, wanted) : emend_fail_memory(error);
  emend_buffer_free(&p.scanner.word);
  if (status)
    emend_rule_free(made);
  else
    *rule = made;
  return status;
}

void emend_rule_free(emend_rule *rule) {
  if (!rule)
    return;
  for (size_t i = 0; i < rule->n_texts; i++)
    free(rule->texts[i]);
  free(rule->texts), free(rule->operands), free(rule->program), free(rule->text), free(rule);
}

const char *emend_rule_text(const emend_rule *rule) { return rule->text; }
size_t emend_rule_operands(const emend_rule *rule) { return rule->n_operands; }
size_t emend_rule_operand(const emend_rule *rule, size_t index) { return rule->operands[index]; }
