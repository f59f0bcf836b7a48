/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_TABLES_H
#define BENCH_TABLES_H

#include <stddef.h>

/*
 * The bench's tables, the same on every machine. w1 to w4 are multivariate normal from a factor model (3 factors, w3: 8; specific
 * variances in 0.5 to 1.5), w5 and w6 five such clusters; all with holes, rounded to six decimals.
 *   w1         50,000 x 20    10 % missing at random: scattered
 *   w2         500,000 x 24   6 blocks of 4 variables, each row asked 3 of them: split questionnaire
 *   w3         5,000 x 100    5 % missing at random: wide
 *   w4         5,000 x 12     55 % missing at random: heavy
 *   w5, w6     100,000 x 8    five Gaussian clusters, complete and with 15 % missing at random
 *   missvals   13 x 5         Little and Rubin's example (Hald's cement with holes), on which EM is slow
 * ROWSxCOLUMNS@PERCENT, 100000x20@10, is a table like w1 of any size.
 */
typedef struct bench_table {
  char name[32], what[32]; /* "w1", "scattered" */
  size_t n_rows, n_columns;
  double *values; /* by columns; NaN is missing */
} bench_table;

enum { BENCH_MOST_COLUMNS = 2000 };

/* The names of the tables, NULL-terminated. */
extern const char *const bench_table_names[];

/* Ends the program, with a message, if there is no table of that name or no memory for it. */
bench_table bench_table_new(const char *name);
void bench_table_free(bench_table *table);

#endif
