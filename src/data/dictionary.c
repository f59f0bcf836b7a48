/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emend/dictionary.h"

#include <math.h>
#include <string.h>

#include "data/inside.h"

/* What a dictionary holds beside names, labels and cells: filling it, and reading it. */

/* Filling. */

emend_file_facts *emend_dataset_edit_facts(emend_dataset *dataset) { return &dataset_root(dataset)->facts; }

emend_status emend_dataset_set_file_text(emend_dataset *dataset, emend_file_text which, const char *text, emend_error *error) {
  return emend_dataset_add_text(dataset, text, text ? strlen(text) : 0, &dataset_root(dataset)->facts.text[which], error);
}

emend_status emend_dataset_add_indices(emend_dataset *dataset, const uint32_t *indices, size_t count, emend_offset *offset,
                                       emend_error *error) {
  *offset = 0;
  if (count == 0)
    return EMEND_OK;
  emend_status status = emend_arena_allocate(dataset->arena, count * sizeof *indices, 8, offset, error);
  if (!status)
    memcpy(emend_arena_at(dataset->arena, *offset), indices, count * sizeof *indices);
  return status;
}

static emend_property *property_at(const emend_dataset *dataset, uint64_t number) {
  return number ? (emend_property *)emend_arena_at(dataset->arena, dataset_root(dataset)->properties) + (number - 1) : NULL;
}

emend_status emend_dataset_add_property(emend_dataset *dataset, ptrdiff_t variable, const emend_property *property, emend_error *error) {
  dataset_inside *root = dataset_root(dataset);
  emend_status status = emend_arena_grow(dataset->arena, &root->properties, root->n_properties, &root->properties_capacity,
                                         root->n_properties + 1, sizeof *property, error);
  if (status)
    return status;
  uint64_t number = ++root->n_properties;
  emend_property *added = property_at(dataset, number);
  *added = *property;
  added->next = 0;
  emend_variable *of = variable >= 0 ? emend_dataset_edit_variable(dataset, (size_t)variable) : NULL;
  uint64_t *first = of ? &of->first_property : &root->first_property, *last = of ? &of->last_property : &root->last_property;
  *(*last ? &property_at(dataset, *last)->next : first) = number;
  *last = number;
  return EMEND_OK;
}

emend_status emend_dataset_add_variable_set(emend_dataset *dataset, const emend_variable_set *set, emend_error *error) {
  dataset_inside *root = dataset_root(dataset);
  emend_status status =
      emend_arena_grow(dataset->arena, &root->sets, root->n_sets, &root->sets_capacity, root->n_sets + 1, sizeof *set, error);
  if (!status)
    ((emend_variable_set *)emend_arena_at(dataset->arena, root->sets))[root->n_sets++] = *set;
  return status;
}

/* Reading: the file. */

const emend_file_facts *emend_dataset_facts(const emend_dataset *dataset) { return &dataset_root(dataset)->facts; }

const char *emend_dataset_file_text(const emend_dataset *dataset, emend_file_text which) {
  const emend_csv_dialect *dialect = emend_dataset_get_dialect(dataset);
  if (which == EMEND_FILE_ENCODING && dialect->delimiter)
    return dialect->encoding;
  return emend_dataset_text(dataset, emend_dataset_facts(dataset)->text[which]);
}

int emend_dataset_release(const emend_dataset *dataset) { return emend_dataset_facts(dataset)->release; }
emend_byte_order emend_dataset_byte_order(const emend_dataset *dataset) { return emend_dataset_facts(dataset)->byte_order; }
emend_compression emend_dataset_compression(const emend_dataset *dataset) { return emend_dataset_facts(dataset)->compression; }

char emend_dataset_delimiter(const emend_dataset *dataset) { return emend_dataset_get_dialect(dataset)->delimiter; }
char emend_dataset_decimal(const emend_dataset *dataset) { return emend_dataset_get_dialect(dataset)->decimal; }
int emend_dataset_has_header(const emend_dataset *dataset) { return emend_dataset_get_dialect(dataset)->header_rows > 0; }

size_t emend_dataset_sort_keys(const emend_dataset *dataset) { return (size_t)emend_dataset_facts(dataset)->n_sort_keys; }

size_t emend_dataset_sort_key(const emend_dataset *dataset, size_t index) {
  return ((const uint32_t *)emend_arena_at(dataset->arena, emend_dataset_facts(dataset)->sort_keys))[index];
}

/* Variables. */

emend_storage emend_variable_storage(const emend_dataset *dataset, size_t variable) {
  return emend_dataset_variable(dataset, variable)->storage;
}
size_t emend_variable_width(const emend_dataset *dataset, size_t variable) { return emend_dataset_variable(dataset, variable)->width; }
const char *emend_variable_write_format(const emend_dataset *dataset, size_t variable) {
  return emend_dataset_text(dataset, emend_dataset_variable(dataset, variable)->write_format);
}
const char *emend_variable_short_name(const emend_dataset *dataset, size_t variable) {
  return emend_dataset_text(dataset, emend_dataset_variable(dataset, variable)->short_name);
}
size_t emend_variable_display_width(const emend_dataset *dataset, size_t variable) {
  return emend_dataset_variable(dataset, variable)->display_width;
}
emend_alignment emend_variable_alignment(const emend_dataset *dataset, size_t variable) {
  return emend_dataset_variable(dataset, variable)->alignment;
}
emend_usage emend_variable_usage(const emend_dataset *dataset, size_t variable) { return emend_dataset_variable(dataset, variable)->usage; }

