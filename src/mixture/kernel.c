/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiled once per instruction set: EMEND_LEVEL is its name, EMEND_LANES the doubles of its vectors. */
#include "mixture/kernel.h"

#include <math.h>
#include <string.h>

#include "base/lanes.h"
#include "base/exp_log.h"

#define QUOTE_(a) #a
#define QUOTE(a) QUOTE_(a)

enum { BLOCK = EMEND_MIXTURE_BLOCK, LANES = EMEND_LANES, PIVOTS_PER_LOGARITHM = 8 };

/* Pivots multiply up for one logarithm; never so many that the product leaves the range of numbers. */
static void take_logarithms(lanes *product, double *sums) {
  for (int i = 0; i < LANES; i++)
    sums[i] += log((*product)[i]);
  *product = (lanes){0} + 1;
}

/* One pivot of LANES components: its reciprocal square root. False unless all are positive. */
EMEND_INLINE bool take_pivot(lanes pivot, double *reciprocal, lanes *product) {
  bool positive = true;
  for (int i = 0; i < LANES; i++) {
    positive = positive && pivot[i] > 0;
    reciprocal[i] = 1 / sqrt(pivot[i]);
  }
  *product *= pivot;
  return positive;
}

/* The lower Cholesky factors of the observed part for the components [k, k + LANES). */
static bool factorise_lanes(const emend_mixture_shape *shape, size_t o, const uint32_t *columns, size_t k, double *factor, double *logs) {
  size_t p = shape->p, padded = shape->padded;
  lanes product = (lanes){0} + 1;
  for (int i = 0; i < LANES; i++)
    logs[i] = 0;
  for (size_t a = 0; a < o; a++) {
    double *row = factor + a * o * padded + k;
    const double *source = shape->covariance + (size_t)columns[a] * p * padded + k;
    for (size_t b = 0; b <= a; b++) {
      const double *other = factor + b * o * padded + k;
      lanes x = lanes_load(source + (size_t)columns[b] * padded);
      for (size_t c = 0; c < b; c++)
        x -= lanes_load(row + c * padded) * lanes_load(other + c * padded);
      if (b < a)
        lanes_store(row + b * padded, x * lanes_load(other + b * padded));
      else if (!take_pivot(x, row + a * padded, &product))
        return false;
    }
    if (a % PIVOTS_PER_LOGARITHM == PIVOTS_PER_LOGARITHM - 1 || a + 1 == o)
      take_logarithms(&product, logs);
  }
  return true;
}

/* The same for diagonal covariances: o reciprocals. */
static bool factorise_diagonal(const emend_mixture_shape *shape, size_t o, const uint32_t *columns, size_t k, double *factor,
                               double *logs) {
  size_t padded = shape->padded;
  lanes product = (lanes){0} + 1;
  for (int i = 0; i < LANES; i++)
    logs[i] = 0;
  for (size_t a = 0; a < o; a++) {
    if (!take_pivot(lanes_load(shape->covariance + (size_t)columns[a] * padded + k), factor + a * padded + k, &product))
      return false;
    if (a % PIVOTS_PER_LOGARITHM == PIVOTS_PER_LOGARITHM - 1 || a + 1 == o)
      take_logarithms(&product, logs);
  }
  return true;
}

/* In place: the inverse of the lower factors of components [k, k + LANES). */
static void invert_factors(size_t o, size_t padded, double *factor) {
  for (size_t a = 0; a < o; a++) {
    double *row = factor + a * o * padded;
    lanes reciprocal = lanes_load(row + a * padded);
    for (size_t b = 0; b < a; b++) { /* entries c > b of the row are still the factor's */
      lanes x = {0};
      for (size_t c = b; c < a; c++)
        x -= lanes_load(row + c * padded) * lanes_load(factor + (c * o + b) * padded);
      lanes_store(row + b * padded, x * reciprocal);
    }
  }
}

