/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/skip_limit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "encode/role.h"

enum {
  FEWEST_BEYOND = 20,   /* rows beyond a limit, and as many that show that it is sharp */
  FEWEST_DIFFERENT = 3, /* values on either side */
  STRAY_COST = 10       /* missing cells that an answer beyond a limit must come with */
};
static const double STRAY = 0.01;    /* share of answers beyond a limit */
static const double ANSWERED = 0.9;  /* share of answers between limits, and ... */
static const double SHARP = 0.8;     /* ... of those nearest to them */
static const double COUNTING = 0.9;  /* correlation with how much a row lacks, of a number that counts just that */
static const double WIDE = 2000;     /* numbers of a wider range, and fractions, have limits that are round */

emend_status skip_orders_new(skip_orders *o, const skip_rows *rows, emend_error *error) {
  size_t p = rows->plan->n_variables;
  *o = (skip_orders){.rows = rows, .rows_by = emend_allocate(p, sizeof *o->rows_by), .n = emend_allocate(p, sizeof *o->n)};
  o->ends = emend_allocate(p, sizeof *o->ends), o->values = emend_allocate(p, sizeof *o->values);
  return o->rows_by && o->n && o->ends && o->values ? EMEND_OK : emend_fail_memory(error);
}

void skip_orders_free(skip_orders *o) {
  for (size_t v = 0; o->rows_by && v < o->rows->plan->n_variables; v++)
    free(o->rows_by[v]);
  for (size_t v = 0; o->values && v < o->rows->plan->n_variables; v++)
    free(o->values[v]);
  free(o->rows_by), free(o->values), free(o->n), free(o->ends), free(o->n_missing);
  *o = (skip_orders){0};
}

bool skip_may_limit(const emend_plan *plan, size_t v) {
  const emend_planned *planned = &plan->variables[v];
  return skip_takes_part(planned) && emend_variable_get_kind(plan->dataset, v) == EMEND_NUMERIC && !skip_may_filter(planned) &&
         planned->observed.n > 0;
}

static bool has(const skip_word *set, size_t row) { return set[row / 64] >> row % 64 & 1; }

static double value_of(const skip_orders *o, size_t number, size_t row) {
  return *emend_dataset_run(o->rows->plan->dataset, number, skip_row_of(o->rows, row)).values;
}

typedef struct keyed_row {
  double value;
  uint16_t row;
} keyed_row;

static int compare(const void *a, const void *b) {
  const keyed_row *x = a, *y = b;
  return x->value != y->value ? (x->value > y->value ? 1 : -1) : (x->row > y->row) - (x->row < y->row);
}

/* Into a list that begins with what comes first in the order, or last in it (sign -1). Equal values come in their order. */
static inline bool has_place(const keyed_row *list, size_t n, double value, int sign) {
  return n < SKIP_OUTERMOST || sign * value < sign * list[SKIP_OUTERMOST - 1].value;
}

static void put_in(keyed_row *list, size_t *n, keyed_row row, int sign) {
  size_t at = *n < SKIP_OUTERMOST ? (*n)++ : SKIP_OUTERMOST - 1;
  for (; at > 0 && sign * compare(&row, &list[at - 1]) < 0; at--)
    list[at] = list[at - 1];
  list[at] = row;
}

