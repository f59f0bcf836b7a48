/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_BAND_H
#define ENCODE_BAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* A range of numbers that a text names: "18-24", "18 to 24 years", "under 18", "65+", "$10,000-$19,999", "less than 1 hour", "once",
 * "none". */
enum { EMEND_BAND_UNIT = 48 };
typedef struct emend_band {
  double lo, hi;              /* infinite: without an end */
  bool above, below;          /* lo, or hi, itself does not belong to it */
  bool none;                  /* 0, by a word: "none", "no children" */
  double scale;               /* of units of time: how many minutes; else 1 */
  char unit[EMEND_BAND_UNIT]; /* what is counted, folded; "": nothing is said, or units of time */
} emend_band;

/* *is_band: whether the text says nothing but a range. Errors: out of memory. */
emend_status emend_band_read(const char *text, size_t length, emend_band *band, bool *is_band, emend_error *error);
/*
 * True if the bands have one order for certain: all speak of the same, none overlaps another one, and at least one is more than one number
 * or none of what the others count.
 * Bands that are alike have equal keys; others follow each other by them. Changes the bands: all are in the same units.
 */
bool emend_bands_sort(emend_band *bands, size_t n, double *keys);

#endif
