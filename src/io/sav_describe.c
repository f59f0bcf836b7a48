/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/describe.h"
#include "io/sav_payload.h"
#include "io/walk.h"

enum {
  VARIABLE_SETS = 5,
  RESPONSE_SETS = 7,
  PRODUCT = 10,
  DISPLAY = 11,
  FILE_ATTRIBUTES = 17,
  VARIABLE_ATTRIBUTES = 18,
  MORE_RESPONSE_SETS = 19
};
enum { DOCUMENT_LINE = 80 };

/* The name of a format's number in a variable record; NULL if there is none. */
static const char *format_name(unsigned type) {
  static const char *const names[] = {
      [1] = "A",     [2] = "AHEX",   [3] = "COMMA",    [4] = "DOLLAR", [5] = "F",      [6] = "IB",     [7] = "PIBHEX", [8] = "P",
      [9] = "PIB",   [10] = "PK",    [11] = "RB",      [12] = "RBHEX", [15] = "Z",     [16] = "N",     [17] = "E",     [20] = "DATE",
      [21] = "TIME", [22] = "DATETIME", [23] = "ADATE", [24] = "JDATE", [25] = "DTIME", [26] = "WKDAY", [27] = "MONTH", [28] = "MOYR",
      [29] = "QYR",  [30] = "WKYR",  [31] = "PCT",     [32] = "DOT",   [33] = "CCA",   [34] = "CCB",   [35] = "CCC",   [36] = "CCD",
      [37] = "CCE",  [38] = "EDATE", [39] = "SDATE",   [40] = "MTIME", [41] = "YMDHMS",
  };
  return type < sizeof names / sizeof *names ? names[type] : NULL;
}

/* F8.2, A12, DATE11: decimals where there are some, and with F always. */
void emend_sav_format_text(uint32_t format, char text[EMEND_FORMAT_TEXT]) {
  const char *name = format_name(format >> 16 & 0xFF);
  unsigned width = format >> 8 & 0xFF, decimals = format & 0xFF;
  text[0] = '\0';
  if (name && (decimals || strcmp(name, "F") == 0))
    snprintf(text, EMEND_FORMAT_TEXT, "%s%u.%u", name, width, decimals);
  else if (name)
    snprintf(text, EMEND_FORMAT_TEXT, "%s%u", name, width);
}

static emend_status describe_file(sav_describing *g) {
  const emend_sav_dictionary *d = g->dictionary;
  emend_file_facts *facts = emend_dataset_edit_facts(g->dataset);
  facts->release = d->compression == EMEND_SAV_ZLIB ? 3 : 2;
  facts->byte_order = d->big_endian ? EMEND_BIG_ENDIAN : EMEND_LITTLE_ENDIAN;
  facts->compression = d->compression == EMEND_SAV_PLAIN      ? EMEND_COMPRESSION_NONE
                       : d->compression == EMEND_SAV_BYTECODE ? EMEND_COMPRESSION_ROWS
                                                              : EMEND_COMPRESSION_BLOCKS;
  char created[EMEND_TIME_TEXT];
  emend_time_text(d->date, d->time, created);
  emend_status status = emend_dataset_set_file_text(g->dataset, EMEND_FILE_CREATED, created, g->error);
  if (!status && d->encoding[0])
    status = emend_dataset_set_file_text(g->dataset, EMEND_FILE_ENCODING, d->encoding, g->error);
  if (!status)
    status = sav_text(g, d->product, strlen(d->product), &facts->text[EMEND_FILE_PRODUCT]);
  return status;
}

/* Both names and formats of every variable, its true width. */
static emend_status describe_variables(sav_describing *g) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < g->dictionary->n_variables && !status; i++) {
    const emend_sav_variable *from = &g->dictionary->variables[i];
    emend_variable *v = emend_dataset_edit_variable(g->dataset, i);
    char write[EMEND_FORMAT_TEXT];
    emend_sav_format_text(from->write, write);
    v->width = from->width;
    if (from->write != from->print)
      status = emend_dataset_add_text(g->dataset, write, strlen(write), &v->write_format, g->error);
    if (!status && strcmp(from->name, from->short_name) != 0)
      status = sav_text(g, from->short_name, strlen(from->short_name), &v->short_name);
  }
  return status;
}

