/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sav_inside.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/name_index.h"

enum { MACHINE_INTEGER = 3, MACHINE_FLOAT = 4, LONG_NAMES = 13, VERY_LONG_STRINGS = 14, CASE_COUNT = 16, ENCODING = 20 };
enum { MAX_STRING = 32767, SEGMENT_BYTES = 252, SEGMENT_WIDTH = 255 };

static bool expect_shape(walk *w, const emend_sav_extension *e, uint32_t size, uint32_t count) {
  if (e->size != size || (count && e->count != count))
    walk_malformed(w, e->offset - 16, "extension record 7/%" PRId32 " has %" PRIu32 " items of %" PRIu32 " bytes", e->subtype, e->count,
                   e->size);
  return !w->status;
}

static void read_machine_integers(walk *w, emend_sav_dictionary *d) {
  walk_skip(w, 12);
  uint64_t at = w->offset;
  walk_skip(w, 4); /* machine */
  int32_t floating_point = walk_i32(w);
  walk_skip(w, 8); /* compression, byte order: the header knows */
  d->code_page = walk_i32(w);
  if (floating_point == 2 || floating_point == 3)
    walk_fail(w, EMEND_UNSUPPORTED, at + 4, "the numbers are in the floating-point format of %s",
              floating_point == 2 ? "IBM 370" : "the VAX");
}

/* Two counts of 64 bits: always 1, and the number of cases, or -1. */
static void read_case_count(walk *w, emend_sav_dictionary *d) {
  walk_skip(w, 8);
  uint64_t at = w->offset;
  int64_t n_rows = (int64_t)walk_u64(w);
  if (n_rows < -1 || (n_rows >= 0 && d->n_rows >= 0 && n_rows != d->n_rows))
    walk_malformed(w, at, "record 7/16 gives %" PRId64 " cases, the header %" PRId64, n_rows, d->n_rows);
  else if (n_rows >= 0 && !w->status)
    d->n_rows = n_rows;
}

void sav_extension_read(walk *w, emend_sav_dictionary *d, const emend_sav_extension *e) {
  switch (e->subtype) {
  case MACHINE_INTEGER:
    if (expect_shape(w, e, 4, 8))
      read_machine_integers(w, d);
    break;
  case MACHINE_FLOAT:
    if (expect_shape(w, e, 8, 3)) {
      d->system_missing = walk_f64(w);
      d->highest = walk_f64(w);
      d->lowest = walk_f64(w);
    }
    break;
  case CASE_COUNT:
    if (expect_shape(w, e, 8, 2))
      read_case_count(w, d);
    break;
  case ENCODING:
    if (expect_shape(w, e, 1, 0))
      walk_text(w, d->encoding, e->count < sizeof d->encoding ? e->count : sizeof d->encoding - 1);
    break;
  case LONG_NAMES:
  case VERY_LONG_STRINGS: expect_shape(w, e, 1, 0); break;
  default: break; /* kept in the list */
  }
}

static const char *short_name(const void *context, size_t index) {
  return ((const emend_sav_dictionary *)context)->variables[index].short_name;
}

/* One `KEY=value` of a text extension, without separators. */
typedef struct pair {
  const char *key, *value;
  size_t key_length, value_length;
  uint64_t offset;
} pair;

typedef void (*pair_function)(walk *w, emend_sav_dictionary *d, const pair *p, size_t variable, void *context);

/* Splits at tabs; a NUL before a tab belongs to the separator (record 7/14 has both). */
static void split_pairs(walk *w, emend_sav_dictionary *d, const emend_name_index *index, const char *text, size_t length, uint64_t offset,
                        pair_function function, void *context) {
  for (size_t at = 0; at < length && !w->status;) {
    const char *tab = memchr(text + at, '\t', length - at);
    size_t end = tab ? (size_t)(tab - text) : length, next = tab ? end + 1 : length;
    while (end > at && text[end - 1] == '\0')
      end--;
    const char *equals = memchr(text + at, '=', end - at);
    if (equals) {
      pair p = {.key = text + at, .key_length = (size_t)(equals - (text + at)), .value = equals + 1, .offset = offset + at};
      p.value_length = end - at - p.key_length - 1;
      function(w, d, &p, emend_name_index_find(index, p.key, p.key_length), context);
    } else if (end > at) {
      walk_malformed(w, offset + at, "a name without a value in an extension record");
    }
    at = next;
  }
}

