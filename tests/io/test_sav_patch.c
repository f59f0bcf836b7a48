/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/number.h"
#include "building.h"
#include "io/format.h"
#include "patching.h"
#include "support/support.h"

/*
 * Patched .sav files against a checker of their own: it decodes the dictionary and the data in its own few lines, from the published
 * layout, and compares the copy with the original byte by byte.
 */

/* --- the checker --- */

typedef struct decoded {
  const unsigned char *data;
  size_t length, data_offset, n_elements, n_variables;
  bool big_endian, compressed;
  double bias;
  size_t *variable_element; /* of each variable as a reader counts them */
  ptrdiff_t *element_variable;
} decoded;

static uint32_t word(const decoded *d, size_t at) {
  const unsigned char *p = d->data + at;
  ck_assert_uint_le(at + 4, d->length);
  return d->big_endian ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
                       : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static double number_at(const decoded *d, const unsigned char *p) {
  uint64_t bits = 0;
  for (int i = 0; i < 8; i++)
    bits = bits << 8 | p[d->big_endian ? i : 7 - i];
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static void bytes_of(const decoded *d, double value, unsigned char *p) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  for (int i = 0; i < 8; i++)
    p[d->big_endian ? 7 - i : i] = (unsigned char)(bits >> 8 * i);
}

/* The width that record 7/14 gives to the variable called `name`, or 0. */
static unsigned long very_long(const decoded *d, size_t record, size_t record_length, const char *name) {
  char key[12];
  unsigned long width = 0;
  snprintf(key, sizeof key, "%s=", name);
  for (size_t i = 0; record_length && i + strlen(key) < record_length; i++)
    if ((i == 0 || d->data[record + i - 1] == '\t') && memcmp(d->data + record + i, key, strlen(key)) == 0)
      width = strtoul((const char *)d->data + record + i + strlen(key), NULL, 10);
  return width;
}

static decoded decode(const bytes *file) {
  enum { MOST = 5000 };
  static char names[MOST][9];
  decoded d = {.data = file->data, .length = file->length};
  size_t at = 176, elements = 0, segments = 0, long_record = 0, long_length = 0;
  size_t *start = calloc(MOST, sizeof *start), *width = calloc(MOST, sizeof *width);
  d.big_endian = d.data[67] == 2 || d.data[67] == 3;
  d.compressed = word(&d, 72) != 0;
  d.bias = number_at(&d, d.data + 84);
  for (uint32_t type; (type = word(&d, at)) != 999;) {
    at += 4;
    if (type == 2) {
      int32_t kind = (int32_t)word(&d, at);
      if (kind >= 0) {
        ck_assert_uint_lt(segments, MOST);
        memcpy(names[segments], d.data + at + 20, 8);
        *strchrnul(names[segments], ' ') = '\0';
        start[segments] = elements;
        width[segments++] = (size_t)kind;
      }
      uint32_t label = word(&d, at + 4);
      int32_t missing = (int32_t)word(&d, at + 8);
      elements++;
      at += 28;
      if (label)
        at += 4 + (word(&d, at) + 3) / 4 * 4;
      at += 8 * (size_t)abs(missing);
    } else if (type == 3) {
      uint32_t n = word(&d, at);
      at += 4;
      while (n--)
        at += 8 + (d.data[at + 8] + 1u + 7) / 8 * 8;
    } else if (type == 4) {
      at += 4 + 4 * word(&d, at);
    } else if (type == 6) {
      at += 4 + 80 * word(&d, at);
    } else {
      ck_assert_uint_eq(type, 7);
      if (word(&d, at) == 14)
        long_record = at + 12, long_length = word(&d, at + 8);
      at += 12 + (size_t)word(&d, at + 4) * word(&d, at + 8);
    }
  }
  d.data_offset = at + 8;
  d.n_elements = elements;
  d.variable_element = calloc(segments + 1, sizeof *d.variable_element);
  d.element_variable = malloc((elements + 1) * sizeof *d.element_variable);
  for (size_t e = 0; e < elements; e++)
    d.element_variable[e] = -1;
  for (size_t s = 0; s < segments;) {
    unsigned long w = long_length && width[s] == 255 ? very_long(&d, long_record, long_length, names[s]) : 0;
    d.variable_element[d.n_variables] = start[s];
    if (width[s] == 0)
      d.element_variable[start[s]] = (ptrdiff_t)d.n_variables;
    d.n_variables++;
    s += w > 255 ? (w + 251) / 252 : 1;
  }
  free(start);
  free(width);
  return d;
}

static void decoded_free(decoded *d) {
  free(d->variable_element);
  free(d->element_variable);
}

static void check_plain(const decoded *d, const bytes *copy, const changes *c) {
  unsigned char *wanted = malloc(d->length);
  memcpy(wanted, d->data, d->length);
  for (size_t row = 0; row < emend_dataset_rows(c->dataset); row++)
    for (size_t v = 0; v < d->n_variables; v++)
      if (is_changed(c, row, v))
        bytes_of(d, c->value(c, row, v), wanted + d->data_offset + 8 * (row * d->n_elements + d->variable_element[v]));
  ck_assert_uint_eq(copy->length, d->length);
  ck_assert_mem_eq(copy->data, wanted, d->length);
  free(wanted);
}

/* The opcode that a value should get: by trying all of them. */
static unsigned char shortest(const decoded *d, double value) {
  for (int code = 1; code <= 251; code++)
    if (code - d->bias == value)
      return (unsigned char)code;
  return 253;
}

/* Both streams group by group: the opcodes of cells that stay are the same, with the same raw bytes; a changed one is the shortest. */
static void check_bytecode(const decoded *d, const bytes *copy, const changes *c) {
  size_t a = d->data_offset, b = d->data_offset, element = 0, n_rows = emend_dataset_rows(c->dataset);
  const unsigned char *x = d->data, *y = copy->data;
  ck_assert_uint_le(d->data_offset, copy->length);
  ck_assert_mem_eq(x, y, d->data_offset);
  for (bool ended = false; a < d->length && !ended;) {
    size_t codes_a = a, codes_b = b, n = d->length - a < 8 ? d->length - a : 8;
    ck_assert_uint_le(b + n, copy->length);
    a += n, b += n;
    for (size_t i = 0; i < n && !ended; i++) {
      unsigned char was = x[codes_a + i], now = y[codes_b + i];
      size_t row = element / d->n_elements;
      ptrdiff_t v = d->element_variable[element % d->n_elements];
      bool cell = was != 0 && was != 252 && row < n_rows, change = cell && v >= 0 && is_changed(c, row, (size_t)v);
      element += cell;
      ended = was == 252 || (was == 253 && a + 8 > d->length);
      ck_assert_uint_eq(now, change ? shortest(d, c->value(c, row, (size_t)v)) : was);
      if (change && now == 253) {
        ck_assert_uint_le(b + 8, copy->length);
        ck_assert_double_eq(number_at(d, y + b), c->value(c, row, (size_t)v));
      } else if (!change && now == 253 && !ended) {
        ck_assert_mem_eq(x + a, y + b, 8);
      }
      a += was == 253 && !ended ? 8 : 0;
      b += now == 253 && !ended ? 8 : 0;
    }
  }
  ck_assert_uint_eq(element, n_rows * d->n_elements);
  ck_assert_uint_eq(d->length - a, copy->length - b);
  ck_assert_mem_eq(x + a, y + b, d->length - a);
}

static uint64_t long_word(const decoded *d, size_t at) {
  uint64_t low = word(d, d->big_endian ? at + 4 : at), high = word(d, d->big_endian ? at : at + 4);
  return high << 32 | low;
}

/* A .zsav as the .sav that it would be: its dictionary and the bytecode of all its blocks, whose places and sizes must add up. */
static bytes expand(const bytes *file, size_t *n_blocks) {
  decoded d = decode(file);
  size_t at = d.data_offset + 24, index = long_word(&d, d.data_offset + 8), n = word(&d, index + 20), most = word(&d, index + 16);
  bytes made = {.data = malloc(d.data_offset + n * most + 1), .length = d.data_offset};
  memcpy(made.data, file->data, d.data_offset);
  ck_assert_uint_eq(long_word(&d, d.data_offset), d.data_offset);
  ck_assert_uint_eq(long_word(&d, d.data_offset + 16), 24 * (n + 1));
  for (size_t i = 0, entry = index + 24; i < n; i++, entry += 24) {
    uLongf length = word(&d, entry + 16);
    ck_assert_uint_eq(long_word(&d, entry), made.length);
    ck_assert_uint_eq(long_word(&d, entry + 8), at);
    ck_assert_uint_le(length, most);
    ck_assert_int_eq(uncompress(made.data + made.length, &length, file->data + at, word(&d, entry + 20)), Z_OK);
    ck_assert_uint_eq(length, word(&d, entry + 16));
    ck_assert(length == most || i + 1 == n);
    made.length += length;
    at += word(&d, entry + 20);
  }
  ck_assert_uint_eq(at, index);
  *n_blocks = n;
  decoded_free(&d);
  return made;
}

static void check_copy(const bytes *original, const bytes *copy, const changes *c) {
  if (memcmp(original->data, "$FL3", 4) == 0) {
    size_t n_blocks;
    bytes before = expand(original, &n_blocks), after = expand(copy, &n_blocks);
    memcpy(before.data, "$FL2", 4), memcpy(after.data, "$FL2", 4);
    check_copy(&before, &after, c);
    ck_assert(c->which != NOTHING || (copy->length == original->length && memcmp(copy->data, original->data, copy->length) == 0));
    free(before.data), free(after.data);
    return;
  }
  decoded d = decode(original);
  ck_assert_uint_eq(d.n_variables, emend_dataset_variables(c->dataset));
  if (c->which == NOTHING) {
    ck_assert_uint_eq(copy->length, original->length);
    ck_assert_mem_eq(copy->data, original->data, original->length);
  }
  if (d.compressed)
    check_bytecode(&d, copy, c);
  else
    check_plain(&d, copy, c);
  decoded_free(&d);
}

/* --- values: whole and small, fractions, negative, huge; never a declared missing code --- */

static double draw_value(const changes *c, size_t row, size_t variable) {
  const emend_variable *declared = emend_dataset_variable(c->dataset, variable);
  double u = chance(c->seed + 1, row, variable), kind = chance(c->seed + 2, row, variable);
  double values[] = {kind < 0.5   ? floor(400 * u) - 150
                     : kind < 0.8 ? 1000 * u - 500
                     : kind < 0.9 ? 1e300 * u
                                  : -1e-300 * u,
                     floor(80 * u) + 0.5, -1e9 * u - 1000.5};
  size_t i = 0;
  while (emend_variable_declares_missing(declared, values[i]))
    ck_assert_uint_lt(++i, 3);
  return values[i];
}

static void check_file(const char *path) {
  bytes original, copy;
  original.data = support_read(path, &original.length);
  emend_file *file = read_shared(path);
  emend_error *error = emend_error_new();
  for (int which = NOTHING; which < CHOICES; which++) {
    changes c = {.dataset = file->dataset, .which = (choice)which, .seed = 7, .value = draw_value};
    emend_status status = patch(emend_sav_open_patch, file->source, &c, &copy, error);
    ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
    check_copy(&original, &copy, &c);
    free(copy.data);
  }
  emend_error_free(error);
  emend_file_close(file);
  free(original.data);
}

static void visit_file(const indexed *file, void *context) {
  (void)context;
  check_file(file->path);
}

START_TEST(changes_only_imputed_cells) {
  size_t n = each_indexed(".sav", "valid", visit_file, NULL), n_blocked = each_indexed(".zsav", "valid", visit_file, NULL);
  ck_assert(!support_shared("data") || (n > 30 && n_blocked > 2));
}
END_TEST

/* --- files made here, as odd encoders would --- */

/* A, a string of 12 bytes, B. */
static void begin(builder *b, bool big_endian, uint32_t compression, int32_t n_rows, double bias) {
  sav_begin(b, big_endian, compression, n_rows, bias);
  sav_variable(b, "A", 0), sav_variable(b, "S", 12), sav_variable(b, "B", 0);
  sav_end(b);
}

static void check_built(const builder *b, size_t rows) {
  const char *path = support_scratch("built.sav");
  support_write(path, b->data, b->length);
  emend_file *file = read_shared(path);
  ck_assert_uint_eq(emend_dataset_rows(file->dataset), rows);
  emend_file_close(file);
  check_file(path);
}

START_TEST(keeps_odd_encodings) {
  static const unsigned char text[8] = "abcdefgh";
  for (int variant = 0; variant < 16; variant++) {
    bool big_endian = variant & 1, end = variant & 2, behind = variant & 4;
    builder b;
    begin(&b, big_endian, 1, variant & 8 ? -1 : 3, variant & 4 ? 99.5 : 100);
    /* Padding before, between and behind cells; a small whole number written raw; blanks; system-missing. */
    add(&b, "\x00\x69\xFD\xFE\x00\xFD\xFF\xFD", 8);
    add(&b, text, 8), add_number(&b, 3), add(&b, text, 8);
    add(&b, "\x00\x00\x00\x00\x00\x00\x00\x00", 8);
    add(&b, "\xFE\xFF\xFF\xFD\xFE\x01\x00\x00", 8);
    add(&b, text, 8);
    if (end)
      add(&b, "\xFC\xFD\x07\x00\x00\x00\x00\x00", 8);
    if (behind)
      add(&b, end ? "anything at all, even \xFD\xFC" : "\x00\x00\x00\x00\x00\x00\x00\x00",
          end ? 24 : 8); /* ReadStat wants whole units of 8 */
    check_built(&b, 3);
  }
}
END_TEST

START_TEST(ends_in_an_incomplete_group) {
  builder b;
  begin(&b, false, 1, 1, 100);
  add(&b, "\x65\xFE\xFE\xFD", 4), add_number(&b, 0.25);
  /* Four opcodes and a raw value: to a decoder that takes groups of eight, the value is opcodes too. */
  emend_source *source = source_of(b.data, b.length);
  int64_t n_rows;
  emend_error *error = emend_error_new();
  ck_assert_int_eq(emend_sav_scan(source, &n_rows, error), EMEND_MALFORMED);
  emend_error_free(error);
  emend_source_close(source);
}
END_TEST

START_TEST(keeps_bytes_behind_plain_data) {
  for (int big_endian = 0; big_endian < 2; big_endian++) {
    builder b;
    begin(&b, big_endian, 0, 2, 100);
    for (int row = 0; row < 2; row++)
      add_number(&b, row ? 5 : -DBL_MAX), add(&b, "some text here 1", 16), add_number(&b, row ? -DBL_MAX : 7);
    check_built(&b, 2);
    add(&b, "tail", 4);
    check_built(&b, 2);
  }
}
END_TEST

/* Many windows of 1 MiB, every row changed somewhere: groups and cells that straddle them. */
START_TEST(crosses_windows) {
  static const double cells[4] = {12, -3.5, -DBL_MAX, 251 - 100};
  enum { ROWS = 120000 };
  for (int compression = 0; compression < 2; compression++) {
    builder b;
    begin(&b, false, (uint32_t)compression, ROWS, 100);
    unsigned char *data = malloc(b.length + ROWS * 80), *p = data + b.length;
    decoded order = {0};
    memcpy(data, b.data, b.length);
    for (size_t i = 0; i < ROWS / 2; i++) { /* two rows are one group */
      unsigned char *codes = p;
      p += compression ? 8 : 0;
      for (size_t e = 0; e < 8; e++) {
        double value = cells[(i + e * e) % 4];
        bool is_text = e % 4 == 1 || e % 4 == 2;
        if (!compression || is_text || value == -3.5)
          bytes_of(&order, is_text ? 1e15 : value, p), p += 8;
        if (compression)
          codes[e] = is_text || value == -3.5 ? 253 : value == -DBL_MAX ? 255 : (unsigned char)(value + 100);
      }
    }
    const char *path = support_scratch("large.sav");
    support_write(path, data, (size_t)(p - data));
    free(data);
    check_file(path);
  }
}
END_TEST

/* A file of A, S, B whose bytecode lies in blocks of `block_bytes`; how many there are in *n_blocks. */
static bytes build_zsav(bool big_endian, size_t n_rows, size_t block_bytes, int level, size_t *n_blocks) {
  builder b;
  begin(&b, big_endian, 2, (int32_t)n_rows, 100);
  decoded order = {.big_endian = big_endian};
  size_t length = 0, start = b.length;
  unsigned char *code = malloc(n_rows * 48 + 64), *file = malloc(n_rows * 100 + 20000), *p = file + start + 24;
  for (size_t i = 0; i < n_rows; i += 2) { /* two rows are one group */
    unsigned char *codes = code + length;
    memcpy(codes, i % 6 ? "\x65\xFD\xFE\xFF\xFF\xFE\xFD\x70" : "\xFD\xFE\xFE\x66\x01\xFE\xFE\xFF", 8);
    length += 8;
    for (size_t k = 0; k < 8; k++)
      if (codes[k] == 0xFD)
        bytes_of(&order, (double)i + 0.1, code + length), length += 8;
  }
  memcpy(file, b.data, b.length);
  unsigned char *entries = malloc((length / block_bytes + 2) * 24);
  builder index = {.big_endian = big_endian}, head = {.big_endian = big_endian};
  add_number(&index, -100), add_zeros(&index, 8), add_integer(&index, block_bytes, 4);
  *n_blocks = (length + block_bytes - 1) / block_bytes;
  add_integer(&index, *n_blocks, 4);
  for (size_t i = 0, at = 0; i < *n_blocks; i++) {
    size_t n = length - at < block_bytes ? length - at : block_bytes;
    uLongf room = compressBound(n);
    ck_assert_int_eq(compress2(p, &room, code + at, n, level), Z_OK);
    add_integer(&index, start + at, 8), add_integer(&index, (uint64_t)(p - file), 8);
    add_integer(&index, n, 4), add_integer(&index, room, 4);
    p += room, at += n;
  }
  add_integer(&head, start, 8), add_integer(&head, (uint64_t)(p - file), 8), add_integer(&head, index.length, 8);
  memcpy(file + start, head.data, 24);
  memcpy(p, index.data, index.length);
  free(code), free(entries);
  return (bytes){file, (size_t)(p - file) + index.length};
}

START_TEST(keeps_blocks) {
  for (int variant = 0; variant < 12; variant++) {
    size_t n_blocks;
    bytes file = build_zsav(variant & 1, 2000, (size_t[]){977, 4096, 50000}[variant / 4], variant & 2 ? 9 : 1, &n_blocks);
    ck_assert_uint_gt(n_blocks, 1 - (variant / 4 == 2));
    const char *path = support_scratch("blocks.zsav");
    support_write(path, file.data, file.length);
    check_file(path);
    free(file.data);
  }
}
END_TEST

/* One late cell: the blocks before its own are the source's own bytes, though another compressor made them. */
static bool is_late(const changes *c, size_t row, size_t variable) { return variable == 2 && row + 2 >= emend_dataset_rows(c->dataset); }
static void read_late(const void *state, size_t row, emend_cell *cells) {
  const changes *c = state;
  emend_dataset_read_row(c->dataset, row, cells);
  if (is_late(c, row, 2))
    cells[2].imputed = true, cells[2].value = 0.75;
}

START_TEST(copies_blocks_that_stay) {
  size_t n_blocks, n_after;
  bytes file = build_zsav(false, 2000, 4096, 0, &n_blocks); /* stored: recompressing would show */
  const char *path = support_scratch("late.zsav");
  support_write(path, file.data, file.length);
  emend_file *read = read_shared(path);
  emend_error *error = emend_error_new();
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  emend_writer *writer;
  changes c = {.dataset = read->dataset};
  emend_rows rows = {.dataset = read->dataset, .n_rows = 2000, .state = &c, .read = read_late};
  char target[4096];
  snprintf(target, sizeof target, "%s", support_scratch("late_out.zsav"));
  ck_assert_int_eq(emend_outputs_open(outputs, target, 1, &output, error), EMEND_OK);
  ck_assert_int_eq(emend_sav_open_patch(read->source, read->dataset, output, &writer, error), EMEND_OK);
  ck_assert_int_eq(emend_writer_pour(writer, &rows, NULL, error), EMEND_OK);
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_OK);
  bytes copy;
  copy.data = support_read(target, &copy.length);
  bytes expanded = expand(&copy, &n_after);
  ck_assert_uint_eq(n_after, n_blocks);
  /* All blocks but the last lie where they lay, stored as they were; 24 bytes of header stand before them. */
  decoded d = decode(&file);
  size_t kept = d.data_offset + 24 + (n_blocks - 1) * 4096;
  ck_assert_mem_eq(copy.data + d.data_offset + 24, file.data + d.data_offset + 24, kept - d.data_offset - 24);
  ck_assert_uint_lt(copy.length, file.length + 64);
  decoded_free(&d);
  writer->free(writer);
  emend_outputs_free(outputs);
  emend_error_free(error);
  emend_file_close(read);
  free(expanded.data), free(copy.data), free(file.data);
}
END_TEST

