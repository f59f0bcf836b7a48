/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "decode/logit.h"
#include "decode/newton.h"
#include "support/support.h"

/* Curves from predictions to probabilities: against closed forms, and parameters that data were made from. */

static double uniform_at(size_t row, size_t column) { return emend_random_uniform(5, EMEND_STREAM_TEST, row, column); }
static double normal_at(size_t row, size_t column) { return emend_random_normal(5, EMEND_STREAM_TEST, row, column); }

static emend_answers answers_new(size_t n, size_t d) {
  emend_answers a = {.n = n, .n_coordinates = d};
  a.x = calloc(n * d, sizeof *a.x), a.code = calloc(n, 1), a.weight = calloc(n, sizeof *a.weight);
  for (size_t i = 0; i < n; i++)
    a.weight[i] = 1;
  return a;
}

static void answers_free(emend_answers *a) { free(a->x), free(a->code), free(a->weight); }

/* -(x - 1)^4 - (y + 2)^2 / 2 - x y / 100, and nowhere beyond x = 3. */
static double hill(const void *state, const double *x, double *gradient, double *curvature) {
  (void)state;
  double a = x[0] - 1, b = x[1] + 2;
  if (x[0] > 3)
    return -HUGE_VAL;
  gradient[0] = -4 * a * a * a - x[1] / 100, gradient[1] = -b - x[0] / 100;
  if (curvature)
    curvature[0] = 12 * a * a, curvature[2] = 0.01, curvature[3] = 1;
  return -a * a * a * a - b * b / 2 - x[0] * x[1] / 100;
}

START_TEST(newton_climbs) {
  double x[2] = {2.9, 5}, gradient[2], curvature[4];
  ck_assert_int_eq(emend_newton_climb(hill, NULL, 2, x, NULL), EMEND_OK);
  hill(NULL, x, gradient, curvature);
  ck_assert_double_lt(fabs(gradient[0]), 1e-3);
  ck_assert_double_lt(fabs(gradient[1]), 1e-3);
}
END_TEST

/* What a model implies: shares come back, and so does the regression of the code on the prediction. By quadrature. */
START_TEST(models_imply_their_shares_and_slope) {
  double numbers[] = {1, 2, 4}, weights[] = {20, 50, 30}, r = 0.6;
  emend_categories c = {.n = 3, .numbers = numbers, .weights = weights};
  emend_probit probit;
  emend_probit_of_model(&c, r, &probit);
  double below[2] = {0}, product = 0, mean = 2.4, sd = sqrt(0.2 * 1.4 * 1.4 + 0.5 * 0.4 * 0.4 + 0.3 * 1.6 * 1.6);
  for (int i = -8000; i <= 8000; i++) {
    double x = i / 1000.0 * r, density = exp(-(i / 1000.0) * (i / 1000.0) / 2) / sqrt(2 * M_PI) / 1000;
    double p0 = emend_probit_below(&probit, 0, &x), p1 = emend_probit_below(&probit, 1, &x);
    below[0] += density * p0, below[1] += density * p1;
    product += density * x * (p0 + 2 * (p1 - p0) + 4 * (1 - p1) - mean) / sd;
  }
  ck_assert_double_eq_tol(below[0], 0.2, 1e-6);
  ck_assert_double_eq_tol(below[1], 0.7, 1e-6);
  ck_assert_double_eq_tol(product, r * r, 1e-6);
  ck_assert_double_eq(emend_probit_below(&probit, 2, &r), 1);
}
END_TEST

/* Two codes at two predictions: as many of each as there are and the prior adds. Weights count like rows. */
START_TEST(two_points_are_met) {
  double numbers[] = {0, 1}, weights[] = {60, 40};
  emend_categories c = {.n = 2, .numbers = numbers, .weights = weights};
  emend_answers a = answers_new(100, 1);
  double yes[2] = {0}, rows[2] = {0};
  for (size_t i = 0; i < a.n; i++) {
    size_t side = i % 3 == 0;
    a.x[i] = side ? 0.5 : -0.5, a.code[i] = i % 7 < (side ? 5 : 1), a.weight[i] = i < 50 ? 0.5 : 1.5;
    rows[side] += a.weight[i], yes[side] += a.weight[i] * a.code[i];
  }
  emend_probit prior, probit;
  emend_probit_of_model(&c, 0.5, &prior);
  probit = prior;
  ck_assert_int_eq(emend_probit_fit(&a, &prior, 0.5, 0.5, &probit, NULL), EMEND_OK);
  for (size_t side = 0; side < 2; side++) {
    double x = side ? 0.5 : -0.5, added = 1 - emend_probit_below(&prior, 0, &x);
    ck_assert_double_eq_tol(1 - emend_probit_below(&probit, 0, &x), (yes[side] + added) / (rows[side] + 1), 1e-6);
  }
  answers_free(&a);
}
END_TEST

