/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "compare/compare.h"

/* Cells of matched rows and paired variables. A pair's two cells are equal, differ in one of the ways of emend_change, or are missing
 * in ways that cannot be compared. */
enum { CELL_EQUAL = -1, CELL_UNLIKE = -2 };

typedef struct cell {
  emend_reason reason;
  double value;
} cell;

static cell cell_at(const emend_dataset *dataset, size_t row, size_t variable) {
  emend_run run = emend_dataset_run(dataset, variable, row);
  return (cell){(emend_reason)*run.reasons, *run.values};
}

static bool close_enough(const emend_comparison *c, const pair *p, double a, double b) {
  if (a == b || (p->floats && (float)a == (float)b))
    return true;
  return c->tolerance > 0 && fabs(a - b) <= c->tolerance * fmax(1, fmax(fabs(a), fabs(b)));
}

/* An empty text and a number that is not there are the same. */
static emend_reason kind_of_missing(emend_reason reason) { return reason == EMEND_EMPTY_TEXT ? EMEND_SYSTEM_MISSING : reason; }

/* `same`: both hold a value, and it is the same. */
static int judge(const emend_comparison *c, emend_reason a, emend_reason b, bool same) {
  bool missing_a = a != EMEND_OBSERVED, missing_b = b != EMEND_OBSERVED;
  if (same)
    return CELL_EQUAL; /* whether the value is declared missing is a matter of the dictionary */
  if (missing_a && missing_b)
    return kind_of_missing(a) == kind_of_missing(b) && a != EMEND_USER_MISSING ? CELL_EQUAL
           : c->kinds_shared                                                   ? EMEND_CELL_RECODED
                                                                               : CELL_UNLIKE;
  return missing_a ? EMEND_CELL_FILLED : missing_b ? EMEND_CELL_EMPTIED : EMEND_CELL_CHANGED;
}

static bool has_value(emend_reason reason) { return reason == EMEND_OBSERVED || reason == EMEND_USER_MISSING; }

static int compare_numbers(const emend_comparison *c, const pair *p, size_t row_a, size_t row_b) {
  cell a = cell_at(c->data[0], row_a, p->facts.a), b = cell_at(c->data[1], row_b, p->facts.b);
  if (!has_value(a.reason) || !has_value(b.reason))
    return judge(c, a.reason, b.reason, false);
  if (p->translation.from != p->translation.to)
    a.value = emend_translate_value(&p->translation, a.value);
  return judge(c, a.reason, b.reason, close_enough(c, p, a.value, b.value));
}

/* Without the blanks that fixed widths add. */
static bool same_text(const char *a, const char *b) {
  size_t n = emend_trimmed_length(a, strlen(a)), m = emend_trimmed_length(b, strlen(b));
  return n == m && memcmp(a, b, n) == 0;
}

static int compare_texts(const emend_comparison *c, const pair *p, size_t row_a, size_t row_b) {
  cell a = cell_at(c->data[0], row_a, p->facts.a), b = cell_at(c->data[1], row_b, p->facts.b);
  bool same = same_text(emend_cell_text(c->data[0], row_a, p->facts.a), emend_cell_text(c->data[1], row_b, p->facts.b));
  return judge(c, a.reason, b.reason, same);
}

/* As delimited text has it: a date, or the shortest number; "" where there is no value. */
static const char *printed(const emend_dataset *dataset, size_t row, size_t variable, char *buffer) {
  const char *text = emend_cell_text(dataset, row, variable);
  if (text)
    return text;
  double value = emend_cell_value(dataset, row, variable);
  if (!emend_variable_date_text(dataset, variable, value, buffer))
    emend_number_print(value, '.', buffer);
  return buffer;
}

/* Delimited text may hold the label in place of the value. */
static bool is_labelled(const emend_dataset *dataset, size_t row, size_t variable, const char *text) {
  cell here = cell_at(dataset, row, variable);
  if (emend_variable_get_kind(dataset, variable) == EMEND_TEXT)
    return false;
  const char *label = emend_dataset_label_of(dataset, variable, here.value, here.reason);
  return label && same_text(label, text);
}

static int compare_printed(const emend_comparison *c, const pair *p, size_t row_a, size_t row_b) {
  enum { SIZE = (int)EMEND_DATE_TEXT > (int)EMEND_NUMBER_SIZE ? (int)EMEND_DATE_TEXT : (int)EMEND_NUMBER_SIZE };
  char buffer_a[SIZE], buffer_b[SIZE];
  emend_reason a = emend_cell_reason(c->data[0], row_a, p->facts.a), b = emend_cell_reason(c->data[1], row_b, p->facts.b);
  const char *text_a = printed(c->data[0], row_a, p->facts.a, buffer_a), *text_b = printed(c->data[1], row_b, p->facts.b, buffer_b);
  bool same = same_text(text_a, text_b) || is_labelled(c->data[0], row_a, p->facts.a, text_b) ||
              is_labelled(c->data[1], row_b, p->facts.b, text_a);
  return judge(c, a, b, has_value(a) && has_value(b) && same);
}

static int compare_one(const emend_comparison *c, const pair *p, size_t row_a, size_t row_b) {
  switch (p->way) {
  case PAIR_NUMBERS: return compare_numbers(c, p, row_a, row_b);
  case PAIR_TEXTS: return compare_texts(c, p, row_a, row_b);
  case PAIR_PRINTED: return compare_printed(c, p, row_a, row_b);
  default: return CELL_EQUAL;
  }
}

void compare_cells(emend_comparison *c) {
  for (size_t i = 0; i < c->n_pairs; i++) {
    pair *p = &c->pairs[i];
    for (size_t k = 0; k < c->n_matched && p->way != PAIR_NOT; k++) {
      int found = compare_one(c, p, compare_row(c, EMEND_SIDE_A, k), compare_row(c, EMEND_SIDE_B, k));
      if (found >= 0)
        p->facts.cells[found]++;
      c->unlike += found == CELL_UNLIKE;
    }
  }
}

static bool differs(const pair *p) {
  for (int change = 0; change < EMEND_CHANGES; change++)
    if (p->facts.cells[change])
      return true;
  return false;
}

void emend_comparison_visit_cells(const emend_comparison *c, emend_cell_function visit, void *context) {
  for (size_t k = 0; k < c->n_matched; k++)
    for (size_t i = 0; i < c->n_pairs; i++) {
      const pair *p = &c->pairs[i];
      emend_changed_cell cell = {compare_row(c, EMEND_SIDE_A, k), compare_row(c, EMEND_SIDE_B, k), p->facts.a, p->facts.b,
                                 EMEND_CELL_FILLED};
      int found = differs(p) ? compare_one(c, p, cell.row_a, cell.row_b) : CELL_EQUAL;
      if (found < 0)
        continue;
      cell.change = (emend_change)found;
      if (visit(context, &cell))
        return;
    }
}
