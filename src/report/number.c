/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *number_exact(double value, number_text text) {
  if (value == 0)
    value = 0; /* no "-0" */
  bool plain = fabs(value) >= 1e-5 && fabs(value) < 1e15;
  for (int digits = plain ? 15 : 1; digits <= 17; digits++) {
    snprintf(text, NUMBER_SIZE, "%.*g", digits, value);
    if (strtod(text, NULL) == value)
      break;
  }
  return text;
}

const char *number_count(uint64_t count, number_text text) {
  char digits[24];
  int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
  char *to = text;
  for (int i = 0; i < length; i++) {
    if (i && (length - i) % 3 == 0)
      *to++ = ',';
    *to++ = digits[i];
  }
  *to = '\0';
  return text;
}

const char *number_estimate(double value, double sd, number_text text) {
  enum { WIDEST = 10 };
  if (isnan(value))
    return strcpy(text, "-");
  double unit = sd > 0 && isfinite(sd) ? sd : fabs(value);
  int decimals = unit > 0 ? 3 - (int)floor(log10(unit)) : 0;
  decimals = decimals < 0 ? 0 : decimals > 6 ? 6 : decimals;
  int length = snprintf(text, NUMBER_SIZE, "%.*f", decimals, value);
  bool lost = value != 0 && fabs(value) < 1e-4 && unit < 1e-3;
  if (length > WIDEST || lost)
    snprintf(text, NUMBER_SIZE, "%.4g", value);
  if (strncmp(text, "-0", 2) == 0 && strspn(text, "-0.") == strlen(text))
    memmove(text, text + 1, strlen(text)); /* "-0.000" */
  return text;
}

const char *number_of(uint64_t count, const char *one, const char *many, number_text text) {
  number_count(count, text);
  size_t length = strlen(text);
  snprintf(text + length, NUMBER_SIZE - length, " %s", count == 1 ? one : many);
  return text;
}
