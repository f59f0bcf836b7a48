/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/memory.h"
#include "emend/plan.h"
#include "encode/code.h"
#include "encode/tally.h"
#include "io/csv_numbers.h"
#include "io/file.h"

/* Codes that the user declares missing, of some variables: 98 of q7, 97 to 99 of q8 to q12, "none" of a text. */

typedef struct declarer {
  emend_dataset *dataset;
  bool tokens; /* only what tokens have left in empty cells */
  bool texts;  /* only texts, of texts: numbers come when columns of numbers are some */
  size_t *cells; /* of the wish at hand */
  emend_error *error;
} declarer;

static emend_status declare(declarer *d, size_t variable, double value, const char *text) {
  emend_doubt doubt = {.variable = variable, .value = value, .text = (char *)(uintptr_t)text, .why = "--missing", .declared = true};
  size_t count = 0, more = 0;
  emend_status status = d->tokens ? EMEND_OK : emend_dataset_set_aside(d->dataset, &doubt, &count, d->error);
  if (!status && text)
    status = emend_dataset_set_token_aside(d->dataset, &doubt, &more, d->error);
  *d->cells += count + more;
  return status;
}

/* The different answers in the range. */
static emend_status declare_range(declarer *d, size_t variable, const emend_code_wish *wish) {
  enum { MOST = 1000 };
  emend_tally *met = emend_tally_new();
  double *values = NULL;
  emend_status status = met ? EMEND_OK : emend_fail_memory(d->error);
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(d->dataset) && !status; row += run.n) {
    run = emend_dataset_run(d->dataset, variable, row);
    for (size_t i = 0; i < run.n && !status; i++)
      if (run.reasons[i] == EMEND_OBSERVED && run.values[i] >= wish->lo && run.values[i] <= wish->hi)
        status = emend_tally_add(met, run.values[i], d->error);
  }
  size_t n = status ? 0 : emend_tally_distinct(met);
  if (n > MOST) {
    status = emend_fail(d->error, EMEND_INVALID_ARGUMENT, "%s: %s holds %zu different answers; %d at most are codes", wish->where, wish->text, n, MOST);
    emend_at_variable(d->error, emend_variable_name(d->dataset, variable));
  } else if (n > 0) {
    status = emend_tally_values(met, &values, d->error);
  }
  for (size_t i = 0; i < n && values && !status; i++)
    status = declare(d, variable, values[i], NULL);
  free(values);
  emend_tally_free(met);
  return status;
}

/* The numbers that have the label. */
static emend_status declare_label(declarer *d, size_t variable, const emend_code_wish *wish) {
  int32_t index = emend_dataset_variable(d->dataset, variable)->label_set;
  const emend_label_set *set = index < 0 ? NULL : emend_dataset_label_set(d->dataset, (size_t)index);
  emend_buffer folded = {0};
  emend_status status = EMEND_OK;
  for (size_t i = 0; set && i < set->n_labels && !status; i++) {
    const emend_label *label = emend_dataset_label(d->dataset, set, i);
    const char *text = emend_dataset_text(d->dataset, label->text);
    if (label->kind != EMEND_KEY_NUMBER)
      continue;
    status = emend_fold(text, strlen(text), &folded, d->error);
    if (!status && strcmp(folded.bytes, wish->folded) == 0)
      status = declare(d, variable, label->number, NULL);
  }
  emend_buffer_free(&folded);
  return status;
}

static emend_status declare_of(declarer *d, size_t variable, const emend_code_wish *wish) {
  bool text = emend_variable_get_kind(d->dataset, variable) == EMEND_TEXT;
  if (text)
    return declare(d, variable, NAN, wish->text);
  if (wish->kind == EMEND_WISH_NUMBER)
    return declare(d, variable, wish->number, NULL);
  if (wish->kind == EMEND_WISH_RANGE)
    return declare_range(d, variable, wish);
  return wish->kind == EMEND_WISH_LABEL ? declare_label(d, variable, wish) : EMEND_OK;
}

