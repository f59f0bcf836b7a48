/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_TOKENS_H
#define IO_CSV_TOKENS_H

#include "emend/dataset.h"
#include "io/options.h"

/* The texts that mean missing in one file: an empty field, the default list (emend_default_missing_tokens), and those of the options. */
typedef struct emend_csv_token {
  char *text;
  size_t length;
} emend_csv_token;

typedef struct emend_csv_tokens {
  emend_csv_token *tokens;
  size_t n;
  bool first[256]; /* which bytes a token can begin with, whatever their case */
} emend_csv_tokens;

typedef enum emend_csv_match {
  EMEND_CSV_NO_TOKEN,
  /* Missing among numbers: a token but for upper and lower case, Stata's .a to .z, the errors of spreadsheets in other languages. But in
   * texts "Na" is sodium. */
  EMEND_CSV_TOKEN_LOOSELY,
  EMEND_CSV_TOKEN
} emend_csv_match;

/* `encoding`: of the file, "" if not yet known; a token beyond ASCII is looked for as UTF-8 and in it (Windows-1252 for ""). */
emend_status emend_csv_tokens_new(const emend_read_options *options, const char *encoding, emend_csv_tokens **tokens, emend_error *error);
void emend_csv_tokens_free(emend_csv_tokens *tokens);
/* `value` without blanks around it. */
emend_csv_match emend_csv_tokens_match(const emend_csv_tokens *tokens, const char *value, size_t length);

bool emend_csv_is_default_token(const char *value, size_t length); /* ignoring case */

#endif