/* - X mean of components [k, k + LANES). */
static void shift_lanes(const emend_mixture_shape *shape, size_t o, const uint32_t *columns, size_t k, const emend_mixture_work *work) {
  size_t padded = shape->padded;
  for (size_t a = 0; a < o; a++) {
    const double *row = work->factor + (shape->diagonal ? a : a * o) * padded + k;
    lanes x = {0};
    for (size_t b = shape->diagonal ? a : 0; b <= a; b++)
      x -= lanes_load(row + (shape->diagonal ? 0 : b) * padded) * lanes_load(shape->center + columns[b] * padded + k);
    lanes_store(work->shift + a * padded + k, x);
  }
}

static bool factorise(const emend_mixture_shape *shape, const emend_mixture_row_block *rows, const emend_mixture_work *work) {
  for (size_t k = 0; k < shape->n_components; k += LANES) {
    double logs[LANES];
    bool done = shape->diagonal ? factorise_diagonal(shape, rows->o, rows->columns, k, work->factor, logs)
                                : factorise_lanes(shape, rows->o, rows->columns, k, work->factor, logs);
    if (!done)
      return false;
    for (size_t i = 0; i < LANES && k + i < shape->n_components; i++)
      work->constants[k + i] = shape->log_mixing[k + i] - 0.5 * logs[i];
    if (!shape->diagonal)
      invert_factors(rows->o, shape->padded, work->factor + k);
    shift_lanes(shape, rows->o, rows->columns, k, work);
  }
  return true;
}

/* Four columns of LANES rows, turned. */
EMEND_INLINE void turn(const double *x, size_t stride, double *columns) {
  typedef double four __attribute__((vector_size(4 * sizeof(double)), aligned(sizeof(double)), may_alias));
  EMEND_UNROLL
  for (size_t i = 0; i < LANES; i += 4) {
    four row[4];
    EMEND_UNROLL
    for (size_t l = 0; l < 4; l++)
      row[l] = *(const four *)(const void *)(x + (i + l) * stride);
    four a = __builtin_shufflevector(row[0], row[1], 0, 4, 2, 6), b = __builtin_shufflevector(row[0], row[1], 1, 5, 3, 7);
    four c = __builtin_shufflevector(row[2], row[3], 0, 4, 2, 6), d = __builtin_shufflevector(row[2], row[3], 1, 5, 3, 7);
    *(four *)(void *)(columns + i) = __builtin_shufflevector(a, c, 0, 1, 4, 5);
    *(four *)(void *)(columns + BLOCK + i) = __builtin_shufflevector(b, d, 0, 1, 4, 5);
    *(four *)(void *)(columns + 2 * BLOCK + i) = __builtin_shufflevector(a, c, 2, 3, 6, 7);
    *(four *)(void *)(columns + 3 * BLOCK + i) = __builtin_shufflevector(b, d, 2, 3, 6, 7);
  }
}

/* Some rows, at most LANES, by columns; zeros up to a whole vector. */
EMEND_INLINE void fetch_rows(const emend_mixture_row_block *rows, const double *x, size_t some, double *columns) {
  size_t o = rows->o, stride = rows->stride, a = 0;
  while (a < o) {
    size_t first = rows->source[rows->columns[a]];
    if (LANES >= 4 && some == LANES && a + 4 <= o && rows->source[rows->columns[a + 3]] == first + 3) {
      turn(x + first, stride, columns + a * BLOCK);
      a += 4;
      continue;
    }
    double *column = columns + a++ * BLOCK;
    for (size_t l = 0; l < LANES; l++)
      column[l] = some == LANES || l < some ? x[first + l * stride] : 0;
  }
}

/* A block of rows by columns: LANES rows at a time, so that what comes from memory is read in order. */
static void fetch(const emend_mixture_row_block *rows, size_t first, size_t n, size_t whole, const emend_mixture_work *work) {
  for (size_t i = 0; i < whole; i += LANES)
    fetch_rows(rows, rows->x + (first + i) * rows->stride, n - i < LANES ? n - i : LANES, work->x + i);
  for (size_t i = 0; i < whole; i++)
    work->weights[i] = i >= n ? 0 : rows->weights ? rows->weights[first + i] * rows->weight_factor : 1;
}

/*
 * Rows a and, where R is 2, a + 1 of v = X x - X mean, X the inverse factor of component k, for G vectors of rows from `at`; their squares
 * are added. No entry waits for another, as it would in a substitution.
 */
