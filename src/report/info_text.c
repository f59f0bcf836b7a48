/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/info.h"
#include "report/line.h"
#include "report/number.h"
#include "report/table.h"
#include "report/words.h"

enum { LABEL = 12, HEADING = 17 };

size_t info_missing(const emend_cell_counts *c) { return c->system + c->user + c->tagged + c->empty + c->structural; }

/* "Label       Everything in one file"; nothing for "". */
static void print_line(const info_report *r, const char *label, const char *text, FILE *out) {
  if (!*text)
    return;
  print_padded(out, label, LABEL, false);
  print_wrapped(out, text, LABEL, LABEL, r->page.width);
}

static void print_head(const info_report *r, FILE *out) {
  number_text rows, variables, bytes;
  char size[3 * NUMBER_SIZE];
  print_text(out, r->input);
  fprintf(out, ": %s\n", emend_format_description(emend_dataset_format(r->dataset)));
  snprintf(size, sizeof size, "%s, %s, %s", number_of(emend_dataset_rows(r->dataset), "row", "rows", rows),
           number_of(emend_dataset_variables(r->dataset), "variable", "variables", variables),
           number_of(emend_file_bytes(r->file), "byte", "bytes", bytes));
  print_line(r, "Size", size, out);
}

/* Joins what is not "" with commas. */
static bool print_joined(const info_report *r, const char *label, const char *const *parts, size_t n, FILE *out) {
  text_line line;
  if (!line_open(&line))
    return false;
  bool any = false;
  for (size_t i = 0; i < n; i++)
    if (*parts[i]) {
      fprintf(line.stream, "%s%s", any ? ", " : "", parts[i]);
      any = true;
    }
  if (!line_close(&line))
    return false;
  print_line(r, label, line.text, out);
  free(line.text);
  return true;
}

static const char *delimiter_word(char delimiter, char text[2]) {
  text[0] = delimiter;
  switch (delimiter) {
  case ',': return "commas";
  case ';': return "semicolons";
  case '\t': return "tabs";
  case ' ': return "blanks";
  default: return text;
  }
}

static bool print_format(const info_report *r, FILE *out) {
  const emend_dataset *d = r->dataset;
  char release[32] = "", compression[32] = "", delimiter[32] = "", decimal[32] = "";
  if (emend_dataset_release(d))
    snprintf(release, sizeof release, "release %d", emend_dataset_release(d));
  emend_compression c = emend_dataset_compression(d);
  if (c != EMEND_COMPRESSION_UNKNOWN)
    snprintf(compression, sizeof compression, "%s%s", c == EMEND_COMPRESSION_NONE ? "not compressed" : "compressed by ",
             c == EMEND_COMPRESSION_NONE ? "" : emend_compression_word(c));
  char between = emend_dataset_delimiter(d);
  if (between)
    snprintf(delimiter, sizeof delimiter, "fields separated by %s", delimiter_word(between, (char[2]){0}));
  if (between)
    snprintf(decimal, sizeof decimal, "decimal %s", emend_dataset_decimal(d) == ',' ? "comma" : "point");
  const char *parts[] = {release,
                         emend_byte_order_word(emend_dataset_byte_order(d)),
                         compression,
                         emend_dataset_file_text(d, EMEND_FILE_ENCODING),
                         delimiter,
                         decimal,
                         between && !emend_dataset_has_header(d) ? "no line of names" : ""};
  return print_joined(r, "Format", parts, sizeof parts / sizeof *parts, out);
}

/* 2024-01-31T17:05:00 with a blank in place of the T. */
static void print_time(const info_report *r, const char *label, emend_file_text which, FILE *out) {
  char text[64];
  snprintf(text, sizeof text, "%s", emend_dataset_file_text(r->dataset, which));
  char *t = strchr(text, 'T');
  if (t)
    *t = ' ';
  print_line(r, label, text, out);
}

static bool print_sort_keys(const info_report *r, FILE *out) {
  size_t n = emend_dataset_sort_keys(r->dataset);
  const char **names = malloc((n + 1) * sizeof *names);
  for (size_t i = 0; names && i < n; i++)
    names[i] = emend_variable_name(r->dataset, emend_dataset_sort_key(r->dataset, i));
  bool done = names && print_joined(r, "Sorted by", names, n, out);
  free(names);
  return done;
}

