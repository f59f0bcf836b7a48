/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiled once per instruction set: see base/lanes.h. */
#include "normal/kernel.h"

#include <math.h>
#include <string.h>

#include "base/lanes.h"
#include "normal/lapack.h"
#include "normal/sweep.h"

enum { L = EMEND_LANES };

EMEND_INLINE int all(lane_bits good) {
  int64_t bits = -1;
  for (size_t i = 0; i < L; i++)
    bits &= good[i];
  return bits != 0;
}

/* Scratch of the precision form: the lanes' matrices and what sweeping needs, one pattern's inverse and its rows' products, and the expectations of
 * four rows. The score form has products of its own in place of the latter. */
static size_t round_up(size_t n) { return (n + EMEND_MOST_LANES - 1) / EMEND_MOST_LANES * EMEND_MOST_LANES; }

EMEND_INLINE double *lay(double **next, size_t n) {
  double *at = *next;
  *next += round_up(n);
  return at;
}

/* The lower triangles of the patterns' parts of a symmetric matrix, side by side. */
EMEND_INLINE void gather(const size_t n, const uint32_t *columns, size_t stride, const double *matrix, lanes *a) {
  for (size_t i = 0; i < n; i++) {
    const double *row[L];
    for (size_t l = 0; l < L; l++)
      row[l] = matrix + (size_t)columns[i * L + l] * stride;
    for (size_t j = 0; j <= i; j++) {
      lanes v;
      for (size_t l = 0; l < L; l++)
        v[l] = row[l][columns[j * L + l]];
      a[i * n + j] = v;
    }
  }
}

/* Gathers and inverts; with a constant n the compiler unrolls all of it. */
EMEND_INLINE void invert_few(const size_t n, const uint32_t *columns, size_t stride, const double *matrix, lanes *a, lanes *product, lane_bits *good) {
  lanes own[SWEEP_BLOCK * SWEEP_BLOCK];
  gather(n, columns, stride, matrix, own);
  sweep_few(n, n, own, product, good);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      a[i * n + j] = own[i * n + j];
}

/* Minus the inverses of the patterns' parts into `a` (n x n vectors, lower triangles). Returns the sum of weight log determinant, NaN if one is not
 * positive definite. */
static double invert_lanes(const emend_group *g, size_t stride, const double *matrix, lanes *a, lanes *spare) {
  size_t n = g->size;
  lanes product = lanes_all(1);
  lane_bits good = ~(lane_bits){0};
#define INVERT(n) invert_few(n, g->columns, stride, matrix, a, &product, &good)
  switch (n) {
    EMEND_SIZES(INVERT)
  default:
    gather(n, g->columns, stride, matrix, a);
    sweep(n, a, spare, &product, &good);
  }
#undef INVERT
  if (!all(good))
    return NAN;
  double sum = 0;
  for (size_t l = 0; l < g->n_patterns; l++)
    sum += g->weight[l] * log(product[l]);
  return sum;
}

/* Minus the inverse of one pattern's part (n x n, both triangles), by LAPACK. Returns log of the determinant, or NaN. */
static double invert_one(const uint32_t *columns, size_t n, size_t stride, const double *matrix, double *inverse) {
  int order = (int)n, info;
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      inverse[j * n + i] = matrix[(size_t)columns[i] * stride + columns[j]];
  dpotrf_("L", &order, inverse, &order, &info);
  if (info != 0)
    return NAN;
  for (size_t i = 0; i < n; i++)
    sum += 2 * log(inverse[i * n + i]);
  dpotri_("L", &order, inverse, &order, &info);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      inverse[i * n + j] = inverse[j * n + i] = -inverse[j * n + i];
  return info == 0 ? sum : NAN;
}

