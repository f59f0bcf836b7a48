/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "normal/complete.h"
#include "normal/fit.h"

/* Rows in pattern order as the matrix that they came from. */
typedef struct view {
  const emend_patterns *patterns;
  const emend_pattern **pattern_of; /* of each stored row */
  double *weights;                  /* of each row of the matrix; NULL: all 1 */
} view;

static void view_free(view *v) { free(v->pattern_of), free(v->weights); }

static emend_status view_new(const emend_patterns *patterns, view *v, emend_error *error) {
  size_t n = patterns->n_rows;
  *v = (view){.patterns = patterns, .pattern_of = emend_allocate(n, sizeof *v->pattern_of)};
  if (patterns->weights)
    v->weights = emend_allocate(n, sizeof *v->weights);
  if (!v->pattern_of || (patterns->weights && !v->weights))
    return emend_fail_memory(error);
  for (size_t s = 0; s < patterns->n_patterns; s++)
    for (size_t i = 0; i < patterns->patterns[s].n_rows; i++)
      v->pattern_of[patterns->patterns[s].first + i] = &patterns->patterns[s];
  for (size_t i = 0; i < n && v->weights; i++)
    v->weights[i] = patterns->weights[patterns->position[i]];
  return EMEND_OK;
}

static void read_view(const void *state, size_t row, size_t n, double *block) {
  const view *v = state;
  size_t p = v->patterns->n_columns;
  for (size_t i = 0; i < n; i++) {
    const emend_pattern *pattern = v->pattern_of[v->patterns->position[row + i]];
    for (size_t j = 0; j < p; j++)
      block[i * p + j] = emend_patterns_value(v->patterns, row + i, j);
    for (size_t a = 0; a < pattern->n_missing; a++)
      block[i * p + pattern->missing[a]] = NAN;
  }
}

static emend_matrix as_matrix(const view *v) {
  return (emend_matrix){
      .n_rows = v->patterns->n_rows, .n_columns = v->patterns->n_columns, .state = v, .read = read_view, .weights = v->weights};
}

emend_status emend_normal_fit_patterns(const emend_patterns *patterns, const char *const *names, const emend_normal_options *options,
                                       emend_events *events, emend_normal **fit, emend_error *error) {
  view v;
  emend_reduced *reduced = NULL;
  *fit = NULL;
  emend_status status = view_new(patterns, &v, error);
  if (!status) {
    emend_matrix matrix = as_matrix(&v);
    status = emend_reduced_new(&matrix, NULL, NULL, events, &reduced, error);
  }
  if (!status)
    status = emend_normal_fit_reduced(reduced, names, options, events, fit, error);
  emend_reduced_free(reduced);
  view_free(&v);
  return status;
}

emend_status emend_normal_complete_patterns(const emend_normal *normal, emend_patterns *patterns, emend_events *events, emend_error *error) {
  view v;
  emend_completed *completed = NULL;
  emend_status status = view_new(patterns, &v, error);
  if (!status) {
    emend_matrix matrix = as_matrix(&v);
    status = emend_normal_complete_matrix(normal, &matrix, 1, events, &completed, error);
  }
  for (size_t i = 0; i < patterns->n_rows && !status; i++) {
    size_t at = patterns->position[i];
    const emend_pattern *pattern = v.pattern_of[at];
    for (size_t a = 0; a < pattern->n_missing; a++) {
      size_t j = pattern->missing[a];
      patterns->values[at * patterns->n_columns + j] = (emend_completed_value(completed, i, j) - patterns->center[j]) / patterns->scale[j];
    }
  }
  emend_completed_free(completed);
  view_free(&v);
  return status;
}
