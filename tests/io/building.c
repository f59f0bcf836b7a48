/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "building.h"

#include <stdio.h>
#include <string.h>

#include "support/support.h"

void add(builder *b, const void *data, size_t n) {
  ck_assert_uint_le(b->length + n, sizeof b->data);
  memcpy(b->data + b->length, data, n);
  b->length += n;
}

void add_text(builder *b, const char *text) { add(b, text, strlen(text)); }

void add_padded(builder *b, const char *text, size_t n, char padding) {
  for (size_t i = 0, length = strlen(text); i < n; i++)
    add(b, i < length ? &text[i] : &padding, 1);
}

void add_zeros(builder *b, size_t n) { add_padded(b, "", n, '\0'); }

void set_integer(builder *b, size_t at, uint64_t value, size_t n_bytes) {
  for (size_t i = 0; i < n_bytes; i++)
    b->data[at + i] = (unsigned char)(value >> 8 * (b->big_endian ? n_bytes - 1 - i : i));
}

void add_integer(builder *b, uint64_t value, size_t n_bytes) {
  add_zeros(b, n_bytes);
  set_integer(b, b->length - n_bytes, value, n_bytes);
}

void add_number(builder *b, double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  add_integer(b, bits, 8);
}

void sav_begin(builder *b, bool big_endian, uint32_t compression, int32_t n_rows, double bias) {
  *b = (builder){.big_endian = big_endian};
  add_text(b, compression == 2 ? "$FL3" : "$FL2");
  add_padded(b, "@(#) SPSS DATA FILE", 60, ' ');
  add_integer(b, 2, 4);
  add_integer(b, 1, 4); /* nominal case size */
  add_integer(b, compression, 4);
  add_integer(b, 0, 4); /* weight */
  add_integer(b, (uint32_t)n_rows, 4);
  add_number(b, bias);
  add_text(b, "01 Jan 0112:00:00");
  add_padded(b, "", 64, ' ');
  add_zeros(b, 3);
}

void sav_variable(builder *b, const char *name, uint32_t width) {
  for (uint32_t i = 0; i == 0 || i < (width + 7) / 8; i++) {
    add_integer(b, 2, 4);
    add_integer(b, i ? UINT32_MAX : width, 4);
    add_zeros(b, 8);
    add_integer(b, width ? 0x10000 | width << 8 : 0x50802, 4);
    add_integer(b, width ? 0x10000 | width << 8 : 0x50802, 4);
    add_padded(b, name, 8, ' ');
  }
}

void sav_extension(builder *b, int32_t subtype, uint32_t size, uint32_t count, const void *payload) {
  add_integer(b, 7, 4);
  add_integer(b, (uint32_t)subtype, 4);
  add_integer(b, size, 4);
  add_integer(b, count, 4);
  if (payload)
    add(b, payload, (size_t)size * count);
}

size_t sav_end(builder *b) {
  add_integer(b, 999, 4);
  add_integer(b, 0, 4);
  return b->length;
}

/* The sizes of Stata's published layouts. */
typedef struct sizes {
  bool tagged;
  size_t name, format, label, sort;
} sizes;

static sizes sizes_of(unsigned release) {
  return (sizes){release >= 117,
                 release < 110   ? 9
                 : release < 118 ? 33
                                 : 129,
                 release < 114   ? 12
                 : release < 118 ? 49
                                 : 57,
                 release < 108   ? 32
                 : release < 118 ? 81
                                 : 321,
                 release < 119 ? 2 : 4};
}

static void add_dta_header(builder *b, unsigned release, size_t n_variables, uint32_t n_rows) {
  if (release < 117) {
    add_integer(b, release, 1);
    add(b, b->big_endian ? "\1\1\0" : "\2\1\0", 3);
    add_integer(b, n_variables, 2);
    add_integer(b, n_rows, 4);
    add_padded(b, "made here", release < 108 ? 32 : 81, '\0');
    add_padded(b, "01 Jan 2001 01:01", 18, '\0');
    return;
  }
  char text[128];
  snprintf(text, sizeof text, "<stata_dta><header><release>%u</release><byteorder>%s</byteorder><K>", release,
           b->big_endian ? "MSF" : "LSF");
  add_text(b, text);
  add_integer(b, n_variables, release < 119 ? 2 : 4);
  add_text(b, "</K><N>");
  add_integer(b, n_rows, release < 118 ? 4 : 8);
  add_text(b, "</N><label>");
  add_integer(b, 9, release < 118 ? 1 : 2);
  add_text(b, "made here</label><timestamp>");
  add_integer(b, 17, 1);
  add_text(b, "01 Jan 2001 01:01</timestamp></header>");
}

static void tag(builder *b, const sizes *s, const char *text) {
  if (s->tagged)
    add_text(b, text);
}

static void add_types(builder *b, unsigned release, size_t n_variables) {
  static const uint16_t letters[] = {'b', 'i', 'l', 'f', 'd', 0x7F + 5}, bytes[] = {251, 252, 253, 254, 255, 5},
                        words[] = {65530, 65529, 65528, 65527, 65526, 5, 32768};
  const uint16_t *codes = release < 111 ? letters : release < 117 ? bytes : words;
  for (size_t v = 0; v < n_variables; v++)
    add_integer(b, codes[v], release < 117 ? 1 : 2);
}

