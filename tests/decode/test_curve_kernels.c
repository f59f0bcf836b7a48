/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "decode/kernel.h"
#include "support/support.h"

/* Log-likelihoods of curves and their derivatives, against their definitions: GSL's distribution, and differences. */

enum { CODES = 4, D = 5, N = 203, PROBIT = CODES - 1 + D, LOGIT = (CODES - 1) * (D + 1) };

extern const emend_curve_kernels emend_curve_kernels_wide;

static size_t list_kernels(const emend_curve_kernels **kernels) {
  size_t n = 0;
  for (int level = 0; level < EMEND_LEVELS; level++)
    if (emend_curve_kernels_get((emend_level)level))
      kernels[n++] = emend_curve_kernels_get((emend_level)level);
  kernels[n] = &emend_curve_kernels_wide;
  return n + 1;
}

static double normal_at(size_t row, size_t column) { return emend_random_normal(9, EMEND_STREAM_TEST, row, column); }

/* Codes of any size, one of which is the answer of nobody; far-off coordinates, too. */
typedef struct sample {
  double x[N * D], weight[N];
  unsigned char code[N];
  emend_answers answers;
  emend_sorted_answers sorted;
} sample;

static void sample_make(sample *s, size_t d) {
  for (size_t i = 0; i < N; i++) {
    s->code[i] = (unsigned char)(i % 13 == 0 ? 3 : i % 5 < 2);
    s->weight[i] = i % 11 ? 0.5 + (double)(i % 3) : 0;
    for (size_t k = 0; k < d; k++)
      s->x[i * d + k] = normal_at(i, k) * (i % 29 ? 1 : 6);
  }
  s->answers = (emend_answers){.n = N, .n_coordinates = d, .x = s->x, .code = s->code, .weight = s->weight};
  ck_assert_int_eq(emend_sorted_answers_new(&s->answers, NULL, CODES, &s->sorted, NULL), EMEND_OK);
}

START_TEST(answers_lie_by_code) {
  sample s;
  sample_make(&s, D);
  size_t weighing = 0, wanted = 0;
  for (size_t c = 0; c < CODES; c++) {
    ck_assert_uint_eq(s.sorted.begin[c] % EMEND_ANSWERS_TOGETHER, 0);
    for (size_t i = s.sorted.begin[c]; i < s.sorted.begin[c + 1]; i++) {
      size_t row = 0;
      while (row < N && s.x[row * D] != s.sorted.x[i])
        row++;
      ck_assert(row < N && s.code[row] == c);
      if (s.sorted.weight[i] == 0) /* of the row itself, or left over */
        continue;
      ck_assert_double_eq(s.weight[row], s.sorted.weight[i]);
      weighing++;
      for (size_t k = 0; k < D; k++)
        ck_assert_double_eq(s.sorted.x[k * s.sorted.n + i], s.x[row * D + k]);
    }
  }
  for (size_t i = 0; i < N; i++)
    wanted += s.weight[i] > 0;
  ck_assert_uint_eq(weighing, wanted);
  emend_sorted_answers_free(&s.sorted);
}
END_TEST

START_TEST(mills_ratio) {
  const emend_curve_kernels *kernels[EMEND_LEVELS + 1];
  size_t n = list_kernels(kernels);
  double x[400], y[400];
  for (size_t i = 0; i < 400; i++)
    x[i] = (double)i * (double)i / 4500; /* to 35 */
  for (size_t k = 0; k < n; k++) {
    kernels[k]->mills(400, x, y);
    for (size_t i = 0; i < 400; i++)
      ck_assert_double_eq_tol(y[i] * gsl_ran_ugaussian_pdf(x[i]) / gsl_cdf_ugaussian_Q(x[i]), 1, 1e-12);
  }
}
END_TEST

static double eta(const double *slopes, const double *x, size_t d) {
  double sum = 0;
  for (size_t k = 0; k < d; k++)
    sum += slopes[k] * x[k];
  return sum;
}

static double probit_by_definition(const sample *s, size_t d, const double *parameters) {
  double sum = 0;
  for (size_t i = 0; i < N; i++) {
    size_t c = s->code[i];
    double e = eta(parameters + CODES - 1, s->x + i * d, d), a = c + 1 < CODES ? parameters[c] - e : 100, b = c ? parameters[c - 1] - e : -100;
    sum += s->weight[i] * log(a + b > 0 ? gsl_cdf_ugaussian_Q(b) - gsl_cdf_ugaussian_Q(a) : gsl_cdf_ugaussian_P(a) - gsl_cdf_ugaussian_P(b));
  }
  return sum;
}

static double logit_by_definition(const sample *s, size_t d, const double *coefficients) {
  double sum = 0;
  for (size_t i = 0; i < N; i++) {
    double all = 1, own = 0;
    for (size_t l = 1; l < CODES; l++) {
      const double *c = coefficients + (l - 1) * (d + 1);
      double e = c[d] + eta(c, s->x + i * d, d);
      all += exp(e), own = s->code[i] == l ? e : own;
    }
    sum += s->weight[i] * (own - log(all));
  }
  return sum;
}

typedef double (*definition)(const sample *s, size_t d, const double *parameters);

