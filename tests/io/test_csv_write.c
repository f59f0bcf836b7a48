/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any dataset as delimited text: what each kind of cell becomes, dates, and that what is written reads back the same. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "io/csv_date.h"
#include "io/csv_support.h"

/* A date as the file holds it, and as it is written; NULL: as a number. */
typedef struct dated {
  const char *file, *format;
  emend_variable_kind kind;
  double value;
  const char *expected;
} dated;

static const dated dates[] = {
    {"sav", "DATE11", EMEND_DATE, 0, "1582-10-14"},
    {"sav", "DATE11", EMEND_DATE, 86400, "1582-10-15"},
    {"sav", "DATE11", EMEND_DATE, 13414118400.0, "2007-11-11"}, /* (141428 + 13828) days */
    {"zsav", "ADATE10", EMEND_DATE, 13414118400.0 + 3600, "2007-11-11T01:00:00"},
    {"por", "DATETIME23.2", EMEND_DATETIME, 13414118400.0 + 30615.25, "2007-11-11T08:30:15.25"},
    {"sav", "DATETIME20", EMEND_DATETIME, 13414118400.0, "2007-11-11T00:00:00"},
    {"sav", "DATETIME20", EMEND_DATETIME, 13414118400.0 - 1e-7, "2007-11-11T00:00:00"},
    {"sav", "TIME8", EMEND_TIME, 30600, "08:30:00"},
    {"sav", "DTIME10", EMEND_TIME, 90000, NULL},
    {"sav", "TIME8", EMEND_TIME, -1, NULL},
    {"sav", "DATE11", EMEND_DATE, 265621680000.0, NULL}, /* year 10000 */
    {"sav", "DATE11", EMEND_DATE, 265621593600.0, "9999-12-31"},
    {"sav", "DATE11", EMEND_DATE, 1e300, NULL},
    {"dta", "%td", EMEND_DATE, 0, "1960-01-01"},
    {"dta", "%-tdDD/NN/CCYY", EMEND_DATE, -1, "1959-12-31"},
    {"dta", "%d", EMEND_DATE, 60, "1960-03-01"},
    {"dta", "%td", EMEND_DATE, 0.5, NULL},
    {"dta", "%tc", EMEND_DATETIME, 1500, "1960-01-01T00:00:01.5"},
    {"dta", "%tcHH:MM:SS", EMEND_DATETIME, -1, "1959-12-31T23:59:59.999"},
    {"dta", "%tC", EMEND_DATETIME, 1500, NULL},
    {"dta", "%tm", EMEND_DATE, 574, NULL},
    {"sas7bdat", "DATE9.", EMEND_DATE, 17481, "2007-11-11"},
    {"xpt", "DATETIME20.", EMEND_DATETIME, 17481 * 86400.0 + 1, "2007-11-11T00:00:01"},
    {"xpt", "TIME8.", EMEND_TIME, 86399, "23:59:59"},
    {"sav", "F8.2", EMEND_NUMERIC, 13414118400.0, NULL},
    {"csv", "", EMEND_DATE, 1, NULL},
};

START_TEST(dates_are_iso) {
  const dated *d = &dates[_i];
  char text[EMEND_CSV_DATE_SIZE];
  size_t length = emend_csv_print_date(emend_csv_clock_of(d->file, d->kind, d->format), d->value, text);
  ck_assert_str_eq(text, d->expected ? d->expected : "");
  ck_assert_uint_eq(length, strlen(text));
}
END_TEST

/* Every day of twelve centuries, against the C library's calendar. */
START_TEST(calendar) {
  emend_csv_clock clock = emend_csv_clock_of("dta", EMEND_DATE, "%td");
  for (long day = -200000; day < 240000; day++) {
    time_t seconds = (time_t)(day - 3653) * 86400;
    struct tm broken;
    char wanted[32], found[EMEND_CSV_DATE_SIZE];
    ck_assert_ptr_nonnull(gmtime_r(&seconds, &broken));
    strftime(wanted, sizeof wanted, "%Y-%m-%d", &broken);
    emend_csv_print_date(clock, (double)day, found);
    if (strcmp(wanted, found) != 0)
      ck_abort_msg("day %ld is %s, wanted %s", day, found, wanted);
    double back = NAN;
    if (!emend_csv_read_day(clock, wanted, strlen(wanted), true, &back) || back != (double)day)
      ck_abort_msg("%s is read as day %g, wanted %ld", wanted, back, day);
  }
}
END_TEST

