/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/clustering.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/events.h"
#include "base/memory.h"
#include "base/text.h"
#include "mixture/fit.h"

static const double AMBIGUOUS = 0.8;

emend_status emend_clustering_new(const emend_plan *plan, const char *name, emend_clustering **clustering, emend_error *error) {
  *clustering = NULL;
  emend_clustering *made = emend_allocate(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  made->plan = plan;
  made->name = strdup(name ? name : "cluster");
  emend_status status = !made->name      ? emend_fail_memory(error)
                        : !made->name[0] ? emend_fail(error, EMEND_INVALID_ARGUMENT, "the name of the cluster variable is empty")
                                         : emend_clustering_describe(made, error);
  if (status)
    emend_clustering_free(made);
  else
    *clustering = made;
  return status;
}

void emend_clustering_free(emend_clustering *c) {
  if (!c)
    return;
  emend_clustering_forget(c);
  emend_imputation_free(c->imputation);
  free(c->name), free(c->responsibilities), free(c->empty), free(c->counts), free(c);
}

void emend_clustering_set_probabilities(emend_clustering *c, int probabilities) { c->probabilities = probabilities; }
void emend_clustering_set_complete(emend_clustering *c, int complete) { c->complete = complete; }

/* Rows of the patterns without an observed value of a variable that the mixture goes by. */
static void find_empty(emend_clustering *c) {
  const emend_patterns *patterns = c->imputation->patterns;
  const emend_mixture *mixture = c->imputation->mixture;
  size_t ordinary = 0;
  for (size_t j = 0; j < patterns->n_columns; j++)
    ordinary += emend_mixture_column_state(mixture, j) == EMEND_COLUMN_ORDINARY;
  for (size_t s = 0; s < patterns->n_patterns; s++) {
    const emend_pattern *pattern = &patterns->patterns[s];
    size_t missing = 0;
    for (size_t a = 0; a < pattern->n_missing; a++)
      missing += emend_mixture_column_state(mixture, pattern->missing[a]) == EMEND_COLUMN_ORDINARY;
    memset(c->empty + pattern->first, missing == ordinary, pattern->n_rows);
  }
}

static size_t most_probable(const emend_clustering *c, size_t at) {
  size_t k = emend_mixture_components(c->imputation->mixture), best = 0;
  const double *r = c->responsibilities + at * k;
  for (size_t i = 1; i < k; i++)
    best = r[i] > r[best] ? i : best;
  return best;
}

static double entropy_of_row(const double *r, size_t k) {
  double sum = 0;
  for (size_t i = 0; i < k; i++)
    sum -= r[i] > 0 && r[i] < 1 ? r[i] * log(r[i]) : 0;
  return sum;
}

static void count_rows(emend_clustering *c) {
  size_t k = emend_mixture_components(c->imputation->mixture);
  for (size_t i = 0; i < c->imputation->patterns->n_rows; i++) {
    size_t best = most_probable(c, i);
    c->unassigned += c->empty[i];
    c->counts[best] += !c->empty[i];
    c->entropy += c->empty[i] ? 0 : entropy_of_row(c->responsibilities + i * k, k);
    c->ambiguous += !c->empty[i] && c->responsibilities[i * k + best] < AMBIGUOUS;
  }
}

static emend_status assign(emend_clustering *c, emend_events *events, emend_error *error) {
  const emend_mixture *mixture = c->imputation->mixture;
  double began = emend_clock_seconds();
  size_t n = c->imputation->patterns->n_rows, k = emend_mixture_components(mixture);
  c->responsibilities = emend_allocate(n, k * sizeof *c->responsibilities);
  c->empty = emend_allocate(n, 1);
  c->counts = emend_allocate(k, sizeof *c->counts);
  if (!c->responsibilities || !c->empty || !c->counts)
    return emend_fail_memory(error);
  emend_status status = emend_mixture_predict_patterns(mixture, c->imputation->patterns, c->responsibilities, error);
  if (status)
    return status;
  find_empty(c);
  count_rows(c);
  c->seconds_assign = emend_clock_seconds() - began;
  if (c->unassigned)
    emend_warn(events, "%zu row%s with nothing observed belong%s to no cluster", c->unassigned, c->unassigned == 1 ? "" : "s",
               c->unassigned == 1 ? "s" : "");
  emend_clustering_forget(c);
  return emend_clustering_describe(c, error);
}

/* Codes without an order count as numbers unless the plan was told otherwise: who reads the clusters should know. */
static emend_status warn_of_codes(const emend_clustering *c, emend_events *events, emend_error *error) {
  enum { MOST_NAMED = 10 };
  char others[EMEND_OTHERS_TEXT];
  emend_buffer names = {0};
  emend_status status = EMEND_OK;
  size_t count = 0;
  for (size_t j = 0; j < c->imputation->encoding.n_columns && !status; j++) {
    size_t v = c->imputation->encoding.columns[j];
    bool indicator = c->imputation->encoding.codings[j].kind == EMEND_CODING_LEVEL;
    if (v != EMEND_NO_VARIABLE && !indicator && c->plan->variables[v].type == EMEND_TYPE_NOMINAL && count++ < MOST_NAMED)
      status = emend_buffer_format(&names, error, "%s%s", count > 1 ? ", " : "", emend_variable_name(c->plan->dataset, v));
  }
  if (!status && count)
    emend_warn(events,
               "%s%s: codes without an order, which count as numbers here; --nominal makes indicators of them, --exclude keeps them out",
               names.bytes, emend_others(count, MOST_NAMED, others));
  emend_buffer_free(&names);
  return status;
}

static emend_status make(emend_clustering *c, const emend_mixture *model, const emend_mixture_options *options, emend_events *events,
                         emend_error *error) {
  if (c->imputation)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "a clustering is fitted once");
  emend_status status = emend_imputation_of_mixture(c->plan, model, options, c->complete, events, &c->imputation, error);
  if (!status && !c->imputation->mixture) {
    status = emend_fail(error, EMEND_UNSUPPORTED, "no variable takes part: there is nothing to tell clusters apart by");
    emend_try(error, "naming variables (--vars), or those that are categories (--nominal)");
  }
  if (!status)
    status = warn_of_codes(c, events, error);
  return status ? status : assign(c, events, error);
}

