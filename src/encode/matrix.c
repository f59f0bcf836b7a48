/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/matrix.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "pattern/transpose.h"

emend_status emend_encoding_new(const emend_plan *plan, size_t n_columns, emend_encoding *encoding, emend_error *error) {
  *encoding = (emend_encoding){.plan = plan, .n_columns = n_columns, .columns = emend_allocate(n_columns, sizeof(size_t))};
  return encoding->columns ? EMEND_OK : emend_fail_memory(error);
}

void emend_encoding_free(emend_encoding *encoding) {
  free(encoding->columns);
  *encoding = (emend_encoding){0};
}

emend_status emend_encoding_of_plan(const emend_plan *plan, emend_encoding *encoding, emend_error *error) {
  size_t n_columns = emend_plan_count(plan, EMEND_ROLE_FILL) + emend_plan_count(plan, EMEND_ROLE_PREDICT), column = 0;
  emend_status status = emend_encoding_new(plan, n_columns, encoding, error);
  for (size_t v = 0; !status && v < plan->n_variables; v++)
    if (plan->variables[v].role == EMEND_ROLE_FILL || plan->variables[v].role == EMEND_ROLE_PREDICT)
      encoding->columns[column++] = v;
  return status;
}

enum { GROUP = 16, TILE = 64 };

/* The observed values of a run; a column without values is missing throughout. */
static void mask_run(const emend_run *run, size_t first, size_t n, double *values) {
  for (size_t i = 0; i < n; i++)
    values[i] = run->values && run->reasons[first + i] == EMEND_OBSERVED ? run->values[first + i] : NAN;
}

/* Rows of a few columns, some rows at a time, so that what is read and what is written stay near. */
static void read_columns(const emend_run *runs, size_t n_runs, size_t n, size_t stride, double *block) {
  double values[GROUP][TILE];
  const double *columns[GROUP];
  for (size_t first = 0; first < n; first += TILE) {
    size_t count = n - first < TILE ? n - first : TILE;
    for (size_t j = 0; j < n_runs; j++) {
      mask_run(&runs[j], first, count, values[j]);
      columns[j] = values[j];
    }
    emend_transpose(columns, n_runs, count, stride, block + first * stride);
  }
}

/* The dataset's blocks of rows end at the same row in every column. */
static void read_block(const void *state, size_t row, size_t n, double *block) {
  const emend_encoding *encoding = state;
  size_t n_columns = encoding->n_columns, span;
  for (size_t done = 0; done < n && n_columns > 0; done += span) {
    span = n - done;
    for (size_t first = 0; first < n_columns; first += GROUP) {
      emend_run runs[GROUP];
      size_t count = n_columns - first < GROUP ? n_columns - first : GROUP;
      for (size_t j = 0; j < count; j++) {
        size_t variable = encoding->columns[first + j];
        runs[j] = variable == EMEND_NO_VARIABLE ? (emend_run){.n = span} : emend_dataset_run(encoding->plan->dataset, variable, row + done);
        span = runs[j].n < span ? runs[j].n : span;
      }
      read_columns(runs, count, span, n_columns, block + done * n_columns + first);
    }
  }
}

emend_matrix emend_encoding_matrix(const emend_encoding *encoding) {
  return (emend_matrix){
      .n_rows = emend_dataset_rows(encoding->plan->dataset),
      .n_columns = encoding->n_columns,
      .state = encoding,
      .read = read_block,
      .weights = encoding->plan->weights,
  };
}
