/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal/kit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/level.h"
#include "base/random.h"

static double *numbers(size_t count) {
  double *block = calloc(count ? count : 1, sizeof *block);
  if (!block)
    ck_abort_msg("out of memory");
  return block;
}

double kit_solve(size_t n, const double *a, double *b) {
  double *l = numbers(n * n), log_determinant = 0;
  memcpy(l, a, n * n * sizeof *l);
  for (size_t k = 0; k < n; k++) {
    if (!(l[k * n + k] > 0)) /* assertions are written to a file each: too many for inner loops */
      ck_abort_msg("a matrix of the test is not positive definite");
    log_determinant += log(l[k * n + k]);
    for (size_t i = k + 1; i < n; i++) {
      double f = l[i * n + k] / l[k * n + k];
      for (size_t j = k; j < n; j++)
        l[i * n + j] -= f * l[k * n + j];
      if (b)
        b[i] -= f * b[k];
    }
  }
  for (size_t i = n; b && i-- > 0;) {
    for (size_t j = i + 1; j < n; j++)
      b[i] -= l[i * n + j] * b[j];
    b[i] /= l[i * n + i];
  }
  free(l);
  return log_determinant;
}

/* The observed columns of a row, and their part of the covariance. */
static size_t observed_part(const double *x, size_t p, const double *covariance, size_t *columns, double *part) {
  size_t o = 0;
  for (size_t j = 0; j < p; j++)
    if (!isnan(x[j]))
      columns[o++] = j;
  for (size_t a = 0; a < o; a++)
    for (size_t b = 0; b < o; b++)
      part[a * o + b] = covariance[columns[a] * p + columns[b]];
  return o;
}

/* Expected x (into e) and the conditional covariance (into c, p x p) of one row. */
static size_t expect_row(const double *x, size_t p, const double *mean, const double *covariance, double *e, double *c) {
  size_t *columns = malloc(p * sizeof *columns);
  double *part = numbers(p * p), *r = numbers(p);
  size_t o = observed_part(x, p, covariance, columns, part);
  for (size_t j = 0; j < p; j++)
    e[j] = x[j];
  memset(c, 0, p * p * sizeof *c);
  for (size_t j = 0; j < p; j++) {
    if (!isnan(x[j]))
      continue;
    for (size_t a = 0; a < o; a++)
      r[a] = covariance[j * p + columns[a]];
    kit_solve(o, part, r);
    e[j] = mean[j];
    for (size_t a = 0; a < o; a++)
      e[j] += r[a] * (x[columns[a]] - mean[columns[a]]);
    for (size_t k = 0; k < p; k++) {
      if (!isnan(x[k]))
        continue;
      c[j * p + k] = covariance[j * p + k];
      for (size_t a = 0; a < o; a++)
        c[j * p + k] -= r[a] * covariance[k * p + columns[a]];
    }
  }
  free(columns), free(part), free(r);
  return o;
}

void kit_textbook_em(const double *values, size_t n, size_t p, const double *weights, const double *lambda, double nu, size_t steps,
                     double *mean, double *covariance) {
  double *e = numbers(n * p), *c = numbers(p * p), *sum_c = numbers(p * p);
  for (size_t step = 0; step < steps; step++) {
    double total = 0;
    memset(sum_c, 0, p * p * sizeof *sum_c);
    for (size_t i = 0; i < n; i++) {
      double w = weights ? weights[i] : 1;
      if (expect_row(values + i * p, p, mean, covariance, e + i * p, c) == 0)
        w = 0;
      total += w;
      for (size_t k = 0; k < p * p; k++)
        sum_c[k] += w * c[k];
      if (w == 0)
        for (size_t k = 0; k < p; k++)
          e[i * p + k] = NAN;
    }
    for (size_t j = 0; j < p; j++) {
      mean[j] = 0;
      for (size_t i = 0; i < n; i++)
        mean[j] += isnan(e[i * p]) ? 0 : (weights ? weights[i] : 1) * e[i * p + j] / total;
    }
    for (size_t j = 0; j < p; j++) {
      for (size_t k = 0; k < p; k++) {
        double s = sum_c[j * p + k] + (lambda ? lambda[j * p + k] : 0);
        for (size_t i = 0; i < n; i++)
          s += isnan(e[i * p]) ? 0 : (weights ? weights[i] : 1) * (e[i * p + j] - mean[j]) * (e[i * p + k] - mean[k]);
        covariance[j * p + k] = s / (total + nu);
      }
    }
  }
  free(e), free(c), free(sum_c);
}

