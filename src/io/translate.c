/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/translate.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

emend_family emend_family_of(const char *file_format) {
  static const char *const spss[] = {"sav", "zsav", "por"}, *const sas[] = {"sas7bdat", "xpt"};
  for (size_t i = 0; i < sizeof spss / sizeof *spss; i++)
    if (strcmp(file_format, spss[i]) == 0)
      return EMEND_FAMILY_SPSS;
  for (size_t i = 0; i < sizeof sas / sizeof *sas; i++)
    if (strcmp(file_format, sas[i]) == 0)
      return EMEND_FAMILY_SAS;
  return strcmp(file_format, "dta") == 0 ? EMEND_FAMILY_STATA : EMEND_FAMILY_NONE;
}

/* A format of SPSS or SAS in its parts: COMMA10.2 is COMMA, 10, 2; 8.2 is "", 8, 2; E8601DA10 is E8601DA, 10. */
typedef struct parts {
  char stem[40];
  unsigned width, decimals; /* 0: not told */
} parts;

static unsigned small(const char *digits) {
  unsigned long value = strtoul(digits, NULL, 10);
  return value > 40 ? 40 : (unsigned)value;
}

static parts split(const char *format) {
  parts p = {0};
  size_t end = strlen(format);
  while (end > 0 && (format[end - 1] == ' ' || format[end - 1] == '.'))
    end--;
  size_t digits = end;
  while (digits > 0 && isdigit((unsigned char)format[digits - 1]))
    digits--;
  size_t stem = digits;
  if (digits > 0 && format[digits - 1] == '.') {
    p.decimals = small(format + digits);
    for (stem = digits - 1; stem > 0 && isdigit((unsigned char)format[stem - 1]);)
      stem--;
    p.width = small(format + stem);
  } else {
    p.width = small(format + digits);
  }
  for (size_t i = 0; i < stem && i < sizeof p.stem - 1; i++)
    p.stem[i] = (char)toupper((unsigned char)format[i]);
  return p;
}

/* Dates and times: what shows the same in each family. The first row of a kind serves formats that have no row. */
typedef struct equal {
  emend_variable_kind kind;
  const char *format[3]; /* by family; NULL: of no use as a source, the default as a target */
} equal;

static const equal equals[] = {
    {EMEND_DATE, {"DATE11", "%td", "DATE11"}},
    {EMEND_DATE, {"ADATE10", "%tdNN/DD/CCYY", "MMDDYY10"}},
    {EMEND_DATE, {"EDATE10", "%tdDD.NN.CCYY", "DDMMYYP10"}},
    {EMEND_DATE, {"EDATE10", "%tdDD/NN/CCYY", "DDMMYY10"}},
    {EMEND_DATE, {"SDATE10", "%tdCCYY/NN/DD", "YYMMDDS10"}},
    {EMEND_DATE, {"SDATE10", "%tdCCYY-NN-DD", "YYMMDD10"}},
    {EMEND_DATE, {"SDATE10", "%tdCCYY-NN-DD", "E8601DA10"}},
    {EMEND_DATE, {"JDATE7", "%tdCCYYJJJ", "JULIAN7"}},
    {EMEND_DATE, {"MOYR8", "%tdMon_CCYY", "MONYY7"}},
    {EMEND_DATETIME, {"DATETIME20", "%tc", "DATETIME20"}},
    {EMEND_DATETIME, {"YMDHMS19", "%tcCCYY-NN-DD_HH:MM:SS", "E8601DT19"}},
    {EMEND_TIME, {"TIME8", "%tcHH:MM:SS", "TIME8"}},
    {EMEND_TIME, {"TIME5", "%tcHH:MM", "HHMM5"}},
};
enum { N_EQUALS = sizeof equals / sizeof *equals };

/* Stata's %tc of nothing but hours, minutes and seconds shows a time of day. */
static bool stata_shows_time(const char *format) {
  const char *c = strstr(format, "tc");
  return c && c[2] && !strpbrk(c + 2, "CcYyNDdJj") && !strstr(c + 2, "Mon") && !strstr(c + 2, "mon") && strpbrk(c + 2, "HhMmSs");
}

static const char *stata_detail(const char *format) {
  const char *at = format + (*format == '%');
  return at + (*at == '-' || *at == '~');
}