emend_status emend_clustering_fit(emend_clustering *c, const emend_mixture_options *options, emend_events *events, emend_error *error) {
  return make(c, NULL, options, events, error);
}

emend_status emend_clustering_predict(emend_clustering *c, const emend_mixture *model, emend_events *events, emend_error *error) {
  return make(c, model, NULL, events, error);
}

const emend_plan *emend_clustering_plan(const emend_clustering *c) { return c->plan; }
const emend_mixture *emend_clustering_mixture(const emend_clustering *c) { return c->imputation ? c->imputation->mixture : NULL; }
const char *emend_clustering_name(const emend_clustering *c) { return c->name; }
const emend_imputation *emend_clustering_imputation(const emend_clustering *c) { return c->complete ? c->imputation : NULL; }

ptrdiff_t emend_clustering_of_row(const emend_clustering *c, size_t row) {
  size_t at = c->imputation->patterns->position[row];
  return c->empty[at] ? -1 : (ptrdiff_t)most_probable(c, at);
}

double emend_clustering_probability(const emend_clustering *c, size_t row, size_t component) {
  size_t at = c->imputation->patterns->position[row];
  return c->responsibilities[at * emend_mixture_components(c->imputation->mixture) + component];
}

size_t emend_clustering_count(const emend_clustering *c, size_t component) { return c->counts[component]; }
size_t emend_clustering_ambiguous(const emend_clustering *c) { return c->ambiguous; }
double emend_clustering_entropy(const emend_clustering *c) { return c->entropy; }
size_t emend_clustering_unassigned(const emend_clustering *c) { return c->unassigned; }
double emend_clustering_seconds_estimate(const emend_clustering *c) {
  return c->imputation ? emend_imputation_seconds_estimate(c->imputation) : NAN;
}
double emend_clustering_seconds_assign(const emend_clustering *c) { return c->seconds_assign; }
