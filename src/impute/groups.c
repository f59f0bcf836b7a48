/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "impute/decoding.h"
#include "impute/expect.h"
#include "impute/group_decoders.h"
#include "impute/links.h"
#include "impute/matching.h"
#include "mixture/complete.h"
#include "mixture/fit.h"
#include "normal/fit.h"
#include "normal/inside.h"
#include "pattern/reduced.h"

/* Rows of another matrix. */
typedef struct row_list {
  emend_matrix whole;
  const uint32_t *rows;
} row_list;

/* Neighbours are read together. */
static void read_rows(const void *state, size_t row, size_t n, double *block) {
  const row_list *list = state;
  for (size_t i = 0, run; i < n; i += run) {
    for (run = 1; i + run < n && list->rows[row + i + run] == list->rows[row + i] + run; run++)
      ;
    list->whole.read(list->whole.state, list->rows[row + i], run, block + i * list->whole.n_columns);
  }
}

/* One group at work. */
typedef struct group {
  emend_imputation *made;
  uint32_t *rows;
  size_t n, weighing; /* rows; those of them that weigh something */
  double *weights;
  row_list list;
  emend_completion_wish wish; /* of all rows */
  emend_buffer silent;        /* variables that the pooled model fills, though the group has a model of its own: "late (LU), ..." */
  size_t n_silent;
} group;

static double draw_in_group(const void *state, size_t row, size_t column, double mean, double sd, const double *drawn,
                            const double *block) {
  const group *g = state;
  return g->wish.draw(g->wish.state, g->rows[row], column, mean, sd, drawn, block);
}

static void revise_in_group(const void *state, size_t row, const uint32_t *missing, size_t m, double *z) {
  const group *g = state;
  g->wish.revise(g->wish.state, g->rows[row], missing, m, z);
}

/* What the group's model says, where it says anything: a column that the group never answered stays as the pooled model has it. */
static void take_over(const group *g, const emend_completed *own) {
  emend_completed *all = g->made->completed;
  for (size_t i = 0; i < g->n; i++)
    for (size_t j = 0; j < all->n_columns; j++) {
      double value = emend_completed_value(own, i, j);
      if (!isnan(value))
        emend_completed_put(all, g->rows[i], j, value, emend_completed_spread(own, i, j));
    }
}

/* Small groups: the pooled covariances as a prior that counts as many rows as there are columns. */
static emend_status borrow(const group *g, emend_normal_options *options, emend_error *error) {
  size_t p = g->list.whole.n_columns;
  const double *covariance = emend_normal_covariance(g->made->model);
  double *lambda = emend_allocate(p, p * sizeof *lambda);
  if (!lambda)
    return emend_fail_memory(error);
  for (size_t i = 0; i < p * p; i++)
    lambda[i] = isfinite(covariance[i]) ? (double)p * covariance[i] : 0;
  for (size_t j = 0; j < p; j++)
    if (!(lambda[j * p + j] > 0))
      lambda[j * p + j] = 1;
  emend_status status = emend_normal_options_set_prior_matrix(options, (double)p, lambda, p, error);
  free(lambda);
  return status;
}

/* The curves of the group's own model, in the place of those before. */
static emend_status link_group(const group *g, const emend_normal *fit, emend_events *events, emend_error *error) {
  emend_links_free(g->made->links);
  g->made->links = NULL;
  return emend_links_new(g->made, fit, g->rows, g->n, events, &g->made->links, error);
}

