/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "encode/said.h"
#include "encode/selection.h"
#include "encode/weighted_sample.h"
#include "io/csv_date.h"

static emend_status read_transform(const char *at, size_t length, const char *where, emend_shape_wish *wish, emend_error *error) {
  wish->choose = emend_ascii_equal_n(at, length, "auto", 4);
  wish->transform = EMEND_TRANSFORM_NONE;
  if (wish->choose)
    return EMEND_OK;
  for (int kind = EMEND_TRANSFORM_NONE; kind <= EMEND_TRANSFORM_NORMAL_SCORES; kind++) {
    const char *word = emend_transform_word((emend_transform_kind)kind);
    if (emend_ascii_equal_n(at, length, word, strlen(word))) {
      wish->transform = (emend_transform_kind)kind;
      return EMEND_OK;
    }
  }
  emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: \"%.*s\" is no transform", where, (int)length, at);
  emend_try(error, "log, log1p, sqrt, logit, yeo-johnson, normal-scores, auto or none");
  return EMEND_INVALID_ARGUMENT;
}

/* A number, nothing, or a day, which `day` then holds: what number that is, depends on the variable. */
static bool read_end(const char *at, const char *end, double *number, emend_shape_day *day) {
  size_t length = (size_t)(end - at);
  bool is_day = emend_csv_is_day(at, length);
  *day = is_day ? (emend_shape_day){at, length} : (emend_shape_day){0};
  return length == 0 || is_day || emend_number_parse(at, length, '.', number);
}

static emend_status read_bounds(const char *at, size_t length, const char *where, emend_shape_wish *wish, emend_error *error) {
  const char *end = at + length, *colon = emend_said_find(at, end, ':');
  wish->observed_bounds = emend_ascii_equal_n(at, length, "observed", 8);
  wish->bounded = true;
  wish->lo = -HUGE_VAL, wish->hi = HUGE_VAL;
  if (wish->observed_bounds)
    return EMEND_OK;
  const char *lo_end = colon, *hi = colon < end ? colon + 1 : end;
  emend_text_trim(&at, &lo_end), emend_text_trim(&hi, &end);
  bool right = colon < at + length && read_end(at, lo_end, &wish->lo, &wish->first) && read_end(hi, end, &wish->hi, &wish->last) &&
               wish->lo < wish->hi;
  if (right)
    return EMEND_OK;
  emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: \"%.*s\" are no bounds", where, (int)length, at);
  emend_try(error, "LO:HI, LO:, :HI or observed, with numbers or days such as 2007-11-11");
  return EMEND_INVALID_ARGUMENT;
}

/* Takes over the part of a wish that one list is about. */
static void merge(emend_shape_wish *to, const emend_shape_wish *from, int part, unsigned char by) {
  if (by < to->by[part] || by == EMEND_NOT_CHOSEN)
    return;
  to->by[part] = by;
  to->where[part] = from->where[part];
  if (part == EMEND_SHAPE_TRANSFORM)
    to->transform = from->transform, to->choose = from->choose;
  else if (part == EMEND_SHAPE_BOUNDS)
    to->bounded = true, to->observed_bounds = from->observed_bounds, to->lo = from->lo, to->hi = from->hi, to->first = from->first,
    to->last = from->last;
  else
    to->spiked = true;
}

typedef struct shape_reader {
  const emend_dataset *dataset;
  emend_shape_wish *wishes;
  unsigned char *chosen;
  emend_events *events;
  emend_error *error;
} shape_reader;

static emend_status choose(shape_reader *r, const char *at, size_t length, int part, const emend_shape_wish *wish) {
  size_t n = emend_dataset_variables(r->dataset);
  memset(r->chosen, EMEND_NOT_CHOSEN, n);
  emend_status status = emend_selection_parse(r->dataset, at, length, wish->where[part], r->chosen, r->events, r->error);
  for (size_t v = 0; v < n && !status; v++)
    merge(&r->wishes[v], wish, part, r->chosen[v]);
  return status;
}

static emend_status read_value(shape_reader *r, const char *value, size_t length, const char *where, int part, emend_shape_wish *wish) {
  *wish = (emend_shape_wish){0};
  wish->where[part] = where;
  return part == EMEND_SHAPE_TRANSFORM ? read_transform(value, length, where, wish, r->error)
                                       : read_bounds(value, length, where, wish, r->error);
}

static bool is_for_all(const char *at, size_t length) {
  return emend_ascii_equal_n(at, length, "none", 4) || emend_ascii_equal_n(at, length, "auto", 4);
}

