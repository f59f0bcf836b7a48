/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_IMPUTE_RUN_H
#define TESTS_IMPUTE_RUN_H

#include <check.h>

#include "encode/kit.h"
#include "emend/emend.h"

/* A finished run; `events` are its own. */
typedef struct run {
  emend_dataset *dataset;
  emend_plan_options *options;
  emend_plan *plan;
  emend_events *events;
  emend_imputation *imputation;
} run;

static inline run begin(emend_dataset *dataset) {
  return (run){.dataset = dataset, .options = emend_plan_options_new(), .events = emend_events_new()};
}

static inline void impute(run *r, emend_method method) {
  emend_error *error = emend_error_new();
  emend_method_options *options = emend_method_options_new();
  emend_method_options_set_method(options, method);
  if (emend_plan_new(r->dataset, r->options, r->events, &r->plan, error) ||
      emend_impute_by(r->plan, NULL, NULL, options, r->events, &r->imputation, error))
    ck_abort_msg("%s", emend_error_text(error));
  emend_method_options_free(options);
  emend_error_free(error);
}

static inline void end(run *r) {
  emend_imputation_free(r->imputation);
  emend_plan_free(r->plan);
  emend_plan_options_free(r->options);
  emend_events_free(r->events);
  emend_dataset_free(r->dataset);
}

#endif
