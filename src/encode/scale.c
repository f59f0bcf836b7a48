/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/scale.h"

#include <string.h>

#include "base/text.h"

/* Beginnings of words, in small letters; one with a full stop behind it is a whole word. */
static const char *const steps[] = {
    /* English */
    "never", "rarely", "seldom", "sometime", "occasional", "often", "frequent", "usual", "always", "agree", "disagree", "strong", "somewhat",
    "slight", "moderate", "very.", "extreme", "quite.", "complete", "satisf", "dissatisf", "good.", "poor.", "excellent", "fair.", "bad.", "low.",
    "lower", "lowest", "high.", "higher", "highest", "medium", "middle", "intermediate", "less.", "least", "more.", "most.", "none.", "weak", "better",
    "worse", "worst", "daily", "weekly", "monthly", "yearly", "severe", "mild.", "liberal", "conservative", "conservatv", "consrvtv", "consrvative", "bachelor",
    "graduate", "college", "elementary", "primary", "secondary", "tertiary", "independent", "dependent", "important", "unimportant", "likely",
    "unlikely", "too.", "lt.", "small", "large", "little", "few.", "lots", "several", "under", "every",
    /* German */
    "nie.", "niemals", "selten", "manchmal", "gelegentlich", "oft.", "häufig", "meist", "immer", "stimm", "trifft", "sehr.", "eher.", "etwas",
    "wenig", "kaum", "überhaupt", "völlig", "zufrieden", "unzufrieden", "gut.", "schlecht", "niedrig", "mittel", "hoch.", "stark", "schwach",
    "täglich", "wöchentlich", "monatlich", "jährlich",
    /* French */
    "jamais", "rarement", "parfois", "souvent", "toujours", "accord", "désaccord", "très", "plutôt", "peu.", "assez", "beaucoup", "satisfait",
    "insatisfait", "bon.", "mauvais", "faible", "moyen", "élevé",
    /* Spanish, Portuguese, Italian */
    "nunca", "raramente", "veces", "siempre", "sempre", "acuerdo", "desacuerdo", "muy.", "bastante", "poco.", "mucho", "bueno", "malo", "bajo", "medio",
    "alto", "mai.", "spesso", "accordo", "disaccordo", "molto", "abbastanza", "concordo", "discordo", "muito", "pouco",
    /* Dutch */
    "nooit", "zelden", "soms", "vaak", "altijd", "eens.", "oneens", "zeer.", "weinig", "veel.", "goed.", "slecht", "laag.", "hoog."};

static bool is_letter(unsigned char c) { return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool begins(const char *word, size_t length, const char *step) {
  size_t n = strlen(step);
  bool whole = step[n - 1] == '.';
  n -= whole;
  return (whole ? length == n : length >= n) && emend_ascii_equal_n(word, n, step, n);
}

/* What begins with a number counts or measures, unless the number is the code once more ("1. North"). */
static const char *skip_number(const char *label, double code, bool *counts) {
  const char *p = label + strcspn(label, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
  double number = 0;
  *counts = *p >= '0' && *p <= '9';
  const char *from = p;
  for (; *p >= '0' && *p <= '9'; p++)
    number = 10 * number + (*p - '0');
  if (*counts && number == code && is_letter((unsigned char)p[strspn(p, " .:)-")])) /* and text behind it */
    *counts = from != label;
  return p;
}

bool emend_label_is_step(const char *label, double code) {
  bool counts;
  const char *p = skip_number(label, code, &counts);
  if (counts)
    return true;
  for (p = *p ? p : label; *p;) {
    if (!is_letter((unsigned char)*p)) {
      p++;
      continue;
    }
    const char *word = p;
    while (is_letter((unsigned char)*p))
      p++;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
      if (begins(word, (size_t)(p - word), steps[i]))
        return true;
  }
  return false;
}

/* A label that is nothing but a number tells a few grades, but does not tell an order among the codes of fifty states. */
static bool tells(const char *label, double code, size_t n_categories) {
  enum { MOST_GRADES = 12 };
  bool number = label[0] && !label[strspn(label, "0123456789")];
  return number ? n_categories <= MOST_GRADES : emend_label_is_step(label, code);
}

bool emend_labels_form_scale(const emend_dataset *dataset, size_t variable, const emend_categories *c) {
  size_t labelled = 0, found = 0;
  for (size_t i = 0; i < c->n && c->numbers; i++) {
    const char *label = emend_dataset_label_of(dataset, variable, c->numbers[i], EMEND_OBSERVED);
    labelled += label != NULL;
    found += label && tells(label, c->numbers[i], c->n);
  }
  return labelled > 0 && 2 * found >= labelled;
}
