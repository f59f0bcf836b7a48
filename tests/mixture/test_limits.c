/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data at the limits of what a mixture can be fitted to: a defined result, or an error that says why. And rows put to a fitted mixture. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "mixture/slow.h"

static emend_mixture_options *options_of(size_t k, emend_structure structure) {
  emend_mixture_options *options = emend_mixture_options_new();
  ck_assert_int_eq(emend_mixture_options_set_components(options, k, k, NULL), EMEND_OK);
  ck_assert_int_eq(emend_mixture_options_set_structures(options, &structure, 1, NULL), EMEND_OK);
  return options;
}

/* Fits, and counts the warnings. */
static emend_mixture *fit_with_warnings(const double *values, size_t n, size_t p, size_t k, emend_structure structure, size_t *warnings) {
  emend_mixture *fit = NULL;
  emend_events *events = emend_events_new();
  emend_error *error = emend_error_new();
  emend_mixture_options *options = options_of(k, structure);
  emend_status status = emend_mixture_fit(values, n, p, p, NULL, options, events, &fit, error);
  ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
  *warnings = emend_events_warning_count(events);
  emend_mixture_options_free(options);
  emend_events_free(events);
  emend_error_free(error);
  return fit;
}

static void assert_sane(const emend_mixture *fit) {
  size_t p = emend_mixture_columns(fit);
  double sum = 0;
  for (size_t k = 0; k < emend_mixture_components(fit); k++) {
    sum += emend_mixture_proportion(fit, k);
    ck_assert(k == 0 || emend_mixture_proportion(fit, k) <= emend_mixture_proportion(fit, k - 1));
    for (size_t j = 0; j < p; j++) {
      bool known = emend_mixture_column_state(fit, j) != EMEND_COLUMN_NEVER_OBSERVED;
      ck_assert_int_eq(isfinite(emend_mixture_mean(fit, k)[j]) != 0, known);
      ck_assert(!known || emend_mixture_covariance(fit, k)[j * p + j] >= 0);
    }
  }
  assert_near(sum, 1, 1e-12);
  ck_assert(isfinite(emend_mixture_log_likelihood(fit)));
}

START_TEST(more_components_than_rows) {
  double values[8] = {1, 2, 3, 5, 4, 4, 9, 1};
  emend_mixture_options *options = options_of(5, EMEND_STRUCTURE_EEI);
  emend_error *error = emend_error_new();
  emend_mixture *fit;
  ck_assert_int_eq(emend_mixture_fit(values, 4, 2, 2, NULL, options, NULL, &fit, error), EMEND_INVALID_ARGUMENT);
  ck_assert_ptr_null(fit);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "5 components"));
  emend_error_free(error);
  emend_mixture_options_free(options);
}
END_TEST

/* A range is cut at the number of rows. */
START_TEST(range_beyond_the_rows) {
  double values[12] = {1, 2, 3, 5, 4, 4, 9, 1, 7, 8, 6, 6};
  emend_mixture *fit = slow_fit(values, 6, 2, NULL, NULL);
  assert_sane(fit);
  ck_assert_uint_le(emend_mixture_trials(fit), 6);
  emend_mixture_free(fit);
}
END_TEST

/* Two points, each many times: no covariance of their own; a prior stands in, and is named. */
START_TEST(duplicated_rows) {
  double values[80];
  size_t warnings;
  for (size_t i = 0; i < 40; i++)
    values[2 * i] = i % 2 ? 1 : 5, values[2 * i + 1] = i % 2 ? 10 : -3;
  emend_mixture *fit = fit_with_warnings(values, 40, 2, 2, EMEND_STRUCTURE_VVV, &warnings);
  assert_sane(fit);
  ck_assert_uint_ge(warnings, 1);
  ck_assert_uint_eq(emend_mixture_components(fit), 2);
  assert_near(emend_mixture_proportion(fit, 0), 0.5, 1e-6);
  ck_assert(emend_mixture_ridge(fit) > 0);
  emend_mixture_free(fit);
  fit = fit_with_warnings(values, 40, 2, 3, EMEND_STRUCTURE_VVV, &warnings); /* three cannot be told apart */
  assert_sane(fit);
  ck_assert_uint_eq(emend_mixture_components(fit), 2);
  ck_assert_uint_ge(warnings, 2);
  emend_mixture_free(fit);
}
END_TEST

/* A group that answers one question alike. */
START_TEST(component_without_variance) {
  double *values = slow_sample(3, 300, 3, 2, 6, 0.1);
  size_t warnings;
  for (size_t i = 0; i < 300; i += 2)
    values[3 * i + 1] = isnan(values[3 * i + 1]) ? NAN : 4;
  emend_mixture *fit = fit_with_warnings(values, 300, 3, 2, EMEND_STRUCTURE_VVV, &warnings);
  assert_sane(fit);
  ck_assert_uint_eq(warnings, 1);
  ck_assert(emend_mixture_ridge(fit) == 1);
  ck_assert(slow_rand_index(fit, values, 300, 2) > 0.93); /* a row that does not say the second hardly tells its cluster */
  emend_mixture_free(fit);
  free(values);
}
END_TEST

