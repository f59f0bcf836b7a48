/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every kernel gives what its definition says, form by form and size by size; and any number of threads gives the same bits. The kernel of
 * eight lanes is also compiled without its instruction set, so that it is tested on every processor. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"
#include "base/random.h"
#include "normal/complete.h"
#include "normal/groups.h"
#include "normal/inside.h"
#include "normal/kit.h"
#include "pattern/plain.h"
#include "pattern/scan.h"

extern const emend_kernels emend_kernels_wide;
extern const emend_scan emend_scan_wide;

/* The kernels that can run here, baseline first. */
static size_t list_kernels(const emend_kernels *kernels[EMEND_LEVELS + 1], const emend_scan *scans[EMEND_LEVELS + 1]) {
  size_t n = 0;
  for (int level = 0; level <= (int)emend_level_best(); level++, n++) {
    kernels[n] = emend_kernels_of((emend_level)level);
    scans[n] = emend_scans[level];
  }
  kernels[n] = &emend_kernels_wide;
  scans[n] = &emend_scan_wide;
  return n + 1;
}

/* A correlation matrix with 1 - R2 not below 0.3 or so, and its inverse as the kernels want it. */
static void make_model(size_t p, size_t stride, double *covariance, double *mean, double *precision) {
  double ignored;
  double *square = calloc(p * p, sizeof *square), *inverse = calloc(p * p, sizeof *inverse);
  for (size_t j = 0; j < p; j++) {
    mean[j] = 0.1 * (double)(j % 7) - 0.3;
    for (size_t k = 0; k < p; k++)
      square[j * p + k] = covariance[j * p + k] = j == k ? 1 : 0.5 * pow(0.9, fabs((double)j - (double)k));
  }
  ck_assert(emend_normal_invert(p, square, inverse, &ignored, &ignored));
  for (size_t j = 0; j < p; j++) {
    precision[j * stride + p] = 0;
    for (size_t k = 0; k < p; k++) {
      precision[j * stride + k] = inverse[j * p + k];
      precision[j * stride + p] -= inverse[j * p + k] * mean[k];
    }
  }
  free(square), free(inverse);
}

typedef struct outcome {
  double terms, *products;
} outcome;

/* What the forms are to give, pattern by pattern and row by row. */
typedef struct expected {
  size_t p;
  double terms, *symmetric, *sums, inverse[256 * 256];
} expected;

static double at(const expected *e, size_t n, size_t i, size_t j) { return e->inverse[i < j ? i * n + j : j * n + i]; }

/* The inverse of a pattern's part of a matrix; returns the logarithm of its determinant. */
static double invert_part(expected *e, const emend_group *g, size_t l, size_t stride, const double *matrix) {
  size_t n = g->size;
  double logarithm = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      e->inverse[j * n + i] = matrix[g->columns[i * g->n_lanes + l] * stride + g->columns[j * g->n_lanes + l]];
  ck_assert(emend_blas_factorise(n, e->inverse));
  for (size_t i = 0; i < n; i++)
    logarithm += 2 * log(e->inverse[i * n + i]);
  ck_assert(emend_blas_invert_factor(n, e->inverse));
  return logarithm;
}

