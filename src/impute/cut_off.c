/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/cut_off.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "encode/skip_condition.h"
#include "impute/decoding.h"

static double end_of(const emend_planned *planned, bool upper) {
  const emend_allowed *allowed = &planned->allowed;
  if (allowed->values && allowed->n_values > 0)
    return allowed->values[upper ? allowed->n_values - 1 : 0];
  return !planned->keeps_plausible ? NAN : upper ? planned->plausible_hi : planned->plausible_lo;
}

/* Bounds that somebody gave are meant to cut, and codes of a scale have ends. */
bool emend_cut_off_applies(const emend_imputation *made, size_t v) {
  const emend_planned *planned = &made->plan->variables[v];
  ptrdiff_t column = made->column_of[v];
  emend_decoding kind = made->decoders[v].kind;
  return made->completed && column >= 0 && emend_imputation_expects(made) && made->encoding.codings[column].kind == EMEND_CODING_SCORE &&
         !emend_imputation_comes_back(made, (size_t)column) && (kind == EMEND_DECODE_WHOLE || kind == EMEND_DECODE_NEAREST) &&
         (planned->type == EMEND_TYPE_INTEGER || planned->type == EMEND_TYPE_CONTINUOUS) && planned->role != EMEND_ROLE_CONSTANT &&
         emend_variable_get_kind(made->plan->dataset, v) == EMEND_NUMERIC && !emend_plan_formula(made->plan, v);
}

void emend_cut_off_count(const emend_planned *planned, double said, double value, emend_cut_off *cut) {
  double half = planned->observed.sd / 2, lo = end_of(planned, false), hi = end_of(planned, true);
  bool below = said < lo && value == lo, above = said > hi && value == hi;
  cut->below += below, cut->far_below += below && said < lo - half;
  cut->above += above, cut->far_above += above && said > hi + half;
}

static bool are_many(const emend_imputation *made, size_t v, size_t cells, size_t far) {
  enum { FEWEST = 10, ONE_OF = 10 };
  return far >= FEWEST && cells * ONE_OF >= made->variables[v].filled;
}

/* A number that all who were measured have on one side of a limit, and who was cut off on the other. */
typedef struct limit {
  size_t variable;
  double at;
  bool upper;   /* nobody beyond it, else nobody below */
  size_t cells; /* that lie there */
} limit;

/* Of the answers, the ends of another number; of the cells that came to `end`, how many lie outside them. */
typedef struct reach {
  double lo, hi;
  size_t n, below, above;
} reach;

static void look_at_rows(const emend_imputation *made, size_t v, double end, size_t other, bool answers, reach *r) {
  emend_run run, x;
  for (size_t row = 0; row < emend_dataset_rows(made->plan->dataset); row += run.n) {
    run = emend_dataset_run(made->plan->dataset, v, row), x = emend_dataset_run(made->plan->dataset, other, row);
    for (size_t i = 0; i < run.n; i++) {
      bool answered = run.reasons[i] == EMEND_OBSERVED, known = x.reasons[i] == EMEND_OBSERVED;
      if (answers && answered && known)
        r->lo = fmin(r->lo, x.values[i]), r->hi = fmax(r->hi, x.values[i]);
      if (answers || answered || emend_imputation_answer(made, row + i, v, run.reasons[i], run.values[i]) != end)
        continue;
      r->n++;
      r->below += known && x.values[i] < r->lo, r->above += known && x.values[i] > r->hi;
    }
  }
}

/* A few rows that v was measured in, and a few in which it came to `end`: most numbers show there already that they are no limit. */
enum { FEW = 64 };
typedef struct few_rows {
  size_t answers[FEW], ends[FEW], n_answers, n_ends;
} few_rows;

static void take_few(const emend_imputation *made, size_t v, double end, few_rows *few) {
  emend_run run;
  *few = (few_rows){0};
  for (size_t row = 0; row < emend_dataset_rows(made->plan->dataset); row += run.n) {
    run = emend_dataset_run(made->plan->dataset, v, row);
    for (size_t i = 0; i < run.n && (few->n_answers < FEW || few->n_ends < FEW); i++) {
      bool answered = run.reasons[i] == EMEND_OBSERVED;
      if (answered && few->n_answers < FEW)
        few->answers[few->n_answers++] = row + i;
      else if (!answered && few->n_ends < FEW && emend_imputation_answer(made, row + i, v, run.reasons[i], run.values[i]) == end)
        few->ends[few->n_ends++] = row + i;
    }
  }
}

/* At most so many of the ends may lie between the answers, of all rows: of a few, some more. */
static bool may_hold(const emend_imputation *made, size_t other, const few_rows *few) {
  double lo = HUGE_VAL, hi = -HUGE_VAL;
  size_t between = 0;
  for (size_t i = 0; i < few->n_answers; i++) {
    emend_run x = emend_dataset_run(made->plan->dataset, other, few->answers[i]);
    if (*x.reasons == EMEND_OBSERVED)
      lo = fmin(lo, *x.values), hi = fmax(hi, *x.values);
  }
  for (size_t i = 0; i < few->n_ends; i++) {
    emend_run x = emend_dataset_run(made->plan->dataset, other, few->ends[i]);
    between += *x.reasons != EMEND_OBSERVED || (*x.values >= lo && *x.values <= hi);
  }
  return 4 * between <= few->n_ends;
}

