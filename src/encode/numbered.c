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

static const char *identifier_why(const told *t, bool many) {
  const emend_observed *o = t->observed;
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
  } else if (is_position(t)) {
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

bool emend_numbered_are_codes(const emend_dataset *dataset, size_t variable) {
  const char *label = emend_variable_label(dataset, variable);
  emend_buffer folded = {0};
  bool codes = *label && !emend_fold(label, strlen(label), &folded, NULL) && says(folded.bytes, EMEND_LABELS_CODE) &&
               !says(folded.bytes, EMEND_LABELS_QUANTITY);
  emend_buffer_free(&folded);
  return codes;
}