/* --- refusals --- */

static double the_value(const changes *c, size_t row, size_t variable) {
  (void)row, (void)variable;
  return *(const double *)c->context;
}

START_TEST(refuses_values_that_are_no_answers) {
  const double values[] = {NAN, INFINITY, -INFINITY, -DBL_MAX, DBL_MAX};
  for (int compression = 0; compression < 2; compression++)
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
      builder b;
      begin(&b, false, (uint32_t)compression, 1, 100);
      if (compression)
        add(&b, "\x65\xFE\xFE\xFF\0\0\0\0", 8);
      else
        add_number(&b, 1), add(&b, "                ", 16), add_number(&b, -DBL_MAX);
      const char *path = support_scratch("values.sav");
      support_write(path, b.data, b.length);
      emend_file *file = read_shared(path);
      emend_error *error = emend_error_new();
      bytes copy;
      changes c = {.dataset = file->dataset, .which = MISSING, .value = the_value, .context = &values[i]};
      /* Both text and number are missing in this row: only the number is changed. */
      ck_assert_int_eq(patch(emend_sav_open_patch, file->source, &c, &copy, error), EMEND_INTERNAL);
      ck_assert_str_eq(emend_error_variable(error), "B");
      ck_assert_int_eq(emend_error_row(error), 1);
      emend_error_free(error);
      emend_file_close(file);
    }
}
END_TEST