static void expect_precision(expected *e, const emend_group *g, size_t l, size_t stride, const double *precision, double factor) {
  size_t m = g->size, p = e->p;
  double *x = calloc(stride, sizeof *x), *s = calloc(m, sizeof *s);
  e->terms += g->weight[l] * invert_part(e, g, l, stride, precision);
  for (size_t r = 0; r < g->n_rows[l]; r++) {
    memcpy(x, g->rows[l] + r * stride, stride * sizeof *x);
    for (size_t a = 0; a < m; a++) {
      s[a] = 0;
      for (size_t k = 0; k <= p; k++)
        s[a] += precision[g->columns[a * g->n_lanes + l] * stride + k] * g->rows[l][r * stride + k];
    }
    for (size_t a = 0; a < m; a++)
      for (size_t b = 0; b < m; b++)
        x[g->columns[a * g->n_lanes + l]] -= at(e, m, a, b) * s[b];
    for (size_t j = 0; j < p; j++) {
      const double *row = g->rows[l] + r * stride;
      e->sums[j] += factor * (x[j] - row[j]) * x[p];
      for (size_t k = 0; k < p; k++)
        e->symmetric[j * p + k] += factor * (x[j] * x[k] - row[j] * row[k]);
    }
  }
  for (size_t a = 0; a < m; a++)
    for (size_t b = 0; b < m; b++)
      e->symmetric[g->columns[a * g->n_lanes + l] * p + g->columns[b * g->n_lanes + l]] += g->weight[l] * at(e, m, a, b);
  free(x), free(s);
}

static void expect_scores(expected *e, const emend_group *g, size_t l, const double *covariance, const double *mean, double factor) {
  size_t o = g->size, p = e->p;
  double *u = calloc(o, sizeof *u), *d = calloc(o, sizeof *d);
  e->terms += g->weight[l] * invert_part(e, g, l, p, covariance);
  for (size_t r = 0; r < g->most_rows; r++) {
    const double *x = g->entries + r * (o + 1) * g->n_lanes + l;
    for (size_t i = 0; i < o; i++)
      u[i] = 0, d[i] = x[i * g->n_lanes] - x[o * g->n_lanes] * mean[g->columns[i * g->n_lanes + l]];
    for (size_t i = 0; i < o; i++) {
      for (size_t j = 0; j < o; j++)
        u[i] += at(e, o, i, j) * d[j];
      e->terms += factor * d[i] * u[i];
      e->sums[g->columns[i * g->n_lanes + l]] += factor * x[o * g->n_lanes] * u[i];
    }
    for (size_t i = 0; i < o; i++)
      for (size_t j = 0; j < o; j++)
        e->symmetric[g->columns[i * g->n_lanes + l] * p + g->columns[j * g->n_lanes + l]] += factor * u[i] * u[j];
  }
  for (size_t i = 0; i < o; i++)
    for (size_t j = 0; j < o; j++)
      e->symmetric[g->columns[i * g->n_lanes + l] * p + g->columns[j * g->n_lanes + l]] -= g->weight[l] * at(e, o, i, j);
  free(u), free(d);
}

static expected *expect(const emend_groups *g, const emend_reduced *r, const double *covariance, const double *mean,
                        const double *precision) {
  expected *e = calloc(1, sizeof *e);
  e->p = r->n_columns;
  e->symmetric = calloc(e->p * e->p, sizeof(double)), e->sums = calloc(e->p, sizeof(double));
  for (size_t q = 0; q < g->n_precision; q++)
    for (size_t l = 0; l < g->precision[q].n_patterns; l++)
      expect_precision(e, &g->precision[q], l, r->stride, precision, 0.75);
  for (size_t q = 0; q < g->n_score; q++)
    for (size_t l = 0; l < g->score[q].n_patterns; l++)
      expect_scores(e, &g->score[q], l, covariance, mean, 0.75);
  return e;
}

/* Of the precision form U + U' counts, of the score form the lower triangle. */
static void compare(const expected *e, const outcome *o, emend_form form, size_t stride) {
  assert_relative(o->terms, e->terms, 1e-11);
  for (size_t j = 0; j < e->p; j++) {
    ck_assert_double_eq_tol(o->products[j * stride + e->p], e->sums[j], 1e-9 * (1 + fabs(e->sums[j])));
    for (size_t k = 0; k <= j; k++) {
      double own = o->products[j * stride + k] + (form == EMEND_FORM_PRECISION ? o->products[k * stride + j] : 0);
      if (!(fabs(own - e->symmetric[j * e->p + k]) < 1e-9 * (1 + fabs(own))))
        ck_abort_msg("entry %zu, %zu: %.15g, not %.15g", j, k, own, e->symmetric[j * e->p + k]);
    }
  }
}

