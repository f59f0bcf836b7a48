/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/events.h"
#include "base/memory.h"
#include "base/sort.h"
#include "base/text.h"
#include "encode/skip_condition.h"

/*
 * Finds scores that are the sum or the mean of neighbours in the file (total = q1 + ... + q10): what is filled is made to agree
 * (impute/recompute.h). Of the rows sampled those with the fewest holes rule out nearly all; what is left is looked at in every row.
 */

enum {
  TRIED = 12,       /* sampled rows that have the score, those with the fewest holes */
  FEWEST_TRIED = 2, /* of them, with all items */
  MANY_TRIED = 8,
  NEAR = 150,       /* variables between score and items */
  NEARER = 20,      /* where others stand among the items */
  FEWEST_ITEMS = 2, /* of a sum; of a mean, one more */
  MOST_ITEMS = EMEND_MOST_INPUTS,
  FEWEST_ROWS = 20,  /* that have all */
  FEWEST_OTHERS = 3, /* rows in which an item is another than in the first; three times as many for the score */
  MOST_WRONG = 2,    /* rows in which it does not hold, where nearly all say that it should: slips, which are told */
  FEWEST_RIGHT = 50, /* beside them, and so many to each; and that each variable moves in more than three times as many as else */
  RIGHT_TO_WRONG = 33,
  OTHERS_BESIDE_WRONG = 10,
  MOST_NEAR = 5, /* of such that are told */
  BESIDE = 4,    /* variables on either side in which a further part may stand that hardly anyone has */
  MOST_WARNINGS = 8
};

/* A sum or mean that does not hold in one or two rows. */
typedef struct near_total {
  emend_computation computed;
  size_t rows, wrong, row; /* rows that have all of it; the first row in which it is wrong */
} near_total;

typedef struct search {
  planner *p;
  unsigned char *items; /* per variable: whether it may be one */
  unsigned char *found; /* per variable: it is the sum or mean of others */
  double **cells;       /* of the sampled rows that have been tried, by variable; NaN: none, or no item */
  size_t *rows;         /* of the sample, those with the fewest holes first */
  size_t n_rows, n_told, n_near;
  near_total near;     /* of the score that is looked at, the first one; rows 0: none */
  emend_buffer untold; /* names of scores for which there is no warning of their own */
} search;

static bool may_be_item(const planner *p, size_t v) {
  const emend_planned *planned = &p->plan->variables[v];
  bool in_model = emend_planned_takes_part(planned);
  bool number = planned->type == EMEND_TYPE_CONTINUOUS || planned->type == EMEND_TYPE_INTEGER || planned->type == EMEND_TYPE_ORDINAL ||
                planned->type == EMEND_TYPE_BINARY;
  return in_model && number && !planned->categories.texts && !planned->observed.infinite_row && planned->observed.n >= FEWEST_ROWS;
}

static bool may_be_score(const planner *p, size_t v) {
  const emend_planned *planned = &p->plan->variables[v];
  return may_be_item(p, v) && planned->type != EMEND_TYPE_BINARY && !planned->observed.labelled && !emend_plan_formula(p->plan, v);
}

typedef struct sampled_row {
  double holes, row;
} sampled_row;

static void list_rows(search *s) {
  sampled_row order[PLANNER_SAMPLED];
  planner_sample cells;
  for (size_t i = 0; i < s->n_rows; i++)
    order[i] = (sampled_row){0, (double)i};
  for (size_t v = 0; v < s->p->plan->n_variables; v++) {
    if (!s->items[v]) /* has holes only, in all rows */
      continue;
    planner_take_sample(s->p, v, s->n_rows, &cells);
    for (size_t i = 0; i < s->n_rows; i++)
      order[i].holes += cells.reasons[i] != EMEND_OBSERVED;
  }
  emend_sort_by_numbers(order, s->n_rows, sizeof *order, offsetof(sampled_row, holes), offsetof(sampled_row, row));
  for (size_t i = 0; i < s->n_rows; i++)
    s->rows[i] = (size_t)order[i].row;
}

