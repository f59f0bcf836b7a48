/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/name.h"

#include <string.h>

#include "base/text.h"

/* A word of a name: a run of letters that begins anew at each change from small to capital. */
typedef struct name_word {
  const char *start;
  size_t length;
} name_word;

static bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_small(char c) { return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80; }

size_t emend_name_word_length(const char *at) {
  size_t n = 0;
  while ((is_capital(at[n]) || is_small(at[n])) && !(n > 0 && is_capital(at[n]) && is_small(at[n - 1])))
    n++;
  return n;
}

static size_t split_words(const char *name, name_word *words, size_t capacity) {
  size_t n = 0, length;
  for (; *name; name += length ? length : 1) {
    length = emend_name_word_length(name);
    if (length == 0)
      continue;
    /* Beyond the capacity the last word replaces its forerunner: only the first and the last matter. */
    words[n < capacity ? n : capacity - 1] = (name_word){name, length};
    n += n < capacity;
  }
  return n;
}

static bool is_one_of(name_word word, const char *const *list, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (emend_ascii_equal_n(word.start, word.length, list[i], strlen(list[i])))
      return true;
  return false;
}

#define COUNT(list) (sizeof(list) / sizeof *(list))
enum { MOST_WORDS = 8 };

/* The last word is in one list, or the first in a second and the last in a third. */
typedef struct name_lists {
  const char *const *last, *const *stems, *const *ends;
  size_t n_last, n_stems, n_ends;
} name_lists;

static bool fits(const char *name, const name_lists *lists) {
  name_word words[MOST_WORDS];
  size_t n = split_words(name, words, MOST_WORDS);
  return n > 0 && (is_one_of(words[n - 1], lists->last, lists->n_last) ||
                   (n > 1 && is_one_of(words[0], lists->stems, lists->n_stems) && is_one_of(words[n - 1], lists->ends, lists->n_ends)));
}

/* Nothing but this one word. */
static bool is_whole(const char *name, const char *const *list, size_t n) {
  name_word words[MOST_WORDS];
  return split_words(name, words, MOST_WORDS) == 1 && is_one_of(words[0], list, n);
}

static const char *const numbers[] = {"no", "num", "nr", "number", "code", "id"};

bool emend_name_is_shared_identifier(const char *name) {
  static const char *const identifiers[] = {"id",
                                            "ids",
                                            "identifier",
                                            "idno",
                                            "idnum",
                                            "idnr",
                                            "caseid",
                                            "caseno",
                                            "casenum",
                                            "casenr",
                                            "casenumber",
                                            "serial",
                                            "serialno",
                                            "serialnum",
                                            "serialnr",
                                            "serialnumber",
                                            "respid",
                                            "respno",
                                            "respnum",
                                            "respnr",
                                            "respondentid",
                                            "recordid",
                                            "recordno",
                                            "recordnum",
                                            "recid",
                                            "recno",
                                            "recnum",
                                            "rowid",
                                            "rowno",
                                            "rownum",
                                            "uid",
                                            "uuid",
                                            "guid",
                                            "pid",
                                            "hhid",
                                            "hid",
                                            "subjid",
                                            "subjectid",
                                            "patid",
                                            "patientid",
                                            "personid",
                                            "personno",
                                            "studyid",
                                            "userid",
                                            "memberid",
                                            "seqn",
                                            "seqno",
                                            "seqnum",
                                            "lfdn",
                                            "lfdnr",
                                            "pnr",
                                            "persid",
                                            "persnr",
                                            "persno",
                                            "pidp",
                                            "hidp",
                                            "hhnr",
                                            "hhno",
                                            "hhnum",
                                            "ssn",
                                            "fallnr",
                                            "fallnummer",
                                            "personennummer",
                                            "haushaltsnummer",
                                            "panelid",
                                            "interviewid"};
  static const char *const stems[] = {"case", "serial",   "resp",   "respondent", "record",  "rec",       "key", "id",  "row",
                                      "seq",  "sequence", "person", "patient",    "subject", "household", "hh",  "pers"};
  static const name_lists lists = {identifiers, stems, numbers, COUNT(identifiers), COUNT(stems), COUNT(numbers)};
  return fits(name, &lists);
}

