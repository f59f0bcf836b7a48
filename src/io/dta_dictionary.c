/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dta_dictionary.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/dta_inside.h"
#include "io/format.h"

enum { FIRST_RELEASE = 105, LAST_UNTAGGED = 115, FIRST_TAGGED = 117, LAST_RELEASE = 119, MAX_VARIABLES = 120000 };

/* The places that <map> gives, in its order. */
enum {
  MAP_FILE,
  MAP_MAP,
  MAP_TYPES,
  MAP_NAMES,
  MAP_SORT_LIST,
  MAP_FORMATS,
  MAP_LABEL_NAMES,
  MAP_LABELS,
  MAP_CHARACTERISTICS,
  MAP_DATA,
  MAP_STRLS,
  MAP_VALUE_LABELS,
  MAP_END_TAG,
  MAP_END,
  MAP_ENTRIES
};

void emend_dta_dictionary_free(emend_dta_dictionary *dictionary) {
  if (!dictionary)
    return;
  for (size_t v = 0; dictionary->variables && v < dictionary->n_variables; v++)
    free(dictionary->variables[v].name);
  free(dictionary->variables);
  free(dictionary);
}

dta_layout dta_layout_of(unsigned release) {
  return (dta_layout){
      .tagged = release >= FIRST_TAGGED,
      .type_bytes = release < FIRST_TAGGED ? 1 : 2,
      .name_bytes = release < 110   ? 9
                    : release < 118 ? 33
                                    : 129,
      .format_bytes = release < 114   ? 12
                      : release < 118 ? 49
                                      : 57,
      .label_bytes = release < 108   ? 32
                     : release < 118 ? 81
                                     : 321,
      .sort_bytes = release < 119 ? 2 : 4,
      .file_label_bytes = release < 108 ? 32 : 81,
      .field_count_bytes = release < 110 ? 2 : 4,
  };
}

static void set_byte_order(walk *w, emend_dta_dictionary *d, bool big_endian) {
  d->big_endian = big_endian;
  d->swap = w->swap = big_endian == walk_little_endian_machine();
}

static void unknown_release(walk *w, unsigned release, uint64_t at) {
  if (w->status)
    return;
  walk_fail(w, EMEND_UNSUPPORTED, at, "Stata file release %u is not known: emend reads %d to %d and %d to %d", release, FIRST_RELEASE,
            LAST_UNTAGGED, FIRST_TAGGED, LAST_RELEASE);
  emend_try(w->error, "Stata's saveold, or save with version(14)");
}

/* Before the first allocation for variables: what each takes in the dictionary must fit the file. */
static void check_variables(walk *w, emend_dta_dictionary *d, uint64_t n, const dta_layout *layout, uint64_t at) {
  uint64_t each = layout->type_bytes + 2ull * layout->name_bytes + layout->sort_bytes + layout->format_bytes + layout->label_bytes;
  if (n > walk_left(w) / each)
    walk_malformed(w, at, "%" PRIu64 " variables are declared, more than the file can hold", n);
  else if (n > MAX_VARIABLES)
    walk_fail(w, EMEND_LIMIT_EXCEEDED, at, "%" PRIu64 " variables are declared; Stata allows %d", n, MAX_VARIABLES);
  else if (n == 0)
    walk_fail(w, EMEND_UNSUPPORTED, at, "the file has no variables");
  if (w->status)
    return;
  d->variables = emend_allocate((size_t)n, sizeof *d->variables);
  if (walk_got(w, d->variables))
    d->n_variables = (size_t)n;
}

static void check_rows(walk *w, const emend_dta_dictionary *d) {
  if (!w->status && d->n_rows > walk_left(w) / d->row_bytes)
    walk_malformed(w, w->offset, "%" PRIu64 " observations of %" PRIu64 " bytes are declared; the file can hold %" PRIu64, d->n_rows,
                   d->row_bytes, walk_left(w) / d->row_bytes);
}

/* Passes over a section's content of count * size bytes, and notes where it lies. */
static void skip_section(walk *w, emend_dta_section *section, uint64_t count, uint64_t size) {
  section->offset = w->offset;
  walk_skip_items(w, count, size);
  section->end = w->offset;
}

static void read_types(walk *w, emend_dta_dictionary *d, const dta_layout *layout) {
  d->types.offset = w->offset;
  dta_types_read(w, d, layout);
  d->types.end = w->offset;
}

