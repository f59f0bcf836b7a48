/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers that others have published or computed: exact ones to 1e-8, printed ones to the accuracy of the program that printed them. */
#include <stdlib.h>

#include "normal/kit.h"
#include "normal/tables.h"

static const double EXACT = 1e-8;

/* -2 log L as SAS and norm2 give it, without the constant. */
static double minus_two_log_likelihood(const emend_normal *fit, const double *values, size_t n, size_t p) {
  size_t cells = 0;
  for (size_t i = 0; i < n * p; i++)
    cells += !isnan(values[i]);
  return -2 * emend_normal_log_likelihood(fit) - (double)cells * log(2 * M_PI);
}

static double mean(const emend_normal *fit, size_t j) { return emend_normal_mean(fit)[j]; }

START_TEST(cholesterol_estimates) {
  emend_normal *fit = kit_fit_exact(cholesterol, CHOLESTEROL_ROWS, 3);
  assert_near(mean(fit, 0), 253.9286, 5e-5);
  assert_near(mean(fit, 1), 230.6429, 5e-5);
  assert_relative(mean(fit, 2), 222.237170222, EXACT);
  assert_near(kit_covariance(fit, 0, 0), 2194.9949, 5e-5);
  assert_near(kit_covariance(fit, 0, 1), 1454.617, 5e-4);
  assert_near(kit_covariance(fit, 1, 1), 2127.158, 5e-4);
  assert_relative(kit_covariance(fit, 0, 2), 835.39793737, EXACT);
  assert_relative(kit_covariance(fit, 1, 2), 1515.46723653, EXACT);
  assert_relative(kit_covariance(fit, 2, 2), 1952.23257810, EXACT);
  assert_relative(-2 * emend_normal_log_likelihood(fit), 753.830930645, 1e-11);
  assert_relative(minus_two_log_likelihood(fit, cholesterol, CHOLESTEROL_ROWS, 3), 615.990150665, 1e-11);
  assert_near(emend_normal_log_likelihood(fit), -376.915465, 5e-7);
  ck_assert_uint_eq(emend_normal_patterns(fit), 2);
  emend_normal_free(fit);
}
END_TEST

START_TEST(apple_estimates) {
  emend_normal *fit = kit_fit_exact(apple, APPLE_ROWS, 2);
  assert_relative(mean(fit, 0), 14.7222222222, EXACT);
  assert_relative(mean(fit, 1), 49.3333333333, EXACT);
  assert_relative(kit_covariance(fit, 0, 0), 89.5339506173, EXACT);
  assert_relative(kit_covariance(fit, 0, 1), -90.6967291967, EXACT);
  assert_relative(kit_covariance(fit, 1, 1), 114.694955117, EXACT);
  assert_relative(-2 * emend_normal_log_likelihood(fit), 203.571264256, 1e-11);
  assert_relative(minus_two_log_likelihood(fit, apple, APPLE_ROWS, 2), 148.434952263, 1e-11);
  emend_normal_free(fit);
}
END_TEST

START_TEST(hald_estimates) {
  static const double means[5] = {6.6551658460, 49.9652591199, 11.7692307692, 27.0470890436, 95.4230769231};
  static const double variances[5] = {21.8255680695, 238.012439246, 37.8698224852, 294.183043778, 208.904852071};
  emend_normal *fit = kit_fit_exact(hald, HALD_ROWS, 5);
  for (size_t j = 0; j < 5; j++) {
    assert_relative(mean(fit, j), means[j], EXACT);
    assert_relative(kit_covariance(fit, j, j), variances[j], EXACT);
  }
  assert_relative(kit_covariance(fit, 0, 1), 20.8643336213, EXACT);
  assert_relative(kit_covariance(fit, 0, 3), -11.4734412105, EXACT);
  assert_relative(kit_covariance(fit, 1, 3), -252.072312177, EXACT);
  assert_relative(kit_covariance(fit, 0, 4), 46.9530310188, EXACT);
  assert_relative(kit_covariance(fit, 3, 4), -190.598490803, EXACT);
  assert_relative(minus_two_log_likelihood(fit, hald, HALD_ROWS, 5), 173.95664757, 1e-10);
  assert_near(-2 * emend_normal_log_likelihood(fit), 265.85050089, 1e-8);
  emend_normal_free(fit);
}
END_TEST

