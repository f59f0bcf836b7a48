/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "building.h"
#include "io/format.h"
#include "io/sav_dictionary.h"
#include "patching.h"
#include "support/support.h"

/* The walk through .sav and .zsav dictionaries: what it finds, and what it refuses. */

static emend_status scan(const void *data, size_t length, int64_t *n_rows, emend_error *error) {
  emend_source *source = source_of(data, length);
  emend_status status = emend_sav_scan(source, n_rows, error);
  emend_source_close(source);
  return status;
}

/* EMEND_MALFORMED at this byte. */
static void refused(const builder *b, size_t at) {
  emend_error *error = emend_error_new();
  emend_error_record record;
  int64_t n_rows;
  emend_status status = scan(b->data, b->length, &n_rows, error);
  emend_error_export(error, &record);
  ck_assert_msg(status == EMEND_MALFORMED, "status %d: %s", status, emend_error_text(error));
  ck_assert_msg(record.has_byte && record.byte == at, "byte %zu wanted: %s", at, emend_error_text(error));
  ck_assert_int_eq(n_rows, -1);
  emend_error_free(error);
}

static void accepted(const builder *b, int64_t rows) {
  emend_error *error = emend_error_new();
  int64_t n_rows;
  emend_status status = scan(b->data, b->length, &n_rows, error);
  ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_int_eq(n_rows, rows);
  emend_error_free(error);
}

/* NUMBER, TEXT of 12, VERYLONG of 600 (segments 255, 255, 96), LAST; 2 rows. Offsets of records are noted. */
typedef struct places {
  size_t text, very_long, names, lengths, data;
} places;

static places build(builder *b, bool big_endian, uint32_t compression, int32_t n_rows) {
  places p;
  sav_begin(b, big_endian, compression, n_rows, 100);
  sav_variable(b, "NUMBER", 0);
  p.text = b->length;
  sav_variable(b, "TEXT", 12);
  p.very_long = b->length;
  sav_variable(b, "VERYLONG", 255);
  sav_variable(b, "VERYL1", 255);
  sav_variable(b, "VERYL2", 96);
  sav_variable(b, "LAST", 0);
  /* Two labels for NUMBER and LAST (elements 1 and 80). */
  add_integer(b, 3, 4), add_integer(b, 2, 4);
  add_number(b, 1), add(b, "\3yes\0\0\0\0", 8);
  add_number(b, 2), add(b, "\10longer..\0\0\0\0\0\0\0", 16);
  add_integer(b, 4, 4), add_integer(b, 2, 4), add_integer(b, 1, 4), add_integer(b, 80, 4);
  add_integer(b, 6, 4), add_integer(b, 2, 4), add_padded(b, "a document", 160, ' ');
  sav_extension(b, 3, 4, 8, NULL);
  for (int i = 0; i < 8; i++)
    add_integer(b, i == 4 ? 1 : i == 7 ? 65001 : 0, 4);
  sav_extension(b, 4, 8, 3, NULL);
  add_number(b, -1e300), add_number(b, 1e300), add_number(b, -1e299);
  sav_extension(b, 99, 3, 5, "whatever it is."); /* unknown: kept in the list */
  p.names = b->length + 16;
  sav_extension(b, 13, 1, 40, "NUMBER=A long name\tVERYLONG=Remarks\tX=y\t");
  p.lengths = b->length + 16;
  sav_extension(b, 14, 1, 16, "VERYLONG=00600\0\t");
  sav_extension(b, 20, 1, 5, "UTF-8");
  p.data = sav_end(b);
  return p;
}

enum { ELEMENTS = 80 };

static void add_plain_rows(builder *b, size_t n) {
  for (size_t i = 0; i < n * ELEMENTS; i++)
    add_number(b, (double)i);
}

