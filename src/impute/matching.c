/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/matching.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/team.h"
#include "impute/nearest.h"
#include "normal/left_out.h"

enum { SLICE_ROWS = 2048 };

typedef struct matching {
  emend_imputation *made;
  const emend_normal *model;
  const emend_matrix *matrix;
  const uint32_t *rows; /* of the dataset, of which there are n_rows; NULL: all */
  size_t n_rows;
  emend_completed *drawn; /* of these rows */
  emend_standard standard;
  uint32_t *order; /* of these rows by their keys; NULL: as they stand */
  float *z;        /* n_rows x p, standardised and complete: observed, drawn, or matched already */
  emend_team *team;
  emend_status *status; /* per slice of rows */
} matching;

/* One variable at work. */
typedef struct variable {
  matching *m;
  size_t v, first, n_columns;
  emend_left_out left_out;
  uint32_t *donors, *recipients; /* rows that answered, and that receive an answer */
  size_t n_donors, n_recipients;
  int32_t *points; /* of the donors */
  emend_nearest *nearest;
} variable;

static void matching_free(matching *m) {
  emend_standard_free(&m->standard);
  emend_team_free(m->team);
  free(m->order), free(m->z), free(m->status);
}

static size_t row_of(const matching *m, size_t i) { return m->rows ? m->rows[i] : i; }
static size_t slices(size_t n) { return (n + SLICE_ROWS - 1) / SLICE_ROWS; }
static size_t slice_end(size_t task, size_t n) { return (task + 1) * SLICE_ROWS < n ? (task + 1) * SLICE_ROWS : n; }

static double draw(const void *state, size_t row, size_t column, double mean, double sd, const double *drawn, const double *block) {
  const matching *m = state;
  return emend_imputation_draw(m->made, row_of(m, row), column, mean, sd, drawn, block);
}

/* Rows of a slice: what is observed, and what was drawn for the rest. */
static void standardise_rows(void *state, size_t task) {
  matching *m = state;
  const emend_standard *s = &m->standard;
  size_t p = s->p, first = task * SLICE_ROWS, end = slice_end(task, m->n_rows);
  double *block = emend_allocate(end - first, p * sizeof *block);
  m->status[task] = block ? EMEND_OK : EMEND_OUT_OF_MEMORY;
  if (block)
    m->matrix->read(m->matrix->state, first, end - first, block);
  for (size_t i = first; block && i < end; i++)
    for (size_t j = 0; j < p; j++) {
      double x = block[(i - first) * p + j];
      if (isnan(x) && s->active[j])
        x = emend_completed_value(m->drawn, i, j);
      m->z[i * p + j] = s->active[j] ? (float)((x - s->center[j]) * s->inverse_sd[j]) : 0;
    }
  free(block);
}

static emend_status prepare(matching *m, emend_error *error) {
  size_t n = m->n_rows, n_slices = slices(n);
  emend_status status = emend_standard_new(m->model, &m->standard, error);
  if (status)
    return status;
  m->z = emend_allocate(n, m->standard.p * sizeof *m->z);
  m->status = emend_allocate(n_slices, sizeof *m->status);
  if (!m->z || !m->status)
    return emend_fail_memory(error);
  status = emend_imputation_order(m->made, m->rows, n, &m->order, error);
  if (!status && n_slices > 1)
    status = emend_team_new(m->made->threads, &m->team, error);
  if (!status)
    emend_team_run(m->team, n_slices, standardise_rows, m);
  for (size_t i = 0; i < n_slices && !status; i++)
    status = m->status[i] ? emend_fail_memory(error) : EMEND_OK;
  return status;
}

/* A number of the model, to the fineness below which predictions count as equal: a millionth of a standard deviation. */
static int32_t grid(double x) {
  static const double STEPS = 1 << 20, MOST = INT32_MAX;
  x = rint(x * STEPS);
  return (int32_t)(x > MOST ? MOST : x < -MOST ? -MOST : x);
}

/* The predictions for a row from all other variables. */
static void predict(const variable *own, size_t row, int32_t *point) {
  size_t p = own->m->standard.p;
  const float *z = own->m->z + row * p;
  for (size_t k = 0; k < own->left_out.n; k++) {
    const double *weights = own->left_out.weights + k * p;
    double sums[4] = {0};
    size_t j = 0;
    for (; j + 4 <= p; j += 4)
      for (size_t l = 0; l < 4; l++)
        sums[l] += weights[j + l] * z[j + l];
    for (; j < p; j++)
      sums[0] += weights[j] * z[j];
    point[k] = grid(sums[0] + sums[1] + (sums[2] + sums[3]));
  }
}

static void predict_donors(void *state, size_t task) {
  const variable *own = state;
  for (size_t i = task * SLICE_ROWS, end = slice_end(task, own->n_donors); i < end; i++)
    predict(own, own->donors[i], own->points + i * own->left_out.n);
}

static double answer(const emend_categories *c, size_t row, double value) {
  if (!c->n_levels)
    return emend_categories_number(c, row, EMEND_OBSERVED, value);
  return c->codes ? c->codes[row] : (double)emend_categories_find(c, value);
}

