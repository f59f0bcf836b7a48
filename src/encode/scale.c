/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/scale.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "encode/phrases.h"
#include "encode/scale_words.h"

static bool is_letter(unsigned char c) { return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool is_step(const char *word, size_t length) {
  return emend_phrase_begins(word, length, EMEND_BEGINS_STEP) || emend_phrase_is(word, length, EMEND_IS_STEP);
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
    if (is_step(word, (size_t)(p - word)))
      return true;
  }
  return false;
}

static bool is_number(const char *label) { return label[0] && !label[strspn(label, "0123456789")]; }

/* A label that is nothing but a number tells a few grades, but does not tell an order among the codes of fifty states. */
static bool tells(const char *label, double code, size_t n_categories) {
  enum { MOST_GRADES = 12 };
  return is_number(label) ? n_categories <= MOST_GRADES : emend_label_is_step(label, code);
}

/* Whether a label for each code is a word of one family, in the order of the codes or against it. Without memory it is not known. */
static bool are_words_of_scale(const emend_dataset *dataset, size_t variable, const emend_categories *c) {
  enum { FEWEST = 3 };
  char *folded[EMEND_MOST_CATEGORIES] = {0};
  double keys[EMEND_MOST_CATEGORIES];
  emend_buffer text = {0};
  bool all = c->numbers && c->n >= FEWEST;
  for (size_t i = 0; i < c->n && all; i++) {
    const char *label = emend_dataset_label_of(dataset, variable, c->numbers[i], EMEND_OBSERVED);
    all = label && !emend_fold(label, strlen(label), &text, NULL) && (folded[i] = strdup(text.bytes)) != NULL;
  }
  all = all && scale_words_sort((const char *const *)folded, c->n, keys);
  for (size_t i = 2; i < c->n && all; i++)
    all = (keys[i] - keys[i - 1]) * (keys[1] - keys[0]) > 0;
  for (size_t i = 0; i < c->n && i < EMEND_MOST_CATEGORIES; i++)
    free(folded[i]);
  emend_buffer_free(&text);
  return all;
}

bool emend_labels_form_scale(const emend_dataset *dataset, size_t variable, const emend_categories *c) {
  size_t labelled = 0, found = 0;
  for (size_t i = 0; i < c->n && c->numbers; i++) {
    const char *label = emend_dataset_label_of(dataset, variable, c->numbers[i], EMEND_OBSERVED);
    labelled += label != NULL;
    found += label && tells(label, c->numbers[i], c->n);
  }
  return labelled > 0 && (2 * found >= labelled || are_words_of_scale(dataset, variable, c));
}

bool emend_labels_are_numbers(const emend_dataset *dataset, size_t variable, const emend_categories *c) {
  bool all = true, any = false;
  for (size_t i = 0; i < c->n && c->numbers && all; i++) {
    const char *label = emend_dataset_label_of(dataset, variable, c->numbers[i], EMEND_OBSERVED);
    any = any || label, all = !label || is_number(label);
  }
  return all && any;
}
