/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_TRANSLATE_H
#define IO_TRANSLATE_H

#include <stdbool.h>

#include "data/dataset.h"
#include "io/kind.h"

/*
 * What a numeric variable becomes in the files of another family of programs: its display format, and its numbers where dates and times
 * are counted differently.
 *
 *            date                    date and time           time of day
 *   SPSS     seconds since 1582-10-14 both                   seconds
 *   Stata    days since 1960          milliseconds since 1960  milliseconds (a %tc of 1960-01-01)
 *   SAS      days since 1960          seconds since 1960      seconds
 * Stata's weeks, months, quarters and half-years become the first day of theirs; its years are numbers everywhere. %tC, which counts
 * leap seconds, is taken for %tc: the translation says that it approximates.
 */
typedef enum emend_unit {
  EMEND_UNIT_NUMBER,
  EMEND_UNIT_SECONDS_1582,
  EMEND_UNIT_DAYS_1960,
  EMEND_UNIT_SECONDS_1960,
  EMEND_UNIT_MILLISECONDS_1960,
  EMEND_UNIT_SECONDS,      /* of a day, or a duration */
  EMEND_UNIT_MILLISECONDS, /* the same */
  EMEND_UNIT_WEEKS_1960,   /* Stata's: 52 to the year, the first begins on 1 January */
  EMEND_UNIT_MONTHS_1960,
  EMEND_UNIT_QUARTERS_1960,
  EMEND_UNIT_HALF_YEARS_1960
} emend_unit;

enum { EMEND_TRANSLATED_FORMAT = 64 };

typedef struct emend_translation {
  emend_unit from, to;
  char format[EMEND_TRANSLATED_FORMAT]; /* never empty for another family */
  bool approximate;                     /* the format, or %tC, has no equal there; the closest was taken */
} emend_translation;

/* The family of a file format: "sav", "dta", "xpt", ...; EMEND_FAMILY_NONE for delimited text. */
emend_family emend_family_of(const char *file_format);
/* For a numeric variable (of any kind but text). Within a family nothing changes. */
emend_translation emend_translate(emend_family from, const emend_dataset *dataset, size_t variable, emend_family to);
/* The same for the format of an added variable: numbers with so many decimals. */
void emend_translate_decimals(emend_family to, emend_storage storage, unsigned decimals, char *format);
double emend_translate_value(const emend_translation *translation, double value);
/* The format of a text variable of so many bytes; 0: of any length. */
void emend_translate_text_format(emend_family to, size_t width, char *format);

#endif