static emend_run sampled_cell(const search *s, size_t i, size_t v) {
  const emend_dataset *dataset = s->p->dataset;
  return emend_dataset_run(dataset, v, planner_sampled_row(i, s->n_rows, emend_dataset_rows(dataset)));
}

/* Reads a sampled row that has not been tried yet. */
static emend_status take_row(search *s, size_t i) {
  size_t n = s->p->plan->n_variables;
  if (s->cells[i])
    return EMEND_OK;
  s->cells[i] = emend_allocate(n, sizeof **s->cells);
  if (!s->cells[i])
    return emend_fail_memory(s->p->error);
  for (size_t v = 0; v < n; v++) {
    emend_run cell = sampled_cell(s, i, v);
    s->cells[i][v] = s->items[v] && *cell.reasons == EMEND_OBSERVED ? *cell.values : NAN;
  }
  return EMEND_OK;
}

static bool is_sum(double score, double sum) { return fabs(score - sum) <= 1e-9 * fmax(1, fabs(sum)); }

/* Written with the score's decimals. */
static bool is_mean(const emend_observed *score_observed, double score, double sum, size_t n) {
  int decimals = score_observed->decimals;
  double half = decimals > 0 ? 0.5000001 / emend_decimal_scale(decimals) : 1e-6 * fmax(1, fabs(score));
  return decimals != 0 && fabs(score - sum / (double)n) <= half;
}

/* What is wanting in a row is the value of a neighbour: a part that hardly anyone has, and no slip. */
static bool is_further_part(const search *s, const emend_computation *c, size_t row, double wanting) {
  size_t from = c->x > BESIDE ? c->x - BESIDE : 0, to = c->y + BESIDE, n = s->p->plan->n_variables;
  for (size_t v = from; v <= to && v < n; v++) {
    bool apart = v < c->x || v > c->y;
    for (size_t k = 0; k < c->n_left_out; k++)
      apart = apart || c->left_out[k] == v;
    emend_run cell = emend_dataset_run(s->p->dataset, v, row);
    bool answer = *cell.reasons == EMEND_OBSERVED || *cell.reasons == EMEND_USER_MISSING; /* so rare that it may look like a missing code */
    bool number = emend_variable_get_kind(s->p->dataset, v) != EMEND_TEXT && answer;
    if (apart && v != c->target && number && is_sum(wanting, *cell.values))
      return true;
  }
  return false;
}

/* In every row that has all of it: how many. Where one or two rows are wrong, it is near. */
static size_t holds(search *s, const emend_computation *c) {
  const emend_dataset *dataset = s->p->dataset;
  size_t n = emend_computation_inputs(c);
  bool mean = c->form == EMEND_COMPUTED_MEAN;
  double begin[MOST_ITEMS], begin_score = 0;
  size_t rows = 0, others[MOST_ITEMS] = {0}, other_scores = 0, wrong = 0, wrong_row = 0;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row++) {
    emend_run y = emend_dataset_run(dataset, c->target, row);
    double x[MOST_ITEMS], sum = 0;
    size_t k = 0;
    for (bool all = *y.reasons == EMEND_OBSERVED; k < n && all; k += all) {
      emend_run cell = emend_dataset_run(dataset, emend_computation_input(c, k), row);
      all = *cell.reasons == EMEND_OBSERVED;
      x[k] = *cell.values, sum += all ? x[k] : 0;
    }
    if (k < n)
      continue;
    if (mean ? !is_mean(&s->p->plan->variables[c->target].observed, *y.values, sum, n) : !is_sum(*y.values, sum)) {
      if (++wrong > MOST_WRONG || is_further_part(s, c, row, (mean ? *y.values * (double)n : *y.values) - sum))
        return 0;
      wrong_row = wrong == 1 ? row : wrong_row;
      continue;
    }
    if (rows++ == 0)
      begin_score = *y.values;
    other_scores += *y.values != begin_score;
    for (k = 0; k < n; k++) {
      begin[k] = rows == 1 ? x[k] : begin[k];
      others[k] += x[k] != begin[k];
    }
  }
  size_t fewest = wrong ? OTHERS_BESIDE_WRONG : FEWEST_OTHERS;
  bool moves = other_scores >= 3 * fewest;
  for (size_t k = 0; k < n; k++)
    moves = moves && others[k] >= fewest;
  if (wrong > 0 && moves && !s->near.rows && rows >= FEWEST_RIGHT && rows >= RIGHT_TO_WRONG * wrong)
    s->near = (near_total){*c, rows + wrong, wrong, wrong_row};
  if (wrong > 0)
    return 0;
  return rows >= FEWEST_ROWS && moves ? rows : 0;
}

