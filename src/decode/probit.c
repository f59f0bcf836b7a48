/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/probit.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

#include "decode/kernel.h"
#include "decode/newton.h"

void emend_probit_of_model(const emend_categories *c, double r, emend_probit *probit) {
  static const double LEAST_SHARE = 1e-6, MOST_CORRELATION = 0.8;
  double z[EMEND_MOST_CATEGORIES], weight = 0, mean = 0, squares = 0, below = 0, density = 0;
  for (size_t i = 0; i < c->n; i++)
    weight += c->weights[i], mean += c->weights[i] * c->numbers[i];
  mean = weight > 0 ? mean / weight : 0;
  for (size_t i = 0; i < c->n; i++)
    squares += weight > 0 ? c->weights[i] / weight * (c->numbers[i] - mean) * (c->numbers[i] - mean) : 0;
  for (size_t i = 0; i + 1 < c->n; i++) {
    double least = LEAST_SHARE * (double)(i + 1), most = 1 - LEAST_SHARE * (double)(c->n - 1 - i);
    below += weight > 0 ? c->weights[i] / weight : 1 / (double)c->n;
    z[i] = gsl_cdf_ugaussian_Pinv(fmin(fmax(below, least), most));
    if (i > 0 && !(z[i] > z[i - 1]))
      z[i] = z[i - 1] + LEAST_SHARE;
    density += gsl_ran_ugaussian_pdf(z[i]) * (c->numbers[i + 1] - c->numbers[i]);
  }
  double latent = fmin(r * sqrt(squares) / density, MOST_CORRELATION), stretch = 1 / sqrt(1 - latent * latent);
  probit->n = c->n;
  probit->n_coordinates = 1;
  probit->slopes[0] = r > 0 ? latent * stretch / r : 0;
  for (size_t i = 0; i + 1 < c->n; i++)
    probit->thresholds[i] = z[i] * stretch;
}

void emend_answers_spread(const emend_answers *a, double *spreads) {
  size_t d = a->n_coordinates;
  for (size_t k = 0; k < d; k++) {
    double weight = 0, squares = 0;
    for (size_t i = 0; i < a->n; i++)
      weight += a->weight[i], squares += a->weight[i] * a->x[i * d + k] * a->x[i * d + k];
    spreads[k] = weight > 0 ? sqrt(squares / weight) : 0;
  }
}

/* Where the latent variable of a code begins and ends, less its prediction. */
static double begin_of(const double *thresholds, size_t code, double eta) { return code > 0 ? thresholds[code - 1] - eta : -HUGE_VAL; }
static double end_of(const double *thresholds, size_t n, size_t code, double eta) {
  return code + 1 < n ? thresholds[code] - eta : HUGE_VAL;
}
static double between(double b, double a) {
  return b > 0 ? gsl_cdf_ugaussian_Q(b) - gsl_cdf_ugaussian_Q(a) : gsl_cdf_ugaussian_P(a) - gsl_cdf_ugaussian_P(b);
}

static double eta_of(const double *slopes, size_t d, const double *x) {
  double eta = 0;
  for (size_t k = 0; k < d; k++)
    eta += slopes[k] * x[k];
  return eta;
}

double emend_probit_below(const emend_probit *probit, size_t j, const double *x) {
  return gsl_cdf_ugaussian_P(end_of(probit->thresholds, probit->n, j, eta_of(probit->slopes, probit->n_coordinates, x)));
}

void emend_probit_probabilities(const emend_probit *probit, const double *x, double scale, double *probabilities) {
  double eta = eta_of(probit->slopes, probit->n_coordinates, x);
  for (size_t k = 0; k < probit->n; k++)
    probabilities[k] = between(begin_of(probit->thresholds, k, eta) / scale, end_of(probit->thresholds, probit->n, k, eta) / scale);
}

double emend_probit_score(const emend_probit *probit, size_t code, const double *x) {
  double eta = eta_of(probit->slopes, probit->n_coordinates, x), b = begin_of(probit->thresholds, code, eta),
         a = end_of(probit->thresholds, probit->n, code, eta);
  return (gsl_ran_ugaussian_pdf(b) - gsl_ran_ugaussian_pdf(a)) / fmax(between(b, a), 1e-290);
}

/* The likelihood of answers and a prior. Parameters: thresholds, then slopes. */
typedef struct likelihood {
  const emend_curve_kernels *kernels;
  emend_sorted_answers answers;
  size_t n, d; /* codes, coordinates */
  double reach;
  double shares[2][EMEND_MOST_CATEGORIES], spreads[EMEND_MOST_COORDINATES_OF_CURVES];
} likelihood;

