/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold for any data: closed forms, an independent implementation, and transformations that must not matter. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "normal/kit.h"
#include "normal/tables.h"

static const double EXACT = 1e-8;

/* Largest difference of two models, means in sd and covariances as correlations, column j of b being column order[j] of a. */
static double distance(const emend_normal *a, const emend_normal *b, const size_t *order) {
  size_t p = emend_normal_columns(a);
  double largest = 0;
  for (size_t j = 0; j < p; j++) {
    size_t x = order ? order[j] : j;
    largest = fmax(largest, fabs(emend_normal_mean(a)[x] - emend_normal_mean(b)[j]) / sqrt(kit_covariance(a, x, x)));
    for (size_t k = 0; k < p; k++) {
      size_t y = order ? order[k] : k;
      largest =
          fmax(largest, fabs(kit_covariance(a, x, y) - kit_covariance(b, j, k)) / sqrt(kit_covariance(a, x, x) * kit_covariance(a, y, y)));
    }
  }
  return largest;
}

START_TEST(complete_data_in_one_step) {
  enum { ROWS = 40, COLUMNS = 5 };
  double *values = kit_sample(11, ROWS, COLUMNS, 0), mean[COLUMNS] = {0};
  emend_normal *fit = kit_fit(values, ROWS, COLUMNS, NULL, NULL);
  ck_assert(emend_normal_converged(fit));
  ck_assert_uint_eq(emend_normal_iterations(fit), 1);
  ck_assert(emend_normal_distance(fit) == 0);
  for (size_t i = 0; i < ROWS * COLUMNS; i++)
    mean[i % COLUMNS] += values[i] / ROWS;
  for (size_t j = 0; j < COLUMNS; j++) {
    assert_relative(emend_normal_mean(fit)[j], mean[j], 1e-13);
    for (size_t k = 0; k < COLUMNS; k++) {
      double s = 0;
      for (size_t i = 0; i < ROWS; i++)
        s += (values[i * COLUMNS + j] - mean[j]) * (values[i * COLUMNS + k] - mean[k]) / ROWS;
      assert_relative(kit_covariance(fit, j, k), s, 1e-11);
    }
  }
  assert_relative(emend_normal_log_likelihood(fit),
                  kit_log_likelihood(values, ROWS, COLUMNS, NULL, emend_normal_mean(fit), emend_normal_covariance(fit)), 1e-12);
  emend_normal_free(fit);
  free(values);
}
END_TEST

/* Monotone: column 0 complete, column 1 seen in the first n1 rows, column 2 in the first n2. The likelihood factors into regressions. */
START_TEST(monotone_pattern_is_factored_regression) {
  enum { ROWS = 60, SECOND = 45, THIRD = 30 };
  double *values = kit_sample(12, ROWS, 3, 0), mean[3], s[3][3];
  for (size_t i = 0; i < ROWS; i++) {
    if (i >= SECOND)
      values[i * 3 + 1] = NAN;
    if (i >= THIRD)
      values[i * 3 + 2] = NAN;
  }
  size_t rows[3] = {ROWS, SECOND, THIRD};
  memset(s, 0, sizeof s);
  for (size_t j = 0; j < 3; j++) {
    /* Regress column j on the columns before it, in the rows that have it. */
    double m[3] = {0}, a[9] = {0}, b[3] = {0}, c[3] = {0}, residual = 0;
    for (size_t i = 0; i < rows[j]; i++)
      for (size_t k = 0; k <= j; k++)
        m[k] += values[i * 3 + k] / (double)rows[j];
    for (size_t i = 0; i < rows[j]; i++) {
      for (size_t k = 0; k <= j; k++)
        c[k] = values[i * 3 + k] - m[k];
      for (size_t k = 0; k < j; k++) {
        b[k] += c[k] * c[j];
        for (size_t l = 0; l < j; l++)
          a[k * j + l] += c[k] * c[l];
      }
      residual += c[j] * c[j];
    }
    double xy[3] = {b[0], b[1], b[2]};
    if (j > 0)
      kit_solve(j, a, b);
    mean[j] = m[j];
    for (size_t k = 0; k < j; k++) {
      residual -= b[k] * xy[k];
      mean[j] += b[k] * (mean[k] - m[k]);
    }
    s[j][j] = residual / (double)rows[j];
    for (size_t k = 0; k < j; k++)
      for (size_t l = 0; l < j; l++)
        s[j][k] = s[k][j] += b[l] * s[l][k];
    for (size_t k = 0; k < j; k++)
      s[j][j] += b[k] * s[j][k];
  }
  emend_normal *fit = kit_fit_exact(values, ROWS, 3);
  for (size_t j = 0; j < 3; j++) {
    assert_relative(emend_normal_mean(fit)[j], mean[j], EXACT);
    for (size_t k = 0; k < 3; k++)
      assert_relative(kit_covariance(fit, j, k), s[j][k], EXACT);
  }
  emend_normal_free(fit);
  free(values);
}
END_TEST