static void read_names(walk *w, emend_dta_dictionary *d, const dta_layout *layout) {
  d->names.offset = w->offset;
  dta_names_read(w, d, layout);
  d->names.end = w->offset;
}

static void read_untagged_header(walk *w, emend_dta_dictionary *d, dta_layout *layout) {
  unsigned char head[4]; /* release, byte order, file type, nothing */
  walk_bytes(w, head, sizeof head);
  d->release = head[0];
  if (d->release < FIRST_RELEASE || d->release > LAST_UNTAGGED)
    unknown_release(w, d->release, 0);
  if (head[1] != 1 && head[1] != 2)
    walk_malformed(w, 1, "the byte order is %u, neither 1 nor 2", head[1]);
  set_byte_order(w, d, head[1] == 1);
  *layout = dta_layout_of(d->release);
  uint16_t n_variables = walk_u16(w);
  int32_t n_rows = walk_i32(w);
  if (n_rows < 0)
    walk_malformed(w, w->offset - 4, "the number of observations is %" PRId32, n_rows);
  d->n_rows = (uint64_t)n_rows;
  skip_section(w, &d->file_label, layout->file_label_bytes, 1);
  skip_section(w, &d->timestamp, 18, 1);
  check_variables(w, d, n_variables, layout, 4);
}

static void read_untagged(walk *w, emend_dta_dictionary *d) {
  dta_layout layout;
  read_untagged_header(w, d, &layout);
  w->within = "the dictionary";
  read_types(w, d, &layout);
  read_names(w, d, &layout);
  skip_section(w, &d->sort_list, d->n_variables + 1, layout.sort_bytes);
  skip_section(w, &d->formats, d->n_variables, layout.format_bytes);
  skip_section(w, &d->label_names, d->n_variables, layout.name_bytes);
  skip_section(w, &d->labels, d->n_variables, layout.label_bytes);
  d->characteristics.offset = w->offset;
  dta_characteristics_read(w, d, &layout);
  d->characteristics.end = d->data_offset = w->offset;
  check_rows(w, d);
  walk_skip_items(w, d->n_rows, d->row_bytes);
  d->value_labels.offset = w->offset;
  dta_value_labels_read(w, d, &layout);
  d->value_labels.end = w->offset;
}

static void read_release(walk *w, emend_dta_dictionary *d) {
  char digits[4];
  walk_expect(w, "<stata_dta><header><release>");
  uint64_t at = w->offset;
  walk_text(w, digits, 3);
  for (int i = 0; i < 3; i++)
    if (digits[i] < '0' || digits[i] > '9')
      walk_malformed(w, at, "the release is not a number");
  d->release = (unsigned)strtoul(digits, NULL, 10);
  if (d->release < FIRST_TAGGED || d->release > LAST_RELEASE)
    unknown_release(w, d->release, at);
  walk_expect(w, "</release><byteorder>");
  at = w->offset;
  bool big_endian = walk_accept(w, "MSF");
  if (!big_endian && !walk_accept(w, "LSF"))
    walk_malformed(w, at, "the byte order is neither MSF nor LSF");
  set_byte_order(w, d, big_endian);
}

static void read_tagged_header(walk *w, emend_dta_dictionary *d, dta_layout *layout) {
  read_release(w, d);
  *layout = dta_layout_of(d->release);
  walk_expect(w, "</byteorder><K>");
  uint64_t at = w->offset;
  uint64_t n_variables = d->release < 119 ? walk_u16(w) : walk_u32(w);
  walk_expect(w, "</K><N>");
  d->n_rows = d->release < 118 ? walk_u32(w) : walk_u64(w);
  walk_expect(w, "</N><label>");
  skip_section(w, &d->file_label, d->release < 118 ? walk_u8(w) : walk_u16(w), 1);
  walk_expect(w, "</label><timestamp>");
  skip_section(w, &d->timestamp, walk_u8(w), 1);
  walk_expect(w, "</timestamp></header>");
  check_variables(w, d, n_variables, layout, at);
}