START_TEST(refuses_other_datasets) {
  if (!support_shared("data"))
    return;
  emend_file *file = read_shared(support_shared("data/format/um_range.sav"));
  static const char *const others[] = {"data/format/pyr_sample.sav", "data/format/one_row.sav", "data/format/collinear.sav",
                                       "data/format/wide_600.sav"};
  emend_error *error = emend_error_new();
  for (size_t i = 0; i < 4; i++) {
    emend_source *other;
    bytes copy;
    changes c = {.dataset = file->dataset, .which = MISSING, .seed = 1, .value = draw_value};
    ck_assert_int_eq(emend_source_open(support_shared(others[i]), &other, error), EMEND_OK);
    ck_assert_int_eq(patch(emend_sav_open_patch, other, &c, &copy, error), EMEND_MALFORMED);
    emend_source_close(other);
  }
  emend_error_free(error);
  emend_file_close(file);
}
END_TEST

/* Blocks that hold less or more than their index says, or more than the cases could need. */
START_TEST(refuses_false_blocks) {
  size_t n_blocks;
  bytes file = build_zsav(false, 2000, 4096, 6, &n_blocks);
  const char *path = support_scratch("false.zsav");
  support_write(path, file.data, file.length);
  emend_file *read = read_shared(path);
  decoded d = decode(&file);
  size_t index = long_word(&d, d.data_offset + 8), last = index + 24 * n_blocks;
  decoded_free(&d);
  emend_error *error = emend_error_new();
  changes c = {.dataset = read->dataset, .which = MISSING, .value = draw_value};
  for (int i = 0; i < 4; i++) {
    bytes bad = {malloc(file.length), file.length}, copy;
    memcpy(bad.data, file.data, file.length);
    switch (i) {
    case 0: bad.data[last + 16]--; break;         /* the last block: one byte less than it holds */
    case 1: bad.data[last + 16]++; break;         /* one more */
    case 2: bad.data[last + 20]--; break;         /* its compressed bytes end early: the index does not follow */
    default: bad.data[d.data_offset + 400] ^= 8; /* in the first block */
    }
    emend_source *source = source_of(bad.data, bad.length);
    ck_assert_int_eq(patch(emend_sav_open_patch, source, &c, &copy, error), EMEND_MALFORMED);
    emend_source_close(source);
    free(bad.data);
  }
  emend_file_close(read);
  /* One case, said to be two thousand's bytecode. */
  bytes many = {malloc(file.length), file.length};
  memcpy(many.data, file.data, file.length);
  memcpy(many.data + 80, "\1\0\0\0", 4);
  emend_source *source = source_of(many.data, many.length);
  int64_t n_rows;
  ck_assert_int_eq(emend_sav_scan(source, &n_rows, error), EMEND_MALFORMED);
  ck_assert_ptr_nonnull(strstr(emend_error_message(error), "far more"));
  emend_source_close(source);
  emend_error_free(error);
  free(many.data), free(file.data);
}
END_TEST

