/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 1 to 12, from three letters in any case; 0 if they are no month. */
static int month_of(const char *name) {
  static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  for (int i = 0; i < 12; i++)
    if (emend_ascii_equal(name, months[i]))
      return i + 1;
  return 0;
}

void emend_time_text(const char *date, const char *time, char text[EMEND_TIME_TEXT]) {
  int day, year, hour, minute, second = 0;
  char name[4];
  text[0] = '\0';
  if (sscanf(date, "%2d%*1[ -]%3[A-Za-z]%*1[ -]%4d", &day, name, &year) != 3)
    return;
  int month = month_of(name);
  if (year >= 0 && year < 100)
    year += year < 70 ? 2000 : 1900;
  if (month == 0 || day < 1 || day > 31 || year < 1900)
    return;
  int n = snprintf(text, EMEND_TIME_TEXT, "%04d-%02d-%02d", year, month, day);
  int found = sscanf(time, "%2d:%2d:%2d", &hour, &minute, &second);
  if (found < 2 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return;
  n += snprintf(text + n, EMEND_TIME_TEXT - (size_t)n, "T%02d:%02d", hour, minute);
  if (found == 3)
    snprintf(text + n, EMEND_TIME_TEXT - (size_t)n, ":%02d", second);
}

emend_status emend_describe_text(emend_decoder *decoder, emend_dataset *dataset, const char *bytes, size_t length, emend_offset *offset,
                                 emend_error *error) {
  emend_status status = emend_decode(decoder, &bytes, &length, error);
  return status ? status : emend_dataset_add_text(dataset, bytes, length, offset, error);
}
