/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/events.h"
#include "base/memory.h"
#include "base/text.h"
#include "impute/adopt.h"
#include "impute/imputation.h"

static emend_status fail_variable(emend_error *error, const char *name, const char *message, const char *remedy) {
  emend_fail(error, EMEND_INVALID_ARGUMENT, "%s", message);
  emend_at_variable(error, name);
  emend_try(error, "%s", remedy);
  return EMEND_INVALID_ARGUMENT;
}

/* A transform with parts that were fitted to these data is not the model's, though it has the name: the model's coding tells. */
static bool is_same(const emend_encoding *encoding, size_t column, const char *coding) {
  emend_buffer own = {0};
  emend_transform_kind kind = encoding->plan->variables[encoding->columns[column]].transform.kind;
  bool fitted =
      encoding->codings[column].kind != EMEND_CODING_SOME && (kind == EMEND_TRANSFORM_YEO_JOHNSON || kind == EMEND_TRANSFORM_NORMAL_SCORES);
  bool same = !fitted || (!emend_coding_describe(encoding, column, &own, NULL) && own.bytes && strcmp(own.bytes, coding) == 0);
  emend_buffer_free(&own);
  return same;
}

/* The level of the plan that a column of the model is called after; false if there is none. */
static bool match_level(const emend_encoding *levels, const char *const *names, const char *name, const char *model_coding,
                        size_t *variable, emend_coding *coding) {
  for (size_t j = 0; j < levels->n_columns; j++)
    if (levels->codings[j].kind != EMEND_CODING_SCORE && strcmp(names[j], name) == 0 && is_same(levels, j, model_coding)) {
      *variable = levels->columns[j];
      *coding = levels->codings[j];
      return true;
    }
  return false;
}

/* A column of a variable whose levels are the model's own: the next one. `next` counts them by variable. */
static bool match_adopted(const emend_plan *plan, const char *name, unsigned char *next, size_t *variable, emend_coding *coding) {
  const char *categories;
  ptrdiff_t v = emend_dataset_find_variable(plan->dataset, name) >= 0 ? -1 : emend_level_variable(plan, name, &categories);
  if (v < 0 || !plan->variables[v].adopted || plan->variables[v].n_columns == 0)
    return false;
  *variable = (size_t)v;
  *coding = (emend_coding){.kind = EMEND_CODING_LEVEL, .level = ++next[v]};
  return true;
}

/* A name like region=3 whose variable is there, but without such categories. Where nobody answered, the column lacks. */
static emend_status refuse_level(const emend_plan *plan, const char *name, bool *lacks, emend_error *error) {
  const char *category;
  ptrdiff_t v = emend_level_variable(plan, name, &category);
  const emend_planned *planned = v < 0 ? NULL : &plan->variables[v];
  *lacks = planned && planned->observed.n == 0 && planned->may_model;
  if (!planned || *lacks)
    return EMEND_OK;
  if (planned->may_model)
    emend_fail(error, EMEND_INVALID_ARGUMENT, "the model knows the category \"%s\", which these data do not have, or not as one of its own",
               category);
  else
    emend_fail(error, EMEND_INVALID_ARGUMENT, "the model needs this variable, but it takes no part (%s)", planned->why);
  emend_at_variable(error, emend_variable_name(plan->dataset, (size_t)v));
  emend_try(error, planned->may_model ? "a model estimated from data like these, or without it"
                                      : "options that let it take part, or a model estimated without it");
  return EMEND_INVALID_ARGUMENT;
}

static emend_status match_column(const emend_plan *plan, const char *name, bool may_lack, bool *used, size_t *variable,
                                 emend_error *error) {
  if (!name[0])
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the model has no names for its variables");
  ptrdiff_t found = emend_dataset_find_variable(plan->dataset, name);
  *variable = EMEND_NO_VARIABLE;
  bool lacks = false;
  emend_status refused = found < 0 ? refuse_level(plan, name, &lacks, error) : EMEND_OK;
  if (refused || lacks || (found < 0 && may_lack))
    return refused;
  if (found >= 0 && emend_variable_get_kind(plan->dataset, (size_t)found) == EMEND_TEXT && !plan->variables[found].adopted)
    return fail_variable(error, name, "the model needs this variable as a number, but it is text", "a model estimated without it");
  if (found < 0)
    return fail_variable(error, name, "the model needs this variable, but the file has none of that name", "a model estimated without it");
  const emend_planned *planned = &plan->variables[found];
  bool in_plan = planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_PREDICT || planned->may_model;
  if (!in_plan) {
    emend_fail(error, EMEND_INVALID_ARGUMENT, "the model needs this variable, but it takes no part (%s)", planned->why);
    emend_at_variable(error, name);
    emend_try(error, "options that let it take part, or a model estimated without it");
    return EMEND_INVALID_ARGUMENT;
  }
  if (used[found])
    return fail_variable(error, name, "the model names this variable twice", "a model with distinct names");
  if (planned->observed.infinite_row) {
    emend_fail(error, EMEND_UNSUPPORTED, "the value is infinite");
    emend_at_variable(error, name);
    emend_at_row(error, (int64_t)planned->observed.infinite_row);
    return EMEND_UNSUPPORTED;
  }
  used[found] = true;
  *variable = (size_t)found;
  return EMEND_OK;
}

