/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/events.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "encode/skip_condition.h"

/*
 * Finds numbers that somebody computed from two others by multiplying or dividing: pay from hours and wage, the body mass index. The
 * model, which is linear, knows nothing of them; what is filled is made to agree (impute/recompute.h). To be cheap, each two rows of a
 * sample rule out nearly all triples, by their logarithms; the few that are left are looked at in every row.
 */

enum { FEWEST_ROWS = 20, FEWEST_COUNTED = 3, MOST_COLUMNS = 60, MOST_COUNTS = 12, SAMPLED = 64, MOST_PRODUCTS = 8 };

typedef struct product {
  emend_computation computed; /* its factor is 1 until all of the search is done */
  double lo, hi;              /* between which the factor is, by how the target was written */
} product;

typedef struct search {
  planner *p;
  size_t columns[MOST_COLUMNS + MOST_COUNTS], n_columns;
  size_t n_amounts; /* of them; what is behind are counts of few different values (persons), which only divide or multiply */
  double *logs, *slack; /* n_columns x n_sampled: the logarithm, NaN where it has none, and how far rounding may move it */
  size_t n_sampled;
  product found[MOST_PRODUCTS];
  size_t n_found;
} search;

/* By half of the last decimal, or what is left of single precision. */
static double rounding(const emend_observed *observed, double value) {
  double half = observed->decimals >= 0 ? 0.5000001 / emend_decimal_scale(observed->decimals) : 0;
  return fmax(half, 1e-6 * fabs(value));
}

static bool may_take_part(const planner *p, size_t v) {
  const emend_planned *planned = &p->plan->variables[v];
  const emend_observed *o = &planned->observed;
  bool in_model = emend_planned_takes_part(planned);
  bool number = planned->type == EMEND_TYPE_CONTINUOUS || planned->type == EMEND_TYPE_INTEGER || planned->type == EMEND_TYPE_ORDINAL;
  return in_model && number && !planned->set && !planned->categories.texts && !o->labelled && !o->infinite_row && o->n >= FEWEST_ROWS &&
         o->min >= 0 && o->max > 0 && !emend_plan_formula(p->plan, v);
}

/* Steps of a scale are no count: surveys have many, and nobody divides by them. */
static bool may_divide(const emend_planned *planned) {
  return planned->type == EMEND_TYPE_INTEGER && planned->observed.n_distinct >= FEWEST_COUNTED;
}

static void list_those(search *s, bool counts, size_t most) {
  for (int holes = 1; holes >= 0; holes--)
    for (size_t v = 0; v < s->p->plan->n_variables && s->n_columns < most; v++) {
      const emend_planned *planned = &s->p->plan->variables[v];
      bool wanted = (planned->missing.fill > 0) == (holes == 1) && emend_observed_is_count(&planned->observed) == counts && (!counts || may_divide(planned));
      if (wanted && may_take_part(s->p, v))
        s->columns[s->n_columns++] = v;
    }
}

/* Those with holes first: where none of three has any, there is nothing to keep. */
static void list_columns(search *s) {
  list_those(s, false, MOST_COLUMNS);
  s->n_amounts = s->n_columns;
  if (s->n_amounts > 1)
    list_those(s, true, s->n_amounts + MOST_COUNTS);
}

static void take_sample(search *s) {
  planner_sample cells;
  for (size_t c = 0; c < s->n_columns; c++) {
    planner_take_sample(s->p, s->columns[c], s->n_sampled, &cells);
    for (size_t i = 0; i < s->n_sampled; i++) {
      size_t at = c * s->n_sampled + i;
      double value = cells.values[i];
      bool usable = cells.reasons[i] == EMEND_OBSERVED && value > 0;
      s->logs[at] = usable ? log(value) : NAN;
      s->slack[at] = usable ? rounding(&s->p->plan->variables[s->columns[c]].observed, value) / value : 0;
    }
  }
}

/* What the inputs give without the factor, which is 1 as long as it is looked for. */
static double base_of(const emend_computation *c, double x, double y) { return emend_computation_value(c, (double[]){x, y}); }

/* The factors that give z, by each way in which it may have been written; and between which all three are, in the same rows. */
typedef struct factors {
  double lo[EMEND_N_ENDS], hi[EMEND_N_ENDS];
  double x_lo, x_hi, y_lo, y_hi, z_lo, z_hi;
  size_t rows, n; /* n: rows that tell of the factor */
} factors;