START_TEST(finds_everything) {
  for (int big_endian = 0; big_endian < 2; big_endian++) {
    builder b;
    places p = build(&b, big_endian, 0, 2);
    add_plain_rows(&b, 2);
    accepted(&b, 2);
    emend_source *source = source_of(b.data, b.length);
    emend_sav_dictionary *d;
    ck_assert_int_eq(emend_sav_dictionary_read(source, &d, NULL), EMEND_OK);
    ck_assert(d->big_endian == big_endian && d->compression == EMEND_SAV_PLAIN && d->n_rows == 2 && d->weight == -1);
    ck_assert_double_eq(d->bias, 100);
    ck_assert(d->system_missing == -1e300 && d->highest == 1e300 && d->lowest == -1e299);
    ck_assert_int_eq(d->code_page, 65001);
    ck_assert_str_eq(d->encoding, "UTF-8");
    ck_assert_uint_eq(d->n_elements, ELEMENTS);
    ck_assert_uint_eq(d->data_offset, p.data);
    ck_assert_uint_eq(d->n_variables, 4);
    static const emend_sav_variable wanted[] = {{"NUMBER", (char *)"A long name", 0, 1, 0, 1, 0, 0, 0},
                                                {"TEXT", (char *)"TEXT", 12, 1, 1, 2, 0, 0, 0},
                                                {"VERYLONG", (char *)"Remarks", 600, 3, 3, 76, 0, 0, 0},
                                                {"LAST", (char *)"LAST", 0, 1, 79, 1, 0, 0, 0}};
    for (size_t v = 0; v < 4; v++) {
      ck_assert_str_eq(d->variables[v].short_name, wanted[v].short_name);
      ck_assert_str_eq(d->variables[v].name, wanted[v].name);
      ck_assert_uint_eq(d->variables[v].width, wanted[v].width);
      ck_assert_uint_eq(d->variables[v].n_segments, wanted[v].n_segments);
      ck_assert_uint_eq(d->variables[v].element, wanted[v].element);
      ck_assert_uint_eq(d->variables[v].n_elements, wanted[v].n_elements);
    }
    ck_assert_uint_eq(d->variables[2].record, p.very_long);
    ck_assert_uint_eq(d->n_extensions, 6);
    ck_assert_int_eq(d->extensions[2].subtype, 99);
    ck_assert_mem_eq(b.data + d->extensions[2].offset, "whatever it is.", 15);
    ck_assert(d->extensions[3].offset == p.names && d->extensions[4].offset == p.lengths);
    emend_sav_dictionary_free(d);
    emend_source_close(source);
  }
}
END_TEST

/* The number of rows: plain data by length, bytecode by expanding; less than a row behind the last one is no row. */
START_TEST(counts_rows) {
  builder b;
  for (int64_t declared = -1; declared < 4; declared++) {
    places p = build(&b, false, 0, (int32_t)declared);
    add_plain_rows(&b, 2);
    declared == -1 || declared == 2 ? accepted(&b, 2) : refused(&b, p.data);
    add_zeros(&b, 8 * ELEMENTS - 1);
    if (declared >= 0)
      declared == 2 ? accepted(&b, 2) : refused(&b, p.data);
    p = build(&b, false, 1, (int32_t)declared);
    for (int i = 0; i < 2 * ELEMENTS / 8; i++)
      add(&b,
          "\x65\xFE\xFF\x65\xFD\xFE\x01\xFB"
          "rawbytes",
          16);
    declared == -1 || declared == 2 ? accepted(&b, 2) : refused(&b, p.data);
    add(&b, "\x00\x00\xFC\x65\x65\x65\x65\x65", 8);
    declared == -1 || declared == 2 ? accepted(&b, 2) : refused(&b, p.data);
  }
  /* Without a declared count a last row that is cut short is an error in that row. */
  for (uint32_t compression = 0; compression < 2; compression++) {
    emend_error *error = emend_error_new();
    int64_t n_rows;
    build(&b, false, compression, -1);
    add_padded(&b, "", 8 * ELEMENTS + 8, 'e');
    ck_assert_int_eq(scan(b.data, b.length, &n_rows, error), EMEND_MALFORMED);
    ck_assert_int_eq(emend_error_row(error), compression ? 9 : 2);
    emend_error_free(error);
  }
}
END_TEST