/* Random patterns, with and without weights and a prior: the same limit as the textbook's program, and the log-likelihood by its
 * definition. */
START_TEST(textbook_em) {
  enum { MOST_COLUMNS = 8, MOST_ROWS = 200 };
  size_t p = 2 + (size_t)(_i * 3 % 7), rows = 60 + 15 * p;
  double *values = kit_sample(100 + (uint64_t)_i, rows, p, 0.05 + 0.07 * (_i % 5)), mean[MOST_COLUMNS],
         covariance[MOST_COLUMNS * MOST_COLUMNS], lambda[MOST_COLUMNS * MOST_COLUMNS], ignored[MOST_COLUMNS], weights[MOST_ROWS];
  for (size_t i = 0; i < rows; i++)
    weights[i] = (double)(i * 7 % 4);
  const double *given = _i % 3 == 2 ? weights : NULL;
  for (size_t j = 0; j < p && _i > 2; j++) /* also a row with nothing */
    values[7 * p + j] = NAN;
  double nu = _i % 2 ? 2 : 0;
  emend_normal_options *options = kit_exact_options();
  emend_normal_options_set_prior(options, nu > 0 ? EMEND_PRIOR_SHRINK : EMEND_PRIOR_NONE);
  ck_assert_int_eq(emend_normal_options_set_ridge(options, 2, NULL), EMEND_OK);
  if (nu > 0 && given) /* the prior's matrix is made of moments, which the kit takes without weights */
    given = NULL;
  kit_moments(values, rows, p, 1, ignored, lambda);
  for (size_t i = 0; i < p * p; i++)
    lambda[i] *= 2;
  kit_moments(values, rows, p, 0, mean, covariance);
  kit_textbook_em(values, rows, p, given, nu > 0 ? lambda : NULL, nu, 600, mean, covariance);
  emend_normal *fit = kit_fit(values, rows, p, given, options);
  ck_assert_msg(emend_normal_converged(fit), "distance %g after %zu iterations", emend_normal_distance(fit), emend_normal_iterations(fit));
  for (size_t j = 0; j < p; j++) {
    assert_relative(emend_normal_mean(fit)[j], mean[j], EXACT);
    for (size_t k = 0; k < p; k++)
      assert_near(kit_covariance(fit, j, k), covariance[j * p + k], EXACT * sqrt(covariance[j * p + j] * covariance[k * p + k]));
  }
  assert_relative(emend_normal_log_likelihood(fit),
                  kit_log_likelihood(values, rows, p, given, emend_normal_mean(fit), emend_normal_covariance(fit)), 1e-11);
  emend_normal_free(fit);
  emend_normal_options_free(options);
  free(values);
}
END_TEST

/* The start of docs/methods.md section 4: correlations over the rows that have both columns, drawn to 0 by the share of columns in them. */
static void start_together(const double *values, size_t rows, size_t columns, const double *mean, double *covariance) {
  for (size_t j = 0; j < columns; j++)
    for (size_t k = 0; k < j; k++) {
      double sum = 0, n = 0;
      for (size_t i = 0; i < rows; i++) {
        double product = (values[i * columns + j] - mean[j]) * (values[i * columns + k] - mean[k]);
        sum += isnan(product) ? 0 : product;
        n += !isnan(product);
      }
      covariance[j * columns + k] = covariance[k * columns + j] = sum / n * (1 - (double)columns / n);
    }
}

