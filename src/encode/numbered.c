/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/numbered.h"

#include <math.h>
#include <string.h>

#include "base/fold.h"
#include "encode/name.h"
#include "encode/phrases.h"

/* Whether a phrase of these meanings stands in a folded label. */
static bool says(const char *folded, unsigned meanings) {
  for (const char *at = folded; *at; at++)
    if (*at == ' ' && at[1] && emend_phrase_at(at + 1, meanings))
      return true;
  return false;
}

typedef struct told {
  const emend_dataset *dataset;
  size_t variable;
  const emend_observed *observed;
  const char *label; /* folded */
} told;

static bool says_in_label_or_name(const told *t, unsigned meanings) {
  return says(t->label, meanings) || emend_name_has_word(emend_variable_name(t->dataset, t->variable), meanings);
}

static bool is_measured(const told *t, unsigned meanings) { return says_in_label_or_name(t, EMEND_LABELS_QUANTITY | meanings); }

/* By name: labels of neighbours are not at hand folded. */
static bool stands_beside_latitude(const told *t) {
  size_t v = t->variable, n = emend_dataset_variables(t->dataset);
  return (v > 0 && emend_name_has_word(emend_variable_name(t->dataset, v - 1), EMEND_LABELS_LATITUDE)) ||
         (v + 1 < n && emend_name_has_word(emend_variable_name(t->dataset, v + 1), EMEND_LABELS_LATITUDE));
}

/* Spanish calls a longitude and a length the same. */
static bool is_position(const told *t) {
  const double farthest = 180;
  if (!(t->observed->min >= -farthest && t->observed->max <= farthest) || is_measured(t, EMEND_LABELS_LENGTH))
    return false;
  return says_in_label_or_name(t, EMEND_LABELS_POSITION) ||
         (says_in_label_or_name(t, EMEND_LABELS_LONGITUD) && stands_beside_latitude(t));
}

static const char *name_of(const told *t, ptrdiff_t offset) {
  ptrdiff_t at = (ptrdiff_t)t->variable + offset;
  return at >= 0 && at < (ptrdiff_t)emend_dataset_variables(t->dataset) ? emend_variable_name(t->dataset, (size_t)at) : "";
}

/* lat and lon are short for much else, but not side by side, with as many decimals as a place needs. */
static bool is_pair_of_degrees(const told *t) {
  enum { DECIMALS = 3 };
  const double pole = 90, farthest = 180;
  const emend_observed *o = t->observed;
  bool lat = emend_name_has_word(name_of(t, 0), EMEND_LABELS_LATITUDE), lon = emend_name_has_word(name_of(t, 0), EMEND_NAMES_LONGITUDE);
  unsigned other = lat ? EMEND_NAMES_LONGITUDE : EMEND_LABELS_LATITUDE;
  bool beside = emend_name_has_word(name_of(t, -1), other) || emend_name_has_word(name_of(t, 1), other);
  double end = lat ? pole : farthest;
  return (lat || lon) && beside && (o->decimals < 0 || o->decimals >= DECIMALS) && o->min >= -end && o->max <= end;
}

/* All observed values have it, and enough of them are different. */
static bool all_are(const told *t, size_t fewest, bool (*is)(double)) {
  if (t->observed->n_distinct < fewest || t->observed->infinite_row)
    return false;
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(t->dataset); row += run.n) {
    run = emend_dataset_run(t->dataset, t->variable, row);
    for (size_t i = 0; i < run.n; i++)
      if (run.reasons[i] == EMEND_OBSERVED && !is(run.values[i]))
        return false;
  }
  return true;
}

static bool is_month(double value) {
  double month = fmod(value, 100);
  return month >= 1 && month <= 12;
}

static bool is_day(double value) {
  double day = fmod(value, 100);
  return day >= 1 && day <= 31 && is_month(floor(value / 100));
}

static bool is_hour_and_minute(double value) { return value >= 0 && value <= 2400 && fmod(value, 100) < 60; }
static bool is_rounded_clock_time(double value) { return is_hour_and_minute(value) && fmod(value, 50) == 0; }

static const char *moment_why(const told *t) {
  enum { FEWEST = 10, FEWEST_TIMES = 20, NOON = 1200 };
  const double seconds_from = 5e8, seconds_to = 2.2e9; /* 1985 to 2039 */
  const emend_observed *o = t->observed;
  if (o->min >= 18000101 && o->max <= 21001231 && all_are(t, FEWEST, is_day))
    return "days written as numbers (20190331): not filled";
  if (o->min >= 180001 && o->max <= 210012 && all_are(t, FEWEST, is_month))
    return "months written as numbers (201903): not filled";
  bool seconds = (o->min >= seconds_from && o->max <= seconds_to) || (o->min >= 1e3 * seconds_from && o->max <= 1e3 * seconds_to);
  if (seconds && says_in_label_or_name(t, EMEND_LABELS_TIME))
    return "time stamps, seconds from 1970 on: not filled";
  bool clock = says_in_label_or_name(t, EMEND_LABELS_CLOCK) && !is_measured(t, 0);
  if (o->max >= NOON && o->max <= 2400 && clock && all_are(t, FEWEST_TIMES, is_hour_and_minute) &&
      !all_are(t, FEWEST_TIMES, is_rounded_clock_time))
    return "clock times written as numbers (hhmm): not filled";
  return NULL;
}

