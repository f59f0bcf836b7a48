/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/table.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2, LEAST_NAME = 8, LEAST_TEXT = 12, LEAST_WRAPPED = 24, MOST_COLUMNS = 16, BELOW = 4 };

void table_begin(table *t, const table_column *columns, size_t n_columns) {
  *t = (table){.page = {.width = REPORT_WIDTH}, .columns = columns, .n_columns = n_columns < MOST_COLUMNS ? n_columns : MOST_COLUMNS};
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

static bool is_right(const table *t, size_t j) { return t->columns[j].kind == TABLE_RIGHT || t->columns[j].kind == TABLE_PAIRED; }
static size_t larger(size_t a, size_t b) { return a > b ? a : b; }
static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* Widest cell of a column. */
static size_t needed(const table *t, size_t j) {
  size_t top = t->columns[j].kind == TABLE_PAIRED ? 0 : text_columns(t->columns[j].top),
         width = larger(top, text_columns(t->columns[j].heading));
  for (size_t i = 0; i < t->n_rows; i++)
    if (!t->titles[i])
      width = larger(width, text_columns(t->cells[i * t->n_columns + j]));
  return width;
}

/* Where each column stands. */
typedef struct layout {
  size_t widths[MOST_COLUMNS]; /* 0: hidden */
  size_t whole;
  bool below; /* the wrapped column stands below its row */
} layout;

static size_t width_between(const layout *l, size_t from, size_t to) {
  size_t width = 0;
  for (size_t j = from; j < to; j++)
    width += l->widths[j] ? GAP + l->widths[j] : 0;
  return width;
}

/* On a terminal, the widest columns of texts are cut until all fit beside `others` columns, or none is wide. */
static void cut_texts(const table *t, size_t others, layout *l) {
  for (bool cut = t->page.cuts; cut && others + width_between(l, 1, t->n_columns) > t->page.width;) {
    size_t widest = 0;
    for (size_t j = 1; j < t->n_columns; j++)
      if (t->columns[j].kind == TABLE_LEFT && l->widths[j] > LEAST_TEXT && (!widest || l->widths[j] > l->widths[widest]))
        widest = j;
    cut = widest > 0;
    l->widths[widest] -= cut;
  }
}

/* The name and the wrapped column share what the others leave. */
static void share_room(const table *t, size_t wrapped, layout *l) {
  size_t name = needed(t, 0), text = l->widths[wrapped], least_name = smaller(name, LEAST_NAME), least = smaller(text, LEAST_WRAPPED);
  l->widths[wrapped] = 0;
  cut_texts(t, least_name + GAP + least, l);
  size_t used = GAP + width_between(l, 1, t->n_columns), room = used < t->page.width ? t->page.width - used : 0;
  if (room < least_name + least) {
    l->below = true;
    l->widths[0] = smaller(name, larger(room + GAP, least_name));
  } else {
    l->widths[0] = smaller(name, room - least);
    l->widths[wrapped] = smaller(text, room - l->widths[0]);
  }
}

static layout lay_out(const table *t) {
  layout l = {0};
  size_t wrapped = 0, name = needed(t, 0), least = smaller(name, LEAST_NAME);
  for (size_t j = 1; j < t->n_columns; j++) {
    l.widths[j] = t->columns[j].hidden ? 0 : needed(t, j);
    if (t->columns[j].kind == TABLE_PAIRED && l.widths[j] && l.widths[j] + GAP + l.widths[j - 1] < text_columns(t->columns[j].top))
      l.widths[j] = text_columns(t->columns[j].top) - GAP - l.widths[j - 1];
    wrapped = l.widths[j] && t->columns[j].kind == TABLE_WRAPPED ? j : wrapped;
  }
  if (wrapped) {
    share_room(t, wrapped, &l);
  } else {
    cut_texts(t, least, &l);
    size_t used = width_between(&l, 1, t->n_columns), room = used < t->page.width ? t->page.width - used : 0;
    l.widths[0] = smaller(name, larger(room, least));
  }
  l.whole = l.widths[0] + width_between(&l, 1, t->n_columns);
  return l;
}

static void print_blanks(FILE *out, size_t from, size_t to) { print_repeated(out, " ", to > from ? to - from : 0); }

/* A wrapped cell, in its column or below the row. Ends the line. */
static void print_last(const table *t, const layout *l, const char *cell, size_t at, size_t place, FILE *out) {
  if (l->below && !*cell) {
    fputs(at ? "\n" : "", out);
    return;
  }
  if (l->below) {
    fputs(at ? "\n" : "", out);
    at = 0, place = BELOW;
  }
  print_blanks(out, at, place);
  print_wrapped(out, cell, place, place, t->page.width);
}

/* A name that is wider than its column has a line of its own. */
static size_t print_name(const table *t, const layout *l, const char *name, FILE *out) {
  size_t columns = text_columns(name);
  if (t->page.cuts)
    print_middle_cut(out, name, t->page.width);
  else
    print_text(out, name);
  if (columns <= l->widths[0])
    return columns;
  fputc('\n', out);
  return 0;
}

/* Prints one line of cells, or of tops. Blanks are printed only before something, so that no line ends in them. */
static void print_line(const table *t, const layout *l, const char *const *cells, bool tops, FILE *out) {
  size_t at = print_name(t, l, cells[0], out), start = l->widths[0] + GAP;
  bool own_line = at == 0 && *cells[0];
  for (size_t j = 1; j < t->n_columns; j++) {
    bool wrapped = t->columns[j].kind == TABLE_WRAPPED && !t->columns[j].hidden;
    if (wrapped && (l->below || (l->widths[j] && *cells[j]))) {
      print_last(t, l, cells[j], at, start, out);
      return;
    }
    if (!l->widths[j])
      continue;
    size_t room = l->widths[j] + (tops && t->columns[j].kind == TABLE_PAIRED ? GAP + l->widths[j - 1] : 0);
    size_t columns = smaller(text_columns(cells[j]), room), place = start;
    if (is_right(t, j))
      place = place + l->widths[j] - columns;
    start += l->widths[j] + GAP;
    if (!*cells[j])
      continue;
    print_blanks(out, at, place);
    print_middle_cut(out, cells[j], room);
    at = place + columns;
    own_line = false;
  }
  fputs(own_line ? "" : "\n", out);
}

static void print_headings(const table *t, const layout *l, FILE *out) {
  const char *line[MOST_COLUMNS];
  bool any = false;
  for (size_t j = 0; j < t->n_columns; j++) {
    line[j] = t->columns[j].top;
    any = any || ((l->widths[j] || j == 0) && *line[j]);
  }
  if (any)
    print_line(t, l, line, true, out);
  for (size_t j = 0; j < t->n_columns; j++)
    line[j] = t->columns[j].heading;
  print_line(t, l, line, false, out);
}

static void print_part(const table *t, const layout *l, FILE *out) {
  size_t whole = l->below ? larger(l->whole, smaller(t->page.width, REPORT_WIDTH)) : l->whole;
  print_headings(t, l, out);
  print_repeated(out, "─", whole);
  fputc('\n', out);
  for (size_t i = 0; i < t->n_rows; i++) {
    if (!t->titles[i]) {
      print_line(t, l, (const char *const *)(t->cells + i * t->n_columns), false, out);
    } else if (*t->titles[i]) {
      print_text(out, t->titles[i]);
      fputc('\n', out);
    } else {
      print_repeated(out, "─", whole);
      fputc('\n', out);
    }
  }
}

/* On a terminal, with only numbers beside the names: what stands in one part does not need what stands in another. In a file lines stay
 * whole. */
static bool may_be_parted(const table *t, const layout *l) {
  bool parted = t->page.cuts && l->whole > t->page.width;
  for (size_t j = 1; j < t->n_columns; j++)
    parted = parted && (!l->widths[j] || is_right(t, j));
  return parted;
}

/* A column and those that belong to it. */
static size_t unit_end(const table *t, size_t j) {
  do
    j++;
  while (j < t->n_columns && t->columns[j].kind == TABLE_PAIRED);
  return j;
}

/* As many columns as fit, from *first on, which moves behind them. */
static layout next_part(const table *t, const layout *l, size_t *first) {
  layout part = {.widths = {smaller(needed(t, 0), larger(l->widths[0], LEAST_TEXT))}};
  size_t j = *first;
  part.whole = part.widths[0];
  while (j < t->n_columns) {
    size_t end = unit_end(t, j), width = width_between(l, j, end);
    if (part.whole > part.widths[0] && part.whole + width > t->page.width)
      break;
    part.whole += width;
    for (; j < end; j++)
      part.widths[j] = l->widths[j];
  }
  *first = j;
  return part;
}

bool table_print(const table *t, FILE *out) {
  if (t->failed)
    return false;
  layout l = lay_out(t);
  if (!may_be_parted(t, &l)) {
    print_part(t, &l, out);
    return true;
  }
  for (size_t first = 1; first < t->n_columns;) {
    fputs(first > 1 ? "\n" : "", out);
    layout part = next_part(t, &l, &first);
    print_part(t, &part, out);
  }
  return true;
}
