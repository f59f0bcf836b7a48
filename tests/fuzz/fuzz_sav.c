/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk through a .sav or .zsav, the count of its rows, what its extension records say, its cells, and its dictionary with a variable more. */
#include "fuzz/target.h"
#include "io/describe.h"
#include "io/sav_added.h"
#include "io/sav_cells.h"

/* A dictionary that was walked can be copied, and what is copied can be walked again. */
static void add_variable(const emend_source *source, const emend_sav_dictionary *d, const emend_dataset *dataset, emend_error *error) {
  static const emend_added_label label = {1, "\xC3\xA9"};
  static const emend_added_variable added = {.name = "a_long_name", .label = "l", .measure = EMEND_NOMINAL, .labels = &label, .n_labels = 1};
  emend_rows rows = {.dataset = dataset, .added = &added, .n_added = 1, .n_rows = 5};
  emend_buffer bytes = {0};
  if (d->n_elements < 1000 && sav_added_dictionary(source, d, &rows, NULL, &bytes, error) == EMEND_OK)
    target_assert(bytes.length > d->data_offset);
  emend_buffer_free(&bytes);
}

static void read_cells(const emend_source *source, const emend_sav_dictionary *d, emend_dataset *dataset, int64_t n_rows, emend_error *error) {
  emend_decoder decoder = {.raw = true};
  emend_decoder_set_encoding(&decoder, d->encoding);
  sav_cells cells = {.source = source, .dictionary = d, .decoder = &decoder, .dataset = dataset};
  cells.n_rows = n_rows >= 0 && n_rows < 100 ? n_rows : 100;
  if (sav_cells_read(&cells, error) == EMEND_OK)
    target_assert(emend_dataset_check(dataset, error) == EMEND_OK);
  emend_decoder_close(&decoder);
}

static void describe(const emend_source *source, const emend_sav_dictionary *d, int64_t n_rows, emend_error *error) {
  emend_dataset *dataset = target_dataset(error);
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < d->n_variables && !status; v++)
    status = target_add_variable(dataset, d->variables[v].width > 0, error);
  if (!status)
    status = emend_sav_describe(source, d, d->encoding, dataset, error);
  if (!status)
    target_assert(emend_dataset_check(dataset, error) == EMEND_OK);
  if (!status)
    add_variable(source, d, dataset, error);
  if (!status)
    read_cells(source, d, dataset, n_rows, error);
  emend_dataset_free(dataset);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const emend_source *source = target_source(data, size);
  emend_error *error = emend_error_new();
  emend_sav_dictionary *dictionary;
  int64_t n_rows;
  if (emend_sav_dictionary_read(source, &dictionary, error) == EMEND_OK) {
    if (emend_sav_dictionary_count_rows(dictionary, source, &n_rows, error))
      n_rows = 0;
    describe(source, dictionary, n_rows, error);
  }
  emend_sav_dictionary_free(dictionary);
  emend_error_free(error);
  return 0;
}
