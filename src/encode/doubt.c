/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/memory.h"
#include "data/usual_code.h"
#include "emend/plan.h"
#include "encode/category.h"
#include "encode/phrases.h"
#include "encode/selection.h"
#include "encode/unanswered.h"
#include "io/csv_outlier.h"
#include "io/file.h"

/*
 * Codes that files do not declare missing though they are: those whose label says so, and numbers that stand apart as only such codes do. They are set aside: no
 * answers, not to be imputed, and not to be overwritten either.
 */

enum { MOST_CODES = 64 };
static const char LOOKS[] = "not declared, but looks like a missing code";
static const char NO_ANSWER[] = "not declared, but its label says no answer";
static const char NOT_APPLICABLE[] = "not declared, but its label says not applicable";
static const char TEXT_NO_ANSWER[] = "the text says no answer";
static const char TEXT_NOT_APPLICABLE[] = "the text says not applicable";

/* What a value says by its label, or a text by itself. */
typedef struct saying {
  double number;    /* NAN: a text */
  const char *text; /* NULL: a number */
  const char *says;
  bool labelled, declared; /* missing */
} saying;

typedef struct doubter {
  emend_dataset *dataset;
  emend_doubt found[MOST_CODES]; /* of one variable; texts belong to the dataset */
  size_t n;
  saying *sayings;               /* of the same */
  size_t n_sayings, capacity;
  emend_buffer folded, other; /* a label, and another one to compare it with */
  emend_error *error;
} doubter;

static void add(doubter *d, size_t variable, double value, const char *text, const char *why) {
  for (size_t i = 0; i < d->n; i++)
    if (text ? d->found[i].text && emend_dataset_same_text(d->found[i].text, text) : d->found[i].value == value)
      return;
  if (d->n < MOST_CODES)
    d->found[d->n++] = (emend_doubt){.variable = variable, .value = value, .text = (char *)(uintptr_t)text, .why = why};
}

/* Short words are abbreviations of much else: NC is no answer, and North Carolina. */
static bool is_short(const char *folded) {
  enum { SHORTEST = 4 };
  return strlen(folded) < SHORTEST + 2 && (unsigned char)folded[1] < 0x80;
}

typedef enum doubt_kind { ANSWERS, ANSWERS_NOTHING, DOES_NOT_APPLY } doubt_kind;

/* What a label (or text) says of its code; folded into `folded`. *clear: it says so whatever the code is. */
static doubt_kind kind_of(const char *label, emend_buffer *folded, bool *clear, emend_status *status, emend_error *error) {
  *clear = false;
  *status = emend_fold(label, strlen(label), folded, error);
  if (*status)
    return ANSWERS;
  if (emend_folded_says_no_answer(folded->bytes)) {
    *clear = !is_short(folded->bytes);
    return ANSWERS_NOTHING;
  }
  if (emend_label_names_filter(label, folded->bytes)) {
    *clear = true;
    return DOES_NOT_APPLY;
  }
  return emend_folded_says_only_not_applicable(folded->bytes, clear) ? DOES_NOT_APPLY : ANSWERS;
}

/* Whether two folded labels have a word in common, or its stem: "not applicable", "hardly applicable"; "trifft nicht zu", "trifft zu". */
static bool share_word(const char *a, const char *b) {
  enum { LETTERS = 4 };
  for (const char *word = a + 1; *word; word += strcspn(word, " "), word += *word == ' ') {
    size_t stem = LETTERS * ((unsigned char)*word < 0x80 ? 1 : 2);
    bool idle = strcspn(word, " ") < stem || emend_phrase_at(word, EMEND_IS_COMMON);
    for (const char *other = b + 1; *other && !idle; other += strcspn(other, " "), other += *other == ' ')
      if (strncmp(word, other, stem) == 0)
        return true;
  }
  return false;
}

static bool has_label(const doubter *d, double value) {
  for (size_t i = 0; i < d->n_sayings; i++)
    if (d->sayings[i].number == value)
      return true;
  return false;
}

