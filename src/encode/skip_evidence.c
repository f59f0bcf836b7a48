/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "encode/type.h"
#include "encode/skip_search.h"

static const double EVIDENCE = 20;   /* minus the log of the probability that chance leaves no answer there */
static const double OF_BLOCK = 7;    /* ... of a block of questions, beside the number of ways */
static const double ANSWERED = 0.5;  /* share of answers of those who were asked */
static const double CONTRARY = 0.1;  /* share of the codes for not applicable that may stand where the question was asked */

size_t skip_count_said(const searcher *s, size_t v) {
  const emend_planned *planned = &s->plan->variables[v];
  const unsigned char *says = s->plan->says_not_applicable[v];
  size_t n = planned->missing.structural;
  for (size_t i = 0; i < planned->n_codes && says; i++)
    n += says[i] != 0 && !planned->codes[i].fill ? planned->codes[i].count : 0;
  return n;
}

/* Whether a missing cell may be one of a question that was not asked, for all that is known: it would be filled, other than by wish. */
static bool is_unexplained(const searcher *s, size_t row, size_t v, unsigned char reason, double value, bool blank_only) {
  bool blank = reason == EMEND_SYSTEM_MISSING || reason == EMEND_EMPTY_TEXT;
  if (!s->plan->variables[v].fills)
    return blank;
  return (blank || !blank_only) && emend_plan_fills_code(s->plan, row, v, reason, value) &&
         !emend_plan_wishes_code(s->plan, row, v, reason, value);
}

void skip_find_missing(searcher *s, size_t v, bool codes) {
  memset(s->missing, 0, s->rows.words * sizeof(skip_word));
  memset(s->said, 0, s->rows.words * sizeof(skip_word));
  skip_cells cells;
  skip_cells_read(&s->rows, v, &cells);
  for (size_t i = 0; i < s->rows.n_rows; i++) {
    if (cells.reasons[i] == EMEND_OBSERVED)
      continue;
    size_t row = skip_row_of(&s->rows, i);
    bool says = codes && emend_not_applicable_may_say(s->plan, row, v) &&
                !emend_plan_fills_code(s->plan, row, v, cells.reasons[i], cells.values[i]);
    if (says)
      skip_set_bit(s->said, i);
    if (says || is_unexplained(s, row, v, cells.reasons[i], cells.values[i], codes))
      skip_set_bit(s->missing, i);
  }
}

double skip_log_choose(size_t n, size_t k) { return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1); }

size_t skip_fewest(const searcher *s) { return s->block ? FEWEST_OF_BLOCK : FEWEST_MISSING; }

bool skip_is_evident(const searcher *s, size_t v, size_t n_skipped, double log_ways) {
  size_t answers = skip_count_both(&s->rows, s->known, s->rows.seen[v]), n = answers + skip_count_both(&s->rows, s->known, s->missing);
  size_t elsewhere = n - n_skipped;
  double enough = EVIDENCE + (s->nonresponse ? log_ways : 0);
  if (s->block)
    enough = fmin(enough, OF_BLOCK + log_ways);
  return n_skipped >= skip_fewest(s) && answers <= elsewhere &&
         skip_log_choose(n, answers) - skip_log_choose(elsewhere, answers) >= enough;
}

double skip_log_ways_of_part(const searcher *s, const skip_part *p) {
  size_t n = s->plan->variables[p->variable].categories.n, n_skipped = 0;
  for (size_t k = 0; k < n && !p->number; k++)
    n_skipped += p->skipped[k];
  return p->number ? log((double)s->rows.n_rows) : skip_log_choose(n, n_skipped);
}

double skip_log_ways(const searcher *s, const skip_condition *c) {
  double sum = 0;
  for (size_t i = 0; i < c->n; i++)
    sum += log((double)s->plan->n_variables) + skip_log_ways_of_part(s, &c->parts[i]);
  return sum;
}

bool skip_is_mostly_answered(const searcher *s, size_t v, const skip_word *rows, bool has, size_t filter) {
  size_t answers = 0, missing = 0;
  for (size_t w = 0; w < s->rows.words; w++) {
    skip_word asked = (has ? rows[w] : ~rows[w]) & s->rows.seen[filter][w];
    answers += emend_bits_count(asked & s->rows.seen[v][w]);
    missing += emend_bits_count(asked & s->missing[w]);
  }
  return answers > 0 && (double)answers >= ANSWERED * (double)(answers + missing);
}

bool skip_is_said_there(const searcher *s, const skip_word *rows, bool has, size_t filter) {
  size_t contrary = 0, n = 0;
  for (size_t w = 0; w < s->rows.words; w++) {
    skip_word known = s->said[w] & s->rows.seen[filter][w];
    n += emend_bits_count(known);
    contrary += emend_bits_count(known & (has ? rows[w] : ~rows[w]));
  }
  return (double)contrary <= CONTRARY * (double)n;
}

/* Of the value next to those that were not asked, in the rows that are left: whether most are without an answer there, too. */
static bool fades(const searcher *s, size_t v, const skip_atom *a) {
  size_t answers = 0, missing = 0;
  for (size_t w = 0; w < s->rows.words; w++) {
    answers += emend_bits_count(a->rows[w] & s->left[w] & s->rows.seen[v][w]);
    missing += emend_bits_count(a->rows[w] & s->left[w] & s->missing[w]);
  }
  return answers + missing >= FEWEST_MISSING && (double)answers < ANSWERED * (double)(answers + missing);
}

bool skip_is_gradual(const searcher *s, size_t v, const skip_condition *c) {
  for (size_t i = 0; i < c->n; i++) {
    const skip_part *p = &c->parts[i];
    const emend_planned *planned = &s->plan->variables[p->variable];
    size_t first = s->rows.first_atom[p->variable], n = s->rows.first_atom[p->variable + 1] - first;
    bool ordered = !p->number && planned->categories.numbers && !emend_type_is_nominal(planned->type);
    for (size_t k = 0; k < n && ordered; k++) {
      bool beside = (k > 0 && p->skipped[k - 1]) || (k + 1 < n && p->skipped[k + 1]);
      if (!p->skipped[k] && beside && fades(s, v, &s->rows.atoms[first + k]))
        return true;
    }
  }
  return false;
}
