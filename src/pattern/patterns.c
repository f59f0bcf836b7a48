/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pattern/patterns.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "pattern/masks.h"

enum { BLOCK_ROWS = 256 };

/* Everything the two passes share. */
typedef struct builder {
  const emend_matrix *matrix;
  emend_patterns *made;
  emend_masks *masks; /* the distinct masks met, numbered in order of appearance */
  uint64_t *mask;     /* of the row at hand */
  double *block;      /* BLOCK_ROWS rows of the matrix */
  uint32_t *order;    /* new number of each mask */
} builder;

static void builder_free(builder *b) {
  emend_masks_free(b->masks);
  free(b->mask), free(b->block), free(b->order);
}

void emend_patterns_free(emend_patterns *p) {
  if (!p)
    return;
  free(p->values), free(p->weights), free(p->position), free(p->patterns), free(p->columns);
  free(p->center), free(p->scale), free(p);
}

static emend_status prepare(builder *b, emend_error *error) {
  const emend_matrix *matrix = b->matrix;
  size_t n = matrix->n_rows, p = matrix->n_columns;
  emend_patterns *made = emend_allocate(1, sizeof *made);
  b->made = made;
  if (!made)
    return emend_fail_memory(error);
  made->n_rows = n;
  made->n_columns = p;
  made->position = emend_allocate(n, sizeof *made->position);
  made->weights = matrix->weights ? emend_allocate(n, sizeof *made->weights) : NULL;
  made->center = emend_allocate(p, sizeof(double));
  made->scale = emend_allocate(p, sizeof(double));
  b->masks = emend_masks_new(p);
  b->mask = emend_allocate(emend_masks_words(p), sizeof(uint64_t));
  b->block = emend_allocate(BLOCK_ROWS, (p ? p : 1) * sizeof(double));
  bool ok = made->position && (made->weights || !matrix->weights) && made->center && made->scale && b->masks && b->mask && b->block;
  return ok ? EMEND_OK : emend_fail_memory(error);
}

static emend_status scan_row(builder *b, size_t row, const double *x, emend_error *error) {
  const emend_matrix *matrix = b->matrix;
  double weight = matrix->weights ? matrix->weights[row] : 1;
  if (!(weight >= 0) || isinf(weight)) {
    emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "the weight %g is not a finite number that is at least 0", weight);
    emend_at_row(error, (int64_t)row + 1);
    return status;
  }
  memset(b->mask, 0, emend_masks_words(matrix->n_columns) * sizeof *b->mask);
  for (size_t j = 0; j < matrix->n_columns; j++) {
    if (isnan(x[j])) {
      b->mask[j / 64] |= UINT64_C(1) << j % 64;
    } else if (isinf(x[j])) {
      emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "column %zu holds an infinite value", j + 1);
      emend_at_row(error, (int64_t)row + 1);
      return status;
    }
  }
  return emend_masks_add(b->masks, b->mask, weight, &b->made->position[row], error);
}

/* First pass: which pattern each row has. */
static emend_status scan(builder *b, emend_events *events, emend_error *error) {
  size_t n = b->matrix->n_rows, p = b->matrix->n_columns;
  emend_status status = EMEND_OK;
  for (size_t row = 0; row < n && !status; row += BLOCK_ROWS) {
    size_t count = n - row < BLOCK_ROWS ? n - row : BLOCK_ROWS;
    b->matrix->read(b->matrix->state, row, count, b->block);
    for (size_t i = 0; i < count && !status; i++)
      status = scan_row(b, row + i, b->block + i * p, error);
    if (!status && row % (64 * BLOCK_ROWS) == 0)
      status = emend_progress(events, "estimate", -1, "missing-data patterns", error);
  }
  return status;
}