static emend_status estimate_group(group *g, const emend_normal_options *options, bool borrows, emend_normal **fit, emend_events *events,
                                   emend_error *error) {
  emend_matrix matrix = g->list.whole;
  matrix.n_rows = g->n, matrix.state = &g->list, matrix.read = read_rows, matrix.weights = g->weights;
  emend_normal_options *adapted = emend_normal_options_copy(options, g->made->plan->weight_kind);
  const char **names = NULL;
  emend_reduced *reduced = NULL;
  unsigned *told = emend_imputation_told(g->made);
  emend_completed *own = NULL;
  emend_completion_wish wish = g->wish;
  if (wish.draw)
    wish.draw = draw_in_group, wish.revise = revise_in_group, wish.state = g;
  emend_status status = adapted ? emend_encoding_texts(&g->made->encoding, emend_encoding_name, &names, error) : emend_fail_memory(error);
  double start = emend_clock_seconds();
  if (!status && !told)
    status = emend_fail_memory(error);
  if (!status)
    adapted->told = told;
  if (!status && borrows)
    status = borrow(g, adapted, error);
  if (!status)
    status = emend_reduced_new(&matrix, NULL, NULL, events, &reduced, error);
  if (!status)
    status = emend_normal_fit_reduced(reduced, names, adapted, events, fit, error);
  g->made->seconds_estimate += emend_clock_seconds() - start;
  bool matches = g->made->method.method == EMEND_METHOD_MATCH;
  if (!status && !matches)
    status = link_group(g, *fit, events, error);
  if (!status && matches)
    status = emend_imputation_match_rows(g->made, *fit, &matrix, g->rows, events, error);
  else if (!status)
    status = emend_normal_complete_matrix(*fit, &matrix, wish.draw || wish.spreads ? &wish : NULL, g->made->threads, events, &own, error);
  if (!status && emend_imputation_expects(g->made))
    status = emend_links_expect(g->made->links, g->rows, own, error);
  if (!status && !matches)
    take_over(g, own);
  emend_completed_free(own);
  emend_reduced_free(reduced);
  emend_normal_options_free(adapted);
  free(names), free(told);
  return status;
}

/* The rows of one category of the variable that tells groups, and their weights. */
static void find_rows(group *g, size_t category) {
  const emend_plan *plan = g->made->plan;
  const emend_categories *c = &plan->variables[plan->by].categories;
  emend_run run;
  g->n = g->weighing = 0;
  for (size_t row = 0; row < emend_dataset_rows(plan->dataset); row += run.n) {
    run = emend_dataset_run(plan->dataset, (size_t)plan->by, row);
    for (size_t i = 0; i < run.n; i++) {
      if (emend_categories_of_cell(c, row + i, run.reasons[i], run.values[i]) != category)
        continue;
      if (g->weights)
        g->weights[g->n] = plan->weights[row + i];
      g->weighing += !g->weights || g->weights[g->n] > 0;
      g->rows[g->n++] = (uint32_t)(row + i);
    }
  }
}

static emend_status name_group(const emend_plan *plan, size_t category, emend_buffer *names, emend_error *error) {
  const emend_categories *c = &plan->variables[plan->by].categories;
  char number[EMEND_NUMBER_SIZE];
  const char *separator = names->length ? ", " : "";
  if (c->texts)
    return emend_buffer_format(names, error, "%s%s", separator, emend_dataset_text(plan->dataset, c->texts[category]));
  emend_number_print(c->numbers[category], '.', number);
  return emend_buffer_format(names, error, "%s%s", separator, number);
}

/* Groups, by name, for warnings. */
typedef struct outcome {
  emend_buffer pooled, borrowed, unfinished;
} outcome;

/* Whether no row of the group that weighs something answered v, and some cell is filled. */
static bool is_silent(const group *g, size_t v) {
  const emend_imputation *made = g->made;
  bool filled = false;
  if (made->column_of[v] < 0 || made->plan->variables[v].missing.fill == 0)
    return false;
  for (size_t i = 0; i < g->n; i++) {
    emend_run cell = emend_dataset_run(made->plan->dataset, v, g->rows[i]);
    if (*cell.reasons == EMEND_OBSERVED && (!g->weights || g->weights[i] > 0))
      return false;
    filled = filled || emend_imputation_may_fill(made, g->rows[i], v, *cell.reasons, *cell.values);
  }
  return filled;
}