/* The map must say what the walk finds, above all where the data, long strings and value labels are: other readers jump there. */
static void check_map(walk *w, const uint64_t *map, uint64_t map_offset, const uint64_t *found) {
  for (int i = 0; i < MAP_ENTRIES && !w->status; i++) {
    if (map[i] > w->source->size)
      walk_malformed(w, map_offset + 8 * (uint64_t)i, "entry %d of the map points to byte %" PRIu64 ", behind the end of the file", i + 1,
                     map[i]);
    else if (i >= MAP_DATA && i <= MAP_VALUE_LABELS && map[i] != found[i])
      walk_malformed(w, map_offset + 8 * (uint64_t)i, "entry %d of the map points to byte %" PRIu64 "; the section begins at %" PRIu64,
                     i + 1, map[i], found[i]);
  }
}

static void read_tagged_dictionary(walk *w, emend_dta_dictionary *d, const dta_layout *layout) {
  walk_expect(w, "<variable_types>");
  read_types(w, d, layout);
  walk_expect(w, "</variable_types><varnames>");
  read_names(w, d, layout);
  walk_expect(w, "</varnames><sortlist>");
  skip_section(w, &d->sort_list, d->n_variables + 1, layout->sort_bytes);
  walk_expect(w, "</sortlist><formats>");
  skip_section(w, &d->formats, d->n_variables, layout->format_bytes);
  walk_expect(w, "</formats><value_label_names>");
  skip_section(w, &d->label_names, d->n_variables, layout->name_bytes);
  walk_expect(w, "</value_label_names><variable_labels>");
  skip_section(w, &d->labels, d->n_variables, layout->label_bytes);
  walk_expect(w, "</variable_labels><characteristics>");
  d->characteristics.offset = w->offset;
  dta_characteristics_read(w, d, layout);
  d->characteristics.end = w->offset;
  walk_expect(w, "</characteristics>");
}

static void read_tagged(walk *w, emend_dta_dictionary *d) {
  dta_layout layout;
  uint64_t map[MAP_ENTRIES], found[MAP_ENTRIES] = {0};
  read_tagged_header(w, d, &layout);
  walk_expect(w, "<map>");
  uint64_t map_offset = w->offset;
  for (int i = 0; i < MAP_ENTRIES; i++) {
    map[i] = walk_u64(w);
    d->unmapped |= map[i] == 0 ? 1u << i : 0;
  }
  walk_expect(w, "</map>");
  w->within = "the dictionary";
  read_tagged_dictionary(w, d, &layout);
  found[MAP_DATA] = w->offset;
  walk_expect(w, "<data>");
  d->data_offset = w->offset;
  check_rows(w, d);
  walk_skip_items(w, d->n_rows, d->row_bytes);
  w->within = "what follows the data";
  walk_expect(w, "</data>");
  found[MAP_STRLS] = w->offset;
  walk_expect(w, "<strls>");
  d->strls.offset = w->offset;
  dta_strls_read(w, d);
  d->strls.end = w->offset;
  walk_expect(w, "</strls>");
  found[MAP_VALUE_LABELS] = w->offset;
  walk_expect(w, "<value_labels>");
  d->value_labels.offset = w->offset;
  dta_value_labels_read(w, d, &layout);
  d->value_labels.end = w->offset;
  walk_expect(w, "</value_labels></stata_dta>");
  check_map(w, map, map_offset, found);
}

emend_status emend_dta_dictionary_read(const emend_source *source, emend_dta_dictionary **dictionary, emend_error *error) {
  *dictionary = NULL;
  emend_dta_dictionary *d = emend_allocate(1, sizeof *d);
  walk *w = d ? emend_allocate(1, sizeof *w) : NULL;
  if (!w) {
    free(d);
    return emend_fail_memory(error);
  }
  walk_begin(w, source, error);
  if (walk_accept(w, "<")) {
    walk_seek(w, 0);
    read_tagged(w, d);
  } else {
    read_untagged(w, d);
  }
  emend_status status = w->status;
  free(w);
  if (status)
    emend_dta_dictionary_free(d);
  else
    *dictionary = d;
  return status;
}

emend_status emend_dta_scan(const emend_source *source, int64_t *n_rows, emend_error *error) {
  emend_dta_dictionary *dictionary;
  *n_rows = -1;
  emend_status status = emend_dta_dictionary_read(source, &dictionary, error);
  if (!status)
    *n_rows = (int64_t)dictionary->n_rows;
  emend_dta_dictionary_free(dictionary);
  return status;
}
