/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dta_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/support.h"

typedef struct reader {
  dta_seen *seen;
  size_t at;
} reader;

static uint64_t number(reader *r, size_t n) {
  uint64_t value = 0;
  ck_assert_uint_le(r->at + n, r->seen->length);
  for (size_t i = 0; i < n; i++)
    value = value << 8 | r->seen->bytes[r->at + (r->seen->big_endian ? i : n - 1 - i)];
  r->at += n;
  return value;
}

static void tag(reader *r, const char *text) {
  if (r->seen->release < 117)
    return;
  ck_assert_uint_le(r->at + strlen(text), r->seen->length);
  ck_assert_msg(memcmp(r->seen->bytes + r->at, text, strlen(text)) == 0, "%s should stand at %zu", text, r->at);
  r->at += strlen(text);
}

static bool next_is(const reader *r, const char *text) {
  return r->at + strlen(text) <= r->seen->length && memcmp(r->seen->bytes + r->at, text, strlen(text)) == 0;
}

/* A text in a field of n bytes: with a NUL. */
static const char *field(reader *r, size_t n) {
  const char *text = (const char *)r->seen->bytes + r->at;
  ck_assert_uint_le(r->at + n, r->seen->length);
  ck_assert_msg(memchr(text, 0, n) != NULL, "no end of the text at %zu", r->at);
  r->at += n;
  return text;
}

static size_t by_release(const dta_seen *s, size_t n113, size_t n114, size_t n118) {
  return s->release < 114 ? n113 : s->release < 118 ? n114 : n118;
}

static void header(reader *r) {
  dta_seen *s = r->seen;
  if (s->bytes[0] != '<') {
    s->release = s->bytes[0];
    s->big_endian = s->bytes[1] == 1;
    ck_assert(s->release >= 113 && s->release <= 115 && s->bytes[1] - 1u < 2 && s->bytes[2] == 1);
    r->at = 4;
    s->n_variables = number(r, 2);
    s->n_rows = number(r, 4);
    snprintf(s->file_label, sizeof s->file_label, "%s", field(r, 81));
    snprintf(s->timestamp, sizeof s->timestamp, "%s", field(r, 18));
    return;
  }
  s->release = 117; /* there are tags */
  tag(r, "<stata_dta><header><release>");
  unsigned release = (unsigned)strtoul((const char *)s->bytes + r->at, NULL, 10);
  ck_assert(release >= 117 && release <= 119);
  r->at += 3;
  tag(r, "</release><byteorder>");
  s->big_endian = next_is(r, "MSF");
  tag(r, s->big_endian ? "MSF" : "LSF");
  s->release = release;
  tag(r, "</byteorder><K>");
  s->n_variables = number(r, release == 119 ? 4 : 2);
  tag(r, "</K><N>");
  s->n_rows = number(r, release == 117 ? 4 : 8);
  tag(r, "</N><label>");
  size_t length = number(r, release == 117 ? 1 : 2);
  snprintf(s->file_label, sizeof s->file_label, "%.*s", (int)length, (const char *)s->bytes + r->at);
  r->at += length;
  tag(r, "</label><timestamp>");
  length = number(r, 1);
  snprintf(s->timestamp, sizeof s->timestamp, "%.*s", (int)length, (const char *)s->bytes + r->at);
  r->at += length;
  tag(r, "</timestamp></header>");
}

static void types(reader *r) {
  dta_seen *s = r->seen;
  bool tagged = s->release >= 117;
  tag(r, "<variable_types>");
  for (size_t v = 0; v < s->n_variables; v++) {
    dta_seen_variable *x = &s->variables[v];
    unsigned code = (unsigned)number(r, tagged ? 2 : 1);
    int place = tagged ? 65530 - (int)code : (int)code - 251;
    if (place >= 0 && place < 5) {
      x->kind = "bilfd"[place];
      x->width = (size_t[]){1, 2, 4, 4, 8}[place];
    } else {
      x->kind = tagged && code == 32768 ? 'L' : 's';
      x->width = x->kind == 'L' ? 8 : code;
      ck_assert(x->kind == 'L' || (code > 0 && code <= (tagged ? 2045 : 244)));
    }
    x->offset = s->row_bytes;
    s->row_bytes += x->width;
  }
  tag(r, "</variable_types>");
}

