/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_ZSAV_H
#define IO_ZSAV_H

#include <zlib.h>

#include "emend/output.h"
#include "io/sav_dictionary.h"

/* The zlib blocks of a .zsav as one stream of bytecode, in and out. */

/* Blocks that claim to hold more are not patched: SPSS and PSPP write 4 MiB, and one is kept in memory. */
enum { ZSAV_MOST_BLOCK = 1 << 26 };

typedef struct zsav_reader {
  const emend_source *source;
  const emend_sav_dictionary *dictionary;
  z_stream inflater;
  bool open;
  size_t block;         /* in hand */
  uint64_t offset;      /* in the file: of the next compressed bytes to be read */
  uint32_t in_left;     /* compressed bytes of the block not read yet */
  uint32_t out_left;    /* expanded bytes of the block not delivered yet */
  unsigned char in[1 << 16];
} zsav_reader;

emend_status zsav_reader_open(zsav_reader *reader, const emend_source *source, const emend_sav_dictionary *dictionary, emend_error *error);
void zsav_reader_close(zsav_reader *reader);
/* The next `length` bytes (a sav_read: `offset` is only where the caller believes to be). EMEND_MALFORMED if a block does not hold
 * exactly what the index says. */
emend_status zsav_read(void *reader, uint64_t offset, void *bytes, size_t length, emend_error *error);

/*
 * Cuts a stream of bytecode where the blocks of the source were cut. A block that comes out as it went in is copied with its compressed
 * bytes; the others are deflated anew with the level and window that the source's first block names. Once the stream is longer or
 * shorter than the source's, all that follows is in other places, and deflated anew: readers want full blocks but for the last.
 * The blocks wait in an unnamed temporary file, since what tells their place comes before them.
 */
typedef struct zsav_writer {
  const emend_source *source;
  const emend_sav_dictionary *dictionary;
  int spool;
  emend_sav_block *blocks; /* made so far */
  size_t n_blocks, capacity;
  size_t n_twins;       /* blocks of the source that those of this number are compared with */
  uint64_t start;       /* where the data begin in the new file */
  unsigned char *block; /* expanded bytes of the block in hand */
  size_t used, room;
  bool same;              /* what is in it is what the source's block of this number has */
  int64_t shift;          /* bytes by which the stream is longer than the source's so far */
  uint64_t source_offset; /* of the source's block of this number, compressed */
  unsigned char *compressed;
  size_t compressed_room;
  int level, window_bits;
} zsav_writer;

emend_status zsav_writer_open(zsav_writer *writer, const emend_source *source, const emend_sav_dictionary *dictionary, emend_error *error);
/* For a stream that has nothing to do with the source's but the level and the size of its blocks. */
emend_status zsav_writer_open_anew(zsav_writer *writer, const emend_source *source, const emend_sav_dictionary *dictionary, uint64_t start,
                                   emend_error *error);
void zsav_writer_close(zsav_writer *writer);
/* More of the stream: bytes of the source, or others in place of `replaced` of its bytes. */
emend_status zsav_write(zsav_writer *writer, const void *bytes, size_t length, emend_error *error);
emend_status zsav_write_changed(zsav_writer *writer, const void *bytes, size_t length, size_t replaced, emend_error *error);
/* After the last byte: the header, the blocks and their index. */
emend_status zsav_writer_finish(zsav_writer *writer, emend_output *output, emend_error *error);

#endif
