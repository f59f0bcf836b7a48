/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/transform.h"

#include <gsl/gsl_cdf.h>
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

/* log(1 + |x|) with the sign of x: what Yeo and Johnson's transform (2000) knows of a value. */
static double signed_log(double x) { return copysign(log1p(fabs(x)), x); }

static double yeo_johnson(double signed_log, double lambda) {
  if (signed_log >= 0)
    return fabs(lambda) < 1e-12 ? signed_log : expm1(lambda * signed_log) / lambda;
  return fabs(lambda - 2) < 1e-12 ? signed_log : -expm1((lambda - 2) * signed_log) / (2 - lambda);
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
  case EMEND_TRANSFORM_YEO_JOHNSON: return yeo_johnson(signed_log((x - t->lo) / t->hi), t->lambda);
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

/* Distinct values, and the normal quantiles of their middle ranks. */
static emend_status fit_scores(emend_transform *t, emend_weighted_sample *s, emend_error *error) {
  t->knots = emend_allocate(s->n, sizeof *t->knots);
  t->scores = emend_allocate(s->n, sizeof *t->scores);
  if (!t->knots || !t->scores)
    return emend_fail_memory(error);
  emend_weighted_sample_sort(s);
  double weight;
  for (size_t first = 0, next; first < s->n; first = next) {
    next = emend_weighted_sample_next(s, first, &weight);
    t->scores[t->n_knots] = gsl_cdf_ugaussian_Pinv((double)(first + next) / (2 * (double)s->n));
    t->knots[t->n_knots++] = s->values[first].value;
  }
  return EMEND_OK;
}

/* -2 log-likelihood of the power for one unit of weight, but for a constant. `values` are signed logarithms. */
static double yeo_johnson_deviance(const emend_weighted_value *values, size_t n, double lambda) {
  double sum = 0, squares = 0, jacobian = 0, weight = 0;
  for (size_t i = 0; i < n; i++) {
    double w = values[i].weight, y = yeo_johnson(values[i].value, lambda);
    sum += w * y, squares += w * y * y, weight += w;
    jacobian += w * (lambda - 1) * values[i].value;
  }
  double mean = sum / weight, variance = squares / weight - mean * mean;
  return variance > 0 ? log(variance) - 2 * jacobian / weight : HUGE_VAL;
}

/* By golden section: the interval's two inner points, one of which stays one when the interval is cut. */
static double search_power(const emend_weighted_value *values, size_t n) {
  static const double GOLDEN = 0.6180339887498949;
  double lo = -3, hi = 5, a = hi - GOLDEN * (hi - lo), b = lo + GOLDEN * (hi - lo);
  double at_a = yeo_johnson_deviance(values, n, a), at_b = yeo_johnson_deviance(values, n, b);
  for (int i = 0; i < 40; i++) {
    if (at_a < at_b) {
      hi = b, b = a, at_b = at_a;
      a = hi - GOLDEN * (hi - lo);
      at_a = yeo_johnson_deviance(values, n, a);
    } else {
      lo = a, a = b, at_a = at_b;
      b = lo + GOLDEN * (hi - lo);
      at_b = yeo_johnson_deviance(values, n, b);
    }
  }
  return (lo + hi) / 2;
}

/* Of a sorted sample at most `most` values, spread over all, as signed logarithms; equal ones once, with their weight together. Returns how
 * many there are. */
static size_t take_logarithms(const emend_transform *t, const emend_weighted_sample *s, size_t most, emend_weighted_value *taken) {
  size_t n = s->n < most ? s->n : most, count = 0;
  for (size_t i = 0; i < n; i++) {
    emend_weighted_value v = s->values[emend_spread(i, n, s->n)];
    v.value = signed_log((v.value - t->lo) / t->hi);
    if (count > 0 && taken[count - 1].value == v.value)
      taken[count - 1].weight += v.weight;
    else
      taken[count++] = v;
  }
  return count;
}

/* The centre and the scale, and the power that fits. */
static emend_status fit_power(emend_transform *t, emend_weighted_sample *s, emend_error *error) {
  enum { MOST = 20000 };
  emend_weighted_value *taken = emend_allocate(s->n < MOST ? s->n : MOST, sizeof *taken);
  if (!taken)
    return emend_fail_memory(error);
  double squares = 0;
  for (size_t i = 0; i < s->n; i++)
    squares += s->values[i].weight * (s->values[i].value - s->mean) * (s->values[i].value - s->mean);
  t->lo = s->mean, t->hi = squares > 0 ? sqrt(squares / s->weight) : 1;
  emend_weighted_sample_sort(s);
  t->lambda = search_power(taken, take_logarithms(t, s, MOST, taken));
  free(taken);
  return EMEND_OK;
}

const char *emend_transform_objection(const emend_transform *t, double min, double max) {
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

static void cut(emend_transform *t, const emend_weighted_sample *s) {
  t->least = s->min - (s->max - s->min), t->most = s->max + (s->max - s->min);
}

emend_status emend_transform_fit(emend_transform *t, emend_weighted_sample *s, emend_error *error) {
  if (s->n == 0) {
    t->kind = EMEND_TRANSFORM_NONE;
    return EMEND_OK;
  }
  const char *why_not = emend_transform_objection(t, s->min, s->max);
  if (why_not)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "%s", why_not);
  if (t->kind == EMEND_TRANSFORM_YEO_JOHNSON) {
    cut(t, s);
    return fit_power(t, s, error);
  }
  return t->kind == EMEND_TRANSFORM_NORMAL_SCORES ? fit_scores(t, s, error) : EMEND_OK;
}

/* In a sorted sample equal values are transformed once. */
static double skewness(const emend_transform *t, const emend_weighted_sample *s) {
  emend_moments m = {.centre = emend_transform_forward(t, s->mean)};
  double last = NAN, y = NAN;
  for (size_t i = 0; i < s->n; i++) {
    if (s->values[i].value != last)
      last = s->values[i].value, y = emend_transform_forward(t, last);
    emend_moments_add(&m, y, s->values[i].weight);
  }
  return emend_moments_skewness(&m);
}

emend_status emend_transform_choose(emend_transform *t, emend_weighted_sample *s, emend_error *error) {
  const emend_transform log_if_positive = {.kind = EMEND_TRANSFORM_LOG};
  bool positive = !emend_transform_objection(&log_if_positive, s->min, s->max); /* log1p of those would depend on their unit */
  const emend_transform_kind kinds[] = {EMEND_TRANSFORM_SQRT, positive ? EMEND_TRANSFORM_LOG : EMEND_TRANSFORM_LOG1P,
                                        EMEND_TRANSFORM_YEO_JOHNSON};
  static const double SKEWED = 1, CLEARLY = 0.9;
  *t = (emend_transform){0};
  double least = fabs(skewness(t, s));
  if (least >= SKEWED)
    emend_weighted_sample_sort(s);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds && least >= (t->kind ? 0.1 : SKEWED); i++) {
    emend_transform other = {.kind = kinds[i]};
    emend_status status = emend_transform_fit(&other, s, NULL);
    if (status == EMEND_OUT_OF_MEMORY)
      return emend_fail_memory(error);
    double now = status ? HUGE_VAL : fabs(skewness(&other, s));
    if (now < CLEARLY * least)
      least = now, *t = other;
  }
  if (t->kind)
    cut(t, s);
  return EMEND_OK;
}