/* Codes that turn about turn the curve about; 4 codes made from a known one. */
START_TEST(ordered_codes) {
  enum { N = 20000, CODES = 4 };
  static const double thresholds[] = {-1, 0.3, 2}, slope = 1.5;
  double numbers[] = {1, 2, 3, 4}, weights[CODES] = {0}, turned_weights[CODES];
  emend_answers a = answers_new(N, 1);
  for (size_t i = 0; i < N; i++) {
    double y = slope * (a.x[i] = 0.8 * normal_at(i, 0)) + normal_at(i, 1);
    a.code[i] = (unsigned char)((y > thresholds[0]) + (y > thresholds[1]) + (y > thresholds[2]));
    weights[a.code[i]]++;
  }
  for (size_t j = 0; j < CODES; j++)
    turned_weights[j] = weights[CODES - 1 - j];
  emend_probit probit, turned;
  emend_probit_of_model(&(emend_categories){.n = CODES, .numbers = numbers, .weights = weights}, 0.8, &probit);
  emend_probit_of_model(&(emend_categories){.n = CODES, .numbers = numbers, .weights = turned_weights}, 0.8, &turned);
  emend_probit prior = probit, turned_prior = turned;
  ck_assert_int_eq(emend_probit_fit(&a, &prior, 0.8, 0.8, &probit, NULL), EMEND_OK);
  ck_assert_double_eq_tol(probit.slopes[0], slope, 0.06);
  for (size_t j = 0; j < CODES - 1; j++)
    ck_assert_double_eq_tol(probit.thresholds[j], thresholds[j], 0.06);
  for (size_t i = 0; i < N; i++)
    a.code[i] = (unsigned char)(CODES - 1 - a.code[i]), a.x[i] = -a.x[i];
  ck_assert_int_eq(emend_probit_fit(&a, &turned_prior, 0.8, 0.8, &turned, NULL), EMEND_OK);
  ck_assert_double_eq_tol(probit.slopes[0], turned.slopes[0], 1e-6);
  for (size_t j = 0; j < CODES - 1; j++)
    ck_assert_double_eq_tol(probit.thresholds[j], -turned.thresholds[CODES - 2 - j], 1e-6);
  answers_free(&a);
}
END_TEST

/* Codes that a prediction tells apart without an error: steep, and finite. */
START_TEST(separation_is_no_end) {
  double numbers[] = {0, 1}, weights[] = {50, 50}, shares[] = {0.5, 0.5}, p[2];
  emend_answers a = answers_new(100, 1);
  for (size_t i = 0; i < a.n; i++)
    a.x[i] = ((double)i - 49.5) / 30, a.code[i] = i >= 50;
  emend_probit probit, prior;
  emend_logit logit;
  emend_probit_of_model(&(emend_categories){.n = 2, .numbers = numbers, .weights = weights}, 0.9, &probit);
  prior = probit;
  ck_assert_int_eq(emend_probit_fit(&a, &prior, 0.9, 0.9, &probit, NULL), EMEND_OK);
  ck_assert(probit.slopes[0] > 2 && probit.slopes[0] < 50 && fabs(probit.thresholds[0]) < 0.1);
  ck_assert_int_eq(emend_logit_new(2, 1, shares, &logit, NULL), EMEND_OK);
  ck_assert_int_eq(emend_logit_fit(&a, shares, &logit, NULL), EMEND_OK);
  emend_logit_probabilities(&logit, (double[]){1.5}, p);
  ck_assert(p[1] > 0.99 && p[1] < 1 && fabs(p[0] + p[1] - 1) < 1e-12);
  emend_logit_free(&logit);
  answers_free(&a);
}
END_TEST

