/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "decode/back.h"
#include "decode/truncated.h"
#include "support/support.h"

/* The mean of N(0, 1) on [a, b] by a fine trapezoid sum with the density's logarithm shifted to its largest value there: right in any tail. */
static double by_sum(double a, double b) {
  enum { N = 200000 };
  double from = fmax(a, a > 0 ? a : -9), to = fmin(b, from + 18), top = from > 0 ? from : to < 0 ? to : 0, mass = 0, moment = 0;
  if (to < 0)
    from = fmax(a, to - 18);
  for (size_t i = 0; i <= N; i++) {
    double x = from + (to - from) * (double)i / N, density = exp((top * top - x * x) / 2) * (i == 0 || i == N ? 0.5 : 1);
    mass += density, moment += density * (x - top);
  }
  return top + moment / mass;
}

START_TEST(truncated_means) {
  static const double cases[][2] = {{0, HUGE_VAL}, {-1, 2}, {3, HUGE_VAL}, {3, 4}, {-HUGE_VAL, -6}, {-8, -7.5}, {20, HUGE_VAL}, {20, 20.01}, {-0.3, -0.2}, {0, 1e-3}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    double a = cases[i][0], b = cases[i][1], got = emend_truncated_mean(0, 1, a, b);
    ck_assert_msg(fabs(got - by_sum(a, b)) < 1e-7, "[%g, %g]: %.12g for %.12g", a, b, got, by_sum(a, b));
    ck_assert(got >= a && got <= b);
    assert_relative(emend_truncated_mean(7, 3, 7 + 3 * a, 7 + 3 * b), 7 + 3 * got, 1e-9); /* affine */
  }
  assert_relative(emend_truncated_mean(0, 1, 0, HUGE_VAL), sqrt(2 / M_PI), 1e-14);
  ck_assert_double_eq(emend_truncated_mean(2, 1, -HUGE_VAL, HUGE_VAL), 2);
  ck_assert_double_eq(emend_truncated_mean(-3, 0, 0, 1), 0);
  ck_assert_double_lt(emend_truncated_mean(0, 1, 1e6, HUGE_VAL) - 1e6, 1e-5); /* far beyond all numbers' range of tails */
}
END_TEST

/* Quantiles stay inside, ascend with u, and their mean is the mean, also a hundred sd out. */
/* Quantiles about the centre have the mean of N(0, 1) clipped to the bounds, by quadrature of both. */
START_TEST(centred_quantiles_have_the_clipped_mean) {
  static const double bounds[][2] = {{-1, HUGE_VAL}, {0, HUGE_VAL}, {1.5, HUGE_VAL}, {1.2, 9}, {-0.5, 0.7}, {-HUGE_VAL, -1}, {-9, 9}, {-2, -1}};
  enum { N = 20000 };
  for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
    double a = bounds[i][0], b = bounds[i][1], cut = 0, clipped = 0, centre = emend_truncated_centre(0, 1, a, b);
    for (size_t k = 0; k < N; k++) {
      double u = ((double)k + 0.5) / N, z = gsl_cdf_ugaussian_Pinv(u);
      cut += emend_truncated_quantile(centre, 1, a, b, u) / N;
      clipped += (z < a ? a : z > b ? b : z) / N;
    }
    ck_assert_double_eq_tol(cut, clipped, 2e-4);
    ck_assert_double_eq_tol(emend_truncated_centre(10, 3, 10 + 3 * a, 10 + 3 * b), 10 + 3 * centre, 1e-5);
  }
}
END_TEST

START_TEST(truncated_quantiles) {
  static const double cases[][2] = {{0, HUGE_VAL}, {-1, 2}, {6, HUGE_VAL}, {-HUGE_VAL, -12}, {30, 30.05}, {100, HUGE_VAL}, {-0.5, 40}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    enum { N = 20000 };
    double a = cases[i][0], b = cases[i][1], sum = 0, before = -HUGE_VAL;
    for (size_t k = 0; k < N; k++) {
      double x = emend_truncated_quantile(0, 1, a, b, ((double)k + 0.5) / N);
      ck_assert_msg(x >= a && x <= b && x >= before, "[%g, %g] at %zu: %g", a, b, k, x);
      before = x;
      sum += x / N;
    }
    double scale = isinf(a) || isinf(b) ? 1 : b - a;
    ck_assert_msg(fabs(sum - emend_truncated_mean(0, 1, a, b)) < 2e-4 * scale, "[%g, %g]: %g", a, b, sum);
  }
}
END_TEST

