/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>
#include <time.h>

#include "io/translate.h"
#include "support/support.h"

/* Formats and numbers between families. Moments are given as people write them, and turned into seconds by the C library's calendar. */

static emend_dataset *one_variable(emend_family family, const char *format, emend_storage storage) {
  emend_dataset *dataset;
  ck_assert_int_eq(emend_dataset_new(1 << 20, false, &dataset, NULL), EMEND_OK);
  emend_variable v = {.label_set = -1, .kind = emend_kind_of_format(family, format), .storage = storage};
  emend_dataset_add_text(dataset, "x", 1, &v.name, NULL);
  emend_dataset_add_text(dataset, format, strlen(format), &v.format, NULL);
  emend_dataset_add_variable(dataset, &v, NULL, NULL);
  return dataset;
}

static emend_translation translated(emend_family from, const char *format, emend_storage storage, emend_family to) {
  emend_dataset *dataset = one_variable(from, format, storage);
  emend_translation t = emend_translate(from, dataset, 0, to);
  emend_dataset_free(dataset);
  return t;
}

#define SPSS EMEND_FAMILY_SPSS
#define STATA EMEND_FAMILY_STATA
#define SAS EMEND_FAMILY_SAS

static const struct {
  emend_family from;
  const char *format;
  emend_storage storage;
  emend_family to;
  const char *expected;
  bool approximate;
} shapes[] = {
    {SPSS, "F8.2", EMEND_STORAGE_F64, STATA, "%8.2f", false},
    {SPSS, "F8.2", EMEND_STORAGE_F64, SAS, "F8.2", false},
    {SPSS, "F3.0", EMEND_STORAGE_F64, SAS, "F3", false},
    {SPSS, "COMMA12.2", EMEND_STORAGE_F64, STATA, "%12.2fc", false},
    {SPSS, "DOT12.2", EMEND_STORAGE_F64, SAS, "COMMAX12.2", false},
    {SPSS, "DOLLAR8.2", EMEND_STORAGE_F64, SAS, "DOLLAR8.2", false},
    {SPSS, "DOLLAR8.2", EMEND_STORAGE_F64, STATA, "%8.2fc", true},
    {SPSS, "E10.3", EMEND_STORAGE_F64, STATA, "%10.3e", false},
    {SPSS, "PCT5.1", EMEND_STORAGE_F64, STATA, "%5.0g", true},
    {SPSS, "WKDAY9", EMEND_STORAGE_F64, SAS, "BEST9", true},
    {SPSS, "", EMEND_STORAGE_F64, STATA, "%10.0g", false},
    {STATA, "%9.0g", EMEND_STORAGE_F64, SPSS, "F9.2", false},
    {STATA, "%8.0g", EMEND_STORAGE_I8, SPSS, "F8.0", false},
    {STATA, "%9.0g", EMEND_STORAGE_F64, SAS, "BEST9", false},
    {STATA, "%-12.2fc", EMEND_STORAGE_F64, SPSS, "COMMA12.2", false},
    {STATA, "%12,2fc", EMEND_STORAGE_F64, SPSS, "DOT12.2", false},
    {STATA, "%1.16f", EMEND_STORAGE_F64, SPSS, "F18.16", false},
    {STATA, "%ty", EMEND_STORAGE_I16, SPSS, "F4.0", false},
    {STATA, "%21x", EMEND_STORAGE_F64, SPSS, "F21.0", true},
    {SAS, "", EMEND_STORAGE_F64, SPSS, "F8.2", false},
    {SAS, "8.2", EMEND_STORAGE_F64, SPSS, "F8.2", false},
    {SAS, "BEST12", EMEND_STORAGE_F64, STATA, "%12.0g", false},
    {SAS, "COMMA10.", EMEND_STORAGE_F64, STATA, "%10.0fc", false},
    {SAS, "SEXFMT", EMEND_STORAGE_F64, SPSS, "F8.0", true},
    {SPSS, "DATE11", EMEND_STORAGE_F64, STATA, "%td", false},
    {SPSS, "ADATE8", EMEND_STORAGE_F64, SAS, "MMDDYY10", false},
    {SPSS, "QYR6", EMEND_STORAGE_F64, SAS, "DATE11", true},
    {SPSS, "DTIME12.2", EMEND_STORAGE_F64, STATA, "%tcHH:MM:SS", true},
    {SPSS, "TIME5.2", EMEND_STORAGE_F64, SAS, "TIME8", false},
    {STATA, "%td", EMEND_STORAGE_F32, SPSS, "DATE11", false},
    {STATA, "%d", EMEND_STORAGE_F32, SAS, "DATE11", false},
    {STATA, "%dDD.NN.CCYY", EMEND_STORAGE_F32, SPSS, "EDATE10", false},
    {STATA, "%tdNN/DD/CCYY", EMEND_STORAGE_F32, SAS, "MMDDYY10", false},
    {STATA, "%tc", EMEND_STORAGE_F64, SPSS, "DATETIME20", false},
    {STATA, "%tC", EMEND_STORAGE_F64, SPSS, "DATETIME20", true},
    {STATA, "%tcHH:MM:SS", EMEND_STORAGE_F64, SPSS, "TIME8", false},
    {STATA, "%tm", EMEND_STORAGE_I16, SPSS, "MOYR8", false},
    {STATA, "%tq", EMEND_STORAGE_I16, SAS, "MONYY7", true},
    {SAS, "E8601DA10", EMEND_STORAGE_F64, SPSS, "SDATE10", false},
    {SAS, "DATETIME20", EMEND_STORAGE_F64, STATA, "%tc", false},
    {STATA, "%12.3f", EMEND_STORAGE_F64, STATA, "%12.3f", false},
    {EMEND_FAMILY_NONE, "", EMEND_STORAGE_F64, SPSS, "F8.2", false},
};

