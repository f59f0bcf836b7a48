/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/skip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/memory.h"
#include "base/text.h"
#include "encode/skip_branch.h"
#include "encode/skip_search.h"

enum { FEWEST_ROWS = 40 };
static const double EXPLAINED = 0.9; /* share of the missing cells that a condition accounts for */
static const double STRAY = 0.01;    /* share of answers where there should be none */

/* Where cells are missing for other reasons, too (people who were asked and did not answer, filters without an answer): */
static const double COMMON = 0.7;    /* share of the missing cells that lie where each of several parts says so */
static const double KNOWN = 0.5;     /* share of the answers with which a filter is known */

/* A variable that is not filled tells filters that are; and of one that is on demand, whom to fill if it is demanded. */
static bool is_searched(const searcher *s, const unsigned char *asked, size_t v, size_t fewest) {
  const emend_planned *planned = &s->plan->variables[v];
  size_t unknown = planned->fills ? planned->missing.fill : planned->missing.system + planned->missing.empty;
  bool takes_part = planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_CONSTANT || planned->role == EMEND_ROLE_PREDICT ||
                   planned->on_demand;
  const emend_ruled *ruled = emend_rules_of(&s->plan->rules, v);
  return takes_part && !asked[v] && !(ruled && ruled->formula >= 0) && unknown + skip_count_said(s, v) >= fewest;
}

static void search_free(searcher *s) {
  skip_orders_free(&s->orders);
  skip_rows_free(&s->rows);
  free(s->missing), free(s->said), free(s->known), free(s->skipped), free(s->other), free(s->left), free(s->conditions), free(s->may_limit);
}

static emend_status search_new(searcher *s, const emend_plan *plan, emend_error *error) {
  *s = (searcher){.plan = plan, .error = error};
  emend_status status = skip_rows_new(&s->rows, plan, error);
  if (!status)
    status = skip_orders_new(&s->orders, &s->rows, error);
  size_t words = s->rows.words;
  s->conditions = emend_allocate(plan->n_variables, sizeof *s->conditions);
  s->may_limit = emend_allocate(plan->n_variables, 1);
  for (size_t v = 0; v < plan->n_variables && s->may_limit; v++)
    s->may_limit[v] = skip_may_limit(plan, v);
  s->missing = emend_allocate(words, sizeof *s->missing);
  s->said = emend_allocate(words, sizeof *s->said);
  s->known = emend_allocate(words, sizeof *s->known);
  s->skipped = emend_allocate(words, sizeof *s->skipped);
  s->other = emend_allocate(words, sizeof *s->other);
  s->left = emend_allocate(words, sizeof *s->left);
  bool has_room = s->conditions && s->may_limit && s->missing && s->said && s->known && s->skipped && s->other && s->left;
  return status || has_room ? status : emend_fail_memory(error);
}

/* Whether a variable hangs on another one, directly or not: then that one must not hang on it. */
static bool hangs_on(const searcher *s, size_t v, size_t on, size_t depth) {
  if (v == on || depth == 0)
    return true;
  const skip_condition *c = &s->conditions[v];
  for (size_t i = 0; i < c->n; i++)
    if (hangs_on(s, c->parts[i].variable, on, depth - 1))
      return true;
  const emend_ruled *ruled = emend_rules_of(&s->plan->rules, v);
  const emend_rule *rules[] = {ruled ? emend_ruled_condition(&s->plan->rules, ruled) : NULL,
                               ruled ? emend_ruled_formula(&s->plan->rules, ruled) : NULL};
  for (int r = 0; r < 2; r++)
    for (size_t i = 0; rules[r] && i < emend_rule_operands(rules[r]); i++)
      if (hangs_on(s, emend_rule_operand(rules[r], i), on, depth - 1))
        return true;
  return false;
}

bool skip_may_hang_on(const searcher *s, size_t v, size_t filter) {
  enum { DEEPEST = 12 };
  return filter != v && !hangs_on(s, filter, v, DEEPEST);
}

/* A filter was asked of those who answered the question; a remark that few rows have is none. */
static bool accompanies(const searcher *s, size_t filter, size_t v) {
  size_t answers = s->rows.n_seen[v], others = s->rows.n_seen[filter];
  size_t fewest = (size_t)ceil((s->nonresponse ? KNOWN : EXPLAINED) * (double)answers);
  if (answers == 0 || others < fewest || answers + others >= fewest + s->rows.n_rows)
    return answers > 0 && others >= fewest; /* whichever rows these are */
  return skip_count_both(&s->rows, s->rows.seen[filter], s->rows.seen[v]) >= fewest;
}

