/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/distribution.h"

#include <math.h>

#include "encode/gathered.h"
#include "encode/shape.h"
#include "encode/weighted_sample.h"

enum { FEWEST_OTHERS = 20, FEWEST_VALUES = 10 }; /* different ones beside a heap; in a number that is skewed */

/* What comes most often of a sample, by weight, and beside it. */
typedef struct peak {
  double value, count, most_of_others; /* an end that is not the peak may have a heap of its own: a top code */
  size_t n_others;
} peak;

/* Of rows from everywhere, without the spike: what weighs something. */
static emend_status take_sample(const emend_dataset *dataset, size_t variable, const double *weights, const emend_planned *planned,
                                emend_weighted_sample *s, emend_error *error) {
  enum { MOST_ROWS = 4096 };
  emend_status status = emend_weighted_sample_take(dataset, variable, weights, planned->spiked ? planned->spike : NAN, MOST_ROWS, s, error);
  size_t n = 0;
  for (size_t i = 0; i < s->n; i++)
    if (s->values[i].weight > 0)
      s->values[n++] = s->values[i];
  s->n = n;
  return status;
}

static peak find_peak(const emend_weighted_sample *s) {
  peak p = {0};
  double count;
  for (size_t first = 0, next; first < s->n; first = next) {
    next = emend_weighted_sample_next(s, first, &count);
    p.n_others += first > 0;
    if (count > p.count)
      p.count = count, p.value = s->values[first].value;
  }
  for (size_t first = 0, next; first < s->n; first = next) {
    next = emend_weighted_sample_next(s, first, &count);
    bool end = first == 0 || next == s->n;
    if (!end && s->values[first].value != p.value && count > p.most_of_others)
      p.most_of_others = count;
  }
  return p;
}

static const double LEAST_SHARE = 0.1; /* of the answers, that lie on a heap */

/* Most numbers show without being sorted that they have no heap: at neither end, nor at zero, lie enough answers. */
static bool may_have_heap(const emend_weighted_sample *s) {
  double at_zero = 0, at_min = 0, at_max = 0, min = s->values[0].value, max = min;
  for (size_t i = 0; i < s->n; i++) {
    emend_weighted_value v = s->values[i];
    at_zero += v.value == 0 ? v.weight : 0;
    at_min = v.value < min ? 0 : at_min, min = v.value < min ? v.value : min;
    at_max = v.value > max ? 0 : at_max, max = v.value > max ? v.value : max;
    at_min += v.value == min ? v.weight : 0;
    at_max += v.value == max ? v.weight : 0;
  }
  return fmax(at_zero, fmax(at_min, at_max)) >= LEAST_SHARE / 2 * s->weight; /* summed in another order */
}

/* Whether there are several different values; of reals soon. */
static bool are_various(const emend_weighted_sample *s) {
  double known[FEWEST_VALUES];
  size_t n = 0;
  for (size_t i = 0; i < s->n && n < FEWEST_VALUES; i++) {
    size_t k = 0;
    while (k < n && known[k] != s->values[i].value)
      k++;
    if (k == n)
      known[n++] = s->values[i].value;
  }
  return n == FEWEST_VALUES;
}

static bool is_heap(const emend_weighted_sample *s, const peak *p) {
  enum { TIMES = 10 };
  double share = p->count / s->weight;
  bool end = p->value == 0 || p->value == s->values[0].value || p->value == s->values[s->n - 1].value;
  return end && share >= LEAST_SHARE && share <= 0.9 && p->n_others >= FEWEST_OTHERS && p->count >= TIMES * p->most_of_others;
}

static bool find_heap(emend_weighted_sample *s, peak *p) {
  emend_weighted_sample_sort(s);
  *p = find_peak(s);
  return is_heap(s, p);
}

/* Of all rows: a sample would decide by chance about what is near a threshold. */
static double skewness_of(const emend_dataset *dataset, size_t variable, const double *weights, const emend_planned *planned, double near) {
  emend_moments m = {.centre = near};
  emend_gathered g = {0};
  for (size_t row = 0; row < emend_dataset_rows(dataset);) {
    row = emend_gathered_take(&g, dataset, variable, row, weights);
    for (size_t i = 0; i < g.n; i++)
      if (!planned->spiked || g.values[i] != planned->spike)
        emend_moments_add(&m, g.values[i], g.weights[i]);
  }
  return emend_moments_skewness(&m);
}

static emend_status mend_skew(const emend_dataset *dataset, size_t variable, const double *weights, double near, emend_planned *planned,
                              emend_error *error) {
  static const double SKEWED = 1.5, CLEARLY_LESS = 1.4;
  if (!planned->spiked && fabs(planned->observed.skewness) < CLEARLY_LESS)
    return EMEND_OK;
  double skewness = skewness_of(dataset, variable, weights, planned, near);
  if (!(fabs(skewness) >= SKEWED))
    return EMEND_OK;
  emend_status status = emend_shape_choose(dataset, variable, weights, planned, error);
  planned->skewness = planned->transform.kind ? skewness : 0;
  return status;
}

/* What there is beside a spike is distributed in its own way. */
static emend_status model_spike(const emend_dataset *dataset, size_t variable, const double *weights, double spike, bool may_transform,
                                emend_planned *planned, emend_error *error) {
  planned->spiked = planned->spike_chosen = true;
  planned->spike = spike;
  planned->n_columns = 2;
  return emend_distribution_look(dataset, variable, weights, false, may_transform, planned, error);
}

emend_status emend_distribution_look(const emend_dataset *dataset, size_t variable, const double *weights, bool may_spike,
                                     bool may_transform, emend_planned *planned, emend_error *error) {
  bool number = planned->type == EMEND_TYPE_CONTINUOUS || planned->type == EMEND_TYPE_INTEGER;
  bool in_model = emend_planned_takes_part(planned), fills = planned->missing.fill > 0;
  if (!number || !in_model || !(fills || may_transform) || planned->observed.n < FEWEST_OTHERS)
    return EMEND_OK;
  emend_weighted_sample s;
  emend_status status = take_sample(dataset, variable, weights, planned, &s, error);
  peak p = {0};
  bool heap = false;
  if (!status && s.n >= FEWEST_OTHERS) {
    heap = !planned->spiked && may_have_heap(&s) && find_heap(&s, &p);
    if (heap && fills && !may_spike)
      planned->heap = p.value, planned->heap_share = p.count / s.weight;
    if (!heap && may_transform && are_various(&s))
      status = mend_skew(dataset, variable, weights, s.mean, planned, error);
  }
  emend_weighted_sample_free(&s);
  return heap && fills && may_spike ? model_spike(dataset, variable, weights, p.value, may_transform, planned, error) : status;
}