/* Codes beside each other; abbreviations, which may be those of fifty states, also with none but labelled ones between them. */
static bool are_joined(const doubter *d, double a, double b, doubt_kind kind) {
  double first = fmin(a, b), last = fmax(a, b);
  if (last - first == 1 || kind == DOES_NOT_APPLY)
    return last - first == 1;
  bool joined = last - first < MOST_CODES && last - first == floor(last - first);
  for (double between = first + 1; joined && between < last; between++)
    joined = has_label(d, between);
  return joined;
}

/*
 * "Does not apply" may be the step of a scale: where its code stands beside those of other answers, or where others speak of applying, too
 * ("trifft zu", "trifft nicht zu"). Others are answers if neither their label nor their number is that of a missing code.
 */
static bool is_step(doubter *d, const saying *one, doubt_kind kind, bool clear, emend_status *status) {
  if (one->number < 0 || (kind == DOES_NOT_APPLY && emend_is_long_code(one->number)))
    return false;
  for (size_t i = 0; i < d->n_sayings && !*status; i++) {
    const saying *other = &d->sayings[i];
    bool same = other == one || other->number == one->number, unsure;
    if (same || other->declared || (kind == DOES_NOT_APPLY && emend_is_long_code(other->number)))
      continue;
    if (kind_of(other->says, &d->other, &unsure, status, d->error) != ANSWERS || *status)
      continue;
    bool beside = !clear && are_joined(d, one->number, other->number, kind);
    if (beside || (kind == DOES_NOT_APPLY && share_word(d->folded.bytes, d->other.bytes)))
      return true;
  }
  return false;
}

static emend_status doubt_sayings(doubter *d, size_t variable) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < d->n_sayings && !status; i++) {
    const saying *one = &d->sayings[i];
    bool clear;
    if (one->declared)
      continue;
    doubt_kind kind = kind_of(one->says, &d->folded, &clear, &status, d->error);
    bool doubted = kind != ANSWERS && (clear || one->labelled || !is_short(d->folded.bytes));
    if (!doubted || is_step(d, one, kind, clear, &status) || status)
      continue;
    const char *nothing = one->labelled ? NO_ANSWER : TEXT_NO_ANSWER, *inapplicable = one->labelled ? NOT_APPLICABLE : TEXT_NOT_APPLICABLE;
    add(d, variable, one->number, one->text, kind == ANSWERS_NOTHING ? nothing : inapplicable);
  }
  return status;
}

static emend_status doubt_labels(doubter *d, size_t variable) {
  const emend_variable *v = emend_dataset_variable(d->dataset, variable);
  const emend_label_set *set = v->label_set < 0 ? NULL : emend_dataset_label_set(d->dataset, (size_t)v->label_set);
  d->n_sayings = 0;
  for (size_t i = 0; set && i < set->n_labels; i++) {
    const emend_label *label = emend_dataset_label(d->dataset, set, i);
    if (label->kind != EMEND_KEY_NUMBER)
      continue;
    if (!emend_reserve(&d->sayings, d->n_sayings, &d->capacity, sizeof *d->sayings))
      return emend_fail_memory(d->error);
    d->sayings[d->n_sayings++] = (saying){.number = label->number,
                                          .says = emend_dataset_text(d->dataset, label->text),
                                          .labelled = true,
                                          .declared = emend_variable_declares_missing(v, label->number)};
  }
  return doubt_sayings(d, variable);
}

/* Numbers that stand apart; not if they have a label, which says what they are. */
static void doubt_outliers(doubter *d, size_t variable) {
  emend_outlier outliers[EMEND_MOST_OUTLIERS];
  size_t n = emend_outliers_find(d->dataset, variable, outliers);
  for (size_t i = 0; i < n; i++)
    if (!emend_dataset_label_of(d->dataset, variable, outliers[i].code, EMEND_OBSERVED))
      add(d, variable, outliers[i].code, NULL, LOOKS);
}

