/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "emend/emend.h"
#include "tables.h"

/*
 * Times a mixture on a table: mixture TABLE [COMPONENTS [STRUCTURE [THREADS [START.csv]]]]
 * One start for everybody: a few rounds of k-means from rows far from each other; equal proportions, and as covariances the diagonal of the
 * variances about those means. START.csv receives it (a line of each mean, then the variances), for bench/peers/gaussian_mixture.py and mclust.R.
 * Processor time, the least of three runs.
 */
typedef struct work {
  size_t n, p, k;
  double *rows, *proportions, *means, *covariances;
  emend_structure structure;
  unsigned threads;
} work;

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void *numbers(size_t count) {
  void *block = calloc(count, sizeof(double));
  if (!block) {
    fputs("mixture: out of memory\n", stderr);
    exit(1);
  }
  return block;
}

static void take_table(work *w, const bench_table *t) {
  w->n = t->n_rows, w->p = t->n_columns;
  w->rows = numbers(w->n * w->p);
  for (size_t i = 0; i < w->n; i++)
    for (size_t j = 0; j < w->p; j++)
      w->rows[i * w->p + j] = t->values[j * t->n_rows + i];
}

static size_t first_complete(const work *w, size_t row) {
  for (;; row++) {
    size_t holes = 0;
    for (size_t j = 0; j < w->p; j++)
      holes += isnan(w->rows[row * w->p + j]);
    if (!holes)
      return row;
  }
}

/* The nearest of the first n means, and its squared distance on what is observed. */
static size_t nearest(const work *w, size_t n, size_t row, double *squared) {
  double least = INFINITY;
  size_t best = 0;
  for (size_t c = 0; c < n; c++) {
    double distance = 0;
    for (size_t j = 0; j < w->p; j++) {
      double d = w->rows[row * w->p + j] - w->means[c * w->p + j];
      distance += isnan(d) ? 0 : d * d;
    }
    if (distance < least)
      least = distance, best = c;
  }
  *squared = least;
  return best;
}

/* The complete row, of the first thousand, that lies farthest from the n means chosen so far. */
static size_t farthest(const work *w, size_t n) {
  size_t best = first_complete(w, 0);
  double most = 0, squared;
  for (size_t row = best; n > 0 && row < 1000 && row < w->n; row = first_complete(w, row + 1)) {
    nearest(w, n, row, &squared);
    if (squared > most)
      most = squared, best = row;
  }
  return best;
}

/* One round of k-means on what is observed; `variances` about the means before. */
static void move_means(work *w, double *variances) {
  double *sums = numbers(w->k * w->p), *counts = numbers(w->k * w->p), *n = numbers(w->p);
  memset(variances, 0, w->p * sizeof *variances);
  for (size_t i = 0; i < w->n; i++) {
    double ignored;
    size_t c = nearest(w, w->k, i, &ignored);
    for (size_t j = 0; j < w->p; j++) {
      double x = w->rows[i * w->p + j], d = x - w->means[c * w->p + j];
      if (isnan(x))
        continue;
      sums[c * w->p + j] += x, counts[c * w->p + j]++, n[j]++;
      variances[j] += d * d;
    }
  }
  for (size_t i = 0; i < w->k * w->p; i++)
    w->means[i] = counts[i] ? sums[i] / counts[i] : w->means[i];
  for (size_t j = 0; j < w->p; j++)
    variances[j] /= n[j];
  free(sums), free(counts), free(n);
}

static void make_start(work *w) {
  double *variances = numbers(w->p);
  w->proportions = numbers(w->k);
  w->means = numbers(w->k * w->p);
  w->covariances = numbers(w->k * w->p * w->p);
  for (size_t c = 0; c < w->k; c++) {
    w->proportions[c] = 1 / (double)w->k;
    memcpy(w->means + c * w->p, w->rows + farthest(w, c) * w->p, w->p * sizeof(double));
  }
  for (int round = 0; round < 5; round++)
    move_means(w, variances);
  for (size_t i = 0; i < w->k * w->p; i++)
    w->covariances[(i / w->p * w->p + i % w->p) * w->p + i % w->p] = variances[i % w->p];
  free(variances);
}

static void write_start(const work *w, const char *path) {
  FILE *out = fopen(path, "w");
  if (!out) {
    perror(path);
    exit(1);
  }
  for (size_t i = 0; i < (w->k + 1) * w->p; i++)
    fprintf(out, "%.17g%c", i < w->k * w->p ? w->means[i] : w->covariances[(i % w->p) * (w->p + 1)], i % w->p + 1 < w->p ? ',' : '\n');
  fclose(out);
}

/* Fits once; processor seconds. */
static double run(const work *w, size_t iterations, emend_acceleration acceleration, emend_mixture **fit) {
  emend_error *error = emend_error_new();
  emend_mixture_options *o = emend_mixture_options_new();
  emend_status status = emend_mixture_options_set_start(o, w->k, w->p, w->proportions, w->means, w->covariances, error);
  emend_mixture_options_set_structures(o, &w->structure, 1, error);
  emend_mixture_options_set_max_iterations(o, iterations, error);
  emend_mixture_options_set_acceleration(o, acceleration);
  emend_mixture_options_set_threads(o, w->threads);
  double began = seconds();
  if (!status)
    status = emend_mixture_fit(w->rows, w->n, w->p, w->p, NULL, o, NULL, fit, error);
  double took = seconds() - began;
  if (status) {
    fprintf(stderr, "mixture: %s\n", emend_error_text(error));
    exit(1);
  }
  emend_mixture_options_free(o);
  emend_error_free(error);
  return took;
}

static double least(const work *w, size_t iterations, emend_acceleration acceleration, size_t *taken) {
  double best = INFINITY;
  for (int i = 0; i < 3; i++) {
    emend_mixture *fit;
    best = fmin(best, run(w, iterations, acceleration, &fit));
    *taken = emend_mixture_iterations(fit);
    emend_mixture_free(fit);
  }
  return best;
}

int main(int count, char **arguments) {
  work w = {.k = count > 2 ? strtoul(arguments[2], NULL, 10) : 5, .structure = EMEND_STRUCTURE_VVV, .threads = 1};
  if (count < 2 || w.k < 1 || (count > 3 && !emend_structure_find(arguments[3], &w.structure))) {
    fputs("usage: mixture TABLE [COMPONENTS [STRUCTURE [THREADS [START.csv]]]]\n", stderr);
    return 2;
  }
  w.threads = count > 4 ? (unsigned)strtoul(arguments[4], NULL, 10) : 1;
  bench_table table = bench_table_new(arguments[1]);
  take_table(&w, &table);
  bench_table_free(&table);
  make_start(&w);
  if (count > 5)
    write_start(&w, arguments[5]);
  size_t few, many, all;
  emend_mixture *fit;
  double short_run = least(&w, 2, EMEND_ACCELERATE_NONE, &few), long_run = least(&w, 12, EMEND_ACCELERATE_NONE, &many);
  double whole = least(&w, 100000, EMEND_ACCELERATE_ANDERSON, &all);
  run(&w, 100000, EMEND_ACCELERATE_ANDERSON, &fit);
  printf("emend %s: %.1f ms from table to answer, %zu iterations, log-likelihood %.6f, distance to the limit %.1e; a step %.2f ms\n", arguments[1],
         1e3 * whole, all, emend_mixture_log_likelihood(fit), emend_mixture_distance(fit),
         1e3 * (long_run - short_run) / (double)(many - few));
  emend_mixture_free(fit);
  free(w.rows), free(w.proportions), free(w.means), free(w.covariances);
  return 0;
}