static bool has_holes(const search *s, const emend_computation *c) {
  const emend_planned *v = s->p->plan->variables;
  bool holes = v[c->target].missing.fill > 0;
  for (size_t k = 0, n = emend_computation_inputs(c); k < n; k++)
    holes = holes || v[emend_computation_input(c, k)].missing.fill > 0;
  return holes;
}

/* "total = q1 + q2 + q3", "score = (q1 + q2 + q3) / 3" */
static emend_status print_formula(const planner *p, const emend_computation *c, emend_buffer *text) {
  size_t n = emend_computation_inputs(c);
  bool mean = c->form == EMEND_COMPUTED_MEAN;
  emend_status status = skip_name_print(p->plan, c->target, text, p->error);
  if (!status)
    status = emend_buffer_format(text, p->error, mean ? " = (" : " = ");
  for (size_t k = 0; k < n && !status; k++) {
    status = emend_buffer_format(text, p->error, "%s", k ? " + " : "");
    if (!status)
      status = skip_name_print(p->plan, emend_computation_input(c, k), text, p->error);
  }
  return status || !mean ? status : emend_buffer_format(text, p->error, ") / %zu", n);
}

/* What has been told needs no other advice, nor does a sum whose parts are sums. */
static void number_set(const search *s, const emend_computation *c) {
  for (size_t i = 0, n = emend_computation_inputs(c); i < n; i++)
    planner_join_sets(s->p, c->target, emend_computation_input(c, i));
}

/* Whether scores that are answered though items are not are the sum, or the mean, of the others (or of what these are on average), as
 * programs compute them that leave out what is missing: how many, if all such are. These scores do not tell what is missing. */
static size_t rows_of_answers(const search *s, const emend_computation *c) {
  const emend_dataset *dataset = s->p->dataset;
  const emend_observed *o = &s->p->plan->variables[c->target].observed;
  bool mean = c->form == EMEND_COMPUTED_MEAN;
  size_t n = emend_computation_inputs(c), rows = 0, as_answers = 0, as_average = 0;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row++) {
    emend_run y = emend_dataset_run(dataset, c->target, row);
    double sum = 0;
    size_t answers = 0;
    for (size_t k = 0; k < n && *y.reasons == EMEND_OBSERVED; k++) {
      emend_run cell = emend_dataset_run(dataset, emend_computation_input(c, k), row);
      bool answered = *cell.reasons == EMEND_OBSERVED;
      answers += answered, sum += answered ? *cell.values : 0;
    }
    bool nothing = answers == 0 && !mean && *y.reasons == EMEND_OBSERVED && *y.values == 0; /* which is the sum of no answers */
    if (answers == n || (answers == 0 && !nothing))
      continue;
    rows++;
    as_answers += is_sum(mean ? *y.values * (double)n : *y.values, sum);
    if (answers > 0)
      as_average += mean ? is_mean(o, *y.values, sum, answers) : is_sum(*y.values, sum / (double)answers * (double)n);
  }
  size_t most = as_answers > as_average ? as_answers : as_average;
  return 5 * most >= 4 * rows ? rows : 0; /* some were corrected by hand */
}

