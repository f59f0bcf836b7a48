/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/memory.h"
#include "base/text.h"
#include "encode/band.h"
#include "encode/scale_words.h"
#include "encode/selection.h"

/* The answers of a variable as they are compared. */
typedef struct answers {
  size_t n, lengths[EMEND_MOST_CATEGORIES];
  const char *texts[EMEND_MOST_CATEGORIES];
  char *folded[EMEND_MOST_CATEGORIES]; /* owned */
} answers;

static void answers_free(answers *a) {
  for (size_t i = 0; a && i < a->n; i++)
    free(a->folded[i]);
  free(a);
}

static emend_status answers_new(const emend_dataset *dataset, const emend_categories *c, answers **made, emend_error *error) {
  answers *a = *made = calloc(1, sizeof *a);
  emend_buffer folded = {0};
  emend_status status = a ? EMEND_OK : emend_fail_memory(error);
  for (size_t i = 0; i < c->n && !status; i++) {
    const char *text = a->texts[i] = emend_dataset_text(dataset, c->texts[i]);
    a->lengths[i] = emend_trimmed_length(text, emend_dataset_text_length(dataset, c->texts[i]));
    status = emend_fold(text, a->lengths[i], &folded, error);
    if (!status && !(a->folded[i] = strdup(folded.bytes)))
      status = emend_fail_memory(error);
    a->n = i + 1;
  }
  emend_buffer_free(&folded);
  if (status)
    answers_free(a), *made = NULL;
  return status;
}

/* Steps from 0 on, in the order of the keys. Answers of one key share a step if they are one text but for capitals, accents and
 * punctuation; otherwise nothing is certain. */
static size_t rank(const answers *a, const double *keys, unsigned char *place) {
  size_t n_steps = 0;
  for (size_t i = 0; i < a->n; i++) {
    size_t below = 0;
    bool first = true;
    for (size_t k = 0; k < a->n; k++) {
      bool same = keys[k] == keys[i], counted = false;
      if (same && strcmp(a->folded[k], a->folded[i]) != 0)
        return 0;
      first = first && !(same && k < i);
      for (size_t l = 0; l < k && !counted; l++) /* another answer of the same key has been counted */
        counted = keys[l] == keys[k];
      below += keys[k] < keys[i] && !counted;
    }
    place[i] = (unsigned char)below;
    n_steps += first;
  }
  return n_steps;
}

static emend_status find_bands(const answers *a, unsigned char *place, size_t *n_steps, emend_error *error) {
  emend_band bands[EMEND_MOST_CATEGORIES];
  double keys[EMEND_MOST_CATEGORIES];
  bool all = true;
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < a->n && all && !status; i++)
    status = emend_band_read(a->texts[i], a->lengths[i], &bands[i], &all, error);
  *n_steps = !status && all && emend_bands_sort(bands, a->n, keys) ? rank(a, keys, place) : 0;
  return status;
}

/* Behind the numbers with which answers begin, if all do, with `words` the rest of each. */
static bool split_numbers(const answers *a, const char **words, double *numbers) {
  for (size_t i = 0; i < a->n; i++) {
    const char *at = a->folded[i] + 1;
    size_t digits = strspn(at, "0123456789"), raw = strspn(a->texts[i], "0123456789");
    if (digits == 0 || digits > 2 || raw != digits || at[digits] != ' ')
      return false;
    const char *p = a->texts[i] + raw;
    if (*p && !strchr(" .):-=", *p) && (unsigned char)*p < 0x80)
      return false;
    numbers[i] = strtod(at, NULL);
    words[i] = at + digits; /* " strongly disagree ", or " " */
  }
  return true;
}

