/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/events.h"
#include "io/isolate.h"
#include "io/translate.h"

static uint64_t half_of_memory(void) {
  long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size / 2 : UINT64_C(1) << 30;
}

/* Where address space is scarce (ulimit -v), the default limit shrinks until it can be reserved, and once more, so that what comes after
 * has its share; a limit that was asked for does not. */
static emend_status make_dataset(const emend_read_options *options, bool isolated, emend_dataset **dataset, emend_error *error) {
  enum { LEAST = 16 << 20 };
  uint64_t wanted = options ? options->max_memory : 0, size = wanted ? wanted : half_of_memory();
  emend_status status = emend_dataset_new(size, isolated, dataset, error);
  if (!status || wanted)
    return status;
  while (status && (size /= 2) >= 2 * LEAST)
    status = emend_dataset_new(size, isolated, dataset, error);
  emend_dataset_free(*dataset);
  return emend_dataset_new(size / 2, isolated, dataset, error);
}

static emend_status read_here(const emend_file *file, const emend_read_options *options, emend_events *events, emend_error *error) {
  emend_read_watch watch = {.events = events};
  emend_read_options own = options ? *options : (emend_read_options){0};
  own.watch = &watch;
  return file->format->read(file->source, &own, file->dataset, error);
}

/* Other formats have their value labels in the file itself. */
static bool takes_catalog(const emend_format *format) { return strcmp(format->name, "sas7bdat") == 0 || strcmp(format->name, "xpt") == 0; }

static emend_status open_catalog(const emend_file *file, const emend_read_options *options, emend_events *events, emend_source **catalog,
                                 emend_error *error) {
  *catalog = NULL;
  if (!options || !options->catalog)
    return EMEND_OK;
  if (takes_catalog(file->format))
    return emend_source_open(options->catalog, catalog, error);
  emend_warn(events, "the catalog of formats is not used: a %s file has its value labels itself", file->format->name);
  return EMEND_OK;
}

static emend_status read_with(const emend_file *file, const emend_read_options *options, const emend_source *catalog, emend_events *events,
                              emend_error *error) {
  emend_read_options own = options ? *options : (emend_read_options){0};
  own.catalog_source = catalog;
  if (own.isolated)
    return emend_isolate_read(file->format, file->source, &own, NULL, file->dataset, events, error);
  return read_here(file, &own, events, error);
}

static emend_status read_into(emend_file *file, const emend_read_options *options, emend_events *events, emend_error *error) {
  emend_source *catalog = NULL;
  emend_status status = emend_format_recognise(file->source, options ? options->format : NULL, &file->format, error);
  if (!status && !file->format->read)
    status = emend_fail(error, EMEND_UNSUPPORTED, "%s files cannot be read", file->format->name);
  if (!status)
    status = make_dataset(options, options && options->isolated, &file->dataset, error);
  if (!status)
    status = emend_dataset_set_format(file->dataset, file->format->name, error);
  if (!status)
    status = emend_progress(events, "read", 0, "", error);
  if (!status)
    status = open_catalog(file, options, events, &catalog, error);
  if (!status)
    status = read_with(file, options, catalog, events, error);
  emend_source_close(catalog);
  return status;
}

static bool holds(const emend_dataset *dataset, size_t variable, double number) {
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++)
      if (run.values[i] == number && run.reasons[i] == EMEND_OBSERVED)
        return true;
  }
  return false;
}

/* Numbers that the caller calls missing, where cells are no texts (there they are tokens). */
static emend_status set_numbers_aside(emend_dataset *dataset, const emend_read_options *options, emend_error *error) {
  emend_status status = EMEND_OK;
  size_t count, n = options && emend_family_of(emend_dataset_format(dataset)) != EMEND_FAMILY_NONE ? options->n_numbers : 0;
  for (size_t v = 0; n > 0 && v < emend_dataset_variables(dataset); v++)
    for (size_t i = 0; i < n && emend_variable_get_kind(dataset, v) != EMEND_TEXT && !status; i++) {
      const emend_doubt doubt = {.variable = v, .value = options->numbers[i], .why = "--missing", .declared = true};
      if (holds(dataset, v, doubt.value))
        status = emend_dataset_set_aside(dataset, &doubt, &count, error);
    }
  return status;
}

emend_status emend_file_read(const char *path, const emend_read_options *options, emend_events *events, emend_file **file,
                             emend_error *error) {
  *file = NULL;
  emend_file *made = calloc(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  emend_status status = emend_source_open_watched(path, events, &made->source, error);
  if (!status) {
    status = read_into(made, options, events, error);
    if (!status)
      status = set_numbers_aside(made->dataset, options, error);
    if (!status)
      status = emend_source_unchanged(made->source, error);
    if (!status)
      status = emend_progress(events, "read", 1, "", error);
    if (status && !emend_error_file(error)[0]) /* the catalog names itself */
      emend_at_file(error, made->source->name);
  }
  made->keeps_tokens = options && options->keeps_tokens;
  if (status) {
    emend_file_close(made);
    return status;
  }
  for (size_t i = 0; i < emend_dataset_warnings(made->dataset); i++)
    emend_warn(events, "%s", emend_dataset_warning(made->dataset, i));
  *file = made;
  return EMEND_OK;
}

void emend_file_close(emend_file *file) {
  if (!file)
    return;
  emend_dataset_free(file->dataset);
  emend_source_close(file->source);
  free(file);
}

const emend_dataset *emend_file_dataset(const emend_file *file) { return file->dataset; }
const char *emend_file_name(const emend_file *file) { return file->source->name; }
uint64_t emend_file_bytes(const emend_file *file) { return file->source->size; }

const char *emend_format_description(const char *name) {
  const emend_format *format = emend_format_by_name(name);
  return format ? format->description : "";
}
