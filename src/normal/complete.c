/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal/complete.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"
#include "normal/inside.h"
#include "normal/standard.h"
#include "pattern/masks.h"
#include "pattern/scan.h"

/* Conditional expectations for the holes of a matrix, by chunks of rows: within a chunk the rows of one pattern are taken together. */
typedef struct completion {
  const emend_normal *normal;
  const emend_matrix *matrix;
  const emend_completion_wish *wish; /* NULL: expectations only */
  emend_completed *made;
  const emend_kernels *kernels;
  const emend_scan *scan;
  size_t p, stride;
  emend_standard standard; /* everything is standardised by the model */
  emend_status *status;    /* per chunk */
} completion;

/* One chunk at work. */
typedef struct chunk_work {
  const completion *c;
  emend_completed_chunk *own;
  size_t first, n; /* rows of the matrix */
  double *z, *inverse, *scratch, *work, *expected;
  double *spread, *factor, *drawn, *innovation, *block; /* p, p x p, p, p, p: only with a wish */
  uint32_t *missing, *observed, *pattern_of, *start, *order;
  emend_masks *masks;
} chunk_work;

static void work_free(chunk_work *w) {
  free(w->z), free(w->inverse), free(w->scratch), free(w->work), free(w->expected);
  free(w->spread), free(w->factor), free(w->drawn), free(w->innovation), free(w->block);
  free(w->missing), free(w->observed), free(w->pattern_of), free(w->start), free(w->order);
  emend_masks_free(w->masks);
}

static bool wish_work_new(chunk_work *w) {
  size_t p = w->c->p;
  w->spread = emend_allocate(p, sizeof(double));
  w->drawn = emend_allocate(p, sizeof(double));
  w->innovation = emend_allocate(p, sizeof(double));
  w->block = emend_allocate(p, sizeof(double));
  if (w->block) /* columns that nothing is known of keep that */
    memcpy(w->block, w->c->normal->mean, p * sizeof *w->block);
  w->factor = emend_allocate(p, (p ? p : 1) * sizeof(double));
  return w->spread && w->drawn && w->innovation && w->block && w->factor;
}

static bool work_new(chunk_work *w) {
  const completion *c = w->c;
  size_t p = c->p;
  w->z = emend_allocate_aligned(w->n * c->stride, sizeof(double));
  w->inverse = emend_allocate_aligned(p * p, sizeof(double));
  w->scratch = emend_allocate_aligned(emend_kernel_scratch(p), sizeof(double));
  w->work = emend_allocate_aligned(p + c->stride, sizeof(double));
  w->expected = emend_allocate(p, sizeof(double));
  w->missing = emend_allocate(p, sizeof *w->missing);
  w->observed = emend_allocate(p, sizeof *w->observed);
  w->pattern_of = emend_allocate(w->n, sizeof *w->pattern_of);
  w->order = emend_allocate(w->n, sizeof *w->order);
  w->masks = emend_masks_new(p);
  w->own->masks = emend_allocate(w->n * c->made->words, sizeof *w->own->masks);
  if (c->wish && !wish_work_new(w))
    return false;
  return w->z && w->inverse && w->scratch && w->work && w->expected && w->missing && w->observed && w->pattern_of && w->order && w->masks &&
         w->own->masks;
}

/* The chunk's rows, standardised, and their masks: block by block, so that what is read stays near. */
static emend_status read_rows(chunk_work *w) {
  enum { BLOCK_CELLS = 1 << 12, FEWEST = 16 };
  const completion *c = w->c;
  size_t p = c->p, wanted = BLOCK_CELLS / (p + 1), rows = wanted < FEWEST ? FEWEST : wanted, words = c->made->words;
  double *block = emend_allocate_aligned(rows * p + 8, sizeof *block), *ignored = emend_allocate_aligned(5 * c->stride, sizeof *ignored);
  uint64_t *count = emend_allocate_aligned(c->stride, sizeof *count);
  int64_t *scratch = emend_allocate_aligned(8 * rows, sizeof *scratch);
  emend_scan_columns columns = {.n_columns = p, .stride = c->stride, .center = c->standard.center, .inverse = c->standard.inverse_sd};
  emend_status status = block && ignored && count && scratch ? EMEND_OK : EMEND_OUT_OF_MEMORY;
  if (!status) {
    columns.sum = ignored, columns.squares = ignored + c->stride, columns.min = ignored + 2 * c->stride,
    columns.max = ignored + 3 * c->stride;
    columns.weight = ignored + 4 * c->stride, columns.count = count;
  }
  for (size_t done = 0; done < w->n && !status; done += rows) {
    size_t n = w->n - done < rows ? w->n - done : rows;
    c->matrix->read(c->matrix->state, w->first + done, n, block);
    c->scan->rows(&columns, n, block, NULL, w->z + done * c->stride, w->own->masks + done * words, words, scratch);
  }
  double total = 0;
  for (size_t j = 0; j < p && !status; j++)
    total += columns.sum[j];
  if (!isfinite(total)) /* infinite cells; also sums beyond all numbers, which the search for such cells tells apart */
    status = EMEND_INVALID_ARGUMENT;
  free(block), free(ignored), free(count), free(scratch);
  return status;
}