/* The group's model knows nothing of what nobody there answered. */
static emend_status list_silent(group *g, size_t category, emend_error *error) {
  enum { MOST = 12 };
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < g->made->plan->n_variables && !status; v++) {
    if (!is_silent(g, v) || g->n_silent++ >= MOST)
      continue;
    emend_buffer name = {0};
    status = name_group(g->made->plan, category, &name, error);
    if (!status)
      status = emend_buffer_format(&g->silent, error, "%s%s (%s)", g->n_silent > 1 ? ", " : "",
                                   emend_variable_name(g->made->plan->dataset, v), name.bytes);
    emend_buffer_free(&name);
  }
  return status;
}

static emend_imputed_group describe(const group *g, size_t category) {
  const emend_categories *c = &g->made->plan->variables[g->made->plan->by].categories;
  return (emend_imputed_group){.value = !c->texts ? c->numbers[category] : NAN,
                               .text = c->texts ? emend_dataset_text(g->made->plan->dataset, c->texts[category]) : NULL,
                               .rows = g->n,
                               .weighing = g->weighing,
                               .model = EMEND_GROUP_POOLED,
                               .log_likelihood = NAN,
                               .converged = 1};
}

static emend_status do_group(group *g, size_t category, const emend_normal_options *options, emend_imputed_group *told,
                             emend_events *events, emend_error *error) {
  enum { ROWS_PER_COLUMN = 2, ENOUGH_PER_COLUMN = 10 };
  size_t p = g->list.whole.n_columns;
  find_rows(g, category);
  *told = describe(g, category);
  if (g->weighing < ROWS_PER_COLUMN * p + 10)
    return EMEND_OK;
  bool borrows = g->weighing < ENOUGH_PER_COLUMN * p;
  emend_normal *fit = NULL;
  emend_status status = emend_group_decoders_add(g->made, category, g->rows, g->n, error);
  if (!status)
    status = estimate_group(g, options, borrows, &fit, events, error);
  if (!status) {
    told->model = borrows ? EMEND_GROUP_BORROWED : EMEND_GROUP_OWN;
    told->iterations = emend_normal_iterations(fit);
    told->log_likelihood = emend_normal_log_likelihood(fit);
    told->converged = emend_normal_converged(fit);
    status = list_silent(g, category, error);
  }
  emend_normal_free(fit);
  return status;
}

/* As take_over, from the rows of a mixture. */
static emend_status take_over_patterns(const group *g, const emend_patterns *own, emend_error *error) {
  emend_patterns *all = g->made->patterns;
  double *row = emend_allocate(all->n_columns, sizeof *row);
  if (!row)
    return emend_fail_memory(error);
  for (size_t i = 0; i < g->n; i++) {
    g->list.whole.read(g->list.whole.state, g->rows[i], 1, row);
    for (size_t j = 0; j < all->n_columns; j++) {
      double value = isnan(row[j]) ? emend_patterns_value(own, i, j) : NAN;
      if (!isnan(value))
        emend_patterns_put(all, g->rows[i], j, value);
    }
  }
  free(row);
  return EMEND_OK;
}

/* A mixture for each group of enough rows. */
static emend_status do_mixture_group(group *g, size_t category, const emend_mixture_options *options, emend_imputed_group *told,
                                     emend_events *events, emend_error *error) {
  enum { ROWS_PER_PARAMETER = 2 };
  size_t p = g->list.whole.n_columns, k = emend_mixture_components(g->made->mixture);
  find_rows(g, category);
  *told = describe(g, category);
  if (g->weighing < ROWS_PER_PARAMETER * k * (p + 2) + 10)
    return EMEND_OK;
  emend_matrix matrix = g->list.whole;
  matrix.n_rows = g->n, matrix.state = &g->list, matrix.read = read_rows, matrix.weights = g->weights;
  const char **names = NULL;
  emend_patterns *own = NULL;
  emend_mixture *fit = NULL;
  emend_mixture_options *adapted = emend_mixture_options_copy(options, g->made->plan->weight_kind);
  emend_status status = adapted ? emend_encoding_texts(&g->made->encoding, emend_encoding_name, &names, error) : emend_fail_memory(error);
  if (!status)
    status = emend_group_decoders_add(g->made, category, g->rows, g->n, error);
  if (!status)
    status = emend_mixture_fit_matrix(&matrix, names, adapted, events, &own, &fit, error);
  if (!status)
    status = emend_mixture_complete_patterns(fit, own, events, error);
  if (!status)
    status = take_over_patterns(g, own, error);
  if (!status) {
    told->model = EMEND_GROUP_OWN;
    told->iterations = emend_mixture_iterations(fit);
    told->log_likelihood = emend_mixture_log_likelihood(fit);
    told->converged = emend_mixture_converged(fit);
    status = list_silent(g, category, error);
  }
  emend_mixture_free(fit);
  emend_patterns_free(own);
  emend_mixture_options_free(adapted);
  free(names);
  return status;
}