bool emend_name_is_identifier(const char *name) {
  static const char *const identifiers[] = {"ident", "case", "resp", "respondent", "record", "rec", "key"};
  static const name_lists lists = {.last = identifiers, .n_last = COUNT(identifiers)};
  return emend_name_is_shared_identifier(name) || fits(name, &lists);
}

bool emend_name_is_phone(const char *name) {
  static const char *const phones[] = {"phone",     "phones",      "tel",     "telephone",     "telefon", "telefono",    "telefone",
                                       "telefoon",  "mobile",      "mobil",   "handy",         "cell",    "cellphone",   "mobilephone",
                                       "rufnummer", "phonenumber", "phoneno", "telefonnummer", "telnr",   "handynummer", "fax"};
  static const name_lists lists = {phones, phones, numbers, COUNT(phones), COUNT(phones), COUNT(numbers)};
  return fits(name, &lists);
}

bool emend_name_is_postcode(const char *name, bool *unsure) {
  static const char *const codes[] = {"zip",        "zipcode", "plz",        "postleitzahl", "postcode",
                                      "postalcode", "postal",  "postnummer", "codepostal",   "codigopostal"};
  static const char *const stems[] = {"zip", "post", "postal"}, *const ends[] = {"code"}, *const others[] = {"cp", "cap", "npa"};
  static const name_lists lists = {codes, stems, ends, COUNT(codes), COUNT(stems), COUNT(ends)};
  *unsure = is_whole(name, others, COUNT(others));
  return *unsure || fits(name, &lists);
}

bool emend_name_is_design(const char *name) {
  static const char *const units[] = {"psu",     "ssu",      "strata", "stratum",   "vpsu",      "vstrat", "vstratum",
                                      "sdmvpsu", "sdmvstra", "psuid",  "stratumid", "clusterid", "clustid"};
  static const char *const stems[] = {"psu", "ssu", "strata", "stratum", "cluster", "clust"};
  static const name_lists lists = {units, stems, numbers, COUNT(units), COUNT(stems), COUNT(numbers)};
  return fits(name, &lists);
}

bool emend_name_is_weight(const char *name, bool *unsure) {
  static const char *const weights[] = {"pweight",     "pweights",     "dweight",    "anweight",          "pspwght",
                                        "pspweight",   "fweight",      "finalwt",    "finalweight",       "hhweight",
                                        "perweight",   "wtfinal",      "gewichtung", "gewichtungsfaktor", "hochrechnungsfaktor",
                                        "ponderacion", "ponderación",  "ponderador", "pondera",           "ponderation",
                                        "pondération", "ponderazione", "ponderacao", "ponderação",        "ponderatie",
                                        "weging",      "weegfactor",   "fexp",       "factorexpansion"};
  static const char *const others[] = {"weight", "weights", "wgt", "wght", "wt", "gewicht", "gew", "poids", "peso", "pond"};
  static const name_lists sure = {.last = weights, .n_last = COUNT(weights)}, rest = {.last = others, .n_last = COUNT(others)};
  *unsure = !fits(name, &sure);
  return !*unsure || fits(name, &rest);
}

bool emend_label_says_weight(const char *label) {
  static const char *const words[] = {"weighting",
                                      "sampling weight",
                                      "sample weight",
                                      "survey weight",
                                      "design weight",
                                      "analysis weight",
                                      "stratification weight",
                                      "person weight",
                                      "household weight",
                                      "probability weight",
                                      "expansion",
                                      "gewichtung",
                                      "hochrechnung",
                                      "ponder",
                                      "pondér",
                                      "weegfactor",
                                      "weging"};
  for (const char *at = label; *at; at++)
    for (size_t i = 0; i < COUNT(words); i++)
      if (strlen(at) >= strlen(words[i]) && emend_ascii_equal_n(at, strlen(words[i]), words[i], strlen(words[i])))
        return true;
  return false;
}
