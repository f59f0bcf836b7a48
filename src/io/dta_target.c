/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dta_target.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"

enum {
  FIRST_UTF8 = 118,
  LABEL_CHARACTERS = 80,
  NAME_CHARACTERS = 32,
  VALUE_LABEL_BYTES = 32000,
  MOST_VARIABLES = 32767,
  STATA_VARIABLES = 120000
};

void dta_target_begin(dta_target *target, unsigned release, bool big_endian) {
  *target = (dta_target){.release = release,
                         .big_endian = big_endian,
                         .swap = big_endian == walk_little_endian_machine(),
                         .utf8 = release >= FIRST_UTF8,
                         .layout = dta_layout_of(release)};
}

void dta_target_free(dta_target *target) {
  free(target->variables);
  for (int part = 0; part < DTA_PARTS; part++)
    emend_buffer_free(&target->part[part]);
  *target = (dta_target){0};
}

emend_status dta_target_add_column(dta_target *target, emend_dta_type type, uint32_t width, emend_error *error) {
  if (!emend_reserve(&target->variables, target->n_variables, &target->capacity, sizeof *target->variables))
    return emend_fail_memory(error);
  target->variables[target->n_variables++] = (emend_dta_variable){.type = type, .width = width, .offset = target->row_bytes};
  target->row_bytes += width;
  return EMEND_OK;
}

dta_limit dta_target_limit(const dta_target *target, dta_part part) {
  const dta_layout *l = &target->layout;
  switch (part) {
  case DTA_FORMATS: return (dta_limit){l->format_bytes - 1, l->format_bytes - 1};
  case DTA_LABELS: return (dta_limit){LABEL_CHARACTERS, l->label_bytes - 1};
  case DTA_FILE_LABEL: return (dta_limit){LABEL_CHARACTERS, l->tagged ? 4 * LABEL_CHARACTERS : LABEL_CHARACTERS};
  default: return (dta_limit){NAME_CHARACTERS, l->name_bytes - 1};
  }
}

static size_t field_width(const dta_target *target, dta_part part) {
  const dta_layout *l = &target->layout;
  return part == DTA_FORMATS ? l->format_bytes : part == DTA_LABELS ? l->label_bytes : l->name_bytes;
}

emend_status dta_target_add_field(dta_target *target, dta_part part, const char *text, unsigned *loss, emend_error *error) {
  return dta_text_append_field(&target->part[part], text, dta_target_limit(target, part), field_width(target, part), target->utf8, loss,
                               error);
}

static unsigned type_code(const dta_target *target, const emend_dta_variable *v) {
  enum { BYTE = 251, BYTE_TAGGED = 65530, STRL = 32768 };
  if (v->type == EMEND_DTA_STRL)
    return STRL;
  if (v->type == EMEND_DTA_STRING)
    return v->width;
  return target->layout.tagged ? BYTE_TAGGED - (unsigned)v->type : BYTE + (unsigned)v->type;
}

emend_status dta_target_set_types(dta_target *target, emend_error *error) {
  emend_status status = EMEND_OK;
  emend_buffer_clear(&target->part[DTA_TYPES]);
  for (size_t v = 0; v < target->n_variables && !status; v++)
    status = dta_append_integer(&target->part[DTA_TYPES], type_code(target, &target->variables[v]), target->layout.type_bytes,
                                target->big_endian, error);
  return status;
}

/* Label sets. */

static int compare_labels(const void *a, const void *b) {
  const dta_label *x = a, *y = b;
  int by_key = (x->key > y->key) - (x->key < y->key);
  return by_key ? by_key : (x->order > y->order) - (x->order < y->order);
}

size_t dta_labels_sort(dta_label *labels, size_t n) {
  size_t kept = 0;
  for (size_t i = 0; i < n; i++)
    labels[i].order = i;
  qsort(labels, n, sizeof *labels, compare_labels);
  for (size_t i = 0; i < n; i++)
    if (kept == 0 || labels[kept - 1].key != labels[i].key)
      labels[kept++] = labels[i];
  return kept;
}