/* sums[a] (R each) = row `columns[a]` of the matrix times R rows: A rows of it at a time, whose sums stay in registers. */
EMEND_INLINE void multiply_few(const size_t R, const size_t A, const uint32_t *columns, size_t stride, const double *matrix, const double *rows,
                               double *sums) {
  lanes total[16];
  EMEND_UNROLL for (size_t i = 0; i < A * R; i++)
    total[i] = (lanes){0};
  for (size_t k = 0; k < stride; k += L) {
    lanes x[4];
    EMEND_UNROLL for (size_t r = 0; r < R; r++)
      x[r] = lanes_load(rows + r * stride + k);
    EMEND_UNROLL for (size_t a = 0; a < A; a++) {
      lanes m = lanes_load(matrix + (size_t)columns[a] * stride + k);
      EMEND_UNROLL for (size_t r = 0; r < R; r++)
        total[a * R + r] += m * x[r];
    }
  }
  EMEND_UNROLL for (size_t i = 0; i < A * R; i += 4)
    lanes_sums(A * R - i < 4 ? A * R - i : 4, total + i, sums + i);
}

/* The missing columns' rows of a matrix times R rows, into sums (m x R). */
EMEND_INLINE void multiply(const size_t R, const size_t m, const uint32_t *missing, size_t stride, const double *matrix, const double *rows, double *sums) {
  const size_t A = R == 4 ? 2 : 4;
  size_t a = 0;
  for (; a + A <= m; a += A)
    multiply_few(R, A, missing + a, stride, matrix, rows, sums + a * R);
  for (; a < m; a++)
    multiply_few(R, 1, missing + a, stride, matrix, rows, sums + a * R);
}

/* expected (m x R) = inverse (symmetric, m x m) times sums. */
EMEND_INLINE void solve(const size_t R, const size_t m, const double *restrict inverse, const double *restrict sums, double *restrict expected) {
  if (R == 1) { /* by its rows, side by side */
    for (size_t a = 0; a < m; a++)
      expected[a] = 0;
    for (size_t b = 0; b < m; b++)
      for (size_t a = 0; a < m; a++)
        expected[a] += inverse[b * m + a] * sums[b];
    return;
  }
  for (size_t a = 0; a < m; a++) {
    double total[4] = {0};
    for (size_t b = 0; b < m; b++)
      EMEND_UNROLL for (size_t r = 0; r < R; r++)
        total[r] += inverse[a * m + b] * sums[b * R + r];
    EMEND_UNROLL for (size_t r = 0; r < R; r++)
      expected[a * R + r] = total[r];
  }
}

/* products[missing] += expectations times rows; and what the missing columns have among themselves to `pairs` (m x m, lower). */
EMEND_INLINE void update(const size_t R, const size_t m, const uint32_t *missing, size_t stride, double factor, const double *restrict rows,
                         const double *restrict expected, double *restrict products, double *restrict pairs) {
  for (size_t a = 0; a < m; a++) {
    double *u = products + (size_t)missing[a] * stride;
    lanes e[4];
    EMEND_UNROLL for (size_t r = 0; r < R; r++)
      e[r] = lanes_all(factor * expected[a * R + r]);
    for (size_t k = 0; k < stride; k += L) {
      lanes v = lanes_load(u + k);
      EMEND_UNROLL for (size_t r = 0; r < R; r++)
        v += e[r] * lanes_load(rows + r * stride + k);
      lanes_store(u + k, v);
    }
    for (size_t b = 0; b <= a; b++) {
      double x = 0;
      EMEND_UNROLL for (size_t r = 0; r < R; r++)
        x += expected[a * R + r] * expected[b * R + r];
      pairs[a * m + b] += factor * x;
    }
  }
}

EMEND_INLINE void take_rows(const size_t R, const size_t m, const uint32_t *missing, size_t stride, const double *precision, const double *inverse,
                            double factor, const double *rows, double *products, double *pairs, double *work) {
  multiply(R, m, missing, stride, precision, rows, work);
  solve(R, m, inverse, work, work + R * m);
  update(R, m, missing, stride, factor, rows, work + R * m, products, pairs);
}

