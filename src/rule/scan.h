/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULE_SCAN_H
#define RULE_SCAN_H

#include "base/text.h"
#include "rule/program.h"

/* The words of a rule. For this room only. */
typedef enum rule_token_kind { RULE_END, RULE_LITERAL, RULE_QUOTED, RULE_NAME, RULE_WORD, RULE_SIGN } rule_token_kind;

typedef struct rule_token {
  rule_token_kind kind;
  const char *start; /* in the text, with its quotes */
  size_t length;
  double number; /* of a literal */
} rule_token;

typedef struct rule_scanner {
  const char *text, *at;
  const char *where;
  emend_error *error;
  emend_buffer word; /* of the last name or quoted text, without its quotes */
} rule_scanner;

/* The next token; a bare name that is a word of the language is a RULE_WORD. */
emend_status rule_scan(rule_scanner *scanner, rule_token *token);
/* "WHERE: at character 9 of \"TEXT\", ...": a mistake at a place of the text. */
emend_status rule_fail_at(const rule_scanner *scanner, const char *place, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool rule_token_is(const rule_token *token, const char *sign); /* a sign, or a word in any capitals */

#endif
