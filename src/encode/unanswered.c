/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/unanswered.h"

#include <string.h>

#include "encode/phrases.h"

/* True if a label holds phrases of some meanings, of those around them (in either set), and numbers, and at least one of the former. */
static bool is_made_of(const char *folded, unsigned meanings, unsigned around, unsigned also) {
  bool any = false;
  for (const char *at = folded + 1; *at;) {
    size_t phrase = emend_phrase_at(at, meanings), filler = emend_phrase_at(at, around), digits = strspn(at, "0123456789");
    size_t second = also ? emend_phrase_at(at, also) : 0;
    filler = second > filler ? second : filler;
    if (phrase)
      any = true;
    else if (!filler && !(digits && at[digits] == ' '))
      return false;
    at += phrase > filler ? phrase : filler ? filler : digits;
    at += *at == ' ';
  }
  return any;
}

bool emend_folded_says_no_answer(const char *folded) { return is_made_of(folded, EMEND_SAYS_NO_ANSWER, EMEND_ADDS_NOTHING, 0); }

bool emend_folded_says_unsure(const char *folded) {
  return is_made_of(folded, EMEND_SAYS_UNSURE, EMEND_ADDS_NOTHING | EMEND_SAYS_NO_ANSWER, 0) ||
         is_made_of(folded, EMEND_SAYS_NO_ANSWER, EMEND_ADDS_NOTHING, EMEND_SAYS_UNSURE);
}

bool emend_folded_leaves_scale(const char *folded) {
  return is_made_of(folded, EMEND_LEAVES_SCALE, EMEND_ADDS_NOTHING | EMEND_SAYS_WHEN, 0);
}

/* As whole words, anywhere. */
static bool has_words(const char *folded, unsigned meanings) {
  for (const char *at = folded; (at = strchr(at, ' ')); at++)
    if (emend_phrase_at(at + 1, meanings))
      return true;
  return false;
}

bool emend_folded_may_be_listed(const char *folded) { return is_made_of(folded, EMEND_MAY_BE_LISTED, EMEND_ADDS_NOTHING, 0); }

/* "B" of "Form B". */
static bool ends_with_letter(const char *folded) {
  size_t length = strlen(folded);
  return length > 2 && folded[length - 1] == ' ' && folded[length - 3] == ' ';
}

/*
 * What follows a mere "no" or "not", "under" or "form" tells: "No partner", "Not in paid work", "Under 16" and "Form B"; unlike "No reply",
 * "Not coded", "Under dispute", "Form not returned".
 */
bool emend_folded_may_say_who(const char *folded) {
  const char *at = folded + 1;
  for (size_t digits; (digits = strspn(at, "0123456789")) > 0 && at[digits] == ' ';)
    at += digits + 1;
  size_t negation = emend_phrase_at(at, EMEND_NEGATES), which = emend_phrase_at(at, EMEND_SAYS_WHICH);
  if (emend_phrase_at(at, EMEND_SAYS_WHO) > 0)
    return true;
  const char *rest = at + (negation > which ? negation : which);
  bool numbers = strpbrk(rest, "0123456789") && (which || strspn(rest, " 0123456789") == strlen(rest)); /* "not 55+" */
  return rest > at && (numbers || has_words(rest, EMEND_IS_STATUS) || (which && ends_with_letter(rest)));
}

static bool is_alone(const char *folded, unsigned meanings) {
  size_t length = emend_phrase_at(folded + 1, meanings);
  return length && strlen(folded) == length + 2;
}

bool emend_folded_says_only_not_applicable(const char *folded, bool *clear) {
  const unsigned around = EMEND_ADDS_NOTHING | EMEND_SAYS_WHEN, unasked = EMEND_SAYS_NOT_ASKED;
  const unsigned inapplicable = unasked | EMEND_SAYS_NOT_APPLICABLE | EMEND_SAYS_NOT_APPLICABLE_INSIDE;
  *clear = is_made_of(folded, unasked, around, 0);
  return *clear || is_made_of(folded, inapplicable, around, 0) || is_alone(folded, EMEND_SAYS_NOT_APPLICABLE_ALONE);
}

static bool has_inside(const char *folded, unsigned meanings) {
  for (size_t left = strlen(folded); left > 0; folded++, left--)
    if (emend_phrase_begins(folded, left, meanings))
      return true;
  return false;
}

/* "Filter: not employed". */
static bool begins_with_filter(const char *folded) {
  const char *at = folded + 1;
  for (size_t digits; (digits = strspn(at, "0123456789")) > 0 && at[digits] == ' ';)
    at += digits + 1;
  return emend_phrase_at(at, EMEND_SAYS_FILTER) > 0;
}

/* "Missing by filter", "keine Angabe, Filter". */
static bool ends_with_filter(const char *folded) {
  size_t length = strlen(folded);
  for (const char *at = folded; (at = strchr(at, ' ')); at++) {
    size_t phrase = emend_phrase_at(at + 1, EMEND_SAYS_FILTER);
    if (phrase && (size_t)(at - folded) + 1 + phrase + 1 == length)
      return true;
  }
  return false;
}

bool emend_label_names_filter(const char *label, const char *folded) {
  static const char wide_colon[] = "\uFF1A";
  return begins_with_filter(folded) && (strchr(label, ':') || strstr(label, wide_colon));
}

bool emend_folded_says_not_applicable(const char *folded) {
  return !has_words(folded, EMEND_SAYS_WAS_ASKED) &&
         (has_words(folded, EMEND_SAYS_NOT_ASKED | EMEND_SAYS_NOT_APPLICABLE) || has_inside(folded, EMEND_SAYS_NOT_APPLICABLE_INSIDE) ||
          is_alone(folded, EMEND_SAYS_NOT_APPLICABLE_ALONE) || begins_with_filter(folded) || ends_with_filter(folded));
}

bool emend_folded_speaks_of_answers(const char *folded) {
  return has_words(folded, EMEND_SAYS_NO_ANSWER) || emend_folded_says_unsure(folded);
}
