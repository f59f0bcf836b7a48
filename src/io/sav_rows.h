/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SAV_ROWS_H
#define IO_SAV_ROWS_H

#include "io/sav_bytecode.h"
#include "io/window.h"
#include "io/zsav.h"

/* The rows of a .sav or .zsav one after the other, expanded from whatever compression. */
typedef struct sav_rows {
  const emend_source *source;
  const emend_sav_dictionary *dictionary;
  unsigned char *bytes; /* the row in hand as uncompressed data have it, in the file's byte order */
  unsigned char *codes; /* the opcode that each of its elements had; SAV_RAW in uncompressed data */
  size_t row;           /* rows read since the first */
  bool ended;           /* nothing follows the row in hand */
  bool has_end;         /* an opcode said so */

  emend_window window; /* uncompressed data */
  sav_groups groups;   /* bytecode */
  sav_group group;
  unsigned code, raw;
  zsav_reader *blocks; /* of a .zsav, else NULL */
  unsigned char expanded[256][8]; /* what an opcode stands for */
} sav_rows;

emend_status sav_rows_open(sav_rows *rows, const emend_source *source, const emend_sav_dictionary *dictionary, emend_error *error);
void sav_rows_close(sav_rows *rows);
/* The next row, or `ended`. EMEND_MALFORMED, with the row, if the data end within it. */
emend_status sav_rows_next(sav_rows *rows, emend_error *error);
/* Begins again with the first row. */
emend_status sav_rows_rewind(sav_rows *rows, emend_error *error);
/* Looks behind the last row: sets `has_end`. A part of a row there counts for nothing. */
emend_status sav_rows_finish(sav_rows *rows, emend_error *error);

#endif