/* Record 7/16 where the header does not say; a contradiction is an error. */
START_TEST(reads_the_64_bit_count) {
  for (int32_t header = -1; header <= 3; header++)
    for (int64_t extension = -1; extension <= 3; extension++) {
      builder b;
      sav_begin(&b, extension & 1, 0, header, 100);
      sav_variable(&b, "A", 0);
      size_t at = b.length + 24;
      sav_extension(&b, 16, 8, 2, NULL);
      add_integer(&b, 1, 8), add_integer(&b, (uint64_t)extension, 8);
      size_t data = sav_end(&b);
      add_number(&b, 1), add_number(&b, 2);
      int64_t declared = header >= 0 ? header : extension;
      if (header >= 0 && extension >= 0 && header != extension)
        refused(&b, at);
      else if (declared >= 0 && declared != 2)
        refused(&b, data);
      else
        accepted(&b, 2);
    }
}
END_TEST

/* One field of a sound file set to something else, and where the error points. */
START_TEST(refuses_damaged_fields) {
  enum { LABELS = 176 + 32 * (1 + 2 + 32 + 32 + 12 + 1) };
  static const struct {
    size_t at;
    uint64_t value;
    size_t n_bytes, error_at;
  } damage[] = {
      {0, 0x31323334, 4, 0},             /* magic */
      {64, 4, 4, 64},                    /* layout */
      {72, 2, 4, 72},                    /* compression of a .zsav */
      {76, 2, 4, 76},                    /* weight: a string */
      {76, 81, 4, 76},                   /* weight: beyond the case */
      {80, 0xFFFFFFFE, 4, 80},           /* rows: -2 */
      {84, 0x7FF0000000000000, 8, 84},   /* bias: infinity */
      {176, 55, 4, 176},                 /* record type */
      {180, 256, 4, 176},                /* width */
      {180, 0xFFFFFFFF, 4, 176},         /* a continuation of nothing */
      {184, 2, 4, 176},                  /* has a label: 2 */
      {188, 4, 4, 176},                  /* four missing values */
      {188, 0xFFFFFFFF, 4, 176},         /* -1 */
      {208 + 12, 0xFFFFFFFE, 4, 208},    /* a range for a string */
      {208 + 4, 17, 4, 272},             /* the string wants one continuation more */
      {240 + 4, 0, 4, 240},              /* no continuation */
      {LABELS + 4, 1000, 4, LABELS + 4}, /* number of labels */
      {LABELS + 48, 5, 4, LABELS + 48},  /* not followed by a type 4 */
      {LABELS + 56, 3, 4, LABELS + 56},  /* inside a string */
      {LABELS + 56, 0, 4, LABELS + 56},
      {LABELS + 60, 81, 4, LABELS + 60},
      {LABELS + 64 + 4, 1 << 20, 4, LABELS + 64 + 8}, /* lines of documents */
      {LABELS + 232 + 12, 7, 4, LABELS + 232},        /* 7/3 with seven numbers */
      {LABELS + 232 + 12, 1 << 30, 4, LABELS + 232},
  };
  for (int big_endian = 0; big_endian < 2; big_endian++)
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
      builder b;
      build(&b, big_endian, 0, 2);
      add_plain_rows(&b, 2);
      set_integer(&b, damage[i].at, damage[i].value, damage[i].n_bytes);
      refused(&b, damage[i].error_at);
    }
}
END_TEST

