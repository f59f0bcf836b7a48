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
  emend_sorted_answers answers; /* those of the prior among them */
  size_t n, d;                  /* codes, coordinates */
  double spreads[EMEND_MOST_COORDINATES_OF_CURVES];
} likelihood;

/* The rows that a prior counts as: of every code at two predictions. */
enum { MOST_PRIOR_ROWS = 2 * EMEND_MOST_CATEGORIES };
typedef struct prior_rows {
  double x[MOST_PRIOR_ROWS * EMEND_MOST_COORDINATES_OF_CURVES], weight[MOST_PRIOR_ROWS];
  unsigned char code[MOST_PRIOR_ROWS];
} prior_rows;

static emend_answers spread_prior(const emend_probit *prior, double r, double reach, size_t d, prior_rows *rows) {
  size_t n = prior->n, i = 0;
  memset(rows->x, 0, sizeof rows->x);
  for (int side = -1; side <= 1; side += 2)
    for (size_t code = 0; code < n; code++, i++) {
      double x = side * r, share = emend_probit_below(prior, code, &x) - (code > 0 ? emend_probit_below(prior, code - 1, &x) : 0);
      rows->x[i * d] = side * reach, rows->code[i] = (unsigned char)code, rows->weight[i] = share * (double)n / 2;
    }
  return (emend_answers){.n = i, .n_coordinates = d, .x = rows->x, .code = rows->code, .weight = rows->weight};
}

static double evaluate(const void *state, const double *parameters, double *gradient, double *curvature) {
  static const double SPREAD = 3;
  const likelihood *l = state;
  size_t n = l->n, order = n - 1 + l->d;
  memset(gradient, 0, order * sizeof *gradient);
  if (curvature)
    memset(curvature, 0, order * order * sizeof *curvature);
  for (size_t i = 1; i + 1 < n; i++)
    if (!(parameters[i] > parameters[i - 1]))
      return -HUGE_VAL;
  double sum = l->kernels->probit(&l->answers, parameters, gradient, curvature);
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
  likelihood l = {.kernels = emend_curve_kernels_choose(), .n = n, .d = d};
  prior_rows rows;
  emend_answers of_prior = spread_prior(prior, r, reach, d, &rows);
  emend_status status = emend_sorted_answers_new(answers, &of_prior, n, &l.answers, error);
  if (status)
    return status;
  double parameters[EMEND_MOST_CATEGORIES + EMEND_MOST_COORDINATES_OF_CURVES];
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