/* `weights` NULL: each 1. */
static emend_weighted_sample sample_of(const double *values, const double *weights, size_t n) {
  emend_weighted_sample s = {.values = malloc(n * sizeof *s.values), .n = n};
  for (size_t i = 0; i < n; i++)
    s.values[i] = (emend_weighted_value){values[i], weights ? weights[i] : 1};
  emend_weighted_sample_describe(&s);
  return s;
}

static emend_status fit(emend_transform *t, const double *values, const double *weights, size_t n) {
  emend_weighted_sample s = sample_of(values, weights, n);
  emend_status status = emend_transform_fit(t, &s, NULL);
  emend_weighted_sample_free(&s);
  return status;
}

static emend_transform chosen(const double *values, size_t n) {
  emend_transform t;
  emend_weighted_sample s = sample_of(values, NULL, n);
  ck_assert_int_eq(emend_transform_choose(&t, &s, NULL), EMEND_OK);
  emend_weighted_sample_free(&s);
  return t;
}

static emend_planned with_transform(emend_transform_kind kind, const double *values, size_t n) {
  emend_planned planned = {.transform = {.kind = kind, .lo = 0, .hi = 1}};
  ck_assert_int_eq(fit(&planned.transform, values, NULL, n), EMEND_OK);
  return planned;
}

START_TEST(transforms_and_back) {
  double values[400];
  for (size_t i = 0; i < 400; i++)
    values[i] = 1 / (1 + exp(-1.3 * emend_random_normal(4, EMEND_STREAM_TEST, i, 0)));
  for (int kind = EMEND_TRANSFORM_NONE; kind <= EMEND_TRANSFORM_NORMAL_SCORES; kind++) {
    emend_planned planned = with_transform((emend_transform_kind)kind, values, 400);
    double before = -HUGE_VAL;
    for (size_t i = 0; i < 400; i++)
      assert_relative(emend_transform_back(&planned.transform, emend_transform_forward(&planned.transform, values[i])), values[i], 1e-9);
    for (double x = 0.05; x < 0.95; x += 0.01) {
      double y = emend_transform_forward(&planned.transform, x);
      ck_assert(y > before);
      before = y;
    }
    emend_transform_free(&planned.transform);
  }
  emend_transform t = {.kind = EMEND_TRANSFORM_LOG};
  ck_assert_int_eq(fit(&t, (double[]){1, 0, 2}, NULL, 3), EMEND_INVALID_ARGUMENT);
}
END_TEST

