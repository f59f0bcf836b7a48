/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sav_cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/sav_rows.h"
#include "io/sav_value.h"

enum { SEGMENT_BYTES = 255, SEGMENT_ELEMENTS = 32, LONGEST = 32767 };

bool sav_cells_match(const emend_sav_dictionary *d, const emend_dataset *dataset) {
  bool same = emend_dataset_variables(dataset) == d->n_variables;
  for (size_t v = 0; v < d->n_variables && same; v++)
    same = (emend_variable_get_kind(dataset, v) == EMEND_TEXT) == (d->variables[v].width > 0);
  return same;
}

static void put_number(const sav_cells *c, size_t variable, const unsigned char *bytes) {
  double value = sav_get_number(c->dictionary, bytes);
  emend_reason reason = isnan(value) || sav_is_reserved(c->dictionary, value) ? EMEND_SYSTEM_MISSING : EMEND_OBSERVED;
  emend_dataset_put_number(c->dataset, variable, value, reason);
}

/* The bytes of a text without their filling: each segment holds 255 of them, the last what is left. */
static size_t join_segments(const emend_sav_variable *v, const unsigned char *row, char *text) {
  size_t length = 0;
  for (uint32_t segment = 0; segment < v->n_segments && length < v->width; segment++) {
    size_t left = v->width - length, n = left < SEGMENT_BYTES ? left : SEGMENT_BYTES;
    memcpy(text + length, row + 8 * ((size_t)v->element + (size_t)segment * SEGMENT_ELEMENTS), n);
    length += n;
  }
  while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\0'))
    length--;
  return length;
}

/* True if the bytes are the same characters in every encoding of such files. */
static bool is_plain(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (text[i] < ' ' || text[i] == 0x7F)
      return false;
  return true;
}

static emend_status put_text(sav_cells *c, size_t variable, const unsigned char *row, char *buffer, emend_error *error) {
  const char *text = buffer;
  size_t length = join_segments(&c->dictionary->variables[variable], row, buffer), before = c->decoder->repaired;
  if (is_plain(text, length))
    return emend_dataset_put_text(c->dataset, variable, text, length, error);
  bool has_nul = memchr(buffer, '\0', length) != NULL;
  for (size_t i = 0; has_nul && i < length; i++)
    buffer[i] = buffer[i] ? buffer[i] : ' ';
  c->n_nuls += has_nul;
  emend_status status = emend_decode(c->decoder, &text, &length, error);
  if (c->decoder->repaired > before)
    emend_text_places_note(&c->undecoded, variable, emend_dataset_rows(c->dataset) - 1);
  return status ? status : emend_dataset_put_text(c->dataset, variable, text, length, error);
}

static emend_status put_row(sav_cells *c, const unsigned char *row, char *buffer, emend_error *error) {
  emend_status status = emend_dataset_add_row(c->dataset, error);
  for (size_t v = 0; v < c->dictionary->n_variables && !status; v++) {
    if (c->dictionary->variables[v].width)
      status = put_text(c, v, row, buffer, error);
    else
      put_number(c, v, row + 8 * (size_t)c->dictionary->variables[v].element);
  }
  return status;
}

/* Uncompressed and bytecode have been counted; only of a .zsav that does not say how many rows it has the end decides. */
static emend_status read_rows(sav_cells *c, sav_rows *rows, char *buffer, emend_error *error) {
  enum { REPORT_EVERY = 1024 };
  emend_status status = EMEND_OK;
  for (int64_t row = 0; (c->n_rows < 0 || row < c->n_rows) && !status; row++) {
    if (row % REPORT_EVERY == 0)
      status = emend_read_progress(c->options, c->n_rows > 0 ? (double)row / (double)c->n_rows : 0, error);
    if (!status)
      status = sav_rows_next(rows, error);
    if (status || rows->ended)
      break;
    status = put_row(c, rows->bytes, buffer, error);
  }
  return status;
}

emend_status sav_cells_read(sav_cells *c, emend_error *error) {
  sav_rows rows;
  char *buffer = emend_allocate(LONGEST + 1, 1);
  c->decoder->raw = true;
  emend_status status = sav_rows_open(&rows, c->source, c->dictionary, error);
  if (!status && !buffer)
    status = emend_fail_memory(error);
  if (!status)
    status = read_rows(c, &rows, buffer, error);
  sav_rows_close(&rows);
  free(buffer);
  return status;
}
