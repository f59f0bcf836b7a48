/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/skip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"

enum {
  MOST_ROWS = 2048,       /* looked at: of more, one in so many */
  FEWEST_MISSING = 10,    /* of a variable, and of them where it was not asked */
  FEWEST_ROWS = 40,
  MOST_VALUES = 30,       /* of a variable that others may hang on, and ... */
  MOST_UNLABELLED = 12,   /* ... if they have no labels */
  MOST_PARTS = 3          /* of a condition */
};
static const double EXPLAINED = 0.9; /* share of the missing cells that a condition accounts for */
static const double STRAY = 0.01;    /* share of answers where there should be none */
static const double EVIDENCE = 20;   /* minus the log of the probability that chance leaves no answer there */

/* Rows as bits. */
typedef uint64_t word;

/* A set of rows in which one variable has one value. */
typedef struct atom {
  size_t variable, category;
  word *rows;
  size_t n;
} atom;

/* A part of a condition: the variable is (or is not) one of some categories, or a number above or below a limit. */
typedef struct part {
  size_t variable;
  unsigned char skipped[EMEND_MOST_CATEGORIES]; /* categories where the question is not asked */
  bool number, above;                           /* not asked above (below) the limit */
  double limit;
} part;

typedef struct condition {
  part parts[MOST_PARTS];
  size_t n;
  bool all; /* not asked where all parts say so; else where any does */
} condition;

typedef struct searcher {
  const emend_plan *plan;
  size_t n_rows, step, words; /* rows looked at */
  atom *atoms;
  size_t n_atoms;
  size_t *first_atom;      /* per variable: its atoms, n + 1 entries */
  word **seen;             /* per variable: rows in which it is observed; NULL if it has no role here */
  word *missing, *skipped, *other, *left;
  condition *conditions;   /* per variable: found; n 0: none */
  emend_error *error;
} searcher;

static size_t row_of(const searcher *s, size_t i) { return i * s->step; }
static void set_bit(word *rows, size_t i) { rows[i / 64] |= (word)1 << i % 64; }

static size_t count(const searcher *s, const word *rows) {
  size_t n = 0;
  for (size_t w = 0; w < s->words; w++)
    n += emend_bits_count(rows[w]);
  return n;
}

static size_t count_both(const searcher *s, const word *a, const word *b) {
  size_t n = 0;
  for (size_t w = 0; w < s->words; w++)
    n += emend_bits_count(a[w] & b[w]);
  return n;
}

/* True if at most `most` rows are in both: mostly known after a few words. */
static bool share_few(const searcher *s, const word *a, const word *b, size_t most) {
  size_t n = 0;
  for (size_t w = 0; w < s->words; w++)
    if ((n += emend_bits_count(a[w] & b[w])) > most)
      return false;
  return true;
}

static bool takes_part(const emend_planned *planned) {
  return planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_PREDICT || planned->role == EMEND_ROLE_CONSTANT ||
         planned->role == EMEND_ROLE_EXCLUDED;
}

/* Other questions may hang on it. */
static bool may_filter(const emend_planned *planned) {
  size_t n = planned->categories.n;
  bool labelled = planned->observed.labelled || planned->categories.texts;
  return takes_part(planned) && n >= 2 && n <= (labelled ? MOST_VALUES : MOST_UNLABELLED);
}

/* A count that may be nothing, whatever else it may be. */
static bool may_be_zero(const emend_planned *planned) {
  return takes_part(planned) && planned->categories.numbers && planned->categories.n > MOST_UNLABELLED &&
         planned->categories.numbers[0] == 0;
}

static bool is_searched(const searcher *s, const unsigned char *asked, size_t v) {
  const emend_planned *planned = &s->plan->variables[v];
  return planned->fills && planned->missing.fill >= FEWEST_MISSING && !asked[v] && !emend_rules_of(&s->plan->rules, v) &&
         (planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_CONSTANT);
}