/* The part of one more answer: the latent variable lies between two thresholds, either of which may be absent. */
static double add_answer(const likelihood *l, const double *parameters, size_t code, const double *x, double weight, double *gradient,
                         double *curvature) {
  size_t slopes = l->n - 1, order = slopes + l->d;
  double eta = eta_of(parameters + slopes, l->d, x), b = begin_of(parameters, code, eta), a = end_of(parameters, l->n, code, eta);
  double p = between(b, a);
  bool lower = code > 0, upper = code + 1 < l->n;
  if (!(p > 1e-290))
    return -HUGE_VAL;
  double up = gsl_ran_ugaussian_pdf(a) / p, down = gsl_ran_ugaussian_pdf(b) / p;
  double aa = weight * (up * up + (upper ? a * up : 0)), bb = weight * (down * down - (lower ? b * down : 0)), ab = -weight * up * down;
  if (upper)
    gradient[code] += weight * up;
  if (lower)
    gradient[code - 1] -= weight * down;
  for (size_t k = 0; k < l->d; k++)
    gradient[slopes + k] -= weight * x[k] * (up - down);
  if (!curvature)
    return weight * log(p);
  if (upper)
    curvature[code * order + code] += aa;
  if (lower)
    curvature[(code - 1) * order + code - 1] += bb;
  if (lower && upper)
    curvature[code * order + code - 1] += ab;
  for (size_t k = 0; k < l->d; k++) {
    double *row = curvature + (slopes + k) * order;
    if (upper)
      row[code] -= x[k] * (aa + ab);
    if (lower)
      row[code - 1] -= x[k] * (bb + ab);
    for (size_t m = 0; m <= k; m++)
      row[slopes + m] += x[k] * x[m] * (aa + bb + 2 * ab);
  }
  return weight * log(p);
}

static double evaluate(const void *state, const double *parameters, double *gradient, double *curvature) {
  static const double SPREAD = 3;
  const likelihood *l = state;
  size_t n = l->n, order = n - 1 + l->d;
  double sum = 0;
  memset(gradient, 0, order * sizeof *gradient);
  if (curvature)
    memset(curvature, 0, order * order * sizeof *curvature);
  for (size_t i = 1; i + 1 < n; i++)
    if (!(parameters[i] > parameters[i - 1]))
      return -HUGE_VAL;
  sum += l->kernels->probit(&l->answers, parameters, gradient, curvature);
  for (size_t side = 0; side < 2; side++)
    for (size_t code = 0; code < n; code++) {
      double x[EMEND_MOST_COORDINATES_OF_CURVES] = {side ? l->reach : -l->reach};
      sum += add_answer(l, parameters, code, x, l->shares[side][code] * (double)n / 2, gradient, curvature);
    }
  for (size_t k = 1; k < l->d; k++) {
    size_t j = n - 1 + k;
    double drawn = l->spreads[k] * l->spreads[k] / (SPREAD * SPREAD);
    sum -= drawn * parameters[j] * parameters[j] / 2, gradient[j] -= drawn * parameters[j];
    if (curvature)
      curvature[j * order + j] += drawn;
  }
  return sum;
}

emend_status emend_probit_fit(const emend_answers *answers, const emend_probit *prior, double r, double reach, emend_probit *probit,
                              emend_error *error) {
  size_t n = prior->n, d = answers->n_coordinates;
  likelihood l = {.kernels = emend_curve_kernels_choose(), .n = n, .d = d, .reach = reach};
  emend_status status = emend_sorted_answers_new(answers, n, &l.answers, error);
  if (status)
    return status;
  double parameters[EMEND_MOST_CATEGORIES + EMEND_MOST_COORDINATES_OF_CURVES];
  for (size_t side = 0; side < 2; side++)
    for (size_t j = 0; j < n; j++) {
      double x = side ? r : -r;
      l.shares[side][j] = emend_probit_below(prior, j, &x) - (j > 0 ? emend_probit_below(prior, j - 1, &x) : 0);
    }
  emend_answers_spread(answers, l.spreads);
  memcpy(parameters, probit->thresholds, (n - 1) * sizeof *parameters);
  memcpy(parameters + n - 1, probit->slopes, d * sizeof *parameters);
  double gradient[EMEND_MOST_CATEGORIES + EMEND_MOST_COORDINATES_OF_CURVES];
  if (!isfinite(evaluate(&l, parameters, gradient, NULL))) { /* a curve of other rows, which some answer here contradicts */
    memcpy(parameters, prior->thresholds, (n - 1) * sizeof *parameters);
    memset(parameters + n - 1, 0, d * sizeof *parameters);
  }
  status = emend_newton_climb(evaluate, &l, n - 1 + d, parameters, error);
  memcpy(probit->thresholds, parameters, (n - 1) * sizeof *parameters);
  memcpy(probit->slopes, parameters + n - 1, d * sizeof *parameters);
  emend_sorted_answers_free(&l.answers);
  return status;
}
