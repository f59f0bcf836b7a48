/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/newton.h"

#include <math.h>
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

emend_status emend_newton_climb(emend_concave function, const void *state, size_t n, double *x, emend_error *error) {
  enum { STEPS = 50, HALVINGS = 30 };
  static const double ENOUGH = 1e-4; /* of a log-likelihood: the next step would be far shorter */
  double *gradient = emend_allocate(3 * n, sizeof *gradient), *curvature = emend_allocate(n, n * sizeof *curvature);
  if (!gradient || !curvature) {
    free(gradient), free(curvature);
    return emend_fail_memory(error);
  }
  double *step = gradient + n, *from = gradient + 2 * n, value = function(state, x, gradient, curvature), rise = HUGE_VAL;
  for (int i = 0; i < STEPS && rise > ENOUGH; i++) {
    memcpy(step, gradient, n * sizeof *step);
    memcpy(from, x, n * sizeof *from);
    factorise(n, curvature);
    solve(n, curvature, step);
    double next = -HUGE_VAL;
    for (int half = 0; half < HALVINGS && !(next > value); half++) {
      for (size_t j = 0; j < n; j++)
        x[j] = from[j] + ldexp(step[j], -half);
      next = function(state, x, gradient, curvature);
    }
    rise = next - value;
    if (!(rise > 0))
      memcpy(x, from, n * sizeof *x);
    else
      value = next;
  }
  free(gradient), free(curvature);
  return EMEND_OK;
}