/* Three levels: their shares come back, and known coefficients. */
START_TEST(levels) {
  enum { N = 20000, LEVELS = 3, D = 2 };
  static const double truth[LEVELS][D + 1] = {{0}, {1, -0.5, 0.4}, {-0.7, 1.2, -0.6}};
  emend_answers a = answers_new(N, D);
  double shares[LEVELS] = {0}, expected[LEVELS] = {0}, p[LEVELS];
  for (size_t i = 0; i < N; i++) {
    double sum = 0, u = uniform_at(i, 0);
    a.x[i * D] = normal_at(i, 1), a.x[i * D + 1] = 0.5 * normal_at(i, 2) + 0.3 * a.x[i * D];
    for (size_t l = 0; l < LEVELS; l++)
      sum += p[l] = exp(truth[l][0] * a.x[i * D] + truth[l][1] * a.x[i * D + 1] + truth[l][2]);
    while (a.code[i] < LEVELS - 1 && (u -= p[a.code[i]] / sum) > 0)
      a.code[i]++;
    shares[a.code[i]] += 1.0 / N;
  }
  emend_logit logit;
  ck_assert_int_eq(emend_logit_new(LEVELS, D, shares, &logit, NULL), EMEND_OK);
  ck_assert_int_eq(emend_logit_fit(&a, shares, &logit, NULL), EMEND_OK);
  for (size_t l = 0; l < LEVELS; l++)
    for (size_t k = 0; k <= D; k++)
      ck_assert_double_eq_tol(logit.coefficients[l * (D + 1) + k], truth[l][k], 0.1);
  for (size_t i = 0; i < N; i++) {
    emend_logit_probabilities(&logit, a.x + i * D, p);
    for (size_t l = 0; l < LEVELS; l++)
      expected[l] += p[l] / N;
  }
  for (size_t l = 0; l < LEVELS; l++)
    ck_assert_double_eq_tol(expected[l], shares[l], 2.0 / N);
  emend_logit_free(&logit);
  answers_free(&a);
}
END_TEST

/* The mean of a probit over what is normal about x: by quadrature. */
START_TEST(probits_of_what_is_uncertain) {
  emend_probit probit = {.n = 4, .n_coordinates = 1, .thresholds = {-1, 0.2, 1.5}, .slopes = {1.3}};
  for (double x = -2; x <= 2; x += 0.5)
    for (double sd = 0; sd < 3; sd += 0.7) {
      double p[4], means[4] = {0}, latent = 1.3 * sd;
      for (int i = -800; i <= 800; i++) {
        double at = x + i / 100.0 * sd, density = exp(-(i / 100.0) * (i / 100.0) / 2) / sqrt(2 * M_PI) / 100;
        for (size_t k = 0; k < 4; k++)
          means[k] += density * (emend_probit_below(&probit, k, &at) - (k > 0 ? emend_probit_below(&probit, k - 1, &at) : 0));
      }
      emend_probit_probabilities(&probit, &x, sqrt(1 + latent * latent), p);
      for (size_t k = 0; k < 4; k++)
        ck_assert_double_eq_tol(p[k], means[k], 1e-9);
    }
}
END_TEST

/* Of a logit the same, within what five points leave: by quadrature in two coordinates. */
START_TEST(logits_of_what_is_uncertain) {
  double coefficients[] = {0, 0, 0, 1, -0.5, 0.4, -0.7, 1.2, -0.6};
  emend_logit logit = {.n = 3, .n_coordinates = 2, .coefficients = coefficients};
  double nothing[4] = {0}, p[3], q[3], most = 0, without = 0;
  for (double a = -2; a <= 2; a += 1)
    for (double sd = 0.3; sd < 1.6; sd += 0.4) {
      double x[] = {a, 0.5 - a / 2}, factor[] = {sd, 0, 0.6 * sd, 0.8 * sd}, means[3] = {0};
      for (int i = -50; i <= 50; i++)
        for (int j = -50; j <= 50; j++) {
          double u = i / 10.0, v = j / 10.0, at[] = {x[0] + sd * u, x[1] + sd * (0.6 * u + 0.8 * v)};
          emend_logit_probabilities(&logit, at, p);
          for (size_t l = 0; l < 3; l++)
            means[l] += p[l] * exp(-(u * u + v * v) / 2) / (2 * M_PI * 100);
        }
      emend_logit_expectations(&logit, x, factor, p);
      emend_logit_expectations(&logit, x, nothing, q);
      ck_assert_double_eq_tol(p[0] + p[1] + p[2], 1, 1e-12);
      for (size_t l = 0; l < 3; l++)
        most = fmax(most, fabs(p[l] - means[l])), without = fmax(without, fabs(q[l] - means[l]));
      emend_logit_probabilities(&logit, x, p);
      for (size_t l = 0; l < 3; l++)
        ck_assert_double_eq_tol(p[l], q[l], 1e-12);
    }
  ck_assert_double_lt(most, 0.02);
  ck_assert_double_gt(without, 4 * most);
}
END_TEST

SUITE {
  Suite *suite = suite_create("link");
  TCase *tests = tcase_create("all");
  tcase_add_test(tests, newton_climbs);
  tcase_add_test(tests, models_imply_their_shares_and_slope);
  tcase_add_test(tests, two_points_are_met);
  tcase_add_test(tests, ordered_codes);
  tcase_add_test(tests, separation_is_no_end);
  tcase_add_test(tests, levels);
  tcase_add_test(tests, probits_of_what_is_uncertain);
  tcase_add_test(tests, logits_of_what_is_uncertain);
  suite_add_tcase(suite, tests);
  return suite;
}
