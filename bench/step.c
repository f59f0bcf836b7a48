/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Seconds of one plain iteration, an E-step and an M-step, with 1, 2, 4 ... threads, which take turns in one process: where the
 * processor's clock rises and falls, it does so for all of them.
 *
 *   bench/step TURNS MOST_THREADS [TABLE...]     without any, w1 to w4; one JSON object per table
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "fit.h"
#include "normal/fit.h"

enum { FEW = 2, MANY = 12, MOST_COUNTS = 8, MOST_TURNS = 99 };

/* By the clock; *iterations that it took. */
static double em_seconds(const emend_reduced *reduced, unsigned threads, size_t most, size_t *iterations) {
  emend_normal_options *options = emend_normal_options_new();
  emend_normal *normal;
  emend_normal_options_set_acceleration(options, EMEND_ACCELERATE_NONE);
  emend_normal_options_set_threads(options, threads);
  emend_normal_options_set_max_iterations(options, most, NULL);
  emend_normal_options_set_tolerance(options, 1e-14, NULL);
  double start = emend_clock_seconds();
  bench_check(emend_normal_fit_reduced(reduced, NULL, options, NULL, &normal, NULL));
  double seconds = emend_clock_seconds() - start;
  *iterations = emend_normal_iterations(normal);
  emend_normal_free(normal);
  emend_normal_options_free(options);
  return seconds;
}

/* A long run of EM less a short one: what happens once does not count. */
static double step_seconds(const emend_reduced *reduced, unsigned threads) {
  size_t few, many;
  double short_run = em_seconds(reduced, threads, FEW, &few), long_run = em_seconds(reduced, threads, MANY, &many);
  return many > few ? (long_run - short_run) / (double)(many - few) : NAN;
}

static void measure(const char *name, size_t turns, unsigned most) {
  double seconds[MOST_COUNTS][MOST_TURNS];
  bench_table table = bench_table_new(name);
  emend_reduced *reduced = bench_reduced_new(&table);
  for (size_t t = 0; t < turns; t++)
    for (unsigned k = 0; k < MOST_COUNTS && 1U << k <= most; k++)
      seconds[k][t] = step_seconds(reduced, 1U << k);
  printf("{\"table\": \"%s\", \"steps\": {", name);
  for (unsigned k = 0; k < MOST_COUNTS && 1U << k <= most; k++) {
    printf("%s\"%u\": [", k ? ", " : "", 1U << k);
    for (size_t t = 0; t < turns; t++)
      printf("%s%.9g", t ? ", " : "", seconds[k][t]);
    putchar(']');
  }
  puts("}}");
  emend_reduced_free(reduced);
  bench_table_free(&table);
}

int main(int count, char **arguments) {
  size_t turns = count > 1 ? strtoul(arguments[1], NULL, 10) : 0;
  unsigned most = count > 2 ? (unsigned)strtoul(arguments[2], NULL, 10) : 0;
  if (turns < 1 || turns > MOST_TURNS || most < 1) {
    fputs("usage: step TURNS MOST_THREADS [TABLE...]\n", stderr);
    return 2;
  }
  for (int i = 3; i < count; i++)
    measure(arguments[i], turns, most);
  for (size_t k = 0; count == 3 && k < 4; k++)
    measure(bench_table_names[k], turns, most);
  return 0;
}