/* A single step, from the documented start: the statistics themselves, not only the limit. */
START_TEST(first_steps) {
  enum { ROWS = 80, COLUMNS = 6 };
  double *values = kit_sample(31, ROWS, COLUMNS, 0.3), mean[COLUMNS], covariance[COLUMNS * COLUMNS];
  kit_moments(values, ROWS, COLUMNS, 0, mean, covariance);
  start_together(values, ROWS, COLUMNS, mean, covariance);
  for (size_t steps = 1; steps <= 3; steps++) {
    kit_textbook_em(values, ROWS, COLUMNS, NULL, NULL, 0, 1, mean, covariance);
    emend_normal_options *options = emend_normal_options_new();
    ck_assert_int_eq(emend_normal_options_set_max_iterations(options, steps, NULL), EMEND_OK);
    emend_normal_options_set_acceleration(options, EMEND_ACCELERATE_NONE);
    emend_normal *fit = kit_fit(values, ROWS, COLUMNS, NULL, options);
    ck_assert(!emend_normal_converged(fit));
    ck_assert_uint_eq(emend_normal_iterations(fit), steps);
    for (size_t j = 0; j < COLUMNS; j++)
      assert_relative(emend_normal_mean(fit)[j], mean[j], 1e-11);
    for (size_t j = 0; j < COLUMNS * COLUMNS; j++)
      assert_near(emend_normal_covariance(fit)[j], covariance[j], 1e-11);
    emend_normal_free(fit);
    emend_normal_options_free(options);
  }
  free(values);
}
END_TEST

START_TEST(row_order) {
  enum { ROWS = 50, COLUMNS = 4 };
  double *values = kit_sample(41, ROWS, COLUMNS, 0.25), reversed[ROWS * COLUMNS];
  for (size_t i = 0; i < ROWS; i++)
    memcpy(reversed + i * COLUMNS, values + (i * 17 + 5) % ROWS * COLUMNS, COLUMNS * sizeof *values);
  emend_normal *a = kit_fit_exact(values, ROWS, COLUMNS), *b = kit_fit_exact(reversed, ROWS, COLUMNS);
  assert_near(distance(a, b, NULL), 0, 1e-10);
  assert_relative(emend_normal_log_likelihood(a), emend_normal_log_likelihood(b), 1e-13);
  emend_normal_free(a), emend_normal_free(b);
  free(values);
}
END_TEST

START_TEST(column_order) {
  enum { ROWS = 50, COLUMNS = 4 };
  static const size_t order[COLUMNS] = {2, 0, 3, 1};
  double *values = kit_sample(42, ROWS, COLUMNS, 0.25), moved[ROWS * COLUMNS];
  for (size_t i = 0; i < ROWS * COLUMNS; i++)
    moved[i] = values[i / COLUMNS * COLUMNS + order[i % COLUMNS]];
  emend_normal *a = kit_fit_exact(values, ROWS, COLUMNS), *b = kit_fit_exact(moved, ROWS, COLUMNS);
  assert_near(distance(a, b, order), 0, 1e-10);
  assert_relative(emend_normal_log_likelihood(a), emend_normal_log_likelihood(b), 1e-13);
  emend_normal_free(a), emend_normal_free(b);
  free(values);
}
END_TEST