/* The donor's answer into the recipient's cell, and into its row, where the other variables will see it. */
static void take(const variable *own, size_t donor, size_t recipient) {
  const matching *m = own->m;
  size_t p = m->standard.p, row = row_of(m, donor);
  double value = answer(&m->made->plan->variables[own->v].categories, row, *emend_dataset_run(m->made->plan->dataset, own->v, row).values);
  emend_completed_put(m->made->completed, row_of(m, recipient), own->first, value, NAN);
  for (size_t j = own->first; j < own->first + own->n_columns; j++)
    if (!emend_completed_cell(m->drawn, donor, j)) /* the amount of a spike has none */
      m->z[recipient * p + j] = m->z[donor * p + j];
}

static void match_recipients(void *state, size_t task) {
  const variable *own = state;
  const matching *m = own->m;
  for (size_t i = task * SLICE_ROWS, end = slice_end(task, own->n_recipients); i < end; i++) {
    int32_t wanted[EMEND_MOST_COORDINATES];
    size_t row = own->recipients[i];
    predict(own, row, wanted);
    double u = emend_imputation_uniform(m->made, row_of(m, row), own->v);
    take(own, own->donors[emend_nearest_choose(own->nearest, wanted, m->made->method.donors, u)], row);
  }
}

/* An answer that others may be given: a given model may not have met it. */
static bool gives(const emend_categories *c, size_t row, double value) {
  double found = answer(c, row, value);
  return c->n_levels ? emend_categories_gives(c, (size_t)found) : !isnan(found);
}

static bool find_rows(variable *own) {
  const matching *m = own->m;
  const emend_plan *plan = m->made->plan;
  own->donors = emend_allocate(m->n_rows, sizeof *own->donors);
  own->recipients = emend_allocate(m->n_rows, sizeof *own->recipients);
  for (size_t i = 0; own->donors && own->recipients && i < m->n_rows; i++) {
    uint32_t at = m->order ? m->order[i] : (uint32_t)i;
    size_t row = row_of(m, at);
    emend_run run = emend_dataset_run(plan->dataset, own->v, row);
    if (*run.reasons == EMEND_OBSERVED && gives(&plan->variables[own->v].categories, row, *run.values))
      own->donors[own->n_donors++] = at;
    else if (emend_plan_fills_code(plan, row, own->v, *run.reasons, *run.values))
      own->recipients[own->n_recipients++] = at;
  }
  return own->donors && own->recipients;
}

static emend_status match_variable(variable *own, emend_error *error) {
  matching *m = own->m;
  if (!find_rows(own))
    return emend_fail_memory(error);
  if (own->n_donors == 0 || own->n_recipients == 0)
    return EMEND_OK;
  emend_status status = emend_left_out_new(&m->standard, own->first, own->n_columns, EMEND_MOST_COORDINATES, &own->left_out, error);
  if (status)
    return status;
  own->points = emend_allocate(own->n_donors, own->left_out.n * sizeof *own->points);
  if (!own->points)
    return emend_fail_memory(error);
  emend_team_run(m->team, slices(own->n_donors), predict_donors, own);
  status = emend_nearest_new(own->n_donors, own->left_out.n, own->points, &own->nearest, error);
  if (!status)
    emend_team_run(m->team, slices(own->n_recipients), match_recipients, own);
  return status;
}

/* The model says something of the variable, and cells of it are filled. */
static bool wants(const matching *m, size_t v) {
  const emend_imputation *made = m->made;
  return made->column_of[v] >= 0 && made->plan->variables[v].missing.fill > 0 && made->plan->variables[v].role != EMEND_ROLE_CONSTANT &&
         !isnan(emend_normal_mean(m->model)[made->column_of[v]]);
}

static emend_status match_all(matching *m, emend_events *events, emend_error *error) {
  const emend_imputation *made = m->made;
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < made->plan->n_variables && !status; v++) {
    if (!wants(m, v))
      continue;
    variable own = {.m = m, .v = v, .first = (size_t)made->column_of[v]};
    while (own.first + own.n_columns < made->encoding.n_columns && made->encoding.columns[own.first + own.n_columns] == v)
      own.n_columns++;
    status = emend_progress(events, "impute", (double)v / (double)made->plan->n_variables, "", error);
    if (!status)
      status = match_variable(&own, error);
    emend_nearest_free(own.nearest);
    emend_left_out_free(&own.left_out);
    free(own.donors), free(own.recipients), free(own.points);
  }
  return status;
}

static emend_status match(matching *m, emend_events *events, emend_error *error) {
  emend_completion_wish wish = {.draw = draw, .follows = m->made->follows, .state = m};
  m->n_rows = m->matrix->n_rows;
  emend_status status = emend_normal_complete_matrix(m->model, m->matrix, &wish, m->made->threads, events, &m->drawn, error);
  if (!status && !m->rows)
    m->made->completed = m->drawn;
  if (!status)
    status = prepare(m, error);
  if (!status)
    status = match_all(m, events, error);
  if (m->rows)
    emend_completed_free(m->drawn);
  matching_free(m);
  return status;
}

emend_status emend_imputation_match(emend_imputation *made, emend_events *events, emend_error *error) {
  emend_matrix matrix = emend_encoding_matrix(&made->encoding);
  matching m = {.made = made, .model = made->model, .matrix = &matrix};
  return match(&m, events, error);
}

emend_status emend_imputation_match_rows(emend_imputation *made, const emend_normal *model, const emend_matrix *matrix,
                                         const uint32_t *rows, emend_events *events, emend_error *error) {
  matching m = {.made = made, .model = model, .matrix = matrix, .rows = rows};
  return match(&m, events, error);
}
