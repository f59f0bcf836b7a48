/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "building.h"
#include "io/dta_dictionary.h"
#include "io/format.h"
#include "patching.h"
#include "support/support.h"

/* The walk through .dta dictionaries: what it finds, and what it refuses. */

static const unsigned releases[] = {105, 106, 107, 108, 110, 111, 112, 113, 114, 115, 117, 118, 119};
enum { N_RELEASES = sizeof releases / sizeof *releases, ROWS = 3 };

static emend_status scan(const void *data, size_t length, int64_t *n_rows, emend_error *error) {
  emend_source *source = source_of(data, length);
  emend_status status = emend_dta_scan(source, n_rows, error);
  emend_source_close(source);
  return status;
}

/* `status` at this byte. */
static void refused(const builder *b, emend_status wanted, size_t at) {
  emend_error *error = emend_error_new();
  emend_error_record record;
  int64_t n_rows;
  emend_status status = scan(b->data, b->length, &n_rows, error);
  emend_error_export(error, &record);
  ck_assert_msg(status == wanted, "status %d: %s", status, emend_error_text(error));
  ck_assert_msg(record.has_byte && record.byte == at, "byte %zu wanted: %s", at, emend_error_text(error));
  ck_assert_int_eq(n_rows, -1);
  emend_error_free(error);
}

/* That a section holds these bytes from its beginning on, and has this length. */
static void holds(const builder *b, emend_dta_section section, const char *text, size_t length) {
  ck_assert_uint_le(section.end, b->length);
  ck_assert_uint_eq(section.end - section.offset, length);
  ck_assert_mem_eq(b->data + section.offset, text, strlen(text));
}

static void finds_sections(const builder *b, const emend_dta_dictionary *d) {
  bool tagged = d->release >= 117;
  size_t n = d->n_variables, name = d->release < 110 ? 9 : d->release < 118 ? 33 : 129;
  size_t format = d->release < 114 ? 12 : d->release < 118 ? 49 : 57, label = d->release < 108 ? 32 : d->release < 118 ? 81 : 321;
  holds(b, d->file_label, "made here", tagged ? 9 : label);
  holds(b, d->timestamp, "01 Jan 2001 01:01", tagged ? 17 : 18);
  holds(b, d->types, "", n * (tagged ? 2 : 1));
  holds(b, d->names, "y", n * name);
  holds(b, d->sort_list, "", (n + 1) * (d->release < 119 ? 2 : 4));
  holds(b, d->formats, "%8.0g", n * format);
  holds(b, d->label_names, "set", n * name);
  holds(b, d->labels, "the first", n * label);
}

START_TEST(finds_everything) {
  static const uint32_t widths[] = {1, 2, 4, 4, 8, 5, 8};
  static const char *const names[] = {"y", "i", "l", "f", "d", "s", "t"};
  for (size_t i = 0; i < N_RELEASES; i++)
    for (int big_endian = 0; big_endian < 2; big_endian++) {
      builder b;
      dta_places p = dta_build(&b, releases[i], big_endian, ROWS);
      emend_source *source = source_of(b.data, b.length);
      emend_error *error = emend_error_new();
      emend_dta_dictionary *d;
      int64_t n_rows;
      ck_assert_msg(emend_dta_scan(source, &n_rows, error) == EMEND_OK, "%u: %s", releases[i], emend_error_text(error));
      ck_assert_int_eq(n_rows, ROWS);
      ck_assert_int_eq(emend_dta_dictionary_read(source, &d, error), EMEND_OK);
      ck_assert(d->release == releases[i] && d->big_endian == big_endian && d->n_rows == ROWS);
      ck_assert_uint_eq(d->n_variables, p.n_variables);
      ck_assert_uint_eq(d->data_offset, p.data);
      uint64_t offset = 0;
      for (size_t v = 0; v < d->n_variables; v++) {
        ck_assert_int_eq(d->variables[v].type, EMEND_DTA_BYTE + (int)v);
        ck_assert_str_eq(d->variables[v].name, names[v]);
        ck_assert_uint_eq(d->variables[v].width, widths[v]);
        ck_assert_uint_eq(d->variables[v].offset, offset);
        offset += widths[v];
      }
      ck_assert_uint_eq(d->row_bytes, offset);
      finds_sections(&b, d);
      emend_dta_dictionary_free(d);
      emend_source_close(source);
      emend_error_free(error);
    }
}
END_TEST