/* The texts one after another, each with its NUL; where each begins goes to `offsets`. */
static emend_status gather_texts(const dta_target *target, const dta_label *labels, size_t n, emend_buffer *texts, uint32_t *offsets,
                                 unsigned *loss, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < n && !status; i++) {
    offsets[i] = (uint32_t)texts->length;
    status = dta_text_append(texts, labels[i].text, (dta_limit){VALUE_LABEL_BYTES, VALUE_LABEL_BYTES}, target->utf8, loss, error);
    if (!status)
      status = dta_append_zeros(texts, 1, error);
    if (!status && texts->length > INT32_MAX / 2)
      status = emend_fail(error, EMEND_UNSUPPORTED, "a set of value labels takes more than 1 GiB, more than a Stata file can hold");
  }
  return status;
}

static emend_status append_table(dta_target *target, const char *name, const dta_label *labels, size_t n, const emend_buffer *texts,
                                 const uint32_t *offsets, unsigned *loss, emend_error *error) {
  emend_buffer *out = &target->part[DTA_VALUE_LABELS];
  bool big = target->big_endian;
  emend_status status = dta_append_integer(out, 8 + 8 * (uint64_t)n + texts->length, 4, big, error);
  if (!status)
    status =
        dta_text_append_field(out, name, dta_target_limit(target, DTA_LABEL_NAMES), target->layout.name_bytes, target->utf8, loss, error);
  if (!status)
    status = dta_append_zeros(out, 3, error);
  if (!status)
    status = dta_append_integer(out, n, 4, big, error);
  if (!status)
    status = dta_append_integer(out, texts->length, 4, big, error);
  for (size_t i = 0; i < n && !status; i++)
    status = dta_append_integer(out, offsets[i], 4, big, error);
  for (size_t i = 0; i < n && !status; i++)
    status = dta_append_integer(out, (uint32_t)labels[i].key, 4, big, error);
  return status ? status : emend_buffer_append(out, texts->bytes, texts->length, error);
}

emend_status dta_target_add_label_set(dta_target *target, const char *name, const dta_label *labels, size_t n, unsigned *loss,
                                      emend_error *error) {
  emend_buffer texts = {0}, *out = &target->part[DTA_VALUE_LABELS];
  uint32_t *offsets = emend_allocate(n, sizeof *offsets);
  emend_status status = offsets ? gather_texts(target, labels, n, &texts, offsets, loss, error) : emend_fail_memory(error);
  if (!status && target->layout.tagged)
    status = emend_buffer_append(out, "<lbl>", 5, error);
  if (!status)
    status = append_table(target, name, labels, n, &texts, offsets, loss, error);
  if (!status && target->layout.tagged)
    status = emend_buffer_append(out, "</lbl>", 6, error);
  emend_buffer_free(&texts);
  free(offsets);
  return status;
}

/* Tagged releases only: files of older ones are rebuilt with the characteristics that they have. */
emend_status dta_target_add_characteristic(dta_target *target, const char *variable, const char *name, const char *text,
                                           emend_error *error) {
  emend_buffer *out = &target->part[DTA_CHARACTERISTICS];
  size_t length = strlen(text) + 1, field = target->layout.name_bytes;
  dta_limit limit = dta_target_limit(target, DTA_NAMES);
  unsigned loss = 0;
  emend_status status = emend_buffer_append(out, "<ch>", 4, error);
  if (!status)
    status = dta_append_integer(out, 2 * (uint64_t)field + length, 4, target->big_endian, error);
  if (!status)
    status = dta_text_append_field(out, variable, limit, field, target->utf8, &loss, error);
  if (!status)
    status = dta_text_append_field(out, name, limit, field, target->utf8, &loss, error);
  if (!status)
    status = emend_buffer_append(out, text, length, error);
  return status ? status : emend_buffer_append(out, "</ch>", 5, error);
}

/* Cells. */

