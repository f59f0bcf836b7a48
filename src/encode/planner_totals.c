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
  NEAR = 150,       /* variables between score and items */
  FEWEST_ITEMS = 2, /* of a sum; of a mean, one more */
  MOST_ITEMS = EMEND_MOST_INPUTS,
  FEWEST_ROWS = 20,  /* that have all */
  FEWEST_OTHERS = 3, /* rows in which an item is another than in the first; three times as many for the score */
  MOST_WRONG = 2,    /* rows in which it does not hold, where nearly all say that it should: slips, which are told */
  FEWEST_RIGHT = 50, /* beside them, and so many to each; and that each variable moves in more than three times as many as else */
  RIGHT_TO_WRONG = 33,
  OTHERS_BESIDE_WRONG = 10,
  MOST_NEAR = 5, /* of such that are told */
  MOST_WARNINGS = 8
};

/* A sum or mean that does not hold in one or two rows. */
typedef struct near_total {
  size_t first, n, rows, wrong, row; /* rows that have all of it; the first row in which it is wrong */
  bool mean;
} near_total;

typedef struct search {
  planner *p;
  unsigned char *items; /* per variable: whether it may be one */
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

/* In every row that has all of it. Where one or two rows are wrong, it is near. */
static size_t holds(search *s, size_t score, size_t first, size_t n, bool mean) {
  const emend_dataset *dataset = s->p->dataset;
  double begin[MOST_ITEMS], begin_score = 0;
  size_t rows = 0, others[MOST_ITEMS] = {0}, other_scores = 0, wrong = 0, wrong_row = 0;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row++) {
    emend_run y = emend_dataset_run(dataset, score, row);
    double x[MOST_ITEMS], sum = 0;
    size_t k = 0;
    for (bool all = *y.reasons == EMEND_OBSERVED; k < n && all; k += all) {
      emend_run cell = emend_dataset_run(dataset, first + k, row);
      all = *cell.reasons == EMEND_OBSERVED;
      x[k] = *cell.values, sum += all ? x[k] : 0;
    }
    if (k < n)
      continue;
    if (mean ? !is_mean(&s->p->plan->variables[score].observed, *y.values, sum, n) : !is_sum(*y.values, sum)) {
      if (++wrong > MOST_WRONG)
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
    s->near = (near_total){first, n, rows + wrong, wrong, wrong_row, mean};
  if (wrong > 0)
    return 0;
  return rows >= FEWEST_ROWS && moves ? rows : 0;
}

static bool has_holes(const search *s, size_t score, size_t first, size_t n) {
  const emend_planned *v = s->p->plan->variables;
  bool holes = v[score].missing.fill > 0;
  for (size_t k = 0; k < n; k++)
    holes = holes || v[first + k].missing.fill > 0;
  return holes;
}

/* "total = q1 + q2 + q3", "score = (q1 + q2 + q3) / 3" */
static emend_status print_formula(const planner *p, size_t score, size_t first, size_t n, bool mean, emend_buffer *text) {
  emend_status status = skip_name_print(p->plan, score, text, p->error);
  if (!status)
    status = emend_buffer_format(text, p->error, mean ? " = (" : " = ");
  for (size_t k = 0; k < n && !status; k++) {
    status = emend_buffer_format(text, p->error, "%s", k ? " + " : "");
    if (!status)
      status = skip_name_print(p->plan, first + k, text, p->error);
  }
  return status || !mean ? status : emend_buffer_format(text, p->error, ") / %zu", n);
}

/* What has been told needs no other advice. */
static void number_set(const search *s, size_t score, size_t first, size_t n) {
  emend_planned *v = s->p->plan->variables;
  unsigned last = 0;
  bool is_free = !v[score].set;
  for (size_t i = 0; i < s->p->plan->n_variables; i++)
    last = v[i].set > last ? v[i].set : last;
  for (size_t k = 0; k < n; k++)
    is_free = is_free && !v[first + k].set;
  for (size_t k = 0; k < n && is_free; k++)
    v[first + k].set = last + 1;
  if (is_free)
    v[score].set = last + 1;
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
      emend_run cell = emend_dataset_run(dataset, c->x + k, row);
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

/* "the sum of q1 to q4", "sws + ps" */
static emend_status print_saying(const planner *p, const emend_computation *c, emend_buffer *text) {
  const char *first = emend_variable_name(p->dataset, c->x), *last = emend_variable_name(p->dataset, c->y);
  if (emend_computation_inputs(c) == 2)
    return emend_buffer_format(text, p->error, "%s + %s", first, last);
  return emend_buffer_format(text, p->error, "the %s of %s to %s", c->form == EMEND_COMPUTED_MEAN ? "mean" : "sum", first, last);
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

static emend_status tell(search *s, size_t score, size_t first, size_t n, bool mean, size_t rows) {
  const planner *p = s->p;
  emend_computation made = {
      .form = mean ? EMEND_COMPUTED_MEAN : EMEND_COMPUTED_SUM, .target = score, .x = first, .y = first + n - 1, .rows = rows};
  if (planner_keeps_computation(p, &made)) {
    made.of_answers = rows_of_answers(s, &made);
    number_set(s, score, first, n);
    return keep(s, &made);
  }
  emend_buffer formula = {0};
  emend_status status = print_formula(p, score, first, n, mean, &formula);
  if (!status && s->n_told++ < MOST_WARNINGS)
    emend_warn(p->events, "%s is the %s of %s to %s in all %zu rows that have them: where they are filled, only --formula '%s' keeps that",
               emend_variable_name(p->dataset, score), mean ? "mean" : "sum", emend_variable_name(p->dataset, first),
               emend_variable_name(p->dataset, first + n - 1), rows, formula.bytes);
  number_set(s, score, first, n);
  emend_buffer_free(&formula);
  return status;
}

/* Items from `first` on, one more at a time, as long as a row tried has them all. *n 0: none. */
static size_t find_items(search *s, size_t score, const size_t *tried, size_t n_tried, size_t first, size_t *n, bool *mean) {
  size_t n_variables = s->p->plan->n_variables;
  double sums[TRIED] = {0};
  for (*n = 1; *n <= MOST_ITEMS && first + *n <= n_variables && first + *n - 1 != score; ++*n) {
    size_t complete = 0, as_sum = 0, as_mean = 0;
    for (size_t i = 0; i < n_tried; i++) {
      const double *row = s->cells[tried[i]];
      sums[i] += row[first + *n - 1];
      if (isnan(sums[i]))
        continue;
      complete++;
      as_sum += is_sum(row[score], sums[i]);
      as_mean += is_mean(&s->p->plan->variables[score].observed, row[score], sums[i], *n);
    }
    if (complete < FEWEST_TRIED)
      break;
    if (*n < FEWEST_ITEMS || (as_sum < complete && (as_mean < complete || *n == FEWEST_ITEMS)) || !has_holes(s, score, first, *n))
      continue;
    *mean = as_sum < complete;
    size_t rows = holds(s, score, first, *n, *mean);
    if (rows > 0)
      return rows;
  }
  return 0;
}

/* Somebody may have slipped there; what is filled does not follow it. */
static emend_status tell_near(search *s, size_t score) {
  const near_total *near = &s->near;
  emend_computation made = {
      .form = near->mean ? EMEND_COMPUTED_MEAN : EMEND_COMPUTED_SUM, .x = near->first, .y = near->first + near->n - 1};
  made.target = score;
  emend_buffer saying = {0};
  emend_status status = s->n_near++ < MOST_NEAR ? print_saying(s->p, &made, &saying) : EMEND_OK;
  if (!status && saying.length)
    emend_warn(s->p->events,
               "%s is %s in all but %zu of %zu rows that have them (row %zu%s): look at %s; nothing that is filled follows from it",
               emend_variable_name(s->p->dataset, score), saying.bytes, near->wrong, near->rows, near->row + 1,
               near->wrong > 1 ? " is the first" : "", near->wrong > 1 ? "these" : "it");
  emend_buffer_free(&saying);
  return status;
}

static emend_status find(search *s, size_t score) {
  size_t tried[TRIED], n_tried = 0, n_variables = s->p->plan->n_variables;
  emend_status status = EMEND_OK;
  s->near = (near_total){0};
  for (size_t i = 0; i < s->n_rows && n_tried < TRIED && !status; i++)
    if (*sampled_cell(s, s->rows[i], score).reasons == EMEND_OBSERVED)
      status = take_row(s, tried[n_tried++] = s->rows[i]);
  size_t from = score > NEAR ? score - NEAR : 0, to = score + NEAR < n_variables ? score + NEAR : n_variables;
  for (size_t first = from; first < to && n_tried >= FEWEST_TRIED && !status; first++) {
    size_t n;
    bool mean;
    size_t rows = find_items(s, score, tried, n_tried, first, &n, &mean);
    if (rows > 0)
      return tell(s, score, first, n, mean, rows);
  }
  return status || !s->near.rows ? status : tell_near(s, score);
}

emend_status planner_find_totals(planner *p) {
  size_t n = p->plan->n_variables, rows = emend_dataset_rows(p->dataset);
  search s = {.p = p, .n_rows = rows < PLANNER_SAMPLED ? rows : PLANNER_SAMPLED};
  if (rows < FEWEST_ROWS || !planner_fills_any(p))
    return EMEND_OK;
  s.items = emend_allocate(n, 1);
  s.cells = emend_allocate(s.n_rows, sizeof *s.cells), s.rows = emend_allocate(s.n_rows, sizeof *s.rows);
  emend_status status = s.items && s.cells && s.rows ? EMEND_OK : emend_fail_memory(p->error);
  for (size_t v = 0; v < n && !status; v++)
    s.items[v] = may_be_item(p, v);
  if (!status)
    list_rows(&s);
  for (size_t v = 0; v < n && !status; v++)
    if (may_be_score(p, v))
      status = find(&s, v);
  for (size_t i = 0; i < s.n_rows && s.cells; i++)
    free(s.cells[i]);
  free(s.items), free(s.cells), free(s.rows);
  if (s.untold.length && !status)
    emend_warn(p->events,
               "in the same way are the sum or the mean of others, and what is filled agrees: %s (--apart VARS fills them by themselves)",
               s.untold.bytes);
  emend_buffer_free(&s.untold);
  return status;
}
