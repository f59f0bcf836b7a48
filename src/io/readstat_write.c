/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/readstat_write.h"

#include <limits.h>
#include <math.h>
#include <readstat.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/conversion.h"
#include "io/sav_ghosts.h"

/*
 * The only file that writes with ReadStat. What it would do wrong is kept from it: it takes a failed write for success unless told 0 bytes
 * were written, writes NaN and infinity as they are, cuts texts inside a character, gives the segments of long texts names that
 * others may have, and in .por writes one byte behind the row.
 */

typedef readstat_error_t (*begin_function)(readstat_writer_t *writer, void *context, long n_rows);

typedef struct kind {
  const emend_ability *ability;
  begin_function begin;
  readstat_compress_t compression;
  int version;      /* 0: ReadStat's default */
  bool sav;         /* the dictionary passes through sav_ghosts */
  size_t note_bytes; /* a line of a note; 0: no notes */
} kind;

typedef struct rs_writer {
  emend_writer writer; /* first */
  kind kind;
  emend_conversion *conversion;
  emend_output *output;
  readstat_writer_t *rs;
  readstat_variable_t **variables;
  uint32_t *widths;
  emend_status status; /* of the output: once it has failed it stays so */
  emend_error *error;  /* of the call in hand */
  sav_ghosts ghosts;
  emend_buffer text;
  size_t row;
  bool checked_row; /* .por: the row has room behind it */
  bool ended;       /* ReadStat has ended the file, or tried to */
} rs_writer;

/* The words of ReadStat's error, or what the output said. */
static emend_status refused(rs_writer *w, readstat_error_t code, emend_error *error) {
  if (w->status)
    return w->status;
  if (code == READSTAT_ERROR_MALLOC)
    return emend_fail_memory(error);
  return emend_fail(error, EMEND_UNSUPPORTED, "%s", readstat_error_message(code));
}

/* 0 says failure: -1 would be taken for a large success. */
static ssize_t put_bytes(const void *bytes, size_t length, void *context) {
  rs_writer *w = context;
  if (!w->status && w->kind.sav)
    w->status = sav_ghosts_write(&w->ghosts, bytes, length, w->output, w->error);
  else if (!w->status)
    w->status = emend_output_write(w->output, bytes, length, w->error);
  return w->status ? 0 : (ssize_t)length;
}

/* Label sets. */

static void put_label(readstat_label_set_t *set, const emend_converted_label *label) {
  if (label->kind == EMEND_KEY_TEXT)
    readstat_label_string_value(set, label->key, label->text);
  else if (label->kind == EMEND_KEY_NUMBER)
    readstat_label_double_value(set, label->number, label->text);
}

static emend_status put_label_sets(rs_writer *w, readstat_label_set_t **sets, emend_error *error) {
  const emend_conversion *c = w->conversion;
  for (size_t s = 0; s < c->n_sets; s++) {
    char name[32];
    snprintf(name, sizeof name, "labels%zu", s);
    sets[s] = readstat_add_label_set(w->rs, c->sets[s].text ? READSTAT_TYPE_STRING : READSTAT_TYPE_DOUBLE, name);
    if (!sets[s])
      return emend_fail_memory(error);
    for (size_t i = 0; i < c->sets[s].n; i++)
      put_label(sets[s], &c->sets[s].labels[i]);
  }
  return EMEND_OK;
}

/* Variables. */

static readstat_error_t put_missing(const rs_writer *w, const emend_converted_variable *v, readstat_variable_t *to) {
  readstat_error_t code = READSTAT_OK;
  for (uint32_t i = 0; i < v->n_missing && !code; i++) {
    const emend_missing_range *r = &v->missing[i];
    if (v->text)
      code = readstat_variable_add_missing_string_value(to, emend_dataset_text(w->conversion->dataset, r->text));
    else if (r->lo == r->hi)
      code = readstat_variable_add_missing_double_value(to, r->lo);
    else
      code = readstat_variable_add_missing_double_range(to, r->lo, r->hi);
  }
  return code;
}

