/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SAV_CELLS_H
#define IO_SAV_CELLS_H

#include "data/dataset.h"
#include "io/decode.h"
#include "io/options.h"
#include "io/sav_dictionary.h"

/*
 * The cells of a .sav or .zsav, read by emend itself: ReadStat loses bytes of texts wider than 255 bytes, or writes outside its memory,
 * where their segments hold NULs or are full.
 */
typedef struct sav_cells {
  const emend_source *source;
  const emend_sav_dictionary *dictionary;
  const emend_read_options *options;
  emend_decoder *decoder; /* knows the file's encoding; texts come raw */
  emend_dataset *dataset; /* with its variables */
  int64_t n_rows;         /* -1: until the data end */
  emend_text_places undecoded; /* texts with bytes that the encoding does not define */
  size_t n_nuls;          /* texts with NULs within, which became blanks */
} sav_cells;

/* True if the dataset's variables are those of the dictionary: their number and which are texts. */
bool sav_cells_match(const emend_sav_dictionary *dictionary, const emend_dataset *dataset);
emend_status sav_cells_read(sav_cells *cells, emend_error *error);

#endif
