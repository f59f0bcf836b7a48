/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/events.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/sort.h"
#include "base/text.h"
#include "encode/skip_condition.h"

/* Tells of variables that answer one task together: the ranks of a ranking, the parts of a constant sum (100 points to give away). A model
 * of each answer by itself keeps neither, and what keeps a sum does not help a ranking. */

enum { FEWEST_ROWS = 20, MOST_WARNINGS = 8, FEWEST_RANKS = 3, MOST_RANKS = 60, FEWEST_PARTS = 2, MOST_PARTS = 24 };

/* Neighbours in the file that make up one task. Of texts, each has a place among those of the set. */
typedef struct set {
  size_t first, n, n_texts; /* n 0: none */
  bool ranking;             /* every complete row holds the same answers, in an order of its own */
  double constant;          /* what they add up to */
  const char *texts[MOST_RANKS];
  unsigned char place[MOST_RANKS][EMEND_MOST_CATEGORIES]; /* per variable and category, from 1 */
} set;

typedef struct search {
  const planner *p;
  size_t words;
  uint64_t **seen; /* per variable, made when first needed and let go behind the search: rows in which it is answered */
  set set;
  size_t n_told, n_untold;
  emend_buffer untold; /* names of sets for which there is no warning of their own */
} search;

static bool is_number_in_model(const emend_planned *planned) {
  return emend_planned_takes_part(planned) && planned->observed.n > 0 &&
         !planned->categories.texts && !planned->observed.infinite_row;
}

static emend_status see(search *s, size_t v) {
  if (s->seen[v])
    return EMEND_OK;
  emend_run run;
  uint64_t *bits = s->seen[v] = emend_allocate(s->words, sizeof *bits);
  if (!bits)
    return emend_fail_memory(s->p->error);
  for (size_t row = 0; row < emend_dataset_rows(s->p->dataset); row += run.n) {
    run = emend_dataset_run(s->p->dataset, v, row);
    for (size_t i = 0; i < run.n; i++)
      bits[(row + i) / 64] |= (uint64_t)(run.reasons[i] == EMEND_OBSERVED) << (row + i) % 64;
  }
  return EMEND_OK;
}

/* The first row from `row` on that has all variables of the set; the number of rows if there is none. */
static size_t next_complete(const search *s, size_t row) {
  size_t rows = emend_dataset_rows(s->p->dataset);
  uint64_t mask = ~(uint64_t)0 << row % 64;
  for (size_t w = row / 64; w < s->words; w++, mask = ~(uint64_t)0) {
    uint64_t all = mask;
    for (size_t k = 0; k < s->set.n && all; k++)
      all &= s->seen[s->set.first + k][w];
    if (all)
      return w * 64 + emend_bits_count((all & -all) - 1);
  }
  return rows;
}

/* Of a row that has it: the number, or the place of the text. */
static double answer(const search *s, size_t k, size_t row) {
  emend_run cell = emend_dataset_run(s->p->dataset, s->set.first + k, row);
  if (s->set.n_texts == 0)
    return *cell.values;
  size_t category = emend_categories_of_cell(&s->p->plan->variables[s->set.first + k].categories, row, *cell.reasons, *cell.values);
  return category < EMEND_MOST_CATEGORIES ? s->set.place[k][category] : 0;
}

static double sum_of(const search *s, size_t row) {
  double sum = 0;
  for (size_t k = 0; k < s->set.n; k++)
    sum += answer(s, k, row);
  return sum;
}

static void sorted_answers(const search *s, size_t row, double *answers) {
  for (size_t k = 0; k < s->set.n; k++)
    answers[k] = answer(s, k, row);
  qsort(answers, s->set.n, sizeof *answers, emend_compare_numbers);
}

/* Ranks, and perhaps one code for what was not ranked: two answers at least besides the one that comes most often. One thing chosen of
 * several is no ranking. */
static bool ranks(const double *answers, size_t n) {
  size_t distinct = 0, longest = 0, length = 0;
  for (size_t k = 0; k < n; k++) {
    length = k > 0 && answers[k] == answers[k - 1] ? length + 1 : 1;
    distinct += length == 1;
    longest = length > longest ? length : longest;
  }
  return distinct >= 3 && distinct + longest - 1 == n;
}

/* Whether rows that have the whole set, `a` and `b` the first of them, all add up to the same; of a ranking, of the same answers. */
static bool fits(search *s, bool ranking, size_t a, size_t b) {
  size_t n_rows = 1, rows = emend_dataset_rows(s->p->dataset), size = s->set.n * sizeof(double);
  double first[MOST_RANKS], other[MOST_RANKS];
  s->set.constant = sum_of(s, a);
  if (!emend_number_is_close(sum_of(s, b), s->set.constant))
    return false;
  sorted_answers(s, a, first);
  if (ranking && !ranks(first, s->set.n))
    return false;
  for (size_t row = b; row < rows; row = next_complete(s, row + 1), n_rows++) {
    if (!emend_number_is_close(sum_of(s, row), s->set.constant))
      return false;
    sorted_answers(s, row, other);
    if (ranking && memcmp(first, other, size) != 0)
      return false;
  }
  s->set.constant = round(s->set.constant * 1e9) / 1e9;
  return n_rows >= FEWEST_ROWS && (ranking || s->set.constant > 0);
}

