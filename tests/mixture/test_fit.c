/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fits: published answers, the single normal, maxima, and what must not matter. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "mixture/faithful.h"
#include "mixture/slow.h"

static emend_mixture *fit_faithful(size_t k, emend_structure structure) {
  emend_mixture_options *options = slow_options(k, structure);
  emend_mixture *fit = slow_fit(faithful, FAITHFUL_ROWS, 2, NULL, options);
  ck_assert(emend_mixture_converged(fit));
  emend_mixture_options_free(options);
  return fit;
}

/* mclust 6 stops at a relative change of 1e-5: its maxima are reached and passed by a little. */
START_TEST(faithful_reaches_mclust) {
  static const struct {
    emend_structure structure;
    size_t k, df;
    double log_likelihood;
  } rows[] = {
      {EMEND_STRUCTURE_EEE, 3, 11, -1126.326236}, {EMEND_STRUCTURE_VVV, 2, 11, -1130.264068}, {EMEND_STRUCTURE_VVV, 1, 5, -1289.796745}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    emend_mixture *fit = fit_faithful(rows[i].k, rows[i].structure);
    double found = emend_mixture_log_likelihood(fit);
    ck_assert_msg(found >= rows[i].log_likelihood - 1e-6 && found < rows[i].log_likelihood + 0.02, "log-likelihood %.6f", found);
    ck_assert_uint_eq(emend_mixture_df(fit), rows[i].df);
    emend_mixture_free(fit);
  }
}
END_TEST

START_TEST(faithful_estimates) {
  emend_mixture *fit = fit_faithful(2, EMEND_STRUCTURE_VVV);
  assert_near(emend_mixture_proportion(fit, 0), 0.644071789, 2e-4);
  assert_near(emend_mixture_mean(fit, 0)[0], 4.289781, 1e-3);
  assert_near(emend_mixture_mean(fit, 0)[1], 79.969549, 1e-2);
  assert_near(emend_mixture_mean(fit, 1)[0], 2.036523, 1e-3);
  assert_relative(emend_mixture_covariance(fit, 0)[0], 0.16981756, 3e-3);
  assert_relative(emend_mixture_covariance(fit, 1)[3], 33.7051532, 3e-3);
  assert_near(emend_mixture_criterion(fit, EMEND_BIC), 2322.191959, 2e-3);
  assert_near(emend_mixture_criterion(fit, EMEND_AIC), 2 * 1130.264068 + 22, 2e-3);
  emend_mixture_free(fit);
}
END_TEST

/* ICL by its definition: BIC less twice the sum of log max r. */
static double icl_of(double log_likelihood, size_t df, const double *r, size_t n, size_t k) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    double largest = 0;
    for (size_t c = 0; c < k; c++)
      largest = fmax(largest, r[i * k + c]);
    sum += log(largest);
  }
  return -2 * log_likelihood + (double)df * log((double)n) - 2 * sum;
}

static double entropy_of(const double *r, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum -= r[i] > 0 ? r[i] * log(r[i]) : 0;
  return sum;
}