static readstat_measure_t measure_of(emend_measure measure) {
  return measure == EMEND_NOMINAL   ? READSTAT_MEASURE_NOMINAL
         : measure == EMEND_ORDINAL ? READSTAT_MEASURE_ORDINAL
         : measure == EMEND_SCALE   ? READSTAT_MEASURE_SCALE
                                    : READSTAT_MEASURE_UNKNOWN;
}

static readstat_alignment_t alignment_of(const rs_writer *w, size_t v) {
  emend_alignment a = v < w->conversion->n_own ? emend_variable_alignment(w->conversion->dataset, v) : EMEND_RIGHT;
  return a == EMEND_LEFT     ? READSTAT_ALIGNMENT_LEFT
         : a == EMEND_CENTRE ? READSTAT_ALIGNMENT_CENTER
         : a == EMEND_RIGHT  ? READSTAT_ALIGNMENT_RIGHT
         : w->conversion->variables[v].text ? READSTAT_ALIGNMENT_LEFT : READSTAT_ALIGNMENT_RIGHT;
}

static int display_width_of(const rs_writer *w, size_t v) {
  enum { USUAL = 8, WIDE = 32 };
  size_t told = v < w->conversion->n_own ? emend_variable_display_width(w->conversion->dataset, v) : 0;
  const emend_converted_variable *c = &w->conversion->variables[v];
  if (told == 0)
    told = !c->text ? USUAL : c->width < WIDE ? c->width : WIDE;
  return told > 255 ? 255 : (int)told;
}

static emend_status put_variable(rs_writer *w, size_t v, readstat_label_set_t **sets, emend_error *error) {
  const emend_converted_variable *from = &w->conversion->variables[v];
  readstat_variable_t *to =
      readstat_add_variable(w->rs, from->name, from->text ? READSTAT_TYPE_STRING : READSTAT_TYPE_DOUBLE, from->text ? from->width : 0);
  if (!to)
    return emend_fail_memory(error);
  w->variables[v] = to;
  readstat_variable_set_label(to, from->label);
  readstat_variable_set_format(to, from->format);
  readstat_variable_set_measure(to, measure_of(from->measure));
  readstat_variable_set_alignment(to, alignment_of(w, v));
  readstat_variable_set_display_width(to, display_width_of(w, v));
  if (from->set >= 0)
    readstat_variable_set_label_set(to, sets[from->set]);
  readstat_error_t code = put_missing(w, from, to);
  return code ? refused(w, code, error) : EMEND_OK;
}

/* Notes: lines are broken where they are too long, between words if that goes. */
static void put_note(rs_writer *w, const char *text) {
  size_t length = strlen(text), most = w->kind.note_bytes;
  char line[256];
  do {
    size_t n = strcspn(text, "\n"), fits = emend_limit_fit((emend_limit){.bytes = most}, text, n), next = n < length;
    if (fits < n) {
      size_t blank = fits;
      while (blank > most / 2 && text[blank] != ' ')
        blank--;
      fits = text[blank] == ' ' ? blank : fits;
      next = text[fits] == ' ';
    }
    memcpy(line, text, fits);
    line[fits] = '\0';
    readstat_add_note(w->rs, line);
    fits += next;
    text += fits;
    length -= fits;
  } while (length > 0);
}

static void put_notes(rs_writer *w) {
  const emend_dataset *d = w->conversion->dataset;
  if (!w->kind.note_bytes)
    return;
  for (const emend_property *p = emend_dataset_first_property(d, -1); p; p = emend_dataset_next_property(d, p))
    if (emend_property_get_kind(p) == EMEND_NOTE)
      put_note(w, emend_property_value(d, p));
}

static emend_status put_file(rs_writer *w, emend_error *error) {
  const emend_conversion *c = w->conversion;
  readstat_error_t code = readstat_writer_set_file_label(w->rs, c->file_label);
  if (!code && c->ability->weight && c->weight >= 0)
    code = readstat_writer_set_fweight_variable(w->rs, w->variables[c->weight]);
  if (!code && w->kind.version)
    code = readstat_writer_set_file_format_version(w->rs, (uint8_t)w->kind.version);
  if (!code && w->kind.compression != READSTAT_COMPRESS_NONE)
    code = readstat_writer_set_compression(w->rs, w->kind.compression);
  put_notes(w);
  return code ? refused(w, code, error) : EMEND_OK;
}

