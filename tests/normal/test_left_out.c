/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "normal/inside.h"
#include "normal/left_out.h"
#include "support/support.h"

/* What is predicted for a block of columns is what completion puts there once it is hidden: the definition. */

enum { N = 400, P = 9, PAIRS = 60 };

static double data[N * P];
static emend_normal *fit;
static emend_standard standard;

static void set_up(void) {
  for (size_t i = 0; i < N; i++) {
    double f = emend_random_normal(8, EMEND_STREAM_TEST, i, 50), g = emend_random_normal(8, EMEND_STREAM_TEST, i, 51);
    for (size_t j = 0; j < P; j++)
      data[i * P + j] = j == 7 ? 3 : 100 * (double)j + (1 + (double)j) * (f + (j % 2 ? g : -g) + 0.8 * emend_random_normal(8, EMEND_STREAM_TEST, i, j));
  }
  ck_assert_int_eq(emend_normal_fit(data, N, P, P, NULL, NULL, NULL, &fit, NULL), EMEND_OK);
  ck_assert_int_eq(emend_standard_new(fit, &standard, NULL), EMEND_OK);
}

static void tear_down(void) {
  emend_standard_free(&standard);
  emend_normal_free(fit);
}

static double standardised(size_t j, double x) { return (x - standard.center[j]) * standard.inverse_sd[j]; }

static double coordinate(const emend_left_out *own, size_t k, const double *row) {
  double sum = 0;
  for (size_t j = 0; j < P; j++)
    sum += own->weights[k * P + j] * standardised(j, row[j]);
  return sum;
}

/* The block's completed expectations, standardised. */
static void hide(size_t first, size_t n, size_t i, double *means) {
  double row[P];
  memcpy(row, data + i * P, sizeof row);
  for (size_t k = 0; k < n; k++)
    row[first + k] = NAN;
  ck_assert_int_eq(emend_normal_complete(fit, row, 1, P, NULL), EMEND_OK);
  for (size_t k = 0; k < n; k++)
    means[k] = standardised(first + k, row[first + k]);
}

START_TEST(of_one_column_it_is_the_expectation) {
  for (size_t j = 0; j < P; j++) {
    emend_left_out own;
    ck_assert_int_eq(emend_left_out_new(&standard, j, 1, 4, &own, NULL), EMEND_OK);
    ck_assert_uint_eq(own.n, j == 7 ? 0 : 1); /* a constant has no coordinate */
    for (size_t i = 0; i < PAIRS && own.n; i++) {
      double mean;
      hide(j, 1, i, &mean);
      ck_assert_double_lt(fabs(coordinate(&own, 0, data + i * P) - mean), 1e-9);
    }
    emend_left_out_free(&own);
  }
}
END_TEST

/* (m - m')' K_BB (m - m'), with the largest entry of K_BB's diagonal for the unit. */
static double distance(size_t first, size_t n, const double *a, const double *b) {
  double sum = 0, most = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double entry = standard.precision[(first + i) * standard.stride + first + j];
      most = i == j ? fmax(most, entry) : most;
      sum += (a[i] - b[i]) * entry * (a[j] - b[j]);
    }
  return sum / most;
}

START_TEST(distances_are_those_under_the_residual_covariance) {
  static const size_t blocks[][2] = {{3, 2}, {0, 3}, {5, 4}};
  for (size_t b = 0; b < 3; b++) {
    size_t first = blocks[b][0], n = blocks[b][1];
    emend_left_out own;
    ck_assert_int_eq(emend_left_out_new(&standard, first, n, P, &own, NULL), EMEND_OK);
    for (size_t i = 0; i + 1 < PAIRS; i++) {
      double means[2][P], sum = 0;
      hide(first, n, i, means[0]), hide(first, n, i + 1, means[1]);
      for (size_t k = 0; k < own.n; k++)
        sum += pow(coordinate(&own, k, data + i * P) - coordinate(&own, k, data + (i + 1) * P), 2);
      double expected = distance(first, n, means[0], means[1]);
      ck_assert_msg(fabs(sum - expected) < 1e-3 * (0.1 + expected), "block %zu: %g for %g", b, sum, expected);
    }
    emend_left_out_free(&own);
  }
}
END_TEST

/* What comes of products with the columns outside a block is their regression: with it, the products come back. */
START_TEST(regressions_on_the_others) {
  static const size_t blocks[][2] = {{3, 1}, {0, 3}, {5, 4}};
  for (size_t b = 0; b < 3; b++) {
    size_t first = blocks[b][0], n = blocks[b][1];
    double g[P], regression[P];
    for (size_t j = 0; j < P; j++)
      g[j] = regression[j] = sin(1 + 3 * (double)(j + b));
    ck_assert_int_eq(emend_left_out_regress(&standard, first, n, regression, NULL), EMEND_OK);
    for (size_t j = 0; j < P; j++) {
      bool outside = (j < first || j >= first + n) && standard.active[j];
      double sum = 0;
      for (size_t k = 0; k < P; k++)
        sum += standard.correlation[j * standard.stride + k] * regression[k];
      ck_assert(outside || regression[j] == 0);
      ck_assert_double_lt(outside ? fabs(sum - g[j]) : 0, 1e-9);
    }
  }
}
END_TEST

static double product(const double *a, const double *b) {
  double sum = 0;
  for (size_t j = 0; j < P; j++)
    for (size_t k = 0; k < P; k++)
      sum += a[j] * standard.correlation[j * standard.stride + k] * b[k];
  return sum;
}

/* Coordinates are uncorrelated in the model, the most telling first; fewer of them are the first of all. */
START_TEST(the_most_telling_come_first) {
  emend_left_out own, two;
  ck_assert_int_eq(emend_left_out_new(&standard, 2, 5, P, &own, NULL), EMEND_OK);
  ck_assert_int_eq(emend_left_out_new(&standard, 2, 5, 2, &two, NULL), EMEND_OK);
  ck_assert_uint_ge(own.n, 3);
  ck_assert_uint_eq(two.n, 2);
  ck_assert_mem_eq(own.weights, two.weights, 2 * P * sizeof *own.weights);
  for (size_t a = 0; a < own.n; a++)
    for (size_t b = 0; b < a; b++) {
      ck_assert_double_lt(fabs(product(own.weights + a * P, own.weights + b * P)), 1e-9);
      ck_assert_double_ge(product(own.weights + b * P, own.weights + b * P), product(own.weights + a * P, own.weights + a * P));
    }
  emend_left_out_free(&own), emend_left_out_free(&two);
}
END_TEST

SUITE {
  Suite *suite = suite_create("left out");
  TCase *all = tcase_create("all");
  tcase_add_checked_fixture(all, set_up, tear_down);
  tcase_add_test(all, of_one_column_it_is_the_expectation);
  tcase_add_test(all, distances_are_those_under_the_residual_covariance);
  tcase_add_test(all, regressions_on_the_others);
  tcase_add_test(all, the_most_telling_come_first);
  suite_add_tcase(suite, all);
  return suite;
}