START_TEST(employee_estimates) {
  emend_normal *fit = kit_fit_exact(employee, EMPLOYEE_ROWS, 3);
  assert_relative(mean(fit, 0), 100, EXACT);
  assert_relative(mean(fit, 1), 10.2713567147, EXACT);
  assert_relative(mean(fit, 2), 10.2306548705, EXACT);
  assert_relative(kit_covariance(fit, 0, 0), 189.6, EXACT);
  assert_relative(kit_covariance(fit, 1, 1), 11.0362625687, EXACT);
  assert_relative(kit_covariance(fit, 2, 2), 8.67583582717, EXACT);
  assert_relative(kit_covariance(fit, 0, 1), 12.2064110068, EXACT);
  assert_relative(kit_covariance(fit, 0, 2), 22.3055581335, EXACT);
  assert_relative(kit_covariance(fit, 1, 2), 5.60634076261, EXACT);
  assert_relative(-2 * emend_normal_log_likelihood(fit), 292.885279325, 1e-11);
  assert_relative(minus_two_log_likelihood(fit, employee, EMPLOYEE_ROWS, 3), 206.505057204, 1e-11);
  assert_near(emend_normal_log_likelihood(fit), -146.442640, 5e-7);
  emend_normal_free(fit);
}
END_TEST

START_TEST(nhanes_estimates) {
  static const double means[4] = {1.76, 26.5225598676, 1.22939732465, 194.446804376};
  static const double variances[4] = {.6624, 18.3795326557, .177934064389, 1961.93189883};
  emend_normal *fit = kit_fit_exact(nhanes, NHANES_ROWS, 4);
  for (size_t j = 0; j < 4; j++) {
    assert_relative(mean(fit, j), means[j], EXACT);
    assert_relative(kit_covariance(fit, j, j), variances[j], EXACT);
  }
  assert_relative(kit_covariance(fit, 0, 1), -1.5923355889, EXACT);
  assert_relative(kit_covariance(fit, 0, 2), .170274502268, EXACT);
  assert_relative(kit_covariance(fit, 0, 3), 20.7951795627, EXACT);
  /* A covariance near 0: to 1e-8 of the product of the standard deviations. */
  assert_near(kit_covariance(fit, 1, 2), -.0109207960921, 1e-8 * sqrt(variances[1] * variances[2]));
  assert_relative(kit_covariance(fit, 1, 3), 51.2645323852, EXACT);
  assert_relative(kit_covariance(fit, 2, 3), 7.45815051189, EXACT);
  assert_relative(minus_two_log_likelihood(fit, nhanes, NHANES_ROWS, 4), 167.552346984, 1e-11);
  assert_near(emend_normal_log_likelihood(fit), -150.858686, 5e-7);
  emend_normal_free(fit);
}
END_TEST

START_TEST(airquality_estimates) {
  const char *path = support_shared("data/real/airquality.csv");
  if (!path)
    return;
  size_t n;
  double *values = kit_read_csv(path, 0, 6, &n);
  ck_assert_uint_eq(n, 153);
  emend_normal *fit = kit_fit_exact(values, n, 6);
  assert_relative(mean(fit, 0), 42.522163421, EXACT);
  assert_relative(mean(fit, 1), 185.534490479, EXACT);
  assert_relative(kit_covariance(fit, 0, 0), 1043.69370852, EXACT);
  assert_relative(kit_covariance(fit, 1, 1), 8050.79256933, EXACT);
  assert_relative(minus_two_log_likelihood(fit, values, n, 6), 4641.654014908, 1e-11);
  assert_near(emend_normal_log_likelihood(fit), -3123.979285, 5e-7);
  ck_assert_uint_eq(emend_normal_patterns(fit), 4);
  emend_normal_free(fit);
  free(values);
}
END_TEST

/* The regression of the third column that norm2 prints follows from the estimates. */
START_TEST(cholesterol_regression) {
  emend_normal *fit = kit_fit_exact(cholesterol, CHOLESTEROL_ROWS, 3);
  double a[4] = {kit_covariance(fit, 0, 0), kit_covariance(fit, 0, 1), kit_covariance(fit, 1, 0), kit_covariance(fit, 1, 1)};
  double b[2] = {kit_covariance(fit, 0, 2), kit_covariance(fit, 1, 2)};
  kit_solve(2, a, b);
  assert_near(b[0], -0.1673990, 5e-7);
  assert_near(b[1], 0.8269102, 5e-7);
  assert_near(mean(fit, 2) - b[0] * mean(fit, 0) - b[1] * mean(fit, 1), 74.0236337, 5e-5);
  emend_normal_free(fit);
}
END_TEST