static outcome run(const emend_kernels *kernels, emend_form form, const emend_reduced *r, const double *covariance, const double *mean,
                   const double *precision, expected **wanted) {
  bool active[256];
  emend_groups *g;
  outcome o = {.products = calloc(r->n_columns * r->stride, sizeof(double))};
  for (size_t j = 0; j < r->n_columns; j++)
    active[j] = true;
  ck_assert_int_eq(emend_groups_new(r, active, 0.75, form, kernels->n_lanes, &g, NULL), EMEND_OK);
  double *scratch = emend_allocate_aligned(emend_kernel_scratch(g->largest), sizeof *scratch);
  o.terms += kernels->precision(g->precision, g->n_precision, r->n_columns, r->stride, precision, 0.75, o.products, scratch);
  o.terms += kernels->score(g->score, g->n_score, r->n_columns, r->stride, covariance, mean, 0.75, o.products, scratch);
  if (!*wanted)
    *wanted = expect(g, r, covariance, mean, precision);
  free(scratch);
  emend_groups_free(g);
  return o;
}

static emend_reduced *reduce(const emend_plain *plain, size_t n, const double *weights, emend_matrix *matrix) {
  emend_reduced *r;
  ck_assert_int_eq(emend_plain_matrix(plain, n, weights, matrix, NULL), EMEND_OK);
  ck_assert_int_eq(emend_reduced_new(matrix, NULL, NULL, NULL, &r, NULL), EMEND_OK);
  return r;
}

START_TEST(kernels_agree) {
  static const struct {
    size_t n, p;
    double share;
  } shapes[] = {{60, 3, 0.4}, {200, 8, 0.5}, {90, 25, 0.2}, {60, 40, 0.5}, {40, 90, 0.3}, {12, 210, 0.5}};
  size_t n = shapes[_i / 2].n, p = shapes[_i / 2].p;
  emend_form form = _i % 2 ? EMEND_FORM_SCORE : EMEND_FORM_PRECISION;
  double *values = kit_sample(80, n, p, shapes[_i / 2].share);
  const emend_kernels *kernels[EMEND_LEVELS + 1];
  const emend_scan *scans[EMEND_LEVELS + 1];
  size_t n_kernels = list_kernels(kernels, scans);
  emend_plain plain = {.values = values, .n_columns = p, .row_stride = p};
  emend_matrix matrix;
  emend_reduced *r = reduce(&plain, n, NULL, &matrix);
  double *covariance = emend_allocate(p * p, sizeof(double)), *mean = emend_allocate(p, sizeof(double)),
         *precision = emend_allocate_aligned(p * r->stride, sizeof(double));
  make_model(p, r->stride, covariance, mean, precision);
  expected *wanted = NULL;
  for (size_t k = 0; k < n_kernels; k++) {
    outcome o = run(kernels[k], form, r, covariance, mean, precision, &wanted);
    compare(wanted, &o, form, r->stride);
    free(o.products);
  }
  free(wanted->symmetric), free(wanted->sums), free(wanted), free(covariance), free(mean), free(precision), free(values);
  emend_reduced_free(r);
}
END_TEST

