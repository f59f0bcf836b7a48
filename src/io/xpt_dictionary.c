/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/xpt_dictionary.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/walk.h"

enum {
  RECORD = 80,
  DIGITS = 48,     /* in a header record: numbers of five digits begin here */
  COUNT_DIGITS = 53, /* of variables */
  SIZE_DIGITS = 74,  /* of a variable's description */
  LEAST_DESCRIPTION = 136,
  DESCRIPTION = 140,
  MAX_VARIABLES = 99999,
};

void emend_xpt_dictionary_free(emend_xpt_dictionary *dictionary) {
  if (!dictionary)
    return;
  free(dictionary->variables);
  free(dictionary);
}

/* A header record names its section in eight characters. */
static bool accept_header(walk *w, const char *name, char *record) {
  char wanted[49];
  uint64_t at = w->offset;
  snprintf(wanted, sizeof wanted, "HEADER RECORD*******%-8sHEADER RECORD!!!!!!!", name);
  if (w->status || walk_left(w) < RECORD)
    return false;
  walk_text(w, record, RECORD);
  if (!w->status && memcmp(record, wanted, sizeof wanted - 1) == 0)
    return true;
  walk_seek(w, at);
  return false;
}

/* One of two sections; true if it is the second, of version 8. */
static bool expect_header(walk *w, const char *name5, const char *name8, char *record) {
  if (accept_header(w, name5, record))
    return false;
  if (!accept_header(w, name8, record) && !w->status)
    walk_malformed(w, w->offset, "the header record %s or %s should stand here", name5, name8);
  return true;
}

/* A number among blanks: some writers put them before it, others behind. */
static uint32_t digits(walk *w, const char *record, size_t at, size_t n) {
  uint32_t value = 0;
  for (size_t i = at; i < at + n; i++) {
    if (w->status || (record[i] != ' ' && (record[i] < '0' || record[i] > '9'))) {
      walk_malformed(w, w->offset - RECORD + at, "a header record lacks a number");
      return 0;
    }
    if (record[i] != ' ')
      value = 10 * value + (uint32_t)(record[i] - '0');
  }
  return value;
}

/* What follows begins with a new record. */
static void end_record(walk *w, uint64_t start) {
  uint64_t used = (w->offset - start) % RECORD;
  if (used)
    walk_skip(w, RECORD - used);
}

static void trim(char *text) {
  size_t length = strlen(text);
  while (length > 0 && text[length - 1] == ' ')
    text[--length] = '\0';
}

static void read_variable(walk *w, emend_xpt_dictionary *d, uint32_t description, bool *placed) {
  uint64_t at = w->offset;
  emend_xpt_variable *v = &d->variables[d->n_variables];
  uint16_t type = walk_u16(w);
  walk_skip(w, 2);
  v->width = walk_u16(w);
  walk_skip(w, 2);
  walk_text(w, v->name, 8);
  walk_skip(w, 84 - 16);
  uint32_t place = walk_u32(w);
  if (d->version == 8)
    walk_text(w, v->name, 32);
  walk_seek(w, at + description);
  trim(v->name);
  v->is_text = type == 2;
  v->offset = (uint32_t)d->row_bytes;
  *placed = *placed || place != 0;
  if (type != 1 && type != 2)
    walk_malformed(w, at, "variable %s is of type %u, neither 1 nor 2", v->name, type);
  if (v->is_text ? v->width == 0 || v->width > INT16_MAX : v->width < 2 || v->width > 8)
    walk_malformed(w, at + 4, "variable %s is %" PRIu32 " bytes wide", v->name, v->width);
  /* Some writers leave all places at 0. */
  if (*placed && place != v->offset)
    walk_fail(w, EMEND_UNSUPPORTED, at + 84, "variable %s lies at byte %" PRIu32 " of a row, not behind the one before it", v->name, place);
  d->row_bytes += v->width;
  d->any_number = d->any_number || !v->is_text;
  d->n_variables++;
}

static void read_variables(walk *w, emend_xpt_dictionary *d, uint32_t description) {
  char record[RECORD + 1] = "";
  d->version = expect_header(w, "NAMESTR", "NAMSTV8", record) ? 8 : 5;
  uint32_t n = digits(w, record, COUNT_DIGITS, 5);
  uint64_t start = w->offset;
  bool placed = false;
  d->descriptions = start;
  d->description_bytes = description;
  if (n == 0)
    walk_fail(w, EMEND_UNSUPPORTED, start - RECORD, "the file has no variables");
  else if (n > walk_left(w) / description || n > MAX_VARIABLES)
    walk_malformed(w, start - RECORD, "%" PRIu32 " variables are declared, more than the file can hold", n);
  if (w->status)
    return;
  d->variables = emend_allocate(n, sizeof *d->variables);
  walk_got(w, d->variables);
  for (uint32_t i = 0; i < n && !w->status; i++)
    read_variable(w, d, description, &placed);
  end_record(w, start);
}