/* The dataset of the whole file, the bytes of a damaged one: an error or a copy, never a crash. */
static void patch_damaged(const emend_source *source, void *context) {
  const emend_file *file = context;
  emend_error *error = emend_error_new();
  changes c = {.dataset = file->dataset, .which = SOME, .seed = 3, .value = draw_value};
  emend_status status = patch(emend_sav_open_patch, source, &c, NULL, error);
  ck_assert_msg(status == EMEND_OK || status == EMEND_MALFORMED || status == EMEND_UNSUPPORTED || status == EMEND_INTERNAL, "%s",
                emend_error_text(error));
  ck_assert_int_eq(status, emend_error_status(error));
  emend_error_free(error);
}

START_TEST(survives_damage) {
  static const char *const files[] = {"data/format/bigendian.sav", "data/format/um_string.sav", "data/format/pyr_sample_missing.sav",
                                      "data/format/very_long_strings.sav", "data/format/um_discrete3.sav", "data/format/small.zsav",
                                      "data/format/pyr_sample.zsav"};
  if (!support_shared("data"))
    return;
  emend_file *file = read_shared(support_shared(files[_i]));
  size_t length;
  unsigned char *data = support_read(support_shared(files[_i]), &length);
  each_damaged(data, length, 100 + (uint64_t)_i, 300, patch_damaged, file);
  free(data);
  emend_file_close(file);
}
END_TEST

