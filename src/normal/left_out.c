/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal/left_out.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

bool emend_left_out_new(emend_left_out *w, const emend_column_block *blocks, size_t n_blocks, size_t p) {
  size_t entries = 0;
  for (size_t b = 0; b < n_blocks; b++)
    entries += (size_t)blocks[b].n * blocks[b].n;
  *w = (emend_left_out){.blocks = blocks, .n_blocks = n_blocks};
  w->there = emend_allocate(n_blocks, sizeof *w->there);
  w->inverse = emend_allocate(entries, sizeof *w->inverse);
  w->filled = emend_allocate(p, sizeof *w->filled);
  w->scores = emend_allocate(p, sizeof *w->scores);
  w->q = emend_allocate(p, sizeof *w->q);
  return w->there && w->inverse && w->filled && w->scores && w->q;
}

void emend_left_out_free(emend_left_out *w) {
  free(w->there), free(w->inverse), free(w->filled), free(w->scores), free(w->q);
  *w = (emend_left_out){0};
}

/* The inverse of a symmetric positive definite n x n matrix in place, by sweeping; false if it is not. */
static bool invert(double *a, size_t n) {
  static const double NOTHING = 1e-14;
  for (size_t k = 0; k < n; k++) {
    double pivot = a[k * n + k];
    if (!(pivot > NOTHING))
      return false;
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n && i != k; j++)
        if (j != k)
          a[i * n + j] -= a[i * n + k] * a[k * n + j] / pivot;
    for (size_t i = 0; i < n; i++)
      if (i != k)
        a[k * n + i] /= pivot, a[i * n + k] /= -pivot;
    a[k * n + k] = 1 / pivot;
  }
  return true;
}

/* Row `column` of Q at the columns of a block, in the precision form: K_jB - K_jM inverse(K_MM) K_MB. */
static void precision_row(const emend_left_out_pattern *p, size_t column, emend_column_block block, double *q, double *to) {
  const double *row = p->precision + column * p->stride;
  for (size_t a = 0; a < p->m; a++) {
    q[a] = 0;
    for (size_t b = 0; b < p->m; b++)
      q[a] += p->inverse[a * p->m + b] * row[p->missing[b]];
  }
  for (uint32_t j = 0; j < block.n; j++) {
    const double *other = p->precision + (block.first + j) * p->stride;
    to[j] = row[block.first + j];
    for (size_t a = 0; a < p->m; a++)
      to[j] += q[a] * other[p->missing[a]];
  }
}

static size_t place_of(const emend_left_out_pattern *p, size_t column) {
  size_t lo = 0, hi = p->o;
  while (lo < hi) {
    size_t middle = lo + (hi - lo) / 2;
    if (p->observed[middle] < column)
      lo = middle + 1;
    else
      hi = middle;
  }
  return lo < p->o && p->observed[lo] == column ? lo : SIZE_MAX;
}

void emend_left_out_prepare(emend_left_out *w, const emend_left_out_pattern *p) {
  double *inverse = w->inverse;
  for (size_t b = 0; b < w->n_blocks; b++) {
    emend_column_block block = w->blocks[b];
    w->there[b] = true;
    for (uint32_t i = 0; i < block.n; i++)
      w->there[b] = w->there[b] && place_of(p, block.first + i) != SIZE_MAX;
    for (uint32_t i = 0; i < block.n && w->there[b]; i++) {
      if (!p->by_covariance)
        precision_row(p, block.first + i, block, w->q, inverse + i * block.n);
      for (uint32_t j = 0; j < block.n && p->by_covariance; j++)
        inverse[i * block.n + j] = -p->inverse[place_of(p, block.first + i) * p->o + place_of(p, block.first + j)];
    }
    w->there[b] = w->there[b] && invert(inverse, block.n);
    inverse += (size_t)block.n * block.n;
  }
}

void emend_left_out_row(emend_left_out *w, const emend_left_out_pattern *p, const double *z, const double *expected) {
  memcpy(w->filled, z, p->p * sizeof *z);
  for (size_t a = 0; a < p->m; a++)
    w->filled[p->missing[a]] = expected[a];
  for (size_t a = 0; a < p->o; a++) {
    size_t j = p->observed[a];
    double sum = 0;
    if (p->by_covariance)
      for (size_t k = 0; k < p->o; k++)
        sum -= p->inverse[a * p->o + k] * z[p->observed[k]];
    else
      for (size_t k = 0; k < p->p; k++)
        sum += p->precision[j * p->stride + k] * (p->active[k] ? w->filled[k] : 0);
    w->scores[j] = sum;
  }
}

void emend_left_out_predict(const emend_left_out *w, size_t block, const double *z, double *predicted) {
  const double *inverse = w->inverse;
  for (size_t b = 0; b < block; b++)
    inverse += (size_t)w->blocks[b].n * w->blocks[b].n;
  emend_column_block own = w->blocks[block];
  for (uint32_t i = 0; i < own.n; i++) {
    predicted[i] = z[own.first + i];
    for (uint32_t j = 0; j < own.n; j++)
      predicted[i] -= inverse[i * own.n + j] * w->scores[own.first + j];
  }
}
