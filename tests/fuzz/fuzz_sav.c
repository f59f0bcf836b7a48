/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk through a .sav or .zsav, the count of its rows, and what its extension records say. */
#include "fuzz/target.h"
#include "io/describe.h"

static void describe(const emend_source *source, const emend_sav_dictionary *d, emend_error *error) {
  emend_dataset *dataset = target_dataset(error);
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < d->n_variables && !status; v++)
    status = target_add_variable(dataset, d->variables[v].width > 0, error);
  if (!status)
    status = emend_sav_describe(source, d, d->encoding, dataset, error);
  if (!status)
    target_assert(emend_dataset_check(dataset, error) == EMEND_OK);
  emend_dataset_free(dataset);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const emend_source *source = target_source(data, size);
  emend_error *error = emend_error_new();
  emend_sav_dictionary *dictionary;
  int64_t n_rows;
  if (emend_sav_dictionary_read(source, &dictionary, error) == EMEND_OK) {
    emend_sav_dictionary_count_rows(dictionary, source, &n_rows, error);
    describe(source, dictionary, error);
  }
  emend_sav_dictionary_free(dictionary);
  emend_error_free(error);
  return 0;
}
