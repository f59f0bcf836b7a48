/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "tables.h"

/* Writes a table of the bench as CSV to standard output: generate_table 1 > w1.csv */
int main(int count, char **arguments) {
  bench_table table = bench_table_new(count == 2 ? strtoul(arguments[1], NULL, 10) - 1 : BENCH_TABLES);
  if (!table.values) {
    fputs("usage: generate_table 1|2|3|4\n", stderr);
    return 2;
  }
  for (size_t j = 0; j < table.n_columns; j++)
    printf("%sx%zu", j ? "," : "", j + 1);
  putchar('\n');
  for (size_t i = 0; i < table.n_rows; i++) {
    for (size_t j = 0; j < table.n_columns; j++) {
      char text[EMEND_NUMBER_SIZE];
      double x = table.values[i * table.n_columns + j];
      emend_number_print(round(x * 1e6) / 1e6, '.', text); /* NaN prints as nothing */
      printf("%s%s", j ? "," : "", text);
    }
    putchar('\n');
  }
  free(table.values);
  return ferror(stdout) || fclose(stdout) ? 1 : 0;
}