/* ICL as mclust 6.0.0 has it, at its own estimates to all digits: what its estep and its definition of ICL give there. */
START_TEST(icl_of_mclust) {
  double pi[3] = {0.1656783990564411, 0.3563696265133078, 0.4779519744302507}, s[12], r[FAITHFUL_ROWS * 3];
  double mean[6] = {3.793065529230323, 77.521051332351291, 2.037596314612959, 54.491157600821950, 4.463244719839599, 80.833438776323320};
  for (size_t i = 0; i < 12; i++)
    s[i] = (const double[]){0.07825448099134741, 0.4801978534671755, 0.48019785346717547, 33.7671463960972887}[i % 4];
  slow_mixture m = {3, 2, pi, mean, s};
  double log_likelihood = slow_log_likelihood(&m, faithful, FAITHFUL_ROWS, NULL);
  assert_near(log_likelihood, -1126.32191353479, 1e-10);
  for (size_t i = 0; i < FAITHFUL_ROWS; i++)
    slow_responsibilities(&m, faithful + 2 * i, r + 3 * i);
  assert_near(icl_of(log_likelihood, 11, r, FAITHFUL_ROWS, 3), 2357.88949349672, 1e-9);
  emend_mixture_options *options = emend_mixture_options_new();
  emend_structure eee = EMEND_STRUCTURE_EEE;
  ck_assert_int_eq(emend_mixture_options_set_start(options, 3, 2, pi, mean, s, NULL), EMEND_OK);
  ck_assert_int_eq(emend_mixture_options_set_structures(options, &eee, 1, NULL), EMEND_OK);
  ck_assert_int_eq(emend_mixture_options_set_max_iterations(options, 1, NULL), EMEND_OK);
  emend_mixture *fit = slow_fit(faithful, FAITHFUL_ROWS, 2, NULL, options); /* one step on: the same definition there */
  ck_assert_int_eq(emend_mixture_predict(fit, faithful, FAITHFUL_ROWS, 2, r, NULL), EMEND_OK);
  assert_near(emend_mixture_criterion(fit, EMEND_ICL), icl_of(emend_mixture_log_likelihood(fit), 11, r, FAITHFUL_ROWS, 3), 1e-8);
  assert_near(emend_mixture_entropy(fit), entropy_of(r, FAITHFUL_ROWS * 3), 1e-9);
  ck_assert(emend_mixture_log_likelihood(fit) > log_likelihood);
  emend_mixture_free(fit);
  emend_mixture_options_free(options);
}
END_TEST

/* The 342 birds with the four measures; mclust 6.0.0 with unrestricted covariances. */
START_TEST(penguins_reach_mclust) {
  static const double published[4] = {-5520.403, -5211.045, -5150.709, -5130.546};
  size_t n;
  double *values = kit_read_csv(support_source("samples/penguins.csv"), 2, 4, &n);
  for (size_t k = 1; k <= 4; k++) {
    emend_mixture_options *options = emend_mixture_options_new();
    ck_assert_int_eq(emend_mixture_options_set_components(options, k, k, NULL), EMEND_OK);
    emend_mixture *fit = slow_fit(values, n, 4, NULL, options);
    ck_assert_msg(emend_mixture_log_likelihood(fit) > published[k - 1] - 6e-4, "%zu components: %.6f", k,
                  emend_mixture_log_likelihood(fit));
    ck_assert(emend_mixture_converged(fit));
    emend_mixture_free(fit);
    emend_mixture_options_free(options);
  }
  free(values);
}
END_TEST

/* One component is the normal model to the last bit, whatever is missing, with weights, and with the ridge that dependent columns need. */
static void check_single(const double *values, size_t n, size_t p, const double *weights) {
  emend_normal_options *normal_options = kit_exact_options();
  emend_normal *normal = kit_fit(values, n, p, weights, normal_options);
  static const emend_structure structures[2] = {EMEND_STRUCTURE_VVV, EMEND_STRUCTURE_EEE};
  for (size_t s = 0; s < 2; s++) {
    emend_mixture_options *options = slow_options(1, structures[s]);
    emend_mixture *fit = slow_fit(values, n, p, weights, options);
    ck_assert(emend_mixture_log_likelihood(fit) == emend_normal_log_likelihood(normal));
    ck_assert_mem_eq(emend_mixture_mean(fit, 0), emend_normal_mean(normal), p * sizeof(double));
    ck_assert_mem_eq(emend_mixture_covariance(fit, 0), emend_normal_covariance(normal), p * p * sizeof(double));
    ck_assert(emend_mixture_ridge(fit) == (emend_normal_prior(normal) == EMEND_PRIOR_NONE ? 0 : emend_normal_ridge(normal)));
    ck_assert(emend_mixture_entropy(fit) == 0 && emend_mixture_ambiguous(fit) == 0);
    ck_assert_uint_eq(emend_mixture_assigned(fit, 0), emend_mixture_rows(fit));
    emend_mixture_free(fit);
    emend_mixture_options_free(options);
  }
  emend_normal_free(normal);
  emend_normal_options_free(normal_options);
}