size_t emend_variable_declared(const emend_dataset *dataset, size_t variable) {
  return emend_dataset_variable(dataset, variable)->n_missing;
}

emend_declared_missing emend_variable_declared_missing(const emend_dataset *dataset, size_t variable, size_t index) {
  const emend_missing_range *range = &emend_dataset_variable(dataset, variable)->missing[index];
  return (emend_declared_missing){
      .lo = range->lo, .hi = range->hi, .text = range->text ? emend_dataset_text(dataset, range->text) : NULL};
}

static void count_reason(emend_cell_counts *counts, emend_reason reason) {
  switch (reason) {
  case EMEND_OBSERVED: counts->observed++; break;
  case EMEND_SYSTEM_MISSING: counts->system++; break;
  case EMEND_USER_MISSING: counts->user++; break;
  case EMEND_EMPTY_TEXT: counts->empty++; break;
  case EMEND_STRUCTURAL: counts->structural++; break;
  default: counts->tagged++;
  }
}

emend_cell_counts emend_variable_cell_counts(const emend_dataset *dataset, size_t variable) {
  emend_cell_counts counts = {0};
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++)
      count_reason(&counts, (emend_reason)run.reasons[i]);
  }
  return counts;
}

/* Sets of value labels. */

const char *emend_label_set_name(const emend_dataset *dataset, size_t set) {
  return emend_dataset_text(dataset, emend_dataset_label_set(dataset, set)->name);
}
size_t emend_label_set_size(const emend_dataset *dataset, size_t set) { return (size_t)emend_dataset_label_set(dataset, set)->n_labels; }

emend_value_label emend_label_set_label(const emend_dataset *dataset, size_t set, size_t index) {
  const emend_label *label = emend_dataset_label(dataset, emend_dataset_label_set(dataset, set), index);
  return (emend_value_label){
      .reason = label->kind == EMEND_KEY_TAG ? label->tag : EMEND_OBSERVED,
      .value = label->kind == EMEND_KEY_NUMBER ? label->number : NAN,
      .key = label->kind == EMEND_KEY_TEXT ? emend_dataset_text(dataset, label->key) : NULL,
      .label = emend_dataset_text(dataset, label->text),
  };
}

ptrdiff_t emend_variable_label_set(const emend_dataset *dataset, size_t variable) {
  int32_t set = emend_dataset_variable(dataset, variable)->label_set;
  return set < 0 ? -1 : set;
}

/* Notes, attributes, characteristics. */

const emend_property *emend_dataset_first_property(const emend_dataset *dataset, ptrdiff_t variable) {
  return property_at(dataset, variable < 0 ? dataset_root(dataset)->first_property
                                           : emend_dataset_variable(dataset, (size_t)variable)->first_property);
}
const emend_property *emend_dataset_next_property(const emend_dataset *dataset, const emend_property *property) {
  return property_at(dataset, property->next);
}
emend_property_kind emend_property_get_kind(const emend_property *property) { return property->kind; }
const char *emend_property_name(const emend_dataset *dataset, const emend_property *property) {
  return emend_dataset_text(dataset, property->name);
}
const char *emend_property_value(const emend_dataset *dataset, const emend_property *property) {
  return emend_dataset_text(dataset, property->value);
}
unsigned emend_property_number(const emend_property *property) { return property->number; }

/* Sets of variables. */

size_t emend_dataset_variable_sets(const emend_dataset *dataset) { return (size_t)dataset_root(dataset)->n_sets; }

const emend_variable_set *emend_dataset_variable_set(const emend_dataset *dataset, size_t index) {
  return (const emend_variable_set *)emend_arena_at(dataset->arena, dataset_root(dataset)->sets) + index;
}

emend_variable_set_facts emend_variable_set_get(const emend_dataset *dataset, size_t index) {
  const emend_variable_set *set = emend_dataset_variable_set(dataset, index);
  return (emend_variable_set_facts){
      .name = emend_dataset_text(dataset, set->name),
      .label = emend_dataset_text(dataset, set->label),
      .kind = set->kind,
      .counted = emend_dataset_text(dataset, set->counted),
      .categories_from_labels = set->categories_from_labels,
      .label_from_variable = set->label_from_variable,
      .n_variables = (size_t)set->n_members,
  };
}

size_t emend_variable_set_variable(const emend_dataset *dataset, size_t set, size_t index) {
  return ((const uint32_t *)emend_arena_at(dataset->arena, emend_dataset_variable_set(dataset, set)->members))[index];
}
