/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mixture/fitting.h"

/* A row whose largest responsibility is below the first is ambiguous; one below the second adds nothing to an entropy. */
static const double AMBIGUOUS = 0.8, NOTHING = 1e-25;

emend_status emend_mixture_posterior(emend_mixture_problem *q, emend_mixture_visitor visit, void *context, emend_error *error) {
  emend_status status = emend_mixture_problem_prepare(q, error);
  size_t most = 0;
  for (size_t u = 0; u < q->units->n_units; u++)
    most = q->units->units[u].n > most ? q->units->units[u].n : most;
  double *responsibilities = emend_allocate(most, q->n_components * sizeof *responsibilities);
  if (!status && !responsibilities)
    status = emend_fail_memory(error);
  for (size_t u = 0; u < q->units->n_units && !status; u++) {
    emend_mixture_row_block rows = emend_mixture_unit_rows(q, &q->units->units[u]);
    rows.weights = NULL;
    if (q->kernels->estep(&q->shape, &rows, &q->work[0], NULL, responsibilities))
      visit(context, &q->units->units[u], responsibilities);
    else
      status = emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "a covariance of the mixture is singular");
  }
  free(responsibilities);
  return status;
}

typedef struct counting {
  const emend_mixture_problem *problem;
  emend_mixture_certainty *made;
} counting;

static void count_unit(void *context, const emend_mixture_unit *unit, const double *responsibilities) {
  const counting *c = context;
  const emend_mixture_problem *q = c->problem;
  size_t k = q->n_components;
  for (size_t i = 0; i < unit->n; i++) {
    const double *r = responsibilities + i * k;
    double weight = q->patterns->weights ? q->patterns->weights[unit->first + i] * q->weight_factor : 1, entropy = 0;
    size_t largest = 0;
    if (weight == 0)
      continue;
    for (size_t j = 0; j < k; j++) {
      largest = r[j] > r[largest] ? j : largest;
      entropy -= r[j] > NOTHING && r[j] < 1 ? r[j] * log(r[j]) : 0;
    }
    c->made->entropy += weight * fmax(entropy, 0);
    c->made->log_largest += r[largest] < 1 ? weight * log(r[largest]) : 0;
    c->made->ambiguous += r[largest] < AMBIGUOUS;
    if (c->made->assigned)
      c->made->assigned[largest]++;
  }
}

emend_status emend_mixture_certainty_of(emend_mixture_problem *q, emend_mixture_certainty *certainty, emend_error *error) {
  counting c = {q, certainty};
  return emend_mixture_posterior(q, count_unit, &c, error);
}
