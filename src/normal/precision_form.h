/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_PRECISION_FORM_H
#define NORMAL_PRECISION_FORM_H

/*
 * The precision form of the E-step. Part of kernel.c, which is compiled once per level.
 *
 * Groups pass in batches, through four stages: minus the inverses of K_MM, side by side; K_M times the rows; the expectations and their
 * products, side by side; the expectations times the rows. Of matrices that exceed the caches the second and the fourth stage take some
 * columns after the other for a whole batch, so that those columns stay near.
 */
#include "normal/inverse.h"

enum {
  BATCH_ROWS = 32,      /* of each lane */
  BATCH_ENTRIES = 1024, /* of inverses */
  NEAR = 3072,          /* entries of a matrix that fits the first cache: then a batch is a group */
  FAR = 24576,          /* entries that fit the second */
  LEAST_TILE = 32,
};

/* sums[a] (R each) = row `columns[a S]` of the matrix times R rows: A rows of it at a time, W columns. Here and below S is L where lanes
 * stand side by side, or 1. */
EMEND_INLINE void multiply_few(const size_t W, const size_t R, const size_t A, const size_t S, const uint32_t *columns, size_t stride,
                               const double *matrix, const double *rows, double *sums) {
  lanes total[16];
  EMEND_UNROLL for (size_t i = 0; i < (A * R + 3) / 4 * 4; i++)
    total[i] = (lanes){0};
  EMEND_UNROLL for (size_t k = 0; k < W; k += L) {
    lanes x[4];
    EMEND_UNROLL for (size_t r = 0; r < R; r++)
      x[r] = lanes_load(rows + r * stride + k);
    EMEND_UNROLL for (size_t a = 0; a < A; a++) {
      lanes m = lanes_load(matrix + (size_t)columns[a * S] * stride + k);
      EMEND_UNROLL for (size_t r = 0; r < R; r++)
        total[a * R + r] += m * x[r];
    }
  }
  EMEND_UNROLL for (size_t i = 0; i < A * R; i += 4)
    lanes_sums(A * R - i == 1 ? 1 : 4, total + i, sums + i);
}

/* Stage two for R rows of one lane: W columns of the missing variables' rows of the matrix times the rows, added to sums (R x m, S apart).
 */
EMEND_INLINE void multiply(const size_t W, const size_t R, const size_t S, size_t m, const uint32_t *columns, size_t stride,
                           const double *matrix, const double *rows, double *sums) {
  const size_t A = R == 1 ? 4 : 2;
  double some[16];
  size_t a = 0;
  for (; a + A <= m; a += A) {
    multiply_few(W, R, A, S, columns + a * S, stride, matrix, rows, some);
    EMEND_UNROLL for (size_t i = 0; i < A; i++)
      EMEND_UNROLL for (size_t r = 0; r < R; r++)
        sums[(r * m + a + i) * S] += some[i * R + r];
  }
  for (; a < m; a++) {
    multiply_few(W, R, 1, S, columns + a * S, stride, matrix, rows, some);
    EMEND_UNROLL for (size_t r = 0; r < R; r++)
      sums[(r * m + a) * S] += some[r];
  }
}

/* Stage four for R rows of one lane: the missing variables' rows of the products += expectations (R x m, S apart) times the rows. */
EMEND_INLINE void update(const size_t W, const size_t R, const size_t S, size_t m, const uint32_t *columns, size_t stride, double factor,
                         const double *restrict rows, const double *restrict expected, double *restrict products) {
  for (size_t a = 0; a < m; a++) {
    double *u = products + (size_t)columns[a * S] * stride;
    lanes e[4];
    EMEND_UNROLL for (size_t r = 0; r < R; r++)
      e[r] = lanes_all(factor * expected[(r * m + a) * S]);
    EMEND_UNROLL for (size_t k = 0; k < W; k += L) {
      lanes v = lanes_load(u + k);
      EMEND_UNROLL for (size_t r = 0; r < R; r++)
        v += e[r] * lanes_load(rows + r * stride + k);
      lanes_store(u + k, v);
    }
  }
}

/* A batch: some groups of one size with all their rows, or some rows of one group. */
typedef struct batch {
  const emend_group *groups;
  size_t n_groups, first_row, n_rows; /* rows: the most of a lane, from first_row on, of all groups together */
  bool begins, ends;                  /* its group: for the first or the last time */
} batch;

