/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "impute/nearest.h"
#include "support/support.h"

/* How likely each donor is, counted over an even grid of chance numbers, is what sorting all of them by distance gives. */

enum { N = 300, MOST = EMEND_MOST_COORDINATES, GRID = 30 };

static int32_t points[N * MOST];

static int64_t distance_to(const int32_t *wanted, size_t q, size_t donor) {
  int64_t sum = 0;
  for (size_t k = 0; k < q; k++) {
    int64_t difference = (int64_t)points[donor * q + k] - wanted[k];
    sum += difference * difference;
  }
  return sum;
}

static void check_point(const emend_nearest *nearest, const int32_t *wanted, size_t q, size_t d) {
  static double likely[N];
  memset(likely, 0, sizeof likely);
  size_t most = d < N ? d : N, steps = most * GRID;
  for (size_t i = 0; i < steps; i++)
    likely[emend_nearest_choose(nearest, wanted, d, ((double)i + 0.5) / (double)steps)] += 1 / (double)steps;
  double sum = 0;
  for (size_t i = 0; i < N; i++) {
    size_t nearer = 0, tied = 0;
    int64_t own = distance_to(wanted, q, i);
    for (size_t j = 0; j < N; j++)
      nearer += distance_to(wanted, q, j) < own, tied += distance_to(wanted, q, j) == own;
    double places = nearer >= most ? 0 : most - nearer < tied ? (double)(most - nearer) : (double)tied;
    ck_assert_msg(fabs(likely[i] - places / (double)tied / (double)most) < 2 / (double)steps, "q %zu d %zu donor %zu: %g for %g of %g", q, d, i,
                  likely[i], places, (double)tied);
    sum += likely[i];
  }
  ck_assert_double_lt(fabs(sum - 1), 1e-9);
}

/* `width` different values in each coordinate: few make ties. Of several coordinates they are spaced so that no two distances are equal. */
static void check(size_t q, int32_t width) {
  for (size_t i = 0; i < N * q; i++)
    points[i] = (int32_t)(emend_random_uniform(3, EMEND_STREAM_TEST, i, q) * width) * (q > 1 ? 1000003 : 2) - width;
  emend_nearest *nearest;
  ck_assert_int_eq(emend_nearest_new(N, q, points, &nearest, NULL), EMEND_OK);
  for (size_t i = 0; i < 12; i++) {
    int32_t wanted[MOST] = {0};
    for (size_t k = 0; k < q; k++)
      wanted[k] = q > 1 ? (int32_t)(emend_random_uniform(4, EMEND_STREAM_TEST, i, k) * width * 1000003) : (int32_t)i * width / 6 - width;
    check_point(nearest, wanted, q, (size_t[]){1, 3, 5, 40, q > 1 ? 90 : 1000}[i % 5]);
  }
  emend_nearest_free(nearest);
}

START_TEST(on_a_line) { check(1, 1000000), check(1, 300), check(1, 4), check(1, 1); }
END_TEST
START_TEST(in_space) { check(2, 900), check(2, 9), check(3, 50), check(4, 3), check(4, 400); }
END_TEST
START_TEST(nowhere) { check(0, 1); }
END_TEST

/* Points as far apart as they can be. */
START_TEST(at_the_ends) {
  static const int32_t ends[] = {INT32_MIN + 1, INT32_MAX, INT32_MAX, 0};
  emend_nearest *nearest;
  ck_assert_int_eq(emend_nearest_new(4, 1, ends, &nearest, NULL), EMEND_OK);
  ck_assert_uint_eq(emend_nearest_choose(nearest, &(int32_t){INT32_MIN + 1}, 1, 0.5), 0);
  ck_assert_uint_eq(emend_nearest_choose(nearest, &(int32_t){INT32_MAX}, 2, 0.2), 1);
  ck_assert_uint_eq(emend_nearest_choose(nearest, &(int32_t){INT32_MAX}, 1, 0.9), 2);
  ck_assert_uint_eq(emend_nearest_choose(nearest, &(int32_t){5}, 1, 0.9), 3);
  emend_nearest_free(nearest);
}
END_TEST

SUITE {
  Suite *suite = suite_create("nearest");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 60);
  tcase_add_test(all, on_a_line);
  tcase_add_test(all, in_space);
  tcase_add_test(all, nowhere);
  tcase_add_test(all, at_the_ends);
  suite_add_tcase(suite, all);
  return suite;
}
