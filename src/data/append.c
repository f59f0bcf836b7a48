/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/inside.h"

static emend_status plant_root(emend_dataset *dataset, emend_error *error) {
  emend_status status = emend_arena_allocate(dataset->arena, sizeof(dataset_inside), 64, &dataset->root, error);
  if (!status)
    dataset_root(dataset)->weight = -1;
  return status;
}

emend_status emend_dataset_new(uint64_t max_bytes, bool shared, emend_dataset **dataset, emend_error *error) {
  *dataset = NULL;
  emend_dataset *made = calloc(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  emend_status status = emend_arena_new(max_bytes, shared, &made->arena, error);
  if (!status)
    status = plant_root(made, error);
  if (status)
    emend_dataset_free(made);
  else
    *dataset = made;
  return status;
}

emend_status emend_dataset_add_text(emend_dataset *dataset, const char *bytes, size_t length, emend_offset *offset, emend_error *error) {
  *offset = 0;
  if (!bytes || length == 0)
    return EMEND_OK;
  if (length > INT32_MAX)
    return emend_fail(error, EMEND_LIMIT_EXCEEDED, "a text of %zu bytes is longer than emend can hold", length);
  uint32_t stored = (uint32_t)length;
  emend_offset at;
  emend_status status = emend_arena_allocate(dataset->arena, sizeof stored + length + 1, 1, &at, error);
  if (status)
    return status;
  unsigned char *target = emend_arena_at(dataset->arena, at);
  memcpy(target, &stored, sizeof stored);
  memcpy(target + sizeof stored, bytes, length);
  *offset = at + sizeof stored;
  return EMEND_OK;
}

static emend_status set_text(emend_dataset *dataset, const char *text, emend_offset *field, emend_error *error) {
  emend_offset offset;
  emend_status status = emend_dataset_add_text(dataset, text, text ? strlen(text) : 0, &offset, error);
  if (!status)
    *field = offset;
  return status;
}

emend_status emend_dataset_set_format(emend_dataset *dataset, const char *format, emend_error *error) {
  return set_text(dataset, format, &dataset_root(dataset)->format, error);
}

emend_status emend_dataset_set_file_label(emend_dataset *dataset, const char *label, emend_error *error) {
  return set_text(dataset, label, &dataset_root(dataset)->file_label, error);
}

emend_status emend_dataset_reset(emend_dataset *dataset, emend_error *error) {
  char format[32];
  snprintf(format, sizeof format, "%s", emend_dataset_format(dataset));
  emend_arena_reset(dataset->arena);
  emend_status status = plant_root(dataset, error);
  return status ? status : emend_dataset_set_format(dataset, format, error);
}

void emend_dataset_set_weight(emend_dataset *dataset, ptrdiff_t variable) { dataset_root(dataset)->weight = variable; }

emend_csv_dialect *emend_dataset_dialect(emend_dataset *dataset) { return &dataset_root(dataset)->dialect; }

emend_status emend_dataset_add_warning(emend_dataset *dataset, emend_error *error, const char *format, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  dataset_inside *root = dataset_root(dataset);
  emend_status status = emend_arena_grow(dataset->arena, &root->warnings, root->n_warnings, &root->warnings_capacity, root->n_warnings + 1,
                                         sizeof(emend_offset), error);
  if (status)
    return status;
  emend_offset *warnings = emend_arena_at(dataset->arena, root->warnings);
  status = set_text(dataset, text, &warnings[root->n_warnings], error);
  if (!status)
    root->n_warnings++;
  return status;
}

emend_status emend_dataset_add_variable(emend_dataset *dataset, const emend_variable *variable, size_t *index, emend_error *error) {
  dataset_inside *root = dataset_root(dataset);
  if (root->n_rows > 0)
    return emend_fail(error, EMEND_INTERNAL, "a variable was added after the first row");
  emend_status status = emend_arena_grow(dataset->arena, &root->variables, root->n_variables, &root->variables_capacity,
                                         root->n_variables + 1, sizeof(emend_variable), error);
  if (status)
    return status;
  *emend_dataset_edit_variable(dataset, (size_t)root->n_variables) = *variable;
  if (index)
    *index = (size_t)root->n_variables;
  root->n_variables++;
  return EMEND_OK;
}

emend_variable *emend_dataset_edit_variable(emend_dataset *dataset, size_t index) {
  return (emend_variable *)emend_arena_at(dataset->arena, dataset_root(dataset)->variables) + index;
}

emend_status emend_dataset_add_label_set(emend_dataset *dataset, const char *name, size_t *index, emend_error *error) {
  dataset_inside *root = dataset_root(dataset);
  emend_status status = emend_arena_grow(dataset->arena, &root->label_sets, root->n_label_sets, &root->label_sets_capacity,
                                         root->n_label_sets + 1, sizeof(emend_label_set), error);
  if (status)
    return status;
  emend_label_set *set = (emend_label_set *)emend_arena_at(dataset->arena, root->label_sets) + root->n_label_sets;
  status = set_text(dataset, name, &set->name, error);
  if (status)
    return status;
  *index = (size_t)root->n_label_sets++;
  return EMEND_OK;
}

emend_status emend_dataset_add_label(emend_dataset *dataset, size_t set, const emend_label *label, emend_error *error) {
  dataset_inside *root = dataset_root(dataset);
  emend_label_set *into = (emend_label_set *)emend_arena_at(dataset->arena, root->label_sets) + set;
  emend_status status =
      emend_arena_grow(dataset->arena, &into->labels, into->n_labels, &into->capacity, into->n_labels + 1, sizeof(emend_label), error);
  if (status)
    return status;
  ((emend_label *)emend_arena_at(dataset->arena, into->labels))[into->n_labels++] = *label;
  return EMEND_OK;
}

/* Blocks of about 1 MiB, so that a wide table does not take a huge block for a few rows: 15 to 1,008 rows. Not a power of two: the cells of
 * a row would then all fall into the same set of the processor's cache. */
static uint64_t choose_block_rows(uint64_t n_variables) {
  uint64_t rows = 1008;
  while (rows > 16 && rows * n_variables * sizeof(double) > UINT64_C(1) << 20)
    rows /= 2;
  return rows;
}

static uint64_t bytes_per_row(const emend_dataset *dataset) { return dataset_root(dataset)->n_variables * (sizeof(double) + 1); }

/* Whether the cells of so many more rows have room. */
static bool have_room(const emend_dataset *dataset, uint64_t n_rows) {
  uint64_t block_rows = choose_block_rows(dataset_root(dataset)->n_variables), bytes;
  uint64_t blocks = n_rows / block_rows + (n_rows % block_rows != 0), limit = emend_arena_limit(dataset->arena);
  return !__builtin_mul_overflow(blocks * block_rows, bytes_per_row(dataset), &bytes) && bytes <= limit - emend_arena_used(dataset->arena);
}

static emend_status refuse_rows(const emend_dataset *dataset, const char *about, uint64_t n_rows, emend_error *error) {
  uint64_t n_variables = dataset_root(dataset)->n_variables, limit = emend_arena_limit(dataset->arena);
  bool small = limit < UINT64_C(1) << 20;
  emend_status status = emend_fail(
      error, EMEND_LIMIT_EXCEEDED,
      "%s%" PRIu64 " rows of %" PRIu64 " variable%s need about %.4g MiB of memory, more than the limit of %" PRIu64 " %s", about, n_rows,
      n_variables, n_variables == 1 ? "" : "s", (double)n_rows * (double)bytes_per_row(dataset) / 0x1p20, limit >> (small ? 10 : 20),
      small ? "KiB" : "MiB");
  emend_try(error, "a higher --max-memory, or fewer variables");
  return status;
}

emend_status emend_dataset_expect_rows(const emend_dataset *dataset, uint64_t n_rows, emend_error *error) {
  return have_room(dataset, n_rows) ? EMEND_OK : refuse_rows(dataset, "", n_rows, error);
}

emend_status emend_dataset_expect_share(const emend_dataset *dataset, uint64_t n_rows, double done, emend_error *error) {
  enum { MARGIN = 2 };
  if (!(done > 0 && done <= 1))
    return EMEND_OK;
  double expected = (double)n_rows / done;
  uint64_t stored = emend_dataset_rows(dataset);
  if (expected >= 0x1p62 || expected / MARGIN <= (double)stored || have_room(dataset, (uint64_t)(expected / MARGIN) - stored))
    return EMEND_OK;
  return refuse_rows(dataset, "about ", (uint64_t)expected, error);
}

/* Every cell of a new block system-missing; text: empty, which offset 0 is. */
static void clear_block(emend_dataset *dataset, unsigned char *block) {
  const dataset_inside *root = dataset_root(dataset);
  size_t rows = (size_t)root->block_rows;
  unsigned char *reasons = block + root->n_variables * rows * sizeof(double);
  for (size_t v = 0; v < root->n_variables; v++) {
    bool text = emend_dataset_variable(dataset, v)->kind == EMEND_TEXT;
    memset(reasons + v * rows, text ? EMEND_EMPTY_TEXT : EMEND_SYSTEM_MISSING, rows);
    double *values = (double *)block + v * rows;
    for (size_t i = 0; i < rows && !text; i++)
      values[i] = NAN;
  }
}

static emend_status add_block(emend_dataset *dataset, emend_error *error) {
  dataset_inside *root = dataset_root(dataset);
  if (root->n_blocks == 0)
    root->block_rows = choose_block_rows(root->n_variables);
  emend_status status = emend_arena_grow(dataset->arena, &root->blocks, root->n_blocks, &root->blocks_capacity, root->n_blocks + 1,
                                         sizeof(emend_offset), error);
  if (status)
    return status;
  emend_offset *blocks = emend_arena_at(dataset->arena, root->blocks);
  status = emend_arena_allocate(dataset->arena, dataset_block_bytes(root), 64, &blocks[root->n_blocks], error);
  if (status)
    return status;
  unsigned char *block = emend_arena_at(dataset->arena, blocks[root->n_blocks++]);
  clear_block(dataset, block);
  dataset->column_step = (size_t)root->block_rows;
  dataset->variables = root->n_variables ? emend_dataset_variable(dataset, 0) : NULL;
  dataset->row_values = (double *)block;
  dataset->row_reasons = block + root->n_variables * root->block_rows * sizeof(double);
  return EMEND_OK;
}

emend_status emend_dataset_add_row(emend_dataset *dataset, emend_error *error) {
  dataset_inside *root = dataset_root(dataset);
  if (root->n_rows == root->n_blocks * root->block_rows) {
    emend_status status = add_block(dataset, error);
    if (status)
      return status;
  } else {
    dataset->row_values++;
    dataset->row_reasons++;
  }
  root->n_rows++;
  return EMEND_OK;
}

emend_run_cells emend_dataset_edit_run(emend_dataset *dataset, size_t variable, size_t row) {
  const dataset_inside *root = dataset_root(dataset);
  unsigned char *block = dataset_block(dataset, row / (size_t)root->block_rows);
  emend_run run = emend_dataset_run(dataset, variable, row);
  return (emend_run_cells){.values = (double *)(block + ((const unsigned char *)run.values - block)),
                           .reasons = block + (run.reasons - block),
                           .n = run.n};
}

emend_row_cells emend_dataset_last_row(emend_dataset *dataset) {
  return (emend_row_cells){.values = dataset->row_values, .reasons = dataset->row_reasons, .step = dataset->column_step};
}

void emend_dataset_put_number(emend_dataset *dataset, size_t variable, double value, emend_reason reason) {
  const emend_variable *v = &dataset->variables[variable];
  if (reason == EMEND_OBSERVED && isnan(value))
    reason = EMEND_SYSTEM_MISSING;
  if (reason == EMEND_OBSERVED && v->n_missing && emend_variable_declares_missing(v, value))
    reason = EMEND_USER_MISSING;
  size_t at = variable * dataset->column_step;
  dataset->row_values[at] = reason == EMEND_OBSERVED || reason == EMEND_USER_MISSING ? value : NAN;
  dataset->row_reasons[at] = (unsigned char)reason;
}

bool emend_variable_declares_text_missing(const emend_dataset *dataset, size_t index, const char *bytes, size_t length) {
  const emend_variable *variable = emend_dataset_variable(dataset, index);
  for (uint32_t i = 0; i < variable->n_missing; i++) {
    emend_offset text = variable->missing[i].text;
    if (text && emend_dataset_text_length(dataset, text) == length && memcmp(emend_dataset_text(dataset, text), bytes, length) == 0)
      return true;
  }
  return false;
}

emend_status emend_dataset_put_text(emend_dataset *dataset, size_t variable, const char *bytes, size_t length, emend_error *error) {
  emend_offset offset;
  emend_status status = emend_dataset_add_text(dataset, bytes, length, &offset, error);
  if (status)
    return status;
  size_t at = variable * dataset->column_step;
  memcpy(&dataset->row_values[at], &offset, sizeof offset);
  size_t trimmed = length;
  while (trimmed > 0 && bytes[trimmed - 1] == ' ')
    trimmed--;
  bool declared = trimmed > 0 && emend_variable_declares_text_missing(dataset, variable, bytes, trimmed);
  dataset->row_reasons[at] = trimmed == 0 ? EMEND_EMPTY_TEXT : declared ? EMEND_USER_MISSING : EMEND_OBSERVED;
  return EMEND_OK;
}