static emend_status warn(const group *g, emend_events *events, emend_error *error) {
  const emend_imputation *made = g->made;
  char others[EMEND_OTHERS_TEXT];
  outcome o = {0};
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < made->n_groups && !status; i++) {
    const emend_imputed_group *told = &made->groups[i];
    emend_buffer *list = told->model == EMEND_GROUP_POOLED ? &o.pooled : told->model == EMEND_GROUP_BORROWED ? &o.borrowed : NULL;
    status = list ? name_group(made->plan, i, list, error) : EMEND_OK;
    if (!status && !told->converged)
      status = name_group(made->plan, i, &o.unfinished, error);
  }
  const char *name = emend_variable_name(made->plan->dataset, (size_t)made->plan->by);
  if (!status && o.pooled.length)
    emend_warn(events, "--by %s: too few rows for a model of its own, completed by the pooled one: %s", name, o.pooled.bytes);
  if (!status && o.borrowed.length)
    emend_warn(events, "--by %s: few rows, so the pooled covariances are taken as a prior: %s", name, o.borrowed.bytes);
  if (!status && g->n_silent)
    emend_warn(events, "--by %s: answered by nobody in the group, and filled by the pooled model: %s%s", name, g->silent.bytes,
               emend_others(g->n_silent, 12, others));
  if (!status && o.unfinished.length)
    emend_warn(events, "--by %s: EM did not converge for %s", name, o.unfinished.bytes);
  emend_buffer_free(&o.pooled), emend_buffer_free(&o.borrowed), emend_buffer_free(&o.unfinished);
  return status;
}

emend_status emend_imputation_by_groups(emend_imputation *made, const emend_normal_options *options,
                                        const emend_mixture_options *mixture_options, emend_events *events, emend_error *error) {
  const emend_plan *plan = made->plan;
  size_t rows = emend_dataset_rows(plan->dataset), n = plan->variables[plan->by].categories.n;
  group g = {.made = made, .rows = emend_allocate(rows, sizeof *g.rows)};
  g.list = (row_list){.whole = emend_encoding_matrix(&made->encoding), .rows = g.rows};
  g.weights = plan->weights ? emend_allocate(rows, sizeof *g.weights) : NULL;
  made->groups = emend_allocate(n, sizeof *made->groups);
  emend_status status = g.rows && made->groups && (g.weights || !plan->weights) ? EMEND_OK : emend_fail_memory(error);
  if (!status)
    status = emend_group_decoders_new(made, n, error);
  if (!status && !made->mixture)
    emend_imputation_wish(made, &g.wish);
  for (; made->n_groups < n && !status; made->n_groups += !status) {
    emend_imputed_group *told = &made->groups[made->n_groups];
    status = made->mixture ? do_mixture_group(&g, made->n_groups, mixture_options, told, events, error)
                           : do_group(&g, made->n_groups, options, told, events, error);
  }
  if (!status)
    status = warn(&g, events, error);
  emend_buffer_free(&g.silent);
  free(g.rows), free(g.weights);
  return status;
}

size_t emend_imputation_groups(const emend_imputation *imputation) { return imputation->n_groups; }
emend_imputed_group emend_imputation_group(const emend_imputation *imputation, size_t index) { return imputation->groups[index]; }
