/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/tokens.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "encode/category.h"

static const char NOT_APPLICABLE[] = "the text says not applicable";
static const char LIKE_OTHERS[] = "missing in other files, but as long as the other texts";

typedef struct decider {
  emend_dataset *dataset;
  bool leaves_empty;  /* some cell of a text is */
  bool says_na;       /* none is, and NA stands among numbers, too: a file that R wrote */
  emend_buffer names; /* of variables in which tokens are missing */
  const char *first, *token;
  size_t n_names, cells;
  emend_error *error;
} decider;

/* Empty cells of a text variable, and those in which a token was. */
static size_t count(const emend_dataset *dataset, size_t variable, const char *token) {
  size_t n = 0;
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      emend_offset text;
      memcpy(&text, &run.values[i], sizeof text);
      n += run.reasons[i] == EMEND_EMPTY_TEXT && (token ? text && strcmp(emend_dataset_text(dataset, text), token) == 0 : !text);
    }
  }
  return n;
}

static bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

/* Codes of countries, states, continents. */
static bool are_two_letters(const emend_dataset *dataset, const emend_categories *c) {
  enum { LEAST = 3 };
  for (size_t i = 0; i < c->n; i++) {
    const char *text = emend_dataset_text(dataset, c->texts[i]);
    if (!is_capital(text[0]) || !is_capital(text[1]) || text[2])
      return false;
  }
  return c->n >= LEAST;
}

/* Answers that come again. */
static bool are_categories(const emend_categories *c) {
  size_t observed = 0;
  for (size_t i = 0; i < c->n; i++)
    observed += c->counts[i];
  return c->n > 0 && observed >= 2 * c->n;
}

static emend_status set_aside(decider *d, size_t variable, const char *token, const char *why) {
  size_t cells;
  emend_doubt doubt = {.variable = variable, .value = NAN, .text = (char *)(uintptr_t)token, .why = why};
  return emend_dataset_set_token_aside(d->dataset, &doubt, &cells, d->error);
}

static emend_status note(decider *d, size_t variable, const char *token, size_t cells) {
  enum { MOST = 8 };
  const char *name = emend_variable_name(d->dataset, variable);
  if (d->n_names == 0)
    d->first = name, d->token = token;
  d->cells += cells;
  return d->n_names++ < MOST ? emend_buffer_format(&d->names, d->error, "%s%s", d->n_names > 1 ? ", " : "", name) : EMEND_OK;
}

static emend_status decide(decider *d, size_t variable) {
  static const char na[] = "NA", slash[] = "N/A";
  size_t n_na = count(d->dataset, variable, na), n_slash = count(d->dataset, variable, slash);
  emend_categories c = {0};
  emend_status status = EMEND_OK;
  if (n_na + n_slash == 0)
    return EMEND_OK;
  status = emend_categories_of_texts(d->dataset, variable, NULL, &c, d->error);
  bool categories = !status && are_categories(&c);
  bool letters = categories && n_na && are_two_letters(d->dataset, &c);
  if (letters && !d->says_na)
    status = set_aside(d, variable, na, LIKE_OTHERS);
  else if (letters || (categories && n_na && d->leaves_empty)) /* else it is the file's word for missing, as R writes it */
    status = note(d, variable, na, n_na);
  if (categories && n_slash && !status)
    status = d->leaves_empty ? set_aside(d, variable, slash, NOT_APPLICABLE) : note(d, variable, slash, n_slash);
  emend_categories_free(&c);
  return status;
}

emend_status emend_tokens_decide(emend_dataset *dataset, const unsigned char *chosen, emend_events *events, emend_error *error) {
  decider d = {.dataset = dataset, .error = error};
  char others[EMEND_OTHERS_TEXT];
  size_t n = emend_dataset_variables(dataset);
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < n && !d.leaves_empty; v++)
    d.leaves_empty = emend_variable_get_kind(dataset, v) == EMEND_TEXT && count(dataset, v, NULL) > 0;
  d.says_na = !d.leaves_empty && emend_dataset_get_dialect(dataset)->na_in_numbers;
  for (size_t v = 0; v < n && !status; v++)
    if (!chosen[v] && emend_variable_get_kind(dataset, v) == EMEND_TEXT)
      status = decide(&d, v);
  if (!status && d.cells > 0)
    emend_warn(
        events,
        "%s%s: %zu cell%s of NA or N/A among texts %s read as missing (--answers %s: %s is an answer; --keep-codes '%s=%s': it stays)",
        d.names.bytes, emend_others(d.n_names, 8, others), d.cells, d.cells == 1 ? "" : "s", d.cells == 1 ? "is" : "are", d.first, d.token,
        d.first, d.token);
  emend_buffer_free(&d.names);
  emend_dataset_forget_tokens(dataset);
  return status;
}
