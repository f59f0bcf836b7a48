/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "report/cluster.h"
#include "report/columns.h"
#include "report/json_fill.h"
#include "report/number.h"
#include "report/report.h"

/* What a mixture is and how it was estimated, for every command that uses one. */

const char *cluster_criterion_name(emend_criterion criterion) {
  return criterion == EMEND_AIC ? "AIC" : criterion == EMEND_ICL ? "ICL" : "BIC";
}

const char *cluster_structure_words(emend_structure structure) {
  static const char *const words[EMEND_STRUCTURES] = {
      [EMEND_STRUCTURE_EII] = "spherical, one size",
      [EMEND_STRUCTURE_VII] = "spherical, own sizes",
      [EMEND_STRUCTURE_EEI] = "diagonal, one covariance",
      [EMEND_STRUCTURE_VEI] = "diagonal, one shape, own sizes",
      [EMEND_STRUCTURE_EVI] = "diagonal, one size, own shapes",
      [EMEND_STRUCTURE_VVI] = "diagonal, own covariances",
      [EMEND_STRUCTURE_EEE] = "one covariance",
      [EMEND_STRUCTURE_VVV] = "own covariances",
  };
  return (size_t)structure < EMEND_STRUCTURES ? words[structure] : "";
}

void print_columns(size_t columns, size_t variables, FILE *out) {
  number_text text;
  fputs(number_of(variables, "variable", "variables", text), out);
  if (variables != columns)
    fprintf(out, " as %s", number_of(columns, "column", "columns", text));
}

void mixture_text(const emend_mixture *m, size_t variables, const char *model_file, size_t label_width, FILE *out) {
  number_text rows, patterns;
  print_padded(out, "Model", label_width, false);
  fprintf(out, "mixture of %zu normal%s, %s (%s)\n", emend_mixture_components(m), emend_mixture_components(m) == 1 ? "" : "s",
          emend_structure_name(emend_mixture_structure(m)), cluster_structure_words(emend_mixture_structure(m)));
  if (model_file) {
    print_padded(out, "", label_width, false);
    fputs("not estimated here, but read from ", out);
    print_text(out, model_file);
    fputc('\n', out);
  }
  print_padded(out, "Prior", label_width, false);
  if (emend_mixture_ridge(m) > 0)
    fprintf(out, "shrink, kappa %.6g for each covariance\n", emend_mixture_ridge(m));
  else
    fputs("none: maximum likelihood\n", out);
  print_padded(out, "Estimated from", label_width, false);
  print_columns(emend_mixture_columns(m), variables, out);
  fprintf(out, ", %s, %s\n",
          number_of(emend_mixture_rows(m), "row", "rows", rows), number_of(emend_mixture_patterns(m), "pattern", "patterns", patterns));
  print_padded(out, "EM", label_width, false);
  report_convergence_text(emend_mixture_iterations(m), emend_mixture_converged(m), emend_mixture_distance(m), out);
  print_padded(out, "Log-likelihood", label_width, false);
  fprintf(out, "%.6f (2 pi included), %s\n", emend_mixture_log_likelihood(m),
          number_of(emend_mixture_df(m), "parameter", "parameters", rows));
  print_padded(out, "Criteria", label_width, false);
  fprintf(out, "BIC %.3f, ICL %.3f, AIC %.3f\n", emend_mixture_criterion(m, EMEND_BIC), emend_mixture_criterion(m, EMEND_ICL),
          emend_mixture_criterion(m, EMEND_AIC));
  print_padded(out, "", label_width, false);
  fputs("smaller is better: BIC = -2 log L + df log n,\n", out);
  print_padded(out, "", label_width, false);
  fputs("AIC = -2 log L + 2 df, ICL = BIC - 2 sum of log max r\n", out);
}

static json_t *numbers(const double *values, size_t n) {
  json_t *array = json_array();
  for (size_t i = 0; array && i < n; i++)
    array = append(array, json_of_number(values[i]));
  return array;
}

