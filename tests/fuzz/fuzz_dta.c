/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk through a .dta of any release, and what its characteristics say. */
#include "fuzz/target.h"
#include "io/describe.h"

static void describe(const emend_source *source, const emend_dta_dictionary *d, emend_error *error) {
  emend_dataset *dataset = target_dataset(error);
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < d->n_variables && !status; v++)
    status = target_add_variable(dataset, d->variables[v].type >= EMEND_DTA_STRING, error);
  if (!status)
    status = emend_dta_describe(source, d, "", dataset, error);
  if (!status)
    target_assert(emend_dataset_check(dataset, error) == EMEND_OK);
  emend_dataset_free(dataset);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const emend_source *source = target_source(data, size);
  emend_error *error = emend_error_new();
  emend_dta_dictionary *dictionary;
  if (emend_dta_dictionary_read(source, &dictionary, error) == EMEND_OK) {
    target_assert(dictionary->data_offset + dictionary->n_rows * dictionary->row_bytes <= size);
    describe(source, dictionary, error);
  }
  emend_dta_dictionary_free(dictionary);
  emend_error_free(error);
  return 0;
}
