/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/adopt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/events.h"
#include "base/fold.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "data/rows.h"
#include "emend/impute.h"
#include "encode/steps.h"
#include "encode/type.h"
#include "encode/weighted_sample.h"

/*
 * A model that was kept knows how its variables entered: their categories and levels, transforms with their constants, spikes. A plan for
 * other data takes these over, so that the model's columns mean the same there.
 */

static emend_status put_number(double value, emend_buffer *text, emend_error *error) {
  char number[EMEND_NUMBER_SIZE];
  emend_number_print(value, '.', number);
  return emend_buffer_format(text, error, " %s", number);
}

emend_status emend_coding_describe(const emend_encoding *encoding, size_t column, emend_buffer *text, emend_error *error) {
  emend_coding_kind kind = encoding->codings[column].kind;
  if (kind == EMEND_CODING_LEVEL || kind == EMEND_CODING_SCORE)
    return emend_encoding_base(encoding, column, text, error);
  const emend_transform *t = &encoding->plan->variables[encoding->columns[column]].transform;
  bool transformed = (kind == EMEND_CODING_VALUE || kind == EMEND_CODING_AMOUNT) && t->kind != EMEND_TRANSFORM_NONE;
  if (!transformed)
    return EMEND_OK;
  const double constants[] = {t->lo, t->hi, t->lambda, t->least, t->most};
  emend_status status = emend_buffer_format(text, error, "%s", emend_transform_word(t->kind));
  for (size_t i = 0; i < sizeof constants / sizeof *constants && !status; i++)
    status = put_number(constants[i], text, error);
  for (size_t i = 0; i < t->n_knots && !status; i++) {
    status = put_number(t->knots[i], text, error);
    if (!status)
      status = put_number(t->scores[i], text, error);
  }
  return status;
}

/* One column of the model. */
typedef struct adopter {
  emend_plan *plan;
  const char *name, *coding;
  emend_events *events;
  emend_error *error;
} adopter;

static emend_status malformed(const adopter *a, const char *what) {
  emend_fail(a->error, EMEND_MALFORMED, "the model's coding of a column %s", what);
  emend_at_variable(a->error, a->name);
  return EMEND_MALFORMED;
}

/* The variable whose name is the first `length` bytes; -1 if there is none. */
static ptrdiff_t find_variable(const adopter *a, const char *name, size_t length) {
  char *copy = strndup(name, length);
  ptrdiff_t found = copy ? emend_dataset_find_variable(a->plan->dataset, copy) : -1;
  free(copy);
  return found;
}

/* Numbers behind the word of a transform, up to the end. NULL: malformed, or out of memory. */
static double *read_numbers(const char *text, size_t *n) {
  size_t most = 1;
  for (const char *p = text; *p; p++)
    most += *p == ' ';
  double *numbers = emend_allocate(most, sizeof *numbers);
  *n = 0;
  for (const char *p = text; numbers && *p;) {
    p += strspn(p, " ");
    size_t length = strcspn(p, " ");
    if (length && !emend_number_parse(p, length, '.', &numbers[(*n)++])) {
      free(numbers);
      return NULL;
    }
    p += length;
  }
  return numbers;
}

static bool take_knots(emend_transform *t, const double *numbers, size_t n) {
  t->n_knots = n / 2;
  t->knots = emend_allocate(t->n_knots, sizeof *t->knots);
  t->scores = emend_allocate(t->n_knots, sizeof *t->scores);
  for (size_t i = 0; i < t->n_knots && t->knots && t->scores; i++) {
    t->knots[i] = numbers[2 * i], t->scores[i] = numbers[2 * i + 1];
    if (i > 0 && !(t->knots[i] > t->knots[i - 1] && t->scores[i] >= t->scores[i - 1]))
      return false;
  }
  return t->knots && t->scores;
}

