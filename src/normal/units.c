/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "normal/lapack.h"

static const double LOG_2_PI = 1.8378770664093454836;

enum { BLOCK_ROWS = 256 };

void emend_normal_units_free(emend_normal_problem *problem) {
  for (size_t u = 0; u < problem->n_units; u++) {
    free(problem->units[u].owned);
    free(problem->units[u].owned_missing);
  }
  free(problem->units);
  problem->units = NULL;
  problem->n_units = 0;
}

static double row_weight(const emend_normal_problem *problem, size_t row) {
  return problem->patterns->weights ? problem->patterns->weights[row] * problem->weight_factor : 1;
}

/* Observed-by-observed sums of a pattern's rows. Missing entries are stored as 0, so the full product is the observed part. */
static void add_constant_part(emend_normal_problem *problem, const emend_pattern *pattern, double *block) {
  const emend_patterns *patterns = problem->patterns;
  size_t p = problem->p;
  int n = (int)p;
  double one = 1;
  for (size_t start = 0; start < pattern->n_rows; start += BLOCK_ROWS) {
    size_t count = pattern->n_rows - start < BLOCK_ROWS ? pattern->n_rows - start : BLOCK_ROWS;
    for (size_t i = 0; i < count; i++) {
      size_t row = pattern->first + start + i;
      const double *x = patterns->values + row * p;
      double w = row_weight(problem, row), root = sqrt(w);
      for (size_t j = 0; j < p; j++) {
        double z = problem->active[j] ? x[j] : 0;
        block[i * p + j] = root * z;
        problem->constant_sum[j] += w * z;
      }
    }
    int k = (int)count;
    dsyrk_("L", "N", &n, &k, &one, block, &n, &one, problem->constant_products, &n);
  }
}

/* Cholesky of a symmetric matrix by columns of the lower triangle; a pivot that is only rounding is taken as 0, its column with it. */
static void semidefinite_factor(size_t o, double *a) {
  double largest = 0;
  for (size_t j = 0; j < o; j++)
    largest = fmax(largest, a[j * o + j]);
  for (size_t j = 0; j < o; j++) {
    double pivot = a[j * o + j];
    if (!(pivot > 1e-14 * largest)) {
      for (size_t i = j; i < o; i++)
        a[j * o + i] = 0;
      continue;
    }
    double inverse = 1 / sqrt(pivot);
    for (size_t i = j; i < o; i++)
      a[j * o + i] *= inverse;
    for (size_t k = j + 1; k < o; k++) {
      double f = a[j * o + k];
      for (size_t i = k; i < o; i++)
        a[k * o + i] -= f * a[j * o + i];
    }
  }
}

/* Replaces the rows of a large pattern by o + 1 rows with the same weighted cross-products: the mean, times the root of the weight, and the columns of
 * a factor of the scatter about it. */
static emend_status compress(emend_normal_problem *problem, const emend_pattern *pattern, const uint32_t *observed, size_t o,
                             emend_normal_unit *unit, emend_error *error) {
  const emend_patterns *patterns = problem->patterns;
  size_t p = patterns->n_columns, rows = o + 1;
  double *owned = emend_allocate(rows * (p + 1), sizeof *owned);
  double *mean = emend_allocate(o, sizeof *mean), *scatter = emend_allocate(o * o, sizeof *scatter), *block = emend_allocate(BLOCK_ROWS * o, sizeof *block);
  emend_status status = owned && mean && scatter && block ? EMEND_OK : emend_fail_memory(error);
  for (size_t i = 0; i < pattern->n_rows && !status; i++) {
    const double *x = patterns->values + (pattern->first + i) * p;
    double w = row_weight(problem, pattern->first + i);
    for (size_t a = 0; a < o; a++)
      mean[a] += w * x[observed[a]];
  }
  for (size_t a = 0; a < o && !status; a++)
    mean[a] /= unit->weight;
  for (size_t start = 0; start < pattern->n_rows && !status && o > 0; start += BLOCK_ROWS) {
    size_t count = pattern->n_rows - start < BLOCK_ROWS ? pattern->n_rows - start : BLOCK_ROWS;
    for (size_t i = 0; i < count; i++) {
      const double *x = patterns->values + (pattern->first + start + i) * p;
      double root = sqrt(row_weight(problem, pattern->first + start + i));
      for (size_t a = 0; a < o; a++)
        block[i * o + a] = root * (x[observed[a]] - mean[a]);
    }
    int n = (int)o, k = (int)count;
    double one = 1;
    dsyrk_("L", "N", &n, &k, &one, block, &n, &one, scatter, &n);
  }
  if (!status) {
    semidefinite_factor(o, scatter);
    double root = sqrt(unit->weight);
    owned[rows * p] = root;
    for (size_t a = 0; a < o; a++) {
      owned[observed[a]] = root * mean[a];
      for (size_t b = a; b < o; b++) /* column a of the factor */
        owned[(a + 1) * p + observed[b]] = scatter[a * o + b];
    }
    unit->rows = unit->owned = owned;
    unit->constants = owned + rows * p;
    unit->n_rows = rows;
    unit->weights = NULL;
    owned = NULL;
  }
  free(owned), free(mean), free(scatter), free(block);
  return status;
}

