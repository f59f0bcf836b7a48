/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "encode/plan.h"
#include "encode/said.h"

emend_plan_options *emend_plan_options_new(void) {
  emend_plan_options *options = calloc(1, sizeof *options);
  if (options)
    options->weight_kind = -1;
  return options;
}

static void forget_model(emend_plan_options *options) {
  for (size_t i = 0; i < options->n_model_columns; i++)
    free(options->model_columns[i]);
  free(options->model_columns);
  options->model_columns = NULL, options->n_model_columns = 0;
}

void emend_plan_options_free(emend_plan_options *options) {
  if (!options)
    return;
  free(options->variables);
  free(options->targets);
  free(options->exclude);
  free(options->id);
  free(options->weight);
  emend_said_free(&options->said);
  free(options->spikes), free(options->by), free(options->asked), free(options->apart);
  for (size_t type = 0; type <= EMEND_TYPE_NOMINAL; type++)
    free(options->types[type]);
  forget_model(options);
  free(options);
}

static emend_status set(char **field, const char *text, emend_error *error) {
  char *copy = text ? strdup(text) : NULL;
  if (text && !copy)
    return emend_fail_memory(error);
  free(*field);
  *field = copy;
  return EMEND_OK;
}

emend_status emend_plan_options_set_variables(emend_plan_options *options, const char *list, emend_error *error) {
  return set(&options->variables, list, error);
}
emend_status emend_plan_options_set_targets(emend_plan_options *options, const char *list, emend_error *error) {
  return set(&options->targets, list, error);
}
emend_status emend_plan_options_set_exclude(emend_plan_options *options, const char *list, emend_error *error) {
  return set(&options->exclude, list, error);
}
emend_status emend_plan_options_set_id(emend_plan_options *options, const char *name, emend_error *error) {
  return set(&options->id, name, error);
}
emend_status emend_plan_options_set_weight(emend_plan_options *options, const char *name, emend_error *error) {
  return set(&options->weight, name, error);
}

void emend_plan_options_begin_layer(emend_plan_options *options) { options->layer++; }

static emend_status set_said(emend_plan_options *options, emend_said_kind kind, const char *list, emend_error *error) {
  emend_said_forget(&options->said, kind, options->layer);
  return list ? emend_said_add(&options->said, kind, options->layer, NULL, list, NULL, error) : EMEND_OK;
}

emend_status emend_plan_options_set_impute_codes(emend_plan_options *options, const char *list, emend_error *error) {
  return set_said(options, EMEND_SAID_IMPUTE_CODES, list, error);
}
emend_status emend_plan_options_set_keep_codes(emend_plan_options *options, const char *list, emend_error *error) {
  return set_said(options, EMEND_SAID_KEEP_CODES, list, error);
}
emend_status emend_plan_options_add_codes(emend_plan_options *options, int fill, const char *variables, const char *codes,
                                          const char *where, emend_error *error) {
  emend_said_kind kind = fill ? EMEND_SAID_IMPUTE_CODES : EMEND_SAID_KEEP_CODES;
  return emend_said_add(&options->said, kind, options->layer, variables, codes, where, error);
}

/* Up to the next semicolon outside of quotes and backticks. */
static size_t sentence_length(const char *text) {
  char quote = '\0';
  size_t n = 0;
  for (; text[n] && (quote || text[n] != ';'); n++) {
    if (quote)
      quote = text[n] == quote ? '\0' : quote;
    else if (strchr("'\"`", text[n]))
      quote = text[n];
  }
  return n;
}

/* One sentence, or several as bounds and transforms have them; nothing may stand between two semicolons. */
static emend_status add_sentences(emend_plan_options *options, emend_said_kind kind, const char *text, const char *where, emend_error *error) {
  emend_status status = EMEND_OK;
  bool whole = !text[sentence_length(text)];
  for (size_t n; *text && !status; text += n + (text[n] == ';')) {
    n = sentence_length(text);
    char *sentence = strndup(text, n);
    bool empty = strspn(text, " \t\n") >= n;
    if (!sentence)
      return emend_fail_memory(error);
    status = empty && !whole ? EMEND_OK : emend_said_add(&options->said, kind, options->layer, NULL, sentence, where, error);
    free(sentence);
  }
  return status;
}

