/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/format.h"
#include "io/patch_copy.h"
#include "io/sav_added.h"
#include "io/sav_rows.h"
#include "io/sav_stream.h"
#include "io/sav_value.h"

/*
 * An SPSS system file with variables added or rows stacked, in its own byte order and compression: the source's dictionary with records
 * more, its rows element by element as they are, and the new cells behind them. Nothing that the file says passes through anybody's
 * understanding, so nothing is lost there.
 */
typedef struct sav_rebuild {
  emend_writer writer;
  const emend_source *source;
  emend_rows rows;
  emend_output *output;
  emend_sav_dictionary *dictionary;
  emend_buffer head; /* header and dictionary */
  sav_rows from;
  sav_stream to;
  patch_text text;
  unsigned char *bytes, *codes; /* a row of the new file */
  uint32_t n_elements;
  size_t n_source_rows, row;
} sav_rebuild;

static emend_status begin(sav_rebuild *r, emend_error *error) {
  emend_status status = emend_output_write(r->output, r->head.bytes, r->head.length, error);
  if (!status)
    status = sav_rows_open(&r->from, r->source, r->dictionary, error);
  return status ? status : sav_stream_open(&r->to, r->source, r->dictionary, r->head.length, r->output, error);
}

/* The source's row; behind its last, the first again. */
static emend_status read_row(sav_rebuild *r, emend_error *error) {
  emend_status status = EMEND_OK;
  if (r->row > 0 && r->row % r->n_source_rows == 0)
    status = sav_rows_rewind(&r->from, error);
  if (!status)
    status = sav_rows_next(&r->from, error);
  if (!status && r->from.ended)
    status = emend_fail(error, EMEND_MALFORMED, "the file ends before the last row");
  if (status)
    return status;
  memcpy(r->bytes, r->from.bytes, 8 * (size_t)r->dictionary->n_elements);
  memcpy(r->codes, r->from.codes, r->dictionary->n_elements);
  return EMEND_OK;
}

static void put_number(sav_rebuild *r, uint32_t element, double value) {
  sav_put_number(r->dictionary, value, r->bytes + 8 * (size_t)element);
  r->codes[element] = value == r->dictionary->system_missing ? SAV_SYSTEM_MISSING : sav_opcode(value, r->dictionary->bias);
}

static emend_status put_added(sav_rebuild *r, const emend_cell *cells, emend_error *error) {
  const emend_sav_dictionary *d = r->dictionary;
  for (size_t i = 0; i < r->rows.n_added; i++) {
    double value = cells[i].value;
    if (isinf(value) || sav_is_reserved(d, value)) {
      emend_status status = emend_fail(error, EMEND_INTERNAL, "the value of an added variable cannot be written");
      emend_at_variable(error, r->rows.added[i].name);
      emend_at_row(error, (int64_t)r->row + 1);
      return status;
    }
    put_number(r, d->n_elements + (uint32_t)i, isnan(value) ? d->system_missing : value);
  }
  return EMEND_OK;
}

static emend_status put_text(sav_rebuild *r, size_t v, const emend_cell *cell, emend_error *error) {
  const emend_sav_variable *variable = &r->dictionary->variables[v];
  unsigned char *field = r->bytes + 8 * (size_t)variable->element;
  emend_status status = sav_put_text(r->dictionary, r->rows.dataset, v, cell->text, &r->text, field, error);
  for (uint32_t e = 0; e < variable->n_elements; e++)
    r->codes[variable->element + e] = sav_text_opcode(field + 8 * (size_t)e);
  return status;
}

static emend_status put_imputed(sav_rebuild *r, const emend_cell *cells, emend_error *error) {
  const emend_sav_dictionary *d = r->dictionary;
  for (size_t v = 0; v < d->n_variables; v++) {
    if (!cells[v].imputed)
      continue;
    bool is_text = d->variables[v].width > 0;
    emend_status status =
        is_text ? put_text(r, v, &cells[v], error) : sav_check_imputed(d, r->rows.dataset, v, r->row, cells[v].value, error);
    if (status)
      return status;
    if (!is_text)
      put_number(r, d->variables[v].element, cells[v].value);
  }
  return put_added(r, cells + d->n_variables, error);
}

