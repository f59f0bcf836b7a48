/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/inside.h"

/* Codes that count as missing though nothing declares them. */

bool emend_dataset_same_text(const char *a, const char *b) {
  while (*a && *a == *b)
    a++, b++;
  return !a[strspn(a, " ")] && !b[strspn(b, " ")];
}

static emend_status keep(emend_dataset *dataset, const emend_doubt *doubt, emend_error *error) {
  if (!emend_reserve(&dataset->doubts, dataset->n_doubts, &dataset->doubts_capacity, sizeof *dataset->doubts))
    return emend_fail_memory(error);
  emend_doubt copy = *doubt;
  if (doubt->text && !(copy.text = strdup(doubt->text)))
    return emend_fail_memory(error);
  dataset->doubts[dataset->n_doubts++] = copy;
  return EMEND_OK;
}

static bool holds(const emend_dataset *dataset, const emend_doubt *doubt, double value) {
  emend_offset offset;
  if (!doubt->text)
    return value == doubt->value;
  memcpy(&offset, &value, sizeof offset);
  return emend_dataset_same_text(emend_dataset_text(dataset, offset), doubt->text);
}

emend_status emend_dataset_set_aside(emend_dataset *dataset, const emend_doubt *doubt, size_t *count, emend_error *error) {
  const dataset_inside *root = dataset_root(dataset);
  emend_status status = keep(dataset, doubt, error);
  size_t rows = (size_t)root->block_rows, left = (size_t)root->n_rows;
  *count = 0;
  for (size_t b = 0; b < root->n_blocks && !status; b++) {
    unsigned char *block = dataset_block(dataset, b);
    const double *values = (const double *)block + doubt->variable * rows;
    unsigned char *reasons = block + root->n_variables * rows * sizeof(double) + doubt->variable * rows;
    size_t n = left < rows ? left : rows;
    for (size_t i = 0; i < n; i++)
      if (reasons[i] == EMEND_OBSERVED && holds(dataset, doubt, values[i])) {
        reasons[i] = EMEND_USER_MISSING;
        ++*count;
      }
    left -= n;
  }
  return status;
}

size_t emend_dataset_doubts(const emend_dataset *dataset) { return dataset->n_doubts; }
const emend_doubt *emend_dataset_doubt(const emend_dataset *dataset, size_t index) { return &dataset->doubts[index]; }

const emend_doubt *emend_dataset_find_doubt(const emend_dataset *dataset, size_t variable, double value, const char *text) {
  for (size_t i = 0; i < dataset->n_doubts; i++) {
    const emend_doubt *doubt = &dataset->doubts[i];
    bool same = doubt->text ? text && emend_dataset_same_text(doubt->text, text) : !text && doubt->value == value;
    if (doubt->variable == variable && same)
      return doubt;
  }
  return NULL;
}

const char *emend_dataset_label_of_text(const emend_dataset *dataset, size_t variable, const char *text) {
  int32_t index = emend_dataset_variable(dataset, variable)->label_set;
  const emend_label_set *set = index < 0 ? NULL : emend_dataset_label_set(dataset, (size_t)index);
  for (size_t i = 0; set && i < set->n_labels; i++) {
    const emend_label *label = emend_dataset_label(dataset, set, i);
    if (label->kind == EMEND_KEY_TEXT && emend_dataset_same_text(emend_dataset_text(dataset, label->key), text))
      return emend_dataset_text(dataset, label->text);
  }
  return NULL;
}