/* --- PSPP as another reader --- */

static bool have_pspp(void) { return system("pspp --version >/dev/null 2>&1") == 0; }

/* What PSPP says of `folder`/file.sav: its dictionary in listing.txt, its values in values.csv. */
static void ask_pspp(const char *folder) {
  char command[8192];
  snprintf(command, sizeof command,
           "cd '%s' && printf \"GET FILE='file.sav'.\\nDISPLAY DICTIONARY.\\nDISPLAY DOCUMENTS.\\nMRSETS /DISPLAY NAME=ALL.\\n"
           "SAVE TRANSLATE /OUTFILE='values.csv' /TYPE=CSV /REPLACE.\\n\" > ask.sps && pspp -o listing.txt ask.sps >said.txt 2>&1 || true",
           folder);
  ck_assert_int_eq(system(command), 0);
}

/* The numbers that PSPP read, against those that were written and those that stayed. */
static void check_values(const char *path, const changes *c) {
  size_t row = 0;
  char *text = (char *)support_read(path, NULL), *rest = text;
  for (char *line; (line = strsep(&rest, "\n")) && *line; row++)
    for (size_t v = 0; v < emend_dataset_variables(c->dataset); v++) {
      char *field = strsep(&line, ",");
      double value, wanted = c->value(c, row, v);
      ck_assert_ptr_nonnull(field);
      if (!is_changed(c, row, v))
        continue;
      ck_assert_msg(emend_number_parse(field, strlen(field), '.', &value), "row %zu, variable %zu: %s", row, v, field);
      assert_relative(value, wanted, 1e-12);
    }
  ck_assert_uint_eq(row, emend_dataset_rows(c->dataset));
  free(text);
}

