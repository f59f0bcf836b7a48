/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/events.h"
#include "base/number.h"
#include "base/text.h"
#include "encode/skip_condition.h"

/* Tells of variables that answer one task together: the ranks of a ranking, the parts of a constant sum (100 points to give away). A model
 * of each answer by itself keeps neither, and what keeps a sum does not help a ranking. */

enum { FEWEST_ROWS = 20, MOST_WARNINGS = 8 };

static bool is_number_in_model(const emend_planned *planned) {
  return (planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_PREDICT) && planned->observed.n > 0 &&
         !planned->categories.texts && !planned->observed.infinite_row;
}

static bool answer(const planner *p, size_t v, size_t row, double *value) {
  emend_run cell = emend_dataset_run(p->dataset, v, row);
  *value = *cell.values;
  return *cell.reasons == EMEND_OBSERVED;
}

static bool fills_any(const planner *p, size_t first, size_t n) {
  bool any = false;
  for (size_t v = first; v < first + n; v++)
    any = any || p->plan->variables[v].missing.fill > 0;
  return any;
}

enum { FEWEST_RANKS = 3, MOST_RANKS = 60 };

/* What the variables of a ranking hold: 1 to n, or n texts (items, "1st"), each with the place that it has among them. */
typedef struct ranking {
  size_t first, n, n_texts;
  const char *texts[MOST_RANKS];
  unsigned char place[MOST_RANKS][MOST_RANKS]; /* per variable and category, from 1 */
} ranking;

static bool is_rank(const planner *p, size_t v, bool text) {
  const emend_planned *planned = &p->plan->variables[v];
  bool in_model = planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_PREDICT;
  if (text)
    return in_model && planned->categories.texts && planned->categories.n <= MOST_RANKS;
  return is_number_in_model(planned) && planned->observed.integers && planned->observed.min >= 1 && planned->observed.max <= MOST_RANKS;
}

/* Takes the texts of one more variable; false: too many for a ranking. */
static bool add_texts(const planner *p, ranking *r) {
  const emend_categories *c = &p->plan->variables[r->first + r->n].categories;
  for (size_t i = 0; i < c->n; i++) {
    const char *text = emend_dataset_text(p->dataset, c->texts[i]);
    size_t at = 0;
    while (at < r->n_texts && !emend_dataset_same_text(r->texts[at], text))
      at++;
    if (at == MOST_RANKS)
      return false;
    if (at == r->n_texts)
      r->texts[r->n_texts++] = text;
    r->place[r->n][i] = (unsigned char)(at + 1);
  }
  return true;
}

/* Its place from 1; 0: no answer. */
static size_t rank_of(const planner *p, const ranking *r, size_t k, size_t row) {
  const emend_categories *c = &p->plan->variables[r->first + k].categories;
  emend_run cell = emend_dataset_run(p->dataset, r->first + k, row);
  if (*cell.reasons != EMEND_OBSERVED)
    return 0;
  if (r->n_texts == 0)
    return (size_t)*cell.values;
  size_t category = emend_categories_of_cell(c, row, *cell.reasons, *cell.values);
  return category < c->n ? r->place[k][category] : 0;
}

/* True if each row that has all of the variables has each of the places 1 to n once, and enough rows do. */
static bool are_permutations(const planner *p, const ranking *r) {
  size_t rows = 0;
  for (size_t row = 0; row < emend_dataset_rows(p->dataset); row++) {
    uint64_t seen = 0;
    size_t k = 0, rank = 0;
    for (; k < r->n && (rank = rank_of(p, r, k, row)) > 0; k++)
      seen |= (uint64_t)1 << rank;
    if (k == r->n && seen != ((uint64_t)1 << (r->n + 1)) - 2)
      return false;
    rows += k == r->n;
  }
  return rows >= FEWEST_ROWS;
}

/* The variables from `first` on that are one ranking; n 0: none. */
static void find_ranking(const planner *p, size_t first, ranking *r) {
  bool text = p->plan->variables[first].categories.texts != NULL;
  double most = 0;
  r->first = first, r->n_texts = 0;
  for (r->n = 0; r->n < MOST_RANKS && first + r->n < p->plan->n_variables && is_rank(p, first + r->n, text);) {
    if (text && !add_texts(p, r))
      break;
    most = text ? (double)r->n_texts : fmax(most, p->plan->variables[first + r->n].observed.max);
    r->n++;
    if (r->n >= FEWEST_RANKS && most == (double)r->n && are_permutations(p, r))
      return;
  }
  r->n = 0;
}

