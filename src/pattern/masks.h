/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PATTERN_MASKS_H
#define PATTERN_MASKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/bits.h"
#include "base/error.h"

/* The set of distinct missing-data masks (bit j: column j is missing), numbered in order of appearance, with their rows counted. */
typedef struct emend_masks emend_masks;

typedef struct emend_mask_info {
  size_t n_rows, n_missing;
  double weight;
} emend_mask_info;

emend_masks *emend_masks_new(size_t n_columns); /* NULL when out of memory */
void emend_masks_free(emend_masks *masks);
size_t emend_masks_words(size_t n_columns); /* 64-bit words of a mask; at least 1 */
/* The columns that a mask says are missing. */
size_t emend_mask_count(const uint64_t *mask, size_t words);
/* Counts one row of this mask and weight; its number in *number. */
emend_status emend_masks_add(emend_masks *masks, const uint64_t *mask, double weight, uint32_t *number, emend_error *error);
/* The number of a mask, which is added if it is new; counts no row. */
emend_status emend_masks_find(emend_masks *masks, const uint64_t *mask, uint32_t *number, emend_error *error);
size_t emend_masks_count(const emend_masks *masks);
const uint64_t *emend_masks_bits(const emend_masks *masks, uint32_t number);
const emend_mask_info *emend_masks_info(const emend_masks *masks, uint32_t number);
/* Their numbers by missing columns, then by bits: an order that does not depend on the order of the rows. The caller frees; NULL: no
 * memory. */
uint32_t *emend_masks_sorted(const emend_masks *masks);

#endif