EMEND_INLINE void solve_columns(const size_t R, const size_t G, size_t a, size_t k, size_t o, size_t padded, size_t at,
                                const emend_mixture_work *work, lanes *square) {
  const double *row = work->factor + a * o * padded + k, *x = work->x + at;
  double *v = work->residuals + (k * o + a) * BLOCK + at;
  lanes t[2][8];
  EMEND_UNROLL
  for (size_t r = 0; r < R; r++) {
    lanes shift = lanes_all(work->shift[(a + r) * padded + k]);
    EMEND_UNROLL
    for (size_t g = 0; g < G; g++)
      t[r][g] = shift;
  }
  for (size_t b = 0; b <= a; b++) {
    EMEND_UNROLL
    for (size_t g = 0; g < G; g++) {
      lanes entry = lanes_load(x + b * BLOCK + g * LANES);
      EMEND_HOLD(entry);
      EMEND_UNROLL
      for (size_t r = 0; r < R; r++)
        t[r][g] += row[(r * o + b) * padded] * entry;
    }
  }
  EMEND_UNROLL
  for (size_t g = 0; g < G; g++) {
    if (R == 2)
      t[1][g] += row[(o + a + 1) * padded] * lanes_load(x + (a + 1) * BLOCK + g * LANES);
    EMEND_UNROLL
    for (size_t r = 0; r < R; r++) {
      square[g] += t[r][g] * t[r][g];
      lanes_store(v + r * BLOCK + g * LANES, t[r][g]);
    }
  }
}

/* The same for diagonal covariances. */
EMEND_INLINE void solve_entries(const size_t G, size_t k, size_t o, size_t padded, size_t at, const emend_mixture_work *work,
                                lanes *square) {
  double *v = work->residuals + k * o * BLOCK + at;
  for (size_t a = 0; a < o; a++) {
    double reciprocal = work->factor[a * padded + k];
    lanes shift = lanes_all(work->shift[a * padded + k]);
    EMEND_UNROLL
    for (size_t g = 0; g < G; g++) {
      lanes t = shift + reciprocal * lanes_load(work->x + a * BLOCK + at + g * LANES);
      square[g] += t * t;
      lanes_store(v + a * BLOCK + g * LANES, t);
    }
  }
}

/* Residuals and log-densities of component k for G vectors of rows. */
EMEND_INLINE void solve_rows(const size_t G, const bool diagonal, size_t k, size_t o, size_t padded, size_t at,
                             const emend_mixture_work *work) {
  lanes square[8];
  EMEND_UNROLL
  for (size_t g = 0; g < G; g++)
    square[g] = (lanes){0};
  if (diagonal) {
    solve_entries(G, k, o, padded, at, work, square);
  } else {
    size_t a = 0;
    for (; a + 2 <= o; a += 2)
      solve_columns(2, G, a, k, o, padded, at, work, square);
    if (a < o)
      solve_columns(1, G, a, k, o, padded, at, work, square);
  }
  EMEND_UNROLL
  for (size_t g = 0; g < G; g++)
    lanes_store(work->densities + k * BLOCK + at + g * LANES, work->constants[k] - 0.5 * square[g]);
}

EMEND_INLINE void solve_block(const bool diagonal, size_t k, size_t o, size_t padded, size_t whole, const emend_mixture_work *work) {
  size_t at = 0;
  for (; at + 4 * LANES <= whole; at += 4 * LANES)
    solve_rows(4, diagonal, k, o, padded, at, work);
  for (; at < whole; at += LANES)
    solve_rows(1, diagonal, k, o, padded, at, work);
}

