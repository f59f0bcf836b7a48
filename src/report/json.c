/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "report/cluster.h"
#include "report/groups.h"
#include "report/json_fill.h"
#include "report/number.h"
#include "report/report.h"
#include "report/words.h"

static const char *role_name(emend_role role) {
  static const char *const names[] = {
      [EMEND_ROLE_FILL] = "fill", [EMEND_ROLE_PREDICT] = "predict", [EMEND_ROLE_CONSTANT] = "constant",
      [EMEND_ROLE_WEIGHT] = "weight", [EMEND_ROLE_ID] = "id", [EMEND_ROLE_EXCLUDED] = "excluded", [EMEND_ROLE_DERIVED] = "derived"};
  return (size_t)role < sizeof names / sizeof *names ? names[role] : NULL;
}

static json_t *code_object(emend_code code) {
  number_text text;
  filling f = begin();
  put(&f, "code", json_of_text(report_code_name(&code, text)));
  put(&f, "label", json_of_text(code.label));
  put(&f, "count", json_of_count(code.count));
  put(&f, "fill", json_boolean(code.fill));
  put(&f, "why", json_of_text(code.why));
  return finish(&f);
}

static json_t *codes_array(const emend_plan *plan, size_t variable) {
  json_t *array = json_array();
  for (size_t k = 0, n = emend_plan_codes(plan, variable); array && k < n; k++)
    array = append(array, code_object(emend_plan_code(plan, variable, k)));
  return array;
}

static json_t *counts_object(emend_missing_counts counts) {
  filling f = begin();
  put(&f, "observed", json_of_count(counts.observed));
  put(&f, "system", json_of_count(counts.system));
  put(&f, "user", json_of_count(counts.user));
  put(&f, "tagged", json_of_count(counts.tagged));
  put(&f, "empty", json_of_count(counts.empty));
  put(&f, "structural", json_of_count(counts.structural));
  put(&f, "fill", json_of_count(counts.fill));
  put(&f, "keep", json_of_count(counts.keep));
  put(&f, "skipped", json_of_count(counts.skipped));
  put(&f, "open", json_of_count(counts.open));
  put(&f, "unanswered", json_of_count(counts.unanswered));
  return finish(&f);
}

static void put_result(filling *f, emend_imputed_variable v) {
  put(f, "missing", json_of_count(v.missing));
  put(f, "filled", json_of_count(v.filled));
  put(f, "left", json_of_count(v.left));
  put(f, "skipped", json_of_count(v.skipped));
  put(f, "broken", json_of_count(v.broken));
  put(f, "moved", json_of_count(v.moved));
  put(f, "outside", json_of_count(v.outside));
  put(f, "at_least", json_of_count(v.at_least));
  put(f, "at_greatest", json_of_count(v.at_greatest));
  put(f, "observed_mean", json_of_number(v.observed_mean));
  put(f, "observed_sd", json_of_number(v.observed_sd));
  put(f, "em_mean", json_of_number(v.em_mean));
  put(f, "em_sd", json_of_number(v.em_sd));
  put(f, "completed_mean", json_of_number(v.completed_mean));
  put(f, "completed_sd", json_of_number(v.completed_sd));
}

static json_t *recast_object(const report *r, size_t j) {
  const char *from, *to;
  if (!report_recast(r, j, &from, &to))
    return json_null();
  filling f = begin();
  put(&f, "from", json_of_text(from));
  put(&f, "to", json_of_text(to));
  return finish(&f);
}

static json_t *order_array(const report *r, size_t j) {
  size_t n = emend_plan_steps(r->plan, j);
  json_t *array = n ? json_array() : json_null();
  for (size_t k = 0; array && k < n; k++)
    array = append(array, json_of_text(emend_plan_step(r->plan, j, k)));
  return array;
}

static json_t *variable_object(const report *r, size_t j) {
  filling f = begin();
  put(&f, "name", json_of_text(emend_variable_name(r->dataset, j)));
  put(&f, "label", json_of_text(emend_variable_label(r->dataset, j)));
  put(&f, "kind", json_of_text(emend_kind_word(emend_variable_get_kind(r->dataset, j))));
  put(&f, "role", json_of_text(role_name(emend_plan_role(r->plan, j))));
  put(&f, "why", json_of_text(emend_plan_why(r->plan, j)));
  put(&f, "type", json_of_text(emend_type_word(emend_plan_type(r->plan, j))));
  put(&f, "type_why", json_of_text(emend_plan_type_why(r->plan, j)));
  put(&f, "columns", json_of_count(emend_plan_columns(r->plan, j)));
  put(&f, "categories", json_of_count(emend_plan_categories(r->plan, j)));
  put(&f, "order", order_array(r, j));
  put(&f, "pooled", json_of_count(emend_plan_pooled(r->plan, j)));
  double lo, hi, spike, heap, heap_share = emend_plan_heap(r->plan, j, &heap);
  bool bounded = emend_plan_bounds(r->plan, j, &lo, &hi);
  put(&f, "transform", json_of_text(emend_plan_transform(r->plan, j)));
  put(&f, "skewness", json_of_number(emend_plan_skewness(r->plan, j) != 0 ? emend_plan_skewness(r->plan, j) : NAN));
  put(&f, "lower_bound", json_of_number(bounded && isfinite(lo) ? lo : NAN));
  put(&f, "upper_bound", json_of_number(bounded && isfinite(hi) ? hi : NAN));
  put(&f, "spike", json_of_number(emend_plan_spike(r->plan, j, &spike) ? spike : NAN));
  put(&f, "heap", json_of_number(heap_share > 0 ? heap : NAN));
  put(&f, "heap_share", json_of_number(heap_share));
  put(&f, "decimals", emend_plan_decimals(r->plan, j) < 0 ? json_null() : json_integer(emend_plan_decimals(r->plan, j)));
  put(&f, "rounded", json_boolean(emend_plan_rounds(r->plan, j)));
  put(&f, "recast", recast_object(r, j));
  put(&f, "only_if", json_of_text(emend_plan_only_if(r->plan, j)));
  put(&f, "only_if_found", json_boolean(emend_plan_only_if_found(r->plan, j)));
  put(&f, "formula", json_of_text(emend_plan_formula(r->plan, j)));
  put(&f, "flag", json_of_text(emend_plan_flag(r->plan, j)));
  put(&f, "counts", counts_object(emend_plan_missing(r->plan, j)));
  if (r->imputation)
    put_result(&f, emend_imputation_variable(r->imputation, j));
  put(&f, "codes", codes_array(r->plan, j));
  return finish(&f);
}

