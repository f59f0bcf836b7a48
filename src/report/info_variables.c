/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/info.h"
#include "report/number.h"
#include "report/table.h"
#include "report/words.h"

/* What a column is about, so that one nobody needs is hidden. */
typedef bool (*variable_test)(const info_report *r, size_t variable);

static bool any(const info_report *r, variable_test test) {
  for (size_t v = 0; v < emend_dataset_variables(r->dataset); v++)
    if (r->chosen[v] && test(r, v))
      return true;
  return false;
}

static bool has_format(const info_report *r, size_t v) { return *emend_variable_format(r->dataset, v) != '\0'; }
static bool has_measure(const info_report *r, size_t v) { return emend_variable_get_measure(r->dataset, v) != EMEND_MEASURE_UNKNOWN; }
static bool has_labels(const info_report *r, size_t v) { return emend_variable_label_set(r->dataset, v) >= 0; }
static bool has_label(const info_report *r, size_t v) { return *emend_variable_label(r->dataset, v) != '\0'; }
static bool has_usage(const info_report *r, size_t v) { return emend_variable_usage(r->dataset, v) != EMEND_USAGE_UNKNOWN; }
static bool has_write_format(const info_report *r, size_t v) { return *emend_variable_write_format(r->dataset, v) != '\0'; }
static bool has_declared(const info_report *r, size_t v) { return emend_variable_declared(r->dataset, v) > 0; }
static bool has_system(const info_report *r, size_t v) { return r->counts[v].system > 0; }
static bool has_user(const info_report *r, size_t v) { return r->counts[v].user > 0; }
static bool has_tagged(const info_report *r, size_t v) { return r->counts[v].tagged > 0; }
static bool has_empty(const info_report *r, size_t v) { return r->counts[v].empty > 0; }
static bool has_missing(const info_report *r, size_t v) { return has_declared(r, v) || info_missing(&r->counts[v]) > 0; }

/* Stata tells both by the format, which is shown anyway. */
static bool has_display(const info_report *r, size_t v) {
  return emend_variable_display_width(r->dataset, v) > 0 && strcmp(emend_dataset_format(r->dataset), "dta") != 0;
}

/* A short name that is more than the name in capitals. */
static bool has_short_name(const info_report *r, size_t v) {
  const char *a = emend_variable_short_name(r->dataset, v), *b = emend_variable_name(r->dataset, v);
  for (; *a && *b; a++, b++) {
    char upper = *b >= 'a' && *b <= 'z' ? (char)(*b - 'a' + 'A') : *b;
    if (*a != upper && *a != *b)
      return true;
  }
  return *emend_variable_short_name(r->dataset, v) && (*a || *b);
}

static const char *count_or_blank(size_t n, number_text text) { return n ? number_count(n, text) : ""; }

/* The set's name in Stata; elsewhere, where sets have none of their own, the number of labels. */
static const char *labels_cell(const info_report *r, size_t v, number_text text) {
  ptrdiff_t set = emend_variable_label_set(r->dataset, v);
  if (set < 0)
    return "";
  if (strcmp(emend_dataset_format(r->dataset), "dta") == 0)
    return emend_label_set_name(r->dataset, (size_t)set);
  return number_count(emend_label_set_size(r->dataset, (size_t)set), text);
}

static bool print_main(const info_report *r, FILE *out) {
  const table_column columns[] = {
      {"", "Variable", TABLE_LEFT, false},
      {"", "Type", TABLE_LEFT, false},
      {"", "Format", TABLE_LEFT, !any(r, has_format)},
      {"", "Missing", TABLE_RIGHT, false},
      {"Value", "labels", TABLE_LEFT, !any(r, has_labels)},
      {"", "Label", TABLE_WRAPPED, !any(r, has_label)},
  };
  table t;
  table_begin(&t, columns, sizeof columns / sizeof *columns);
  t.page = r->page;
  for (size_t v = 0; v < emend_dataset_variables(r->dataset); v++) {
    char storage[EMEND_STORAGE_WORD];
    number_text missing, labels;
    if (!r->chosen[v])
      continue;
    const char *cells[] = {emend_variable_name(r->dataset, v),
                           emend_storage_word(r->dataset, v, storage),
                           emend_variable_format(r->dataset, v),
                           count_or_blank(info_missing(&r->counts[v]), missing),
                           labels_cell(r, v, labels),
                           emend_variable_label(r->dataset, v)};
    table_row(&t, cells);
  }
  fputc('\n', out);
  bool done = table_print(&t, out);
  table_end(&t);
  return done;
}