/* Expectations of what comes back, in closed form and against the mean of a fine grid of quantiles. */
START_TEST(expectations_of_the_back_transform) {
  double values[400];
  for (size_t i = 0; i < 400; i++)
    values[i] = exp(0.5 * emend_random_normal(4, EMEND_STREAM_TEST, i, 0)) / 8;
  for (int kind = EMEND_TRANSFORM_NONE; kind <= EMEND_TRANSFORM_NORMAL_SCORES; kind++)
    for (int bounded = 0; bounded < 2; bounded++) {
      emend_planned planned = with_transform((emend_transform_kind)kind, kind == EMEND_TRANSFORM_LOGIT ? (double[]){0.5} : values, kind == EMEND_TRANSFORM_LOGIT ? 1 : 400);
      planned.bounded = bounded;
      planned.lo = 0.05, planned.hi = 0.3;
      double mean = emend_transform_forward(&planned.transform, 0.2), sd = 0.3 * fabs(mean) + 0.1, sum = 0;
      enum { N = 100000 };
      for (size_t k = 0; k < N; k++) {
        double x = emend_back_value(&planned, emend_back_draw(&planned, mean, sd, ((double)k + 0.5) / N));
        ck_assert(!bounded || (x >= 0.05 && x <= 0.3));
        sum += x / N;
      }
      double got = emend_back_expectation(&planned, mean, sd);
      ck_assert_msg(fabs(got - sum) < 2e-3 * fabs(sum), "%s%s: %g for %g", emend_transform_word((emend_transform_kind)kind), bounded ? " bounded" : "", got, sum);
      double squares = 0, again, spread;
      emend_back_moments(&planned, mean, sd, &again, &spread);
      assert_relative(again, got, 1e-8);
      for (size_t k = 0; k < N; k++) {
        double x = emend_back_value(&planned, emend_back_draw(&planned, mean, sd, ((double)k + 0.5) / N)) - sum;
        squares += x * x / N;
      }
      ck_assert_msg(fabs(spread - sqrt(squares)) < 0.02 * sqrt(squares), "%s%s: sd %g for %g",
                    emend_transform_word((emend_transform_kind)kind), bounded ? " bounded" : "", spread, sqrt(squares));
      emend_transform_free(&planned.transform);
    }
  emend_planned planned = {.transform = {.kind = EMEND_TRANSFORM_LOG}};
  assert_relative(emend_back_expectation(&planned, 1, 0.8), exp(1 + 0.32), 1e-14); /* not exp(1) */
  double expected, spread;
  emend_back_moments(&planned, 1, 0.8, &expected, &spread);
  assert_relative(expected, exp(1.32), 1e-14);
  assert_relative(spread, exp(1.32) * sqrt(expm1(0.64)), 1e-13);
}
END_TEST

/* Mean and variance of a normal distribution between bounds have closed forms, in its middle and far out. */
START_TEST(moments_of_a_cut_normal) {
  static const double cases[][2] = {{-1, 2}, {0, 40}, {-3, -0.5}, {3, 3.5}, {6, 1000}, {-1000, -20}, {-40, 40}, {100, 101}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    double a = cases[i][0], b = cases[i][1], m = emend_truncated_mean(0, 1, a, b), expected, spread;
    emend_planned planned = {.bounded = true, .lo = 5 + 2 * a, .hi = 5 + 2 * b};
    emend_back_moments(&planned, 5, 2, &expected, &spread);
    assert_relative(expected, 5 + 2 * m, 1e-9);
    if (a < 10 && b > -10) { /* of the standard normal: 1 + (a f(a) - b f(b)) / P - m^2 */
      double inside = a > 0 ? gsl_cdf_ugaussian_Q(a) - gsl_cdf_ugaussian_Q(b) : gsl_cdf_ugaussian_P(b) - gsl_cdf_ugaussian_P(a);
      double variance = 1 + (a * gsl_ran_ugaussian_pdf(a) - b * gsl_ran_ugaussian_pdf(b)) / inside - m * m;
      assert_relative(spread, 2 * sqrt(variance), 1e-6);
    }
  }
  emend_planned beyond = {.bounded = true, .lo = 1e12, .hi = 2e12};
  double expected, spread;
  emend_back_moments(&beyond, 0, 1, &expected, &spread);
  ck_assert(expected >= 1e12 && expected < 1e12 + 1 && spread < 1);
}
END_TEST

/* The mean of exp(Y), Y ~ N(mean, sd^2) below log(top): by Simpson's rule over Y. */
static double cut_lognormal_mean(double mean, double sd, double top) {
  enum { STEPS = 20000 };
  double from = mean - 10 * sd, to = fmin(log(top), mean + 12 * sd + sd * sd), mass = 0, moment = 0;
  for (int i = 0; i <= STEPS; i++) {
    double y = from + (to - from) * i / STEPS, z = (y - mean) / sd, weight = (i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2) * exp(-z * z / 2);
    mass += weight, moment += weight * exp(y);
  }
  return moment / mass;
}

