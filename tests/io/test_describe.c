/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "building.h"
#include "data/dataset.h"
#include "emend/file.h"
#include "io/describe.h"
#include "patching.h"
#include "pspp.h"
#include "support/support.h"

/* What only our own walks deliver: made by PSPP with every feature, and byte by byte. */

static emend_file *file;
static const emend_dataset *data;

static void open_file(const char *path) {
  emend_error *error = emend_error_new();
  ck_assert_msg(emend_file_read(path, NULL, NULL, &file, error) == EMEND_OK, "%s", emend_error_text(error));
  emend_error_free(error);
  data = emend_file_dataset(file);
}

static void open_built(const builder *b, const char *name) {
  const char *path = support_scratch(name);
  support_write(path, b->data, b->length);
  open_file(path);
}

static size_t find(const char *name) {
  ptrdiff_t index = emend_dataset_find_variable(data, name);
  ck_assert_msg(index >= 0, "no variable %s", name);
  return (size_t)index;
}

/* "Source=office; Wave[1]=one" of a variable, or of the file (-1). */
static const char *properties(ptrdiff_t variable) {
  static char text[1024];
  size_t n = 0;
  text[0] = '\0';
  for (const emend_property *p = emend_dataset_first_property(data, variable); p; p = emend_dataset_next_property(data, p)) {
    unsigned number = emend_property_number(p);
    n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? "; " : "", emend_property_name(data, p));
    if (number)
      n += (size_t)snprintf(text + n, sizeof text - n, "[%u]", number);
    n += (size_t)snprintf(text + n, sizeof text - n, "=%s", emend_property_value(data, p));
  }
  return text;
}

/* "$media 'Media used' D 1: m1 m2 m3" */
static const char *set(size_t index) {
  static char text[1024];
  emend_variable_set_facts f = emend_variable_set_get(data, index);
  size_t n = (size_t)snprintf(text, sizeof text, "%s '%s' %c %s%s%s:", f.name, f.label, "-CD"[f.kind], f.counted,
                              f.categories_from_labels ? " labels" : "", f.label_from_variable ? " first" : "");
  for (size_t i = 0; i < f.n_variables; i++)
    n += (size_t)snprintf(text + n, sizeof text - n, " %s", emend_variable_name(data, emend_variable_set_variable(data, index, i)));
  return text;
}

static void check_spss_variables(void) {
  static const struct {
    const char *name, *write;
    size_t width, display;
    emend_alignment alignment;
    emend_usage usage;
    const char *properties;
  } wanted[] = {
      {"id", "", 0, 12, EMEND_CENTRE, EMEND_USAGE_INPUT, ""},
      {"a", "", 5, 20, EMEND_RIGHT, EMEND_USAGE_INPUT, ""},
      {"longername", "", 12, 12, EMEND_LEFT, EMEND_USAGE_INPUT, "Text=How \"are\" (you)/?"},
      {"inc", "F9.2", 0, 8, EMEND_LEFT, EMEND_USAGE_TARGET, "Unit=EUR"},
      {"q1", "N3", 0, 8, EMEND_RIGHT, EMEND_USAGE_BOTH, "Text=How \"are\" (you)/?"},
      {"q2", "", 0, 8, EMEND_RIGHT, EMEND_USAGE_NONE, ""},
      {"d", "ADATE10", 0, 8, EMEND_RIGHT, EMEND_USAGE_INPUT, ""},
      {"m1", "", 0, 8, EMEND_RIGHT, EMEND_USAGE_PARTITION, ""},
      {"m2", "", 0, 8, EMEND_RIGHT, EMEND_USAGE_SPLIT, ""},
      {"vl", "", 758, 32, EMEND_LEFT, EMEND_USAGE_INPUT, ""},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    size_t v = find(wanted[i].name);
    ck_assert_str_eq(emend_variable_write_format(data, v), wanted[i].write);
    ck_assert_uint_eq(emend_variable_width(data, v), wanted[i].width);
    ck_assert_uint_eq(emend_variable_display_width(data, v), wanted[i].display);
    ck_assert_msg(emend_variable_alignment(data, v) == wanted[i].alignment, "%s", wanted[i].name);
    ck_assert_msg(emend_variable_usage(data, v) == wanted[i].usage, "%s", wanted[i].name);
    ck_assert_str_eq(properties((ptrdiff_t)v), wanted[i].properties);
  }
}

