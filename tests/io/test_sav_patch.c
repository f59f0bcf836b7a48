/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
  d.compressed = word(&d, 72) == 1;
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

static void check_copy(const bytes *original, const bytes *copy, const changes *c) {
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
  size_t n = each_indexed(".sav", "valid", visit_file, NULL);
  ck_assert(!support_shared("data") || n > 30);
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

START_TEST(refuses_zsav_with_a_way_out) {
  if (!support_shared("data"))
    return;
  emend_file *file = read_shared(support_shared("data/format/small.zsav"));
  emend_error *error = emend_error_new();
  bytes copy;
  changes c = {.dataset = file->dataset, .which = MISSING, .seed = 1, .value = draw_value};
  ck_assert_int_eq(patch(emend_sav_open_patch, file->source, &c, &copy, error), EMEND_UNSUPPORTED);
  ck_assert_ptr_nonnull(strstr(emend_error_remedy(error), ".csv"));
  emend_error_free(error);
  emend_file_close(file);
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
                                      "data/format/very_long_strings.sav", "data/format/um_discrete3.sav"};
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
               {"data/format/bigendian.sav", true},           {"data/format/um_range_plus1.sav", true}};
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

int main(void) {
  Suite *suite = suite_create("sav patch");
  TCase *copies = tcase_create("copies"), *refusals = tcase_create("refusals"), *pspp = tcase_create("PSPP");
  tcase_set_timeout(copies, 120);
  tcase_add_test(copies, changes_only_imputed_cells);
  tcase_add_test(copies, keeps_odd_encodings);
  tcase_add_test(copies, ends_in_an_incomplete_group);
  tcase_add_test(copies, keeps_bytes_behind_plain_data);
  tcase_add_test(copies, crosses_windows);
  tcase_add_test(copies, patches_or_refuses_doubtful_files);
  tcase_set_timeout(refusals, 120);
  tcase_add_test(refusals, refuses_values_that_are_no_answers);
  tcase_add_test(refusals, refuses_other_datasets);
  tcase_add_test(refusals, refuses_zsav_with_a_way_out);
  tcase_add_loop_test(refusals, survives_damage, 0, 5);
  tcase_set_timeout(pspp, 120);
  tcase_add_loop_test(pspp, pspp_agrees, 0, 6);
  suite_add_tcase(suite, copies);
  suite_add_tcase(suite, refusals);
  suite_add_tcase(suite, pspp);
  return support_run(suite);
}