/* One field of a sound file set to something else, and where the error points. Releases up to 115. */
START_TEST(refuses_damaged_fields) {
  for (int big_endian = 0; big_endian < 2; big_endian++)
    for (unsigned release = 113; release <= 115; release++) {
      builder b;
      dta_places p = dta_build(&b, release, big_endian, ROWS);
      const struct {
        size_t at;
        uint64_t value;
        size_t n_bytes;
        emend_status status;
        size_t error_at;
      } damage[] = {
          {0, 104, 1, EMEND_UNSUPPORTED, 0},
          {0, 116, 1, EMEND_UNSUPPORTED, 0},
          {1, 3, 1, EMEND_MALFORMED, 1},
          {4, 0, 2, EMEND_UNSUPPORTED, 4},
          {4, 60000, 2, EMEND_MALFORMED, 4},
          {6, 0x80000000, 4, EMEND_MALFORMED, 6},
          {6, 0x7FFFFFFF, 4, EMEND_MALFORMED, p.data},
          {p.types + 2, 250, 1, EMEND_MALFORMED, p.types + 2},
          {p.types + 2, 0, 1, EMEND_MALFORMED, p.types + 2},
          {p.characteristic, 2, 1, EMEND_MALFORMED, p.characteristic},
          {p.characteristic + 1, 0x7FFFFFFF, 4, EMEND_MALFORMED, p.characteristic + 5},
          {p.labels, 0x10000, 4, EMEND_MALFORMED, p.labels},
          {p.labels, 30, 4, EMEND_MALFORMED, p.labels + 40},     /* shorter than its content */
          {p.labels + 40, 3, 4, EMEND_MALFORMED, p.labels + 40}, /* three labels */
          {p.labels + 44, 8, 4, EMEND_MALFORMED, p.labels + 40}, /* bytes of text */
          {p.labels + 52, 7, 4, EMEND_MALFORMED, p.labels + 52}, /* a label behind the text */
      };
      for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        dta_build(&b, release, big_endian, ROWS);
        set_integer(&b, damage[i].at, damage[i].value, damage[i].n_bytes);
        refused(&b, damage[i].status, damage[i].error_at);
      }
    }
}
END_TEST

START_TEST(refuses_damaged_tagged_fields) {
  for (int big_endian = 0; big_endian < 2; big_endian++)
    for (unsigned release = 117; release <= 119; release++) {
      builder b;
      dta_places p = dta_build(&b, release, big_endian, ROWS);
      size_t name = release == 117 ? 33 : 129, table = p.labels + 4 + name + 3, n_k = release == 119 ? 4 : 2, n_n = release == 117 ? 4 : 8;
      size_t strl_type = p.strls + (release == 117 ? 8 : 12);
      const struct {
        size_t at;
        uint64_t value;
        size_t n_bytes;
        emend_status status;
        size_t error_at;
      } damage[] = {
          {20, 'x', 1, EMEND_MALFORMED, 0},    /* a tag */
          {28, '9', 1, EMEND_UNSUPPORTED, 28}, /* release 917 */
          {29, 'x', 1, EMEND_MALFORMED, 28},
          {52, 'X', 1, EMEND_MALFORMED, 52},   /* byte order */
          {70, 0, n_k, EMEND_UNSUPPORTED, 70}, /* no variables */
          {70, 60000, n_k, EMEND_MALFORMED, 70},
          {70 + n_k + 7, UINT64_MAX, n_n, EMEND_MALFORMED, p.data},                 /* observations */
          {70 + n_k + 7, ROWS + 1, n_n, EMEND_MALFORMED, p.data + (ROWS + 1) * 32}, /* one more: no tag where the data end */
          {p.map, b.length + 1, 8, EMEND_MALFORMED, p.map},
          {p.map + 9 * 8, p.data, 8, EMEND_MALFORMED, p.map + 9 * 8}, /* data, behind the tag */
          {p.map + 10 * 8, 0, 8, EMEND_MALFORMED, p.map + 10 * 8},
          {p.map + 11 * 8, UINT64_MAX, 8, EMEND_MALFORMED, p.map + 11 * 8},
          {p.types + 4, 2046, 2, EMEND_MALFORMED, p.types + 4},
          {p.types + 4, 0, 2, EMEND_MALFORMED, p.types + 4},
          {p.types + 4, 65525, 2, EMEND_MALFORMED, p.types + 4},
          {p.characteristic, 0x7FFFFFFF, 4, EMEND_MALFORMED, p.characteristic + 4},
          {strl_type, 131, 1, EMEND_MALFORMED, strl_type},
          {strl_type + 1, 0x7FFFFFFF, 4, EMEND_MALFORMED, strl_type + 5},
          {p.labels, 0x10000, 4, EMEND_MALFORMED, p.labels},
          {p.labels, 30, 4, EMEND_MALFORMED, table},
          {table, 3, 4, EMEND_MALFORMED, table},
          {table + 4, 8, 4, EMEND_MALFORMED, table},
          {table + 12, 7, 4, EMEND_MALFORMED, table + 12},
          {b.length - 2, 'x', 1, EMEND_MALFORMED, b.length - 27}, /* the last tag */
      };
      for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        dta_build(&b, release, big_endian, ROWS);
        set_integer(&b, damage[i].at, damage[i].value, damage[i].n_bytes);
        refused(&b, damage[i].status, damage[i].error_at);
      }
    }
}
END_TEST

