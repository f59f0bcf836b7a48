/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "io/zsav.h"

static emend_status wrong_block(const zsav_reader *r, const char *why, emend_error *error) {
  emend_status status = emend_fail(error, EMEND_MALFORMED, "compressed block %zu is damaged: %s", r->block + 1, why);
  emend_at_byte(error, r->offset);
  return status;
}

static void take_block(zsav_reader *r, size_t block) {
  r->block = block;
  if (block == r->dictionary->n_blocks)
    return;
  r->in_left = r->dictionary->blocks[block].compressed_bytes;
  r->out_left = r->dictionary->blocks[block].expanded_bytes;
  r->inflater.avail_in = 0;
  inflateReset(&r->inflater);
}

emend_status zsav_reader_open(zsav_reader *r, const emend_source *source, const emend_sav_dictionary *dictionary, emend_error *error) {
  r->source = source;
  r->dictionary = dictionary;
  r->offset = dictionary->data_offset + SAV_BLOCKS_HEADER;
  r->open = inflateInit(&r->inflater) == Z_OK;
  if (!r->open)
    return emend_fail_memory(error);
  take_block(r, 0);
  return EMEND_OK;
}

void zsav_reader_close(zsav_reader *r) {
  if (r->open)
    inflateEnd(&r->inflater);
  r->open = false;
}

static emend_status refill(zsav_reader *r, emend_error *error) {
  if (r->inflater.avail_in || !r->in_left)
    return EMEND_OK;
  uint32_t n = r->in_left < sizeof r->in ? r->in_left : (uint32_t)sizeof r->in;
  emend_status status = emend_source_read(r->source, r->offset, r->in, n, error);
  if (status)
    return status;
  r->offset += n;
  r->in_left -= n;
  r->inflater.next_in = r->in;
  r->inflater.avail_in = n;
  return EMEND_OK;
}

/* The block's bytes are all there: so must its end be, and nothing behind it. */
static emend_status end_block(zsav_reader *r, emend_error *error) {
  unsigned char beyond;
  int code = Z_OK;
  while (code == Z_OK) {
    emend_status status = refill(r, error);
    if (status)
      return status;
    r->inflater.next_out = &beyond;
    r->inflater.avail_out = 1;
    code = inflate(&r->inflater, Z_NO_FLUSH);
    if (r->inflater.avail_out == 0)
      return wrong_block(r, "it holds more than its index says", error);
  }
  if (code != Z_STREAM_END)
    return wrong_block(r, "it has no end", error);
  if (r->inflater.avail_in || r->in_left)
    return wrong_block(r, "it ends before the next begins", error);
  take_block(r, r->block + 1);
  return EMEND_OK;
}

static emend_status expand(zsav_reader *r, unsigned char *bytes, size_t wanted, size_t *done, emend_error *error) {
  emend_status status = refill(r, error);
  if (status)
    return status;
  r->inflater.next_out = bytes;
  r->inflater.avail_out = (uInt)wanted;
  int code = inflate(&r->inflater, Z_NO_FLUSH);
  *done = wanted - r->inflater.avail_out;
  r->out_left -= (uint32_t)*done;
  if (code != Z_OK && !(code == Z_STREAM_END && r->out_left == 0))
    return wrong_block(r, code == Z_STREAM_END || code == Z_BUF_ERROR ? "it holds less than its index says" : "it is no zlib stream",
                       error);
  /* Its end was read with its last byte: nothing may follow. */
  if (code == Z_STREAM_END) {
    if (r->inflater.avail_in || r->in_left)
      return wrong_block(r, "it ends before the next begins", error);
    take_block(r, r->block + 1);
  } else if (r->out_left == 0) {
    return end_block(r, error);
  }
  return EMEND_OK;
}

emend_status zsav_read(void *reader, uint64_t offset, void *bytes, size_t length, emend_error *error) {
  zsav_reader *r = reader;
  unsigned char *to = bytes;
  emend_status status = EMEND_OK;
  (void)offset;
  while (length > 0 && !status) {
    size_t done = 0;
    if (r->block == r->dictionary->n_blocks)
      return wrong_block(r, "there is none", error);
    if (r->out_left == 0) {
      status = end_block(r, error);
      continue;
    }
    status = expand(r, to, length < r->out_left ? length : r->out_left, &done, error);
    to += done;
    length -= done;
  }
  return status;
}
