/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/events.h"
#include "base/memory.h"
#include "impute/adopt.h"
#include "impute/back_transform.h"
#include "impute/decoding.h"
#include "impute/expect.h"
#include "impute/group_decoders.h"
#include "impute/groups.h"
#include "impute/imputation.h"
#include "impute/links.h"
#include "impute/match.h"
#include "impute/matching.h"
#include "normal/complete.h"
#include "normal/fit.h"
#include "normal/inside.h"

/* The model learns how its columns came to be. */
static emend_status set_codings(emend_imputation *made, emend_error *error) {
  const char **codings;
  emend_status status = emend_encoding_texts(&made->encoding, emend_coding_describe, &codings, error);
  if (!status)
    status = emend_normal_set_codings(made->fitted, codings, error);
  free(codings);
  return status;
}

unsigned *emend_imputation_told(const emend_imputation *made) {
  const emend_encoding *encoding = &made->encoding;
  unsigned *told = emend_allocate(encoding->n_columns, sizeof *told);
  for (size_t j = 0; told && j < encoding->n_columns; j++) {
    unsigned set = encoding->columns[j] != EMEND_NO_VARIABLE ? made->plan->variables[encoding->columns[j]].set : 0;
    if (set || encoding->codings[j].kind == EMEND_CODING_LEVEL)
      told[j] = set ? EMEND_TOLD_RELATION + set : EMEND_TOLD_CATEGORY;
  }
  return told;
}

static emend_status estimate(emend_imputation *made, const emend_normal_options *options, emend_events *events, emend_error *error) {
  emend_status status = emend_encoding_of_plan(made->plan, &made->encoding, error);
  if (status || made->encoding.n_columns == 0)
    return status;
  emend_matrix matrix = emend_encoding_matrix(&made->encoding);
  const char **names = NULL;
  emend_normal_options *adapted = emend_normal_options_copy(options, made->plan->weight_kind);
  status = adapted ? emend_encoding_texts(&made->encoding, emend_encoding_name, &names, error) : emend_fail_memory(error);
  emend_reduced *reduced = NULL;
  unsigned *told = emend_imputation_told(made);
  if (!status && !told)
    status = emend_fail_memory(error);
  if (!status)
    adapted->told = told;
  if (!status)
    status = emend_reduced_new(&matrix, NULL, NULL, events, &reduced, error);
  if (!status)
    status = emend_normal_fit_reduced(reduced, names, adapted, events, &made->fitted, error);
  if (!status)
    status = emend_normal_set_names(made->fitted, names, error);
  if (!status)
    status = set_codings(made, error);
  made->model = made->fitted;
  emend_reduced_free(reduced);
  emend_normal_options_free(adapted);
  free(names), free(told);
  return status;
}

static const char *name_of_normal(const void *model, size_t column) { return emend_normal_name(model, column); }
static const char *coding_of_normal(const void *model, size_t column) { return emend_normal_coding(model, column); }

static emend_status adopt(emend_imputation *made, const emend_normal *model, emend_events *events, emend_error *error) {
  emend_model_names names = {emend_normal_columns(model), model, name_of_normal, coding_of_normal};
  emend_status status = emend_match_names(made->plan, &names, false, &made->encoding, events, error);
  made->model = made->encoding.n_columns > 0 ? model : NULL;
  return status;
}

static void say_what_went_otherwise(const emend_imputation *made, size_t v, const emend_imputed_variable *result, emend_events *events) {
  const emend_planned *planned = &made->plan->variables[v];
  const char *name = emend_variable_name(made->plan->dataset, v);
  if (result->moved && planned->allowed.whole)
    emend_warn(events, "%s: %zu imputed values moved to the nearest whole number that its storage type holds and that is no missing code",
               name, result->moved);
  else if (result->moved)
    emend_warn(
        events,
        "%s: %zu imputed value%s fell on a missing code or beyond what its storage type holds, and moved to the nearest permitted value",
        name, result->moved, result->moved == 1 ? "" : "s");
  if (result->broken && planned->observed.n == 0)
    emend_warn(events, "%s: never observed, so that %zu missing cell%s cannot be filled (--exclude keeps it out)", name, result->broken,
               result->broken == 1 ? "" : "s");
  else if (result->broken)
    emend_warn(events, "%s: %zu cell%s could not be filled", name, result->broken, result->broken == 1 ? "" : "s");
}

