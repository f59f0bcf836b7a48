/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sav_ghosts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/name_set.h"

enum { HEADER = 176, VARIABLE = 28, NAME = 20, SHORT_NAME = 8, LINE = 80, SEGMENT_BYTES = 252, PLAIN_TEXT = 255 };

void sav_ghosts_free(sav_ghosts *g) { emend_buffer_free(&g->dictionary); }

/* The bytes are ours, in this machine's order; lengths are checked all the same, because this also finds out whether they are complete. */
typedef struct records {
  char *bytes;
  size_t at, length;
  bool cut; /* something is not there yet */
} records;

static void skip(records *r, size_t n) {
  r->cut = r->cut || n > r->length - r->at;
  r->at = r->cut ? r->length : r->at + n;
}

static uint32_t number(records *r) {
  uint32_t value = 0;
  size_t at = r->at;
  skip(r, sizeof value);
  if (!r->cut)
    memcpy(&value, r->bytes + at, sizeof value);
  return value;
}

/* Passes a variable record; its place if it begins a variable or segment, else NULL. */
static char *variable_record(records *r) {
  char *record = r->bytes + r->at;
  int32_t fields[3]; /* type, has a label, missing values */
  skip(r, VARIABLE);
  if (r->cut)
    return NULL;
  memcpy(fields, record, sizeof fields);
  if (fields[1] == 1)
    skip(r, ((size_t)number(r) + 3) / 4 * 4);
  skip(r, 8 * (size_t)(fields[2] < 0 ? -fields[2] : fields[2]));
  return fields[0] >= 0 ? record : NULL;
}

static void value_labels(records *r) {
  for (uint32_t n = number(r); n > 0 && !r->cut; n--) {
    skip(r, 8);
    if (!r->cut && r->at < r->length) /* the length, in a byte of its own, and the text are filled up to 8 bytes */
      skip(r, ((size_t)(unsigned char)r->bytes[r->at] + 8) / 8 * 8);
    else
      r->cut = true;
  }
}

static void extension(records *r) {
  skip(r, 4);
  size_t size = number(r), count = number(r);
  if (size && count > r->length / size)
    r->cut = true;
  else
    skip(r, size * count);
}

/* Calls `found` with each record that begins a variable or segment. False if the dictionary does not end where the bytes end. */
static bool walk_records(char *bytes, size_t length, void (*found)(void *context, char *record), void *context) {
  records r = {bytes, HEADER, length, length < HEADER};
  while (!r.cut) {
    char *record;
    switch (number(&r)) {
    case 2:
      record = variable_record(&r);
      if (record && !r.cut && found)
        found(context, record);
      break;
    case 3: value_labels(&r); break;
    case 4: skip(&r, 4 * (size_t)number(&r)); break;
    case 6: skip(&r, LINE * (size_t)number(&r)); break;
    case 7: extension(&r); break;
    case 999: skip(&r, 4); return !r.cut && r.at == r.length;
    default: return false;
    }
  }
  return false;
}

/* Two passes: the names of first segments are taken; the others get names that are not. */
typedef struct naming {
  const sav_ghosts *ghosts;
  size_t variable;
  uint32_t segment; /* of it, next to come */
  bool rename;
  name_set taken;
  char (*names)[SHORT_NAME + 1];
  unsigned last;
} naming;

static uint32_t segments(uint32_t width) { return width > PLAIN_TEXT ? (width + SEGMENT_BYTES - 1) / SEGMENT_BYTES : 1; }

static void look_at_name(void *context, char *record) {
  naming *n = context;
  if (n->variable == n->ghosts->n)
    return;
  if (n->segment == 0 && !n->rename) {
    memcpy(n->names[n->variable], record + NAME, SHORT_NAME);
    name_set_add(&n->taken, n->names[n->variable]);
  } else if (n->segment > 0 && n->rename) {
    char name[16];
    do
      snprintf(name, sizeof name, "@%07X", ++n->last & 0xFFFFFFF);
    while (name_set_has(&n->taken, name));
    memcpy(record + NAME, name, SHORT_NAME);
  }
  if (++n->segment == segments(n->ghosts->widths[n->variable])) {
    n->variable++;
    n->segment = 0;
  }
}

static emend_status rename_ghosts(sav_ghosts *g, emend_error *error) {
  naming n = {.ghosts = g, .names = emend_allocate(g->n, sizeof *n.names)};
  bool got = n.names && name_set_new(&n.taken, g->n, true);
  for (int pass = 0; got && pass < 2; pass++) {
    n.rename = pass == 1;
    n.variable = n.segment = 0;
    walk_records(g->dictionary.bytes, g->dictionary.length, look_at_name, &n);
  }
  name_set_free(&n.taken);
  free(n.names);
  return got ? EMEND_OK : emend_fail_memory(error);
}

/* ReadStat writes the last record of a dictionary in one piece: a look at all of it tells whether this was it. */
static bool may_be_last(const void *bytes, size_t length) {
  static const int32_t last[2] = {999, 0};
  return length == sizeof last && memcmp(bytes, last, sizeof last) == 0;
}

emend_status sav_ghosts_write(sav_ghosts *g, const void *bytes, size_t length, emend_output *output, emend_error *error) {
  if (g->passed)
    return emend_output_write(output, bytes, length, error);
  emend_status status = emend_buffer_append(&g->dictionary, bytes, length, error);
  if (status || !may_be_last(bytes, length) || !walk_records(g->dictionary.bytes, g->dictionary.length, NULL, NULL))
    return status;
  g->passed = true;
  status = rename_ghosts(g, error);
  if (!status)
    status = emend_output_write(output, g->dictionary.bytes, g->dictionary.length, error);
  emend_buffer_free(&g->dictionary);
  return status;
}
