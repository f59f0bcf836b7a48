/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk through a SAS transport file. */
#include "fuzz/target.h"
#include "io/xpt_dictionary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const emend_source *source = target_source(data, size);
  emend_error *error = emend_error_new();
  emend_xpt_dictionary *d;
  if (emend_xpt_dictionary_read(source, &d, error) == EMEND_OK) {
    target_assert(d->least_rows <= d->most_rows);
    target_assert(d->data_offset + d->most_rows * d->row_bytes <= size);
    for (size_t v = 0; v < d->n_variables; v++)
      target_assert((uint64_t)d->variables[v].offset + d->variables[v].width <= d->row_bytes);
  }
  emend_xpt_dictionary_free(d);
  emend_error_free(error);
  return 0;
}
