/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <byteswap.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/zsav.h"

enum { COPY_BYTES = 1 << 16, USUAL_BLOCK = 0x3FF000 };

/* The second byte of a zlib stream names the class of its level, the first the window: a block made anew looks like its neighbours. */
static emend_status find_level(zsav_writer *w, emend_error *error) {
  static const int levels[] = {1, 5, Z_DEFAULT_COMPRESSION, 9};
  unsigned char head[2] = {0x78, 0x9C};
  emend_status status = EMEND_OK;
  if (w->dictionary->n_blocks && w->dictionary->blocks[0].compressed_bytes >= sizeof head)
    status = emend_source_read(w->source, w->source_offset, head, sizeof head, error);
  w->level = levels[head[1] >> 6];
  w->window_bits = (head[0] & 15) == 8 && head[0] >> 4 <= 7 ? (head[0] >> 4) + 8 : 15;
  return status;
}

emend_status zsav_writer_open(zsav_writer *w, const emend_source *source, const emend_sav_dictionary *d, emend_error *error) {
  *w = (zsav_writer){.source = source, .dictionary = d, .spool = -1, .same = true, .n_twins = d->n_blocks, .start = d->data_offset};
  w->source_offset = d->data_offset + SAV_BLOCKS_HEADER;
  w->room = d->block_bytes;
  if (d->block_bytes > ZSAV_MOST_BLOCK) {
    emend_status status = emend_fail(error, EMEND_UNSUPPORTED, "its compressed blocks may hold %lu bytes each, more than emend rewrites",
                                     (unsigned long)d->block_bytes);
    emend_try(error, "an output that ends in .csv, or saving the file anew");
    return status;
  }
  if (w->room == 0)
    w->room = USUAL_BLOCK;
  w->block = malloc(w->room);
  w->compressed_room = compressBound(w->room);
  w->compressed = malloc(w->compressed_room > COPY_BYTES ? w->compressed_room : COPY_BYTES);
  return w->block && w->compressed ? find_level(w, error) : emend_fail_memory(error);
}

emend_status zsav_writer_open_anew(zsav_writer *w, const emend_source *source, const emend_sav_dictionary *d, uint64_t start,
                                   emend_error *error) {
  emend_status status = zsav_writer_open(w, source, d, error);
  w->n_twins = 0;
  w->start = start;
  return status;
}

void zsav_writer_close(zsav_writer *w) {
  if (w->block && w->spool >= 0)
    close(w->spool);
  free(w->blocks);
  free(w->block);
  free(w->compressed);
  *w = (zsav_writer){.spool = -1};
}

static emend_status spool(zsav_writer *w, const unsigned char *bytes, size_t length, emend_error *error) {
  emend_status status = w->spool < 0 ? emend_open_temporary(&w->spool, error) : EMEND_OK;
  while (length > 0 && !status) {
    ssize_t put = write(w->spool, bytes, length);
    if (put > 0) {
      bytes += put;
      length -= (size_t)put;
    } else if (put == 0 || errno != EINTR) {
      status = emend_fail_errno(error, "the compressed blocks cannot be kept in a temporary file");
      emend_try(error, "setting TMPDIR to a folder with room");
    }
  }
  return status;
}

static emend_status note_block(zsav_writer *w, size_t compressed_bytes, emend_error *error) {
  if (w->n_blocks == w->capacity) {
    size_t capacity = w->capacity ? 2 * w->capacity : w->dictionary->n_blocks + 4;
    emend_sav_block *longer = emend_reallocate(w->blocks, capacity, sizeof *longer);
    if (!longer)
      return emend_fail_memory(error);
    w->blocks = longer;
    w->capacity = capacity;
  }
  w->blocks[w->n_blocks++] = (emend_sav_block){(uint32_t)w->used, (uint32_t)compressed_bytes};
  return EMEND_OK;
}

static emend_status copy_block(zsav_writer *w, emend_error *error) {
  uint32_t left = w->dictionary->blocks[w->n_blocks].compressed_bytes;
  uint64_t at = w->source_offset;
  emend_status status = note_block(w, left, error);
  while (left > 0 && !status) {
    size_t n = left < COPY_BYTES ? left : COPY_BYTES;
    status = emend_source_read(w->source, at, w->compressed, n, error);
    if (!status)
      status = spool(w, w->compressed, n, error);
    at += n;
    left -= (uint32_t)n;
  }
  return status;
}

