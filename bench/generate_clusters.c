/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"

/*
 * Rows of separated clusters with entries deleted at random, as .csv on standard output: the cluster that each row comes from (truth), then
 * its entries, empty where deleted.
 *
 *   bench/generate_clusters SEED ROWS COLUMNS CLUSTERS DISTANCE PERCENT
 *
 * The centres are DISTANCE times standard normal; each cluster has covariances of its own, with one common factor; proportions fall by a
 * quarter from one to the next. What is deleted does not change the rest: a larger PERCENT deletes more of the same table.
 */
enum { CENTRE = 1, LOADING, CLUSTER, FACTOR, ERROR, HOLE }; /* streams */

typedef struct design {
  uint64_t seed;
  size_t n, p, k;
  double distance, missing;
} design;

static size_t draw_cluster(const design *d, size_t row) {
  double total = 0, sum = 0, u = emend_random_uniform(d->seed, CLUSTER, row, 0);
  for (size_t c = 0; c < d->k; c++)
    total += pow(0.75, (double)c);
  for (size_t c = 0; c + 1 < d->k; c++)
    if (u < (sum += pow(0.75, (double)c) / total))
      return c;
  return d->k - 1;
}

static void print_row(const design *d, size_t row) {
  size_t c = draw_cluster(d, row);
  double factor = emend_random_normal(d->seed, FACTOR, row, 0);
  printf("%zu", c + 1);
  for (size_t j = 0; j < d->p; j++) {
    double centre = d->distance * emend_random_normal(d->seed, CENTRE, c, j), loading = emend_random_normal(d->seed, LOADING, c, j);
    double x = centre + loading * factor + emend_random_normal(d->seed, ERROR, row, j);
    if (emend_random_uniform(d->seed, HOLE, row, j) < d->missing)
      putchar(',');
    else
      printf(",%.6f", x);
  }
  putchar('\n');
}

int main(int count, char **arguments) {
  if (count != 7) {
    fputs("usage: generate_clusters SEED ROWS COLUMNS CLUSTERS DISTANCE PERCENT\n", stderr);
    return 2;
  }
  design d = {.seed = strtoull(arguments[1], NULL, 10),
              .n = strtoul(arguments[2], NULL, 10),
              .p = strtoul(arguments[3], NULL, 10),
              .k = strtoul(arguments[4], NULL, 10),
              .distance = strtod(arguments[5], NULL),
              .missing = strtod(arguments[6], NULL) / 100};
  printf("truth");
  for (size_t j = 0; j < d.p; j++)
    printf(",x%zu", j + 1);
  putchar('\n');
  for (size_t i = 0; i < d.n && d.k > 0; i++)
    print_row(&d, i);
  return ferror(stdout) || fflush(stdout) != 0;
}