START_TEST(scans_agree) {
  static const size_t columns[] = {1, 3, 7, 8, 9, 16, 63, 64, 65, 129};
  enum { ROWS = 37, MOST = 136 };
  size_t p = columns[_i], stride = (p + 8) / 8 * 8, words = (p + 63) / 64;
  const emend_kernels *kernels[EMEND_LEVELS + 1];
  const emend_scan *scans[EMEND_LEVELS + 1];
  size_t n_kernels = list_kernels(kernels, scans);
  double *sampled = kit_sample(81, ROWS, p, 0.3), *x = emend_allocate_aligned(ROWS * p + 8, sizeof *x), weights[ROWS];
  memcpy(x, sampled, ROWS * p * sizeof *x);
  for (size_t i = 0; i < ROWS; i++)
    weights[i] = (double)(i % 3);
  double *first = NULL;
  for (size_t k = 0; k < n_kernels; k++) {
    double *state = emend_allocate_aligned(7 * stride, sizeof *state), *z = emend_allocate_aligned((ROWS + stride) * stride, sizeof *z);
    uint64_t masks[ROWS * 3] = {0};
    int64_t *scratch = emend_allocate_aligned(8 * ROWS, sizeof *scratch);
    uint64_t *count = emend_allocate_aligned(stride, sizeof *count);
    emend_scan_columns c = {.n_columns = p,
                            .stride = stride,
                            .center = state,
                            .inverse = state + stride,
                            .sum = state + 2 * stride,
                            .squares = state + 3 * stride,
                            .weight = state + 4 * stride,
                            .count = count,
                            .min = state + 5 * stride,
                            .max = state + 6 * stride};
    for (size_t j = 0; j < stride; j++)
      c.center[j] = j < p ? 3 : 0, c.inverse[j] = j < p ? 0.5 : 0, c.min[j] = INFINITY, c.max[j] = -INFINITY;
    scans[k]->rows(&c, ROWS, x, weights, z, masks, words, scratch);
    for (size_t i = 0; i < ROWS; i++)
      for (size_t j = 0; j < p; j++) {
        bool hole = isnan(x[i * p + j]);
        ck_assert_int_eq(masks[i * words + j / 64] >> j % 64 & 1, hole);
        ck_assert(z[i * stride + j] == (hole ? 0 : (x[i * p + j] - 3) * 0.5));
      }
    for (size_t j = 0; j < p; j++) {
      double sum = 0, squares = 0, least = INFINITY, most = -INFINITY, weight = 0;
      uint64_t cells = 0;
      for (size_t i = 0; i < ROWS; i++) {
        weight += isnan(x[i * p + j]) ? 0 : weights[i];
        cells += weights[i] > 0 && !isnan(x[i * p + j]);
        sum += weights[i] * z[i * stride + j], squares += weights[i] * z[i * stride + j] * z[i * stride + j];
        if (weights[i] > 0 && !isnan(x[i * p + j]))
          least = fmin(least, x[i * p + j]), most = fmax(most, x[i * p + j]);
      }
      ck_assert(fabs(c.sum[j] - sum) < 1e-12 * (1 + fabs(sum)) && fabs(c.squares[j] - squares) < 1e-12 * (1 + squares));
      ck_assert(c.min[j] == least && c.max[j] == most && c.weight[j] == weight && c.count[j] == cells);
    }
    double *products = z + ROWS * stride;
    scans[k]->add_products(ROWS, p, stride, z, products);
    for (size_t a = 0; a < p && !first; a++)
      for (size_t b = 0; b <= a; b++) {
        double sum = 0;
        for (size_t i = 0; i < ROWS; i++)
          sum += z[i * stride + a] * z[i * stride + b];
        ck_assert(fabs(products[a * stride + b] - sum) < 1e-12 * (1 + fabs(sum)));
      }
    for (size_t a = 0; a < p && first; a++)
      for (size_t b = 0; b <= a; b++)
        ck_assert(fabs(products[a * stride + b] - first[a * stride + b]) < 1e-12 * (1 + fabs(first[a * stride + b])));
    if (!first) {
      first = malloc(stride * stride * sizeof *first);
      memcpy(first, products, stride * stride * sizeof *first);
    }
    free(state), free(count), free(z), free(scratch);
  }
  free(first), free(sampled), free(x);
}
END_TEST

