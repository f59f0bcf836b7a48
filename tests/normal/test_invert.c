/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inverse by blocks of columns against a closed form, the same to the bit for any number of threads. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/level.h"
#include "normal/inside.h"
#include "support/support.h"

static const double RHO = 0.7;

/* Correlations rho^|j - k|: the inverse is tridiagonal, the determinant (1 - rho^2)^(p - 1). */
static double correlation(size_t j, size_t k) { return pow(RHO, fabs((double)j - (double)k)); }

static double precision(size_t p, size_t j, size_t k) {
  double unit = 1 / (1 - RHO * RHO);
  if (j == k)
    return p == 1 ? 1 : j == 0 || j == p - 1 ? unit : (1 + RHO * RHO) * unit;
  return j == k + 1 || k == j + 1 ? -RHO * unit : 0;
}

static const size_t SIZES[] = {1, 2, 3, 5, 8, 13, 23, 24, 25, 31, 48, 49, 100, 250, 257, 300};
enum { N_SIZES = sizeof SIZES / sizeof *SIZES };

START_TEST(inverse_is_the_closed_form) {
  static const unsigned threads[] = {1, 2, 3, 7};
  size_t p = SIZES[_i % N_SIZES];
  emend_level level = (emend_level)(_i / N_SIZES);
  if (level > emend_level_best())
    return;
  setenv("EMEND_KERNEL", emend_level_name(level), 1);
  double *factor = calloc(p * p, sizeof *factor), *first = NULL, log_determinant, smallest;
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < p; k++)
      factor[j * p + k] = correlation(j, k);
  ck_assert(emend_blas_factorise(p, factor));
  for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
    emend_team *team;
    double *inverse = calloc(p * p, sizeof *inverse);
    ck_assert_int_eq(emend_team_new(threads[t], &team, NULL), EMEND_OK);
    ck_assert(emend_normal_invert_factor(p, factor, team, inverse, &log_determinant, &smallest));
    emend_team_free(team);
    ck_assert_double_eq_tol(log_determinant, (double)(p - 1) * log(1 - RHO * RHO), 1e-11);
    ck_assert_double_eq_tol(smallest, p == 1 ? 1 : 1 - RHO * RHO, 1e-13);
    double furthest = 0, skew = 0;
    for (size_t j = 0; j < p; j++)
      for (size_t k = 0; k < p; k++) {
        furthest = fmax(furthest, fabs(inverse[j * p + k] - precision(p, j, k)));
        skew = fmax(skew, fabs(inverse[j * p + k] - inverse[k * p + j]));
      }
    ck_assert_double_lt(furthest, 1e-12);
    ck_assert(skew == 0);
    if (first) {
      ck_assert(memcmp(first, inverse, p * p * sizeof *inverse) == 0);
      free(inverse);
    } else {
      first = inverse;
    }
  }
  free(first), free(factor);
}
END_TEST

START_TEST(singular_is_refused) {
  double square[9] = {1, 2, 3, 2, 4, 6, 3, 6, 10}, inverse[9], log_determinant, smallest;
  ck_assert(!emend_normal_invert(3, square, inverse, &log_determinant, &smallest));
}
END_TEST

SUITE {
  Suite *suite = suite_create("invert");
  TCase *tests = tcase_create("all");
  tcase_add_loop_test(tests, inverse_is_the_closed_form, 0, N_SIZES * EMEND_LEVELS);
  tcase_add_test(tests, singular_is_refused);
  suite_add_tcase(suite, tests);
  return suite;
}
