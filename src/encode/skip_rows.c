/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/skip_rows.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/memory.h"
#include "encode/paradata.h"

enum {
  MOST_VALUES = 30,    /* of a variable that others may hang on, and ... */
  MOST_UNLABELLED = 12 /* ... if they have no labels */
};

size_t skip_row_of(const skip_rows *s, size_t i) { return i * s->step; }
void skip_set_bit(skip_word *rows, size_t i) { rows[i / 64] |= (skip_word)1 << i % 64; }

size_t skip_count(const skip_rows *s, const skip_word *rows) {
  size_t n = 0;
  for (size_t w = 0; w < s->words; w++)
    n += emend_bits_count(rows[w]);
  return n;
}

size_t skip_count_both(const skip_rows *s, const skip_word *a, const skip_word *b) {
  size_t n = 0;
  for (size_t w = 0; w < s->words; w++)
    n += emend_bits_count(a[w] & b[w]);
  return n;
}

bool skip_share_few(const skip_rows *s, const skip_word *a, const skip_word *b, size_t most) {
  size_t n = 0;
  for (size_t w = 0; w < s->words; w++)
    if ((n += emend_bits_count(a[w] & b[w])) > most)
      return false;
  return true;
}

bool skip_lies_within(const skip_rows *s, const skip_word *a, const skip_word *b, size_t most) {
  size_t n = 0;
  for (size_t w = 0; w < s->words; w++)
    if ((n += emend_bits_count(a[w] & ~b[w])) > most)
      return false;
  return true;
}

/* Where an interview ended is told apart from what was not asked (encode/planner_breakoffs.c). */
bool skip_takes_part(const emend_planned *planned) {
  if (planned->role == EMEND_ROLE_EXCLUDED && planned->why == emend_why_paradata)
    return false;
  return planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_PREDICT || planned->role == EMEND_ROLE_CONSTANT ||
         planned->role == EMEND_ROLE_EXCLUDED;
}

bool skip_may_filter(const emend_planned *planned) {
  size_t n = planned->categories.n;
  bool labelled = planned->observed.labelled || planned->categories.texts;
  return skip_takes_part(planned) && n >= 2 && n <= (labelled ? MOST_VALUES : MOST_UNLABELLED);
}

/* A count that may be nothing, whatever else it may be. */
static bool may_be_zero(const emend_planned *planned) {
  return skip_takes_part(planned) && planned->categories.numbers && planned->categories.n > MOST_UNLABELLED &&
         planned->categories.numbers[0] == 0;
}

void skip_cells_read(const skip_rows *s, size_t v, skip_cells *cells) {
  for (size_t i = 0; i < s->n_rows;) {
    emend_run run = emend_dataset_run(s->plan->dataset, v, skip_row_of(s, i));
    for (size_t k = 0; k < run.n; k += s->step)
      cells->values[i] = run.values[k], cells->reasons[i++] = run.reasons[k];
  }
}

static size_t atoms_of(const emend_planned *planned) {
  return skip_may_filter(planned) ? planned->categories.n : may_be_zero(planned) ? 1 : 0;
}

static emend_status add_atoms(skip_rows *s, size_t v, const skip_cells *cells, emend_error *error) {
  size_t n = atoms_of(&s->plan->variables[v]);
  for (size_t k = 0; k < n; k++) {
    skip_atom *a = &s->atoms[s->first_atom[v] + k];
    *a = (skip_atom){.variable = v, .category = k, .rows = emend_allocate(s->words, sizeof(skip_word))};
    if (!a->rows)
      return emend_fail_memory(error);
  }
  for (size_t i = 0; i < s->n_rows && n > 0; i++) {
    size_t category = emend_categories_of_cell(&s->plan->variables[v].categories, skip_row_of(s, i), cells->reasons[i], cells->values[i]);
    if (category < n) {
      skip_set_bit(s->atoms[s->first_atom[v] + category].rows, i);
      s->atoms[s->first_atom[v] + category].n++;
    }
  }
  return EMEND_OK;
}

emend_status skip_rows_see(skip_rows *s, size_t v, bool seen, emend_error *error) {
  bool has_atoms = s->first_atom[v] < s->first_atom[v + 1];
  skip_cells cells;
  if (!(seen || has_atoms || skip_takes_part(&s->plan->variables[v])))
    return EMEND_OK;
  skip_cells_read(s, v, &cells);
  emend_status status = add_atoms(s, v, &cells, error);
  if (status)
    return status;
  s->seen[v] = emend_allocate(s->words, sizeof(skip_word));
  if (!s->seen[v])
    return emend_fail_memory(error);
  for (size_t i = 0; i < s->n_rows; i++)
    if (cells.reasons[i] == EMEND_OBSERVED)
      skip_set_bit(s->seen[v], i);
  s->n_seen[v] = skip_count(s, s->seen[v]);
  return EMEND_OK;
}

void skip_rows_free(skip_rows *s) {
  for (size_t i = 0; s->atoms && i < s->n_atoms; i++)
    free(s->atoms[i].rows);
  for (size_t v = 0; s->seen && v < s->plan->n_variables; v++)
    free(s->seen[v]);
  free(s->atoms), free(s->first_atom), free(s->seen), free(s->n_seen);
}

emend_status skip_rows_new(skip_rows *s, const emend_plan *plan, emend_error *error) {
  size_t rows = emend_dataset_rows(plan->dataset), p = plan->n_variables;
  *s = (skip_rows){.plan = plan, .step = 1 + (rows - 1) / SKIP_MOST_ROWS};
  s->n_rows = (rows + s->step - 1) / s->step;
  s->words = (s->n_rows + 63) / 64;
  s->first_atom = emend_allocate(p + 1, sizeof *s->first_atom);
  s->seen = emend_allocate(p, sizeof *s->seen);
  s->n_seen = emend_allocate(p, sizeof *s->n_seen);
  if (!s->first_atom || !s->seen || !s->n_seen)
    return emend_fail_memory(error);
  for (size_t v = 0; v < p; v++) {
    s->first_atom[v] = s->n_atoms;
    s->n_atoms += atoms_of(&plan->variables[v]);
  }
  s->first_atom[p] = s->n_atoms;
  s->atoms = emend_allocate(s->n_atoms, sizeof *s->atoms);
  return s->atoms ? EMEND_OK : emend_fail_memory(error);
}