void skip_orders_find_ends(skip_orders *o, size_t number) {
  skip_ends *ends = &o->ends[number];
  skip_cells cells;
  keyed_row lists[2][SKIP_OUTERMOST];
  size_t n[2] = {0};
  skip_cells_read(o->rows, number, &cells);
  for (size_t i = 0, rows = o->rows->n_rows; i < rows; i++) {
    size_t last = rows - 1 - i;
    if (cells.reasons[i] == EMEND_OBSERVED && has_place(lists[SKIP_LOWER], n[SKIP_LOWER], cells.values[i], 1))
      put_in(lists[SKIP_LOWER], &n[SKIP_LOWER], (keyed_row){cells.values[i], (uint16_t)i}, 1);
    if (cells.reasons[last] == EMEND_OBSERVED && has_place(lists[SKIP_UPPER], n[SKIP_UPPER], cells.values[last], -1))
      put_in(lists[SKIP_UPPER], &n[SKIP_UPPER], (keyed_row){cells.values[last], (uint16_t)last}, -1);
  }
  ends->n = n[SKIP_LOWER];
  for (size_t i = 0; i < ends->n; i++)
    for (int side = SKIP_LOWER; side <= SKIP_UPPER; side++)
      ends->rows[side][i] = lists[side][i].row;
}

static emend_status sort_rows(skip_orders *o, size_t number, emend_error *error) {
  const skip_rows *rows = o->rows;
  if (o->rows_by[number])
    return EMEND_OK;
  keyed_row *keyed = emend_allocate(rows->n_rows, sizeof *keyed);
  o->rows_by[number] = emend_allocate(rows->n_rows, sizeof **o->rows_by);
  o->values[number] = emend_allocate(rows->n_rows, sizeof **o->values);
  if (!keyed || !o->rows_by[number] || !o->values[number]) {
    free(keyed);
    return emend_fail_memory(error);
  }
  size_t n = 0;
  for (size_t i = 0; i < rows->n_rows; i++)
    if (has(rows->seen[number], i))
      keyed[n++] = (keyed_row){value_of(o, number, i), (uint16_t)i};
  qsort(keyed, n, sizeof *keyed, compare);
  for (size_t i = 0; i < n; i++)
    o->rows_by[number][i] = keyed[i].row, o->values[number][i] = keyed[i].value;
  o->n[number] = n;
  free(keyed);
  return EMEND_OK;
}

/* Numbers that tell rows apart, or by which a file is sorted: what begins or ends at one of them is a part of the file. */
static bool tells_rows(const skip_orders *o, size_t number) {
  enum { ROWS_PER_VALUE = 10 };
  const emend_planned *planned = &o->rows->plan->variables[number];
  if (planned->type == EMEND_TYPE_IDENTIFIER || planned->type == EMEND_TYPE_DATE || planned->observed.distinct ||
      emend_role_suspects_weight(planned))
    return true;
  size_t up = 0, down = 0, ups = 0;
  double before = NAN;
  for (size_t i = 0; i < o->rows->n_rows; i++) {
    if (!has(o->rows->seen[number], i))
      continue;
    double value = value_of(o, number, i);
    up += value < before, down += value > before, ups += value != before;
    before = value;
  }
  return (up == 0 || down == 0) && ups * ROWS_PER_VALUE > o->n[number];
}

/* One side of a number: what lies beyond a limit there. */
typedef struct side {
  size_t n, missing, answers; /* of the sorted rows; n 0: there is no limit */
  double outer, inner;        /* the last value beyond the limit, and the next one */
} side;

typedef struct limit_search {
  skip_orders *orders;
  size_t v, number, n;
  const skip_word *missing, *seen;
  const uint16_t *sorted;
  const double *values; /* in that order */
} limit_search;

static size_t row_at(const limit_search *s, bool upper, size_t i) { return s->sorted[upper ? s->n - 1 - i : i]; }

static double value_at(const limit_search *s, bool upper, size_t i) { return s->values[upper ? s->n - 1 - i : i]; }

/* Most pairs show at a glance that there is nothing, and no order of all rows is needed: among the outermost rows are answers. */
static bool may_begin(const skip_ends *ends, int side, const skip_word *seen, const skip_word *missing) {
  size_t lacking = 0, answers = 0;
  for (size_t i = 0; i < ends->n && lacking < FEWEST_BEYOND; i++) {
    size_t row = ends->rows[side][i];
    answers += has(seen, row), lacking += has(missing, row);
    if (answers > 1)
      return false;
  }
  return lacking >= FEWEST_BEYOND || ends->n == SKIP_OUTERMOST;
}