/* False: there is none left. */
static bool narrow(const emend_observed *observed, factors *f, double z, double base) {
  emend_computation written = {.form = EMEND_COMPUTED_PRODUCT};
  double lo, hi;
  bool any = false;
  for (int end = 0; end < EMEND_N_ENDS; end++) {
    written.end = (emend_computed_end)end;
    emend_computation_limits(&written, observed->decimals, z, &lo, &hi);
    f->lo[end] = fmax(f->lo[end], lo / base), f->hi[end] = fmin(f->hi[end], hi / base);
    any = any || f->lo[end] <= f->hi[end];
  }
  return any;
}

/* A number that does not move beyond what it is rounded to makes of the product a multiple of the other. */
static bool all_move(const search *s, const emend_computation *c, const factors *f) {
  const emend_planned *v = s->p->plan->variables;
  return f->z_hi - f->z_lo > 2 * rounding(&v[c->target].observed, f->z_hi) &&
         f->x_hi - f->x_lo > 2 * rounding(&v[c->x].observed, f->x_hi) && f->y_hi - f->y_lo > 2 * rounding(&v[c->y].observed, f->y_hi);
}

/* False: no factor gives this z, written in any way, together with those of the rows before. */
static bool takes_row(const emend_observed *z_observed, const emend_computation *c, factors *f, double z, double x, double y) {
  double base = base_of(c, x, y);
  if (!isfinite(base))
    return true;
  f->rows++;
  if (base == 0)
    return z <= rounding(z_observed, z);
  f->x_lo = fmin(f->x_lo, x), f->x_hi = fmax(f->x_hi, x);
  f->y_lo = fmin(f->y_lo, y), f->y_hi = fmax(f->y_hi, y);
  f->z_lo = fmin(f->z_lo, z), f->z_hi = fmax(f->z_hi, z);
  f->n++;
  return narrow(z_observed, f, z, base);
}

/* Whether z is no multiple of x, or of what the form makes of y, alone: then the other has no part in it that could be told. */
typedef struct alone {
  factors factors[2];
  bool possible[2];
} alone;

static void take_row_alone(const emend_observed *z_observed, const emend_computation *c, alone *a, double z, double x, double y) {
  const double bases[2] = {x, base_of(c, 1, y)};
  for (int k = 0; k < 2; k++)
    if (a->possible[k] && bases[k] > 0 && isfinite(bases[k]))
      a->possible[k] = narrow(z_observed, &a->factors[k], z, bases[k]);
}

/* In every row: is there one factor with which all of z is what it was rounded to? */
static bool holds(const search *s, product *found) {
  emend_computation *c = &found->computed;
  const emend_dataset *dataset = s->p->dataset;
  const emend_observed *z_observed = &s->p->plan->variables[c->target].observed;
  factors f = {.hi = {HUGE_VAL, HUGE_VAL, HUGE_VAL}, .x_lo = HUGE_VAL, .x_hi = -HUGE_VAL, .y_lo = HUGE_VAL, .y_hi = -HUGE_VAL,
               .z_lo = HUGE_VAL, .z_hi = -HUGE_VAL};
  alone a = {.factors = {f, f}, .possible = {true, true}};
  emend_run x, y, z;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += z.n) {
    z = emend_dataset_run(dataset, c->target, row), x = emend_dataset_run(dataset, c->x, row);
    y = emend_dataset_run(dataset, c->y, row);
    for (size_t i = 0; i < z.n; i++) {
      if (z.reasons[i] != EMEND_OBSERVED || x.reasons[i] != EMEND_OBSERVED || y.reasons[i] != EMEND_OBSERVED)
        continue;
      if (!takes_row(z_observed, c, &f, z.values[i], x.values[i], y.values[i]))
        return false;
      take_row_alone(z_observed, c, &a, z.values[i], x.values[i], y.values[i]);
    }
  }
  for (c->end = EMEND_END_ROUNDED; c->end < EMEND_N_ENDS && f.lo[c->end] > f.hi[c->end];)
    c->end++;
  if (c->end == EMEND_N_ENDS || f.n < FEWEST_ROWS || !all_move(s, c, &f) || a.possible[0] || a.possible[1])
    return false;
  found->lo = f.lo[c->end], found->hi = f.hi[c->end], c->rows = f.rows;
  return found->lo > 0;
}