static emend_status declare(rs_writer *w, emend_error *error) {
  const emend_conversion *c = w->conversion;
  readstat_label_set_t **sets = emend_allocate(c->n_sets, sizeof *sets);
  emend_status status = sets ? put_label_sets(w, sets, error) : emend_fail_memory(error);
  for (size_t v = 0; v < c->n_variables && !status; v++) {
    status = put_variable(w, v, sets, error);
    if (status)
      emend_at_variable(error, c->variables[v].name);
  }
  free(sets);
  return status ? status : put_file(w, error);
}

/* The rules that ReadStat checks only when it is asked, or when bytes are already out. */
static emend_status validate(rs_writer *w, emend_error *error) {
  readstat_error_t code = readstat_validate_metadata(w->rs);
  emend_status status = code ? refused(w, code, error) : EMEND_OK;
  for (size_t v = 0; v < w->conversion->n_variables && !status; v++) {
    code = readstat_validate_variable(w->rs, w->variables[v]);
    if (!code)
      continue;
    status = refused(w, code, error);
    emend_at_variable(error, w->conversion->variables[v].name);
  }
  return status;
}

/* Rows. */

static readstat_error_t put_number(rs_writer *w, size_t v, const emend_cell *cell) {
  emend_reason reason;
  double value = emend_conversion_number(w->conversion, v, cell, &reason);
  if (!isnan(value))
    return readstat_insert_double_value(w->rs, w->variables[v], value);
  if (reason == EMEND_TAG_UNDERSCORE)
    return readstat_insert_tagged_missing_value(w->rs, w->variables[v], '_');
  if (reason >= EMEND_TAG_A && reason <= EMEND_TAG_Z)
    return readstat_insert_tagged_missing_value(w->rs, w->variables[v], (char)('A' + (reason - EMEND_TAG_A)));
  return readstat_insert_missing_value(w->rs, w->variables[v]);
}

static readstat_error_t put_text(rs_writer *w, size_t v, const emend_cell *cell, emend_status *status) {
  const char *text;
  size_t length = emend_conversion_text(w->conversion, v, cell, &text);
  if (text[length] == '\0')
    return readstat_insert_string_value(w->rs, w->variables[v], text);
  emend_buffer_clear(&w->text);
  *status = emend_buffer_append(&w->text, text, length, w->error);
  return *status ? READSTAT_ERROR_MALLOC : readstat_insert_string_value(w->rs, w->variables[v], w->text.bytes);
}

/* A number of 50 digits in .por is written with its end one byte behind its field, which may be the row's last. */
static emend_status make_room(rs_writer *w, emend_error *error) {
  enum { ROOM = 64 };
  unsigned char *longer = w->checked_row ? w->rs->row : realloc(w->rs->row, w->rs->row_len + ROOM);
  if (!longer)
    return emend_fail_memory(error);
  w->rs->row = longer;
  w->checked_row = true;
  return EMEND_OK;
}

static emend_status write_row(emend_writer *writer, const emend_cell *cells, emend_error *error) {
  rs_writer *w = (rs_writer *)writer;
  w->error = error;
  readstat_error_t code = readstat_begin_row(w->rs);
  emend_status status = code ? refused(w, code, error) : make_room(w, error);
  for (size_t v = 0; v < w->conversion->n_variables && !status; v++) {
    code = w->conversion->variables[v].text ? put_text(w, v, &cells[v], &status) : put_number(w, v, &cells[v]);
    if (!code || status)
      continue;
    status = refused(w, code, error);
    emend_at_variable(error, w->conversion->variables[v].name);
    emend_at_row(error, (int64_t)w->row + 1);
  }
  code = status ? READSTAT_OK : readstat_end_row(w->rs);
  w->row++;
  return status ? status : code ? refused(w, code, error) : EMEND_OK;
}

