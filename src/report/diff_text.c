/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/diff.h"
#include "report/line.h"
#include "report/number.h"

enum { LABEL = 12 };

size_t diff_cell_count(const diff_report *r) {
  size_t n = 0;
  for (int change = 0; change < EMEND_CHANGES; change++)
    n += emend_comparison_cells(r->comparison, (emend_change)change);
  return n;
}

const char *diff_change_word(emend_change change) {
  static const char *const words[] = {"filled", "emptied", "changed", "recoded"};
  return (size_t)change < sizeof words / sizeof *words ? words[change] : "";
}

static void print_line(const diff_report *r, const char *label, const char *text, FILE *out) {
  print_padded(out, label, LABEL, false);
  print_wrapped(out, text, LABEL, LABEL, r->page.width);
}

static void print_file(const diff_report *r, emend_side side, FILE *out) {
  number_text rows, variables;
  fprintf(out, "%c  ", side == EMEND_SIDE_A ? 'A' : 'B');
  print_text(out, r->names[side]);
  fprintf(out, ": %s, %s, %s\n", emend_dataset_format(r->data[side]), number_of(emend_dataset_rows(r->data[side]), "row", "rows", rows),
          number_of(emend_dataset_variables(r->data[side]), "variable", "variables", variables));
}

/* "9 in both, 1 only in A, 2 only in B, in another order" */
static void print_counts(const diff_report *r, const char *label, size_t both, size_t only_a, size_t only_b, bool moved, const char *how,
                         FILE *out) {
  char text[256];
  number_text number;
  int n = snprintf(text, sizeof text, "%s in both", number_count(both, number));
  if (only_a)
    n += snprintf(text + n, sizeof text - (size_t)n, ", %s only in A", number_count(only_a, number));
  if (only_b)
    n += snprintf(text + n, sizeof text - (size_t)n, ", %s only in B", number_count(only_b, number));
  snprintf(text + n, sizeof text - (size_t)n, "%s%s", moved ? ", in another order" : "", how);
  print_line(r, label, text, out);
}

static void print_cell_summary(const diff_report *r, FILE *out) {
  size_t total = diff_cell_count(r), all = emend_comparison_rows(r->comparison) * emend_comparison_variables(r->comparison);
  static const char *const words[] = {"filled", "emptied", "changed to another value", "missing in another way"};
  char text[512];
  number_text number, of;
  int n = snprintf(text, sizeof text, "%s of %s differ%s%s", total ? number_count(total, number) : "none", number_count(all, of),
                   total == 1 || !total ? "s" : "", total ? ": " : "");
  for (int change = 0, any = 0; change < EMEND_CHANGES; change++) {
    size_t count = emend_comparison_cells(r->comparison, (emend_change)change);
    if (count)
      n += snprintf(text + n, sizeof text - (size_t)n, "%s%s %s", any++ ? ", " : "", number_count(count, number), words[change]);
  }
  print_line(r, "Cells", text, out);
}

static void print_summary(const diff_report *r, FILE *out) {
  const emend_comparison *c = r->comparison;
  number_text number;
  ptrdiff_t id = emend_comparison_id(c, EMEND_SIDE_A);
  char how[256] = "";
  if (id >= 0)
    snprintf(how, sizeof how, ", matched by %.200s", emend_variable_name(r->data[0], (size_t)id));
  fputc('\n', out);
  print_counts(r, "Variables", emend_comparison_variables(c), emend_comparison_single_variables(c, EMEND_SIDE_A),
               emend_comparison_single_variables(c, EMEND_SIDE_B), emend_comparison_variables_moved(c), "", out);
  print_counts(r, "Rows", emend_comparison_rows(c), emend_comparison_single_rows(c, EMEND_SIDE_A),
               emend_comparison_single_rows(c, EMEND_SIDE_B), emend_comparison_rows_moved(c), id >= 0 ? how : ", matched by position", out);
  size_t n = emend_comparison_differences(c);
  bool silent = emend_dataset_delimiter(r->data[0]) || emend_dataset_delimiter(r->data[1]); /* delimited text has names only */
  print_line(r, "Dictionary", n ? number_of(n, "difference", "differences", number) : silent ? "not compared" : "no difference", out);
  print_cell_summary(r, out);
}