/* And the mixture's own EM, from a start far away, ends where the normal's does. */
static void check_single_by_steps(const double *values, size_t n, size_t p, const double *weights) {
  emend_normal_options *normal_options = kit_exact_options();
  emend_normal *normal = kit_fit(values, n, p, weights, normal_options);
  double one = 1, mean[8] = {0}, covariance[64] = {0};
  for (size_t j = 0; j < p; j++)
    covariance[j * (p + 1)] = 2;
  emend_mixture_options *options = slow_options(1, EMEND_STRUCTURE_VVV);
  ck_assert_int_eq(emend_mixture_options_set_start(options, 1, p, &one, mean, covariance, NULL), EMEND_OK);
  emend_mixture *fit = slow_fit(values, n, p, weights, options);
  assert_relative(emend_mixture_log_likelihood(fit), emend_normal_log_likelihood(normal), 1e-12);
  for (size_t j = 0; j < p; j++)
    assert_near(emend_mixture_mean(fit, 0)[j], emend_normal_mean(normal)[j], 1e-9);
  for (size_t j = 0; j < p * p; j++)
    assert_near(emend_mixture_covariance(fit, 0)[j], emend_normal_covariance(normal)[j], 1e-9);
  emend_mixture_free(fit);
  emend_mixture_options_free(options);
  emend_normal_free(normal);
  emend_normal_options_free(normal_options);
}

START_TEST(one_component_is_the_normal_model) {
  double *values = kit_sample(5, 400, 5, 0.25), weights[400];
  check_single(values, 400, 5, NULL);
  check_single_by_steps(values, 400, 5, NULL);
  for (size_t i = 0; i < 400; i++)
    weights[i] = (double)(i % 3);
  check_single(values, 400, 5, weights);
  check_single_by_steps(values, 400, 5, weights);
  for (size_t i = 0; i < 400; i++)
    values[5 * i + 4] = values[5 * i] + values[5 * i + 1]; /* an exact sum: a minimal ridge */
  check_single(values, 400, 5, NULL);
  for (size_t i = 0; i < 400; i++)
    values[5 * i + 4] = 3; /* a constant */
  check_single(values, 400, 5, NULL);
  free(values);
}
END_TEST

/* A spherical variance fits columns of every size: in those of small variance it is enormous, and its relative steps count. */
START_TEST(spherical_in_unlike_units) {
  double *values = slow_sample(71, 300, 3, 2, 5, 0.1);
  for (size_t i = 0; i < 300; i++)
    values[3 * i] *= 1e7, values[3 * i + 2] *= 1e-2;
  for (int s = EMEND_STRUCTURE_EII; s <= EMEND_STRUCTURE_VII; s++) {
    emend_mixture_options *options = slow_options(2, (emend_structure)s);
    emend_mixture *fit = slow_fit(values, 300, 3, NULL, options);
    ck_assert(emend_mixture_converged(fit));
    ck_assert_uint_lt(emend_mixture_iterations(fit), 100);
    emend_mixture_free(fit);
    emend_mixture_options_free(options);
  }
  free(values);
}
END_TEST

