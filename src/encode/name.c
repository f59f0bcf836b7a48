/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/name.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "encode/phrases.h"

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

enum { MOST_WORDS = 8 };

static bool is_one_of(name_word word, unsigned meanings) { return emend_phrase_is(word.start, word.length, meanings); }

/* The last word has one meaning, or the first a second and the last a third. */
static bool fits(const char *name, unsigned last, unsigned first, unsigned behind) {
  name_word words[MOST_WORDS];
  size_t n = split_words(name, words, MOST_WORDS);
  return n > 0 && (is_one_of(words[n - 1], last) || (n > 1 && is_one_of(words[0], first) && is_one_of(words[n - 1], behind)));
}

/* Nothing but this one word. */
static bool is_whole(const char *name, unsigned meanings) {
  name_word words[MOST_WORDS];
  return split_words(name, words, MOST_WORDS) == 1 && is_one_of(words[0], meanings);
}

bool emend_name_is_shared_identifier(const char *name) { return fits(name, EMEND_NAMES_IDENTIFIER, EMEND_NAMES_UNIT, EMEND_NAMES_NUMBER); }

bool emend_name_is_identifier(const char *name) {
  return emend_name_is_shared_identifier(name) || fits(name, EMEND_NAMES_OWN_IDENTIFIER, 0, 0);
}

bool emend_label_says_identifier(const char *label) {
  name_word words[MOST_WORDS];
  size_t n = split_words(label, words, MOST_WORDS);
  return n > 0 && (is_one_of(words[n - 1], EMEND_NAMES_IDENTIFIER) ||
                   (n == 2 && is_one_of(words[0], EMEND_NAMES_UNIT) && is_one_of(words[1], EMEND_NAMES_NUMBER)));
}

bool emend_name_is_phone(const char *name) { return fits(name, EMEND_NAMES_PHONE, EMEND_NAMES_PHONE, EMEND_NAMES_NUMBER); }

bool emend_name_is_postcode(const char *name, bool *unsure) {
  *unsure = is_whole(name, EMEND_NAMES_POSTCODE_UNSURE);
  return *unsure || fits(name, EMEND_NAMES_POSTCODE, EMEND_NAMES_POST, EMEND_NAMES_POST_END);
}

bool emend_name_is_design(const char *name) { return fits(name, EMEND_NAMES_DESIGN, EMEND_NAMES_DESIGN_UNIT, EMEND_NAMES_NUMBER); }

/* The letters of a name alone: factor_exp is factorexp. 0: none, or too many. */
enum { LONGEST_JOINED = 32 };
static size_t join_letters(const char *name, char *letters) {
  size_t n = 0;
  for (; *name && n < LONGEST_JOINED; name++)
    if (is_capital(*name) || is_small(*name))
      letters[n++] = *name;
  return *name ? 0 : n;
}

static bool is_joined(const char *name, unsigned meanings) {
  char letters[LONGEST_JOINED];
  size_t n = join_letters(name, letters);
  return n > 0 && emend_phrase_is(letters, n, meanings);
}

/* English, German, French, Spanish, Italian, Portuguese, Dutch. */
bool emend_name_is_person(const char *name, bool *unsure) {
  static const char *const persons[] = {"firstname",  "lastname",     "surname",        "forename",     "givenname",
                                        "familyname", "middlename",   "maidenname",     "fullname",     "vorname",
                                        "nachname",   "familienname", "prenom",         "pr\u00E9nom",  "nomdefamille",
                                        "apellido",   "apellidos",    "nombrecompleto", "primernombre", "cognome",
                                        "sobrenome",  "nomecompleto", "primeironome",   "voornaam",     "achternaam"};
  static const char *const anything[] = {"name", "nombre", "nombres", "nome", "nom", "naam"};
  char letters[LONGEST_JOINED];
  size_t n = join_letters(name, letters);
  *unsure = false;
  for (size_t i = 0; i < sizeof persons / sizeof *persons; i++)
    if (emend_ascii_equal_n(letters, n, persons[i], strlen(persons[i])))
      return true;
  for (size_t i = 0; i < sizeof anything / sizeof *anything && !*unsure; i++)
    *unsure = emend_ascii_equal_n(letters, n, anything[i], strlen(anything[i]));
  return *unsure;
}

bool emend_name_is_weight(const char *name, bool *unsure) {
  *unsure = !fits(name, EMEND_NAMES_WEIGHT, 0, 0) && !is_joined(name, EMEND_NAMES_WEIGHT);
  return !*unsure || fits(name, EMEND_NAMES_WEIGHT_UNSURE, 0, 0);
}

/* Short words (wt) begin or end others; of a single letter much else does. */
static bool begins_or_ends(name_word word, unsigned meanings) {
  enum { SHORTEST = 2 };
  for (size_t n = SHORTEST; n <= word.length; n++)
    if (emend_phrase_is(word.start, n, meanings) || emend_phrase_is(word.start + word.length - n, n, meanings))
      return true;
  return false;
}