/* Codes of a classification: those whose names mean much else, too, are long. */
static bool is_named_like_codes(const char *name, const emend_observed *observed) {
  const double least = 100;
  return observed->min >= 0 && !emend_name_has_word(name, EMEND_LABELS_QUANTITY) &&
         (emend_name_has_word(name, EMEND_NAMES_CODE) ||
          (emend_name_is_word(name, EMEND_NAMES_CODE_UNSURE) && observed->min >= least));
}

/* One number after the other from 1 on, so many that nobody counted up to there. */
static bool is_numbered_group(const char *name, const emend_observed *observed) {
  enum { FEWEST = 26, MOST_LEFT_OUT = 10 };
  double left_out = observed->max - (double)observed->n_distinct;
  return observed->min == 1 && observed->n_distinct >= FEWEST && MOST_LEFT_OUT * left_out <= observed->max &&
         emend_name_is_word(name, EMEND_NAMES_GROUP);
}

/* What a name tells where nobody labelled anything, of whole numbers. */
static const char *named_why(const told *t, bool many) {
  enum { MOST_PERSONS = 99, FEWEST_ASKERS = 3 };
  const emend_observed *o = t->observed;
  const char *name = name_of(t, 0);
  if (o->min >= 0 && o->max <= MOST_PERSONS && emend_name_is_pointer(name))
    return "identifier: named like the line of a person in a roster";
  const char *label = emend_variable_label(t->dataset, t->variable);
  bool asker = emend_name_is_word(name, EMEND_NAMES_ASKER) || emend_name_is_word(label, EMEND_NAMES_ASKER);
  if (o->min >= 0 && o->n_distinct >= FEWEST_ASKERS && asker)
    return "identifier: named or labelled like the numbers of interviewers";
  if (many && (is_named_like_codes(name, o) || (o->min >= 0 && emend_name_is_word(name, EMEND_NAMES_PLACE))))
    return "identifier: named like numbers or codes of places or a classification";
  return many && is_numbered_group(name, o) ? "identifier: numbered from 1 on, and named like units of which there are several rows" : NULL;
}

static const char *identifier_why(const told *t, bool many) {
  const emend_observed *o = t->observed;
  const char *named = named_why(t, many);
  if (named)
    return named;
  if (o->min >= 0 && says(t->label, EMEND_LABELS_POINTER))
    return "identifier: labelled like the number of a person";
  if (o->min >= 1e7 && many && says_in_label_or_name(t, EMEND_LABELS_ARTICLE))
    return "identifier: bar codes of articles";
  if (!many)
    return NULL;
  if (says(t->label, EMEND_LABELS_CODE))
    return "identifier: labelled like numbers or codes of places, persons or a classification";
  bool labelled = emend_label_says_identifier(emend_variable_label(t->dataset, t->variable));
  return labelled ? "identifier: whole numbers, and labelled like one" : NULL;
}

static void find(const told *t, bool many, emend_numbered *kind, const char **why) {
  *why = NULL;
  if (t->observed->integers) {
    if ((*why = moment_why(t)))
      *kind = EMEND_NUMBERED_MOMENT;
    else if (!says(t->label, EMEND_LABELS_QUANTITY) && (*why = identifier_why(t, many)))
      *kind = EMEND_NUMBERED_IDENTIFIER;
  } else if (is_position(t) || is_pair_of_degrees(t)) {
    *why = "latitude or longitude: not filled", *kind = EMEND_NUMBERED_MOMENT;
  }
}

emend_status emend_numbered_find(const emend_dataset *dataset, size_t variable, const emend_observed *observed, bool many,
                                 emend_numbered *kind, const char **why, emend_error *error) {
  const char *label = emend_variable_label(dataset, variable);
  emend_buffer folded = {0};
  *kind = EMEND_NUMBERED_NOT, *why = NULL;
  if (observed->labelled || observed->n < 2)
    return EMEND_OK;
  emend_status status = emend_fold(label, strlen(label), &folded, error);
  if (!status)
    find(&(told){dataset, variable, observed, folded.bytes}, many, kind, why);
  emend_buffer_free(&folded);
  return status;
}

bool emend_numbered_are_named_codes(const emend_dataset *dataset, size_t variable, const emend_observed *observed) {
  const char *name = emend_variable_name(dataset, variable);
  return is_named_like_codes(name, observed) || (observed->min >= 0 && emend_name_is_word(name, EMEND_NAMES_PLACE));
}

bool emend_numbered_are_codes(const emend_dataset *dataset, size_t variable) {
  const char *label = emend_variable_label(dataset, variable);
  emend_buffer folded = {0};
  bool codes = *label && !emend_fold(label, strlen(label), &folded, NULL) && says(folded.bytes, EMEND_LABELS_CODE) &&
               !says(folded.bytes, EMEND_LABELS_QUANTITY);
  emend_buffer_free(&folded);
  return codes;
}
