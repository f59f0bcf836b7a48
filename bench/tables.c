/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tables.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

enum { MOST_FACTORS = 8, BLOCKS = 6, ASKED = 3, BLOCK_COLUMNS = 4 };
enum { SPECIFIC = 1, LOADING, FACTOR, ERROR, BLOCK, HOLE, CENTRE, CLUSTER }; /* streams */

typedef enum holes { AT_RANDOM, BY_BLOCKS } holes;

typedef struct design {
  const char *name, *what;
  size_t n_rows, n_columns, n_factors, n_clusters;
  holes holes;
  double missing; /* share of the cells */
} design;

const char *const bench_table_names[] = {"w1", "w2", "w3", "w4", "w5", "w6", "missvals", NULL};

static const design designs[] = {
    {"w1", "scattered", 50000, 20, 3, 1, AT_RANDOM, 0.10},
    {"w2", "split questionnaire", 500000, 24, 3, 1, BY_BLOCKS, 0.50},
    {"w3", "wide", 5000, 100, 8, 1, AT_RANDOM, 0.05},
    {"w4", "heavy", 5000, 12, 3, 1, AT_RANDOM, 0.55},
    {"w5", "clusters", 100000, 8, 3, 5, AT_RANDOM, 0},
    {"w6", "clusters with holes", 100000, 8, 3, 5, AT_RANDOM, 0.15},
};
static const double cumulative_proportions[] = {0.30, 0.55, 0.75, 0.90, 1};

/* Draper and Smith (1966), table 6 of Hald, with the holes of Little and Rubin (2002), table 7.4. */
static const double missvals[13][5] = {
    {7, 26, 6, 60, 78.5},  {1, 29, 15, 52, 74.3},     {11, 56, 8, 20, 104.3},      {11, 31, 8, 47, 87.6},         {7, 52, 6, 33, 95.9},
    {11, 55, 9, 22, 109.2}, {3, 71, 17, NAN, 102.7},  {1, 31, 22, NAN, 72.5},      {2, 54, 18, NAN, 93.1},        {NAN, NAN, 4, NAN, 115.9},
    {NAN, NAN, 23, NAN, 83.8}, {NAN, NAN, 9, NAN, 113.3}, {NAN, NAN, 8, NAN, 109.4},
};

/* Which blocks a row was asked: drawn one after the other until three different ones are there. */
static void draw_blocks(size_t row, bool asked[BLOCKS]) {
  for (int b = 0; b < BLOCKS; b++)
    asked[b] = false;
  for (size_t draw = 0, count = 0; count < ASKED; draw++) {
    int b = (int)(BLOCKS * emend_random_uniform(1, BLOCK, row, draw));
    count += !asked[b];
    asked[b] = true;
  }
}

/* Of one cluster: loading (n_columns x MOST_FACTORS), then deviation and centre. */
typedef struct cluster {
  double *loading, *deviation, *centre;
} cluster;

static cluster cluster_at(const design *d, double *parameters, size_t k) {
  double *loading = parameters + k * d->n_columns * (MOST_FACTORS + 2), *deviation = loading + d->n_columns * MOST_FACTORS;
  return (cluster){loading, deviation, deviation + d->n_columns};
}

static void draw_parameters(const design *d, double *parameters) {
  for (size_t k = 0; k < d->n_clusters; k++) {
    cluster c = cluster_at(d, parameters, k);
    for (size_t j = 0; j < d->n_columns; j++) {
      c.deviation[j] = sqrt(0.5 + emend_random_uniform(1, SPECIFIC, k, j));
      c.centre[j] = d->n_clusters > 1 ? 3 * emend_random_normal(1, CENTRE, k, j) : 0;
      for (size_t f = 0; f < d->n_factors; f++)
        c.loading[j * MOST_FACTORS + f] = emend_random_normal(1, LOADING, k * d->n_columns + j, f);
    }
  }
}

static void fill_row(const design *d, double *parameters, size_t row, bench_table *table) {
  double factor[MOST_FACTORS];
  bool asked[BLOCKS] = {false};
  size_t k = 0;
  if (d->n_clusters > 1)
    for (double u = emend_random_uniform(1, CLUSTER, row, 0); u > cumulative_proportions[k];)
      k++;
  cluster c = cluster_at(d, parameters, k);
  for (size_t f = 0; f < d->n_factors; f++)
    factor[f] = emend_random_normal(1, FACTOR, row, f);
  if (d->holes == BY_BLOCKS)
    draw_blocks(row, asked);
  for (size_t j = 0; j < d->n_columns; j++) {
    double x = c.centre[j] + c.deviation[j] * emend_random_normal(1, ERROR, row, j);
    for (size_t f = 0; f < d->n_factors; f++)
      x += c.loading[j * MOST_FACTORS + f] * factor[f];
    bool hole = d->holes == BY_BLOCKS ? !asked[j / BLOCK_COLUMNS] : emend_random_uniform(1, HOLE, row, j) < d->missing;
    table->values[j * table->n_rows + row] = hole ? NAN : round(x * 1e6) / 1e6;
  }
}

static void *allocate(size_t n) {
  void *memory = calloc(n, sizeof(double));
  if (!memory) {
    fputs("bench: out of memory\n", stderr);
    exit(1);
  }
  return memory;
}

static bench_table lay_out(const char *name, const char *what, size_t n_rows, size_t n_columns) {
  bench_table table = {.n_rows = n_rows, .n_columns = n_columns, .values = allocate(n_rows * n_columns)};
  snprintf(table.name, sizeof table.name, "%s", name);
  snprintf(table.what, sizeof table.what, "%s", what);
  return table;
}

static bench_table generate(const design *d) {
  bench_table table = lay_out(d->name, d->what, d->n_rows, d->n_columns);
  double *parameters = allocate(d->n_clusters * d->n_columns * (MOST_FACTORS + 2));
  draw_parameters(d, parameters);
  for (size_t i = 0; i < d->n_rows; i++)
    fill_row(d, parameters, i, &table);
  free(parameters);
  return table;
}

static bench_table hald(void) {
  bench_table table = lay_out("missvals", "slow for EM", 13, 5);
  for (size_t i = 0; i < table.n_rows; i++)
    for (size_t j = 0; j < table.n_columns; j++)
      table.values[j * table.n_rows + i] = missvals[i][j];
  return table;
}

bench_table bench_table_new(const char *name) {
  for (size_t k = 0; k < sizeof designs / sizeof designs[0]; k++)
    if (strcmp(name, designs[k].name) == 0)
      return generate(&designs[k]);
  if (strcmp(name, "missvals") == 0)
    return hald();
  design d = {.name = name, .what = "scattered", .n_factors = 3, .n_clusters = 1, .holes = AT_RANDOM};
  int end = 0;
  if (sscanf(name, "%zux%zu@%lf%n", &d.n_rows, &d.n_columns, &d.missing, &end) == 3 && name[end] == '\0' && d.n_rows > 0 &&
      d.n_rows <= 100000000 && d.n_columns > 0 && d.n_columns <= BENCH_MOST_COLUMNS && d.missing >= 0 && d.missing < 100) {
    d.missing /= 100;
    return generate(&d);
  }
  fprintf(stderr, "bench: no table %s: there are w1 to w6, missvals, and ROWSxCOLUMNS@PERCENT\n", name);
  exit(2);
}

void bench_table_free(bench_table *table) {
  free(table->values);
  table->values = NULL;
}
