/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes any dataset as a Stata file of release 118 (119 where it has more than 32,767 variables), little-endian. Missing codes become
 * .a, .b ... (io/missing_map.h), dates days and milliseconds since 1960 (io/translate.h), texts of more than 2,045 bytes long strings.
 * The file has no time stamp, unless the dataset comes from a Stata file that has one, so that the same input gives the same bytes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/dta_added.h"
#include "io/dta_names.h"
#include "io/dta_properties.h"
#include "io/dta_strl.h"
#include "io/format.h"

enum { LONGEST_STRING = 2045, MOST_VARIABLES = 32767 };

static const emend_ability ability = {.family = EMEND_FAMILY_STATA,
                                      .file = "a .dta file",
                                      .label = {.bytes = 320, .characters = 80},
                                      .value_label = {.bytes = 32000},
                                      .file_label = {.bytes = 320, .characters = 80},
                                      .largest = 0x1.fffffffffffffp1022,
                                      .letters = true,
                                      .labels = true,
                                      .formats = true,
                                      .labels_variables = true};

typedef struct dta_writer {
  emend_writer writer;
  const emend_dataset *dataset;
  emend_rows rows;
  emend_output *output;
  emend_conversion *conversion;
  dta_target target;
  dta_names names, sets; /* the sets of the conversion, then the unattached */
  size_t *unattached, n_unattached;
  emend_names fractions, renamed; /* variables whose labels or names do not fit */
  unsigned char *row;
  uint64_t n_written;
} dta_writer;

static bool from_stata(const dta_writer *w) { return emend_family_of(emend_dataset_format(w->dataset)) == EMEND_FAMILY_STATA; }

/* Columns. */

/* Codes that are declared become letters; one that was only taken for missing is written as it is. */
static bool is_written(const dta_writer *w, size_t v, emend_reason reason, double value) {
  return reason == EMEND_OBSERVED ||
         (reason == EMEND_USER_MISSING && !emend_variable_declares_missing(emend_dataset_variable(w->dataset, v), value));
}

/* The type, or the next larger one that holds what occurs: those of old releases had room for more, since they had fewer missing values.
 * What no type holds becomes missing. */
static emend_dta_type wide_enough(const dta_writer *w, size_t v, emend_dta_type type) {
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(w->dataset) && type < EMEND_DTA_DOUBLE; row += run.n) {
    run = emend_dataset_run(w->dataset, v, row);
    for (size_t i = 0; i < run.n && type < EMEND_DTA_DOUBLE; i++)
      while (is_written(w, v, (emend_reason)run.reasons[i], run.values[i]) && type < EMEND_DTA_DOUBLE && !dta_value_fits(type, run.values[i]))
        type = type >= EMEND_DTA_LONG ? EMEND_DTA_DOUBLE : type + 1;
  }
  return type;
}

/* Other programs store every number as a double. What holds nothing but whole numbers, and will not hold others, takes the smallest type
 * that has room for them, as Stata's compress would see to. */
static emend_dta_type choose_type(const dta_writer *w, size_t v) {
  const emend_converted_variable *c = &w->conversion->variables[v];
  emend_storage storage = w->rows.storages ? w->rows.storages[v] : c->storage;
  bool any_value = w->rows.fills && w->rows.fills[v] == EMEND_FILLS_ANY;
  if (c->translation.from != c->translation.to || (any_value && !from_stata(w)))
    return EMEND_DTA_DOUBLE;
  return wide_enough(w, v, from_stata(w) ? dta_type_of(storage) : EMEND_DTA_BYTE);
}

static emend_status add_number(dta_writer *w, size_t v, emend_error *error) {
  emend_dta_type type = v < w->conversion->n_own ? choose_type(w, v) : dta_type_of(w->conversion->variables[v].storage);
  return dta_target_add_column(&w->target, type, dta_type_width(type), error);
}

static emend_status add_text(dta_writer *w, size_t v, emend_error *error) {
  const emend_variable *from = emend_dataset_variable(w->dataset, v);
  dta_text_need need = dta_text_need_of(w->dataset, v);
  bool is_long = need.longest > LONGEST_STRING || (from_stata(w) && from->storage == EMEND_STORAGE_LONG_TEXT);
  size_t width = need.longest;
  if (from_stata(w) && from->width > width && from->width <= LONGEST_STRING)
    width = from->width;
  if (is_long)
    w->target.strl_bytes += need.strl_bytes;
  return dta_target_add_column(&w->target, is_long ? EMEND_DTA_STRL : EMEND_DTA_STRING, is_long ? 8 : width ? (uint32_t)width : 1, error);
}

static emend_status add_columns(dta_writer *w, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < w->conversion->n_variables && !status; v++)
    status = w->conversion->variables[v].text ? add_text(w, v, error) : add_number(w, v, error);
  return status ? status : dta_target_set_types(&w->target, error);
}

