/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/events.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/sort.h"
#include "base/text.h"
#include "encode/skip_condition.h"

/*
 * Finds what one variable says of another in every row that has both (encode/relation.h): bands of a number, codes that go with one answer
 * each, amounts that are one value at some codes. There are many pairs: each is looked at in a sample of rows first, where nearly all end
 * after a few. One row to the contrary is enough: then it is no rule, or an error that somebody has to mend.
 */

enum {
  MOST_PIECES = 24,     /* of bands */
  MOST_AGAIN = 2,       /* more of them than answers: low, normal and high, of which two are called not normal */
  FEWEST_OF_PIECE = 10, /* rows of a band, where an answer has several bands; and of two bands or codes in any case */
  FEWEST_OF_CODE = 30,  /* rows with a code that implies an amount */
  FEWEST_AMOUNTS = 10,  /* different values elsewhere */
  FEW_CODES = 24,       /* of a source in order: its codes are taken as codes, not as a number */
  MOST_SOURCES = 4,     /* of one target */
  MOST_WARNINGS = 12
};

/* Minus the logarithm of the probability that it would look so by chance, less that of the ways in which limits could be chosen. */
static const double EVIDENCE = 30;

/* A relation that is being looked at; targets of pieces are categories, but for amounts. */
typedef struct trial {
  emend_relation_kind kind;
  size_t source, target, n, rows;
  emend_relation_piece pieces[EMEND_MOST_CATEGORIES + 1];
} trial;

typedef struct sampled {
  double *numbers;      /* per sampled row; NaN: none. NULL: no number */
  unsigned char *codes; /* categories; NULL: it has none */
  unsigned short *order; /* of the rows that have a number, ascending; NULL: it has no bands */
  size_t n_ordered, n_sources;
} sampled;

typedef struct search {
  planner *p;
  sampled *of; /* per variable */
  size_t n_sampled;
  trial trial;
} search;

static bool is_in_model(const planner *p, size_t v) {
  const emend_planned *planned = &p->plan->variables[v];
  return emend_planned_takes_part(planned) && !planned->observed.infinite_row;
}

static bool is_amount(const emend_planned *planned) {
  const emend_observed *o = &planned->observed;
  return (planned->type == EMEND_TYPE_CONTINUOUS || planned->type == EMEND_TYPE_INTEGER) && !o->labelled &&
         (!o->integers || o->n_distinct >= FEWEST_AMOUNTS);
}

static bool may_be_source(const search *s, size_t v) {
  return (is_in_model(s->p, v) || s->p->plan->variables[v].role == EMEND_ROLE_DERIVED) && !s->p->apart[v];
}

static bool may_be_target(const search *s, size_t v) {
  const emend_plan *plan = s->p->plan;
  const emend_planned *planned = &plan->variables[v];
  return is_in_model(s->p, v) && !s->p->apart[v] && !planned->set && !emend_plan_formula(plan, v) &&
         (planned->categories.n >= 2 || is_amount(planned));
}

/* Has an order: what lies between two answers is between them. */
static bool is_number(const emend_planned *planned) {
  return !planned->categories.texts && !planned->observed.infinite_row &&
         (planned->type == EMEND_TYPE_CONTINUOUS || planned->type == EMEND_TYPE_INTEGER || planned->type == EMEND_TYPE_ORDINAL);
}

/* Its order tells bands; with few codes these are taken as such. */
static bool may_have_bands(const emend_planned *planned) {
  return is_number(planned) && (planned->categories.n == 0 || planned->categories.n > FEW_CODES);
}

