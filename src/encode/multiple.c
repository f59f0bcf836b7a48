/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/multiple.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "encode/mentions.h"

const char *emend_multiple_why(emend_multiple kind) {
  static const char *const why[] = {
      [EMEND_MULTIPLE_NOT] = "",
      [EMEND_MULTIPLE_BOX] = "multiple-response set: a blank means not mentioned, and is filled only if named in --targets",
      [EMEND_MULTIPLE_SERIES] = "one value, like its neighbours: a blank may mean not mentioned; filled if named in --vars or --targets",
      [EMEND_MULTIPLE_MENTION] = "multiple-response set: a blank means no further mention, and is filled only if named in --targets",
      [EMEND_MULTIPLE_MENTIONS] =
          "mentions from one list, none behind a blank: it means no further mention; filled if named in --vars or --targets"};
  return why[kind];
}

bool emend_multiple_is_guess(emend_multiple kind) { return kind == EMEND_MULTIPLE_SERIES || kind == EMEND_MULTIPLE_MENTIONS; }

/* Whether every answer is the counted one. */
static bool holds_only(const emend_plan *plan, size_t v, const char *counted) {
  const emend_planned *planned = &plan->variables[v];
  size_t length = emend_trimmed_length(counted, strlen(counted));
  double number;
  if (emend_variable_get_kind(plan->dataset, v) != EMEND_TEXT)
    return planned->observed.n > 0 && planned->observed.min == planned->observed.max && emend_number_parse(counted, length, '.', &number) &&
           number == planned->observed.min;
  if (planned->categories.n != 1 || !planned->categories.texts)
    return false;
  const char *text = emend_dataset_text(plan->dataset, planned->categories.texts[0]);
  return emend_trimmed_length(text, strlen(text)) == length && strncmp(text, counted, length) == 0;
}

static void find_declared(const emend_plan *plan, unsigned char *kinds) {
  for (size_t s = 0; s < emend_dataset_variable_sets(plan->dataset); s++) {
    emend_variable_set_facts set = emend_variable_set_get(plan->dataset, s);
    for (size_t i = 0; i < set.n_variables; i++) {
      size_t v = emend_variable_set_variable(plan->dataset, s, i);
      if (set.kind == EMEND_SET_CATEGORIES)
        kinds[v] = EMEND_MULTIPLE_MENTION;
      else if (set.kind == EMEND_SET_DICHOTOMIES && kinds[v] == EMEND_MULTIPLE_NOT && holds_only(plan, v, set.counted))
        kinds[v] = EMEND_MULTIPLE_BOX;
    }
  }
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* What q5_1 and q5_2, media_tv and media_web, q51 and q52, or q5a and q5b have in common; 0: nothing that one could tell. */
static size_t stem_length(const char *name) {
  size_t length = strlen(name), n = length;
  for (size_t i = length; i-- > 1;)
    if ((name[i] == '_' || name[i] == '.') && i + 1 < length)
      return i;
  while (n > 0 && is_digit(name[n - 1]))
    n--;
  if (n < length)
    return n;
  return length > 2 && is_digit(name[length - 2]) ? length - 1 : 0;
}

static bool holds_one_value(const emend_plan *plan, size_t v) {
  const emend_observed *observed = &plan->variables[v].observed;
  return emend_variable_get_kind(plan->dataset, v) == EMEND_NUMERIC && observed->n > 0 && observed->min == observed->max &&
         !observed->infinite_row;
}

static bool are_named_alike(const emend_plan *plan, size_t a, size_t b) {
  const char *name = emend_variable_name(plan->dataset, a), *other = emend_variable_name(plan->dataset, b);
  size_t stem = stem_length(name);
  return stem > 0 && stem == stem_length(other) && emend_ascii_equal_n(name, stem, other, stem);
}

static bool are_alike(const emend_plan *plan, size_t a, size_t b) {
  return are_named_alike(plan, a, b) && holds_one_value(plan, a) && holds_one_value(plan, b);
}

/* Another of the series has the value beside a second one: then each answer was given, yes and no, and "no" by all is one. */
static bool is_answer_of_other(const emend_plan *plan, size_t v, size_t other) {
  const emend_observed *o = &plan->variables[other].observed;
  double value = plan->variables[v].observed.min;
  return emend_variable_get_kind(plan->dataset, other) == EMEND_NUMERIC && o->n > 0 && o->min < o->max &&
         (value == o->min || value == o->max);
}

/* Neighbours with one stem, and one of them that holds several values; `end` if none does. */
typedef struct series {
  size_t first, end, various;
} series;

static series find_series(const emend_plan *plan, size_t first) {
  series s = {first, first + 1, 0};
  while (s.end < plan->n_variables && are_named_alike(plan, s.end - 1, s.end))
    s.end++;
  for (s.various = first; s.various < s.end && holds_one_value(plan, s.various);)
    s.various++;
  return s;
}

static bool is_answer_beside(const emend_plan *plan, const series *s, size_t v) {
  bool is = false;
  for (size_t i = s->various; i < s->end && !is; i++)
    is = is_answer_of_other(plan, v, i);
  return is;
}

void emend_multiple_find(const emend_plan *plan, unsigned char *kinds) {
  series s = {0};
  find_declared(plan, kinds);
  for (size_t v = 0; v < plan->n_variables; v++) {
    if (v >= s.end)
      s = find_series(plan, v);
    bool alike = (v > 0 && are_alike(plan, v - 1, v)) || (v + 1 < plan->n_variables && are_alike(plan, v, v + 1));
    if (kinds[v] == EMEND_MULTIPLE_NOT && alike && !is_answer_beside(plan, &s, v))
      kinds[v] = EMEND_MULTIPLE_SERIES;
  }
  emend_mentions_find(plan, kinds, EMEND_MULTIPLE_MENTIONS);
}