/* Log-densities become weighted responsibilities; returns the block's part of the log-likelihood. */
static double weigh(size_t n_components, size_t whole, const emend_mixture_work *work) {
  double *densities = work->densities;
  lanes total = {0};
  for (size_t i = 0; i < whole; i += LANES) {
    lanes largest = lanes_load(densities + i), sum = {0}, weight = lanes_load(work->weights + i);
    for (size_t k = 1; k < n_components; k++)
      largest = larger_of(lanes_load(densities + k * BLOCK + i), largest);
    for (size_t k = 0; k < n_components; k++) {
      lanes e = exp_of(lanes_load(densities + k * BLOCK + i) - largest);
      sum += e;
      lanes_store(densities + k * BLOCK + i, e);
    }
    lanes share = weight / sum;
    for (size_t k = 0; k < n_components; k++)
      lanes_store(densities + k * BLOCK + i, share * lanes_load(densities + k * BLOCK + i));
    total += weight * (largest + log_of(sum));
  }
  return lanes_sum(total);
}

static void keep(size_t n_components, size_t first, size_t n, const emend_mixture_work *work, double *responsibilities) {
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n_components; k++)
      responsibilities[(first + i) * n_components + k] = work->densities[k * BLOCK + i];
}

/*
 * Adds A x B sums over the rows of w v_a v_b, and where `linear` is not NULL the A sums of w v_a: they stay in registers while the rows
 * pass by. `v` and `other` are the residuals from columns a and b on.
 */
EMEND_INLINE void add_products(const size_t A, const size_t B, const bool with_linear, size_t whole, size_t o, const double *weights,
                               const double *v, const double *other, double *sums, double *linear) {
  lanes total[2][4], sum[2];
  EMEND_UNROLL
  for (size_t a = 0; a < A; a++) {
    sum[a] = with_linear ? lanes_load(linear + a * LANES) : (lanes){0};
    EMEND_UNROLL
    for (size_t b = 0; b < B; b++)
      total[a][b] = lanes_load(sums + (a * (o + 1) + b) * LANES);
  }
  for (size_t i = 0; i < whole; i += LANES) {
    lanes w = lanes_load(weights + i);
    lanes x[2];
    EMEND_UNROLL
    for (size_t a = 0; a < A; a++) {
      x[a] = w * lanes_load(v + a * BLOCK + i);
      if (with_linear)
        sum[a] += x[a];
    }
    EMEND_UNROLL
    for (size_t b = 0; b < B; b++) {
      lanes y = lanes_load(other + b * BLOCK + i);
      EMEND_HOLD(y);
      EMEND_UNROLL
      for (size_t a = 0; a < A; a++)
        total[a][b] += x[a] * y;
    }
  }
  EMEND_UNROLL
  for (size_t a = 0; a < A; a++) {
    if (with_linear)
      lanes_store(linear + a * LANES, sum[a]);
    EMEND_UNROLL
    for (size_t b = 0; b < B; b++)
      lanes_store(sums + (a * (o + 1) + b) * LANES, total[a][b]);
  }
}

/* Columns [0, count) of A rows of the scatter, and the rows' own sums. */
EMEND_INLINE void add_scatter_rows(const size_t A, size_t a, size_t count, size_t whole, size_t o, const double *weights, const double *v,
                                   double *sums, double *linear) {
  const double *mine = v + a * BLOCK;
  size_t b = count >= 4 ? 4 : count >= 2 ? 2 : 1;
  if (b == 4)
    add_products(A, 4, true, whole, o, weights, mine, v, sums, linear);
  else if (b == 2)
    add_products(A, 2, true, whole, o, weights, mine, v, sums, linear);
  else
    add_products(A, 1, true, whole, o, weights, mine, v, sums, linear);
  for (; b + 4 <= count; b += 4)
    add_products(A, 4, false, whole, o, weights, mine, v + b * BLOCK, sums + b * LANES, NULL);
  if (b + 2 <= count) {
    add_products(A, 2, false, whole, o, weights, mine, v + b * BLOCK, sums + b * LANES, NULL);
    b += 2;
  }
  if (b < count)
    add_products(A, 1, false, whole, o, weights, mine, v + b * BLOCK, sums + b * LANES, NULL);
}

/* The lower triangle of the scatter of a component and the sums of its residuals; what falls above the diagonal (of pairs of rows) is never
 * read. */