emend_status emend_plan_options_add_only_if(emend_plan_options *options, const char *variables, const char *condition, const char *where,
                                            emend_error *error) {
  if (!variables && *condition)
    return add_sentences(options, EMEND_SAID_ONLY_IF, condition, where, error);
  return emend_said_add(&options->said, EMEND_SAID_ONLY_IF, options->layer, variables, condition, where, error);
}
emend_status emend_plan_options_add_formula(emend_plan_options *options, const char *variable, const char *formula, const char *where,
                                            emend_error *error) {
  return emend_said_add(&options->said, EMEND_SAID_FORMULA, options->layer, variable, formula, where, error);
}
emend_status emend_plan_options_add_transform(emend_plan_options *options, const char *variables, const char *transform, const char *where,
                                              emend_error *error) {
  return emend_said_add(&options->said, EMEND_SAID_TRANSFORM, options->layer, variables, transform, where, error);
}
emend_status emend_plan_options_add_bounds(emend_plan_options *options, const char *variables, const char *bounds, const char *where,
                                           emend_error *error) {
  return emend_said_add(&options->said, EMEND_SAID_BOUNDS, options->layer, variables, bounds, where, error);
}
emend_status emend_plan_options_add_order(emend_plan_options *options, const char *variables, const char *order, const char *where,
                                          emend_error *error) {
  return emend_said_add(&options->said, EMEND_SAID_ORDER, options->layer, variables, order, where, error);
}
void emend_plan_options_set_flags(emend_plan_options *options, int flags) { options->flags = flags != 0; }
void emend_plan_options_set_threads(emend_plan_options *options, unsigned threads) { options->threads = threads; }
emend_status emend_plan_options_set_type(emend_plan_options *options, emend_type type, const char *list, emend_error *error) {
  if (type < EMEND_TYPE_CONTINUOUS || type > EMEND_TYPE_NOMINAL)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "only continuous, integer, ordinal, binary and nominal can be asked for");
  return set(&options->types[type], list, error);
}
emend_status emend_plan_options_set_model_columns(emend_plan_options *options, const char *const *names, size_t n, emend_error *error) {
  forget_model(options);
  options->model_columns = emend_allocate(n, sizeof *options->model_columns);
  if (!options->model_columns)
    return emend_fail_memory(error);
  for (; options->n_model_columns < n; options->n_model_columns++)
    if (!(options->model_columns[options->n_model_columns] = strdup(names[options->n_model_columns])))
      return emend_fail_memory(error);
  return EMEND_OK;
}
emend_status emend_plan_options_set_transforms(emend_plan_options *options, const char *list, emend_error *error) {
  return set_said(options, EMEND_SAID_TRANSFORM, list, error);
}
emend_status emend_plan_options_set_bounds(emend_plan_options *options, const char *list, emend_error *error) {
  return set_said(options, EMEND_SAID_BOUNDS, list, error);
}
emend_status emend_plan_options_set_semicontinuous(emend_plan_options *options, const char *list, emend_error *error) {
  return set(&options->spikes, list, error);
}
emend_status emend_plan_options_set_by(emend_plan_options *options, const char *name, emend_error *error) {
  return set(&options->by, name, error);
}
emend_status emend_plan_options_set_asked(emend_plan_options *options, const char *list, emend_error *error) {
  return set(&options->asked, list, error);
}
emend_status emend_plan_options_set_apart(emend_plan_options *options, const char *list, emend_error *error) {
  return set(&options->apart, list, error);
}
void emend_plan_options_set_weight_kind(emend_plan_options *options, emend_weight_kind kind) { options->weight_kind = (int)kind; }
void emend_plan_options_set_scores_only(emend_plan_options *options, int scores_only) { options->scores_only = scores_only; }

void emend_plan_options_set_choose_transforms(emend_plan_options *options, int choose) { options->chooses_transforms = choose; }
void emend_plan_options_set_choose_spikes(emend_plan_options *options, int choose) { options->chooses_spikes = choose; }
void emend_plan_options_set_round(emend_plan_options *options, int round) { options->no_round = !round; }