START_TEST(formats_have_equals) {
  emend_translation t = translated(shapes[_i].from, shapes[_i].format, shapes[_i].storage, shapes[_i].to);
  ck_assert_msg(strcmp(t.format, shapes[_i].expected) == 0, "%s became %s, not %s", shapes[_i].format, t.format, shapes[_i].expected);
  ck_assert_msg(t.approximate == shapes[_i].approximate, "%s", shapes[_i].format);
}
END_TEST

static double seconds_1970(int year, int month, int day, int hour, int minute, int second) {
  struct tm moment = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour, .tm_min = minute, .tm_sec = second};
  return (double)timegm(&moment);
}

START_TEST(moments_stay_moments) {
  static const int days[][3] = {{1582, 10, 15}, {1900, 2, 28}, {1959, 12, 31}, {1960, 1, 1}, {2000, 2, 29}, {2024, 3, 1}, {2400, 12, 31}};
  double origin_1582 = seconds_1970(1582, 10, 14, 0, 0, 0), origin_1960 = seconds_1970(1960, 1, 1, 0, 0, 0);
  emend_translation to_stata = translated(SPSS, "DATE11", EMEND_STORAGE_F64, STATA), to_sas = translated(STATA, "%td", EMEND_STORAGE_F64, SAS);
  emend_translation to_spss = translated(SAS, "DATE9", EMEND_STORAGE_F64, SPSS), times = translated(SPSS, "DATETIME20", EMEND_STORAGE_F64, STATA);
  emend_translation back = translated(STATA, "%tc", EMEND_STORAGE_F64, SAS), on = translated(SAS, "DATETIME20", EMEND_STORAGE_F64, SPSS);
  for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
    double midnight = seconds_1970(days[i][0], days[i][1], days[i][2], 0, 0, 0), day = (midnight - origin_1960) / 86400;
    ck_assert(emend_translate_value(&to_stata, midnight - origin_1582) == day);
    ck_assert(emend_translate_value(&to_sas, day) == day);
    ck_assert(emend_translate_value(&to_spss, day) == midnight - origin_1582);
    double moment = seconds_1970(days[i][0], days[i][1], days[i][2], 17, 5, 59);
    ck_assert(emend_translate_value(&times, moment - origin_1582) == 1000 * (moment - origin_1960));
    ck_assert(emend_translate_value(&back, 1000 * (moment - origin_1960)) == moment - origin_1960);
    ck_assert(emend_translate_value(&on, moment - origin_1960) == moment - origin_1582);
  }
  ck_assert(isnan(emend_translate_value(&to_stata, NAN)));
}
END_TEST

START_TEST(periods_become_their_first_day) {
  double origin = seconds_1970(1960, 1, 1, 0, 0, 0);
  emend_translation month = translated(STATA, "%tm", EMEND_STORAGE_I16, SAS), quarter = translated(STATA, "%tq", EMEND_STORAGE_I16, SAS);
  emend_translation half = translated(STATA, "%th", EMEND_STORAGE_I16, SAS), week = translated(STATA, "%tw", EMEND_STORAGE_I16, SAS);
  for (int m = -1000 * 12; m < 1000 * 12; m += 7) {
    int year = 1960 + (int)floor(m / 12.0), within = m - 12 * (year - 1960);
    ck_assert(emend_translate_value(&month, m) == (seconds_1970(year, within + 1, 1, 0, 0, 0) - origin) / 86400);
  }
  ck_assert(emend_translate_value(&quarter, 162) == (seconds_1970(2000, 7, 1, 0, 0, 0) - origin) / 86400);
  ck_assert(emend_translate_value(&half, 81) == (seconds_1970(2000, 7, 1, 0, 0, 0) - origin) / 86400);
  ck_assert(emend_translate_value(&week, 52 * 40 + 1) == (seconds_1970(2000, 1, 8, 0, 0, 0) - origin) / 86400);
}
END_TEST

START_TEST(times_are_seconds_or_milliseconds) {
  emend_translation to = translated(SPSS, "TIME8", EMEND_STORAGE_F64, STATA), back = translated(STATA, "%tcHH:MM", EMEND_STORAGE_F64, SPSS);
  ck_assert(emend_translate_value(&to, 3661.5) == 3661500);
  ck_assert(emend_translate_value(&back, 3661500) == 3661.5);
  ck_assert_str_eq(back.format, "TIME5");
}
END_TEST

START_TEST(texts_and_added_variables) {
  char format[EMEND_TRANSLATED_FORMAT];
  emend_translate_text_format(SPSS, 12, format);
  ck_assert_str_eq(format, "A12");
  emend_translate_text_format(STATA, 2045, format);
  ck_assert_str_eq(format, "%9s");
  emend_translate_text_format(SAS, 200, format);
  ck_assert_str_eq(format, "$200");
  emend_translate_decimals(SPSS, EMEND_STORAGE_I8, 0, format);
  ck_assert_str_eq(format, "F4.0");
  emend_translate_decimals(STATA, EMEND_STORAGE_F64, 6, format);
  ck_assert_str_eq(format, "%9.6f");
}
END_TEST

SUITE {
  Suite *suite = suite_create("translate");
  TCase *cases = tcase_create("translate");
  tcase_add_loop_test(cases, formats_have_equals, 0, sizeof shapes / sizeof *shapes);
  tcase_add_test(cases, moments_stay_moments);
  tcase_add_test(cases, periods_become_their_first_day);
  tcase_add_test(cases, times_are_seconds_or_milliseconds);
  tcase_add_test(cases, texts_and_added_variables);
  suite_add_tcase(suite, cases);
  return suite;
}
