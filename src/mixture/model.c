/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mixture/inside.h"

emend_mixture *emend_mixture_allocate(size_t k, size_t n) {
  size_t cells;
  emend_mixture *m = emend_allocate(1, sizeof *m);
  if (!m || __builtin_mul_overflow(k, n, &cells)) {
    free(m);
    return NULL;
  }
  m->n_components = k;
  m->n_columns = n;
  m->state = emend_allocate(n, sizeof *m->state);
  m->names = emend_allocate(n, sizeof *m->names);
  m->bases = emend_allocate(n, sizeof *m->bases);
  m->proportion = emend_allocate(k, sizeof(double));
  m->assigned = emend_allocate(k, sizeof(size_t));
  m->mean = emend_allocate(cells, sizeof(double));
  m->scale = emend_allocate(n, sizeof(double));
  size_t row;
  bool ok = !__builtin_mul_overflow(n ? n : 1, sizeof(double), &row);
  m->covariance = ok ? emend_allocate(cells, row) : NULL;
  if (m->state && m->names && m->bases && m->proportion && m->assigned && m->mean && m->scale && m->covariance)
    return m;
  emend_mixture_free(m);
  return NULL;
}

void emend_mixture_free(emend_mixture *m) {
  if (!m)
    return;
  for (size_t j = 0; m->names && j < m->n_columns; j++)
    free(m->names[j]);
  for (size_t j = 0; m->bases && j < m->n_columns; j++)
    free(m->bases[j]);
  free(m->names), free(m->bases), free(m->state), free(m->proportion), free(m->assigned);
  free(m->mean), free(m->scale), free(m->covariance);
  free(m->trials), free(m);
}

static emend_status copy_texts(size_t n, const char *const *from, char **to, emend_error *error) {
  for (size_t j = 0; j < n; j++) {
    char *copy = strdup(from && from[j] ? from[j] : "");
    if (!copy)
      return emend_fail_memory(error);
    free(to[j]);
    to[j] = copy;
  }
  return EMEND_OK;
}

emend_status emend_mixture_set_names(emend_mixture *m, const char *const *names, emend_error *error) {
  return copy_texts(m->n_columns, names, m->names, error);
}

emend_status emend_mixture_set_bases(emend_mixture *m, const char *const *bases, emend_error *error) {
  return copy_texts(m->n_columns, bases, m->bases, error);
}

size_t emend_mixture_components(const emend_mixture *m) { return m->n_components; }
size_t emend_mixture_columns(const emend_mixture *m) { return m->n_columns; }
emend_structure emend_mixture_structure(const emend_mixture *m) { return m->structure; }
emend_column_state emend_mixture_column_state(const emend_mixture *m, size_t column) { return m->state[column]; }
const char *emend_mixture_name(const emend_mixture *m, size_t column) { return m->names[column] ? m->names[column] : ""; }
const char *emend_mixture_base(const emend_mixture *m, size_t column) { return m->bases[column] ? m->bases[column] : ""; }
double emend_mixture_proportion(const emend_mixture *m, size_t component) { return m->proportion[component]; }
const double *emend_mixture_mean(const emend_mixture *m, size_t component) { return m->mean + component * m->n_columns; }
const double *emend_mixture_covariance(const emend_mixture *m, size_t component) {
  return m->covariance + component * m->n_columns * m->n_columns;
}
const double *emend_mixture_scale(const emend_mixture *m) { return m->scale; }

double emend_mixture_overall_mean(const emend_mixture *m, size_t column) {
  double mean = 0;
  for (size_t k = 0; k < m->n_components; k++)
    mean += m->proportion[k] * m->mean[k * m->n_columns + column];
  return mean;
}

static double variance_between(const emend_mixture *m, size_t column) {
  double mean = emend_mixture_overall_mean(m, column), between = 0;
  for (size_t k = 0; k < m->n_components; k++) {
    double difference = m->mean[k * m->n_columns + column] - mean;
    between += m->proportion[k] * difference * difference;
  }
  return between;
}

double emend_mixture_overall_variance(const emend_mixture *m, size_t column) {
  double variance = variance_between(m, column);
  for (size_t k = 0; k < m->n_components; k++)
    variance += m->proportion[k] * m->covariance[(k * m->n_columns + column) * m->n_columns + column];
  return variance;
}

double emend_mixture_separation(const emend_mixture *m, size_t column) {
  double variance = emend_mixture_overall_variance(m, column);
  return variance > 0 ? variance_between(m, column) / variance : isnan(variance) ? NAN : 0;
}

double emend_mixture_log_likelihood(const emend_mixture *m) { return m->log_likelihood; }

size_t emend_mixture_df(const emend_mixture *m) {
  size_t p = 0;
  for (size_t j = 0; j < m->n_columns; j++)
    p += m->state[j] == EMEND_COLUMN_ORDINARY;
  return emend_structure_df(m->structure, m->n_components, p);
}

double emend_mixture_criterion_of(emend_criterion criterion, double log_likelihood, size_t df, double weight, double log_largest) {
  double penalised = -2 * log_likelihood + (criterion == EMEND_AIC ? 2 : log(weight)) * (double)df;
  return criterion == EMEND_ICL ? penalised - 2 * log_largest : penalised;
}

double emend_mixture_criterion(const emend_mixture *m, emend_criterion criterion) {
  return emend_mixture_criterion_of(criterion, m->log_likelihood, emend_mixture_df(m), m->weight, m->log_largest);
}

double emend_mixture_entropy(const emend_mixture *m) { return m->entropy; }
size_t emend_mixture_ambiguous(const emend_mixture *m) { return m->ambiguous; }
size_t emend_mixture_assigned(const emend_mixture *m, size_t component) { return m->assigned[component]; }
size_t emend_mixture_iterations(const emend_mixture *m) { return m->iterations; }
int emend_mixture_converged(const emend_mixture *m) { return m->converged; }
double emend_mixture_distance(const emend_mixture *m) { return m->distance; }
size_t emend_mixture_patterns(const emend_mixture *m) { return m->n_patterns; }
size_t emend_mixture_rows(const emend_mixture *m) { return m->n_rows; }
double emend_mixture_weight(const emend_mixture *m) { return m->weight; }
double emend_mixture_effective_rows(const emend_mixture *m) { return m->effective_rows; }
double emend_mixture_ridge(const emend_mixture *m) { return m->ridge; }
size_t emend_mixture_trials(const emend_mixture *m) { return m->n_trials; }
emend_mixture_trial emend_mixture_get_trial(const emend_mixture *m, size_t index) { return m->trials[index]; }
