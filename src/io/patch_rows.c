/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/patch_rows.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

static emend_status write_row(emend_writer *writer, const emend_cell *cells, emend_error *error) {
  patch_rows *p = (patch_rows *)writer;
  emend_status status = EMEND_OK;
  if (p->row == p->n_rows)
    return emend_fail(error, EMEND_INTERNAL, "row %zu was written, the file has %zu", p->row + 1, p->n_rows);
  uint64_t place = p->data_offset + p->row * p->row_bytes;
  for (size_t v = 0; v < p->n_variables && !status; v++)
    if (cells[v].imputed)
      status = p->put(p, place, v, &cells[v], error);
  p->row++;
  return status;
}

static emend_status close_patch(emend_writer *writer, emend_error *error) {
  patch_rows *p = (patch_rows *)writer;
  if (p->row != p->n_rows)
    return emend_fail(error, EMEND_INTERNAL, "%zu rows were written, the file has %zu", p->row, p->n_rows);
  emend_status status = patch_copy_to(&p->copy, p->source->size, error);
  return status ? status : emend_source_unchanged(p->source, error);
}

emend_status patch_rows_put_text(patch_rows *rows, uint64_t place, size_t variable, emend_offset text, size_t width, unsigned char pad,
                                 emend_error *error) {
  unsigned char *bytes = emend_allocate(width, 1);
  if (!bytes)
    return emend_fail_memory(error);
  emend_status status = patch_text_put(&rows->text, rows->dataset, variable, text, bytes, width, pad, error);
  if (!status)
    status = patch_copy_replace(&rows->copy, place, bytes, width, error);
  free(bytes);
  return status;
}

void patch_rows_init(patch_rows *p, const emend_source *source, const emend_dataset *dataset, patch_put *put,
                     void (*release)(emend_writer *writer)) {
  p->writer = (emend_writer){.row = write_row, .close = close_patch, .free = release};
  p->put = put;
  p->source = source;
  p->dataset = dataset;
  p->n_rows = emend_dataset_rows(dataset);
}