START_TEST(refuses_bad_text_records) {
  builder b;
  places p;
  static const char *const lengths[] = {"VERYLONG=99999", "VERYLONG=32768", "VERYLONG=0060x", "VERYLONG=00000", "VERYLONG 00600"};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    p = build(&b, false, 0, 0);
    memcpy(b.data + p.lengths, lengths[i], 14);
    refused(&b, p.lengths);
  }
  /* 700 and 900 bytes want other segments than there are; 32767 more than there are. */
  p = build(&b, false, 0, 0);
  memcpy(b.data + p.lengths, "VERYLONG=00700", 14);
  refused(&b, p.very_long + 2 * 32 * 32);
  memcpy(b.data + p.lengths, "VERYLONG=00900", 14);
  refused(&b, p.very_long + 2 * 32 * 32);
  memcpy(b.data + p.lengths, "VERYLONG=32767", 14);
  refused(&b, p.very_long);
  p = build(&b, false, 0, 0);
  memcpy(b.data + p.names + 19, "VERYLONG Remarks", 16);
  refused(&b, p.names + 19);
}
END_TEST

START_TEST(refuses_more_than_it_can_serve) {
  builder b;
  int64_t n_rows;
  sav_begin(&b, false, 0, 0, 100);
  sav_end(&b);
  ck_assert_int_eq(scan(b.data, b.length, &n_rows, NULL), EMEND_UNSUPPORTED); /* no variables */
  sav_begin(&b, false, 0, 0, 100);
  sav_variable(&b, "A", 0);
  sav_extension(&b, 3, 4, 8, NULL);
  for (int i = 0; i < 8; i++)
    add_integer(&b, i == 4 ? 3 : 0, 4);
  sav_end(&b);
  ck_assert_int_eq(scan(b.data, b.length, &n_rows, NULL), EMEND_UNSUPPORTED); /* numbers of a VAX */
  /* 200,000 variable records in 6.4 MB would take ReadStat 434 MB. */
  enum { MANY = 200000 };
  builder one;
  sav_begin(&b, false, 0, 0, 100);
  size_t header = b.length;
  one = b;
  sav_variable(&one, "A", 0);
  unsigned char *large = malloc(header + MANY * 32);
  memcpy(large, b.data, header);
  for (size_t i = 0; i < MANY; i++)
    memcpy(large + header + 32 * i, one.data + header, 32);
  ck_assert_int_eq(scan(large, header + MANY * 32, &n_rows, NULL), EMEND_LIMIT_EXCEEDED);
  free(large);
}
END_TEST

/* --- .zsav: the scan looks at the index of blocks only --- */

enum { BLOCKS = 3, BLOCK_BYTES = 40, EXPANDED = 1000 };

static size_t build_zsav(builder *b, int32_t n_rows, bool big_endian) {
  sav_begin(b, big_endian, 2, n_rows, 100);
  sav_variable(b, "A", 0);
  sav_variable(b, "B", 0);
  size_t data = sav_end(b), index = data + 24 + BLOCKS * BLOCK_BYTES;
  add_integer(b, data, 8), add_integer(b, index, 8), add_integer(b, 24 + 24 * BLOCKS, 8);
  add_padded(b, "", BLOCKS * BLOCK_BYTES, 'z');
  add_number(b, -100), add_integer(b, 0, 8), add_integer(b, EXPANDED, 4), add_integer(b, BLOCKS, 4);
  for (size_t i = 0; i < BLOCKS; i++) {
    add_integer(b, data + i * EXPANDED, 8), add_integer(b, data + 24 + i * BLOCK_BYTES, 8);
    add_integer(b, EXPANDED, 4), add_integer(b, BLOCK_BYTES, 4);
  }
  return data;
}

