/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/transform.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/spread.h"

void emend_transform_free(emend_transform *t) {
  free(t->knots), free(t->scores);
  *t = (emend_transform){0};
}

const char *emend_transform_word(emend_transform_kind kind) {
  static const char *const words[] = {"none", "log", "log1p", "sqrt", "logit", "yeo-johnson", "normal-scores"};
  return (size_t)kind < sizeof words / sizeof *words ? words[kind] : "";
}

/* Yeo & Johnson (2000). */
static double yeo_johnson(double x, double lambda) {
  if (x >= 0)
    return fabs(lambda) < 1e-12 ? log1p(x) : expm1(lambda * log1p(x)) / lambda;
  return fabs(lambda - 2) < 1e-12 ? -log1p(-x) : -expm1((2 - lambda) * log1p(-x)) / (2 - lambda);
}

static double yeo_johnson_back(double y, double lambda) {
  if (y >= 0) {
    if (fabs(lambda) < 1e-12)
      return expm1(y);
    double inside = lambda * y;
    return inside <= -1 ? HUGE_VAL : expm1(log1p(inside) / lambda);
  }
  if (fabs(lambda - 2) < 1e-12)
    return -expm1(-y);
  double inside = -(2 - lambda) * y;
  return inside <= -1 ? -HUGE_VAL : -expm1(log1p(inside) / (2 - lambda));
}

/* From one ascending list to another, straight lines between; flat outside. */
static double interpolate(const double *from, const double *to, size_t n, double x) {
  if (!(x > from[0]))
    return to[0];
  if (x >= from[n - 1])
    return to[n - 1];
  size_t lo = 0, hi = n - 1;
  while (hi - lo > 1) {
    size_t middle = lo + (hi - lo) / 2;
    *(from[middle] <= x ? &lo : &hi) = middle;
  }
  return to[lo] + (to[hi] - to[lo]) * (x - from[lo]) / (from[hi] - from[lo]);
}

double emend_transform_forward(const emend_transform *t, double x) {
  switch (t->kind) {
  case EMEND_TRANSFORM_LOG: return log(x);
  case EMEND_TRANSFORM_LOG1P: return log1p(x);
  case EMEND_TRANSFORM_SQRT: return sqrt(x);
  case EMEND_TRANSFORM_LOGIT: return log((x - t->lo) / (t->hi - x));
  case EMEND_TRANSFORM_YEO_JOHNSON: return yeo_johnson((x - t->lo) / t->hi, t->lambda);
  case EMEND_TRANSFORM_NORMAL_SCORES: return interpolate(t->knots, t->scores, t->n_knots, x);
  default: return x;
  }
}

double emend_transform_back(const emend_transform *t, double y) {
  switch (t->kind) {
  case EMEND_TRANSFORM_LOG: return exp(y);
  case EMEND_TRANSFORM_LOG1P: return expm1(y);
  case EMEND_TRANSFORM_SQRT: return y > 0 ? y * y : 0;
  case EMEND_TRANSFORM_LOGIT: return t->lo + (t->hi - t->lo) / (1 + exp(-y));
  case EMEND_TRANSFORM_YEO_JOHNSON: return t->lo + t->hi * yeo_johnson_back(y, t->lambda);
  case EMEND_TRANSFORM_NORMAL_SCORES: return interpolate(t->scores, t->knots, t->n_knots, y);
  default: return y;
  }
}

