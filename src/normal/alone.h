/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_ALONE_H
#define NORMAL_ALONE_H

/*
 * A pattern too large to be solved beside others: a matrix by itself, with the vectors along its rows. LAPACK would serve, too, but not
 * several threads at a time (base/blas.h). Part of kernel.c, which is compiled once per level.
 *
 * Matrices of order n have tall(n) rows of wide(n) doubles, 0 beyond n, so that tiles of DOWN x ACROSS need no edges.
 */
#include <math.h>
#include <string.h>

#include "base/lanes.h"
#include "normal/kernel.h"

enum { PIVOTS = 16, DOWN = 4, VECTORS = 3, ACROSS = VECTORS * EMEND_LANES };

static size_t wide(size_t n) { return (n + EMEND_COLUMNS_TOGETHER - 1) / EMEND_COLUMNS_TOGETHER * EMEND_COLUMNS_TOGETHER; }

static size_t tall(size_t n) { return (n + DOWN - 1) / DOWN * DOWN; }

/* Some pivots: a block d (rows of PIVOTS, 0 beyond n) becomes minus its inverse. Returns the sum of their logarithms, NaN if one is not
 * positive. */
static double sweep_pivots(size_t n, double *d) {
  double sum = 0;
  for (size_t k = 0; k < n; k++) {
    double row[PIVOTS], pivot = d[k * PIVOTS + k], inverse = 1 / pivot;
    if (!(pivot > 0))
      return NAN;
    sum += log(pivot);
    memcpy(row, d + k * PIVOTS, sizeof row);
    row[k] = 0;
    for (size_t i = 0; i < n; i++) {
      double f = row[i] * inverse;
      for (size_t j = 0; j < PIVOTS; j += EMEND_LANES)
        lanes_store(d + i * PIVOTS + j, lanes_load(d + i * PIVOTS + j) - lanes_all(f) * lanes_load(row + j));
      d[i * PIVOTS + k] = d[k * PIVOTS + i] = f;
    }
    d[k * PIVOTS + k] = -inverse;
  }
  return sum;
}

/* What a sweep reads and what it changes: rows or columns [from, to) of the lower triangle, b as PIVOTS rows of wide(n), f = b' inverse(d)
 * as tall(n) rows of PIVOTS; 0 for the pivots themselves. */
static void take_block(size_t n, size_t from, size_t to, const double *a, double *d, double *b) {
  size_t apart = wide(n);
  memset(d, 0, PIVOTS * PIVOTS * sizeof *d);
  memset(b, 0, PIVOTS * apart * sizeof *b);
  for (size_t k = 0; k < to - from; k++) {
    memcpy(b + k * apart, a + (from + k) * apart, from * sizeof *b);
    for (size_t i = 0; i <= k; i++)
      d[k * PIVOTS + i] = d[i * PIVOTS + k] = a[(from + k) * apart + from + i];
  }
  for (size_t i = to; i < n; i++)
    for (size_t k = 0; k < to - from; k++)
      b[k * apart + i] = a[i * apart + from + k];
}

static void scale_block(size_t n, const double *d, const double *b, double *f) {
  for (size_t i = 0; i < tall(n); i++) {
    lanes v[PIVOTS / EMEND_LANES] = {{0}};
    EMEND_UNROLL for (size_t k = 0; k < PIVOTS; k++)
      EMEND_UNROLL for (size_t q = 0; q < PIVOTS / EMEND_LANES; q++)
        v[q] -= lanes_all(b[k * wide(n) + i]) * lanes_load(d + k * PIVOTS + q * EMEND_LANES);
    EMEND_UNROLL for (size_t q = 0; q < PIVOTS / EMEND_LANES; q++)
      lanes_store(f + i * PIVOTS + q * EMEND_LANES, v[q]);
  }
}

static void give_block(size_t n, size_t from, size_t to, const double *d, const double *f, double *a) {
  size_t apart = wide(n);
  for (size_t k = 0; k < to - from; k++) {
    for (size_t i = 0; i < from; i++)
      a[(from + k) * apart + i] = f[i * PIVOTS + k];
    for (size_t i = 0; i <= k; i++)
      a[(from + k) * apart + from + i] = d[k * PIVOTS + i];
  }
  for (size_t i = to; i < n; i++)
    memcpy(a + i * apart + from, f + i * PIVOTS, (to - from) * sizeof *a);
}

