/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pattern/reduced.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/memory.h"
#include "pattern/masks.h"
#include "pattern/pseudo_rows.h"
#include "pattern/scan.h"

enum { NONE = UINT32_MAX, DONE = UINT32_MAX, PENDING = 16 };

/* What a pattern of many rows adds up to: products of the constant and its observed entries, and the rows to be added next. */
typedef struct accumulator {
  size_t n_observed, stride, n_pending; /* stride: o + 1 padded */
  uint32_t *observed;
  double *products, *pending;
} accumulator;

/* A pattern while rows arrive: a list of stored rows, until one more than o + 1 comes; then their products. One is touched for each row: it
 * is kept small. */
typedef struct holding {
  accumulator *accumulator;
  double weight, squares; /* sums over the rows, of the weights and of their squares */
  uint32_t n_rows, n_observed, head, tail, n_held;
} holding;

typedef struct builder {
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
} builder;

static void accumulator_free(accumulator *a) {
  if (a)
    free(a->observed), free(a->products), free(a->pending), free(a);
}

static void free_holdings(builder *b) {
  for (size_t i = 0; i < b->n_holdings; i++)
    accumulator_free(b->holdings[i].accumulator);
  free(b->holdings);
  b->holdings = NULL;
  b->n_holdings = 0;
}

