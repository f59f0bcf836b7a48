/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_COLUMNS_H
#define NORMAL_COLUMNS_H

/*
 * Columns of the inverse of a symmetric matrix from its Cholesky factor, some side by side in the lanes: L L' X = I, of which only rows from the
 * first of the columns on are wanted, so only L from there on is needed. Part of kernel.c, which is compiled once per level.
 */
#include "normal/inverse.h"

enum { TOGETHER = EMEND_COLUMNS_TOGETHER / L, MOST_HELD = 12 }; /* vectors of a row, of some rows in registers */

/* Rows i to i + R - 1 of L Y = X, where those before are done; of L' X = Y, where those behind are. x: rows of W vectors, p apart; l: the
 * factor by columns, p apart. */
EMEND_INLINE void solve_down(const size_t W, const size_t R, size_t i, size_t p, const double *l, double *x) {
  lanes v[MOST_HELD];
  EMEND_UNROLL for (size_t q = 0; q < R * W; q++) v[q] = lanes_load(x + (i + q / W) * p + q % W * L);
  for (size_t k = 0; k < i; k++)
    EMEND_UNROLL for (size_t w = 0; w < W; w++) {
      lanes known = lanes_load(x + k * p + w * L);
      EMEND_UNROLL for (size_t r = 0; r < R; r++) v[r * W + w] -= lanes_all(l[k * p + i + r]) * known;
    }
  EMEND_UNROLL for (size_t r = 0; r < R; r++) {
    lanes pivot = lanes_all(1 / l[(i + r) * (p + 1)]);
    EMEND_UNROLL for (size_t w = 0; w < W; w++) {
      EMEND_UNROLL for (size_t s = 0; s < r; s++) v[r * W + w] -= lanes_all(l[(i + s) * p + i + r]) * v[s * W + w];
      v[r * W + w] *= pivot;
      lanes_store(x + (i + r) * p + w * L, v[r * W + w]);
    }
  }
}

EMEND_INLINE void solve_up(const size_t W, const size_t R, size_t i, size_t size, size_t p, const double *l, double *x) {
  lanes v[MOST_HELD];
  EMEND_UNROLL for (size_t q = 0; q < R * W; q++) v[q] = lanes_load(x + (i + q / W) * p + q % W * L);
  for (size_t k = i + R; k < size; k++)
    EMEND_UNROLL for (size_t w = 0; w < W; w++) {
      lanes known = lanes_load(x + k * p + w * L);
      EMEND_UNROLL for (size_t r = 0; r < R; r++) v[r * W + w] -= lanes_all(l[(i + r) * p + k]) * known;
    }
  EMEND_UNROLL for (size_t r = R; r-- > 0;) {
    lanes pivot = lanes_all(1 / l[(i + r) * (p + 1)]);
    EMEND_UNROLL for (size_t w = 0; w < W; w++) {
      EMEND_UNROLL for (size_t s = r + 1; s < R; s++) v[r * W + w] -= lanes_all(l[(i + r) * p + i + s]) * v[s * W + w];
      v[r * W + w] *= pivot;
      lanes_store(x + (i + r) * p + w * L, v[r * W + w]);
    }
  }
}

EMEND_INLINE void solve_rows(const size_t W, const size_t R, size_t size, size_t p, const double *l, double *x) {
  size_t i = 0;
  for (; i + R <= size; i += R)
    solve_down(W, R, i, p, l, x);
  for (; i < size; i++)
    solve_down(W, 1, i, p, l, x);
  for (; i % R > 0; i--)
    solve_up(W, 1, i - 1, size, p, l, x);
  for (; i > 0; i -= R)
    solve_up(W, R, i - R, size, p, l, x);
}

static void solve_one(size_t size, size_t p, const double *l, double *x) {
  for (size_t k = 0; k < size; k++) {
    x[k * p] /= l[k * p + k];
    for (size_t i = k + 1; i < size; i++)
      x[i * p] -= l[k * p + i] * x[k * p];
  }
  for (size_t i = size; i-- > 0;) {
    double sum = x[i * p];
    for (size_t k = i + 1; k < size; k++)
      sum -= l[i * p + k] * x[k * p];
    x[i * p] = sum / l[i * p + i];
  }
}

/* The rows of the identity that belong to n columns; and at the end the columns beside the rows. */
static void begin_columns(size_t size, size_t p, size_t n, double *x) {
  for (size_t i = 0; i < size; i++)
    memset(x + i * p, 0, n * sizeof *x);
  for (size_t c = 0; c < n; c++)
    x[c * p + c] = 1;
}

static void mirror_columns(size_t size, size_t p, size_t n, double *x) {
  for (size_t c = 0; c < n; c++)
    for (size_t i = c + 1; i < size; i++)
      x[c * p + i] = x[i * p + c];
}

static void invert_columns(size_t p, const double *factor, size_t first, size_t n, double *inverse) {
  for (size_t j = first, width; j < first + n; j += width) {
    size_t left = first + n - j, size = p - j;
    const double *l = factor + j * p + j;
    double *x = inverse + j * p + j;
    width = left >= EMEND_COLUMNS_TOGETHER ? EMEND_COLUMNS_TOGETHER : left >= L ? L : 1;
    begin_columns(size, p, width, x);
    if (width == EMEND_COLUMNS_TOGETHER)
      solve_rows(TOGETHER, MOST_HELD / TOGETHER, size, p, l, x);
    else if (width == L)
      solve_rows(1, 4, size, p, l, x);
    else
      solve_one(size, p, l, x);
    mirror_columns(size, p, width, x);
  }
}

#endif
