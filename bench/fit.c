/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/level.h"
#include "normal/fit.h"
#include "pattern/transpose.h"

/* As a dataset reads its columns: eight rows at a time, so that both ends stay near. */
static void read_table(const void *state, size_t row, size_t n, double *block) {
  enum { GROUP = 16 };
  const bench_table *t = state;
  for (size_t first = 0; first < t->n_columns; first += GROUP) {
    const double *columns[GROUP];
    size_t count = t->n_columns - first < GROUP ? t->n_columns - first : GROUP;
    for (size_t j = 0; j < count; j++)
      columns[j] = t->values + (first + j) * t->n_rows + row;
    emend_transpose(columns, count, n, t->n_columns, block + first);
  }
}

double bench_processor_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void bench_check(emend_status status) {
  if (status != EMEND_OK) {
    fputs("bench: the estimation failed\n", stderr);
    exit(1);
  }
}

emend_reduced *bench_reduced_new(const bench_table *table) {
  emend_matrix matrix = {.n_rows = table->n_rows, .n_columns = table->n_columns, .state = table, .read = read_table};
  emend_reduced *reduced;
  bench_check(emend_reduced_new(&matrix, NULL, NULL, NULL, &reduced, NULL));
  return reduced;
}

bench_fit bench_fit_new(const bench_table *table, const emend_normal_options *options) {
  bench_fit fit;
  double start = emend_clock_seconds(), start_processor = bench_processor_seconds();
  emend_reduced *reduced = bench_reduced_new(table);
  double between = emend_clock_seconds(), between_processor = bench_processor_seconds();
  bench_check(emend_normal_fit_reduced(reduced, NULL, options, NULL, &fit.normal, NULL));
  fit.em = emend_clock_seconds() - between;
  fit.em_processor = bench_processor_seconds() - between_processor;
  fit.setup = between - start;
  fit.setup_processor = between_processor - start_processor;
  emend_reduced_free(reduced);
  return fit;
}

const char *bench_fit_kernel(void) { return emend_level_name(emend_level_choose()); }