START_TEST(spss_by_pspp) {
  static const char *const names[] = {"plain.sav", "rows.sav", "blocks.zsav"};
  static const emend_compression compressions[] = {EMEND_COMPRESSION_NONE, EMEND_COMPRESSION_ROWS, EMEND_COMPRESSION_BLOCKS};
  if (!pspp_make_rich())
    return;
  for (int i = 0; i < 3; i++) {
    open_file(support_scratch(names[i]));
    ck_assert_int_eq(emend_dataset_compression(data), compressions[i]);
    ck_assert_int_eq(emend_dataset_release(data), i < 2 ? 2 : 3);
    ck_assert_int_eq(emend_dataset_byte_order(data), EMEND_LITTLE_ENDIAN);
    ck_assert_str_eq(emend_dataset_file_text(data, EMEND_FILE_ENCODING), "UTF-8");
    ck_assert_ptr_nonnull(strstr(emend_dataset_file_text(data, EMEND_FILE_PRODUCT), "GNU pspp"));
    ck_assert_uint_eq(strlen(emend_dataset_file_text(data, EMEND_FILE_CREATED)), 19);
    const char *all = properties(-1);
    ck_assert_ptr_nonnull(strstr(all, "=First line; =second é; =   (Entered "));
    ck_assert_ptr_nonnull(strstr(all, "Source=Survey office; Wave[1]=one; Wave[2]=two's"));
    check_spss_variables();
    ck_assert_str_eq(emend_variable_short_name(data, find("q1")), "Q1");
    ck_assert_uint_eq(emend_variable_declared(data, find("inc")), 2);
    ck_assert_double_eq(emend_variable_declared_missing(data, find("inc"), 0).lo, 90);
    ck_assert_double_eq(emend_variable_declared_missing(data, find("inc"), 0).hi, HUGE_VAL);
    ck_assert_str_eq(emend_variable_declared_missing(data, find("longername"), 0).text, "hello");
    ck_assert_uint_eq(emend_dataset_variable_sets(data), 3);
    ck_assert_str_eq(set(0), "$media 'Media used' D 1: m1 m2 m3");
    ck_assert_str_eq(set(1), "$answers 'Answers given' C : q1 q2");
    ck_assert_str_eq(set(2), "$ext '' D 2 labels first: q1 q2");
    ck_assert_uint_eq(emend_dataset_warnings(data), 0);
    emend_file_close(file);
  }
}
END_TEST

/* --- byte by byte --- */

static void begin(builder *b, bool big_endian) {
  *b = (builder){0};
  sav_begin(b, big_endian, 0, 1, 100);
  sav_variable(b, "ONE", 0);
  sav_variable(b, "TWO", 0);
  sav_variable(b, "TXT", 12);
}

static void end(builder *b) {
  sav_end(b);
  add_number(b, 1), add_number(b, 2);
  add_padded(b, "words", 16, ' ');
}

static void add_payload(builder *b, int32_t subtype, const char *text, size_t length) {
  sav_extension(b, subtype, 1, (uint32_t)length, NULL);
  add(b, text, length);
}

static const struct {
  int32_t subtype;
  const char *text;
} payloads[] = {
    {5, "First= ONE TWO\r\nNobody's= \nlast=txt"},
    {7, "$c=C 8 Of= them one two\n$d=D1 2 0  txt one\n"},
    {10, "made\r\nhere"},
    {17, "Key('a value'\n'another'\n)K2('it''s'\n)"},
    {18, "ONE:$@Role('4'\n)Key('x'\n)/txt:Empty(''\n)"},
    {19, "$e=E 1 3 yes 5 label two one\n$f=E 11 1 1 0  ONE\n"},
};
enum { N_PAYLOADS = sizeof payloads / sizeof *payloads };

