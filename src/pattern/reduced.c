/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pattern/reduced.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/memory.h"
#include "pattern/gathering.h"

static void free_holdings(gathering *b) {
  for (size_t i = 0; i < b->n_holdings; i++)
    accumulator_free(b->holdings[i].accumulator);
  free(b->holdings);
  b->holdings = NULL;
  b->n_holdings = 0;
}

static void gathering_free(gathering *b) {
  free_holdings(b);
  emend_masks_free(b->masks);
  emend_scan_columns *c = &b->columns;
  free(c->center), free(c->inverse), free(c->sum), free(c->squares), free(c->weight), free(c->count), free(c->min), free(c->max);
  free(b->block), free(b->z), free(b->block_masks), free(b->scratch), free(b->next), free(b->order);
}

void emend_reduced_free(emend_reduced *r) {
  if (!r)
    return;
  free(r->rows), free(r->patterns), free(r->columns), free(r->center), free(r->scale), free(r->mean), free(r->variance),
      free(r->column_weight), free(r->column_count), free(r->column_min), free(r->column_max), free(r);
}

/* Room that is taken page by page as it is used: its contents are undefined. */
static double *reserve_rows(size_t n_rows, size_t stride) {
  size_t bytes;
  void *block = NULL;
  if (__builtin_mul_overflow(n_rows ? n_rows : 1, stride * sizeof(double), &bytes) || bytes > SIZE_MAX / 2)
    return NULL;
  enum { HUGE = 1 << 21 };
  if (posix_memalign(&block, bytes >= 2 * HUGE ? HUGE : 64, bytes) != 0)
    return NULL;
  if (bytes >= 2 * HUGE)
    madvise(block, bytes, MADV_HUGEPAGE);
  return block;
}

static emend_status allocate_columns(gathering *b, emend_error *error) {
  emend_scan_columns *c = &b->columns;
  emend_reduced *made = b->made;
  size_t p = made->n_columns;
  *c = (emend_scan_columns){.n_columns = p, .stride = made->stride};
  double **arrays[] = {&c->center, &c->inverse, &c->sum, &c->squares, &c->weight, &c->min, &c->max};
  bool ok = true;
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
    ok = (*arrays[i] = emend_allocate_aligned(c->stride, sizeof(double))) && ok;
  double **results[] = {&made->center,        &made->scale,      &made->mean,      &made->variance,
                        &made->column_weight, &made->column_min, &made->column_max};
  for (size_t i = 0; i < sizeof results / sizeof *results; i++)
    ok = (*results[i] = emend_allocate(p, sizeof(double))) && ok;
  made->column_count = emend_allocate(p, sizeof *made->column_count);
  c->count = emend_allocate_aligned(c->stride, sizeof *c->count);
  return ok && made->column_count && c->count ? EMEND_OK : emend_fail_memory(error);
}

static emend_status prepare(gathering *b, emend_error *error) {
  enum { BLOCK_CELLS = 1 << 12, FEWEST = 16, MOST = 256 };
  const emend_matrix *matrix = b->matrix;
  size_t p = matrix->n_columns, wanted = BLOCK_CELLS / (p + 1);
  emend_reduced *made = b->made = emend_allocate(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  made->matrix = *matrix;
  made->n_rows = matrix->n_rows;
  made->n_columns = p;
  made->stride = emend_row_stride(p);
  made->weight_unit = matrix->weights ? 0 : 1;
  b->scan = emend_scans[emend_level_choose()];
  b->words = emend_masks_words(p);
  b->block_rows = wanted < FEWEST ? FEWEST : wanted > MOST ? MOST : wanted;
  b->block = emend_allocate_aligned(b->block_rows * p + 8, sizeof(double));
  b->z = emend_allocate_aligned(b->block_rows * made->stride, sizeof(double));
  b->block_masks = emend_allocate(b->block_rows * b->words, sizeof *b->block_masks);
  b->scratch = emend_allocate_aligned(8 * b->block_rows, sizeof *b->scratch);
  b->next = emend_allocate(made->n_rows, sizeof *b->next);
  made->rows = reserve_rows(made->n_rows, made->stride);
  if (!b->block || !b->z || !b->block_masks || !b->scratch || !b->next || !made->rows)
    return emend_fail_memory(error);
  return allocate_columns(b, error);
}

/* A column not seen before is centred at what its first block shows: that is near enough to lose no digits, and checked at the end. */
static void guess_standards(gathering *b, size_t n) {
  emend_scan_columns *c = &b->columns;
  size_t p = c->n_columns;
  for (size_t j = 0; j < p; j++) {
    if (c->inverse[j] != 0)
      continue;
    double count = 0, first = NAN, sum = 0, squares = 0;
    for (size_t r = 0; r < n; r++) {
      double x = b->block[r * p + j];
      if (isnan(x))
        continue;
      first = count == 0 ? x : first;
      count++;
      sum += x - first;
      squares += (x - first) * (x - first);
    }
    if (count == 0)
      continue;
    double mean = sum / count, sd = sqrt(squares / count - mean * mean);
    c->center[j] = isfinite(first + mean) ? first + mean : 0;
    c->inverse[j] = sd > 1e-150 && sd < 1e150 ? 1 / sd : 1;
  }
}

static emend_status refuse_infinite(const gathering *b, size_t row, size_t n, emend_error *error) {
  size_t p = b->made->n_columns;
  for (size_t i = 0; i < n * p; i++)
    if (isinf(b->block[i])) {
      emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "column %zu holds an infinite value", i % p + 1);
      emend_at_row(error, (int64_t)(row + i / p) + 1);
      return status;
    }
  return EMEND_OK;
}

