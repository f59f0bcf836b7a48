/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/recompute.h"

#include <math.h>

#include "impute/decoding.h"
#include "impute/follower.h"
#include "impute/part.h"

static const double SCALE = 1e6; /* of a number that has none of its own: decimals beyond it are noise */

/* A computation as it stands in a row. */
typedef struct members {
  emend_followed target;
  double inputs[EMEND_MOST_INPUTS]; /* NaN: open */
  size_t n, n_open, open;           /* open: the last of them */
  bool lost;                        /* something of it is neither known nor to be filled */
  bool observed, filled;            /* the target is an answer; something is not */
} members;

static bool is_observed(const emend_follower *f, size_t row, size_t v) {
  return emend_cell_reason(f->made->plan->dataset, row, v) == EMEND_OBSERVED;
}

/* Something of it is no answer. */
static bool is_touched(const emend_follower *f, const emend_computation *c, size_t row) {
  bool touched = !is_observed(f, row, c->target);
  for (size_t i = 0; i < emend_computation_inputs(c) && !touched; i++)
    touched = !is_observed(f, row, emend_computation_input(c, i));
  return touched;
}

void emend_recompute_begin_row(emend_follower *f, size_t row) {
  f->n_touched = 0;
  for (size_t i = 0; i < f->computations->n; i++)
    if (is_touched(f, &f->computations->items[i], row))
      f->touched[f->n_touched++] = i;
}

static const emend_computation *touched(const emend_follower *f, size_t i) { return &f->computations->items[f->touched[i]]; }

static members load(const emend_follower *f, const emend_computation *c, size_t row, bool all) {
  members m = {
      .target = emend_follower_look(f, row, c->target, all), .n = emend_computation_inputs(c), .observed = is_observed(f, row, c->target)};
  m.lost = m.target.state == EMEND_FOLLOWED_NONE, m.filled = !m.observed;
  for (size_t i = 0; i < m.n && !m.lost; i++) {
    size_t v = emend_computation_input(c, i);
    emend_followed input = emend_follower_look(f, row, v, all);
    m.lost = input.state == EMEND_FOLLOWED_NONE, m.inputs[i] = input.key, m.filled = m.filled || !is_observed(f, row, v);
    if (input.state == EMEND_FOLLOWED_OPEN)
      m.n_open++, m.open = i;
  }
  return m;
}

static bool tells_inputs(const emend_computation *c, const members *m) {
  return !m->lost && m->target.state == EMEND_FOLLOWED_KNOWN && !(c->of_answers && m->observed);
}

/*
 * So far from all answers that one of the others must be wrong, such as a height in centimetres among those in metres: farther beyond them
 * than they lie apart, or of what multiplies less than a twentieth of the least. What the model says is nearer to the truth then.
 */
static bool is_far(const emend_follower *f, const emend_computation *c, size_t v, double x) {
  static const double TWENTIETH = 0.05;
  const emend_observed *o = &f->made->plan->variables[v].observed;
  double width = o->max - o->min;
  return x > o->max + width || x < o->min - width || (c->form < EMEND_COMPUTED_SUM && o->min > 0 && x < TWENTIETH * o->min);
}

/* With the decimals that its answers have, where those are kept; NaN: it may not be that. */
static double target_value(const emend_follower *f, const emend_computation *c, const members *m) {
  const emend_planned *planned = &f->made->plan->variables[c->target];
  emend_allowed allowed = planned->allowed;
  int decimals = planned->decimals >= 0 ? planned->decimals : planned->rounds ? planned->observed.decimals : -1;
  bool moved, bounds = planned->keeps_plausible;
  double wish = emend_computation_written(c, decimals, emend_computation_value(c, m->inputs));
  if (!isfinite(wish) || (bounds && (wish < planned->plausible_lo || wish > planned->plausible_hi)))
    return NAN;
  allowed.values = NULL, allowed.n_values = 0; /* it need not occur elsewhere */
  double value = emend_allowed_nearest(&allowed, wish, &moved);
  return moved || is_far(f, c, c->target, value) ? NAN : value;
}

/* Between which an input is, by the target; NaN: there is no such. Dividing by what was written as 0 leaves no upper end. */
static emend_interval input_limits(const emend_computation *c, const members *m, size_t i, int decimals) {
  double lo, hi;
  emend_computation_limits(c, decimals, m->target.key, &lo, &hi);
  bool divides = i == 1 && (c->form == EMEND_COMPUTED_RATIO || c->form == EMEND_COMPUTED_SQUARE);
  double a = divides && lo <= 0 && hi > 0 ? HUGE_VAL : emend_computation_solve(c, m->inputs, i, lo);
  double b = emend_computation_solve(c, m->inputs, i, hi);
  return isnan(a) || isnan(b) ? (emend_interval){NAN, NAN} : (emend_interval){fmin(a, b), fmax(a, b)};
}

static bool contains(emend_interval interval, double x) { return x >= interval.lo && x <= interval.hi; }

