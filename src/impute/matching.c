/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/matching.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/team.h"

/* Where predictions have several columns, donors are compared one by one: not more than so many. */
enum { MOST_COMPARED = 2000 };

typedef struct matching {
  emend_imputation *made;
  const emend_normal *model;
  const uint32_t *rows; /* of the dataset, of which there are n_rows; NULL: all */
  size_t n_rows;
  const emend_completed *completed; /* of these rows */
  emend_column_block *blocks; /* of the variables to be filled */
  size_t *variables, n;
  float **predictions; /* rows x block.n each; NaN where the cell is missing */
  emend_status *status;
} matching;

static void matching_free(matching *m) {
  for (size_t b = 0; m->predictions && b < m->n; b++)
    free(m->predictions[b]);
  free(m->blocks), free(m->variables), free(m->predictions), free(m->status);
}

static size_t row_of(const matching *m, size_t i) { return m->rows ? m->rows[i] : i; }

static bool wants(const emend_imputation *made, size_t v) {
  return made->column_of[v] >= 0 && made->plan->variables[v].missing.fill > 0 && made->plan->variables[v].role != EMEND_ROLE_CONSTANT;
}

static emend_status prepare(matching *m, emend_error *error) {
  const emend_plan *plan = m->made->plan;
  size_t rows = m->n_rows;
  m->blocks = emend_allocate(plan->n_variables, sizeof *m->blocks);
  m->variables = emend_allocate(plan->n_variables, sizeof *m->variables);
  m->predictions = emend_allocate(plan->n_variables, sizeof *m->predictions);
  m->status = emend_allocate(plan->n_variables, sizeof *m->status);
  if (!m->blocks || !m->variables || !m->predictions || !m->status)
    return emend_fail_memory(error);
  for (size_t v = 0; v < plan->n_variables; v++) {
    if (!wants(m->made, v))
      continue;
    bool levels = m->made->decoders[v].kind == EMEND_DECODE_LEVELS;
    emend_column_block block = {.first = (uint32_t)m->made->column_of[v],
                                .n = levels ? (uint32_t)plan->variables[v].categories.n_levels - 1 : 1};
    size_t cells = rows * block.n;
    float *own = emend_allocate(cells, sizeof *own);
    if (!own)
      return emend_fail_memory(error);
    for (size_t i = 0; i < cells; i++)
      own[i] = NAN;
    m->variables[m->n] = v, m->blocks[m->n] = block, m->predictions[m->n++] = own;
  }
  return EMEND_OK;
}

static void keep_prediction(const void *state, size_t row, size_t block, const double *means) {
  const matching *m = state;
  size_t n = m->blocks[block].n;
  for (size_t i = 0; i < n; i++)
    m->predictions[block][row * n + i] = (float)means[i];
}

/* An observed answer, and what the model predicted for it. */
typedef struct donor {
  double prediction; /* of a block of one column */
  double key;
  size_t at; /* among the rows */
  double value;
} donor;

static int compare_predictions(const void *a, const void *b) {
  const donor *x = a, *y = b;
  if (x->prediction != y->prediction)
    return x->prediction < y->prediction ? -1 : 1;
  return (x->key > y->key) - (x->key < y->key);
}

static int compare_keys(const void *a, const void *b) {
  const donor *x = a, *y = b;
  return (x->key > y->key) - (x->key < y->key);
}

static double answer(const emend_categories *c, size_t row, double value) {
  if (c->codes)
    return c->codes[row];
  return c->n_levels ? (double)emend_categories_find(c, value) : value;
}

/* A mean for those that could not be predicted. */
static double model_mean(const matching *m, size_t b, size_t i) { return emend_normal_mean(m->model)[m->blocks[b].first + i]; }

static size_t find_donors(const matching *m, size_t b, donor *donors) {
  size_t v = m->variables[b], n = 0, width = m->blocks[b].n;
  const emend_imputation *made = m->made;
  emend_run run = {0};
  for (size_t i = 0; i < m->n_rows; i++) {
    size_t row = row_of(m, i);
    run = emend_dataset_run(made->plan->dataset, v, row);
    if (*run.reasons != EMEND_OBSERVED)
      continue;
    float *prediction = m->predictions[b] + i * width;
    for (size_t k = 0; k < width; k++)
      if (isnan(prediction[k]))
        prediction[k] = (float)model_mean(m, b, k);
    const emend_categories *c = &made->plan->variables[v].categories;
    double value = answer(c, row, *run.values);
    if (!c->n_levels || emend_categories_gives(c, (size_t)value))
      donors[n++] =
          (donor){.prediction = prediction[0], .at = i, .key = emend_imputation_uniform(made, row, v), .value = value};
  }
  return n;
}

/* The first of the d donors, in the order of their predictions, that are nearest to `wanted`. */
static size_t nearest_window(const donor *donors, size_t n, size_t d, double wanted) {
  size_t lo = 0, hi = n;
  while (lo < hi) {
    size_t middle = lo + (hi - lo) / 2;
    if (donors[middle].prediction < wanted)
      lo = middle + 1;
    else
      hi = middle;
  }
  size_t first = lo, last = lo;
  while (last - first < d)
    if (first == 0 || (last < n && donors[last].prediction - wanted <= wanted - donors[first - 1].prediction))
      last++;
    else
      first--;
  return first;
}

