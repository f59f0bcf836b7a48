/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "building.h"
#include "io/format.h"
#include "patching.h"
#include "support/support.h"

/*
 * Patched .dta files against a checker of their own: from the published layout it finds the types and the first row in its own few lines,
 * builds the file that should come out, and compares all of it.
 */

/* --- the checker --- */

enum { MOST = 200 };
typedef struct layout {
  unsigned release;
  bool big_endian;
  size_t n_variables, n_rows, data_offset, row_bytes;
  char kind[MOST]; /* b i l f d, or s */
  size_t offset[MOST], width[MOST];
} layout;

static uint64_t integer(const unsigned char *p, size_t n, bool big_endian) {
  uint64_t value = 0;
  for (size_t i = 0; i < n; i++)
    value = value << 8 | p[big_endian ? i : n - 1 - i];
  return value;
}

static void put_type(layout *l, unsigned code) {
  size_t v = l->n_variables;
  if (l->release < 111) /* letters, and strings from 0x80 on */
    code = code >= 0x80 ? code - 0x7F : 251 + (unsigned)(strchr("bilfd", (int)code) - "bilfd");
  unsigned first = l->release < 117 ? 251 : 65530;
  int step = l->release < 117 ? (int)code - (int)first : (int)first - (int)code;
  bool number = step >= 0 && step < 5;
  l->kind[v] = number ? "bilfd"[step] : 's';
  l->width[v] = number ? (size_t[]){1, 2, 4, 4, 8}[step] : code == 32768 ? 8 : code;
  l->offset[v] = l->row_bytes;
  l->row_bytes += l->width[v];
  l->n_variables++;
}

/* Header, types, names, sort list, formats, names of label sets, labels, expansion fields. */
static layout layout_of_old(const bytes *file) {
  const unsigned char *p = file->data;
  layout l = {.release = p[0], .big_endian = p[1] == 1};
  size_t n = integer(p + 4, 2, l.big_endian), at = l.release < 108 ? 60 : 109, name = l.release < 110 ? 9 : 33, count = l.release < 110 ? 2 : 4;
  l.n_rows = integer(p + 6, 4, l.big_endian);
  for (size_t v = 0; v < n; v++)
    put_type(&l, p[at++]);
  at += 2 * n * name + 2 * (n + 1) + n * (l.release < 114 ? 12 : 49) + n * (l.release < 108 ? 32 : 81);
  for (uint64_t length; (length = integer(p + at + 1, count, l.big_endian)) != 0 || p[at] != 0;)
    at += 1 + count + length;
  l.data_offset = at + 1 + count;
  return l;
}

/* 117 and later: by the tags, which occur in this order. */
static layout layout_of_new(const bytes *file) {
  const unsigned char *p = file->data;
  layout l = {.release = (unsigned)strtoul((const char *)p + 28, NULL, 10), .big_endian = p[52] == 'M'};
  size_t n = integer(p + 70, l.release == 119 ? 4 : 2, l.big_endian);
  const unsigned char *rows = memmem(p, file->length, "</K><N>", 7);
  const unsigned char *types = memmem(p, file->length, "<variable_types>", 16);
  const unsigned char *map = memmem(p, file->length, "<map>", 5);
  ck_assert(rows && types && map);
  l.n_rows = integer(rows + 7, l.release == 117 ? 4 : 8, l.big_endian);
  for (size_t v = 0; v < n; v++)
    put_type(&l, (unsigned)integer(types + 16 + 2 * v, 2, l.big_endian));
  l.data_offset = integer(map + 5 + 9 * 8, 8, l.big_endian) + 6;
  ck_assert_mem_eq(p + l.data_offset - 6, "<data>", 6);
  return l;
}

static void put_cell(const layout *l, size_t v, double value, unsigned char *p) {
  union {
    double d;
    float f;
    uint64_t u8;
    uint32_t u4;
  } bits = {.d = value};
  uint64_t image = bits.u8;
  if (l->kind[v] == 'f') {
    bits.f = (float)value;
    image = bits.u4;
  } else if (l->kind[v] != 'd') {
    image = (uint64_t)(int64_t)value;
  }
  for (size_t i = 0; i < l->width[v]; i++)
    p[l->big_endian ? l->width[v] - 1 - i : i] = (unsigned char)(image >> 8 * i);
}

