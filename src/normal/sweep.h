/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_SWEEP_H
#define NORMAL_SWEEP_H

#include "base/lanes.h"

/*
 * Inverses of as many symmetric positive definite matrices as the vectors have lanes, by sweeps (Goodnight 1979, The American Statistician
 * 33): one reciprocal for each pivot, no root. For files that are compiled once per level.
 */

enum { SWEEP_BLOCK = 8 };

/* All pivots of an n x n matrix, rows `stride` vectors apart, lower triangle: it becomes minus its inverse. *product is multiplied by the
 * determinant; lanes of *good are cleared where a pivot is not positive. With a constant n everything stays in registers, up to n = 4 or
 * so. */
EMEND_INLINE void sweep_few(const size_t n, size_t stride, lanes *a, lanes *product, lane_bits *good) {
  EMEND_UNROLL for (size_t k = 0; k < n; k++) {
    lanes pivot = a[k * stride + k], inverse = 1 / pivot, t[SWEEP_BLOCK];
    *product *= pivot;
    *good &= pivot > 0;
    EMEND_UNROLL for (size_t i = 0; i < n; i++)
      t[i] = i > k ? a[i * stride + k] : a[k * stride + i];
    EMEND_UNROLL for (size_t i = 0; i < n; i++) {
      if (i == k)
        continue;
      lanes f = t[i] * inverse;
      EMEND_UNROLL for (size_t j = 0; j <= i; j++)
        if (j != k)
          a[i * stride + j] -= f * t[j];
      if (i > k)
        a[i * stride + k] = f;
      else
        a[k * stride + i] = f;
    }
    a[k * stride + k] = -inverse;
  }
}

EMEND_INLINE void sweep_block(size_t n, size_t stride, lanes *a, lanes *product, lane_bits *good) {
#define SWEEP(n) sweep_few(n, stride, a, product, good)
  switch (n) {
    EMEND_SIZES(SWEEP)
  default: SWEEP(n);
  }
#undef SWEEP
}

/* a[i..i+I)[j..j+J) -= f b', both with SWEEP_BLOCK columns. */
EMEND_INLINE void sweep_tile(const size_t I, const size_t J, size_t i, size_t j, size_t width, size_t stride, lanes *a, const lanes *f,
                             const lanes *b) {
  lanes total[4][2];
  EMEND_UNROLL for (size_t x = 0; x < I; x++)
    EMEND_UNROLL for (size_t y = 0; y < J; y++)
      total[x][y] = a[(i + x) * stride + j + y];
  for (size_t k = 0; k < width; k++)
    EMEND_UNROLL for (size_t x = 0; x < I; x++)
      EMEND_UNROLL for (size_t y = 0; y < J; y++)
        total[x][y] -= f[(i + x) * SWEEP_BLOCK + k] * b[(j + y) * SWEEP_BLOCK + k];
  EMEND_UNROLL for (size_t x = 0; x < I; x++)
    EMEND_UNROLL for (size_t y = 0; y < J; y++)
      a[(i + x) * stride + j + y] = total[x][y];
}

/* Rows i to i + I - 1, columns from `begin` to `end` - 1. What falls above the diagonal is never read. */
EMEND_INLINE void sweep_band(const size_t I, size_t i, size_t begin, size_t end, size_t width, size_t stride, lanes *a, const lanes *f,
                             const lanes *b) {
  size_t j = begin;
  for (; j + 2 <= end; j += 2)
    sweep_tile(I, 2, i, j, width, stride, a, f, b);
  if (j < end)
    sweep_tile(I, 1, i, j, width, stride, a, f, b);
}

/* Rows first to last - 1 of what a sweep of the block [from, to) changes beside the block's own rows and columns. */
EMEND_INLINE void sweep_rest(size_t first, size_t last, size_t from, size_t to, size_t stride, lanes *a, const lanes *f, const lanes *b) {
  size_t i = first, width = to - from;
  for (; i + 4 <= last; i += 4) {
    size_t end = i + 4;
    sweep_band(4, i, 0, end < from ? end : from, width, stride, a, f, b);
    if (end > to)
      sweep_band(4, i, to, end, width, stride, a, f, b);
  }
  for (; i < last; i++) {
    sweep_band(1, i, 0, i + 1 < from ? i + 1 : from, width, stride, a, f, b);
    if (i + 1 > to)
      sweep_band(1, i, to, i + 1, width, stride, a, f, b);
  }
}

/* Any n: blocks of pivots, so that the bulk of the work is products of matrices. `spare` has 2 n SWEEP_BLOCK vectors; products[b] is
 * multiplied by the product of block b's pivots: that of all of them may be too large, or too small, for a number. */
EMEND_INLINE void sweep(size_t n, lanes *a, lanes *spare, lanes *products, lane_bits *good) {
  if (n <= SWEEP_BLOCK) {
    sweep_block(n, n, a, products, good);
    return;
  }
  lanes *b = spare, *f = spare + n * SWEEP_BLOCK;
  for (size_t from = 0; from < n; from += SWEEP_BLOCK) {
    size_t to = from + SWEEP_BLOCK < n ? from + SWEEP_BLOCK : n, width = to - from;
    sweep_block(width, n, a + from * n + from, &products[from / SWEEP_BLOCK], good);
    for (size_t i = 0; i < n; i++) {
      if (i >= from && i < to)
        continue;
      for (size_t k = 0; k < width; k++)
        b[i * SWEEP_BLOCK + k] = i < from ? a[(from + k) * n + i] : a[i * n + from + k];
      for (size_t k = 0; k < width; k++) {
        lanes x = {0};
        for (size_t j = 0; j < width; j++)
          x -= b[i * SWEEP_BLOCK + j] * (j <= k ? a[(from + k) * n + from + j] : a[(from + j) * n + from + k]);
        f[i * SWEEP_BLOCK + k] = x;
      }
    }
    sweep_rest(0, from, from, to, n, a, f, b);
    sweep_rest(to, n, from, to, n, a, f, b);
    for (size_t i = 0; i < n; i++)
      for (size_t k = 0; k < width && (i < from || i >= to); k++)
        *(i < from ? &a[(from + k) * n + i] : &a[i * n + from + k]) = f[i * SWEEP_BLOCK + k];
  }
}

#endif
