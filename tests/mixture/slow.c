/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mixture/slow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

static double *numbers(size_t count) {
  double *block = calloc(count ? count : 1, sizeof *block);
  ck_assert_ptr_nonnull(block);
  return block;
}

slow_mixture slow_new(size_t k, size_t p) { return (slow_mixture){k, p, numbers(k), numbers(k * p), numbers(k * p * p)}; }

void slow_free(slow_mixture *m) { free(m->proportion), free(m->mean), free(m->covariance); }

slow_mixture slow_copy(const slow_mixture *m) {
  slow_mixture copy = slow_new(m->k, m->p);
  memcpy(copy.proportion, m->proportion, m->k * sizeof(double));
  memcpy(copy.mean, m->mean, m->k * m->p * sizeof(double));
  memcpy(copy.covariance, m->covariance, m->k * m->p * m->p * sizeof(double));
  return copy;
}

slow_mixture slow_of(const emend_mixture *mixture) {
  slow_mixture m = slow_new(emend_mixture_components(mixture), emend_mixture_columns(mixture));
  for (size_t k = 0; k < m.k; k++) {
    m.proportion[k] = emend_mixture_proportion(mixture, k);
    memcpy(m.mean + k * m.p, emend_mixture_mean(mixture, k), m.p * sizeof(double));
    memcpy(m.covariance + k * m.p * m.p, emend_mixture_covariance(mixture, k), m.p * m.p * sizeof(double));
  }
  return m;
}

/* Log-density of the observed entries of a row in component k; `score` (p, may be NULL) receives inverse(S_OO) (x - mean) in the observed
 * places. */
static double log_density(const slow_mixture *m, size_t k, const double *row, double *score) {
  size_t p = m->p, o = 0, columns[64];
  double part[64 * 64] = {0}, r[64], x[64], sum = 0;
  for (size_t j = 0; j < p; j++)
    if (!isnan(row[j]))
      columns[o++] = j;
  for (size_t a = 0; a < o; a++) {
    x[a] = r[a] = row[columns[a]] - m->mean[k * p + columns[a]];
    for (size_t b = 0; b < o; b++)
      part[a * o + b] = m->covariance[(k * p + columns[a]) * p + columns[b]];
  }
  double log_determinant = kit_solve(o, part, r);
  for (size_t a = 0; a < o; a++) {
    sum += x[a] * r[a];
    if (score)
      score[columns[a]] = r[a];
  }
  return -0.5 * (sum + log_determinant + (double)o * log(2 * M_PI));
}

static double row_log_likelihood(const slow_mixture *m, const double *row, double *responsibilities) {
  double logs[64], largest = -INFINITY, sum = 0;
  for (size_t k = 0; k < m->k; k++) {
    logs[k] = log(m->proportion[k]) + log_density(m, k, row, NULL);
    largest = fmax(largest, logs[k]);
  }
  for (size_t k = 0; k < m->k; k++)
    sum += exp(logs[k] - largest);
  for (size_t k = 0; k < m->k; k++)
    responsibilities[k] = exp(logs[k] - largest) / sum;
  return largest + log(sum);
}

void slow_responsibilities(const slow_mixture *m, const double *row, double *responsibilities) {
  row_log_likelihood(m, row, responsibilities);
}

double slow_log_likelihood(const slow_mixture *m, const double *values, size_t n, const double *weights) {
  double sum = 0, ignored[64];
  for (size_t i = 0; i < n; i++)
    sum += (weights ? weights[i] : 1) * row_log_likelihood(m, values + i * m->p, ignored);
  return sum;
}

/* Expected row (e) and conditional covariance (c, p x p) in component k. */
static void expect_row(const slow_mixture *m, size_t k, const double *row, double *e, double *c) {
  size_t p = m->p;
  double score[64] = {0}, part[64 * 64] = {0}, r[64];
  size_t o = 0, columns[64];
  const double *s = m->covariance + k * p * p;
  log_density(m, k, row, score);
  for (size_t j = 0; j < p; j++)
    if (!isnan(row[j]))
      columns[o++] = j;
  for (size_t a = 0; a < o; a++)
    for (size_t b = 0; b < o; b++)
      part[a * o + b] = s[columns[a] * p + columns[b]];
  memset(c, 0, p * p * sizeof *c);
  for (size_t i = 0; i < p; i++) {
    e[i] = isnan(row[i]) ? m->mean[k * p + i] : row[i];
    if (!isnan(row[i]))
      continue;
    for (size_t a = 0; a < o; a++) {
      e[i] += s[i * p + columns[a]] * score[columns[a]];
      r[a] = s[i * p + columns[a]];
    }
    kit_solve(o, part, r);
    for (size_t j = 0; j < p; j++) {
      c[i * p + j] = isnan(row[j]) ? s[i * p + j] : 0;
      for (size_t a = 0; a < o && isnan(row[j]); a++)
        c[i * p + j] -= r[a] * s[columns[a] * p + j];
    }
  }
}

static bool is_empty(const double *row, size_t p) {
  bool empty = true;
  for (size_t j = 0; j < p; j++)
    empty = empty && isnan(row[j]);
  return empty;
}