static void add_scatter(size_t o, size_t whole, const double *weights, const double *v, double *sums, double *linear) {
  size_t a = 0;
  for (; a + 2 <= o; a += 2)
    add_scatter_rows(2, a, a + 2, whole, o, weights, v, sums + a * (o + 1) * LANES, linear + a * LANES);
  if (a < o)
    add_scatter_rows(1, a, a + 1, whole, o, weights, v, sums + a * (o + 1) * LANES, linear + a * LANES);
}

/* The same for diagonal models: sums of squares. */
static void add_squares(size_t o, size_t whole, const double *weights, const double *v, double *sums, double *linear) {
  for (size_t a = 0; a < o; a++) {
    lanes sum = lanes_load(linear + a * LANES), square = lanes_load(sums + a * LANES);
    for (size_t i = 0; i < whole; i += LANES) {
      lanes x = lanes_load(v + a * BLOCK + i), weighted = lanes_load(weights + i) * x;
      sum += weighted;
      square += weighted * x;
    }
    lanes_store(linear + a * LANES, sum);
    lanes_store(sums + a * LANES, square);
  }
}

static void accumulate(const emend_mixture_shape *shape, size_t o, size_t whole, const emend_mixture_work *work) {
  for (size_t k = 0; k < shape->n_components; k++) {
    const double *v = work->residuals + k * o * BLOCK, *weights = work->densities + k * BLOCK;
    double *linear = work->sums_linear + k * (o + 1) * LANES;
    lanes count = lanes_load(linear + o * LANES);
    for (size_t i = 0; i < whole; i += LANES)
      count += lanes_load(weights + i);
    lanes_store(linear + o * LANES, count);
    if (shape->diagonal)
      add_squares(o, whole, weights, v, work->sums_scatter + k * o * LANES, linear);
    else
      add_scatter(o, whole, weights, v, work->sums_scatter + k * o * (o + 1) * LANES, linear);
  }
}

static void clear_sums(const emend_mixture_shape *shape, size_t o, const emend_mixture_work *work) {
  size_t entries = shape->diagonal ? o : o * (o + 1);
  memset(work->sums_scatter, 0, shape->n_components * entries * LANES * sizeof(double));
  memset(work->sums_linear, 0, shape->n_components * (o + 1) * LANES * sizeof(double));
}

/* The lanes of rows added up, into the lanes of components: A_s less N_s on its diagonal, sums of v, and N_s. */
static void reduce(const emend_mixture_shape *shape, size_t o, const emend_mixture_work *work) {
  size_t padded = shape->padded;
  for (size_t k = 0; k < shape->n_components; k++) {
    const double *linear = work->sums_linear + k * (o + 1) * LANES;
    double count = work->counts[k] = lanes_sum(lanes_load(linear + o * LANES));
    for (size_t a = 0; a < o; a++)
      work->linear[a * padded + k] = lanes_sum(lanes_load(linear + a * LANES));
    for (size_t a = 0; a < o && shape->diagonal; a++)
      work->scatter[a * padded + k] = lanes_sum(lanes_load(work->sums_scatter + (k * o + a) * LANES)) - count;
    const double *scatter = work->sums_scatter + k * o * (o + 1) * LANES;
    for (size_t a = 0; a < o && !shape->diagonal; a++)
      for (size_t b = 0; b <= a; b++)
        work->scatter[(a * o + b) * padded + k] = lanes_sum(lanes_load(scatter + (a * (o + 1) + b) * LANES)) - (a == b ? count : 0);
  }
}

/* product = scatter X, X the lower inverse factor; only entries on and below the diagonal are needed of X' (scatter X). */
static void multiply_scatter(size_t o, size_t padded, const double *scatter, const double *inverse, double *product) {
  for (size_t a = 0; a < o; a++)
    for (size_t b = 0; b <= a; b++) {
      lanes x = {0};
      for (size_t c = b; c <= a; c++)
        x += lanes_load(scatter + (a * o + c) * padded) * lanes_load(inverse + (c * o + b) * padded);
      for (size_t c = a + 1; c < o; c++)
        x += lanes_load(scatter + (c * o + a) * padded) * lanes_load(inverse + (c * o + b) * padded);
      lanes_store(product + (a * o + b) * padded, x);
    }
}