/* Version 8: labels too long for the descriptions (and, in the second form, formats): counts and lengths, then the texts. */
static void skip_labels(walk *w, emend_xpt_dictionary *d) {
  char record[RECORD + 1] = "";
  d->labels = d->labels_end = w->offset;
  bool formats = d->labels_have_formats = accept_header(w, "LABELV9", record);
  if (!formats && !accept_header(w, "LABELV8", record))
    return;
  w->within = "the labels";
  uint32_t n = digits(w, record, DIGITS, 5);
  uint64_t start = w->offset;
  for (uint32_t i = 0; i < n && !w->status; i++) {
    walk_skip(w, 2);
    uint32_t length = walk_u16(w);
    length += walk_u16(w);
    if (formats)
      length += walk_u16(w), length += walk_u16(w);
    walk_skip(w, length);
  }
  end_record(w, start);
  d->labels_end = w->offset;
}

/* Members begin at multiples of 80 bytes; a second one's headers are no rows of the first. */
static void check_single_member(walk *w) {
  enum { RECORDS = 4096 };
  static const char mark[] = "HEADER RECORD*******MEMB";
  const emend_source *source = w->source;
  uint64_t step = (uint64_t)RECORD * RECORDS;
  char *bytes = w->status ? NULL : malloc(step);
  if (w->status || !walk_got(w, bytes))
    return;
  for (uint64_t at = w->offset - w->offset % RECORD; at < source->size && !w->status; at += step) {
    size_t length = source->size - at < step ? (size_t)(source->size - at) : (size_t)step;
    w->status = emend_source_read(source, at, bytes, length, w->error);
    for (size_t i = 0; i + sizeof mark - 1 <= length && !w->status; i += RECORD)
      if (memcmp(bytes + i, mark, sizeof mark - 1) == 0) {
        walk_fail(w, EMEND_UNSUPPORTED, at + i, "a second data set begins here; emend reads transport files of one");
        emend_try(w->error, "writing each data set to a file of its own");
      }
  }
  free(bytes);
}

/* Filling is shorter than a record: what is longer and no whole row was a row. */
static void count_rows(walk *w, emend_xpt_dictionary *d) {
  uint64_t length = w->source->size - d->data_offset;
  d->most_rows = length / d->row_bytes;
  d->least_rows = length < RECORD ? 0 : (length - RECORD) / d->row_bytes + 1;
  if (d->least_rows > d->most_rows)
    walk_malformed(w, d->data_offset + d->most_rows * d->row_bytes, "the last row is cut short");
}

static void read_member(walk *w, emend_xpt_dictionary *d) {
  char record[RECORD + 1] = "";
  expect_header(w, "LIBRARY", "LIBV8", record);
  walk_skip(w, 2 * RECORD);
  w->within = "the header of the data set";
  expect_header(w, "MEMBER", "MEMBV8", record);
  uint64_t at = w->offset - RECORD;
  uint32_t description = digits(w, record, SIZE_DIGITS, 4);
  if (description != DESCRIPTION && description != LEAST_DESCRIPTION)
    walk_malformed(w, at + SIZE_DIGITS, "a variable is described in %" PRIu32 " bytes, neither 136 nor 140", description);
  expect_header(w, "DSCRPTR", "DSCPTV8", record);
  walk_skip(w, 2 * RECORD);
  w->within = "the descriptions of variables";
  read_variables(w, d, w->status ? DESCRIPTION : description);
  skip_labels(w, d);
  w->within = "the data";
  expect_header(w, "OBS", "OBSV8", record);
  d->data_offset = w->offset;
}

emend_status emend_xpt_dictionary_read(const emend_source *source, emend_xpt_dictionary **dictionary, emend_error *error) {
  *dictionary = NULL;
  emend_xpt_dictionary *d = emend_allocate(1, sizeof *d);
  walk *w = d ? emend_allocate(1, sizeof *w) : NULL;
  if (!w) {
    free(d);
    return emend_fail_memory(error);
  }
  walk_begin(w, source, error);
  w->swap = walk_little_endian_machine();
  read_member(w, d);
  check_single_member(w);
  if (!w->status)
    count_rows(w, d);
  emend_status status = w->status;
  free(w);
  if (status)
    emend_xpt_dictionary_free(d);
  else
    *dictionary = d;
  return status;
}

/* fraction * 16^(exponent - 64), the fraction in [1/16, 1); a sign, seven bits of exponent and as many of the fraction as there is room. */
bool emend_xpt_number_put(double value, uint32_t width, unsigned char *bytes) {
  int binary;
  double fraction = frexp(fabs(value), &binary);
  memset(bytes, 0, width);
  if (value == 0)
    return true;
  int exponent = binary > 0 ? (binary + 3) / 4 : -(-binary / 4), bits = 8 * ((int)width - 1);
  uint64_t digits = (uint64_t)rint(ldexp(fraction, binary - 4 * exponent + bits));
  if (digits >> bits) {
    digits >>= 4;
    exponent++;
  }
  if (exponent > 63)
    return false;
  if (exponent < -64)
    return true;
  bytes[0] = (unsigned char)((value < 0 ? 0x80 : 0) | (exponent + 64));
  for (uint32_t i = 1; i < width; i++)
    bytes[i] = (unsigned char)(digits >> (bits - 8 * (int)i));
  return true;
}