static emend_status take_sample(search *s, size_t v) {
  const emend_planned *planned = &s->p->plan->variables[v];
  sampled *of = &s->of[v];
  size_t rows = emend_dataset_rows(s->p->dataset);
  bool numbers = may_have_bands(planned) || is_amount(planned), codes = planned->categories.n > 0;
  of->numbers = numbers ? emend_allocate(s->n_sampled, sizeof *of->numbers) : NULL;
  of->codes = codes ? emend_allocate(s->n_sampled, 1) : NULL;
  if ((numbers && !of->numbers) || (codes && !of->codes))
    return emend_fail_memory(s->p->error);
  planner_sample cells;
  planner_take_sample(s->p, v, s->n_sampled, &cells);
  for (size_t i = 0; i < s->n_sampled && numbers; i++)
    of->numbers[i] = cells.reasons[i] == EMEND_OBSERVED ? cells.values[i] : NAN;
  for (size_t i = 0; i < s->n_sampled && codes; i++)
    of->codes[i] = (unsigned char)emend_categories_of_cell(&planned->categories, planner_sampled_row(i, s->n_sampled, rows),
                                                           cells.reasons[i], cells.values[i]);
  return EMEND_OK;
}

typedef struct ordered_row {
  double number, row;
} ordered_row;

static emend_status put_in_order(search *s, size_t v) {
  sampled *of = &s->of[v];
  ordered_row rows[PLANNER_SAMPLED];
  for (size_t i = 0; i < s->n_sampled; i++)
    if (!isnan(of->numbers[i]))
      rows[of->n_ordered++] = (ordered_row){of->numbers[i], (double)i};
  emend_sort_by_numbers(rows, of->n_ordered, sizeof *rows, offsetof(ordered_row, number), offsetof(ordered_row, row));
  of->order = emend_allocate(of->n_ordered, sizeof *of->order);
  if (!of->order)
    return emend_fail_memory(s->p->error);
  for (size_t i = 0; i < of->n_ordered; i++)
    of->order[i] = (unsigned short)rows[i].row;
  return EMEND_OK;
}

/* Of the pieces' rows, how many have this target. */
static size_t rows_of_target(const trial *t, double target) {
  size_t rows = 0;
  for (size_t i = 0; i < t->n; i++)
    rows += t->pieces[i].target == target ? t->pieces[i].rows : 0;
  return rows;
}

/* If each row had the target by chance, as often as it comes: how improbable is it that all rows of each piece have the same? The first row
 * of each says which, and may. */
static bool is_evident(trial *t) {
  double surprise = 0;
  size_t large = 0, n_targets = 0;
  t->rows = 0;
  for (size_t i = 0; i < t->n; i++)
    t->rows += t->pieces[i].rows;
  for (size_t i = 0; i < t->n; i++) {
    const emend_relation_piece *piece = &t->pieces[i];
    size_t alike = rows_of_target(t, piece->target);
    bool alone = alike == piece->rows, first = true;
    for (size_t k = 0; k < i && first; k++)
      first = t->pieces[k].target != piece->target;
    n_targets += first;
    large += piece->rows >= FEWEST_OF_PIECE;
    if (t->kind == EMEND_RELATION_BANDS && !alone && piece->rows < FEWEST_OF_PIECE)
      return false;
    surprise -= piece->rows > 0 ? (double)(piece->rows - 1) * log((double)alike / (double)t->rows) : 0;
  }
  if (t->kind == EMEND_RELATION_BANDS && t->n > n_targets + MOST_AGAIN)
    return false;
  double ways = t->kind == EMEND_RELATION_BANDS ? (double)(t->n - 1) * log((double)t->rows) : 0;
  return n_targets >= 2 && large >= 2 && surprise - ways >= EVIDENCE;
}

/* The sampled rows in the order of the source: where the target changes a band ends. */
static bool lays_bands(search *s) {
  trial *t = &s->trial;
  const sampled *source = &s->of[t->source], *target = &s->of[t->target];
  t->n = 0;
  for (size_t i = 0; i < source->n_ordered; i++) {
    double x = source->numbers[source->order[i]], y = target->codes[source->order[i]];
    emend_relation_piece *last = t->n ? &t->pieces[t->n - 1] : NULL;
    if (y == EMEND_NO_CATEGORY)
      continue;
    if (last && last->target == y)
      last->hi = x, last->rows++;
    else if ((last && last->hi == x) || t->n == MOST_PIECES)
      return false;
    else
      t->pieces[t->n++] = (emend_relation_piece){.lo = x, .hi = x, .target = y, .rows = 1};
  }
  return is_evident(t);
}