/* Clauses `variables=value`; "none" or "auto" alone is said of all. */
static emend_status read_list(shape_reader *r, const char *list, const char *where, int part) {
  emend_status status = EMEND_OK;
  for (const char *at = list, *end = list + strlen(list); at < end && !status;) {
    const char *clause = at, *clause_end = emend_said_find(at, end, ';'), *equals = emend_said_find(clause, clause_end, '=');
    at = clause_end < end ? clause_end + 1 : end;
    const char *value = equals < clause_end ? equals + 1 : clause_end;
    emend_text_trim(&clause, &equals), emend_text_trim(&value, &clause_end);
    if (clause == equals && value == clause_end)
      continue;
    if (value == clause_end && part == EMEND_SHAPE_TRANSFORM && is_for_all(clause, (size_t)(equals - clause)))
      value = clause, clause_end = equals, clause = "*", equals = clause + 1;
    if (value == clause_end) {
      status = emend_fail(r->error, EMEND_INVALID_ARGUMENT, "%s: \"%.*s\" lacks an =", where, (int)(equals - clause), clause);
      emend_try(r->error, part == EMEND_SHAPE_TRANSFORM ? "VARIABLES=log" : "VARIABLES=0:100");
      break;
    }
    emend_shape_wish wish;
    status = read_value(r, value, (size_t)(clause_end - value), where, part, &wish);
    if (!status)
      status = choose(r, clause, (size_t)(equals - clause), part, &wish);
  }
  return status;
}

static emend_status read_said(shape_reader *r, const emend_said *said, int part) {
  if (!said->variables)
    return read_list(r, said->value, said->where, part);
  emend_shape_wish wish;
  const char *value = said->value, *end = value + strlen(value);
  emend_text_trim(&value, &end);
  emend_status status = read_value(r, value, (size_t)(end - value), said->where, part, &wish);
  return status ? status : choose(r, said->variables, strlen(said->variables), part, &wish);
}

emend_status emend_shapes_parse(const emend_dataset *dataset, const emend_said_list *said, const char *spikes, emend_shape_wish **wishes,
                                emend_events *events, emend_error *error) {
  size_t n = emend_dataset_variables(dataset);
  shape_reader r = {.dataset = dataset, .events = events, .error = error, .chosen = emend_allocate(n, 1)};
  r.wishes = emend_allocate(n, sizeof *r.wishes);
  emend_status status = r.chosen && r.wishes ? EMEND_OK : emend_fail_memory(error);
  for (size_t i = 0; i < said->n && !status; i++)
    if (said->items[i].kind == EMEND_SAID_TRANSFORM || said->items[i].kind == EMEND_SAID_BOUNDS)
      status = read_said(&r, &said->items[i], said->items[i].kind == EMEND_SAID_TRANSFORM ? EMEND_SHAPE_TRANSFORM : EMEND_SHAPE_BOUNDS);
  if (!status && spikes && strcmp(spikes, EMEND_NO_SPIKES) != 0)
    status = choose(&r, spikes, strlen(spikes), EMEND_SHAPE_SPIKE,
                    &(emend_shape_wish){.spiked = true, .where[EMEND_SHAPE_SPIKE] = "--semicontinuous"});
  free(r.chosen);
  if (status)
    free(r.wishes), r.wishes = NULL;
  *wishes = r.wishes;
  return status;
}

/* Deciding. */

static emend_status refuse(const emend_dataset *dataset, size_t variable, const char *where, const char *why, emend_error *error) {
  emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: %s", where, why);
  emend_at_variable(error, emend_variable_name(dataset, variable));
  return EMEND_INVALID_ARGUMENT;
}

/* The most frequent value, and how often it comes. */
static size_t find_spike(const emend_weighted_sample *s, double *spike) {
  size_t most = 0;
  double weight;
  for (size_t first = 0, next; first < s->n; first = next) {
    next = emend_weighted_sample_next(s, first, &weight);
    if (next - first > most)
      most = next - first, *spike = s->values[first].value;
  }
  return most;
}

static emend_status decide_spike(const emend_dataset *dataset, size_t variable, emend_planned *planned, emend_error *error) {
  enum { FEWEST = 5 };
  emend_weighted_sample s;
  emend_status status = emend_weighted_sample_take(dataset, variable, NULL, NAN, SIZE_MAX, &s, error);
  if (status)
    return status;
  emend_weighted_sample_sort(&s);
  size_t most = find_spike(&s, &planned->spike);
  planned->spiked = most >= FEWEST && s.n - most >= FEWEST;
  emend_weighted_sample_free(&s);
  return planned->spiked ? EMEND_OK
                         : refuse(dataset, variable, "--semicontinuous", "no value comes often enough, or no other one", error);
}