static emend_status check_weights(const double *weights, size_t row, size_t n, emend_error *error) {
  for (size_t i = 0; i < n; i++)
    if (!(weights[i] >= 0) || isinf(weights[i])) {
      emend_status status =
          emend_fail(error, EMEND_INVALID_ARGUMENT, "the weight %g is not a finite number that is at least 0", weights[i]);
      emend_at_row(error, (int64_t)(row + i) + 1);
      return status;
    }
  return EMEND_OK;
}

/* The holding of a pattern, made when its first row comes. */
static emend_status find_holding(gathering *b, const uint64_t *mask, holding **found, emend_error *error) {
  uint32_t number;
  emend_status status = emend_masks_find(b->masks, mask, &number, error);
  if (status)
    return status;
  if (number >= b->n_holdings) {
    if ((number & (number - 1)) == 0) { /* a power of two, or 0: room for as many again */
      holding *more = emend_reallocate(b->holdings, number ? 2 * (size_t)number : 1, sizeof *more);
      if (!more)
        return emend_fail_memory(error);
      b->holdings = more;
    }
    b->holdings[number] =
        (holding){.head = NONE, .tail = NONE, .n_observed = (uint32_t)(b->made->n_columns - emend_masks_info(b->masks, number)->n_missing)};
    b->n_holdings = number + 1;
  }
  *found = &b->holdings[number];
  return EMEND_OK;
}

/* A row on its way into the products: the constant, then the observed entries. */
static void pend(const gathering *b, accumulator *a, const double *row, double factor, double constant) {
  double *to = a->pending + a->n_pending * a->stride;
  to[0] = constant;
  for (size_t i = 0; i < a->n_observed; i++)
    to[i + 1] = factor * row[a->observed[i]];
  if (++a->n_pending == PENDING)
    accumulator_flush(a, b->scan);
}

/* The stored rows go into products from now on. */
static emend_status accumulate(gathering *b, holding *h, const uint64_t *mask, emend_error *error) {
  size_t p = b->made->n_columns;
  h->accumulator = accumulator_new(h->n_observed, mask, p);
  if (!h->accumulator)
    return emend_fail_memory(error);
  for (uint32_t id = h->head; id != NONE; id = b->next[id]) {
    const double *row = b->made->rows + (size_t)id * b->made->stride;
    pend(b, h->accumulator, row, 1, row[p]);
  }
  return EMEND_OK;
}

static void store(gathering *b, holding *h, const double *z, double root) {
  size_t stride = b->made->stride;
  uint32_t id = b->n_stored++;
  double *row = b->made->rows + (size_t)id * stride;
  if (root == 1)
    memcpy(row, z, stride * sizeof *row);
  else
    for (size_t k = 0; k < stride; k++)
      row[k] = root * z[k];
  row[b->made->n_columns] = root;
  b->next[id] = NONE;
  if (h->head == NONE)
    h->head = id;
  else
    b->next[h->tail] = id;
  h->tail = id;
  h->n_held++;
}

