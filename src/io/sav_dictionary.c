/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sav_dictionary.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/format.h"
#include "io/sav_bytecode.h"
#include "io/sav_inside.h"

enum {
  LAYOUT_OFFSET = 64,
  MAX_VARIABLES = 100000, /* of variable records, without continuations: each costs ReadStat 2 KiB before the first row */
  CONTINUATION = -1,
  DOCUMENT_LINE = 80
};

void emend_sav_dictionary_free(emend_sav_dictionary *dictionary) {
  if (!dictionary)
    return;
  for (size_t v = 0; v < dictionary->n_variables; v++)
    free(dictionary->variables[v].name);
  free(dictionary->variables);
  free(dictionary->extensions);
  free(dictionary->blocks);
  free(dictionary);
}

/* Cuts trailing blanks. */
static void trim(char *text) {
  size_t length = strlen(text);
  while (length > 0 && text[length - 1] == ' ')
    text[--length] = '\0';
}

/* Room for one item more in a doubling array; NULL (and the walk failed) if there is none. */
static void *grown(walk *w, void *array, size_t count, size_t size) {
  if (count & (count - 1) || (count > 0 && count < 16))
    return array;
  void *larger = emend_reallocate(array, count ? 2 * count : 16, size);
  walk_got(w, larger);
  return larger;
}

/* The layout code is 2 or 3 in the file's own byte order: that is how the order is known. */
static void read_byte_order(walk *w, emend_sav_dictionary *d) {
  unsigned char code[4];
  walk_bytes(w, code, sizeof code);
  bool little = (code[0] == 2 || code[0] == 3) && !code[1] && !code[2] && !code[3];
  d->big_endian = (code[3] == 2 || code[3] == 3) && !code[0] && !code[1] && !code[2];
  if (!little && !d->big_endian)
    walk_malformed(w, LAYOUT_OFFSET, "the layout code is neither 2 nor 3 in any byte order");
  d->swap = w->swap = d->big_endian == walk_little_endian_machine();
}

static void read_header(walk *w, emend_sav_dictionary *d) {
  char magic[5];
  walk_text(w, magic, 4);
  bool zlib = strcmp(magic, "$FL3") == 0;
  if (!zlib && strcmp(magic, "$FL2") != 0)
    walk_malformed(w, 0, "this is not an SPSS system file: it begins neither with $FL2 nor with $FL3");
  walk_text(w, d->product, sizeof d->product - 1);
  read_byte_order(w, d);
  walk_skip(w, 4); /* nominal case size: often wrong, read by nobody */
  int32_t compression = walk_i32(w);
  if (zlib ? compression != EMEND_SAV_ZLIB : compression != EMEND_SAV_PLAIN && compression != EMEND_SAV_BYTECODE)
    walk_malformed(w, w->offset - 4, "compression %" PRId32 " does not go with %s", compression, magic);
  d->compression = (emend_sav_compression)compression;
  d->weight = walk_i32(w); /* an element from 1, until find_weight */
  d->n_rows = walk_i32(w);
  if (d->n_rows < -1)
    walk_malformed(w, w->offset - 4, "the number of cases is %" PRId64, d->n_rows);
  d->bias = walk_f64(w);
  if (!isfinite(d->bias))
    walk_malformed(w, w->offset - 8, "the compression bias is not a number");
  walk_text(w, d->date, sizeof d->date - 1);
  walk_text(w, d->time, sizeof d->time - 1);
  walk_skip(w, 64 + 3); /* file label, padding */
}

static void skip_label(walk *w, emend_sav_variable *variable) {
  uint64_t at = w->offset;
  uint32_t length = walk_u32(w);
  if (length > walk_left(w))
    walk_malformed(w, at, "the label of variable %s claims %" PRIu32 " bytes, more than the file has", variable->short_name, length);
  walk_skip(w, ((uint64_t)length + 3) / 4 * 4);
}

/* A string's elements after its first have records of their own, which say nothing. */
static void skip_continuations(walk *w, const emend_sav_variable *variable) {
  for (uint32_t i = 1; i < variable->n_elements && !w->status; i++) {
    uint64_t at = w->offset;
    if (walk_i32(w) != 2 || walk_i32(w) != CONTINUATION)
      walk_malformed(w, at, "variable %s of width %" PRIu32 " lacks a continuation record", variable->short_name, variable->width);
    walk_skip(w, 24);
  }
}

/* The walk stands behind the record's type, 2. */
static void read_variable(walk *w, emend_sav_dictionary *d) {
  w->within = "a variable record";
  emend_sav_variable v = {.record = w->offset - 4, .element = d->n_elements, .n_segments = 1};
  int32_t type = walk_i32(w);
  uint32_t has_label = walk_u32(w);
  int32_t n_missing = walk_i32(w);
  v.print = walk_u32(w);
  v.write = walk_u32(w);
  walk_text(w, v.short_name, 8);
  trim(v.short_name);
  if (type < 0 || type > 255)
    walk_malformed(w, v.record, type == CONTINUATION ? "a continuation record follows no string" : "the variable type is %" PRId32, type);
  if (has_label > 1)
    walk_malformed(w, v.record, "variable %s: its record says neither that it has a label nor that it has none", v.short_name);
  if (n_missing < -3 || n_missing > 3 || n_missing == -1 || (n_missing < 0 && type > 0))
    walk_malformed(w, v.record, "variable %s declares %" PRId32 " missing values", v.short_name, n_missing);
  if (d->n_variables == MAX_VARIABLES)
    walk_fail(w, EMEND_LIMIT_EXCEEDED, v.record, "the file has more than %d variables", MAX_VARIABLES);
  v.width = (uint32_t)type;
  v.n_elements = type > 0 ? (v.width + 7) / 8 : 1;
  if (has_label)
    skip_label(w, &v);
  walk_skip_items(w, (uint64_t)imaxabs(n_missing), 8);
  skip_continuations(w, &v);
  void *larger = w->status ? NULL : grown(w, d->variables, d->n_variables, sizeof v);
  if (larger)
    d->variables = larger;
  if (w->status)
    return;
  v.name = strdup(v.short_name);
  if (walk_got(w, v.name))
    d->variables[d->n_variables++] = v;
  d->n_elements += v.n_elements;
}