/* All rows of one pattern, and its conditional covariance, which `pairs` holds to begin with. */
EMEND_INLINE void take_pattern(const size_t m, const uint32_t *missing, size_t stride, const double *precision, const double *inverse, double factor,
                               size_t n, const double *rows, double *products, double *pairs, double *work) {
  size_t r = 0;
  for (; r + 4 <= n; r += 4)
    take_rows(4, m, missing, stride, precision, inverse, factor, rows + r * stride, products, pairs, work);
  for (; r + 2 <= n; r += 2)
    take_rows(2, m, missing, stride, precision, inverse, factor, rows + r * stride, products, pairs, work);
  if (r < n)
    take_rows(1, m, missing, stride, precision, inverse, factor, rows + r * stride, products, pairs, work);
  for (size_t a = 0; a < m; a++) {
    double *u = products + (size_t)missing[a] * stride;
    for (size_t b = 0; b < a; b++)
      u[missing[b]] += pairs[a * m + b];
    u[missing[a]] += 0.5 * pairs[a * m + a]; /* U + U' counts it twice */
  }
}

/* The pattern in lane l, whose minus inverse lies in that lane of `a`. */
EMEND_INLINE void take_lane(const size_t m, const emend_group *g, size_t l, size_t stride, const double *precision, const lanes *a, double factor,
                            double *products, double *inverse, double *pairs, double *work, uint32_t *missing) {
  const double *entry = (const double *)(const void *)a + l;
  for (size_t i = 0; i < m; i++) {
    missing[i] = g->columns[i * L + l];
    for (size_t j = 0; j <= i; j++) {
      double x = entry[(i * m + j) * L];
      inverse[i * m + j] = inverse[j * m + i] = x;
      pairs[i * m + j] = -g->weight[l] * x;
    }
  }
  take_pattern(m, missing, stride, precision, inverse, factor, g->n_rows[l], g->rows[l], products, pairs, work);
}

/* With a constant m everything small is unrolled, and stays on the stack. */
EMEND_INLINE void take_few(const size_t m, const emend_group *g, size_t stride, const double *precision, const lanes *a, double factor, double *products) {
  double inverse[SWEEP_BLOCK * SWEEP_BLOCK], pairs[SWEEP_BLOCK * SWEEP_BLOCK], work[8 * SWEEP_BLOCK];
  uint32_t missing[SWEEP_BLOCK];
  for (size_t l = 0; l < g->n_patterns; l++)
    take_lane(m, g, l, stride, precision, a, factor, products, inverse, pairs, work, missing);
}

static double precision_form(const emend_group *g, size_t stride, const double *precision, double factor, double *products, double *scratch) {
  size_t m = g->size;
  double *next = scratch, *inverse = lay(&next, m * m), *pairs = lay(&next, m * m), *work = lay(&next, 8 * m);
  if (g->n_lanes == 1) {
    double logarithm = invert_one(g->columns, m, stride, precision, inverse);
    for (size_t i = 0; i < m * m; i++)
      pairs[i] = -g->weight[0] * inverse[i];
    take_pattern(m, g->columns, stride, precision, inverse, factor, g->n_rows[0], g->rows[0], products, pairs, work);
    return g->weight[0] * logarithm;
  }
  uint32_t missing[EMEND_MOST_SIDE_BY_SIDE];
  lanes *a = (lanes *)(void *)lay(&next, m * m * L), *spare = (lanes *)(void *)next;
  double sum = invert_lanes(g, stride, precision, a, spare);
#define TAKE(m) take_few(m, g, stride, precision, a, factor, products)
  switch (m) {
    EMEND_SIZES(TAKE)
  default:
    for (size_t l = 0; l < g->n_patterns; l++)
      take_lane(m, g, l, stride, precision, a, factor, products, inverse, pairs, work, missing);
  }
#undef TAKE
  return sum;
}

