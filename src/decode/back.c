/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/back.h"

#include <gsl/gsl_cdf.h>
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

/* The value that the column's entry stands for. */
static double value_within(const emend_planned *planned, const limits *l, double column) {
  return clip(emend_transform_back(&planned->transform, column), l->lo, l->hi);
}

double emend_back_value(const emend_planned *planned, double column) {
  limits l = find_limits(planned);
  return value_within(planned, &l, column);
}

double emend_back_draw(const emend_planned *planned, double mean, double sd, double u) {
  limits l = find_limits(planned);
  return emend_truncated_quantile(mean, sd, l.column_lo, l.column_hi, u);
}

/*
 * Mean and standard deviation of the variable: integrals over the cut normal's density by Gauss and Legendre's 8 points in each of a few
 * panels, as wide together as the density is above exp(-32) of its largest value. Normal scores have corners, and get more of them.
 */
static void by_quadrature(const emend_planned *planned, const limits *l, double mean, double sd, double *expected, double *spread) {
  enum { POINTS = 8, FEW = 4, MANY = 16 };
  static const double REACH = 8, nodes[] = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363},
                      shares[] = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763};
  size_t panels = planned->transform.kind == EMEND_TRANSFORM_NORMAL_SCORES ? MANY : FEW, n = panels * POINTS;
  double lo = (l->column_lo - mean) / sd, hi = (l->column_hi - mean) / sd, peak = clip(0, lo, hi), reach = hypot(peak, REACH);
  double from = fmax(lo, -reach), half = (fmin(hi, reach) - from) / (2 * (double)panels);
  double x[POINTS * MANY], weights[POINTS * MANY], sum = 0, first = 0, second = 0;
  for (size_t i = 0; i < n; i++) {
    size_t node = i % POINTS / 2;
    double z = from + half * ((double)(2 * (i / POINTS) + 1) + (i % 2 ? nodes[node] : -nodes[node]));
    weights[i] = shares[node] * exp((peak - z) * (peak + z) / 2);
    x[i] = value_within(planned, l, mean + sd * z);
    sum += weights[i], first += weights[i] * x[i];
  }
  for (size_t i = 0; i < n; i++)
    second += weights[i] * (x[i] - first / sum) * (x[i] - first / sum);
  *expected = first / sum;
  *spread = sqrt(second / sum);
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

void emend_back_moments(const emend_planned *planned, double mean, double sd, double *expected, double *spread) {
  limits l = find_limits(planned);
  emend_transform_kind kind = planned->transform.kind;
  double first, second, root = 0;
  if (!(sd > 0)) {
    first = emend_transform_back(&planned->transform, mean);
  } else if (kind == EMEND_TRANSFORM_NONE && !spread) {
    first = emend_truncated_mean(mean, sd, l.column_lo, l.column_hi);
  } else if (is_logarithm(kind) && lognormal_moment(&l, mean, sd, 1, &first) &&
             (!spread || lognormal_moment(&l, mean, sd, 2, &second))) {
    root = spread ? sqrt(fmax(second - first * first, 0)) : 0;
    first -= kind == EMEND_TRANSFORM_LOG1P;
  } else {
    by_quadrature(planned, &l, mean, sd, &first, &root);
  }
  *expected = clip(first, l.lo, l.hi);
  if (spread)
    *spread = root;
}

double emend_back_expectation(const emend_planned *planned, double mean, double sd) {
  double expected;
  emend_back_moments(planned, mean, sd, &expected, NULL);
  return expected;
}