static layout layout_of(const bytes *file) { return file->data[0] == '<' ? layout_of_new(file) : layout_of_old(file); }

static void check_copy(const bytes *original, const bytes *copy, const changes *c) {
  layout l = layout_of(original);
  unsigned char *wanted = malloc(original->length);
  memcpy(wanted, original->data, original->length);
  ck_assert_uint_eq(l.n_variables, emend_dataset_variables(c->dataset));
  ck_assert_uint_eq(l.n_rows, emend_dataset_rows(c->dataset));
  for (size_t row = 0; row < l.n_rows; row++)
    for (size_t v = 0; v < l.n_variables; v++)
      if (is_changed(c, row, v))
        put_cell(&l, v, c->value(c, row, v), wanted + l.data_offset + row * l.row_bytes + l.offset[v]);
  ck_assert_uint_eq(copy->length, original->length);
  ck_assert_mem_eq(copy->data, wanted, original->length);
  if (c->which == NOTHING)
    ck_assert_mem_eq(copy->data, original->data, original->length);
  free(wanted);
}

/* --- values of each type, the ends of its range among them --- */

static double draw_value(const changes *c, size_t row, size_t variable) {
  const layout *l = c->context;
  double u = chance(c->seed + 1, row, variable), kind = chance(c->seed + 2, row, variable);
  bool low = kind<0.1, high = kind> 0.9, old = l->release < 113; /* the largest number, not the largest 27, is missing */
  switch (l->kind[variable]) {
  case 'b': return low ? -127 : high ? (old ? 126 : 100) : floor(228 * u) - 127;
  case 'i': return low ? -32767 : high ? (old ? 32766 : 32740) : floor(65508 * u) - 32767;
  case 'l': return low ? -2147483647 : high ? (old ? 2147483646 : 2147483620) : floor(4294967268.0 * u) - 2147483647;
  case 'f': return low ? -0x1.fffffep126 : high ? 0x1.fffffep126 : kind < 0.5 ? u : 1e6 * (u - 0.5);
  default: return low ? -DBL_MAX : high ? 0x1.fffffffffffffp1022 : kind < 0.5 ? u : 1e6 * (u - 0.5);
  }
}

static bool dates_convert(const emend_dataset *dataset, size_t variable) {
  return emend_variable_get_kind(dataset, variable) != EMEND_NUMERIC;
}

static void check_file(const char *path) {
  bytes original, copy;
  original.data = support_read(path, &original.length);
  emend_file *file = read_shared(path);
  layout l = layout_of(&original);
  emend_error *error = emend_error_new();
  for (int which = NOTHING; which < CHOICES; which++) {
    changes c = {.dataset = file->dataset, .which = (choice)which, .seed = 11, .value = draw_value, .context = &l};
    emend_status status = patch(emend_dta_open_patch, file->source, &c, &copy, error);
    ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
    check_copy(&original, &copy, &c);
    /* And read again: what was written is an answer, in the right cell. */
    support_write(support_scratch("again.dta"), copy.data, copy.length);
    emend_file *again = read_shared(support_scratch("again.dta"));
    for (size_t row = 0; row < l.n_rows; row++)
      for (size_t v = 0; v < l.n_variables; v++)
        if (is_changed(&c, row, v) && !dates_convert(c.dataset, v)) {
          double value = draw_value(&c, row, v);
          ck_assert_int_eq(emend_cell_reason(again->dataset, row, v), EMEND_OBSERVED);
          ck_assert_double_eq(emend_cell_value(again->dataset, row, v), l.kind[v] == 'f' ? (double)(float)value : value);
        }
    emend_file_close(again);
    free(copy.data);
  }
  emend_error_free(error);
  emend_file_close(file);
  free(original.data);
}

