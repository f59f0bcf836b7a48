/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dta_long_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/walk.h"

enum { TEXT = 130, BINARY = UINT32_MAX };

static int compare(const void *a, const void *b) {
  const dta_long_text_entry *x = a, *y = b;
  return x->variable != y->variable ? (x->variable < y->variable ? -1 : 1) : x->row != y->row ? (x->row < y->row ? -1 : 1) : 0;
}

/* One string at the walk, which the dictionary's walk has passed before. */
static dta_long_text_entry read_entry(walk *w, unsigned release) {
  dta_long_text_entry e = {.variable = walk_u32(w)};
  e.row = release < 118 ? walk_u32(w) : walk_u64(w);
  unsigned type = walk_u8(w);
  e.length = walk_u32(w);
  e.offset = w->offset;
  walk_skip(w, e.length);
  if (type != TEXT)
    e.length = BINARY;
  return e;
}

/* Twice over the section: what it holds, then into an array of that size. */
static void read_entries(dta_long_texts *s, walk *w) {
  for (int pass = 0; pass < 2 && !w->status; pass++) {
    walk_seek(w, s->dictionary->strls.offset);
    size_t n = 0;
    while (!w->status && w->offset < s->dictionary->strls.end && walk_accept(w, "GSO")) {
      dta_long_text_entry e = read_entry(w, s->dictionary->release);
      s->wanted = s->wanted || e.length == BINARY;
      if (pass == 1 && n < s->n_entries)
        s->entries[n] = e;
      n++;
    }
    if (pass == 0) {
      s->n_entries = n;
      s->entries = n ? emend_allocate(n, sizeof *s->entries) : NULL;
      if (n)
        walk_got(w, s->entries);
    }
  }
}

emend_status dta_long_texts_open(dta_long_texts *s, const emend_source *source, const emend_dta_dictionary *d, emend_error *error) {
  *s = (dta_long_texts){.source = source, .dictionary = d, .wanted = d->release == 119};
  if (d->strls.offset == d->strls.end)
    s->wanted = false;
  walk *w = emend_allocate(1, sizeof *w);
  if (!w)
    return emend_fail_memory(error);
  walk_begin(w, source, error);
  w->swap = d->swap;
  read_entries(s, w);
  if (!w->status && s->entries)
    qsort(s->entries, s->n_entries, sizeof *s->entries, compare);
  emend_decoder_set_encoding(&s->decoder, d->release < 118 ? "WINDOWS-1252" : "UTF-8");
  s->decoder.raw = true;
  emend_status status = w->status;
  free(w);
  return status;
}

void dta_long_texts_close(dta_long_texts *s) {
  free(s->entries);
  emend_buffer_free(&s->buffer);
  emend_decoder_close(&s->decoder);
  *s = (dta_long_texts){0};
}

/* A cell holds the number of a variable and of a row, of 4 and 4, 2 and 6, or 3 and 5 bytes, each in the file's byte order. */
static dta_long_text_entry reference(const dta_long_texts *s, const unsigned char *bytes) {
  size_t split = s->dictionary->release < 118 ? 4 : s->dictionary->release < 119 ? 2 : 3;
  uint64_t parts[2] = {0};
  for (size_t part = 0; part < 2; part++) {
    size_t from = part ? split : 0, end = part ? 8 : split;
    for (size_t i = from; i < end; i++)
      parts[part] = parts[part] << 8 | bytes[s->dictionary->big_endian ? i : end - 1 - (i - from)];
  }
  return (dta_long_text_entry){.variable = (uint32_t)parts[0], .row = parts[1]};
}

static emend_status refers_to_none(uint64_t at, emend_error *error) {
  emend_status status = emend_fail(error, EMEND_MALFORMED, "a cell refers to a long string that is not in the file");
  emend_at_byte(error, at);
  return status;
}

emend_status dta_long_texts_find(dta_long_texts *s, uint64_t row, size_t variable, const char **text, size_t *length, emend_error *error) {
  const emend_dta_dictionary *d = s->dictionary;
  unsigned char bytes[8];
  *text = "";
  *length = 0;
  if (row >= d->n_rows || variable >= d->n_variables || d->variables[variable].type != EMEND_DTA_STRL)
    return emend_fail(error, EMEND_INTERNAL, "a long string was asked for where there is none");
  uint64_t at = d->data_offset + row * d->row_bytes + d->variables[variable].offset;
  emend_status status = emend_source_read(s->source, at, bytes, sizeof bytes, error);
  dta_long_text_entry wanted = reference(s, bytes);
  if (status || (wanted.variable == 0 && wanted.row == 0))
    return status;
  const dta_long_text_entry *found = s->entries ? bsearch(&wanted, s->entries, s->n_entries, sizeof wanted, compare) : NULL;
  if (!found)
    return refers_to_none(at, error);
  s->n_binary += found->length == BINARY;
  if (found->length == BINARY)
    return EMEND_OK;
  emend_buffer_clear(&s->buffer);
  status = emend_buffer_reserve(&s->buffer, (size_t)found->length + 1, error);
  if (!status)
    status = emend_source_read(s->source, found->offset, s->buffer.bytes, found->length, error);
  if (status)
    return status;
  *text = s->buffer.bytes;
  *length = strnlen(s->buffer.bytes, found->length); /* a final NUL is part of what is stored */
  size_t repaired = s->decoder.repaired;
  status = emend_decode(&s->decoder, text, length, error);
  if (s->decoder.repaired > repaired)
    emend_text_places_note(&s->undecoded, variable, (size_t)row);
  return status;
}
