/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiled once per instruction set: see base/lanes.h. */
#include "pattern/scan.h"

#include "base/lanes.h"

EMEND_INLINE lanes either(lane_bits choice, lanes yes, lanes no) {
  return (lanes)((choice & (lane_bits)yes) | (~choice & (lane_bits)no));
}

/* All rows of EMEND_LANES columns from k: their moments stay in registers. `holes` collects a bit for each missing cell, lane by lane. */
EMEND_INLINE void scan_columns(emend_scan_columns *c, size_t k, size_t n, const double *x, const double *weights, double *z,
                               lane_bits *holes) {
  size_t p = c->n_columns, stride = c->stride;
  lanes center = lanes_load(c->center + k), inverse = lanes_load(c->inverse + k), sum = lanes_load(c->sum + k),
        squares = lanes_load(c->squares + k), weight = lanes_load(c->weight + k), min = lanes_load(c->min + k),
        max = lanes_load(c->max + k);
  lane_bits valid, bit, count = *(const lane_bits *)(const void *)(c->count + k);
  for (size_t i = 0; i < EMEND_LANES; i++) {
    valid[i] = k + i < p ? -1 : 0;
    bit[i] = (int64_t)(UINT64_C(1) << (k + i) % 64);
  }
  for (size_t r = 0; r < n; r++) {
    lanes v = lanes_load(x + r * p + k), w = lanes_all(weights ? weights[r] : 1);
    lane_bits seen = (v == v) & valid;
    holes[r] |= ~seen & bit & valid;
    /* Adding 0 makes 0 of -0. */
    lanes y = either(seen, (v - center) * inverse + lanes_all(0), lanes_all(EMEND_MISSING_Z));
    lanes_store(z + r * stride + k, y);
    sum += w * y;
    squares += w * y * y;
    seen &= w > 0;
    if (weights)
      weight += (lanes)((lane_bits)w & seen);
    count -= seen;
    min = either(seen & (v < min), v, min);
    max = either(seen & (v > max), v, max);
  }
  lanes_store(c->sum + k, sum), lanes_store(c->squares + k, squares), lanes_store(c->min + k, min),
      lanes_store(c->max + k, max);
  lanes_store(c->weight + k, weight);
  *(lane_bits *)(void *)(c->count + k) = count;
}

static void rows(emend_scan_columns *columns, size_t n, const double *x, const double *weights, double *z, uint64_t *masks, size_t words,
                 int64_t *scratch) {
  lane_bits *holes = (lane_bits *)(void *)scratch;
  for (size_t word = 0; word < words; word++) {
    size_t end = 64 * (word + 1) < columns->stride ? 64 * (word + 1) : columns->stride;
    for (size_t r = 0; r < n; r++)
      holes[r] = (lane_bits){0};
    for (size_t k = 64 * word; k < end; k += EMEND_LANES) {
      if (weights)
        scan_columns(columns, k, n, x, weights, z, holes);
      else
        scan_columns(columns, k, n, x, NULL, z, holes);
    }
    for (size_t r = 0; r < n; r++) {
      int64_t mask = 0;
      for (size_t i = 0; i < EMEND_LANES; i++)
        mask |= holes[r][i];
      masks[r * words + word] = (uint64_t)mask;
    }
  }
}

static void standardise(size_t stride, double c, const double *mean, const double *inverse, const double *from, double *to) {
  lane_bits missing = (lane_bits)lanes_all(EMEND_MISSING_Z);
  for (size_t k = 0; k < stride; k += EMEND_LANES) {
    lanes z = lanes_load(from + k), y = (z - c * lanes_load(mean + k)) * lanes_load(inverse + k);
    lanes_store(to + k, either((lane_bits)z == missing, z, y));
  }
}

/* I rows and J vectors of the product from (i, k): they stay in registers while the rows pass by. */
EMEND_INLINE void add_tile(const size_t I, const size_t J, size_t i, size_t k, size_t n, size_t stride, const double *restrict rows,
                           double *restrict products) {
  lanes total[4][2];
  EMEND_UNROLL for (size_t a = 0; a < I; a++)
    EMEND_UNROLL for (size_t b = 0; b < J; b++)
      total[a][b] = lanes_load(products + (i + a) * stride + k + b * EMEND_LANES);
  for (size_t r = 0; r < n; r++) {
    const double *row = rows + r * stride;
    EMEND_UNROLL for (size_t b = 0; b < J; b++) {
      lanes v = lanes_load(row + k + b * EMEND_LANES);
      EMEND_UNROLL for (size_t a = 0; a < I; a++)
        total[a][b] += row[i + a] * v;
    }
  }
  EMEND_UNROLL for (size_t a = 0; a < I; a++)
    EMEND_UNROLL for (size_t b = 0; b < J; b++)
      lanes_store(products + (i + a) * stride + k + b * EMEND_LANES, total[a][b]);
}

EMEND_INLINE void add_band(const size_t I, size_t i, size_t n, size_t stride, const double *restrict rows, double *restrict products) {
  size_t k = 0, last = i + I - 1;
  for (; k + EMEND_LANES <= last; k += 2 * EMEND_LANES)
    add_tile(I, 2, i, k, n, stride, rows, products);
  if (k <= last)
    add_tile(I, 1, i, k, n, stride, rows, products);
}

static void add_products(size_t n, size_t k, size_t stride, const double *rows, double *products) {
  size_t i = 0;
  for (; i + 4 <= k; i += 4)
    add_band(4, i, n, stride, rows, products);
  for (; i < k; i++)
    add_band(1, i, n, stride, rows, products);
}

const emend_scan EMEND_PASTE(emend_scan_, EMEND_LEVEL) = {rows, standardise, add_products};