static size_t category_of(const emend_plan *plan, size_t v, size_t row) {
  const emend_categories *c = &plan->variables[v].categories;
  emend_run cell = emend_dataset_run(plan->dataset, v, row);
  if (*cell.reasons != EMEND_OBSERVED)
    return EMEND_NO_CATEGORY;
  return c->codes ? c->codes[row] : emend_categories_find(c, *cell.values);
}

static size_t atoms_of(const emend_planned *planned) { return may_filter(planned) ? planned->categories.n : may_be_zero(planned) ? 1 : 0; }

static emend_status add_atoms(searcher *s, size_t v) {
  size_t n = atoms_of(&s->plan->variables[v]);
  for (size_t k = 0; k < n; k++) {
    atom *a = &s->atoms[s->first_atom[v] + k];
    *a = (atom){.variable = v, .category = k, .rows = emend_allocate(s->words, sizeof(word))};
    if (!a->rows)
      return emend_fail_memory(s->error);
  }
  for (size_t i = 0; i < s->n_rows && n > 0; i++) {
    size_t category = category_of(s->plan, v, row_of(s, i));
    if (category < n) {
      set_bit(s->atoms[s->first_atom[v] + category].rows, i);
      s->atoms[s->first_atom[v] + category].n++;
    }
  }
  return EMEND_OK;
}

static emend_status see(searcher *s, size_t v) {
  s->seen[v] = emend_allocate(s->words, sizeof(word));
  if (!s->seen[v])
    return emend_fail_memory(s->error);
  for (size_t i = 0; i < s->n_rows; i++)
    if (*emend_dataset_run(s->plan->dataset, v, row_of(s, i)).reasons == EMEND_OBSERVED)
      set_bit(s->seen[v], i);
  return EMEND_OK;
}

static void search_free(searcher *s) {
  for (size_t i = 0; s->atoms && i < s->n_atoms; i++)
    free(s->atoms[i].rows);
  for (size_t v = 0; s->seen && v < s->plan->n_variables; v++)
    free(s->seen[v]);
  free(s->atoms), free(s->first_atom), free(s->seen), free(s->missing), free(s->skipped), free(s->other), free(s->left),
      free(s->conditions);
}

static emend_status search_new(searcher *s, const emend_plan *plan, emend_error *error) {
  size_t rows = emend_dataset_rows(plan->dataset), p = plan->n_variables;
  *s = (searcher){.plan = plan, .error = error, .step = 1 + (rows - 1) / MOST_ROWS};
  s->n_rows = (rows + s->step - 1) / s->step;
  s->words = (s->n_rows + 63) / 64;
  s->first_atom = emend_allocate(p + 1, sizeof *s->first_atom);
  s->seen = emend_allocate(p, sizeof *s->seen);
  s->conditions = emend_allocate(p, sizeof *s->conditions);
  s->missing = emend_allocate(s->words, sizeof(word));
  s->skipped = emend_allocate(s->words, sizeof(word));
  s->other = emend_allocate(s->words, sizeof(word));
  s->left = emend_allocate(s->words, sizeof(word));
  if (!s->first_atom || !s->seen || !s->conditions || !s->missing || !s->skipped || !s->other || !s->left)
    return emend_fail_memory(error);
  for (size_t v = 0; v < p; v++) {
    s->first_atom[v] = s->n_atoms;
    s->n_atoms += atoms_of(&plan->variables[v]);
  }
  s->first_atom[p] = s->n_atoms;
  s->atoms = emend_allocate(s->n_atoms, sizeof *s->atoms);
  return s->atoms ? EMEND_OK : emend_fail_memory(error);
}

/* The cells of a variable that would be filled, other than by wish. */
static void find_missing(searcher *s, size_t v) {
  memset(s->missing, 0, s->words * sizeof(word));
  for (size_t i = 0; i < s->n_rows; i++)
    if (!(s->seen[v][i / 64] >> i % 64 & 1)) {
      emend_run cell = emend_dataset_run(s->plan->dataset, v, row_of(s, i));
      if (emend_plan_fills_code(s->plan, row_of(s, i), v, *cell.reasons, *cell.values) &&
          !emend_plan_wishes_code(s->plan, row_of(s, i), v, *cell.reasons, *cell.values))
        set_bit(s->missing, i);
    }
}