static bool has_target(const trial *t, double target) {
  bool has = false;
  for (size_t i = 0; i < t->n && !has; i++)
    has = t->pieces[i].target == target;
  return has;
}

/* One more row: inside a band it must be as that says; between two, as one of them, or of a kind that the sample has not. */
static bool fits_bands(trial *t, double x, double y) {
  size_t at = 0;
  while (at < t->n && t->pieces[at].hi < x)
    at++;
  emend_relation_piece *above = at < t->n ? &t->pieces[at] : NULL, *below = at > 0 ? &t->pieces[at - 1] : NULL;
  bool inside = above && above->lo <= x;
  if (above && above->target == y)
    return above->lo = fmin(above->lo, x), above->rows++, true;
  if (!inside && below && below->target == y)
    return below->hi = x, below->rows++, true;
  if (inside || t->n == MOST_PIECES || has_target(t, y))
    return false;
  memmove(t->pieces + at + 1, t->pieces + at, (t->n - at) * sizeof *t->pieces);
  t->pieces[at] = (emend_relation_piece){.lo = x, .hi = x, .target = y, .rows = 1};
  t->n++;
  return true;
}

static double code_at(const emend_planned *planned, size_t row, const emend_run *cell) {
  return (double)emend_categories_of_cell(&planned->categories, row, *cell->reasons, *cell->values);
}

static bool holds_as_bands(search *s) {
  trial *t = &s->trial;
  const emend_planned *target = &s->p->plan->variables[t->target];
  for (size_t i = 0; i < t->n; i++)
    t->pieces[i].rows = 0;
  emend_run x, y;
  size_t n;
  for (size_t row = 0; row < emend_dataset_rows(s->p->dataset); row += n) {
    x = emend_dataset_run(s->p->dataset, t->source, row), y = emend_dataset_run(s->p->dataset, t->target, row);
    n = x.n < y.n ? x.n : y.n;
    for (size_t i = 0; i < n; i++) {
      size_t code = emend_categories_of_cell(&target->categories, row + i, y.reasons[i], y.values[i]);
      if (x.reasons[i] != EMEND_OBSERVED || code == EMEND_NO_CATEGORY)
        continue;
      if (!fits_bands(t, x.values[i], (double)code))
        return false;
    }
  }
  return is_evident(t);
}

/* Where one band ends and the next begins: at the roundest number between their answers. */
static void set_limits(trial *t) {
  t->pieces[0].from = -HUGE_VAL, t->pieces[t->n - 1].to = HUGE_VAL;
  for (size_t i = 0; i + 1 < t->n; i++)
    t->pieces[i].to = t->pieces[i + 1].from = emend_relation_limit(t->pieces[i].hi, t->pieces[i + 1].lo);
}

/* A row of a code: all that have it must have the same target. */
static bool fits_code(trial *t, size_t code, double y) {
  emend_relation_piece *piece = &t->pieces[code];
  piece->target = piece->rows++ ? piece->target : y;
  return piece->target == y;
}

static void begin_codes(trial *t, const emend_categories *c) {
  t->n = c->n;
  for (size_t k = 0; k < c->n; k++)
    t->pieces[k] = (emend_relation_piece){.target = NAN};
}

static bool lays_codes(search *s) {
  trial *t = &s->trial;
  const sampled *source = &s->of[t->source], *target = &s->of[t->target];
  begin_codes(t, &s->p->plan->variables[t->source].categories);
  for (size_t i = 0; i < s->n_sampled; i++)
    if (source->codes[i] != EMEND_NO_CATEGORY && target->codes[i] != EMEND_NO_CATEGORY && !fits_code(t, source->codes[i], target->codes[i]))
      return false;
  return is_evident(t);
}

static bool holds_by_codes(search *s) {
  trial *t = &s->trial;
  const emend_planned *source = &s->p->plan->variables[t->source], *target = &s->p->plan->variables[t->target];
  begin_codes(t, &source->categories);
  for (size_t row = 0; row < emend_dataset_rows(s->p->dataset); row++) {
    emend_run x = emend_dataset_run(s->p->dataset, t->source, row), y = emend_dataset_run(s->p->dataset, t->target, row);
    double code = code_at(source, row, &x), said = code_at(target, row, &y);
    if (code != EMEND_NO_CATEGORY && said != EMEND_NO_CATEGORY && !fits_code(t, (size_t)code, said))
      return false;
  }
  return is_evident(t);
}