/* The score form of one row in each lane: u = minus inverse times d, d = x - c mean, then its products. Returns -d'u. */
EMEND_INLINE lanes score_row(const size_t o, const double *entries, const lanes *mean, const lanes *inverse, lanes *d, lanes *u, lanes *products) {
  const lanes *x = (const lanes *)(const void *)entries;
  lanes c = x[o];
  for (size_t i = 0; i < o; i++)
    d[i] = x[i] - c * mean[i];
  for (size_t i = 0; i < o; i++) {
    lanes total = {0};
    for (size_t j = 0; j <= i; j++)
      total += inverse[i * o + j] * d[j];
    for (size_t j = i + 1; j < o; j++)
      total += inverse[j * o + i] * d[j];
    u[i] = total;
  }
  for (size_t i = 0; i < o; i++)
    for (size_t j = 0; j <= i; j++)
      products[i * o + j] += u[i] * u[j];
  lanes quadratic = {0};
  for (size_t i = 0; i < o; i++) {
    products[o * o + i] -= c * u[i];
    quadratic -= d[i] * u[i];
  }
  return quadratic;
}

EMEND_INLINE void scatter_scores(const emend_group *g, size_t stride, size_t p, double factor, const lanes *inverse, const lanes *own, double *products) {
  size_t o = g->size;
  lanes weight;
  for (size_t l = 0; l < L; l++)
    weight[l] = g->weight[l];
  for (size_t i = 0; i < o; i++) {
    for (size_t j = 0; j <= i; j++) {
      lanes v = factor * own[i * o + j] + weight * inverse[i * o + j];
      for (size_t l = 0; l < g->n_patterns; l++)
        products[(size_t)g->columns[i * L + l] * stride + g->columns[j * L + l]] += v[l];
    }
    lanes v = factor * own[o * o + i];
    for (size_t l = 0; l < g->n_patterns; l++)
      products[(size_t)g->columns[i * L + l] * stride + p] += v[l];
  }
}

EMEND_INLINE double score_few(const size_t o, const emend_group *g, size_t p, const double *covariance, const double *mean, double factor, size_t stride,
                              double *products, double *scratch) {
  double *next = scratch;
  lanes *inverse = (lanes *)(void *)lay(&next, o * o * L), *own = (lanes *)(void *)lay(&next, (o * o + o) * L),
        *means = (lanes *)(void *)lay(&next, o * L), *d = (lanes *)(void *)lay(&next, o * L), *u = (lanes *)(void *)lay(&next, o * L);
  double sum = invert_lanes(g, p, covariance, inverse, (lanes *)(void *)next);
  if (isnan(sum))
    return sum;
  for (size_t i = 0; i < o; i++)
    for (size_t l = 0; l < L; l++)
      means[i][l] = mean[g->columns[i * L + l]];
  for (size_t i = 0; i < o * o + o; i++)
    own[i] = (lanes){0};
  lanes quadratic = {0};
  for (size_t r = 0; r < g->most_rows; r++)
    quadratic += score_row(o, g->entries + r * (o + 1) * L, means, inverse, d, u, own);
  scatter_scores(g, stride, p, factor, inverse, own, products);
  return sum + factor * lanes_sum(quadratic);
}

