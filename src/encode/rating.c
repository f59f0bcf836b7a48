/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/rating.h"

#include <string.h>

#include "base/fold.h"
#include "encode/band.h"

/* Beginnings of words, as emend_fold leaves them. English, German, French, Spanish, Italian, Portuguese, Dutch. */
static const char *const ratings[] = {
    "satisf",    "happiness",  "happy",      "trust",     "rated",     "rating",       "likel",      "recommend", "importan",  "scale",
    "leftright", "left right", "lrscale",    "nps",       "wellbeing", "well being",   "pain",       "stress",    "zufrieden", "lebenszufr",
    "gluck",     "vertrau",    "weiterempf", "wichtig",   "skala",     "links rechts", "bewert",     "schmerz",   "confiance", "bonheur",
    "echelle",   "gauche",     "recommand",  "confianza", "felicidad", "izquierda",    "escala",     "recomend",  "fiducia",   "soddisf",
    "felicita",  "sinistra",   "raccomand",  "confianca", "esquerda",  "tevreden",     "vertrouwen", "geluk",     "schaal"};
static const char *const counts[] = {
    "number",  "num ",      "count ", "counts",   "many",   "day ",     "days",   "times",    "hour",      "hours",     "year",    "month", "week",
    "minute",  "children",  "kids",    "person ", "persons",     "household size", "drink",     "glasses", "rooms", "anzahl",
    "zahl",    "tage",      "stunde",  "jahre",  "monat",   "woche",  "kinder",   "personen",  "haushaltsgr",  "nombre",  "jours", "heures",
    "enfants", "personnes", "dias",    "horas",  "veces",   "hijos",  "personas", "numero",    "giorni",    "ore ",    "figli", "persone",
    "filhos",  "vezes",     "pessoas", "aantal", "dagen",   "uren",   "kinderen", "hhsize",    "how often", "wie oft"};

/* Whether one of the phrases begins at the beginning of a word of a folded text. */
static bool holds(const char *folded, const char *const *phrases, size_t n) {
  for (const char *at = folded; (at = strchr(at, ' ')) && at[1]; at++)
    for (size_t i = 0; i < n; i++)
      if (strncmp(at + 1, phrases[i], strlen(phrases[i])) == 0)
        return true;
  return false;
}

/* -1: named like a count; 1: like a rating; 0: neither. */
static int read_words(const char *text) {
  emend_buffer folded = {0};
  int said = 0;
  if (!emend_fold(text, strlen(text), &folded, NULL)) {
    if (holds(folded.bytes, counts, sizeof counts / sizeof *counts))
      said = -1;
    else
      said = holds(folded.bytes, ratings, sizeof ratings / sizeof *ratings);
  }
  emend_buffer_free(&folded);
  return said;
}

/* "10 or more" ends a count. */
static bool is_number(const char *label) {
  emend_band band;
  bool is_band = true;
  return emend_band_read(label, strlen(label), &band, &is_band, NULL) || is_band;
}

static bool has_named_ends(const emend_dataset *dataset, size_t variable, const emend_observed *observed, bool *counted) {
  const char *lowest = emend_dataset_label_of(dataset, variable, observed->min, EMEND_OBSERVED);
  const char *highest = emend_dataset_label_of(dataset, variable, observed->max, EMEND_OBSERVED);
  *counted = highest && is_number(highest) && strcmp(highest, "10") != 0;
  return lowest && highest && !is_number(highest);
}

/* Counts become rarer from their lowest number on, or soon behind it; half of the answers to a rating, or more, are at 5 or above. */
static bool are_spread(const emend_observed *observed) {
  enum { FEWEST = 30, MIDDLE = 5 };
  size_t upper = 0, most = 0;
  for (size_t i = 0; i < observed->n_values; i++) {
    upper += observed->values[i] >= MIDDLE ? observed->counts[i] : 0;
    most = observed->counts[i] > observed->counts[most] ? i : most;
  }
  return observed->n >= FEWEST && 2 * upper >= observed->n && observed->values[most] >= MIDDLE;
}

const char *emend_rating_why(const emend_dataset *dataset, size_t variable, const emend_observed *observed) {
  enum { TOP = 10, FEWEST_VALUES = 6 };
  bool range = observed->integers && observed->max == TOP && (observed->min == 0 || observed->min == 1);
  if (!range || !observed->values || !observed->counts || observed->n_values < FEWEST_VALUES)
    return NULL;
  bool counted, ends = has_named_ends(dataset, variable, observed, &counted);
  int name = read_words(emend_variable_name(dataset, variable)), label = read_words(emend_variable_label(dataset, variable));
  if (counted)
    return NULL;
  if (ends)
    return "whole numbers up to 10, labelled at their ends";
  if (name < 0 || label < 0)
    return NULL;
  if (name > 0 || label > 0)
    return "whole numbers up to 10, named like a rating";
  return are_spread(observed) ? "whole numbers up to 10, spread like a rating" : NULL;
}
