/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "io/format.h"
#include "io/patch_rows.h"
#include "io/xpt_dictionary.h"

/* Copies a SAS transport file with the imputed cells replaced: rows have one width, so only the cells' own bytes change. */
typedef struct xpt_patch {
  patch_rows rows;
  emend_xpt_dictionary *dictionary;
} xpt_patch;

static emend_status put_cell(patch_rows *rows, uint64_t place, size_t variable, const emend_cell *cell, emend_error *error) {
  xpt_patch *p = (xpt_patch *)rows;
  const emend_xpt_variable *v = &p->dictionary->variables[variable];
  unsigned char bytes[8];
  double value = cell->value;
  if (v->is_text)
    return patch_rows_put_text(rows, place + v->offset, variable, cell->text, v->width, ' ', error);
  if (!isfinite(value))
    return patch_refuse_value(p->rows.dataset, variable, p->rows.row, value, "not a finite number", error);
  if (!emend_xpt_number_put(value, v->width, bytes))
    return patch_refuse_value(p->rows.dataset, variable, p->rows.row, value, "beyond 7.2e75, the largest number of a SAS transport file",
                              error);
  return patch_copy_replace(&rows->copy, place + v->offset, bytes, v->width, error);
}

static void free_patch(emend_writer *writer) {
  xpt_patch *p = (xpt_patch *)writer;
  if (!p)
    return;
  emend_xpt_dictionary_free(p->dictionary);
  patch_copy_free(&p->rows.copy);
  patch_text_free(&p->rows.text);
  free(p);
}

emend_status emend_xpt_check_dataset(const emend_xpt_dictionary *d, const emend_dataset *dataset, emend_error *error) {
  emend_status status = patch_check_size(dataset, d->n_variables, -1, error);
  if (!status && emend_dataset_rows(dataset) > d->most_rows)
    status = patch_check_size(dataset, d->n_variables, (int64_t)d->most_rows, error);
  for (size_t v = 0; v < d->n_variables && !status; v++)
    status = patch_check_variable(dataset, v, d->variables[v].name, d->variables[v].is_text, error);
  return status;
}

emend_status emend_xpt_open_patch(const emend_source *source, const emend_dataset *dataset, emend_output *output, emend_writer **writer,
                                  emend_error *error) {
  *writer = NULL;
  xpt_patch *p = emend_allocate(1, sizeof *p);
  if (!p)
    return emend_fail_memory(error);
  patch_rows_init(&p->rows, source, dataset, put_cell, free_patch);
  emend_status status = emend_xpt_dictionary_read(source, &p->dictionary, error);
  if (!status) {
    p->rows.n_variables = p->dictionary->n_variables;
    p->rows.data_offset = p->dictionary->data_offset;
    p->rows.row_bytes = p->dictionary->row_bytes;
    status = emend_xpt_check_dataset(p->dictionary, dataset, error);
  }
  if (!status)
    status = patch_copy_new(source, output, &p->rows.copy, error);
  if (status)
    free_patch(&p->rows.writer);
  else
    *writer = &p->rows.writer;
  return status;
}