/* What there is to know of amounts beside codes: of each code whether they are all alike. */
typedef struct amounts {
  size_t n[EMEND_MOST_CATEGORIES], n_value[EMEND_MOST_CATEGORIES]; /* rows; of these with the value in question */
  double first[EMEND_MOST_CATEGORIES];
  bool varies[EMEND_MOST_CATEGORIES];
  double values[FEWEST_AMOUNTS]; /* different ones, of codes at which they vary */
  size_t n_values;
} amounts;

static void add_amount(amounts *a, size_t code, double y, double value) {
  if (a->n[code]++ == 0)
    a->first[code] = y;
  a->varies[code] = a->varies[code] || y != a->first[code];
  a->n_value[code] += y == value;
  size_t k = 0;
  while (k < a->n_values && a->values[k] != y)
    k++;
  if (k == a->n_values && k < FEWEST_AMOUNTS)
    a->values[a->n_values++] = y;
}

/* Of the rows of a code, the share that has the value; NaN: too few to tell. */
static double share_at(const amounts *a, size_t code) {
  return a->n[code] >= FEWEST_OF_PIECE ? (double)a->n_value[code] / (double)a->n[code] : NAN;
}

/* Whether the value comes suddenly: it is rare at the next codes of a scale, and at all others of codes without an order. What just gets more
 * frequent towards an end is no rule there. */
static bool is_sudden(const search *s, const amounts *a, size_t code, const bool *implies) {
  static const double RARE = 1.0 / 3;
  const emend_planned *source = &s->p->plan->variables[s->trial.source];
  bool ordered = is_number(source), sudden = true;
  for (int direction = -1; direction <= 1; direction += 2)
    for (size_t k = code + (size_t)direction; k < source->categories.n && sudden; k += (size_t)direction) {
      if (implies[k] || a->n[k] == 0)
        continue;
      double share = share_at(a, k);
      sudden = ordered ? share <= RARE : !(share > RARE);
      if (ordered)
        break;
    }
  return sudden;
}

/* Takes the codes at which all have the value, and enough of them to say so: elsewhere it must be rarer. */
static bool takes_codes(search *s, const amounts *a, double value) {
  trial *t = &s->trial;
  size_t elsewhere = 0, alike = 0, n_codes = s->p->plan->variables[t->source].categories.n;
  bool implies[EMEND_MOST_CATEGORIES] = {false};
  t->n = t->rows = 0;
  for (size_t k = 0; k < n_codes; k++) {
    implies[k] = a->n[k] > 0 && !a->varies[k] && a->first[k] == value;
    if (!implies[k])
      elsewhere += a->n[k], alike += a->n_value[k];
  }
  double share = ((double)alike + 0.5) / ((double)elsewhere + 1);
  for (size_t k = 0; k < n_codes; k++)
    if (implies[k] && a->n[k] >= FEWEST_OF_CODE && -(double)a->n[k] * log(share) >= EVIDENCE && is_sudden(s, a, k, implies)) {
      t->pieces[t->n++] = (emend_relation_piece){.lo = (double)k, .target = value, .rows = a->n[k]};
      t->rows += a->n[k];
    }
  return t->n > 0 && elsewhere - alike >= FEWEST_OF_CODE && a->n_values == FEWEST_AMOUNTS;
}

/* The value that all have at the code with the most rows of those with only one; NaN: none, or too few. Most pairs end after some rows, in which
 * each code has had two values. */