static size_t rows_of(const batch *b, const emend_group *g, size_t l) {
  size_t n = g->n_rows[l] > b->first_row ? g->n_rows[l] - b->first_row : 0;
  return b->n_groups > 1 || n < BATCH_ROWS ? n : (size_t)BATCH_ROWS;
}

static size_t most_rows_of(const batch *b, const emend_group *g) { return b->n_groups > 1 ? g->most_rows : b->n_rows; }

#define EACH_R(n, CALL) \
  size_t r = 0; \
  for (; r + 4 <= (n); r += 4) \
    CALL(4); \
  for (; r + 2 <= (n); r += 2) \
    CALL(2); \
  if (r < (n)) \
    CALL(1)

EMEND_INLINE void multiply_batch(const size_t W, size_t m, const batch *b, size_t stride, size_t k, const double *matrix, double *sums) {
  for (size_t q = 0; q < b->n_groups; q++) {
    const emend_group *g = &b->groups[q];
    for (size_t l = 0; l < g->n_patterns; l++) {
      const double *rows = g->rows[l] + b->first_row * stride + k;
#define MULTIPLY(R) multiply(W, R, L, m, g->columns + l, stride, matrix + k, rows + r * stride, sums + r * m * L + l)
      EACH_R(rows_of(b, g, l), MULTIPLY);
#undef MULTIPLY
    }
    sums += most_rows_of(b, g) * m * L;
  }
}

EMEND_INLINE void update_batch(const size_t W, size_t m, const batch *b, size_t stride, size_t k, double factor, const double *expected,
                               double *products) {
  for (size_t q = 0; q < b->n_groups; q++) {
    const emend_group *g = &b->groups[q];
    for (size_t l = 0; l < g->n_patterns; l++) {
      const double *rows = g->rows[l] + b->first_row * stride + k;
#define UPDATE(R) update(W, R, L, m, g->columns + l, stride, factor, rows + r * stride, expected + r * m * L + l, products + k)
      EACH_R(rows_of(b, g, l), UPDATE);
#undef UPDATE
    }
    expected += most_rows_of(b, g) * m * L;
  }
}

/* Columns at a time: all that lie near, in a few cases in loops that the compiler unrolls. */
static size_t tile_of(size_t p, size_t stride) {
  size_t tile = FAR / p / 8 * 8;
  return tile < LEAST_TILE ? (size_t)LEAST_TILE : tile < stride ? tile : stride;
}

static void multiply_tiles(size_t m, const batch *b, size_t p, size_t stride, const double *matrix, double *sums) {
  if (stride == 16)
    multiply_batch(16, m, b, stride, 0, matrix, sums);
  else if (stride == 24)
    multiply_batch(24, m, b, stride, 0, matrix, sums);
  else
    for (size_t k = 0, tile = tile_of(p, stride); k < stride; k += tile)
      multiply_batch(stride - k < tile ? stride - k : tile, m, b, stride, k, matrix, sums);
}

static void update_tiles(size_t m, const batch *b, size_t p, size_t stride, double factor, const double *expected, double *products) {
  if (stride == 16)
    update_batch(16, m, b, stride, 0, factor, expected, products);
  else if (stride == 24)
    update_batch(24, m, b, stride, 0, factor, expected, products);
  else
    for (size_t k = 0, tile = tile_of(p, stride); k < stride; k += tile)
      update_batch(stride - k < tile ? stride - k : tile, m, b, stride, k, factor, expected, products);
}

/* What the missing variables of the lanes have among themselves (m x m vectors, lower triangles) to the products. U + U' counts the
 * diagonal twice. */
EMEND_INLINE void scatter_pairs(const size_t m, const emend_group *g, size_t stride, const lanes *pairs, double *products) {
  for (size_t a = 0; a < m; a++) {
    double *u[L];
    for (size_t l = 0; l < L; l++)
      u[l] = products + (size_t)g->columns[a * L + l] * stride;
    for (size_t b = 0; b < a; b++)
      scatter(g, pairs[a * m + b], u, g->columns + b * L);
    scatter(g, 0.5 * pairs[a * m + a], u, g->columns + a * L);
  }
}