static bool read_transform(const char *coding, emend_transform *t) {
  enum { CONSTANTS = 5 };
  size_t length = strcspn(coding, " "), n;
  *t = (emend_transform){0};
  for (int kind = EMEND_TRANSFORM_LOG; kind <= EMEND_TRANSFORM_NORMAL_SCORES; kind++)
    if (emend_text_equal(coding, length, emend_transform_word((emend_transform_kind)kind)))
      t->kind = (emend_transform_kind)kind;
  double *numbers = t->kind ? read_numbers(coding + length, &n) : NULL;
  bool right = numbers && n >= CONSTANTS &&
               (t->kind == EMEND_TRANSFORM_NORMAL_SCORES ? n >= CONSTANTS + 4 && (n - CONSTANTS) % 2 == 0 : n == CONSTANTS);
  if (right) {
    t->lo = numbers[0], t->hi = numbers[1], t->lambda = numbers[2], t->least = numbers[3], t->most = numbers[4];
    right = t->kind == EMEND_TRANSFORM_YEO_JOHNSON ? t->hi > 0 && t->least <= t->most
            : t->kind == EMEND_TRANSFORM_LOGIT     ? t->lo < t->hi
                                                   : true;
    if (right && t->kind == EMEND_TRANSFORM_NORMAL_SCORES)
      right = take_knots(t, numbers + CONSTANTS, n - CONSTANTS);
  }
  free(numbers);
  if (!right)
    emend_transform_free(t);
  return right;
}


/* Why a transform does not take the answers, if not; of a number with a spike it has the amounts alone to take. */
static emend_status object(const adopter *a, size_t v, const emend_transform *t, const char **why_not) {
  const emend_planned *planned = &a->plan->variables[v];
  emend_weighted_sample amounts;
  emend_status status = emend_weighted_sample_take(a->plan->dataset, v, NULL, planned->spiked ? planned->spike : NAN, SIZE_MAX, &amounts,
                                                   a->error);
  *why_not = !status && amounts.n > 0 ? emend_transform_objection(t, amounts.min, amounts.max) : NULL;
  if (!status)
    emend_weighted_sample_free(&amounts);
  return status;
}

static emend_status take_transform(const adopter *a, size_t v) {
  emend_planned *planned = &a->plan->variables[v];
  emend_transform t;
  const char *why_not;
  if (!read_transform(a->coding, &t))
    return malformed(a, "is no transform with its constants");
  emend_status status = object(a, v, &t, &why_not);
  if (status) {
    emend_transform_free(&t);
    return status;
  }
  if (why_not) {
    emend_fail(a->error, EMEND_INVALID_ARGUMENT, "the model has it transformed, %s", why_not);
    emend_at_variable(a->error, emend_variable_name(a->plan->dataset, v));
    emend_transform_free(&t);
    return EMEND_INVALID_ARGUMENT;
  }
  emend_transform_free(&planned->transform);
  planned->transform = t;
  return EMEND_OK;
}

/* Whether `word` is among categories listed with bars between them. */
static bool lists(const char *list, const char *word) {
  size_t length = strlen(word);
  for (const char *at = list; *at; at += strcspn(at, "|"), at += *at == '|')
    if (strcspn(at, "|") == length && strncmp(at, word, length) == 0)
      return true;
  return false;
}

static emend_status name_category(const adopter *a, size_t v, size_t category, emend_buffer *name) {
  const emend_categories *c = &a->plan->variables[v].categories;
  char number[EMEND_NUMBER_SIZE];
  emend_buffer_clear(name);
  if (!c->texts) {
    emend_number_print(c->numbers[category], '.', number);
    return emend_buffer_format(name, a->error, "%s", number);
  }
  const char *text = emend_dataset_text(a->plan->dataset, c->texts[category]);
  return emend_buffer_append(name, text, emend_trimmed_length(text, strlen(text)), a->error);
}

/* What stands aside for having one answer only takes part where the model knows more. */
static void take_part(emend_planned *planned) {
  if (!emend_planned_takes_part(planned) && planned->may_model)
    planned->role = planned->fills ? EMEND_ROLE_FILL : EMEND_ROLE_PREDICT, planned->why = "--model";
}

