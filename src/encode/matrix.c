/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/matrix.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

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

/* Column after column, each in runs of the dataset's blocks. */
static void read_block(const void *state, size_t row, size_t n, double *block) {
  const emend_encoding *encoding = state;
  size_t n_columns = encoding->n_columns;
  for (size_t j = 0; j < n_columns; j++) {
    emend_run run;
    for (size_t done = 0; done < n; done += run.n) {
      run = emend_dataset_run(encoding->plan->dataset, encoding->columns[j], row + done);
      if (run.n > n - done)
        run.n = n - done;
      double *target = block + done * n_columns + j;
      for (size_t i = 0; i < run.n; i++)
        target[i * n_columns] = run.reasons[i] == EMEND_OBSERVED ? run.values[i] : NAN;
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