double kit_log_likelihood(const double *values, size_t n, size_t p, const double *weights, const double *mean, const double *covariance) {
  size_t *columns = malloc(p * sizeof *columns);
  double *part = numbers(p * p), *r = numbers(p), sum = 0;
  for (size_t i = 0; i < n; i++) {
    size_t o = observed_part(values + i * p, p, covariance, columns, part);
    for (size_t a = 0; a < o; a++)
      r[a] = values[i * p + columns[a]] - mean[columns[a]];
    double term = kit_solve(o, part, r) + (double)o * log(2 * M_PI);
    for (size_t a = 0; a < o; a++)
      term += r[a] * (values[i * p + columns[a]] - mean[columns[a]]);
    sum -= (weights ? weights[i] : 1) * term / 2;
  }
  free(columns), free(part), free(r);
  return sum;
}

double kit_log_posterior(const double *values, size_t n, size_t p, const double *mean, const double *covariance, const double *lambda,
                         double nu) {
  double *r = numbers(p), trace = 0;
  for (size_t j = 0; j < p && lambda; j++) {
    for (size_t k = 0; k < p; k++)
      r[k] = lambda[k * p + j];
    kit_solve(p, covariance, r);
    trace += r[j];
  }
  free(r);
  return kit_log_likelihood(values, n, p, NULL, mean, covariance) - (nu * kit_solve(p, covariance, NULL) + trace) / 2;
}

void kit_moments(const double *values, size_t n, size_t p, double less, double *mean, double *covariance) {
  memset(covariance, 0, p * p * sizeof *covariance);
  for (size_t j = 0; j < p; j++) {
    double count = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
      if (!isnan(values[i * p + j]))
        count++, sum += values[i * p + j];
    mean[j] = sum / count;
    for (size_t i = 0; i < n; i++)
      if (!isnan(values[i * p + j]))
        squares += (values[i * p + j] - mean[j]) * (values[i * p + j] - mean[j]);
    covariance[j * p + j] = squares / (count - less);
  }
}

double *kit_sample(uint64_t seed, size_t n, size_t p, double share_missing) {
  double *values = numbers(n * p);
  for (size_t i = 0; i < n; i++) {
    double common = emend_random_normal(seed, EMEND_STREAM_TEST, i, 1000003);
    for (size_t j = 0; j < p; j++) {
      values[i * p + j] = 3 + (double)j + 0.8 * common + (1 + 0.1 * (double)j) * emend_random_normal(seed, EMEND_STREAM_TEST, i, j);
      if (j > 0)
        values[i * p + j] += 0.4 * values[i * p + j - 1];
    }
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < p; j++)
      if (emend_random_uniform(seed, EMEND_STREAM_TEST + 1, i, j) < share_missing)
        values[i * p + j] = NAN;
  return values;
}

emend_normal *kit_fit(const double *values, size_t n, size_t p, const double *weights, const emend_normal_options *options) {
  emend_normal *fit = NULL;
  emend_error *error = emend_error_new();
  emend_status status = emend_normal_fit(values, n, p, p, weights, options, NULL, &fit, error);
  ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_ptr_nonnull(fit);
  emend_error_free(error);
  const char *wanted = getenv("EMEND_KERNEL"), *kernel = emend_normal_kernel(fit);
  if (wanted && !emend_level_refused())
    ck_assert_msg(strncmp(kernel, wanted, strlen(kernel)) == 0, "%s instead of %s", kernel, wanted);
  return fit;
}