/* Cut anywhere. Before 117 a file may end behind any whole set of value labels, and with less than the length of another. */
START_TEST(refuses_every_truncation) {
  for (size_t i = 0; i < N_RELEASES; i++) {
    builder b;
    dta_places p = dta_build(&b, releases[i], i % 2, ROWS);
    size_t end = releases[i] < 117 ? p.data + ROWS * 24 : b.length;
    for (size_t length = 0; length < b.length; length++) {
      int64_t n_rows;
      emend_status status = scan(b.data, length, &n_rows, NULL);
      bool may_open = length >= end && (releases[i] < 108 || length < end + 4);
      ck_assert_msg(status == (may_open ? EMEND_OK : EMEND_MALFORMED), "release %u, %zu of %zu bytes: status %d", releases[i], length,
                    b.length, status);
    }
  }
}
END_TEST

static void scan_damaged(const emend_source *source, void *context) {
  size_t *seen = context;
  int64_t n_rows;
  emend_error *error = emend_error_new();
  emend_status status = emend_dta_scan(source, &n_rows, error);
  ck_assert_msg(status == EMEND_OK || status == EMEND_MALFORMED || status == EMEND_UNSUPPORTED, "%s", emend_error_text(error));
  ck_assert(status || (n_rows >= 0 && (uint64_t)n_rows <= source->size)); /* a row has a byte at least */
  ck_assert_int_eq(status == EMEND_OK, emend_error_text(error)[0] == '\0');
  seen[status == EMEND_OK]++;
  emend_error_free(error);
}

START_TEST(survives_damage) {
  static const char *const files[] = {
      "data/format/tagged_115be.dta",      "data/format/tagged_117.dta",           "data/format/tagged_118.dta", "data/format/strl_118.dta",
      "data/format/pandas_compat_108.dta", "data/format/pandas_compat_be_111.dta", "data/real/popmis.dta"};
  if (!support_shared("data"))
    return;
  size_t length, seen[2] = {0};
  unsigned char *data = support_read(support_shared(files[_i]), &length);
  each_damaged(data, length, (uint64_t)_i, 400, scan_damaged, seen);
  ck_assert_uint_gt(seen[1], 0);
  free(data);
}
END_TEST

START_TEST(survives_damage_to_every_byte) {
  size_t seen[2] = {0};
  builder b;
  dta_build(&b, releases[_i], _i % 2, ROWS);
  for (size_t at = 0; at < b.length; at++) {
    unsigned char was = b.data[at];
    b.data[at] = at % 3 == 0 ? 0xFF : at % 3 == 1 ? 0 : was ^ 0x80;
    emend_source *source = source_of(b.data, b.length);
    scan_damaged(source, seen);
    emend_source_close(source);
    b.data[at] = was;
  }
  ck_assert_uint_gt(seen[0], 0);
}
END_TEST

static emend_status scan_file(const indexed *file, int64_t *n_rows, emend_error *error) {
  emend_source *source;
  ck_assert_int_eq(emend_source_open(file->path, &source, error), EMEND_OK);
  emend_status status = emend_dta_scan(source, n_rows, error);
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
  ck_assert_msg(scan_file(file, &n_rows, NULL) != EMEND_OK, "%s was not refused", file->name);
}

START_TEST(agrees_with_the_index) {
  size_t n_valid = each_indexed(".dta", "valid", opens, NULL), n_bad = each_indexed(".dta", "bad", is_refused, NULL);
  ck_assert(!support_shared("data") || (n_valid > 25 && n_bad > 8));
}
END_TEST

SUITE {
  Suite *suite = suite_create("dta");
  TCase *sound = tcase_create("sound"), *damaged = tcase_create("damaged");
  tcase_add_test(sound, finds_everything);
  tcase_add_test(sound, agrees_with_the_index);
  tcase_set_timeout(damaged, 120);
  tcase_add_test(damaged, refuses_damaged_fields);
  tcase_add_test(damaged, refuses_damaged_tagged_fields);
  tcase_add_test(damaged, refuses_every_truncation);
  tcase_add_loop_test(damaged, survives_damage, 0, 7);
  tcase_add_loop_test(damaged, survives_damage_to_every_byte, 0, N_RELEASES);
  suite_add_tcase(suite, sound);
  suite_add_tcase(suite, damaged);
  return suite;
}