/* At a maximum no change that the structure allows raises the likelihood. */
static void check_maximum(emend_structure structure, const double *values, size_t n, size_t p, size_t k) {
  emend_mixture_options *options = slow_options(k, structure);
  emend_mixture *fit = slow_fit(values, n, p, NULL, options);
  slow_mixture m = slow_of(fit);
  double top = slow_log_likelihood(&m, values, n, NULL);
  assert_relative(emend_mixture_log_likelihood(fit), top, 1e-11);
  bool own_volume = structure == EMEND_STRUCTURE_VII || structure == EMEND_STRUCTURE_VEI || structure == EMEND_STRUCTURE_VVI ||
                    structure == EMEND_STRUCTURE_VVV;
  bool own_shape = structure == EMEND_STRUCTURE_EVI || structure == EMEND_STRUCTURE_VVI || structure == EMEND_STRUCTURE_VVV;
  bool some_shape = own_shape || structure == EMEND_STRUCTURE_EEI || structure == EMEND_STRUCTURE_VEI || structure == EMEND_STRUCTURE_EEE;
  bool full = structure == EMEND_STRUCTURE_EEE || structure == EMEND_STRUCTURE_VVV;
  for (int turn = 0; turn < 40; turn++) {
    slow_mixture other = slow_copy(&m);
    double h = turn % 2 ? 1e-4 : -1e-4, sum = 0;
    for (size_t c = 0; c < k; c++) {
      double *s = other.covariance + c * p * p;
      size_t draw = own_volume ? c : 0, shape = own_shape ? c : 0;
      double volume = 1 + h * emend_random_normal(1, EMEND_STREAM_TEST, (size_t)turn, draw), scale[8], product = 1;
      for (size_t j = 0; j < p; j++) {
        scale[j] = some_shape ? exp(h * emend_random_normal(2, EMEND_STREAM_TEST, (size_t)turn, shape * 10 + j)) : 1;
        product *= scale[j];
      }
      for (size_t i = 0; i < p * p; i++) {
        /* a diagonal scaling of determinant 1 on both sides, and for full covariances a little of one column in another */
        double unit = pow(product, 1 / (double)p);
        s[i] *= volume * sqrt(scale[i / p] / unit) * sqrt(scale[i % p] / unit);
      }
      for (size_t j = 0; full && j < p; j++) {
        double shear = h * emend_random_normal(3, EMEND_STREAM_TEST, (size_t)turn, shape * 10);
        if (j != 1) {
          s[j * p + 1] += shear * s[j * p];
          s[p + j] = s[j * p + 1];
        } else {
          s[p + 1] += 2 * shear * m.covariance[c * p * p + 1] + shear * shear * s[0];
        }
      }
      for (size_t j = 0; j < p; j++)
        other.mean[c * p + j] += h * emend_random_normal(4, EMEND_STREAM_TEST, (size_t)turn, c * 10 + j);
      other.proportion[c] *= 1 + h * emend_random_normal(5, EMEND_STREAM_TEST, (size_t)turn, c);
      sum += other.proportion[c];
    }
    for (size_t c = 0; c < k; c++)
      other.proportion[c] /= sum;
    double found = slow_log_likelihood(&other, values, n, NULL);
    ck_assert_msg(found < top + 1e-7, "%s: a step raises the log-likelihood by %g", emend_structure_name(structure), found - top);
    slow_free(&other);
  }
  slow_free(&m);
  emend_mixture_free(fit);
  emend_mixture_options_free(options);
}

START_TEST(every_structure_is_at_a_maximum) {
  double *values = slow_sample(11, 300, 3, 3, 4, 0.2);
  for (size_t i = 0; i < 300; i++)
    values[3 * i + 2] *= 7; /* unlike units */
  check_maximum((emend_structure)_i, values, 300, 3, 3);
  free(values);
}
END_TEST

