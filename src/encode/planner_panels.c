/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <stdlib.h>
#include <string.h>

#include "base/events.h"
#include "base/memory.h"

/* Tells of files in which each row is one unit (a country, a firm) in one year: the model takes rows as independent, and nobody who looks
 * at such a series would fill its holes without the years around them. Only calendar years count, and each pair of unit and year may come
 * once, while nearly all pairs do: in rows of persons chance does not make that. */

enum { FEWEST_UNITS = 3, FEWEST_YEARS = 4, FEWEST_ROWS = 30, FIRST_YEAR = 1800, LAST_YEAR = 2100, WIDEST_STEP = 10 };

static bool is_complete(const planner *p, size_t v) { return p->plan->variables[v].observed.n == emend_dataset_rows(p->dataset); }

/* Calendar years at equal distances. */
static bool are_years(const planner *p, size_t v) {
  const emend_planned *planned = &p->plan->variables[v];
  const emend_categories *c = &planned->categories;
  if (!is_complete(p, v) || emend_variable_get_kind(p->dataset, v) != EMEND_NUMERIC || !planned->observed.integers || c->n < FEWEST_YEARS ||
      c->numbers[0] < FIRST_YEAR || c->numbers[c->n - 1] > LAST_YEAR)
    return false;
  if (c->numbers[1] - c->numbers[0] > WIDEST_STEP)
    return false;
  for (size_t k = 2; k < c->n; k++)
    if (c->numbers[k] - c->numbers[k - 1] != c->numbers[1] - c->numbers[0])
      return false;
  return true;
}

static bool may_be_units(const planner *p, size_t v) {
  emend_type type = p->plan->variables[v].type;
  return is_complete(p, v) && p->plan->variables[v].categories.n >= FEWEST_UNITS &&
         (type == EMEND_TYPE_NOMINAL || type == EMEND_TYPE_TEXT_CATEGORY || type == EMEND_TYPE_IDENTIFIER);
}

static size_t category_at(const planner *p, size_t v, size_t row) {
  emend_run run = emend_dataset_run(p->dataset, v, row);
  return emend_categories_of_cell(&p->plan->variables[v].categories, row, *run.reasons, *run.values);
}

/* No pair comes twice. */
static emend_status are_single(const planner *p, size_t units, size_t years, bool *single) {
  size_t n_units = p->plan->variables[units].categories.n, n_years = p->plan->variables[years].categories.n;
  unsigned char *seen = emend_allocate(n_units * n_years, 1);
  if (!seen)
    return emend_fail_memory(p->error);
  *single = true;
  for (size_t row = 0; row < emend_dataset_rows(p->dataset) && *single; row++) {
    size_t unit = category_at(p, units, row), year = category_at(p, years, row);
    *single = unit < n_units && year < n_years && !seen[unit * n_years + year]++;
  }
  free(seen);
  return EMEND_OK;
}

/* As many rows as pairs, or at least four fifths. */
static bool may_be_panel(const planner *p, size_t units, size_t years) {
  size_t rows = emend_dataset_rows(p->dataset), pairs = p->plan->variables[units].categories.n * p->plan->variables[years].categories.n;
  return units != years && may_be_units(p, units) && rows <= pairs && 5 * rows >= 4 * pairs;
}

/* A group has a model of its own from 2p + 10 rows on. */
static bool may_be_groups(const planner *p, size_t units, size_t n_years) {
  size_t columns = 0;
  for (size_t v = 0; v < p->plan->n_variables; v++)
    columns += v == units ? 0 : p->plan->variables[v].n_columns;
  return n_years >= 2 * columns + 10;
}

static void tell(const planner *p, size_t units, size_t years) {
  size_t n_units = p->plan->variables[units].categories.n, n_years = p->plan->variables[years].categories.n;
  const char *unit = emend_variable_name(p->dataset, units), *year = emend_variable_name(p->dataset, years);
  bool plain = strcspn(unit, " \"$&'()*;<>?[\\]`|~#") == strlen(unit), groups = plain && may_be_groups(p, units, n_years);
  emend_warn(
      p->events,
      "each row is one %s in one %s (%zu x %zu), and rows count as independent: what changes is filled from the other variables of its row, "
      "not from the same %s before and after (variables that hold the values before would tell it%s%s%s)",
      unit, year, n_units, n_years, unit, groups ? "; --by " : "", groups ? unit : "", groups ? " estimates each by itself" : "");
}

emend_status planner_tell_panels(const planner *p) {
  emend_status status = EMEND_OK;
  if (emend_dataset_rows(p->dataset) < FEWEST_ROWS || p->plan->by >= 0 || !planner_fills_any(p))
    return EMEND_OK;
  for (size_t years = 0; years < p->plan->n_variables && !status; years++) {
    if (!are_years(p, years))
      continue;
    for (size_t units = 0; units < p->plan->n_variables && !status; units++) {
      bool single = false;
      if (may_be_panel(p, units, years))
        status = are_single(p, units, years, &single);
      if (single) {
        tell(p, units, years);
        return status;
      }
    }
  }
  return status;
}
