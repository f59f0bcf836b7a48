/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/dta_added.h"
#include "io/dta_names.h"
#include "io/format.h"
#include "io/patch_copy.h"
#include "io/patch_text.h"
#include "io/window.h"

/*
 * A Stata file laid out anew in its own release and byte order: variables widened or added, rows stacked. What does not change is copied
 * as bytes (names, labels, formats, characteristics, notes, label sets, long strings, cells), so that nothing is lost in
 * understanding it.
 */

enum { FIRST_REBUILT = 113 };

/* Neighbouring columns that are copied as they are. */
typedef struct dta_stretch {
  uint64_t from, to, length;
} dta_stretch;

typedef struct dta_rebuild {
  emend_writer writer;
  const emend_source *source;
  emend_rows rows;
  emend_output *output;
  emend_dta_dictionary *dictionary;
  dta_target target;
  patch_text text;
  emend_window window;
  dta_stretch *stretches;
  size_t n_stretches;
  unsigned char *from, *to; /* a row before and after */
  uint64_t row;
} dta_rebuild;

/* The dictionary. */

static emend_status copy_part(dta_rebuild *r, dta_part part, emend_dta_section section, emend_error *error) {
  emend_buffer *buffer = &r->target.part[part];
  size_t length = (size_t)(section.end - section.offset);
  emend_status status = emend_buffer_reserve(buffer, length, error);
  if (!status)
    status = emend_source_read(r->source, section.offset, buffer->bytes + buffer->length, length, error);
  if (!status)
    buffer->length += length;
  return status;
}

static emend_status copy_parts(dta_rebuild *r, emend_error *error) {
  const emend_dta_dictionary *d = r->dictionary;
  const struct {
    dta_part part;
    emend_dta_section section;
  } parts[] = {{DTA_FILE_LABEL, d->file_label},   {DTA_TIMESTAMP, d->timestamp},
               {DTA_NAMES, d->names},             {DTA_SORT_LIST, d->sort_list},
               {DTA_FORMATS, d->formats},         {DTA_LABEL_NAMES, d->label_names},
               {DTA_LABELS, d->labels},           {DTA_CHARACTERISTICS, d->characteristics},
               {DTA_VALUE_LABELS, d->value_labels}};
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < sizeof parts / sizeof *parts && !status; i++)
    status = copy_part(r, parts[i].part, parts[i].section, error);
  r->target.strl_bytes = d->strls.end - d->strls.offset;
  return status;
}

static emend_status add_columns(dta_rebuild *r, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < r->dictionary->n_variables && !status; v++) {
    const emend_dta_variable *old = &r->dictionary->variables[v];
    bool widens = emend_rows_widen(&r->rows, v);
    emend_dta_type type = widens ? dta_type_of(r->rows.storages[v]) : old->type;
    status = dta_target_add_column(&r->target, type, widens ? dta_type_width(type) : old->width, error);
  }
  return status;
}

static uint64_t sort_entry(const dta_target *target, size_t index) {
  const unsigned char *bytes = (const unsigned char *)target->part[DTA_SORT_LIST].bytes + index * target->layout.sort_bytes;
  uint64_t value = 0;
  for (size_t i = 0; i < target->layout.sort_bytes; i++)
    value |= (uint64_t)bytes[i] << 8 * (target->big_endian ? target->layout.sort_bytes - 1 - i : i);
  return value;
}

/* The order lasts up to the first variable whose values change; stacked rows have none. What stands behind its end means nothing. */
static emend_status settle_sort_list(dta_rebuild *r, emend_losses *losses, emend_error *error) {
  emend_buffer *list = &r->target.part[DTA_SORT_LIST];
  size_t n = r->dictionary->n_variables, bytes = r->target.layout.sort_bytes;
  bool same_rows = r->rows.n_rows == r->dictionary->n_rows;
  emend_status status = EMEND_OK;
  for (size_t i = 0; i <= n; i++) {
    uint64_t variable = sort_entry(&r->target, i);
    if (variable == 0 || variable > n)
      break;
    if (same_rows && !emend_rows_fill(&r->rows, (size_t)variable - 1))
      continue;
    memset(list->bytes + i * bytes, 0, list->length - i * bytes);
    status = emend_losses_add(losses, error, "that the rows are sorted by %s: they will not be",
                              emend_variable_name(r->rows.dataset, (size_t)variable - 1));
    break;
  }
  return status ? status : dta_append_zeros(list, r->rows.n_added * bytes, error);
}