static void visit_file(const indexed *file, void *context) {
  check_file(file->path);
  ++*(size_t *)context;
}

START_TEST(changes_only_imputed_cells) {
  size_t n = 0;
  each_indexed(".dta", "valid", visit_file, &n);
  ck_assert(!support_shared("data") || n > 25);
}
END_TEST

START_TEST(patches_every_release) {
  static const unsigned releases[] = {105, 108, 110, 111, 112, 113, 114, 115, 117, 118, 119};
  for (size_t i = 0; i < sizeof releases / sizeof *releases; i++)
    for (int big_endian = 0; big_endian < 2; big_endian++) {
      builder b;
      dta_build(&b, releases[i], big_endian, 60);
      char path[4096];
      snprintf(path, sizeof path, "%s", support_scratch("built.dta"));
      support_write(path, b.data, b.length);
      check_file(path);
    }
}
END_TEST

/* Long strings: the reference is cut at 4, 2 or 3 bytes; a binary one is no text, and no reason to refuse the file. */
START_TEST(reads_long_strings) {
  static const unsigned releases[] = {117, 118, 119};
  for (int variant = 0; variant < 12; variant++) {
    unsigned release = releases[variant / 4];
    bool binary = variant & 2;
    size_t split = release == 117 ? 4 : release == 118 ? 2 : 3;
    builder b;
    dta_places p = dta_build(&b, release, variant & 1, 3);
    size_t cell = p.data + 24;
    set_integer(&b, cell, 7, split);
    set_integer(&b, cell + split, 1, 8 - split);
    b.data[p.strls + (release == 117 ? 8 : 12)] = binary ? 129 : 130;
    support_write(support_scratch("strl.dta"), b.data, b.length);
    emend_file *file = read_shared(support_scratch("strl.dta"));
    emend_cell cells[7];
    for (size_t row = 0; row < 2; row++) {
      emend_dataset_read_row(file->dataset, row, cells);
      ck_assert_str_eq(emend_dataset_text(file->dataset, cells[6].text), row || binary ? "" : "text");
    }
    ck_assert_uint_eq(emend_dataset_warnings(file->dataset), binary);
    emend_file_close(file);
    check_file(support_scratch("strl.dta"));
    if (release == 119 && !binary) { /* a reference to nothing */
      set_integer(&b, cell, 6, split);
      support_write(support_scratch("strl.dta"), b.data, b.length);
      ck_assert_int_eq(emend_file_read(support_scratch("strl.dta"), NULL, NULL, &file, NULL), EMEND_MALFORMED);
    }
  }
}
END_TEST

/* Bytes that are no text: the cell is named. */
START_TEST(places_undefined_long_strings) {
  builder b;
  dta_places p = dta_build(&b, 118, false, 3);
  set_integer(&b, p.data + 24, 7, 2), set_integer(&b, p.data + 26, 1, 6);
  b.data[p.strls + 12] = 129; /* binary, so that emend reads them; the other is a text */
  support_write(support_scratch("strl.dta"), b.data, b.length);
  emend_file *file = read_shared(support_scratch("strl.dta"));
  ck_assert_uint_eq(emend_dataset_warnings(file->dataset), 1);
  emend_file_close(file);
  p = dta_build(&b, 119, false, 3);
  set_integer(&b, p.data + 24, 7, 3), set_integer(&b, p.data + 27, 1, 5);
  memcpy(memmem(b.data, b.length, "text", 4), "te\xFFt", 4);
  support_write(support_scratch("strl.dta"), b.data, b.length);
  file = read_shared(support_scratch("strl.dta"));
  ck_assert_uint_eq(emend_dataset_warnings(file->dataset), 1);
  ck_assert_ptr_nonnull(strstr(emend_dataset_warning(file->dataset, 0), "1 long strings hold bytes that UTF-8 does not define (row 1 of t);"));
  emend_file_close(file);
}
END_TEST

