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

/* The mean of the back-transformed quantiles. */
static double by_quadrature(const emend_planned *planned, const limits *l, double mean, double sd) {
  enum { POINTS = 64 };
  gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(POINTS); /* a known size: no computation */
  double sum = 0, u, weight;
  if (!table)
    return NAN;
  for (size_t i = 0; i < POINTS; i++) {
    gsl_integration_glfixed_point(0, 1, i, &u, &weight, table);
    sum += weight * emend_transform_back(&planned->transform, emend_truncated_quantile(mean, sd, l->column_lo, l->column_hi, u));
  }
  gsl_integration_glfixed_table_free(table);
  return sum;
}

/* The mean of exp(Y) of a normal Y that is cut: in closed form where its own mean is not cut away. */
static bool lognormal_mean(const limits *l, double mean, double sd, double *expected) {
  double a = (l->column_lo - mean) / sd, b = (l->column_hi - mean) / sd;
  if (a > 0 || b < 0)
    return false;
  double inside = gsl_cdf_ugaussian_P(b) - gsl_cdf_ugaussian_P(a);
  *expected = exp(mean + sd * sd / 2) * (gsl_cdf_ugaussian_P(b - sd) - gsl_cdf_ugaussian_P(a - sd)) / inside;
  return inside > 0;
}

double emend_back_expectation(const emend_planned *planned, double mean, double sd) {
  limits l = find_limits(planned);
  emend_transform_kind kind = planned->transform.kind;
  bool cut = isfinite(l.column_lo) || isfinite(l.column_hi);
  double expected;
  if (!(sd > 0))
    expected = emend_transform_back(&planned->transform, mean);
  else if (kind == EMEND_TRANSFORM_NONE)
    expected = emend_truncated_mean(mean, sd, l.column_lo, l.column_hi);
  else if (kind == EMEND_TRANSFORM_LOG && lognormal_mean(&l, mean, sd, &expected))
    ;
  else if (kind == EMEND_TRANSFORM_LOG1P && lognormal_mean(&l, mean, sd, &expected))
    expected -= 1;
  else if (!cut && kind == EMEND_TRANSFORM_SQRT)
    expected = mean * mean + sd * sd;
  else
    expected = by_quadrature(planned, &l, mean, sd);
  return clip(expected, l.lo, l.hi);
}
