/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/rule_dates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/csv_date.h"

/* Delimited text holds dates as texts, which its reader marks where all of them are: days since 1960 in rules. */
static bool is_written(const emend_dataset *dataset, size_t variable) {
  if (emend_variable_get_kind(dataset, variable) != EMEND_TEXT || !emend_dataset_delimiter(dataset))
    return false;
  const char *format = emend_variable_format(dataset, variable);
  return strcmp(format, "date") == 0 || strcmp(format, "datetime") == 0;
}

static bool read_day(const emend_dataset *dataset, size_t variable, const char *text, double *value) {
  enum { DAY = 10 };
  return is_written(dataset, variable) ? emend_csv_read_day(EMEND_CSV_DAYS_1960, text, DAY, false, value)
                                       : emend_variable_read_day(dataset, variable, text, DAY, false, value);
}

/* How long a day is in the variable's unit; 0: it holds no dates. */
static double day_length(const emend_dataset *dataset, size_t variable) {
  double first, second;
  bool dates = read_day(dataset, variable, "2000-01-01", &first) && read_day(dataset, variable, "2000-01-02", &second);
  return dates ? second - first : 0;
}

bool emend_rule_holds_dates(const emend_dataset *dataset, size_t variable) { return day_length(dataset, variable) > 0; }

/* Two digits below `limit`. */
static bool read_two(const char *text, int limit, int *number) {
  if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
    return false;
  *number = 10 * (text[0] - '0') + text[1] - '0';
  return *number < limit;
}

/* What may stand behind the time where dates are texts: Z or an offset, +02:00. The time is taken as it is written. */
static bool is_zone(const char *text) {
  int hours, minutes;
  if (strcmp(text, "Z") == 0)
    return true;
  if ((*text != '+' && *text != '-') || !read_two(text + 1, 15, &hours))
    return false;
  text += text[3] == ':' ? 4 : 3;
  return read_two(text, 60, &minutes) && text[2] == '\0';
}

/* "08:30", "08:30:15" or "08:30:15.5" as seconds since midnight, and how long what is said lasts. */
static bool read_time(const char *text, bool zones, double *seconds, double *lasts) {
  int hours, minutes, whole = 0;
  if (!read_two(text, 24, &hours) || text[2] != ':' || !read_two(text + 3, 60, &minutes))
    return false;
  const char *rest = text + 5;
  bool exact = *rest == ':';
  double fraction = 0, unit = exact ? 1 : 60;
  if (exact && !read_two(rest + 1, 60, &whole))
    return false;
  rest += exact ? 3 : 0;
  if (exact && *rest == '.')
    for (rest++; *rest >= '0' && *rest <= '9'; rest++)
      unit /= 10, fraction += unit * (*rest - '0');
  *seconds = 3600.0 * hours + 60 * minutes + whole + fraction;
  *lasts = unit < 1 ? 0 : unit;
  return *rest == '\0' || (zones && is_zone(rest));
}

bool emend_rule_read_date(const emend_dataset *dataset, size_t variable, const char *text, double *begin, double *end) {
  enum { DAY = 10 };
  size_t length = strlen(text);
  double day = day_length(dataset, variable), seconds = 0, lasts = 86400;
  if (length < DAY || !read_day(dataset, variable, text, begin))
    return false;
  bool zones = is_written(dataset, variable);
  if (length > DAY && ((text[DAY] != 'T' && text[DAY] != ' ') || !read_time(text + DAY + 1, zones, &seconds, &lasts)))
    return false;
  *begin += day * (seconds / 86400);
  *end = *begin + day * (lasts / 86400);
  return true;
}

double emend_rule_date_of_text(const emend_dataset *dataset, size_t variable, const char *text) {
  double begin, end;
  char day[EMEND_DATE_TEXT];
  size_t length = emend_trimmed_length(text, strlen(text));
  if (length >= sizeof day || !is_written(dataset, variable))
    return NAN;
  memcpy(day, text, length);
  day[length] = '\0';
  return emend_rule_read_date(dataset, variable, day, &begin, &end) ? begin : NAN;
}

emend_status emend_rule_object_to_date(const emend_dataset *dataset, size_t variable, double number, emend_error *error) {
  enum { FIRST_YEAR = 1800, LAST_YEAR = 2200 };
  char text[EMEND_DATE_TEXT] = "";
  size_t length = emend_variable_date_text(dataset, variable, floor(number), text);
  long year = length > 0 ? strtol(text, NULL, 10) : 0;
  bool looks_like_year = number == floor(number) && number >= FIRST_YEAR && number <= LAST_YEAR;
  if (!looks_like_year && year >= FIRST_YEAR && year <= LAST_YEAR)
    return EMEND_OK;
  if (length == 0)
    strcpy(text, "no date");
  text[length > 10 ? 10 : strlen(text)] = '\0';
  return emend_fail(error, EMEND_INVALID_ARGUMENT,
                    "%s holds dates, and the number %.15g is %s there; write the date in quotes, \"2016-01-31\"",
                    emend_variable_name(dataset, variable), number, text);
}