static emend_status write_row(emend_writer *writer, const emend_cell *cells, emend_error *error) {
  sav_rebuild *r = (sav_rebuild *)writer;
  if (r->row == r->rows.n_rows)
    return emend_fail(error, EMEND_INTERNAL, "more rows were written than announced");
  emend_status status = r->row == 0 ? begin(r, error) : EMEND_OK;
  if (!status)
    status = read_row(r, error);
  if (!status)
    status = put_imputed(r, cells, error);
  if (!status)
    status = sav_stream_row(&r->to, r->bytes, r->codes, r->n_elements, error);
  r->row++;
  return status;
}

/* Uncompressed data may have something behind their last row that is no row. */
static emend_status copy_rest(sav_rebuild *r, emend_error *error) {
  enum { CHUNK = 4096 };
  const emend_sav_dictionary *d = r->dictionary;
  char chunk[CHUNK];
  emend_status status = EMEND_OK;
  if (d->compression != EMEND_SAV_PLAIN)
    return EMEND_OK;
  for (uint64_t at = d->data_offset + r->n_source_rows * d->row_bytes; at < r->source->size && !status;) {
    size_t length = r->source->size - at < CHUNK ? (size_t)(r->source->size - at) : CHUNK;
    status = emend_source_read(r->source, at, chunk, length, error);
    if (!status)
      status = emend_output_write(r->output, chunk, length, error);
    at += length;
  }
  return status;
}

static emend_status close_rebuild(emend_writer *writer, emend_error *error) {
  sav_rebuild *r = (sav_rebuild *)writer;
  if (r->row != r->rows.n_rows)
    return emend_fail(error, EMEND_INTERNAL, "fewer rows were written than announced");
  emend_status status = r->row == 0 ? begin(r, error) : EMEND_OK;
  if (!status)
    status = sav_rows_finish(&r->from, error);
  if (!status)
    status = sav_stream_finish(&r->to, r->from.has_end, error);
  if (!status)
    status = copy_rest(r, error);
  return status ? status : emend_source_unchanged(r->source, error);
}

static void free_rebuild(emend_writer *writer) {
  sav_rebuild *r = (sav_rebuild *)writer;
  if (!r)
    return;
  sav_rows_close(&r->from);
  sav_stream_close(&r->to);
  emend_sav_dictionary_free(r->dictionary);
  emend_buffer_free(&r->head);
  patch_text_free(&r->text);
  free(r->bytes);
  free(r->codes);
  free(r);
}

/* That the dataset is this file's, and the rows are copies of it. */
static emend_status check_rows(sav_rebuild *r, emend_error *error) {
  const emend_sav_dictionary *d = r->dictionary;
  const emend_dataset *dataset = r->rows.dataset;
  emend_status status = sav_check_dataset(d, r->source, dataset, error);
  r->n_source_rows = emend_dataset_rows(dataset);
  return status ? status : patch_check_copies(&r->rows, error);
}

static emend_status plan_row(sav_rebuild *r, emend_error *error) {
  r->n_elements = r->dictionary->n_elements + (uint32_t)r->rows.n_added;
  r->bytes = emend_allocate(r->n_elements, 8);
  r->codes = emend_allocate(r->n_elements, 1);
  return r->bytes && r->codes ? EMEND_OK : emend_fail_memory(error);
}

emend_status emend_sav_open_rebuild(const emend_source *source, const emend_rows *rows, emend_losses *losses, emend_output *output,
                                    emend_writer **writer, emend_error *error) {
  *writer = NULL;
  sav_rebuild *r = emend_allocate(1, sizeof *r);
  if (!r)
    return emend_fail_memory(error);
  r->writer = (emend_writer){.row = write_row, .close = close_rebuild, .free = free_rebuild};
  r->source = source;
  r->rows = *rows;
  r->output = output;
  emend_status status = emend_sav_dictionary_read(source, &r->dictionary, error);
  if (!status)
    status = check_rows(r, error);
  if (!status)
    status = sav_added_dictionary(source, r->dictionary, &r->rows, losses, &r->head, error);
  if (!status)
    status = plan_row(r, error);
  if (status)
    free_rebuild(&r->writer);
  else
    *writer = &r->writer;
  return status;
}