/* The same in the order of all rows, which has as many outermost ones as it takes. */
static bool begins(const limit_search *s, bool upper) {
  size_t missing = 0, answers = 0;
  for (size_t i = 0; i < s->n && missing < FEWEST_BEYOND; i++) {
    size_t row = row_at(s, upper, i);
    answers += has(s->seen, row), missing += has(s->missing, row);
    if (answers > 1)
      return false;
  }
  return missing >= FEWEST_BEYOND;
}

/* Whether those nearest to the limit on the inner side answered, whole values at a time. */
static bool is_sharp(const limit_search *s, bool upper, size_t from) {
  size_t answers = 0, missing = 0;
  for (size_t i = from; i < s->n; i++) {
    if (answers + missing >= FEWEST_BEYOND && value_at(s, upper, i) != value_at(s, upper, i - 1))
      break;
    size_t row = row_at(s, upper, i);
    answers += has(s->seen, row), missing += has(s->missing, row);
  }
  return (double)answers >= SHARP * (double)(answers + missing);
}

/* The end of a number beyond which cells are missing: where most are, less what answers among them cost. */
static side find_side(const limit_search *s, bool upper) {
  side best = {0}, at = {0};
  size_t different = 0;
  double most = 0;
  if (!begins(s, upper))
    return best;
  for (size_t i = 0; i + 1 < s->n; i++) {
    size_t row = row_at(s, upper, i);
    at.answers += has(s->seen, row), at.missing += has(s->missing, row);
    at.n = i + 1, at.outer = value_at(s, upper, i), at.inner = value_at(s, upper, i + 1);
    double score = (double)at.missing - STRAY_COST * (double)at.answers;
    different += at.outer != at.inner;
    if (at.outer != at.inner && score > most && different >= FEWEST_DIFFERENT)
      most = score, best = at;
  }
  bool holds = best.missing >= FEWEST_BEYOND && (double)best.answers <= STRAY * (double)(best.answers + best.missing) &&
               is_sharp(s, upper, best.n);
  return holds ? best : (side){0};
}

static emend_status count_gaps(skip_orders *o, emend_error *error) {
  const skip_rows *rows = o->rows;
  if (o->n_missing)
    return EMEND_OK;
  if (!(o->n_missing = emend_allocate(rows->n_rows, sizeof *o->n_missing)))
    return emend_fail_memory(error);
  for (size_t u = 0; u < rows->plan->n_variables; u++)
    for (size_t i = 0; rows->seen[u] && i < rows->n_rows; i++)
      o->n_missing[i] += !has(rows->seen[u], i);
  return EMEND_OK;
}

/* A number that counts what a row lacks, or has, is no reason for it. */
static emend_status counts_gaps(const limit_search *s, size_t from, size_t to, bool *counts, emend_error *error) {
  emend_status status = count_gaps(s->orders, error);
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (size_t i = from; i < to && !status; i++) {
    double a = value_at(s, false, i) - value_at(s, false, from), b = s->orders->n_missing[s->sorted[i]];
    n++, x += a, y += b, xx += a * a, yy += b * b, xy += a * b;
  }
  double variances = (n * xx - x * x) * (n * yy - y * y);
  *counts = variances > 0 && fabs(n * xy - x * y) > COUNTING * sqrt(variances);
  return status;
}