static emend_status decide_bounds(const emend_dataset *dataset, size_t variable, const emend_shape_wish *wish, emend_planned *planned,
                                  emend_error *error) {
  planned->lo = wish->observed_bounds ? planned->observed.min : wish->lo;
  planned->hi = wish->observed_bounds ? planned->observed.max : wish->hi;
  if ((wish->first.text && !emend_variable_read_day(dataset, variable, wish->first.text, wish->first.length, false, &planned->lo)) ||
      (wish->last.text && !emend_variable_read_day(dataset, variable, wish->last.text, wish->last.length, true, &planned->hi)))
    return refuse(dataset, variable, wish->where[EMEND_SHAPE_BOUNDS], "the bounds are days, but the variable does not hold days", error);
  planned->bounded = planned->observed.min >= planned->lo && planned->observed.max <= planned->hi;
  if (planned->bounded)
    return EMEND_OK;
  refuse(dataset, variable, wish->where[EMEND_SHAPE_BOUNDS], "an observed value lies outside", error);
  emend_try(error, "wider bounds, or --missing if the value means missing");
  return EMEND_INVALID_ARGUMENT;
}

static emend_status decide_transform(const emend_dataset *dataset, size_t variable, const double *weights, const emend_shape_wish *wish,
                                     emend_planned *planned, emend_error *error) {
  emend_weighted_sample s;
  emend_status status =
      emend_weighted_sample_take(dataset, variable, weights, planned->spiked ? planned->spike : NAN, SIZE_MAX, &s, error);
  if (status)
    return status;
  bool finite = planned->bounded && isfinite(planned->lo) && isfinite(planned->hi);
  emend_transform *t = &planned->transform;
  *t = (emend_transform){.kind = wish->transform, .lo = finite ? planned->lo : 0, .hi = finite ? planned->hi : 1};
  const char *why_not = wish->choose ? NULL : emend_transform_objection(t, s.min, s.max);
  if (why_not)
    status = refuse(dataset, variable, wish->where[EMEND_SHAPE_TRANSFORM], why_not, error);
  else if (wish->choose)
    status = emend_transform_choose(t, &s, error);
  else
    status = emend_transform_fit(t, &s, error);
  emend_weighted_sample_free(&s);
  if (status)
    emend_transform_free(t), emend_at_variable(error, emend_variable_name(dataset, variable));
  return status;
}

static emend_status decide_part(const emend_dataset *dataset, size_t variable, const double *weights, const emend_shape_wish *wish,
                                int part, emend_planned *planned, emend_error *error) {
  bool number = planned->type == EMEND_TYPE_CONTINUOUS || planned->type == EMEND_TYPE_INTEGER;
  bool fits = number || (part == EMEND_SHAPE_BOUNDS && planned->type == EMEND_TYPE_DATE);
  if (planned->observed.n == 0)
    return EMEND_OK;
  if (!fits)
    return refuse(dataset, variable, wish->where[part], "only continuous and integer variables have a transform, bounds or a spike", error);
  return part == EMEND_SHAPE_SPIKE    ? decide_spike(dataset, variable, planned, error)
         : part == EMEND_SHAPE_BOUNDS ? decide_bounds(dataset, variable, wish, planned, error)
                          : decide_transform(dataset, variable, weights, wish, planned, error);
}

emend_status emend_shape_decide(const emend_dataset *dataset, size_t variable, const double *weights, const emend_shape_wish *wish,
                                emend_planned *planned, emend_error *error) {
  static const int order[] = {EMEND_SHAPE_SPIKE, EMEND_SHAPE_BOUNDS, EMEND_SHAPE_TRANSFORM};
  for (int i = 0; i < 3; i++) {
    unsigned char by = wish->by[order[i]];
    if (by == EMEND_NOT_CHOSEN)
      continue;
    emend_status status = decide_part(dataset, variable, weights, wish, order[i], planned, by == EMEND_CHOSEN_BY_NAME ? error : NULL);
    if (status && (by == EMEND_CHOSEN_BY_NAME || status == EMEND_OUT_OF_MEMORY))
      return status;
  }
  return EMEND_OK;
}

emend_status emend_shape_choose(const emend_dataset *dataset, size_t variable, const double *weights, emend_planned *planned,
                                emend_error *error) {
  return decide_transform(dataset, variable, weights, &(emend_shape_wish){.choose = true}, planned, error);
}
