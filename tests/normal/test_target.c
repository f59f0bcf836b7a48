/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a ridge for few rows shrinks towards: against its formula in ordinary regressions, and that it keeps what the data show. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "normal/prior.h"
#include "pattern/plain.h"
#include "normal/kit.h"

enum { MOST = 60 };

/* At the answer of EM, or near it after so many steps, under Lambda = kappa D: the target, in standardised units. */
static void find_target(const double *values, size_t n, size_t p, double kappa, size_t steps, double *target) {
  emend_plain plain = {.values = values, .n_columns = p, .row_stride = p};
  emend_normal_prior_terms prior = {.kind = EMEND_PRIOR_SHRINK};
  emend_normal_problem *problem;
  emend_matrix matrix;
  emend_reduced *reduced;
  bool active[MOST];
  double objective;
  for (size_t j = 0; j < p; j++)
    active[j] = true;
  ck_assert_int_eq(emend_plain_matrix(&plain, n, NULL, &matrix, NULL), EMEND_OK);
  ck_assert_int_eq(emend_reduced_new(&matrix, NULL, NULL, NULL, &reduced, NULL), EMEND_OK);
  ck_assert_int_eq(emend_normal_prior_add_ridge(&prior, reduced, active, 1, kappa, NULL, NULL), EMEND_OK);
  ck_assert_int_eq(emend_normal_problem_new(reduced, active, 1, &prior, NULL, &problem, NULL), EMEND_OK);
  emend_em_model model = emend_normal_problem_model(problem);
  for (size_t i = 0; i < steps; i++) {
    ck_assert_int_eq(model.estep(model.state, &objective, NULL), EMEND_OK);
    model.mstep(model.state);
  }
  ck_assert_int_eq(emend_normal_find_target(problem, (double)n, target, NULL), EMEND_OK);
  emend_normal_problem_free(problem);
  emend_normal_prior_free(&prior);
  emend_reduced_free(reduced);
}

/* R2 of the regression of column j on all others, from the correlations. */
static double r_squared(size_t p, const double *correlations, size_t j) {
  double rest[MOST * MOST], solved[MOST], cross[MOST], sum = 0;
  size_t m = 0;
  for (size_t a = 0; a < p; a++)
    for (size_t b = 0, k = 0; b < p && a != j; b++)
      if (b != j)
        rest[(a - (a > j)) * (p - 1) + k++] = correlations[a * p + b];
  for (size_t a = 0; a < p; a++)
    if (a != j)
      cross[m] = solved[m] = correlations[a * p + j], m++;
  kit_solve(m, rest, solved);
  for (size_t a = 0; a < m; a++)
    sum += cross[a] * solved[a];
  return sum;
}

START_TEST(shares_are_what_regressions_show_beyond_chance) {
  enum { N = 80, P = 6 };
  double *values = kit_sample(41, N, P, 0), mean[P], correlations[P * P], sd[P], target[P * P], share[P];
  for (size_t i = 0; i < N; i++) /* one column of chance alone */
    values[i * P + P - 1] = emend_random_uniform(7, EMEND_STREAM_CELL, i, 0);
  kit_moments(values, N, P, 0, mean, correlations);
  for (size_t j = 0; j < P; j++)
    sd[j] = sqrt(correlations[j * P + j]);
  for (size_t j = 0; j < P; j++)
    for (size_t k = 0; k < P; k++)
      correlations[j * P + k] = 0;
  for (size_t i = 0; i < N; i++)
    for (size_t j = 0; j < P; j++)
      for (size_t k = 0; k < P; k++)
        correlations[j * P + k] += (values[i * P + j] - mean[j]) * (values[i * P + k] - mean[k]) / (N * sd[j] * sd[k]);
  find_target(values, N, P, 1e-7, 1, target);
  for (size_t j = 0; j < P; j++) {
    double r2 = r_squared(P, correlations, j);
    share[j] = fmax(0, (1 - (1 - r2) / (1 - (P + 1.0) / N)) / r2);
  }
  ck_assert_double_lt(share[P - 1], 0.5);
  for (size_t j = 0; j < P; j++) {
    assert_near(target[j * P + j], 1, 1e-9);
    for (size_t k = 0; k < j; k++)
      assert_near(target[j * P + k], 0.99 * sqrt(share[j] * share[k]) * correlations[j * P + k], 1e-6);
  }
  free(values);
}
END_TEST

