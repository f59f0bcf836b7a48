/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates in rules: what a text means in a variable's unit is what that value is written as. */
#include <math.h>
#include <string.h>

#include "encode/kit.h"
#include "encode/rule_dates.h"

static size_t add(emend_dataset *dataset, const char *name, emend_variable_kind kind, const char *format) {
  size_t v = kit_add(dataset, name, kind, EMEND_STORAGE_F64);
  ck_assert_int_eq(emend_dataset_add_text(dataset, format, strlen(format), &emend_dataset_edit_variable(dataset, v)->format, NULL),
                   EMEND_OK);
  return v;
}

static const struct clock {
  const char *file, *format;
  emend_variable_kind kind;
  double day;      /* in its unit */
  double midnight; /* 2016-01-31, by other programs */
} clocks[] = {{"sav", "DATE11", EMEND_DATE, 86400, 13673577600},
              {"sav", "DATETIME20", EMEND_DATETIME, 86400, 13673577600},
              {"dta", "%td", EMEND_DATE, 1, 20484},
              {"dta", "%tc", EMEND_DATETIME, 86400e3, 1769817600000},
              {"xpt", "DATE9", EMEND_DATE, 1, 20484},
              {"xpt", "DATETIME", EMEND_DATETIME, 86400, 1769817600}};

START_TEST(units) {
  const struct clock *clock = &clocks[_i];
  emend_dataset *dataset = kit_new(clock->file);
  size_t v = add(dataset, "day", clock->kind, clock->format);
  double begin, end;
  ck_assert(emend_rule_holds_dates(dataset, v));
  ck_assert(emend_rule_read_date(dataset, v, "2016-01-31", &begin, &end));
  ck_assert_double_eq(begin, clock->midnight);
  ck_assert_double_eq(end, clock->midnight + clock->day);
  static const struct {
    const char *text;
    double seconds, lasts;
  } times[] = {{"2016-01-31T08:30", 30600, 60}, {"2016-01-31 08:30:15", 30615, 1}, {"2016-01-31T23:59:59.5", 86399.5, 0}};
  for (size_t i = 0; i < 3; i++) {
    ck_assert(emend_rule_read_date(dataset, v, times[i].text, &begin, &end));
    ck_assert_double_eq_tol(begin, clock->midnight + clock->day * times[i].seconds / 86400, 1e-5);
    ck_assert_double_eq_tol(end - begin, clock->day * times[i].lasts / 86400, 1e-5);
  }
  static const char *const none[] = {"",
                                     "2016",
                                     "2016-02-30",
                                     "2016-01-31T",
                                     "2016-01-31T8:30",
                                     "2016-01-31T24:00",
                                     "2016-01-31T08:60",
                                     "2016-01-31T08:30:",
                                     "2016-01-31T08:30:1",
                                     "2016-01-31T08:30:15x",
                                     "2016-01-31x",
                                     "2016-01-31T08:30:15.5x",
                                     "31.01.2016"};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++)
    ck_assert_msg(!emend_rule_read_date(dataset, v, none[i], &begin, &end), "%s", none[i]);
  /* Numbers: that very midnight may stand there; a year, and what is centuries away, may not. */
  ck_assert_int_eq(emend_rule_object_to_date(dataset, v, clock->midnight, NULL), EMEND_OK);
  static const double odd[] = {2016, 1999, 1e15, -1e15, -1e300, 1e300};
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
    ck_assert_msg(emend_rule_object_to_date(dataset, v, odd[i], NULL) == EMEND_INVALID_ARGUMENT, "%g", odd[i]);
  ck_assert_int_eq(emend_rule_object_to_date(dataset, v, clock->midnight + 400 * 365.25 * clock->day, NULL), EMEND_INVALID_ARGUMENT);
  emend_dataset_free(dataset);
}
END_TEST

/* Times of day, other units of Stata, and numbers are compared with numbers. */
START_TEST(no_dates) {
  emend_dataset *dataset = kit_new("dta");
  ck_assert(!emend_rule_holds_dates(dataset, add(dataset, "week", EMEND_DATE, "%tw")));
  ck_assert(!emend_rule_holds_dates(dataset, kit_number(dataset, "x")));
  emend_dataset_free(dataset);
  dataset = kit_new("sav");
  ck_assert(!emend_rule_holds_dates(dataset, add(dataset, "time", EMEND_TIME, "TIME8")));
  emend_dataset_free(dataset);
}
END_TEST

/* Days since 1960, by other programs; only in delimited text, and only where the reader says that all of the column are dates. */
START_TEST(written) {
  emend_dataset *dataset = kit_new("csv");
  emend_dataset_dialect(dataset)->delimiter = ',';
  size_t v = add(dataset, "seen", EMEND_TEXT, "datetime"), plain = add(dataset, "town", EMEND_TEXT, "");
  static const struct {
    const char *text;
    double days;
  } cases[] = {{"2016-01-31", 20484},
               {"2016-01-31  ", 20484},
               {"1959-12-31", -1},
               {"2000-02-29", 14669},
               {"2016-01-31T12:00", 20484.5},
               {"2016-01-31 06:00:00.0", 20484.25},
               {"2016-01-31T18:00:00Z", 20484.75},
               {"2016-01-31T18:00+02:00", 20484.75},
               {"2016-01-31T18:00:00-1130", 20484.75},
               {"2015-02-29", NAN},
               {"2016-01-31T18:00+2", NAN},
               {"2016-01-31T25:00", NAN},
               {"2016-01-31T18:00:00.12345678901234567890123456789", NAN},
               {"", NAN}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    double days = emend_rule_date_of_text(dataset, v, cases[i].text);
    ck_assert_msg(days == cases[i].days || (isnan(days) && isnan(cases[i].days)), "%s: %.10g", cases[i].text, days);
  }
  double begin, end;
  ck_assert(emend_rule_holds_dates(dataset, v) && !emend_rule_holds_dates(dataset, plain));
  ck_assert(emend_rule_read_date(dataset, v, "2016-01-31", &begin, &end) && begin == 20484 && end == 20485);
  ck_assert(isnan(emend_rule_date_of_text(dataset, plain, "2016-01-31")));
  ck_assert_int_eq(emend_rule_object_to_date(dataset, v, 20484, NULL), EMEND_INVALID_ARGUMENT);
  emend_dataset_free(dataset);
  dataset = kit_new("sav");
  ck_assert(!emend_rule_holds_dates(dataset, add(dataset, "seen", EMEND_TEXT, "date")));
  emend_dataset_free(dataset);
}
END_TEST

SUITE {
  Suite *suite = suite_create("encode/rule_dates");
  TCase *tests = tcase_create("dates");
  tcase_add_loop_test(tests, units, 0, sizeof clocks / sizeof *clocks);
  tcase_add_test(tests, no_dates);
  tcase_add_test(tests, written);
  suite_add_tcase(suite, tests);
  return suite;
}
