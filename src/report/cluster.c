/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cluster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/json_fill.h"
#include "report/number.h"
#include "report/report.h"
#include "report/table.h"

enum { LABEL = 16, CLUSTERS_ABREAST = 5 };

static void print_label(FILE *out, const char *label) { print_padded(out, label, LABEL, false); }

static void print_head(const cluster_report *r, FILE *out) {
  number_text rows, variables;
  print_text(out, r->input);
  fprintf(out, ": %s, %s\n", number_of(emend_dataset_rows(r->dataset), "row", "rows", rows),
          number_of(emend_dataset_variables(r->dataset), "variable", "variables", variables));
  if (!r->writing)
    return;
  report_output_text(r->output, r->writing, r->page, out);
  report_losses_text(r->writing, r->page, out);
}

/* A table of some clusters side by side: rows, shares, and of each variable mean and sd. */
typedef struct abreast {
  const cluster_report *report;
  const emend_mixture *mixture;
  size_t first, n;
  bool last; /* shows what tells the clusters apart, too */
  table_column columns[CLUSTERS_ABREAST + 2];
  char headings[CLUSTERS_ABREAST][NUMBER_SIZE];
  table table;
} abreast;

static void add_row(abreast *a, const char *name, number_text *cells, const char *separation) {
  const char *row[CLUSTERS_ABREAST + 2] = {name};
  for (size_t i = 0; i < a->n; i++)
    row[i + 1] = cells[i];
  row[a->n + 1] = separation;
  table_row(&a->table, row);
}

static void add_sizes(abreast *a) {
  number_text rows[CLUSTERS_ABREAST], shares[CLUSTERS_ABREAST];
  for (size_t i = 0; i < a->n; i++) {
    number_count(emend_clustering_count(a->report->clustering, a->first + i), rows[i]);
    snprintf(shares[i], sizeof shares[i], "%.1f %%", 100 * emend_mixture_proportion(a->mixture, a->first + i));
  }
  add_row(a, "rows", rows, "");
  add_row(a, "share", shares, "");
  table_rule(&a->table);
}

static void add_variable(abreast *a, size_t j) {
  size_t n = emend_mixture_columns(a->mixture);
  number_text means[CLUSTERS_ABREAST], sds[CLUSTERS_ABREAST], separation = "";
  for (size_t i = 0; i < a->n; i++) {
    double sd = sqrt(emend_mixture_covariance(a->mixture, a->first + i)[j * n + j]);
    number_estimate(emend_mixture_mean(a->mixture, a->first + i)[j], sd, means[i]);
    number_estimate(sd, sd, sds[i]);
  }
  if (a->last)
    snprintf(separation, sizeof separation, "%.3f", emend_mixture_separation(a->mixture, j));
  add_row(a, emend_mixture_name(a->mixture, j), means, separation);
  add_row(a, "  sd", sds, "");
}

static bool print_abreast(abreast *a, FILE *out) {
  a->columns[0] = (table_column){"", "Cluster", TABLE_LEFT, false};
  for (size_t i = 0; i < a->n; i++) {
    snprintf(a->headings[i], sizeof a->headings[i], "%zu", a->first + i + 1);
    a->columns[i + 1] = (table_column){"", a->headings[i], TABLE_RIGHT, false};
  }
  a->columns[a->n + 1] = (table_column){"between", "clusters", TABLE_RIGHT, !a->last};
  table_begin(&a->table, a->columns, a->n + 2);
  a->table.page = a->report->page;
  add_sizes(a);
  for (size_t j = 0; j < emend_mixture_columns(a->mixture); j++)
    if (emend_mixture_column_state(a->mixture, j) == EMEND_COLUMN_ORDINARY)
      add_variable(a, j);
  bool done = table_print(&a->table, out);
  table_end(&a->table);
  return done;
}

static bool print_clusters(const cluster_report *r, FILE *out) {
  const emend_mixture *m = emend_clustering_mixture(r->clustering);
  size_t k = emend_mixture_components(m);
  bool done = true;
  for (size_t first = 0; first < k && done; first += CLUSTERS_ABREAST) {
    size_t n = k - first < CLUSTERS_ABREAST ? k - first : CLUSTERS_ABREAST;
    abreast a = {.report = r, .mixture = m, .first = first, .n = n, .last = first + n == k};
    fputc('\n', out);
    done = print_abreast(&a, out);
  }
  fputs("between clusters: share of the variable's variance that lies between their means\n", out);
  return done;
}