/* Derivatives by differences of the definition, and of the kernel's own gradient. */
static void check(const emend_curve_kernels *kernels, const sample *s, size_t d, bool levels, const double *at, size_t n) {
  definition define = levels ? logit_by_definition : probit_by_definition;
  double *room = calloc(emend_logit_room(CODES, d), sizeof *room), gradient[LOGIT] = {0}, curvature[LOGIT * LOGIT] = {0};
  double value = levels ? kernels->logit(&s->sorted, at, gradient, curvature, room) : kernels->probit(&s->sorted, at, gradient, curvature);
  ck_assert_double_eq_tol(value / define(s, d, at), 1, 1e-12);
  for (size_t i = 0; i < n; i++) {
    enum { SIDES = 2 };
    double point[LOGIT], values[SIDES], gradients[SIDES][LOGIT] = {{0}}, step = 1e-5;
    for (size_t side = 0; side < SIDES; side++) {
      memcpy(point, at, n * sizeof *at);
      point[i] += side ? step : -step;
      values[side] = define(s, d, point);
      double again = levels ? kernels->logit(&s->sorted, point, gradients[side], NULL, room)
                            : kernels->probit(&s->sorted, point, gradients[side], NULL);
      ck_assert_double_eq_tol(again / values[side], 1, 1e-12);
    }
    ck_assert_double_eq_tol(gradient[i], (values[1] - values[0]) / (2 * step), 1e-5 * (1 + fabs(gradient[i])));
    for (size_t j = 0; j <= i; j++) {
      double difference = (gradients[0][j] - gradients[1][j]) / (2 * step);
      ck_assert_double_eq_tol(curvature[i * n + j], difference, 1e-5 * (1 + fabs(difference)));
    }
  }
  free(room);
}

START_TEST(derivatives) {
  const emend_curve_kernels *kernels[EMEND_LEVELS + 1];
  size_t n = list_kernels(kernels);
  for (size_t d = 1; d <= D; d++) {
    sample s;
    sample_make(&s, d);
    double probit[PROBIT] = {-0.8, 0.4, 0.9, 0.7, -0.3, 0.2, 0.1, -0.2}, logit[LOGIT];
    for (size_t i = 0; i < LOGIT; i++)
      logit[i] = normal_at(i, 7);
    for (size_t k = 0; k < n; k++) {
      check(kernels[k], &s, d, false, probit, CODES - 1 + d);
      check(kernels[k], &s, d, true, logit, (CODES - 1) * (d + 1));
    }
    emend_sorted_answers_free(&s.sorted);
  }
}
END_TEST

START_TEST(products) {
  const emend_curve_kernels *kernels[EMEND_LEVELS + 1];
  enum { MOST = 77, VECTORS = 3 };
  size_t n = list_kernels(kernels);
  double vectors[VECTORS * MOST], z[MOST], sums[MOST], x[VECTORS];
  for (size_t p = 0; p <= MOST; p++)
    for (size_t k = 0; k < n; k++) {
      for (size_t i = 0; i < VECTORS * p; i++)
        vectors[i] = normal_at(i, 11);
      for (size_t j = 0; j < p; j++)
        z[j] = normal_at(j, 12), sums[j] = normal_at(j, 13);
      kernels[k]->predict(VECTORS, p, vectors, z, x);
      kernels[k]->add(p, -0.3, z, sums);
      for (size_t v = 0; v < VECTORS; v++)
        ck_assert_double_eq_tol(x[v], eta(vectors + v * p, z, p), 1e-12);
      for (size_t j = 0; j < p; j++)
        ck_assert_double_eq_tol(sums[j], normal_at(j, 13) - 0.3 * z[j], 1e-14);
    }
}
END_TEST

/* An answer that cannot be is told, not reckoned with. */
START_TEST(impossible_answers) {
  const emend_curve_kernels *kernels[EMEND_LEVELS + 1];
  size_t n = list_kernels(kernels);
  double x[] = {0.1, 60}, weight[] = {1, 1}, gradient[2] = {0}, room[1024];
  unsigned char code[] = {0, 0};
  emend_sorted_answers sorted;
  emend_answers answers = {.n = 2, .n_coordinates = 1, .x = x, .code = code, .weight = weight};
  ck_assert_int_eq(emend_sorted_answers_new(&answers, NULL, 2, &sorted, NULL), EMEND_OK);
  for (size_t k = 0; k < n; k++) {
    ck_assert_double_eq(kernels[k]->probit(&sorted, (double[]){0, 1}, gradient, NULL), -HUGE_VAL);
    ck_assert(isfinite(kernels[k]->probit(&sorted, (double[]){0, 0.5}, gradient, NULL)));
    ck_assert_double_eq(kernels[k]->probit(&sorted, (double[]){NAN, 1}, gradient, NULL), -HUGE_VAL);
    ck_assert_double_eq(kernels[k]->probit(&sorted, (double[]){0, NAN}, gradient, NULL), -HUGE_VAL);
    ck_assert_uint_le(emend_logit_room(2, 1), sizeof room / sizeof *room);
    ck_assert_double_eq(kernels[k]->logit(&sorted, (double[]){NAN, 0}, gradient, NULL, room), -HUGE_VAL);
  }
  emend_sorted_answers_free(&sorted);
}
END_TEST

SUITE {
  Suite *suite = suite_create("curve kernels");
  TCase *tests = tcase_create("all");
  tcase_add_test(tests, answers_lie_by_code);
  tcase_add_test(tests, mills_ratio);
  tcase_add_test(tests, derivatives);
  tcase_add_test(tests, products);
  tcase_add_test(tests, impossible_answers);
  suite_add_tcase(suite, tests);
  return suite;
}
