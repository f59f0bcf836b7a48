/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>

#include "base/memory.h"
#include "io/sav_inside.h"

/*
 * The data of a .zsav: a header of 24 bytes (its own offset, the index's offset and length), zlib blocks one behind the other, and the
 * index with one entry of 24 bytes for each. Blocks must lie end to end: shared or overlapping ones make small files expand without limit.
 */
enum { MAX_RATIO = 1040, SLACK = 64 };

/* One entry; *expanded and *compressed are where the block must begin in the bytecode and in the file, and are moved behind it. */
static emend_sav_block read_entry(walk *w, uint32_t block, uint32_t block_bytes, uint64_t *expanded, uint64_t *compressed, uint64_t end) {
  uint64_t at = w->offset;
  uint64_t expanded_offset = walk_u64(w), compressed_offset = walk_u64(w);
  uint64_t expanded_bytes = walk_u32(w), compressed_bytes = walk_u32(w);
  if (compressed_offset != *compressed || expanded_offset != *expanded)
    walk_malformed(w, at, "compressed block %" PRIu32 " does not begin where the one before it ends", block + 1);
  if (compressed_bytes == 0 || compressed_bytes > end - *compressed)
    walk_malformed(w, at + 20, "compressed block %" PRIu32 " of %" PRIu64 " bytes does not end before the index", block + 1,
                   compressed_bytes);
  if (expanded_bytes > block_bytes || expanded_bytes > compressed_bytes * MAX_RATIO + SLACK)
    walk_malformed(w, at + 16, "compressed block %" PRIu32 " of %" PRIu64 " bytes claims to hold %" PRIu64, block + 1, compressed_bytes,
                   expanded_bytes);
  *compressed += compressed_bytes;
  *expanded += expanded_bytes;
  return (emend_sav_block){(uint32_t)expanded_bytes, (uint32_t)compressed_bytes};
}

/* That a case takes more bytecode than a writer could spend on it (groups of its own for each, all of raw numbers) means harm. */
static void check_expansion(walk *w, const emend_sav_dictionary *d) {
  uint64_t each = 9 * (uint64_t)d->n_elements + 16;
  if (!w->status && d->n_rows >= 0 && d->expanded_bytes / each > (uint64_t)d->n_rows + 256)
    walk_malformed(w, d->index_offset, "the compressed blocks claim to hold %" PRIu64 " bytes, far more than %" PRId64 " cases need",
                   d->expanded_bytes, d->n_rows);
}

static void read_index(walk *w, emend_sav_dictionary *d, uint64_t index_offset, uint64_t index_bytes) {
  w->within = "the index of compressed blocks";
  walk_seek(w, index_offset);
  walk_skip(w, 16); /* minus the bias, and 0 */
  uint32_t block_bytes = walk_u32(w), n_blocks = walk_u32(w);
  if ((uint64_t)n_blocks * SAV_INDEX_ENTRY + SAV_INDEX_HEADER != index_bytes)
    walk_malformed(w, index_offset + 20, "an index of %" PRIu64 " bytes does not hold %" PRIu32 " blocks", index_bytes, n_blocks);
  uint64_t expanded = d->data_offset, compressed = d->data_offset + SAV_BLOCKS_HEADER;
  d->index_offset = index_offset;
  d->index_bytes = index_bytes;
  d->block_bytes = block_bytes;
  if (!w->status) {
    d->blocks = emend_allocate(n_blocks, sizeof *d->blocks); /* no more than the file has entries for */
    walk_got(w, d->blocks);
    d->n_blocks = d->blocks ? n_blocks : 0;
  }
  for (uint32_t i = 0; i < n_blocks && !w->status; i++)
    d->blocks[i] = read_entry(w, i, block_bytes, &expanded, &compressed, index_offset);
  if (compressed != index_offset)
    walk_malformed(w, index_offset, "the compressed blocks end at byte %" PRIu64 ", the index begins elsewhere", compressed);
  d->expanded_bytes = expanded - d->data_offset;
  check_expansion(w, d);
}

void sav_blocks_read(walk *w, emend_sav_dictionary *d) {
  w->within = "the header of compressed data";
  uint64_t own_offset = walk_u64(w), index_offset = walk_u64(w), index_bytes = walk_u64(w), size = w->source->size;
  if (own_offset != d->data_offset)
    walk_malformed(w, d->data_offset, "the header of compressed data gives %" PRIu64 " as its own place", own_offset);
  if (index_offset < d->data_offset + SAV_BLOCKS_HEADER || index_offset > size || index_bytes > size - index_offset)
    walk_malformed(w, d->data_offset + 8, "the index of compressed blocks lies outside the file");
  if (!w->status)
    read_index(w, d, index_offset, index_bytes);
}
