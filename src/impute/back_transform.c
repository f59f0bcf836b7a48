/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/back_transform.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/ordered_sum.h"
#include "base/team.h"
#include "decode/back.h"
#include "impute/decoding.h"

enum { TASK_ROWS = 1 << 13 };

/* Of one variable: weight, and sums of differences from the observed mean and of their squares. */
typedef struct moments {
  double weight, sum, squares;
} moments;

typedef struct back_transform {
  const emend_imputation *made;
  size_t *columns; /* that come back */
  size_t n_columns;
  emend_ordered_sum *sum; /* moments of each of them */
} back_transform;

static void transform_run(const emend_imputation *made, size_t column, size_t first, emend_run run, moments *m) {
  size_t variable = made->encoding.columns[column];
  const emend_planned *planned = &made->plan->variables[variable];
  bool transformed = made->encoding.codings[column].kind == EMEND_CODING_VALUE;
  for (size_t i = 0; i < run.n; i++) {
    double x = run.values[i], spread = 0, w = made->plan->weights ? made->plan->weights[first + i] : 1;
    if (run.reasons[i] != EMEND_OBSERVED) {
      if (!emend_imputation_may_fill(made, first + i, variable, run.reasons[i], x))
        continue;
      x = emend_completed_value(made->completed, first + i, column);
      spread = emend_completed_spread(made->completed, first + i, column);
      if (isfinite(x) && transformed)
        emend_back_moments(planned, x, spread, &x, &spread);
      else if (isfinite(x))
        x = emend_back_expectation(planned, x, spread);
      emend_completed_put(made->completed, first + i, column, x, spread);
    }
    double d = x - planned->observed.mean;
    if (transformed && isfinite(x) && w > 0)
      m->weight += w, m->sum += w * d, m->squares += w * (d * d + spread * spread);
  }
}

static void transform_rows(void *context, size_t task) {
  const back_transform *b = context;
  const emend_dataset *dataset = b->made->plan->dataset;
  size_t rows = emend_dataset_rows(dataset), row = task * TASK_ROWS, end = rows - row < TASK_ROWS ? rows : row + TASK_ROWS, n;
  double *sums = emend_ordered_sum_take(b->sum, task);
  for (; row < end; row += n) {
    n = emend_dataset_run(dataset, 0, row).n;
    n = n < end - row ? n : end - row;
    for (size_t j = 0; j < b->n_columns; j++) {
      emend_run run = emend_dataset_run(dataset, b->made->encoding.columns[b->columns[j]], row);
      run.n = n;
      transform_run(b->made, b->columns[j], row, run, (moments *)sums + j);
    }
  }
  emend_ordered_sum_give(b->sum, task);
}

static emend_status find_columns(back_transform *b, emend_error *error) {
  const emend_imputation *made = b->made;
  b->columns = emend_allocate(made->encoding.n_columns, sizeof *b->columns);
  for (size_t j = 0; b->columns && j < made->encoding.n_columns; j++)
    if (emend_imputation_comes_back(made, j))
      b->columns[b->n_columns++] = j;
  return b->columns ? EMEND_OK : emend_fail_memory(error);
}

static void take_moments(const back_transform *b, emend_imputation *made) {
  const moments *m = (const moments *)emend_ordered_sum_total(b->sum);
  for (size_t j = 0; j < b->n_columns; j++, m++) {
    size_t variable = made->encoding.columns[b->columns[j]];
    double mean = m->sum / m->weight;
    if (!(m->weight > 0))
      continue;
    made->variables[variable].em_mean = made->plan->variables[variable].observed.mean + mean;
    made->variables[variable].em_sd = sqrt(fmax(m->squares / m->weight - mean * mean, 0));
  }
}

emend_status emend_imputation_back_transform(emend_imputation *made, emend_error *error) {
  bool expects = made->method.method == EMEND_METHOD_EXPECTATION || made->method.method == EMEND_METHOD_MODE;
  back_transform b = {.made = made};
  emend_team *team = NULL;
  if (!made->completed || !expects)
    return EMEND_OK;
  emend_status status = find_columns(&b, error);
  size_t n_tasks = (emend_dataset_rows(made->plan->dataset) + TASK_ROWS - 1) / TASK_ROWS;
  size_t length = b.n_columns * sizeof(moments) / sizeof(double);
  if (!status && b.n_columns > 0 && n_tasks > 1)
    status = emend_team_new(made->threads, &team, error);
  if (!status && b.n_columns > 0)
    status = emend_ordered_sum_new(length, n_tasks, emend_team_size(team), &b.sum, error);
  if (!status && b.n_columns > 0) {
    emend_ordered_sum_start(b.sum);
    emend_team_run(team, n_tasks, transform_rows, &b);
    take_moments(&b, made);
  }
  emend_ordered_sum_free(b.sum);
  emend_team_free(team);
  free(b.columns);
  return status;
}