/* Whether a variable hangs on another one, directly or not: then that one must not hang on it. */
static bool hangs_on(const searcher *s, size_t v, size_t on, size_t depth) {
  if (v == on || depth == 0)
    return true;
  const condition *c = &s->conditions[v];
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

static bool may_hang_on(const searcher *s, size_t v, size_t filter) {
  enum { DEEPEST = 12 };
  return filter != v && !hangs_on(s, filter, v, DEEPEST);
}

/* A filter was asked of those who answered the question; a remark that few rows have is none. */
static bool accompanies(const searcher *s, size_t filter, size_t v) {
  size_t answers = count(s, s->seen[v]);
  return answers > 0 && (double)count_both(s, s->seen[filter], s->seen[v]) >= EXPLAINED * (double)answers;
}

/* Rows of a filter's values in which `v` has no answer, of those in `within`; how many missing cells lie there. */
static size_t unasked(const searcher *s, size_t v, size_t filter, const word *within, part *p, word *rows) {
  size_t n = 0;
  memset(rows, 0, s->words * sizeof(word));
  *p = (part){.variable = filter};
  if (!accompanies(s, filter, v))
    return 0;
  for (size_t i = s->first_atom[filter]; i < s->first_atom[filter + 1]; i++) {
    const atom *a = &s->atoms[i];
    if (a->n == 0 || !share_few(s, a->rows, s->seen[v], (size_t)(STRAY * (double)a->n)))
      continue;
    size_t missing = 0;
    for (size_t w = 0; w < s->words; w++)
      missing += emend_bits_count(a->rows[w] & s->missing[w] & within[w]);
    if (missing == 0)
      continue;
    n += missing;
    p->skipped[a->category] = 1;
    for (size_t w = 0; w < s->words; w++)
      rows[w] |= a->rows[w];
  }
  return n;
}

/* Of equal filters the one that stands nearest before the question. */
static bool is_nearer(size_t v, size_t a, size_t b) { return (a < v) != (b < v) ? a < v : (a < v ? a > b : a < b); }

/* The filter whose values account for most missing cells of those in `within`; 0: none. Its rows into `rows`. */
static size_t best_filter(searcher *s, size_t v, const word *within, part *best, word *rows) {
  size_t most = 0;
  for (size_t filter = 0; filter < s->plan->n_variables; filter++) {
    part p;
    if (s->first_atom[filter] == s->first_atom[filter + 1] || !may_hang_on(s, v, filter))
      continue;
    size_t n = unasked(s, v, filter, within, &p, s->other);
    if (n > most || (n == most && n > 0 && is_nearer(v, filter, best->variable))) {
      most = n, *best = p;
      memcpy(rows, s->other, s->words * sizeof(word));
    }
  }
  return most;
}

/* Whether the first filter has no answer itself in rows where `v` has none: those hang on what decides about the filter. */
static size_t explained_by_gap(const searcher *s, size_t v, size_t filter) {
  size_t both = 0, answers = 0;
  for (size_t w = 0; w < s->words; w++) {
    word gap = ~s->seen[filter][w];
    both += emend_bits_count(gap & s->missing[w]);
    answers += emend_bits_count(gap & s->seen[v][w]);
  }
  return both >= FEWEST_MISSING && answers <= (size_t)(STRAY * (double)both) ? both : 0;
}

static double log_choose(size_t n, size_t k) { return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1); }

/* That it is not chance by which all answers lie elsewhere: the hypergeometric probability, had the missing cells been any. */
static bool is_evident(const searcher *s, size_t n_missing, size_t n_skipped) {
  size_t answers = s->n_rows - n_missing, elsewhere = s->n_rows - n_skipped;
  return n_skipped >= FEWEST_MISSING && answers <= elsewhere && log_choose(s->n_rows, answers) - log_choose(elsewhere, answers) >= EVIDENCE;
}