START_TEST(checks_compressed_blocks) {
  for (int big_endian = 0; big_endian < 2; big_endian++) {
    builder b;
    size_t data = build_zsav(&b, -1, big_endian), index = data + 24 + BLOCKS * BLOCK_BYTES, first = index + 24;
    accepted(&b, -1);
    build_zsav(&b, EXPANDED * BLOCKS / 2, big_endian);
    accepted(&b, EXPANDED * BLOCKS / 2);
    build_zsav(&b, EXPANDED * BLOCKS / 2 + 1, big_endian); /* a cell takes a byte of bytecode at least */
    refused(&b, data);
    const struct {
      size_t at;
      uint64_t value;
      size_t n_bytes, error_at;
    } damage[] = {
        {data, data + 8, 8, data},                             /* own place */
        {data + 8, b.length + 1, 8, data + 8},                 /* index outside */
        {data + 8, data + 23, 8, data + 8},                    /* index inside the header */
        {data + 16, UINT64_MAX, 8, data + 8},                  /* length of the index */
        {data + 16, 24, 8, index + 20},                        /* for no blocks */
        {index + 20, 2, 4, index + 20},                        /* number of blocks */
        {first + 24 + 8, data + 24, 8, first + 24},            /* second block shares the first's bytes */
        {first + 24, data, 8, first + 24},                     /* and the first's place */
        {first + 20, BLOCK_BYTES * BLOCKS + 1, 4, first + 20}, /* runs into the index */
        {first + 20, 0, 4, first + 20},                        /* empty */
        {first + 20, BLOCK_BYTES - 1, 4, first + 24},          /* a gap */
        {first + 16, EXPANDED + 1, 4, first + 16},             /* holds more than a block may */
    };
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
      build_zsav(&b, -1, big_endian);
      set_integer(&b, damage[i].at, damage[i].value, damage[i].n_bytes);
      refused(&b, damage[i].error_at);
    }
    /* 40 bytes cannot expand to 2 GB. */
    build_zsav(&b, -1, big_endian);
    set_integer(&b, index + 16, 0x7FFFFFFF, 4);
    set_integer(&b, first + 16, 0x7FFFFFFF, 4);
    refused(&b, first + 16);
  }
}
END_TEST

/* --- loops over damage --- */

START_TEST(refuses_every_truncation) {
  for (uint32_t compression = 0; compression < 2; compression++) {
    builder b;
    build(&b, compression, compression, 2);
    if (compression)
      add_padded(&b, "", 2 * ELEMENTS, 'e');
    else
      add_plain_rows(&b, 2);
    accepted(&b, 2);
    for (size_t length = 0; length < b.length; length++) {
      int64_t n_rows;
      emend_status status = scan(b.data, length, &n_rows, NULL);
      ck_assert_msg(status == EMEND_MALFORMED, "%zu of %zu bytes: status %d", length, b.length, status);
    }
  }
}
END_TEST

START_TEST(refuses_every_truncation_of_a_zsav) {
  builder b;
  build_zsav(&b, 10, false);
  for (size_t length = 0; length < b.length; length++) {
    int64_t n_rows;
    ck_assert_int_eq(scan(b.data, length, &n_rows, NULL), EMEND_MALFORMED);
  }
}
END_TEST

static void scan_damaged(const emend_source *source, void *context) {
  size_t *seen = context;
  int64_t n_rows;
  emend_error *error = emend_error_new();
  emend_status status = emend_sav_scan(source, &n_rows, error);
  ck_assert_msg(status == EMEND_OK || status == EMEND_MALFORMED || status == EMEND_UNSUPPORTED || status == EMEND_LIMIT_EXCEEDED, "%s",
                emend_error_text(error));
  /* Memory for what a file of this size can hold: a cell takes a byte, or a thousandth of one in a .zsav. */
  ck_assert(status || (n_rows >= -1 && (uint64_t)(n_rows + 1) <= source->size * 1100));
  ck_assert_int_eq(status == EMEND_OK, emend_error_text(error)[0] == '\0');
  seen[status == EMEND_OK]++;
  emend_error_free(error);
}

