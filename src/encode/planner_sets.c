/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/events.h"
#include "base/number.h"
#include "base/text.h"
#include "encode/name.h"
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

static bool is_rank(const planner *p, size_t v, size_t most) {
  const emend_planned *planned = &p->plan->variables[v];
  return is_number_in_model(planned) && planned->observed.integers && planned->observed.min >= 1 && planned->observed.max <= (double)most;
}

/* True if each row that has all of the `n` variables has each of 1 to `n` once, and enough rows do. */
static bool are_permutations(const planner *p, size_t first, size_t n) {
  size_t rows = 0;
  for (size_t row = 0; row < emend_dataset_rows(p->dataset); row++) {
    uint64_t seen = 0;
    double rank = 0;
    size_t k = 0;
    for (; k < n && answer(p, first + k, row, &rank); k++)
      seen |= rank <= (double)n ? (uint64_t)1 << (unsigned)rank : 1;
    if (k == n && seen != ((uint64_t)1 << (n + 1)) - 2)
      return false;
    rows += k == n;
  }
  return rows >= FEWEST_ROWS;
}

/* How many variables from `first` on are the ranks of one ranking; 0: none. */
static size_t ranking_at(const planner *p, size_t first) {
  enum { FEWEST = 3, MOST = 60 };
  double most = 0;
  for (size_t n = 1; n <= MOST && first + n <= p->plan->n_variables; n++) {
    size_t v = first + n - 1;
    if (!is_rank(p, v, MOST) || (n > 1 && !emend_name_is_next(emend_variable_name(p->dataset, v - 1), emend_variable_name(p->dataset, v))))
      return 0;
    most = fmax(most, p->plan->variables[v].observed.max);
    if (n >= FEWEST && most == (double)n && are_permutations(p, first, n))
      return n;
  }
  return 0;
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

static emend_status warn_of_ranking(const planner *p, size_t first, size_t n) {
  emend_buffer range = {0};
  emend_status status = add_name(p, &range, "", first);
  if (!status)
    status = add_name(p, &range, "-", first + n - 1);
  if (!status)
    emend_warn(
        p->events,
        "%s are the ranks of a ranking (1 to %zu, each once in every complete row): ranks that are filled may come twice in a row, or not "
        "at all; to leave incomplete rankings as they are, --exclude '%s'",
        range.bytes, n, range.bytes);
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
  for (size_t v = 0; v < p->plan->n_variables && !status; v += n > 0 ? n : 1)
    if ((n = ranking_at(p, v)) > 0) {
      set_related(p, v, n);
      if (fills_any(p, v, n) && n_warnings++ < MOST_WARNINGS)
        status = warn_of_ranking(p, v, n);
    }
  for (size_t v = 0; v < p->plan->n_variables && !status; v += n > 0 ? n : 1)
    if ((n = sum_at(p, v, &constant)) > 0) {
      set_related(p, v, n);
      if (fills_any(p, v, n) && n_warnings++ < MOST_WARNINGS)
        status = warn_of_sum(p, v, n, constant);
    }
  return status;
}