static emend_status deflate_block(zsav_writer *w, emend_error *error) {
  z_stream stream = {.next_in = w->block, .avail_in = (uInt)w->used};
  if (deflateInit2(&stream, w->level, Z_DEFLATED, w->window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    return emend_fail_memory(error);
  stream.next_out = w->compressed;
  stream.avail_out = (uInt)w->compressed_room;
  int code = deflate(&stream, Z_FINISH);
  size_t length = w->compressed_room - stream.avail_out;
  deflateEnd(&stream);
  if (code != Z_STREAM_END)
    return emend_fail(error, EMEND_INTERNAL, "zlib could not compress a block");
  emend_status status = note_block(w, length, error);
  return status ? status : spool(w, w->compressed, length, error);
}

static bool has_twin(const zsav_writer *w) { return w->n_blocks < w->n_twins; }

/* Bytes of the block in hand when it is full: as many as the source's has, and the last as many as any. */
static size_t full(const zsav_writer *w) {
  return w->n_blocks + 1 < w->n_twins ? w->dictionary->blocks[w->n_blocks].expanded_bytes : w->room;
}

static emend_status finish_block(zsav_writer *w, emend_error *error) {
  const emend_sav_block *twin = has_twin(w) ? &w->dictionary->blocks[w->n_blocks] : NULL;
  bool copies = twin && w->same && w->used == twin->expanded_bytes;
  emend_status status = copies ? copy_block(w, error) : deflate_block(w, error);
  if (status)
    return status;
  w->used = 0;
  if (twin)
    w->source_offset += twin->compressed_bytes;
  w->same = w->shift == 0;
  return EMEND_OK;
}

static emend_status write_stream(zsav_writer *w, const void *bytes, size_t length, bool changed, emend_error *error) {
  const unsigned char *from = bytes;
  emend_status status = EMEND_OK;
  while (length > 0 && !status) {
    size_t left = full(w) - w->used, n = length < left ? length : left;
    memcpy(w->block + w->used, from, n);
    w->used += n;
    w->same = w->same && !(changed && n > 0);
    from += n;
    length -= n;
    if (w->used == full(w))
      status = finish_block(w, error);
  }
  return status;
}

emend_status zsav_write(zsav_writer *w, const void *bytes, size_t length, emend_error *error) {
  return write_stream(w, bytes, length, false, error);
}

emend_status zsav_write_changed(zsav_writer *w, const void *bytes, size_t length, size_t replaced, emend_error *error) {
  w->shift += (int64_t)length - (int64_t)replaced; /* before: a block may begin behind these bytes */
  return write_stream(w, bytes, length, true, error);
}

static void put(const zsav_writer *w, uint64_t value, size_t n_bytes, unsigned char *to) {
  for (size_t i = 0; i < n_bytes; i++)
    to[i] = (unsigned char)(value >> 8 * (w->dictionary->big_endian ? n_bytes - 1 - i : i));
}

static emend_status write_spool(zsav_writer *w, uint64_t length, emend_output *output, emend_error *error) {
  emend_status status = EMEND_OK;
  for (uint64_t at = 0; at < length && !status;) {
    size_t n = length - at < COPY_BYTES ? (size_t)(length - at) : COPY_BYTES;
    ssize_t got = pread(w->spool, w->compressed, n, (off_t)at);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return emend_fail_errno(error, "the compressed blocks cannot be read back from a temporary file");
    status = emend_output_write(output, w->compressed, (size_t)got, error);
    at += (uint64_t)got;
  }
  return status;
}

static emend_status write_index(zsav_writer *w, emend_output *output, emend_error *error) {
  unsigned char head[SAV_INDEX_HEADER], entry[SAV_INDEX_ENTRY];
  uint64_t expanded = w->start, compressed = expanded + SAV_BLOCKS_HEADER;
  emend_status status = emend_source_read(w->source, w->dictionary->index_offset, head, sizeof head, error);
  if (w->n_twins < w->dictionary->n_blocks || w->n_blocks > w->n_twins)
    put(w, w->room, 4, head + 16); /* the source may have had no block to give a size to */
  put(w, w->n_blocks, 4, head + 20);
  if (!status)
    status = emend_output_write(output, head, sizeof head, error);
  for (size_t i = 0; i < w->n_blocks && !status; i++) {
    put(w, expanded, 8, entry);
    put(w, compressed, 8, entry + 8);
    put(w, w->blocks[i].expanded_bytes, 4, entry + 16);
    put(w, w->blocks[i].compressed_bytes, 4, entry + 20);
    status = emend_output_write(output, entry, sizeof entry, error);
    expanded += w->blocks[i].expanded_bytes;
    compressed += w->blocks[i].compressed_bytes;
  }
  return status;
}

emend_status zsav_writer_finish(zsav_writer *w, emend_output *output, emend_error *error) {
  unsigned char head[SAV_BLOCKS_HEADER];
  uint64_t length = 0, start = w->start;
  emend_status status = EMEND_OK;
  while (!status && (w->used > 0 || (has_twin(w) && w->same && w->dictionary->blocks[w->n_blocks].expanded_bytes == 0)))
    status = finish_block(w, error);
  for (size_t i = 0; i < w->n_blocks; i++)
    length += w->blocks[i].compressed_bytes;
  put(w, start, 8, head);
  put(w, start + SAV_BLOCKS_HEADER + length, 8, head + 8);
  put(w, SAV_INDEX_HEADER + (uint64_t)SAV_INDEX_ENTRY * w->n_blocks, 8, head + 16);
  if (!status)
    status = emend_output_write(output, head, sizeof head, error);
  if (!status)
    status = write_spool(w, length, output, error);
  return status ? status : write_index(w, output, error);
}