static double implied_value(const search *s) {
  const sampled *source = &s->of[s->trial.source], *target = &s->of[s->trial.target];
  size_t n[EMEND_MOST_CATEGORIES + 1], n_codes = s->p->plan->variables[s->trial.source].categories.n, n_varying = 0, best = n_codes;
  double first[EMEND_MOST_CATEGORIES + 1];
  bool varies[EMEND_MOST_CATEGORIES + 1];
  memset(n, 0, n_codes * sizeof *n);
  for (size_t i = 0; i < s->n_sampled && n_varying < n_codes; i++) {
    size_t code = source->codes[i];
    double y = target->numbers[i];
    if (code == EMEND_NO_CATEGORY || isnan(y))
      continue;
    if (n[code]++ == 0) {
      first[code] = y, varies[code] = false;
    } else if (!varies[code] && y != first[code]) {
      varies[code] = true;
      n_varying++;
    }
  }
  for (size_t k = 0; k < n_codes; k++)
    if (n[k] > 0 && !varies[k] && (best == n_codes || n[k] > n[best]))
      best = k;
  return n_varying < n_codes && best < n_codes && n[best] >= FEWEST_OF_CODE ? first[best] : NAN;
}

static bool lays_constant(search *s) {
  const sampled *source = &s->of[s->trial.source], *target = &s->of[s->trial.target];
  double value = implied_value(s);
  if (isnan(value))
    return false;
  amounts a = {.n_values = 0};
  for (size_t i = 0; i < s->n_sampled; i++)
    if (source->codes[i] != EMEND_NO_CATEGORY && !isnan(target->numbers[i]))
      add_amount(&a, source->codes[i], target->numbers[i], value);
  return takes_codes(s, &a, value);
}

static bool holds_as_constant(search *s) {
  trial *t = &s->trial;
  const emend_planned *source = &s->p->plan->variables[t->source];
  double value = t->pieces[0].target;
  amounts a = {.n_values = 0};
  for (size_t row = 0; row < emend_dataset_rows(s->p->dataset); row++) {
    emend_run x = emend_dataset_run(s->p->dataset, t->source, row), y = emend_dataset_run(s->p->dataset, t->target, row);
    double code = code_at(source, row, &x);
    if (code != EMEND_NO_CATEGORY && *y.reasons == EMEND_OBSERVED)
      add_amount(&a, (size_t)code, *y.values, value);
  }
  return takes_codes(s, &a, value);
}

/* A category as what it says: its number, or where its text is. */
static double key_of(const emend_categories *c, double category) {
  return c->texts ? (double)c->texts[(size_t)category] : c->numbers[(size_t)category];
}

static int compare_pieces(const void *a, const void *b) {
  const emend_relation_piece *x = a, *y = b;
  return (x->lo > y->lo) - (x->lo < y->lo);
}

static emend_status keep(search *s) {
  emend_relations *relations = &s->p->plan->relations;
  trial *t = &s->trial;
  const emend_planned *source = &s->p->plan->variables[t->source], *target = &s->p->plan->variables[t->target];
  size_t n = 0;
  for (size_t i = 0; i < t->n; i++) {
    emend_relation_piece piece = t->pieces[i];
    if (piece.rows == 0)
      continue;
    if (t->kind != EMEND_RELATION_BANDS)
      piece.lo = piece.hi = key_of(&source->categories, t->kind == EMEND_RELATION_CODES ? (double)i : piece.lo);
    if (t->kind != EMEND_RELATION_CONSTANT)
      piece.target = key_of(&target->categories, piece.target);
    t->pieces[n++] = piece;
  }
  t->n = n;
  if (t->kind == EMEND_RELATION_BANDS)
    set_limits(t);
  emend_relation_piece *pieces = emend_allocate(n, sizeof *pieces);
  if (!pieces || !emend_reserve(&relations->items, relations->n, &relations->capacity, sizeof *relations->items)) {
    free(pieces);
    return emend_fail_memory(s->p->error);
  }
  memcpy(pieces, t->pieces, n * sizeof *pieces);
  qsort(pieces, n, sizeof *pieces, compare_pieces);
  relations->items[relations->n++] =
      (emend_relation){.kind = t->kind, .source = t->source, .target = t->target, .rows = t->rows, .pieces = pieces, .n = n};
  s->of[t->target].n_sources++;
  return EMEND_OK;
}