/* One row of each lane: the sums become expectations, and their products are added to the pairs. */
EMEND_INLINE void expect_row(const size_t m, const lanes *inverse, double factor, double *sums, lanes *expected, lanes *pairs) {
  for (size_t a = 0; a < m; a++) {
    lanes total = {0};
    for (size_t b = 0; b <= a; b++)
      total += inverse[a * m + b] * lanes_load(sums + b * L);
    for (size_t b = a + 1; b < m; b++)
      total += inverse[b * m + a] * lanes_load(sums + b * L);
    expected[a] = total;
  }
  for (size_t a = 0; a < m; a++) {
    lanes scaled = factor * expected[a];
    lanes_store(sums + a * L, expected[a]);
    for (size_t b = 0; b <= a; b++)
      pairs[a * m + b] += scaled * expected[b];
  }
}

/* Stage three for a group: n rows of each lane. */
EMEND_INLINE void expect_group(const size_t m, const batch *b, const emend_group *g, size_t stride, const lanes *inverse, double factor,
                               double *sums, lanes *expected, lanes *pairs, double *products) {
  lanes weight = group_weight(g);
  for (size_t i = 0; i < m && b->begins; i++)
    for (size_t j = 0; j <= i; j++)
      pairs[i * m + j] = -weight * inverse[i * m + j];
  for (size_t r = 0, n = most_rows_of(b, g); r < n; r++)
    expect_row(m, inverse, factor, sums + r * m * L, expected, pairs);
  if (b->ends)
    scatter_pairs(m, g, stride, pairs, products);
}

/* With a constant m what is small stays in registers or on the stack. */
EMEND_INLINE void expect_few(const size_t m, const batch *b, size_t stride, const lanes *inverse, double factor, double *sums, lanes *pairs,
                             double *products) {
  lanes expected[SWEEP_BLOCK], own[SWEEP_BLOCK * SWEEP_BLOCK];
  for (size_t q = 0; q < b->n_groups; q++, inverse += m * m) {
    const emend_group *g = &b->groups[q];
    if (b->begins && b->ends) {
      expect_group(m, b, g, stride, inverse, factor, sums, expected, own, products);
      sums += most_rows_of(b, g) * m * L;
    } else {
      expect_group(m, b, g, stride, inverse, factor, sums, expected, pairs, products);
    }
  }
}

EMEND_INLINE void invert_batch(const size_t m, const batch *b, size_t stride, const double *precision, lanes *inverse, log_sum *logarithm) {
  for (size_t q = 0; q < b->n_groups; q++)
    invert_few(m, &b->groups[q], stride, precision, inverse + q * m * m, logarithm);
}

/* Scratch of the precision form. */
typedef struct precision_room {
  lanes *inverse, *pairs, *expected, *spare;
  double *sums;
} precision_room;

static size_t most_groups(size_t m) {
  size_t n = BATCH_ENTRIES / (m * m);
  return n < 1 ? 1 : n < BATCH_ROWS ? n : (size_t)BATCH_ROWS;
}

static precision_room lay_precision(size_t m, double *scratch) {
  double *next = scratch;
  precision_room room;
  room.inverse = (lanes *)(void *)lay(&next, most_groups(m) * m * m * L);
  room.pairs = (lanes *)(void *)lay(&next, m * m * L);
  room.expected = (lanes *)(void *)lay(&next, m * L);
  room.sums = lay(&next, BATCH_ROWS * m * L);
  room.spare = (lanes *)(void *)next;
  return room;
}

static void take_batch(size_t m, const batch *b, size_t p, size_t stride, const double *precision, double factor, double *products,
                       const precision_room *room, log_sum *logarithm) {
#define INVERT(m) invert_batch(m, b, stride, precision, room->inverse, logarithm)
  if (b->begins)
    switch (m) {
      EMEND_SIZES(INVERT)
    default:
      for (size_t q = 0; q < b->n_groups; q++)
        invert_lanes(&b->groups[q], stride, precision, room->inverse + q * m * m, room->spare, logarithm);
    }
#undef INVERT
  memset(room->sums, 0, b->n_rows * m * L * sizeof *room->sums);
  multiply_tiles(m, b, p, stride, precision, room->sums);
#define EXPECT(m) expect_few(m, b, stride, room->inverse, factor, room->sums, room->pairs, products)
  switch (m) {
    EMEND_SIZES(EXPECT)
  default:
    for (size_t q = 0, at = 0; q < b->n_groups; at += most_rows_of(b, &b->groups[q]) * m * L, q++)
      expect_group(m, b, &b->groups[q], stride, room->inverse + q * m * m, factor, room->sums + at, room->expected, room->pairs, products);
  }
#undef EXPECT
  update_tiles(m, b, p, stride, factor, room->sums, products);
}

