/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "io/dta_inside.h"

static const uint32_t widths[] = {
    [EMEND_DTA_BYTE] = 1, [EMEND_DTA_INT] = 2, [EMEND_DTA_LONG] = 4, [EMEND_DTA_FLOAT] = 4, [EMEND_DTA_DOUBLE] = 8, [EMEND_DTA_STRL] = 8};

static bool number(emend_dta_variable *v, emend_dta_type type) {
  v->type = type;
  v->width = widths[type];
  return true;
}

static bool string(emend_dta_variable *v, uint32_t width) {
  v->type = EMEND_DTA_STRING;
  v->width = width;
  return width > 0;
}

/* Up to release 110 letters, and strings from 0x80 on. */
static bool type_of_letter(unsigned code, emend_dta_variable *v) {
  switch (code) {
  case 'b': return number(v, EMEND_DTA_BYTE);
  case 'i': return number(v, EMEND_DTA_INT);
  case 'l': return number(v, EMEND_DTA_LONG);
  case 'f': return number(v, EMEND_DTA_FLOAT);
  case 'd': return number(v, EMEND_DTA_DOUBLE);
  default: return code >= 0x80 && string(v, code - 0x7F);
  }
}

static bool type_of_byte(unsigned code, emend_dta_variable *v) {
  return code >= 251 ? number(v, (emend_dta_type)(code - 251)) : code <= 244 && string(v, code);
}

static bool type_of_word(unsigned code, emend_dta_variable *v) {
  return code == 32768                    ? number(v, EMEND_DTA_STRL)
         : code >= 65526 && code <= 65530 ? number(v, (emend_dta_type)(65530 - code))
                                          : code <= 2045 && string(v, code);
}

void dta_types_read(walk *w, emend_dta_dictionary *d, const dta_layout *layout) {
  for (size_t i = 0; i < d->n_variables && !w->status; i++) {
    emend_dta_variable *v = &d->variables[i];
    uint64_t at = w->offset;
    unsigned code = layout->type_bytes == 1 ? walk_u8(w) : walk_u16(w);
    if (!(d->release < 111 ? type_of_letter(code, v) : d->release < 117 ? type_of_byte(code, v) : type_of_word(code, v)))
      walk_malformed(w, at, "variable %zu has type code %u, which release %u does not have", i + 1, code, d->release);
    v->offset = d->row_bytes;
    d->row_bytes += v->width;
  }
}

void dta_names_read(walk *w, emend_dta_dictionary *d, const dta_layout *layout) {
  char name[130];
  for (size_t i = 0; i < d->n_variables && !w->status; i++) {
    walk_text(w, name, layout->name_bytes);
    d->variables[i].name = strdup(name);
    walk_got(w, d->variables[i].name);
  }
}

/* Untagged: fields of a type byte and a length, to a field of type and length 0. Tagged: <ch> length, content </ch>. */
void dta_characteristics_read(walk *w, const emend_dta_dictionary *d, const dta_layout *layout) {
  (void)d;
  while (layout->tagged && walk_accept(w, "<ch>")) {
    walk_skip(w, walk_u32(w));
    walk_expect(w, "</ch>");
  }
  for (bool end = layout->tagged; !end && !w->status;) {
    uint64_t at = w->offset;
    unsigned type = walk_u8(w);
    uint32_t length = layout->field_count_bytes == 2 ? walk_u16(w) : walk_u32(w);
    end = type == 0 && length == 0;
    if (!end && type != 1)
      walk_malformed(w, at, "there is no expansion field of type %u", type);
    walk_skip(w, length);
  }
}

/* Long strings: "GSO", variable (4 bytes) and observation (4, or 8 from 118 on), a type byte (129 or 130), length, content. */
void dta_strls_read(walk *w, const emend_dta_dictionary *d) {
  while (walk_accept(w, "GSO")) {
    walk_skip(w, d->release < 118 ? 8 : 12);
    uint64_t at = w->offset;
    unsigned type = walk_u8(w);
    if (type != 129 && type != 130)
      walk_malformed(w, at, "there is no long string of type %u", type);
    walk_skip(w, walk_u32(w));
  }
}

/* A table of n labels: the offsets of their texts, then their values, then the texts. `length` is what its envelope says. */
static void read_table(walk *w, uint64_t length) {
  uint64_t at = w->offset;
  uint32_t n = walk_u32(w), text_bytes = walk_u32(w);
  if (w->status)
    return;
  if (length < 8 || n > (length - 8) / 8 || text_bytes > length - 8 - 8 * (uint64_t)n) {
    walk_malformed(w, at, "a value label table of %" PRIu64 " bytes claims %" PRIu32 " labels and %" PRIu32 " bytes of text", length, n,
                   text_bytes);
    return;
  }
  for (uint32_t i = 0; i < n && !w->status; i++)
    if (walk_u32(w) >= text_bytes)
      walk_malformed(w, w->offset - 4, "a value label lies outside the %" PRIu32 " bytes of text of its table", text_bytes);
  walk_seek(w, at + length);
}

static void read_label_set(walk *w, const dta_layout *layout) {
  uint64_t at = w->offset;
  uint32_t length = walk_u32(w);
  walk_skip(w, layout->name_bytes + 3); /* three unused bytes */
  if (length > walk_left(w))
    walk_malformed(w, at, "a value label table claims %" PRIu32 " bytes, more than the file has", length);
  read_table(w, length);
}

void dta_value_labels_read(walk *w, const emend_dta_dictionary *d, const dta_layout *layout) {
  w->within = "the value labels";
  while (layout->tagged && walk_accept(w, "<lbl>")) {
    read_label_set(w, layout);
    walk_expect(w, "</lbl>");
  }
  /* Releases before 108 have tables of another kind, at the end of the file: emend_dta_describe reads them. */
  while (!layout->tagged && d->release >= 108 && !w->status && walk_left(w) >= 4)
    read_label_set(w, layout);
}