static bool print_missing(const info_report *r, FILE *out) {
  const table_column columns[] = {
      {"", "Missing values", TABLE_LEFT, false},
      {"System-", "missing", TABLE_RIGHT, !any(r, has_system)},
      {"Declared", "missing", TABLE_RIGHT, !any(r, has_user)},
      {"", ".a to .z", TABLE_RIGHT, !any(r, has_tagged)},
      {"", "Empty", TABLE_RIGHT, !any(r, has_empty)},
      {"", "Declared values", TABLE_WRAPPED, !any(r, has_declared)},
  };
  if (!any(r, has_missing))
    return true;
  table t;
  table_begin(&t, columns, sizeof columns / sizeof *columns);
  t.page = r->page;
  for (size_t v = 0; v < emend_dataset_variables(r->dataset); v++) {
    const emend_cell_counts *c = &r->counts[v];
    number_text system, user, tagged, empty;
    if (!r->chosen[v] || !has_missing(r, v))
      continue;
    char *declared = emend_declared_missing_text(r->dataset, v);
    const char *cells[] = {emend_variable_name(r->dataset, v), count_or_blank(c->system, system), count_or_blank(c->user, user),
                           count_or_blank(c->tagged, tagged),  count_or_blank(c->empty, empty),   declared};
    table_row(&t, cells);
    t.failed |= !declared;
    free(declared);
  }
  fputc('\n', out);
  bool done = table_print(&t, out);
  table_end(&t);
  return done;
}

static bool print_display(const info_report *r, FILE *out) {
  bool measure = any(r, has_measure), usage = any(r, has_usage), display = any(r, has_display), write = any(r, has_write_format),
       name = any(r, has_short_name);
  const table_column columns[] = {
      {"", "Use and display", TABLE_LEFT, false},  {"", "Measure", TABLE_LEFT, !measure},
      {"", "Role", TABLE_LEFT, !usage},            {"", "Columns", TABLE_RIGHT, !display},
      {"", "Alignment", TABLE_LEFT, !display},     {"Write", "format", TABLE_LEFT, !write},
      {"Short", "name", TABLE_LEFT, !name},
  };
  if (!measure && !usage && !display && !write && !name)
    return true;
  table t;
  table_begin(&t, columns, sizeof columns / sizeof *columns);
  t.page = r->page;
  for (size_t v = 0; v < emend_dataset_variables(r->dataset); v++) {
    number_text width;
    if (!r->chosen[v])
      continue;
    const char *cells[] = {emend_variable_name(r->dataset, v),
                           emend_measure_word(emend_variable_get_measure(r->dataset, v)),
                           emend_usage_word(emend_variable_usage(r->dataset, v)),
                           has_display(r, v) ? number_count(emend_variable_display_width(r->dataset, v), width) : "",
                           has_display(r, v) ? emend_alignment_word(emend_variable_alignment(r->dataset, v)) : "",
                           emend_variable_write_format(r->dataset, v),
                           has_short_name(r, v) ? emend_variable_short_name(r->dataset, v) : ""};
    table_row(&t, cells);
  }
  fputc('\n', out);
  bool done = table_print(&t, out);
  table_end(&t);
  return done;
}

bool info_variables_text(const info_report *r, FILE *out) { return print_main(r, out) && print_missing(r, out) && print_display(r, out); }