/* All stages for R rows of a large pattern; `sums` and `expected` hold 4 rows of wide(m). */
EMEND_INLINE void take_rows(const size_t R, const emend_group *g, const double *rows, size_t stride, const double *precision,
                            const double *inverse, double factor, double *products, double *pairs, double *sums, double *expected) {
  size_t m = g->size, apart = wide(m);
  memset(expected, 0, R * m * sizeof *expected);
  multiply(stride, R, 1, m, g->columns, stride, precision, rows, expected);
  EMEND_UNROLL for (size_t r = 0; r < R; r++)
    memcpy(sums + r * apart, expected + r * m, m * sizeof *sums);
  multiply_alone(R, m, inverse, sums, expected);
  add_pairs_alone(R, m, factor, expected, pairs);
  EMEND_UNROLL for (size_t r = 1; r < R; r++)
    memmove(expected + r * m, expected + r * apart, m * sizeof *expected);
  update(stride, R, 1, m, g->columns, stride, factor, rows, expected, products);
}

/* A large pattern by itself. */
static double take_alone(const emend_group *g, size_t stride, const double *precision, double factor, double *products, double *scratch) {
  size_t m = g->size, apart = wide(m);
  double *next = scratch, *inverse = lay(&next, tall(m) * apart), *pairs = lay(&next, tall(m) * apart), *sums = lay(&next, 4 * apart),
         *expected = lay(&next, 4 * apart);
  double logarithm = invert_alone(g->columns, m, stride, precision, inverse, next);
  if (isnan(logarithm))
    return logarithm;
  for (size_t i = 0; i < m * apart; i++)
    pairs[i] = -g->weight[0] * inverse[i];
#define TAKE(R) take_rows(R, g, g->rows[0] + r * stride, stride, precision, inverse, factor, products, pairs, sums, expected)
  EACH_R(g->n_rows[0], TAKE);
#undef TAKE
  for (size_t a = 0; a < m; a++) {
    double *u = products + (size_t)g->columns[a] * stride;
    for (size_t b = 0; b < a; b++)
      u[g->columns[b]] += pairs[a * apart + b];
    u[g->columns[a]] += 0.5 * pairs[a * apart + a];
  }
  return g->weight[0] * logarithm;
}

/* How many groups from `groups` on, of equal size, make a batch. */
static size_t batch_length(const emend_group *groups, size_t n, size_t stride, size_t p) {
  size_t m = groups->size, rows = groups->most_rows, count = 1, most = p * stride <= NEAR ? 1 : most_groups(m);
  while (count < n && count < most && groups[count].size == m && rows + groups[count].most_rows <= BATCH_ROWS)
    rows += groups[count++].most_rows;
  return count;
}

/* A group of many rows passes in several batches. */
static void take_groups(const emend_group *groups, size_t n, size_t p, size_t stride, const double *precision, double factor,
                        double *products, const precision_room *room, log_sum *logarithm) {
  size_t rows = 0;
  for (size_t q = 0; q < n; q++)
    rows += groups[q].most_rows;
  for (size_t first = 0; first < rows || first == 0; first += BATCH_ROWS) {
    size_t left = rows - first;
    batch b = {groups, n, first, left < BATCH_ROWS ? left : (size_t)BATCH_ROWS, first == 0, left <= BATCH_ROWS};
    take_batch(groups->size, &b, p, stride, precision, factor, products, room, logarithm);
  }
}

static double precision_form(const emend_group *groups, size_t n, size_t p, size_t stride, const double *precision, double factor,
                             double *products, double *scratch) {
  log_sum logarithm = log_sum_new();
  double alone = 0;
  for (size_t q = 0, count; q < n; q += count) {
    count = 1;
    if (groups[q].n_lanes == 1) {
      alone += take_alone(&groups[q], stride, precision, factor, products, scratch);
      continue;
    }
    precision_room room = lay_precision(groups[q].size, scratch);
    count = batch_length(groups + q, n - q, stride, p);
    take_groups(groups + q, count, p, stride, precision, factor, products, &room, &logarithm);
  }
  return alone + log_sum_total(&logarithm);
}

#endif