/* Measure, width and alignment (older files: measure and alignment) of every variable record, those of segments included. */
static emend_status describe_display(sav_describing *g, const emend_sav_extension *e) {
  const emend_sav_dictionary *d = g->dictionary;
  size_t n_records = 0;
  for (size_t i = 0; i < d->n_variables; i++)
    n_records += d->variables[i].n_segments;
  uint32_t each = e->count == 3 * n_records ? 3 : 2;
  if (e->size != 4 || e->count != each * n_records)
    return sav_not_understood(g, e);
  size_t record = 0;
  for (size_t i = 0; i < d->n_variables; record += d->variables[i++].n_segments) {
    emend_variable *v = emend_dataset_edit_variable(g->dataset, i);
    walk_seek(g->w, e->offset + record * each * 4);
    walk_skip(g->w, 4); /* the measure, which has been read */
    uint32_t width = each == 3 ? walk_u32(g->w) : 0, alignment = walk_u32(g->w);
    v->display_width = width <= INT16_MAX ? width : 0;
    v->alignment = alignment == 0 ? EMEND_LEFT : alignment == 1 ? EMEND_RIGHT : alignment == 2 ? EMEND_CENTRE : EMEND_ALIGNMENT_UNKNOWN;
  }
  return g->w->status;
}

static emend_status describe_documents(sav_describing *g) {
  emend_status status = EMEND_OK;
  walk_seek(g->w, g->dictionary->documents);
  for (uint32_t i = 0; i < g->dictionary->n_document_lines && !status; i++) {
    char line[DOCUMENT_LINE];
    walk_bytes(g->w, line, sizeof line);
    emend_property note = {.kind = EMEND_NOTE};
    status = g->w->status ? g->w->status : sav_text(g, line, sizeof line, &note.value);
    if (!status)
      status = emend_dataset_add_property(g->dataset, -1, &note, g->error);
  }
  return status;
}

static emend_status describe_extension(sav_describing *g, const emend_sav_extension *e) {
  switch (e->subtype) {
  case DISPLAY: return describe_display(g, e);
  case PRODUCT: return sav_payload_read(g, e, sav_describe_product);
  case VARIABLE_SETS: return sav_payload_read(g, e, sav_describe_variable_sets);
  case RESPONSE_SETS:
  case MORE_RESPONSE_SETS: return sav_payload_read(g, e, sav_describe_response_sets);
  case FILE_ATTRIBUTES: return sav_payload_read(g, e, sav_describe_file_attributes);
  case VARIABLE_ATTRIBUTES: return sav_payload_read(g, e, sav_describe_variable_attributes);
  default: return EMEND_OK;
  }
}

static const char *long_name(const void *context, size_t index) {
  return ((const emend_sav_dictionary *)context)->variables[index].name;
}

static const char *short_name(const void *context, size_t index) {
  return ((const emend_sav_dictionary *)context)->variables[index].short_name;
}

static emend_status describe_all(sav_describing *g) {
  emend_status status = describe_file(g);
  if (!status)
    status = describe_variables(g);
  if (!status)
    status = describe_documents(g);
  for (size_t i = 0; i < g->dictionary->n_extensions && !status; i++)
    status = describe_extension(g, &g->dictionary->extensions[i]);
  return status;
}

emend_status emend_sav_describe(const emend_source *source, const emend_sav_dictionary *dictionary, const char *encoding,
                                emend_dataset *dataset, emend_error *error) {
  if (dictionary->n_variables != emend_dataset_variables(dataset))
    return emend_dataset_add_warning(dataset, error, "roles, attributes and widths are not shown: the dictionary can be read in two ways");
  sav_describing g = {.dictionary = dictionary, .dataset = dataset, .error = error};
  g.decoder.raw = true;
  emend_decoder_set_encoding(&g.decoder, encoding);
  g.names = (emend_name_index){.name = long_name, .context = dictionary, .fold = true, .n = dictionary->n_variables};
  g.short_names = (emend_name_index){.name = short_name, .context = dictionary, .fold = true, .n = dictionary->n_variables};
  g.w = emend_allocate(1, sizeof *g.w);
  g.members = emend_allocate(dictionary->n_variables, sizeof *g.members);
  emend_status status = g.w && g.members ? emend_name_index_sort(&g.names, error) : emend_fail_memory(error);
  if (!status)
    status = emend_name_index_sort(&g.short_names, error);
  if (!status) {
    walk_begin(g.w, source, error);
    g.w->swap = dictionary->swap;
    g.w->within = "the dictionary";
    status = describe_all(&g);
  }
  emend_decoder_close(&g.decoder);
  emend_name_index_free(&g.names);
  emend_name_index_free(&g.short_names);
  free(g.members);
  free(g.w);
  return status;
}
