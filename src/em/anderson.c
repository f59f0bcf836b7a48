/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "em/accelerator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Ten differences serve rates up to 0.99; more make the least-squares problem ill-conditioned. */
enum { DEPTH = 10, RATES = 10 };

typedef struct anderson {
  size_t n, count, next;          /* parameters; differences kept; where the next goes */
  bool started;
  double *image, *step;           /* g and g - x of the last point */
  double *images[DEPTH], *steps[DEPTH]; /* differences of successive images and steps */
  double gram[DEPTH][DEPTH];      /* of the step differences */
  double images_gram[DEPTH][DEPTH], mixed[DEPTH][DEPTH]; /* of the image differences; of these (rows) and the step differences */
  double rates[RATES];            /* the last estimates of the slowest rate: each is from a few differences only, and mostly too small */
  size_t n_rates;
  double *memory;
} anderson;

static void anderson_free(void *state) {
  anderson *a = state;
  free(a->memory), free(a);
}

static void restart(void *state) {
  anderson *a = state;
  a->count = a->next = 0;
  a->started = false;
}

static double dot(size_t n, const double *x, const double *y) {
  double sum[4] = {0};
  size_t i = 0;
  for (; i + 4 <= n; i += 4)
    for (size_t l = 0; l < 4; l++)
      sum[l] += x[i + l] * y[i + l];
  for (; i < n; i++)
    sum[0] += x[i] * y[i];
  return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

/* Adds the differences to the last point, in place of the oldest, and their products with the others. */
static void remember(anderson *a, const double *x, const double *g) {
  if (a->started) {
    double *dg = a->images[a->next], *df = a->steps[a->next];
    for (size_t i = 0; i < a->n; i++) {
      dg[i] = g[i] - a->image[i];
      df[i] = g[i] - x[i] - a->step[i];
    }
    if (a->count < DEPTH)
      a->count++;
    for (size_t j = 0; j < a->count; j++) {
      a->gram[a->next][j] = a->gram[j][a->next] = dot(a->n, df, a->steps[j]);
      a->images_gram[a->next][j] = a->images_gram[j][a->next] = dot(a->n, dg, a->images[j]);
      a->mixed[a->next][j] = dot(a->n, dg, a->steps[j]);
      a->mixed[j][a->next] = dot(a->n, a->images[j], df);
    }
    a->next = (a->next + 1) % DEPTH;
  }
  a->started = true;
  memcpy(a->image, g, a->n * sizeof *g);
  for (size_t i = 0; i < a->n; i++)
    a->step[i] = g[i] - x[i];
}

/* Least squares through the normal equations of the scaled differences, with a ridge of the size of rounding so that nearly parallel ones
 * do no harm. */
static bool solve(const anderson *a, double *coefficients) {
  double factor[DEPTH][DEPTH], scale[DEPTH];
  size_t m = a->count;
  for (size_t i = 0; i < m; i++) {
    scale[i] = sqrt(a->gram[i][i]);
    if (!(scale[i] > 0))
      return false;
  }
  for (size_t i = 0; i < m; i++) {
    for (size_t j = 0; j <= i; j++) {
      double x = a->gram[i][j] / (scale[i] * scale[j]) + (i == j ? 1e-12 : 0);
      for (size_t k = 0; k < j; k++)
        x -= factor[i][k] * factor[j][k];
      if (i == j && !(x > 0))
        return false;
      factor[i][j] = i == j ? sqrt(x) : x / factor[j][j];
    }
    double b = dot(a->n, a->steps[i], a->step) / scale[i];
    for (size_t k = 0; k < i; k++)
      b -= factor[i][k] * coefficients[k];
    coefficients[i] = b / factor[i][i];
  }
  for (size_t i = m; i-- > 0;) {
    for (size_t k = i + 1; k < m; k++)
      coefficients[i] -= factor[k][i] * coefficients[k];
    coefficients[i] /= factor[i][i];
  }
  for (size_t i = 0; i < m; i++)
    coefficients[i] /= scale[i];
  return true;
}

/* rate / (1 - rate) of the slowest direction seen lately; NaN while there is one difference only, which knows no slowest. */
static double reach_of(anderson *a) {
  double rate = a->count > 1 ? emend_largest_rate(a->count, DEPTH, a->images_gram[0], a->gram[0], a->mixed[0]) : NAN, largest = NAN;
  if (!isnan(rate))
    a->rates[a->n_rates++ % RATES] = rate;
  for (size_t i = 0; i < a->n_rates && i < RATES; i++)
    if (!(a->rates[i] <= largest))
      largest = a->rates[i];
  return fmax(largest, 0) / (1 - largest);
}

static emend_proposal propose(void *state, const double *x, const double *g, double *proposal, double *reach) {
  anderson *a = state;
  double coefficients[DEPTH];
  remember(a, x, g);
  *reach = reach_of(a);
  if (a->count == 0 || !solve(a, coefficients))
    return EMEND_PROPOSAL_NONE;
  memcpy(proposal, g, a->n * sizeof *g);
  for (size_t j = 0; j < a->count; j++)
    for (size_t i = 0; i < a->n; i++)
      proposal[i] -= coefficients[j] * a->images[j][i];
  for (size_t i = 0; i < a->n; i++)
    if (!isfinite(proposal[i]))
      return EMEND_PROPOSAL_NONE;
  return EMEND_PROPOSAL_MADE;
}

bool emend_anderson_new(size_t n, emend_accelerator *accelerator) {
  anderson *a = emend_allocate(1, sizeof *a);
  double *memory = emend_allocate(2 * DEPTH + 2, n * sizeof *memory + (n == 0));
  if (!a || !memory) {
    free(a), free(memory);
    return false;
  }
  a->n = n;
  a->memory = a->image = memory;
  a->step = memory + n;
  for (size_t i = 0; i < DEPTH; i++) {
    a->images[i] = memory + (2 + 2 * i) * n;
    a->steps[i] = memory + (3 + 2 * i) * n;
  }
  *accelerator = (emend_accelerator){.state = a, .most_refusals = 5, .free = anderson_free, .restart = restart, .propose = propose};
  return true;
}
