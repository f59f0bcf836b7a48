/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sav_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/sav_value.h"

/* What stands behind the opcodes that are no raw bytes: small whole numbers, blanks, system-missing. */
static void fill_table(sav_rows *r) {
  const emend_sav_dictionary *d = r->dictionary;
  for (int code = 1; code < SAV_END; code++)
    sav_put_number(d, code - d->bias, r->expanded[code]);
  memset(r->expanded[SAV_BLANKS], ' ', sizeof r->expanded[SAV_BLANKS]);
  sav_put_number(d, d->system_missing, r->expanded[SAV_SYSTEM_MISSING]);
}

static void stop(sav_rows *r) {
  sav_groups_free(&r->groups);
  if (r->blocks)
    zsav_reader_close(r->blocks);
}

static emend_status start(sav_rows *r, emend_error *error) {
  const emend_sav_dictionary *d = r->dictionary;
  r->row = 0;
  r->ended = r->has_end = false;
  r->code = r->raw = 0;
  r->group = (sav_group){0};
  if (d->compression == EMEND_SAV_PLAIN)
    return emend_window_seek(&r->window, (int64_t)d->data_offset, 0) < 0 ? r->window.status : EMEND_OK;
  if (d->compression == EMEND_SAV_BYTECODE)
    return sav_groups_new(r->source, d->data_offset, &r->groups, error);
  emend_status status = zsav_reader_open(r->blocks, r->source, d, error);
  return status ? status : sav_groups_from(zsav_read, r->blocks, d->expanded_bytes, &r->groups, error);
}

emend_status sav_rows_open(sav_rows *r, const emend_source *source, const emend_sav_dictionary *d, emend_error *error) {
  *r = (sav_rows){.source = source, .dictionary = d};
  r->bytes = emend_allocate(d->n_elements, 8);
  r->codes = emend_allocate(d->n_elements, 1);
  if (d->compression == EMEND_SAV_ZLIB)
    r->blocks = emend_allocate(1, sizeof *r->blocks);
  if (!r->bytes || !r->codes || (d->compression == EMEND_SAV_ZLIB && !r->blocks))
    return emend_fail_memory(error);
  memset(r->codes, SAV_RAW, d->n_elements);
  fill_table(r);
  emend_status status = d->compression == EMEND_SAV_PLAIN ? emend_window_open(&r->window, source, error) : EMEND_OK;
  return status ? status : start(r, error);
}

void sav_rows_close(sav_rows *r) {
  stop(r);
  emend_window_close(&r->window);
  free(r->blocks);
  free(r->bytes);
  free(r->codes);
  *r = (sav_rows){0};
}

emend_status sav_rows_rewind(sav_rows *r, emend_error *error) {
  stop(r);
  return start(r, error);
}

static emend_status cut_short(const sav_rows *r, emend_error *error) {
  emend_status status = emend_fail(error, EMEND_MALFORMED, "the data end within this row");
  emend_at_row(error, (int64_t)r->row + 1);
  return status;
}

static emend_status next_plain(sav_rows *r, emend_error *error) {
  size_t length = (size_t)r->dictionary->row_bytes;
  r->window.error = error;
  ssize_t got = emend_window_read(&r->window, r->bytes, length);
  if (got < 0)
    return r->window.status;
  r->ended = got == 0;
  return got > 0 && (size_t)got < length ? cut_short(r, error) : EMEND_OK;
}

/* The next group with an opcode in it, or the end. */
static emend_status next_group(sav_rows *r, emend_error *error) {
  emend_status status = sav_groups_ready(&r->groups) ? EMEND_OK : sav_groups_refill(&r->groups, error);
  r->ended = status || !sav_groups_next(&r->groups, &r->group);
  r->code = r->raw = 0;
  return status;
}

/* The next element's opcode and bytes, or the end. */
static emend_status next_element(sav_rows *r, uint32_t element, emend_error *error) {
  for (;;) {
    while (r->code < r->group.n_codes) {
      unsigned char code = r->group.codes[r->code++];
      if (code == SAV_PADDING)
        continue;
      r->has_end = code == SAV_END;
      r->ended = r->has_end || (code == SAV_RAW && r->raw == r->group.n_raw);
      if (r->ended)
        return EMEND_OK;
      const unsigned char *bytes = code == SAV_RAW ? r->group.codes + r->group.n_codes + 8 * (size_t)r->raw++ : r->expanded[code];
      memcpy(r->bytes + 8 * (size_t)element, bytes, 8);
      r->codes[element] = code;
      return EMEND_OK;
    }
    emend_status status = next_group(r, error);
    if (status || r->ended)
      return status;
  }
}

emend_status sav_rows_next(sav_rows *r, emend_error *error) {
  emend_status status = EMEND_OK;
  if (r->ended)
    return EMEND_OK;
  if (r->dictionary->compression == EMEND_SAV_PLAIN)
    status = next_plain(r, error);
  else
    for (uint32_t e = 0; e < r->dictionary->n_elements && !status; e++) {
      status = next_element(r, e, error);
      if (!status && r->ended)
        return e > 0 ? cut_short(r, error) : EMEND_OK;
    }
  r->row += !status && !r->ended;
  return status;
}

emend_status sav_rows_finish(sav_rows *r, emend_error *error) {
  emend_status status = EMEND_OK;
  if (r->dictionary->compression == EMEND_SAV_PLAIN)
    return EMEND_OK;
  for (uint32_t e = 0; e < r->dictionary->n_elements && !status && !r->ended; e++)
    status = next_element(r, e, error);
  return status;
}
