/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/distribution.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/spread.h"
#include "encode/shape.h"

enum { FEWEST_OTHERS = 20 }; /* values beside a heap */

/* Observed values, ascending. */
typedef struct sample {
  double *values;
  size_t n;
} sample;

/* What comes most often of a sample, and beside it. */
typedef struct peak {
  double value;
  size_t count, n_others, most_of_others;
} peak;

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Of rows from everywhere, without the spike. */
static emend_status take_sample(const emend_dataset *dataset, size_t variable, const emend_planned *planned, sample *s,
                                emend_error *error) {
  enum { MOST = 4096 };
  size_t rows = emend_dataset_rows(dataset), used = rows < MOST ? rows : MOST;
  *s = (sample){emend_allocate(MOST, sizeof *s->values), 0};
  if (!s->values)
    return emend_fail_memory(error);
  for (size_t i = 0; i < used; i++) {
    emend_run cell = emend_dataset_run(dataset, variable, emend_spread(i, used, rows));
    if (*cell.reasons == EMEND_OBSERVED && isfinite(*cell.values) && !(planned->spiked && *cell.values == planned->spike))
      s->values[s->n++] = *cell.values;
  }
  qsort(s->values, s->n, sizeof *s->values, compare);
  return EMEND_OK;
}

static peak find_peak(const sample *s) {
  peak p = {0};
  for (size_t first = 0, next; first < s->n; first = next) {
    for (next = first + 1; next < s->n && s->values[next] == s->values[first]; next++)
      ;
    size_t count = next - first;
    p.n_others += first > 0;
    if (count > p.count) {
      p.most_of_others = p.count;
      p.count = count, p.value = s->values[first];
    } else if (count > p.most_of_others) {
      p.most_of_others = count;
    }
  }
  return p;
}

static bool is_heap(const sample *s, const peak *p) {
  enum { TIMES = 10 };
  double share = (double)p->count / (double)s->n;
  bool end = p->value == 0 || p->value == s->values[0] || p->value == s->values[s->n - 1];
  return end && share >= 0.1 && share <= 0.9 && p->n_others >= FEWEST_OTHERS && p->count >= TIMES * p->most_of_others;
}

static double skewness_of(const sample *s) {
  double mean = 0, m2 = 0, m3 = 0;
  for (size_t i = 0; i < s->n; i++)
    mean += s->values[i] / (double)s->n;
  for (size_t i = 0; i < s->n; i++) {
    double d = s->values[i] - mean;
    m2 += d * d, m3 += d * d * d;
  }
  return m2 > 0 ? m3 * sqrt((double)s->n) / (m2 * sqrt(m2)) : 0;
}

static emend_status mend_skew(const emend_dataset *dataset, size_t variable, const sample *s, const peak *p, emend_planned *planned,
                              emend_error *error) {
  enum { FEWEST_VALUES = 10 };
  static const double SKEWED = 1.5;
  double skewness = skewness_of(s);
  if (p->n_others + 1 < FEWEST_VALUES || !(fabs(skewness) >= SKEWED))
    return EMEND_OK;
  emend_status status = emend_shape_choose(dataset, variable, planned, error);
  planned->skewness = planned->transform.kind ? skewness : 0;
  return status;
}

emend_status emend_distribution_look(const emend_dataset *dataset, size_t variable, bool may_transform, emend_planned *planned,
                                     emend_error *error) {
  bool number = planned->type == EMEND_TYPE_CONTINUOUS || planned->type == EMEND_TYPE_INTEGER;
  bool in_model = planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_PREDICT, fills = planned->missing.fill > 0;
  if (!number || !in_model || !(fills || may_transform) || planned->observed.n < FEWEST_OTHERS)
    return EMEND_OK;
  sample s;
  emend_status status = take_sample(dataset, variable, planned, &s, error);
  if (!status && s.n >= FEWEST_OTHERS) {
    peak p = find_peak(&s);
    bool heap = !planned->spiked && is_heap(&s, &p);
    if (heap && fills)
      planned->heap = p.value, planned->heap_share = (double)p.count / (double)s.n;
    if (!heap && may_transform)
      status = mend_skew(dataset, variable, &s, &p, planned, error);
  }
  free(s.values);
  return status;
}