/* Rows of a filter's values in which `v` has no answer, of those in `within`; how many missing cells lie there. */
static size_t unasked(const searcher *s, size_t v, size_t filter, const skip_word *within, skip_part *p, skip_word *rows) {
  size_t n = 0;
  memset(rows, 0, s->rows.words * sizeof(skip_word));
  *p = (skip_part){.variable = filter};
  if (!accompanies(s, filter, v))
    return 0;
  for (size_t i = s->rows.first_atom[filter]; i < s->rows.first_atom[filter + 1]; i++) {
    const skip_atom *a = &s->rows.atoms[i];
    if (a->n == 0 || !skip_share_few(&s->rows, a->rows, s->rows.seen[v], (size_t)(STRAY * (double)a->n)))
      continue;
    size_t missing = 0;
    for (size_t w = 0; w < s->rows.words; w++)
      missing += emend_bits_count(a->rows[w] & s->missing[w] & within[w]);
    if (missing == 0)
      continue;
    n += missing;
    p->skipped[a->category] = 1;
    for (size_t w = 0; w < s->rows.words; w++)
      rows[w] |= a->rows[w];
  }
  return n;
}

/* The filter whose values account for most missing cells of those in `within`; 0: none. Its rows into `rows`. */
static size_t best_filter(searcher *s, size_t v, const skip_word *within, skip_part *best, skip_word *rows) {
  size_t most = 0;
  for (size_t filter = 0; filter < s->plan->n_variables; filter++) {
    skip_part p;
    if (s->rows.first_atom[filter] == s->rows.first_atom[filter + 1] || !skip_may_hang_on(s, v, filter))
      continue;
    size_t n = unasked(s, v, filter, within, &p, s->other);
    if (n > most || (n == most && n > 0 && skip_is_nearer(v, filter, best->variable))) {
      most = n, *best = p;
      memcpy(rows, s->other, s->rows.words * sizeof(skip_word));
    }
  }
  return most;
}

/* Whether the first filter has no answer itself in rows where `v` has none: those hang on what decides about the filter. */
static size_t explained_by_gap(const searcher *s, size_t v, size_t filter) {
  size_t both = 0, answers = 0;
  for (size_t w = 0; w < s->rows.words; w++) {
    skip_word gap = ~s->rows.seen[filter][w];
    both += emend_bits_count(gap & s->missing[w]);
    answers += emend_bits_count(gap & s->rows.seen[v][w]);
  }
  return answers <= (size_t)(STRAY * (double)both) ? both : 0;
}

/* A limit on a number beyond which there is no answer among the rows in `left`: how many missing cells lie there. */
static size_t unasked_beyond(const searcher *s, size_t v, size_t number, bool above, double *limit) {
  size_t n = 0;
  *limit = NAN;
  for (size_t i = 0; i < s->rows.n_rows; i++) {
    emend_run cell = emend_dataset_run(s->plan->dataset, number, skip_row_of(&s->rows, i));
    bool in = (s->left[i / 64] & s->rows.seen[v][i / 64]) >> i % 64 & 1;
    if (in && *cell.reasons == EMEND_OBSERVED && (isnan(*limit) || (above ? *cell.values > *limit : *cell.values < *limit)))
      *limit = *cell.values;
  }
  for (size_t i = 0; i < s->rows.n_rows; i++) {
    emend_run cell = emend_dataset_run(s->plan->dataset, number, skip_row_of(&s->rows, i));
    bool in = (s->left[i / 64] & s->missing[i / 64]) >> i % 64 & 1;
    n += in && *cell.reasons == EMEND_OBSERVED && (above ? *cell.values > *limit : *cell.values < *limit);
  }
  return n;
}

/* What is still unexplained, by a limit on a number (an age): beside other parts it need not be as clear as alone. */
static size_t best_limit(searcher *s, size_t v, skip_part *best) {
  size_t most = 0;
  for (size_t number = 0; number < s->plan->n_variables; number++) {
    bool fits = s->may_limit[number];
    for (int above = 0; above < 2 && fits && skip_may_hang_on(s, v, number); above++) {
      double limit;
      size_t n = unasked_beyond(s, v, number, above, &limit);
      if (n > most)
        most = n, *best = (skip_part){.variable = number, .number = true, .above = above, .limit = limit};
    }
  }
  return most;
}