/* The patterns in the order of their number of missing columns, with their places and column lists. */
static emend_status lay_out(builder *b, emend_error *error) {
  emend_patterns *made = b->made;
  size_t p = made->n_columns, n_patterns = made->n_patterns = emend_masks_count(b->masks);
  b->order = emend_allocate(n_patterns, sizeof *b->order);
  uint32_t *sorted = emend_masks_sorted(b->masks);
  made->patterns = emend_allocate(n_patterns, sizeof *made->patterns);
  size_t n_listed = 0;
  for (size_t s = 0; s < n_patterns; s++)
    n_listed += emend_masks_info(b->masks, (uint32_t)s)->n_missing;
  made->columns = emend_allocate(n_listed, sizeof *made->columns);
  made->values = emend_allocate(made->n_rows, (p ? p : 1) * sizeof(double));
  bool ok = b->order && sorted && made->patterns && made->columns && made->values;
  size_t first = 0;
  uint32_t *list = made->columns;
  for (size_t s = 0; ok && s < n_patterns; s++) {
    const emend_mask_info *info = emend_masks_info(b->masks, sorted[s]);
    const uint64_t *mask = emend_masks_bits(b->masks, sorted[s]);
    made->patterns[s] = (emend_pattern){.first = first,
                                        .n_rows = info->n_rows,
                                        .weight = info->weight,
                                        .n_missing = info->n_missing,
                                        .missing = list};
    for (size_t j = 0; j < p; j++)
      if (mask[j / 64] >> j % 64 & 1)
        *list++ = (uint32_t)j;
    b->order[sorted[s]] = (uint32_t)s;
    first += info->n_rows;
  }
  free(sorted);
  return ok ? EMEND_OK : emend_fail_memory(error);
}

/* Second pass: the rows, standardised, to their places. */
static emend_status place(builder *b, emend_events *events, emend_error *error) {
  emend_patterns *made = b->made;
  size_t n = made->n_rows, p = made->n_columns;
  size_t *next = emend_allocate(made->n_patterns, sizeof *next);
  double *inverse = emend_allocate(p, sizeof *inverse);
  emend_status status = next && inverse ? EMEND_OK : emend_fail_memory(error);
  for (size_t j = 0; j < p && !status; j++)
    inverse[j] = 1 / made->scale[j];
  for (size_t s = 0; s < made->n_patterns && !status; s++)
    next[s] = made->patterns[s].first;
  for (size_t row = 0; row < n && !status; row += BLOCK_ROWS) {
    size_t count = n - row < BLOCK_ROWS ? n - row : BLOCK_ROWS;
    b->matrix->read(b->matrix->state, row, count, b->block);
    for (size_t i = 0; i < count; i++) {
      size_t at = next[b->order[made->position[row + i]]]++;
      const double *x = b->block + i * p;
      double *z = made->values + at * p;
      for (size_t j = 0; j < p; j++)
        z[j] = isnan(x[j]) ? 0 : (x[j] - made->center[j]) * inverse[j];
      if (made->weights)
        made->weights[at] = b->matrix->weights[row + i];
      made->position[row + i] = (uint32_t)at;
    }
    if (row % (64 * BLOCK_ROWS) == 0)
      status = emend_progress(events, "estimate", -1, "missing-data patterns", error);
  }
  free(next), free(inverse);
  return status;
}

emend_status emend_patterns_new(const emend_matrix *matrix, const double *center, const double *scale, emend_events *events,
                                emend_patterns **patterns, emend_error *error) {
  *patterns = NULL;
  if (matrix->n_rows >= UINT32_MAX || matrix->n_columns >= UINT32_MAX)
    return emend_fail(error, EMEND_LIMIT_EXCEEDED, "%zu rows and %zu columns are more than emend can hold", matrix->n_rows,
                      matrix->n_columns);
  builder b = {.matrix = matrix};
  emend_status status = prepare(&b, error);
  if (!status)
    status = scan(&b, events, error);
  if (!status) {
    memcpy(b.made->center, center, matrix->n_columns * sizeof *center);
    memcpy(b.made->scale, scale, matrix->n_columns * sizeof *scale);
    status = lay_out(&b, error);
  }
  if (!status)
    status = place(&b, events, error);
  builder_free(&b);
  if (status)
    emend_patterns_free(b.made);
  else
    *patterns = b.made;
  return status;
}

size_t emend_pattern_observed(const emend_patterns *patterns, const emend_pattern *pattern, uint32_t *columns) {
  size_t count = 0, m = 0;
  for (size_t j = 0; j < patterns->n_columns; j++) {
    if (m < pattern->n_missing && pattern->missing[m] == j)
      m++;
    else
      columns[count++] = (uint32_t)j;
  }
  return count;
}

double emend_patterns_value(const emend_patterns *patterns, size_t row, size_t column) {
  double standardised = patterns->values[(size_t)patterns->position[row] * patterns->n_columns + column];
  return patterns->center[column] + patterns->scale[column] * standardised;
}

void emend_patterns_put(emend_patterns *patterns, size_t row, size_t column, double value) {
  patterns->values[(size_t)patterns->position[row] * patterns->n_columns + column] =
      (value - patterns->center[column]) / patterns->scale[column];
}
