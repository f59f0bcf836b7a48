/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_tokens.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "io/csv_scanner.h"

const char *const *emend_default_missing_tokens(void) {
  /* Those with # are errors of spreadsheets, and what SPSS writes for a missing number: no answer begins so and ends so. */
  static const char *const tokens[] = {"NA",   "N/A",     "NaN",     "NULL",  ".",     "#NULL!", "#N/A",
                                       "#NUM!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", NULL};
  return tokens;
}

bool emend_csv_is_default_token(const char *value, size_t length) {
  for (const char *const *token = emend_default_missing_tokens(); *token; token++)
    if (emend_ascii_equal_n(value, length, *token, strlen(*token)))
      return true;
  return false;
}

/* Takes over `text`. */
static emend_status add(emend_csv_tokens *tokens, char *text, size_t length, emend_error *error) {
  emend_csv_token *longer = text ? emend_reallocate(tokens->tokens, tokens->n + 1, sizeof *longer) : NULL;
  if (!longer) {
    free(text);
    return emend_fail_memory(error);
  }
  tokens->tokens = longer;
  longer[tokens->n++] = (emend_csv_token){.text = text, .length = length};
  if (length) {
    unsigned char lower = (unsigned char)emend_ascii_lower((unsigned char)text[0]);
    tokens->first[lower] = true;
    tokens->first[lower >= 'a' && lower <= 'z' ? lower - 'a' + 'A' : lower] = true;
  }
  return EMEND_OK;
}

static bool is_ascii(const char *text) {
  for (; *text; text++)
    if ((unsigned char)*text >= 0x80)
      return false;
  return true;
}

/* The token as the file writes it; nothing is added if its encoding cannot. */
static emend_status add_converted(emend_csv_tokens *tokens, const char *token, const char *encoding, emend_error *error) {
  iconv_t converter = iconv_open(encoding[0] ? encoding : "WINDOWS-1252", "UTF-8");
  if (converter == (iconv_t)-1)
    return errno == ENOMEM ? emend_fail_memory(error) : EMEND_OK;
  size_t left = strlen(token), size = 4 * left + 8, room = size;
  char *from = (char *)(uintptr_t)token, *out = emend_allocate(size, 1), *to = out;
  size_t done = out ? iconv(converter, &from, &left, &to, &room) : 0;
  iconv_close(converter);
  if (!out)
    return emend_fail_memory(error);
  if (done != 0) {
    free(out);
    return EMEND_OK;
  }
  return add(tokens, out, size - room, error);
}

static emend_status add_option(emend_csv_tokens *tokens, const char *token, const char *encoding, emend_error *error) {
  size_t length = strlen(token);
  const char *value = token; /* cells are compared without the blanks around them */
  emend_csv_trim(&value, &length);
  emend_status status = add(tokens, strndup(value, length), length, error);
  if (!status && !is_ascii(token))
    status = add_converted(tokens, token, encoding, error);
  return status;
}

emend_status emend_csv_tokens_new(const emend_read_options *options, const char *encoding, emend_csv_tokens **tokens, emend_error *error) {
  *tokens = NULL;
  emend_csv_tokens *made = calloc(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  emend_status status = EMEND_OK;
  for (const char *const *token = emend_default_missing_tokens(); *token && !status; token++)
    status = add(made, strdup(*token), strlen(*token), error);
  for (size_t i = 0; options && i < options->n_missing && !status; i++)
    status = add_option(made, options->missing[i], encoding, error);
  if (status) {
    emend_csv_tokens_free(made);
    return status;
  }
  *tokens = made;
  return EMEND_OK;
}

void emend_csv_tokens_free(emend_csv_tokens *tokens) {
  if (!tokens)
    return;
  for (size_t i = 0; i < tokens->n; i++)
    free(tokens->tokens[i].text);
  free(tokens->tokens);
  free(tokens);
}

/* What spreadsheets write for an error in other languages: #WERT!, #BEZUG!, #¡VALOR!, #NOM?, and for a value that is not there. */
static bool is_spreadsheet_error(const char *value, size_t length) {
  static const char *const not_there[] = {"#N/D", "#NV", "#N/B", "#I/T", "#N/T", "#BRAK"};
  if (length < 3 || value[0] != '#')
    return false;
  for (size_t i = 0; i < sizeof not_there / sizeof *not_there; i++)
    if (emend_text_equal(value, length, not_there[i]))
      return true;
  for (size_t i = 1; i + 1 < length; i++)
    if (!((value[i] >= 'A' && value[i] <= 'Z') || (unsigned char)value[i] >= 0x80 || strchr("/0", value[i])))
      return false;
  return value[length - 1] == '!' || value[length - 1] == '?';
}

emend_csv_match emend_csv_tokens_match(const emend_csv_tokens *tokens, const char *value, size_t length) {
  if (length == 0)
    return EMEND_CSV_TOKEN;
  emend_csv_match match = EMEND_CSV_NO_TOKEN;
  if (!tokens->first[(unsigned char)value[0]])
    return match;
  for (size_t i = 0; i < tokens->n; i++) {
    const emend_csv_token *token = &tokens->tokens[i];
    if (token->length != length)
      continue;
    if (memcmp(token->text, value, length) == 0)
      return EMEND_CSV_TOKEN;
    if (emend_ascii_equal_n(token->text, token->length, value, length))
      match = EMEND_CSV_TOKEN_LOOSELY;
  }
  if (match == EMEND_CSV_NO_TOKEN && (emend_tag_of_text(value, length) || is_spreadsheet_error(value, length)))
    match = EMEND_CSV_TOKEN_LOOSELY;
  return match;
}