/* "the sum of q1 to q4", "sws + ps", "the sum of food to clothes (without housing)" */
static emend_status print_saying(const planner *p, const emend_computation *c, emend_buffer *text) {
  const char *first = emend_variable_name(p->dataset, c->x), *last = emend_variable_name(p->dataset, c->y);
  bool own_alone = c->n_left_out == 1 && c->left_out[0] == c->target; /* which goes without saying */
  if (emend_computation_inputs(c) == 2)
    return emend_buffer_format(text, p->error, "%s + %s", first, last);
  emend_status status =
      emend_buffer_format(text, p->error, "the %s of %s to %s", c->form == EMEND_COMPUTED_MEAN ? "mean" : "sum", first, last);
  for (size_t k = 0; k < c->n_left_out && !own_alone && !status; k++)
    status = emend_buffer_format(text, p->error, "%s%s", k ? ", " : " (without ", emend_variable_name(p->dataset, c->left_out[k]));
  return status || c->n_left_out == 0 || own_alone ? status : emend_buffer_format(text, p->error, ")");
}

static emend_status keep(search *s, const emend_computation *c) {
  emend_buffer saying = {0};
  emend_status status = print_saying(s->p, c, &saying);
  bool told = c->of_answers || s->n_told++ < MOST_WARNINGS;
  if (!status && told)
    planner_tell_computation(s->p, c, saying.bytes);
  else if (!status)
    status =
        emend_buffer_format(&s->untold, s->p->error, "%s%s", s->untold.length ? ", " : "", emend_variable_name(s->p->dataset, c->target));
  emend_buffer_free(&saying);
  return status ? status : planner_add_computation(s->p, c);
}

static emend_status tell(search *s, emend_computation *c) {
  const planner *p = s->p;
  s->found[c->target] = 1;
  if (planner_keeps_computation(p, c)) {
    c->of_answers = rows_of_answers(s, c);
    number_set(s, c);
    return keep(s, c);
  }
  emend_buffer formula = {0}, saying = {0};
  emend_status status = print_formula(p, c, &formula);
  if (!status)
    status = print_saying(p, c, &saying);
  if (!status && s->n_told++ < MOST_WARNINGS)
    emend_warn(p->events, "%s is %s in all %zu rows that have them: where they are filled, only --formula '%s' keeps that",
               emend_variable_name(p->dataset, c->target), saying.bytes, c->rows, formula.bytes);
  number_set(s, c);
  emend_buffer_free(&formula), emend_buffer_free(&saying);
  return status;
}

/* One more item behind the last; among others itself and what is a sum or mean are left out. False: there is none. */
static bool extend(const search *s, emend_computation *c, bool among_others) {
  size_t next = c->y + 1, n = c->n_left_out;
  while (among_others && next < s->p->plan->n_variables && (next == c->target || s->found[next]) && n < EMEND_MOST_LEFT_OUT)
    c->left_out[n++] = next++;
  if (next >= s->p->plan->n_variables || next == c->target || emend_computation_inputs(c) == MOST_ITEMS)
    return false;
  c->y = next, c->n_left_out = n;
  return true;
}

/* Items from the first on, one more at a time, as long as a row tried has them all. False: none. */
static bool find_items(search *s, emend_computation *c, const size_t *tried, size_t n_tried, bool among_others) {
  double sums[TRIED] = {0};
  c->form = EMEND_COMPUTED_SUM;
  do {
    size_t complete = 0, as_sum = 0, as_mean = 0, n = emend_computation_inputs(c);
    for (size_t i = 0; i < n_tried; i++) {
      const double *row = s->cells[tried[i]];
      sums[i] += row[c->y];
      if (isnan(sums[i]))
        continue;
      complete++;
      as_sum += is_sum(row[c->target], sums[i]);
      as_mean += is_mean(&s->p->plan->variables[c->target].observed, row[c->target], sums[i], n);
    }
    if (complete < FEWEST_TRIED)
      break;
    size_t slips = complete >= MANY_TRIED; /* one wrong row may be among them */
    if (n < FEWEST_ITEMS || (as_sum + slips < complete && (as_mean + slips < complete || n == FEWEST_ITEMS)) || (among_others && c->n_left_out == 0) ||
        !has_holes(s, c))
      continue;
    c->form = as_mean > as_sum && n > FEWEST_ITEMS ? EMEND_COMPUTED_MEAN : EMEND_COMPUTED_SUM;
    c->rows = holds(s, c);
    if (c->rows > 0)
      return true;
  } while (extend(s, c, among_others));
  return false;
}