/* The rows of each pattern together: `order`, by `start`. */
static emend_status sort_rows(chunk_work *w) {
  size_t words = w->c->made->words;
  for (size_t i = 0; i < w->n; i++)
    if (emend_masks_find(w->masks, w->own->masks + i * words, &w->pattern_of[i], NULL))
      return EMEND_OUT_OF_MEMORY;
  size_t n_patterns = emend_masks_count(w->masks);
  w->start = emend_allocate(n_patterns + 2, sizeof *w->start);
  if (!w->start)
    return EMEND_OUT_OF_MEMORY;
  for (size_t i = 0; i < w->n; i++)
    w->start[w->pattern_of[i] + 2]++;
  for (size_t s = 2; s <= n_patterns; s++)
    w->start[s + 1] += w->start[s];
  for (size_t i = 0; i < w->n; i++)
    w->order[w->start[w->pattern_of[i] + 1]++] = (uint32_t)i;
  return EMEND_OK;
}

/* The values of one row: in the data's units, the constants among them. */
static void put_row(const chunk_work *w, size_t row, const uint64_t *mask, const double *expected) {
  const completion *c = w->c;
  double *to = w->own->values + w->own->start[row];
  float *spread = w->own->spreads ? w->own->spreads + w->own->start[row] : NULL;
  for (size_t j = 0, a = 0; j < c->p; j++) {
    if (!(mask[j / 64] >> j % 64 & 1))
      continue;
    if (spread)
      *spread++ = (float)(c->standard.active[j] ? c->standard.sd[j] * w->spread[a] : 0);
    *to++ = c->standard.active[j] ? c->standard.center[j] + c->standard.sd[j] * expected[a++] : c->normal->mean[j];
  }
}

/* The conditional covariance of the missing columns into the lower triangle of `factor`. */
static void condition_covariance(chunk_work *w, size_t m, size_t o, bool by_covariance) {
  const completion *c = w->c;
  for (size_t a = 0; a < m; a++)
    for (size_t b = 0; b <= a && !by_covariance; b++)
      w->factor[a * m + b] = -w->inverse[a * m + b];
  for (size_t a = 0; a < m && by_covariance; a++) {
    const double *row = c->standard.correlation + w->missing[a] * c->stride;
    for (size_t k = 0; k < o; k++) { /* work = minus the regression on the observed columns */
      w->work[k] = 0;
      for (size_t l = 0; l < o; l++)
        w->work[k] += w->inverse[k * o + l] * row[w->observed[l]];
    }
    for (size_t b = 0; b <= a; b++) {
      const double *other = c->standard.correlation + w->missing[b] * c->stride;
      double x = row[w->missing[b]];
      for (size_t k = 0; k < o; k++)
        x += w->work[k] * other[w->observed[k]];
      w->factor[a * m + b] = x;
    }
  }
}

/* The lower Cholesky factor in place. What hardly varies given the columns before it has a row of nothing on its diagonal. */
static void factorise(double *factor, size_t m) {
  static const double NOTHING = 1e-12;
  for (size_t b = 0; b < m; b++) {
    double pivot = factor[b * m + b];
    for (size_t k = 0; k < b; k++)
      pivot -= factor[b * m + k] * factor[b * m + k];
    double root = pivot > NOTHING ? sqrt(pivot) : 0;
    factor[b * m + b] = root;
    for (size_t a = b + 1; a < m; a++) {
      double x = factor[a * m + b];
      for (size_t k = 0; k < b; k++)
        x -= factor[a * m + k] * factor[b * m + k];
      factor[a * m + b] = root > 0 ? x / root : 0;
    }
  }
}

/* What a pattern's rows have in common: spreads, and the factor where something is drawn. */
static void prepare_wish(chunk_work *w, size_t m, size_t o, bool by_covariance) {
  condition_covariance(w, m, o, by_covariance);
  for (size_t a = 0; a < m; a++) {
    double variance = w->factor[a * m + a];
    w->spread[a] = variance > 0 ? sqrt(variance) : 0;
  }
  if (w->c->wish->draw)
    factorise(w->factor, m);
}

