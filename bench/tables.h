/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_TABLES_H
#define BENCH_TABLES_H

#include <stddef.h>

/*
 * The bench's tables, the same on every machine: multivariate normal from a factor model (3 factors, w3: 8; specific variances in
 * 0.5 to 1.5), with holes.
 *   w1   50,000 x 20    10 % missing at random: scattered
 *   w2   500,000 x 24   6 blocks of 4 variables, each row asked 3 of them: split questionnaire
 *   w3   5,000 x 100    5 % missing at random: wide
 *   w4   5,000 x 12     55 % missing at random: heavy
 */
typedef struct bench_table {
  const char *name, *what; /* "w1", "scattered" */
  size_t n_rows, n_columns;
  double *values; /* by rows; NaN is missing; freed with free() */
} bench_table;

enum { BENCH_TABLES = 4 };

/* `index` counts from 0. values is NULL beyond the last, or without memory. */
bench_table bench_table_new(size_t index);

#endif