START_TEST(spss_by_bytes) {
  for (int big_endian = 0; big_endian < 2; big_endian++) {
    builder b;
    begin(&b, big_endian);
    sav_extension(&b, 11, 4, 6, NULL); /* the older kind: measure and alignment */
    for (uint32_t i = 0; i < 3; i++)
      add_integer(&b, 1, 4), add_integer(&b, i, 4);
    for (size_t i = 0; i < N_PAYLOADS; i++)
      add_payload(&b, payloads[i].subtype, payloads[i].text, strlen(payloads[i].text));
    end(&b);
    open_built(&b, "bytes.sav");
    ck_assert_int_eq(emend_dataset_byte_order(data), big_endian ? EMEND_BIG_ENDIAN : EMEND_LITTLE_ENDIAN);
    ck_assert_uint_eq(emend_dataset_variable_sets(data), 7);
    ck_assert_str_eq(set(0), "First '' - : ONE TWO");
    ck_assert_str_eq(set(1), "Nobody's '' - :");
    ck_assert_str_eq(set(2), "last '' - : TXT");
    ck_assert_str_eq(set(3), "$c 'Of= them' C : ONE TWO");
    ck_assert_str_eq(set(4), "$d '' D 2: TXT ONE");
    ck_assert_str_eq(set(5), "$e 'label' D yes labels: TWO ONE");
    ck_assert_str_eq(set(6), "$f '' D 1 labels first: ONE");
    ck_assert_str_eq(properties(-1), "Key[1]=a value; Key[2]=another; K2=it''s");
    ck_assert_str_eq(properties((ptrdiff_t)find("ONE")), "Key=x");
    ck_assert_str_eq(properties((ptrdiff_t)find("TXT")), "Empty=");
    ck_assert_int_eq(emend_variable_usage(data, find("ONE")), EMEND_USAGE_PARTITION);
    ck_assert_int_eq(emend_variable_alignment(data, find("ONE")), EMEND_LEFT);
    ck_assert_int_eq(emend_variable_alignment(data, find("TWO")), EMEND_RIGHT);
    ck_assert_int_eq(emend_variable_alignment(data, find("TXT")), EMEND_CENTRE);
    ck_assert_uint_eq(emend_variable_width(data, find("TXT")), 12);
    ck_assert_ptr_nonnull(strstr(emend_dataset_file_text(data, EMEND_FILE_PRODUCT), "; made"));
    ck_assert_uint_eq(emend_dataset_warnings(data), 0);
    emend_file_close(file);
  }
}
END_TEST

/* Whatever stands in those records, the file is read; what is cut short is said. (ReadStat refuses records of no bytes.) */
START_TEST(spss_broken_payloads) {
  size_t warned = 0;
  for (size_t i = 0; i < N_PAYLOADS; i++)
    for (size_t n = 1, whole = strlen(payloads[i].text); n <= whole; n++)
      for (int damage = 0; damage < 2; damage++) {
        builder b;
        char text[256];
        snprintf(text, sizeof text, "%s", payloads[i].text);
        if (damage && n < whole)
          text[n] = (char)(text[n] ^ 0x15);
        begin(&b, false);
        add_payload(&b, payloads[i].subtype, text, damage ? whole : n);
        end(&b);
        open_built(&b, "broken.sav");
        ck_assert_uint_le(emend_dataset_warnings(data), 1);
        ck_assert_uint_eq(emend_dataset_rows(data), 1);
        ck_assert_msg(n < whole || emend_dataset_warnings(data) == 0, "record 7/%d", payloads[i].subtype);
        warned += emend_dataset_warnings(data);
        emend_file_close(file);
      }
  ck_assert_uint_gt(warned, 100);
}
END_TEST

/* A NUL separates names and ends no scan: once it was waited at for ever. */
START_TEST(spss_nul_among_members) {
  static const char plain[] = "First= one\0two\0\n", response[] = "$c=C 2 ab one\0 \0two\n";
  builder b;
  begin(&b, false);
  add_payload(&b, 5, plain, sizeof plain - 1);
  add_payload(&b, 7, response, sizeof response - 1);
  end(&b);
  open_built(&b, "nul.sav");
  ck_assert_str_eq(set(0), "First '' - : ONE TWO");
  ck_assert_str_eq(set(1), "$c 'ab' C : ONE TWO");
  emend_file_close(file);
}
END_TEST

