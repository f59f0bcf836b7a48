/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "emend/output.h"
#include "impute/imputation.h"
#include "io/writer.h"

emend_status emend_write(const emend_file *file, const emend_imputation *imputation, const char *path, const char *format,
                         emend_output *output, emend_events *events, emend_error *error) {
  const emend_dataset *dataset = emend_file_dataset(file);
  if (imputation && imputation->plan->dataset != dataset)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the imputation belongs to another file");
  emend_rows rows = imputation ? emend_imputation_as_rows(imputation) : emend_dataset_as_rows(dataset);
  return emend_file_write_rows(file, &rows, path, format, output, events, error);
}