static double to_unit(const emend_planned *planned, const emend_part *part, double x) {
  double scale = part->whole ? 1 : planned->allowed.scale;
  return part->unit > 1 ? rint(x / part->unit) * part->unit : scale > 0 ? rint(x * scale) / scale : emend_part_without_noise(x, SCALE);
}

/* One of the codes within; NaN: there is none. */
static double choose_code(const emend_follower *f, size_t row, size_t v, emend_interval within) {
  const unsigned char *original;
  unsigned char admissible[EMEND_MOST_CATEGORIES] = {0};
  const emend_categories *c = emend_imputation_categories(f->made, row, v, &original);
  bool any = false;
  for (size_t k = 0; k < c->n && c->numbers; k++) {
    admissible[k] = emend_categories_gives(c, k) && contains(within, c->numbers[k]);
    any = any || admissible[k];
  }
  return any ? emend_imputation_choose(f->made, row, v, admissible) : NAN;
}

/* What the model says of an input if that agrees, else what is nearest; with fewer decimals than it would take, what is nearest to the
 * middle. */
static double input_value(const emend_follower *f, const emend_computation *c, const members *m, size_t row) {
  size_t v = emend_computation_input(c, m->open);
  const emend_planned *planned = &f->made->plan->variables[v], *target = &f->made->plan->variables[c->target];
  bool moved, exact = c->form >= EMEND_COMPUTED_SUM;
  double wish = f->made->column_of[v] >= 0 ? emend_imputation_decode(f->made, row, v, &moved) : NAN;
  emend_interval within = input_limits(c, m, m->open, target->observed.decimals);
  if (isnan(wish) || isnan(within.lo) || contains(within, wish))
    return isnan(within.lo) ? NAN : wish;
  if (emend_part_is_coded(planned))
    return choose_code(f, row, v, within);
  emend_part part = emend_part_limits(planned);
  double width = within.hi - within.lo, value = NAN;
  if (c->form != EMEND_COMPUTED_SUM && width > part.unit && width > 1e-5 * fabs(within.lo))
    value = emend_follower_move_inside(f, row, v, wish, within);
  if (isnan(value) || !emend_part_may_be(planned, value))
    value = to_unit(planned, &part, within.lo / 2 + within.hi / 2);
  return isfinite(value) && emend_part_may_be(planned, value) && (!exact || contains(within, value)) ? value : NAN;
}

static emend_status tell_input(emend_follower *f, const emend_computation *c, const members *m, size_t row, bool *told, emend_error *error) {
  size_t v = emend_computation_input(c, m->open);
  double value = input_value(f, c, m, row);
  return is_far(f, c, v, value) ? EMEND_OK : emend_follower_settle(f, row, v, value, told, error);
}

emend_status emend_recompute_tell(emend_follower *f, size_t row, bool all, bool *told, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < f->n_touched && !status; i++) {
    const emend_computation *c = touched(f, i);
    members m = load(f, c, row, all);
    if (!m.lost && m.target.state == EMEND_FOLLOWED_OPEN && m.n_open == 0)
      status = emend_follower_settle(f, row, c->target, target_value(f, c, &m), told, error);
    else if (tells_inputs(c, &m) && m.n_open == 1)
      status = tell_input(f, c, &m, row, told, error);
  }
  return status;
}

/* From what the model says of the open inputs to values that give the target; false: there is no clean way, as where codes are among them.
 */
static bool share(const emend_follower *f, const emend_computation *c, const members *m, size_t row, emend_part *parts) {
  const emend_planned *target = &f->made->plan->variables[c->target];
  double now = 0, lo, hi, slope = c->form == EMEND_COMPUTED_MEAN ? 1 / (double)m->n : 1, total = m->target.key / slope;
  bool whole = c->form == EMEND_COMPUTED_MEAN;
  size_t n = 0;
  for (size_t i = 0; i < m->n; i++) {
    bool open = isnan(m->inputs[i]);
    if (open && !emend_part_of_cell(f->made, row, emend_computation_input(c, i), &parts[n]))
      return false;
    now += open ? parts[n].value : m->inputs[i];
    if (open)
      whole = whole && parts[n].whole, parts[n++].slope = 1;
  }
  emend_computation_limits(c, target->observed.decimals, m->target.key, &lo, &hi);
  if (now * slope >= lo && now * slope <= hi)
    return true;
  if (!emend_parts_share(parts, n, (whole ? rint(total) : total) - now))
    return false;
  double sum = 0;
  bool may_be = true;
  for (size_t i = 0; i < m->n; i++)
    sum += isnan(m->inputs[i]) ? 0 : m->inputs[i];
  for (size_t i = 0; i < n; i++) {
    size_t v = parts[i].variable;
    parts[i].value = emend_part_without_noise(parts[i].value, SCALE), sum += parts[i].value;
    may_be = may_be && !is_far(f, c, v, parts[i].value) && emend_part_may_be(&f->made->plan->variables[v], parts[i].value);
  }
  return may_be && sum * slope >= lo && sum * slope <= hi;
}