/* What is missing of a column makes its relations less sure, not less: with many rows all of them is more than chance. */
START_TEST(missing_cells_are_not_chance) {
  enum { N = 4000, P = 2 };
  double *values = malloc(N * P * sizeof *values), target[P * P];
  for (size_t i = 0; i < N; i++) {
    double x = emend_random_normal(9, EMEND_STREAM_CELL, i, 0), y = 0.7 * x + sqrt(0.51) * emend_random_normal(9, EMEND_STREAM_CELL, i, 1);
    values[i * P] = x, values[i * P + 1] = i % 2 ? y : NAN;
  }
  find_target(values, N, P, 1e-7, 100, target);
  assert_near(target[1] / sqrt(target[0] * target[3]), 0.7, 0.03);
  free(values);
}
END_TEST

/* The first three columns nearly a sum, the others chance: n x p, a share missing. */
static double *body_and_chance(uint64_t seed, size_t n, size_t p, double missing) {
  double *values = malloc(n * p * sizeof *values);
  for (size_t i = 0; i < n; i++) {
    double z[MOST];
    for (size_t j = 0; j < p; j++)
      z[j] = emend_random_normal(seed, EMEND_STREAM_CELL, i, j);
    z[2] = z[0] - z[1] + 0.1 * z[2];
    for (size_t j = 0; j < p; j++)
      values[i * p + j] = emend_random_uniform(seed, EMEND_STREAM_HIDE, i, j) < missing ? NAN : z[j];
  }
  return values;
}

static double mean_correlation(size_t p, const double *covariance) {
  double sum = 0, count = 0;
  for (size_t j = 3; j < p; j++)
    for (size_t k = 3; k < j; k++, count++)
      sum += fabs(covariance[j * p + k]) / sqrt(covariance[j * p + j] * covariance[k * p + k]);
  return sum / count;
}

/* Too few rows for so many columns: chance is shrunk, the relation of three columns is not. Chance alone would be 0.11 with 50 rows. */
START_TEST(relations_outlast_a_ridge_for_few_rows) {
  enum { P = 50 };
  static const size_t rows[] = {40, 60, 70};
  size_t n = rows[_i];
  double *values = body_and_chance(3 + (uint64_t)_i, n, P, 0.05);
  emend_normal *fit = kit_fit(values, n, P, NULL, NULL);
  const double *s = emend_normal_covariance(fit);
  ck_assert_int_eq(emend_normal_prior(fit), EMEND_PRIOR_SHRINK);
  ck_assert_double_gt(emend_normal_ridge(fit), 1);
  double residual = s[2 * P + 2] + s[0] + s[P + 1] - 2 * s[2 * P] + 2 * s[2 * P + 1] - 2 * s[1]; /* of column 2 less (0 - 1) */
  if (n > P) /* else there is nothing to tell it from chance */
    ck_assert_msg(residual < 0.25 * s[2 * P + 2], "%g of %g", residual, s[2 * P + 2]);
  ck_assert_double_lt(mean_correlation(P, s), 0.08);
  emend_normal_free(fit);
  free(values);
}
END_TEST

SUITE {
  Suite *suite = suite_create("target");
  TCase *tests = tcase_create("all");
  tcase_add_test(tests, shares_are_what_regressions_show_beyond_chance);
  tcase_add_test(tests, missing_cells_are_not_chance);
  tcase_add_loop_test(tests, relations_outlast_a_ridge_for_few_rows, 0, 3);
  suite_add_tcase(suite, tests);
  return suite;
}
