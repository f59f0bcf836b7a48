/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes any dataset as delimited text in UTF-8: a line of names, LF, shortest numbers with a point.
 *   observed and imputed numbers     as they are; dates and times as ISO 8601 (io/csv_date.h)
 *   user-missing codes that stay     their number: it is in the codebook, and --missing reads it back as missing
 *   system-missing, .a to .z, ._     empty: delimited text has no place for which of them it was
 *   texts                            as they are; quoted if a delimiter, quote, line end, or blank at an end requires it
 * A dataset of one variable has an empty line for a missing value, as emend reads it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "io/conversion.h"
#include "io/csv_date.h"
#include "io/csv_scanner.h"
#include "io/format.h"

typedef struct csv_writer {
  emend_writer writer; /* first */
  const emend_dataset *dataset;
  const emend_added_variable *added;
  emend_output *output;
  char delimiter;
  size_t n_own, n_columns; /* the dataset's variables; with the added ones */
  emend_csv_clock *clocks;
  bool *text;
  bool begun;
  emend_buffer line;
} csv_writer;

static bool needs_quotes(const char *text, size_t length, char delimiter) {
  if (length == 0)
    return false;
  if (emend_csv_is_blank(text[0]) || emend_csv_is_blank(text[length - 1]))
    return true;
  for (size_t i = 0; i < length; i++)
    if (text[i] == delimiter || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
      return true;
  return false;
}

static emend_status append_text(csv_writer *w, const char *text, size_t length, emend_error *error) {
  if (!needs_quotes(text, length, w->delimiter))
    return emend_buffer_append(&w->line, text, length, error);
  emend_status status = emend_buffer_reserve(&w->line, 2 * length + 2, error);
  if (status)
    return status;
  char *out = w->line.bytes + w->line.length;
  *out++ = '"';
  for (size_t i = 0; i < length; i++) {
    if (text[i] == '"')
      *out++ = '"';
    *out++ = text[i];
  }
  *out++ = '"';
  *out = '\0';
  w->line.length = (size_t)(out - w->line.bytes);
  return EMEND_OK;
}

static emend_status append_number(csv_writer *w, size_t variable, double value, emend_error *error) {
  char date[EMEND_CSV_DATE_SIZE], number[EMEND_NUMBER_SIZE];
  size_t length = w->clocks[variable] ? emend_csv_print_date(w->clocks[variable], value, date) : 0;
  return length ? append_text(w, date, length, error) : append_text(w, number, emend_number_print(value, '.', number), error);
}

static emend_status append_cell(csv_writer *w, size_t variable, const emend_cell *cell, emend_error *error) {
  if (w->text[variable])
    return append_text(w, emend_dataset_text(w->dataset, cell->text), emend_dataset_text_length(w->dataset, cell->text), error);
  bool shown = cell->imputed || cell->reason == EMEND_OBSERVED;
  if (cell->reason == EMEND_USER_MISSING && !shown) { /* a code is a code, also in a date */
    char text[EMEND_NUMBER_SIZE];
    return append_text(w, text, emend_number_print(cell->value, '.', text), error);
  }
  return shown ? append_number(w, variable, cell->value, error) : EMEND_OK;
}

static emend_status end_line(csv_writer *w, emend_error *error) {
  emend_status status = emend_buffer_append(&w->line, "\n", 1, error);
  if (!status)
    status = emend_output_write(w->output, w->line.bytes, w->line.length, error);
  emend_buffer_clear(&w->line);
  return status;
}

static emend_status begin(csv_writer *w, emend_error *error) {
  emend_status status = EMEND_OK;
  w->begun = true;
  for (size_t i = 0; i < w->n_columns && !status; i++) {
    const char *name = i < w->n_own ? emend_variable_name(w->dataset, i) : w->added[i - w->n_own].name;
    if (i > 0)
      status = emend_buffer_append(&w->line, &w->delimiter, 1, error);
    if (!status)
      status = append_text(w, name, strlen(name), error);
  }
  return status ? status : end_line(w, error);
}

static emend_status write_row(emend_writer *writer, const emend_cell *cells, emend_error *error) {
  csv_writer *w = (csv_writer *)writer;
  emend_status status = w->begun ? EMEND_OK : begin(w, error);
  for (size_t i = 0; i < w->n_columns && !status; i++) {
    if (i > 0)
      status = emend_buffer_append(&w->line, &w->delimiter, 1, error);
    if (!status)
      status = append_cell(w, i, &cells[i], error);
  }
  return status ? status : end_line(w, error);
}

static emend_status write_close(emend_writer *writer, emend_error *error) {
  csv_writer *w = (csv_writer *)writer;
  return w->begun ? EMEND_OK : begin(w, error);
}

static void write_free(emend_writer *writer) {
  csv_writer *w = (csv_writer *)writer;
  free(w->clocks);
  free(w->text);
  emend_buffer_free(&w->line);
  free(w);
}

emend_status emend_csv_open_delimited(const emend_rows *shape, char delimiter, emend_output *output, emend_writer **writer,
                                      emend_error *error) {
  *writer = NULL;
  const emend_dataset *dataset = shape->dataset;
  csv_writer *w = calloc(1, sizeof *w);
  if (!w)
    return emend_fail_memory(error);
  *w = (csv_writer){.dataset = dataset, .added = shape->added, .output = output, .delimiter = delimiter};
  w->writer = (emend_writer){.row = write_row, .close = write_close, .free = write_free};
  w->n_own = emend_dataset_variables(dataset);
  w->n_columns = w->n_own + shape->n_added;
  w->clocks = emend_allocate(w->n_columns, sizeof *w->clocks);
  w->text = emend_allocate(w->n_columns, sizeof *w->text);
  if (!w->clocks || !w->text) {
    write_free(&w->writer);
    return emend_fail_memory(error);
  }
  for (size_t i = 0; i < w->n_own; i++) {
    emend_variable_kind kind = emend_variable_get_kind(dataset, i);
    w->text[i] = kind == EMEND_TEXT;
    w->clocks[i] = emend_csv_clock_of(emend_dataset_format(dataset), kind, emend_variable_format(dataset, i));
  }
  *writer = &w->writer;
  return EMEND_OK;
}

/* Delimited text has names and values, and nothing else. */
static const emend_ability ability = {.family = EMEND_FAMILY_NONE, .file = "delimited text"};

static emend_status open_anew(const emend_rows *shape, char delimiter, emend_losses *losses, emend_output *output, emend_writer **writer,
                              emend_error *error) {
  emend_conversion *conversion = NULL;
  *writer = NULL;
  emend_status status = losses ? emend_conversion_new(shape, &ability, losses, &conversion, error) : EMEND_OK;
  emend_conversion_free(conversion);
  return status ? status : emend_csv_open_delimited(shape, delimiter, output, writer, error);
}

emend_status emend_csv_open_writer(const emend_rows *shape, emend_losses *losses, emend_output *output, emend_writer **writer,
                                   emend_error *error) {
  return open_anew(shape, ',', losses, output, writer, error);
}

emend_status emend_tsv_open_writer(const emend_rows *shape, emend_losses *losses, emend_output *output, emend_writer **writer,
                                   emend_error *error) {
  return open_anew(shape, '\t', losses, output, writer, error);
}