/* What a structure promises of its covariances. */
START_TEST(structures_have_their_form) {
  double *values = slow_sample(11, 400, 3, 3, 4, 0.15);
  for (int i = 0; i < EMEND_STRUCTURES; i++) {
    emend_mixture_options *options = slow_options(3, (emend_structure)i);
    emend_mixture *fit = slow_fit(values, 400, 3, NULL, options);
    const char *name = emend_structure_name((emend_structure)i);
    double volume[3];
    for (size_t k = 0; k < 3; k++) {
      const double *s = emend_mixture_covariance(fit, k), *first = emend_mixture_covariance(fit, 0);
      volume[k] = cbrt(exp(kit_solve(3, s, NULL)));
      if (name[0] == 'E')
        assert_relative(volume[k], volume[0], 1e-9);
      if (name[1] == 'E' && name[2] == 'I')
        for (size_t j = 0; j < 3; j++)
          assert_relative(s[4 * j] / volume[k], first[4 * j] / volume[0], 1e-9);
      if (name[1] == 'I')
        assert_relative(s[0], s[8], 1e-12);
      if (name[2] == 'I')
        ck_assert(s[1] == 0 && s[2] == 0 && s[5] == 0);
      else
        ck_assert(fabs(s[1]) > 1e-3);
    }
    emend_mixture_free(fit);
    emend_mixture_options_free(options);
  }
  free(values);
}
END_TEST

/* Never falls, with and without acceleration: the log-likelihood as progress tells it. */
typedef struct watch {
  double last;
  size_t steps;
} watch;

static int watch_progress(void *context, const char *stage, double fraction, const char *detail) {
  watch *w = context;
  const char *number = strstr(detail, "log-likelihood ");
  (void)stage, (void)fraction;
  if (number && !strstr(detail, "start")) {
    double value = strtod(number + 15, NULL);
    ck_assert_msg(value >= w->last - 1e-6, "%s after %.10g", detail, w->last);
    w->last = value;
    w->steps++;
  }
  return 0;
}

START_TEST(likelihood_never_falls) {
  double *values = slow_sample(21, 500, 4, 3, 1.5, 0.3);
  slow_mixture start = slow_truth(3, 4, 1.5);
  double first = 0;
  for (int i = 0; i < 2 * EMEND_STRUCTURES; i++) {
    watch w = {.last = -INFINITY};
    emend_events *events = emend_events_new();
    emend_events_on_progress(events, watch_progress, &w);
    emend_mixture_options *options = emend_mixture_options_new();
    emend_structure structure = (emend_structure)(i / 2);
    ck_assert_int_eq(emend_mixture_options_set_start(options, 3, 4, start.proportion, start.mean, start.covariance, NULL), EMEND_OK);
    ck_assert_int_eq(emend_mixture_options_set_structures(options, &structure, 1, NULL), EMEND_OK);
    emend_mixture_options_set_acceleration(options, i % 2 ? EMEND_ACCELERATE_ANDERSON : EMEND_ACCELERATE_NONE);
    emend_mixture *fit = NULL;
    ck_assert_int_eq(emend_mixture_fit(values, 500, 4, 4, NULL, options, events, &fit, NULL), EMEND_OK);
    ck_assert(emend_mixture_converged(fit));
    ck_assert_uint_gt(w.steps, 3);
    if (i % 2 == 0)
      first = emend_mixture_log_likelihood(fit);
    else
      ck_assert_msg(emend_mixture_log_likelihood(fit) > first - 1e-5, "%s: %.8f, without acceleration %.8f",
                    emend_structure_name(structure), emend_mixture_log_likelihood(fit), first);
    emend_mixture_free(fit);
    emend_mixture_options_free(options);
    emend_events_free(events);
  }
  slow_free(&start);
  free(values);
}
END_TEST