/* kernels.sh runs the reference tests with each. */
static void take_from_environment(emend_normal_options *options) {
  const char *threads = getenv("EMEND_TEST_THREADS"), *acceleration = getenv("EMEND_TEST_ACCELERATE");
  if (threads)
    emend_normal_options_set_threads(options, (unsigned)strtoul(threads, NULL, 10));
  if (acceleration)
    emend_normal_options_set_acceleration(options, strcmp(acceleration, "none") == 0      ? EMEND_ACCELERATE_NONE
                                                   : strcmp(acceleration, "squarem") == 0 ? EMEND_ACCELERATE_SQUAREM
                                                                                          : EMEND_ACCELERATE_ANDERSON);
}

emend_normal_options *kit_exact_options(void) {
  emend_normal_options *options = emend_normal_options_new();
  take_from_environment(options);
  ck_assert_int_eq(emend_normal_options_set_tolerance(options, 1e-10, NULL), EMEND_OK);
  ck_assert_int_eq(emend_normal_options_set_max_iterations(options, 100000, NULL), EMEND_OK);
  return options;
}

emend_normal *kit_fit_exact(const double *values, size_t n, size_t p) {
  emend_normal_options *options = kit_exact_options();
  emend_normal *fit = kit_fit(values, n, p, NULL, options);
  ck_assert_msg(emend_normal_converged(fit), "not converged: distance %g after %zu iterations", emend_normal_distance(fit),
                emend_normal_iterations(fit));
  emend_normal_options_free(options);
  return fit;
}

double *kit_read_csv(const char *path, size_t first, size_t p, size_t *n) {
  char *text = (char *)support_read(path, NULL), *line = strchr(text, '\n');
  size_t rows = 0, capacity = 2000;
  double *values = numbers(capacity * p);
  while (line && line[1]) {
    char *field = line + 1, *end = strchr(field, '\n');
    ck_assert_uint_lt(rows, capacity);
    for (size_t j = 0; j < first + p; j++) {
      size_t length = strcspn(field, ",\r\n");
      if (j >= first)
        values[rows * p + j - first] = length == 0 || field[0] == 'N' ? NAN : strtod(field, NULL);
      field += length + (field[length] == ',');
    }
    rows++;
    line = end;
  }
  free(text);
  *n = rows;
  return values;
}

double kit_covariance(const emend_normal *fit, size_t i, size_t j) {
  return emend_normal_covariance(fit)[i * emend_normal_columns(fit) + j];
}

void kit_assert_sane(const emend_normal *fit) {
  size_t p = emend_normal_columns(fit);
  for (size_t i = 0; i < p; i++) {
    bool known = emend_normal_column_state(fit, i) != EMEND_COLUMN_NEVER_OBSERVED;
    ck_assert_int_eq(isfinite(emend_normal_mean(fit)[i]), known);
    for (size_t j = 0; j < p; j++) {
      known = emend_normal_column_state(fit, i) != EMEND_COLUMN_NEVER_OBSERVED &&
              emend_normal_column_state(fit, j) != EMEND_COLUMN_NEVER_OBSERVED;
      ck_assert_int_eq(isfinite(kit_covariance(fit, i, j)) != 0, known);
      if (known) {
        ck_assert(kit_covariance(fit, i, j) == kit_covariance(fit, j, i));
        ck_assert(kit_covariance(fit, i, i) >= 0);
      }
    }
  }
}

void kit_assert_near(double a, double b, double tolerance, const char *what, const char *file, int line) {
  if (!(fabs(a - b) <= tolerance))
    ck_abort_msg("%s:%d: %s is %.12g, not %.12g (to %g)", file, line, what, a, b, tolerance);
}
