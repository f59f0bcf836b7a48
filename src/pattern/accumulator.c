/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pattern/accumulator.h"

#include <stdlib.h>

#include "base/memory.h"
#include "pattern/reduced.h"

void accumulator_free(accumulator *a) {
  if (a)
    free(a->observed), free(a->products), free(a->pending), free(a);
}

accumulator *accumulator_new(size_t o, const uint64_t *mask, size_t p) {
  accumulator *a = emend_allocate(1, sizeof *a);
  if (!a)
    return NULL;
  a->stride = emend_row_stride(o);
  a->observed = emend_allocate(o, sizeof *a->observed);
  a->products = emend_allocate_aligned((o + 1) * a->stride, sizeof(double));
  a->pending = emend_allocate_aligned(PENDING * a->stride, sizeof(double));
  if (!a->observed || !a->products || !a->pending) {
    accumulator_free(a);
    return NULL;
  }
  for (size_t j = 0; j < p; j++)
    if (!(mask[j / 64] >> j % 64 & 1))
      a->observed[a->n_observed++] = (uint32_t)j;
  return a;
}

void accumulator_flush(accumulator *a, const emend_scan *scan) {
  scan->add_products(a->n_pending, a->n_observed + 1, a->stride, a->pending, a->products);
  a->n_pending = 0;
}
