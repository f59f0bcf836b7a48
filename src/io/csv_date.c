/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_date.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool is_one_of(const char *word, const char *a, const char *b, const char *c) {
  return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

static emend_csv_clock stata_clock(const char *format) {
  const char *p = format;
  if (*p++ != '%')
    return EMEND_CSV_NO_CLOCK;
  if (*p == '-' || *p == '~')
    p++;
  if (*p == 'd' || (p[0] == 't' && p[1] == 'd'))
    return EMEND_CSV_DAYS_1960;
  return p[0] == 't' && p[1] == 'c' ? EMEND_CSV_MILLISECONDS_1960 : EMEND_CSV_NO_CLOCK;
}

emend_csv_clock emend_csv_clock_of(const char *file_format, emend_variable_kind kind, const char *variable_format) {
  if (kind == EMEND_NUMERIC || kind == EMEND_TEXT)
    return EMEND_CSV_NO_CLOCK;
  if (strcmp(file_format, "dta") == 0)
    return stata_clock(variable_format);
  if (kind == EMEND_TIME)
    return EMEND_CSV_TIME_OF_DAY;
  if (is_one_of(file_format, "sav", "zsav", "por"))
    return kind == EMEND_DATE ? EMEND_CSV_SPSS_DATE : EMEND_CSV_SPSS_DATETIME;
  if (is_one_of(file_format, "sas7bdat", "xpt", "xport"))
    return kind == EMEND_DATE ? EMEND_CSV_DAYS_1960 : EMEND_CSV_SECONDS_1960;
  return EMEND_CSV_NO_CLOCK;
}

typedef struct civil {
  int64_t year;
  int month, day;
} civil;

/* The day that is `days` after 1970-01-01. Years are counted from March, so that a leap day ends one; 400 of them have 146,097 days. */
static civil civil_of_days(int64_t days) {
  enum { DAYS_400 = 146097, MARCH_0000 = 719468 };
  days += MARCH_0000;
  int64_t era = (days >= 0 ? days : days - (DAYS_400 - 1)) / DAYS_400, within = days - era * DAYS_400;
  int64_t year = (within - within / 1460 + within / 36524 - within / 146096) / 365;
  int64_t of_year = within - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
  civil c = {
      .year = year + 400 * era, .month = (int)(month < 10 ? month + 3 : month - 9), .day = (int)(of_year - (153 * month + 2) / 5 + 1)};
  c.year += c.month <= 2;
  return c;
}

/* hh:mm:ss, and the fraction without its final zeros. */
static size_t print_time(int64_t microseconds, char *buffer, size_t size) {
  int64_t seconds = microseconds / 1000000, fraction = microseconds % 1000000;
  int length = snprintf(buffer, size, "%02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
  if (fraction > 0) {
    length += snprintf(buffer + length, size - (size_t)length, ".%06d", (int)fraction);
    while (buffer[length - 1] == '0')
      buffer[--length] = '\0';
  }
  return (size_t)length;
}

static size_t print_moment(double days, double seconds, bool with_time, char *buffer) {
  int64_t microseconds = llround(seconds * 1e6);
  if (microseconds >= INT64_C(86400000000)) {
    microseconds -= INT64_C(86400000000);
    days++;
  }
  civil c = civil_of_days((int64_t)days);
  if (c.year < 1 || c.year > 9999)
    return 0;
  size_t length = (size_t)snprintf(buffer, EMEND_CSV_DATE_SIZE, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
  if (!with_time && microseconds == 0)
    return length;
  buffer[length++] = 'T';
  return length + print_time(microseconds, buffer + length, EMEND_CSV_DATE_SIZE - length);
}

/* `seconds` since midnight of the day `epoch` days after 1970-01-01. */
static size_t print_seconds(double seconds, double epoch, bool with_time, char *buffer) {
  double days = floor(seconds / 86400);
  return print_moment(days + epoch, seconds - 86400 * days, with_time, buffer);
}

enum { SPSS_EPOCH = -141428, EPOCH_1960 = -3653 };

size_t emend_csv_print_date(emend_csv_clock clock, double value, char *buffer) {
  buffer[0] = '\0';
  if (!isfinite(value) || fabs(value) > 1e15)
    return 0;
  switch (clock) {
  case EMEND_CSV_SPSS_DATE:
    return print_seconds(value, SPSS_EPOCH, false, buffer);
  case EMEND_CSV_SPSS_DATETIME:
    return print_seconds(value, SPSS_EPOCH, true, buffer);
  case EMEND_CSV_SECONDS_1960:
    return print_seconds(value, EPOCH_1960, true, buffer);
  case EMEND_CSV_MILLISECONDS_1960:
    return print_seconds(value / 1000, EPOCH_1960, true, buffer);
  case EMEND_CSV_DAYS_1960:
    return value == floor(value) ? print_moment(value + EPOCH_1960, 0, false, buffer) : 0;
  case EMEND_CSV_TIME_OF_DAY:
    return value >= 0 && llround(value * 1e6) < INT64_C(86400000000) ? print_time(llround(value * 1e6), buffer, EMEND_CSV_DATE_SIZE) : 0;
  default:
    return 0;
  }
}

/* Days after 1970-01-01; the inverse of civil_of_days. */
static int64_t days_of_civil(civil c) {
  enum { DAYS_400 = 146097, MARCH_0000 = 719468 };
  int64_t year = c.year - (c.month <= 2), era = (year >= 0 ? year : year - 399) / 400, within = year - 400 * era;
  int64_t of_year = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
  return DAYS_400 * era + 365 * within + within / 4 - within / 100 + of_year - MARCH_0000;
}

static bool read_digits(const char *text, size_t n, int *number) {
  *number = 0;
  for (size_t i = 0; i < n; i++) {
    if (text[i] < '0' || text[i] > '9')
      return false;
    *number = 10 * *number + (text[i] - '0');
  }
  return true;
}

/* A day that is none (2007-02-30) does not come back as it was. */
static bool read_days(const char *text, size_t length, int64_t *days) {
  int year, month, day;
  if (length != 10 || text[4] != '-' || text[7] != '-' || !read_digits(text, 4, &year) || !read_digits(text + 5, 2, &month) ||
      !read_digits(text + 8, 2, &day) || year < 1 || month < 1 || month > 12)
    return false;
  *days = days_of_civil((civil){year, month, day});
  civil back = civil_of_days(*days);
  return back.month == month && back.day == day;
}

bool emend_csv_is_day(const char *text, size_t length) {
  int64_t days;
  return read_days(text, length, &days);
}

bool emend_csv_read_day(emend_csv_clock clock, const char *text, size_t length, bool end, double *value) {
  int64_t days;
  if (!read_days(text, length, &days))
    return false;
  double next = end ? 1 : 0;
  switch (clock) {
  case EMEND_CSV_DAYS_1960:
    *value = (double)(days - EPOCH_1960);
    return true;
  case EMEND_CSV_SPSS_DATE:
    *value = 86400 * (double)(days - SPSS_EPOCH);
    return true;
  case EMEND_CSV_SPSS_DATETIME:
    *value = 86400 * ((double)(days - SPSS_EPOCH) + next) - next;
    return true;
  case EMEND_CSV_SECONDS_1960:
    *value = 86400 * ((double)(days - EPOCH_1960) + next) - next;
    return true;
  case EMEND_CSV_MILLISECONDS_1960:
    *value = 86400e3 * ((double)(days - EPOCH_1960) + next) - next;
    return true;
  default:
    return false;
  }
}