/* A day is read as what would be printed as its beginning or its end; what is no day is not read. */
START_TEST(days_are_read) {
  static const struct {
    emend_csv_clock clock;
    const char *first, *last;
  } clocks[] = {{EMEND_CSV_DAYS_1960, "2008-02-29", "2008-02-29"},
                {EMEND_CSV_SPSS_DATE, "2008-02-29", "2008-02-29"},
                {EMEND_CSV_SPSS_DATETIME, "2008-02-29T00:00:00", "2008-02-29T23:59:59"},
                {EMEND_CSV_SECONDS_1960, "2008-02-29T00:00:00", "2008-02-29T23:59:59"},
                {EMEND_CSV_MILLISECONDS_1960, "2008-02-29T00:00:00", "2008-02-29T23:59:59.999"}};
  static const char *const none[] = {"", "2007-02-29", "2008-13-01", "2008-00-01", "2008-01-00", "2008-1-001",
                                     "0000-01-01", "2008/01/01", "2008-01-01T"};
  char text[EMEND_CSV_DATE_SIZE];
  double value;
  for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++)
    for (int end = 0; end < 2; end++) {
      ck_assert(emend_csv_read_day(clocks[i].clock, "2008-02-29", 10, end, &value));
      emend_csv_print_date(clocks[i].clock, value, text);
      ck_assert_str_eq(text, end ? clocks[i].last : clocks[i].first);
    }
  for (size_t i = 0; i < sizeof none / sizeof *none; i++)
    ck_assert_msg(!emend_csv_is_day(none[i], strlen(none[i])), "\"%s\"", none[i]);
  ck_assert(!emend_csv_read_day(EMEND_CSV_NO_CLOCK, "2008-02-29", 10, false, &value));
  ck_assert(!emend_csv_read_day(EMEND_CSV_TIME_OF_DAY, "2008-02-29", 10, false, &value));
}
END_TEST