/* Value labels as they were before release 108, and something else in their place. */
START_TEST(reads_labels_of_release_105) {
  for (int big_endian = 0; big_endian < 2; big_endian++) {
    builder b;
    dta_places p = dta_build(&b, 105, big_endian, 3);
    support_write(support_scratch("labels.dta"), b.data, b.length);
    emend_file *file = read_shared(support_scratch("labels.dta"));
    ck_assert_str_eq(emend_variable_value_label(file->dataset, 0, 0), "no");
    ck_assert_str_eq(emend_variable_value_label(file->dataset, 0, 1), "yes, yes");
    ck_assert_uint_eq(emend_dataset_label_sets(file->dataset), 1);
    ck_assert_uint_eq(emend_dataset_warnings(file->dataset), 0);
    emend_file_close(file);
    check_file(support_scratch("labels.dta"));
    set_integer(&b, p.labels, 3, 2);
    support_write(support_scratch("labels.dta"), b.data, b.length);
    file = read_shared(support_scratch("labels.dta"));
    ck_assert_uint_eq(emend_dataset_warnings(file->dataset), 1);
    ck_assert_ptr_nonnull(strstr(emend_dataset_warning(file->dataset, 0), "no table of value labels of release 105"));
    emend_file_close(file);
    check_file(support_scratch("labels.dta"));
  }
}
END_TEST

/* --- refusals --- */

static double the_value(const changes *c, size_t row, size_t variable) {
  (void)row;
  return ((const double *)c->context)[variable];
}

/* The file has one variable of each type: value by value, in one variable after another, what does not fit. */
START_TEST(refuses_values_that_do_not_fit) {
  static const struct {
    char kind;
    double value;
  } bad[] = {{'b', 101},      {'b', -128},         {'b', 1.5},           {'b', NAN},   {'i', 32741},           {'i', -32768},
             {'i', 0.25},     {'l', 2147483621.0}, {'l', -2147483648.0}, {'l', 1e300}, {'f', 0x1.fffffffp126}, {'f', -0x1p127},
             {'f', -1e39},    {'f', INFINITY}, {'d', 0x1p1023},     {'d', -INFINITY},     {'d', NAN}};
  if (!support_shared("data"))
    return;
  bytes original, copy;
  original.data = support_read(support_shared("data/format/tagged_115be.dta"), &original.length);
  layout l = layout_of(&original);
  emend_file *file = read_shared(support_shared("data/format/tagged_115be.dta"));
  emend_error *error = emend_error_new();
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    double values[MOST] = {0};
    size_t at = l.n_variables;
    for (size_t v = 0; v < l.n_variables; v++)
      if (l.kind[v] == bad[i].kind)
        values[at = v] = bad[i].value;
    ck_assert_uint_lt(at, l.n_variables);
    changes c = {.dataset = file->dataset, .which = EVERYTHING, .value = the_value, .context = values};
    ck_assert_int_eq(patch(emend_dta_open_patch, file->source, &c, &copy, error), EMEND_INTERNAL);
    ck_assert_str_eq(emend_error_variable(error), emend_variable_name(file->dataset, at));
    ck_assert_int_eq(emend_error_row(error), 1);
  }
  emend_error_free(error);
  emend_file_close(file);
  free(original.data);
}
END_TEST

/* Old releases: more numbers are answers, but not the last of each type. */
START_TEST(knows_the_missing_values_of_old_releases) {
  for (unsigned release = 105; release < 113; release++) {
    if (release == 106 || release == 107 || release == 109)
      continue; /* never released */
    static const double least[] = {127, 32767, 2147483647.0, 0x1p127, 0x1p1023, 0x1p333};
    builder b;
    dta_build(&b, release, release & 1, 2);
    support_write(support_scratch("old.dta"), b.data, b.length);
    emend_file *file = read_shared(support_scratch("old.dta"));
    emend_error *error = emend_error_new();
    for (size_t i = 0; i < 6; i++) {
      double values[MOST] = {0};
      bytes copy;
      size_t v = i < 5 ? i : 4;
      values[v] = least[i];
      changes c = {.dataset = file->dataset, .which = EVERYTHING, .value = the_value, .context = values};
      emend_status status = patch(emend_dta_open_patch, file->source, &c, &copy, error);
      ck_assert_int_eq(status, i < 5 || release == 105 ? EMEND_INTERNAL : EMEND_OK);
      free(copy.data);
    }
    emend_error_free(error);
    emend_file_close(file);
  }
}
END_TEST

