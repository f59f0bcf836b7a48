/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/clock.h"
#include "base/events.h"
#include "base/memory.h"
#include "impute/decoding.h"
#include "impute/groups.h"
#include "impute/imputation.h"
#include "impute/match.h"
#include "mixture/fit.h"

/* The mixture learns which categories have no column of their own. */
static emend_status set_bases(emend_imputation *made, emend_error *error) {
  const char **bases;
  emend_status status = emend_encoding_texts(&made->encoding, emend_encoding_base, &bases, error);
  if (!status)
    status = emend_mixture_set_bases(made->fitted_mixture, bases, error);
  free(bases);
  return status;
}

static emend_status estimate(emend_imputation *made, const emend_mixture_options *options, emend_events *events, emend_error *error) {
  emend_status status = emend_encoding_of_plan(made->plan, &made->encoding, error);
  if (status || made->encoding.n_columns == 0)
    return status;
  emend_matrix matrix = emend_encoding_matrix(&made->encoding);
  const char **names = NULL;
  emend_mixture_options *adapted = emend_mixture_options_copy(options, made->plan->weight_kind);
  status = adapted ? emend_encoding_texts(&made->encoding, emend_encoding_name, &names, error) : emend_fail_memory(error);
  if (!status)
    status = emend_mixture_fit_matrix(&matrix, names, adapted, events, &made->patterns, &made->fitted_mixture, error);
  if (!status)
    status = set_bases(made, error);
  made->mixture = made->fitted_mixture;
  emend_mixture_options_free(adapted);
  free(names);
  return status;
}

static const char *base_of_mixture(const void *model, size_t column) { return emend_mixture_base(model, column); }
static const char *name_of_mixture(const void *model, size_t column) { return emend_mixture_name(model, column); }

/* Rows standardised by the model's own moments. */
static emend_status adopt(emend_imputation *made, const emend_mixture *model, emend_events *events, emend_error *error) {
  emend_model_names names = {emend_mixture_columns(model), model, name_of_mixture, base_of_mixture};
  emend_status status = emend_match_names(made->plan, &names, true, &made->encoding, events, error);
  if (status)
    return status;
  emend_matrix matrix = emend_encoding_matrix(&made->encoding);
  double *center = emend_allocate(names.n_columns, sizeof *center), *scale = emend_allocate(names.n_columns, sizeof *scale);
  if (center && scale) {
    emend_mixture_standards(model, center, scale);
    status = emend_patterns_new(&matrix, center, scale, events, &made->patterns, error);
  } else {
    status = emend_fail_memory(error);
  }
  made->mixture = model;
  free(center), free(scale);
  return status;
}

static emend_status complete(emend_imputation *made, const emend_mixture_options *options, emend_events *events, emend_error *error) {
  if (made->mixture)
    emend_imputation_prepare(made);
  emend_status status = emend_imputation_number_ids(made, events, error);
  if (!status && made->patterns)
    status = emend_mixture_complete_patterns(made->mixture, made->patterns, events, error);
  if (!status && made->fitted_mixture && made->plan->by >= 0)
    status = emend_imputation_by_groups(made, NULL, options, events, error);
  if (!status)
    status = emend_imputation_calibrate(made, error);
  return status ? status : emend_imputation_tell(made, events, error);
}

emend_status emend_imputation_of_mixture(const emend_plan *plan, const emend_mixture *model, const emend_mixture_options *options,
                                         bool fill, emend_events *events, emend_imputation **imputation, emend_error *error) {
  *imputation = NULL;
  emend_imputation *made = emend_imputation_new(plan);
  if (!made)
    return emend_fail_memory(error);
  made->threads = plan->threads;
  double start = emend_clock_seconds();
  emend_status status = model ? adopt(made, model, events, error) : estimate(made, options, events, error);
  double middle = emend_clock_seconds();
  if (!status && fill)
    status = complete(made, options, events, error);
  made->seconds_estimate = middle - start;
  made->seconds_impute = emend_clock_seconds() - middle;
  if (status)
    emend_imputation_free(made);
  else
    *imputation = made;
  return status;
}

emend_status emend_impute_mixture(const emend_plan *plan, const emend_mixture *model, const emend_mixture_options *options,
                                  emend_events *events, emend_imputation **imputation, emend_error *error) {
  return emend_imputation_of_mixture(plan, model, options, true, events, imputation, error);
}
