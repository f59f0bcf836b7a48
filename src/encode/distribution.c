/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/distribution.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/spread.h"
#include "encode/shape.h"

enum { FEWEST_OTHERS = 20 }; /* values beside a heap */

typedef struct answer {
  double value, weight;
} answer;

/* Observed values of rows that weigh something, ascending. */
typedef struct sample {
  answer *answers;
  size_t n;
  double weight;
} sample;

/* What comes most often of a sample, by weight, and beside it. */
typedef struct peak {
  double value, count, most_of_others;
  size_t n_others;
} peak;

static int compare(const void *a, const void *b) {
  const answer *x = a, *y = b;
  return (x->value > y->value) - (x->value < y->value);
}

/* Of rows from everywhere, without the spike. */
static emend_status take_sample(const emend_dataset *dataset, size_t variable, const double *weights, const emend_planned *planned,
                                sample *s, emend_error *error) {
  enum { MOST = 4096 };
  size_t rows = emend_dataset_rows(dataset), used = rows < MOST ? rows : MOST;
  *s = (sample){.answers = emend_allocate(MOST, sizeof *s->answers)};
  if (!s->answers)
    return emend_fail_memory(error);
  for (size_t i = 0; i < used; i++) {
    size_t row = emend_spread(i, used, rows);
    emend_run cell = emend_dataset_run(dataset, variable, row);
    double value = *cell.values, weight = weights ? weights[row] : 1;
    if (*cell.reasons != EMEND_OBSERVED || !isfinite(value) || (planned->spiked && value == planned->spike) || !(weight > 0))
      continue;
    s->answers[s->n++] = (answer){value, weight};
    s->weight += weight;
  }
  qsort(s->answers, s->n, sizeof *s->answers, compare);
  return EMEND_OK;
}

static peak find_peak(const sample *s) {
  peak p = {0};
  for (size_t first = 0, next; first < s->n; first = next) {
    double count = 0;
    for (next = first; next < s->n && s->answers[next].value == s->answers[first].value; next++)
      count += s->answers[next].weight;
    p.n_others += first > 0;
    if (count > p.count) {
      p.most_of_others = p.count;
      p.count = count, p.value = s->answers[first].value;
    } else if (count > p.most_of_others) {
      p.most_of_others = count;
    }
  }
  return p;
}

static bool is_heap(const sample *s, const peak *p) {
  enum { TIMES = 10 };
  double share = p->count / s->weight;
  bool end = p->value == 0 || p->value == s->answers[0].value || p->value == s->answers[s->n - 1].value;
  return end && share >= 0.1 && share <= 0.9 && p->n_others >= FEWEST_OTHERS && p->count >= TIMES * p->most_of_others;
}

static double skewness_of(const sample *s) {
  double mean = 0, m2 = 0, m3 = 0;
  for (size_t i = 0; i < s->n; i++)
    mean += s->answers[i].value * (s->answers[i].weight / s->weight);
  for (size_t i = 0; i < s->n; i++) {
    double d = s->answers[i].value - mean, square = s->answers[i].weight / s->weight * d * d;
    m2 += square, m3 += square * d;
  }
  return m2 > 0 ? m3 / (m2 * sqrt(m2)) : 0;
}

static emend_status mend_skew(const emend_dataset *dataset, size_t variable, const double *weights, const sample *s, const peak *p,
                              emend_planned *planned, emend_error *error) {
  enum { FEWEST_VALUES = 10 };
  static const double SKEWED = 1.5;
  double skewness = skewness_of(s);
  if (p->n_others + 1 < FEWEST_VALUES || !(fabs(skewness) >= SKEWED))
    return EMEND_OK;
  emend_status status = emend_shape_choose(dataset, variable, weights, planned, error);
  planned->skewness = planned->transform.kind ? skewness : 0;
  return status;
}

emend_status emend_distribution_look(const emend_dataset *dataset, size_t variable, const double *weights, bool may_transform,
                                     emend_planned *planned, emend_error *error) {
  bool number = planned->type == EMEND_TYPE_CONTINUOUS || planned->type == EMEND_TYPE_INTEGER;
  bool in_model = planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_PREDICT, fills = planned->missing.fill > 0;
  if (!number || !in_model || !(fills || may_transform) || planned->observed.n < FEWEST_OTHERS)
    return EMEND_OK;
  sample s;
  emend_status status = take_sample(dataset, variable, weights, planned, &s, error);
  if (!status && s.n >= FEWEST_OTHERS) {
    peak p = find_peak(&s);
    bool heap = !planned->spiked && is_heap(&s, &p);
    if (heap && fills)
      planned->heap = p.value, planned->heap_share = p.count / s.weight;
    if (!heap && may_transform)
      status = mend_skew(dataset, variable, weights, &s, &p, planned, error);
  }
  free(s.answers);
  return status;
}