enum { MOST_NAMED = 10 };

/* Names the variables that the plan would have used, in one sentence. */
static emend_status warn_unknown(const emend_plan *plan, const bool *used, emend_events *events, emend_error *error) {
  char others[EMEND_OTHERS_TEXT];
  emend_buffer names = {0};
  emend_status status = EMEND_OK;
  size_t count = 0;
  for (size_t v = 0; v < plan->n_variables && !status; v++) {
    emend_role role = plan->variables[v].role;
    if (used[v] || (role != EMEND_ROLE_FILL && role != EMEND_ROLE_PREDICT))
      continue;
    if (count++ < MOST_NAMED)
      status = emend_buffer_format(&names, error, "%s%s", count > 1 ? ", " : "", emend_variable_name(plan->dataset, v));
  }
  if (!status && count > 0)
    emend_warn(events, "the model does not know %s%s: left as %s", names.bytes, emend_others(count, MOST_NAMED, others),
               count > 1 ? "they are" : "it is");
  emend_buffer_free(&names);
  return status;
}

/* A column without answers holds numbers, as far as anybody knows: the texts of a model cannot go there. */
static bool warn_unanswered(const emend_plan *plan, const char *name, ptrdiff_t *last, emend_events *events) {
  const char *category;
  ptrdiff_t v = emend_level_variable(plan, name, &category);
  if (v >= 0 && v != *last)
    emend_warn(events, "%s: nobody answered it, and its column cannot hold what the model knows (such as \"%s\"): it stays as it is",
               emend_variable_name(plan->dataset, (size_t)v), category);
  *last = v;
  return v >= 0;
}

/* Names the variables of the model that the file lacks; all of them is an error. */
static emend_status warn_absent(const emend_plan *plan, const emend_model_names *names, const emend_encoding *encoding,
                                emend_events *events, emend_error *error) {
  char others[EMEND_OTHERS_TEXT];
  emend_buffer text = {0};
  emend_status status = EMEND_OK;
  size_t count = 0, unanswered = 0;
  ptrdiff_t last = -1;
  for (size_t j = 0; j < names->n_columns && !status; j++) {
    const char *name = names->name(names->model, j);
    if (encoding->columns[j] != EMEND_NO_VARIABLE)
      continue;
    if (warn_unanswered(plan, name, &last, events))
      unanswered++;
    else if (count++ < MOST_NAMED)
      status = emend_buffer_format(&text, error, "%s%s", count > 1 ? ", " : "", name);
  }
  if (!status && count > 0 && count + unanswered == names->n_columns) {
    status = emend_fail(error, EMEND_INVALID_ARGUMENT, "the file has none of the model's variables (%s%s)", text.bytes,
                        count > MOST_NAMED ? " ..." : "");
    emend_try(error, "a file with variables of these names");
  } else if (!status && count > 0) {
    emend_warn(events, "the file lacks %s%s, which the model knows: missing in every row", text.bytes,
               emend_others(count, MOST_NAMED, others));
  }
  emend_buffer_free(&text);
  return status;
}

/* The levels of a variable stand together in the model, in their order. */
static emend_status check_order(const emend_plan *plan, const emend_encoding *encoding, emend_error *error) {
  for (size_t j = 0; j < encoding->n_columns; j++) {
    size_t v = encoding->columns[j], level = encoding->codings[j].level;
    bool follows = level == 1 || (j > 0 && encoding->columns[j - 1] == v && encoding->codings[j - 1].level + 1u == level);
    if (encoding->codings[j].kind == EMEND_CODING_LEVEL && !follows)
      return fail_variable(error, emend_variable_name(plan->dataset, v), "its categories are not those that the model knows",
                           "a model estimated from data like these, or without it");
  }
  return EMEND_OK;
}

