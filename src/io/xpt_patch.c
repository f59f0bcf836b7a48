/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "io/format.h"
#include "io/patch_copy.h"
#include "io/xpt_dictionary.h"

/* Copies a SAS transport file with the imputed cells replaced: rows have one width, so only the cells' own bytes change. */
typedef struct xpt_patch {
  emend_writer writer;
  const emend_source *source;
  const emend_dataset *dataset;
  emend_xpt_dictionary *dictionary;
  patch_copy copy;
  size_t n_rows, row;
} xpt_patch;

static emend_status put_cell(xpt_patch *p, size_t variable, double value, emend_error *error) {
  const emend_xpt_variable *v = &p->dictionary->variables[variable];
  unsigned char bytes[8];
  if (v->is_text)
    return patch_refuse_value(p->dataset, variable, p->row, value, "meant for a string", error);
  if (!isfinite(value))
    return patch_refuse_value(p->dataset, variable, p->row, value, "not a finite number", error);
  if (!emend_xpt_number_put(value, v->width, bytes))
    return patch_refuse_value(p->dataset, variable, p->row, value, "beyond 7.2e75, the largest number of a SAS transport file", error);
  return patch_copy_replace(&p->copy, p->dictionary->data_offset + p->row * p->dictionary->row_bytes + v->offset, bytes, v->width, error);
}

static emend_status write_row(emend_writer *writer, const emend_cell *cells, emend_error *error) {
  xpt_patch *p = (xpt_patch *)writer;
  emend_status status = EMEND_OK;
  if (p->row == p->n_rows)
    return emend_fail(error, EMEND_INTERNAL, "row %zu was written, the file has %zu", p->row + 1, p->n_rows);
  for (size_t v = 0; v < p->dictionary->n_variables && !status; v++)
    if (cells[v].imputed)
      status = put_cell(p, v, cells[v].value, error);
  p->row++;
  return status;
}

static emend_status close_patch(emend_writer *writer, emend_error *error) {
  xpt_patch *p = (xpt_patch *)writer;
  if (p->row != p->n_rows)
    return emend_fail(error, EMEND_INTERNAL, "%zu rows were written, the file has %zu", p->row, p->n_rows);
  emend_status status = patch_copy_to(&p->copy, p->source->size, error);
  return status ? status : emend_source_unchanged(p->source, error);
}

static void free_patch(emend_writer *writer) {
  xpt_patch *p = (xpt_patch *)writer;
  if (!p)
    return;
  emend_xpt_dictionary_free(p->dictionary);
  patch_copy_free(&p->copy);
  free(p);
}

/* The dataset was read by another program's parser: that it saw the same variables and rows is not taken for granted. */
static emend_status check_dataset(const xpt_patch *p, emend_error *error) {
  const emend_xpt_dictionary *d = p->dictionary;
  emend_status status = patch_check_size(p->dataset, d->n_variables, -1, error);
  if (!status && p->n_rows > d->most_rows)
    status = patch_check_size(p->dataset, d->n_variables, (int64_t)d->most_rows, error);
  for (size_t v = 0; v < d->n_variables && !status; v++)
    status = patch_check_variable(p->dataset, v, d->variables[v].name, d->variables[v].is_text, error);
  return status;
}

emend_status emend_xpt_open_patch(const emend_source *source, const emend_dataset *dataset, emend_output *output, emend_writer **writer,
                                  emend_error *error) {
  *writer = NULL;
  xpt_patch *p = emend_allocate(1, sizeof *p);
  if (!p)
    return emend_fail_memory(error);
  p->writer = (emend_writer){.row = write_row, .close = close_patch, .free = free_patch};
  p->source = source;
  p->dataset = dataset;
  p->n_rows = emend_dataset_rows(dataset);
  emend_status status = emend_xpt_dictionary_read(source, &p->dictionary, error);
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
