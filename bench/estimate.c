/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Times the estimation of generated tables from a matrix in memory: setup (patterns) and EM to its answer, medians over repetitions.
 *
 *   bench/estimate [REPETITIONS [TABLE...]]
 *
 * Tables: multivariate normal from 3 common factors (w3: 8), specific variances in 0.5 to 1.5, fixed seeds.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "normal/fit.h"

enum { MOST_FACTORS = 8, MOST_REPETITIONS = 99 };

typedef struct design {
  const char *name, *what;
  size_t rows, columns, factors;
  double share; /* of cells missing at random; negative: each row was asked 3 of 6 blocks */
} design;

static const design designs[] = {
    {"w1", "scattered", 50000, 20, 3, 0.1},
    {"w2", "split questionnaire", 500000, 24, 3, -1},
    {"w3", "wide", 5000, 100, 8, 0.05},
    {"w4", "heavy", 5000, 12, 3, 0.55},
};

typedef struct table {
  double *values;
  size_t n_columns;
} table;

static void read_table(const void *state, size_t row, size_t n, double *block) {
  const table *t = state;
  memcpy(block, t->values + row * t->n_columns, n * t->n_columns * sizeof *block);
}

/* xorshift64*: this is about speed of making, not quality. */
static double uniform(uint64_t *state) {
  *state ^= *state >> 12, *state ^= *state << 25, *state ^= *state >> 27;
  return ((double)(*state * UINT64_C(2685821657736338717) >> 12) + 0.5) * 0x1p-52;
}

static double normal(uint64_t *state) { return sqrt(-2 * log(uniform(state))) * cos(2 * M_PI * uniform(state)); }

/* Which 3 of 6 blocks a row is asked: the k-th of the 20 combinations. */
static unsigned asked(unsigned k) {
  for (unsigned set = 0;; set++)
    if (__builtin_popcount(set) == 3 && k-- == 0)
      return set;
}

static double *make(const design *d) {
  double *values = malloc(d->rows * d->columns * sizeof *values), *loadings = malloc(d->columns * d->factors * sizeof *loadings);
  double *specific = malloc(d->columns * sizeof *specific), common[MOST_FACTORS];
  uint64_t state = 20240611;
  if (!values || !loadings || !specific)
    exit(1);
  for (size_t i = 0; i < d->columns * d->factors; i++)
    loadings[i] = normal(&state);
  for (size_t j = 0; j < d->columns; j++)
    specific[j] = sqrt(0.5 + uniform(&state));
  for (size_t i = 0; i < d->rows; i++) {
    unsigned set = asked((unsigned)(20 * uniform(&state)));
    for (size_t k = 0; k < d->factors; k++)
      common[k] = normal(&state);
    for (size_t j = 0; j < d->columns; j++) {
      double x = specific[j] * normal(&state);
      for (size_t k = 0; k < d->factors; k++)
        x += loadings[j * d->factors + k] * common[k];
      int missing = d->share < 0 ? !(set >> j * 6 / d->columns & 1) : uniform(&state) < d->share;
      values[i * d->columns + j] = missing ? NAN : x;
    }
  }
  free(loadings), free(specific);
  return values;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, size_t n) {
  qsort(values, n, sizeof *values, compare);
  return values[n / 2];
}

static void measure(const design *d, size_t repetitions) {
  table t = {make(d), d->columns};
  emend_matrix matrix = {.n_rows = d->rows, .n_columns = d->columns, .state = &t, .read = read_table};
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
      printf("%s  %-20s %6zu x %-3zu  patterns %6zu  setup %7.2f ms  fit %8.2f ms  sum %8.2f ms  iterations %4zu  log-likelihood %.6f%s\n", d->name,
             d->what, d->rows, d->columns, emend_normal_patterns(fit), s, f, s + f, emend_normal_iterations(fit), emend_normal_log_likelihood(fit),
             emend_normal_converged(fit) ? "" : "  NOT CONVERGED");
    }
    emend_normal_free(fit);
    emend_patterns_free(patterns);
  }
  free(t.values);
}

int main(int count, char **arguments) {
  size_t repetitions = count > 1 ? strtoul(arguments[1], NULL, 10) : 5;
  if (repetitions < 1 || repetitions > MOST_REPETITIONS) {
    fprintf(stderr, "usage: estimate [REPETITIONS [TABLE...]]: from 1 to %d repetitions\n", MOST_REPETITIONS);
    return 2;
  }
  for (size_t k = 0; k < sizeof designs / sizeof *designs; k++) {
    int wanted = count < 3;
    for (int i = 2; i < count; i++)
      wanted = wanted || strcmp(arguments[i], designs[k].name) == 0;
    if (wanted)
      measure(&designs[k], repetitions);
  }
  return 0;
}