/* Codes that go with one each are the same variable twice: told from one side. */
static bool is_told_twice(const search *s) {
  const trial *t = &s->trial;
  for (size_t i = 0; i < t->n; i++)
    for (size_t k = 0; k < i; k++)
      if (t->pieces[i].rows && t->pieces[k].rows && t->pieces[i].target == t->pieces[k].target)
        return false;
  return t->target < t->source;
}

static bool finds(search *s) {
  trial *t = &s->trial;
  const emend_planned *source = &s->p->plan->variables[t->source], *target = &s->p->plan->variables[t->target];
  bool coded = s->of[t->target].codes;
  size_t n_codes = s->of[t->source].codes ? source->categories.n : 0;
  t->kind = EMEND_RELATION_CODES;
  if (coded && n_codes >= target->categories.n && n_codes <= FEW_CODES && lays_codes(s) && holds_by_codes(s))
    return !is_told_twice(s);
  t->kind = EMEND_RELATION_BANDS;
  if (coded && s->of[t->source].order && lays_bands(s) && holds_as_bands(s))
    return true;
  t->kind = EMEND_RELATION_CODES;
  if (coded && n_codes > FEW_CODES && n_codes >= target->categories.n && lays_codes(s) && holds_by_codes(s))
    return !is_told_twice(s);
  t->kind = EMEND_RELATION_CONSTANT;
  return n_codes >= 2 && is_amount(target) && lays_constant(s) && holds_as_constant(s);
}

static emend_status look(search *s, size_t source) {
  const emend_plan *plan = s->p->plan;
  emend_status status = may_have_bands(&plan->variables[source]) ? put_in_order(s, source) : EMEND_OK;
  for (size_t v = 0; v < plan->n_variables && !status; v++) {
    bool holes = plan->variables[v].missing.fill + plan->variables[source].missing.fill > 0;
    if (v == source || !holes || s->of[v].n_sources >= MOST_SOURCES || !may_be_target(s, v))
      continue;
    s->trial.source = source, s->trial.target = v;
    if (finds(s))
      status = keep(s);
  }
  free(s->of[source].order);
  s->of[source].order = NULL;
  return status;
}

void planner_join_sets(const planner *p, size_t a, size_t b) {
  unsigned last = 0;
  emend_planned *v = p->plan->variables;
  for (size_t i = 0; i < p->plan->n_variables; i++)
    last = v[i].set > last ? v[i].set : last;
  unsigned of = v[a].set, other = v[b].set, set = of ? of : other ? other : last + 1;
  for (size_t k = 0; k < p->plan->n_variables && other; k++)
    v[k].set = v[k].set == other ? set : v[k].set;
  v[a].set = v[b].set = set;
}

/* What a relation keeps needs no other advice. */
static void number_sets(planner *p) {
  for (size_t i = 0; i < p->plan->relations.n; i++) {
    const emend_relation *r = &p->plan->relations.items[i];
    if (r->kind == EMEND_RELATION_CONSTANT)
      continue;
    planner_join_sets(p, r->target, r->source);
  }
}

emend_status planner_find_relations(planner *p) {
  size_t n = p->plan->n_variables, rows = emend_dataset_rows(p->dataset);
  search s = {.p = p, .n_sampled = rows < PLANNER_SAMPLED ? rows : PLANNER_SAMPLED};
  s.of = emend_allocate(n, sizeof *s.of);
  emend_status status = s.of ? EMEND_OK : emend_fail_memory(p->error);
  bool fills = planner_fills_any(p);
  for (size_t v = 0; v < n && !status && fills; v++)
    if (may_be_source(&s, v) || may_be_target(&s, v))
      status = take_sample(&s, v);
  for (size_t v = 0; v < n && !status && fills; v++)
    if (may_be_source(&s, v))
      status = look(&s, v);
  for (size_t v = 0; s.of && v < n; v++)
    free(s.of[v].numbers), free(s.of[v].codes), free(s.of[v].order);
  free(s.of);
  if (!status)
    number_sets(p);
  return status;
}

