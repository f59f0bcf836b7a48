/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "data/dataset.h"
#include "emend/file.h"

/*
 * How fast, and in how much memory, a file is read.
 *   read [--direct] FILE     (--direct: in this process, not in a child)
 */
int main(int count, char **arguments) {
  int direct = count > 2 && strcmp(arguments[1], "--direct") == 0;
  if (count != 2 + direct) {
    fputs("usage: read [--direct] FILE\n", stderr);
    return 2;
  }
  emend_error *error = emend_error_new();
  emend_read_options *options = emend_read_options_new();
  emend_read_options_set_isolated(options, !direct);
  emend_file *file;
  double begun = emend_clock_seconds();
  if (emend_file_read(arguments[count - 1], options, NULL, &file, error)) {
    fprintf(stderr, "%s\n", emend_error_text(error));
    return 1;
  }
  double seconds = emend_clock_seconds() - begun;
  const emend_dataset *dataset = emend_file_dataset(file);
  size_t rows = emend_dataset_rows(dataset), columns = emend_dataset_variables(dataset);
  struct rusage own, children;
  getrusage(RUSAGE_SELF, &own);
  getrusage(RUSAGE_CHILDREN, &children);
  double data = (double)rows * (double)columns * sizeof(double), kilo = 1024;
  printf("%zu x %zu in %.2f s: %.2f M rows/s; dataset %.3f x, peak of the process %.3f x, of the child %.3f x the %.0f MB of numbers\n",
         rows, columns, seconds, (double)rows / seconds / 1e6, (double)emend_dataset_bytes(dataset) / data,
         (double)own.ru_maxrss * kilo / data, (double)children.ru_maxrss * kilo / data, data / 1e6);
  emend_file_close(file);
  emend_read_options_free(options);
  emend_error_free(error);
  return 0;
}
