/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/events.h"
#include "base/memory.h"
#include "impute/decoding.h"

static uint64_t hash_bytes(const char *text) {
  uint64_t key = UINT64_C(1469598103934665603);
  for (; *text; text++)
    key = (key ^ (unsigned char)*text) * UINT64_C(1099511628211);
  return key;
}

/* Of the id alone. */
static uint64_t id_key(const emend_plan *plan, size_t row) {
  const char *text = emend_cell_text(plan->dataset, row, (size_t)plan->id);
  if (text)
    return hash_bytes(text);
  uint64_t key;
  emend_run cell = emend_dataset_run(plan->dataset, (size_t)plan->id, row);
  memcpy(&key, cell.values, sizeof key);
  return key;
}

/* The first row of an id keeps its key, so that ids that are unique give the same numbers in whatever order the rows stand. */
static uint64_t key_of_occurrence(uint64_t key, uint32_t occurrence) {
  if (occurrence == 0)
    return key;
  return emend_bits_mix(key + occurrence * UINT64_C(0x9E3779B97F4A7C15));
}

uint64_t emend_imputation_key(const emend_imputation *made, size_t row) {
  if (made->plan->id < 0)
    return row;
  uint64_t key = id_key(made->plan, row);
  return made->occurrences ? key_of_occurrence(key, made->occurrences[row]) : key;
}

typedef struct keyed_row {
  uint64_t key;
  uint32_t row;
} keyed_row;

static int compare(const void *a, const void *b) {
  const keyed_row *x = a, *y = b;
  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static size_t count_shared(const keyed_row *sorted, size_t n) {
  size_t shared = 0;
  for (size_t i = 0; i < n; i++)
    shared += (i > 0 && sorted[i - 1].key == sorted[i].key) || (i + 1 < n && sorted[i + 1].key == sorted[i].key);
  return shared;
}

static void warn(const emend_imputation *made, size_t shared, emend_events *events) {
  emend_method method = made->method.method;
  if (method == EMEND_METHOD_DRAW || method == EMEND_METHOD_MATCH)
    emend_warn(
        events,
        "--id %s: %zu rows share an id with others; their random numbers are told apart by the order in which those rows stand in the file",
        emend_variable_name(made->plan->dataset, (size_t)made->plan->id), shared);
}

emend_status emend_imputation_number_ids(emend_imputation *made, emend_events *events, emend_error *error) {
  size_t n = emend_dataset_rows(made->plan->dataset);
  if (made->plan->id < 0 || n == 0 || made->plan->variables[made->plan->id].observed.distinct)
    return EMEND_OK;
  keyed_row *sorted = emend_allocate(n, sizeof *sorted);
  if (!sorted)
    return emend_fail_memory(error);
  for (size_t row = 0; row < n; row++)
    sorted[row] = (keyed_row){id_key(made->plan, row), (uint32_t)row};
  qsort(sorted, n, sizeof *sorted, compare);
  size_t shared = count_shared(sorted, n);
  emend_status status = EMEND_OK;
  if (shared > 0 && !(made->occurrences = emend_allocate(n, sizeof *made->occurrences)))
    status = emend_fail_memory(error);
  for (size_t i = 1; i < n && made->occurrences; i++)
    if (sorted[i].key == sorted[i - 1].key)
      made->occurrences[sorted[i].row] = made->occurrences[sorted[i - 1].row] + 1;
  if (made->occurrences)
    warn(made, shared, events);
  free(sorted);
  return status;
}

emend_status emend_imputation_order(const emend_imputation *made, const uint32_t *rows, size_t n, uint32_t **order, emend_error *error) {
  *order = NULL;
  if (made->plan->id < 0)
    return EMEND_OK;
  keyed_row *sorted = emend_allocate(n, sizeof *sorted);
  *order = emend_allocate(n, sizeof **order);
  for (size_t i = 0; sorted && i < n; i++)
    sorted[i] = (keyed_row){emend_imputation_key(made, rows ? rows[i] : i), (uint32_t)i};
  if (sorted && *order)
    qsort(sorted, n, sizeof *sorted, compare);
  for (size_t i = 0; sorted && *order && i < n; i++)
    (*order)[i] = sorted[i].row;
  bool ok = sorted && *order;
  free(sorted);
  return ok ? EMEND_OK : emend_fail_memory(error);
}