START_TEST(constant_and_unobserved_columns) {
  double *plain = slow_sample(5, 200, 2, 2, 5, 0.1), values[200 * 4];
  for (size_t i = 0; i < 200; i++) {
    values[4 * i] = plain[2 * i];
    values[4 * i + 1] = i % 7 ? 3 : NAN;
    values[4 * i + 2] = NAN;
    values[4 * i + 3] = plain[2 * i + 1];
  }
  emend_mixture_options *options = slow_options(2, EMEND_STRUCTURE_VVV);
  emend_mixture *fit = slow_fit(plain, 200, 2, NULL, options), *with = slow_fit(values, 200, 4, NULL, options);
  assert_sane(with);
  assert_relative(emend_mixture_log_likelihood(with), emend_mixture_log_likelihood(fit), 1e-11);
  ck_assert_uint_eq(emend_mixture_df(with), emend_mixture_df(fit));
  ck_assert_int_eq(emend_mixture_column_state(with, 1), EMEND_COLUMN_CONSTANT);
  ck_assert_int_eq(emend_mixture_column_state(with, 2), EMEND_COLUMN_NEVER_OBSERVED);
  ck_assert(emend_mixture_mean(with, 0)[1] == 3 && isnan(emend_mixture_mean(with, 0)[2]));
  ck_assert(emend_mixture_separation(with, 1) == 0 && isnan(emend_mixture_separation(with, 2)));
  ck_assert_int_eq(emend_mixture_complete(with, values, 200, 4, NULL), EMEND_OK);
  for (size_t i = 0; i < 200; i++)
    ck_assert(!isnan(values[4 * i]) && values[4 * i + 1] == 3 && isnan(values[4 * i + 2]) && !isnan(values[4 * i + 3]));
  emend_mixture_free(fit), emend_mixture_free(with);
  emend_mixture_options_free(options);
  free(plain);
}
END_TEST

