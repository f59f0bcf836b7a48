/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/random.h"
#include "support/support.h"

enum { N = 100000 };

/* Moments of the uniform and the normal within five standard errors, and no correlation between neighbouring coordinates. */
START_TEST(numbers_have_their_distribution) {
  double sum = 0, squares = 0, normal = 0, normal_squares = 0, rows = 0, streams = 0;
  for (uint64_t i = 0; i < N; i++) {
    double u = emend_random_uniform(1, EMEND_STREAM_TEST, i, 3), z = emend_random_normal(1, EMEND_STREAM_TEST, i, 4);
    ck_assert(u > 0 && u < 1);
    sum += u;
    squares += (u - 0.5) * (u - 0.5);
    normal += z;
    normal_squares += z * z;
    rows += (u - 0.5) * (emend_random_uniform(1, EMEND_STREAM_TEST, i + 1, 3) - 0.5);
    streams += (u - 0.5) * (emend_random_uniform(1, EMEND_STREAM_TEST + 1, i, 3) - 0.5);
  }
  double root = sqrt((double)N);
  ck_assert(fabs(sum / N - 0.5) < 5 * sqrt(1.0 / 12) / root);
  ck_assert(fabs(squares / N - 1.0 / 12) < 5 * sqrt(1.0 / 180) / root);
  ck_assert(fabs(normal / N) < 5 / root);
  ck_assert(fabs(normal_squares / N - 1) < 5 * sqrt(2.0) / root);
  ck_assert(fabs(rows / N) < 5.0 / 12 / root);
  ck_assert(fabs(streams / N) < 5.0 / 12 / root);
}
END_TEST

START_TEST(numbers_depend_on_coordinates_alone) {
  double first = emend_random_uniform(9, 2, UINT64_C(1) << 40, 5);
  emend_random_uniform(1, 1, 1, 1);
  ck_assert(emend_random_uniform(9, 2, UINT64_C(1) << 40, 5) == first);
  ck_assert(emend_random_uniform(9, 2, 0, 5) != first);
  ck_assert(emend_random_uniform(9, 3, UINT64_C(1) << 40, 5) != first);
  ck_assert(emend_random_uniform(9 + (UINT64_C(1) << 35), 2, UINT64_C(1) << 40, 5) != first);
}
END_TEST

SUITE {
  Suite *suite = suite_create("random");
  TCase *cases = tcase_create("random");
  tcase_add_test(cases, numbers_have_their_distribution);
  tcase_add_test(cases, numbers_depend_on_coordinates_alone);
  suite_add_tcase(suite, cases);
  return suite;
}