static void descriptions(reader *r) {
  dta_seen *s = r->seen;
  tag(r, "<varnames>");
  for (size_t v = 0; v < s->n_variables; v++)
    s->variables[v].name = field(r, by_release(s, 33, 33, 129));
  tag(r, "</varnames><sortlist>");
  for (size_t v = 0, ended = 0; v <= s->n_variables; v++) {
    uint64_t entry = number(r, s->release == 119 ? 4 : 2);
    ended = ended || entry == 0;
    entry = ended ? 0 : entry;
    ck_assert_uint_le(entry, s->n_variables);
    *(v < s->n_variables ? &s->variables[v].sort : &s->last_sort) = entry;
  }
  tag(r, "</sortlist><formats>");
  for (size_t v = 0; v < s->n_variables; v++)
    s->variables[v].format = field(r, by_release(s, 12, 49, 57));
  tag(r, "</formats><value_label_names>");
  for (size_t v = 0; v < s->n_variables; v++)
    s->variables[v].set = field(r, by_release(s, 33, 33, 129));
  tag(r, "</value_label_names><variable_labels>");
  for (size_t v = 0; v < s->n_variables; v++)
    s->variables[v].label = field(r, by_release(s, 81, 81, 321));
  tag(r, "</variable_labels>");
}

static void *one_more(void *list, size_t n, size_t size) {
  list = realloc(list, (n + 1) * size);
  ck_assert_ptr_nonnull(list);
  return list;
}

static void characteristics(reader *r) {
  dta_seen *s = r->seen;
  size_t name = by_release(s, 33, 33, 129);
  tag(r, "<characteristics>");
  for (;;) {
    if (s->release >= 117 && !next_is(r, "<ch>"))
      break;
    tag(r, "<ch>");
    unsigned type = s->release >= 117 ? 1 : (unsigned)number(r, 1);
    size_t length = number(r, 4);
    if (type == 0 && length == 0)
      break;
    ck_assert_uint_ge(length, 2 * name);
    dta_seen_characteristic c = {.variable = field(r, name), .name = field(r, name), .text = (const char *)s->bytes + r->at};
    r->at += length - 2 * name;
    s->characteristics = one_more(s->characteristics, s->n_characteristics, sizeof c);
    s->characteristics[s->n_characteristics++] = c;
    tag(r, "</ch>");
  }
  tag(r, "</characteristics>");
}

static void strls(reader *r) {
  dta_seen *s = r->seen;
  tag(r, "<strls>");
  while (next_is(r, "GSO")) {
    r->at += 3;
    dta_seen_strl x = {.variable = number(r, 4), .row = number(r, s->release == 117 ? 4 : 8)};
    x.binary = number(r, 1) == 129;
    x.length = number(r, 4);
    x.bytes = s->bytes + r->at;
    r->at += x.length;
    ck_assert_uint_le(r->at, s->length);
    ck_assert(x.variable >= 1 && x.variable <= s->n_variables && x.row >= 1 && x.row <= s->n_rows);
    s->strls = one_more(s->strls, s->n_strls, sizeof x);
    s->strls[s->n_strls++] = x;
  }
  tag(r, "</strls>");
}

static void label_set(reader *r) {
  dta_seen *s = r->seen;
  size_t length = number(r, 4);
  const char *name = field(r, by_release(s, 33, 33, 129));
  r->at += 3;
  size_t start = r->at, n = number(r, 4), text_bytes = number(r, 4), offsets = r->at, keys = offsets + 4 * n, texts = keys + 4 * n;
  ck_assert_uint_eq(length, 8 + 8 * n + text_bytes);
  for (size_t i = 0; i < n; i++) {
    r->at = offsets + 4 * i;
    size_t offset = number(r, 4);
    ck_assert_uint_lt(offset, text_bytes);
    r->at = keys + 4 * i;
    dta_seen_label x = {.set = name, .key = (int32_t)number(r, 4), .text = (const char *)s->bytes + texts + offset};
    ck_assert_ptr_nonnull(memchr(x.text, 0, text_bytes - offset));
    if (i > 0 && x.key <= s->labels[s->n_labels - 1].key)
      s->ascending = false;
    s->labels = one_more(s->labels, s->n_labels, sizeof x);
    s->labels[s->n_labels++] = x;
  }
  r->at = start + length;
}

static void value_labels(reader *r) {
  dta_seen *s = r->seen;
  tag(r, "<value_labels>");
  while (s->release >= 117 ? next_is(r, "<lbl>") : r->at < s->length) {
    tag(r, "<lbl>");
    label_set(r);
    tag(r, "</lbl>");
  }
  tag(r, "</value_labels>");
}