/* Names of the variables and sets that the file has, then of what is added. */
static emend_status list_names(const dta_rebuild *r, bool sets, const char ***list, size_t *n_fixed, emend_error *error) {
  const emend_dataset *dataset = r->rows.dataset;
  *n_fixed = sets ? emend_dataset_label_sets(dataset) : r->dictionary->n_variables;
  *list = emend_allocate(*n_fixed + r->rows.n_added, sizeof **list);
  if (!*list)
    return emend_fail_memory(error);
  for (size_t i = 0; i < *n_fixed; i++)
    (*list)[i] = sets ? emend_dataset_text(dataset, emend_dataset_label_set(dataset, i)->name) : r->dictionary->variables[i].name;
  for (size_t i = 0; i < r->rows.n_added; i++)
    (*list)[*n_fixed + i] = r->rows.added[i].name;
  return EMEND_OK;
}

static emend_status make_names(const dta_rebuild *r, bool sets, dta_names *names, size_t *n_fixed, emend_error *error) {
  const char **list = NULL;
  emend_status status = list_names(r, sets, &list, n_fixed, error);
  if (!status)
    status = dta_names_new(list, *n_fixed + r->rows.n_added, *n_fixed, r->target.utf8, names, error);
  free(list);
  return status;
}

static emend_status add_added(dta_rebuild *r, emend_losses *sink, emend_error *error) {
  dta_names names = {0}, sets = {0};
  dta_losses losses = {0};
  size_t n_names, n_sets;
  emend_status status = make_names(r, false, &names, &n_names, error);
  if (!status)
    status = make_names(r, true, &sets, &n_sets, error);
  if (!status)
    status = dta_added_put(&r->target, &r->rows, names.items + n_names, sets.items + n_sets, &losses, error);
  if (!status)
    status = dta_losses_tell(&losses, sink, error);
  dta_names_free(&names);
  dta_names_free(&sets);
  return status;
}

static emend_status lay_out(dta_rebuild *r, emend_losses *losses, emend_error *error) {
  const emend_dta_dictionary *d = r->dictionary;
  dta_target_begin(&r->target, d->release, d->big_endian);
  r->target.n_rows = r->rows.n_rows;
  r->target.unmapped = d->unmapped;
  emend_status status = copy_parts(r, error);
  if (!status)
    status = settle_sort_list(r, losses, error);
  if (!status)
    status = add_columns(r, error);
  if (!status && r->rows.n_added)
    status = add_added(r, losses, error);
  if (!status)
    status = dta_target_set_types(&r->target, error);
  return status ? status : dta_target_check(&r->target, error);
}

/* Rows. */

static emend_status plan_rows(dta_rebuild *r, emend_error *error) {
  const emend_dta_dictionary *d = r->dictionary;
  r->stretches = emend_allocate(d->n_variables, sizeof *r->stretches);
  r->from = emend_allocate((size_t)d->row_bytes, 1);
  r->to = emend_allocate((size_t)r->target.row_bytes, 1);
  if (!r->stretches || !r->from || !r->to)
    return emend_fail_memory(error);
  for (size_t v = 0; v < d->n_variables; v++) {
    const emend_dta_variable *old = &d->variables[v], *new = &r->target.variables[v];
    dta_stretch *last = r->n_stretches ? &r->stretches[r->n_stretches - 1] : NULL;
    if (emend_rows_widen(&r->rows, v))
      continue;
    if (last && last->from + last->length == old->offset && last->to + last->length == new->offset)
      last->length += old->width;
    else
      r->stretches[r->n_stretches++] = (dta_stretch){old->offset, new->offset, old->width};
  }
  return emend_window_open(&r->window, r->source, error);
}

static emend_status read_row(dta_rebuild *r, emend_error *error) {
  const emend_dta_dictionary *d = r->dictionary;
  uint64_t index = r->row % d->n_rows;
  emend_window_seek(&r->window, (int64_t)(d->data_offset + index * d->row_bytes), 0);
  r->window.error = error;
  ssize_t got = emend_window_read(&r->window, r->from, (size_t)d->row_bytes);
  if (got >= 0 && (uint64_t)got < d->row_bytes)
    return emend_fail(error, EMEND_MALFORMED, "the file ends before the last row");
  return got < 0 ? r->window.status : EMEND_OK;
}

static emend_status put_text(dta_rebuild *r, size_t v, const emend_cell *cell, emend_error *error) {
  const emend_dta_variable *to = &r->target.variables[v];
  if (to->type == EMEND_DTA_STRL || v >= r->dictionary->n_variables)
    return emend_fail(error, EMEND_INTERNAL, "a value was meant for a long string");
  return patch_text_put(&r->text, r->rows.dataset, v, cell->text, r->to + to->offset, to->width, '\0', error);
}