/* A limit on a number beyond which there is no answer among the rows in `left`: how many missing cells lie there. */
static size_t unasked_beyond(const searcher *s, size_t v, size_t number, bool above, double *limit) {
  size_t n = 0;
  *limit = NAN;
  for (size_t i = 0; i < s->n_rows; i++) {
    emend_run cell = emend_dataset_run(s->plan->dataset, number, row_of(s, i));
    bool in = (s->left[i / 64] & s->seen[v][i / 64]) >> i % 64 & 1;
    if (in && *cell.reasons == EMEND_OBSERVED && (isnan(*limit) || (above ? *cell.values > *limit : *cell.values < *limit)))
      *limit = *cell.values;
  }
  for (size_t i = 0; i < s->n_rows; i++) {
    emend_run cell = emend_dataset_run(s->plan->dataset, number, row_of(s, i));
    bool in = (s->left[i / 64] & s->missing[i / 64]) >> i % 64 & 1;
    n += in && *cell.reasons == EMEND_OBSERVED && (above ? *cell.values > *limit : *cell.values < *limit);
  }
  return n;
}

/* What is still unexplained, by a limit on a number (an age). A limit alone says nothing: cells may be missing beyond it for other reasons.
 */
static size_t best_limit(searcher *s, size_t v, part *best) {
  size_t most = 0;
  for (size_t number = 0; number < s->plan->n_variables; number++) {
    const emend_planned *planned = &s->plan->variables[number];
    bool fits = takes_part(planned) && emend_variable_get_kind(s->plan->dataset, number) == EMEND_NUMERIC && !may_filter(planned) &&
                planned->observed.n > 0;
    for (int above = 0; above < 2 && fits && may_hang_on(s, v, number); above++) {
      double limit;
      size_t n = unasked_beyond(s, v, number, above, &limit);
      if (n > most)
        most = n, *best = (part){.variable = number, .number = true, .above = above, .limit = limit};
    }
  }
  return most;
}

/* The rows beyond a limit are accounted for. */
static void take_limit(searcher *s, const part *p) {
  for (size_t i = 0; i < s->n_rows; i++) {
    emend_run cell = emend_dataset_run(s->plan->dataset, p->variable, row_of(s, i));
    if (*cell.reasons == EMEND_OBSERVED && (p->above ? *cell.values > p->limit : *cell.values < p->limit))
      s->left[i / 64] &= ~((word)1 << i % 64);
  }
}

/* One more part of a condition, whichever accounts for more of what is left: how many missing cells; 0: none is worth it. */
static size_t add_part(searcher *s, size_t v, condition *c, size_t fewest) {
  part limit;
  size_t n = best_filter(s, v, s->left, &c->parts[c->n], s->skipped), n_limit = c->n > 0 ? best_limit(s, v, &limit) : 0;
  if (n < fewest && n_limit < fewest)
    return 0;
  if (n_limit > n) {
    c->parts[c->n++] = limit;
    take_limit(s, &limit);
    return n_limit;
  }
  c->n++;
  for (size_t w = 0; w < s->words; w++)
    s->left[w] &= ~s->skipped[w];
  return n;
}

/* "Not asked where any of the parts says so." */
static bool find_any(searcher *s, size_t v, size_t n_missing, condition *c) {
  size_t explained = 0, n_skipped = 0, fewest = n_missing / 10 > FEWEST_MISSING ? n_missing / 10 : FEWEST_MISSING, n;
  *c = (condition){0};
  memset(s->left, 0xFF, s->words * sizeof(word));
  while (c->n < MOST_PARTS && (double)explained < EXPLAINED * (double)n_missing && (n = add_part(s, v, c, fewest)) > 0) {
    if (c->n == 1)
      explained += explained_by_gap(s, v, c->parts[0].variable);
    explained += n, n_skipped += n;
  }
  return c->n > 0 && (double)explained >= EXPLAINED * (double)n_missing && is_evident(s, n_missing, n_skipped);
}