static emend_unit stata_unit(const char *format) {
  const char *at = stata_detail(format);
  if (*at == 'd')
    return EMEND_UNIT_DAYS_1960;
  switch (*at == 't' ? at[1] : '\0') {
  case 'c':
  case 'C': return stata_shows_time(format) ? EMEND_UNIT_MILLISECONDS : EMEND_UNIT_MILLISECONDS_1960;
  case 'd': return EMEND_UNIT_DAYS_1960;
  case 'w': return EMEND_UNIT_WEEKS_1960;
  case 'm': return EMEND_UNIT_MONTHS_1960;
  case 'q': return EMEND_UNIT_QUARTERS_1960;
  case 'h': return EMEND_UNIT_HALF_YEARS_1960;
  default: return EMEND_UNIT_NUMBER; /* years; business calendars, which nobody else has */
  }
}

static emend_unit unit_of(emend_family family, emend_variable_kind kind, const char *format) {
  if (kind == EMEND_NUMERIC || family == EMEND_FAMILY_NONE)
    return EMEND_UNIT_NUMBER;
  if (family == EMEND_FAMILY_STATA)
    return stata_unit(format);
  if (kind == EMEND_TIME)
    return EMEND_UNIT_SECONDS;
  if (family == EMEND_FAMILY_SPSS)
    return EMEND_UNIT_SECONDS_1582;
  return kind == EMEND_DATE ? EMEND_UNIT_DAYS_1960 : EMEND_UNIT_SECONDS_1960;
}

static emend_unit target_unit(emend_family family, emend_variable_kind kind) {
  if (family != EMEND_FAMILY_STATA)
    return unit_of(family, kind, "");
  return kind == EMEND_DATE ? EMEND_UNIT_DAYS_1960 : kind == EMEND_TIME ? EMEND_UNIT_MILLISECONDS : EMEND_UNIT_MILLISECONDS_1960;
}

static bool matches(emend_family family, const char *row, const char *format) {
  if (!row)
    return false;
  if (family == EMEND_FAMILY_STATA)
    return strcmp(stata_detail(row) + 1, stata_detail(format) + (*stata_detail(format) == 't')) == 0; /* %d is %td */
  return strcmp(split(row).stem, split(format).stem) == 0;
}

static void translate_date(emend_family from, const char *format, emend_variable_kind kind, emend_family to, emend_translation *t) {
  const equal *found = NULL, *first = NULL;
  for (size_t i = 0; i < N_EQUALS && !found; i++) {
    if (equals[i].kind != kind)
      continue;
    first = first ? first : &equals[i];
    if (matches(from, equals[i].format[from], format))
      found = &equals[i];
  }
  t->approximate = !found || (from == EMEND_FAMILY_STATA && strchr(format, 'C') && stata_detail(format)[1] == 'C');
  snprintf(t->format, sizeof t->format, "%s", (found ? found : first)->format[to]);
  if (t->from == EMEND_UNIT_MONTHS_1960 || t->from == EMEND_UNIT_QUARTERS_1960 || t->from == EMEND_UNIT_HALF_YEARS_1960) {
    t->approximate = t->from != EMEND_UNIT_MONTHS_1960;
    snprintf(t->format, sizeof t->format, "%s", to == EMEND_FAMILY_SPSS ? "MOYR8" : "MONYY7");
  }
}

/* Numbers: how they are shown, apart from width and decimals. */
typedef enum look { FIXED, GENERAL, COMMAS, DOTS, DOLLARS, EXPONENT, OTHER } look;

typedef struct shown {
  look look;
  unsigned width, decimals;
} shown;

static shown shown_in(const char *format, const char *fixed, const char *commas, const char *dots) {
  parts p = split(format);
  shown s = {OTHER, p.width, p.decimals};
  if (p.stem[0] == '\0' && p.width == 0)
    s.look = GENERAL;
  else if (p.stem[0] == '\0' || strcmp(p.stem, fixed) == 0)
    s.look = FIXED;
  else if (strcmp(p.stem, "BEST") == 0)
    s.look = GENERAL;
  else if (strcmp(p.stem, commas) == 0)
    s.look = COMMAS;
  else if (strcmp(p.stem, dots) == 0)
    s.look = DOTS;
  else if (strcmp(p.stem, "DOLLAR") == 0)
    s.look = DOLLARS;
  else if (strcmp(p.stem, "E") == 0)
    s.look = EXPONENT;
  return s;
}

