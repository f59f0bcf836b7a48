/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/dta_value.h"
#include "io/format.h"
#include "io/patch_copy.h"

/* Copies a Stata file with the imputed cells replaced: rows have one width, so only the cells' own bytes change. */
typedef struct dta_patch {
  emend_writer writer;
  const emend_source *source;
  const emend_dataset *dataset;
  emend_dta_dictionary *dictionary;
  patch_copy copy;
  size_t n_rows, row;
} dta_patch;

static emend_status check_value(const dta_patch *p, size_t variable, double value, emend_error *error) {
  emend_dta_type type = p->dictionary->variables[variable].type;
  if (type >= EMEND_DTA_STRING)
    return patch_refuse_value(p->dataset, variable, p->row, value, "meant for a string", error);
  if (!dta_value_fits_release(type, type <= EMEND_DTA_LONG ? trunc(value) : value, p->dictionary->release))
    return patch_refuse_value(p->dataset, variable, p->row, value, "outside the range of its storage type", error);
  if (!dta_value_fits_release(type, value, p->dictionary->release))
    return patch_refuse_value(p->dataset, variable, p->row, value, "not whole, but stored as a whole number", error);
  return EMEND_OK;
}

static emend_status write_row(emend_writer *writer, const emend_cell *cells, emend_error *error) {
  dta_patch *p = (dta_patch *)writer;
  const emend_dta_dictionary *d = p->dictionary;
  if (p->row == p->n_rows)
    return emend_fail(error, EMEND_INTERNAL, "row %zu was written, the file has %zu", p->row + 1, p->n_rows);
  uint64_t place = d->data_offset + p->row * d->row_bytes;
  for (size_t v = 0; v < d->n_variables; v++) {
    if (!cells[v].imputed)
      continue;
    unsigned char bytes[8];
    emend_status status = check_value(p, v, cells[v].value, error);
    if (status)
      return status;
    dta_value_put(d->variables[v].type, cells[v].value, d->swap, bytes);
    status = patch_copy_replace(&p->copy, place + d->variables[v].offset, bytes, d->variables[v].width, error);
    if (status)
      return status;
  }
  p->row++;
  return EMEND_OK;
}

static emend_status close_patch(emend_writer *writer, emend_error *error) {
  dta_patch *p = (dta_patch *)writer;
  if (p->row != p->n_rows)
    return emend_fail(error, EMEND_INTERNAL, "%zu rows were written, the file has %zu", p->row, p->n_rows);
  emend_status status = patch_copy_to(&p->copy, p->source->size, error);
  return status ? status : emend_source_unchanged(p->source, error);
}

static void free_patch(emend_writer *writer) {
  dta_patch *p = (dta_patch *)writer;
  if (!p)
    return;
  emend_dta_dictionary_free(p->dictionary);
  patch_copy_free(&p->copy);
  free(p);
}

/* The dataset was read by another program's parser: that it saw the same variables and rows is not taken for granted. */
static emend_status check_dataset(const dta_patch *p, emend_error *error) {
  const emend_dta_dictionary *d = p->dictionary;
  emend_status status = patch_check_size(p->dataset, d->n_variables, (int64_t)d->n_rows, error);
  for (size_t v = 0; v < d->n_variables && !status; v++)
    status = patch_check_variable(p->dataset, v, d->variables[v].name, d->variables[v].type >= EMEND_DTA_STRING, error);
  return status;
}

emend_status emend_dta_open_patch(const emend_source *source, const emend_dataset *dataset, emend_output *output, emend_writer **writer,
                                  emend_error *error) {
  *writer = NULL;
  dta_patch *p = emend_allocate(1, sizeof *p);
  if (!p)
    return emend_fail_memory(error);
  p->writer = (emend_writer){.row = write_row, .close = close_patch, .free = free_patch};
  p->source = source;
  p->dataset = dataset;
  p->n_rows = emend_dataset_rows(dataset);
  emend_status status = emend_dta_dictionary_read(source, &p->dictionary, error);
  if (!status)
    status = check_dataset(p, error);
  if (!status)
    status = patch_copy_new(source, output, &p->copy, error);
  if (status)
    free_patch(&p->writer);
  else
    *writer = &p->writer;
  return status;
}
