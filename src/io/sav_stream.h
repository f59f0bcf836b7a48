/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SAV_STREAM_H
#define IO_SAV_STREAM_H

#include "io/sav_bytecode.h"
#include "io/zsav.h"

/* Rows on their way into a .sav or .zsav, in the compression that a dictionary names. */
typedef struct sav_stream {
  const emend_sav_dictionary *dictionary;
  emend_output *output;
  unsigned char group[SAV_GROUP_MOST]; /* bytecode: the opcodes so far, the raw bytes of those behind them */
  unsigned n_codes, n_raw;
  zsav_writer blocks; /* of a .zsav */
  bool open;
} sav_stream;

/* `start` is where the data will begin; the dictionary is the source's, whose level and size of blocks a .zsav keeps. */
emend_status sav_stream_open(sav_stream *stream, const emend_source *source, const emend_sav_dictionary *dictionary, uint64_t start,
                             emend_output *output, emend_error *error);
void sav_stream_close(sav_stream *stream);
/* A row of n elements: their eight bytes, and (for bytecode) the opcodes that they get. */
emend_status sav_stream_row(sav_stream *stream, const unsigned char *bytes, const unsigned char *codes, uint32_t n, emend_error *error);
/* After the last row. `has_end`: bytecode says that it ends. */
emend_status sav_stream_finish(sav_stream *stream, bool has_end, emend_error *error);

#endif
