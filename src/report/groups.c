/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/groups.h"

#include <math.h>
#include <string.h>

#include "report/columns.h"
#include "report/json_fill.h"
#include "report/number.h"
#include "report/table.h"

/* What completed the rows of each group. */

static const char *const model_words[] = {[EMEND_GROUP_OWN] = "own", [EMEND_GROUP_BORROWED] = "borrowed", [EMEND_GROUP_POOLED] = "pooled"};
static const char *const model_sentences[] = {[EMEND_GROUP_OWN] = "its own",
                                              [EMEND_GROUP_BORROWED] = "its own, pooled covariances as a prior",
                                              [EMEND_GROUP_POOLED] = "the pooled one: too few rows"};

static size_t count_groups(const report *r) { return r->imputation ? emend_imputation_groups(r->imputation) : 0; }

bool report_groups_converged(const report *r) {
  bool converged = true;
  for (size_t i = 0; i < count_groups(r); i++)
    converged = converged && emend_imputation_group(r->imputation, i).converged;
  return converged;
}

static const table_column columns[] = {{"", "Group", TABLE_LEFT, false},
                                       {"", "rows", TABLE_RIGHT, false},
                                       {"", "iterations", TABLE_RIGHT, false},
                                       {"", "log-likelihood", TABLE_RIGHT, false},
                                       {"", "model", TABLE_WRAPPED, false}};

static void add_row(const report *r, size_t i, table *t) {
  emend_imputed_group g = emend_imputation_group(r->imputation, i);
  number_text name, rows, iterations;
  char likelihood[32] = "", model[96];
  if (g.model != EMEND_GROUP_POOLED)
    snprintf(likelihood, sizeof likelihood, "%.4f", g.log_likelihood);
  bool light = g.model == EMEND_GROUP_POOLED && g.weighing < g.rows;
  snprintf(model, sizeof model, "%s%s%s", model_sentences[g.model], light ? " that weigh anything" : "",
           g.converged ? "" : "; NOT CONVERGED");
  table_row(t, (const char *const[]){g.text ? g.text : number_exact(g.value, name), number_count(g.rows, rows),
                                     g.model == EMEND_GROUP_POOLED ? "" : number_count(g.iterations, iterations), likelihood, model});
}

bool report_groups_text(const report *r, FILE *out) {
  size_t n = count_groups(r);
  table t;
  if (n == 0)
    return true;
  fputs("\nModels by ", out);
  print_text(out, emend_variable_name(r->dataset, (size_t)emend_plan_by(r->plan)));
  fputc('\n', out);
  table_begin(&t, columns, sizeof columns / sizeof *columns);
  t.page = r->page;
  for (size_t i = 0; i < n; i++)
    add_row(r, i, &t);
  bool done = table_print(&t, out);
  table_end(&t);
  return done;
}

json_t *report_groups_json(const report *r) {
  json_t *array = json_array();
  for (size_t i = 0; array && i < count_groups(r); i++) {
    emend_imputed_group g = emend_imputation_group(r->imputation, i);
    filling f = begin();
    put(&f, "value", g.text ? json_of_text(g.text) : json_of_number(g.value));
    put(&f, "rows", json_of_count(g.rows));
    put(&f, "model", json_of_text(model_words[g.model]));
    put(&f, "iterations", g.model == EMEND_GROUP_POOLED ? json_null() : json_of_count(g.iterations));
    put(&f, "log_likelihood", json_of_number(g.log_likelihood));
    put(&f, "converged", json_boolean(g.converged));
    array = append(array, finish(&f));
  }
  return array;
}
