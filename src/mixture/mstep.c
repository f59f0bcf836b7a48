/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/blas.h"
#include "mixture/inside.h"

/* The shift of a mean, Sigma U1 / N, and the expected scatter about the new mean: N Sigma + Sigma U2 Sigma - N delta delta'. */

static void shift_diagonal(emend_mixture_problem *q, size_t k, double *delta) {
  size_t p = q->p, padded = q->shape.padded;
  const emend_mixture_sums *sums = &q->sums;
  double n = sums->weight[k];
  for (size_t j = 0; j < p; j++) {
    double variance = q->now.covariance[k * p + j];
    delta[j] = variance * sums->first[j * padded + k] / n;
    q->scatter[k * p + j] = n * variance + variance * sums->second[j * padded + k] * variance - n * delta[j] * delta[j];
  }
}

static void shift_full(emend_mixture_problem *q, size_t k, double *delta) {
  size_t p = q->p, padded = q->shape.padded;
  const emend_mixture_sums *sums = &q->sums;
  const double *c = q->now.covariance + k * p * p;
  double *u2 = q->scratch, *half = u2 + p * p, *scatter = q->scatter + k * p * p, n = sums->weight[k];
  for (size_t a = 0; a < p; a++)
    for (size_t b = 0; b <= a; b++)
      u2[a * p + b] = u2[b * p + a] = sums->second[(a * p + b) * padded + k];
  emend_blas_multiply(p, c, u2, half);
  emend_blas_multiply(p, half, c, scatter);
  for (size_t a = 0; a < p; a++) {
    delta[a] = 0;
    for (size_t b = 0; b < p; b++)
      delta[a] += c[a * p + b] * sums->first[b * padded + k] / n;
  }
  /* One half is computed and mirrored: rounding must not make the matrix unsymmetric. */
  for (size_t a = 0; a < p; a++)
    for (size_t b = 0; b <= a; b++)
      scatter[a * p + b] = scatter[b * p + a] =
          n * c[a * p + b] + 0.5 * (scatter[a * p + b] + scatter[b * p + a]) - n * delta[a] * delta[b];
}

void emend_mixture_problem_mstep(void *state) {
  emend_mixture_problem *q = state;
  size_t p = q->p;
  size_t scratch = p * p > 2 * p + q->n_components ? p * p : 2 * p + q->n_components;
  double *delta = q->scratch + 2 * scratch, total = 0;
  for (size_t k = 0; k < q->n_components; k++)
    total += q->sums.weight[k];
  for (size_t k = 0; k < q->n_components; k++) {
    if (q->diagonal)
      shift_diagonal(q, k, delta);
    else
      shift_full(q, k, delta);
    for (size_t j = 0; j < p; j++)
      q->now.mean[k * p + j] += delta[j];
    q->now.mixing[k] = q->sums.weight[k] / total;
  }
  emend_structure_input input = {.n_components = q->n_components,
                                 .p = p,
                                 .sphere = q->columns->sphere,
                                 .scatter = q->scatter,
                                 .weight = q->sums.weight,
                                 .lambda = q->lambda,
                                 .nu = q->nu};
  emend_structure_mstep(q->structure, &input, q->scratch, q->now.covariance);
}