static emend_status hang(gathering *b, const uint64_t *mask, const double *z, double weight, emend_error *error) {
  holding *h = NULL;
  emend_status status = find_holding(b, mask, &h, error);
  if (status || weight == 0)
    return status;
  double root = weight == 1 ? 1 : sqrt(weight);
  h->n_rows++;
  h->weight += weight;
  if (b->made->weight_unit == 0)
    b->made->weight_unit = weight;
  double share = weight / b->made->weight_unit;
  h->squares += share * share;
  if (!h->accumulator && h->n_observed > 0 && h->n_held == h->n_observed + 1)
    status = accumulate(b, h, mask, error);
  if (!status && h->accumulator)
    pend(b, h->accumulator, z, root, root);
  else if (!status && h->n_observed > 0)
    store(b, h, z, root);
  return status;
}

static bool is_finite(const emend_scan_columns *c) {
  double total = 0;
  for (size_t j = 0; j < c->n_columns; j++)
    total += c->sum[j] + c->squares[j];
  return isfinite(total);
}

static emend_status scan_block(gathering *b, size_t row, size_t n, emend_error *error) {
  const emend_matrix *matrix = b->matrix;
  const double *weights = matrix->weights ? matrix->weights + row : NULL;
  size_t stride = b->made->stride;
  matrix->read(matrix->state, row, n, b->block);
  emend_status status = weights ? check_weights(weights, row, n, error) : EMEND_OK;
  if (status)
    return status;
  if (!b->given)
    guess_standards(b, n);
  b->scan->rows(&b->columns, n, b->block, weights, b->z, b->block_masks, b->words, b->scratch);
  if (!is_finite(&b->columns))
    status = refuse_infinite(b, row, n, error);
  for (size_t i = 0; i < n && !status; i++)
    status = hang(b, b->block_masks + i * b->words, b->z + i * stride, weights ? weights[i] : 1, error);
  return status;
}

static emend_status scan(gathering *b, emend_events *events, emend_error *error) {
  enum { REPORT_EVERY = 64 };
  emend_scan_columns *c = &b->columns;
  size_t n_rows = b->matrix->n_rows;
  free_holdings(b);
  emend_masks_free(b->masks);
  b->masks = emend_masks_new(c->n_columns);
  if (!b->masks)
    return emend_fail_memory(error);
  b->n_stored = 0;
  for (size_t j = 0; j < c->stride; j++) {
    c->sum[j] = c->squares[j] = c->weight[j] = 0;
    c->count[j] = 0;
    c->min[j] = INFINITY;
    c->max[j] = -INFINITY;
  }
  emend_status status = EMEND_OK;
  for (size_t row = 0, blocks = 0; row < n_rows && !status; row += b->block_rows, blocks++) {
    size_t n = n_rows - row < b->block_rows ? n_rows - row : b->block_rows;
    status = scan_block(b, row, n, error);
    if (!status && blocks % REPORT_EVERY == 0)
      status = emend_progress(events, "estimate", -1, "missing-data patterns", error);
  }
  return status;
}

static void count_columns(gathering *b) {
  emend_reduced *made = b->made;
  for (size_t j = 0; j < made->n_columns; j++) {
    made->column_count[j] = (size_t)b->columns.count[j];
    made->column_weight[j] = b->matrix->weights ? b->columns.weight[j] : (double)b->columns.count[j];
  }
}

/* Mean and sd of z in a column. False if the provisional standards were so far off that digits are lost: then better ones are set. */
static bool judge_standard(gathering *b, size_t j, double *mean, double *sd) {
  enum { FAR = 30, UNLIKE = 1000 };
  emend_scan_columns *c = &b->columns;
  double weight = b->made->column_weight[j];
  *mean = 0, *sd = 1;
  if (b->given || !(c->max[j] > c->min[j]))
    return true;
  *mean = c->sum[j] / weight;
  *sd = sqrt(c->squares[j] / weight - *mean * *mean);
  if (isfinite(*mean) && *sd > 1.0 / UNLIKE && *sd < UNLIKE && fabs(*mean) < FAR * *sd)
    return true;
  double half = c->max[j] / 2 - c->min[j] / 2;
  if (isfinite(*mean) && *sd > 0 && isfinite(*sd)) {
    c->center[j] += *mean / c->inverse[j];
    c->inverse[j] /= *sd;
  } else { /* squares left the range of numbers, or all digits were lost */
    c->center[j] = c->min[j] / 2 + c->max[j] / 2;
    c->inverse[j] = half > 0 && isfinite(1 / half) ? 1 / half : 1;
  }
  return false;
}

