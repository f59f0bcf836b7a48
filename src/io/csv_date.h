/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_DATE_H
#define IO_CSV_DATE_H

#include <stdbool.h>
#include <stddef.h>

#include "emend/dataset.h"

/*
 * Dates of the statistical formats as ISO 8601: 2007-11-11, 2007-11-11T08:30:15.5, 08:30:00. Years 1 to 9999, the Gregorian calendar
 * carried backwards, fractions of a second to the microsecond.
 *   SPSS (sav, zsav, por)   seconds since 1582-10-14; a date that is not midnight is written with its time
 *   Stata (dta)             %td and %d days, %tc milliseconds since 1960; weeks, months, quarters, half-years, years and %tC (which
 *                           counts leap seconds) stay numbers
 *   SAS (sas7bdat, xpt)     days, or for date-times seconds, since 1960
 * Times of day are seconds since midnight; one outside the day stays a number.
 */
typedef enum emend_csv_clock {
  EMEND_CSV_NO_CLOCK,
  EMEND_CSV_SPSS_DATE,
  EMEND_CSV_SPSS_DATETIME,
  EMEND_CSV_DAYS_1960,
  EMEND_CSV_SECONDS_1960,
  EMEND_CSV_MILLISECONDS_1960,
  EMEND_CSV_TIME_OF_DAY
} emend_csv_clock;

emend_csv_clock emend_csv_clock_of(const char *file_format, emend_variable_kind kind, const char *variable_format);

/* NUL-terminated in `buffer`; returns the length, or 0 if the value is no date: then write the number. */
enum { EMEND_CSV_DATE_SIZE = 40 };
size_t emend_csv_print_date(emend_csv_clock clock, double value, char *buffer);

/*
 * The other way, of a day alone ("2007-11-11"): its midnight or, of a date-time and if `end`, its last second (Stata: millisecond). False
 * if the text is no day of the calendar, or the clock knows none.
 */
bool emend_csv_read_day(emend_csv_clock clock, const char *text, size_t length, bool end, double *value);
bool emend_csv_is_day(const char *text, size_t length);
/* As this variable holds it. */
bool emend_variable_read_day(const emend_dataset *dataset, size_t variable, const char *text, size_t length, bool end, double *value);

#endif
