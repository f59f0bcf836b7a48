/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer.h"

#include <stdio.h>
#include <stdlib.h>

#include "tables.h"

static FILE *open_file(const char *path, const char *mode) {
  FILE *file = fopen(path, mode);
  if (!file) {
    perror(path);
    exit(1);
  }
  return file;
}

void bench_answer_write(const char *path, size_t p, const double *mean, const double *covariance) {
  FILE *file = open_file(path, "w");
  fprintf(file, "%zu\n", p);
  for (size_t i = 0; i <= p; i++)
    for (size_t j = 0; j < p; j++)
      fprintf(file, "%.17g%c", i == 0 ? mean[j] : covariance[(i - 1) * p + j], j + 1 < p ? ' ' : '\n');
  if (ferror(file) | fclose(file)) {
    perror(path);
    exit(1);
  }
}

static void read_numbers(FILE *file, const char *path, double *numbers, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (!numbers || fscanf(file, "%lf", &numbers[i]) != 1) {
      fprintf(stderr, "%s: not a mean and a covariance\n", path);
      exit(1);
    }
}

bench_answer bench_answer_read(const char *path) {
  FILE *file = open_file(path, "r");
  bench_answer a = {0};
  if (fscanf(file, "%zu", &a.p) != 1 || a.p == 0 || a.p > BENCH_MOST_COLUMNS)
    a.p = 1; /* and then finds no numbers */
  a.mean = malloc(a.p * sizeof *a.mean);
  a.covariance = malloc(a.p * a.p * sizeof *a.covariance);
  read_numbers(file, path, a.mean, a.p);
  read_numbers(file, path, a.covariance, a.p * a.p);
  fclose(file);
  return a;
}

void bench_answer_free(bench_answer *answer) {
  free(answer->mean);
  free(answer->covariance);
}