static emend_status write_close(emend_writer *writer, emend_error *error) {
  rs_writer *w = (rs_writer *)writer;
  w->error = error;
  readstat_error_t code = readstat_end_writing(w->rs);
  w->ended = code != READSTAT_ERROR_ROW_COUNT_MISMATCH;
  if (code)
    return refused(w, code, error);
  if (!w->status && w->kind.sav && !w->ghosts.passed)
    return emend_fail(error, EMEND_INTERNAL, "the dictionary of the .sav file was not recognised");
  return w->status;
}

/* What a .por is written with is freed by the end of its data alone: an abandoned one ends too, and nothing is written. */
static void abandon_por(rs_writer *w) {
  if (w->kind.begin != readstat_begin_writing_por || w->ended || !w->rs->module_ctx)
    return;
  w->status = EMEND_INTERNAL;
  w->rs->callbacks.end_data(w->rs);
  w->rs->module_ctx = NULL;
}

static void write_free(emend_writer *writer) {
  rs_writer *w = (rs_writer *)writer;
  if (w->rs) {
    abandon_por(w);
    readstat_writer_free(w->rs);
  }
  emend_conversion_free(w->conversion);
  free(w->variables);
  free(w->widths);
  sav_ghosts_free(&w->ghosts);
  emend_buffer_free(&w->text);
  free(w);
}

static emend_status begin(rs_writer *w, emend_error *error) {
  size_t n_rows = w->conversion->n_rows;
  if (n_rows > INT_MAX)
    return emend_fail(error, EMEND_UNSUPPORTED, "%s holds at most %d rows", w->kind.ability->file, INT_MAX);
  w->rs = readstat_writer_init();
  w->variables = emend_allocate(w->conversion->n_variables, sizeof *w->variables);
  w->widths = emend_allocate(w->conversion->n_variables, sizeof *w->widths);
  if (!w->rs || !w->variables || !w->widths)
    return emend_fail_memory(error);
  for (size_t v = 0; v < w->conversion->n_variables; v++)
    w->widths[v] = w->conversion->variables[v].text ? (uint32_t)w->conversion->variables[v].width : 0;
  w->ghosts.widths = w->widths;
  w->ghosts.n = w->conversion->n_variables;
  readstat_error_t code = readstat_set_data_writer(w->rs, put_bytes);
  emend_status status = code ? refused(w, code, error) : declare(w, error);
  if (!status)
    code = w->kind.begin(w->rs, w, (long)n_rows);
  if (!status && code)
    status = refused(w, code, error);
  return status ? status : validate(w, error);
}

static emend_status open_writer(const emend_rows *shape, kind kind, emend_losses *losses, emend_output *output, emend_writer **writer,
                                emend_error *error) {
  *writer = NULL;
  rs_writer *w = calloc(1, sizeof *w);
  if (!w)
    return emend_fail_memory(error);
  w->writer = (emend_writer){.row = write_row, .close = write_close, .free = write_free};
  w->kind = kind;
  w->output = output;
  w->error = error;
  emend_status status = emend_conversion_new(shape, kind.ability, losses, &w->conversion, error);
  if (!status)
    status = begin(w, error);
  if (status)
    write_free(&w->writer);
  else
    *writer = &w->writer;
  return status;
}

/* SPSS. */

enum { SPSS_LABEL = 256, SPSS_VALUE_LABEL = 120, SPSS_FILE_LABEL = 64, SPSS_TEXT = 32767, SPSS_SHORT_TEXT = 8, SPSS_NOTE = 80 };

static const emend_ability sav_ability = {.family = EMEND_FAMILY_SPSS,
                                          .file = "a .sav file",
                                          .name = &emend_spss_names,
                                          .label = {SPSS_LABEL - 1, 0},
                                          .value_label = {SPSS_VALUE_LABEL, 0},
                                          .file_label = {SPSS_FILE_LABEL, 0},
                                          .text_bytes = SPSS_TEXT,
                                          .codes = true,
                                          .labels = true,
                                          .text_labels = true,
                                          .formats = true,
                                          .labels_variables = true,
                                          .weight = true,
                                          .measure = true,
                                          .notes = true,
                                          .short_text = SPSS_SHORT_TEXT};

