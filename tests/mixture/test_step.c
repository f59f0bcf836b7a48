/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One step of EM against the definition; the kernels against each other and against the C library. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "mixture/kernel.h"
#include "mixture/slow.h"

static emend_mixture *one_step(const slow_mixture *start, const double *values, size_t n, const double *weights) {
  emend_mixture_options *options = emend_mixture_options_new();
  ck_assert_int_eq(emend_mixture_options_set_start(options, start->k, start->p, start->proportion, start->mean, start->covariance, NULL),
                   EMEND_OK);
  ck_assert_int_eq(emend_mixture_options_set_max_iterations(options, 1, NULL), EMEND_OK);
  emend_mixture_options_set_acceleration(options, EMEND_ACCELERATE_NONE);
  emend_mixture *fit = slow_fit(values, n, start->p, weights, options);
  ck_assert_uint_eq(emend_mixture_iterations(fit), 1);
  emend_mixture_options_free(options);
  return fit;
}

static double difference(const emend_mixture *fit, size_t k, const slow_mixture *slow, size_t c) {
  double sum = fabs(slow->proportion[c] - emend_mixture_proportion(fit, k));
  for (size_t j = 0; j < slow->p; j++)
    sum += fabs(slow->mean[c * slow->p + j] - emend_mixture_mean(fit, k)[j]);
  return sum;
}

/* Components come back in the order of their proportions: each is compared with the slow one that is most like it. */
static void compare(const emend_mixture *fit, const slow_mixture *slow, double tolerance) {
  for (size_t k = 0; k < slow->k; k++) {
    size_t other = 0;
    for (size_t c = 1; c < slow->k; c++)
      other = difference(fit, k, slow, c) < difference(fit, k, slow, other) ? c : other;
    assert_near(emend_mixture_proportion(fit, k), slow->proportion[other], tolerance);
    for (size_t j = 0; j < slow->p; j++)
      assert_near(emend_mixture_mean(fit, k)[j], slow->mean[other * slow->p + j], tolerance);
    for (size_t j = 0; j < slow->p * slow->p; j++)
      assert_near(emend_mixture_covariance(fit, k)[j], slow->covariance[other * slow->p * slow->p + j], tolerance);
  }
}

static void check_step(size_t n, size_t p, size_t k, double missing, bool weighted) {
  double *values = slow_sample(7 + p, n, p, k, 2, missing), *weights = NULL;
  slow_mixture slow = slow_truth(k, p, 2);
  if (weighted) {
    weights = malloc(n * sizeof *weights);
    for (size_t i = 0; i < n; i++)
      weights[i] = (double)(i % 4);
  }
  emend_mixture *fit = one_step(&slow, values, n, weights);
  slow_em_step(&slow, values, n, weights);
  compare(fit, &slow, 1e-11);
  assert_relative(emend_mixture_log_likelihood(fit), slow_log_likelihood(&slow, values, n, weights), 1e-12);
  emend_mixture_free(fit);
  slow_free(&slow);
  free(values), free(weights);
}

START_TEST(complete_data) { check_step(300, 3, 3, 0, false); }
END_TEST
START_TEST(missing_data) { check_step(300, 4, 3, 0.3, false); }
END_TEST
START_TEST(many_missing) { check_step(400, 5, 2, 0.6, false); } /* rows with nothing observed among them */
END_TEST
START_TEST(weighted_rows) { check_step(300, 3, 2, 0.2, true); }
END_TEST
START_TEST(odd_sizes) {
  check_step(131, 1, 2, 0, false);
  check_step(700, 7, 9, 0.2, false); /* more components than lanes, an odd number of columns */
  check_step(700, 2, 5, 0.1, false);
}
END_TEST

