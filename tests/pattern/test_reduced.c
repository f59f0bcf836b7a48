/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reduced rows have the cross-products of the rows they stand for, whatever the order, the units and the weights; and completed cells lie
 * where they belong. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "pattern/completed.h"
#include "pattern/reduced.h"
#include "pattern/scan.h"
#include "support/support.h"

typedef struct table {
  const double *values;
  size_t n_columns;
} table;

static void read_table(const void *state, size_t row, size_t n, double *block) {
  const table *t = state;
  memcpy(block, t->values + row * t->n_columns, n * t->n_columns * sizeof *block);
}

static emend_reduced *build(const table *t, size_t n, const double *weights, emend_status expected, emend_error *error) {
  emend_matrix matrix = {.n_rows = n, .n_columns = t->n_columns, .state = t, .read = read_table, .weights = weights};
  emend_reduced *made = NULL;
  ck_assert_int_eq(emend_reduced_new(&matrix, NULL, NULL, NULL, &made, error), expected);
  ck_assert((made != NULL) == (expected == EMEND_OK));
  return made;
}

/* Few different masks where `share` is negative: then patterns have many rows. */
static double *sample(uint64_t seed, size_t n, size_t p, double share) {
  double *values = malloc((n * p + 1) * sizeof *values);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < p; j++) {
      size_t mask = share < 0 ? i % 5 : i;
      bool hole = emend_random_uniform(seed, EMEND_STREAM_TEST + 1, mask, j) < fabs(share);
      values[i * p + j] = hole ? NAN : 5 + 3 * emend_random_normal(seed, EMEND_STREAM_TEST, i, j);
    }
  return values;
}

static bool has_mask(const emend_reduced_pattern *q, const double *x, size_t p) {
  size_t m = 0;
  for (size_t j = 0; j < p; j++)
    if (isnan(x[j]) && (m == q->n_missing || q->missing[m++] != j))
      return false;
  return m == q->n_missing;
}

/* Sums of w (x, 1)(x, 1)' over the rows of one pattern, from the data and from what is stored. */
static void compare_pattern(const emend_reduced *r, const emend_reduced_pattern *q, const double *values, size_t n, const double *weights) {
  size_t p = r->n_columns, side = p + 1, n_rows = 0;
  double *wanted = calloc(side * side, sizeof *wanted), *got = calloc(side * side, sizeof *got), weight = 0;
  for (size_t i = 0; i < n; i++) {
    const double *x = values + i * p;
    double w = weights ? weights[i] : 1, z[300];
    if (!has_mask(q, x, p) || w == 0)
      continue;
    for (size_t j = 0; j < p; j++)
      z[j] = isnan(x[j]) ? 0 : (x[j] - r->center[j]) / r->scale[j];
    z[p] = 1;
    n_rows++, weight += w;
    for (size_t a = 0; a < side * side; a++)
      wanted[a] += w * z[a / side] * z[a % side];
  }
  ck_assert_uint_eq(q->n_rows, n_rows);
  assert_relative(q->weight, weight, 1e-12);
  ck_assert_uint_le(q->n_stored, q->n_observed + 1);
  for (size_t i = 0; i < q->n_stored; i++) {
    const double *row = r->rows + (q->first + i) * r->stride;
    for (size_t k = side; k < r->stride; k++)
      ck_assert(row[k] == 0);
    for (size_t a = 0; a < q->n_missing; a++)
      ck_assert(row[q->missing[a]] == 0);
    for (size_t a = 0; a < side * side; a++)
      got[a] += row[a / side] * row[a % side];
  }
  for (size_t a = 0; a < side * side && q->n_observed > 0; a++)
    ck_assert_msg(fabs(got[a] - wanted[a]) < 1e-11 * (1 + weight), "entry %zu: %g, not %g", a, got[a], wanted[a]);
  free(wanted), free(got);
}

START_TEST(cross_products_are_kept) {
  static const struct {
    size_t n, p;
    double share;
  } shapes[] = {{1, 1, 0},      {40, 3, 0.3},  {900, 4, 0.4},  {400, 9, -0.4}, {300, 20, 0.1},
                {90, 63, -0.1}, {90, 64, 0.1}, {90, 65, -0.2}, {40, 130, 0.5}, {5, 3, 1.1}};
  size_t n = shapes[_i / 2].n, p = shapes[_i / 2].p, covered = 0;
  double *values = sample(7, n, p, shapes[_i / 2].share), *weights = malloc(n * sizeof *weights);
  for (size_t i = 0; i < n; i++)
    weights[i] = (double)(i % 4) / 2;
  const double *used = _i % 2 ? weights : NULL;
  table t = {values, p};
  emend_reduced *r = build(&t, n, used, EMEND_OK, NULL);
  for (size_t s = 0; s < r->n_patterns; s++) {
    ck_assert_uint_eq(r->patterns[s].first, covered);
    ck_assert(s == 0 || r->patterns[s - 1].n_missing <= r->patterns[s].n_missing);
    covered += r->patterns[s].n_stored;
    compare_pattern(r, &r->patterns[s], values, n, used);
  }
  ck_assert_uint_eq(covered, r->n_stored);
  emend_reduced_free(r);
  free(values), free(weights);
}
END_TEST