static void describe(const emend_imputation *made, size_t v, emend_imputed_variable *result) {
  const emend_planned *planned = &made->plan->variables[v];
  ptrdiff_t column = made->column_of[v];
  *result = (emend_imputed_variable){.missing = planned->missing.fill + planned->missing.keep,
                                     .skipped = planned->missing.skipped,
                                     .least = NAN,
                                     .greatest = NAN,
                                     .observed_mean = NAN,
                                     .observed_sd = NAN,
                                     .em_mean = result->em_mean, /* of a transformed number, or NaN */
                                     .em_sd = result->em_sd,
                                     .completed_mean = NAN,
                                     .completed_sd = NAN,
                                     .rounded = emend_plan_rounds(made->plan, v)};
  if (planned->categories.n_levels) /* codes have no mean */
    return;
  emend_coding_kind kind = column < 0 ? EMEND_CODING_SCORE : made->encoding.codings[column].kind;
  if (emend_variable_get_kind(made->plan->dataset, v) != EMEND_TEXT || emend_plan_steps(made->plan, v) > 0) {
    result->observed_mean = planned->observed.mean;
    result->observed_sd = planned->observed.sd;
  }
  if (kind != EMEND_CODING_SCORE)
    return;
  if (column >= 0 && made->mixture) {
    result->em_mean = emend_mixture_overall_mean(made->mixture, (size_t)column);
    result->em_sd = sqrt(emend_mixture_overall_variance(made->mixture, (size_t)column));
  } else if (column >= 0) {
    size_t j = (size_t)column, p = emend_normal_columns(made->model);
    result->em_mean = emend_normal_mean(made->model)[j];
    result->em_sd = sqrt(emend_normal_covariance(made->model)[j * p + j]);
  }
}

emend_status emend_imputation_tell(emend_imputation *made, emend_events *events, emend_error *error) {
  for (size_t v = 0; v < made->plan->n_variables; v++)
    describe(made, v, &made->variables[v]);
  emend_status status = emend_settle(made, events, error);
  if (!status)
    status = emend_imputation_decode_all(made, events, error);
  for (size_t v = 0; v < made->plan->n_variables && !status; v++) {
    emend_imputed_variable *result = &made->variables[v];
    if (made->plan->variables[v].missing.fill > 0)
      say_what_went_otherwise(made, v, result, events);
    result->left = result->missing - result->filled;
    made->broken += result->broken;
  }
  if (!status)
    status = emend_imputation_note(made, events, error);
  return status;
}

static emend_status complete(emend_imputation *made, const emend_normal_options *options, emend_events *events, emend_error *error) {
  emend_matrix matrix = emend_encoding_matrix(&made->encoding);
  emend_completion_wish wish;
  made->follows = emend_allocate(made->encoding.n_columns, 1);
  if (!made->follows)
    return emend_fail_memory(error);
  if (made->model)
    emend_imputation_prepare(made);
  bool wishes = emend_imputation_wish(made, &wish);
  emend_status status = emend_imputation_number_ids(made, events, error);
  if (!status && made->model && made->method.method != EMEND_METHOD_MATCH)
    status = emend_links_new(made, made->model, NULL, emend_dataset_rows(made->plan->dataset), events, &made->links, error);
  if (status)
    return status;
  if (made->model && made->method.method == EMEND_METHOD_MATCH)
    status = emend_imputation_match(made, events, error);
  else if (made->model)
    status = emend_normal_complete_matrix(made->model, &matrix, wishes ? &wish : NULL, made->threads, events, &made->completed, error);
  if (!status && emend_imputation_expects(made))
    status = emend_links_expect(made->links, NULL, made->completed, error);
  if (!status && made->model && made->plan->by >= 0)
    status = emend_imputation_by_groups(made, options, NULL, events, error);
  if (!status)
    status = emend_imputation_back_transform(made, error);
  if (!status)
    status = emend_imputation_calibrate(made, error);
  return status ? status : emend_imputation_tell(made, events, error);
}

