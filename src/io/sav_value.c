/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sav_value.h"

#include <byteswap.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/patch_copy.h"
#include "io/sav_bytecode.h"

void sav_put_number(const emend_sav_dictionary *d, double value, unsigned char *bytes) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  if (d->swap)
    bits = bswap_64(bits);
  memcpy(bytes, &bits, sizeof bits);
}

double sav_get_number(const emend_sav_dictionary *d, const unsigned char *bytes) {
  uint64_t bits;
  double value;
  memcpy(&bits, bytes, sizeof bits);
  if (d->swap)
    bits = bswap_64(bits);
  memcpy(&value, &bits, sizeof value);
  return value;
}

bool sav_is_reserved(const emend_sav_dictionary *d, double value) {
  return value == d->system_missing || value == d->highest || value == d->lowest;
}

emend_status sav_check_imputed(const emend_sav_dictionary *d, const emend_dataset *dataset, size_t variable, size_t row, double value,
                               emend_error *error) {
  if (d->variables[variable].width)
    return patch_refuse_value(dataset, variable, row, value, "meant for a string", error);
  if (!isfinite(value))
    return patch_refuse_value(dataset, variable, row, value, "not a finite number", error);
  if (sav_is_reserved(d, value))
    return patch_refuse_value(dataset, variable, row, value, "the file's code for a missing value", error);
  if (emend_variable_declares_missing(emend_dataset_variable(dataset, variable), value))
    return patch_refuse_value(dataset, variable, row, value, "a declared missing code", error);
  return EMEND_OK;
}

emend_status sav_put_text(const emend_sav_dictionary *d, const emend_dataset *dataset, size_t variable, emend_offset text, patch_text *work,
                          unsigned char *field, emend_error *error) {
  enum { SEGMENT = 255, SEGMENT_BYTES = 256 };
  const emend_sav_variable *v = &d->variables[variable];
  size_t bytes = 8 * (size_t)v->n_elements;
  unsigned char *whole = emend_allocate(v->width, 1);
  if (!whole)
    return emend_fail_memory(error);
  emend_status status = patch_text_put(work, dataset, variable, text, whole, v->width, ' ', error);
  memset(field, ' ', bytes);
  for (size_t done = 0, at = 0; done < v->width && at < bytes; done += SEGMENT, at += SEGMENT_BYTES) {
    size_t left = v->width - done < SEGMENT ? v->width - done : SEGMENT;
    memcpy(field + at, whole + done, left < bytes - at ? left : bytes - at);
  }
  free(whole);
  return status;
}

unsigned char sav_text_opcode(const unsigned char *element) { return memcmp(element, "        ", 8) == 0 ? SAV_BLANKS : SAV_RAW; }

emend_status sav_check_dataset(const emend_sav_dictionary *d, const emend_source *source, const emend_dataset *dataset,
                               emend_error *error) {
  int64_t n_rows = d->n_rows;
  emend_status status = EMEND_OK;
  if (d->compression == EMEND_SAV_PLAIN)
    status = emend_sav_dictionary_count_rows(d, source, &n_rows, error);
  if (!status)
    status = patch_check_size(dataset, d->n_variables, n_rows, error);
  for (size_t v = 0; v < d->n_variables && !status; v++)
    status = patch_check_variable(dataset, v, d->variables[v].name, d->variables[v].width > 0, error);
  return status;
}
