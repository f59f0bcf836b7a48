/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/kind.h"

#include <string.h>

#include "base/text.h"

typedef struct format_kind {
  const char *names; /* separated by blanks; a final * stands for any of the letters B C D N P S or none (the separator) */
  emend_variable_kind kind;
} format_kind;

/* WKDAY and MONTH are left out: they show the numbers 1 to 7 and 1 to 12 as names. */
static const format_kind spss_formats[] = {
    {"DATE ADATE EDATE SDATE JDATE QYR MOYR WKYR", EMEND_DATE},
    {"TIME DTIME MTIME", EMEND_TIME},
    {"DATETIME YMDHMS", EMEND_DATETIME},
};

static const format_kind sas_formats[] = {
    {"DATE DAY DDMMYY* DOWNAME JULDAY JULIAN MMDDYY* MMYY* MONNAME MONTH MONYY QTR QTRR WEEKDATE WEEKDATX WEEKDAY WEEKU WEEKV WEEKW "
     "WORDDATE WORDDATX YEAR YYMM* YYMMDD* YYMON YYQ* YYQR* YYWEEKU YYWEEKV YYWEEKW PDJULG PDJULI MINGUO NENGO HDATE HEBDATE "
     "E8601DA B8601DA IS8601DA ND8601DA NLDATE NLDATEL NLDATEM NLDATEMD NLDATEMN NLDATES NLDATEW NLDATEWN NLDATEYM NLDATEYQ NLDATEYR "
     "NLDATEYW EURDFDD EURDFDE EURDFDN EURDFDWN EURDFMN EURDFMY EURDFWDX EURDFWKX",
     EMEND_DATE},
    {"TIME TIMEAMPM HHMM HOUR MMSS TOD E8601TM E8601TZ E8601TX E8601LZ B8601TM B8601TZ B8601LZ IS8601TM IS8601TZ IS8601LZ NLTIME NLTIMAP "
     "NLTIMMN",
     EMEND_TIME},
    {"DATETIME DATEAMPM MDYAMPM DTDATE DTMONYY DTWKDATX DTYEAR DTYYQC E8601DN E8601DT E8601DZ E8601DX B8601DN B8601DT B8601DZ B8601DX "
     "IS8601DN IS8601DT IS8601DZ NLDATM NLDATMAP NLDATML NLDATMM NLDATMS NLDATMW NLDATMWN NLDATMYM NLDATMYQ NLDATMYR NLDATMDT NLDATMTM "
     "NLDATMTZ EURDFDT",
     EMEND_DATETIME},
};

static bool name_matches(const char *name, size_t length, const char *stem, size_t stem_length) {
  bool any_separator = length > 0 && name[length - 1] == '*';
  if (any_separator && emend_ascii_equal_n(name, length - 1, stem, stem_length))
    return true;
  if (any_separator && stem_length > 0 && strchr("BCDNPSbcdnps", stem[stem_length - 1]))
    return emend_ascii_equal_n(name, length - 1, stem, stem_length - 1);
  return emend_ascii_equal_n(name, length, stem, stem_length);
}

static emend_variable_kind look_up(const format_kind *table, size_t count, const char *stem, size_t stem_length) {
  for (size_t i = 0; i < count; i++)
    for (const char *name = table[i].names; *name;) {
      size_t length = strcspn(name, " ");
      if (name_matches(name, length, stem, stem_length))
        return table[i].kind;
      name += length;
      name += strspn(name, " ");
    }
  return EMEND_NUMERIC;
}

/* The name without its width and decimals: DATETIME of DATETIME23.2, E8601DA of E8601DA10. */
static size_t stem_length(const char *format) {
  size_t length = strlen(format);
  while (length > 0 && strchr("0123456789. ", format[length - 1]))
    length--;
  return length;
}

/* %td, %-tcHH:MM, %d: a flag, then t and the unit. */
static emend_variable_kind stata_kind(const char *format) {
  if (*format != '%')
    return EMEND_NUMERIC;
  format++;
  if (*format == '-' || *format == '~')
    format++;
  if (*format == 'd')
    return EMEND_DATE;
  if (*format != 't')
    return EMEND_NUMERIC;
  return format[1] == 'c' || format[1] == 'C' ? EMEND_DATETIME : format[1] && strchr("dwmqhyb", format[1]) ? EMEND_DATE : EMEND_NUMERIC;
}

emend_variable_kind emend_kind_of_format(emend_family family, const char *format) {
  if (family == EMEND_FAMILY_STATA)
    return stata_kind(format);
  size_t length = stem_length(format);
  if (family == EMEND_FAMILY_SPSS)
    return look_up(spss_formats, sizeof spss_formats / sizeof *spss_formats, format, length);
  return look_up(sas_formats, sizeof sas_formats / sizeof *sas_formats, format, length);
}