/* Names. */

static emend_status name_variables(dta_writer *w, emend_error *error) {
  size_t n = w->conversion->n_variables;
  const char **wanted = emend_allocate(n, sizeof *wanted);
  if (!wanted)
    return emend_fail_memory(error);
  for (size_t v = 0; v < n; v++)
    wanted[v] = w->conversion->variables[v].name;
  emend_status status = dta_names_new(wanted, n, 0, true, &w->names, error);
  for (size_t v = 0; v < n && !status; v++)
    if (strcmp(wanted[v], w->names.items[v]) != 0)
      emend_names_add(&w->renamed, wanted[v]);
  free(wanted);
  return status;
}

/* The sets of a Stata file that no variable has; those of other programs are nothing by themselves. */
static emend_status find_unattached(dta_writer *w, emend_error *error) {
  size_t n = from_stata(w) ? emend_dataset_label_sets(w->dataset) : 0;
  unsigned char *attached = emend_allocate(n, 1);
  w->unattached = emend_allocate(n, sizeof *w->unattached);
  for (size_t v = 0; attached && n && v < w->conversion->n_own; v++)
    if (emend_dataset_variable(w->dataset, v)->label_set >= 0)
      attached[emend_dataset_variable(w->dataset, v)->label_set] = 1;
  for (size_t i = 0; attached && w->unattached && i < n; i++)
    if (!attached[i])
      w->unattached[w->n_unattached++] = i;
  bool found = attached && w->unattached;
  free(attached);
  return found ? EMEND_OK : emend_fail_memory(error);
}

/* A set is called as in a Stata file, or by the first variable that has it. */
static emend_status name_sets(dta_writer *w, emend_error *error) {
  const emend_conversion *c = w->conversion;
  size_t n = c->n_sets + w->n_unattached;
  const char **wanted = emend_allocate(n, sizeof *wanted);
  if (!wanted)
    return emend_fail_memory(error);
  for (size_t i = 0; i < w->n_unattached; i++)
    wanted[c->n_sets + i] = emend_label_set_name(w->dataset, w->unattached[i]);
  for (size_t v = c->n_variables; v-- > 0;) {
    ptrdiff_t set = c->variables[v].set;
    int32_t own = v < c->n_own ? emend_dataset_variable(w->dataset, v)->label_set : -1;
    if (set >= 0)
      wanted[set] = from_stata(w) && own >= 0 ? emend_label_set_name(w->dataset, (size_t)own) : w->names.items[v];
  }
  emend_status status = dta_names_new(wanted, n, 0, true, &w->sets, error);
  free(wanted);
  return status;
}

/* Fields. */

static emend_status add_fields(dta_writer *w, size_t v, emend_error *error) {
  const emend_converted_variable *c = &w->conversion->variables[v];
  const emend_dta_variable *column = &w->target.variables[v];
  const char *label = c->label;
  char format[EMEND_TRANSLATED_FORMAT];
  unsigned nothing = 0;
  snprintf(format, sizeof format, "%s", c->format);
  if (c->text && !from_stata(w))
    emend_translate_text_format(EMEND_FAMILY_STATA, column->type == EMEND_DTA_STRL ? 0 : column->width, format);
  if (!label[0] && strcmp(c->name, w->names.items[v]) != 0)
    label = c->name; /* as Stata does with names that it has to change */
  emend_status status = dta_target_add_field(&w->target, DTA_NAMES, w->names.items[v], &nothing, error);
  if (!status)
    status = dta_append_zeros(&w->target.part[DTA_SORT_LIST], w->target.layout.sort_bytes, error);
  if (!status)
    status = dta_target_add_field(&w->target, DTA_FORMATS, format, &nothing, error);
  if (!status)
    status = dta_target_add_field(&w->target, DTA_LABEL_NAMES, c->set >= 0 ? w->sets.items[c->set] : "", &nothing, error);
  return status ? status : dta_target_add_field(&w->target, DTA_LABELS, label, &nothing, error);
}

/* Of a Stata file only: the order lasts as far as the variables do not change. */
static void set_sort_list(dta_writer *w) {
  unsigned char *list = (unsigned char *)w->target.part[DTA_SORT_LIST].bytes;
  size_t bytes = w->target.layout.sort_bytes;
  bool same_rows = w->rows.n_rows == emend_dataset_rows(w->dataset);
  for (size_t i = 0, n = emend_dataset_sort_keys(w->dataset); i < n && same_rows; i++) {
    size_t key = emend_dataset_sort_key(w->dataset, i);
    if (emend_rows_fill(&w->rows, key))
      break;
    for (size_t k = 0; k < bytes; k++)
      list[i * bytes + k] = (unsigned char)((key + 1) >> 8 * k);
  }
}