/* A column in 1e8 with a mean of 1e10 beside a flag: iterations, estimates and completed cells follow the units, under every prior. */
START_TEST(affine_rescaling) {
  enum { ROWS = 50, COLUMNS = 4 };
  static const double scale[COLUMNS] = {1e8, -1, 1e-6, 3}, shift[COLUMNS] = {1e10, 0, 5, -7};
  emend_prior prior = (emend_prior)_i;
  double *values = kit_sample(43, ROWS, COLUMNS, 0.25), moved[ROWS * COLUMNS];
  for (size_t i = 0; i < ROWS; i++)
    if (!isnan(values[i * COLUMNS + 3]))
      values[i * COLUMNS + 3] = values[i * COLUMNS + 3] > 8;
  for (size_t i = 0; i < ROWS * COLUMNS; i++)
    moved[i] = shift[i % COLUMNS] + scale[i % COLUMNS] * values[i];
  emend_normal_options *options = emend_normal_options_new();
  emend_normal_options_set_prior(options, prior);
  emend_normal *a = kit_fit(values, ROWS, COLUMNS, NULL, options), *b = kit_fit(moved, ROWS, COLUMNS, NULL, options);
  ck_assert(emend_normal_converged(a) && emend_normal_converged(b));
  ck_assert_uint_eq(emend_normal_iterations(a), emend_normal_iterations(b));
  double jacobian = 0;
  for (size_t i = 0; i < ROWS * COLUMNS; i++)
    jacobian += isnan(values[i]) ? 0 : log(fabs(scale[i % COLUMNS]));
  assert_relative(emend_normal_log_likelihood(b), emend_normal_log_likelihood(a) - jacobian, 1e-9);
  for (size_t j = 0; j < COLUMNS; j++) {
    double sd = sqrt(kit_covariance(b, j, j));
    assert_near((shift[j] + scale[j] * emend_normal_mean(a)[j] - emend_normal_mean(b)[j]) / sd, 0, 1e-7);
    for (size_t k = 0; k < COLUMNS; k++)
      assert_near((scale[j] * scale[k] * kit_covariance(a, j, k) - kit_covariance(b, j, k)) / sd / sqrt(kit_covariance(b, k, k)), 0, 1e-7);
  }
  ck_assert_int_eq(emend_normal_complete(a, values, ROWS, COLUMNS, NULL), EMEND_OK);
  ck_assert_int_eq(emend_normal_complete(b, moved, ROWS, COLUMNS, NULL), EMEND_OK);
  for (size_t i = 0; i < ROWS * COLUMNS; i++) {
    size_t j = i % COLUMNS;
    assert_near((shift[j] + scale[j] * values[i] - moved[i]) / sqrt(kit_covariance(b, j, j)), 0, 1e-6);
  }
  emend_normal_free(a), emend_normal_free(b);
  emend_normal_options_free(options);
  free(values);
}
END_TEST

/* Integer weights against rows written out; compressed and raw patterns. */
START_TEST(frequency_weights_repeat_rows) {
  enum { ROWS = 40, COLUMNS = 4, MOST = 200 };
  double *values = kit_sample(51, ROWS, COLUMNS, 0.3), weights[ROWS], repeated[MOST * COLUMNS];
  size_t n = 0;
  for (size_t i = 0; i < ROWS; i++) {
    weights[i] = (double)(i * 7 % 5); /* 0 to 4 */
    for (size_t k = 0; k < i * 7 % 5; k++)
      memcpy(repeated + n++ * COLUMNS, values + i * COLUMNS, COLUMNS * sizeof *values);
  }
  ck_assert_uint_le(n, MOST);
  emend_normal_options *options = kit_exact_options();
  emend_normal_options_set_prior(options, _i ? EMEND_PRIOR_RIDGE : EMEND_PRIOR_NONE);
  emend_normal *a = kit_fit(values, ROWS, COLUMNS, weights, options), *b = kit_fit(repeated, n, COLUMNS, NULL, options);
  assert_near(distance(a, b, NULL), 0, 1e-9);
  assert_relative(emend_normal_log_likelihood(a), emend_normal_log_likelihood(b), 1e-11);
  assert_relative(emend_normal_log_posterior(a), emend_normal_log_posterior(b), 1e-11);
  assert_relative(emend_normal_weight(a), (double)n, 1e-13);
  ck_assert_uint_eq(emend_normal_rows(a), 32);
  double sum = 0, squares = 0;
  for (size_t i = 0; i < ROWS; i++)
    sum += weights[i], squares += weights[i] * weights[i];
  assert_relative(emend_normal_effective_rows(a), sum * sum / squares, 1e-13);
  emend_normal_free(a), emend_normal_free(b);
  emend_normal_options_free(options);
  free(values);
}
END_TEST

