/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mixture/inside.h"

/* Chunks are worth about this many multiplications each, and so many at most that their sums stay small. */
enum { MOST_CHUNKS = 64, MOST_SUMS = 1 << 20 };
static const double CHUNK_COST = 4e6;

typedef struct builder {
  const emend_patterns *patterns;
  const emend_mixture_selection *columns;
  double weight_factor;
  size_t n_components;
  bool diagonal, all;
  emend_mixture_units *made;
  size_t capacity, columns_capacity, n_listed;
} builder;

/* What a unit costs: its factorisations and its rows. */
static double cost_of(const builder *b, size_t o, size_t n) {
  double k = (double)b->n_components, width = (double)o + 1;
  return b->diagonal ? k * width * (3 * (double)n + 8) : k * width * width * ((double)n + width);
}

/* The observed columns of a pattern among those of the model, behind the lists so far; their number in *o. */
static emend_status list_columns(builder *b, const emend_pattern *pattern, size_t *o, emend_error *error) {
  size_t p = b->columns->p, m = 0;
  if (b->n_listed + p > b->columns_capacity) {
    size_t capacity = 2 * b->columns_capacity + p + 64;
    uint32_t *grown = emend_reallocate(b->made->columns, capacity, sizeof *grown);
    if (!grown)
      return emend_fail_memory(error);
    b->made->columns = grown;
    b->columns_capacity = capacity;
  }
  *o = 0;
  for (size_t j = 0; j < p; j++) {
    while (m < pattern->n_missing && pattern->missing[m] < b->columns->source[j])
      m++;
    if (m == pattern->n_missing || pattern->missing[m] != b->columns->source[j])
      b->made->columns[b->n_listed + (*o)++] = (uint32_t)j;
  }
  return EMEND_OK;
}

static emend_status add_unit(builder *b, const emend_mixture_unit *unit, emend_error *error) {
  if (b->made->n_units == b->capacity) {
    size_t capacity = 2 * b->capacity + 64;
    emend_mixture_unit *grown = emend_reallocate(b->made->units, capacity, sizeof *grown);
    if (!grown)
      return emend_fail_memory(error);
    b->made->units = grown;
    b->capacity = capacity;
  }
  b->made->units[b->made->n_units++] = *unit;
  return EMEND_OK;
}

/* A pattern of many rows gives several units, so that a chunk need not hold it whole. */
static emend_status add_pattern(builder *b, size_t s, emend_error *error) {
  const emend_pattern *pattern = &b->patterns->patterns[s];
  size_t o = 0, most = EMEND_MIXTURE_BLOCK;
  emend_status status = list_columns(b, pattern, &o, error);
  if (status || (!b->all && (o == 0 || pattern->weight == 0)))
    return status;
  while (cost_of(b, o, 2 * most) < CHUNK_COST && most < pattern->n_rows)
    most *= 2;
  for (size_t done = 0; done < pattern->n_rows && !status; done += most) {
    size_t n = pattern->n_rows - done < most ? pattern->n_rows - done : most;
    status =
        add_unit(b, &(emend_mixture_unit){.pattern = s, .first = pattern->first + done, .n = n, .o = o, .columns = b->n_listed}, error);
  }
  for (size_t i = 0; i < pattern->n_rows; i++)
    b->made->n_rows += !b->patterns->weights || b->patterns->weights[pattern->first + i] > 0;
  b->made->weight += pattern->weight * b->weight_factor;
  b->made->observed_weight += pattern->weight * b->weight_factor * (double)o;
  b->made->complete = b->made->complete && o == b->columns->p;
  b->made->max_observed = o > b->made->max_observed ? o : b->made->max_observed;
  b->n_listed += o;
  return status;
}

static emend_status cut_chunks(builder *b, emend_error *error) {
  emend_mixture_units *made = b->made;
  size_t p = b->columns->p, k = b->n_components, sums = (k + 8) * (b->diagonal ? 2 * p + 1 : p * (p + 1) + 1);
  size_t most = sums * MOST_CHUNKS <= MOST_SUMS ? MOST_CHUNKS : MOST_SUMS / sums ? MOST_SUMS / sums : 1;
  double total = 0, done = 0;
  for (size_t u = 0; u < made->n_units; u++)
    total += cost_of(b, made->units[u].o, made->units[u].n);
  double wanted = total / CHUNK_COST;
  size_t n = wanted < 1 ? 1 : wanted > (double)most ? most : (size_t)wanted;
  made->chunks = emend_allocate(n + 1, sizeof *made->chunks);
  if (!made->chunks)
    return emend_fail_memory(error);
  for (size_t u = 0; u < made->n_units; u++) {
    done += cost_of(b, made->units[u].o, made->units[u].n);
    if (done >= total * (double)(made->n_chunks + 1) / (double)n && made->n_chunks + 1 < n)
      made->chunks[++made->n_chunks] = u + 1;
  }
  made->chunks[++made->n_chunks] = made->n_units;
  return EMEND_OK;
}

emend_status emend_mixture_units_new(const emend_patterns *patterns, const emend_mixture_selection *columns, double weight_factor,
                                     size_t n_components, bool diagonal, bool all, emend_mixture_units *units, emend_error *error) {
  *units = (emend_mixture_units){.complete = true};
  builder b = {.patterns = patterns,
               .columns = columns,
               .weight_factor = weight_factor,
               .n_components = n_components,
               .diagonal = diagonal,
               .all = all,
               .made = units};
  emend_status status = EMEND_OK;
  for (size_t s = 0; s < patterns->n_patterns && !status; s++)
    status = add_pattern(&b, s, error);
  if (!status)
    status = cut_chunks(&b, error);
  if (status)
    emend_mixture_units_free(units);
  return status;
}

void emend_mixture_units_free(emend_mixture_units *units) {
  free(units->units), free(units->columns), free(units->chunks);
  *units = (emend_mixture_units){0};
}
