/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "mixture/fitting.h"

/* Some of the rows of large data, in which starts are sought: each row by chance, patterns as they are. */
typedef struct subset {
  const emend_patterns *from;
  emend_patterns *made;
  double share;
  uint64_t seed;
} subset;

static emend_status allocate(subset *s, emend_error *error) {
  const emend_patterns *from = s->from;
  size_t p = from->n_columns, most = from->n_rows;
  emend_patterns *made = s->made = emend_allocate(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  made->n_columns = p;
  made->patterns = emend_allocate(from->n_patterns, sizeof *made->patterns);
  size_t chosen = 0;
  for (size_t i = 0; i < most; i++)
    chosen += emend_random_uniform(s->seed, EMEND_STREAM_START, i, UINT64_MAX) < s->share;
  made->values = emend_allocate(chosen, p * sizeof(double));
  made->weights = from->weights ? emend_allocate(chosen, sizeof(double)) : NULL;
  return made->patterns && made->values && (made->weights || !from->weights) ? EMEND_OK : emend_fail_memory(error);
}

static void copy_pattern(subset *s, const emend_pattern *pattern) {
  emend_patterns *made = s->made;
  size_t p = made->n_columns;
  emend_pattern copy = {.first = made->n_rows, .n_missing = pattern->n_missing, .missing = pattern->missing};
  for (size_t i = pattern->first; i < pattern->first + pattern->n_rows; i++) {
    if (!(emend_random_uniform(s->seed, EMEND_STREAM_START, i, UINT64_MAX) < s->share))
      continue;
    memcpy(made->values + made->n_rows * p, s->from->values + i * p, p * sizeof(double));
    if (made->weights)
      made->weights[made->n_rows] = s->from->weights[i];
    copy.weight += made->weights ? made->weights[made->n_rows] : 1;
    copy.n_rows++;
    made->n_rows++;
  }
  if (copy.n_rows > 0)
    made->patterns[made->n_patterns++] = copy;
}

emend_status emend_mixture_subset(const emend_patterns *patterns, size_t n_rows, uint64_t seed, emend_patterns **made, emend_error *error) {
  subset s = {.from = patterns, .share = (double)n_rows / (double)patterns->n_rows, .seed = seed};
  emend_status status = allocate(&s, error);
  for (size_t i = 0; i < patterns->n_patterns && !status; i++)
    copy_pattern(&s, &patterns->patterns[i]);
  if (status)
    emend_patterns_free(s.made);
  else
    *made = s.made;
  return status;
}