static bool may_limit(const emend_imputation *made, size_t v, size_t other) {
  const emend_planned *planned = &made->plan->variables[other];
  return other != v && made->column_of[other] >= 0 && planned->type <= EMEND_TYPE_INTEGER && planned->type != EMEND_TYPE_UNKNOWN &&
         planned->observed.n > 0 && emend_variable_get_kind(made->plan->dataset, other) == EMEND_NUMERIC;
}

/* Whether nearly all cells that came to `end` lie on one side of all answers of `other`. */
static bool is_limit(const emend_imputation *made, size_t v, double end, size_t other, limit *l) {
  static const double MOST = 0.95;
  reach r = {.lo = HUGE_VAL, .hi = -HUGE_VAL};
  look_at_rows(made, v, end, other, true, &r), look_at_rows(made, v, end, other, false, &r);
  bool below = (double)r.below >= MOST * (double)r.n, above = (double)r.above >= MOST * (double)r.n;
  *l = (limit){other, below ? r.lo : r.hi, above, below ? r.below : r.above};
  return r.n > 0 && below != above;
}

/* The one beyond which most of the cells lie. */
static bool find_limit(const emend_imputation *made, size_t v, double end, limit *best) {
  few_rows few;
  take_few(made, v, end, &few);
  *best = (limit){0};
  for (size_t other = 0; other < made->plan->n_variables; other++) {
    limit l;
    if (may_limit(made, v, other) && may_hold(made, other, &few) && is_limit(made, v, end, other, &l) &&
        (l.cells > best->cells || (l.cells == best->cells && skip_is_nearer(v, other, best->variable))))
      *best = l;
  }
  return best->cells > 0;
}

/* "nobody with age below 12 was measured (--exclude size leaves them, --only-if 'size = age >= 12' fills only the others)" */
static emend_status print_limit(const emend_imputation *made, size_t v, const limit *l, emend_buffer *text, emend_error *error) {
  emend_buffer name = {0}, other = {0};
  char number[EMEND_NUMBER_SIZE];
  emend_number_print(l->at, '.', number);
  emend_status status = skip_name_print(made->plan, v, &name, error);
  if (!status)
    status = skip_name_print(made->plan, l->variable, &other, error);
  const char *quote = status || *name.bytes != '`' ? "" : "'"; /* a shell would run what stands in backticks */
  bool quotable = status || (!strchr(name.bytes, '\'') && !strchr(other.bytes, '\''));
  if (!status && !quotable)
    status = emend_buffer_format(text, error, "nobody with %s %s %s was measured (--exclude in a recipe leaves them)",
                                 emend_variable_name(made->plan->dataset, l->variable), l->upper ? "above" : "below", number);
  else if (!status)
    status =
        emend_buffer_format(text, error,
                            "nobody with %s %s %s was measured (--exclude %s%s%s leaves them, --only-if '%s = %s %s %s' fills only the "
                            "others)",
                            emend_variable_name(made->plan->dataset, l->variable), l->upper ? "above" : "below", number, quote, name.bytes,
                            quote, name.bytes, other.bytes, l->upper ? "<=" : ">=", number);
  emend_buffer_free(&name), emend_buffer_free(&other);
  return status;
}

static emend_status tell(const emend_imputation *made, size_t v, bool upper, size_t cells, emend_events *events, emend_error *error) {
  double at = end_of(&made->plan->variables[v], upper);
  char end[EMEND_NUMBER_SIZE];
  limit l;
  emend_buffer reason = {0};
  emend_number_print(at, '.', end);
  emend_status status = find_limit(made, v, at, &l)
                            ? print_limit(made, v, &l, &reason, error)
                            : emend_buffer_format(&reason, error, "the model reaches beyond what was measured (--exclude leaves them)");
  if (!status)
    emend_warn(events, "%s: %zu of %zu filled cells would have lain %s %s, the %s that occurs, and were cut off there: %s",
               emend_variable_name(made->plan->dataset, v), cells, made->variables[v].filled, upper ? "above" : "below", end,
               upper ? "most" : "least", reason.bytes);
  emend_buffer_free(&reason);
  return status;
}

emend_status emend_cut_off_tell(const emend_imputation *made, emend_events *events, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < made->plan->n_variables && made->cut_off && !status; v++) {
    emend_cut_off cut = made->cut_off[v];
    if (are_many(made, v, cut.below, cut.far_below))
      status = tell(made, v, false, cut.below, events, error);
    if (!status && are_many(made, v, cut.above, cut.far_above))
      status = tell(made, v, true, cut.above, events, error);
  }
  return status;
}
