/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A delimited text: its dialect, and all of it read into a dataset. */
#include "fuzz/target.h"
#include "io/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const emend_source *source = target_source(data, size);
  emend_error *error = emend_error_new();
  emend_dataset *dataset = target_dataset(error);
  emend_read_options *options = emend_read_options_new();
  if (emend_csv_read(source, options, dataset, error) == EMEND_OK)
    target_assert(emend_dataset_check(dataset, error) == EMEND_OK);
  emend_read_options_free(options);
  emend_dataset_free(dataset);
  emend_error_free(error);
  return 0;
}