/* Determinants that are no numbers of the machine: 96 pivots of 1e5, and of 1e-5, of which the logarithm is one. */
START_TEST(determinants_may_leave_the_range_of_numbers) {
  enum { P = 100 };
  static const size_t missing[] = {3, 8, 9, 40, 96, 97, 99};
  double *precision = emend_allocate_aligned(P * emend_row_stride(P), sizeof *precision),
         *covariance = emend_allocate(P, sizeof(double[P])), mean[P] = {0};
  const emend_kernels *kernels[EMEND_LEVELS + 1];
  const emend_scan *scans[EMEND_LEVELS + 1];
  size_t n = list_kernels(kernels, scans), stride = emend_row_stride(P);
  for (size_t q = 0; q < 2 * sizeof missing / sizeof *missing; q++) {
    size_t m = missing[q / 2];
    double pivot = q % 2 ? 1e5 : 1e-5;
    for (size_t j = 0; j < P; j++) {
      precision[j * stride + j] = pivot, covariance[j * P + j] = pivot;
    }
    for (size_t k = 0; k < n; k++) {
      uint32_t columns[P * EMEND_MOST_LANES];
      size_t lanes = m > EMEND_MOST_SIDE_BY_SIDE ? 1 : kernels[k]->n_lanes;
      double row[128] = {0}, *products = calloc(P * stride, sizeof *products),
             *scratch = emend_allocate_aligned(emend_kernel_scratch(P), sizeof *scratch);
      for (size_t j = 0; j < m * lanes; j++)
        columns[j] = (uint32_t)(j / lanes);
      emend_group g = {.size = m, .n_patterns = 1, .n_lanes = lanes, .columns = columns, .weight = {3}, .most_rows = 1};
      for (size_t l = 0; l < lanes; l++)
        g.rows[l] = row;
      g.n_rows[0] = 1;
      assert_relative(kernels[k]->precision(&g, 1, P, stride, precision, 1, products, scratch), 3 * (double)m * log(pivot), 1e-12);
      double *entries = calloc((m + 1) * lanes, sizeof *entries);
      g.entries = entries;
      assert_relative(kernels[k]->score(&g, 1, P, stride, covariance, mean, 1, products, scratch), 3 * (double)m * log(pivot), 1e-12);
      free(entries), free(scratch), free(products);
    }
  }
  free(precision), free(covariance);
}
END_TEST

/* Columns of an inverse, from anywhere and however many. */
START_TEST(kernels_invert) {
  enum { P = 61 };
  const emend_kernels *kernels[EMEND_LEVELS + 1];
  const emend_scan *scans[EMEND_LEVELS + 1];
  size_t n = list_kernels(kernels, scans);
  double factor[P * P], inverse[P * P], log_determinant, smallest;
  for (size_t j = 0; j < P; j++)
    for (size_t k = 0; k < P; k++)
      factor[j * P + k] = j == k ? 1 : 0.5 * pow(0.9, fabs((double)j - (double)k));
  ck_assert(emend_normal_invert(P, factor, inverse, &log_determinant, &smallest));
  for (size_t k = 0; k < n; k++) {
    double own[P * P] = {0};
    for (size_t first = 0, width = 1; first < P; first += width, width = 2 * width + 3 < P - first ? 2 * width + 3 : P - first)
      kernels[k]->invert_columns(P, factor, first, width < P - first ? width : P - first, own);
    for (size_t i = 0; i < P * P; i++)
      ck_assert_double_eq_tol(own[i], inverse[i], 1e-13);
  }
}
END_TEST

