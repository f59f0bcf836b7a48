/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mixture/complete.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

emend_status emend_mixture_completion_new(const emend_mixture_problem *problem, emend_patterns *patterns,
                                          emend_mixture_completion *completion, emend_error *error) {
  size_t p = problem->p;
  *completion = (emend_mixture_completion){.problem = problem,
                                           .patterns = patterns,
                                           .factor = emend_allocate(problem->n_components * p, (p ? p : 1) * sizeof(double)),
                                           .scores = emend_allocate(p, sizeof(double)),
                                           .expected = emend_allocate(p, sizeof(double)),
                                           .missing = emend_allocate(p, sizeof(uint32_t))};
  if (completion->factor && completion->scores && completion->expected && completion->missing)
    return EMEND_OK;
  return emend_fail_memory(error);
}

void emend_mixture_completion_free(emend_mixture_completion *c) {
  free(c->factor), free(c->scores), free(c->expected), free(c->missing);
  *c = (emend_mixture_completion){0};
}

static double entry(const emend_mixture_problem *q, size_t k, size_t i, size_t j) {
  if (q->diagonal)
    return i == j ? q->now.covariance[k * q->p + i] : 0;
  return q->now.covariance[(k * q->p + i) * q->p + j];
}

/* The lower Cholesky factor of the observed part of component k, o x o. */
static void factorise(const emend_mixture_problem *q, size_t k, size_t o, const uint32_t *observed, double *factor) {
  for (size_t a = 0; a < o; a++)
    for (size_t b = 0; b <= a; b++) {
      double x = entry(q, k, observed[a], observed[b]);
      for (size_t c = 0; c < b; c++)
        x -= factor[a * o + c] * factor[b * o + c];
      factor[a * o + b] = a == b ? sqrt(x) : x / factor[b * o + b];
    }
}

/* scores = inverse(S_OO) (x - mean)_O */
static void score_row(const emend_mixture_completion *c, size_t k, size_t o, const uint32_t *observed, const double *x) {
  const emend_mixture_problem *q = c->problem;
  const double *l = c->factor + k * q->p * q->p, *mean = q->now.mean + k * q->p;
  double *u = c->scores;
  for (size_t a = 0; a < o; a++) {
    u[a] = x[q->columns->source[observed[a]]] - mean[observed[a]];
    for (size_t b = 0; b < a; b++)
      u[a] -= l[a * o + b] * u[b];
    u[a] /= l[a * o + a];
  }
  for (size_t a = o; a-- > 0;) {
    for (size_t b = a + 1; b < o; b++)
      u[a] -= l[b * o + a] * u[b];
    u[a] /= l[a * o + a];
  }
}

static void complete_row(const emend_mixture_completion *c, size_t o, const uint32_t *observed, size_t m, double *x,
                         const double *responsibilities) {
  const emend_mixture_problem *q = c->problem;
  for (size_t a = 0; a < m; a++)
    c->expected[a] = 0;
  for (size_t k = 0; k < q->n_components; k++) {
    if (responsibilities[k] == 0)
      continue;
    if (!q->diagonal)
      score_row(c, k, o, observed, x);
    for (size_t a = 0; a < m; a++) {
      double expected = q->now.mean[k * q->p + c->missing[a]];
      for (size_t b = 0; b < o && !q->diagonal; b++)
        expected += entry(q, k, c->missing[a], observed[b]) * c->scores[b];
      c->expected[a] += responsibilities[k] * expected;
    }
  }
  for (size_t a = 0; a < m; a++)
    x[q->columns->source[c->missing[a]]] = c->expected[a];
}

void emend_mixture_completion_unit(emend_mixture_completion *c, const emend_mixture_unit *unit, const double *responsibilities) {
  const emend_mixture_problem *q = c->problem;
  const uint32_t *observed = q->units->columns + unit->columns;
  size_t m = 0, a = 0;
  for (size_t j = 0; j < q->p; j++) {
    if (a < unit->o && observed[a] == j)
      a++;
    else
      c->missing[m++] = (uint32_t)j;
  }
  if (m == 0)
    return;
  for (size_t k = 0; k < q->n_components && !q->diagonal; k++)
    factorise(q, k, unit->o, observed, c->factor + k * q->p * q->p);
  for (size_t i = 0; i < unit->n; i++)
    complete_row(c, unit->o, observed, m, c->patterns->values + (unit->first + i) * c->patterns->n_columns,
                 responsibilities + i * q->n_components);
}

void emend_mixture_complete_column(emend_patterns *patterns, size_t column, double value) {
  for (size_t s = 0; s < patterns->n_patterns; s++) {
    const emend_pattern *pattern = &patterns->patterns[s];
    bool missing = false;
    for (size_t a = 0; a < pattern->n_missing && !missing; a++)
      missing = pattern->missing[a] == column;
    for (size_t i = 0; i < pattern->n_rows && missing; i++)
      patterns->values[(pattern->first + i) * patterns->n_columns + column] = value;
  }
}