/* Fractions that PSPP prints in full, so that they can be read back. */
static double short_value(const changes *c, size_t row, size_t variable) {
  double value = floor(64 * chance(c->seed, row, variable)) / 8 + (chance(c->seed + 9, row, variable) < 0.5 ? 0 : 200);
  while (emend_variable_declares_missing(emend_dataset_variable(c->dataset, variable), value))
    value += 0.125;
  return value;
}

START_TEST(pspp_agrees) {
  static const struct {
    const char *file;
    bool plain_numbers; /* no commas in strings, dates or labels in the CSV that PSPP writes */
  } files[] = {{"data/real/gss2014_usermissing.sav", true},   {"data/real/electric.sav", false},
               {"data/format/weights_docs_attrs.sav", false}, {"data/format/very_long_strings.sav", false},
               {"data/format/bigendian.sav", true},           {"data/format/um_range_plus1.sav", true},
               {"data/real/gss2010_usermissing.zsav", true}};
  if (!support_shared("data") || !have_pspp())
    return;
  emend_file *file = read_shared(support_shared(files[_i].file));
  emend_error *error = emend_error_new();
  bytes original, copy;
  changes c = {.dataset = file->dataset, .which = MISSING, .seed = 5, .value = short_value};
  ck_assert_int_eq(patch(emend_sav_open_patch, file->source, &c, &copy, error), EMEND_OK);
  original.data = support_read(file->source->path, &original.length);
  char folders[2][512], listing[2][600], values[600];
  for (int i = 0; i < 2; i++) {
    snprintf(folders[i], sizeof folders[i], "%s", support_scratch(i ? "after" : "before"));
    char command[1100], path[600];
    snprintf(command, sizeof command, "mkdir -p '%s'", folders[i]);
    ck_assert_int_eq(system(command), 0);
    snprintf(path, sizeof path, "%s/file.sav", folders[i]);
    support_write(path, i ? copy.data : original.data, i ? copy.length : original.length);
    ask_pspp(folders[i]);
    snprintf(listing[i], sizeof listing[i], "%s/listing.txt", folders[i]);
  }
  bytes before, after;
  before.data = support_read(listing[0], &before.length);
  after.data = support_read(listing[1], &after.length);
  ck_assert_uint_gt(before.length, 300);
  ck_assert_str_eq((char *)before.data, (char *)after.data);
  if (files[_i].plain_numbers) {
    snprintf(values, sizeof values, "%s/values.csv", folders[1]);
    check_values(values, &c);
  }
  free(before.data), free(after.data), free(original.data), free(copy.data);
  emend_error_free(error);
  emend_file_close(file);
}
END_TEST