static void each_pair(walk *w, emend_sav_dictionary *d, const emend_name_index *index, int32_t subtype, pair_function function,
                      void *context) {
  for (size_t i = 0; i < d->n_extensions && !w->status; i++) {
    const emend_sav_extension *e = &d->extensions[i];
    if (e->subtype != subtype)
      continue;
    w->within = "an extension record";
    char *text = malloc((size_t)e->count + 1); /* no more than the file has */
    if (walk_got(w, text)) {
      walk_seek(w, e->offset);
      walk_bytes(w, text, e->count);
      split_pairs(w, d, index, text, e->count, e->offset, function, context);
    }
    free(text);
  }
}

static void take_long_name(walk *w, emend_sav_dictionary *d, const pair *p, size_t variable, void *context) {
  (void)context;
  if (variable == d->n_variables)
    return;
  char *name = strndup(p->value, p->value_length);
  if (!walk_got(w, name))
    return;
  free(d->variables[variable].name);
  d->variables[variable].name = name;
}

static void take_very_long(walk *w, emend_sav_dictionary *d, const pair *p, size_t variable, void *context) {
  uint32_t *widths = context, width = 0;
  for (size_t i = 0; i < p->value_length; i++) {
    if (p->value[i] < '0' || p->value[i] > '9' || width > MAX_STRING)
      walk_malformed(w, p->offset, "the length of a very long string is not a number from 1 to %d", MAX_STRING);
    width = width * 10 + (uint32_t)(p->value[i] - '0');
    if (w->status)
      return;
  }
  if (width == 0 || width > MAX_STRING)
    walk_malformed(w, p->offset, "the length of a very long string is not a number from 1 to %d", MAX_STRING);
  else if (variable < d->n_variables && width > SEGMENT_WIDTH)
    widths[variable] = width;
}

/* Joins variables [first, first + n) into one string of `width`; their widths must be those of its segments. */
static void join(walk *w, emend_sav_dictionary *d, size_t first, uint32_t n, uint32_t width) {
  emend_sav_variable *v = &d->variables[first];
  if (n > d->n_variables - first)
    walk_malformed(w, v->record, "very long string %s of %" PRIu32 " bytes has too few segments", v->short_name, width);
  for (uint32_t i = 0; i < n && !w->status; i++) {
    uint32_t wanted = i + 1 < n ? SEGMENT_WIDTH : width - (n - 1) * SEGMENT_BYTES;
    if (v[i].width == 0 || (v[i].width + 7) / 8 != (wanted + 7) / 8)
      walk_malformed(w, v[i].record, "segment %" PRIu32 " of very long string %s has width %" PRIu32 " in place of %" PRIu32, i + 1,
                     v->short_name, v[i].width, wanted);
    if (i > 0)
      v->n_elements += v[i].n_elements;
  }
  v->width = width;
  v->n_segments = n;
}

static void join_segments(walk *w, emend_sav_dictionary *d, const uint32_t *widths) {
  size_t kept = 0;
  for (size_t i = 0; i < d->n_variables;) {
    uint32_t n = widths[i] ? (widths[i] + SEGMENT_BYTES - 1) / SEGMENT_BYTES : 1;
    if (widths[i] && !w->status)
      join(w, d, i, n, widths[i]);
    if (w->status)
      n = 1;
    for (uint32_t k = 1; k < n; k++)
      free(d->variables[i + k].name);
    d->variables[kept++] = d->variables[i];
    i += n;
  }
  d->n_variables = kept;
}

void sav_extensions_apply(walk *w, emend_sav_dictionary *d) {
  emend_name_index index = {.name = short_name, .context = d, .n = d->n_variables};
  if (w->status || d->n_variables == 0 || (w->status = emend_name_index_sort(&index, w->error)))
    return;
  uint64_t end = w->offset;
  uint32_t *widths = emend_allocate(d->n_variables, sizeof *widths);
  each_pair(w, d, &index, LONG_NAMES, take_long_name, NULL);
  if (walk_got(w, widths)) {
    each_pair(w, d, &index, VERY_LONG_STRINGS, take_very_long, widths);
    join_segments(w, d, widths);
  }
  walk_seek(w, end);
  free(widths);
  emend_name_index_free(&index);
}
