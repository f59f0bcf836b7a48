/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>

#include "io/format.h"
#include "io/sav_bytecode.h"
#include "io/sav_dictionary.h"

/* Whether the data are as long as the dictionary says: the check before another program's parser allocates for them. */

static emend_status wrong_count(const emend_sav_dictionary *d, uint64_t found, emend_error *error) {
  emend_status status = emend_fail(error, EMEND_MALFORMED, "%" PRId64 " cases are declared, the file holds %s%" PRIu64, d->n_rows,
                                   d->compression == EMEND_SAV_ZLIB ? "at most " : "", found);
  emend_at_byte(error, d->data_offset);
  return status;
}

/* `n_units` units (bytes, or elements) hold whole rows of `row_units`. Less than a row behind the declared last one is not data. */
static emend_status whole_rows(const emend_sav_dictionary *d, uint64_t n_units, uint64_t row_units, int64_t *n_rows, emend_error *error) {
  uint64_t found = n_units / row_units;
  if (d->n_rows >= 0 ? found != (uint64_t)d->n_rows : n_units % row_units != 0) {
    if (d->n_rows >= 0)
      return wrong_count(d, found, error);
    emend_status status = emend_fail(error, EMEND_MALFORMED, "the last case is cut short");
    emend_at_row(error, (int64_t)found + 1);
    return status;
  }
  *n_rows = (int64_t)found;
  return EMEND_OK;
}

emend_status emend_sav_dictionary_count_rows(const emend_sav_dictionary *d, const emend_source *source, int64_t *n_rows,
                                             emend_error *error) {
  uint64_t n_bytes = source->size - d->data_offset, n_elements = 0;
  if (d->compression == EMEND_SAV_PLAIN)
    return whole_rows(d, n_bytes, d->row_bytes, n_rows, error);
  /* Bytecode spends at least one byte on an element. */
  uint64_t most = (d->compression == EMEND_SAV_ZLIB ? d->expanded_bytes : n_bytes) / d->n_elements;
  if (d->n_rows >= 0 && (uint64_t)d->n_rows > most)
    return wrong_count(d, most, error);
  if (d->compression == EMEND_SAV_ZLIB) {
    *n_rows = d->n_rows;
    return EMEND_OK;
  }
  emend_status status = sav_bytecode_count(source, d->data_offset, &n_elements, error);
  return status ? status : whole_rows(d, n_elements, d->n_elements, n_rows, error);
}

emend_status emend_sav_scan(const emend_source *source, int64_t *n_rows, emend_error *error) {
  emend_sav_dictionary *dictionary;
  *n_rows = -1;
  emend_status status = emend_sav_dictionary_read(source, &dictionary, error);
  if (!status)
    status = emend_sav_dictionary_count_rows(dictionary, source, n_rows, error);
  emend_sav_dictionary_free(dictionary);
  return status;
}
