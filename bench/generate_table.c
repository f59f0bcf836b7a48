/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "sav_file.h"
#include "tables.h"

/*
 * Writes a table of the bench to standard output: generate_table w1 [csv|sav|raw] > w1.csv
 *   raw   the doubles by columns, for programs that estimate from memory; the number of rows and columns on standard error
 */
static void put_csv_cell(double x, size_t column) {
  char text[EMEND_NUMBER_SIZE];
  emend_number_print(x, '.', text); /* NaN prints as nothing */
  printf("%s%s", column ? "," : "", text);
}

static void put_rows(const bench_table *t, int csv) {
  for (size_t i = 0; i < t->n_rows; i++) {
    for (size_t j = 0; j < t->n_columns; j++) {
      double x = t->values[j * t->n_rows + i];
      if (csv)
        put_csv_cell(x, j);
      else
        bench_sav_cell(x);
    }
    if (csv)
      putchar('\n');
  }
}

int main(int count, char **arguments) {
  const char *format = count == 3 ? arguments[2] : "csv";
  int csv = strcmp(format, "csv") == 0, sav = strcmp(format, "sav") == 0, raw = strcmp(format, "raw") == 0;
  if (count < 2 || count > 3 || !(csv || sav || raw)) {
    fputs("usage: generate_table TABLE [csv|sav|raw] > FILE\n", stderr);
    return 2;
  }
  bench_table table = bench_table_new(arguments[1]);
  if (raw) {
    fprintf(stderr, "%zu %zu\n", table.n_rows, table.n_columns);
    fwrite(table.values, sizeof *table.values, table.n_rows * table.n_columns, stdout);
  } else if (sav)
    bench_sav_begin(table.n_rows, table.n_columns, "x");
  else
    for (size_t j = 0; j < table.n_columns; j++)
      printf("%sx%zu%s", j ? "," : "", j + 1, j + 1 == table.n_columns ? "\n" : "");
  if (!raw)
    put_rows(&table, csv);
  bench_table_free(&table);
  return ferror(stdout) || fclose(stdout) ? 1 : 0;
}