/* Sampling weights: their scale does not matter, not even with a prior; W is the number of rows that take part. */
START_TEST(sampling_weights_have_no_scale) {
  enum { ROWS = 40, COLUMNS = 3 };
  double *values = kit_sample(52, ROWS, COLUMNS, 0.2), small[ROWS], large[ROWS];
  for (size_t j = 0; j < COLUMNS; j++)
    values[4 * COLUMNS + j] = NAN; /* nothing observed: takes no part */
  for (size_t i = 0; i < ROWS; i++) {
    small[i] = 0.01 * (1 + emend_random_uniform(1, EMEND_STREAM_TEST, i, 0));
    small[i] = i == 9 ? 0 : small[i];
    large[i] = 1e6 * small[i];
  }
  emend_normal_options *options = kit_exact_options();
  emend_normal_options_set_prior(options, EMEND_PRIOR_RIDGE);
  emend_normal_options_set_weight_kind(options, EMEND_SAMPLING_WEIGHTS);
  emend_normal *a = kit_fit(values, ROWS, COLUMNS, small, options), *b = kit_fit(values, ROWS, COLUMNS, large, options);
  assert_near(distance(a, b, NULL), 0, 1e-10);
  assert_relative(emend_normal_log_posterior(a), emend_normal_log_posterior(b), 1e-12);
  assert_relative(emend_normal_log_likelihood(a), emend_normal_log_likelihood(b), 1e-12);
  assert_relative(emend_normal_weight(a), ROWS - 2, 1e-12);
  ck_assert_uint_eq(emend_normal_rows(a), ROWS - 2);
  emend_normal_free(a), emend_normal_free(b);
  emend_normal_options_free(options);
  free(values);
}
END_TEST

/* The objective at each iteration, seen by stopping there. */
START_TEST(objective_never_falls) {
  static const emend_prior priors[] = {EMEND_PRIOR_NONE, EMEND_PRIOR_JEFFREYS, EMEND_PRIOR_RIDGE, EMEND_PRIOR_SHRINK};
  for (size_t k = 0; k < 4; k++) {
    double before = -INFINITY;
    for (size_t steps = 1; steps <= 60; steps++) {
      emend_normal_options *options = emend_normal_options_new();
      emend_normal_options_set_prior(options, priors[k]);
      ck_assert_int_eq(emend_normal_options_set_max_iterations(options, steps, NULL), EMEND_OK);
      ck_assert_int_eq(emend_normal_options_set_tolerance(options, 1e-12, NULL), EMEND_OK);
      emend_normal *fit = kit_fit(nhanes, NHANES_ROWS, 4, NULL, options);
      double now = emend_normal_log_posterior(fit);
      ck_assert_msg(now >= before - 1e-11 * fabs(now), "prior %zu, step %zu: %.15g after %.15g", k, steps, now, before);
      before = now;
      emend_normal_free(fit);
      emend_normal_options_free(options);
    }
  }
}
END_TEST

/* The stopping rule promises the distance to the limit, on slow and on fast problems. */
START_TEST(distance_is_honest) {
  static const struct {
    const double *values;
    size_t rows, columns;
  } tables[] = {{hald, HALD_ROWS, 5},
                {nhanes, NHANES_ROWS, 4},
                {cholesterol, CHOLESTEROL_ROWS, 3},
                {employee, EMPLOYEE_ROWS, 3},
                {apple, APPLE_ROWS, 2}};
  for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
    emend_normal *limit = kit_fit_exact(tables[k].values, tables[k].rows, tables[k].columns);
    emend_normal *fit = kit_fit(tables[k].values, tables[k].rows, tables[k].columns, NULL, NULL);
    ck_assert(emend_normal_converged(fit));
    ck_assert(emend_normal_distance(fit) <= 1e-6);
    size_t p = tables[k].columns;
    double largest = 0;
    for (size_t i = 0; i < p; i++) {
      largest = fmax(largest, fabs(emend_normal_mean(fit)[i] - emend_normal_mean(limit)[i]) / emend_normal_scale(fit)[i]);
      for (size_t j = 0; j < p; j++)
        largest = fmax(largest, fabs(kit_covariance(fit, i, j) - kit_covariance(limit, i, j)) / emend_normal_scale(fit)[i] /
                                    emend_normal_scale(fit)[j]);
    }
    ck_assert_msg(largest < 1.3e-6, "table %zu: stopped %g from the limit", k, largest);
    emend_normal_free(fit), emend_normal_free(limit);
  }
}
END_TEST

/* Acceleration changes the way, not the end: on random tables, some of them slow, and with every prior; and where it stops is where it
 * says. */