/* Files of doubtful worth that open all the same: patched without loss, or refused. */
static void visit_doubtful(const indexed *indexed, void *context) {
  size_t *n_patched = context;
  emend_file *file;
  if (emend_file_read(indexed->path, NULL, NULL, &file, NULL) != EMEND_OK)
    return;
  bytes original, copy;
  original.data = support_read(indexed->path, &original.length);
  for (int which = NOTHING; which <= SOME; which++) {
    changes c = {.dataset = file->dataset, .which = (choice)which, .seed = 7, .value = draw_value};
    if (patch(emend_sav_open_patch, file->source, &c, &copy, NULL) == EMEND_OK) {
      check_copy(&original, &copy, &c);
      *n_patched += which == SOME;
    }
    free(copy.data);
  }
  free(original.data);
  emend_file_close(file);
}

START_TEST(patches_or_refuses_doubtful_files) {
  size_t n_patched = 0, n = each_indexed(".sav", "either", visit_doubtful, &n_patched);
  ck_assert(n == 0 || n_patched > 0);
}
END_TEST

SUITE {
  Suite *suite = suite_create("sav patch");
  TCase *copies = tcase_create("copies"), *refusals = tcase_create("refusals"), *pspp = tcase_create("PSPP");
  tcase_set_timeout(copies, 120);
  tcase_add_test(copies, changes_only_imputed_cells);
  tcase_add_test(copies, keeps_odd_encodings);
  tcase_add_test(copies, ends_in_an_incomplete_group);
  tcase_add_test(copies, keeps_bytes_behind_plain_data);
  tcase_add_test(copies, crosses_windows);
  tcase_add_test(copies, keeps_blocks);
  tcase_add_test(copies, copies_blocks_that_stay);
  tcase_add_test(copies, patches_or_refuses_doubtful_files);
  tcase_set_timeout(refusals, 120);
  tcase_add_test(refusals, refuses_values_that_are_no_answers);
  tcase_add_test(refusals, refuses_other_datasets);
  tcase_add_test(refusals, refuses_false_blocks);
  tcase_add_loop_test(refusals, survives_damage, 0, 7);
  tcase_set_timeout(pspp, 120);
  tcase_add_loop_test(pspp, pspp_agrees, 0, 7);
  suite_add_tcase(suite, copies);
  suite_add_tcase(suite, refusals);
  suite_add_tcase(suite, pspp);
  return suite;
}