/* The active columns of a list; may be done in place. */
static size_t select_active(const emend_normal_problem *problem, const uint32_t *columns, size_t n, uint32_t *selected) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++)
    if (problem->active[columns[i]])
      selected[count++] = columns[i];
  return count;
}

static emend_status add_unit(emend_normal_problem *problem, const emend_pattern *pattern, const uint32_t *observed, size_t o,
                             const uint32_t *missing, size_t m, double weight, emend_error *error) {
  const emend_patterns *patterns = problem->patterns;
  emend_normal_unit *unit = &problem->units[problem->n_units];
  *unit = (emend_normal_unit){.m = m,
                              .weight = weight,
                              .rows = patterns->values + pattern->first * patterns->n_columns,
                              .n_rows = pattern->n_rows,
                              .weights = patterns->weights ? patterns->weights + pattern->first : NULL};
  problem->n_units++;
  if (m == pattern->n_missing) {
    unit->missing = pattern->missing;
  } else {
    unit->owned_missing = emend_allocate(m, sizeof *unit->owned_missing);
    if (!unit->owned_missing)
      return emend_fail_memory(error);
    memcpy(unit->owned_missing, missing, m * sizeof *missing);
    unit->missing = unit->owned_missing;
  }
  problem->missing_weight += weight * (double)m;
  problem->complete = false;
  if (m > problem->max_missing)
    problem->max_missing = m;
  return pattern->n_rows > o + 1 ? compress(problem, pattern, observed, o, unit, error) : EMEND_OK;
}

emend_status emend_normal_units_new(emend_normal_problem *problem, emend_error *error) {
  const emend_patterns *patterns = problem->patterns;
  size_t p = problem->p;
  problem->units = emend_allocate(patterns->n_patterns, sizeof *problem->units);
  uint32_t *observed = emend_allocate(p, sizeof *observed), *missing = emend_allocate(p, sizeof *missing);
  double *block = emend_allocate(BLOCK_ROWS * (p ? p : 1), sizeof *block);
  emend_status status = problem->units && observed && missing && block ? EMEND_OK : emend_fail_memory(error);
  problem->complete = true;
  for (size_t s = 0; s < patterns->n_patterns && !status; s++) {
    const emend_pattern *pattern = &patterns->patterns[s];
    size_t o = select_active(problem, observed, emend_pattern_observed(patterns, pattern, observed), observed);
    size_t m = select_active(problem, pattern->missing, pattern->n_missing, missing);
    double weight = pattern->weight * problem->weight_factor;
    if (o == 0 || weight == 0)
      continue;
    problem->weight += weight;
    problem->n_rows += pattern->n_rows;
    for (size_t i = 0; patterns->weights && i < pattern->n_rows; i++)
      problem->n_rows -= patterns->weights[pattern->first + i] == 0;
    problem->constant_term += weight * (double)o * LOG_2_PI;
    add_constant_part(problem, pattern, block);
    if (m > 0)
      status = add_unit(problem, pattern, observed, o, missing, m, weight, error);
  }
  free(observed), free(missing), free(block);
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < j; k++)
      problem->constant_products[j * p + k] = problem->constant_products[k * p + j];
  return status;
}

double emend_normal_unit_estep(emend_normal_problem *q, const emend_normal_unit *unit) {
  size_t m = unit->m;
  double log_determinant = q->kernels->condition(q->stride, q->precision, q->mean, unit->missing, m, &q->conditional);
  if (isnan(log_determinant))
    return log_determinant;
  emend_kernel_rows rows = {
      .x = unit->rows, .n = unit->n_rows, .constants = unit->constants, .weights = unit->weights, .weight_factor = q->weight_factor};
  q->kernels->accumulate(q->p, q->stride, unit->missing, m, &q->conditional, &rows, q->sum, q->work, q->scratch);
  for (size_t a = 0; a < m; a++)
    for (size_t b = 0; b < m; b++)
      q->work[(size_t)unit->missing[a] * q->stride + unit->missing[b]] += 0.5 * unit->weight * q->conditional.covariance[a * m + b];
  return log_determinant;
}