/* Other units, another order of rows or columns: the same answer in those terms. */
START_TEST(units_and_orders_do_not_matter) {
  enum { N = 400, P = 3, K = 3 };
  double *values = slow_sample(31, N, P, K, 4, 0.2), other[N * P], r[N * K], r2[N * K];
  static const double scale[P] = {1e6, -1e-4, 3}, shift[P] = {-5e6, 7, 1e3};
  static const size_t column[P] = {2, 0, 1};
  emend_mixture_options *options = slow_options(K, EMEND_STRUCTURE_VVV);
  emend_mixture *fit = slow_fit(values, N, P, NULL, options);
  double logs = 0;
  for (size_t i = 0; i < N; i++)
    for (size_t j = 0; j < P; j++) {
      double x = values[i * P + column[j]];
      other[(i * 7 + 3) % N * P + j] = scale[j] * x + shift[j];
      logs -= isnan(x) ? 0 : log(fabs(scale[j]));
    }
  emend_mixture *fit2 = slow_fit(other, N, P, NULL, options);
  assert_relative(emend_mixture_log_likelihood(fit2), emend_mixture_log_likelihood(fit) + logs, 1e-10);
  for (size_t k = 0; k < K; k++) {
    assert_near(emend_mixture_proportion(fit2, k), emend_mixture_proportion(fit, k), 1e-8);
    for (size_t j = 0; j < P; j++) {
      assert_relative(emend_mixture_mean(fit2, k)[j], scale[j] * emend_mixture_mean(fit, k)[column[j]] + shift[j], 1e-7);
      for (size_t l = 0; l < P; l++)
        assert_relative(emend_mixture_covariance(fit2, k)[j * P + l],
                        scale[j] * scale[l] * emend_mixture_covariance(fit, k)[column[j] * P + column[l]], 1e-6);
    }
  }
  for (size_t j = 0; j < P; j++)
    assert_near(emend_mixture_separation(fit2, j), emend_mixture_separation(fit, column[j]), 1e-8);
  ck_assert_int_eq(emend_mixture_predict(fit, values, N, P, r, NULL), EMEND_OK);
  ck_assert_int_eq(emend_mixture_predict(fit2, other, N, P, r2, NULL), EMEND_OK);
  for (size_t i = 0; i < N; i++)
    for (size_t k = 0; k < K; k++)
      assert_near(r2[(i * 7 + 3) % N * K + k], r[i * K + k], 1e-7);
  emend_mixture_free(fit), emend_mixture_free(fit2);
  emend_mixture_options_free(options);
  free(values);
}
END_TEST

/* Bitwise, on data that give several chunks. */
START_TEST(threads_do_not_matter) {
  enum { N = 30000, P = 6, K = 4 };
  double *values = slow_sample(41, N, P, K, 3, 0.1);
  emend_mixture *first = NULL;
  static const unsigned counts[] = {1, 2, 3, 7};
  for (size_t turn = 0; turn < sizeof counts / sizeof *counts; turn++) {
    emend_mixture_options *options = emend_mixture_options_new();
    ck_assert_int_eq(emend_mixture_options_set_components(options, K, K, NULL), EMEND_OK);
    ck_assert_int_eq(emend_mixture_options_set_starts(options, 2, NULL), EMEND_OK);
    emend_mixture_options_set_threads(options, counts[turn]);
    emend_mixture *fit = slow_fit(values, N, P, NULL, options);
    if (first) {
      ck_assert(emend_mixture_log_likelihood(fit) == emend_mixture_log_likelihood(first));
      for (size_t k = 0; k < K; k++)
        ck_assert_mem_eq(emend_mixture_covariance(fit, k), emend_mixture_covariance(first, k), P * P * sizeof(double));
      ck_assert(emend_mixture_entropy(fit) == emend_mixture_entropy(first));
      emend_mixture_free(fit);
    } else {
      first = fit;
    }
    emend_mixture_options_free(options);
  }
  emend_mixture_free(first);
  free(values);
}
END_TEST