/* A tile of a -= f b. */
EMEND_INLINE void subtract_tile(size_t apart, const double *f, const double *b, double *a) {
  lanes v[DOWN * VECTORS];
  EMEND_UNROLL for (size_t q = 0; q < DOWN * VECTORS; q++)
    v[q] = lanes_load(a + q / VECTORS * apart + q % VECTORS * EMEND_LANES);
  for (size_t k = 0; k < PIVOTS; k++)
    EMEND_UNROLL for (size_t w = 0; w < VECTORS; w++) {
      lanes x = lanes_load(b + k * apart + w * EMEND_LANES);
      EMEND_UNROLL for (size_t r = 0; r < DOWN; r++)
        v[r * VECTORS + w] -= lanes_all(f[r * PIVOTS + k]) * x;
    }
  EMEND_UNROLL for (size_t q = 0; q < DOWN * VECTORS; q++)
    lanes_store(a + q / VECTORS * apart + q % VECTORS * EMEND_LANES, v[q]);
}

/* As sweep.h does, with one matrix: minus its inverse, both triangles. Returns log of the determinant, NaN if it is not positive definite.
 * Scratch: PIVOTS rows of wide(n) and of tall(n). */
static double sweep_alone(size_t n, double *a, double *scratch) {
  size_t apart = wide(n);
  double d[PIVOTS * PIVOTS], *b = scratch, *f = scratch + PIVOTS * apart, sum = 0;
  for (size_t from = 0; from < n && !isnan(sum); from += PIVOTS) {
    size_t to = from + PIVOTS < n ? from + PIVOTS : n;
    take_block(n, from, to, a, d, b);
    sum += sweep_pivots(to - from, d);
    scale_block(n, d, b, f);
    for (size_t j = 0; j < n; j += ACROSS)
      for (size_t i = j / DOWN * DOWN; i < n; i += DOWN)
        subtract_tile(apart, f + i * PIVOTS, b + j, a + i * apart + j);
    give_block(n, from, to, d, f, a);
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++)
      a[j * apart + i] = a[i * apart + j];
  return sum;
}

/* Minus the inverse of a pattern's part of a symmetric matrix. Returns log of the determinant, or NaN. */
static double invert_alone(const uint32_t *columns, size_t n, size_t stride, const double *matrix, double *inverse, double *scratch) {
  size_t apart = wide(n);
  memset(inverse, 0, tall(n) * apart * sizeof *inverse);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      inverse[i * apart + j] = matrix[(size_t)columns[i] * stride + columns[j]];
  return sweep_alone(n, inverse, scratch);
}

/* y = x times a symmetric matrix, R rows of wide(n) each. */
EMEND_INLINE void multiply_alone(const size_t R, size_t n, const double *matrix, const double *x, double *y) {
  size_t apart = wide(n);
  for (size_t j = 0; j < n; j += ACROSS) {
    lanes v[DOWN * VECTORS];
    EMEND_UNROLL for (size_t q = 0; q < R * VECTORS; q++)
      v[q] = (lanes){0};
    for (size_t k = 0; k < n; k++)
      EMEND_UNROLL for (size_t w = 0; w < VECTORS; w++) {
        lanes m = lanes_load(matrix + k * apart + j + w * EMEND_LANES);
        EMEND_UNROLL for (size_t r = 0; r < R; r++)
          v[r * VECTORS + w] += lanes_all(x[r * apart + k]) * m;
      }
    EMEND_UNROLL for (size_t q = 0; q < R * VECTORS; q++)
      lanes_store(y + q / VECTORS * apart + j + q % VECTORS * EMEND_LANES, v[q]);
  }
}

/* pairs += factor y' y, R rows of wide(n): the lower triangle, and a little beside it. */
EMEND_INLINE void add_pairs_alone(const size_t R, size_t n, double factor, const double *y, double *pairs) {
  size_t apart = wide(n);
  for (size_t a = 0; a < n; a++) {
    lanes scaled[DOWN];
    EMEND_UNROLL for (size_t r = 0; r < R; r++)
      scaled[r] = lanes_all(factor * y[r * apart + a]);
    for (size_t b = 0; b <= a; b += EMEND_LANES) {
      lanes v = lanes_load(pairs + a * apart + b);
      EMEND_UNROLL for (size_t r = 0; r < R; r++)
        v += scaled[r] * lanes_load(y + r * apart + b);
      lanes_store(pairs + a * apart + b, v);
    }
  }
}

#endif