START_TEST(refuses_other_datasets) {
  static const char *const others[] = {"data/format/pyr_sample.dta", "data/format/zero_rows.dta", "data/format/names_case.dta"};
  if (!support_shared("data"))
    return;
  emend_file *file = read_shared(support_shared("data/format/tagged_118.dta"));
  emend_error *error = emend_error_new();
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    emend_source *other;
    bytes copy;
    changes c = {.dataset = file->dataset, .which = NOTHING};
    ck_assert_int_eq(emend_source_open(support_shared(others[i]), &other, error), EMEND_OK);
    ck_assert_int_eq(patch(emend_dta_open_patch, other, &c, &copy, error), EMEND_MALFORMED);
    emend_source_close(other);
  }
  emend_error_free(error);
  emend_file_close(file);
}
END_TEST

static double zero(const changes *c, size_t row, size_t variable) {
  (void)c, (void)row, (void)variable;
  return 0;
}

static void patch_damaged(const emend_source *source, void *context) {
  const emend_file *file = context;
  emend_error *error = emend_error_new();
  changes c = {.dataset = file->dataset, .which = SOME, .seed = 3, .value = zero};
  emend_status status = patch(emend_dta_open_patch, source, &c, NULL, error);
  ck_assert_msg(status == EMEND_OK || status == EMEND_MALFORMED || status == EMEND_UNSUPPORTED || status == EMEND_INTERNAL, "%s",
                emend_error_text(error));
  emend_error_free(error);
}

START_TEST(survives_damage) {
  static const char *const files[] = {"data/format/tagged_115be.dta", "data/format/tagged_117.dta", "data/format/strl_118.dta",
                                      "data/format/pandas_compat_be_118.dta", "data/format/pandas_allmissing_113.dta"};
  if (!support_shared("data"))
    return;
  emend_file *file = read_shared(support_shared(files[_i]));
  size_t length;
  unsigned char *data = support_read(support_shared(files[_i]), &length);
  each_damaged(data, length, 200 + (uint64_t)_i, 300, patch_damaged, file);
  free(data);
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
  layout l = layout_of(&original);
  for (int which = NOTHING; which <= SOME; which++) {
    changes c = {.dataset = file->dataset, .which = (choice)which, .seed = 11, .value = draw_value, .context = &l};
    if (patch(emend_dta_open_patch, file->source, &c, &copy, NULL) == EMEND_OK) {
      check_copy(&original, &copy, &c);
      *n_patched += which == SOME;
    }
    free(copy.data);
  }
  free(original.data);
  emend_file_close(file);
}

START_TEST(patches_or_refuses_doubtful_files) {
  size_t n_patched = 0, n = each_indexed(".dta", "either", visit_doubtful, &n_patched);
  ck_assert(n == 0 || n_patched > 0);
}
END_TEST

SUITE {
  Suite *suite = suite_create("dta patch");
  TCase *copies = tcase_create("copies"), *refusals = tcase_create("refusals");
  tcase_set_timeout(copies, 120);
  tcase_add_test(copies, changes_only_imputed_cells);
  tcase_add_test(copies, patches_every_release);
  tcase_add_test(copies, reads_long_strings);
  tcase_add_test(copies, places_undefined_long_strings);
  tcase_add_test(copies, reads_labels_of_release_105);
  tcase_add_test(copies, patches_or_refuses_doubtful_files);
  tcase_set_timeout(refusals, 120);
  tcase_add_test(refusals, refuses_values_that_do_not_fit);
  tcase_add_test(refusals, knows_the_missing_values_of_old_releases);
  tcase_add_test(refusals, refuses_other_datasets);
  tcase_add_loop_test(refusals, survives_damage, 0, 5);
  suite_add_tcase(suite, copies);
  suite_add_tcase(suite, refusals);
  return suite;
}