/* Repeating rows, or weighting them. */
START_TEST(weights_count_as_rows) {
  enum { N = 240, P = 2, K = 2 };
  double *values = slow_sample(51, N, P, K, 4, 0.2), twice[2 * N * P], weights[N];
  for (size_t i = 0; i < N; i++)
    weights[i] = 2;
  memcpy(twice, values, N * P * sizeof(double));
  memcpy(twice + N * P, values, N * P * sizeof(double));
  emend_mixture_options *options = slow_options(K, EMEND_STRUCTURE_VVV);
  emend_mixture *weighted = slow_fit(values, N, P, weights, options), *repeated = slow_fit(twice, 2 * N, P, NULL, options);
  assert_relative(emend_mixture_log_likelihood(weighted), emend_mixture_log_likelihood(repeated), 1e-11);
  assert_relative(emend_mixture_criterion(weighted, EMEND_BIC), emend_mixture_criterion(repeated, EMEND_BIC), 1e-11);
  ck_assert(emend_mixture_weight(weighted) == 2 * (double)emend_mixture_rows(weighted));
  emend_mixture_options_set_weight_kind(options, EMEND_SAMPLING_WEIGHTS);
  emend_mixture *sampled = slow_fit(values, N, P, weights, options);
  assert_relative(2 * emend_mixture_log_likelihood(sampled), emend_mixture_log_likelihood(repeated), 1e-11);
  ck_assert(emend_mixture_weight(sampled) == (double)emend_mixture_rows(sampled));
  emend_mixture_free(weighted), emend_mixture_free(repeated), emend_mixture_free(sampled);
  emend_mixture_options_free(options);
  free(values);
}
END_TEST

/* The criterion finds the number of clusters and the structure that made the data. */
START_TEST(selection_finds_the_truth) {
  double *values = slow_sample(61, 600, 3, 3, 5, 0.15);
  emend_mixture_options *options = emend_mixture_options_new();
  static const emend_structure structures[3] = {EMEND_STRUCTURE_EEI, EMEND_STRUCTURE_EEE, EMEND_STRUCTURE_VVV};
  ck_assert_int_eq(emend_mixture_options_set_components(options, 1, 5, NULL), EMEND_OK);
  ck_assert_int_eq(emend_mixture_options_set_structures(options, structures, 3, NULL), EMEND_OK);
  for (int criterion = EMEND_BIC; criterion <= EMEND_ICL; criterion++) {
    emend_mixture_options_set_criterion(options, (emend_criterion)criterion);
    emend_mixture *fit = slow_fit(values, 600, 3, NULL, options);
    ck_assert_uint_eq(emend_mixture_components(fit), 3);
    ck_assert_int_eq(emend_mixture_structure(fit), EMEND_STRUCTURE_EEE);
    ck_assert_uint_eq(emend_mixture_trials(fit), 15);
    double best = INFINITY;
    for (size_t i = 0; i < 15; i++)
      best = fmin(best, criterion == EMEND_BIC ? emend_mixture_get_trial(fit, i).bic : emend_mixture_get_trial(fit, i).icl);
    ck_assert(best == emend_mixture_criterion(fit, (emend_criterion)criterion));
    ck_assert(slow_rand_index(fit, values, 600, 3) > 0.9);
    emend_mixture_free(fit);
  }
  emend_mixture_options_free(options);
  free(values);
}
END_TEST

SUITE {
  Suite *suite = suite_create("fits of mixtures");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, faithful_reaches_mclust);
  tcase_add_test(tests, faithful_estimates);
  tcase_add_test(tests, icl_of_mclust);
  tcase_add_test(tests, penguins_reach_mclust);
  tcase_add_test(tests, one_component_is_the_normal_model);
  tcase_add_test(tests, spherical_in_unlike_units);
  tcase_add_loop_test(tests, every_structure_is_at_a_maximum, 0, EMEND_STRUCTURES);
  tcase_add_test(tests, structures_have_their_form);
  tcase_add_test(tests, likelihood_never_falls);
  tcase_add_test(tests, units_and_orders_do_not_matter);
  tcase_add_test(tests, threads_do_not_matter);
  tcase_add_test(tests, weights_count_as_rows);
  tcase_add_test(tests, selection_finds_the_truth);
  suite_add_tcase(suite, tests);
  return suite;
}