/* The mean of the a-th missing column given the first `n` draws, standardised. */
static double mean_given(const chunk_work *w, size_t a, size_t n, size_t m) {
  double mean = w->expected[a];
  for (size_t b = 0; b < n; b++)
    mean += w->factor[a * m + b] * w->innovation[b];
  return mean;
}

/* Where a block begins: the means of its columns, before any of them is drawn. */
static void begin_block(chunk_work *w, size_t a, size_t m) {
  const completion *c = w->c;
  size_t last = w->missing[a];
  while (c->wish->follows && last + 1 < c->p && c->wish->follows[last + 1])
    last++;
  for (size_t b = a; b < m && w->missing[b] <= last; b++)
    w->block[w->missing[b]] = c->standard.center[w->missing[b]] + c->standard.sd[w->missing[b]] * mean_given(w, b, a, m);
}

/* Replaces the expectations of a row by draws, column after column. */
static void draw_row(chunk_work *w, size_t row, size_t m) {
  const completion *c = w->c;
  for (size_t a = 0; a < m; a++) {
    size_t j = w->missing[a];
    double mean = mean_given(w, a, a, m), sd = w->factor[a * m + a];
    if (!c->wish->follows || !c->wish->follows[j] || a == 0 || w->missing[a - 1] + 1 != j)
      begin_block(w, a, m);
    double expected = c->standard.center[j] + c->standard.sd[j] * mean;
    double drawn = c->wish->draw(c->wish->state, w->first + row, j, expected, c->standard.sd[j] * sd, w->drawn, w->block);
    w->drawn[j] = drawn;
    w->expected[a] = (drawn - c->standard.center[j]) * c->standard.inverse_sd[j];
    w->innovation[a] = sd > 0 ? (w->expected[a] - mean) / sd : 0;
  }
}

/* In `work` the row as it stands. */
static void revise_row(chunk_work *w, size_t row, size_t m, const double *z) {
  memcpy(w->work, z, w->c->p * sizeof *z);
  for (size_t a = 0; a < m; a++)
    w->work[w->missing[a]] = w->expected[a];
  w->c->wish->revise(w->c->wish->state, w->first + row, w->missing, m, w->work);
  for (size_t a = 0; a < m; a++)
    w->expected[a] = w->work[w->missing[a]];
}

static emend_status complete_pattern(chunk_work *w, const uint64_t *mask, const uint32_t *rows, size_t n) {
  const completion *c = w->c;
  size_t m = 0, o = 0;
  for (size_t j = 0; j < c->p; j++) {
    if (!c->standard.active[j])
      continue;
    if (mask[j / 64] >> j % 64 & 1)
      w->missing[m++] = (uint32_t)j;
    else
      w->observed[o++] = (uint32_t)j;
  }
  bool by_covariance = o < m;
  const double *matrix = by_covariance ? c->standard.correlation : c->standard.precision;
  size_t size = by_covariance ? o : m;
  if (size > 0 && !c->kernels->condition(by_covariance ? w->observed : w->missing, size, c->stride, matrix, w->inverse, w->scratch))
    return EMEND_NOT_POSITIVE_DEFINITE;
  if (c->wish && (c->wish->draw || c->wish->spreads))
    prepare_wish(w, m, o, by_covariance);
  for (size_t i = 0; i < n; i++) {
    const double *z = w->z + (size_t)rows[i] * c->stride;
    if (by_covariance)
      c->kernels->regress(w->missing, m, w->observed, o, c->stride, matrix, w->inverse, 1, z, w->expected, w->work);
    else
      c->kernels->expect(w->missing, m, c->stride, matrix, w->inverse, 1, z, w->expected, w->work);
    if (c->wish && c->wish->draw)
      draw_row(w, rows[i], m);
    if (c->wish && c->wish->draw && c->wish->revise && m > 0)
      revise_row(w, rows[i], m, z);
    put_row(w, rows[i], mask, w->expected);
  }
  return EMEND_OK;
}

static void complete_chunk(void *state, size_t number) {
  completion *c = state;
  chunk_work w = {
      .c = c, .own = &c->made->chunks[number], .first = number * c->made->chunk_rows, .n = emend_completed_chunk_rows(c->made, number)};
  emend_status status = work_new(&w) ? read_rows(&w) : EMEND_OUT_OF_MEMORY;
  if (!status)
    status = emend_completed_open(c->made, number, NULL);
  if (!status)
    status = sort_rows(&w);
  for (uint32_t s = 0; !status && s < emend_masks_count(w.masks); s++)
    if (emend_masks_info(w.masks, s)->n_missing > 0)
      status = complete_pattern(&w, emend_masks_bits(w.masks, s), w.order + w.start[s], w.start[s + 1] - w.start[s]);
  work_free(&w);
  c->status[number] = status;
}