START_TEST(acceleration_reaches_the_same_limit) {
  size_t n = 40 + 20 * (size_t)(_i % 5), p = 3 + (size_t)(_i % 4);
  double *values = kit_sample(300 + (uint64_t)_i, n, p, 0.1 + 0.05 * (_i % 6));
  emend_normal_options *options = kit_exact_options();
  emend_normal_options_set_prior(options, (emend_prior)(_i % 4));
  emend_normal_options_set_acceleration(options, EMEND_ACCELERATE_NONE);
  emend_normal *plain = kit_fit(values, n, p, NULL, options);
  emend_normal_options_set_acceleration(options, _i % 2 ? EMEND_ACCELERATE_SQUAREM : EMEND_ACCELERATE_ANDERSON);
  emend_normal *fast = kit_fit(values, n, p, NULL, options);
  ck_assert(emend_normal_converged(plain) && emend_normal_converged(fast));
  assert_near(distance(plain, fast, NULL), 0, 1e-8);
  assert_relative(emend_normal_log_posterior(plain), emend_normal_log_posterior(fast), 1e-12);
  ck_assert_int_eq(emend_normal_options_set_tolerance(options, 1e-6, NULL), EMEND_OK);
  emend_normal *usual = kit_fit(values, n, p, NULL, options);
  ck_assert(emend_normal_converged(usual));
  ck_assert_msg(distance(plain, usual, NULL) < 2e-6, "stopped %g from the limit", distance(plain, usual, NULL));
  emend_normal_free(plain), emend_normal_free(fast), emend_normal_free(usual);
  emend_normal_options_free(options);
  free(values);
}
END_TEST

/* Completed cells are the regression on what the row has; observed cells keep their bits; a row with nothing gets the mean. */
START_TEST(completion) {
  double values[NHANES_ROWS * 4 + 4];
  memcpy(values, nhanes, sizeof nhanes);
  for (size_t j = 0; j < 4; j++)
    values[NHANES_ROWS * 4 + j] = NAN;
  emend_normal *fit = kit_fit_exact(nhanes, NHANES_ROWS, 4);
  const double *mean = emend_normal_mean(fit);
  ck_assert_int_eq(emend_normal_complete(fit, values, NHANES_ROWS + 1, 4, NULL), EMEND_OK);
  for (size_t i = 0; i < NHANES_ROWS; i++) {
    double part[16], r[4];
    size_t columns[4], o = 0;
    for (size_t j = 0; j < 4; j++)
      if (!isnan(nhanes[i * 4 + j]))
        columns[o++] = j;
    for (size_t a = 0; a < o; a++)
      for (size_t b = 0; b < o; b++)
        part[a * o + b] = kit_covariance(fit, columns[a], columns[b]);
    for (size_t j = 0; j < 4; j++) {
      if (!isnan(nhanes[i * 4 + j])) {
        ck_assert(values[i * 4 + j] == nhanes[i * 4 + j]);
        continue;
      }
      double expected = mean[j];
      for (size_t a = 0; a < o; a++)
        r[a] = kit_covariance(fit, j, columns[a]);
      kit_solve(o, part, r);
      for (size_t a = 0; a < o; a++)
        expected += r[a] * (nhanes[i * 4 + columns[a]] - mean[columns[a]]);
      assert_relative(values[i * 4 + j], expected, 1e-10);
    }
  }
  for (size_t j = 0; j < 4; j++)
    assert_relative(values[NHANES_ROWS * 4 + j], mean[j], 1e-14);
  emend_normal_free(fit);
}
END_TEST

SUITE {
  Suite *suite = suite_create("invariances");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, complete_data_in_one_step);
  tcase_add_test(tests, monotone_pattern_is_factored_regression);
  tcase_add_loop_test(tests, textbook_em, 0, 12);
  tcase_add_test(tests, first_steps);
  tcase_add_test(tests, row_order);
  tcase_add_test(tests, column_order);
  tcase_add_loop_test(tests, affine_rescaling, EMEND_PRIOR_NONE, EMEND_PRIOR_SHRINK + 1);
  tcase_add_loop_test(tests, frequency_weights_repeat_rows, 0, 2);
  tcase_add_test(tests, sampling_weights_have_no_scale);
  tcase_add_test(tests, objective_never_falls);
  tcase_add_test(tests, distance_is_honest);
  tcase_add_loop_test(tests, acceleration_reaches_the_same_limit, 0, 60);
  tcase_add_test(tests, completion);
  suite_add_tcase(suite, tests);
  return suite;
}