/* Returns where the sort list begins. */
static size_t add_descriptions(builder *b, const sizes *s, size_t n_variables) {
  static const char *const names[] = {"y", "i", "l", "f", "d", "s", "t"};
  static const char *const formats[] = {"%8.0g", "%8.0g", "%12.0g", "%9.0g", "%10.0g", "%5s", "%9s"};
  tag(b, s, "<varnames>");
  for (size_t v = 0; v < n_variables; v++)
    add_padded(b, names[v], s->name, '\0');
  tag(b, s, "</varnames><sortlist>");
  size_t sort_list = b->length;
  add_zeros(b, (n_variables + 1) * s->sort);
  tag(b, s, "</sortlist><formats>");
  for (size_t v = 0; v < n_variables; v++)
    add_padded(b, formats[v], s->format, '\0');
  tag(b, s, "</formats><value_label_names>");
  for (size_t v = 0; v < n_variables; v++)
    add_padded(b, v ? "" : "set", s->name, '\0');
  tag(b, s, "</value_label_names><variable_labels>");
  for (size_t v = 0; v < n_variables; v++)
    add_padded(b, v ? "" : "the first", s->label, '\0');
  tag(b, s, "</variable_labels>");
  return sort_list;
}

static size_t add_characteristic(builder *b, const sizes *s, unsigned release) {
  size_t content = 2 * s->name + 6;
  tag(b, s, "<characteristics><ch>");
  size_t at = b->length;
  if (!s->tagged)
    add_integer(b, 1, 1);
  add_integer(b, content, release < 110 ? 2 : 4);
  add_padded(b, "_dta", s->name, '\0');
  add_padded(b, "note1", s->name, '\0');
  add(b, "a note", 6);
  tag(b, s, "</ch></characteristics>");
  if (!s->tagged)
    add_zeros(b, release < 110 ? 3 : 5);
  return at;
}

/* Before release 108: values and texts of 8 bytes, without offsets. */
static size_t add_short_labels(builder *b) {
  size_t at = b->length;
  add_integer(b, 2, 2);
  add_padded(b, "set", 9, '\0');
  add_zeros(b, 1);
  add_integer(b, 0, 2), add_integer(b, 1, 2);
  add_padded(b, "no", 8, '\0'), add(b, "yes, yes", 8);
  return at;
}

static size_t add_labels(builder *b, const sizes *s) {
  tag(b, s, "<value_labels><lbl>");
  size_t at = b->length;
  add_integer(b, 8 + 16 + 7, 4);
  add_padded(b, "set", s->name, '\0');
  add_zeros(b, 3);
  add_integer(b, 2, 4), add_integer(b, 7, 4);
  add_integer(b, 0, 4), add_integer(b, 3, 4);
  add_integer(b, 0, 4), add_integer(b, 1, 4);
  add(b, "no\0yes", 7);
  tag(b, s, "</lbl></value_labels>");
  return at;
}

dta_places dta_build(builder *b, unsigned release, bool big_endian, uint32_t n_rows) {
  sizes s = sizes_of(release);
  *b = (builder){.big_endian = big_endian};
  dta_places p = {.n_variables = s.tagged ? 7 : 6, .n_rows = n_rows};
  size_t section[14] = {0};
  add_dta_header(b, release, p.n_variables, n_rows);
  tag(b, &s, "<map>");
  p.map = s.tagged ? b->length : 0;
  add_zeros(b, s.tagged ? 14 * 8 : 0);
  tag(b, &s, "</map><variable_types>");
  p.types = b->length;
  add_types(b, release, p.n_variables);
  tag(b, &s, "</variable_types>");
  p.sort_list = add_descriptions(b, &s, p.n_variables);
  p.characteristic = add_characteristic(b, &s, release);
  section[9] = b->length;
  tag(b, &s, "<data>");
  p.data = b->length;
  add_zeros(b, n_rows * (size_t)(1 + 2 + 4 + 4 + 8 + 5 + (s.tagged ? 8 : 0)));
  tag(b, &s, "</data>");
  section[10] = b->length;
  tag(b, &s, "<strls>GSO");
  p.strls = s.tagged ? b->length : 0;
  if (s.tagged) {
    add_integer(b, 7, 4), add_integer(b, 1, release < 118 ? 4 : 8);
    add_integer(b, 130, 1), add_integer(b, 5, 4);
    add(b, "text", 5);
  }
  tag(b, &s, "</strls>");
  section[11] = b->length;
  p.labels = release < 108 ? add_short_labels(b) : add_labels(b, &s);
  section[12] = b->length;
  tag(b, &s, "</stata_dta>");
  section[13] = b->length;
  static const char *const tags[] = {"<stata_dta>", "<map>", "<variable_types>", "<varnames>", "<sortlist>", "<formats>", "<value_label_names>",
                                     "<variable_labels>", "<characteristics>"};
  for (size_t i = 0; i < 9 && s.tagged; i++)
    section[i] = (size_t)((unsigned char *)memmem(b->data, b->length, tags[i], strlen(tags[i])) - b->data);
  for (size_t i = 0; i < 14 && s.tagged; i++)
    set_integer(b, p.map + 8 * i, section[i], 8);
  return p;
}