/* "Not asked where all of the parts say so": values that nearly all rows without an answer have in common. */
static bool find_all(searcher *s, size_t v, size_t n_missing, condition *c) {
  size_t answers = count(s, s->seen[v]), most_stray = (size_t)(STRAY * (double)n_missing);
  *c = (condition){.all = true};
  memset(s->skipped, 0xFF, s->words * sizeof(word));
  while (c->n < MOST_PARTS && answers > most_stray) {
    const atom *best = NULL;
    size_t fewest = answers;
    for (size_t i = 0; i < s->n_atoms; i++) {
      const atom *a = &s->atoms[i];
      if ((double)a->n < EXPLAINED * (double)n_missing || (double)count_both(s, a->rows, s->missing) < EXPLAINED * (double)n_missing ||
          !may_hang_on(s, v, a->variable))
        continue;
      size_t n = 0;
      for (size_t w = 0; w < s->words; w++)
        n += emend_bits_count(s->skipped[w] & a->rows[w] & s->seen[v][w]);
      if (n < fewest)
        fewest = n, best = a;
    }
    if (!best)
      return false;
    c->parts[c->n] = (part){.variable = best->variable};
    c->parts[c->n++].skipped[best->category] = 1;
    for (size_t w = 0; w < s->words; w++)
      s->skipped[w] &= best->rows[w];
    answers = fewest;
  }
  size_t n = count_both(s, s->skipped, s->missing);
  return answers <= most_stray && (double)n >= EXPLAINED * (double)n_missing && is_evident(s, n_missing, n);
}

/* The condition in the words of a rule: when the question is asked. */
static emend_status print_name(const searcher *s, size_t v, emend_buffer *text) {
  static const char *const words[] = {"and", "or", "not", "missing"};
  const char *name = emend_variable_name(s->plan->dataset, v);
  size_t plain = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.");
  bool quoted = name[plain] || strspn(name, "0123456789.") > 0;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    quoted = quoted || emend_ascii_equal(name, words[i]);
  if (!quoted)
    return emend_buffer_format(text, s->error, "%s", name);
  return emend_buffer_append_quoted(text, '`', name, strlen(name), s->error);
}

static emend_status print_value(const searcher *s, size_t v, size_t category, emend_buffer *text) {
  const emend_categories *c = &s->plan->variables[v].categories;
  char number[EMEND_NUMBER_SIZE];
  if (c->numbers) {
    emend_number_print(c->numbers[category], '.', number);
    return emend_buffer_format(text, s->error, "%s", number);
  }
  const char *value = emend_dataset_text(s->plan->dataset, c->texts[category]);
  return emend_buffer_append_quoted(text, '"', value, emend_trimmed_length(value, strlen(value)), s->error);
}

/* `x == 1 or x == 2`, or `x != 3`, whichever is shorter; in brackets if it has several terms. */
static emend_status print_categories(const searcher *s, const part *p, emend_buffer *text) {
  size_t n = s->plan->variables[p->variable].categories.n, n_skipped = 0, terms = 0;
  for (size_t k = 0; k < n; k++)
    n_skipped += p->skipped[k];
  bool by_skipped = n_skipped < n - n_skipped;
  size_t n_terms = by_skipped ? n_skipped : n - n_skipped;
  emend_status status = n_terms > 1 ? emend_buffer_append(text, "(", 1, s->error) : EMEND_OK;
  for (size_t k = 0; k < n && !status; k++) {
    if (p->skipped[k] != by_skipped)
      continue;
    if (terms++)
      status = emend_buffer_format(text, s->error, by_skipped ? " and " : " or ");
    if (!status)
      status = print_name(s, p->variable, text);
    if (!status)
      status = emend_buffer_format(text, s->error, by_skipped ? " != " : " == ");
    if (!status)
      status = print_value(s, p->variable, k, text);
  }
  return status || n_terms < 2 ? status : emend_buffer_append(text, ")", 1, s->error);
}