/* Tables large enough for many chunks, at every level that the processor has. */
START_TEST(threads_give_the_same_bits) {
  static const struct {
    size_t n, p;
    double share;
    size_t most; /* iterations */
  } shapes[] = {{3000, 20, 0.15, 10000}, {2500, 12, 0.6, 10000}, {800, 60, 0.1, 10000}, {2000, 25, 0.5, 10000}, {600, 100, 0.05, 10000},
                {500, 150, 0.5, 4}};
  static const unsigned threads[] = {1, 2, 3, 7, 0};
  enum { SHAPES = sizeof shapes / sizeof *shapes };
  emend_level level = (emend_level)(_i / SHAPES);
  if (level > emend_level_best())
    return;
  setenv("EMEND_KERNEL", emend_level_name(level), 1);
  size_t n = shapes[_i % SHAPES].n, p = shapes[_i % SHAPES].p;
  double *values = kit_sample(82, n, p, shapes[_i % SHAPES].share);
  emend_normal *first = NULL;
  emend_completed *completed = NULL;
  for (size_t k = 0; k < sizeof threads / sizeof *threads; k++) {
    emend_normal_options *options = emend_normal_options_new();
    emend_normal_options_set_threads(options, threads[k]);
    ck_assert_int_eq(emend_normal_options_set_max_iterations(options, shapes[_i % SHAPES].most, NULL), EMEND_OK);
    emend_normal *fit = kit_fit(values, n, p, NULL, options);
    ck_assert_str_eq(emend_normal_kernel(fit), emend_level_name(level));
    emend_plain plain = {.values = values, .n_columns = p, .row_stride = p};
    emend_matrix matrix;
    emend_completed *own;
    ck_assert_int_eq(emend_plain_matrix(&plain, n, NULL, &matrix, NULL), EMEND_OK);
    ck_assert_int_eq(emend_normal_complete_matrix(fit, &matrix, NULL, threads[k], NULL, &own, NULL), EMEND_OK);
    if (!first) {
      first = fit, completed = own;
      ck_assert(emend_normal_converged(fit) || emend_normal_iterations(fit) == shapes[_i % SHAPES].most);
    } else {
      ck_assert(memcmp(emend_normal_mean(fit), emend_normal_mean(first), p * sizeof(double)) == 0);
      ck_assert(memcmp(emend_normal_covariance(fit), emend_normal_covariance(first), p * p * sizeof(double)) == 0);
      ck_assert(emend_normal_log_likelihood(fit) == emend_normal_log_likelihood(first));
      ck_assert_uint_eq(emend_normal_esteps(fit), emend_normal_esteps(first));
      for (size_t i = 0; i < n * p; i++)
        ck_assert(!isnan(values[i]) || emend_completed_value(own, i / p, i % p) == emend_completed_value(completed, i / p, i % p));
      emend_completed_free(own);
      emend_normal_free(fit);
    }
    emend_normal_options_free(options);
  }
  emend_completed_free(completed);
  emend_normal_free(first);
  free(values);
}
END_TEST

/* Another kind of processor: the same answer, though its vectors are added up in another order. The last two take EM many steps. */
START_TEST(levels_agree) {
  static const struct {
    size_t n, p;
    double share;
  } shapes[] = {{3000, 20, 0.15}, {800, 60, 0.1}, {2000, 25, 0.5}, {3000, 5, 0.75}, {5000, 8, 0.75}};
  size_t n = shapes[_i].n, p = shapes[_i].p;
  double *values = kit_sample(85, n, p, shapes[_i].share), furthest = 0;
  emend_normal *first = NULL;
  for (int level = 0; level <= (int)emend_level_best(); level++) {
    setenv("EMEND_KERNEL", emend_level_name((emend_level)level), 1);
    emend_normal *fit = kit_fit(values, n, p, NULL, NULL);
    ck_assert(emend_normal_converged(fit));
    first = first ? first : fit;
    for (size_t j = 0; j < p; j++) {
      double sd = sqrt(kit_covariance(first, j, j));
      furthest = fmax(furthest, fabs(emend_normal_mean(fit)[j] - emend_normal_mean(first)[j]) / sd);
      for (size_t k = 0; k <= j; k++)
        furthest = fmax(furthest, fabs(kit_covariance(fit, j, k) - kit_covariance(first, j, k)) / sd / sqrt(kit_covariance(first, k, k)));
    }
    if (fit != first)
      emend_normal_free(fit);
  }
  assert_near(furthest, 0, 1e-9);
  emend_normal_free(first);
  free(values);
}
END_TEST

