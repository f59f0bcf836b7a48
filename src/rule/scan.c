/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/scan.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@' || c == '#' || c == '$' || (unsigned char)c >= 0x80;
}
static bool continues_name(char c) { return begins_name(c) || is_digit(c) || c == '.'; }

emend_status rule_fail_at(const rule_scanner *s, const char *place, const char *format, ...) {
  char message[300];
  size_t character = 1;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  emend_utf8_trim(message);
  for (const char *p = s->text; p < place; p++)
    character += ((unsigned char)*p & 0xC0) != 0x80;
  return emend_fail(s->error, EMEND_INVALID_ARGUMENT, "%s: character %zu: %s", s->where, character, message);
}

bool rule_token_is(const rule_token *token, const char *sign) {
  return (token->kind == RULE_SIGN || token->kind == RULE_WORD) && emend_ascii_equal_n(token->start, token->length, sign, strlen(sign));
}

/* What stands between quotes; a doubled quote inside is one of the text. */
static emend_status scan_quoted(rule_scanner *s, rule_token *token) {
  char quote = *token->start;
  emend_status status = EMEND_OK;
  emend_buffer_clear(&s->word);
  for (s->at++; !status; s->at++) {
    if (!*s->at)
      return rule_fail_at(s, token->start, "%c is not closed", quote);
    if (*s->at == quote && s->at[1] != quote)
      break;
    s->at += *s->at == quote;
    status = emend_buffer_append(&s->word, s->at, 1, s->error);
  }
  s->at++;
  token->kind = quote == '`' ? RULE_NAME : RULE_QUOTED;
  return status ? status : emend_buffer_append(&s->word, "", 0, s->error);
}

/* 2016-01-31, which no sum looks like, is the date in quotes, and 2016-01-31T08:30 the moment. 0: none stands here. */
static size_t date_length(const char *p) {
  static const char form[] = "dddd-dd-dd";
  size_t n = strlen(form);
  for (size_t i = 0; i < n; i++)
    if (form[i] == 'd' ? !is_digit(p[i]) : p[i] != form[i])
      return 0;
  bool month = (p[5] == '0' && p[6] != '0') || (p[5] == '1' && p[6] <= '2');
  if (p[n] == 'T' && is_digit(p[n + 1]))
    for (n++; is_digit(p[n]) || p[n] == ':' || p[n] == '.';)
      n++;
  return month && !continues_name(p[n]) ? n : 0;
}

static emend_status scan_date(rule_scanner *s, rule_token *token, size_t length) {
  emend_buffer_clear(&s->word);
  s->at += length;
  token->kind = RULE_QUOTED;
  return emend_buffer_append(&s->word, token->start, length, s->error);
}

static emend_status scan_number(rule_scanner *s, rule_token *token) {
  const char *p = s->at;
  while (is_digit(*p) || *p == '.')
    p++;
  if ((*p == 'e' || *p == 'E') && (is_digit(p[1]) || ((p[1] == '-' || p[1] == '+') && is_digit(p[2]))))
    for (p += 2; is_digit(*p);)
      p++;
  if (continues_name(*p) || !emend_number_parse(s->at, (size_t)(p - s->at), '.', &token->number)) {
    while (continues_name(*p))
      p++;
    return rule_fail_at(s, token->start, "%.*s is neither a number nor a name", (int)(p - s->at < 40 ? p - s->at : 40), s->at);
  }
  if (!isfinite(token->number))
    return rule_fail_at(s, token->start, "the number is too large");
  s->at = p;
  token->kind = RULE_LITERAL;
  return EMEND_OK;
}

static emend_status scan_name(rule_scanner *s, rule_token *token) {
  static const char *const words[] = {"and", "or", "not"};
  while (continues_name(*s->at))
    s->at++;
  size_t length = (size_t)(s->at - token->start);
  token->kind = RULE_NAME;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (emend_ascii_equal_n(token->start, length, words[i], strlen(words[i])))
      token->kind = RULE_WORD;
  emend_buffer_clear(&s->word);
  return emend_buffer_append(&s->word, token->start, length, s->error);
}

static emend_status scan_sign(rule_scanner *s, rule_token *token) {
  static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")"};
  static const struct {
    const char *sign, *advice;
  } others[] = {{"=", "write == to compare"}, {"<>", "write !="}, {"~=", "write !="},
                {"&", "write and"},           {"|", "write or"},  {"!", "write not"}};
  token->kind = RULE_SIGN;
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) /* "<>" begins as "<" does */
    if (strncmp(s->at, others[i].sign, strlen(others[i].sign)) == 0 && strncmp(s->at, "==", 2) != 0 && strncmp(s->at, "!=", 2) != 0)
      return rule_fail_at(s, s->at, "%s is not understood here; %s", others[i].sign, others[i].advice);
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
    if (strncmp(s->at, signs[i], strlen(signs[i])) == 0) {
      s->at += strlen(signs[i]);
      return EMEND_OK;
    }
  return rule_fail_at(s, s->at, "%c is not understood here", *s->at);
}

emend_status rule_scan(rule_scanner *s, rule_token *token) {
  while (emend_ascii_is_blank(*s->at))
    s->at++;
  *token = (rule_token){.kind = RULE_END, .start = s->at};
  char c = *s->at;
  size_t date = is_digit(c) ? date_length(s->at) : 0;
  emend_status status = EMEND_OK;
  if (c == '"' || c == '\'' || c == '`')
    status = scan_quoted(s, token);
  else if (date)
    status = scan_date(s, token, date);
  else if (is_digit(c) || (c == '.' && is_digit(s->at[1])))
    status = scan_number(s, token);
  else if (begins_name(c))
    status = scan_name(s, token);
  else if (c)
    status = scan_sign(s, token);
  token->length = (size_t)(s->at - token->start);
  return status;
}