/* "5 of 39 cells (12.8%), in 4 of 13 variables" */
static void print_missing(const info_report *r, FILE *out) {
  size_t missing = 0, with = 0, n = 0, rows = emend_dataset_rows(r->dataset);
  for (size_t v = 0; v < emend_dataset_variables(r->dataset); v++)
    if (r->chosen[v]) {
      missing += info_missing(&r->counts[v]);
      with += info_missing(&r->counts[v]) > 0;
      n++;
    }
  number_text cells, all, variables, many;
  char text[256];
  snprintf(text, sizeof text, "%s of %s (%.1f%%), in %s of %s", number_count(missing, cells), number_of(n * rows, "cell", "cells", all),
           n * rows > 0 ? 100.0 * (double)missing / (double)(n * rows) : 0.0, number_count(with, variables),
           number_of(n, "variable", "variables", many));
  print_line(r, "Missing", missing ? text : "no cell", out);
}

/* "Wave[1] = one"; of a note only the text. */
static char *property_text(const info_report *r, const emend_property *p) {
  text_line line;
  if (!line_open(&line))
    return NULL;
  const char *name = emend_property_name(r->dataset, p);
  bool note = emend_property_get_kind(p) == EMEND_NOTE;
  if (!note && emend_property_number(p))
    fprintf(line.stream, "%s[%u] = ", name, emend_property_number(p));
  else if (!note)
    fprintf(line.stream, "%s = ", name);
  for (const char *c = emend_property_value(r->dataset, p); *c; c++)
    fputc(*c == '\n' || *c == '\r' || *c == '\t' ? ' ' : *c, line.stream);
  line_close(&line);
  return line.text;
}

/* Those of one kind; the heading once. */
static bool print_properties(const info_report *r, ptrdiff_t variable, emend_property_kind kind, const char *heading, size_t indent,
                             FILE *out) {
  for (const emend_property *p = emend_dataset_first_property(r->dataset, variable); p; p = emend_dataset_next_property(r->dataset, p)) {
    if (emend_property_get_kind(p) != kind)
      continue;
    char *text = property_text(r, p);
    if (!text)
      return false;
    print_repeated(out, " ", indent);
    print_padded(out, heading, HEADING, false);
    print_wrapped(out, text, indent + HEADING, indent + HEADING, r->page.width);
    free(text);
    heading = "";
  }
  return true;
}

static bool print_all_properties(const info_report *r, ptrdiff_t variable, size_t indent, FILE *out) {
  return print_properties(r, variable, EMEND_NOTE, "Notes", indent, out) &&
         print_properties(r, variable, EMEND_ATTRIBUTE, "Attributes", indent, out) &&
         print_properties(r, variable, EMEND_CHARACTERISTIC, "Characteristics", indent, out);
}

bool info_file_text(const info_report *r, FILE *out) {
  const emend_dataset *d = r->dataset;
  print_head(r, out);
  print_line(r, "Label", emend_dataset_file_label(d), out);
  if (!print_format(r, out))
    return false;
  print_line(r, "Data set", emend_dataset_file_text(d, EMEND_FILE_TABLE_NAME), out);
  print_time(r, "Created", EMEND_FILE_CREATED, out);
  if (strcmp(emend_dataset_file_text(d, EMEND_FILE_CREATED), emend_dataset_file_text(d, EMEND_FILE_MODIFIED)) != 0)
    print_time(r, "Modified", EMEND_FILE_MODIFIED, out);
  print_line(r, "Product", emend_dataset_file_text(d, EMEND_FILE_PRODUCT), out);
  print_line(r, "Weight", emend_dataset_weight(d) < 0 ? "" : emend_variable_name(d, (size_t)emend_dataset_weight(d)), out);
  if (!print_sort_keys(r, out))
    return false;
  print_missing(r, out);
  return true;
}