/* N_k and means of the next step. */
static void next_means(const slow_mixture *m, const double *values, size_t n, const double *weights, double *count, double *mean) {
  size_t p = m->p;
  double r[64], e[64], c[64 * 64];
  for (size_t i = 0; i < n; i++) {
    if (is_empty(values + i * p, p))
      continue;
    slow_responsibilities(m, values + i * p, r);
    for (size_t k = 0; k < m->k; k++) {
      double w = (weights ? weights[i] : 1) * r[k];
      expect_row(m, k, values + i * p, e, c);
      count[k] += w;
      for (size_t j = 0; j < p; j++)
        mean[k * p + j] += w * e[j];
    }
  }
  for (size_t i = 0; i < m->k * p; i++)
    mean[i] /= count[i / p];
}

/* Expected scatters about the new means, divided by N_k. */
static void next_covariances(const slow_mixture *m, const double *values, size_t n, const double *weights, const double *count,
                             const double *mean, double *covariance) {
  size_t p = m->p;
  double r[64], e[64], c[64 * 64];
  for (size_t i = 0; i < n; i++) {
    if (is_empty(values + i * p, p))
      continue;
    slow_responsibilities(m, values + i * p, r);
    for (size_t k = 0; k < m->k; k++) {
      const double *center = mean + k * p;
      expect_row(m, k, values + i * p, e, c);
      for (size_t j = 0; j < p * p; j++)
        covariance[k * p * p + j] +=
            (weights ? weights[i] : 1) * r[k] / count[k] * ((e[j / p] - center[j / p]) * (e[j % p] - center[j % p]) + c[j]);
    }
  }
}

void slow_em_step(slow_mixture *m, const double *values, size_t n, const double *weights) {
  slow_mixture next = slow_new(m->k, m->p);
  double *count = numbers(m->k), total = 0;
  next_means(m, values, n, weights, count, next.mean);
  next_covariances(m, values, n, weights, count, next.mean, next.covariance);
  for (size_t k = 0; k < m->k; k++)
    total += count[k];
  for (size_t k = 0; k < m->k; k++)
    next.proportion[k] = count[k] / total;
  free(count);
  slow_free(m);
  *m = next;
}

/* Where the center of cluster c lies in column j: a corner of a cube, so that every pair of columns tells some of them apart. */
static double center_of(size_t c, size_t j, double distance) { return distance * (double)((c * (j + 1) + c * c * j) % 5) / 2; }

double *slow_sample(uint64_t seed, size_t n, size_t p, size_t k, double distance, double share_missing) {
  double *values = numbers(n * p);
  for (size_t i = 0; i < n; i++) {
    double common = emend_random_normal(seed, EMEND_STREAM_TEST, i, 1000003);
    for (size_t j = 0; j < p; j++)
      values[i * p + j] = emend_random_uniform(seed, EMEND_STREAM_TEST + 1, i, j) < share_missing
                              ? NAN
                              : center_of(i % k, j, distance) + 0.6 * common + 0.8 * emend_random_normal(seed, EMEND_STREAM_TEST, i, j);
  }
  return values;
}

slow_mixture slow_truth(size_t k, size_t p, double distance) {
  slow_mixture m = slow_new(k, p);
  for (size_t c = 0; c < k; c++) {
    m.proportion[c] = 1 / (double)k;
    for (size_t i = 0; i < p * p; i++)
      m.covariance[c * p * p + i] = i % (p + 1) == 0 ? 1.2 : 0.1;
    for (size_t j = 0; j < p; j++)
      m.mean[c * p + j] = center_of(c, j, distance) + 0.1 * (double)(c + 1);
  }
  return m;
}

emend_mixture *slow_fit(const double *values, size_t n, size_t p, const double *weights, const emend_mixture_options *options) {
  emend_mixture *fit = NULL;
  emend_error *error = emend_error_new();
  emend_status status = emend_mixture_fit(values, n, p, p, weights, options, NULL, &fit, error);
  ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_ptr_nonnull(fit);
  emend_error_free(error);
  return fit;
}

emend_mixture_options *slow_options(size_t k, emend_structure structure) {
  emend_mixture_options *options = emend_mixture_options_new();
  ck_assert_int_eq(emend_mixture_options_set_components(options, k, k, NULL), EMEND_OK);
  ck_assert_int_eq(emend_mixture_options_set_structures(options, &structure, 1, NULL), EMEND_OK);
  ck_assert_int_eq(emend_mixture_options_set_tolerance(options, 1e-10, NULL), EMEND_OK);
  return options;
}

static double pairs(double n) { return n * (n - 1) / 2; }

double slow_rand_index(const emend_mixture *mixture, const double *values, size_t n, size_t k) {
  size_t found = emend_mixture_components(mixture), p = emend_mixture_columns(mixture);
  double *r = numbers(n * found), *table = numbers(k * found), rows = 0, columns = 0, cells = 0;
  ck_assert_int_eq(emend_mixture_predict(mixture, values, n, p, r, NULL), EMEND_OK);
  for (size_t i = 0; i < n; i++) {
    size_t best = 0;
    for (size_t c = 1; c < found; c++)
      best = r[i * found + c] > r[i * found + best] ? c : best;
    table[i % k * found + best]++;
  }
  for (size_t a = 0; a < k; a++) {
    double sum = 0;
    for (size_t b = 0; b < found; b++)
      sum += table[a * found + b], cells += pairs(table[a * found + b]);
    rows += pairs(sum);
  }
  for (size_t b = 0; b < found; b++) {
    double sum = 0;
    for (size_t a = 0; a < k; a++)
      sum += table[a * found + b];
    columns += pairs(sum);
  }
  free(r), free(table);
  double expected = rows * columns / pairs((double)n);
  return (cells - expected) / ((rows + columns) / 2 - expected);
}