/* A text speaks for itself, unless it has a label. */
static emend_status doubt_texts(doubter *d, size_t variable) {
  emend_categories c;
  emend_status status = emend_categories_of_texts(d->dataset, variable, NULL, &c, d->error);
  d->n_sayings = 0;
  for (size_t i = 0; i < c.n && !status; i++) {
    const char *text = emend_dataset_text(d->dataset, c.texts[i]), *label = emend_dataset_label_of_text(d->dataset, variable, text);
    if (emend_reserve(&d->sayings, d->n_sayings, &d->capacity, sizeof *d->sayings))
      d->sayings[d->n_sayings++] = (saying){.number = NAN, .text = text, .says = label ? label : text, .labelled = label != NULL};
    else
      status = emend_fail_memory(d->error);
  }
  emend_categories_free(&c);
  return status ? status : doubt_sayings(d, variable);
}

static bool is_found(const doubter *d, const emend_dataset *dataset, size_t variable, double value) {
  emend_offset offset;
  memcpy(&offset, &value, sizeof offset);
  for (size_t i = 0; i < d->n; i++)
    if (d->found[i].text ? emend_dataset_same_text(d->found[i].text, emend_dataset_text(dataset, offset)) : d->found[i].value == value)
      return emend_variable_get_kind(dataset, variable) == EMEND_TEXT || !d->found[i].text;
  return false;
}

/* "Accepted" or "refused": where nothing but one answer would be left, the others are answers as well. Numbers that stand apart are not. */
static bool leaves_answers(const doubter *d, size_t variable) {
  double first = NAN;
  bool any = false, all_look = true;
  for (size_t i = 0; i < d->n; i++)
    all_look = all_look && d->found[i].why == LOOKS;
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(d->dataset) && !all_look; row += run.n) {
    run = emend_dataset_run(d->dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      if (run.reasons[i] != EMEND_OBSERVED || (any && memcmp(&run.values[i], &first, sizeof first) == 0) || is_found(d, d->dataset, variable, run.values[i]))
        continue;
      if (any && emend_variable_get_kind(d->dataset, variable) != EMEND_TEXT)
        return true;
      emend_offset a, b;
      memcpy(&a, &first, sizeof a), memcpy(&b, &run.values[i], sizeof b);
      if (any && !emend_dataset_same_text(emend_dataset_text(d->dataset, a), emend_dataset_text(d->dataset, b)))
        return true;
      first = run.values[i], any = true;
    }
  }
  return all_look;
}

static emend_status set_aside(doubter *d) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < d->n && !status; i++) {
    size_t count;
    status = emend_dataset_set_aside(d->dataset, &d->found[i], &count, d->error);
  }
  return status;
}

static emend_status doubt_variable(doubter *d, size_t variable) {
  emend_variable_kind kind = emend_variable_get_kind(d->dataset, variable);
  emend_status status = EMEND_OK;
  d->n = 0;
  if (kind == EMEND_NUMERIC) {
    status = doubt_labels(d, variable);
    doubt_outliers(d, variable);
  } else if (kind == EMEND_TEXT) {
    status = doubt_texts(d, variable);
  }
  return !status && d->n > 0 && leaves_answers(d, variable) ? set_aside(d) : status;
}

emend_status emend_set_aside_codes(emend_file *file, const char *answers, emend_events *events, emend_error *error) {
  doubter d = {.dataset = file->dataset, .error = error};
  size_t n = emend_dataset_variables(d.dataset);
  unsigned char *chosen = emend_allocate(n, 1);
  emend_status status = chosen ? EMEND_OK : emend_fail_memory(error);
  if (!status && answers)
    status = emend_selection_parse(d.dataset, answers, strlen(answers), "--answers", chosen, events, error);
  for (size_t v = 0; v < n && !status; v++)
    if (!chosen[v] && (ptrdiff_t)v != emend_dataset_weight(d.dataset))
      status = doubt_variable(&d, v);
  free(chosen), free(d.sayings);
  emend_buffer_free(&d.folded), emend_buffer_free(&d.other);
  return status;
}