bool info_properties_text(const info_report *r, FILE *out) {
  if (emend_dataset_first_property(r->dataset, -1)) {
    fputs("\nThe file\n", out);
    if (!print_all_properties(r, -1, 2, out))
      return false;
  }
  bool begun = false;
  for (size_t v = 0; v < emend_dataset_variables(r->dataset); v++) {
    if (!r->chosen[v] || !emend_dataset_first_property(r->dataset, (ptrdiff_t)v))
      continue;
    if (!begun)
      fputs("\nNotes and attributes of variables\n", out);
    begun = true;
    fputs("  ", out);
    print_text(out, emend_variable_name(r->dataset, v));
    fputc('\n', out);
    if (!print_all_properties(r, (ptrdiff_t)v, 4, out))
      return false;
  }
  return true;
}

static void print_warnings(const info_report *r, FILE *out) {
  size_t n = emend_events_warning_count(r->events);
  for (size_t i = 0; i < n; i++) {
    fputs(i ? "" : "\nWarnings\n", out);
    fputs("  - ", out);
    print_wrapped(out, emend_events_warning(r->events, i), 4, 4, r->page.width);
  }
}

bool info_text(const info_report *r, FILE *out) {
  bool done = info_file_text(r, out) && info_variables_text(r, out) && info_labels_text(r, out) && info_sets_text(r, out) &&
              info_properties_text(r, out);
  print_warnings(r, out);
  return done;
}

/* "10 numeric, 2 text, 1 date" */
static bool print_kinds(const info_report *r, FILE *out) {
  size_t n[EMEND_DATETIME + 1] = {0};
  char parts[EMEND_DATETIME + 1][64];
  const char *list[EMEND_DATETIME + 1];
  for (size_t v = 0; v < emend_dataset_variables(r->dataset); v++)
    n[emend_variable_get_kind(r->dataset, v)] += r->chosen[v] != 0;
  for (int k = EMEND_NUMERIC; k <= EMEND_DATETIME; k++) {
    number_text text;
    parts[k][0] = '\0';
    if (n[k])
      snprintf(parts[k], sizeof parts[k], "%s %s", number_count(n[k], text), emend_kind_word((emend_variable_kind)k));
    list[k] = parts[k];
  }
  return print_joined(r, "Kinds", list, EMEND_DATETIME + 1, out);
}

static size_t count_notes(const emend_dataset *d) {
  size_t n = 0;
  for (const emend_property *p = emend_dataset_first_property(d, -1); p; p = emend_dataset_next_property(d, p))
    n += emend_property_get_kind(p) == EMEND_NOTE;
  return n;
}

/* "3 sets of value labels, 2 sets of variables, 4 notes" */
static bool print_contents(const info_report *r, FILE *out) {
  char labels[64] = "", sets[64] = "", notes[64] = "";
  number_text text;
  size_t n = emend_dataset_label_sets(r->dataset);
  if (n)
    snprintf(labels, sizeof labels, "%s", number_of(n, "set of value labels", "sets of value labels", text));
  if ((n = emend_dataset_variable_sets(r->dataset)))
    snprintf(sets, sizeof sets, "%s", number_of(n, "set of variables", "sets of variables", text));
  if ((n = count_notes(r->dataset)))
    snprintf(notes, sizeof notes, "%s", number_of(n, "line of notes", "lines of notes", text));
  const char *parts[] = {labels, sets, notes};
  return print_joined(r, "Holds", parts, 3, out);
}

bool info_short_text(const info_report *r, FILE *out) {
  enum { MOST_LINES = 10 };
  text_line names;
  if (!info_file_text(r, out) || !print_kinds(r, out) || !print_contents(r, out) || !line_open(&names))
    return false;
  size_t room = MOST_LINES * (r->page.width - LABEL - 2), used = 0, left = 0;
  for (size_t v = 0; v < emend_dataset_variables(r->dataset); v++) {
    const char *name = emend_variable_name(r->dataset, v);
    if (!r->chosen[v])
      continue;
    used += text_columns(name) + 1;
    if (used < room)
      fprintf(names.stream, "%s ", name);
    else
      left++;
  }
  if (left)
    fprintf(names.stream, "and %zu more", left);
  if (!line_close(&names))
    return false;
  print_line(r, "Variables", names.text, out);
  free(names.text);
  print_warnings(r, out);
  return true;
}