START_TEST(nothing_varies) {
  double values[6] = {1, 2, 1, 2, 1, 2};
  emend_mixture_options *options = options_of(1, EMEND_STRUCTURE_VVV);
  emend_mixture *fit;
  ck_assert_int_eq(emend_mixture_fit(values, 3, 2, 2, NULL, options, NULL, &fit, NULL), EMEND_UNSUPPORTED);
  values[0] = INFINITY;
  ck_assert_int_eq(emend_mixture_fit(values, 3, 2, 2, NULL, options, NULL, &fit, NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_mixture_fit(values, 3, 2, 1, NULL, options, NULL, &fit, NULL), EMEND_INVALID_ARGUMENT);
  emend_mixture_options_free(options);
}
END_TEST

/* Rows with nothing observed do not estimate; put to the mixture they have its proportions and its overall means. */
START_TEST(empty_rows) {
  enum { N = 200 };
  double *plain = slow_sample(7, N, 3, 2, 5, 0.2), values[(N + 2) * 3], r[(N + 2) * 2];
  memcpy(values, plain, N * 3 * sizeof(double));
  for (size_t i = N * 3; i < (N + 2) * 3; i++)
    values[i] = NAN;
  emend_mixture_options *options = slow_options(2, EMEND_STRUCTURE_VVV);
  emend_mixture *fit = slow_fit(plain, N, 3, NULL, options), *with = slow_fit(values, N + 2, 3, NULL, options);
  assert_relative(emend_mixture_criterion(with, EMEND_BIC), emend_mixture_criterion(fit, EMEND_BIC), 1e-11);
  ck_assert_uint_eq(emend_mixture_rows(with), emend_mixture_rows(fit));
  ck_assert_uint_le(emend_mixture_rows(with), N);
  ck_assert_int_eq(emend_mixture_predict(with, values, N + 2, 3, r, NULL), EMEND_OK);
  assert_relative(r[2 * N], emend_mixture_proportion(with, 0), 1e-12);
  ck_assert_int_eq(emend_mixture_complete(with, values, N + 2, 3, NULL), EMEND_OK);
  for (size_t j = 0; j < 3; j++)
    assert_relative(values[3 * N + j], emend_mixture_overall_mean(with, j), 1e-11);
  emend_mixture_free(fit), emend_mixture_free(with);
  emend_mixture_options_free(options);
  free(plain);
}
END_TEST

/* Answers on a scale of five: a component can always shrink onto one of them. */
START_TEST(only_categories) {
  enum { N = 400, P = 5 };
  double *values = slow_sample(9, N, P, 3, 2, 0.1);
  size_t warnings;
  for (size_t i = 0; i < N * P; i++)
    values[i] = isnan(values[i]) ? NAN : fmin(5, fmax(1, rint(values[i] + 2)));
  for (size_t k = 2; k <= 6; k += 2) {
    emend_mixture *fit = fit_with_warnings(values, N, P, k, EMEND_STRUCTURE_VVV, &warnings);
    assert_sane(fit);
    emend_mixture_free(fit);
  }
  free(values);
}
END_TEST

/* Very few rows, more columns than rows, rows that hardly overlap. */
START_TEST(small_and_wide) {
  double *values = slow_sample(13, 12, 20, 2, 4, 0.2);
  size_t warnings;
  for (int s = 0; s < EMEND_STRUCTURES; s++) {
    emend_mixture *fit = fit_with_warnings(values, 12, 20, 2, (emend_structure)s, &warnings);
    assert_sane(fit);
    emend_mixture_free(fit);
  }
  free(values);
}
END_TEST

START_TEST(responsibilities_by_definition) {
  enum { N = 200, P = 4, K = 3 };
  double *values = slow_sample(15, N, P, K, 2, 0.4), r[N * K], slow[K];
  emend_mixture_options *options = options_of(K, EMEND_STRUCTURE_VVV);
  emend_mixture *fit = slow_fit(values, N, P, NULL, options);
  slow_mixture m = slow_of(fit);
  ck_assert_int_eq(emend_mixture_predict(fit, values, N, P, r, NULL), EMEND_OK);
  size_t assigned[K] = {0}, ambiguous = 0;
  for (size_t i = 0; i < N; i++) {
    bool empty = true;
    size_t best = 0;
    slow_responsibilities(&m, values + i * P, slow);
    for (size_t k = 0; k < K; k++) {
      assert_near(r[i * K + k], slow[k], 1e-10);
      best = r[i * K + k] > r[i * K + best] ? k : best;
    }
    for (size_t j = 0; j < P; j++)
      empty = empty && isnan(values[i * P + j]);
    assigned[best] += !empty;
    ambiguous += !empty && r[i * K + best] < 0.8;
  }
  for (size_t k = 0; k < K; k++)
    ck_assert_uint_eq(assigned[k], emend_mixture_assigned(fit, k));
  ck_assert_uint_eq(ambiguous, emend_mixture_ambiguous(fit));
  slow_free(&m);
  emend_mixture_free(fit);
  emend_mixture_options_free(options);
  free(values);
}
END_TEST

/* The expectation over components, by the definition of a joint normal. */
START_TEST(completion_by_definition) {
  double values[4 * 2] = {1, NAN, NAN, 2, NAN, NAN, 3, 4}, r[8];
  double pi[2] = {0.25, 0.75}, mean[4] = {0, 1, 2, 5}, s[8] = {1, 0.5, 0.5, 2, 2, -0.8, -0.8, 1};
  double *sample = slow_sample(17, 100, 2, 2, 4, 0);
  emend_mixture_options *options = emend_mixture_options_new();
  ck_assert_int_eq(emend_mixture_options_set_start(options, 2, 2, pi, mean, s, NULL), EMEND_OK);
  emend_mixture *fit = slow_fit(sample, 100, 2, NULL, options);
  ck_assert_int_eq(emend_mixture_predict(fit, values, 4, 2, r, NULL), EMEND_OK);
  ck_assert_int_eq(emend_mixture_complete(fit, values, 4, 2, NULL), EMEND_OK);
  double expected[2] = {0, 0};
  for (size_t k = 0; k < 2; k++) {
    const double *m = emend_mixture_mean(fit, k), *c = emend_mixture_covariance(fit, k);
    expected[0] += r[k] * (m[1] + c[1] / c[0] * (1 - m[0]));
    expected[1] += r[2 + k] * (m[0] + c[1] / c[3] * (2 - m[1]));
  }
  assert_relative(values[1], expected[0], 1e-11);
  assert_relative(values[2], expected[1], 1e-11);
  assert_relative(values[4], emend_mixture_overall_mean(fit, 0), 1e-11);
  ck_assert(values[6] == 3 && values[7] == 4);
  emend_mixture_free(fit);
  emend_mixture_options_free(options);
  free(sample);
}
END_TEST

/* A large sample of a mixture has its moments, and is the same for the same seed. */
START_TEST(samples_have_the_moments) {
  enum { N = 40000 };
  double *values = slow_sample(19, 300, 2, 2, 4, 0), *drawn = malloc(N * 2 * sizeof *drawn), *again = malloc(N * sizeof *again);
  size_t *components = malloc(N * sizeof *components), counts[2] = {0};
  emend_mixture_options *options = options_of(2, EMEND_STRUCTURE_VVV);
  emend_mixture *fit = slow_fit(values, 300, 2, NULL, options);
  ck_assert_int_eq(emend_mixture_sample(fit, 5, N, drawn, components, NULL), EMEND_OK);
  ck_assert_int_eq(emend_mixture_sample(fit, 5, N / 2, again, NULL, NULL), EMEND_OK);
  ck_assert_mem_eq(again, drawn, N * sizeof *again);
  double sums[2][5] = {{0}};
  for (size_t i = 0; i < N; i++) {
    double *s = sums[components[i]], x = drawn[2 * i], y = drawn[2 * i + 1];
    counts[components[i]]++;
    s[0] += x, s[1] += y, s[2] += x * x, s[3] += x * y, s[4] += y * y;
  }
  for (size_t k = 0; k < 2; k++) {
    double n = (double)counts[k], *s = sums[k];
    const double *m = emend_mixture_mean(fit, k), *c = emend_mixture_covariance(fit, k);
    assert_near(n / N, emend_mixture_proportion(fit, k), 0.01);
    assert_near(s[0] / n, m[0], 0.04);
    assert_near(s[1] / n, m[1], 0.04);
    assert_near(s[2] / n - s[0] / n * s[0] / n, c[0], 0.06);
    assert_near(s[3] / n - s[0] / n * s[1] / n, c[1], 0.06);
    assert_near(s[4] / n - s[1] / n * s[1] / n, c[3], 0.06);
  }
  emend_mixture_free(fit);
  emend_mixture_options_free(options);
  free(values), free(drawn), free(again), free(components);
}
END_TEST

static int cancel(void *context, const char *stage, double fraction, const char *detail) {
  (void)stage, (void)fraction, (void)detail;
  return ++*(int *)context > 20;
}

START_TEST(can_be_cancelled) {
  double *values = slow_sample(23, 500, 4, 4, 1, 0.2);
  int calls = 0;
  emend_mixture *fit;
  emend_events *events = emend_events_new();
  emend_events_on_progress(events, cancel, &calls);
  ck_assert_int_eq(emend_mixture_fit(values, 500, 4, 4, NULL, NULL, events, &fit, NULL), EMEND_CANCELLED);
  ck_assert_int_eq(calls, 21);
  emend_events_free(events);
  free(values);
}
END_TEST

START_TEST(options_are_checked) {
  emend_mixture_options *options = emend_mixture_options_new();
  emend_structure structure;
  double good[2] = {1, 1}, covariance[2] = {1, 1}, bad[2] = {0, 1};
  ck_assert_int_eq(emend_mixture_options_set_components(options, 0, 3, NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_mixture_options_set_components(options, 4, 3, NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_mixture_options_set_components(options, 1, 5000, NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_mixture_options_set_starts(options, 0, NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_mixture_options_set_ridge(options, -1, NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_mixture_options_set_tolerance(options, 1, NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_mixture_options_set_max_iterations(options, 0, NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_mixture_options_set_structures(options, NULL, 0, NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_mixture_options_set_start(options, 2, 1, bad, good, covariance, NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_mixture_options_set_start(options, 2, 1, good, good, covariance, NULL), EMEND_OK);
  ck_assert_int_eq(emend_structure_find("tied", &structure) && structure == EMEND_STRUCTURE_EEE, 1);
  ck_assert_int_eq(emend_structure_find("vvi", &structure) && structure == EMEND_STRUCTURE_VVI, 1);
  ck_assert_int_eq(emend_structure_find("VVE", &structure), 0);
  double *values = slow_sample(1, 50, 2, 2, 4, 0);
  emend_mixture *fit;
  ck_assert_int_eq(emend_mixture_fit(values, 50, 2, 2, NULL, options, NULL, &fit, NULL),
                   EMEND_INVALID_ARGUMENT); /* a start of one column */
  free(values);
  emend_mixture_options_free(options);
}
END_TEST

SUITE {
  Suite *suite = suite_create("mixtures at their limits");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, more_components_than_rows);
  tcase_add_test(tests, range_beyond_the_rows);
  tcase_add_test(tests, duplicated_rows);
  tcase_add_test(tests, component_without_variance);
  tcase_add_test(tests, constant_and_unobserved_columns);
  tcase_add_test(tests, nothing_varies);
  tcase_add_test(tests, empty_rows);
  tcase_add_test(tests, only_categories);
  tcase_add_test(tests, small_and_wide);
  tcase_add_test(tests, responsibilities_by_definition);
  tcase_add_test(tests, completion_by_definition);
  tcase_add_test(tests, samples_have_the_moments);
  tcase_add_test(tests, can_be_cancelled);
  tcase_add_test(tests, options_are_checked);
  suite_add_tcase(suite, tests);
  return suite;
}