/* Dummies of one question add up to 1, and are told as such elsewhere. */
static bool may_be_part(const planner *p, size_t v) {
  enum { FEWEST_VALUES = 3 };
  const emend_planned *planned = &p->plan->variables[v];
  bool number = planned->type == EMEND_TYPE_CONTINUOUS || planned->type == EMEND_TYPE_INTEGER || planned->type == EMEND_TYPE_ORDINAL;
  return number && is_number_in_model(planned) && !planned->related && !planned->observed.labelled && planned->observed.min >= 0 &&
         (!planned->observed.integers || planned->observed.n_distinct >= FEWEST_VALUES) && planned->observed.min < planned->observed.max &&
         !emend_rules_of(&p->plan->rules, v);
}

/* True if enough rows have all of the variables, and all of them the same sum. Most sets fail at the second row. */
static bool is_constant_sum(const planner *p, size_t first, size_t n, double *constant) {
  size_t rows = 0;
  for (size_t row = 0; row < emend_dataset_rows(p->dataset); row++) {
    double sum = 0, part = 0;
    size_t k = 0;
    for (; k < n && answer(p, first + k, row, &part); k++)
      sum += part;
    if (k < n)
      continue;
    if (rows++ == 0)
      *constant = sum;
    else if (fabs(sum - *constant) > 1e-9 * fmax(1, fabs(*constant)))
      return false;
  }
  return rows >= FEWEST_ROWS && *constant > 0;
}

/* The least set of neighbours in the file from `first` on; 0: none. */
static size_t sum_at(const planner *p, size_t first, double *constant) {
  enum { FEWEST = 2, MOST = 24 };
  for (size_t n = 1; n <= MOST && first + n <= p->plan->n_variables && may_be_part(p, first + n - 1); n++)
    if (n >= FEWEST && is_constant_sum(p, first, n, constant)) {
      *constant = round(*constant * 1e9) / 1e9;
      return n;
    }
  return 0;
}

static void set_related(const planner *p, size_t first, size_t n) {
  for (size_t v = first; v < first + n; v++)
    p->plan->variables[v].related = true;
}

static emend_status add_name(const planner *p, emend_buffer *text, const char *before, size_t v) {
  emend_status status = emend_buffer_format(text, p->error, "%s", before);
  return status ? status : skip_name_print(p->plan, v, text, p->error);
}

static emend_status warn_of_ranking(const planner *p, const ranking *r) {
  emend_buffer range = {0};
  emend_status status = add_name(p, &range, "", r->first);
  if (!status)
    status = add_name(p, &range, "-", r->first + r->n - 1);
  if (!status)
    emend_warn(p->events,
               "%s are a ranking (%s, each once in every complete row): what is filled may come twice in a row, or not at all; to leave "
               "incomplete rankings as they are, --exclude '%s'",
               range.bytes, r->n_texts > 0 ? "the same texts" : "1 to their number", range.bytes);
  emend_buffer_free(&range);
  return status;
}

/* The formula is of the part that is missing most often: then it is seldom known while others are not. */
static emend_status warn_of_sum(const planner *p, size_t first, size_t n, double constant) {
  emend_buffer names = {0}, formula = {0};
  size_t last = first + n - 1;
  char number[EMEND_NUMBER_SIZE];
  emend_number_print(constant, '.', number);
  for (size_t v = first; v < first + n; v++)
    last = p->plan->variables[v].missing.fill > p->plan->variables[last].missing.fill ? v : last;
  emend_status status = add_name(p, &formula, "", last);
  if (!status)
    status = emend_buffer_format(&formula, p->error, " = %s", number);
  for (size_t v = first; v < first + n && !status; v++) {
    status = add_name(p, &names, v == first ? "" : v + 1 == first + n ? " and " : ", ", v);
    if (!status && v != last)
      status = add_name(p, &formula, " - ", v);
  }
  if (!status)
    emend_warn(p->events, "%s add up to %s in every complete row; parts that are filled do so only with --formula '%s'", names.bytes,
               number, formula.bytes);
  emend_buffer_free(&names), emend_buffer_free(&formula);
  return status;
}

emend_status planner_tell_sets(const planner *p) {
  emend_status status = EMEND_OK;
  size_t n_warnings = 0, n;
  double constant;
  ranking r;
  for (size_t v = 0; v < p->plan->n_variables && !status; v += r.n > 0 ? r.n : 1) {
    find_ranking(p, v, &r);
    set_related(p, v, r.n);
    if (fills_any(p, v, r.n) && n_warnings++ < MOST_WARNINGS)
      status = warn_of_ranking(p, &r);
  }
  for (size_t v = 0; v < p->plan->n_variables && !status; v += n > 0 ? n : 1) {
    n = sum_at(p, v, &constant);
    set_related(p, v, n);
    if (fills_any(p, v, n) && n_warnings++ < MOST_WARNINGS)
      status = warn_of_sum(p, v, n, constant);
  }
  return status;
}
