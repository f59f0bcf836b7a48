/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Times the estimation of generated tables from a matrix in memory: setup (patterns) and EM to its answer, medians over repetitions.
 *
 *   bench/estimate [REPETITIONS [TABLE...]]
 * The tables are those of tables.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "normal/fit.h"
#include "tables.h"

enum { MOST_REPETITIONS = 99 };

static void read_table(const void *state, size_t row, size_t n, double *block) {
  const bench_table *t = state;
  memcpy(block, t->values + row * t->n_columns, n * t->n_columns * sizeof *block);
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, size_t n) {
  qsort(values, n, sizeof *values, compare);
  return values[n / 2];
}

static void measure(const bench_table *t, size_t repetitions) {
  emend_matrix matrix = {.n_rows = t->n_rows, .n_columns = t->n_columns, .state = t, .read = read_table};
  double setup[MOST_REPETITIONS], fitting[MOST_REPETITIONS];
  for (size_t r = 0; r < repetitions; r++) {
    emend_patterns *patterns;
    emend_normal *fit;
    double start = emend_clock_seconds();
    if (emend_patterns_new(&matrix, NULL, NULL, NULL, &patterns, NULL))
      exit(1);
    setup[r] = emend_clock_seconds() - start;
    if (emend_normal_fit_patterns(patterns, NULL, NULL, NULL, &fit, NULL))
      exit(1);
    fitting[r] = emend_clock_seconds() - start - setup[r];
    if (r + 1 == repetitions) {
      double s = 1000 * median(setup, repetitions), f = 1000 * median(fitting, repetitions);
      printf("%s  %-20s %6zu x %-3zu  patterns %6zu  setup %7.2f ms  fit %8.2f ms  sum %8.2f ms  iterations %4zu  log-likelihood %.6f%s\n", t->name,
             t->what, t->n_rows, t->n_columns, emend_normal_patterns(fit), s, f, s + f, emend_normal_iterations(fit), emend_normal_log_likelihood(fit),
             emend_normal_converged(fit) ? "" : "  NOT CONVERGED");
    }
    emend_normal_free(fit);
    emend_patterns_free(patterns);
  }
}

int main(int count, char **arguments) {
  size_t repetitions = count > 1 ? strtoul(arguments[1], NULL, 10) : 5;
  if (repetitions < 1 || repetitions > MOST_REPETITIONS) {
    fprintf(stderr, "usage: estimate [REPETITIONS [TABLE...]]: from 1 to %d repetitions\n", MOST_REPETITIONS);
    return 2;
  }
  for (size_t k = 0; k < BENCH_TABLES; k++) {
    bench_table table = bench_table_new(k);
    int wanted = count < 3;
    for (int i = 2; i < count; i++)
      wanted = wanted || strcmp(arguments[i], table.name) == 0;
    if (wanted && table.values)
      measure(&table, repetitions);
    free(table.values);
  }
  return 0;
}