static emend_status declare_wish(declarer *d, const emend_code_wish *wish) {
  bool number = wish->kind == EMEND_WISH_NUMBER || wish->kind == EMEND_WISH_RANGE, label = wish->kind == EMEND_WISH_LABEL;
  emend_status status = EMEND_OK;
  if (!number && !label)
    return d->tokens ? EMEND_OK : emend_fail(d->error, EMEND_INVALID_ARGUMENT, "%s: %s is missing already", wish->where, wish->text);
  for (size_t v = 0; v < emend_dataset_variables(d->dataset) && !status; v++) {
    bool text = emend_variable_get_kind(d->dataset, v) == EMEND_TEXT;
    bool fits = wish->chosen ? wish->chosen[v] != 0 : !d->tokens || text, first = label && text;
    if (fits && (d->tokens || first == d->texts) && (!d->tokens || emend_dataset_has_token(d->dataset, v, wish->text)))
      status = declare_of(d, v, wish);
  }
  return status;
}

/* A column of a delimited file in which all but these were numbers is one of numbers. */
static void take_numbers(emend_dataset *dataset, const emend_code_wishes *wishes) {
  bool delimited = emend_dataset_get_dialect(dataset)->delimiter != '\0';
  for (size_t v = 0; v < emend_dataset_variables(dataset) && delimited; v++) {
    bool named = false;
    for (size_t i = 0; i < wishes->n && !named; i++)
      named = wishes->wishes[i].chosen && wishes->wishes[i].chosen[v];
    if (named)
      emend_csv_take_numbers(dataset, v);
  }
}

static emend_status declare_all(declarer *d, const emend_code_wishes *wishes, bool texts, size_t *cells) {
  emend_status status = EMEND_OK;
  d->texts = texts;
  for (size_t i = 0; i < wishes->n && !status; i++) {
    d->cells = &cells[i];
    status = declare_wish(d, &wishes->wishes[i]);
  }
  return status;
}

static emend_status read_and_declare(struct emend_file *file, bool tokens, const char *variables, const char *codes, const char *where,
                                     emend_events *events, emend_error *error) {
  declarer d = {.dataset = file->dataset, .tokens = tokens, .error = error};
  emend_said_list said = {0};
  emend_code_wishes wishes = {0};
  size_t *cells = NULL; /* of each wish */
  emend_status status = emend_said_add(&said, EMEND_SAID_IMPUTE_CODES, 0, variables, codes, where, error);
  if (!status)
    status = emend_code_wishes_parse(d.dataset, &said, &wishes, events, error);
  if (!status && !(cells = emend_allocate(wishes.n, sizeof *cells)))
    status = emend_fail_memory(error);
  if (!status && !tokens)
    status = declare_all(&d, &wishes, true, cells);
  if (!status && !tokens)
    take_numbers(file->dataset, &wishes);
  if (!status)
    status = declare_all(&d, &wishes, false, cells);
  for (size_t i = 0; i < wishes.n && !status && !tokens; i++)
    if (cells[i] == 0 && wishes.wishes[i].chosen)
      emend_warn(events, "%s: no cell of the variables named holds %s", where, wishes.wishes[i].text);
  free(cells);
  emend_code_wishes_free(&wishes);
  emend_said_free(&said);
  return status;
}

emend_status emend_declare_missing(struct emend_file *file, const char *variables, const char *codes, const char *where,
                                   emend_events *events, emend_error *error) {
  return read_and_declare(file, false, variables, codes, where, events, error);
}

emend_status emend_name_tokens(struct emend_file *file, const char *variables, const char *codes) {
  emend_status status = read_and_declare(file, true, variables, codes, "", NULL, NULL);
  return status == EMEND_OUT_OF_MEMORY ? status : EMEND_OK;
}
