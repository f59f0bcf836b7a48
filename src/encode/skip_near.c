/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "encode/skip_search.h"

/*
 * The filter that stands just before a block. Few rows tell less than the search in all variables asks for; but there are few filters that stand so
 * near, and here all must fit: the block is blank in all rows of some answers of the filter (and where that was not asked itself), and
 * in no other.
 */
enum {
  NEAR = 3,            /* filters that are tried */
  FEWEST = 3,          /* rows */
  FEWEST_NEIGHBOURS = 2 /* that are blank there as well: a block is three variables or more */
};
static const double EVIDENCE = 7; /* minus the log of the probability that chance has it so, the number of ways included */

/* Whether a variable is blank wherever the one at hand is. */
static bool is_blank_there(const searcher *s, size_t v) {
  bool blank = s->rows.seen[v] != NULL;
  for (size_t w = 0; w < s->rows.words && blank; w++)
    blank = (s->missing[w] & s->rows.seen[v][w]) == 0;
  return blank;
}

/* What takes no part is passed over: a heading, a remark. */
static bool is_in_block(const searcher *s, size_t v) {
  size_t n = 0;
  for (size_t i = v + 1; i < s->plan->n_variables && n < FEWEST_NEIGHBOURS && (!s->rows.seen[i] || is_blank_there(s, i)); i++)
    n += s->rows.seen[i] != NULL;
  for (size_t i = v; i-- > 0 && n < FEWEST_NEIGHBOURS && (!s->rows.seen[i] || is_blank_there(s, i));)
    n += s->rows.seen[i] != NULL;
  return n >= FEWEST_NEIGHBOURS;
}

/* The answers of the filter at which the one at hand has none, and their rows into `skipped`. */
static void find_skipped(searcher *s, size_t v, size_t filter, skip_part *p) {
  *p = (skip_part){.variable = filter};
  memset(s->skipped, 0, s->rows.words * sizeof *s->skipped);
  for (size_t i = s->rows.first_atom[filter]; i < s->rows.first_atom[filter + 1]; i++) {
    const skip_atom *a = &s->rows.atoms[i];
    if (a->n == 0 || !skip_share_few(&s->rows, a->rows, s->rows.seen[v], 0) || skip_count_both(&s->rows, a->rows, s->missing) == 0)
      continue;
    p->skipped[a->category] = 1;
    for (size_t w = 0; w < s->rows.words; w++)
      s->skipped[w] |= a->rows[w];
  }
}

/* Rows of the gap of a filter, where it has no answer itself, in which the one at hand has none, and one; and missing cells that neither
 * the gap nor the skipped answers have. */
typedef struct gap {
  size_t missing, answers, elsewhere;
} gap;

static gap look_into_gap(const searcher *s, size_t v, size_t filter) {
  gap g = {0};
  for (size_t w = 0; w < s->rows.words; w++) {
    skip_word blank = ~s->rows.seen[filter][w];
    g.missing += emend_bits_count(blank & s->missing[w]);
    g.answers += emend_bits_count(blank & s->rows.seen[v][w]);
    g.elsewhere += emend_bits_count(~blank & s->missing[w] & ~s->skipped[w]);
  }
  return g;
}

/* Asked where the filter was not, too: of those who have standards, and of the others if they plan some. What decides about the filter says
 * where that is. */
static bool add_what_decides(const searcher *s, size_t v, size_t filter, skip_condition *c) {
  const skip_condition *of_filter = &s->conditions[filter];
  const skip_part *first = &of_filter->parts[0];
  if (of_filter->n != 1 || first->number || !skip_may_hang_on(s, v, first->variable))
    return false;
  skip_part *p = &c->parts[c->n++];
  *p = (skip_part){.variable = first->variable};
  for (size_t k = 0; k < s->plan->variables[first->variable].categories.n; k++)
    p->skipped[k] = !first->skipped[k];
  c->all = true;
  return true;
}

static bool is_evident(const searcher *s, const skip_part *p, size_t n_skipped, size_t n_answers) {
  double log_ways = log(NEAR) + skip_log_ways_of_part(s, p);
  return skip_log_choose(n_skipped + n_answers, n_skipped) >= EVIDENCE + log_ways;
}

static bool explains(searcher *s, size_t v, size_t filter, skip_condition *c) {
  *c = (skip_condition){.n = 1};
  find_skipped(s, v, filter, &c->parts[0]);
  gap g = look_into_gap(s, v, filter);
  size_t n_skipped = skip_count_both(&s->rows, s->skipped, s->missing), n_answers = s->rows.n_seen[v];
  size_t fewest = s->rows.step > 1 ? FEWEST_MISSING : FEWEST;
  if (n_skipped < fewest || g.elsewhere > 0 || (g.missing > 0 && g.answers > 0))
    return false;
  if (g.answers > 0 && !add_what_decides(s, v, filter, c))
    return false;
  return is_evident(s, &c->parts[0], n_skipped, n_answers);
}

bool skip_find_near(searcher *s, size_t v, skip_condition *c) {
  skip_find_missing(s, v, false);
  if (skip_count(&s->rows, s->missing) < FEWEST || s->rows.n_seen[v] == 0 || !is_in_block(s, v))
    return false;
  size_t n_tried = 0;
  for (size_t filter = v; filter-- > 0 && n_tried < NEAR;) {
    if (s->rows.first_atom[filter] == s->rows.first_atom[filter + 1] || !s->rows.seen[filter] || is_blank_there(s, filter))
      continue;
    n_tried++;
    if (skip_may_hang_on(s, v, filter) && explains(s, v, filter, c))
      return true;
  }
  return false;
}