emend_imputation *emend_imputation_new(const emend_plan *plan) {
  emend_imputation *made = emend_allocate(1, sizeof *made);
  if (!made)
    return NULL;
  made->plan = plan;
  made->column_of = emend_allocate(plan->n_variables, sizeof *made->column_of);
  made->variables = emend_allocate(plan->n_variables, sizeof *made->variables);
  made->cut_off = emend_allocate(plan->n_variables, sizeof *made->cut_off);
  made->decoders = emend_allocate(plan->n_variables, sizeof *made->decoders);
  made->method = (emend_method_options){.method = EMEND_METHOD_EXPECTATION, .seed = 1};
  if (!made->column_of || !made->variables || !made->cut_off || !made->decoders) {
    emend_imputation_free(made);
    return NULL;
  }
  for (size_t v = 0; v < plan->n_variables; v++)
    made->column_of[v] = -1, made->variables[v].em_mean = made->variables[v].em_sd = NAN;
  return made;
}

emend_status emend_impute(const emend_plan *plan, const emend_normal *model, const emend_normal_options *options, emend_events *events,
                          emend_imputation **imputation, emend_error *error) {
  return emend_impute_by(plan, model, options, NULL, events, imputation, error);
}

emend_status emend_impute_by(const emend_plan *plan, const emend_normal *model, const emend_normal_options *options,
                             const emend_method_options *method, emend_events *events, emend_imputation **imputation, emend_error *error) {
  *imputation = NULL;
  emend_imputation *made = emend_imputation_new(plan);
  if (!made)
    return emend_fail_memory(error);
  made->threads = options ? emend_normal_options_threads(options) : plan->threads;
  if (method)
    made->method = *method;
  double start = emend_clock_seconds();
  emend_status status = model ? adopt(made, model, events, error) : estimate(made, options, events, error);
  made->seconds_estimate = emend_clock_seconds() - start;
  if (!status)
    status = complete(made, options, events, error);
  made->seconds_impute = emend_clock_seconds() - start - made->seconds_estimate;
  if (status)
    emend_imputation_free(made);
  else
    *imputation = made;
  return status;
}

void emend_imputation_free(emend_imputation *imputation) {
  if (!imputation)
    return;
  emend_normal_free(imputation->fitted);
  emend_mixture_free(imputation->fitted_mixture);
  emend_encoding_free(&imputation->encoding);
  emend_completed_free(imputation->completed);
  emend_patterns_free(imputation->patterns);
  for (size_t v = 0; imputation->decoders && v < imputation->plan->n_variables; v++)
    emend_decoder_free(&imputation->decoders[v]);
  free(imputation->decoders);
  emend_links_free(imputation->links);
  emend_settled_free(&imputation->settled);
  free(imputation->column_of);
  free(imputation->follows), free(imputation->occurrences);
  emend_group_decoders_free(imputation);
  free(imputation->groups);
  free(imputation->variables), free(imputation->cut_off);
  free(imputation);
}

const emend_plan *emend_imputation_plan(const emend_imputation *imputation) { return imputation->plan; }
const emend_normal *emend_imputation_model(const emend_imputation *imputation) { return imputation->model; }
const emend_mixture *emend_imputation_mixture(const emend_imputation *imputation) { return imputation->mixture; }
double emend_imputation_seconds_estimate(const emend_imputation *imputation) { return imputation->seconds_estimate; }
double emend_imputation_seconds_impute(const emend_imputation *imputation) { return imputation->seconds_impute; }
size_t emend_imputation_broken(const emend_imputation *imputation) { return imputation->broken; }

emend_imputed_variable emend_imputation_variable(const emend_imputation *imputation, size_t variable) {
  return imputation->variables[variable];
}
