/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/mentions.h"

#include <string.h>

#include "base/text.h"
#include "encode/name.h"

static const double EXPECTED = 15;  /* pairs of the same code, had each been chosen whatever the others are */
static const double STRAY = 0.01;   /* share of such pairs all the same, and of answers behind a blank */
static const double COMMON = 0.8;   /* share of answers whose code occurs in the variable before */
static const double FEWER = 0.75;   /* share of the answers before that each has, where codes occur twice in a row */
static const double ALIKE = 0.1;    /* agreement beyond chance (kappa) of answers that are no repeated ones of the same person */
static const double EITHER = 0.1;   /* share of pairs that ascend, and of those that descend */
enum { FEWEST_BLANKS = 10 };        /* that the last has more than the first */

/* Two variables of a question, the earlier one first. */
typedef struct pair {
  size_t both, same, up, down, common;
  double expected;
} pair;

static bool may_be_mention(const emend_plan *plan, size_t v) {
  emend_variable_kind kind = emend_variable_get_kind(plan->dataset, v);
  return (kind == EMEND_NUMERIC || kind == EMEND_TEXT) && plan->variables[v].categories.n > 0;
}

static bool is_numbered_next(const emend_plan *plan, size_t v, size_t next) {
  return emend_name_is_next(emend_variable_name(plan->dataset, v), emend_variable_name(plan->dataset, next));
}

static bool is_same(const emend_plan *plan, const emend_categories *a, size_t i, const emend_categories *b, size_t k) {
  if (!a->texts)
    return a->numbers[i] == b->numbers[k];
  return emend_dataset_same_text(emend_dataset_text(plan->dataset, a->texts[i]), emend_dataset_text(plan->dataset, b->texts[k]));
}

/* The categories of `b` among those of `a`. */
static void match_categories(const emend_plan *plan, const emend_categories *a, const emend_categories *b, size_t *place) {
  for (size_t k = 0; k < b->n; k++) {
    place[k] = EMEND_NO_CATEGORY;
    for (size_t i = 0; i < a->n && place[k] == EMEND_NO_CATEGORY; i++)
      if (is_same(plan, a, i, b, k))
        place[k] = i;
  }
}

static size_t share_of(double share, size_t n) { return (size_t)(share * (double)n); }

/* False as soon as it shows that answers follow blanks. */
static bool look_at_pair(const emend_plan *plan, size_t v, size_t next, pair *found) {
  const emend_categories *a = &plan->variables[v].categories, *b = &plan->variables[next].categories;
  size_t place[EMEND_MOST_CATEGORIES + 1], firsts[EMEND_MOST_CATEGORIES + 1] = {0}, seconds[EMEND_MOST_CATEGORIES + 1] = {0};
  size_t most = share_of(STRAY, plan->variables[next].observed.n), behind_blanks = 0;
  emend_run x, y;
  *found = (pair){0};
  match_categories(plan, a, b, place);
  for (size_t row = 0; row < emend_dataset_rows(plan->dataset); row += x.n) {
    x = emend_dataset_run(plan->dataset, v, row), y = emend_dataset_run(plan->dataset, next, row);
    for (size_t i = 0; i < x.n; i++) {
      size_t first = emend_categories_of_cell(a, row + i, x.reasons[i], x.values[i]);
      size_t second = emend_categories_of_cell(b, row + i, y.reasons[i], y.values[i]);
      if (second >= b->n)
        continue;
      bool blank = x.reasons[i] == EMEND_SYSTEM_MISSING || x.reasons[i] == EMEND_EMPTY_TEXT; /* no code that counts as no answer */
      if (first >= a->n && blank && ++behind_blanks > most)
        return false;
      if (first >= a->n)
        continue;
      found->both++, firsts[first]++;
      size_t at = place[second];
      if (at == EMEND_NO_CATEGORY)
        continue;
      found->common++, seconds[at]++;
      found->up += at > first, found->down += at < first, found->same += at == first;
    }
  }
  for (size_t k = 0; k < a->n && found->both; k++)
    found->expected += (double)firsts[k] * (double)seconds[k] / (double)found->both;
  return true;
}

static void add(pair *sum, const pair *other) {
  sum->both += other->both, sum->same += other->same, sum->up += other->up, sum->down += other->down;
  sum->common += other->common, sum->expected += other->expected;
}

