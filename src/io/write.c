/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/events.h"
#include "base/memory.h"
#include "base/text.h"
#include "io/file.h"
#include "io/writer.h"

/* How a file is written: by patching its own bytes, or anew as delimited text. */

typedef struct write_choice {
  const emend_format *wanted;
  bool patch;
} write_choice;

/* The delimiter of a delimited text format; '\0' for the others. */
static char delimiter_of(const emend_format *format) {
  return strcmp(format->name, "csv") == 0 ? ',' : strcmp(format->name, "tsv") == 0 ? '\t' : '\0';
}

static bool same_extension(const char *a, const char *b) { return a && b && emend_ascii_equal(a, b); }

/* The format told, else that of the extension; without an extension, or with the input's own, the input's. */
static emend_status find_wanted(const emend_file *file, const char *path, const char *format, const emend_format **wanted,
                                emend_error *error) {
  const char *extension = path ? emend_extension(path) : NULL;
  *wanted = format ? emend_format_by_name(format) : path ? emend_format_by_extension(path) : NULL;
  if (*wanted)
    return EMEND_OK;
  if (format)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "\"%s\" is not a format that emend knows", format);
  *wanted = file->format;
  if (!extension || same_extension(extension, file->source->path ? emend_extension(file->source->path) : NULL))
    return EMEND_OK;
  return EMEND_UNSUPPORTED;
}

/* Delimited text in is patched if that gives the text wanted; where it gives the same delimiter, the name does not matter. */
static bool same_kind(const emend_file *file, const emend_format *wanted) {
  return wanted == file->format || (delimiter_of(wanted) && delimiter_of(file->format) &&
                                    emend_dataset_get_dialect(file->dataset)->delimiter == delimiter_of(wanted));
}

/* A patcher may refuse a particular file of its format: asked by opening it without an output, which writes nothing. */
static emend_status can_patch(const emend_file *file, emend_error *error) {
  emend_writer *writer = NULL;
  if (!file->format->open_patch)
    return EMEND_UNSUPPORTED;
  emend_status status = file->format->open_patch(file->source, file->dataset, NULL, &writer, error);
  if (writer)
    writer->free(writer);
  return status;
}

static emend_status refuse(const emend_file *file, const char *wanted, const char *why, bool patchable, emend_error *error) {
  emend_status status =
      emend_fail(error, EMEND_UNSUPPORTED, "cannot be written as %s%s%s%s", wanted, why[0] ? " (" : "", why, why[0] ? ")" : "");
  emend_at_file(error, file->source->name);
  if (patchable && !delimiter_of(file->format))
    emend_try(error, "%s, csv or tsv: what this file can be written as", file->format->name);
  else
    emend_try(error, "csv or tsv: what this file can be written as");
  return status;
}

static emend_status choose(const emend_file *file, const char *path, const char *format, write_choice *choice, emend_error *error) {
  *choice = (write_choice){0};
  emend_status status = find_wanted(file, path, format, &choice->wanted, error);
  if (status && status != EMEND_UNSUPPORTED)
    return status;
  emend_error *why = emend_error_new();
  if (!why)
    return emend_fail_memory(error);
  emend_status patching = can_patch(file, why);
  choice->patch = patching == EMEND_OK && same_kind(file, choice->wanted);
  if (status)
    status = refuse(file, emend_extension(path), "", patching == EMEND_OK, error);
  else if (!choice->patch && !delimiter_of(choice->wanted))
    status =
        refuse(file, choice->wanted->name, choice->wanted == file->format ? emend_error_message(why) : "", patching == EMEND_OK, error);
  emend_error_free(why);
  return status;
}

emend_status emend_write_way(const emend_file *file, const char *path, const char *format, const char **way, const char **format_used,
                             emend_error *error) {
  write_choice choice;
  emend_status status = choose(file, path, format, &choice, error);
  if (status)
    return status;
  *way = choice.patch ? "patch" : "csv";
  if (format_used)
    *format_used = choice.wanted->name;
  return EMEND_OK;
}

emend_status emend_writer_pour(emend_writer *writer, const emend_rows *rows, emend_events *events, emend_error *error) {
  enum { REPORT_EVERY = 1024 };
  emend_cell *cells = emend_allocate(emend_dataset_variables(rows->dataset), sizeof *cells);
  if (!cells)
    return emend_fail_memory(error);
  emend_status status = EMEND_OK;
  for (size_t row = 0; row < rows->n_rows && !status; row++) {
    if (row % REPORT_EVERY == 0)
      status = emend_progress(events, "write", (double)row / (double)rows->n_rows, "", error);
    if (status)
      break;
    rows->read(rows->state, row, cells);
    status = writer->row(writer, cells, error);
  }
  emend_status closing = status ? status : writer->close(writer, error);
  free(cells);
  return closing ? closing : emend_progress(events, "write", 1, "", error);
}

emend_status emend_file_write_rows(const emend_file *file, const emend_rows *rows, const char *path, const char *format,
                                   emend_output *output, emend_events *events, emend_error *error) {
  write_choice choice;
  emend_writer *writer = NULL;
  emend_status status = choose(file, path, format, &choice, error);
  if (!status)
    status = emend_source_unchanged(file->source, error);
  if (!status && choice.patch)
    status = file->format->open_patch(file->source, file->dataset, output, &writer, error);
  else if (!status)
    status = emend_csv_open_writer(file->dataset, delimiter_of(choice.wanted), output, &writer, error);
  if (!status)
    status = emend_writer_pour(writer, rows, events, error);
  /* The bytes between the patched cells were read while writing: they must be those that were estimated from. */
  if (!status)
    status = emend_source_unchanged(file->source, error);
  if (writer)
    writer->free(writer);
  /* What a patcher found in the input; errors of the output name their own file. */
  if ((status == EMEND_MALFORMED || status == EMEND_INTERNAL) && !emend_error_file(error)[0])
    emend_at_file(error, file->source->name);
  return status;
}
