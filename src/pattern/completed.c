/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pattern/completed.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "pattern/masks.h"

emend_status emend_completed_new(size_t n_rows, size_t n_columns, emend_completed **completed, emend_error *error) {
  enum { CHUNK_CELLS = 1 << 18, FEWEST_BITS = 8, MOST_BITS = 14 };
  unsigned bits = FEWEST_BITS;
  *completed = NULL;
  while (bits < MOST_BITS && ((size_t)2 << bits) * (n_columns + 1) <= CHUNK_CELLS)
    bits++;
  size_t chunk_rows = (size_t)1 << bits;
  emend_completed *made = emend_allocate(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  *made = (emend_completed){.n_rows = n_rows,
                            .n_columns = n_columns,
                            .words = emend_masks_words(n_columns),
                            .chunk_rows = chunk_rows,
                            .chunk_bits = bits,
                            .n_chunks = (n_rows + chunk_rows - 1) / chunk_rows};
  made->chunks = emend_allocate(made->n_chunks, sizeof *made->chunks);
  if (!made->chunks) {
    free(made);
    return emend_fail_memory(error);
  }
  *completed = made;
  return EMEND_OK;
}

void emend_completed_free(emend_completed *c) {
  if (!c)
    return;
  for (size_t i = 0; i < c->n_chunks; i++)
    free(c->chunks[i].masks), free(c->chunks[i].start), free(c->chunks[i].values), free(c->chunks[i].spreads);
  free(c->chunks), free(c);
}

size_t emend_completed_chunk_rows(const emend_completed *c, size_t chunk) {
  size_t first = chunk * c->chunk_rows;
  return c->n_rows - first < c->chunk_rows ? c->n_rows - first : c->chunk_rows;
}

emend_status emend_completed_open(emend_completed *c, size_t chunk, emend_error *error) {
  emend_completed_chunk *own = &c->chunks[chunk];
  size_t n = emend_completed_chunk_rows(c, chunk), sum = 0;
  own->start = emend_allocate(n + 1, sizeof *own->start);
  if (!own->start)
    return emend_fail_memory(error);
  for (size_t i = 0; i < n; i++) {
    own->start[i] = (uint32_t)sum;
    sum += emend_mask_count(own->masks + i * c->words, c->words);
  }
  if (sum > UINT32_MAX)
    return emend_fail(error, EMEND_LIMIT_EXCEEDED, "%zu columns are more than emend can complete", c->n_columns);
  own->start[n] = (uint32_t)sum;
  own->values = emend_allocate(sum, sizeof *own->values);
  if (c->with_spreads)
    own->spreads = emend_allocate(sum, sizeof *own->spreads);
  return own->values && (own->spreads || !c->with_spreads) ? EMEND_OK : emend_fail_memory(error);
}

/* Where the cell stands among those of its chunk; SIZE_MAX if it was not missing. */
static size_t place_of(const emend_completed *c, const emend_completed_chunk *own, size_t row, size_t column) {
  size_t i = row & (c->chunk_rows - 1), word = column / 64;
  const uint64_t *mask = own->masks + i * c->words;
  uint64_t bit = UINT64_C(1) << column % 64;
  if (!(mask[word] & bit))
    return SIZE_MAX;
  size_t place = own->start[i] + emend_bits_count(mask[word] & (bit - 1));
  return word ? place + emend_mask_count(mask, word) : place;
}

double *emend_completed_cell(const emend_completed *c, size_t row, size_t column) {
  const emend_completed_chunk *own = &c->chunks[row >> c->chunk_bits];
  size_t place = place_of(c, own, row, column);
  return place == SIZE_MAX ? NULL : &own->values[place];
}

double emend_completed_value(const emend_completed *c, size_t row, size_t column) {
  const double *cell = emend_completed_cell(c, row, column);
  return cell ? *cell : NAN;
}

void emend_completed_put(emend_completed *c, size_t row, size_t column, double value, double spread) {
  emend_completed_chunk *own = &c->chunks[row >> c->chunk_bits];
  size_t place = place_of(c, own, row, column);
  if (place == SIZE_MAX)
    return;
  own->values[place] = value;
  if (own->spreads)
    own->spreads[place] = (float)spread;
}

double emend_completed_spread(const emend_completed *c, size_t row, size_t column) {
  const emend_completed_chunk *own = &c->chunks[row >> c->chunk_bits];
  size_t place = c->with_spreads ? place_of(c, own, row, column) : SIZE_MAX;
  return place == SIZE_MAX ? NAN : (double)own->spreads[place];
}