static bool may_be_rank(const planner *p, size_t v, bool text) {
  const emend_planned *planned = &p->plan->variables[v];
  bool in_model = emend_planned_takes_part(planned);
  if (emend_rules_of(&p->plan->rules, v) && emend_ruled_formula(&p->plan->rules, emend_rules_of(&p->plan->rules, v)))
    return false;
  if (text)
    return in_model && planned->categories.texts && planned->categories.n <= MOST_RANKS;
  return is_number_in_model(planned) && planned->observed.integers && planned->observed.min < planned->observed.max;
}

/* Dummies of one question add up to 1, and are told as such elsewhere. */
static bool may_be_part(const planner *p, size_t v) {
  enum { FEWEST_VALUES = 3 };
  const emend_planned *planned = &p->plan->variables[v];
  bool number = planned->type == EMEND_TYPE_CONTINUOUS || planned->type == EMEND_TYPE_INTEGER || planned->type == EMEND_TYPE_ORDINAL;
  return number && is_number_in_model(planned) && !planned->set && !planned->observed.labelled && planned->observed.min >= 0 &&
         (!planned->observed.integers || planned->observed.n_distinct >= FEWEST_VALUES) && planned->observed.min < planned->observed.max &&
         !emend_rules_of(&p->plan->rules, v);
}