/* norm2 "ridge" 0.5: every digit of the limit. */
START_TEST(marijuana_ridge) {
  static const double means[6] = {7.6819090, 16.8888889, 14.7757447, 5.2653605, 7.5555556, -2.6026013};
  static const double variances[6] = {38.093827, 34.572391, 117.830371, 112.597319, 46.764310, 74.162838};
  emend_normal_options *options = kit_exact_options();
  emend_normal_options_set_prior(options, EMEND_PRIOR_RIDGE);
  ck_assert_int_eq(emend_normal_options_set_ridge(options, 0.5, NULL), EMEND_OK);
  emend_normal *fit = kit_fit(marijuana, MARIJUANA_ROWS, 6, NULL, options);
  ck_assert(emend_normal_converged(fit));
  for (size_t j = 0; j < 6; j++) {
    assert_near(mean(fit, j), means[j], 6e-8);
    assert_near(kit_covariance(fit, j, j), variances[j], 6e-7);
  }
  assert_near(minus_two_log_likelihood(fit, marijuana, MARIJUANA_ROWS, 6), 252.786166, 6e-7);
  double shift = 49 * log(2 * M_PI); /* 49 of the 54 cells are observed */
  assert_near(-2 * emend_normal_log_posterior(fit) - shift, 434.1799, 6e-5);
  ck_assert_int_eq(emend_normal_prior(fit), EMEND_PRIOR_RIDGE);
  ck_assert(emend_normal_ridge(fit) == 0.5);
  emend_normal_free(fit);
  emend_normal_options_free(options);
}
END_TEST

/* The same prior handed over as a matrix. */
START_TEST(marijuana_given_matrix) {
  double mean0[6], d[36];
  kit_moments(marijuana, MARIJUANA_ROWS, 6, 1, mean0, d);
  for (size_t i = 0; i < 36; i++)
    d[i] *= 0.5;
  emend_normal_options *options = kit_exact_options();
  ck_assert_int_eq(emend_normal_options_set_prior_matrix(options, 0.5 + 6 + 1, d, 6, NULL), EMEND_OK);
  emend_normal *fit = kit_fit(marijuana, MARIJUANA_ROWS, 6, NULL, options);
  ck_assert_int_eq(emend_normal_prior(fit), EMEND_PRIOR_GIVEN);
  assert_near(mean(fit, 3), 5.2653605, 6e-8);
  assert_near(kit_covariance(fit, 3, 3), 112.597319, 6e-7);
  emend_normal_free(fit);
  emend_normal_options_free(options);
}
END_TEST

/* norm2's stopping point, 159 steps from the observed means and D, by the independent program: pins the prior that our limit is compared
 * with. */
START_TEST(marijuana_as_printed) {
  static const double means[6] = {7.681907, 16.88889, 14.77574, 5.264824, 7.555556, -2.602595};
  double m[6], s[36], lambda[36];
  kit_moments(marijuana, MARIJUANA_ROWS, 6, 1, m, s);
  for (size_t i = 0; i < 36; i++)
    lambda[i] = 0.5 * s[i];
  kit_textbook_em(marijuana, MARIJUANA_ROWS, 6, NULL, lambda, 7.5, 159, m, s);
  for (size_t j = 0; j < 6; j++)
    assert_near(m[j], means[j], 6e-6);
  double shift = 49 * log(2 * M_PI);
  assert_near(-2 * kit_log_posterior(marijuana, MARIJUANA_ROWS, 6, m, s, lambda, 7.5) - shift, 434.1799, 6e-5);
}
END_TEST

