/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "pattern/gathering.h"
#include "pattern/pseudo_rows.h"

enum { DONE = UINT32_MAX };

/* Pseudo-rows into the slots of the pattern's stored rows. Returns their number. */
static size_t reduce(gathering *b, holding *h, double *compact) {
  emend_reduced *made = b->made;
  accumulator *a = h->accumulator;
  if (a->n_pending)
    accumulator_flush(a, b->scan);
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

typedef size_t (*key_of)(const gathering *b, const holding *h);

static size_t most_stored(const gathering *b, const holding *h) { return (void)b, h->n_held; }
static size_t missing_columns(const gathering *b, const holding *h) { return b->made->n_columns - h->n_observed; }

/* A stable sort of the patterns in `from` by a key of at most p + 1. `start` holds p + 3 numbers. */
static void sort_by(const gathering *b, key_of key, size_t *start, const uint32_t *from, uint32_t *to) {
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
static emend_status sort_patterns(gathering *b, emend_error *error) {
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
static void finish_row(const gathering *b, const double *mean, const double *inverse_sd, const double *from, double *to) {
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
static void move_rows(gathering *b, const double *mean, const double *inverse_sd, uint32_t *target, double *spare) {
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

static emend_status allocate_layout(gathering *b, layout *l, emend_error *error) {
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
static void place_rows(gathering *b, holding *h, layout *l, emend_reduced_pattern *q) {
  q->first = l->place;
  q->n_stored = h->accumulator ? reduce(b, h, l->compact) : h->n_held;
  size_t i = 0;
  for (uint32_t id = h->head; id != NONE; id = b->next[id], i++)
    l->target[id] = i < q->n_stored ? l->place++ : --l->behind;
}

/* The patterns in their order, with their rows: pseudo-rows where there were more than o + 1. */
static emend_status place_patterns(gathering *b, layout *l, emend_error *error) {
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

emend_status gathering_lay_out(gathering *b, const double *mean, const double *inverse_sd, emend_error *error) {
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
