/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PATTERN_GATHERING_H
#define PATTERN_GATHERING_H

/* Rows on their way to their patterns: reduced.c gathers them, lay_out.c puts them in order. For these two only. */
#include "pattern/accumulator.h"
#include "pattern/masks.h"
#include "pattern/reduced.h"

enum { NONE = UINT32_MAX };

/* A pattern while rows arrive: a list of stored rows, until one more than o + 1 comes; then their products. One is touched for each row: it
 * is kept small. */
typedef struct holding {
  accumulator *accumulator;
  double weight, squares; /* sums over the rows, of the weights and of their squares */
  uint32_t n_rows, n_observed, head, tail, n_held;
} holding;

typedef struct gathering {
  const emend_matrix *matrix;
  const emend_scan *scan;
  emend_reduced *made;
  emend_masks *masks;
  holding *holdings;
  size_t n_holdings;
  emend_scan_columns columns; /* provisional standards and moments */
  bool given;                 /* the standards are the caller's */
  size_t block_rows, words;
  double *block, *z;
  uint64_t *block_masks;
  int64_t *scratch;
  uint32_t *next; /* of each stored row, in its pattern's list */
  uint32_t n_stored;
  uint32_t *order; /* pattern number by place */
} gathering;

/* When all rows are there: patterns in the order of emend_reduced, their rows, pseudo-rows where there are more than o + 1, in their places
 * and in final units (`mean` and `inverse_sd` of the provisional ones, `stride` entries each). */
emend_status gathering_lay_out(gathering *b, const double *mean, const double *inverse_sd, emend_error *error);

#endif
