/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/dta_value.h"
#include "io/format.h"
#include "io/patch_rows.h"

/* Copies a Stata file with the imputed cells replaced: rows have one width, so only the cells' own bytes change. */
typedef struct dta_patch {
  patch_rows rows;
  emend_dta_dictionary *dictionary;
} dta_patch;

static emend_status check_value(const dta_patch *p, size_t variable, double value, emend_error *error) {
  emend_dta_type type = p->dictionary->variables[variable].type;
  if (type >= EMEND_DTA_STRING)
    return patch_refuse_value(p->rows.dataset, variable, p->rows.row, value, "meant for a string", error);
  if (!dta_value_fits_release(type, type <= EMEND_DTA_LONG ? trunc(value) : value, p->dictionary->release))
    return patch_refuse_value(p->rows.dataset, variable, p->rows.row, value, "outside the range of its storage type", error);
  if (!dta_value_fits_release(type, value, p->dictionary->release))
    return patch_refuse_value(p->rows.dataset, variable, p->rows.row, value, "not whole, but stored as a whole number", error);
  return EMEND_OK;
}

static emend_status put_cell(patch_rows *rows, uint64_t place, size_t variable, const emend_cell *cell, emend_error *error) {
  dta_patch *p = (dta_patch *)rows;
  const emend_dta_variable *v = &p->dictionary->variables[variable];
  unsigned char bytes[8];
  double value = cell->value;
  if (v->type == EMEND_DTA_STRING)
    return patch_rows_put_text(rows, place + v->offset, variable, cell->text, v->width, '\0', error);
  emend_status status = check_value(p, variable, value, error);
  if (status)
    return status;
  dta_value_put(v->type, value, p->dictionary->swap, bytes);
  return patch_copy_replace(&rows->copy, place + v->offset, bytes, v->width, error);
}

static void free_patch(emend_writer *writer) {
  dta_patch *p = (dta_patch *)writer;
  if (!p)
    return;
  emend_dta_dictionary_free(p->dictionary);
  patch_copy_free(&p->rows.copy);
  patch_text_free(&p->rows.text);
  free(p);
}

/* The dataset was read by another program's parser: that it saw the same variables and rows is not taken for granted. */
static emend_status check_dataset(const dta_patch *p, emend_error *error) {
  const emend_dta_dictionary *d = p->dictionary;
  emend_status status = patch_check_size(p->rows.dataset, d->n_variables, (int64_t)d->n_rows, error);
  for (size_t v = 0; v < d->n_variables && !status; v++)
    status = patch_check_variable(p->rows.dataset, v, d->variables[v].name, d->variables[v].type >= EMEND_DTA_STRING, error);
  return status;
}

emend_status emend_dta_open_patch(const emend_source *source, const emend_dataset *dataset, emend_output *output, emend_writer **writer,
                                  emend_error *error) {
  *writer = NULL;
  dta_patch *p = emend_allocate(1, sizeof *p);
  if (!p)
    return emend_fail_memory(error);
  patch_rows_init(&p->rows, source, dataset, put_cell, free_patch);
  emend_status status = emend_dta_dictionary_read(source, &p->dictionary, error);
  if (!status) {
    p->rows.n_variables = p->dictionary->n_variables;
    p->rows.data_offset = p->dictionary->data_offset;
    p->rows.row_bytes = p->dictionary->row_bytes;
    status = check_dataset(p, error);
  }
  if (!status)
    status = patch_copy_new(source, output, &p->rows.copy, error);
  if (status)
    free_patch(&p->rows.writer);
  else
    *writer = &p->rows.writer;
  return status;
}