static void builder_free(builder *b) {
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

static emend_status allocate_columns(builder *b, emend_error *error) {
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

static emend_status prepare(builder *b, emend_error *error) {
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
static void guess_standards(builder *b, size_t n) {
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

static emend_status refuse_infinite(const builder *b, size_t row, size_t n, emend_error *error) {
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
static emend_status find_holding(builder *b, const uint64_t *mask, holding **found, emend_error *error) {
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

static void flush(const builder *b, accumulator *a) {
  b->scan->add_products(a->n_pending, a->n_observed + 1, a->stride, a->pending, a->products);
  a->n_pending = 0;
}

/* A row on its way into the products: the constant, then the observed entries. */
static void pend(const builder *b, accumulator *a, const double *row, double factor, double constant) {
  double *to = a->pending + a->n_pending * a->stride;
  to[0] = constant;
  for (size_t i = 0; i < a->n_observed; i++)
    to[i + 1] = factor * row[a->observed[i]];
  if (++a->n_pending == PENDING)
    flush(b, a);
}

static accumulator *accumulator_new(size_t o, const uint64_t *mask, size_t p) {
  accumulator *a = emend_allocate(1, sizeof *a);
  if (!a)
    return NULL;
  a->stride = emend_row_stride(o);
  a->observed = emend_allocate(o, sizeof *a->observed);
  a->products = emend_allocate_aligned((o + 1) * a->stride, sizeof(double));
  a->pending = emend_allocate_aligned(PENDING * a->stride, sizeof(double));
  if (!a->observed || !a->products || !a->pending) {
    accumulator_free(a);
    return NULL;
  }
  for (size_t j = 0; j < p; j++)
    if (!(mask[j / 64] >> j % 64 & 1))
      a->observed[a->n_observed++] = (uint32_t)j;
  return a;
}

/* The stored rows go into products from now on. */
static emend_status accumulate(builder *b, holding *h, const uint64_t *mask, emend_error *error) {
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

static void store(builder *b, holding *h, const double *z, double root) {
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

static emend_status hang(builder *b, const uint64_t *mask, const double *z, double weight, emend_error *error) {
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

static emend_status scan_block(builder *b, size_t row, size_t n, emend_error *error) {
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

static emend_status scan(builder *b, emend_events *events, emend_error *error) {
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

static void count_columns(builder *b) {
  emend_reduced *made = b->made;
  for (size_t j = 0; j < made->n_columns; j++) {
    made->column_count[j] = (size_t)b->columns.count[j];
    made->column_weight[j] = b->matrix->weights ? b->columns.weight[j] : (double)b->columns.count[j];
  }
}

/* Mean and sd of z in a column. False if the provisional standards were so far off that digits are lost: then better ones are set. */
static bool judge_standard(builder *b, size_t j, double *mean, double *sd) {
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
static void set_standards(builder *b, double *mean, double *inverse_sd, bool *good) {
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

/* Pseudo-rows into the slots of the pattern's stored rows. Returns their number. */
static size_t reduce(builder *b, holding *h, double *compact) {
  emend_reduced *made = b->made;
  accumulator *a = h->accumulator;
  if (a->n_pending)
    flush(b, a);
  size_t o = a->n_observed, n = emend_pseudo_rows(o, a->stride, a->products, compact);
  uint32_t id = h->head;
  for (size_t i = 0; i < n; i++, id = b->next[id]) {
    double *row = made->rows + (size_t)id * made->stride;
    for (size_t k = 0; k < made->stride; k++)
      row[k] = EMEND_MISSING_Z;
    for (size_t k = 0; k < o; k++)
      row[a->observed[k]] = compact[i * (o + 1) + k + 1] + 0.0;
    row[made->n_columns] = compact[i * (o + 1)];
  }
  accumulator_free(a);
  h->accumulator = NULL;
  return n;
}

typedef size_t (*key_of)(const builder *b, const holding *h);

static size_t most_stored(const builder *b, const holding *h) { return (void)b, h->n_held; }
static size_t missing_columns(const builder *b, const holding *h) { return b->made->n_columns - h->n_observed; }

/* A stable sort of the patterns in `from` by a key of at most p + 1. `start` holds p + 3 numbers. */
static void sort_by(const builder *b, key_of key, size_t *start, const uint32_t *from, uint32_t *to) {
  size_t n_keys = b->made->n_columns + 2;
  memset(start, 0, (n_keys + 1) * sizeof *start);
  for (size_t i = 0; i < b->n_holdings; i++)
    start[key(b, &b->holdings[i]) + 1]++;
  for (size_t k = 1; k < n_keys; k++)
    start[k] += start[k - 1];
  for (size_t i = 0; i < b->n_holdings; i++)
    to[start[key(b, &b->holdings[from[i]])]++] = from[i];
}

/* Fewest missing first, then fewest rows, which is how the E-step walks; among equals in order of appearance. */
static emend_status sort_patterns(builder *b, emend_error *error) {
  size_t *start = emend_allocate(b->made->n_columns + 3, sizeof *start);
  uint32_t *other = emend_allocate(b->n_holdings, sizeof *other);
  b->order = emend_allocate(b->n_holdings, sizeof *b->order);
  emend_status status = start && other && b->order ? EMEND_OK : emend_fail_memory(error);
  for (size_t s = 0; s < b->n_holdings && !status; s++)
    b->order[s] = (uint32_t)s;
  if (!status) {
    sort_by(b, most_stored, start, b->order, other);
    sort_by(b, missing_columns, start, other, b->order);
  }
  free(start), free(other);
  return status;
}

static void list_missing(const uint64_t *mask, size_t words, uint32_t *missing) {
  for (size_t w = 0; w < words; w++)
    for (uint64_t bits = mask[w]; bits; bits &= bits - 1)
      *missing++ = (uint32_t)(64 * w + (size_t)__builtin_ctzll(bits));
}

/* From the provisional standards to the final ones, if those are not the caller's. */
static void finish_row(const builder *b, const double *mean, const double *inverse_sd, const double *from, double *to) {
  size_t stride = b->made->stride;
  if (b->given)
    memcpy(to, from, stride * sizeof *to);
  else
    b->scan->standardise(stride, from[b->made->n_columns], mean, inverse_sd, from, to);
}

/*
 * Every stored row to its place, in place, and in its final standards: row i goes to `target[i]`, a permutation, which is lost. Each cycle
 * carries one row in `spare` (2 x stride); the place after the next is fetched in advance, since the places are at random.
 */
static void move_rows(builder *b, const double *mean, const double *inverse_sd, uint32_t *target, double *spare) {
  size_t stride = b->made->stride, bytes = stride * sizeof(double);
  double *rows = b->made->rows, *carried = spare, *displaced = spare + stride;
  for (uint32_t i = 0; i < b->n_stored; i++) {
    uint32_t to = target[i];
    if (to == DONE)
      continue;
    target[i] = DONE;
    memcpy(carried, rows + i * stride, bytes);
    while (to != i) {
      double *row = rows + to * stride, *carrying = carried;
      uint32_t next = target[to];
      for (size_t k = 0; k < stride; k += 8)
        __builtin_prefetch(rows + next * stride + k, 1);
      target[to] = DONE;
      memcpy(displaced, row, bytes);
      finish_row(b, mean, inverse_sd, carrying, row);
      carried = displaced, displaced = carrying;
      to = next;
    }
    finish_row(b, mean, inverse_sd, carried, rows + i * stride);
  }
}

/* Room and scratch of laying out. */
typedef struct layout {
  uint32_t *target;       /* place of each stored row */
  double *compact;        /* (p + 1) x (p + 1) */
  uint32_t place, behind; /* next place; places from `behind` on are of rows that are not needed any more */
} layout;

static emend_status allocate_layout(builder *b, layout *l, emend_error *error) {
  emend_reduced *made = b->made;
  size_t p = made->n_columns, n = b->n_holdings, n_listed = 0;
  for (size_t s = 0; s < n; s++)
    n_listed += p - b->holdings[s].n_observed;
  made->n_patterns = n;
  made->patterns = emend_allocate(n, sizeof *made->patterns);
  made->columns = emend_allocate(n_listed, sizeof *made->columns);
  l->compact = emend_allocate_aligned((p + 1) * (p + 1) + 2 * made->stride, sizeof *l->compact); /* two stored rows, too, find room in it */
  l->target = emend_allocate(b->n_stored, sizeof *l->target);
  l->behind = b->n_stored;
  return made->patterns && made->columns && l->compact && l->target ? EMEND_OK : emend_fail_memory(error);
}

/* Where the rows of one pattern go. */
static void place_rows(builder *b, holding *h, layout *l, emend_reduced_pattern *q) {
  q->first = l->place;
  q->n_stored = h->accumulator ? reduce(b, h, l->compact) : h->n_held;
  size_t i = 0;
  for (uint32_t id = h->head; id != NONE; id = b->next[id], i++)
    l->target[id] = i < q->n_stored ? l->place++ : --l->behind;
}

/* The patterns in their order, with their rows: pseudo-rows where there were more than o + 1. */
static emend_status place_patterns(builder *b, layout *l, emend_error *error) {
  emend_reduced *made = b->made;
  uint32_t *list = made->columns;
  emend_status status = sort_patterns(b, error);
  for (size_t s = 0; s < made->n_patterns && !status; s++) {
    holding *h = &b->holdings[b->order[s]];
    emend_reduced_pattern *q = &made->patterns[s];
    *q = (emend_reduced_pattern){.missing = list,
                                 .n_missing = made->n_columns - h->n_observed,
                                 .n_observed = h->n_observed,
                                 .n_rows = h->n_rows,
                                 .weight = h->weight,
                                 .weight_squares = h->squares};
    list_missing(emend_masks_bits(b->masks, b->order[s]), b->words, list);
    list += q->n_missing;
    place_rows(b, h, l, q);
  }
  return status;
}

static emend_status lay_out(builder *b, const double *mean, const double *inverse_sd, emend_error *error) {
  emend_reduced *made = b->made;
  layout l = {0};
  emend_status status = allocate_layout(b, &l, error);
  if (!status)
    status = place_patterns(b, &l, error);
  if (!status)
    move_rows(b, mean, inverse_sd, l.target, l.compact);
  made->n_stored = l.place;
  free(l.compact), free(l.target);
  return status;
}

/* Twice at most when the standards are guessed; a third time after squares that left the range of numbers. */
static emend_status build(builder *b, emend_events *events, emend_error *error) {
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
    status = lay_out(b, mean, inverse_sd, error);
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
  builder b = {.matrix = matrix, .given = center && scale};
  emend_status status = prepare(&b, error);
  for (size_t j = 0; j < matrix->n_columns && !status && b.given; j++) {
    b.made->center[j] = b.columns.center[j] = center[j];
    b.made->scale[j] = scale[j];
    b.columns.inverse[j] = 1 / scale[j];
  }
  if (!status)
    status = build(&b, events, error);
  builder_free(&b);
  if (status)
    emend_reduced_free(b.made);
  else
    *reduced = b.made;
  return status;
}