static emend_status print_part(const searcher *s, const part *p, emend_buffer *text) {
  char number[EMEND_NUMBER_SIZE];
  if (!p->number)
    return print_categories(s, p, text);
  emend_status status = print_name(s, p->variable, text);
  emend_number_print(p->limit, '.', number);
  return status ? status : emend_buffer_format(text, s->error, " %s %s", p->above ? "<=" : ">=", number);
}

static emend_status print_condition(const searcher *s, const condition *c, emend_buffer *text) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < c->n && !status; i++) {
    if (i > 0)
      status = emend_buffer_format(text, s->error, c->all ? " or " : " and ");
    if (!status)
      status = print_part(s, &c->parts[i], text);
  }
  return status;
}

static emend_status say(const searcher *s, size_t v, emend_said_list *found) {
  emend_buffer name = {0}, text = {0};
  const char *plain = emend_variable_name(s->plan->dataset, v);
  emend_status status = emend_buffer_append_quoted(&name, '`', plain, strlen(plain), s->error);
  if (!status)
    status = print_condition(s, &s->conditions[v], &text);
  if (!status)
    status = emend_said_add(found, EMEND_SAID_ONLY_IF, 0, name.bytes, text.bytes, EMEND_SKIP_FOUND, s->error);
  emend_buffer_free(&name), emend_buffer_free(&text);
  return status;
}

static emend_status prepare(searcher *s, const unsigned char *asked, size_t *n_searched) {
  emend_status status = EMEND_OK;
  *n_searched = 0;
  for (size_t v = 0; v < s->plan->n_variables; v++)
    *n_searched += is_searched(s, asked, v);
  for (size_t v = 0; v < s->plan->n_variables && *n_searched && !status; v++) {
    status = add_atoms(s, v);
    if (!status && (is_searched(s, asked, v) || s->first_atom[v] < s->first_atom[v + 1] || takes_part(&s->plan->variables[v])))
      status = see(s, v);
  }
  return status;
}

/* Whether any other variable of the model is observed in a row together with this one. */
static bool has_company(const searcher *s, size_t v) {
  for (size_t u = 0; u < s->plan->n_variables; u++)
    if (u != v && s->plan->variables[u].n_columns > 0 && s->seen[u] && !share_few(s, s->seen[u], s->seen[v], 0))
      return true;
  return false;
}

/* Known only where all rows were looked at. */
static bool is_branch(const searcher *s, size_t v) {
  size_t n_columns = 0;
  for (size_t u = 0; u < s->plan->n_variables; u++)
    n_columns += s->plan->variables[u].n_columns > 0;
  return n_columns > 1 && s->step == 1 && count(s, s->seen[v]) >= FEWEST_MISSING && !has_company(s, v);
}

static emend_status find_skip(searcher *s, size_t v, emend_said_list *found) {
  find_missing(s, v);
  size_t n_missing = count(s, s->missing);
  condition c;
  if (n_missing < FEWEST_MISSING || !(find_any(s, v, n_missing, &c) || find_all(s, v, n_missing, &c)))
    return EMEND_OK;
  s->conditions[v] = c;
  return say(s, v, found);
}

emend_status emend_skips_find(const emend_plan *plan, const unsigned char *asked, unsigned char *branches, emend_said_list *found,
                              emend_error *error) {
  searcher s;
  size_t n_searched;
  if (emend_dataset_rows(plan->dataset) < FEWEST_ROWS)
    return EMEND_OK;
  emend_status status = search_new(&s, plan, error);
  if (!status)
    status = prepare(&s, asked, &n_searched);
  for (size_t v = 0; v < plan->n_variables && !status && n_searched; v++) {
    bool searched = is_searched(&s, asked, v);
    branches[v] = searched && is_branch(&s, v);
    if (searched && !branches[v])
      status = find_skip(&s, v, found);
  }
  search_free(&s);
  return status;
}