static void print_remarks(const diff_report *r, FILE *out) {
  size_t n = emend_comparison_remarks(r->comparison), n_warnings = emend_events_warning_count(r->events);
  fputs(n + n_warnings ? "\nRemarks\n" : "", out);
  for (size_t i = 0; i < n + n_warnings; i++) {
    fputs("  - ", out);
    print_wrapped(out, i < n ? emend_comparison_remark(r->comparison, i) : emend_events_warning(r->events, i - n), 4, 4, r->page.width);
  }
}

static bool print_single_variables(const diff_report *r, emend_side side, FILE *out) {
  size_t n = emend_comparison_single_variables(r->comparison, side);
  text_line names;
  if (!n)
    return true;
  if (!line_open(&names))
    return false;
  for (size_t i = 0; i < n; i++)
    fprintf(names.stream, "%s ", emend_variable_name(r->data[side], emend_comparison_single_variable(r->comparison, side, i)));
  fprintf(out, "\nVariables only in %c\n  ", side == EMEND_SIDE_A ? 'A' : 'B');
  return line_print(&names, out, 2, 2, r->page.width);
}

/* "61-70, 75"; of many the first ones. */
static bool print_single_rows(const diff_report *r, emend_side side, FILE *out) {
  size_t n = emend_comparison_single_rows(r->comparison, side), ranges = 0, i = 0;
  text_line rows;
  if (!n)
    return true;
  if (!line_open(&rows))
    return false;
  while (i < n && ranges < r->limit) {
    size_t first = emend_comparison_single_row(r->comparison, side, i), last = first;
    while (++i < n && emend_comparison_single_row(r->comparison, side, i) == last + 1)
      last++;
    fprintf(rows.stream, "%s%zu", ranges++ ? ", " : "", first + 1);
    if (last > first)
      fprintf(rows.stream, "-%zu", last + 1);
  }
  if (i < n)
    fprintf(rows.stream, "%s%zu more", ranges ? " and " : "", n - i);
  fprintf(out, "\nRows only in %c\n  ", side == EMEND_SIDE_A ? 'A' : 'B');
  return line_print(&rows, out, 2, 2, r->page.width);
}

/* A variable's differences under its name. */
static bool print_dictionary(const diff_report *r, FILE *out) {
  ptrdiff_t last = -2;
  for (size_t i = 0; i < emend_comparison_differences(r->comparison); i++) {
    emend_difference d = emend_comparison_difference(r->comparison, i);
    text_line line;
    if (!line_open(&line))
      return false;
    fputs(i ? "" : "\nDictionary\n", out);
    if (d.variable != last) {
      fputs("  ", out);
      print_text(out, d.variable < 0 ? "(the file)" : emend_variable_name(r->data[0], (size_t)d.variable));
      fputc('\n', out);
    }
    last = d.variable;
    fprintf(line.stream, "%s: %s → %s", d.property, *d.before ? d.before : "none", *d.after ? d.after : "none");
    fputs("    ", out);
    if (!line_close(&line))
      return false;
    for (char *p = line.text; *p; p++)
      *p = *p == '\n' || *p == '\r' || *p == '\t' ? ' ' : *p;
    print_wrapped(out, line.text, 4, 6, r->page.width);
    free(line.text);
  }
  return true;
}

bool diff_text(const diff_report *r, FILE *out) {
  print_file(r, EMEND_SIDE_A, out);
  print_file(r, EMEND_SIDE_B, out);
  print_summary(r, out);
  print_remarks(r, out);
  bool done = true;
  for (int side = 0; side < 2 && done; side++)
    done = print_single_variables(r, (emend_side)side, out);
  for (int side = 0; side < 2 && done; side++)
    done = print_single_rows(r, (emend_side)side, out);
  return done && print_dictionary(r, out) && diff_cells_text(r, out);
}
