/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/dataset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/inside.h"

size_t emend_dataset_rows(const emend_dataset *dataset) { return (size_t)dataset_root(dataset)->n_rows; }
size_t emend_dataset_variables(const emend_dataset *dataset) { return (size_t)dataset_root(dataset)->n_variables; }
ptrdiff_t emend_dataset_weight(const emend_dataset *dataset) { return (ptrdiff_t)dataset_root(dataset)->weight; }
const char *emend_dataset_format(const emend_dataset *dataset) { return emend_dataset_text(dataset, dataset_root(dataset)->format); }
const char *emend_dataset_file_label(const emend_dataset *dataset) {
  return emend_dataset_text(dataset, dataset_root(dataset)->file_label);
}
uint64_t emend_dataset_bytes(const emend_dataset *dataset) { return emend_arena_used(dataset->arena); }

void emend_dataset_free(emend_dataset *dataset) {
  if (!dataset)
    return;
  emend_arena_free(dataset->arena);
  for (size_t i = 0; i < dataset->n_doubts; i++)
    free(dataset->doubts[i].text);
  free(dataset->doubts);
  free(dataset);
}

const char *emend_dataset_text(const emend_dataset *dataset, emend_offset offset) {
  return offset ? (const char *)emend_arena_at(dataset->arena, offset) : "";
}

size_t emend_dataset_text_length(const emend_dataset *dataset, emend_offset offset) {
  if (!offset)
    return 0;
  uint32_t length;
  memcpy(&length, emend_arena_at(dataset->arena, offset - sizeof length), sizeof length);
  return length;
}

const emend_variable *emend_dataset_variable(const emend_dataset *dataset, size_t index) {
  return (const emend_variable *)emend_arena_at(dataset->arena, dataset_root(dataset)->variables) + index;
}

ptrdiff_t emend_dataset_find_variable(const emend_dataset *dataset, const char *name) {
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++)
    if (strcmp(emend_variable_name(dataset, v), name) == 0)
      return (ptrdiff_t)v;
  return -1;
}

const char *emend_variable_name(const emend_dataset *dataset, size_t variable) {
  return emend_dataset_text(dataset, emend_dataset_variable(dataset, variable)->name);
}
const char *emend_variable_label(const emend_dataset *dataset, size_t variable) {
  return emend_dataset_text(dataset, emend_dataset_variable(dataset, variable)->label);
}
const char *emend_variable_format(const emend_dataset *dataset, size_t variable) {
  return emend_dataset_text(dataset, emend_dataset_variable(dataset, variable)->format);
}
emend_variable_kind emend_variable_get_kind(const emend_dataset *dataset, size_t variable) {
  return emend_dataset_variable(dataset, variable)->kind;
}
emend_measure emend_variable_get_measure(const emend_dataset *dataset, size_t variable) {
  return emend_dataset_variable(dataset, variable)->measure;
}

size_t emend_dataset_label_sets(const emend_dataset *dataset) { return (size_t)dataset_root(dataset)->n_label_sets; }

const emend_label_set *emend_dataset_label_set(const emend_dataset *dataset, size_t index) {
  return (const emend_label_set *)emend_arena_at(dataset->arena, dataset_root(dataset)->label_sets) + index;
}

const emend_label *emend_dataset_label(const emend_dataset *dataset, const emend_label_set *set, size_t index) {
  return (const emend_label *)emend_arena_at(dataset->arena, set->labels) + index;
}

ptrdiff_t emend_dataset_find_label_set(const emend_dataset *dataset, const char *name) {
  for (size_t i = 0; i < emend_dataset_label_sets(dataset); i++)
    if (strcmp(emend_dataset_text(dataset, emend_dataset_label_set(dataset, i)->name), name) == 0)
      return (ptrdiff_t)i;
  return -1;
}

const char *emend_dataset_label_of(const emend_dataset *dataset, size_t variable, double value, emend_reason reason) {
  int32_t index = emend_dataset_variable(dataset, variable)->label_set;
  if (index < 0)
    return NULL;
  const emend_label_set *set = emend_dataset_label_set(dataset, (size_t)index);
  bool tagged = reason >= EMEND_TAG_A;
  for (size_t i = 0; i < set->n_labels; i++) {
    const emend_label *label = emend_dataset_label(dataset, set, i);
    if (tagged ? label->kind == EMEND_KEY_TAG && label->tag == reason : label->kind == EMEND_KEY_NUMBER && label->number == value)
      return emend_dataset_text(dataset, label->text);
  }
  return NULL;
}

const char *emend_variable_value_label(const emend_dataset *dataset, size_t variable, double value) {
  return emend_dataset_label_of(dataset, variable, value, EMEND_OBSERVED);
}

const emend_csv_dialect *emend_dataset_get_dialect(const emend_dataset *dataset) { return &dataset_root(dataset)->dialect; }

size_t emend_dataset_warnings(const emend_dataset *dataset) { return (size_t)dataset_root(dataset)->n_warnings; }

const char *emend_dataset_warning(const emend_dataset *dataset, size_t index) {
  const emend_offset *warnings = emend_arena_at(dataset->arena, dataset_root(dataset)->warnings);
  return emend_dataset_text(dataset, warnings[index]);
}

bool emend_variable_declares_missing(const emend_variable *variable, double value) {
  for (uint32_t i = 0; i < variable->n_missing; i++)
    if (!variable->missing[i].text && value >= variable->missing[i].lo && value <= variable->missing[i].hi)
      return true;
  return false;
}

emend_run emend_dataset_run(const emend_dataset *dataset, size_t variable, size_t row) {
  const dataset_inside *root = dataset_root(dataset);
  size_t block_rows = (size_t)root->block_rows, within = row % block_rows;
  const unsigned char *block = dataset_block(dataset, row / block_rows);
  size_t left = (size_t)root->n_rows - row;
  return (emend_run){
      .values = (const double *)block + variable * block_rows + within,
      .reasons = block + root->n_variables * block_rows * sizeof(double) + variable * block_rows + within,
      .n = left < block_rows - within ? left : block_rows - within,
  };
}

emend_reason emend_cell_reason(const emend_dataset *dataset, size_t row, size_t variable) {
  return (emend_reason)*emend_dataset_run(dataset, variable, row).reasons;
}

double emend_cell_value(const emend_dataset *dataset, size_t row, size_t variable) {
  if (emend_dataset_variable(dataset, variable)->kind == EMEND_TEXT)
    return NAN;
  return *emend_dataset_run(dataset, variable, row).values;
}

const char *emend_cell_text(const emend_dataset *dataset, size_t row, size_t variable) {
  if (emend_dataset_variable(dataset, variable)->kind != EMEND_TEXT)
    return NULL;
  emend_offset offset;
  memcpy(&offset, emend_dataset_run(dataset, variable, row).values, sizeof offset);
  return emend_dataset_text(dataset, offset);
}
