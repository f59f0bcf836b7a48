/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/diff.h"
#include "report/line.h"
#include "report/number.h"
#include "report/report.h"
#include "report/table.h"
#include "report/words.h"

const char *diff_label(const emend_dataset *dataset, size_t variable, emend_reason reason, double value) {
  ptrdiff_t set = emend_variable_label_set(dataset, variable);
  if (reason < EMEND_TAG_A)
    return emend_variable_value_label(dataset, variable, value);
  for (size_t i = 0, n = set < 0 ? 0 : emend_label_set_size(dataset, (size_t)set); i < n; i++) {
    emend_value_label label = emend_label_set_label(dataset, (size_t)set, i);
    if (label.reason == reason)
      return label.label;
  }
  return NULL;
}

/* Per variable: what happened to its cells. */
static bool print_variables(const diff_report *r, FILE *out) {
  static const emend_change order[] = {EMEND_CELL_FILLED, EMEND_CELL_EMPTIED, EMEND_CELL_CHANGED, EMEND_CELL_RECODED};
  size_t totals[EMEND_CHANGES];
  for (int i = 0; i < EMEND_CHANGES; i++)
    totals[i] = emend_comparison_cells(r->comparison, order[i]);
  const table_column columns[] = {
      {"", "Cells that differ", TABLE_LEFT, false},           {"", "Filled", TABLE_RIGHT, !totals[0]},
      {"", "Emptied", TABLE_RIGHT, !totals[1]},               {"Other", "value", TABLE_RIGHT, !totals[2]},
      {"Missing", "otherwise", TABLE_RIGHT, !totals[3]},
  };
  table t;
  table_begin(&t, columns, sizeof columns / sizeof *columns);
  t.page = r->page;
  for (size_t i = 0; i < emend_comparison_variables(r->comparison); i++) {
    emend_compared_variable v = emend_comparison_variable(r->comparison, i);
    number_text counts[EMEND_CHANGES];
    const char *cells[1 + EMEND_CHANGES] = {emend_variable_name(r->data[0], v.a)};
    bool any = false;
    for (int k = 0; k < EMEND_CHANGES; k++) {
      any |= v.cells[order[k]] > 0;
      cells[1 + k] = v.cells[order[k]] ? number_count(v.cells[order[k]], counts[k]) : "";
    }
    if (any)
      table_row(&t, cells);
  }
  fputc('\n', out);
  bool done = table_print(&t, out);
  table_end(&t);
  return done;
}

/* "3 (Yes)", "system-missing", "98 user-missing (Don't know)", ".a (Refused)", "empty". The caller frees it. */
static char *cell_words(const emend_dataset *dataset, size_t row, size_t variable) {
  text_line line;
  if (!line_open(&line))
    return NULL;
  FILE *out = line.stream;
  emend_reason reason = emend_cell_reason(dataset, row, variable);
  double value = emend_cell_value(dataset, row, variable);
  const char *text = emend_cell_text(dataset, row, variable), *label = text ? NULL : diff_label(dataset, variable, reason, value);
  char number[VALUE_TEXT];
  if (reason == EMEND_SYSTEM_MISSING)
    fputs("system-missing", out);
  else if (reason == EMEND_EMPTY_TEXT)
    fputs("empty", out);
  else if (reason >= EMEND_TAG_A)
    fputs(report_code(value, reason, number), out);
  else
    fputs(text ? text : value_text(dataset, variable, value, number), out);
  if (reason == EMEND_USER_MISSING)
    fputs(" user-missing", out);
  if (label)
    fprintf(out, " (%s)", label);
  line_close(&line);
  return line.text;
}

typedef struct listing {
  const diff_report *report;
  table table;
  size_t n;
} listing;

static int list_cell(void *context, const emend_changed_cell *cell) {
  listing *l = context;
  const diff_report *r = l->report;
  ptrdiff_t id = emend_comparison_id(r->comparison, EMEND_SIDE_A);
  char row[64];
  if (l->n == r->limit)
    return 1;
  l->n++;
  if (cell->row_a == cell->row_b)
    snprintf(row, sizeof row, "%zu", cell->row_a + 1);
  else
    snprintf(row, sizeof row, "%zu/%zu", cell->row_a + 1, cell->row_b + 1);
  char *key = id < 0 ? NULL : cell_words(r->data[0], cell->row_a, (size_t)id);
  char *before = cell_words(r->data[0], cell->row_a, cell->variable_a), *after = cell_words(r->data[1], cell->row_b, cell->variable_b);
  const char *cells[] = {row, key, emend_variable_name(r->data[0], cell->variable_a), before, after};
  table_row(&l->table, cells);
  l->table.failed |= !before || !after || (id >= 0 && !key);
  free(key);
  free(before);
  free(after);
  return 0;
}

bool diff_cells_text(const diff_report *r, FILE *out) {
  size_t total = diff_cell_count(r);
  if (!total)
    return true;
  bool done = print_variables(r, out);
  ptrdiff_t id = emend_comparison_id(r->comparison, EMEND_SIDE_A);
  const table_column columns[] = {
      {"", "Row", TABLE_LEFT, false},
      {"", id < 0 ? "" : emend_variable_name(r->data[0], (size_t)id), TABLE_LEFT, id < 0},
      {"", "Variable", TABLE_LEFT, false},
      {"", "A", TABLE_LEFT, false},
      {"", "B", TABLE_WRAPPED, false},
  };
  listing l = {.report = r};
  table_begin(&l.table, columns, sizeof columns / sizeof *columns);
  l.table.page = r->page;
  emend_comparison_visit_cells(r->comparison, list_cell, &l);
  if (done && l.n) {
    fputc('\n', out);
    done = table_print(&l.table, out);
  }
  table_end(&l.table);
  number_text left;
  if (l.n < total)
    fprintf(out, "%s%s not listed (--limit)\n", l.n ? "" : "\n", number_of(total - l.n, "more cell", "more cells", left));
  return done;
}