/* 2024-01-31T17:05:00 is "31 Jan 2024 17:05". */
static emend_status set_timestamp(dta_writer *w, emend_error *error) {
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  int year, month, day, hour, minute;
  const char *created = emend_dataset_file_text(w->dataset, EMEND_FILE_CREATED);
  bool told = from_stata(w) && sscanf(created, "%4d-%2d-%2dT%2d:%2d", &year, &month, &day, &hour, &minute) == 5;
  if (!told || month < 1 || month > 12)
    return EMEND_OK;
  return emend_buffer_format(&w->target.part[DTA_TIMESTAMP], error, "%02d %.3s %04d %02d:%02d", day, months + 3 * (month - 1), year, hour,
                             minute);
}

static emend_status describe(dta_writer *w, emend_error *error) {
  unsigned nothing = 0;
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < w->conversion->n_variables && !status; v++)
    status = add_fields(w, v, error);
  if (!status)
    status = dta_append_zeros(&w->target.part[DTA_SORT_LIST], w->target.layout.sort_bytes, error);
  if (!status)
    set_sort_list(w);
  if (!status)
    status = dta_text_append(&w->target.part[DTA_FILE_LABEL], w->conversion->file_label, dta_target_limit(&w->target, DTA_FILE_LABEL), true,
                             &nothing, error);
  return status ? status : set_timestamp(w, error);
}

/* Label sets. */

/* Keys are whole numbers and letters, each once: the first label of a key stays. False if others had to go. */
static bool make_labels(const emend_converted_set *set, dta_label *labels, size_t *n) {
  *n = 0;
  for (size_t i = 0; i < set->n; i++) {
    const emend_converted_label *from = &set->labels[i];
    labels[*n].text = from->text;
    *n += from->kind == EMEND_KEY_TAG ? dta_key_of_reason(from->tag, &labels[*n].key) : dta_key_of_number(from->number, &labels[*n].key);
  }
  *n = dta_labels_sort(labels, *n);
  return *n == set->n;
}

static emend_status add_set(dta_writer *w, const emend_converted_set *set, const char *name, emend_error *error) {
  unsigned nothing = 0;
  size_t n;
  dta_label *labels = emend_allocate(set->n, sizeof *labels);
  if (!labels)
    return emend_fail_memory(error);
  if (!make_labels(set, labels, &n))
    emend_names_add(&w->fractions, name);
  emend_status status = n ? dta_target_add_label_set(&w->target, name, labels, n, &nothing, error) : EMEND_OK;
  free(labels);
  return status;
}

/* A set of a Stata file that no variable has. */
static emend_status add_unattached(dta_writer *w, size_t index, const char *name, emend_error *error) {
  const emend_label_set *from = emend_dataset_label_set(w->dataset, index);
  emend_converted_set set = {.labels = emend_allocate((size_t)from->n_labels, sizeof *set.labels)};
  if (!set.labels)
    return emend_fail_memory(error);
  for (; set.n < from->n_labels; set.n++) {
    const emend_label *label = emend_dataset_label(w->dataset, from, set.n);
    set.labels[set.n] = (emend_converted_label){
        .kind = label->kind, .tag = label->tag, .number = label->number, .text = emend_dataset_text(w->dataset, label->text)};
  }
  emend_status status = add_set(w, &set, name, error);
  free(set.labels);
  return status;
}

static emend_status add_sets(dta_writer *w, emend_error *error) {
  emend_status status = EMEND_OK;
  size_t n = w->conversion->n_sets;
  for (size_t i = 0; i < n && !status; i++)
    status = add_set(w, &w->conversion->sets[i], w->sets.items[i], error);
  for (size_t i = 0; i < w->n_unattached && !status; i++)
    status = add_unattached(w, w->unattached[i], w->sets.items[n + i], error);
  return status;
}

static emend_status tell(const dta_writer *w, emend_losses *losses, emend_error *error) {
  emend_status status =
      emend_losses_add_names(losses, &w->renamed, "variable gets a name that Stata allows", "variables get names that Stata allows", error);
  if (!status)
    status = emend_losses_add_names(losses, &w->fractions,
                                    "label set has labels of numbers that Stata cannot label: not whole, too large, or twice",
                                    "label sets have labels of numbers that Stata cannot label: not whole, too large, or twice", error);
  size_t n_sets = emend_dataset_variable_sets(w->dataset);
  if (!status && n_sets)
    status = emend_losses_add(losses, error, "%zu multiple-response or variable set%s", n_sets, n_sets == 1 ? "" : "s");
  return status;
}