void emend_transform_range(const emend_transform *t, double *lo, double *hi) {
  *lo = -HUGE_VAL, *hi = HUGE_VAL;
  if (t->kind == EMEND_TRANSFORM_LOG || t->kind == EMEND_TRANSFORM_SQRT)
    *lo = 0;
  else if (t->kind == EMEND_TRANSFORM_LOG1P)
    *lo = -1;
  else if (t->kind == EMEND_TRANSFORM_LOGIT)
    *lo = t->lo, *hi = t->hi;
  else if (t->kind == EMEND_TRANSFORM_NORMAL_SCORES)
    *lo = t->knots[0], *hi = t->knots[t->n_knots - 1];
  if (t->least < t->most)
    *lo = fmax(*lo, t->least), *hi = fmin(*hi, t->most);
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Distinct values, and the normal quantiles of their middle ranks. */
static emend_status fit_scores(emend_transform *t, const double *values, size_t n, emend_error *error) {
  t->knots = emend_allocate(n, sizeof *t->knots);
  t->scores = emend_allocate(n, sizeof *t->scores);
  if (!t->knots || !t->scores)
    return emend_fail_memory(error);
  memcpy(t->knots, values, n * sizeof *values);
  qsort(t->knots, n, sizeof *t->knots, compare);
  size_t distinct = 0;
  for (size_t first = 0, next; first < n; first = next) {
    for (next = first + 1; next < n && t->knots[next] == t->knots[first]; next++)
      ;
    t->scores[distinct] = gsl_cdf_ugaussian_Pinv((double)(first + next) / (2 * (double)n));
    t->knots[distinct++] = t->knots[first];
  }
  t->n_knots = distinct;
  return EMEND_OK;
}

static double weight_of(const double *weights, size_t i) { return weights ? weights[i] : 1; }

/* -2 log-likelihood of the power for one unit of weight, but for a constant. */
static double yeo_johnson_deviance(const emend_transform *t, const double *values, const double *weights, size_t n, double lambda) {
  double sum = 0, squares = 0, jacobian = 0, weight = 0;
  for (size_t i = 0; i < n; i++) {
    double x = (values[i] - t->lo) / t->hi, y = yeo_johnson(x, lambda), w = weight_of(weights, i);
    sum += w * y, squares += w * y * y, weight += w;
    jacobian += w * (lambda - 1) * copysign(log1p(fabs(x)), x);
  }
  double mean = sum / weight, variance = squares / weight - mean * mean;
  return variance > 0 ? log(variance) - 2 * jacobian / weight : HUGE_VAL;
}

/* The centre and the scale. */
static void standardise(emend_transform *t, const double *values, const double *weights, size_t n) {
  double sum = 0, squares = 0, weight = 0;
  for (size_t i = 0; i < n; i++)
    sum += weight_of(weights, i) * values[i], weight += weight_of(weights, i);
  t->lo = sum / weight;
  for (size_t i = 0; i < n; i++)
    squares += weight_of(weights, i) * (values[i] - t->lo) * (values[i] - t->lo);
  t->hi = squares > 0 ? sqrt(squares / weight) : 1;
}

/* A value and its weight. */
typedef struct weighted {
  double value, weight;
} weighted;

static int compare_weighted(const void *a, const void *b) {
  const weighted *x = a, *y = b;
  int by_value = compare(&x->value, &y->value);
  return by_value ? by_value : compare(&x->weight, &y->weight);
}

/* So many of the values, with their weights, spread over all in ascending order: whatever the order of the rows. */
static emend_status take_spread(const double *values, const double *weights, size_t n, size_t n_taken, double *taken, double *weights_taken,
                           emend_error *error) {
  weighted *all = emend_allocate(n, sizeof *all);
  if (!all)
    return emend_fail_memory(error);
  for (size_t i = 0; i < n; i++)
    all[i] = (weighted){values[i], weight_of(weights, i)};
  qsort(all, n, sizeof *all, compare_weighted);
  for (size_t i = 0; i < n_taken; i++) {
    const weighted *one = &all[emend_spread(i, n_taken, n)];
    taken[i] = one->value, weights_taken[i] = one->weight;
  }
  free(all);
  return EMEND_OK;
}

/* By golden section. */
static void search_power(emend_transform *t, const double *values, const double *weights, size_t n) {
  double lo = -3, hi = 5;
  for (int i = 0; i < 40; i++) {
    double a = hi - (hi - lo) / 1.618033988749895, b = lo + (hi - lo) / 1.618033988749895;
    if (yeo_johnson_deviance(t, values, weights, n, a) < yeo_johnson_deviance(t, values, weights, n, b))
      hi = b;
    else
      lo = a;
  }
  t->lambda = (lo + hi) / 2;
}

/* On at most so many values. */
static emend_status fit_power(emend_transform *t, const double *values, const double *weights, size_t n, emend_error *error) {
  enum { MOST = 20000 };
  standardise(t, values, weights, n);
  if (n <= MOST) {
    search_power(t, values, weights, n);
    return EMEND_OK;
  }
  double *taken = emend_allocate(2 * MOST, sizeof *taken);
  emend_status status = taken ? take_spread(values, weights, n, MOST, taken, taken + MOST, error) : emend_fail_memory(error);
  if (!status)
    search_power(t, taken, taken + MOST, MOST);
  free(taken);
  return status;
}

static const char *objection(const emend_transform *t, double min, double max) {
  if (t->kind == EMEND_TRANSFORM_LOG && min <= 0)
    return "log: a value is not positive; try log1p or yeo-johnson";
  if (t->kind == EMEND_TRANSFORM_LOG1P && min <= -1)
    return "log1p: a value is not above -1; try yeo-johnson";
  if (t->kind == EMEND_TRANSFORM_SQRT && min < 0)
    return "sqrt: a value is negative; try yeo-johnson";
  if (t->kind == EMEND_TRANSFORM_LOGIT && !(min > t->lo && max < t->hi))
    return "logit: a value is not between its bounds (0 and 1, unless --bounds says otherwise)";
  return NULL;
}

static void find_ends(const double *values, size_t n, double *min, double *max) {
  *min = HUGE_VAL, *max = -HUGE_VAL;
  for (size_t i = 0; i < n; i++)
    *min = fmin(*min, values[i]), *max = fmax(*max, values[i]);
}

const char *emend_transform_objection(const emend_transform *t, const double *values, size_t n) {
  double min, max;
  find_ends(values, n, &min, &max);
  return n > 0 ? objection(t, min, max) : NULL;
}

static void cut(emend_transform *t, const double *values, size_t n) {
  double min, max;
  find_ends(values, n, &min, &max);
  t->least = min - (max - min), t->most = max + (max - min);
}

emend_status emend_transform_fit(emend_transform *t, const double *values, const double *weights, size_t n, emend_error *error) {
  if (n == 0) {
    t->kind = EMEND_TRANSFORM_NONE;
    return EMEND_OK;
  }
  const char *why_not = emend_transform_objection(t, values, n);
  if (why_not)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "%s", why_not);
  if (t->kind == EMEND_TRANSFORM_YEO_JOHNSON) {
    cut(t, values, n);
    return fit_power(t, values, weights, n, error);
  }
  return t->kind == EMEND_TRANSFORM_NORMAL_SCORES ? fit_scores(t, values, n, error) : EMEND_OK;
}