emend_status dta_target_put_cell(const dta_target *target, size_t column, const emend_cell *cell, unsigned char *row, emend_error *error) {
  const emend_dta_variable *v = &target->variables[column];
  unsigned char *place = row + v->offset;
  bool answered = cell->imputed || cell->reason == EMEND_OBSERVED || cell->reason == EMEND_USER_MISSING;
  if (!answered) {
    dta_missing_put(v->type, cell->reason, target->swap, place);
    return EMEND_OK;
  }
  if (!dta_value_fits(v->type, cell->value)) {
    char text[EMEND_NUMBER_SIZE];
    emend_number_print(cell->value, '.', text);
    return emend_fail(error, EMEND_INTERNAL, "%s does not fit its storage type", text[0] ? text : "NaN");
  }
  dta_value_put(v->type, cell->value, target->swap, place);
  return EMEND_OK;
}

/* The file. */

emend_status dta_target_check(const dta_target *target, emend_error *error) {
  if (target->n_variables > STATA_VARIABLES)
    return emend_fail(error, EMEND_UNSUPPORTED, "%zu variables are more than Stata's %d", target->n_variables, STATA_VARIABLES);
  uint64_t most = target->release < 118 ? INT32_MAX : INT64_MAX, bytes;
  if (target->n_variables > MOST_VARIABLES && target->release < 119)
    return emend_fail(error, EMEND_UNSUPPORTED, "%zu variables are more than release %u of Stata's format holds", target->n_variables,
                      target->release);
  if (target->n_rows > most || __builtin_mul_overflow(target->n_rows, target->row_bytes, &bytes) || bytes > INT64_MAX / 2)
    return emend_fail(error, EMEND_UNSUPPORTED, "%" PRIu64 " rows are more than release %u of Stata's format holds", target->n_rows,
                      target->release);
  return EMEND_OK;
}

static emend_status write_part(const dta_target *target, dta_part part, emend_output *output, emend_error *error) {
  return emend_output_write(output, target->part[part].bytes, target->part[part].length, error);
}

static emend_status write_text(const char *text, emend_output *output, emend_error *error) {
  return emend_output_write(output, text, strlen(text), error);
}

/* The sections between the map and the rows, in order. */
static const struct {
  const char *tag;
  dta_part part;
} sections[] = {{"variable_types", DTA_TYPES}, {"varnames", DTA_NAMES},           {"sortlist", DTA_SORT_LIST},
                {"formats", DTA_FORMATS},      {"value_label_names", DTA_LABEL_NAMES}, {"variable_labels", DTA_LABELS},
                {"characteristics", DTA_CHARACTERISTICS}};
enum { N_SECTIONS = sizeof sections / sizeof *sections, MAP_ENTRIES = 14 };

static emend_status write_section(const dta_target *target, const char *tag, dta_part part, emend_output *output, emend_error *error) {
  char text[64];
  emend_status status = EMEND_OK;
  if (target->layout.tagged) {
    snprintf(text, sizeof text, "<%s>", tag);
    status = write_text(text, output, error);
  }
  if (!status)
    status = write_part(target, part, output, error);
  if (!status && target->layout.tagged) {
    snprintf(text, sizeof text, "</%s>", tag);
    status = write_text(text, output, error);
  }
  return status;
}

static uint64_t tags_length(const char *tag) { return 2 * strlen(tag) + 5; }

static emend_status append_header(const dta_target *target, emend_buffer *out, emend_error *error) {
  const emend_buffer *label = &target->part[DTA_FILE_LABEL], *stamp = &target->part[DTA_TIMESTAMP];
  bool big = target->big_endian;
  emend_status status = emend_buffer_format(out, error, "<stata_dta><header><release>%u</release><byteorder>%s</byteorder><K>",
                                            target->release, big ? "MSF" : "LSF");
  if (!status)
    status = dta_append_integer(out, target->n_variables, target->release < 119 ? 2 : 4, big, error);
  if (!status)
    status = emend_buffer_format(out, error, "</K><N>");
  if (!status)
    status = dta_append_integer(out, target->n_rows, target->release < 118 ? 4 : 8, big, error);
  if (!status)
    status = emend_buffer_format(out, error, "</N><label>");
  if (!status)
    status = dta_append_integer(out, label->length, target->release < 118 ? 1 : 2, big, error);
  if (!status)
    status = emend_buffer_append(out, label->bytes, label->length, error);
  if (!status)
    status = emend_buffer_format(out, error, "</label><timestamp>");
  if (!status)
    status = dta_append_integer(out, stamp->length, 1, big, error);
  if (!status)
    status = emend_buffer_append(out, stamp->bytes, stamp->length, error);
  return status ? status : emend_buffer_format(out, error, "</timestamp></header>");
}