/* A number that the model knows, where these data may hold it: no code that means missing here, nor too large for its column. */
static emend_status add_number(const adopter *a, size_t v, const char *word, size_t length) {
  emend_planned *planned = &a->plan->variables[v];
  emend_allowed any = planned->allowed;
  double number;
  bool moved;
  any.values = NULL, any.n_values = 0;
  if (!emend_number_parse(word, length, '.', &number) || !isfinite(number) || emend_allowed_nearest(&any, number, &moved) != number)
    return EMEND_OK;
  bool known = planned->categories.n > 0 && emend_categories_find(&planned->categories, number) != EMEND_NO_CATEGORY;
  if (known || emend_dataset_find_doubt(a->plan->dataset, v, number, NULL))
    return EMEND_OK;
  a->plan->fills[v] = a->plan->fills[v] ? EMEND_FILLS_ANY : EMEND_FILLS_NOTHING;
  return emend_categories_add_number(&planned->categories, number, a->error);
}

static emend_status add_text(const adopter *a, size_t v, const char *word, size_t length) {
  const emend_dataset *dataset = a->plan->dataset;
  emend_categories *c = &a->plan->variables[v].categories;
  size_t width = emend_variable_width(dataset, v);
  for (size_t i = 0; i < c->n; i++) {
    const char *text = emend_dataset_text(dataset, c->texts[i]);
    if (emend_trimmed_length(text, strlen(text)) == length && strncmp(text, word, length) == 0)
      return EMEND_OK;
  }
  if (length == 0 || (width > 0 && length > width) || emend_variable_declares_text_missing(dataset, v, word, length))
    return EMEND_OK;
  emend_offset offset;
  emend_status status = emend_dataset_add_text((emend_dataset *)(uintptr_t)dataset, word, length, &offset, a->error);
  if (status || emend_dataset_find_doubt(dataset, v, NAN, emend_dataset_text(dataset, offset)))
    return status;
  return emend_categories_add_text(c, emend_dataset_rows(dataset), offset, a->error);
}

/* The categories of a level that nobody here answered may be what is missing. */
static emend_status add_categories(const adopter *a, size_t v, const char *list) {
  bool text = emend_variable_get_kind(a->plan->dataset, v) == EMEND_TEXT;
  emend_status status = EMEND_OK;
  for (const char *at = list; *at && !status; at += strcspn(at, "|"), at += *at == '|')
    status = (text ? add_text : add_number)(a, v, at, strcspn(at, "|"));
  return status;
}

/* Answers that were to be carried over speak of texts by their steps, if these had any: now by their categories. */
static void forget_steps(const adopter *a, size_t v) {
  emend_categories *c = &a->plan->variables[v].categories;
  for (size_t i = 0; c->texts && i < a->plan->carried.n; i++) {
    emend_carried_cell *cell = &a->plan->carried.cells[i];
    cell->value = cell->variable == v ? (double)emend_categories_of_value(c, cell->value) : cell->value;
  }
  emend_categories_forget_order(c);
}

/* The step of each category that is the text; where `folded`, of those without one that are but for capitals, accents and punctuation. */
static emend_status give_step(const adopter *a, size_t v, const char *text, size_t length, bool folded, size_t step, unsigned char *place) {
  const emend_categories *c = &a->plan->variables[v].categories;
  emend_buffer name = {0}, own = {0}, wanted = {0};
  emend_status status = folded ? emend_fold(text, length, &wanted, a->error) : EMEND_OK;
  for (size_t i = 0; i < c->n && !status; i++) {
    if (place[i] != EMEND_NO_CATEGORY)
      continue;
    status = name_category(a, v, i, &name);
    if (!status && folded)
      status = emend_fold(name.bytes, name.length, &own, a->error);
    bool same = !status && (folded ? own.length > 1 && own.length == wanted.length && memcmp(own.bytes, wanted.bytes, own.length) == 0
                                   : name.length == length && memcmp(name.bytes, text, length) == 0);
    place[i] = same ? (unsigned char)step : place[i];
  }
  emend_buffer_free(&name), emend_buffer_free(&own), emend_buffer_free(&wanted);
  return status;
}

/* The model's step of each category; EMEND_NO_CATEGORY: none. */
static emend_status find_steps(const adopter *a, size_t v, unsigned char *place, size_t *n_steps) {
  emend_status status = EMEND_OK;
  memset(place, EMEND_NO_CATEGORY, a->plan->variables[v].categories.n);
  for (int folded = 0; folded < 2 && !status; folded++) {
    *n_steps = 0;
    for (const char *at = a->coding; *at && !status; at += strcspn(at, "|"), at += *at == '|', ++*n_steps)
      status = *n_steps == EMEND_MOST_CATEGORIES ? malformed(a, "has an order of more than 100 texts")
                                                 : give_step(a, v, at, strcspn(at, "|"), folded, *n_steps, place);
  }
  return status;
}