/* A wave of chunks: the team gets tasks numbered from 0. */
typedef struct wave {
  completion *c;
  size_t first;
} wave;

static void complete_in_wave(void *state, size_t task) {
  const wave *w = state;
  complete_chunk(w->c, w->first + task);
}

/* What a chunk could not do with an infinite cell, or values beyond all use. */
static emend_status refuse_infinite(const completion *c, size_t chunk, emend_error *error) {
  size_t p = c->p, first = chunk * c->made->chunk_rows;
  double *row = emend_allocate(p, sizeof *row);
  if (!row)
    return emend_fail_memory(error);
  emend_status status =
      emend_fail(error, EMEND_INVALID_ARGUMENT, "values so far from the model's that the range of numbers does not hold their differences");
  for (size_t i = 0; i < emend_completed_chunk_rows(c->made, chunk); i++) {
    c->matrix->read(c->matrix->state, first + i, 1, row);
    for (size_t j = 0; j < p; j++)
      if (isinf(row[j])) {
        emend_fail(error, EMEND_INVALID_ARGUMENT, "column %zu holds an infinite value", j + 1);
        emend_at_row(error, (int64_t)(first + i) + 1);
        free(row);
        return status;
      }
  }
  free(row);
  return status;
}

static emend_status describe(const completion *c, size_t chunk, emend_error *error) {
  emend_status status = c->status[chunk];
  if (status == EMEND_INVALID_ARGUMENT)
    return refuse_infinite(c, chunk, error);
  if (status == EMEND_OUT_OF_MEMORY)
    return emend_fail_memory(error);
  if (status == EMEND_NOT_POSITIVE_DEFINITE)
    return emend_fail(error, status, "the model's covariance matrix is not positive definite");
  return status ? emend_fail(error, status, "the rows are too wide to be completed") : EMEND_OK;
}

static emend_status run(completion *c, emend_team *team, emend_events *events, emend_error *error) {
  size_t n = c->made->n_chunks, length = 4 * (size_t)emend_team_size(team);
  emend_status status = EMEND_OK;
  for (size_t first = 0; first < n && !status; first += length) {
    wave w = {.c = c, .first = first};
    status = emend_progress(events, "impute", (double)first / (double)n, "", error);
    if (status)
      break;
    emend_team_run(team, n - first < length ? n - first : length, complete_in_wave, &w);
    for (size_t i = first; i < n && i < first + length && !status; i++)
      status = describe(c, i, error);
  }
  return status;
}

emend_status emend_normal_complete_matrix(const emend_normal *normal, const emend_matrix *matrix, const emend_completion_wish *wish,
                                          unsigned threads, emend_events *events, emend_completed **completed, emend_error *error) {
  *completed = NULL;
  if (normal->n_columns != matrix->n_columns)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the model has %zu columns, the data have %zu", normal->n_columns, matrix->n_columns);
  static const double CELL = 5e-8; /* seconds, more or less: that hangs on the patterns */
  emend_level level = emend_level_choose();
  size_t p = normal->n_columns;
  completion c = {.normal = normal,
                  .matrix = matrix,
                  .wish = wish,
                  .p = p,
                  .stride = emend_row_stride(p),
                  .kernels = emend_kernels_of(level),
                  .scan = emend_scans[level]};
  emend_team *team = NULL;
  emend_status status = emend_blas_begin(error);
  bool begun = !status;
  if (!status)
    status = emend_completed_new(matrix->n_rows, p, &c.made, error);
  if (!status)
    c.made->with_spreads = wish && wish->spreads;
  if (!status)
    status = emend_team_for(CELL * (double)(matrix->n_rows * p), threads, &team, error);
  if (!status)
    status = emend_standard_new(normal, &c.standard, error);
  if (!status && !(c.status = emend_allocate(c.made->n_chunks, sizeof *c.status)))
    status = emend_fail_memory(error);
  if (!status)
    status = run(&c, team, events, error);
  if (begun)
    emend_blas_end();
  emend_team_free(team);
  emend_standard_free(&c.standard);
  free(c.status);
  if (status)
    emend_completed_free(c.made);
  else
    *completed = c.made;
  return status;
}