/* The rows beyond a limit are accounted for. */
static void take_limit(searcher *s, const skip_part *p) {
  for (size_t i = 0; i < s->rows.n_rows; i++) {
    emend_run cell = emend_dataset_run(s->plan->dataset, p->variable, skip_row_of(&s->rows, i));
    if (*cell.reasons == EMEND_OBSERVED && (p->above ? *cell.values > p->limit : *cell.values < p->limit))
      s->left[i / 64] &= ~((skip_word)1 << i % 64);
  }
}

/* One more part of a condition, whichever accounts for more of what is left: how many missing cells; 0: none is worth it. */
static size_t add_part(searcher *s, size_t v, skip_condition *c, size_t fewest) {
  skip_part limit;
  size_t n = best_filter(s, v, s->left, &c->parts[c->n], s->skipped), n_limit = c->n > 0 ? best_limit(s, v, &limit) : 0;
  if (n < fewest && n_limit < fewest)
    return 0;
  if (n_limit > n) {
    c->parts[c->n++] = limit;
    take_limit(s, &limit);
    return n_limit;
  }
  c->n++;
  for (size_t w = 0; w < s->rows.words; w++)
    s->left[w] &= ~s->skipped[w];
  return n;
}

/* Of "not asked where all of the parts say so": rows in which one of them says that it was. */
static skip_word denied(const searcher *s, const skip_condition *c, size_t w) {
  skip_word rows = 0;
  for (size_t i = 0; i < c->n && c->all; i++) {
    const skip_part *p = &c->parts[i];
    skip_word says = 0;
    for (size_t k = s->rows.first_atom[p->variable]; k < s->rows.first_atom[p->variable + 1]; k++)
      says |= p->skipped[s->rows.atoms[k].category] ? s->rows.atoms[k].rows[w] : 0;
    rows |= s->rows.seen[p->variable][w] & ~says;
  }
  return rows;
}

/* Rows in which it is known whether the question was asked: those where it was not (which `rows` has, or with `asked` has not), and those
 * where enough parts have an answer. */
static void find_known(searcher *s, const skip_condition *c, const skip_word *rows, bool asked) {
  for (size_t w = 0; w < s->rows.words; w++) {
    skip_word all = ~(skip_word)0;
    for (size_t i = 0; i < c->n; i++)
      all &= s->rows.seen[c->parts[i].variable][w];
    s->known[w] = all | (asked ? ~rows[w] : rows[w]) | denied(s, c, w);
  }
}

/* "Not asked where any of the parts says so." */
static bool find_any(searcher *s, size_t v, size_t n_missing, skip_condition *c) {
  size_t explained = 0, n_skipped = 0, fewest = skip_fewest(s), n;
  fewest = n_missing / 10 > fewest ? n_missing / 10 : fewest;
  *c = (skip_condition){0};
  memset(s->left, 0xFF, s->rows.words * sizeof(skip_word));
  while (c->n < SKIP_MOST_PARTS && (double)explained < EXPLAINED * (double)n_missing && (n = add_part(s, v, c, fewest)) > 0) {
    if (c->n == 1)
      explained += explained_by_gap(s, v, c->parts[0].variable);
    explained += n, n_skipped += n;
  }
  if (c->n == 0 || !skip_is_said_there(s, s->left, true, c->parts[0].variable))
    return false;
  find_known(s, c, s->left, true);
  if (!s->nonresponse)
    return (double)explained >= EXPLAINED * (double)n_missing && skip_is_evident(s, v, n_skipped, skip_log_ways(s, c));
  return skip_is_mostly_answered(s, v, s->left, true, c->parts[0].variable) && !skip_is_gradual(s, v, c) &&
         skip_is_evident(s, v, n_skipped, skip_log_ways(s, c));
}