/* Takes the texts of one more variable; false: too many for a ranking. */
static bool add_texts(const planner *p, set *r) {
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

/* The least set of neighbours from `first` on. The first two rows that have all of it rule out nearly all. */
static emend_status find_set(search *s, size_t first, bool ranking) {
  const planner *p = s->p;
  set *r = &s->set;
  bool text = p->plan->variables[first].categories.texts != NULL;
  size_t rows = emend_dataset_rows(p->dataset), a = 0, b = 0, v;
  r->first = first, r->n = r->n_texts = 0, r->ranking = ranking;
  while (r->n < (ranking ? MOST_RANKS : MOST_PARTS) && (v = first + r->n) < p->plan->n_variables &&
         (ranking ? may_be_rank(p, v, text) && (!text || add_texts(p, r)) : may_be_part(p, v))) {
    emend_status status = see(s, v);
    if (status)
      return status;
    r->n++;
    a = next_complete(s, a);
    b = a < rows ? next_complete(s, b > a ? b : a + 1) : rows;
    if (b == rows)
      break;
    if (r->n >= (ranking ? FEWEST_RANKS : FEWEST_PARTS) && fits(s, ranking, a, b))
      return EMEND_OK;
  }
  r->n = 0;
  return EMEND_OK;
}

static emend_status add_name(const planner *p, emend_buffer *text, const char *before, size_t v) {
  emend_status status = emend_buffer_format(text, p->error, "%s", before);
  return status ? status : skip_name_print(p->plan, v, text, p->error);
}

static emend_status add_range(const search *s, const char *before, emend_buffer *text) {
  emend_status status = add_name(s->p, text, before, s->set.first);
  return status ? status : add_name(s->p, text, "-", s->set.first + s->set.n - 1);
}

/* "d = 100 - a - b - c", of the part that is missing most often: then it is seldom known while others are not. */
static emend_status add_formula(const search *s, emend_buffer *formula) {
  const planner *p = s->p;
  const set *r = &s->set;
  size_t last = r->first + r->n - 1;
  char number[EMEND_NUMBER_SIZE];
  emend_number_print(r->constant, '.', number);
  for (size_t v = r->first; v < r->first + r->n; v++)
    last = p->plan->variables[v].missing.fill > p->plan->variables[last].missing.fill ? v : last;
  emend_status status = add_name(p, formula, "", last);
  if (!status)
    status = emend_buffer_format(formula, p->error, " = %s", number);
  for (size_t v = r->first; v < r->first + r->n && !status; v++)
    if (v != last)
      status = add_name(p, formula, " - ", v);
  return status;
}

/* Of the rows that are not complete: how many lack one answer, and how many lack more. */
static void count_lacks(const search *s, size_t *one, size_t *more) {
  const set *r = &s->set;
  *one = *more = 0;
  for (size_t row = 0; row < emend_dataset_rows(s->p->dataset); row++) {
    size_t lacks = 0;
    for (size_t k = 0; k < r->n && lacks < 2; k++)
      lacks += !(s->seen[r->first + k][row / 64] >> row % 64 & 1);
    *one += lacks == 1, *more += lacks > 1;
  }
}

/* "rank_5 = 15 - rank_1 - ...": where one rank is missing only one answer is possible. No help where most rows lack more. */
static emend_status add_remedy(const search *s, emend_buffer *text) {
  size_t one, more;
  emend_error *error = s->p->error;
  count_lacks(s, &one, &more);
  if (s->set.n_texts > 0 || one == 0 || one <= more)
    return EMEND_OK;
  emend_status status =
      emend_buffer_format(text, error, "; the %zu row%s where just one is missing get%s the only one possible with --formula '", one,
                          one == 1 ? "" : "s", one == 1 ? "s" : "");
  if (!status)
    status = add_formula(s, text);
  if (!status)
    status = emend_buffer_format(text, error, "'");
  if (!status && more > 0)
    status = emend_buffer_format(text, error, ", which in the %zu that lack%s more may give a rank twice, or what is none", more,
                                 more == 1 ? "s" : "");
  return status;
}

static emend_status warn_of_ranking(const search *s) {
  emend_buffer range = {0}, remedy = {0};
  const set *r = &s->set;
  double answers[MOST_RANKS];
  bool to_n = true;
  sorted_answers(s, next_complete(s, 0), answers);
  for (size_t k = 0; k < r->n; k++)
    to_n = to_n && answers[k] == (double)(k + 1);
  emend_status status = add_range(s, "", &range);
  if (!status)
    status = add_remedy(s, &remedy);
  if (!status)
    emend_warn(s->p->events,
               "%s are a ranking (%s): what is filled may come twice in a row, or not at all; to leave incomplete rankings as they are, "
               "--exclude '%s'%s",
               range.bytes,
               !to_n            ? "the same answers in every complete row, in another order"
               : r->n_texts > 0 ? "the same texts, each once in every complete row"
                                : "1 to their number, each once in every complete row",
               range.bytes, remedy.length ? remedy.bytes : "");
  emend_buffer_free(&range), emend_buffer_free(&remedy);
  return status;
}

static emend_status warn_of_sum(const search *s) {
  emend_buffer names = {0}, formula = {0};
  const set *r = &s->set;
  char number[EMEND_NUMBER_SIZE];
  emend_number_print(r->constant, '.', number);
  emend_status status = add_formula(s, &formula);
  for (size_t v = r->first; v < r->first + r->n && !status; v++)
    status = add_name(s->p, &names, v == r->first ? "" : v + 1 == r->first + r->n ? " and " : ", ", v);
  if (!status)
    emend_warn(s->p->events, "%s add up to %s in every complete row; parts that are filled do so only with --formula '%s'", names.bytes,
               number, formula.bytes);
  emend_buffer_free(&names), emend_buffer_free(&formula);
  return status;
}

static bool fills_any(const search *s) {
  bool any = false;
  for (size_t v = s->set.first; v < s->set.first + s->set.n; v++)
    any = any || s->p->plan->variables[v].missing.fill > 0;
  return any;
}

/* A warning for each of the first sets; those behind them are named together. */
static emend_status tell(search *s, unsigned number) {
  for (size_t v = s->set.first; v < s->set.first + s->set.n; v++)
    s->p->plan->variables[v].set = number;
  if (!fills_any(s))
    return EMEND_OK;
  if (s->n_told++ < MOST_WARNINGS)
    return s->set.ranking ? warn_of_ranking(s) : warn_of_sum(s);
  return add_range(s, s->n_untold++ ? ", " : "", &s->untold);
}

static void let_go(search *s, size_t from, size_t to) {
  for (size_t v = from; v < to; v++)
    free(s->seen[v]), s->seen[v] = NULL;
}

static emend_status find_all(search *s, bool ranking, unsigned *number) {
  emend_status status = EMEND_OK;
  size_t n = s->p->plan->n_variables;
  for (size_t v = 0, step; v < n && !status; v += step) {
    step = 1;
    if (!s->p->plan->variables[v].set)
      status = find_set(s, v, ranking);
    else
      s->set.n = 0;
    if (!status && s->set.n > 0)
      step = s->set.n, status = tell(s, ++*number);
    let_go(s, v, v + step);
  }
  let_go(s, 0, n);
  return status;
}

emend_status planner_tell_sets(const planner *p) {
  size_t rows = emend_dataset_rows(p->dataset);
  unsigned number = 0;
  search s = {.p = p, .words = (rows + 63) / 64, .seen = emend_allocate(p->plan->n_variables, sizeof *s.seen)};
  emend_status status = s.seen ? EMEND_OK : emend_fail_memory(p->error);
  if (!status && rows >= FEWEST_ROWS)
    status = find_all(&s, true, &number);
  if (!status && rows >= FEWEST_ROWS)
    status = find_all(&s, false, &number);
  if (!status && s.n_untold > 0)
    emend_warn(p->events, "%zu more set%s of variables %s a ranking or add%s up to the same in every complete row: %s", s.n_untold,
               s.n_untold == 1 ? "" : "s", s.n_untold == 1 ? "is" : "are", s.n_untold == 1 ? "s" : "", s.untold.bytes);
  emend_buffer_free(&s.untold);
  free(s.seen);
  return status;
}
