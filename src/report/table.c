/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/table.h"

#include <stdlib.h>
#include <string.h>

#include "report/columns.h"

enum { GAP = 2, LEAST_NAME = 12, LEAST_WRAPPED = 24, MOST_COLUMNS = 16 };

void table_begin(table *t, const table_column *columns, size_t n_columns) {
  *t = (table){.width = REPORT_WIDTH, .columns = columns, .n_columns = n_columns < MOST_COLUMNS ? n_columns : MOST_COLUMNS};
}

static bool grow(table *t) {
  if (t->n_rows < t->capacity)
    return true;
  size_t capacity = t->capacity ? 2 * t->capacity : 16;
  char **cells = realloc(t->cells, capacity * t->n_columns * sizeof *cells);
  if (cells)
    t->cells = cells;
  char **titles = cells ? realloc(t->titles, capacity * sizeof *titles) : NULL;
  if (titles) {
    t->titles = titles;
    t->capacity = capacity;
  }
  return titles != NULL;
}

static char *copy(table *t, const char *text) {
  char *bytes = strdup(text ? text : "");
  t->failed |= !bytes;
  return bytes;
}

static void add(table *t, const char *const *cells, const char *title) {
  if (!grow(t)) {
    t->failed = true;
    return;
  }
  char **row = t->cells + t->n_rows * t->n_columns;
  t->titles[t->n_rows++] = title ? copy(t, title) : NULL;
  for (size_t j = 0; j < t->n_columns; j++)
    row[j] = cells ? copy(t, cells[j]) : NULL;
}

void table_row(table *t, const char *const *cells) { add(t, cells, NULL); }
void table_title(table *t, const char *title) { add(t, NULL, title); }
void table_rule(table *t) { add(t, NULL, ""); }

void table_end(table *t) {
  for (size_t i = 0; i < t->n_rows; i++)
    free(t->titles[i]);
  for (size_t i = 0; i < t->n_rows * t->n_columns; i++)
    free(t->cells[i]);
  free(t->titles);
  free(t->cells);
  *t = (table){0};
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }
static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* Widest cell of a column. */
static size_t needed(const table *t, size_t j) {
  size_t width = larger(text_columns(t->columns[j].top), text_columns(t->columns[j].heading));
  for (size_t i = 0; i < t->n_rows; i++)
    if (!t->titles[i])
      width = larger(width, text_columns(t->cells[i * t->n_columns + j]));
  return width;
}

/* Sets the width of each column (0: hidden); returns the whole. */
static size_t lay_out(const table *t, size_t *widths) {
  size_t used = 0, wrapped = 0, whole;
  for (size_t j = 1; j < t->n_columns; j++) {
    widths[j] = t->columns[j].hidden ? 0 : needed(t, j);
    if (!widths[j])
      continue;
    used += GAP;
    if (t->columns[j].kind == TABLE_WRAPPED)
      wrapped = j;
    else
      used += widths[j];
  }
  size_t room = larger(used < t->width ? t->width - used : 0, LEAST_NAME);
  if (wrapped && room > needed(t, 0) + LEAST_WRAPPED) {
    widths[0] = needed(t, 0);
    widths[wrapped] = smaller(widths[wrapped], room - widths[0]);
  } else if (wrapped) {
    widths[0] = larger(room > LEAST_WRAPPED ? room - LEAST_WRAPPED : 0, LEAST_NAME);
    widths[wrapped] = LEAST_WRAPPED;
  } else {
    widths[0] = smaller(needed(t, 0), room);
  }
  whole = used + widths[0] + (wrapped ? widths[wrapped] : 0);
  return whole;
}

/* Prints one line of cells. Blanks are printed only before something, so that no line ends in them. */
static void print_line(const table *t, const size_t *widths, const char *const *cells, FILE *out) {
  size_t at = 0, start = 0;
  for (size_t j = 0; j < t->n_columns; j++) {
    if (!widths[j])
      continue;
    const char *cell = cells[j];
    size_t columns = text_columns(cell), place = start;
    if (t->columns[j].kind == TABLE_RIGHT && columns < widths[j])
      place += widths[j] - columns;
    start += widths[j] + GAP;
    if (!*cell)
      continue;
    print_repeated(out, " ", place > at ? place - at : 0);
    if (t->columns[j].kind == TABLE_WRAPPED) {
      print_wrapped(out, cell, place, place, t->width);
      return;
    }
    print_text(out, cell);
    at = larger(at, place) + columns;
    if (j == 0 && columns > widths[0]) {
      fputc('\n', out);
      at = 0;
    }
  }
  fputc('\n', out);
}

static void print_headings(const table *t, const size_t *widths, FILE *out) {
  const char *line[MOST_COLUMNS];
  bool any = false;
  for (size_t j = 0; j < t->n_columns; j++) {
    line[j] = t->columns[j].top;
    any = any || (widths[j] && *line[j]);
  }
  if (any)
    print_line(t, widths, line, out);
  for (size_t j = 0; j < t->n_columns; j++)
    line[j] = t->columns[j].heading;
  print_line(t, widths, line, out);
}

bool table_print(const table *t, FILE *out) {
  if (t->failed)
    return false;
  size_t widths[MOST_COLUMNS], whole = lay_out(t, widths);
  print_headings(t, widths, out);
  print_repeated(out, "─", whole);
  fputc('\n', out);
  for (size_t i = 0; i < t->n_rows; i++) {
    if (!t->titles[i]) {
      print_line(t, widths, (const char *const *)(t->cells + i * t->n_columns), out);
    } else if (*t->titles[i]) {
      print_text(out, t->titles[i]);
      fputc('\n', out);
    } else {
      print_repeated(out, "─", whole);
      fputc('\n', out);
    }
  }
  return true;
}
