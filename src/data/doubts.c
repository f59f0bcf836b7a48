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

/* Blanks before a text do not tell it from another, as those behind it do not: "9, ND". */
static bool is_said_by(const emend_doubt *doubt, const char *text) { return emend_dataset_same_text(text + strspn(text, " "), doubt->text); }

static bool holds(const emend_dataset *dataset, const emend_doubt *doubt, double value) {
  emend_offset offset;
  if (!doubt->text)
    return value == doubt->value;
  memcpy(&offset, &value, sizeof offset);
  return is_said_by(doubt, emend_dataset_text(dataset, offset));
}

/* The cells of a variable in one block. */
typedef struct column {
  double *values;
  unsigned char *reasons;
  size_t n;
} column;

static column column_of(const emend_dataset *dataset, size_t variable, size_t block) {
  const dataset_inside *root = dataset_root(dataset);
  size_t rows = (size_t)root->block_rows, before = block * rows, left = root->n_rows > before ? (size_t)root->n_rows - before : 0;
  unsigned char *bytes = dataset_block(dataset, block);
  return (column){.values = (double *)(void *)bytes + variable * rows,
                  .reasons = bytes + root->n_variables * rows * sizeof(double) + variable * rows,
                  .n = left < rows ? left : rows};
}

static emend_status set_aside(emend_dataset *dataset, const emend_doubt *doubt, emend_reason from, size_t *count, emend_error *error) {
  emend_status status = keep(dataset, doubt, error);
  *count = 0;
  for (size_t b = 0; b < dataset_root(dataset)->n_blocks && !status; b++) {
    column c = column_of(dataset, doubt->variable, b);
    for (size_t i = 0; i < c.n; i++)
      if (c.reasons[i] == from && holds(dataset, doubt, c.values[i])) {
        c.reasons[i] = EMEND_USER_MISSING;
        ++*count;
      }
  }
  return status;
}

emend_status emend_dataset_set_aside(emend_dataset *dataset, const emend_doubt *doubt, size_t *count, emend_error *error) {
  return set_aside(dataset, doubt, EMEND_OBSERVED, count, error);
}

emend_status emend_dataset_set_token_aside(emend_dataset *dataset, const emend_doubt *doubt, size_t *count, emend_error *error) {
  return set_aside(dataset, doubt, EMEND_EMPTY_TEXT, count, error);
}

void emend_dataset_forget_doubts(emend_dataset *dataset, size_t variable) {
  size_t n = 0;
  for (size_t i = 0; i < dataset->n_doubts; i++) {
    if (dataset->doubts[i].variable == variable)
      free(dataset->doubts[i].text);
    else
      dataset->doubts[n++] = dataset->doubts[i];
  }
  dataset->n_doubts = n;
}

static const emend_doubt *find(const emend_dataset *dataset, size_t variable, double value, const char *text) {
  for (size_t i = 0; i < dataset->n_doubts; i++) {
    const emend_doubt *doubt = &dataset->doubts[i];
    bool same = doubt->text ? text && is_said_by(doubt, text) : !text && doubt->value == value;
    if (doubt->variable == variable && same)
      return doubt;
  }
  return NULL;
}

/* The text that a token has left in an empty cell; 0: none. */
static emend_offset token_of(double value, unsigned char reason) {
  emend_offset text = 0;
  if (reason == EMEND_EMPTY_TEXT)
    memcpy(&text, &value, sizeof text);
  return text;
}

bool emend_dataset_has_token(const emend_dataset *dataset, size_t variable, const char *text) {
  for (size_t b = 0; b < dataset_root(dataset)->n_blocks && emend_dataset_variable(dataset, variable)->kind == EMEND_TEXT; b++) {
    column c = column_of(dataset, variable, b);
    for (size_t i = 0; i < c.n; i++) {
      emend_offset token = token_of(c.values[i], c.reasons[i]);
      if (token && emend_dataset_same_text(emend_dataset_text(dataset, token), text))
        return true;
    }
  }
  return false;
}

void emend_dataset_take_as_answers(emend_dataset *dataset, size_t variable) {
  const emend_variable *v = emend_dataset_variable(dataset, variable);
  for (size_t b = 0; b < dataset_root(dataset)->n_blocks; b++) {
    column c = column_of(dataset, variable, b);
    for (size_t i = 0; i < c.n; i++) {
      bool named = v->kind != EMEND_TEXT && c.reasons[i] == EMEND_USER_MISSING && !emend_variable_declares_missing(v, c.values[i]) &&
                   !find(dataset, variable, c.values[i], NULL);
      emend_offset token = v->kind == EMEND_TEXT ? token_of(c.values[i], c.reasons[i]) : 0;
      if (named || (token && *emend_dataset_text(dataset, token)))
        c.reasons[i] = EMEND_OBSERVED;
    }
  }
}

void emend_dataset_forget_tokens(emend_dataset *dataset) {
  const emend_offset none = 0;
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++)
    for (size_t b = 0; b < dataset_root(dataset)->n_blocks && emend_dataset_variable(dataset, v)->kind == EMEND_TEXT; b++) {
      column c = column_of(dataset, v, b);
      for (size_t i = 0; i < c.n; i++)
        if (c.reasons[i] == EMEND_EMPTY_TEXT)
          memcpy(&c.values[i], &none, sizeof none);
    }
}

size_t emend_dataset_doubts(const emend_dataset *dataset) { return dataset->n_doubts; }
const emend_doubt *emend_dataset_doubt(const emend_dataset *dataset, size_t index) { return &dataset->doubts[index]; }

const emend_doubt *emend_dataset_find_doubt(const emend_dataset *dataset, size_t variable, double value, const char *text) {
  const emend_doubt *doubt = dataset->n_doubts ? find(dataset, variable, value, text) : NULL;
  return doubt && !doubt->declared ? doubt : NULL;
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