/* Densities at the maximum of the likelihood that norm2's tests print; without the constant. */
START_TEST(cholesterol_log_posteriors) {
  emend_normal *fit = kit_fit_exact(cholesterol, CHOLESTEROL_ROWS, 3);
  const double *m = emend_normal_mean(fit), *s = emend_normal_covariance(fit);
  double d[9], ignored[3], scale[9] = {2, 0, 0, 0, 1, 0, 0, 0, 2}, shift = 75 * log(2 * M_PI) / 2;
  kit_moments(cholesterol, CHOLESTEROL_ROWS, 3, 1, ignored, d);
  for (size_t i = 0; i < 9; i++)
    d[i] *= 3;
  assert_near(emend_normal_log_posterior(fit) + shift, -307.99508, 6e-6);
  assert_near(kit_log_posterior(cholesterol, CHOLESTEROL_ROWS, 3, m, s, d, 3 + 3 + 1) + shift, -395.02723, 6e-6);
  assert_near(kit_log_posterior(cholesterol, CHOLESTEROL_ROWS, 3, m, s, scale, 3 + 3 + 1) + shift, -383.19537, 6e-6);
  emend_normal_free(fit);
}
END_TEST

/* The reported log-posterior is that function at the reported estimates. */
START_TEST(log_posterior_is_the_formula) {
  static const emend_prior priors[] = {EMEND_PRIOR_JEFFREYS, EMEND_PRIOR_RIDGE, EMEND_PRIOR_SHRINK};
  static const double nu[] = {4, 3 + 4, 3};
  for (size_t k = 0; k < 3; k++) {
    emend_normal_options *options = kit_exact_options();
    emend_normal_options_set_prior(options, priors[k]);
    ck_assert_int_eq(emend_normal_options_set_ridge(options, 3, NULL), EMEND_OK);
    emend_normal *fit = kit_fit(cholesterol, CHOLESTEROL_ROWS, 3, NULL, options);
    double d[9], ignored[3];
    kit_moments(cholesterol, CHOLESTEROL_ROWS, 3, 1, ignored, d);
    for (size_t i = 0; i < 9; i++)
      d[i] *= 3;
    double expected = kit_log_posterior(cholesterol, CHOLESTEROL_ROWS, 3, emend_normal_mean(fit), emend_normal_covariance(fit),
                                        priors[k] == EMEND_PRIOR_JEFFREYS ? NULL : d, nu[k]);
    assert_relative(emend_normal_log_posterior(fit), expected, 1e-11);
    emend_normal_free(fit);
    emend_normal_options_free(options);
  }
}
END_TEST

/* SAS/STAT, PROC MI: posterior mode under Jeffreys' prior, iteration 7 of a run that stopped there. */
START_TEST(fitness_jeffreys) {
  emend_normal_options *options = kit_exact_options();
  emend_normal *fit = kit_fit(fitness, FITNESS_ROWS, 3, NULL, options);
  double cells = 78;
  assert_near(minus_two_log_likelihood(fit, fitness, FITNESS_ROWS, 3), 254.482800, 6e-6);
  assert_near(mean(fit, 0), 47.104077, 2e-4); /* SAS stopped its own iterations at a change of 1e-4 */
  emend_normal_free(fit);
  emend_normal_options_set_prior(options, EMEND_PRIOR_JEFFREYS);
  fit = kit_fit(fitness, FITNESS_ROWS, 3, NULL, options);
  assert_near(-2 * emend_normal_log_posterior(fit) - cells * log(2 * M_PI), 282.015222, 6e-7);
  assert_near(minus_two_log_likelihood(fit, fitness, FITNESS_ROWS, 3), 255.334085, 1e-4);
  assert_near(mean(fit, 0), 47.103766, 1e-5);
  assert_near(mean(fit, 1), 10.554320, 1e-5);
  assert_near(mean(fit, 2), 171.382196, 1e-5);
  emend_normal_free(fit);
  emend_normal_options_free(options);
}
END_TEST

SUITE {
  Suite *suite = suite_create("published answers");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, cholesterol_estimates);
  tcase_add_test(tests, apple_estimates);
  tcase_add_test(tests, hald_estimates);
  tcase_add_test(tests, employee_estimates);
  tcase_add_test(tests, nhanes_estimates);
  tcase_add_test(tests, airquality_estimates);
  tcase_add_test(tests, cholesterol_regression);
  tcase_add_test(tests, marijuana_ridge);
  tcase_add_test(tests, marijuana_given_matrix);
  tcase_add_test(tests, marijuana_as_printed);
  tcase_add_test(tests, cholesterol_log_posteriors);
  tcase_add_test(tests, log_posterior_is_the_formula);
  tcase_add_test(tests, fitness_jeffreys);
  suite_add_tcase(suite, tests);
  return suite;
}
