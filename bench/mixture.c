/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "emend/emend.h"
#include "tables.h"

/*
 * Times mixtures from one start, from rows in memory to the answer, in processor time.
 *
 *   bench/mixture [OPTION]... TABLE...
 *     --components K          5
 *     --structure NAME        VVV
 *     --threads N             1
 *     --tolerance X           1e-6
 *     --accelerate none|anderson
 *     --repetitions N         5
 *     --start FILE            keeps the start for peers/gaussian_mixture.py and peers/mclust.R: a line of each mean, then the variances
 *     --json                  one JSON object per table, with the times of all repetitions
 *
 * The start is the same for everybody: a few rounds of k-means from rows far from each other; equal proportions, and as covariances the
 * diagonal of the variances about those means. A step is the difference of runs of 2 and 22 plain steps, over 20.
 */
enum { MOST_REPETITIONS = 99 };

typedef struct request {
  size_t components, repetitions;
  emend_structure structure;
  unsigned threads;
  double tolerance;
  emend_acceleration acceleration;
  const char *start;
  int json;
} request;

typedef struct work {
  size_t n, p, k;
  double *rows, *proportions, *means, *covariances;
  const request *request;
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
static double run(const work *w, size_t iterations, double tolerance, emend_acceleration acceleration, emend_mixture **fit) {
  const request *q = w->request;
  emend_error *error = emend_error_new();
  emend_mixture_options *o = emend_mixture_options_new();
  emend_status status = emend_mixture_options_set_start(o, w->k, w->p, w->proportions, w->means, w->covariances, error);
  emend_mixture_options_set_structures(o, &q->structure, 1, error);
  emend_mixture_options_set_max_iterations(o, iterations, error);
  emend_mixture_options_set_tolerance(o, tolerance, error);
  emend_mixture_options_set_acceleration(o, acceleration);
  emend_mixture_options_set_threads(o, q->threads);
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

/* The least of as many runs as repetitions, of `steps` plain steps (fewer where they are all rounding); *taken says how many. */
static double time_steps(const work *w, size_t steps, size_t *taken) {
  double least = INFINITY;
  for (size_t i = 0; i < w->request->repetitions; i++) {
    emend_mixture *fit;
    least = fmin(least, run(w, steps, 1e-14, EMEND_ACCELERATE_NONE, &fit));
    *taken = emend_mixture_iterations(fit);
    emend_mixture_free(fit);
  }
  return least;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void print(const work *w, const char *name, double *times, double step, const emend_mixture *fit) {
  const request *q = w->request;
  qsort(times, q->repetitions, sizeof *times, compare);
  if (!q->json) {
    printf("%s: from table to answer %.1f ms (median %.1f), %zu iterations, log-likelihood %.6f, distance %.1e; a step %.2f ms\n", name,
           1e3 * times[0], 1e3 * times[q->repetitions / 2], emend_mixture_iterations(fit), emend_mixture_log_likelihood(fit),
           emend_mixture_distance(fit), 1e3 * step);
    return;
  }
  printf("{\"table\": \"%s\", \"rows\": %zu, \"columns\": %zu, \"components\": %zu, \"iterations\": %zu", name, w->n, w->p, w->k,
         emend_mixture_iterations(fit));
  printf(", \"log_likelihood\": %.17g, \"step\": %.9g", emend_mixture_log_likelihood(fit), step);
  for (size_t i = 0; i < q->repetitions; i++)
    printf("%s%.9g", i ? ", " : ", \"processor\": [", times[i]);
  puts("]}");
}

static void measure(const char *name, const request *q) {
  work w = {.k = q->components, .request = q};
  double times[MOST_REPETITIONS];
  emend_mixture *fit = NULL;
  bench_table table = bench_table_new(name);
  take_table(&w, &table);
  bench_table_free(&table);
  make_start(&w);
  if (q->start)
    write_start(&w, q->start);
  for (size_t i = 0; i < q->repetitions; i++) {
    emend_mixture_free(fit);
    times[i] = run(&w, 100000, q->tolerance, q->acceleration, &fit);
  }
  size_t few, many;
  double begin = time_steps(&w, 2, &few), end = time_steps(&w, 22, &many);
  print(&w, name, times, (end - begin) / (double)(many - few), fit);
  emend_mixture_free(fit);
  free(w.rows), free(w.proportions), free(w.means), free(w.covariances);
}

static _Noreturn void usage(void) {
  fputs("usage: mixture [--components K] [--structure NAME] [--threads N] [--tolerance X] [--accelerate none|anderson] [--repetitions N]\n"
        "               [--start FILE] [--json] TABLE...\n",
        stderr);
  exit(2);
}

static void read_option(int option, request *q) {
  if (option == 'k')
    q->components = strtoul(optarg, NULL, 10);
  else if (option == 't')
    q->threads = (unsigned)strtoul(optarg, NULL, 10);
  else if (option == 'e')
    q->tolerance = strtod(optarg, NULL);
  else if (option == 'r')
    q->repetitions = strtoul(optarg, NULL, 10);
  else if (option == 'o')
    q->start = optarg;
  else if (option == 'j')
    q->json = 1;
  else if (option == 'x' && strcmp(optarg, "none") == 0)
    q->acceleration = EMEND_ACCELERATE_NONE;
  else if (!(option == 'x' && strcmp(optarg, "anderson") == 0) && !(option == 's' && emend_structure_find(optarg, &q->structure)))
    usage();
}

int main(int count, char **arguments) {
  static const struct option known[] = {{"components", required_argument, NULL, 'k'}, {"structure", required_argument, NULL, 's'},
                                        {"threads", required_argument, NULL, 't'},    {"tolerance", required_argument, NULL, 'e'},
                                        {"accelerate", required_argument, NULL, 'x'}, {"repetitions", required_argument, NULL, 'r'},
                                        {"start", required_argument, NULL, 'o'},      {"json", no_argument, NULL, 'j'},
                                        {NULL, 0, NULL, 0}};
  request q = {.components = 5,
               .repetitions = 5,
               .structure = EMEND_STRUCTURE_VVV,
               .threads = 1,
               .tolerance = 1e-6,
               .acceleration = EMEND_ACCELERATE_ANDERSON};
  for (int option; (option = getopt_long(count, arguments, "", known, NULL)) != -1;)
    read_option(option, &q);
  if (optind == count || q.components < 1 || q.repetitions < 1 || q.repetitions > MOST_REPETITIONS)
    usage();
  for (int i = optind; i < count; i++)
    measure(arguments[i], &q);
  return 0;
}
