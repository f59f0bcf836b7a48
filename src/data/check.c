/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "data/inside.h"

/* The child that filled the arena may have crashed or scribbled over it: nothing it wrote is trusted before these checks. */

static bool array_fits(const emend_dataset *dataset, emend_offset array, uint64_t count, uint64_t size) {
  uint64_t bytes;
  return count == 0 ||
         (array % 8 == 0 && !__builtin_mul_overflow(count, size, &bytes) && emend_arena_contains(dataset->arena, array, bytes));
}

static bool text_fits(const emend_dataset *dataset, emend_offset text) {
  if (text == 0)
    return true;
  if (text <= sizeof(uint32_t) || !emend_arena_contains(dataset->arena, text - sizeof(uint32_t), sizeof(uint32_t)))
    return false;
  size_t length = emend_dataset_text_length(dataset, text);
  return emend_arena_contains(dataset->arena, text, (uint64_t)length + 1) && emend_dataset_text(dataset, text)[length] == '\0';
}

/* 1 + an index, or 0. */
static bool property_number_fits(const emend_dataset *dataset, uint64_t number) { return number <= dataset_root(dataset)->n_properties; }

static bool variable_fits(const emend_dataset *dataset, const emend_variable *v) {
  bool fits = text_fits(dataset, v->name) && text_fits(dataset, v->label) && text_fits(dataset, v->format) &&
              text_fits(dataset, v->write_format) && text_fits(dataset, v->picture) && text_fits(dataset, v->short_name) && (unsigned)v->kind <= EMEND_DATETIME &&
              (unsigned)v->storage <= EMEND_STORAGE_LONG_TEXT && (unsigned)v->measure <= EMEND_SCALE &&
              (unsigned)v->alignment <= EMEND_CENTRE && (unsigned)v->usage <= EMEND_USAGE_SPLIT && v->n_missing <= EMEND_MISSING_RANGES &&
              v->label_set < (int64_t)emend_dataset_label_sets(dataset) && property_number_fits(dataset, v->first_property) &&
              property_number_fits(dataset, v->last_property);
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

static bool indices_fit(const emend_dataset *dataset, emend_offset offset, uint64_t count) {
  if (!array_fits(dataset, offset, count, sizeof(uint32_t)))
    return false;
  const uint32_t *indices = count ? emend_arena_at(dataset->arena, offset) : NULL;
  for (uint64_t i = 0; i < count; i++)
    if (indices[i] >= dataset_root(dataset)->n_variables)
      return false;
  return true;
}

static bool facts_fit(const emend_dataset *dataset, const emend_file_facts *facts) {
  for (size_t i = 0; i < sizeof facts->text / sizeof *facts->text; i++)
    if (!text_fits(dataset, facts->text[i]))
      return false;
  return (unsigned)facts->byte_order <= EMEND_BIG_ENDIAN && (unsigned)facts->compression <= EMEND_COMPRESSION_BLOCKS &&
         indices_fit(dataset, facts->sort_keys, facts->n_sort_keys);
}

/* Chains only lead forward, so that following one ends. */
static bool properties_fit(const emend_dataset *dataset) {
  const dataset_inside *root = dataset_root(dataset);
  if (!array_fits(dataset, root->properties, root->n_properties, sizeof(emend_property)) ||
      !property_number_fits(dataset, root->first_property) || !property_number_fits(dataset, root->last_property))
    return false;
  const emend_property *properties = emend_arena_at(dataset->arena, root->properties);
  for (uint64_t i = 0; i < root->n_properties; i++) {
    const emend_property *p = &properties[i];
    if ((unsigned)p->kind > EMEND_CHARACTERISTIC || !text_fits(dataset, p->name) || !text_fits(dataset, p->value) ||
        !property_number_fits(dataset, p->next) || (p->next && p->next <= i + 1))
      return false;
  }
  return true;
}

static bool sets_fit(const emend_dataset *dataset) {
  const dataset_inside *root = dataset_root(dataset);
  if (!array_fits(dataset, root->sets, root->n_sets, sizeof(emend_variable_set)))
    return false;
  for (size_t i = 0; i < root->n_sets; i++) {
    const emend_variable_set *set = emend_dataset_variable_set(dataset, i);
    if ((unsigned)set->kind > EMEND_SET_DICHOTOMIES || !text_fits(dataset, set->name) || !text_fits(dataset, set->label) ||
        !text_fits(dataset, set->counted) || !indices_fit(dataset, set->members, set->n_members))
      return false;
  }
  return true;
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

void emend_dataset_adopt(const emend_dataset *dataset) { emend_arena_adopt(dataset->arena); }

emend_status emend_dataset_check(const emend_dataset *dataset, emend_error *error) {
  const dataset_inside *root = dataset_root(dataset);
  emend_dataset_adopt(dataset);
  bool fits = text_fits(dataset, root->format) && text_fits(dataset, root->file_label) && root->n_variables <= UINT32_MAX &&
              array_fits(dataset, root->variables, root->n_variables, sizeof(emend_variable)) &&
              array_fits(dataset, root->label_sets, root->n_label_sets, sizeof(emend_label_set)) &&
              array_fits(dataset, root->warnings, root->n_warnings, sizeof(emend_offset)) && root->weight >= -1 &&
              root->weight < (int64_t)root->n_variables && blocks_fit(dataset) && facts_fit(dataset, &root->facts) &&
              properties_fit(dataset) && sets_fit(dataset);
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