START_TEST(stata_by_bytes) {
  static const unsigned releases[] = {108, 110, 111, 113, 114, 115, 117, 118, 119};
  for (size_t i = 0; i < sizeof releases / sizeof *releases; i++)
    for (int big_endian = 0; big_endian < 2; big_endian++) {
      builder b;
      dta_build(&b, releases[i], big_endian, 3);
      emend_source *source = source_of(b.data, b.length);
      emend_dta_dictionary *d;
      ck_assert_int_eq(emend_dta_dictionary_read(source, &d, NULL), EMEND_OK);
      size_t key = releases[i] < 119 ? 2 : 4, format = releases[i] < 114 ? 12 : releases[i] < 118 ? 49 : 57;
      set_integer(&b, d->sort_list.offset, 3, key);
      set_integer(&b, d->sort_list.offset + key, 1, key);
      memcpy(b.data + d->formats.offset + 5 * format, "%-20s", 6);
      emend_dta_dictionary_free(d);
      emend_source_close(source);
      open_built(&b, "bytes.dta");
      ck_assert_int_eq(emend_dataset_release(data), (int)releases[i]);
      ck_assert_int_eq(emend_dataset_byte_order(data), big_endian ? EMEND_BIG_ENDIAN : EMEND_LITTLE_ENDIAN);
      ck_assert_str_eq(emend_dataset_file_text(data, EMEND_FILE_CREATED), "2001-01-01T01:01");
      ck_assert_str_eq(properties(-1), "[1]=a note");
      ck_assert_uint_eq(emend_dataset_sort_keys(data), 2);
      ck_assert_uint_eq(emend_dataset_sort_key(data, 0), 2);
      ck_assert_uint_eq(emend_dataset_sort_key(data, 1), 0);
      ck_assert_int_eq(emend_variable_alignment(data, find("s")), EMEND_LEFT);
      ck_assert_uint_eq(emend_variable_display_width(data, find("s")), 20);
      ck_assert_uint_eq(emend_variable_width(data, find("s")), 5);
      ck_assert_int_eq(emend_variable_alignment(data, find("y")), EMEND_RIGHT);
      emend_file_close(file);
    }
}
END_TEST

START_TEST(times) {
  static const char *const table[][3] = {
      {"31 Jan 24", "17:05:09", "2024-01-31T17:05:09"}, {"31-JAN-96", "17:05:09", "1996-01-31T17:05:09"},
      {"31 Jan 2001 01:01", "01:01", "2001-01-31T01:01"}, {" 1 Feb 70", "", "1970-02-01"},
      {"31 Foo 24", "17:05:09", ""},                    {"", "", ""},
      {"99 Jan 24", "17:05:09", ""},                    {"01 Jan 69", "25:00:00", "2069-01-01"},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    char text[EMEND_TIME_TEXT];
    emend_time_text(table[i][0], table[i][1], text);
    ck_assert_str_eq(text, table[i][2]);
  }
}
END_TEST

/* ReadStat's words for print formats are ours for write formats. */
static void compare_formats(const indexed *indexed, void *context) {
  size_t *compared = context;
  emend_sav_dictionary *d;
  open_file(indexed->path);
  ck_assert_int_eq(emend_sav_dictionary_read(file->source, &d, NULL), EMEND_OK);
  for (size_t v = 0; v < d->n_variables && d->n_variables == emend_dataset_variables(data); v++, (*compared)++) {
    char text[EMEND_FORMAT_TEXT];
    emend_sav_format_text(d->variables[v].print, text);
    if (d->variables[v].n_segments == 1)
      ck_assert_str_eq(text, emend_variable_format(data, v));
  }
  emend_sav_dictionary_free(d);
  emend_file_close(file);
}

START_TEST(formats) {
  size_t compared = 0, n = each_indexed(".sav", "valid", compare_formats, &compared);
  ck_assert(n == 0 || compared > 500);
}
END_TEST

SUITE {
  Suite *suite = suite_create("describe");
  TCase *cases = tcase_create("dictionaries");
  tcase_set_timeout(cases, 60);
  tcase_add_test(cases, spss_by_pspp);
  tcase_add_test(cases, spss_by_bytes);
  tcase_add_test(cases, spss_broken_payloads);
  tcase_add_test(cases, spss_nul_among_members);
  tcase_add_test(cases, stata_by_bytes);
  tcase_add_test(cases, times);
  tcase_add_test(cases, formats);
  suite_add_tcase(suite, cases);
  return suite;
}