/* A number that hardly moves beside what it is rounded to is anything's product. */
static bool moves(const search *s, const product *found) {
  enum { STEPS = 20 };
  const emend_observed *o = &s->p->plan->variables[found->computed.target].observed;
  return o->max - o->min >= STEPS * 2 * rounding(o, o->max) && found->hi - found->lo <= found->lo / STEPS;
}

static bool has_holes(const search *s, const emend_computation *c) {
  const emend_planned *v = s->p->plan->variables;
  return v[c->target].missing.fill > 0 || v[c->x].missing.fill > 0 || v[c->y].missing.fill > 0;
}

static bool are_same_three(const emend_computation *a, const emend_computation *b) {
  size_t sum = a->x + a->y + a->target, other = b->x + b->y + b->target;
  return sum == other && (a->target == b->target || a->target == b->x || a->target == b->y) &&
         (a->x == b->target || a->x == b->x || a->x == b->y);
}

/* Of z = x / y and x = z * y the computed one has more decimals, or stands behind the others. */
static bool is_rather(const search *s, const emend_computation *a, const emend_computation *b) {
  unsigned x = (unsigned)s->p->plan->variables[a->target].observed.decimals,
           y = (unsigned)s->p->plan->variables[b->target].observed.decimals;
  return x != y ? x > y : a->target > b->target; /* -1, more than can be told, is the largest */
}

static void keep(search *s, const product *made) {
  for (size_t i = 0; i < s->n_found; i++) {
    if (are_same_three(&made->computed, &s->found[i].computed)) {
      if (is_rather(s, &made->computed, &s->found[i].computed))
        s->found[i] = *made;
      return;
    }
  }
  if (s->n_found < MOST_PRODUCTS)
    s->found[s->n_found++] = *made;
}

static void try_form(search *s, size_t z, size_t x, size_t y, emend_computed_form form) {
  product made = {.computed = {.form = form, .target = s->columns[z], .x = s->columns[x], .y = s->columns[y], .factor = 1}};
  if (has_holes(s, &made.computed) && holds(s, &made) && moves(s, &made))
    keep(s, &made);
}

/* The first two sampled rows that have all three, by the differences of their logarithms: most triples end here. */
static void try_triple(search *s, size_t z, size_t x, size_t y) {
  const double *lz = s->logs + z * s->n_sampled, *lx = s->logs + x * s->n_sampled, *ly = s->logs + y * s->n_sampled;
  size_t rows[2], n = 0;
  for (size_t i = 0; i < s->n_sampled && n < 2; i++)
    if (!isnan(lz[i] + lx[i] + ly[i]) && (n == 0 || lx[i] != lx[rows[0]] || ly[i] != ly[rows[0]]))
      rows[n++] = i;
  if (n < 2)
    return;
  size_t a = rows[0], b = rows[1];
  double dz = lz[a] - lz[b], dx = lx[a] - lx[b], dy = ly[a] - ly[b];
  double slack = 2.2 * (s->slack[z * s->n_sampled + a] + s->slack[z * s->n_sampled + b]) + 1e-9;
  if (fabs(dz - dx - dy) <= slack)
    try_form(s, z, x, y, EMEND_COMPUTED_PRODUCT);
  if (fabs(dz - dx + dy) <= slack)
    try_form(s, z, x, y, EMEND_COMPUTED_RATIO);
  if (fabs(dz + dx - dy) <= slack)
    try_form(s, z, y, x, EMEND_COMPUTED_RATIO);
  if (fabs(dz - dx + 2 * dy) <= slack)
    try_form(s, z, x, y, EMEND_COMPUTED_SQUARE);
  if (fabs(dz - dy + 2 * dx) <= slack)
    try_form(s, z, y, x, EMEND_COMPUTED_SQUARE);
}

/* The number of fewest digits that the factor may be. */
static double roundest(const product *found) {
  double middle = found->lo / 2 + found->hi / 2, size = floor(log10(middle));
  for (int digits = 0; digits < 15; digits++) {
    double unit = pow(10, size - digits), candidate = unit >= 1 ? round(middle / unit) * unit : round(middle / unit) / round(1 / unit);
    if (candidate >= found->lo && candidate <= found->hi)
      return candidate;
  }
  return middle;
}