/* The fourteen places of the map, each where its tag stands. */
static void check_map(reader *r, size_t map_at) {
  static const char *const tags[] = {"<stata_dta>",         "<map>",             "<variable_types>",  "<varnames>", "<sortlist>", "<formats>",
                                     "<value_label_names>", "<variable_labels>", "<characteristics>", "<data>",     "<strls>",    "<value_labels>",
                                     "</stata_dta>"};
  reader map = {r->seen, map_at};
  for (size_t i = 0; i < 13; i++) {
    reader place = {r->seen, number(&map, 8)};
    if (r->seen->release == 117 && i == 7 && place.at == 0)
      continue; /* Stata 13 writes it so */
    ck_assert_msg(next_is(&place, tags[i]), "entry %zu of the map points to %zu, not to %s", i + 1, place.at, tags[i]);
  }
  ck_assert_uint_eq(number(&map, 8), r->seen->length);
}

dta_seen dta_see(const unsigned char *bytes, size_t length) {
  dta_seen seen = {.bytes = bytes, .length = length, .ascending = true};
  reader r = {&seen, 0};
  header(&r);
  seen.variables = calloc(seen.n_variables + 1, sizeof *seen.variables);
  tag(&r, "<map>");
  size_t map = r.at;
  r.at += seen.release >= 117 ? 14 * 8 : 0;
  tag(&r, "</map>");
  types(&r);
  descriptions(&r);
  characteristics(&r);
  tag(&r, "<data>");
  seen.data = r.at;
  r.at += seen.n_rows * seen.row_bytes;
  tag(&r, "</data>");
  if (seen.release >= 117)
    strls(&r);
  value_labels(&r);
  tag(&r, "</stata_dta>");
  ck_assert_uint_eq(r.at, length);
  if (seen.release >= 117)
    check_map(&r, map);
  return seen;
}

void dta_forget(dta_seen *seen) {
  free(seen->variables);
  free(seen->characteristics);
  free(seen->labels);
  free(seen->strls);
  *seen = (dta_seen){0};
}

static char long_text(const dta_seen *s, reader *r, const char **text, size_t *n) {
  size_t variable_bytes = s->release == 117 ? 4 : s->release == 118 ? 2 : 3;
  uint64_t variable = number(r, variable_bytes), row = number(r, 8 - variable_bytes);
  *text = "";
  *n = 0;
  if (variable == 0 && row == 0)
    return 's';
  for (size_t i = 0; i < s->n_strls; i++)
    if (s->strls[i].variable == variable && s->strls[i].row == row) {
      *text = (const char *)s->strls[i].bytes;
      *n = s->strls[i].length - !s->strls[i].binary;
      return 's';
    }
  ck_abort_msg("no long string (%zu, %zu)", (size_t)variable, (size_t)row);
}

char dta_seen_cell(const dta_seen *s, size_t row, size_t variable, double *value, const char **text, size_t *n) {
  static const int64_t points[] = {101, 32741, 2147483621};
  const dta_seen_variable *v = &s->variables[variable];
  reader r = {(dta_seen *)s, s->data + row * s->row_bytes + v->offset};
  int64_t letter = -1;
  if (v->kind == 'L')
    return long_text(s, &r, text, n);
  if (v->kind == 's') {
    *text = (const char *)s->bytes + r.at;
    *n = strnlen(*text, v->width);
    return 's';
  }
  uint64_t bits = number(&r, v->width);
  if (v->kind == 'd') {
    letter = bits >= UINT64_C(0x7FE0000000000000) && bits < UINT64_C(0x8000000000000000) ? (int64_t)((bits >> 40) - 0x7FE000) : -1;
    memcpy(value, &bits, sizeof *value);
  } else if (v->kind == 'f') {
    uint32_t half = (uint32_t)bits;
    float single;
    letter = half >= 0x7F000000 && half < 0x80000000 ? (int64_t)((half >> 11) - (0x7F000000 >> 11)) : -1;
    memcpy(&single, &half, sizeof single);
    *value = single;
  } else {
    int64_t whole = v->width == 1 ? (int8_t)bits : v->width == 2 ? (int16_t)bits : (int32_t)bits;
    letter = whole - points[v->width / 2];
    *value = (double)whole;
  }
  ck_assert_int_le(letter, 26);
  return letter < 0 ? '#' : letter == 0 ? '.' : (char)('a' + letter - 1);
}

int32_t dta_letter_key(char letter) { return letter == ' ' ? 2147483621 : 2147483622 + (letter - 'a'); }

const char *dta_seen_label_of(const dta_seen *s, const char *set, int32_t key) {
  for (size_t i = 0; i < s->n_labels; i++)
    if (strcmp(s->labels[i].set, set) == 0 && s->labels[i].key == key)
      return s->labels[i].text;
  return NULL;
}

const char *dta_seen_characteristic_of(const dta_seen *s, const char *variable, const char *name) {
  for (size_t i = 0; i < s->n_characteristics; i++)
    if (strcmp(s->characteristics[i].variable, variable) == 0 && strcmp(s->characteristics[i].name, name) == 0)
      return s->characteristics[i].text;
  return NULL;
}