/* Every kernel of this processor gives the same step but for rounding. */
START_TEST(kernels_agree) {
  size_t n = 500, p = 5, k = 3;
  double *values = slow_sample(3, n, p, k, 2, 0.25);
  slow_mixture start = slow_truth(k, p, 2), next = slow_copy(&start);
  slow_em_step(&next, values, n, NULL);
  for (int level = 0; level < EMEND_LEVELS; level++) {
    const emend_mixture_kernels *kernels = emend_mixture_kernels_get((emend_level)level);
    if (!kernels)
      continue;
    setenv("EMEND_KERNEL", emend_level_name((emend_level)level), 1);
    ck_assert_ptr_eq(emend_mixture_kernels_choose(), kernels);
    ck_assert_str_eq(kernels->name, emend_level_name((emend_level)level));
    emend_mixture *fit = one_step(&start, values, n, NULL);
    compare(fit, &next, 1e-11);
    emend_mixture_free(fit);
  }
  unsetenv("EMEND_KERNEL");
  slow_free(&start), slow_free(&next);
  free(values);
}
END_TEST

/* Units in the last place between x and the exact y, a long double. */
static double ulps(double x, long double y) {
  int exponent;
  frexp((double)y, &exponent);
  return (double)fabsl(((long double)x - y) / ldexpl(1, exponent - 53));
}

START_TEST(exponential_is_exact_to_the_last_place) {
  enum { N = 4096 };
  double x[N], y[N], worst = 0;
  for (int level = 0; level < EMEND_LEVELS; level++)
    for (size_t round = 0; round < 20 && emend_mixture_kernels_get((emend_level)level); round++) {
      const emend_mixture_kernels *kernels = emend_mixture_kernels_get((emend_level)level);
      double span = round < 10 ? 2 : 707;
      for (size_t i = 0; i < N; i++)
        x[i] = -span * emend_random_uniform(round, EMEND_STREAM_TEST, i, 0);
      kernels->exponentials(N, x, y);
      for (size_t i = 0; i < N; i++)
        worst = fmax(worst, ulps(y[i], expl(x[i])));
    }
  ck_assert_msg(worst < 1.1, "exp is %g ulp off", worst);
  double edges[8] = {0, -0.0, -1e-300, -708.5, -1e10, -INFINITY, NAN, -1}, expected[8] = {1, 1, 1, 0, 0, 0, 0, exp(-1)};
  for (int level = 0; level < EMEND_LEVELS; level++) {
    const emend_mixture_kernels *kernels = emend_mixture_kernels_get((emend_level)level);
    if (kernels)
      kernels->exponentials(8, edges, y);
    for (size_t i = 0; i < 8; i++)
      assert_near(y[i], expected[i], 1e-16);
  }
}
END_TEST

START_TEST(logarithm_is_exact_to_the_last_place) {
  enum { N = 4096 };
  double x[N], y[N], worst = 0;
  for (int level = 0; level < EMEND_LEVELS; level++)
    for (size_t round = 0; round < 20 && emend_mixture_kernels_get((emend_level)level); round++) {
      const emend_mixture_kernels *kernels = emend_mixture_kernels_get((emend_level)level);
      for (size_t i = 0; i < N; i++)
        x[i] = 1 + (round < 10 ? 1e-3 : 1000) * emend_random_uniform(round, EMEND_STREAM_TEST, i, 0);
      kernels->logarithms(N, x, y);
      for (size_t i = 0; i < N; i++)
        worst = fmax(worst, ulps(y[i], logl(x[i])));
    }
  ck_assert_msg(worst < 1, "log is %g ulp off", worst);
  double ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  emend_mixture_kernels_choose()->logarithms(8, ones, y);
  ck_assert(y[0] == 0);
}
END_TEST

SUITE {
  Suite *suite = suite_create("one step of a mixture");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, complete_data);
  tcase_add_test(tests, missing_data);
  tcase_add_test(tests, many_missing);
  tcase_add_test(tests, weighted_rows);
  tcase_add_test(tests, odd_sizes);
  tcase_add_test(tests, kernels_agree);
  tcase_add_test(tests, exponential_is_exact_to_the_last_place);
  tcase_add_test(tests, logarithm_is_exact_to_the_last_place);
  suite_add_tcase(suite, tests);
  return suite;
}