/* "Not asked where all of the parts say so": values that nearly all rows without an answer have in common. */
static bool find_all(searcher *s, size_t v, size_t n_missing, skip_condition *c) {
  size_t answers = s->rows.n_seen[v], most_stray = (size_t)(STRAY * (double)n_missing);
  double fewest_missing = (s->nonresponse ? COMMON : EXPLAINED) * (double)n_missing;
  size_t most_outside = n_missing - (size_t)ceil(fewest_missing);
  *c = (skip_condition){.all = true};
  memset(s->skipped, 0xFF, s->rows.words * sizeof(skip_word));
  while (c->n < SKIP_MOST_PARTS && answers > most_stray) {
    const skip_atom *best = NULL;
    size_t fewest = answers;
    for (size_t i = 0; i < s->rows.n_atoms; i++) {
      const skip_atom *a = &s->rows.atoms[i];
      if ((double)a->n < fewest_missing || !skip_lies_within(&s->rows, s->missing, a->rows, most_outside) ||
          !skip_may_hang_on(s, v, a->variable))
        continue;
      size_t n = 0;
      for (size_t w = 0; w < s->rows.words; w++)
        n += emend_bits_count(s->skipped[w] & a->rows[w] & s->rows.seen[v][w]);
      if (n < fewest)
        fewest = n, best = a;
    }
    if (!best)
      return false;
    c->parts[c->n] = (skip_part){.variable = best->variable};
    c->parts[c->n++].skipped[best->category] = 1;
    for (size_t w = 0; w < s->rows.words; w++)
      s->skipped[w] &= best->rows[w];
    answers = fewest;
  }
  size_t n = skip_count_both(&s->rows, s->skipped, s->missing);
  if (c->n == 0 || answers > most_stray || (double)n < fewest_missing ||
      !skip_is_said_there(s, s->skipped, false, c->parts[0].variable))
    return false;
  find_known(s, c, s->skipped, false);
  if (!s->nonresponse)
    return skip_is_evident(s, v, n, skip_log_ways(s, c));
  return skip_is_mostly_answered(s, v, s->skipped, false, c->parts[0].variable) && skip_is_evident(s, v, n, skip_log_ways(s, c));
}

/* The number whose limits alone tell best who was asked. */
static emend_status find_limits(searcher *s, size_t v, skip_condition *c, bool *is_found) {
  size_t most = 0;
  emend_status status = EMEND_OK;
  s->nonresponse = true;
  for (size_t number = 0; number < s->plan->n_variables && !status; number++) {
    skip_condition limits;
    size_t explained;
    if (!s->may_limit[number] || !accompanies(s, number, v) || !skip_may_hang_on(s, v, number))
      continue;
    status = skip_limits_alone(&s->orders, v, s->missing, number, &limits, s->other, &explained, s->error);
    if (status || explained < most || explained == 0 || (explained == most && !skip_is_nearer(v, number, c->parts[0].variable)))
      continue;
    most = explained, *c = limits;
    memcpy(s->skipped, s->other, s->rows.words * sizeof *s->skipped);
  }
  *is_found = !status && most > 0 && skip_is_said_there(s, s->skipped, false, c->parts[0].variable);
  if (*is_found) {
    find_known(s, c, s->skipped, false);
    *is_found = skip_is_evident(s, v, skip_count_both(&s->rows, s->skipped, s->missing), skip_log_ways(s, c));
  }
  return status;
}

/* A condition that was said (who came so far) holds beside the one that was found. */
static emend_status say(const searcher *s, size_t v, emend_said_list *found) {
  emend_buffer name = {0}, text = {0};
  const char *plain = emend_variable_name(s->plan->dataset, v);
  const emend_ruled *ruled = emend_rules_of(&s->plan->rules, v);
  emend_status status = emend_buffer_append_quoted(&name, '`', plain, strlen(plain), s->error);
  if (!status && ruled)
    status = emend_buffer_format(&text, s->error, "(%s) and (", emend_rule_text(emend_ruled_condition(&s->plan->rules, ruled)));
  if (!status)
    status = skip_condition_print(s->plan, &s->conditions[v], &text, s->error);
  if (!status && ruled)
    status = emend_buffer_format(&text, s->error, ")");
  if (!status)
    status = emend_said_add(found, EMEND_SAID_ONLY_IF, ruled ? EMEND_LAST_LAYER : 0, name.bytes, text.bytes, EMEND_SKIP_FOUND, s->error);
  emend_buffer_free(&name), emend_buffer_free(&text);
  return status;
}

typedef struct preparation {
  searcher *search;
  const unsigned char *asked;
  unsigned char *failed; /* per variable */
} preparation;

static void prepare_one(void *context, size_t v) {
  const preparation *p = context;
  searcher *s = p->search;
  p->failed[v] = skip_rows_see(&s->rows, v, is_searched(s, p->asked, v, 1), NULL) != EMEND_OK;
  if (s->may_limit[v])
    skip_orders_find_ends(&s->orders, v);
}