/* A kernel that cannot run here is said not to. */
START_TEST(unknown_kernels_are_told) {
  double *values = kit_sample(84, 50, 3, 0.1);
  for (int known = 0; known < 2; known++) {
    setenv("EMEND_KERNEL", known ? "baseline,score" : "avx1024", 1);
    emend_events *events = emend_events_new();
    emend_normal *fit;
    ck_assert_int_eq(emend_normal_fit(values, 50, 3, 3, NULL, NULL, events, &fit, NULL), EMEND_OK);
    ck_assert_uint_eq(emend_events_warning_count(events), !known);
    ck_assert(known || strstr(emend_events_warning(events, 0), "EMEND_KERNEL=avx1024"));
    emend_normal_free(fit);
    emend_events_free(events);
  }
  free(values);
}
END_TEST

/* Chunks cover every group once, and there are several where there is much to do. */
START_TEST(chunks_cover_the_groups) {
  enum { ROWS = 3000, COLUMNS = 20 };
  double *values = kit_sample(83, ROWS, COLUMNS, 0.4);
  emend_plain plain = {.values = values, .n_columns = COLUMNS, .row_stride = COLUMNS};
  emend_matrix matrix;
  emend_reduced *r = reduce(&plain, ROWS, NULL, &matrix);
  bool active[COLUMNS];
  memset(active, 1, sizeof active);
  for (size_t lanes = 2; lanes <= 8; lanes *= 2) {
    emend_groups *g;
    ck_assert_int_eq(emend_groups_new(r, active, 1, EMEND_FORM_CHEAPER, lanes, &g, NULL), EMEND_OK);
    size_t precision = 0, score = 0, patterns = 0;
    for (size_t c = 0; c < g->n_chunks; c++) {
      ck_assert(g->chunks[c].n_precision == 0 || g->chunks[c].first_precision == precision);
      ck_assert(g->chunks[c].n_score == 0 || g->chunks[c].first_score == score);
      precision += g->chunks[c].n_precision, score += g->chunks[c].n_score;
    }
    ck_assert_uint_eq(precision, g->n_precision);
    ck_assert_uint_eq(score, g->n_score);
    ck_assert_uint_gt(g->n_chunks, 3);
    /* Each in the form whose system is the smaller one, but for those nearly even. */
    ck_assert(g->n_precision > 0 && g->n_score > 0);
    for (size_t i = 0; i < g->n_precision; i++)
      ck_assert_uint_lt(g->precision[i].size, COLUMNS * 2 / 3);
    for (size_t i = 0; i < g->n_score; i++)
      ck_assert_uint_lt(g->score[i].size, COLUMNS * 2 / 3);
    for (size_t i = 0; i < g->n_precision; i++)
      patterns += g->precision[i].n_patterns;
    for (size_t i = 0; i < g->n_score; i++)
      patterns += g->score[i].n_patterns;
    size_t wanted = 0;
    for (size_t s = 0; s < r->n_patterns; s++)
      wanted += r->patterns[s].n_missing > 0 && r->patterns[s].n_observed > 0;
    ck_assert_uint_eq(patterns, wanted);
    emend_groups_free(g);
  }
  emend_reduced_free(r);
  free(values);
}
END_TEST

SUITE {
  Suite *suite = suite_create("kernels");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 120);
  tcase_add_loop_test(tests, kernels_agree, 0, 12);
  tcase_add_test(tests, determinants_may_leave_the_range_of_numbers);
  tcase_add_test(tests, kernels_invert);
  tcase_add_loop_test(tests, scans_agree, 0, 10);
  tcase_add_loop_test(tests, threads_give_the_same_bits, 0, 6 * EMEND_LEVELS);
  tcase_add_loop_test(tests, levels_agree, 0, 5);
  tcase_add_test(tests, unknown_kernels_are_told);
  tcase_add_test(tests, chunks_cover_the_groups);
  suite_add_tcase(suite, tests);
  return suite;
}