/* A transform that was chosen gives nothing back beyond an observed range above the observed values; one that was asked for does. */
START_TEST(chosen_transforms_are_cut) {
  static const double values[] = {1, 2, 3, 4, 6, 9, 14, 22, 40, 70};
  emend_planned planned = {.transform = chosen(values, 10)}, asked = {.transform = {.kind = EMEND_TRANSFORM_LOG}};
  ck_assert_int_eq(planned.transform.kind, EMEND_TRANSFORM_LOG);
  ck_assert_int_eq(fit(&asked.transform, values, NULL, 10), EMEND_OK);
  static const double cases[][2] = {{1, 0.5}, {3, 1}, {4.5, 1.5}, {4.9, 0.2}, {5.2, 0.3}, {6, 1}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    double mean = cases[i][0], sd = cases[i][1], top = 70 + 69, got = emend_back_expectation(&planned, mean, sd);
    ck_assert_msg(fabs(got - cut_lognormal_mean(mean, sd, top)) < 1e-8 * got, "N(%g, %g): %.9g for %.9g", mean, sd, got,
                  cut_lognormal_mean(mean, sd, top));
    ck_assert(emend_back_value(&planned, emend_back_draw(&planned, mean, sd, 1 - 1e-12)) <= top);
    assert_relative(emend_back_expectation(&asked, mean, sd), exp(mean + sd * sd / 2), 1e-13);
  }
  ck_assert(emend_back_value(&asked, emend_back_draw(&asked, 3, 1, 1 - 1e-12)) > 1000);
}
END_TEST

/* More values than the power is fitted to, in two orders, with weights and without: the same transform. */
START_TEST(order_does_not_matter) {
  enum { MANY = 50001, STEP = 17 };
  double *values = malloc(MANY * sizeof *values), *turned = malloc(MANY * sizeof *turned), *weights = malloc(MANY * sizeof *weights),
         *weights_turned = malloc(MANY * sizeof *weights_turned);
  for (size_t i = 0; i < MANY; i++)
    values[i] = -exp(emend_random_normal(6, EMEND_STREAM_TEST, i, 0)), weights[i] = 1 + emend_random_uniform(6, EMEND_STREAM_TEST, i, 1);
  for (size_t i = 0; i < MANY; i++)
    turned[i] = values[i * STEP % MANY], weights_turned[i] = weights[i * STEP % MANY];
  for (int weighted = 0; weighted < 2; weighted++) {
    emend_transform a = {.kind = EMEND_TRANSFORM_YEO_JOHNSON}, b = a;
    ck_assert_int_eq(fit(&a, values, weighted ? weights : NULL, MANY), EMEND_OK);
    ck_assert_int_eq(fit(&b, turned, weighted ? weights_turned : NULL, MANY), EMEND_OK);
    assert_relative(a.lambda, b.lambda, 1e-6);
    assert_relative(a.lo, b.lo, 1e-12);
    assert_relative(a.hi, b.hi, 1e-12);
  }
  free(values), free(turned), free(weights), free(weights_turned);
}
END_TEST

START_TEST(chosen_by_skewness) {
  double normal[2000], lognormal[2000];
  for (size_t i = 0; i < 2000; i++)
    normal[i] = 10 + emend_random_normal(5, EMEND_STREAM_TEST, i, 0), lognormal[i] = exp(2 * emend_random_normal(5, EMEND_STREAM_TEST, i, 0) + 3);
  ck_assert_int_eq(chosen(normal, 2000).kind, EMEND_TRANSFORM_NONE);
  ck_assert_int_eq(chosen(lognormal, 2000).kind, EMEND_TRANSFORM_LOG);
}
END_TEST

SUITE {
  Suite *suite = suite_create("back");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 60);
  tcase_add_test(all, truncated_means);
  tcase_add_test(all, truncated_quantiles);
  tcase_add_test(all, centred_quantiles_have_the_clipped_mean);
  tcase_add_test(all, transforms_and_back);
  tcase_add_test(all, expectations_of_the_back_transform);
  tcase_add_test(all, moments_of_a_cut_normal);
  tcase_add_test(all, order_does_not_matter);
  tcase_add_test(all, chosen_by_skewness);
  tcase_add_test(all, chosen_transforms_are_cut);
  suite_add_tcase(suite, all);
  return suite;
}