/* Where each section begins, from the header's length on; the last two are the end tag and the end of the file. */
static emend_status append_map(const dta_target *target, emend_buffer *out, emend_error *error) {
  uint64_t at = out->length, map[MAP_ENTRIES] = {0};
  size_t n = 1;
  map[n++] = at;
  at += tags_length("map") + 8 * MAP_ENTRIES;
  for (size_t i = 0; i < N_SECTIONS; i++) {
    map[n++] = at;
    at += tags_length(sections[i].tag) + target->part[sections[i].part].length;
  }
  map[n++] = at;
  at += tags_length("data") + target->n_rows * target->row_bytes;
  map[n++] = at;
  at += tags_length("strls") + target->strl_bytes;
  map[n++] = at;
  at += tags_length("value_labels") + target->part[DTA_VALUE_LABELS].length;
  map[n++] = at;
  map[n] = at + strlen("</stata_dta>");
  emend_status status = emend_buffer_format(out, error, "<map>");
  for (size_t i = 0; i < MAP_ENTRIES && !status; i++)
    status = dta_append_integer(out, target->unmapped >> i & 1 ? 0 : map[i], 8, target->big_endian, error);
  return status ? status : emend_buffer_format(out, error, "</map>");
}

static emend_status append_old_header(const dta_target *target, emend_buffer *out, emend_error *error) {
  enum { STAMP_BYTES = 18 };
  const emend_buffer *label = &target->part[DTA_FILE_LABEL], *stamp = &target->part[DTA_TIMESTAMP];
  const char head[] = {(char)target->release, target->big_endian ? 1 : 2, 1, 0};
  size_t label_length = label->length < target->layout.file_label_bytes ? label->length : target->layout.file_label_bytes;
  size_t stamp_length = stamp->length < STAMP_BYTES ? stamp->length : STAMP_BYTES;
  emend_status status = emend_buffer_append(out, head, sizeof head, error);
  if (!status)
    status = dta_append_integer(out, target->n_variables, 2, target->big_endian, error);
  if (!status)
    status = dta_append_integer(out, target->n_rows, 4, target->big_endian, error);
  if (!status)
    status = emend_buffer_append(out, label->bytes, label_length, error);
  if (!status)
    status = dta_append_zeros(out, target->layout.file_label_bytes - label_length, error);
  if (!status)
    status = emend_buffer_append(out, stamp->bytes, stamp_length, error);
  return status ? status : dta_append_zeros(out, STAMP_BYTES - stamp_length, error);
}

emend_status dta_target_write_head(const dta_target *target, emend_output *output, emend_error *error) {
  emend_buffer head = {0};
  bool tagged = target->layout.tagged;
  emend_status status = tagged ? append_header(target, &head, error) : append_old_header(target, &head, error);
  if (!status && tagged)
    status = append_map(target, &head, error);
  if (!status)
    status = emend_output_write(output, head.bytes, head.length, error);
  for (size_t i = 0; i < N_SECTIONS && !status; i++)
    status = write_section(target, sections[i].tag, sections[i].part, output, error);
  if (!status && tagged)
    status = write_text("<data>", output, error);
  emend_buffer_free(&head);
  return status;
}

emend_status dta_target_write_middle(const dta_target *target, emend_output *output, emend_error *error) {
  return target->layout.tagged ? write_text("</data><strls>", output, error) : EMEND_OK;
}

emend_status dta_target_write_tail(const dta_target *target, emend_output *output, emend_error *error) {
  bool tagged = target->layout.tagged;
  emend_status status = tagged ? write_text("</strls>", output, error) : EMEND_OK;
  if (!status)
    status = write_section(target, "value_labels", DTA_VALUE_LABELS, output, error);
  return !status && tagged ? write_text("</stata_dta>", output, error) : status;
}