/* Adds X' scatter X and X' linear of components [k, k + LANES) to U2 and U1. */
static void gather_lanes(const emend_mixture_shape *shape, const emend_mixture_row_block *rows, size_t k, const emend_mixture_work *work,
                         emend_mixture_sums *sums) {
  size_t o = rows->o, p = shape->p, padded = shape->padded;
  const double *inverse = work->factor + k;
  double *product = work->product + k;
  multiply_scatter(o, padded, work->scatter + k, inverse, product);
  for (size_t a = 0; a < o; a++) {
    double *first = sums->first + (size_t)rows->columns[a] * padded + k;
    lanes u = lanes_load(first);
    for (size_t c = a; c < o; c++)
      u += lanes_load(inverse + (c * o + a) * padded) * lanes_load(work->linear + c * padded + k);
    lanes_store(first, u);
    for (size_t b = 0; b <= a; b++) {
      double *second = sums->second + ((size_t)rows->columns[a] * p + rows->columns[b]) * padded + k;
      lanes x = lanes_load(second);
      for (size_t c = a; c < o; c++)
        x += lanes_load(inverse + (c * o + a) * padded) * lanes_load(product + (c * o + b) * padded);
      lanes_store(second, x);
    }
  }
}

static void gather_diagonal(const emend_mixture_shape *shape, const emend_mixture_row_block *rows, size_t k, const emend_mixture_work *work,
                            emend_mixture_sums *sums) {
  size_t padded = shape->padded;
  for (size_t a = 0; a < rows->o; a++) {
    double *first = sums->first + (size_t)rows->columns[a] * padded + k, *second = sums->second + (size_t)rows->columns[a] * padded + k;
    lanes x = lanes_load(work->factor + a * padded + k);
    lanes_store(first, lanes_load(first) + x * lanes_load(work->linear + a * padded + k));
    lanes_store(second, lanes_load(second) + x * x * lanes_load(work->scatter + a * padded + k));
  }
}

static void gather(const emend_mixture_shape *shape, const emend_mixture_row_block *rows, const emend_mixture_work *work,
                   emend_mixture_sums *sums) {
  reduce(shape, rows->o, work);
  for (size_t k = 0; k < shape->n_components; k += LANES) {
    if (shape->diagonal)
      gather_diagonal(shape, rows, k, work, sums);
    else
      gather_lanes(shape, rows, k, work, sums);
  }
  for (size_t k = 0; k < shape->n_components; k++)
    sums->weight[k] += work->counts[k];
}

static bool estep(const emend_mixture_shape *shape, const emend_mixture_row_block *rows, const emend_mixture_work *work,
                  emend_mixture_sums *sums, double *responsibilities) {
  if (!factorise(shape, rows, work))
    return false;
  if (sums)
    clear_sums(shape, rows->o, work);
  for (size_t first = 0; first < rows->n; first += BLOCK) {
    size_t n = rows->n - first < BLOCK ? rows->n - first : BLOCK, whole = (n + LANES - 1) / LANES * LANES;
    fetch(rows, first, n, whole, work);
    for (size_t k = 0; k < shape->n_components; k++) {
      if (shape->diagonal)
        solve_block(true, k, rows->o, shape->padded, whole, work);
      else
        solve_block(false, k, rows->o, shape->padded, whole, work);
    }
    double log_likelihood = weigh(shape->n_components, whole, work);
    if (responsibilities)
      keep(shape->n_components, first, n, work, responsibilities);
    if (sums) {
      sums->log_likelihood += log_likelihood;
      accumulate(shape, rows->o, whole, work);
    }
  }
  if (sums)
    gather(shape, rows, work, sums);
  return true;
}

static void exponentials(size_t n, const double *x, double *y) {
  for (size_t i = 0; i < n; i += LANES)
    lanes_store(y + i, exp_of(lanes_load(x + i)));
}

static void logarithms(size_t n, const double *x, double *y) {
  for (size_t i = 0; i < n; i += LANES)
    lanes_store(y + i, log_of(lanes_load(x + i)));
}

const emend_mixture_kernels EMEND_PASTE(emend_mixture_kernels_, EMEND_LEVEL) = {QUOTE(EMEND_LEVEL), estep, exponentials, logarithms};