/* What stands aside from a scale, whatever its number ("6 - Other, please specify"). */
static bool is_other(const char *words) {
  static const char *const others[] = {"other",  "others", "sonstige", "sonstiges", "sonstiger", "andere", "anderes", "anderer", "autre",
                                       "autres", "otro",   "otra",     "otros",     "otras",     "altro",  "altra",   "altri",   "altre",
                                       "outro",  "outra",  "outros",   "outras",    "anders",    "overig", "overige"};
  for (const char *at = words + strspn(words, " "); *at; at += strcspn(at, " "), at += strspn(at, " "))
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
      if (strlen(others[i]) == strcspn(at, " ") && strncmp(at, others[i], strlen(others[i])) == 0)
        return true;
  return false;
}

static bool is_word_of_scale(const char *words) {
  double key;
  return scale_words_sort(&words, 1, &key);
}

/* "1 - Left", "2", "3", "4", "5 - Right": numbers alone between words at both ends; words at one end alone must be those of a scale, as
 * anything may stand behind a number. */
static bool are_anchored(const answers *a, const char *const *rests, const double *numbers) {
  enum { FEWEST_BARE = 2 };
  size_t bare = 0, low = 0, high = 0, known = 0;
  for (size_t i = 0; i < a->n; i++) {
    bool lowest = true, highest = true, words = rests[i][1];
    for (size_t k = 0; k < a->n; k++)
      lowest = lowest && numbers[i] <= numbers[k], highest = highest && numbers[i] >= numbers[k];
    if (words && ((!lowest && !highest) || is_other(rests[i])))
      return false;
    bare += !words, low += words && lowest, high += words && highest;
    known += words && is_word_of_scale(rests[i]);
  }
  return bare >= FEWEST_BARE && ((low > 0 && high > 0) || (low + high > 0 && known == low + high));
}

/* "1 - Strongly disagree" ... "5": numbers, and words of one family in the order of the numbers, or against it. */
static size_t find_numbered(const answers *a, unsigned char *place) {
  enum { FEWEST_WORDS = 2 };
  const char *rests[EMEND_MOST_CATEGORIES], *words[EMEND_MOST_CATEGORIES];
  double numbers[EMEND_MOST_CATEGORIES], own[EMEND_MOST_CATEGORIES], keys[EMEND_MOST_CATEGORIES];
  size_t n = 0, up = 0, down = 0;
  if (!split_numbers(a, rests, numbers))
    return 0;
  if (are_anchored(a, rests, numbers))
    return rank(a, numbers, place);
  for (size_t i = 0; i < a->n; i++)
    if (rests[i][1])
      words[n] = rests[i], own[n++] = numbers[i];
  if (n < FEWEST_WORDS || !scale_words_sort(words, n, keys))
    return 0;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < i; k++) {
      double ahead = (own[i] - own[k]) * (keys[i] - keys[k]);
      up += ahead > 0, down += ahead < 0;
      if (ahead == 0 && (own[i] != own[k] || keys[i] != keys[k]))
        return 0;
    }
  return up > 0 && down > 0 ? 0 : rank(a, numbers, place);
}

static size_t find_words(const answers *a, unsigned char *place) {
  double keys[EMEND_MOST_CATEGORIES];
  return scale_words_sort((const char *const *)a->folded, a->n, keys) ? rank(a, keys, place) : 0;
}

/* Bars separate texts in models that are kept. */
static bool has_bar(const answers *a) {
  for (size_t i = 0; i < a->n; i++)
    if (memchr(a->texts[i], '|', a->lengths[i]))
      return true;
  return false;
}

emend_status emend_steps_find(const emend_dataset *dataset, const emend_categories *c, unsigned char *place, size_t *n_steps,
                              emend_error *error) {
  enum { MOST = 40 };
  answers *a = NULL;
  *n_steps = 0;
  if (c->n < 2 || c->n > MOST)
    return EMEND_OK;
  emend_status status = answers_new(dataset, c, &a, error);
  if (!status && !has_bar(a)) {
    status = find_bands(a, place, n_steps, error);
    if (!status && *n_steps == 0)
      *n_steps = find_words(a, place);
    if (!status && *n_steps == 0)
      *n_steps = find_numbered(a, place);
  }
  answers_free(a);
  return status;
}

