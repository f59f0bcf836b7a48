/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/back.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_integration.h>
#include <math.h>

#include "decode/truncated.h"

bool emend_back_is_needed(const emend_planned *planned) { return planned->transform.kind != EMEND_TRANSFORM_NONE || planned->bounded; }

static double clip(double x, double lo, double hi) { return x < lo ? lo : x > hi ? hi : x; }

/* What the variable may be, and what of that the column can be. */
typedef struct limits {
  double lo, hi, column_lo, column_hi;
} limits;

static double forward_or(const emend_transform *t, double x, double otherwise) {
  double y = isfinite(x) ? emend_transform_forward(t, x) : otherwise;
  return isnan(y) ? otherwise : y;
}

static limits find_limits(const emend_planned *planned) {
  const emend_transform *t = &planned->transform;
  limits l;
  emend_transform_range(t, &l.lo, &l.hi);
  if (planned->bounded)
    l.lo = fmax(l.lo, planned->lo), l.hi = fmin(l.hi, planned->hi);
  bool cut = t->least < t->most;
  l.column_lo = cut || (planned->bounded && l.lo == planned->lo) ? forward_or(t, l.lo, -HUGE_VAL) : -HUGE_VAL;
  l.column_hi = cut || (planned->bounded && l.hi == planned->hi) ? forward_or(t, l.hi, HUGE_VAL) : HUGE_VAL;
  return l;
}

double emend_back_value(const emend_planned *planned, double column) {
  limits l = find_limits(planned);
  return clip(emend_transform_back(&planned->transform, column), l.lo, l.hi);
}

double emend_back_draw(const emend_planned *planned, double mean, double sd, double u) {
  limits l = find_limits(planned);
  return emend_truncated_quantile(mean, sd, l.column_lo, l.column_hi, u);
}

/* The mean of (x - from)^power over the back-transformed quantiles x. */
static double by_quadrature(const emend_planned *planned, const limits *l, double mean, double sd, double from, int power) {
  enum { POINTS = 64 };
  gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(POINTS); /* a known size: no computation */
  double sum = 0, u, weight;
  if (!table)
    return NAN;
  for (size_t i = 0; i < POINTS; i++) {
    gsl_integration_glfixed_point(0, 1, i, &u, &weight, table);
    double x = emend_back_value(planned, emend_truncated_quantile(mean, sd, l->column_lo, l->column_hi, u)) - from;
    sum += weight * (power == 2 ? x * x : x);
  }
  gsl_integration_glfixed_table_free(table);
  return sum;
}

/* The mean of exp(power Y) of a normal Y that is cut: in closed form where its own mean is not cut away. */
static bool lognormal_moment(const limits *l, double mean, double sd, int power, double *moment) {
  double a = (l->column_lo - mean) / sd, b = (l->column_hi - mean) / sd, shift = power * sd;
  if (a > 0 || b < 0)
    return false;
  double inside = gsl_cdf_ugaussian_P(b) - gsl_cdf_ugaussian_P(a);
  *moment = exp(power * mean + shift * shift / 2) * (gsl_cdf_ugaussian_P(b - shift) - gsl_cdf_ugaussian_P(a - shift)) / inside;
  return inside > 0;
}

static bool is_logarithm(emend_transform_kind kind) { return kind == EMEND_TRANSFORM_LOG || kind == EMEND_TRANSFORM_LOG1P; }

double emend_back_expectation(const emend_planned *planned, double mean, double sd) {
  limits l = find_limits(planned);
  emend_transform_kind kind = planned->transform.kind;
  bool cut = isfinite(l.column_lo) || isfinite(l.column_hi);
  double expected;
  if (!(sd > 0))
    expected = emend_transform_back(&planned->transform, mean);
  else if (kind == EMEND_TRANSFORM_NONE)
    expected = emend_truncated_mean(mean, sd, l.column_lo, l.column_hi);
  else if (is_logarithm(kind) && lognormal_moment(&l, mean, sd, 1, &expected))
    expected -= kind == EMEND_TRANSFORM_LOG1P;
  else if (!cut && kind == EMEND_TRANSFORM_SQRT)
    expected = mean * mean + sd * sd;
  else
    expected = by_quadrature(planned, &l, mean, sd, 0, 1);
  return clip(expected, l.lo, l.hi);
}

double emend_back_sd(const emend_planned *planned, double mean, double sd) {
  limits l = find_limits(planned);
  double first, second;
  if (!(sd > 0))
    return 0;
  if (is_logarithm(planned->transform.kind) && lognormal_moment(&l, mean, sd, 1, &first) && lognormal_moment(&l, mean, sd, 2, &second))
    return sqrt(fmax(second - first * first, 0));
  return sqrt(by_quadrature(planned, &l, mean, sd, emend_back_expectation(planned, mean, sd), 2));
}