static emend_status lay_out(dta_writer *w, emend_losses *losses, emend_error *error) {
  emend_status status = emend_conversion_new(&w->rows, &ability, losses, &w->conversion, error);
  if (status)
    return status;
  dta_target_begin(&w->target, w->conversion->n_variables > MOST_VARIABLES ? 119 : 118, false);
  w->target.n_rows = w->rows.n_rows;
  status = name_variables(w, error);
  if (!status)
    status = find_unattached(w, error);
  if (!status)
    status = name_sets(w, error);
  if (!status)
    status = add_columns(w, error);
  if (!status)
    status = describe(w, error);
  if (!status)
    status = dta_properties_put(&w->target, w->conversion, w->names.items, losses, error);
  if (!status)
    status = add_sets(w, error);
  if (!status)
    status = tell(w, losses, error);
  return status ? status : dta_target_check(&w->target, error);
}

/* Rows. */

static void put_text(dta_writer *w, size_t v, const emend_cell *cell) {
  const emend_dta_variable *column = &w->target.variables[v];
  unsigned char *place = w->row + column->offset;
  const char *text = emend_dataset_text(w->dataset, cell->text);
  size_t length = emend_dataset_text_length(w->dataset, cell->text);
  if (column->type == EMEND_DTA_STRL) {
    dta_strl_put(&w->target, v, (size_t)(w->n_written % emend_dataset_rows(w->dataset)), length == 0, place);
    return;
  }
  memcpy(place, text, length);
  memset(place + length, 0, column->width - length);
}

/* An imputed value must be an answer; others that Stata cannot hold have been told of, and become missing. */
static emend_status put_number(dta_writer *w, size_t v, const emend_cell *cell, emend_error *error) {
  bool own = v < w->conversion->n_own;
  emend_cell converted = {.value = NAN};
  converted.value = emend_conversion_number(w->conversion, v, cell, &converted.reason);
  converted.imputed = cell->imputed;
  if (cell->imputed && own && emend_variable_declares_missing(emend_dataset_variable(w->dataset, v), cell->value))
    return emend_fail(error, EMEND_INTERNAL, "an imputed value is a missing code");
  return dta_target_put_cell(&w->target, v, &converted, w->row, error);
}

static emend_status write_row(emend_writer *writer, const emend_cell *cells, emend_error *error) {
  dta_writer *w = (dta_writer *)writer;
  if (w->n_written == w->target.n_rows)
    return emend_fail(error, EMEND_INTERNAL, "more rows were written than announced");
  emend_status status = w->n_written == 0 ? dta_target_write_head(&w->target, w->output, error) : EMEND_OK;
  for (size_t v = 0; v < w->target.n_variables && !status; v++) {
    if (w->conversion->variables[v].text) {
      put_text(w, v, &cells[v]);
      continue;
    }
    status = put_number(w, v, &cells[v], error);
    if (status) {
      emend_at_variable(error, w->conversion->variables[v].name);
      emend_at_row(error, (int64_t)w->n_written + 1);
    }
  }
  w->n_written++;
  return status ? status : emend_output_write(w->output, w->row, (size_t)w->target.row_bytes, error);
}

static emend_status close_writer(emend_writer *writer, emend_error *error) {
  dta_writer *w = (dta_writer *)writer;
  if (w->n_written != w->target.n_rows)
    return emend_fail(error, EMEND_INTERNAL, "fewer rows were written than announced");
  emend_status status = w->n_written == 0 ? dta_target_write_head(&w->target, w->output, error) : EMEND_OK;
  if (!status)
    status = dta_target_write_middle(&w->target, w->output, error);
  if (!status)
    status = dta_strls_write(&w->target, w->dataset, w->output, error);
  return status ? status : dta_target_write_tail(&w->target, w->output, error);
}

static void free_writer(emend_writer *writer) {
  dta_writer *w = (dta_writer *)writer;
  emend_conversion_free(w->conversion);
  dta_target_free(&w->target);
  dta_names_free(&w->names);
  dta_names_free(&w->sets);
  free(w->unattached);
  free(w->row);
  free(w);
}

emend_status emend_dta_open_writer(const emend_rows *rows, emend_losses *losses, emend_output *output, emend_writer **writer,
                                   emend_error *error) {
  *writer = NULL;
  dta_writer *w = emend_allocate(1, sizeof *w);
  if (!w)
    return emend_fail_memory(error);
  w->writer = (emend_writer){.row = write_row, .close = close_writer, .free = free_writer};
  w->dataset = rows->dataset;
  w->rows = *rows;
  w->output = output;
  emend_status status = lay_out(w, losses, error);
  if (!status && !(w->row = emend_allocate((size_t)w->target.row_bytes, 1)))
    status = emend_fail_memory(error);
  if (status)
    free_writer(&w->writer);
  else
    *writer = &w->writer;
  return status;
}