/* Answers of which the model knows nothing, by name; empty if there are none. *cells hold them. */
static emend_status list_unknown(const adopter *a, size_t v, const bool *unknown, emend_buffer *list, size_t *cells) {
  enum { MOST_NAMED = 5 };
  char others[EMEND_OTHERS_TEXT];
  const emend_categories *c = &a->plan->variables[v].categories;
  emend_buffer name = {0};
  emend_status status = EMEND_OK;
  size_t n = 0;
  *cells = 0;
  for (size_t i = 0; i < c->n && !status; i++) {
    if (!unknown[i])
      continue;
    *cells += c->counts[i];
    status = n++ < MOST_NAMED ? name_category(a, v, i, &name) : EMEND_OK;
    if (!status && n <= MOST_NAMED)
      status = emend_buffer_format(list, a->error, "%s\"%s\"", n > 1 ? ", " : "", name.bytes ? name.bytes : "");
  }
  if (!status && n > MOST_NAMED)
    status = emend_buffer_format(list, a->error, "%s", emend_others(n, MOST_NAMED, others));
  emend_buffer_free(&name);
  return status;
}

/* Answers that the model's order does not have stay, and are named. */
static emend_status warn_of_unplaced(const adopter *a, size_t v, const unsigned char *place) {
  bool unknown[EMEND_MOST_CATEGORIES];
  emend_buffer list = {0};
  size_t cells;
  for (size_t i = 0; i < a->plan->variables[v].categories.n; i++)
    unknown[i] = place[i] == EMEND_NO_CATEGORY;
  emend_status status = list_unknown(a, v, unknown, &list, &cells);
  if (!status && list.length > 0)
    emend_warn(a->events, "%s: the model's order does not have %s (%zu cell%s): what is there stays, and nothing is learnt from it",
               emend_variable_name(a->plan->dataset, v), list.bytes, cells, cells == 1 ? "" : "s");
  emend_buffer_free(&list);
  return status;
}

/* Where nobody answered, each step counts as often as any other. */
static void weigh_evenly(emend_categories *c) {
  double weight = 0;
  for (size_t i = 0; i < c->n; i++)
    weight += c->weights[i];
  for (size_t i = 0; i < c->n && !(weight > 0); i++)
    c->weights[i] = 1;
}

/* A text whose texts are steps to the model: in its order, with its numbers. */
static emend_status take_steps(const adopter *a, size_t v) {
  emend_planned *planned = &a->plan->variables[v];
  emend_categories *c = &planned->categories;
  unsigned char place[EMEND_MOST_CATEGORIES];
  size_t n_steps = 0;
  forget_steps(a, v);
  emend_status status = add_categories(a, v, a->coding);
  if (!status)
    status = find_steps(a, v, place, &n_steps);
  if (!status)
    status = warn_of_unplaced(a, v, place);
  for (size_t i = 0; !status && i < a->plan->carried.n; i++) {
    emend_carried_cell *cell = &a->plan->carried.cells[i];
    size_t category = cell->variable == v && cell->value < (double)c->n ? (size_t)cell->value : EMEND_NO_CATEGORY;
    if (cell->variable == v)
      cell->value = category == EMEND_NO_CATEGORY || place[category] == EMEND_NO_CATEGORY ? NAN : place[category] + 1.0;
  }
  if (!status)
    status = emend_categories_arrange(c, emend_dataset_rows(a->plan->dataset), place, n_steps, a->error);
  if (status || c->n == 0)
    return status;
  weigh_evenly(c);
  status = emend_steps_observe(planned, a->plan->weight_kind, a->error);
  planned->allowed.values = planned->observed.values, planned->allowed.n_values = planned->observed.n_values;
  planned->type = EMEND_TYPE_ORDINAL, planned->type_why = "--model";
  planned->adopted = true, planned->rounds = planned->fills;
  take_part(planned);
  planned->n_columns = emend_planned_takes_part(planned);
  return status;
}