static emend_status print_key(const planner *p, size_t v, double key, emend_buffer *text) {
  char number[EMEND_NUMBER_SIZE];
  if (p->plan->variables[v].categories.texts)
    return emend_buffer_format(text, p->error, "\"%s\"", emend_dataset_text(p->dataset, (emend_offset)key));
  emend_number_print(key, '.', number);
  return emend_buffer_format(text, p->error, "%s", number);
}

/* "1 below 30, 2 from 30, 3 from 45" */
static emend_status print_bands(const planner *p, const emend_relation *r, emend_buffer *text) {
  enum { MOST = 8 };
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < r->n && i < MOST && !status; i++) {
    double limit = i ? r->pieces[i].from : r->pieces[0].to, last = nextafter(limit, -HUGE_VAL);
    bool closed = last == r->pieces[i ? i - 1 : 0].hi; /* the limit itself belongs to what is below */
    char number[EMEND_NUMBER_SIZE];
    emend_number_print(closed ? last : limit, '.', number);
    status = emend_buffer_format(text, p->error, "%s", i ? ", " : "");
    if (!status)
      status = print_key(p, r->target, r->pieces[i].target, text);
    if (!status)
      status = emend_buffer_format(text, p->error, " %s %s", i ? closed ? "above" : "from" : closed ? "up to" : "below", number);
  }
  return status || r->n <= MOST ? status : emend_buffer_format(text, p->error, " ...");
}

/* "employed is 0" */
static emend_status print_condition(const planner *p, const emend_relation *r, emend_buffer *text) {
  enum { MOST = 8 };
  emend_status status = emend_buffer_format(text, p->error, "%s is ", emend_variable_name(p->dataset, r->source));
  for (size_t i = 0; i < r->n && i < MOST && !status; i++) {
    status = emend_buffer_format(text, p->error, "%s", i == 0 ? "" : i + 1 == r->n ? " or " : ", ");
    if (!status)
      status = print_key(p, r->source, r->pieces[i].lo, text);
  }
  return status || r->n <= MOST ? status : emend_buffer_format(text, p->error, " ...");
}

static emend_status tell(const planner *p, const emend_relation *r) {
  const char *source = emend_variable_name(p->dataset, r->source), *target = emend_variable_name(p->dataset, r->target);
  size_t cells = p->plan->variables[r->source].missing.fill + p->plan->variables[r->target].missing.fill;
  emend_buffer says = {0};
  emend_status status = r->kind == EMEND_RELATION_BANDS      ? print_bands(p, r, &says)
                        : r->kind == EMEND_RELATION_CONSTANT ? print_condition(p, r, &says)
                                                             : emend_buffer_format(&says, p->error, "each of %zu codes goes with one", r->n);
  if (!status && r->kind == EMEND_RELATION_CONSTANT) {
    char value[EMEND_NUMBER_SIZE];
    emend_number_print(r->pieces[0].target, '.', value);
    emend_warn(p->events,
               "%s is %s wherever %s, in all %zu rows that have both: what is filled of either (%zu cells) agrees with that (found in the "
               "data; --apart %s fills them by themselves)",
               target, value, says.bytes, r->rows, cells, target);
  } else if (!status)
    emend_warn(p->events,
               "%s follows from %s in all %zu rows that have both (%s): what is filled of either (%zu cells) agrees with that (found in "
               "the data; --apart %s fills them by themselves)",
               target, source, r->rows, says.bytes, cells, target);
  emend_buffer_free(&says);
  return status;
}

emend_status planner_tell_relations(const planner *p) {
  const emend_relations *relations = &p->plan->relations;
  emend_buffer names = {0};
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < relations->n && !status; i++) {
    const emend_relation *r = &relations->items[i];
    if (i < MOST_WARNINGS)
      status = tell(p, r);
    else
      status = emend_buffer_format(&names, p->error, "%s%s from %s", names.length ? ", " : "", emend_variable_name(p->dataset, r->target),
                                   emend_variable_name(p->dataset, r->source));
  }
  if (names.length && !status)
    emend_warn(p->events, "in the same way follow, in all rows that have both: %s (--apart VARS fills them by themselves)", names.bytes);
  emend_buffer_free(&names);
  return status;
}
