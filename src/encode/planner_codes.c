/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <string.h>

#include "base/events.h"
#include "base/number.h"
#include "base/text.h"

/* Tells of numbers behind a scale that nobody labelled and that may mean no answer: 1 to 5, and 8. They lie too near for anything but a
 * question to whoever knows the file; neighbours in the file that have the same are told together, as a grid has them. */

enum { LEAST_CODE = 7, MOST_CODE = 9, MOST_WARNINGS = 8 };

typedef struct suspects {
  size_t n_steps;  /* of the scale */
  double lo, hi;   /* ... and its ends */
  size_t n, cells; /* how many codes, behind the steps among the categories, and their cells; n 0: none */
} suspects;

/* Text files are searched for codes that lie farther off as they are read. */
static bool is_told_already(const planner *p, const suspects *s, double code) {
  const char *format = emend_dataset_format(p->dataset);
  bool text = strcmp(format, "csv") == 0 || strcmp(format, "tsv") == 0;
  return text && code - s->hi >= 3 && code - s->hi >= s->hi - s->lo;
}

static bool may_have(const emend_planned *planned) {
  bool in_model = emend_planned_takes_part(planned);
  return in_model && planned->type == EMEND_TYPE_INTEGER && !planned->observed.labelled && !planned->quantity && planned->categories.numbers;
}

/* As many as a code has cells, a step that far behind the others seldom has. */
static bool are_many(const emend_planned *planned, const suspects *s) {
  enum { FEWEST = 5, SHARE = 50 };
  size_t last = planned->categories.counts[s->n_steps - 1];
  return s->cells >= FEWEST && SHARE * s->cells >= planned->observed.n && 2 * s->cells >= last && 2 * s->cells <= planned->observed.n;
}

/* From 0 or 1 on three steps or more without a gap, then one, and nothing but 7, 8 or 9. */
static suspects find(const planner *p, size_t v) {
  enum { FEWEST_STEPS = 3, GAP = 2 };
  const emend_planned *planned = &p->plan->variables[v];
  const emend_categories *c = &planned->categories;
  suspects s = {0}, none = {0};
  if (!may_have(planned) || c->n <= FEWEST_STEPS || (c->numbers[0] != 0 && c->numbers[0] != 1))
    return none;
  for (s.n_steps = 1; s.n_steps < c->n && c->numbers[s.n_steps] == c->numbers[s.n_steps - 1] + 1;)
    s.n_steps++;
  s.lo = c->numbers[0], s.hi = c->numbers[s.n_steps - 1];
  if (s.n_steps < FEWEST_STEPS || s.n_steps == c->n || c->numbers[s.n_steps] < s.hi + GAP || c->numbers[s.n_steps] < LEAST_CODE ||
      c->numbers[c->n - 1] > MOST_CODE || is_told_already(p, &s, c->numbers[s.n_steps]))
    return none;
  s.n = c->n - s.n_steps;
  for (size_t i = s.n_steps; i < c->n; i++)
    s.cells += c->counts[i];
  return are_many(planned, &s) ? s : none;
}

static bool are_alike(const planner *p, size_t u, const suspects *a, size_t v, const suspects *b) {
  return a->n == b->n && a->lo == b->lo && a->hi == b->hi &&
         memcmp(p->plan->variables[u].categories.numbers + a->n_steps, p->plan->variables[v].categories.numbers + b->n_steps,
                a->n * sizeof(double)) == 0;
}

static emend_status print_codes(const planner *p, size_t v, const suspects *s, emend_buffer *codes) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < s->n && !status; i++) {
    char number[EMEND_NUMBER_SIZE];
    emend_number_print(p->plan->variables[v].categories.numbers[s->n_steps + i], '.', number);
    status = emend_buffer_format(codes, p->error, "%s%s", i > 0 ? "," : "", number);
  }
  return status;
}

/* `cells` of the variables from `first` to `last`, all of which have what `s` says. */
static emend_status warn(const planner *p, size_t first, size_t last, const suspects *s, size_t cells) {
  emend_buffer codes = {0}, names = {0};
  const char *name = emend_variable_name(p->dataset, first);
  const char *tick = name[strcspn(name, " ,;=-*'\"")] ? "`" : "";
  emend_status status = print_codes(p, first, s, &codes);
  if (!status)
    status = emend_buffer_format(&names, p->error, "%s%s%s", tick, name, tick);
  name = emend_variable_name(p->dataset, last), tick = name[strcspn(name, " ,;=-*'\"")] ? "`" : "";
  if (!status && last > first)
    status = emend_buffer_format(&names, p->error, "-%s%s%s", tick, name, tick);
  if (!status)
    emend_warn(p->events, "%s: %zu cell%s of %s behind %g to %g: if %s no answer, add --missing '%s=%s'", names.bytes, cells,
               cells == 1 ? "" : "s", codes.bytes, s->lo, s->hi, s->n > 1 ? "they mean" : "it means", names.bytes, codes.bytes);
  emend_buffer_free(&codes), emend_buffer_free(&names);
  return status;
}

emend_status planner_tell_codes(const planner *p) {
  emend_status status = EMEND_OK;
  size_t n_warnings = 0, n_untold = 0, n = p->plan->n_variables, next;
  for (size_t v = 0; v < n && !status; v = next) {
    suspects s = find(p, v), other;
    size_t cells = s.cells;
    for (next = v + 1; s.n > 0 && next < n; next++, cells += other.cells) {
      other = find(p, next);
      if (!are_alike(p, v, &s, next, &other))
        break;
    }
    if (s.n > 0 && n_warnings++ < MOST_WARNINGS)
      status = warn(p, v, next - 1, &s, cells);
    else if (s.n > 0)
      n_untold += next - v;
  }
  if (!status && n_untold > 0)
    emend_warn(p->events, "%zu more variable%s a 7, 8 or 9 behind the steps of a scale", n_untold, n_untold == 1 ? " has" : "s have");
  return status;
}