/* A structure that was tried has its column; one that was not is hidden. */
static void heads_of_trials(const emend_mixture *m, table_column columns[EMEND_STRUCTURES + 1]) {
  columns[0] = (table_column){"", "K", TABLE_LEFT, false};
  for (size_t s = 0; s < EMEND_STRUCTURES; s++) {
    columns[s + 1] = (table_column){"", emend_structure_name((emend_structure)s), TABLE_RIGHT, true};
    for (size_t i = 0; i < emend_mixture_trials(m); i++)
      columns[s + 1].hidden = columns[s + 1].hidden && emend_mixture_get_trial(m, i).structure != (emend_structure)s;
  }
}

static const char *trial_cell(const cluster_report *r, emend_mixture_trial t, char text[NUMBER_SIZE]) {
  const emend_mixture *m = emend_clustering_mixture(r->clustering);
  double value = r->criterion == EMEND_BIC ? t.bic : r->criterion == EMEND_ICL ? t.icl : t.aic;
  bool chosen = t.n_components == emend_mixture_components(m) && t.structure == emend_mixture_structure(m);
  if (isnan(value))
    strcpy(text, "-");
  else
    snprintf(text, NUMBER_SIZE, "%s%.1f%s", chosen ? ">" : "", value, t.ridge > 0 ? "*" : "");
  return text;
}

static void add_trials_of(const cluster_report *r, size_t k, table *t) {
  const emend_mixture *m = emend_clustering_mixture(r->clustering);
  number_text cells[EMEND_STRUCTURES + 1];
  const char *row[EMEND_STRUCTURES + 1] = {0};
  for (size_t i = 0; i < emend_mixture_trials(m); i++) {
    emend_mixture_trial trial = emend_mixture_get_trial(m, i);
    if (trial.n_components == k)
      row[trial.structure + 1] = trial_cell(r, trial, cells[trial.structure + 1]);
  }
  snprintf(cells[0], sizeof cells[0], "%zu", k);
  row[0] = cells[0];
  table_row(t, row);
}

/* What was tried, where there was a choice. */
static bool print_trials(const cluster_report *r, FILE *out) {
  const emend_mixture *m = emend_clustering_mixture(r->clustering);
  table_column columns[EMEND_STRUCTURES + 1];
  table t;
  size_t n = emend_mixture_trials(m), before = 0;
  bool added = false;
  if (n < 2)
    return true;
  fprintf(out, "\n%s of what was tried; > is the smallest, and chosen\n", cluster_criterion_name(r->criterion));
  heads_of_trials(m, columns);
  table_begin(&t, columns, EMEND_STRUCTURES + 1);
  t.page = r->page;
  for (size_t i = 0; i < n; i++) {
    emend_mixture_trial trial = emend_mixture_get_trial(m, i);
    added = added || trial.ridge > 0;
    if (trial.n_components != before)
      add_trials_of(r, before = trial.n_components, &t);
  }
  bool done = table_print(&t, out);
  table_end(&t);
  if (added)
    fputs("* with a prior that keeps covariances from vanishing\n", out);
  return done;
}

static void print_certainty(const cluster_report *r, FILE *out) {
  number_text rows, ambiguous, unassigned;
  size_t n = emend_clustering_unassigned(r->clustering), components = emend_mixture_components(emend_clustering_mixture(r->clustering));
  size_t assigned = emend_dataset_rows(r->dataset) > n ? emend_dataset_rows(r->dataset) - n : 1;
  print_label(out, "Ambiguous");
  fprintf(out, "%s of %s: largest probability below 0.8\n", number_count(emend_clustering_ambiguous(r->clustering), ambiguous),
          number_of(emend_dataset_rows(r->dataset), "row", "rows", rows));
  print_label(out, "Entropy");
  fprintf(out, "%.3f nats, %.4f a row (0: all are certain; at most %.4f)\n", emend_clustering_entropy(r->clustering),
          emend_clustering_entropy(r->clustering) / (double)assigned, log((double)components));
  if (n) {
    print_label(out, "No cluster");
    fprintf(out, "%s with nothing observed\n", number_of(n, "row", "rows", unassigned));
  }
}

static void print_completion(const cluster_report *r, FILE *out) {
  const emend_imputation *made = emend_clustering_imputation(r->clustering);
  size_t filled = 0, left = 0;
  number_text filled_text, left_text;
  if (!made)
    return;
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++) {
    filled += emend_imputation_variable(made, j).filled;
    left += emend_imputation_variable(made, j).left;
  }
  print_label(out, "Filled");
  fprintf(out, "%s by expectations of the mixture; %s left\n", number_of(filled, "cell", "cells", filled_text),
          number_count(left, left_text));
}