static json_t *component_object(const emend_mixture *m, size_t k) {
  size_t n = emend_mixture_columns(m);
  filling f = begin();
  json_t *rows = json_array(), *sds = json_array();
  for (size_t i = 0; sds && i < n; i++)
    sds = append(sds, json_of_number(sqrt(emend_mixture_covariance(m, k)[i * (n + 1)])));
  for (size_t i = 0; rows && i < n; i++)
    rows = append(rows, numbers(emend_mixture_covariance(m, k) + i * n, n));
  put(&f, "proportion", json_of_number(emend_mixture_proportion(m, k)));
  put(&f, "means", numbers(emend_mixture_mean(m, k), n));
  put(&f, "sds", sds);
  put(&f, "covariance", rows);
  return finish(&f);
}

static json_t *trial_object(emend_mixture_trial t) {
  filling f = begin();
  put(&f, "components", json_of_count(t.n_components));
  put(&f, "structure", json_of_text(emend_structure_name(t.structure)));
  put(&f, "log_likelihood", json_of_number(t.log_likelihood));
  put(&f, "df", json_of_count(t.df));
  put(&f, "bic", json_of_number(t.bic));
  put(&f, "icl", json_of_number(t.icl));
  put(&f, "aic", json_of_number(t.aic));
  put(&f, "iterations", json_of_count(t.iterations));
  put(&f, "converged", json_boolean(t.converged));
  put(&f, "ridge", json_of_number(t.ridge));
  put(&f, "collapsed_starts", json_of_count(t.collapsed));
  return finish(&f);
}

static json_t *variable_object(const emend_mixture *m, size_t j) {
  filling f = begin();
  put(&f, "name", json_of_text(emend_mixture_name(m, j)));
  put(&f, "mean", json_of_number(emend_mixture_overall_mean(m, j)));
  put(&f, "sd", json_of_number(sqrt(emend_mixture_overall_variance(m, j))));
  put(&f, "separation", json_of_number(emend_mixture_separation(m, j)));
  return finish(&f);
}

json_t *mixture_json(const emend_mixture *m) {
  json_t *components = json_array(), *trials = json_array(), *variables = json_array();
  for (size_t k = 0; components && k < emend_mixture_components(m); k++)
    components = append(components, component_object(m, k));
  for (size_t i = 0; trials && i < emend_mixture_trials(m); i++)
    trials = append(trials, trial_object(emend_mixture_get_trial(m, i)));
  for (size_t j = 0; variables && j < emend_mixture_columns(m); j++)
    variables = append(variables, variable_object(m, j));
  filling f = begin();
  put(&f, "structure", json_of_text(emend_structure_name(emend_mixture_structure(m))));
  put(&f, "components", components);
  put(&f, "variables", variables);
  put(&f, "log_likelihood", json_of_number(emend_mixture_log_likelihood(m)));
  put(&f, "df", json_of_count(emend_mixture_df(m)));
  put(&f, "bic", json_of_number(emend_mixture_criterion(m, EMEND_BIC)));
  put(&f, "icl", json_of_number(emend_mixture_criterion(m, EMEND_ICL)));
  put(&f, "aic", json_of_number(emend_mixture_criterion(m, EMEND_AIC)));
  put(&f, "entropy", json_of_number(emend_mixture_entropy(m)));
  put(&f, "ambiguous", json_of_count(emend_mixture_ambiguous(m)));
  put(&f, "ridge", json_of_number(emend_mixture_ridge(m)));
  put(&f, "iterations", json_of_count(emend_mixture_iterations(m)));
  put(&f, "converged", json_boolean(emend_mixture_converged(m)));
  put(&f, "distance", json_of_number(emend_mixture_distance(m)));
  put(&f, "patterns", json_of_count(emend_mixture_patterns(m)));
  put(&f, "rows_estimated", json_of_count(emend_mixture_rows(m)));
  put(&f, "weight_sum", json_of_number(emend_mixture_weight(m)));
  put(&f, "effective_rows", json_of_number(emend_mixture_effective_rows(m)));
  put(&f, "tried", trials);
  return finish(&f);
}
