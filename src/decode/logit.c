/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/logit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "decode/newton.h"

typedef struct likelihood {
  const emend_answers *answers;
  size_t n; /* levels */
  const double *shares;
  double spreads[EMEND_MOST_COORDINATES_OF_CURVES];
} likelihood;

/* Of coefficients without those of level 0. */
static void share_out(size_t n, size_t d, const double *coefficients, const double *x, double *p) {
  double most = 0, sum = 0;
  p[0] = 0;
  for (size_t l = 1; l < n; l++) {
    const double *own = coefficients + (l - 1) * (d + 1);
    p[l] = own[d];
    for (size_t k = 0; k < d; k++)
      p[l] += own[k] * x[k];
    most = fmax(most, p[l]);
  }
  for (size_t l = 0; l < n; l++)
    sum += p[l] = exp(p[l] - most);
  for (size_t l = 0; l < n; l++)
    p[l] /= sum;
}

/* An answer that may be shared out: `wish` are the levels' parts of it. */
static double add_answer(size_t n, size_t d, const double *coefficients, const double *x, const double *wish, double weight,
                         double *gradient, double *curvature) {
  double p[EMEND_MOST_CATEGORIES], sum = 0, point[EMEND_MOST_COORDINATES_OF_CURVES + 1];
  size_t width = d + 1, order = (n - 1) * width;
  memcpy(point, x, d * sizeof *point);
  point[d] = 1;
  share_out(n, d, coefficients, x, p);
  for (size_t l = 0; l < n; l++)
    sum += wish[l] > 0 ? weight * wish[l] * log(p[l]) : 0;
  for (size_t l = 1; l < n; l++)
    for (size_t j = 0; j < width; j++) {
      size_t row = (l - 1) * width + j;
      gradient[row] += weight * (wish[l] - p[l]) * point[j];
      for (size_t m = 1; m <= l; m++)
        for (size_t k = 0; k < width; k++)
          curvature[row * order + (m - 1) * width + k] += weight * p[l] * ((l == m) - p[m]) * point[j] * point[k];
    }
  return sum;
}

static double evaluate(const void *state, const double *coefficients, double *gradient, double *curvature) {
  static const double SPREAD = 3;
  const likelihood *l = state;
  size_t n = l->n, d = l->answers->n_coordinates, order = (n - 1) * (d + 1);
  double sum = 0, wish[EMEND_MOST_CATEGORIES] = {0}, nowhere[EMEND_MOST_COORDINATES_OF_CURVES] = {0};
  memset(gradient, 0, order * sizeof *gradient);
  memset(curvature, 0, order * order * sizeof *curvature);
  for (size_t i = 0; i < l->answers->n; i++) {
    size_t level = l->answers->code[i];
    wish[level] = 1;
    sum += add_answer(n, d, coefficients, l->answers->x + i * d, wish, l->answers->weight[i], gradient, curvature);
    wish[level] = 0;
  }
  sum += add_answer(n, d, coefficients, nowhere, l->shares, 1, gradient, curvature);
  for (size_t i = 0; i < order; i++) {
    double drawn = i % (d + 1) < d ? pow(l->spreads[i % (d + 1)] / SPREAD, 2) : 0;
    sum -= drawn * coefficients[i] * coefficients[i] / 2;
    gradient[i] -= drawn * coefficients[i];
    curvature[i * order + i] += drawn;
  }
  return sum;
}

emend_status emend_logit_new(size_t n, size_t d, const double *shares, emend_logit *logit, emend_error *error) {
  *logit = (emend_logit){.n = n, .n_coordinates = d, .coefficients = emend_allocate(n, (d + 1) * sizeof(double))};
  if (!logit->coefficients)
    return emend_fail_memory(error);
  for (size_t level = 1; level < n; level++)
    logit->coefficients[level * (d + 1) + d] = log(shares[level] / shares[0]);
  return EMEND_OK;
}

emend_status emend_logit_fit(const emend_answers *answers, const double *shares, emend_logit *logit, emend_error *error) {
  size_t width = logit->n_coordinates + 1;
  likelihood l = {.answers = answers, .n = logit->n, .shares = shares};
  emend_answers_spread(answers, l.spreads);
  return emend_newton_climb(evaluate, &l, (logit->n - 1) * width, logit->coefficients + width, error);
}

void emend_logit_free(emend_logit *logit) {
  free(logit->coefficients);
  *logit = (emend_logit){0};
}

void emend_logit_probabilities(const emend_logit *logit, const double *x, double *probabilities) {
  share_out(logit->n, logit->n_coordinates, logit->coefficients + logit->n_coordinates + 1, x, probabilities);
}
