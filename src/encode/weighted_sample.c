/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/weighted_sample.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sort.h"
#include "base/spread.h"

void emend_weighted_sample_free(emend_weighted_sample *sample) {
  free(sample->values);
  *sample = (emend_weighted_sample){0};
}

void emend_weighted_sample_describe(emend_weighted_sample *s) {
  double sum = 0;
  s->weight = 0, s->min = HUGE_VAL, s->max = -HUGE_VAL;
  for (size_t i = 0; i < s->n; i++) {
    emend_weighted_value v = s->values[i];
    sum += v.weight * v.value, s->weight += v.weight;
    s->min = v.value < s->min ? v.value : s->min, s->max = v.value > s->max ? v.value : s->max;
  }
  s->mean = sum / s->weight;
}

emend_status emend_weighted_sample_take(const emend_dataset *dataset, size_t variable, const double *weights, double skip, size_t most_rows,
                                        emend_weighted_sample *s, emend_error *error) {
  size_t rows = emend_dataset_rows(dataset), used = rows < most_rows ? rows : most_rows;
  *s = (emend_weighted_sample){.values = emend_allocate(used, sizeof *s->values)};
  if (!s->values)
    return emend_fail_memory(error);
  emend_run run = {0};
  for (size_t i = 0, first = 0; i < used; i++) {
    size_t row = used == rows ? i : emend_spread(i, used, rows);
    if (row - first >= run.n)
      run = emend_dataset_run(dataset, variable, row), first = row;
    size_t k = row - first;
    if (run.reasons[k] == EMEND_OBSERVED && run.values[k] != skip && isfinite(run.values[k]))
      s->values[s->n++] = (emend_weighted_value){run.values[k], weights ? weights[row] : 1};
  }
  emend_weighted_sample_describe(s);
  for (size_t i = 0; i < s->n && !(s->weight > 0); i++)
    s->values[i].weight = 1;
  if (!(s->weight > 0))
    emend_weighted_sample_describe(s);
  return EMEND_OK;
}

static bool is_sorted(const emend_weighted_sample *s) {
  size_t i = 1;
  for (; i < s->n; i++) {
    emend_weighted_value a = s->values[i - 1], b = s->values[i];
    if (!(a.value < b.value || (a.value == b.value && a.weight <= b.weight)))
      break;
  }
  return i >= s->n;
}

/* Codes and counts that weigh the same are counted rather than sorted. False if they are something else. */
static bool sort_counts(emend_weighted_sample *s) {
  enum { LEAST = -128, MANY = 1152 };
  size_t counts[MANY] = {0}, at = 0;
  for (size_t i = 0; i < s->n; i++) {
    double value = s->values[i].value;
    int code = value >= LEAST && value < LEAST + MANY ? (int)value : LEAST;
    if (code != value || s->values[i].weight != s->values[0].weight)
      return false;
    counts[code - LEAST]++;
  }
  for (int k = 0; k < MANY; k++)
    for (size_t i = 0; i < counts[k]; i++)
      s->values[at++].value = k + LEAST;
  return true;
}

void emend_weighted_sample_sort(emend_weighted_sample *s) {
  if (is_sorted(s) || sort_counts(s))
    return;
  emend_sort_by_numbers(s->values, s->n, sizeof *s->values, offsetof(emend_weighted_value, value), offsetof(emend_weighted_value, weight));
}

size_t emend_weighted_sample_next(const emend_weighted_sample *s, size_t first, double *weight) {
  size_t next = first;
  for (*weight = 0; next < s->n && s->values[next].value == s->values[first].value; next++)
    *weight += s->values[next].weight;
  return next;
}

double emend_moments_skewness(const emend_moments *m) {
  double first = m->first / m->weight, second = m->second / m->weight, third = m->third / m->weight;
  double variance = second - first * first;
  return variance > 0 ? (third - 3 * first * second + 2 * first * first * first) / (variance * sqrt(variance)) : 0;
}
