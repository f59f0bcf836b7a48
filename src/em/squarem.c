/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "em/accelerator.h"

/* By which the longest stride grows when it is used, and shrinks when it was refused: Varadhan & Roland's choice. */
static const double FACTOR = 4;

typedef struct squarem {
  size_t n;
  bool between;             /* the first of two steps has been taken */
  double *point, *step;     /* where the cycle began, and its first step */
  double longest; /* of all strides, in steps, as their ratios had them: they go up and down; the longest tells of the slowest direction */
  double most;              /* length that is tried: longer after success, shorter after a refusal */
} squarem;

static void squarem_free(void *state) {
  squarem *s = state;
  free(s->point), free(s->step), free(s);
}

static void restart(void *state) {
  squarem *s = state;
  s->between = false;
  s->most = fmax(1, s->most / FACTOR);
}

/* |r| / |v|, r the first step and v what the second differs from it; NaN if the steps are equal. */
static double stride(const squarem *s, const double *x, const double *g) {
  double r = 0, v = 0;
  for (size_t i = 0; i < s->n; i++) {
    double difference = g[i] - x[i] - s->step[i];
    r += s->step[i] * s->step[i];
    v += difference * difference;
  }
  return v > 0 ? sqrt(r / v) : NAN;
}

static emend_proposal propose(void *state, const double *x, const double *g, double *proposal, double *reach) {
  squarem *s = state;
  *reach = NAN;
  if (!s->between) {
    s->between = true;
    memcpy(s->point, x, s->n * sizeof *x);
    for (size_t i = 0; i < s->n; i++)
      s->step[i] = g[i] - x[i];
    return EMEND_PROPOSAL_WAIT;
  }
  s->between = false;
  double length = fmax(stride(s, x, g), 1);
  if (!isfinite(length))
    return EMEND_PROPOSAL_NONE;
  bool first = s->longest == 0; /* one cycle does not know the slowest direction */
  s->longest = fmax(s->longest, length);
  if (length >= s->most) {
    length = s->most;
    s->most *= FACTOR;
  }
  *reach = first ? INFINITY : s->longest;
  for (size_t i = 0; i < s->n; i++) {
    double difference = g[i] - x[i] - s->step[i];
    proposal[i] = s->point[i] + 2 * length * s->step[i] + length * length * difference;
    if (!isfinite(proposal[i]))
      return EMEND_PROPOSAL_NONE;
  }
  return EMEND_PROPOSAL_MADE;
}

bool emend_squarem_new(size_t n, emend_accelerator *accelerator) {
  squarem *s = emend_allocate(1, sizeof *s);
  if (!s)
    return false;
  s->n = n;
  s->most = FACTOR;
  s->point = emend_allocate(n, sizeof *s->point);
  s->step = emend_allocate(n, sizeof *s->step);
  if (!s->point || !s->step) {
    squarem_free(s);
    return false;
  }
  *accelerator = (emend_accelerator){.state = s, .most_refusals = SIZE_MAX, .free = squarem_free, .restart = restart, .propose = propose};
  return true;
}