static bool is_listed(const char *list, const char *word, size_t length) {
  for (const char *at = list; *at; at += strcspn(at, "|"), at += *at == '|')
    if (strcspn(at, "|") == length && strncmp(at, word, length) == 0)
      return true;
  return false;
}

/* The categories without a column are the model's, or some of them. */
static emend_status check_base(const emend_plan *plan, const emend_model_names *names, const emend_encoding *encoding, size_t column,
                               emend_error *error) {
  const char *known = names->base ? names->base(names->model, column) : "";
  emend_buffer text = {0};
  emend_status status = known[0] ? emend_encoding_base(encoding, column, &text, error) : EMEND_OK;
  for (const char *at = text.bytes ? text.bytes : ""; *at && !status; at += strcspn(at, "|"), at += *at == '|')
    if (!is_listed(known, at, strcspn(at, "|"))) {
      status = emend_fail(error, EMEND_INVALID_ARGUMENT, "the model does not know the category \"%.*s\"", (int)strcspn(at, "|"), at);
      emend_at_variable(error, emend_variable_name(plan->dataset, encoding->columns[column]));
      emend_try(error, "a model estimated from data like these, or without it");
    }
  emend_buffer_free(&text);
  return status;
}

/* A category of these data that the model has never seen is named. */
static emend_status check_levels(const emend_plan *plan, const emend_model_names *model, const emend_encoding *levels,
                                 const char *const *names, const bool *used, const emend_encoding *encoding, emend_error *error) {
  for (size_t i = 0; i < levels->n_columns; i++) {
    bool found = levels->codings[i].kind != EMEND_CODING_LEVEL || !used[levels->columns[i]], known = found;
    for (size_t j = 0; j < encoding->n_columns && !found; j++) {
      bool level = encoding->columns[j] == levels->columns[i] && encoding->codings[j].kind == EMEND_CODING_LEVEL;
      known = known || level;
      found = level && encoding->codings[j].level == levels->codings[i].level;
    }
    if (found || !known)
      continue;
    const char *name = emend_variable_name(plan->dataset, levels->columns[i]);
    emend_fail(error, EMEND_INVALID_ARGUMENT, "the model does not know the category \"%s\"", names[i] + strlen(name) + 1);
    emend_at_variable(error, name);
    emend_try(error, "a model estimated from data like these, or without it");
    return EMEND_INVALID_ARGUMENT;
  }
  emend_status status = check_order(plan, encoding, error);
  for (size_t j = 0; j < encoding->n_columns && !status; j++)
    if (encoding->codings[j].kind == EMEND_CODING_LEVEL)
      status = check_base(plan, model, encoding, j, error);
  return status;
}

emend_status emend_match_names(const emend_plan *plan, const emend_model_names *names, bool may_lack, emend_encoding *encoding,
                               emend_events *events, emend_error *error) {
  emend_status status = emend_encoding_new(plan, names->n_columns, encoding, error);
  if (status)
    return status;
  bool *used = emend_allocate(plan->n_variables, sizeof *used);
  unsigned char *next = emend_allocate(plan->n_variables, 1);
  if (!used || !next) {
    free(used), free(next);
    return emend_fail_memory(error);
  }
  emend_encoding levels = {0};
  const char **level_names = NULL;
  status = emend_encoding_of_plan(plan, &levels, error);
  if (!status)
    status = emend_encoding_texts(&levels, emend_encoding_name, &level_names, error);
  for (size_t j = 0; j < names->n_columns && !status; j++) {
    const char *name = names->name(names->model, j);
    if (match_adopted(plan, name, next, &encoding->columns[j], &encoding->codings[j]) ||
        match_level(&levels, level_names, name, names->base ? names->base(names->model, j) : "", &encoding->columns[j],
                    &encoding->codings[j]))
      used[encoding->columns[j]] = true;
    else
      status = match_column(plan, name, may_lack, used, &encoding->columns[j], error);
  }
  if (!status)
    status = check_levels(plan, names, &levels, level_names, used, encoding, error);
  free(level_names);
  emend_encoding_free(&levels);
  if (!status)
    status = warn_absent(plan, names, encoding, events, error);
  if (!status)
    status = warn_unknown(plan, used, events, error);
  free(used), free(next);
  return status;
}
