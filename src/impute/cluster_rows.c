/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "impute/clustering.h"
#include "io/write_plan.h"

/* The variables that a clustering adds to a file, and the rows with them. */

void emend_clustering_forget(emend_clustering *c) {
  for (size_t i = 0; i < c->n_texts; i++)
    free(c->texts[i]);
  free(c->texts), free(c->labels), free(c->added);
  c->texts = NULL, c->labels = NULL, c->added = NULL;
  c->n_texts = c->texts_capacity = c->n_added = 0;
}

/* A text that lives as long as the description; NULL when out of memory. */
static const char *keep(emend_clustering *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
static const char *keep(emend_clustering *c, const char *format, ...) {
  va_list arguments;
  char *text = NULL;
  va_start(arguments, format);
  int length = vasprintf(&text, format, arguments);
  va_end(arguments);
  if (length < 0)
    return NULL;
  c->texts[c->n_texts++] = text; /* there is room for all: see emend_clustering_describe */
  return text;
}

static void add(emend_clustering *c, const char *name, const char *label, emend_storage storage, emend_measure measure, unsigned decimals) {
  c->added[c->n_added++] =
      (emend_added_variable){.name = name, .label = label, .storage = storage, .measure = measure, .decimals = decimals};
}

/* Names of variables differ by more than their case, for the formats in which case does not count. */
static emend_status check_names(const emend_clustering *c, emend_error *error) {
  const emend_dataset *dataset = c->plan->dataset;
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++)
    for (size_t i = 0; i < c->n_added; i++) {
      if (!emend_ascii_equal(emend_variable_name(dataset, v), c->added[i].name))
        continue;
      emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "the file has a variable of this name already");
      emend_at_variable(error, emend_variable_name(dataset, v));
      emend_try(error, "another name for the cluster variable (--name)");
      return status;
    }
  return EMEND_OK;
}

static bool describe_labels(emend_clustering *c, size_t k) {
  bool done = true;
  for (size_t i = 0; i < k; i++) {
    c->labels[i].value = (double)(i + 1);
    done = (c->labels[i].text = keep(c, "cluster %zu", i + 1)) && done;
  }
  c->added[0].labels = c->labels;
  c->added[0].n_labels = k;
  return done;
}

static bool describe_probabilities(emend_clustering *c, size_t k) {
  bool done = true;
  for (size_t i = 0; i < k && done; i++) {
    const char *name = keep(c, "%s_%zu", c->name, i + 1), *label = keep(c, "probability of cluster %zu", i + 1);
    done = name && label;
    if (done)
      add(c, name, label, EMEND_STORAGE_F64, EMEND_SCALE, 4);
  }
  return done;
}

emend_status emend_clustering_describe(emend_clustering *c, emend_error *error) {
  size_t k = c->imputation ? emend_mixture_components(c->imputation->mixture) : 0;
  c->added = emend_allocate(2 + k, sizeof *c->added);
  c->labels = emend_allocate(k, sizeof *c->labels);
  c->texts = emend_allocate(1 + 3 * k, sizeof *c->texts);
  if (!c->added || !c->labels || !c->texts)
    return emend_fail_memory(error);
  const char *probability = keep(c, "%s_probability", c->name);
  if (!probability)
    return emend_fail_memory(error);
  add(c, c->name, "cluster that the row most probably belongs to", k > 100 ? EMEND_STORAGE_I16 : EMEND_STORAGE_I8, EMEND_NOMINAL, 0);
  add(c, probability, "probability of that cluster", EMEND_STORAGE_F64, EMEND_SCALE, 4);
  bool done = describe_labels(c, k) && (!c->probabilities || describe_probabilities(c, k));
  return done ? check_names(c, error) : emend_fail_memory(error);
}

static void set(emend_cell *cell, double value) {
  *cell = (emend_cell){.value = value, .reason = isnan(value) ? EMEND_SYSTEM_MISSING : EMEND_OBSERVED};
}

static void read_row(const void *state, size_t row, emend_cell *cells) {
  const emend_clustering *c = state;
  size_t n = emend_dataset_variables(c->plan->dataset);
  if (c->complete) {
    emend_imputation_read_row(c->imputation, row, cells);
  } else {
    emend_dataset_read_row(c->plan->dataset, row, cells);
  }
  ptrdiff_t cluster = emend_clustering_of_row(c, row);
  set(&cells[n], cluster < 0 ? NAN : (double)(cluster + 1));
  set(&cells[n + 1], cluster < 0 ? NAN : emend_clustering_probability(c, row, (size_t)cluster));
  for (size_t i = 2; i < c->n_added; i++)
    set(&cells[n + i], emend_clustering_probability(c, row, i - 2));
}

emend_rows emend_clustering_as_rows(const emend_clustering *c) {
  emend_rows rows = c->complete ? emend_plan_as_rows(c->plan) : emend_dataset_as_rows(c->plan->dataset);
  rows.added = c->added;
  rows.n_added = c->n_added;
  rows.threads = c->imputation ? c->imputation->threads : 1;
  rows.state = c;
  rows.read = c->imputation ? read_row : NULL;
  return rows;
}

emend_status emend_clustering_write_plan_new(const emend_file *file, const emend_clustering *c, const char *path,
                                             const emend_write_options *options, emend_write_plan **plan, emend_error *error) {
  *plan = NULL;
  if (c->plan->dataset != emend_file_dataset(file))
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the clustering belongs to another file");
  emend_rows shape = emend_clustering_as_rows(c);
  return emend_write_plan_make(file, &shape, path, options, plan, error);
}

emend_status emend_clustering_write(const emend_write_plan *plan, const emend_clustering *c, emend_output *output, emend_events *events,
                                    emend_error *error) {
  if (!c->imputation || c->plan->dataset != plan->shape.dataset || plan->shape.n_added != c->n_added)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the clustering is not the one that the writing was planned for");
  emend_rows rows = emend_clustering_as_rows(c);
  return emend_write_plan_pour(plan, &rows, output, events, error);
}