/* The order that somebody names. */

/* The next text of a list, without its backticks. *at moves behind its comma. */
static emend_status next_text(const char **at, const char *end, emend_buffer *text, emend_error *error) {
  const char *p = *at;
  bool quoted = false;
  emend_buffer_clear(text);
  emend_status status = emend_buffer_append(text, "", 0, error);
  while (p < end && emend_ascii_is_blank(*p))
    p++;
  size_t kept = 0; /* what stands in backticks keeps its blanks */
  for (; p < end && !status && (quoted || *p != ','); p++) {
    if (*p == '`' && quoted && p + 1 < end && p[1] == '`')
      status = emend_buffer_append(text, p++, 1, error), kept = text->length;
    else if (*p == '`')
      quoted = !quoted, kept = text->length;
    else
      status = emend_buffer_append(text, p, 1, error), kept = quoted ? text->length : kept;
  }
  while (!status && text->length > kept && emend_ascii_is_blank(text->bytes[text->length - 1]))
    text->bytes[--text->length] = '\0';
  *at = p < end ? p + 1 : end;
  return status;
}

typedef enum placed { PLACED, NOBODY_ANSWERED, TWICE } placed;

/* Gives those answers the step that are the text: exactly, or but for capitals, accents and punctuation. */
static emend_status place_text(const answers *a, const emend_buffer *text, size_t step, unsigned char *place, placed *result,
                               emend_error *error) {
  emend_buffer folded = {0};
  size_t length = emend_trimmed_length(text->bytes, text->length);
  emend_status status = emend_fold(text->bytes, length, &folded, error);
  bool taken = false, found = false, exact = false;
  for (size_t i = 0; i < a->n && !status && !exact; i++)
    if (a->lengths[i] == length && memcmp(a->texts[i], text->bytes, length) == 0) {
      exact = true, taken = place[i] != EMEND_NO_CATEGORY;
      place[i] = taken ? place[i] : (unsigned char)step;
    }
  for (size_t i = 0; i < a->n && !status && !exact; i++)
    if (folded.length > 1 && strcmp(a->folded[i], folded.bytes) == 0) {
      bool first = place[i] == EMEND_NO_CATEGORY;
      place[i] = first ? (unsigned char)step : place[i];
      found = found || first, taken = taken || !first;
    }
  *result = exact ? (taken ? TWICE : PLACED) : found ? PLACED : taken ? TWICE : NOBODY_ANSWERED;
  emend_buffer_free(&folded);
  return status;
}

/* Answers that nobody named, but that are one text but for capitals, accents and punctuation with answers of one step, share it. */
static void place_spellings(const answers *a, unsigned char *place) {
  unsigned char named[EMEND_MOST_CATEGORIES];
  memcpy(named, place, a->n);
  for (size_t i = 0; i < a->n; i++) {
    unsigned char step = EMEND_NO_CATEGORY;
    bool one = true;
    for (size_t k = 0; k < a->n; k++) {
      if (named[k] == EMEND_NO_CATEGORY || strcmp(a->folded[k], a->folded[i]) != 0 || strlen(a->folded[i]) < 2)
        continue;
      one = one && (step == EMEND_NO_CATEGORY || step == named[k]);
      step = named[k];
    }
    if (named[i] == EMEND_NO_CATEGORY && one)
      place[i] = step;
  }
}

/* Among the answers that have no place yet; NULL: none is like it. */
static const char *find_near(const answers *a, const unsigned char *place, const char *text) {
  size_t nearest = 1 + strlen(text) / 3;
  const char *near = NULL;
  for (size_t i = 0; i < a->n; i++) {
    size_t distance = place[i] == EMEND_NO_CATEGORY ? emend_edit_distance(text, a->texts[i]) : SIZE_MAX;
    if (distance < nearest || (distance == nearest && !near))
      nearest = distance, near = a->texts[i];
  }
  return near;
}