/* %9.0g, %-12,2fc, %08.3f: flags, width, point or comma, decimals, letter, c for separated thousands. */
static shown shown_in_stata(const char *format) {
  shown s = {OTHER, 0, 0};
  if (*format != '%')
    return (shown){GENERAL, 0, 0};
  const char *at = format + 1 + strspn(format + 1, "-~+0");
  char *end;
  if (strncmp(at, "ty", 2) == 0)
    return (shown){FIXED, 4, 0};
  s.width = small(at);
  at += strspn(at, "0123456789");
  char mark = *at;
  if (mark == '.' || mark == ',')
    s.decimals = (unsigned)strtoul(at + 1, &end, 10), at = end;
  s.decimals = s.decimals > 16 ? 16 : s.decimals;
  bool separated = at[0] && at[1] == 'c';
  if (*at == 'g')
    s.look = GENERAL;
  else if (*at == 'f')
    s.look = mark == ',' ? DOTS : separated ? COMMAS : FIXED;
  else if (*at == 'e')
    s.look = EXPONENT;
  return s;
}

static bool is_whole(emend_storage storage) {
  return storage == EMEND_STORAGE_I8 || storage == EMEND_STORAGE_I16 || storage == EMEND_STORAGE_I32;
}

/* Widths that the families accept: SPSS 1 to 40 with at most 16 decimals, a place for the point among them; SAS to 32. */
static shown bounded(shown s, emend_family to, bool whole) {
  unsigned most = to == EMEND_FAMILY_SAS ? 32 : 40;
  if (s.width == 0)
    s.width = to == EMEND_FAMILY_SAS ? 12 : to == EMEND_FAMILY_STATA ? 10 : 8;
  if (s.look == GENERAL && to == EMEND_FAMILY_SPSS)
    s.decimals = whole ? 0 : s.decimals ? s.decimals : 2;
  s.width = s.width > most ? most : s.width;
  s.decimals = s.decimals > 16 ? 16 : s.decimals;
  if (s.look == DOLLARS && s.width < 2)
    s.width = 2;
  if (s.look == EXPONENT && s.width < 7)
    s.width = 7;
  unsigned around = s.look == EXPONENT ? 7 : s.look == DOLLARS ? 3 : 2;
  if (s.decimals && s.width < s.decimals + around)
    s.width = s.decimals + around;
  return s;
}

static void put_spss(shown s, char *format) {
  static const char *const names[] = {"F", "F", "COMMA", "DOT", "DOLLAR", "E", "F"};
  snprintf(format, EMEND_TRANSLATED_FORMAT, "%s%u.%u", names[s.look], s.width, s.decimals);
}

static void put_sas(shown s, char *format) {
  static const char *const names[] = {"F", "BEST", "COMMA", "COMMAX", "DOLLAR", "E", "BEST"};
  if (s.decimals && s.look != GENERAL && s.look != OTHER && s.look != EXPONENT)
    snprintf(format, EMEND_TRANSLATED_FORMAT, "%s%u.%u", names[s.look], s.width, s.decimals);
  else
    snprintf(format, EMEND_TRANSLATED_FORMAT, "%s%u", names[s.look], s.width);
}

static void put_stata(shown s, char *format) {
  static const char *const letters[] = {"f", "g", "fc", "fc", "fc", "e", "g"};
  if (s.look == GENERAL || s.look == OTHER)
    s.decimals = 0;
  snprintf(format, EMEND_TRANSLATED_FORMAT, "%%%u%c%u%s", s.width, s.look == DOTS ? ',' : '.', s.decimals, letters[s.look]);
}

static void put_shown(emend_family to, shown s, char *format) {
  if (to == EMEND_FAMILY_SPSS)
    put_spss(s, format);
  else if (to == EMEND_FAMILY_SAS)
    put_sas(s, format);
  else
    put_stata(s, format);
}

static void translate_number(emend_family from, const char *format, emend_storage storage, emend_family to, emend_translation *t) {
  shown s = {GENERAL, 0, 0};
  if (from == EMEND_FAMILY_SPSS)
    s = shown_in(format, "F", "COMMA", "DOT");
  else if (from == EMEND_FAMILY_SAS)
    s = shown_in(format, "F", "COMMA", "COMMAX");
  else if (from == EMEND_FAMILY_STATA)
    s = shown_in_stata(format);
  t->approximate = s.look == OTHER || (s.look == DOLLARS && to == EMEND_FAMILY_STATA);
  put_shown(to, bounded(s, to, is_whole(storage)), t->format);
}

