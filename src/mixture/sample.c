/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "mixture/inside.h"

/* Lower factors of covariances that are positive semi-definite: a pivot that is not above rounding gives a column of zeros. */
static void factorise(size_t n, const double *covariance, double *l) {
  memset(l, 0, n * n * sizeof *l);
  for (size_t a = 0; a < n; a++)
    for (size_t b = 0; b <= a; b++) {
      double x = covariance[a * n + b];
      for (size_t c = 0; c < b; c++)
        x -= l[a * n + c] * l[b * n + c];
      if (a == b)
        l[a * n + a] = x > 1e-14 * covariance[a * n + a] ? sqrt(x) : 0;
      else
        l[a * n + b] = l[b * n + b] > 0 ? x / l[b * n + b] : 0; /* a NaN of a column never observed compares as false: it stays out */
    }
}

static size_t draw_component(const emend_mixture *m, double uniform) {
  size_t k = 0;
  for (double sum = m->proportion[0]; k + 1 < m->n_components && uniform > sum; sum += m->proportion[k])
    k++;
  return k;
}

emend_status emend_mixture_sample(const emend_mixture *m, uint64_t seed, size_t n_rows, double *values, size_t *components,
                                  emend_error *error) {
  size_t n = m->n_columns;
  double *factors = emend_allocate(m->n_components * n, n * sizeof *factors), *z = emend_allocate(n, sizeof *z);
  emend_status status = factors && z ? EMEND_OK : emend_fail_memory(error);
  for (size_t k = 0; k < m->n_components && !status; k++)
    factorise(n, m->covariance + k * n * n, factors + k * n * n);
  for (size_t i = 0; i < n_rows && !status; i++) {
    size_t k = draw_component(m, emend_random_uniform(seed, EMEND_STREAM_SAMPLE, i, 0));
    const double *l = factors + k * n * n;
    for (size_t j = 0; j < n; j++)
      z[j] = emend_random_normal(seed, EMEND_STREAM_SAMPLE, i, j + 1);
    for (size_t j = 0; j < n; j++) {
      values[i * n + j] = m->mean[k * n + j];
      for (size_t c = 0; c <= j; c++)
        values[i * n + j] += l[j * n + c] * z[c];
    }
    if (components)
      components[i] = k;
  }
  free(factors), free(z);
  return status;
}