/* The variable (or segment) that begins at an element, or NULL. Variables are in order of their elements. */
static const emend_sav_variable *variable_at(const emend_sav_dictionary *d, uint32_t element) {
  size_t low = 0, high = d->n_variables;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (d->variables[middle].element < element)
      low = middle + 1;
    else
      high = middle;
  }
  return low < d->n_variables && d->variables[low].element == element ? &d->variables[low] : NULL;
}

/* Value labels (3) and, right behind them, the variables they belong to (4). */
static void read_value_labels(walk *w, emend_sav_dictionary *d) {
  w->within = "a value label record";
  uint64_t at = w->offset;
  uint32_t n_labels = walk_u32(w);
  if (n_labels > walk_left(w) / 16)
    walk_malformed(w, at, "a value label record claims %" PRIu32 " labels, more than the file can hold", n_labels);
  for (uint32_t i = 0; i < n_labels && !w->status; i++) {
    walk_skip(w, 8);
    walk_skip(w, ((uint64_t)walk_u8(w) + 8) / 8 * 8 - 1); /* the length byte and the text fill whole elements */
  }
  at = w->offset;
  if (walk_i32(w) != 4)
    walk_malformed(w, at, "value labels are not followed by the variables they belong to");
  uint32_t n_indexes = walk_u32(w);
  for (uint32_t i = 0; i < n_indexes && !w->status; i++) {
    uint32_t element = walk_u32(w);
    if (element == 0 || !variable_at(d, element - 1))
      walk_malformed(w, w->offset - 4, "value labels belong to element %" PRIu32 " of the case, where no variable begins", element);
  }
}

static void read_extension(walk *w, emend_sav_dictionary *d) {
  w->within = "an extension record";
  emend_sav_extension e = {.subtype = walk_i32(w), .size = walk_u32(w), .count = walk_u32(w)};
  e.offset = w->offset;
  if (e.size && e.count > walk_left(w) / e.size)
    walk_malformed(w, e.offset - 16, "extension record 7/%" PRId32 " claims %" PRIu32 " items of %" PRIu32 " bytes, more than the file has",
                   e.subtype, e.count, e.size);
  void *larger = w->status ? NULL : grown(w, d->extensions, d->n_extensions, sizeof e);
  if (larger)
    d->extensions = larger;
  if (w->status)
    return;
  d->extensions[d->n_extensions++] = e;
  sav_extension_read(w, d, &e);
  walk_seek(w, e.offset + (uint64_t)e.size * e.count);
}

/* Variable records come first; then the others in any order, to record 999. */
static void read_records(walk *w, emend_sav_dictionary *d) {
  bool variables_end = false;
  for (bool end = false; !end && !w->status;) {
    w->within = "the dictionary";
    uint64_t at = w->offset;
    int32_t type = walk_i32(w);
    if (type == 2 && variables_end)
      walk_malformed(w, at, "a variable record stands behind other records");
    variables_end = type != 2;
    switch (w->status ? 0 : type) {
    case 2: read_variable(w, d); break;
    case 3: read_value_labels(w, d); break;
    case 6:
      w->within = "the documents";
      d->n_document_lines = walk_u32(w);
      d->documents = w->offset;
      walk_skip_items(w, d->n_document_lines, DOCUMENT_LINE);
      break;
    case 7: read_extension(w, d); break;
    case 999:
      walk_skip(w, 4);
      end = true;
      break;
    default: walk_malformed(w, at, "there is no record type %" PRId32, type);
    }
  }
}

/* From the element that the header names to the variable there. */
static void find_weight(walk *w, emend_sav_dictionary *d) {
  int32_t element = d->weight;
  d->weight = -1;
  if (w->status || element == 0)
    return;
  const emend_sav_variable *v = element > 0 ? variable_at(d, (uint32_t)element - 1) : NULL;
  if (!v || v->width)
    walk_malformed(w, LAYOUT_OFFSET + 12, "the weight is element %" PRId32 " of the case, where no numeric variable is", element);
  else
    d->weight = (int32_t)(v - d->variables);
}

emend_status emend_sav_dictionary_read(const emend_source *source, emend_sav_dictionary **dictionary, emend_error *error) {
  *dictionary = NULL;
  emend_sav_dictionary *d = emend_allocate(1, sizeof *d);
  walk *w = d ? emend_allocate(1, sizeof *w) : NULL;
  if (!w) {
    free(d);
    return emend_fail_memory(error);
  }
  walk_begin(w, source, error);
  d->system_missing = -DBL_MAX;
  d->highest = DBL_MAX;
  d->lowest = nextafter(-DBL_MAX, 0);
  read_header(w, d);
  read_records(w, d);
  d->data_offset = w->offset;
  sav_extensions_apply(w, d);
  find_weight(w, d);
  d->row_bytes = (uint64_t)d->n_elements * 8;
  if (d->n_variables == 0)
    walk_fail(w, EMEND_UNSUPPORTED, d->data_offset, "the file has no variables");
  if (d->compression == EMEND_SAV_ZLIB)
    sav_blocks_read(w, d);
  emend_status status = w->status;
  free(w);
  if (status)
    emend_sav_dictionary_free(d);
  else
    *dictionary = d;
  return status;
}