/* Labels, or words, say that codes are no amounts. */
static bool is_labelled(const emend_plan *plan, size_t v) {
  return plan->variables[v].categories.texts || plan->variables[v].observed.labelled;
}

/* Whether a variable goes on what those from `first` on have begun; adds what its pairs with each of them show. */
static bool goes_on(const emend_plan *plan, size_t first, size_t next, const unsigned char *kinds, pair *sum) {
  const emend_planned *before = &plan->variables[next - 1], *planned = &plan->variables[next];
  bool alike = !kinds[next] && may_be_mention(plan, next) && is_numbered_next(plan, next - 1, next) &&
               !before->categories.texts == !planned->categories.texts && planned->observed.n <= before->observed.n;
  pair with_all = {0};
  for (size_t v = next; alike && v-- > first;) {
    pair found;
    alike = look_at_pair(plan, v, next, &found) && (is_labelled(plan, v) || (double)found.common >= COMMON * (double)found.both);
    add(&with_all, &found);
  }
  if (alike)
    add(sum, &with_all);
  return alike;
}

/* "11, 12, 13, 21, 22, 31" are a list, and "1, 2, 3, 4" may be an amount. */
static bool has_gaps(const emend_plan *plan, size_t v) {
  const emend_categories *c = &plan->variables[v].categories;
  return !c->texts && c->numbers[c->n - 1] - c->numbers[0] + 1 > 1.5 * (double)c->n;
}

/* Whether who has no answer to the last one answered what comes behind it: else people broke off. */
static bool are_followed(const emend_plan *plan, size_t last) {
  size_t next = last + 1, blanks = 0, answers = 0;
  emend_run x, y;
  for (size_t row = 0; next < plan->n_variables && row < emend_dataset_rows(plan->dataset); row += x.n) {
    x = emend_dataset_run(plan->dataset, last, row), y = emend_dataset_run(plan->dataset, next, row);
    for (size_t i = 0; i < x.n; i++) {
      blanks += x.reasons[i] != EMEND_OBSERVED;
      answers += x.reasons[i] != EMEND_OBSERVED && y.reasons[i] == EMEND_OBSERVED;
    }
  }
  return next == plan->n_variables || 2 * answers > blanks;
}

/* Rows may have codes twice, hardly more often than by chance, if they are a list and each variable has far fewer answers. */
static bool are_loose_mentions(const emend_plan *plan, size_t first, size_t last, const pair *sum) {
  bool fewer = true;
  double agreement = ((double)sum->same - sum->expected) / ((double)sum->both - sum->expected);
  for (size_t v = first; v < last; v++)
    fewer = fewer && (double)plan->variables[v + 1].observed.n <= FEWER * (double)plan->variables[v].observed.n;
  return fewer && agreement <= ALIKE && (is_labelled(plan, first) || has_gaps(plan, first)) &&
         are_followed(plan, last);
}

static bool are_mentions(const emend_plan *plan, size_t first, size_t last, const pair *sum) {
  size_t most_codes = 0, n_members = last - first + 1;
  for (size_t v = first; v <= last; v++)
    most_codes = plan->variables[v].categories.n > most_codes ? plan->variables[v].categories.n : most_codes;
  bool either = (double)sum->up >= EITHER * (double)sum->both && (double)sum->down >= EITHER * (double)sum->both;
  bool whole = (first == 0 || !is_numbered_next(plan, first - 1, first)) &&
               (last + 1 == plan->n_variables || !is_numbered_next(plan, last, last + 1) || plan->variables[last + 1].observed.n == 0);
  return n_members > 1 && whole && most_codes > n_members && sum->expected >= EXPECTED && (either || is_labelled(plan, first)) &&
         plan->variables[first].observed.n >= plan->variables[last].observed.n + FEWEST_BLANKS &&
         ((double)sum->same <= STRAY * sum->expected || are_loose_mentions(plan, first, last, sum));
}

void emend_mentions_find(const emend_plan *plan, unsigned char *kinds, unsigned char kind) {
  for (size_t first = 0, next; first < plan->n_variables; first = next) {
    pair sum = {0};
    next = first + 1;
    if (kinds[first] || !may_be_mention(plan, first))
      continue;
    while (next < plan->n_variables && goes_on(plan, first, next, kinds, &sum))
      next++;
    if (are_mentions(plan, first, next - 1, &sum))
      memset(kinds + first, kind, next - first);
  }
}