static emend_status open_sav(const emend_rows *shape, readstat_compress_t compression, emend_losses *losses, emend_output *output,
                             emend_writer **writer, emend_error *error) {
  kind kind = {
      .ability = &sav_ability, .begin = readstat_begin_writing_sav, .compression = compression, .sav = true, .note_bytes = SPSS_NOTE};
  return open_writer(shape, kind, losses, output, writer, error);
}

emend_status emend_sav_open_writer(const emend_rows *shape, emend_losses *losses, emend_output *output, emend_writer **writer,
                                   emend_error *error) {
  return open_sav(shape, READSTAT_COMPRESS_ROWS, losses, output, writer, error);
}

emend_status emend_zsav_open_writer(const emend_rows *shape, emend_losses *losses, emend_output *output, emend_writer **writer,
                                    emend_error *error) {
  return open_sav(shape, READSTAT_COMPRESS_BINARY, losses, output, writer, error);
}

static const emend_ability por_ability = {.family = EMEND_FAMILY_SPSS,
                                          .file = "a .por file",
                                          .name = &emend_por_names,
                                          .label = {255, 0},
                                          .value_label = {SPSS_VALUE_LABEL, 0},
                                          .file_label = {SPSS_FILE_LABEL, 0},
                                          .text_bytes = 255,
                                          .largest = 9e18,
                                          .codes = true,
                                          .labels = true,
                                          .text_labels = true,
                                          .formats = true,
                                          .labels_variables = true,
                                          .weight = true,
                                          .notes = true,
                                          .ascii = true,
                                          .inexact = true,
                                          .short_text = SPSS_SHORT_TEXT};

emend_status emend_por_open_writer(const emend_rows *shape, emend_losses *losses, emend_output *output, emend_writer **writer,
                                   emend_error *error) {
  kind kind = {.ability = &por_ability, .begin = readstat_begin_writing_por, .note_bytes = SPSS_NOTE};
  return open_writer(shape, kind, losses, output, writer, error);
}

/* SAS: version 5 if that holds everything, else 8. */

#define SAS_COMMON                                                                                                                         \
  .family = EMEND_FAMILY_SAS, .file = "a .xpt file", .file_label = {40, 0}, .largest = 7.2e75, .letters = true, .underscore = true,        \
  .formats = true, .labels_variables = true
static const emend_ability xpt5_ability = {SAS_COMMON, .name = &emend_sas5_names, .label = {40, 0}, .text_bytes = 200};
static const emend_ability xpt8_ability = {SAS_COMMON, .name = &emend_sas8_names, .label = {255, 0}, .text_bytes = 32767};

static bool fits_version_5(const emend_rows *shape) {
  const emend_dataset *d = shape->dataset;
  enum { NAME = 8, LABEL = 40, TEXT = 200 };
  for (size_t v = 0; v < emend_dataset_variables(d); v++)
    if (strlen(emend_variable_name(d, v)) > NAME || strlen(emend_variable_label(d, v)) > LABEL || emend_variable_width(d, v) > TEXT ||
        emend_variable_storage(d, v) == EMEND_STORAGE_LONG_TEXT)
      return false;
  for (size_t i = 0; i < shape->n_added; i++)
    if (strlen(shape->added[i].name) > NAME || strlen(shape->added[i].label) > LABEL)
      return false;
  return true;
}

emend_status emend_xpt_open_writer(const emend_rows *shape, emend_losses *losses, emend_output *output, emend_writer **writer,
                                   emend_error *error) {
  bool short_names = fits_version_5(shape);
  kind kind = {
      .ability = short_names ? &xpt5_ability : &xpt8_ability, .begin = readstat_begin_writing_xport, .version = short_names ? 5 : 8};
  return open_writer(shape, kind, losses, output, writer, error);
}
