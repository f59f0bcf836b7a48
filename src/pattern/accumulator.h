/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PATTERN_ACCUMULATOR_H
#define PATTERN_ACCUMULATOR_H

#include <stddef.h>
#include <stdint.h>

#include "pattern/scan.h"

enum { PENDING = 16 };

/* What a pattern of many rows adds up to: products of the constant and its observed entries, and the rows to be added next. */
typedef struct accumulator {
  size_t n_observed, stride, n_pending; /* stride: o + 1 padded */
  uint32_t *observed;
  double *products, *pending;
} accumulator;

/* For a pattern with o of p columns observed, those that `mask` does not name; NULL: out of memory. */
accumulator *accumulator_new(size_t o, const uint64_t *mask, size_t p);
void accumulator_free(accumulator *a);
/* Adds the pending rows to the products. */
void accumulator_flush(accumulator *a, const emend_scan *scan);

#endif