emend_translation emend_translate(emend_family from, const emend_dataset *dataset, size_t variable, emend_family to) {
  const emend_variable *v = emend_dataset_variable(dataset, variable);
  const char *format = emend_dataset_text(dataset, v->format);
  emend_translation t = {0};
  emend_variable_kind kind = v->kind;
  if (from == to || to == EMEND_FAMILY_NONE) {
    snprintf(t.format, sizeof t.format, "%s", format);
    return t;
  }
  t.from = unit_of(from, kind, format);
  if (t.from == EMEND_UNIT_MILLISECONDS)
    kind = EMEND_TIME;
  if (t.from == EMEND_UNIT_NUMBER) {
    /* A SAS format that only gives labels says nothing of the numbers' look. */
    translate_number(from, from == EMEND_FAMILY_SAS && v->label_set >= 0 ? "" : format, v->storage, to, &t);
    return t;
  }
  t.to = target_unit(to, kind);
  translate_date(from, format, kind, to, &t);
  return t;
}

void emend_translate_decimals(emend_family to, emend_storage storage, unsigned decimals, char *format) {
  unsigned width = storage == EMEND_STORAGE_I8 ? 4 : storage == EMEND_STORAGE_I16 ? 6 : storage == EMEND_STORAGE_I32 ? 11 : 8;
  shown s = {FIXED, width > decimals + 3 ? width : decimals + 3, decimals};
  put_shown(to, bounded(s, to, is_whole(storage)), format);
}

void emend_translate_text_format(emend_family to, size_t width, char *format) {
  if (to == EMEND_FAMILY_SPSS)
    snprintf(format, EMEND_TRANSLATED_FORMAT, "A%zu", width ? width : 1);
  else if (to == EMEND_FAMILY_SAS)
    snprintf(format, EMEND_TRANSLATED_FORMAT, "$%zu", width ? width : 1);
  else
    snprintf(format, EMEND_TRANSLATED_FORMAT, "%%%zus", width && width <= 244 ? width : 9);
}

/* Days from 1960-01-01 to the first of a month; `months` since January 1960. */
static double days_of_month(double months) {
  enum { DAYS_400 = 146097, MARCH_0000_TO_1960 = 715815 };
  int64_t m = (int64_t)months + 1960 * 12, year = m >= 0 ? m / 12 : -((11 - m) / 12), month = m - 12 * year; /* 0: January */
  year -= month < 2;
  month = month < 2 ? month + 10 : month - 2; /* 0: March */
  int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - 400 * era;
  return (double)(era * DAYS_400 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5 - MARCH_0000_TO_1960);
}

static double days_of_week(double weeks) {
  double year = floor(weeks / 52);
  return days_of_month(12 * year) + 7 * (weeks - 52 * year);
}

/* Seconds since 1960, or of a time. */
static double common(emend_unit unit, double value) {
  enum { DAYS_1582_TO_1960 = 137775 };
  switch (unit) {
  case EMEND_UNIT_SECONDS_1582: return value - DAYS_1582_TO_1960 * 86400.0;
  case EMEND_UNIT_DAYS_1960: return value * 86400;
  case EMEND_UNIT_MILLISECONDS_1960:
  case EMEND_UNIT_MILLISECONDS: return value / 1000;
  case EMEND_UNIT_WEEKS_1960: return 86400 * days_of_week(floor(value));
  case EMEND_UNIT_MONTHS_1960: return 86400 * days_of_month(floor(value));
  case EMEND_UNIT_QUARTERS_1960: return 86400 * days_of_month(3 * floor(value));
  case EMEND_UNIT_HALF_YEARS_1960: return 86400 * days_of_month(6 * floor(value));
  default: return value;
  }
}

double emend_translate_value(const emend_translation *t, double value) {
  enum { DAYS_1582_TO_1960 = 137775 };
  if (t->from == t->to || !(fabs(value) < 1e15))
    return value;
  double seconds = common(t->from, value);
  switch (t->to) {
  case EMEND_UNIT_SECONDS_1582: return seconds + DAYS_1582_TO_1960 * 86400.0;
  case EMEND_UNIT_DAYS_1960: return seconds / 86400;
  case EMEND_UNIT_MILLISECONDS_1960:
  case EMEND_UNIT_MILLISECONDS: return seconds * 1000;
  default: return seconds;
  }
}