static emend_status fail_order(const emend_order_wish *wish, const answers *a, const unsigned char *place, const char *unknown,
                               emend_error *error) {
  const char *left = NULL, *near = unknown ? find_near(a, place, unknown) : NULL;
  for (size_t i = 0; i < a->n && !left; i++)
    left = place[i] == EMEND_NO_CATEGORY ? a->texts[i] : NULL;
  if (!unknown)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: the answer \"%s\" has no place in the order", wish->where, left);
  return emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: nobody answered \"%s\"%s%s%s", wish->where, unknown,
                    near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static emend_status place_next(const emend_order_wish *wish, const answers *a, const emend_buffer *text, unsigned char *place,
                               size_t *n_steps, emend_buffer *unknown, emend_error *error) {
  placed result = PLACED;
  emend_status status = place_text(a, text, *n_steps, place, &result, error);
  if (!status && result == TWICE)
    status = emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: \"%s\" is named twice", wish->where, text->bytes);
  *n_steps += !status && result == PLACED;
  if (!status && result == NOBODY_ANSWERED && !unknown->bytes)
    status = emend_buffer_append(unknown, text->bytes, text->length, error);
  return status;
}

/* A text that nobody answered is an answer misspelt if one is left over; else it is left out. */
static emend_status place_list(const emend_order_wish *wish, const answers *a, unsigned char *place, size_t *n_steps, emend_error *error) {
  const char *at = wish->list, *end = at + wish->length;
  emend_buffer text = {0}, unknown = {0};
  emend_status status = EMEND_OK;
  size_t left = 0, n = 0;
  memset(place, EMEND_NO_CATEGORY, a->n);
  for (*n_steps = 0; at < end && !status;) {
    if (n++ == EMEND_MOST_CATEGORIES)
      status = emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: an order of more than %d texts", wish->where, EMEND_MOST_CATEGORIES);
    if (!status)
      status = next_text(&at, end, &text, error);
    if (!status)
      status = place_next(wish, a, &text, place, n_steps, &unknown, error);
  }
  if (!status)
    place_spellings(a, place);
  for (size_t i = 0; i < a->n; i++)
    left += place[i] == EMEND_NO_CATEGORY;
  if (!status && left > 0)
    status = fail_order(wish, a, place, unknown.bytes, error);
  emend_buffer_free(&text), emend_buffer_free(&unknown);
  return status;
}

static emend_status place_as_wished(const emend_dataset *dataset, const emend_order_wish *wish, const emend_categories *c,
                                    unsigned char *place, size_t *n_steps, emend_error *error) {
  answers *a;
  emend_status status = answers_new(dataset, c, &a, error);
  if (!status && has_bar(a))
    status = emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: a text with a | in it has no place in an order", wish->where);
  if (!status)
    status = place_list(wish, a, place, n_steps, error);
  answers_free(a);
  return status;
}

emend_status emend_steps_arrange(const emend_dataset *dataset, size_t variable, const emend_order_wish *wish, size_t fewest,
                                 emend_planned *planned, bool *found, emend_error *error) {
  unsigned char place[EMEND_MOST_CATEGORIES];
  emend_categories *c = &planned->categories;
  size_t n_steps = 0;
  emend_status status =
      wish && wish->list ? place_as_wished(dataset, wish, c, place, &n_steps, error) : emend_steps_find(dataset, c, place, &n_steps, error);
  *found = !status && n_steps > 0 && n_steps >= fewest;
  if (status)
    emend_at_variable(error, emend_variable_name(dataset, variable));
  return *found ? emend_categories_arrange(c, emend_dataset_rows(dataset), place, n_steps, error) : status;
}