/* "bmi = 10000 * weight / (height * height)" */
static emend_status print_formula(const planner *p, const emend_computation *c, emend_buffer *text) {
  const char *between = c->form == EMEND_COMPUTED_PRODUCT ? " * " : c->form == EMEND_COMPUTED_RATIO ? " / " : " / (", *end = "";
  char number[EMEND_NUMBER_SIZE];
  emend_status status = skip_name_print(p->plan, c->target, text, p->error);
  if (!status)
    status = emend_buffer_format(text, p->error, " = ");
  if (!status && c->factor != 1)
    emend_number_print(c->factor, '.', number), status = emend_buffer_format(text, p->error, "%s * ", number);
  if (!status)
    status = skip_name_print(p->plan, c->x, text, p->error);
  if (!status)
    status = emend_buffer_format(text, p->error, "%s", between);
  if (!status && c->form == EMEND_COMPUTED_SQUARE) {
    status = skip_name_print(p->plan, c->y, text, p->error);
    if (!status)
      status = emend_buffer_format(text, p->error, " * ");
    end = ")";
  }
  if (!status)
    status = skip_name_print(p->plan, c->y, text, p->error);
  return status ? status : emend_buffer_format(text, p->error, "%s", end);
}

static emend_status warn(const planner *p, const emend_computation *c) {
  emend_buffer formula = {0};
  emend_status status = print_formula(p, c, &formula);
  if (!status)
    emend_warn(p->events,
               "%s was computed from %s and %s, in every row that has them all%s: where they are filled, only --formula '%s' keeps that",
               emend_variable_name(p->dataset, c->target), emend_variable_name(p->dataset, c->x), emend_variable_name(p->dataset, c->y),
               emend_computation_end_words(c), formula.bytes);
  emend_buffer_free(&formula);
  return status;
}

/* "weight / height^2 (times 10000)" */
static emend_status print_saying(const planner *p, const emend_computation *c, emend_buffer *text) {
  char number[EMEND_NUMBER_SIZE];
  emend_status status = emend_buffer_format(text, p->error, "%s %s %s%s", emend_variable_name(p->dataset, c->x),
                                            c->form == EMEND_COMPUTED_PRODUCT ? "*" : "/", emend_variable_name(p->dataset, c->y),
                                            c->form == EMEND_COMPUTED_SQUARE ? "^2" : "");
  if (status || c->factor == 1)
    return status;
  emend_number_print(c->factor, '.', number);
  return emend_buffer_format(text, p->error, " (times %s)", number);
}

static emend_status keep_and_tell(planner *p, product *found) {
  emend_computation *c = &found->computed;
  emend_buffer saying = {0};
  c->factor = roundest(found);
  if (!planner_keeps_computation(p, c))
    return warn(p, c);
  emend_status status = print_saying(p, c, &saying);
  if (!status)
    planner_tell_computation(p, c, saying.bytes), status = planner_add_computation(p, c);
  emend_buffer_free(&saying);
  return status;
}

emend_status planner_find_products(planner *p) {
  search s = {.p = p};
  emend_status status = EMEND_OK;
  size_t rows = emend_dataset_rows(p->dataset);
  if (planner_fills_any(p))
    list_columns(&s);
  s.n_sampled = rows < SAMPLED ? rows : SAMPLED;
  if (s.n_columns < 3 || rows < FEWEST_ROWS)
    return EMEND_OK;
  s.logs = emend_allocate(s.n_columns * s.n_sampled, sizeof *s.logs), s.slack = emend_allocate(s.n_columns * s.n_sampled, sizeof *s.slack);
  if (!s.logs || !s.slack) {
    free(s.logs), free(s.slack);
    return emend_fail_memory(p->error);
  }
  take_sample(&s);
  for (size_t z = 0; z < s.n_amounts; z++)
    for (size_t x = 0; x < s.n_amounts; x++)
      for (size_t y = x + 1; y < s.n_columns; y++)
        if (x != z && y != z)
          try_triple(&s, z, x, y);
  for (size_t i = 0; i < s.n_found && !status; i++)
    status = keep_and_tell(p, &s.found[i]);
  free(s.logs), free(s.slack);
  return status;
}