/* All that fails is memory. */
static emend_status prepare(searcher *s, const unsigned char *asked, emend_team *team, size_t *n_searched) {
  size_t n = s->plan->n_variables;
  *n_searched = 0;
  for (size_t v = 0; v < n; v++)
    *n_searched += is_searched(s, asked, v, 1);
  if (*n_searched == 0)
    return EMEND_OK;
  preparation p = {.search = s, .asked = asked, .failed = emend_allocate(n, 1)};
  if (p.failed)
    emend_team_run(team, n, prepare_one, &p);
  bool failed = !p.failed || memchr(p.failed, 1, n);
  free(p.failed);
  return failed ? emend_fail_memory(s->error) : EMEND_OK;
}

/* A group in which nobody answered explains what hangs on anything that tells groups apart; encode/skip_groups.h finds it. */
static bool is_silent_in_group(const searcher *s, size_t v) {
  if (s->plan->by < 0)
    return false;
  size_t by = (size_t)s->plan->by;
  for (size_t i = s->rows.first_atom[by]; i < s->rows.first_atom[by + 1]; i++)
    if (s->rows.atoms[i].n > 0 && skip_share_few(&s->rows, s->rows.atoms[i].rows, s->rows.seen[v], 0))
      return true;
  return false;
}

/* Limits on a number are preferred to anything that needs several filters. */
static emend_status find_condition(searcher *s, size_t v, bool codes, skip_condition *c, bool *is_found) {
  skip_find_missing(s, v, codes);
  size_t n_missing = skip_count(&s->rows, s->missing);
  emend_status status = EMEND_OK;
  int ways_of_search = is_silent_in_group(s, v) ? 1 : 2;
  *is_found = false;
  for (int way = 0; way < ways_of_search && n_missing >= FEWEST_MISSING && !*is_found && !status; way++) {
    skip_condition limits;
    bool is_limited = false;
    s->nonresponse = way == 1;
    *is_found = find_any(s, v, n_missing, c);
    if (way == 0 && !(*is_found && c->n == 1))
      status = find_limits(s, v, &limits, &is_limited);
    s->nonresponse = way == 1;
    if (is_limited)
      *c = limits;
    *is_found = *is_found || is_limited || find_all(s, v, n_missing, c);
  }
  return status;
}

/* Where nothing of the question is filled or may be, a condition serves to tell filters that are. */
static bool is_useful(const searcher *s, size_t v, const skip_condition *c) {
  bool useful = s->plan->variables[v].missing.fill > 0 || s->plan->variables[v].on_demand;
  for (size_t i = 0; i < c->n && !useful; i++)
    useful = s->plan->variables[c->parts[i].variable].missing.fill > 0;
  return useful;
}

static bool is_operand(const emend_rule *rule, size_t v) {
  for (size_t k = 0; k < emend_rule_operands(rule); k++)
    if (emend_rule_operand(rule, k) == v)
      return true;
  return false;
}

/* Whoever said a condition has thought of its variables: other parts are left, if each alone says who was not asked. */
static void leave_unsaid(const searcher *s, size_t v, skip_condition *c) {
  const emend_ruled *ruled = emend_rules_of(&s->plan->rules, v);
  const emend_rule *rule = ruled ? emend_ruled_condition(&s->plan->rules, ruled) : NULL;
  size_t n = 0;
  for (size_t i = 0; rule && i < c->n; i++)
    if (!is_operand(rule, c->parts[i].variable))
      c->parts[n++] = c->parts[i];
  if (rule && n < c->n)
    c->n = c->all ? 0 : n;
}

/* Of values that few of the rows looked at have, all rows tell whether they belong to a part. */
static void take_rare_values(const searcher *s, size_t v, skip_part *p) {
  enum { RARE = 5 };
  size_t answers[EMEND_MOST_CATEGORIES + 1] = {0}, missing[EMEND_MOST_CATEGORIES + 1] = {0};
  const emend_categories *c = &s->plan->variables[p->variable].categories;
  emend_run x, y;
  for (size_t row = 0; row < emend_dataset_rows(s->plan->dataset); row += x.n) {
    x = emend_dataset_run(s->plan->dataset, p->variable, row), y = emend_dataset_run(s->plan->dataset, v, row);
    for (size_t i = 0; i < x.n; i++) {
      size_t k = emend_categories_of_cell(c, row + i, x.reasons[i], x.values[i]);
      (y.reasons[i] == EMEND_OBSERVED ? answers : missing)[k < c->n ? k : EMEND_MOST_CATEGORIES]++;
    }
  }
  for (size_t i = s->rows.first_atom[p->variable]; i < s->rows.first_atom[p->variable + 1]; i++)
    if (s->rows.atoms[i].n < RARE)
      p->skipped[s->rows.atoms[i].category] = answers[s->rows.atoms[i].category] == 0 && missing[s->rows.atoms[i].category] > 0;
}

