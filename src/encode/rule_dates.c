/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/rule_dates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv_date.h"

/* How long a day is in the variable's unit; 0: it holds no dates. */
static double day_length(const emend_dataset *dataset, size_t variable) {
  double first, second;
  bool dates = emend_variable_read_day(dataset, variable, "2000-01-01", 10, false, &first) &&
               emend_variable_read_day(dataset, variable, "2000-01-02", 10, false, &second);
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

/* "08:30", "08:30:15" or "08:30:15.5" as seconds since midnight, and how long what is said lasts. */
static bool read_time(const char *text, double *seconds, double *lasts) {
  int hours, minutes, whole = 0;
  if (!read_two(text, 24, &hours) || text[2] != ':' || !read_two(text + 3, 60, &minutes))
    return false;
  const char *rest = text + 5;
  double fraction = 0, unit = *rest ? 1 : 60;
  if (*rest && (*rest != ':' || !read_two(rest + 1, 60, &whole)))
    return false;
  rest += *rest ? 3 : 0;
  if (*rest == '.')
    for (rest++; *rest >= '0' && *rest <= '9'; rest++)
      unit /= 10, fraction += unit * (*rest - '0');
  *seconds = 3600.0 * hours + 60 * minutes + whole + fraction;
  *lasts = unit < 1 ? 0 : unit;
  return *rest == '\0';
}

bool emend_rule_read_date(const emend_dataset *dataset, size_t variable, const char *text, double *begin, double *end) {
  enum { DAY = 10 };
  size_t length = strlen(text);
  double day = day_length(dataset, variable), seconds = 0, lasts = 86400;
  if (length < DAY || !emend_variable_read_day(dataset, variable, text, DAY, false, begin))
    return false;
  if (length > DAY && ((text[DAY] != 'T' && text[DAY] != ' ') || !read_time(text + DAY + 1, &seconds, &lasts)))
    return false;
  *begin += day * (seconds / 86400);
  *end = *begin + day * (lasts / 86400);
  return true;
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