emend_status emend_steps_observe(emend_planned *planned, emend_weight_kind kind, emend_error *error) {
  emend_categories *c = &planned->categories;
  emend_observed *o = &planned->observed;
  double weight = 0, n = 0, sum = 0, squares = 0;
  free(o->values);
  o->values = emend_allocate(c->n, sizeof *o->values);
  if (!o->values)
    return emend_fail_memory(error);
  memcpy(o->values, c->numbers, c->n * sizeof *o->values);
  o->n_values = o->n_distinct = c->n;
  o->min = o->weighing_min = c->numbers[0], o->max = o->weighing_max = c->numbers[c->n - 1];
  o->integers = true;
  for (size_t i = 0; i < c->n; i++)
    weight += c->weights[i], n += (double)c->counts[i], sum += c->weights[i] * c->numbers[i];
  o->mean = weight > 0 ? sum / weight : NAN;
  for (size_t i = 0; i < c->n; i++)
    squares += c->weights[i] * (c->numbers[i] - o->mean) * (c->numbers[i] - o->mean);
  n = kind == EMEND_FREQUENCY_WEIGHTS ? weight : n;
  o->sd = n > 1 ? sqrt(squares / weight * (n / (n - 1))) : NAN;
  o->skewness = NAN;
  return EMEND_OK;
}

/* Reading what was said. */

typedef struct order_reader {
  const emend_dataset *dataset;
  emend_order_wish *wishes;
  unsigned char *chosen;
  emend_events *events;
  emend_error *error;
} order_reader;

static emend_status choose(order_reader *r, const char *at, size_t length, emend_order_wish wish) {
  size_t n = emend_dataset_variables(r->dataset);
  memset(r->chosen, EMEND_NOT_CHOSEN, n);
  emend_status status = emend_selection_parse(r->dataset, at, length, wish.where, r->chosen, r->events, r->error);
  for (size_t v = 0; v < n && !status; v++)
    if (r->chosen[v] && r->chosen[v] >= r->wishes[v].by)
      wish.by = r->chosen[v], r->wishes[v] = wish;
  return status;
}

/* Clauses `variables=first, second, ...`. */
static emend_status read_list(order_reader *r, const emend_said *said) {
  emend_status status = EMEND_OK;
  for (const char *at = said->value, *end = at + strlen(at); at < end && !status;) {
    const char *clause = at, *clause_end = emend_said_find(at, end, ';'), *equals = emend_said_find(clause, clause_end, '=');
    const char *list = equals < clause_end ? equals + 1 : clause_end;
    at = clause_end < end ? clause_end + 1 : end;
    emend_text_trim(&clause, &equals), emend_text_trim(&list, &clause_end);
    if (clause == equals && list == clause_end)
      continue;
    if (list == clause_end) {
      emend_fail(r->error, EMEND_INVALID_ARGUMENT, "%s: \"%.*s\" lacks an =", said->where, (int)(equals - clause), clause);
      emend_try(r->error, "VARIABLES=Low,Medium,High");
      return EMEND_INVALID_ARGUMENT;
    }
    status = choose(r, clause, (size_t)(equals - clause), (emend_order_wish){list, (size_t)(clause_end - list), said->where, 0});
  }
  return status;
}

emend_status emend_orders_parse(const emend_dataset *dataset, const emend_said_list *said, emend_order_wish **wishes, emend_events *events,
                                emend_error *error) {
  size_t n = emend_dataset_variables(dataset);
  order_reader r = {.dataset = dataset, .events = events, .error = error, .chosen = emend_allocate(n, 1)};
  r.wishes = emend_allocate(n, sizeof *r.wishes);
  emend_status status = r.chosen && r.wishes ? EMEND_OK : emend_fail_memory(error);
  for (size_t i = 0; i < said->n && !status; i++) {
    const emend_said *item = &said->items[i];
    if (item->kind == EMEND_SAID_ORDER)
      status = item->variables ? choose(&r, item->variables, strlen(item->variables),
                                        (emend_order_wish){item->value, strlen(item->value), item->where, 0})
                               : read_list(&r, item);
  }
  free(r.chosen);
  if (status)
    free(r.wishes), r.wishes = NULL;
  *wishes = r.wishes;
  return status;
}