/* The provisional standards become the final ones, z the final (z - mean) * inverse_sd (`stride` entries; 0 for a column that does not
 * vary, 1 from column p on). *good tells whether the provisional ones were near enough. */
static void set_standards(gathering *b, double *mean, double *inverse_sd, bool *good) {
  emend_reduced *made = b->made;
  emend_scan_columns *c = &b->columns;
  *good = true;
  for (size_t j = 0; j < made->n_columns; j++) {
    bool seen = made->column_count[j] > 0, varies = seen && c->max[j] > c->min[j];
    made->column_min[j] = seen ? c->min[j] : NAN;
    made->column_max[j] = seen ? c->max[j] : NAN;
    double sd;
    *good = judge_standard(b, j, &mean[j], &sd) && *good;
    inverse_sd[j] = varies ? 1 / sd : 0;
    made->variance[j] = 1;
    if (b->given) {
      double weight = made->column_weight[j];
      made->mean[j] = weight > 0 ? c->sum[j] / weight : 0;
      made->variance[j] = weight > 0 ? c->squares[j] / weight - made->mean[j] * made->mean[j] : 1;
      continue;
    }
    double unit = c->inverse[j] != 0 ? 1 / c->inverse[j] : 1;
    made->center[j] = varies ? c->center[j] + mean[j] * unit : seen ? c->min[j] : 0; /* exactly, so that a constant comes back exactly */
    made->scale[j] = varies ? sd * unit : 1;
  }
}

/* Twice at most when the standards are guessed; a third time after squares that left the range of numbers. */
static emend_status build(gathering *b, emend_events *events, emend_error *error) {
  enum { MOST_PASSES = 4 };
  size_t p = b->made->n_columns, stride = b->made->stride;
  double *mean = emend_allocate(stride, sizeof *mean), *inverse_sd = emend_allocate(stride, sizeof *inverse_sd);
  emend_status status = mean && inverse_sd ? EMEND_OK : emend_fail_memory(error);
  bool good = false;
  for (size_t k = p; k < stride && !status; k++)
    inverse_sd[k] = 1;
  for (int pass = 0; pass < MOST_PASSES && !good && !status; pass++) {
    status = scan(b, events, error);
    if (status)
      break;
    count_columns(b);
    set_standards(b, mean, inverse_sd, &good);
  }
  if (!status)
    status = gathering_lay_out(b, mean, inverse_sd, error);
  if (b->made->weight_unit == 0)
    b->made->weight_unit = 1;
  free(mean), free(inverse_sd);
  return status;
}

size_t emend_reduced_observed(const emend_reduced *reduced, const emend_reduced_pattern *pattern, uint32_t *columns) {
  size_t count = 0, m = 0;
  for (size_t j = 0; j < reduced->n_columns; j++) {
    if (m < pattern->n_missing && pattern->missing[m] == j)
      m++;
    else
      columns[count++] = (uint32_t)j;
  }
  return count;
}

emend_status emend_reduced_new(const emend_matrix *matrix, const double *center, const double *scale, emend_events *events,
                               emend_reduced **reduced, emend_error *error) {
  *reduced = NULL;
  if (matrix->n_rows >= NONE || matrix->n_columns >= NONE)
    return emend_fail(error, EMEND_LIMIT_EXCEEDED, "%zu rows and %zu columns are more than emend can hold", matrix->n_rows,
                      matrix->n_columns);
  gathering b = {.matrix = matrix, .given = center && scale};
  emend_status status = prepare(&b, error);
  for (size_t j = 0; j < matrix->n_columns && !status && b.given; j++) {
    b.made->center[j] = b.columns.center[j] = center[j];
    b.made->scale[j] = scale[j];
    b.columns.inverse[j] = 1 / scale[j];
  }
  if (!status)
    status = build(&b, events, error);
  gathering_free(&b);
  if (status)
    emend_reduced_free(b.made);
  else
    *reduced = b.made;
  return status;
}