/* Blank or answered in the same rows, but for a few. */
static bool goes_with(const searcher *s, size_t v, size_t other) {
  size_t differ = 0;
  if (!s->rows.seen[other] || s->rows.n_seen[other] == 0)
    return false;
  for (size_t w = 0; w < s->rows.words; w++)
    differ += emend_bits_count(s->rows.seen[v][w] ^ s->rows.seen[other][w]);
  return (double)differ <= STRAY * (double)s->rows.n_seen[v];
}

/* Whether it is one of several neighbours that do. */
static bool is_in_block(const searcher *s, size_t v) {
  enum { FEWEST = 3 };
  size_t first = v, end = v + 1;
  while (first > 0 && goes_with(s, v, first - 1))
    first--;
  while (end < s->plan->n_variables && goes_with(s, v, end))
    end++;
  return end - first >= FEWEST;
}

static emend_status find_skip(searcher *s, size_t v) {
  skip_condition c;
  bool codes = skip_count_said(s, v) >= FEWEST_MISSING;
  bool is_found = false;
  s->block = is_in_block(s, v);
  emend_status status = codes ? find_condition(s, v, true, &c, &is_found) : EMEND_OK;
  if (!status && !is_found)
    status = find_condition(s, v, false, &c, &is_found);
  if (status || !is_found || !is_useful(s, v, &c))
    return status;
  leave_unsaid(s, v, &c);
  for (size_t i = 0; i < c.n && !c.all && s->rows.step > 1; i++)
    if (!c.parts[i].number)
      take_rare_values(s, v, &c.parts[i]);
  s->conditions[v] = c;
  return EMEND_OK;
}

static void find_near(searcher *s, size_t v) {
  skip_condition c;
  const emend_ruled *ruled = emend_rules_of(&s->plan->rules, v);
  if (!ruled && skip_find_near(s, v, &c) && is_useful(s, v, &c))
    s->conditions[v] = c;
}

/* Where many questions have each a limit of its own on one number, it tells how far people came, or what they lack: no reason why. */
static void drop_progress(searcher *s) {
  enum { MOST_LIMITS = 3 };
  for (size_t number = 0; number < s->plan->n_variables; number++) {
    double limits[MOST_LIMITS + 1];
    size_t n = 0;
    for (size_t v = 0; v < s->plan->n_variables && n <= MOST_LIMITS; v++) {
      const skip_part *p = &s->conditions[v].parts[0];
      bool counts = s->conditions[v].n > 0 && p->number && p->variable == number, known = false;
      for (size_t i = 0; i < n; i++)
        known = known || limits[i] == p->limit;
      if (counts && !known)
        limits[n++] = p->limit;
    }
    for (size_t v = 0; v < s->plan->n_variables && n > MOST_LIMITS; v++)
      if (s->conditions[v].n > 0 && s->conditions[v].parts[0].number && s->conditions[v].parts[0].variable == number)
        s->conditions[v].n = 0;
  }
}

emend_status emend_skips_find(const emend_plan *plan, const unsigned char *asked, unsigned char *branches, emend_team *team,
                              emend_said_list *found, emend_error *error) {
  searcher s;
  size_t n_searched;
  if (emend_dataset_rows(plan->dataset) < FEWEST_ROWS)
    return EMEND_OK;
  emend_status status = search_new(&s, plan, error);
  if (!status)
    status = prepare(&s, asked, team, &n_searched);
  for (size_t v = 0; v < plan->n_variables && !status && n_searched; v++) {
    bool searched = is_searched(&s, asked, v, FEWEST_MISSING);
    branches[v] = searched && plan->variables[v].missing.fill >= FEWEST_MISSING && skip_is_branch(&s.rows, v);
    if (searched && !branches[v])
      status = find_skip(&s, v);
    if (!status && !branches[v] && s.conditions[v].n == 0 && is_searched(&s, asked, v, 1))
      find_near(&s, v);
  }
  if (!status && n_searched)
    drop_progress(&s);
  for (size_t v = 0; v < plan->n_variables && !status && n_searched; v++)
    if (s.conditions[v].n > 0)
      status = say(&s, v, found);
  search_free(&s);
  return status;
}