START_TEST(survives_damage) {
  static const char *const files[] = {
      "data/real/electric.sav",         "data/format/bigendian.sav",         "data/format/small.zsav",
      "data/format/um_string.sav",      "data/format/very_long_strings.sav", "data/format/weights_docs_attrs.sav",
      "data/format/utf8_longnames.sav", "data/real/gss2010_usermissing.zsav"};
  if (!support_shared("data"))
    return;
  size_t length, seen[2] = {0};
  unsigned char *data = support_read(support_shared(files[_i]), &length);
  each_damaged(data, length < 6000 ? length : 6000, (uint64_t)_i, 100, scan_damaged, seen);
  each_damaged(data, length, 50 + (uint64_t)_i, 500, scan_damaged, seen);
  ck_assert_uint_gt(seen[0], 0);
  ck_assert_uint_gt(seen[1], 0);
  free(data);
}
END_TEST

/* The dictionary alone, where nearly every byte means something. */
START_TEST(survives_damage_to_every_byte) {
  builder b;
  size_t seen[2] = {0};
  places p = build(&b, _i, 0, 2);
  add_plain_rows(&b, 2);
  for (size_t at = 0; at < p.data; at++)
    for (int k = 0; k < 3; k++) {
      unsigned char was = b.data[at];
      b.data[at] = k == 0 ? 0xFF : k == 1 ? 0 : was ^ 0x80;
      emend_source *source = source_of(b.data, b.length);
      scan_damaged(source, seen);
      emend_source_close(source);
      b.data[at] = was;
    }
}
END_TEST

/* --- the shared files, by the counts that their makers wrote down --- */

static emend_status scan_file(const indexed *file, int64_t *n_rows, emend_error *error) {
  emend_source *source;
  ck_assert_int_eq(emend_source_open(file->path, &source, error), EMEND_OK);
  emend_status status = emend_sav_scan(source, n_rows, error);
  emend_source_close(source);
  return status;
}

static void opens(const indexed *file, void *context) {
  (void)context;
  emend_error *error = emend_error_new();
  int64_t n_rows;
  emend_status status = scan_file(file, &n_rows, error);
  ck_assert_msg(status == EMEND_OK, "%s: %s", file->name, emend_error_text(error));
  ck_assert_msg(n_rows == file->rows, "%s: %ld rows", file->name, (long)n_rows);
  emend_error_free(error);
}

static void is_refused(const indexed *file, void *context) {
  (void)context;
  int64_t n_rows;
  if (strstr(file->name, "flipped_zlib")) /* only inflating shows it */
    return;
  ck_assert_msg(scan_file(file, &n_rows, NULL) != EMEND_OK, "%s was not refused", file->name);
}

START_TEST(agrees_with_the_index) {
  size_t n_valid = each_indexed(".sav", "valid", opens, NULL) + each_indexed(".zsav", "valid", opens, NULL);
  size_t n_bad = each_indexed(".sav", "bad", is_refused, NULL) + each_indexed(".zsav", "bad", is_refused, NULL);
  ck_assert(!support_shared("data") || (n_valid > 30 && n_bad > 8));
}
END_TEST

SUITE {
  Suite *suite = suite_create("sav");
  TCase *sound = tcase_create("sound"), *damaged = tcase_create("damaged");
  tcase_add_test(sound, finds_everything);
  tcase_add_test(sound, counts_rows);
  tcase_add_test(sound, reads_the_64_bit_count);
  tcase_add_test(sound, agrees_with_the_index);
  tcase_set_timeout(damaged, 120);
  tcase_add_test(damaged, refuses_damaged_fields);
  tcase_add_test(damaged, refuses_bad_text_records);
  tcase_add_test(damaged, refuses_more_than_it_can_serve);
  tcase_add_test(damaged, checks_compressed_blocks);
  tcase_add_test(damaged, refuses_every_truncation);
  tcase_add_test(damaged, refuses_every_truncation_of_a_zsav);
  tcase_add_loop_test(damaged, survives_damage, 0, 8);
  tcase_add_loop_test(damaged, survives_damage_to_every_byte, 0, 2);
  suite_add_tcase(suite, sound);
  suite_add_tcase(suite, damaged);
  return suite;
}
