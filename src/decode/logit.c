/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/logit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "decode/kernel.h"
#include "decode/newton.h"

typedef struct likelihood {
  const emend_curve_kernels *kernels;
  emend_sorted_answers answers;
  size_t n; /* levels */
  double spreads[EMEND_MOST_COORDINATES_OF_CURVES];
  double *room;
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

static double evaluate(const void *state, const double *coefficients, double *gradient, double *curvature) {
  static const double SPREAD = 3;
  const likelihood *l = state;
  size_t width = l->answers.n_coordinates + 1, order = (l->n - 1) * width;
  memset(gradient, 0, order * sizeof *gradient);
  if (curvature)
    memset(curvature, 0, order * order * sizeof *curvature);
  double sum = l->kernels->logit(&l->answers, coefficients, gradient, curvature, l->room);
  for (size_t i = 0; i < order; i++) {
    double spread = i % width < l->answers.n_coordinates ? l->spreads[i % width] / SPREAD : 0, drawn = spread * spread;
    sum -= drawn * coefficients[i] * coefficients[i] / 2;
    gradient[i] -= drawn * coefficients[i];
    if (curvature)
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
  likelihood l = {.kernels = emend_curve_kernels_choose(), .n = logit->n};
  double nowhere[EMEND_MOST_CATEGORIES * EMEND_MOST_COORDINATES_OF_CURVES] = {0}, weights[EMEND_MOST_CATEGORIES];
  unsigned char levels[EMEND_MOST_CATEGORIES];
  for (size_t level = 0; level < logit->n; level++)
    levels[level] = (unsigned char)level, weights[level] = shares[level];
  /* One more row, of which nothing is known but the levels' parts of it. */
  emend_answers shared = {.n = logit->n, .n_coordinates = logit->n_coordinates, .x = nowhere, .code = levels, .weight = weights};
  emend_answers_spread(answers, l.spreads);
  emend_status status = emend_sorted_answers_new(answers, &shared, logit->n, &l.answers, error);
  if (!status && !(l.room = emend_allocate(emend_logit_room(logit->n, logit->n_coordinates), sizeof *l.room)))
    status = emend_fail_memory(error);
  if (!status)
    status = emend_newton_climb(evaluate, &l, (logit->n - 1) * width, logit->coefficients + width, error);
  emend_sorted_answers_free(&l.answers);
  free(l.room);
  return status;
}

void emend_logit_free(emend_logit *logit) {
  free(logit->coefficients);
  *logit = (emend_logit){0};
}

void emend_logit_probabilities(const emend_logit *logit, const double *x, double *probabilities) {
  share_out(logit->n, logit->n_coordinates, logit->coefficients + logit->n_coordinates + 1, x, probabilities);
}

static void add_share(const emend_logit *logit, const double *x, double weight, double *sum) {
  double p[EMEND_MOST_CATEGORIES];
  emend_logit_probabilities(logit, x, p);
  for (size_t l = 0; l < logit->n; l++)
    sum[l] += weight * p[l];
}

void emend_logit_expectations(const emend_logit *logit, const double *x, const double *factor, double *probabilities) {
  size_t d = logit->n_coordinates;
  double reach = fmax((double)d, 3), centre = 1 - (double)d / reach, point[EMEND_MOST_COORDINATES_OF_CURVES];
  memset(probabilities, 0, logit->n * sizeof *probabilities);
  if (centre > 0)
    add_share(logit, x, centre, probabilities);
  for (size_t k = 0; k < 2 * d; k++) {
    double step = k % 2 ? sqrt(reach) : -sqrt(reach);
    for (size_t j = 0; j < d; j++)
      point[j] = x[j] + step * factor[j * d + k / 2];
    add_share(logit, point, 1 / (2 * reach), probabilities);
  }
}