/* The numbers of the d nearest donors among those compared, nearest first. */
static void nearest_points(const matching *m, size_t b, const donor *donors, size_t n, size_t d, const double *wanted, size_t *nearest) {
  size_t width = m->blocks[b].n, found = 0;
  double distances[EMEND_MOST_DONORS];
  for (size_t i = 0; i < n; i++) {
    const float *prediction = m->predictions[b] + donors[i].at * width;
    double distance = 0;
    for (size_t k = 0; k < width; k++)
      distance += (prediction[k] - wanted[k]) * (prediction[k] - wanted[k]);
    if (found == d && !(distance < distances[d - 1]))
      continue;
    size_t at = found < d ? found++ : d - 1;
    for (; at > 0 && distances[at - 1] > distance; at--)
      distances[at] = distances[at - 1], nearest[at] = nearest[at - 1];
    distances[at] = distance, nearest[at] = i;
  }
}

/* NaN where the model says nothing of the cell. */
static double choose(const matching *m, size_t b, const donor *donors, size_t n, size_t i) {
  const emend_imputation *made = m->made;
  size_t d = made->method.donors < n ? made->method.donors : n, width = m->blocks[b].n;
  size_t pick = (size_t)(emend_imputation_uniform(made, row_of(m, i), m->variables[b]) * (double)d);
  double wanted[EMEND_MOST_CATEGORIES] = {NAN};
  for (size_t k = 0; k < width; k++)
    wanted[k] = emend_completed_value(m->completed, i, m->blocks[b].first + k);
  if (isnan(wanted[0]))
    return NAN;
  if (width == 1)
    return donors[nearest_window(donors, n, d, (float)wanted[0]) + pick].value;
  size_t nearest[EMEND_MOST_DONORS];
  nearest_points(m, b, donors, n, d, wanted, nearest);
  return donors[nearest[pick]].value;
}

static void match_cells(const matching *m, size_t b, const donor *donors, size_t n) {
  size_t v = m->variables[b];
  const emend_plan *plan = m->made->plan;
  for (size_t i = 0; i < m->n_rows; i++) {
    size_t row = row_of(m, i);
    emend_run run = emend_dataset_run(plan->dataset, v, row);
    double value = emend_plan_fills_code(plan, row, v, *run.reasons, *run.values) ? choose(m, b, donors, n, i) : NAN;
    if (!isnan(value))
      emend_completed_put(m->made->completed, row, m->blocks[b].first, value, NAN);
  }
}

static void match_one(void *state, size_t b) {
  matching *m = state;
  donor *donors = emend_allocate(m->made->plan->variables[m->variables[b]].observed.n, sizeof *donors);
  m->status[b] = donors ? EMEND_OK : EMEND_OUT_OF_MEMORY;
  size_t n = donors ? find_donors(m, b, donors) : 0;
  bool several = m->blocks[b].n > 1;
  if (n > 0) {
    qsort(donors, n, sizeof *donors, several ? compare_keys : compare_predictions);
    match_cells(m, b, donors, several && n > MOST_COMPARED ? MOST_COMPARED : n);
  }
  free(donors);
}

static emend_status match_all(matching *m, emend_error *error) {
  emend_team *team = NULL;
  emend_status status = m->n ? emend_team_new(m->made->threads, &team, error) : EMEND_OK;
  if (!status && m->n)
    emend_team_run(team, m->n, match_one, m);
  for (size_t b = 0; b < m->n && !status; b++)
    status = m->status[b] ? emend_fail_memory(error) : EMEND_OK;
  emend_team_free(team);
  return status;
}

static emend_status match(matching *m, const emend_matrix *matrix, emend_events *events, emend_error *error) {
  emend_completed *own = NULL;
  m->n_rows = matrix->n_rows;
  emend_status status = prepare(m, error);
  emend_completion_wish wish = {.predict = keep_prediction, .blocks = m->blocks, .n_blocks = m->n, .state = m};
  if (!status)
    status = emend_normal_complete_matrix(m->model, matrix, &wish, m->made->threads, events, &own, error);
  m->completed = own;
  if (!status && !m->rows)
    m->made->completed = own;
  if (!status)
    status = match_all(m, error);
  if (m->rows)
    emend_completed_free(own);
  matching_free(m);
  return status;
}

emend_status emend_imputation_match(emend_imputation *made, emend_events *events, emend_error *error) {
  matching m = {.made = made, .model = made->model};
  emend_matrix matrix = emend_encoding_matrix(&made->encoding);
  return match(&m, &matrix, events, error);
}

emend_status emend_imputation_match_rows(emend_imputation *made, const emend_normal *model, const emend_matrix *matrix,
                                         const uint32_t *rows, emend_events *events, emend_error *error) {
  matching m = {.made = made, .model = model, .rows = rows};
  return match(&m, matrix, events, error);
}