/* The first column of a nominal variable: its categories get the model's base, all others none yet. */
static emend_status begin_levels(const adopter *a, size_t v) {
  emend_planned *planned = &a->plan->variables[v];
  emend_categories *c = &planned->categories;
  emend_buffer name = {0};
  forget_steps(a, v);
  emend_status status = add_categories(a, v, a->coding);
  if (!status && !c->levels && !(c->levels = emend_allocate(EMEND_MOST_CATEGORIES, 1)))
    status = emend_fail_memory(a->error);
  for (size_t i = 0; i < c->n && !status; i++) {
    status = name_category(a, v, i, &name);
    c->levels[i] = !status && lists(a->coding, name.bytes) ? 0 : EMEND_NO_CATEGORY;
  }
  emend_buffer_free(&name);
  c->n_levels = 1, c->n_pooled = 0;
  planned->adopted = true;
  take_part(planned);
  if (!emend_type_is_nominal(planned->type))
    planned->type = c->texts ? EMEND_TYPE_TEXT_CATEGORY : EMEND_TYPE_NOMINAL, planned->type_why = "--model";
  planned->rounds = planned->fills;
  planned->spiked = false;
  emend_transform_free(&planned->transform);
  return status;
}

static emend_status add_level(const adopter *a, size_t v, const char *list) {
  emend_categories *c = &a->plan->variables[v].categories;
  emend_buffer name = {0};
  emend_status status = add_categories(a, v, list);
  for (size_t i = 0; i < c->n && !status; i++) {
    status = name_category(a, v, i, &name);
    if (!status && c->levels[i] == EMEND_NO_CATEGORY && lists(list, name.bytes))
      c->levels[i] = (unsigned char)c->n_levels;
  }
  emend_buffer_free(&name);
  c->n_levels++;
  a->plan->variables[v].n_columns = emend_planned_takes_part(&a->plan->variables[v]) ? c->n_levels - 1 : 0;
  return status;
}

/* After the last column: answers of which the model knows nothing stay, and are named. */
static emend_status warn_of_unknown(const adopter *a, size_t v) {
  const emend_categories *c = &a->plan->variables[v].categories;
  bool unknown[EMEND_MOST_CATEGORIES];
  emend_buffer list = {0};
  size_t cells;
  for (size_t i = 0; i < c->n; i++)
    unknown[i] = !emend_categories_gives(c, i);
  emend_status status = list_unknown(a, v, unknown, &list, &cells);
  if (!status && list.length > 0)
    emend_warn(a->events,
               "%s: the model does not know %s (%zu cell%s): what is there stays, and nothing is learnt from it or imputed like it; "
               "a model estimated from data like these would know it",
               emend_variable_name(a->plan->dataset, v), list.bytes, cells, cells == 1 ? "" : "s");
  emend_buffer_free(&list);
  return status;
}

ptrdiff_t emend_level_variable(const emend_plan *plan, const char *name, const char **categories) {
  const adopter a = {.plan = (emend_plan *)(uintptr_t)plan};
  ptrdiff_t v = -1;
  for (const char *p = name; v < 0 && (p = strchr(p, '=')); p++) {
    v = p > name && p[-1] != '!' ? find_variable(&a, name, (size_t)(p - name)) : -1;
    *categories = p + 1;
  }
  return v;
}

/* Categories can be told apart here; or nobody answered, and the column can hold one that the model knows. */
static bool may_hold_levels(const adopter *a, size_t v) {
  const emend_planned *planned = &a->plan->variables[v];
  double number;
  if (planned->categories.n > 0 || planned->observed.n > 0 || !planned->may_model)
    return planned->categories.n > 0;
  return emend_variable_get_kind(a->plan->dataset, v) == EMEND_TEXT || emend_number_parse(a->coding, strcspn(a->coding, "|"), '.', &number);
}

/* "region=3|7" with its base. */
static emend_status take_level(const adopter *a, unsigned char *begun) {
  const char *categories;
  ptrdiff_t v = emend_level_variable(a->plan, a->name, &categories);
  if (v < 0 || !a->coding[0] || !may_hold_levels(a, (size_t)v))
    return EMEND_OK;
  if (a->plan->variables[v].categories.n_levels >= EMEND_MOST_CATEGORIES && begun[v])
    return malformed(a, "has too many levels");
  emend_status status = begun[v] ? EMEND_OK : begin_levels(a, (size_t)v);
  begun[v] = 1;
  return status ? status : add_level(a, (size_t)v, categories);
}