static json_t *variables_array(const report *r) {
  json_t *array = json_array();
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); array && j < p; j++)
    array = append(array, variable_object(r, j));
  return array;
}

static json_t *warnings_array(const report *r) {
  json_t *array = json_array();
  for (size_t i = 0, n = emend_events_warning_count(r->events); array && i < n; i++)
    array = append(array, json_of_text(emend_events_warning(r->events, i)));
  return array;
}

static json_t *seconds_object(const report *r) {
  const emend_imputation *made = r->imputation;
  filling f = begin();
  put(&f, "read", json_of_number(r->seconds_read));
  put(&f, "plan", json_of_number(r->seconds_plan));
  put(&f, "estimate", json_of_number(made ? emend_imputation_seconds_estimate(made) : NAN));
  put(&f, "impute", json_of_number(made ? emend_imputation_seconds_impute(made) : NAN));
  put(&f, "write", json_of_number(made ? r->seconds_write : NAN));
  return finish(&f);
}

static json_t *variable_name(const report *r, ptrdiff_t j) {
  return j < 0 ? json_null() : json_of_text(emend_variable_name(r->dataset, (size_t)j));
}

static void put_model(filling *f, const report *r) {
  const emend_normal *m = report_model(r);
  put(f, "model", json_of_text(r->model_file));
  put(f, "log_likelihood", m ? json_of_number(emend_normal_log_likelihood(m)) : json_null());
  put(f, "log_posterior", m ? json_of_number(emend_normal_log_posterior(m)) : json_null());
  put(f, "iterations", m ? json_of_count(emend_normal_iterations(m)) : json_null());
  put(f, "esteps", m ? json_of_count(emend_normal_esteps(m)) : json_null());
  put(f, "kernel", m ? json_of_text(emend_normal_kernel(m)) : json_null());
  put(f, "converged", m ? json_boolean(emend_normal_converged(m)) : json_null());
  put(f, "distance", m ? json_of_number(emend_normal_distance(m)) : json_null());
  put(f, "patterns", m ? json_of_count(emend_normal_patterns(m)) : json_null());
  put(f, "rows_estimated", m ? json_of_count(emend_normal_rows(m)) : json_null());
  put(f, "weight_sum", m ? json_of_number(emend_normal_weight(m)) : json_null());
  put(f, "effective_rows", m ? json_of_number(emend_normal_effective_rows(m)) : json_null());
  put(f, "prior", m ? json_of_text(report_prior_name(emend_normal_prior(m))) : json_null());
  put(f, "ridge", m ? json_of_number(emend_normal_ridge(m)) : json_null());
  put(f, "mixture", report_mixture(r) ? mixture_json(report_mixture(r)) : json_null());
}

json_t *report_json(const report *r, json_t *options, int status) {
  filling f = begin();
  put(&f, "schema", json_integer(1));
  put(&f, "version", json_of_text(emend_version()));
  put(&f, "command", json_of_text("impute"));
  put(&f, "dry_run", json_boolean(!r->imputation));
  put(&f, "status", json_integer(status));
  put(&f, "input", json_of_text(r->input));
  put(&f, "input_format", json_of_text(emend_dataset_format(r->dataset)));
  put(&f, "output", json_of_text(r->output));
  put(&f, "output_format", json_of_text(emend_write_plan_format(r->writing)));
  put(&f, "way", json_of_text(emend_write_plan_way(r->writing)));
  put(&f, "losses", report_losses_json(r->writing));
  put(&f, "rows", json_of_count(emend_dataset_rows(r->dataset)));
  put(&f, "weight", variable_name(r, emend_plan_weight(r->plan)));
  put(&f, "by", variable_name(r, emend_plan_by(r->plan)));
  put(&f, "id", variable_name(r, report_id(r)));
  put_model(&f, r);
  put(&f, "groups", report_groups_json(r));
  put(&f, "broken", r->imputation ? json_of_count(emend_imputation_broken(r->imputation)) : json_null());
  put(&f, "unanswered", json_of_count(emend_plan_unanswered(r->plan)));
  put(&f, "seconds", seconds_object(r));
  put(&f, "variables", variables_array(r));
  put(&f, "warnings", warnings_array(r));
  put(&f, "options", options);
  return finish(&f);
}
