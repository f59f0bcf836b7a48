/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SAV_GHOSTS_H
#define IO_SAV_GHOSTS_H

#include <stdint.h>

#include "base/text.h"
#include "emend/output.h"

/*
 * The dictionary of a .sav file on its way out. A text wider than 255 bytes is stored as several variables; all but the first have names
 * that nobody sees, and ReadStat makes those of two variables alike where the variables' names begin alike: then readers see
 * variables that are not there. The dictionary is held back until it is complete, and such names replaced by different ones.
 */
typedef struct sav_ghosts {
  emend_buffer dictionary;
  bool passed;            /* it is out */
  const uint32_t *widths; /* of the n variables: bytes of a text, 0 for a number */
  size_t n;
} sav_ghosts;

void sav_ghosts_free(sav_ghosts *ghosts);
/* The next bytes of the file, in pieces as ReadStat writes them. */
emend_status sav_ghosts_write(sav_ghosts *ghosts, const void *bytes, size_t length, emend_output *output, emend_error *error);

#endif