/* Somebody may have slipped there; what is filled does not follow it. */
static emend_status tell_near(search *s) {
  const near_total *near = &s->near;
  emend_buffer saying = {0};
  emend_status status = s->n_near++ < MOST_NEAR ? print_saying(s->p, &near->computed, &saying) : EMEND_OK;
  if (!status && saying.length)
    emend_warn(s->p->events,
               "%s is %s in all but %zu of %zu rows that have them (row %zu%s): look at %s; nothing that is filled follows from it",
               emend_variable_name(s->p->dataset, near->computed.target), saying.bytes, near->wrong, near->rows, near->row + 1,
               near->wrong > 1 ? " is the first" : "", near->wrong > 1 ? "these" : "it");
  emend_buffer_free(&saying);
  return status;
}

/* Items side by side anywhere near, or not far and with others among them. */
static bool find_in_reach(search *s, emend_computation *c, const size_t *tried, size_t n_tried, bool among_others) {
  size_t reach = among_others ? NEARER : NEAR, score = c->target, n_variables = s->p->plan->n_variables;
  size_t from = score > reach ? score - reach : 0, to = score + reach < n_variables ? score + reach : n_variables;
  for (size_t first = from; first < to; first++) {
    if (first == score || (among_others && s->found[first]))
      continue;
    *c = (emend_computation){.target = score, .x = first, .y = first};
    if (find_items(s, c, tried, n_tried, among_others))
      return true;
  }
  return false;
}

static emend_status find(search *s, size_t score) {
  size_t tried[TRIED], n_tried = 0;
  emend_computation c = {.target = score};
  emend_status status = EMEND_OK;
  s->near = (near_total){0};
  for (size_t i = 0; i < s->n_rows && n_tried < TRIED && !status; i++)
    if (*sampled_cell(s, s->rows[i], score).reasons == EMEND_OBSERVED)
      status = take_row(s, tried[n_tried++] = s->rows[i]);
  if (status || n_tried < FEWEST_TRIED)
    return status;
  if (find_in_reach(s, &c, tried, n_tried, false) || find_in_reach(s, &c, tried, n_tried, true))
    return tell(s, &c);
  return s->near.rows ? tell_near(s) : EMEND_OK;
}

emend_status planner_find_totals(planner *p) {
  size_t n = p->plan->n_variables, rows = emend_dataset_rows(p->dataset);
  search s = {.p = p, .n_rows = rows < PLANNER_SAMPLED ? rows : PLANNER_SAMPLED};
  if (rows < FEWEST_ROWS || !planner_fills_any(p))
    return EMEND_OK;
  s.items = emend_allocate(n, 1), s.found = emend_allocate(n, 1);
  s.cells = emend_allocate(s.n_rows, sizeof *s.cells), s.rows = emend_allocate(s.n_rows, sizeof *s.rows);
  emend_status status = s.items && s.found && s.cells && s.rows ? EMEND_OK : emend_fail_memory(p->error);
  for (size_t v = 0; v < n && !status; v++)
    s.items[v] = may_be_item(p, v);
  if (!status)
    list_rows(&s);
  for (size_t v = 0; v < n && !status; v++)
    if (may_be_score(p, v))
      status = find(&s, v);
  for (size_t i = 0; i < s.n_rows && s.cells; i++)
    free(s.cells[i]);
  free(s.items), free(s.found), free(s.cells), free(s.rows);
  if (s.untold.length && !status)
    emend_warn(p->events,
               "in the same way are the sum or the mean of others, and what is filled agrees: %s (--apart VARS fills them by themselves)",
               s.untold.bytes);
  emend_buffer_free(&s.untold);
  return status;
}
