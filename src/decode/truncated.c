/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/truncated.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_erf.h>
#include <math.h>
#include <stdbool.h>

/* Beyond so many sd the tail of a normal distribution is an exponential one for all purposes, and its probability leaves the range of
 * numbers. */
static const double FAR = 35;

static double clip(double x, double lo, double hi) { return x < lo ? lo : x > hi ? hi : x; }

/* log of the upper tail's probability. */
static double log_upper(double z) { return gsl_sf_log_erfc(z / M_SQRT2) - M_LN2; }

/* The mean of a standard normal on [a, b], 0 <= a < b: h(z) is the hazard, the density over the upper tail's probability. */
static double tail_mean(double a, double b) {
  double ha = gsl_sf_hazard(a);
  if (isinf(b))
    return ha;
  double ratio = exp(log_upper(b) - log_upper(a));
  return (ha - ratio * gsl_sf_hazard(b)) / (1 - ratio);
}

static double standard_mean(double a, double b) {
  static const double NARROW = 1e-4; /* there the density is a straight line to within rounding, and differences of tails are not */
  if (b - a < NARROW)
    return (a + b) / 2 * (1 - (b - a) * (b - a) / 12);
  if (a >= 0)
    return tail_mean(a, b);
  if (b <= 0)
    return -tail_mean(-b, -a);
  return (gsl_ran_ugaussian_pdf(a) - gsl_ran_ugaussian_pdf(b)) / (1 - gsl_cdf_ugaussian_P(a) - gsl_cdf_ugaussian_Q(b));
}

double emend_truncated_mean(double mean, double sd, double lo, double hi) {
  if (!(sd > 0) || !(lo < hi))
    return clip(mean, lo, hi);
  return clip(mean + sd * standard_mean((lo - mean) / sd, (hi - mean) / sd), lo, hi);
}

/* On [a, b], 0 <= a: from the upper tail's probabilities, which keep their digits there. */
static double tail_quantile(double a, double b, double u) {
  if (a > FAR) {
    double rate = a, width = isinf(b) ? 1 : -expm1(-rate * (b - a));
    return a - log1p(-u * width) / rate;
  }
  double qa = gsl_cdf_ugaussian_Q(a), qb = isinf(b) ? 0 : gsl_cdf_ugaussian_Q(b);
  return gsl_cdf_ugaussian_Qinv(qa - u * (qa - qb));
}

static double standard_quantile(double a, double b, double u) {
  if (a >= 0)
    return tail_quantile(a, b, u);
  if (b <= 0)
    return -tail_quantile(-b, -a, 1 - u);
  double pa = gsl_cdf_ugaussian_P(a), qb = gsl_cdf_ugaussian_Q(b), inside = 1 - pa - qb, p = pa + u * inside;
  return p < 0.5 ? gsl_cdf_ugaussian_Pinv(p) : gsl_cdf_ugaussian_Qinv(qb + (1 - u) * inside);
}

double emend_truncated_quantile(double mean, double sd, double lo, double hi, double u) {
  if (!(sd > 0) || !(lo < hi))
    return clip(mean, lo, hi);
  return clip(mean + sd * standard_quantile((lo - mean) / sd, (hi - mean) / sd, u), lo, hi);
}

/* The mean of a standard normal of which what is beyond a and b is moved onto them. */
static double moved_mean(double a, double b) {
  double mean = gsl_ran_ugaussian_pdf(a) - gsl_ran_ugaussian_pdf(b);
  if (isfinite(a))
    mean += a * gsl_cdf_ugaussian_P(a);
  if (isfinite(b))
    mean += b * gsl_cdf_ugaussian_Q(b);
  return mean;
}

double emend_truncated_centre(double mean, double sd, double lo, double hi) {
  enum { HALVINGS = 50 };
  static const double ALL = 4, CLOSE = 1e-6;
  if (!(sd > 0) || !(lo < hi))
    return mean;
  double a = (lo - mean) / sd, b = (hi - mean) / sd, wanted = moved_mean(a, b);
  double from = fmin(0, b) - FAR, to = fmax(0, a) + FAR;
  if (a < -ALL && b > ALL)
    return mean;
  for (int i = 0; i < HALVINGS && to - from > CLOSE; i++) {
    double middle = from + (to - from) / 2;
    if (middle + standard_mean(a - middle, b - middle) < wanted)
      from = middle;
    else
      to = middle;
  }
  return mean + sd * (from + (to - from) / 2);
}