static double skewness(const emend_transform *t, const double *values, const double *weights, size_t n) {
  double sum = 0, m2 = 0, m3 = 0, weight = 0;
  for (size_t i = 0; i < n; i++)
    sum += weight_of(weights, i) * emend_transform_forward(t, values[i]), weight += weight_of(weights, i);
  for (size_t i = 0; i < n; i++) {
    double d = emend_transform_forward(t, values[i]) - sum / weight, square = weight_of(weights, i) * d * d;
    m2 += square, m3 += square * d;
  }
  return m2 > 0 ? m3 / weight / pow(m2 / weight, 1.5) : 0;
}

emend_status emend_transform_choose(emend_transform *t, const double *values, const double *weights, size_t n, emend_error *error) {
  const emend_transform log_if_positive = {.kind = EMEND_TRANSFORM_LOG};
  bool positive = !emend_transform_objection(&log_if_positive, values, n); /* log1p of those would depend on their unit */
  const emend_transform_kind kinds[] = {EMEND_TRANSFORM_SQRT, positive ? EMEND_TRANSFORM_LOG : EMEND_TRANSFORM_LOG1P,
                                        EMEND_TRANSFORM_YEO_JOHNSON};
  static const double SKEWED = 1, CLEARLY = 0.9;
  *t = (emend_transform){0};
  double least = fabs(skewness(t, values, weights, n));
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds && least >= (t->kind ? 0.1 : SKEWED); i++) {
    emend_transform other = {.kind = kinds[i]};
    emend_status status = emend_transform_fit(&other, values, weights, n, NULL);
    if (status == EMEND_OUT_OF_MEMORY)
      return emend_fail_memory(error);
    double now = status ? HUGE_VAL : fabs(skewness(&other, values, weights, n));
    if (now < CLEARLY * least)
      least = now, *t = other;
  }
  if (t->kind)
    cut(t, values, n);
  return EMEND_OK;
}
