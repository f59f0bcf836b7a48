/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "data/inside.h"

/* The child that filled the arena may have crashed or scribbled over it: nothing it wrote is trusted before these checks. */

static bool array_fits(const emend_dataset *dataset, emend_offset array, uint64_t count, uint64_t size) {
  uint64_t bytes;
  return count == 0 || (array % 8 == 0 && !__builtin_mul_overflow(count, size, &bytes) && emend_arena_contains(dataset->arena, array, bytes));
}

static bool text_fits(const emend_dataset *dataset, emend_offset text) {
  if (text == 0)
    return true;
  if (text <= sizeof(uint32_t) || !emend_arena_contains(dataset->arena, text - sizeof(uint32_t), sizeof(uint32_t)))
    return false;
  size_t length = emend_dataset_text_length(dataset, text);
  return emend_arena_contains(dataset->arena, text, (uint64_t)length + 1) && emend_dataset_text(dataset, text)[length] == '\0';
}

static bool variable_fits(const emend_dataset *dataset, const emend_variable *v) {
  bool fits = text_fits(dataset, v->name) && text_fits(dataset, v->label) && text_fits(dataset, v->format) && (unsigned)v->kind <= EMEND_DATETIME &&
              (unsigned)v->storage <= EMEND_STORAGE_LONG_TEXT && v->n_missing <= EMEND_MISSING_RANGES &&
              v->label_set < (int64_t)emend_dataset_label_sets(dataset);
  for (uint32_t i = 0; fits && i < v->n_missing; i++)
    fits = text_fits(dataset, v->missing[i].text);
  return fits;
}

static bool label_set_fits(const emend_dataset *dataset, const emend_label_set *set) {
  bool fits = text_fits(dataset, set->name) && array_fits(dataset, set->labels, set->n_labels, sizeof(emend_label));
  for (size_t i = 0; fits && i < set->n_labels; i++) {
    const emend_label *label = emend_dataset_label(dataset, set, i);
    fits = text_fits(dataset, label->key) && text_fits(dataset, label->text);
  }
  return fits;
}

static bool blocks_fit(const emend_dataset *dataset) {
  const dataset_inside *root = dataset_root(dataset);
  if (root->n_rows == 0)
    return true;
  if (root->block_rows == 0 || root->block_rows > 1024 || root->n_rows > root->n_blocks * root->block_rows ||
      !array_fits(dataset, root->blocks, root->n_blocks, sizeof(emend_offset)))
    return false;
  const emend_offset *blocks = emend_arena_at(dataset->arena, root->blocks);
  for (size_t i = 0; i < root->n_blocks; i++)
    if (blocks[i] % sizeof(double) || !emend_arena_contains(dataset->arena, blocks[i], dataset_block_bytes(root)))
      return false;
  return true;
}

static bool text_cells_fit(const emend_dataset *dataset, size_t variable) {
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      emend_offset text;
      memcpy(&text, &run.values[i], sizeof text);
      if (!text_fits(dataset, text))
        return false;
    }
  }
  return true;
}

emend_status emend_dataset_check(const emend_dataset *dataset, emend_error *error) {
  const dataset_inside *root = dataset_root(dataset);
  bool fits = text_fits(dataset, root->format) && text_fits(dataset, root->file_label) && root->n_variables <= UINT32_MAX &&
              array_fits(dataset, root->variables, root->n_variables, sizeof(emend_variable)) &&
              array_fits(dataset, root->label_sets, root->n_label_sets, sizeof(emend_label_set)) &&
              array_fits(dataset, root->warnings, root->n_warnings, sizeof(emend_offset)) && root->weight >= -1 &&
              root->weight < (int64_t)root->n_variables && blocks_fit(dataset);
  for (size_t i = 0; fits && i < root->n_variables; i++)
    fits = variable_fits(dataset, emend_dataset_variable(dataset, i));
  for (size_t i = 0; fits && i < root->n_label_sets; i++)
    fits = label_set_fits(dataset, emend_dataset_label_set(dataset, i));
  for (size_t i = 0; fits && i < root->n_warnings; i++)
    fits = text_fits(dataset, ((const emend_offset *)emend_arena_at(dataset->arena, root->warnings))[i]);
  for (size_t v = 0; fits && v < root->n_variables; v++)
    fits = emend_dataset_variable(dataset, v)->kind != EMEND_TEXT || text_cells_fit(dataset, v);
  return fits ? EMEND_OK : emend_fail(error, EMEND_READER_DIED, "the reading process left broken data behind");
}
