/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "building.h"
#include "io/format.h"
#include "io/xpt_dictionary.h"
#include "patching.h"
#include "support/support.h"

/*
 * Patched SAS transport files against a checker of their own: it finds the variables and the first row in its own few lines, reads the
 * changed numbers back by the definition of the IBM format, and compares all other bytes.
 */

enum { MOST = 300 };
typedef struct layout {
  size_t n_variables, data, row_bytes, offset[MOST], width[MOST];
  bool is_text[MOST];
} layout;

static size_t big(const unsigned char *p) { return (size_t)(p[0] << 8 | p[1]); }

static layout layout_of(const bytes *file) {
  layout l = {0};
  const unsigned char *names = memmem(file->data, file->length, "*NAMESTR", 8), *member = memmem(file->data, file->length, "*MEMB", 5);
  const unsigned char *obs = memmem(file->data, file->length, "*OBS", 4);
  names = names ? names : memmem(file->data, file->length, "*NAMSTV8", 8);
  ck_assert(names && member && obs);
  size_t step = (size_t)atoi((const char *)member + 74 - 19), n = (size_t)strtoul((const char[]){names[34], names[35], names[36], names[37], names[38], 0}, NULL, 10);
  const unsigned char *p = names - 19 + 80;
  for (l.n_variables = 0; l.n_variables < n; l.n_variables++, p += step) {
    l.is_text[l.n_variables] = big(p) == 2;
    l.width[l.n_variables] = big(p + 4);
    l.offset[l.n_variables] = l.row_bytes;
    l.row_bytes += big(p + 4);
  }
  l.data = (size_t)(obs - file->data) - 19 + 80;
  return l;
}

/* By definition; *unit is the value of the last bit stored. */
static double ibm(const unsigned char *p, size_t width, double *unit) {
  double fraction = 0;
  for (size_t i = width - 1; i > 0; i--)
    fraction = (fraction + p[i]) / 256;
  double scale = pow(16, (p[0] & 0x7F) - 64);
  *unit = scale * pow(256, -(double)(width - 1));
  return (p[0] & 0x80 ? -1 : 1) * fraction * scale;
}

static void check_copy(const bytes *original, const bytes *copy, const changes *c) {
  layout l = layout_of(original);
  unsigned char *wanted = malloc(original->length);
  memcpy(wanted, original->data, original->length);
  ck_assert_uint_eq(copy->length, original->length);
  ck_assert_uint_eq(l.n_variables, emend_dataset_variables(c->dataset));
  for (size_t row = 0; row < emend_dataset_rows(c->dataset); row++)
    for (size_t v = 0; v < l.n_variables; v++)
      if (is_changed(c, row, v)) {
        size_t at = l.data + row * l.row_bytes + l.offset[v];
        double unit, value = c->value(c, row, v), stored = ibm(copy->data + at, l.width[v], &unit);
        ck_assert_double_le(fabs(stored - value), unit / 2);
        ck_assert(value == 0 || copy->data[at + 1] >= 16); /* normalised */
        memcpy(wanted + at, copy->data + at, l.width[v]);
      }
  ck_assert_mem_eq(copy->data, wanted, original->length);
  free(wanted);
}

static double draw_value(const changes *c, size_t row, size_t variable) {
  double u = chance(c->seed + 1, row, variable), kind = chance(c->seed + 2, row, variable);
  return kind < 0.1 ? 0 : kind < 0.4 ? floor(200 * u) - 100 : kind < 0.8 ? 1e5 * (u - 0.5) : kind < 0.9 ? -7e75 * u : 1e-70 * (u + 0.1);
}