/* Of a product's two open inputs the model says the count, from which the amount follows. */
static emend_status take_count(emend_follower *f, const emend_computation *c, size_t row, bool *told, emend_error *error) {
  const emend_planned *v = f->made->plan->variables;
  bool x = emend_observed_is_count(&v[c->x].observed), y = emend_observed_is_count(&v[c->y].observed);
  return x == y ? EMEND_OK : emend_follower_take(f, row, x ? c->x : c->y, told, error);
}

emend_status emend_recompute_share(emend_follower *f, size_t row, bool *told, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < f->n_touched && !*told && !status && f->made->method.method != EMEND_METHOD_MATCH; i++) {
    const emend_computation *c = touched(f, i);
    emend_part parts[EMEND_MOST_INPUTS];
    members m = load(f, c, row, true);
    if (c->form < EMEND_COMPUTED_SUM && tells_inputs(c, &m) && m.n_open == 2)
      status = take_count(f, c, row, told, error);
    if (c->form < EMEND_COMPUTED_SUM || !tells_inputs(c, &m) || m.n_open < 2 || !share(f, c, &m, row, parts))
      continue;
    for (size_t k = 0; k < m.n_open && !status; k++)
      status = emend_follower_settle(f, row, parts[k].variable, parts[k].value, told, error);
  }
  return status;
}

emend_status emend_recompute_take(emend_follower *f, size_t row, bool any, bool *told, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < f->n_touched && !*told && !status; i++) {
    const emend_computation *c = touched(f, i);
    members m = load(f, c, row, true);
    for (size_t k = 0; k < m.n && !m.lost && m.target.state == EMEND_FOLLOWED_OPEN && !*told && !status; k++) {
      size_t v = emend_computation_input(c, k);
      if (isnan(m.inputs[k]) && (any || f->told[v] == EMEND_TOLD_BY_NOTHING))
        status = emend_follower_take(f, row, v, told, error);
    }
  }
  return status;
}

/* As far as the target's decimals tell, or those of an input that was filled. */
static bool agrees(const emend_follower *f, const emend_computation *c, const members *m, size_t row) {
  int decimals = f->made->plan->variables[c->target].observed.decimals;
  double lo, hi, value = emend_computation_value(c, m->inputs);
  emend_computation_limits(c, decimals, m->target.key, &lo, &hi);
  int written = m->observed ? -1 : f->made->plan->variables[c->target].decimals;
  double unit = written >= 0 ? 1 / emend_decimal_scale(written) : 0;
  lo -= unit, hi += unit;
  bool agree = !isfinite(value) || (value >= lo && value <= hi);
  for (size_t i = 0; i < m->n && !agree && c->form < EMEND_COMPUTED_SUM; i++) {
    size_t v = emend_computation_input(c, i);
    double half = emend_part_limits(&f->made->plan->variables[v]).unit / 2;
    emend_interval within = input_limits(c, m, i, decimals);
    agree = !is_observed(f, row, v) && m->inputs[i] >= within.lo - half && m->inputs[i] <= within.hi + half;
  }
  return agree;
}

void emend_recompute_compare_row(emend_follower *f, size_t row) {
  for (size_t i = 0; i < f->n_touched; i++) {
    const emend_computation *c = touched(f, i);
    members m = load(f, c, row, true);
    if (m.lost || !m.filled || (c->of_answers && m.observed))
      continue;
    for (size_t k = 0; k < m.n; k++) {
      bool moved;
      if (isnan(m.inputs[k]))
        m.inputs[k] = emend_imputation_decode(f->made, row, emend_computation_input(c, k), &moved);
    }
    if (m.target.state == EMEND_FOLLOWED_OPEN) {
      bool moved;
      m.target.key = emend_imputation_decode(f->made, row, c->target, &moved);
    }
    if (!agrees(f, c, &m, row) && f->differ[f->touched[i]]++ == 0)
      f->differ_row[f->touched[i]] = row;
  }
}

void emend_recompute_report(const emend_follower *f, emend_events *events) {
  const emend_dataset *dataset = f->made->plan->dataset;
  for (size_t i = 0; i < f->computations->n; i++) {
    const emend_computation *c = &f->computations->items[i];
    size_t n = f->differ[i];
    if (n > 0)
      emend_warn(events,
                 "%s does not agree with %s %s %s in %zu row%s in which some of them are filled (row %zu%s): more than one of them was to be "
                 "told, or what would agree is none of their values, or far from all answers (a slip in one of the others?)",
                 emend_variable_name(dataset, c->target), emend_variable_name(dataset, c->x),
                 emend_computation_inputs(c) == 2 ? "and" : "to", emend_variable_name(dataset, c->y), n, n == 1 ? "" : "s", f->differ_row[i] + 1,
                 n == 1 ? "" : " is the first");
  }
}
