/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Judges answers to a table, whoever gave them, by one plain computation that shares nothing with the estimation:
 *
 *   bench/evaluate TABLE OPTIMUM ANSWER...        (files of answer.h)
 * prints for each answer the log-likelihood of the observed data, 2 pi included, and the largest distance of a mean or covariance to the
 * optimum in units of the observed standard deviations (divisor n).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "tables.h"

/* Rows sorted by which columns they miss. */
typedef struct sorted {
  const bench_table *table;
  size_t mask_bytes;
  unsigned char *masks; /* n_rows x mask_bytes, 1 where observed */
  size_t *rows;
} sorted;

static void *allocate(size_t n, size_t size) {
  void *memory = calloc(n ? n : 1, size);
  if (!memory) {
    fputs("evaluate: out of memory\n", stderr);
    exit(1);
  }
  return memory;
}

static int compare_rows(const void *a, const void *b, void *state) {
  const sorted *s = state;
  size_t x = *(const size_t *)a, y = *(const size_t *)b;
  int order = memcmp(s->masks + x * s->mask_bytes, s->masks + y * s->mask_bytes, s->mask_bytes);
  return order ? order : (x > y) - (x < y);
}

static sorted sort_rows(const bench_table *t) {
  sorted s = {t, (t->n_columns + 7) / 8, NULL, NULL};
  s.masks = allocate(t->n_rows, s.mask_bytes);
  s.rows = allocate(t->n_rows, sizeof *s.rows);
  for (size_t i = 0; i < t->n_rows; i++) {
    s.rows[i] = i;
    for (size_t j = 0; j < t->n_columns; j++)
      if (!isnan(t->values[j * t->n_rows + i]))
        s.masks[i * s.mask_bytes + j / 8] |= (unsigned char)(1 << j % 8);
  }
  qsort_r(s.rows, t->n_rows, sizeof *s.rows, compare_rows, &s);
  return s;
}

/* The observed columns of a row; their number. */
static size_t observed_columns(const sorted *s, size_t row, size_t *columns) {
  size_t o = 0;
  for (size_t j = 0; j < s->table->n_columns; j++)
    if (s->masks[row * s->mask_bytes + j / 8] >> j % 8 & 1)
      columns[o++] = j;
  return o;
}

/* Lower Cholesky factor, by rows, of the covariance of some columns; false if it is not positive definite. */
static int factorise(const bench_answer *a, const size_t *columns, size_t o, double *factor) {
  for (size_t i = 0; i < o; i++)
    for (size_t j = 0; j <= i; j++) {
      double sum = a->covariance[columns[i] * a->p + columns[j]];
      for (size_t k = 0; k < j; k++)
        sum -= factor[i * o + k] * factor[j * o + k];
      if (i == j && !(sum > 0))
        return 0;
      factor[i * o + j] = i == j ? sqrt(sum) : sum / factor[j * o + j];
    }
  return 1;
}

/* Mahalanobis; z is room for o numbers. */
static double squared_distance(const bench_table *t, size_t row, const bench_answer *a, const size_t *columns, size_t o,
                               const double *factor, double *z) {
  double sum = 0;
  for (size_t i = 0; i < o; i++) {
    z[i] = t->values[columns[i] * t->n_rows + row] - a->mean[columns[i]];
    for (size_t k = 0; k < i; k++)
      z[i] -= factor[i * o + k] * z[k];
    z[i] /= factor[i * o + i];
    sum += z[i] * z[i];
  }
  return sum;
}

static double log_likelihood(const sorted *s, const bench_answer *a) {
  size_t p = a->p, *columns = allocate(p, sizeof *columns), o = 0;
  double *factor = allocate(p * p, sizeof *factor), *z = allocate(p, sizeof *z), constant = 0;
  long double total = 0;
  for (size_t k = 0; k < s->table->n_rows; k++) {
    size_t row = s->rows[k];
    if (k == 0 || memcmp(s->masks + row * s->mask_bytes, s->masks + s->rows[k - 1] * s->mask_bytes, s->mask_bytes) != 0) {
      o = observed_columns(s, row, columns);
      constant = factorise(a, columns, o, factor) ? (double)o * log(2 * acos(-1)) : NAN;
      for (size_t i = 0; i < o; i++)
        constant += 2 * log(factor[i * o + i]);
    }
    total -= 0.5 * (constant + squared_distance(s->table, row, a, columns, o, factor, z));
  }
  free(columns);
  free(factor);
  free(z);
  return (double)total;
}

static double observed_deviation(const bench_table *t, size_t column) {
  const double *x = t->values + column * t->n_rows;
  double n = 0, sum = 0, squares = 0;
  for (size_t i = 0; i < t->n_rows; i++)
    if (!isnan(x[i]))
      n++, sum += x[i];
  for (size_t i = 0; i < t->n_rows; i++)
    if (!isnan(x[i]))
      squares += (x[i] - sum / n) * (x[i] - sum / n);
  return sqrt(squares / n);
}

static double distance(const bench_answer *a, const bench_answer *b, const double *deviation) {
  double largest = 0;
  for (size_t i = 0; i < a->p; i++) {
    largest = fmax(largest, fabs(a->mean[i] - b->mean[i]) / deviation[i]);
    for (size_t j = 0; j < a->p; j++)
      largest = fmax(largest, fabs(a->covariance[i * a->p + j] - b->covariance[i * a->p + j]) / (deviation[i] * deviation[j]));
  }
  return largest;
}

int main(int count, char **arguments) {
  if (count < 4) {
    fputs("usage: evaluate TABLE OPTIMUM ANSWER...\n", stderr);
    return 2;
  }
  bench_table table = bench_table_new(arguments[1]);
  bench_answer optimum = bench_answer_read(arguments[2]);
  sorted rows = sort_rows(&table);
  double *deviation = allocate(table.n_columns, sizeof *deviation);
  for (size_t j = 0; j < table.n_columns; j++)
    deviation[j] = observed_deviation(&table, j);
  for (int i = 3; i < count; i++) {
    bench_answer answer = bench_answer_read(arguments[i]);
    if (answer.p != table.n_columns || optimum.p != table.n_columns) {
      fprintf(stderr, "%s: %zu columns, where the table has %zu\n", arguments[i], answer.p, table.n_columns);
      return 1;
    }
    printf("{\"answer\": \"%s\", \"log_likelihood\": %.12g, \"distance\": %.3g}\n", arguments[i], log_likelihood(&rows, &answer),
           distance(&answer, &optimum, deviation));
    bench_answer_free(&answer);
  }
  bench_answer_free(&optimum);
  free(rows.masks);
  free(rows.rows);
  free(deviation);
  bench_table_free(&table);
  return 0;
}