/* As many variables as took part; of a given mixture only its columns are known. */
static size_t count_variables(const cluster_report *r) {
  const emend_plan *plan = emend_clustering_plan(r->clustering);
  size_t count = 0;
  if (r->model_file)
    return emend_mixture_columns(emend_clustering_mixture(r->clustering));
  for (size_t v = 0; v < emend_dataset_variables(r->dataset); v++)
    count += emend_plan_columns(plan, v) > 0;
  return count;
}

bool cluster_text(const cluster_report *r, FILE *out) {
  print_head(r, out);
  bool done = print_clusters(r, out) && print_trials(r, out);
  fputc('\n', out);
  mixture_text(emend_clustering_mixture(r->clustering), count_variables(r), r->model_file, LABEL, out);
  print_certainty(r, out);
  print_completion(r, out);
  report_warnings_text(r->events, r->page, out);
  return done && !ferror(out);
}

void cluster_seconds_text(const cluster_report *r, FILE *out) {
  fprintf(out, "read %.2f s, plan %.2f s, estimate %.2f s, assign %.2f s, write %.2f s\n", r->seconds_read, r->seconds_plan,
          emend_clustering_seconds_estimate(r->clustering), emend_clustering_seconds_assign(r->clustering), r->seconds_write);
}

static json_t *clusters_array(const cluster_report *r) {
  const emend_mixture *m = emend_clustering_mixture(r->clustering);
  json_t *array = json_array();
  for (size_t k = 0; array && k < emend_mixture_components(m); k++)
    array = append(array, json_of_count(emend_clustering_count(r->clustering, k)));
  return array;
}

static json_t *warnings_array(const cluster_report *r) {
  json_t *array = json_array();
  for (size_t i = 0, n = emend_events_warning_count(r->events); array && i < n; i++)
    array = append(array, json_of_text(emend_events_warning(r->events, i)));
  return array;
}

static json_t *seconds_object(const cluster_report *r) {
  filling f = begin();
  put(&f, "read", json_of_number(r->seconds_read));
  put(&f, "plan", json_of_number(r->seconds_plan));
  put(&f, "estimate", json_of_number(emend_clustering_seconds_estimate(r->clustering)));
  put(&f, "assign", json_of_number(emend_clustering_seconds_assign(r->clustering)));
  put(&f, "write", json_of_number(r->seconds_write));
  return finish(&f);
}

json_t *cluster_json(const cluster_report *r, json_t *options, int status) {
  ptrdiff_t weight = emend_plan_weight(emend_clustering_plan(r->clustering));
  filling f = begin();
  put(&f, "schema", json_integer(1));
  put(&f, "version", json_of_text(emend_version()));
  put(&f, "command", json_of_text(r->command));
  put(&f, "status", json_integer(status));
  put(&f, "input", json_of_text(r->input));
  put(&f, "input_format", json_of_text(emend_dataset_format(r->dataset)));
  put(&f, "output", json_of_text(r->output));
  put(&f, "output_format", json_of_text(r->writing ? emend_write_plan_format(r->writing) : NULL));
  put(&f, "way", json_of_text(r->writing ? emend_write_plan_way(r->writing) : NULL));
  put(&f, "losses", r->writing ? report_losses_json(r->writing) : json_array());
  put(&f, "rows", json_of_count(emend_dataset_rows(r->dataset)));
  put(&f, "weight", weight < 0 ? json_null() : json_of_text(emend_variable_name(r->dataset, (size_t)weight)));
  put(&f, "variable", json_of_text(emend_clustering_name(r->clustering)));
  put(&f, "criterion", r->model_file ? json_null() : json_of_text(cluster_criterion_name(r->criterion)));
  put(&f, "model", json_of_text(r->model_file));
  put(&f, "rows_in_clusters", clusters_array(r));
  put(&f, "ambiguous", json_of_count(emend_clustering_ambiguous(r->clustering)));
  put(&f, "entropy", json_of_number(emend_clustering_entropy(r->clustering)));
  put(&f, "unassigned", json_of_count(emend_clustering_unassigned(r->clustering)));
  put(&f, "mixture", mixture_json(emend_clustering_mixture(r->clustering)));
  put(&f, "seconds", seconds_object(r));
  put(&f, "warnings", warnings_array(r));
  put(&f, "options", options);
  return finish(&f);
}