/* Rows that were not looked at may lie between the last value beyond the limit and the next one. */
static void narrow(const limit_search *s, bool upper, side *at) {
  const emend_dataset *dataset = s->orders->rows->plan->dataset;
  double sign = upper ? -1 : 1;
  emend_run x, y;
  for (int answers = 1; answers >= 0; answers--)
    for (size_t row = 0; row < emend_dataset_rows(dataset); row += x.n) {
      x = emend_dataset_run(dataset, s->number, row), y = emend_dataset_run(dataset, s->v, row);
      for (size_t i = 0; i < x.n; i++) {
        double value = sign * x.values[i];
        if (x.reasons[i] != EMEND_OBSERVED || !(value > sign * at->outer && value < sign * at->inner))
          continue;
        if (answers && y.reasons[i] == EMEND_OBSERVED)
          at->inner = x.values[i];
        else if (!answers && y.reasons[i] != EMEND_OBSERVED)
          at->outer = x.values[i];
      }
    }
}

/* The roundest number from the inner value on that leaves out the outer one; NaN if it should be rounder. */
static double round_limit(const limit_search *s, bool upper, const side *at) {
  const emend_observed *observed = &s->orders->rows->plan->variables[s->number].observed;
  double range = observed->max - observed->min, sign = upper ? -1 : 1, outer = sign * at->outer, inner = sign * at->inner;
  double least = observed->integers && range <= WIDE ? 0 : pow(10, floor(log10(range / 50)));
  for (int power = 12; power >= -6; power--)
    for (int half = 0; half < 2; half++) {
      double unit = (half ? 0.5 : 1) * pow(10, power), limit = floor(inner / unit) * unit;
      if (limit > outer && limit <= inner)
        return unit >= least ? sign * limit : NAN;
    }
  return least > 0 ? NAN : at->inner;
}

static size_t count_different(const limit_search *s, size_t from, size_t to) {
  size_t n = 0;
  for (size_t i = from; i < to && n < FEWEST_DIFFERENT; i++)
    n += i == from || value_at(s, false, i) != value_at(s, false, i - 1);
  return n;
}

static bool add_side(const limit_search *s, bool upper, side *at, skip_condition *c) {
  if (at->n == 0)
    return true;
  if (s->orders->rows->step > 1)
    narrow(s, upper, at);
  double limit = round_limit(s, upper, at);
  c->parts[c->n++] = (skip_part){.variable = s->number, .number = true, .above = upper, .limit = limit};
  return !isnan(limit);
}

emend_status skip_limits_alone(skip_orders *o, size_t v, const skip_word *missing, size_t number, skip_condition *c, skip_word *beyond,
                               size_t *explained, emend_error *error) {
  *explained = 0;
  const skip_ends *ends = &o->ends[number];
  if (!may_begin(ends, SKIP_LOWER, o->rows->seen[v], missing) && !may_begin(ends, SKIP_UPPER, o->rows->seen[v], missing))
    return EMEND_OK;
  emend_status status = sort_rows(o, number, error);
  if (status)
    return status;
  limit_search s = {o, v, number, o->n[number], missing, o->rows->seen[v], o->rows_by[number], o->values[number]};
  side lower = find_side(&s, false), upper = find_side(&s, true);
  if (lower.n + upper.n == 0 || lower.n + upper.n >= s.n)
    return EMEND_OK;
  size_t from = lower.n, to = s.n - upper.n, answers = 0, lacking = 0;
  for (size_t i = from; i < to; i++)
    answers += has(s.seen, s.sorted[i]), lacking += has(missing, s.sorted[i]);
  if (answers < FEWEST_BEYOND || (double)answers < ANSWERED * (double)(answers + lacking) ||
      count_different(&s, from, to) < FEWEST_DIFFERENT || tells_rows(o, number))
    return EMEND_OK;
  bool counts;
  status = counts_gaps(&s, from, to, &counts, error);
  *c = (skip_condition){0};
  if (status || counts || !add_side(&s, false, &lower, c) || !add_side(&s, true, &upper, c))
    return status;
  memset(beyond, 0, o->rows->words * sizeof *beyond);
  for (size_t i = 0; i < s.n; i++)
    if (i < from || i >= to)
      skip_set_bit(beyond, s.sorted[i]);
  *explained = answers + lower.missing + upper.missing;
  return EMEND_OK;
}