static void check_file(const char *path) {
  bytes original, copy;
  original.data = support_read(path, &original.length);
  emend_file *file = read_shared(path);
  emend_error *error = emend_error_new();
  layout l = layout_of(&original);
  for (int which = NOTHING; which < CHOICES; which++) {
    changes c = {.dataset = file->dataset, .which = (choice)which, .seed = 13, .value = draw_value};
    emend_status status = patch(emend_xpt_open_patch, file->source, &c, &copy, error);
    ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
    check_copy(&original, &copy, &c);
    support_write(support_scratch("again.xpt"), copy.data, copy.length);
    emend_file *again = read_shared(support_scratch("again.xpt"));
    for (size_t row = 0; row < emend_dataset_rows(c.dataset); row++)
      for (size_t v = 0; v < l.n_variables; v++)
        if (is_changed(&c, row, v)) {
          double wanted = draw_value(&c, row, v);
          ck_assert_int_eq(emend_cell_reason(again->dataset, row, v), EMEND_OBSERVED);
          ck_assert_double_le(fabs(emend_cell_value(again->dataset, row, v) - wanted), fabs(wanted) * pow(2, 4 - 8.0 * (double)(l.width[v] - 1)) + fabs(wanted) * 1e-15);
        }
    emend_file_close(again);
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
  size_t n = each_indexed(".xpt", "valid", visit_file, NULL);
  ck_assert(!support_shared("data") || n > 3);
}
END_TEST

/* --- files made here: version 5 or 8, `n_rows` rows of a text of 5 bytes and numbers of 3 to 8 --- */

static void add_record(builder *b, const char *name, const char *numbers) {
  char text[81];
  snprintf(text, sizeof text, "HEADER RECORD*******%-8.8sHEADER RECORD!!!!!!!%-32.32s", name, numbers);
  add(b, text, 80);
}

static void end_record(builder *b) {
  while (b->length % 80)
    add_text(b, " ");
}

/* Version 5; 8; 8 with the section that holds long formats, too. */
enum { FIVE, EIGHT, NINE, N_FORMS };

static void build(builder *b, int form, size_t n_rows, size_t n_numbers) {
  bool eight = form != FIVE;
  *b = (builder){.big_endian = true};
  char numbers[40];
  add_record(b, eight ? "LIBV8" : "LIBRARY", "000000000000000000000000000000");
  add_padded(b, "SAS     SAS     SASLIB  9.4     Linux", 160, ' ');
  add_record(b, eight ? "MEMBV8" : "MEMBER", "000000000000000001600000000140");
  add_record(b, eight ? "DSCPTV8" : "DSCRPTR", "000000000000000000000000000000");
  add_padded(b, "SAS     DATA    SASDATA 9.4     Linux", 160, ' ');
  snprintf(numbers, sizeof numbers, "00000%05zu00000000000000000000", n_numbers + 1);
  add_record(b, eight ? "NAMSTV8" : "NAMESTR", numbers);
  for (size_t v = 0, place = 0; v <= n_numbers; v++) {
    char name[33];
    size_t width = v ? 2 + v : 5;
    snprintf(name, sizeof name, eight ? "a_rather_long_name_%zu" : "V%zu", v);
    add_integer(b, v ? 1 : 2, 2), add_integer(b, 0, 2), add_integer(b, width, 2), add_integer(b, v + 1, 2);
    add_padded(b, name, 8, ' ');
    add_padded(b, "a label", 40, ' ');
    add_padded(b, "", 8, ' '), add_zeros(b, 8), add_padded(b, "", 8, ' '), add_zeros(b, 4);
    add_integer(b, place, 4);
    if (eight)
      add_padded(b, name, 32, ' '), add_integer(b, 7, 2), add_zeros(b, 18);
    else
      add_zeros(b, 52);
    place += width;
  }
  end_record(b);
  if (eight) {
    add_record(b, form == NINE ? "LABELV9" : "LABELV8", "00001");
    add_integer(b, 1, 2), add_integer(b, 20, 2), add_integer(b, 60, 2);
    if (form == NINE)
      add_integer(b, 18, 2), add_integer(b, 0, 2);
    add_padded(b, "a_rather_long_name_0", 20, ' '), add_padded(b, "a label of more than forty characters", 60, '.');
    if (form == NINE)
      add(b, "$ANSWERS_IN_FULL5.", 18);
    end_record(b);
  }
  add_record(b, eight ? "OBSV8" : "OBS", "000000000000000000000000000000");
  for (size_t row = 0; row < n_rows; row++) {
    add_padded(b, n_numbers ? "abc" : "", 5, ' ');
    for (size_t v = 1; v <= n_numbers; v++) {
      static const char missing[] = "._AZ";
      bool answer = (row + v) % 3;
      add(b, answer ? "\x41" : &missing[(row + v) / 3 % 4], 1);
      add_padded(b, answer ? "\x20" : "", v + 1, '\0');
    }
  }
  end_record(b);
}

static void read_added(const void *state, size_t row, emend_cell *cells) {
  const emend_dataset *dataset = ((const changes *)state)->dataset;
  emend_dataset_read_row(dataset, row, cells);
  cells[emend_dataset_variables(dataset)] = (emend_cell){.value = 7.25};
}

START_TEST(patches_both_versions) {
  for (size_t n_rows = 0; n_rows < 40; n_rows += 3) {
    builder b;
    build(&b, _i, n_rows, 6);
    char path[4096];
    snprintf(path, sizeof path, "%s", support_scratch("built.xpt"));
    support_write(path, b.data, b.length);
    check_file(path);
    emend_file *file = read_shared(path);
    ck_assert_uint_eq(emend_dataset_rows(file->dataset), n_rows);
    ck_assert_str_eq(emend_variable_name(file->dataset, 2), _i ? "a_rather_long_name_2" : "V2");
    emend_file_close(file);
  }
}
END_TEST

/* Labels together with formats: what is there is kept, and another joins it. */
START_TEST(labels_with_formats) {
  static const emend_added_variable added = {.name = "a_rather_long_name_x", .storage = EMEND_STORAGE_F64, .decimals = 2,
                                             .label = "another label that is longer than forty bytes"};
  builder b;
  build(&b, NINE, 5, 3);
  char path[4096], rebuilt[4096];
  snprintf(path, sizeof path, "%s", support_scratch("nine.xpt"));
  snprintf(rebuilt, sizeof rebuilt, "%s", support_scratch("rebuilt.xpt"));
  support_write(path, b.data, b.length);
  emend_file *file = read_shared(path);
  ck_assert_int_eq(strncmp(emend_variable_label(file->dataset, 0), "a label of more than forty characters...", 40), 0);
  ck_assert_uint_eq(strlen(emend_variable_label(file->dataset, 0)), 60);
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  emend_writer *writer;
  changes c = {.dataset = file->dataset};
  emend_rows rows = {.dataset = file->dataset, .added = &added, .n_added = 1, .n_rows = 5, .state = &c, .read = read_added};
  ck_assert_int_eq(emend_outputs_open(outputs, rebuilt, 1, &output, NULL), EMEND_OK);
  ck_assert_int_eq(emend_xpt_open_rebuild(file->source, &rows, NULL, output, &writer, NULL), EMEND_OK);
  ck_assert_int_eq(emend_writer_pour(writer, &rows, NULL, NULL), EMEND_OK);
  ck_assert_int_eq(emend_outputs_publish(outputs, NULL), EMEND_OK);
  writer->free(writer);
  emend_outputs_free(outputs);
  emend_file_close(file);
  file = read_shared(rebuilt);
  ck_assert_uint_eq(emend_dataset_rows(file->dataset), 5);
  ck_assert_uint_eq(strlen(emend_variable_label(file->dataset, 0)), 60);
  ck_assert_str_eq(emend_variable_label(file->dataset, 4), added.label);
  ck_assert_double_eq(emend_cell_value(file->dataset, 2, 4), 7.25);
  emend_file_close(file);
  size_t length;
  unsigned char *bytes = support_read(rebuilt, &length);
  ck_assert_ptr_nonnull(memmem(bytes, length, "$ANSWERS_IN_FULL5.", 18));
  char *head = memmem(bytes, length, "HEADER RECORD*******LABELV9 HEADER RECORD!!!!!!!", 48);
  ck_assert_ptr_nonnull(head);
  ck_assert_int_eq(strtol(head + 48, NULL, 10), 2);
  free(bytes);
}
END_TEST

/* Rows of blank texts only: those before the last record are rows; what could be filling is not. */
START_TEST(keeps_blank_rows) {
  builder b;
  build(&b, _i, 32, 0); /* two records of 16 rows */
  char path[4096];
  snprintf(path, sizeof path, "%s", support_scratch("blank.xpt"));
  support_write(path, b.data, b.length);
  emend_file *file = read_shared(path);
  ck_assert_uint_eq(emend_dataset_rows(file->dataset), 17);
  emend_file_close(file);
  check_file(path);
}
END_TEST

/* --- refusals --- */

static void refuse(const builder *b, emend_status wanted, const char *word) {
  emend_source *source = source_of(b->data, b->length);
  emend_xpt_dictionary *d;
  emend_error *error = emend_error_new();
  ck_assert_int_eq(emend_xpt_dictionary_read(source, &d, error), wanted);
  ck_assert_ptr_null(d);
  ck_assert_msg(strstr(emend_error_message(error), word), "%s", emend_error_message(error));
  emend_error_free(error);
  emend_source_close(source);
}

START_TEST(refuses_what_it_cannot_place) {
  builder b;
  build(&b, false, 3, 3);
  size_t first = 8 * 80; /* description of the first variable */
  builder bad = b;
  set_integer(&bad, first + 140 + 84, 99, 4);
  refuse(&bad, EMEND_UNSUPPORTED, "byte 99");
  bad = b, set_integer(&bad, first + 140 + 4, 9, 2);
  refuse(&bad, EMEND_MALFORMED, "9 bytes wide");
  bad = b, set_integer(&bad, first, 3, 2);
  refuse(&bad, EMEND_MALFORMED, "type 3");
  bad = b, memcpy(bad.data + 7 * 80 + 53, "99999", 5);
  refuse(&bad, EMEND_MALFORMED, "99999 variables");
  bad = b, add_record(&bad, "MEMBER", "");
  refuse(&bad, EMEND_UNSUPPORTED, "second data set");
  bad = b, bad.length = 1000;
  refuse(&bad, EMEND_MALFORMED, "");
  bad = b, bad.data[25] = 'x';
  refuse(&bad, EMEND_MALFORMED, "LIBRARY");
}
END_TEST

/* 160 bytes of data in rows of 200: too long for filling. */
START_TEST(refuses_a_row_cut_short) {
  builder b;
  build(&b, false, 32, 0);
  set_integer(&b, 8 * 80 + 4, 200, 2);
  refuse(&b, EMEND_MALFORMED, "cut short");
  add_padded(&b, "", 80, ' ');
  emend_source *source = source_of(b.data, b.length);
  emend_xpt_dictionary *d;
  ck_assert_int_eq(emend_xpt_dictionary_read(source, &d, NULL), EMEND_OK);
  ck_assert_uint_eq(d->least_rows, 1);
  ck_assert_uint_eq(d->most_rows, 1);
  emend_xpt_dictionary_free(d);
  emend_source_close(source);
}
END_TEST

START_TEST(puts_numbers) {
  static const struct {
    double value;
    unsigned char bytes[8];
  } known[] = {{1, {0x41, 0x10}},
               {-118.625, {0xC2, 0x76, 0xA0}},
               {0, {0}},
               {0x1p-260, {0}},
               {1e-100, {0}},
               {0.1, {0x40, 0x19, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A}}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    unsigned char bytes[8];
    ck_assert(emend_xpt_number_put(known[i].value, 8, bytes));
    if (known[i].value != 0x1p-260)
      ck_assert_mem_eq(bytes, known[i].bytes, 8);
    double unit;
    ck_assert(fabs(ibm(bytes, 8, &unit) - known[i].value) <= unit);
  }
  unsigned char bytes[8];
  ck_assert(emend_xpt_number_put(7.2e75, 8, bytes));
  ck_assert(!emend_xpt_number_put(7.3e75, 8, bytes));
  ck_assert(!emend_xpt_number_put(-1e300, 3, bytes));
  /* Rounding up to the next power of 16, and past the largest. */
  ck_assert(emend_xpt_number_put(65535.9, 3, bytes));
  ck_assert_mem_eq(bytes, ((unsigned char[]){0x45, 0x10, 0}), 3);
  ck_assert(!emend_xpt_number_put(nextafter(0x1p252, 0), 3, bytes));
}
END_TEST

static double huge(const changes *c, size_t row, size_t variable) {
  (void)row, (void)variable;
  return *(const double *)c->context;
}

START_TEST(refuses_values_that_do_not_fit) {
  builder b;
  build(&b, true, 3, 2);
  support_write(support_scratch("values.xpt"), b.data, b.length);
  emend_file *file = read_shared(support_scratch("values.xpt"));
  emend_error *error = emend_error_new();
  const double values[] = {NAN, INFINITY, 1e76};
  for (size_t i = 0; i < 3; i++) {
    bytes copy;
    changes c = {.dataset = file->dataset, .which = EVERYTHING, .value = huge, .context = &values[i]};
    ck_assert_int_eq(patch(emend_xpt_open_patch, file->source, &c, &copy, error), EMEND_INTERNAL);
    ck_assert_str_eq(emend_error_variable(error), "a_rather_long_name_1");
  }
  emend_error_free(error);
  emend_file_close(file);
}
END_TEST

static void patch_damaged(const emend_source *source, void *context) {
  const emend_file *file = context;
  emend_error *error = emend_error_new();
  changes c = {.dataset = file->dataset, .which = SOME, .seed = 3, .value = draw_value};
  emend_status status = patch(emend_xpt_open_patch, source, &c, NULL, error);
  ck_assert_msg(status == EMEND_OK || status == EMEND_MALFORMED || status == EMEND_UNSUPPORTED || status == EMEND_INTERNAL, "%s",
                emend_error_text(error));
  emend_error_free(error);
}

START_TEST(survives_damage) {
  builder b;
  build(&b, _i, 20, 6);
  support_write(support_scratch("whole.xpt"), b.data, b.length);
  emend_file *file = read_shared(support_scratch("whole.xpt"));
  each_damaged(b.data, b.length, 300, 400, patch_damaged, file);
  emend_file_close(file);
}
END_TEST

SUITE {
  Suite *suite = suite_create("xpt patch");
  TCase *copies = tcase_create("copies"), *refusals = tcase_create("refusals");
  tcase_set_timeout(copies, 120);
  tcase_add_test(copies, changes_only_imputed_cells);
  tcase_add_loop_test(copies, patches_both_versions, 0, N_FORMS);
  tcase_add_test(copies, labels_with_formats);
  tcase_add_loop_test(copies, keeps_blank_rows, 0, 2);
  tcase_add_test(copies, puts_numbers);
  tcase_set_timeout(refusals, 120);
  tcase_add_test(refusals, refuses_what_it_cannot_place);
  tcase_add_test(refusals, refuses_a_row_cut_short);
  tcase_add_test(refusals, refuses_values_that_do_not_fit);
  tcase_add_loop_test(refusals, survives_damage, 0, 2);
  suite_add_tcase(suite, copies);
  suite_add_tcase(suite, refusals);
  return suite;
}
