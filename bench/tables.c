/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tables.h"

#include <math.h>
#include <stdlib.h>

#include "base/random.h"

enum { MOST_COLUMNS = 100, MOST_FACTORS = 8, BLOCKS = 6, ASKED = 3, BLOCK_COLUMNS = 4 };
enum { SPECIFIC = 1, LOADING, FACTOR, ERROR, BLOCK, HOLE }; /* streams */

typedef struct design {
  const char *name, *what;
  size_t n_rows, n_columns, n_factors;
  double missing; /* share; negative: by blocks */
} design;

static const design designs[BENCH_TABLES] = {
    {"w1", "scattered", 50000, 20, 3, 0.10},
    {"w2", "split questionnaire", 500000, 24, 3, -1},
    {"w3", "wide", 5000, 100, 8, 0.05},
    {"w4", "heavy", 5000, 12, 3, 0.55},
};

/* Which blocks a row was asked: drawn one after the other until three different ones are there. */
static void draw_blocks(size_t row, int asked[BLOCKS]) {
  for (int b = 0; b < BLOCKS; b++)
    asked[b] = 0;
  for (size_t draw = 0, count = 0; count < ASKED; draw++) {
    int b = (int)(BLOCKS * emend_random_uniform(1, BLOCK, row, draw));
    count += !asked[b];
    asked[b] = 1;
  }
}

static void fill_row(const design *d, const double *loading, const double *deviation, size_t row, double *x) {
  double factor[MOST_FACTORS];
  int asked[BLOCKS];
  for (size_t k = 0; k < d->n_factors; k++)
    factor[k] = emend_random_normal(1, FACTOR, row, k);
  draw_blocks(row, asked);
  for (size_t j = 0; j < d->n_columns; j++) {
    x[j] = deviation[j] * emend_random_normal(1, ERROR, row, j);
    for (size_t k = 0; k < d->n_factors; k++)
      x[j] += loading[j * MOST_FACTORS + k] * factor[k];
    if (d->missing < 0 ? !asked[j / BLOCK_COLUMNS] : emend_random_uniform(1, HOLE, row, j) < d->missing)
      x[j] = NAN;
  }
}

bench_table bench_table_new(size_t index) {
  if (index >= BENCH_TABLES)
    return (bench_table){0};
  const design *d = &designs[index];
  bench_table table = {.name = d->name,
                       .what = d->what,
                       .n_rows = d->n_rows,
                       .n_columns = d->n_columns,
                       .values = malloc(d->n_rows * d->n_columns * sizeof(double))};
  double loading[MOST_COLUMNS * MOST_FACTORS], deviation[MOST_COLUMNS];
  for (size_t j = 0; j < d->n_columns; j++) {
    deviation[j] = sqrt(0.5 + emend_random_uniform(1, SPECIFIC, 0, j));
    for (size_t k = 0; k < d->n_factors; k++)
      loading[j * MOST_FACTORS + k] = emend_random_normal(1, LOADING, j, k);
  }
  for (size_t i = 0; table.values && i < d->n_rows; i++)
    fill_row(d, loading, deviation, i, table.values + i * d->n_columns);
  return table;
}