/* "income!=0": the amount stands beside it. */
static void take_spike(const adopter *a) {
  const char *mark = strstr(a->name, "!=");
  double spike;
  ptrdiff_t v = mark ? find_variable(a, a->name, (size_t)(mark - a->name)) : -1;
  if (v < 0 || emend_variable_get_kind(a->plan->dataset, (size_t)v) == EMEND_TEXT ||
      !emend_number_parse(mark + 2, strlen(mark + 2), '.', &spike))
    return;
  emend_planned *planned = &a->plan->variables[v];
  planned->spiked = true;
  planned->spike = spike;
  planned->heap_share = 0;
  planned->n_columns = emend_planned_takes_part(planned) ? 2 : 0;
}

/* A coding beside a plain name: the order of texts. */
static emend_status take_order(const adopter *a, size_t v) {
  const emend_planned *planned = &a->plan->variables[v];
  bool text = emend_variable_get_kind(a->plan->dataset, v) == EMEND_TEXT;
  if (!text && planned->observed.n > 0) {
    emend_fail(a->error, EMEND_INVALID_ARGUMENT, "the model knows texts in an order here, but it holds numbers");
    emend_at_variable(a->error, a->name);
    emend_try(a->error, "a model estimated without it");
    return EMEND_INVALID_ARGUMENT;
  }
  return text && (planned->categories.n > 0 || planned->may_model) ? take_steps(a, v) : EMEND_OK;
}

static emend_status take_column(const adopter *a, unsigned char *begun) {
  const char *open = strchr(a->name, '(');
  size_t length = strlen(a->name);
  ptrdiff_t same = emend_dataset_find_variable(a->plan->dataset, a->name);
  if (same >= 0)
    return a->coding[0] ? take_order(a, (size_t)same) : EMEND_OK;
  if (open && a->name[length - 1] == ')') {
    ptrdiff_t v = find_variable(a, open + 1, length - (size_t)(open - a->name) - 2);
    if (v >= 0 && a->coding[0] && emend_variable_get_kind(a->plan->dataset, (size_t)v) != EMEND_TEXT)
      return take_transform(a, (size_t)v);
  }
  take_spike(a);
  return take_level(a, begun);
}

typedef const char *(*column_text)(const void *model, size_t column);

static emend_status take_all(emend_plan *plan, const void *model, size_t n_columns, column_text name, column_text coding,
                             emend_events *events, emend_error *error) {
  unsigned char *begun = emend_allocate(plan->n_variables, 1);
  adopter a = {.plan = plan, .events = events, .error = error};
  emend_status status = begun ? EMEND_OK : emend_fail_memory(error);
  for (size_t j = 0; j < n_columns && !status; j++) {
    a.name = name(model, j), a.coding = coding(model, j);
    status = a.name[0] ? take_column(&a, begun) : EMEND_OK;
  }
  for (size_t v = 0; v < plan->n_variables && !status; v++)
    if (begun[v])
      status = warn_of_unknown(&a, v);
  free(begun);
  return status;
}

static const char *name_of_normal(const void *model, size_t column) { return emend_normal_name(model, column); }
static const char *coding_of_normal(const void *model, size_t column) { return emend_normal_coding(model, column); }
static const char *name_of_mixture(const void *model, size_t column) { return emend_mixture_name(model, column); }
static const char *base_of_mixture(const void *model, size_t column) { return emend_mixture_base(model, column); }

emend_status emend_plan_adopt(emend_plan *plan, const emend_normal *normal, const emend_mixture *mixture, emend_events *events,
                              emend_error *error) {
  emend_status status = EMEND_OK;
  if (normal)
    status = take_all(plan, normal, emend_normal_columns(normal), name_of_normal, coding_of_normal, events, error);
  if (!status && mixture)
    status = take_all(plan, mixture, emend_mixture_columns(mixture), name_of_mixture, base_of_mixture, events, error);
  return status;
}
