/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <stdlib.h>

#include "base/events.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "data/rows.h"
#include "encode/skip_search.h"

/* Tells of questions whose missing cells all lie where another variable has one answer, and of which all others have one: perhaps they were
 * put to some of those rows only. That is no skip pattern, as others in these rows did answer, and no more than a reason to look. */

enum { FEWEST_CELLS = 20, FEWEST_OTHERS = 20, MOST_ANSWERS = 12, MOST_TOLD = 6, LOOKED_AT = 32 };
static const double LEAST_LOG = -30; /* of the probability that so many cells lie there by chance */

typedef struct filter {
  size_t variable, category, n_others;
  double log_chance;
} filter;

/* Codes that stay say themselves why. */
static bool is_question(const planner *p, size_t v) {
  const emend_planned *planned = &p->plan->variables[v];
  return planned->role == EMEND_ROLE_FILL && planned->fills && !planned->on_demand && planned->missing.fill >= FEWEST_CELLS &&
         planned->missing.keep == 0 && planned->observed.n >= FEWEST_OTHERS && !emend_rules_of(&p->plan->rules, v);
}

static bool may_filter(const planner *p, size_t u) {
  const emend_planned *planned = &p->plan->variables[u];
  return emend_planned_takes_part(planned) && planned->categories.n >= 2 && planned->categories.n <= MOST_ANSWERS;
}

static size_t category_of(const planner *p, size_t u, size_t row) {
  emend_run cell = emend_dataset_run(p->dataset, u, row);
  return emend_categories_of_cell(&p->plan->variables[u].categories, row, *cell.reasons, *cell.values);
}

/* The first rows in which the question has no answer. */
static size_t list_holes(const planner *p, size_t v, size_t rows[LOOKED_AT]) {
  size_t n = 0;
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(p->dataset) && n < LOOKED_AT; row += run.n) {
    run = emend_dataset_run(p->dataset, v, row);
    for (size_t i = 0; i < run.n && n < LOOKED_AT; i++)
      if (run.reasons[i] != EMEND_OBSERVED)
        rows[n++] = row + i;
  }
  return n;
}

static bool all_holes_lie_there(const planner *p, size_t v, size_t u, size_t category) {
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(p->dataset); row += run.n) {
    run = emend_dataset_run(p->dataset, v, row);
    for (size_t i = 0; i < run.n; i++)
      if (run.reasons[i] != EMEND_OBSERVED && category_of(p, u, row + i) != category)
        return false;
  }
  return true;
}

/* Of so many rows that have an answer, and so many that have this one. */
static double log_chance(size_t known, size_t there, size_t cells) {
  return skip_log_choose(there, cells) - skip_log_choose(known, cells);
}

/* Most variables are through with it after two rows. */
static bool look_at(const planner *p, size_t v, size_t u, const size_t *holes, size_t n_holes, filter *found) {
  const emend_categories *c = &p->plan->variables[u].categories;
  size_t category = category_of(p, u, holes[0]), cells = p->plan->variables[v].missing.fill, known = 0;
  bool there = category < c->n;
  for (size_t i = 1; i < n_holes && there; i++)
    there = category_of(p, u, holes[i]) == category;
  for (size_t k = 0; k < c->n && there; k++)
    known += c->counts[k];
  if (!there || c->counts[category] < cells || known - c->counts[category] < FEWEST_OTHERS)
    return false;
  *found = (filter){u, category, known - c->counts[category], log_chance(known, c->counts[category], cells)};
  return found->log_chance < LEAST_LOG && all_holes_lie_there(p, v, u, category);
}

static bool find_filter(const planner *p, size_t v, filter *best) {
  size_t holes[LOOKED_AT], n = list_holes(p, v, holes);
  bool found = false;
  for (size_t u = 0; u < p->plan->n_variables && n > 0; u++) {
    filter one;
    if (u == v || !may_filter(p, u) || !look_at(p, v, u, holes, n, &one))
      continue;
    if (!found || one.log_chance < best->log_chance)
      *best = one;
    found = true;
  }
  return found;
}

static emend_status warn(const planner *p, size_t v, const filter *f) {
  const emend_planned *on = &p->plan->variables[f->variable];
  size_t cells = p->plan->variables[v].missing.fill;
  const char *name = emend_variable_name(p->dataset, v), *label = NULL;
  skip_condition c = {.n = 1, .parts = {{.variable = f->variable}}};
  emend_buffer only_if = {0}, answer = {0};
  c.parts[0].skipped[f->category] = 1;
  emend_status status = skip_name_print(p->plan, v, &only_if, p->error);
  if (!status)
    status = emend_buffer_format(&only_if, p->error, " = ");
  if (!status)
    status = skip_condition_print(p->plan, &c, &only_if, p->error);
  if (!status && on->categories.texts)
    status = emend_buffer_format(&answer, p->error, "\"%s\"", emend_dataset_text(p->dataset, on->categories.texts[f->category]));
  if (!status && !on->categories.texts) {
    char number[EMEND_NUMBER_SIZE];
    emend_number_print(on->categories.numbers[f->category], '.', number);
    label = emend_dataset_label_of(p->dataset, f->variable, on->categories.numbers[f->category], EMEND_OBSERVED);
    status = emend_buffer_format(&answer, p->error, "%s%s%s%s", number, label ? " (" : "", label ? label : "", label ? ")" : "");
  }
  if (!status)
    emend_warn(p->events,
               "all %zu cells of %s that are filled have %s = %s, and none of the other %zu rows lacks it: if it was not asked there, "
               "--only-if '%s' leaves them",
               cells, name, emend_variable_name(p->dataset, f->variable), answer.bytes, f->n_others, only_if.bytes);
  emend_buffer_free(&only_if), emend_buffer_free(&answer);
  return status;
}

emend_status planner_tell_unasked(const planner *p) {
  emend_status status = EMEND_OK;
  size_t told = 0;
  for (size_t v = 0; v < p->plan->n_variables && told < MOST_TOLD && !status; v++) {
    filter f;
    if (!is_question(p, v) || !find_filter(p, v, &f))
      continue;
    status = warn(p, v, &f);
    told++;
  }
  return status;
}