/* One large pattern: its rows' entries lie one after the other. */
static double score_one(const emend_group *g, size_t p, const double *covariance, const double *mean, double factor, size_t stride, double *products,
                        double *scratch) {
  size_t o = g->size;
  int order = (int)o, one = 1;
  double unit = 1, zero = 0, *next = scratch, *inverse = lay(&next, o * o), *own = lay(&next, o * o), *sums = lay(&next, o), *d = lay(&next, o), *u = lay(&next, o);
  double logarithm = invert_one(g->columns, o, p, covariance, inverse);
  if (isnan(logarithm))
    return logarithm;
  memset(own, 0, o * o * sizeof *own);
  memset(sums, 0, o * sizeof *sums);
  double quadratic = 0;
  for (size_t r = 0; r < g->most_rows; r++) {
    const double *x = g->entries + r * (o + 1);
    for (size_t i = 0; i < o; i++)
      d[i] = x[i] - x[o] * mean[g->columns[i]];
    dsymv_("L", &order, &unit, inverse, &order, d, &one, &zero, u, &one);
    dsyr_("U", &order, &unit, u, &one, own, &order); /* of columns: the lower triangle of rows */
    for (size_t i = 0; i < o; i++) {
      sums[i] -= x[o] * u[i];
      quadratic -= d[i] * u[i];
    }
  }
  for (size_t i = 0; i < o; i++) {
    double *to = products + (size_t)g->columns[i] * stride;
    for (size_t j = 0; j <= i; j++)
      to[g->columns[j]] += factor * own[i * o + j] + g->weight[0] * inverse[i * o + j];
    to[p] += factor * sums[i];
  }
  return g->weight[0] * logarithm + factor * quadratic;
}

static double score_form(const emend_group *g, size_t p, const double *covariance, const double *mean, double factor, size_t stride, double *products,
                         double *scratch) {
  if (g->n_lanes == 1)
    return score_one(g, p, covariance, mean, factor, stride, products, scratch);
#define SCORE(o) return score_few(o, g, p, covariance, mean, factor, stride, products, scratch)
  switch (g->size) { /* with a constant size the loops over rows are unrolled */
    EMEND_SIZES(SCORE)
  default: SCORE(g->size);
  }
#undef SCORE
}

static int condition(const uint32_t *missing, size_t m, size_t stride, const double *precision, double *inverse, double *scratch) {
  if (m > EMEND_MOST_SIDE_BY_SIDE)
    return !isnan(invert_one(missing, m, stride, precision, inverse));
  uint32_t columns[EMEND_MOST_SIDE_BY_SIDE * L];
  for (size_t i = 0; i < m; i++)
    for (size_t l = 0; l < L; l++)
      columns[i * L + l] = missing[i];
  double *next = scratch;
  lanes *a = (lanes *)(void *)lay(&next, m * m * L);
  emend_group alone = {.size = m, .n_patterns = 1, .n_lanes = L, .columns = columns, .weight = {1}};
  if (isnan(invert_lanes(&alone, stride, precision, a, (lanes *)(void *)next)))
    return 0;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j <= i; j++)
      inverse[i * m + j] = inverse[j * m + i] = a[i * m + j][0];
  return 1;
}

static void expect(const uint32_t *missing, size_t m, size_t stride, const double *precision, const double *inverse, size_t n, const double *rows,
                   double *expected, double *work) {
  for (size_t r = 0; r < n; r++) {
    multiply(1, m, missing, stride, precision, rows + r * stride, work);
    solve(1, m, inverse, work, expected + r * m);
  }
}

static void regress(const uint32_t *missing, size_t m, const uint32_t *observed, size_t o, size_t stride, const double *covariance, const double *inverse,
                    size_t n, const double *rows, double *expected, double *work) {
  double *u = work, *whole = work + o;
  for (size_t r = 0; r < n; r++) {
    const double *x = rows + r * stride;
    memset(work, 0, (o + stride) * sizeof *work);
    for (size_t i = 0; i < o; i++)
      for (size_t j = 0; j < o; j++)
        u[j] -= inverse[i * o + j] * x[observed[i]];
    for (size_t i = 0; i < o; i++)
      whole[observed[i]] = u[i];
    for (size_t a = 0; a < m; a++)
      multiply_few(1, 1, missing + a, stride, covariance, whole, expected + r * m + a);
  }
}

const emend_kernels EMEND_PASTE(emend_kernels_, EMEND_LEVEL) = {L, precision_form, score_form, condition, expect, regress};
