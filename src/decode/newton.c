/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/newton.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The Cholesky factor in place, in the lower triangle. What hardly curves is taken for a little curved, and the step that way is short. */
static void factorise(size_t n, double *a) {
  double most = 0;
  for (size_t j = 0; j < n; j++)
    most = fmax(most, a[j * n + j]);
  for (size_t j = 0; j < n; j++) {
    for (size_t k = 0; k < j; k++)
      a[j * n + j] -= a[j * n + k] * a[j * n + k];
    a[j * n + j] = sqrt(fmax(a[j * n + j], 1e-10 * most + 1e-300));
    for (size_t i = j + 1; i < n; i++) {
      for (size_t k = 0; k < j; k++)
        a[i * n + j] -= a[i * n + k] * a[j * n + k];
      a[i * n + j] /= a[j * n + j];
    }
  }
}

static void solve(size_t n, const double *factor, double *b) {
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < i; k++)
      b[i] -= factor[i * n + k] * b[k];
    b[i] /= factor[i * n + i];
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; k++)
      b[i] -= factor[k * n + i] * b[k];
    b[i] /= factor[i * n + i];
  }
}

/* One climb. */
typedef struct climb {
  emend_concave function;
  const void *state;
  size_t n;
  double *x, *from, *step, *gradient, *curvature;
  double value;
} climb;

/* The full step, or the first of its halves that goes up. Returns by how much; 0 where none does. */
static double go(climb *c, bool anew) {
  enum { HALVINGS = 30 };
  memcpy(c->step, c->gradient, c->n * sizeof *c->step);
  memcpy(c->from, c->x, c->n * sizeof *c->from);
  if (anew)
    factorise(c->n, c->curvature);
  solve(c->n, c->curvature, c->step);
  for (int half = 0; half < HALVINGS; half++) {
    for (size_t j = 0; j < c->n; j++)
      c->x[j] = c->from[j] + ldexp(c->step[j], -half);
    double next = c->function(c->state, c->x, c->gradient, NULL), rise = next - c->value;
    if (rise > 0) {
      c->value = next;
      return rise;
    }
  }
  memcpy(c->x, c->from, c->n * sizeof *c->x);
  return 0;
}

/* The curvature is what costs: it serves for several steps, as long as each rises by a small part of what the one before did. */
static void climb_up(climb *c) {
  enum { STEPS = 100 };
  /* Of a log-likelihood: after a Newton step the next would be far shorter, after others shorter by SMALL. */
  static const double ENOUGH = 1e-4, AMPLY = 1e-6, SMALL = 0.2;
  double rise = HUGE_VAL, before;
  bool anew = true, done = false;
  c->value = c->function(c->state, c->x, c->gradient, c->curvature);
  for (int i = 0; i < STEPS && !done; i++) {
    if (anew && i > 0)
      c->function(c->state, c->x, c->gradient, c->curvature);
    before = rise;
    rise = go(c, anew);
    done = anew ? rise <= ENOUGH : rise <= AMPLY && rise < SMALL * before;
    anew = !(rise < SMALL * before);
  }
}

emend_status emend_newton_climb(emend_concave function, const void *state, size_t n, double *x, emend_error *error) {
  double *vectors = emend_allocate(3 * n, sizeof *vectors), *curvature = emend_allocate(n, n * sizeof *curvature);
  if (vectors && curvature) {
    climb c = {.function = function, .state = state, .n = n, .x = x, .curvature = curvature};
    c.gradient = vectors, c.step = vectors + n, c.from = vectors + 2 * n;
    climb_up(&c);
  }
  bool done = vectors && curvature;
  free(vectors), free(curvature);
  return done ? EMEND_OK : emend_fail_memory(error);
}