/* Moments are exact though the first rows mislead: about the mean, the spread, a column that begins late; and a constant stays exactly
 * itself. */
START_TEST(a_misleading_beginning_does_not_matter) {
  enum { ROWS = 3000, COLUMNS = 5 };
  double *values = malloc(ROWS * COLUMNS * sizeof *values);
  for (size_t i = 0; i < ROWS; i++) {
    double z = emend_random_normal(3, EMEND_STREAM_TEST, i, 0), *x = values + i * COLUMNS;
    x[0] = i < 500 ? 1e9 + 1e-3 * z : 1e6 * z;        /* begins far from the rest */
    x[1] = i < 500 ? 7 : 1e4 * (1 + z);               /* begins constant */
    x[2] = i < 2000 ? NAN : 1e9 + 1e-3 * z;           /* begins late; 12 digits lie before the variation */
    x[3] = 0.1;
    x[4] = i < 900 ? 1e160 * z : z;                   /* squares leave the range of numbers */
  }
  table t = {values, COLUMNS};
  emend_reduced *r = build(&t, ROWS, NULL, EMEND_OK, NULL);
  for (size_t j = 0; j < 3; j++) {
    long double sum = 0, squares = 0, count = 0;
    for (size_t i = 0; i < ROWS; i++)
      if (!isnan(values[i * COLUMNS + j]))
        sum += values[i * COLUMNS + j], count++;
    for (size_t i = 0; i < ROWS; i++)
      if (!isnan(values[i * COLUMNS + j]))
        squares += (values[i * COLUMNS + j] - sum / count) * (values[i * COLUMNS + j] - sum / count);
    ck_assert(fabs(r->center[j] - (double)(sum / count)) <= 4e-16 * fabs(r->center[j]) + 1e-12 * r->scale[j]);
    assert_relative(r->scale[j], (double)sqrtl(squares / count), 1e-10);
    ck_assert_uint_eq(r->column_count[j], (size_t)count);
    assert_relative(r->column_weight[j], (double)count, 1e-14);
  }
  ck_assert(r->center[3] == 0.1 && r->scale[3] == 1);
  ck_assert(isfinite(r->center[4]) && r->scale[4] > 1e158);
  emend_reduced_free(r);
  free(values);
}
END_TEST

START_TEST(bad_cells_and_weights_are_refused) {
  double values[] = {1, 2, 3, INFINITY, 5, 6}, fine[] = {1, 2, 3, 4, 5, 6}, weights[] = {1, 0, NAN};
  emend_error *error = emend_error_new();
  table bad = {values, 2}, good = {fine, 2};
  build(&bad, 3, NULL, EMEND_INVALID_ARGUMENT, error);
  ck_assert_int_eq(emend_error_row(error), 2);
  build(&good, 3, weights, EMEND_INVALID_ARGUMENT, error);
  ck_assert_int_eq(emend_error_row(error), 3);
  emend_reduced *r = build(&good, 0, NULL, EMEND_OK, error);
  ck_assert_uint_eq(r->n_patterns, 0);
  ck_assert(isnan(r->column_min[0]));
  emend_reduced_free(r);
  emend_error_free(error);
}
END_TEST

/* Every missing cell has a place of its own, and no observed one has any. */
START_TEST(completed_cells_have_their_places) {
  static const size_t columns[] = {1, 7, 64, 65, 130};
  size_t p = columns[_i], n = 700;
  emend_completed *c;
  double *values = sample(9, n, p, 0.4);
  ck_assert_int_eq(emend_completed_new(n, p, &c, NULL), EMEND_OK);
  for (size_t k = 0; k < c->n_chunks; k++) {
    size_t rows = emend_completed_chunk_rows(c, k);
    c->chunks[k].masks = calloc(rows * c->words, sizeof(uint64_t));
    for (size_t i = 0; i < rows; i++)
      for (size_t j = 0; j < p; j++)
        if (isnan(values[(k * c->chunk_rows + i) * p + j]))
          c->chunks[k].masks[i * c->words + j / 64] |= UINT64_C(1) << j % 64;
    ck_assert_int_eq(emend_completed_open(c, k, NULL), EMEND_OK);
    double *next = c->chunks[k].values;
    for (size_t i = 0; i < rows; i++)
      for (size_t j = 0; j < p; j++)
        if (isnan(values[(k * c->chunk_rows + i) * p + j]))
          *next++ = (double)((k * c->chunk_rows + i) * p + j);
  }
  for (size_t i = 0; i < n * p; i++) {
    double got = emend_completed_value(c, i / p, i % p);
    ck_assert(isnan(values[i]) ? got == (double)i : isnan(got));
  }
  emend_completed_free(c);
  free(values);
}
END_TEST

SUITE {
  Suite *suite = suite_create("reduced rows");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 60);
  tcase_add_loop_test(tests, cross_products_are_kept, 0, 20);
  tcase_add_test(tests, a_misleading_beginning_does_not_matter);
  tcase_add_test(tests, bad_cells_and_weights_are_refused);
  tcase_add_loop_test(tests, completed_cells_have_their_places, 0, 5);
  suite_add_tcase(suite, tests);
  return suite;
}