static emend_dataset *new_dataset(const char *format) {
  emend_dataset *dataset;
  ck_assert_int_eq(emend_dataset_new(1 << 26, false, &dataset, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_set_format(dataset, format, NULL), EMEND_OK);
  return dataset;
}

static void add_variable(emend_dataset *dataset, const char *name, emend_variable_kind kind, const char *format) {
  emend_variable variable = {.kind = kind, .label_set = -1, .storage = kind == EMEND_TEXT ? EMEND_STORAGE_TEXT : EMEND_STORAGE_F64};
  ck_assert_int_eq(emend_dataset_add_text(dataset, name, strlen(name), &variable.name, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_add_text(dataset, format, strlen(format), &variable.format, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_add_variable(dataset, &variable, NULL, NULL), EMEND_OK);
}

static void add_row(emend_dataset *dataset, double number, emend_reason reason, const char *text, double date, emend_reason date_reason) {
  ck_assert_int_eq(emend_dataset_add_row(dataset, NULL), EMEND_OK);
  emend_dataset_put_number(dataset, 0, number, reason);
  ck_assert_int_eq(emend_dataset_put_text(dataset, 1, text, strlen(text), NULL), EMEND_OK);
  emend_dataset_put_number(dataset, 2, date, date_reason);
}

START_TEST(every_kind_of_cell) {
  emend_dataset *d = new_dataset("dta");
  add_variable(d, "age, years", EMEND_NUMERIC, "%9.0g");
  add_variable(d, "say \"hi\"", EMEND_TEXT, "%9s");
  add_variable(d, "day", EMEND_DATE, "%td");
  add_row(d, 1.5, EMEND_OBSERVED, "plain", 0, EMEND_OBSERVED);
  add_row(d, -99, EMEND_USER_MISSING, "a,b", -1, EMEND_USER_MISSING);
  add_row(d, 0, EMEND_SYSTEM_MISSING, "a;b\tc", 0, EMEND_SYSTEM_MISSING);
  add_row(d, 0, EMEND_TAG_A, "two\nlines", 0, EMEND_TAG_UNDERSCORE);
  add_row(d, 1e21, EMEND_OBSERVED, "a \"quote\"", 0.5, EMEND_OBSERVED);
  add_row(d, 0.1, EMEND_OBSERVED, " padded", 17481, EMEND_OBSERVED);
  add_row(d, 0, EMEND_STRUCTURAL, "", 17481, EMEND_OBSERVED);
  size_t length;
  char *text = csv_written(d, ',', &length);
  ck_assert_str_eq(text, "\"age, years\",\"say \"\"hi\"\"\",day\n1.5,plain,1960-01-01\n-99,\"a,b\",-1\n,a;b\tc,\n,\"two\nlines\",\n"
                         "1e+21,\"a \"\"quote\"\"\",0.5\n0.1,\" padded\",2007-11-11\n,,2007-11-11\n");
  free(text);
  text = csv_written(d, '\t', &length);
  ck_assert_ptr_nonnull(strstr(text, "\n\t\"a;b\tc\"\t\n"));
  ck_assert_ptr_nonnull(strstr(text, "\n-99\ta,b\t-1\n"));
  free(text);
  emend_dataset_free(d);
}
END_TEST

START_TEST(no_rows) {
  emend_dataset *d = new_dataset("sav");
  add_variable(d, "a", EMEND_NUMERIC, "F8.2");
  add_variable(d, "b", EMEND_TEXT, "A8");
  size_t length;
  char *text = csv_written(d, ';', &length);
  ck_assert_str_eq(text, "a;b\n");
  free(text);
  emend_dataset_free(d);
}
END_TEST

static uint64_t state;

static unsigned draw(unsigned n) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (unsigned)((state >> 20) % n);
}

static double draw_double(void) {
  for (;;) {
    uint64_t bits = (uint64_t)draw(1u << 31) << 33 ^ (uint64_t)draw(1u << 31) << 11 ^ draw(1u << 20);
    double value;
    memcpy(&value, &bits, sizeof value);
    if (isfinite(value))
      return draw(3) ? value : (double)(int)draw(2000) - 1000;
  }
}

/* Numbers of all sizes and texts of all kinds, written and read: the same bits, the same bytes. */
START_TEST(read_back) {
  enum { ROWS = 200 };
  static const char *const pieces[] = {"a", "\"", ",", ";", "\t", "\n", "\r", " ", "\xC3\xA9", "\xE4\xB8\xAD", "|", "1", "'", "."};
  const char delimiter = ",;\t"[_i % 3];
  state = UINT64_C(0x9E3779B97F4A7C15) * (unsigned)(_i + 1);
  emend_dataset *d = new_dataset("sav");
  add_variable(d, "number", EMEND_NUMERIC, "");
  add_variable(d, "text", EMEND_TEXT, "");
  add_variable(d, "other", EMEND_NUMERIC, "");
  for (size_t row = 0; row < ROWS; row++) {
    emend_buffer text = {0};
    emend_buffer_append(&text, row ? "" : "word", row ? 0 : 4, NULL);
    for (unsigned n = draw(6); n > 0; n--) {
      const char *piece = pieces[draw(sizeof pieces / sizeof *pieces)];
      emend_buffer_append(&text, piece, strlen(piece), NULL);
    }
    add_row(d, draw_double(), draw(5) ? EMEND_OBSERVED : EMEND_SYSTEM_MISSING, text.bytes ? text.bytes : "", draw_double(), EMEND_OBSERVED);
    emend_buffer_free(&text);
  }
  size_t length;
  char *bytes = csv_written(d, delimiter, &length);
  char told[] = {delimiter, '\0'};
  emend_read_options *options = csv_options(told, ".", NULL, NULL);
  csv_text text = csv_open_bytes(bytes, length, options);
  ck_assert_msg(!text.status, "%s", emend_error_text(text.error));
  ck_assert_uint_eq(emend_dataset_rows(text.dataset), ROWS);
  for (size_t row = 0; row < ROWS; row++) {
    const char *before = emend_cell_text(d, row, 1), *after = emend_cell_text(text.dataset, row, 1);
    const char *word = before + strspn(before, " \t");
    bool missing = word[0] == '\0' || (word[0] == '.' && word[1 + strspn(word + 1, " \t")] == '\0'); /* which no quoting prevents */
    for (size_t v = 0; v < 3; v += 2) {
      double was = emend_cell_value(d, row, v), is = emend_cell_value(text.dataset, row, v);
      ck_assert(was == is || (isnan(was) && isnan(is)));
      ck_assert_int_eq(emend_cell_reason(text.dataset, row, v), emend_cell_reason(d, row, v));
    }
    ck_assert_str_eq(after, missing ? "" : before);
  }
  csv_close(&text);
  emend_read_options_free(options);
  free(bytes);
  emend_dataset_free(d);
}
END_TEST

SUITE {
  Suite *suite = suite_create("csv write");
  TCase *write = tcase_create("write");
  tcase_set_timeout(write, 60);
  tcase_add_loop_test(write, dates_are_iso, 0, sizeof dates / sizeof *dates);
  tcase_add_test(write, calendar);
  tcase_add_test(write, days_are_read);
  tcase_add_test(write, every_kind_of_cell);
  tcase_add_test(write, no_rows);
  tcase_add_loop_test(write, read_back, 0, 12);
  suite_add_tcase(suite, write);
  return suite;
}
