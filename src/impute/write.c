/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "impute/imputation.h"
#include "io/write_plan.h"

emend_status emend_write_plan_new(const emend_file *file, const emend_plan *completion, const char *path,
                                  const emend_write_options *options, emend_write_plan **plan, emend_error *error) {
  *plan = NULL;
  if (completion && completion->dataset != file->dataset)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the plan belongs to another file");
  emend_rows shape = completion ? emend_plan_as_rows(completion) : emend_dataset_as_rows(file->dataset);
  return emend_write_plan_make(file, &shape, path, options, plan, error);
}

emend_status emend_write(const emend_write_plan *plan, const emend_imputation *imputation, emend_output *output, emend_events *events,
                         emend_error *error) {
  if (imputation && imputation->plan->dataset != plan->shape.dataset)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the imputation belongs to another file");
  emend_rows rows = imputation ? emend_imputation_as_rows(imputation) : emend_dataset_as_rows(plan->shape.dataset);
  return emend_write_plan_pour(plan, &rows, output, events, error);
}
