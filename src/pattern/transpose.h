/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PATTERN_TRANSPOSE_H
#define PATTERN_TRANSPOSE_H

#include <stddef.h>

typedef double emend_pair __attribute__((vector_size(2 * sizeof(double)), aligned(sizeof(double)), may_alias));

/*
 * Rows out of columns: block[i * stride + j] = columns[j][i] for n rows and n_columns columns. Two by two, since it is the stores that take
 * the time; eight rows of a few columns at a time, so that what is read and what is written stay near.
 */
static inline void emend_transpose(const double *const *columns, size_t n_columns, size_t n, size_t stride, double *block) {
  enum { ROWS = 8 };
  for (size_t first = 0; first < n; first += ROWS) {
    size_t last = first + ROWS < n ? first + ROWS : n, j = 0;
    for (; j + 2 <= n_columns; j += 2) {
      const double *a = columns[j], *b = columns[j + 1];
      double *to = block + first * stride + j;
      size_t i = first;
      for (; i + 2 <= last; i += 2, to += 2 * stride) {
        emend_pair x = *(const emend_pair *)(const void *)(a + i), y = *(const emend_pair *)(const void *)(b + i);
        *(emend_pair *)(void *)to = (emend_pair){x[0], y[0]};
        *(emend_pair *)(void *)(to + stride) = (emend_pair){x[1], y[1]};
      }
      if (i < last)
        to[0] = a[i], to[1] = b[i];
    }
    for (size_t i = first; i < last && j < n_columns; i++)
      block[i * stride + j] = columns[j][i];
  }
}

#endif