/* The cells that are not copied: imputed, widened, added. */
static emend_status put_cells(dta_rebuild *r, const emend_cell *cells, emend_error *error) {
  size_t n = r->dictionary->n_variables;
  for (size_t v = 0; v < r->target.n_variables; v++) {
    if (v < n && !cells[v].imputed && !emend_rows_widen(&r->rows, v))
      continue;
    emend_status status = r->target.variables[v].type >= EMEND_DTA_STRING
                              ? put_text(r, v, &cells[v], error)
                              : dta_target_put_cell(&r->target, v, &cells[v], r->to, error);
    if (status) {
      emend_at_variable(error, v < n ? emend_variable_name(r->rows.dataset, v) : r->rows.added[v - n].name);
      emend_at_row(error, (int64_t)r->row + 1);
      return status;
    }
  }
  return EMEND_OK;
}

static emend_status write_row(emend_writer *writer, const emend_cell *cells, emend_error *error) {
  dta_rebuild *r = (dta_rebuild *)writer;
  if (r->row == r->target.n_rows)
    return emend_fail(error, EMEND_INTERNAL, "more rows were written than announced");
  emend_status status = r->row == 0 ? dta_target_write_head(&r->target, r->output, error) : EMEND_OK;
  if (!status)
    status = read_row(r, error);
  if (status)
    return status;
  for (size_t i = 0; i < r->n_stretches; i++)
    memcpy(r->to + r->stretches[i].to, r->from + r->stretches[i].from, (size_t)r->stretches[i].length);
  status = put_cells(r, cells, error);
  r->row++;
  return status ? status : emend_output_write(r->output, r->to, (size_t)r->target.row_bytes, error);
}

/* A long string belongs to the variable and row where it first occurs; other cells point there, as those of further copies do. */
static emend_status copy_strls(dta_rebuild *r, emend_error *error) {
  enum { CHUNK = 1 << 16 };
  emend_dta_section section = r->dictionary->strls;
  unsigned char *chunk = malloc(CHUNK);
  emend_status status = chunk ? EMEND_OK : emend_fail_memory(error);
  for (uint64_t at = section.offset; at < section.end && !status;) {
    size_t length = section.end - at < CHUNK ? (size_t)(section.end - at) : CHUNK;
    status = emend_source_read(r->source, at, chunk, length, error);
    if (!status)
      status = emend_output_write(r->output, chunk, length, error);
    at += length;
  }
  free(chunk);
  return status;
}

static emend_status close_rebuild(emend_writer *writer, emend_error *error) {
  dta_rebuild *r = (dta_rebuild *)writer;
  if (r->row != r->target.n_rows)
    return emend_fail(error, EMEND_INTERNAL, "fewer rows were written than announced");
  emend_status status = r->row == 0 ? dta_target_write_head(&r->target, r->output, error) : EMEND_OK;
  if (!status)
    status = dta_target_write_middle(&r->target, r->output, error);
  if (!status)
    status = copy_strls(r, error);
  if (!status)
    status = dta_target_write_tail(&r->target, r->output, error);
  return status ? status : emend_source_unchanged(r->source, error);
}

static void free_rebuild(emend_writer *writer) {
  dta_rebuild *r = (dta_rebuild *)writer;
  if (!r)
    return;
  emend_dta_dictionary_free(r->dictionary);
  dta_target_free(&r->target);
  emend_window_close(&r->window);
  patch_text_free(&r->text);
  free(r->stretches);
  free(r->from);
  free(r->to);
  free(r);
}

/* That the dataset is this file's, and the rows are copies of it. */
static emend_status check_rows(const dta_rebuild *r, emend_error *error) {
  const emend_dta_dictionary *d = r->dictionary;
  const emend_dataset *dataset = r->rows.dataset;
  emend_status status = patch_check_size(dataset, d->n_variables, (int64_t)d->n_rows, error);
  for (size_t v = 0; v < d->n_variables && !status; v++)
    status = patch_check_variable(dataset, v, d->variables[v].name, d->variables[v].type >= EMEND_DTA_STRING, error);
  return status ? status : patch_check_copies(&r->rows, error);
}

emend_status emend_dta_open_rebuild(const emend_source *source, const emend_rows *rows, emend_losses *losses, emend_output *output,
                                    emend_writer **writer, emend_error *error) {
  *writer = NULL;
  dta_rebuild *r = emend_allocate(1, sizeof *r);
  if (!r)
    return emend_fail_memory(error);
  r->writer = (emend_writer){.row = write_row, .close = close_rebuild, .free = free_rebuild};
  r->source = source;
  r->rows = *rows;
  r->output = output;
  emend_status status = emend_dta_dictionary_read(source, &r->dictionary, error);
  if (!status && r->dictionary->release < FIRST_REBUILT)
    status = emend_fail(error, EMEND_UNSUPPORTED, "release %u of Stata's format is not written any more", r->dictionary->release);
  if (!status)
    status = check_rows(r, error);
  if (!status)
    status = lay_out(r, losses, error);
  if (!status)
    status = plan_rows(r, error);
  if (status)
    free_rebuild(&r->writer);
  else
    *writer = &r->writer;
  return status;
}
