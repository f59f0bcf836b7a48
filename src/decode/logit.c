/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/logit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "decode/newton.h"

enum { WIDTH = EMEND_MOST_COORDINATES_OF_CURVES + 1 };

typedef struct likelihood {
  const emend_answers *answers;
  size_t n; /* levels */
  const double *shares;
  double spreads[EMEND_MOST_COORDINATES_OF_CURVES];
  double *blocks; /* of the curvature: one of each pair of levels but level 0, (d + 1) x (d + 1), by the higher, then the lower */
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

static void add_block(double share, const double *restrict products, double *restrict block, size_t n) {
  size_t j = 0;
  for (; j + 4 <= n; j += 4)
    for (size_t lane = 0; lane < 4; lane++)
      block[j + lane] += share * products[j + lane];
  for (; j < n; j++)
    block[j] += share * products[j];
}

static void add_blocks(const likelihood *of, const double *p, double weight, const double *point) {
  size_t width = of->answers->n_coordinates + 1, square = width * width;
  double products[WIDTH * WIDTH], *block = of->blocks;
  for (size_t j = 0; j < square; j++)
    products[j] = point[j / width] * point[j % width];
  for (size_t l = 1; l < of->n; l++)
    for (size_t m = 1; m <= l; m++, block += square)
      add_block(weight * p[l] * ((l == m) - p[m]), products, block, square);
}

/* An answer that may be shared out: `wish` are the levels' parts of it. */
static double add_answer(const likelihood *of, const double *coefficients, const double *x, const double *wish, double weight,
                         double *gradient, bool curvature) {
  size_t n = of->n, d = of->answers->n_coordinates, width = d + 1;
  double p[EMEND_MOST_CATEGORIES], sum = 0, point[WIDTH];
  memcpy(point, x, d * sizeof *point);
  point[d] = 1;
  share_out(n, d, coefficients, x, p);
  for (size_t l = 0; l < n; l++)
    sum += wish[l] > 0 ? weight * wish[l] * log(p[l]) : 0;
  for (size_t l = 1; l < n; l++)
    for (size_t j = 0; j < width; j++)
      gradient[(l - 1) * width + j] += weight * (wish[l] - p[l]) * point[j];
  if (curvature)
    add_blocks(of, p, weight, point);
  return sum;
}

static void put_blocks(const likelihood *of, const double *drawn, double *curvature) {
  size_t width = of->answers->n_coordinates + 1, order = (of->n - 1) * width;
  const double *block = of->blocks;
  for (size_t l = 1; l < of->n; l++)
    for (size_t m = 1; m <= l; m++, block += width * width)
      for (size_t j = 0; j < width; j++)
        memcpy(curvature + ((l - 1) * width + j) * order + (m - 1) * width, block + j * width, width * sizeof *block);
  for (size_t i = 0; i < order; i++)
    curvature[i * order + i] += drawn[i % width];
}

static double evaluate(const void *state, const double *coefficients, double *gradient, double *curvature) {
  static const double SPREAD = 3;
  const likelihood *l = state;
  size_t n = l->n, d = l->answers->n_coordinates, order = (n - 1) * (d + 1);
  double sum = 0, wish[EMEND_MOST_CATEGORIES] = {0}, nowhere[EMEND_MOST_COORDINATES_OF_CURVES] = {0}, drawn[WIDTH] = {0};
  memset(gradient, 0, order * sizeof *gradient);
  memset(l->blocks, 0, n * (n - 1) / 2 * (d + 1) * (d + 1) * sizeof *l->blocks);
  for (size_t i = 0; i < l->answers->n; i++) {
    size_t level = l->answers->code[i];
    wish[level] = 1;
    sum += add_answer(l, coefficients, l->answers->x + i * d, wish, l->answers->weight[i], gradient, curvature);
    wish[level] = 0;
  }
  sum += add_answer(l, coefficients, nowhere, l->shares, 1, gradient, curvature);
  for (size_t k = 0; k < d; k++)
    drawn[k] = pow(l->spreads[k] / SPREAD, 2);
  for (size_t i = 0; i < order; i++) {
    sum -= drawn[i % (d + 1)] * coefficients[i] * coefficients[i] / 2;
    gradient[i] -= drawn[i % (d + 1)] * coefficients[i];
  }
  if (curvature)
    put_blocks(l, drawn, curvature);
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
  l.blocks = emend_allocate(logit->n * (logit->n - 1) / 2, width * width * sizeof *l.blocks);
  emend_status status =
      l.blocks ? emend_newton_climb(evaluate, &l, (logit->n - 1) * width, logit->coefficients + width, error) : emend_fail_memory(error);
  free(l.blocks);
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