bool emend_name_may_be_weight(const char *name) {
  name_word words[MOST_WORDS];
  size_t n = split_words(name, words, MOST_WORDS);
  for (size_t i = 0; i < n; i++)
    if (begins_or_ends(words[i], EMEND_NAMES_WEIGHT_LOOSELY))
      return true;
  return n == 1 && is_one_of(words[0], EMEND_NAMES_WEIGHT_LOOSELY); /* a letter, too */
}

bool emend_name_ends_like_weight(const char *name) {
  name_word words[MOST_WORDS];
  size_t n = split_words(name, words, MOST_WORDS);
  for (size_t i = 0; n > 0 && i < words[n - 1].length; i++)
    if (emend_phrase_is(words[n - 1].start + i, words[n - 1].length - i, EMEND_ENDS_WEIGHT))
      return true;
  return false;
}

bool emend_name_says_body(const char *name) {
  name_word words[MOST_WORDS];
  size_t n = split_words(name, words, MOST_WORDS);
  for (size_t i = 0; i < n; i++)
    if (begins_or_ends(words[i], EMEND_SAYS_BODY))
      return true;
  return false;
}

bool emend_name_has_word(const char *name, unsigned meanings) {
  name_word words[MOST_WORDS];
  size_t n = split_words(name, words, MOST_WORDS);
  for (size_t i = 0; i < n; i++)
    if (is_one_of(words[i], meanings))
      return true;
  return false;
}

bool emend_name_is_word(const char *name, unsigned meanings) {
  enum { LONGEST_WAVE = 2 };
  name_word words[MOST_WORDS];
  size_t n = split_words(name, words, MOST_WORDS), first = n > 1 && words[0].length <= LONGEST_WAVE && !is_one_of(words[0], meanings);
  bool numbered = n == first + 2 && is_one_of(words[n - 1], EMEND_NAMES_NUMBER);
  return (n == first + 1 || numbered) && is_one_of(words[first], meanings);
}

static size_t digits_at_end(const char *name, size_t length) {
  size_t n = 0;
  while (n < length && name[length - n - 1] >= '0' && name[length - n - 1] <= '9')
    n++;
  return n;
}

bool emend_name_is_next(const char *name, const char *next) {
  enum { MOST_DIGITS = 4 };
  size_t n = strlen(name), m = strlen(next), digits = digits_at_end(name, n), others = digits_at_end(next, m);
  return digits > 0 && others > 0 && digits <= MOST_DIGITS && others <= MOST_DIGITS && n > digits &&
         emend_ascii_equal_n(name, n - digits, next, m - others) && atoi(name + n - digits) + 1 == atoi(next + m - others);
}

bool emend_name_is_joined(const char *name, unsigned meanings) {
  name_word words[MOST_WORDS];
  size_t n = split_words(name, words, MOST_WORDS);
  return is_joined(name, meanings) || (n > 2 && is_joined(words[n - 2].start, meanings));
}

bool emend_name_is_pointer(const char *name) {
  return emend_name_is_word(name, EMEND_NAMES_POINTER) ||
         (emend_name_has_word(name, EMEND_NAMES_KIN) && emend_name_has_word(name, EMEND_NAMES_LINE));
}

static bool says_inside(const char *label, unsigned meanings) {
  for (size_t left = strlen(label); left > 0; label++, left--)
    if (emend_phrase_begins(label, left, meanings))
      return true;
  return false;
}

bool emend_label_says_weight(const char *label) { return says_inside(label, EMEND_SAYS_WEIGHTING); }
bool emend_label_says_survey_weight(const char *label) { return says_inside(label, EMEND_SAYS_SURVEY_WEIGHT); }

bool emend_label_says_weight_of(const char *label) { return says_inside(label, EMEND_SAYS_WEIGHT_OF); }

bool emend_label_has_weight(const char *label) {
  for (size_t n; *label; label += n ? n : 1)
    if ((n = emend_name_word_length(label)) > 0 && emend_phrase_is(label, n, EMEND_NAMES_WEIGHT_UNSURE))
      return true;
  return false;
}

bool emend_label_may_say_weight(const char *label, bool *body) {
  bool weight = false;
  *body = false;
  for (size_t n; *label; label += n ? n : 1) {
    n = emend_name_word_length(label);
    weight = weight || (n > 0 && emend_phrase_is(label, n, EMEND_NAMES_WEIGHT_UNSURE));
    weight = weight || (n > 2 && emend_phrase_is(label, n, EMEND_NAMES_WEIGHT_LOOSELY));
    *body = *body || (n > 0 && emend_phrase_is(label, n, EMEND_SAYS_BODY));
  }
  return weight;
}
