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
#include "encode/scale.h"
#include "encode/selection.h"
#include "encode/tally.h"
#include "encode/tokens.h"
#include "encode/unanswered.h"
#include "io/csv_outlier.h"
#include "io/file.h"

/*
 * Codes that files do not declare missing though they are: those whose label says so, and numbers that stand apart as only such codes do. They are set aside: no
 * answers, not to be imputed, and not to be overwritten either.
 */

enum { MOST_CODES = 64 };
static const char LOOKS[] = "not declared, but looks like a missing code";
static const char APART[] = "not declared, but labelled apart from the answers";
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

typedef enum doubt_kind { ANSWERS, ANSWERS_NOTHING, MAY_ANSWER_NOTHING, DOES_NOT_APPLY } doubt_kind;

/* "INAP. (coded 2 in Q5)", "Not applicable: no children": what stands before the rest says so; folded into `folded`, unless it does not. */
static bool begins_with_not_applicable(const char *label, emend_buffer *folded, bool *clear, emend_status *status, emend_error *error) {
  size_t length = strcspn(label, "(:;,"), head = folded->length;
  if (!label[length] || length == 0 || *status)
    return false;
  emend_buffer first = {0};
  *status = emend_fold(label, length, &first, error);
  bool says = !*status && emend_folded_says_only_not_applicable(first.bytes, clear);
  if (says && first.length <= head)
    strcpy(folded->bytes, first.bytes);
  emend_buffer_free(&first);
  return says;
}

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
  if (emend_folded_says_unsure(folded->bytes))
    return MAY_ANSWER_NOTHING;
  bool says = emend_folded_says_only_not_applicable(folded->bytes, clear) ||
              begins_with_not_applicable(label, folded, clear, status, error);
  return says ? DOES_NOT_APPLY : ANSWERS;
}

/* What a word says the contrary of: unsure, inconsistent. */
static const char *without_negation(const char *word) {
  enum { LETTERS = 2 };
  return strncmp(word, "un", LETTERS) == 0 || strncmp(word, "in", LETTERS) == 0 ? word + LETTERS : word;
}

static bool has_stem(const char *folded, const char *word, size_t stem) {
  for (const char *other = folded + 1; *other; other += strcspn(other, " "), other += *other == ' ')
    if (strncmp(word, other, stem) == 0 || strncmp(word, without_negation(other), stem) == 0)
      return true;
  return false;
}

/* Whether two folded labels have a word in common, or its stem: "not applicable", "hardly applicable"; "trifft nicht zu", "trifft zu"; "unsure",
 * "sure". */
static bool share_word(const char *a, const char *b) {
  enum { LETTERS = 4 };
  for (const char *word = a + 1; *word; word += strcspn(word, " "), word += *word == ' ') {
    size_t stem = LETTERS * ((unsigned char)*word < 0x80 ? 1 : 2);
    const char *base = without_negation(word);
    bool idle = strcspn(word, " ") < stem || emend_phrase_at(word, EMEND_IS_COMMON);
    if (!idle && (has_stem(b, word, stem) || (strcspn(base, " ") >= stem && has_stem(b, base, stem))))
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

/* What the other labels make of one. */
typedef struct neighbours {
  size_t answers, brief; /* how many are answers, and so short that they may be abbreviations */
  size_t steps;          /* ... and in words of scales */
  double highest;
  bool beside, below, above, akin;
} neighbours;

/* Others are answers if neither their label nor their number is that of a missing code. */
static neighbours look_around(doubter *d, const saying *one, doubt_kind kind, emend_status *status) {
  neighbours found = {.highest = -INFINITY};
  for (size_t i = 0; i < d->n_sayings && !*status; i++) {
    const saying *other = &d->sayings[i];
    bool same = other == one || other->number == one->number, unsure;
    if (same || other->declared || (kind != ANSWERS_NOTHING && emend_is_long_code(other->number)))
      continue;
    if (kind_of(other->says, &d->other, &unsure, status, d->error) != ANSWERS || *status)
      continue;
    found.answers++, found.brief += is_short(d->other.bytes), found.steps += emend_label_is_step(other->says, other->number);
    found.highest = fmax(found.highest, other->number);
    found.beside = found.beside || are_joined(d, one->number, other->number, kind == ANSWERS_NOTHING ? kind : DOES_NOT_APPLY);
    found.below = found.below || other->number < one->number, found.above = found.above || other->number > one->number;
    found.akin = found.akin || (kind != ANSWERS_NOTHING && share_word(d->folded.bytes, d->other.bytes));
  }
  return found;
}

/* "Invalid" next to the last of several parties; not so behind a gap, nor behind a scale. */
static bool is_listed(const doubter *d, const saying *one, neighbours others) {
  bool scale = others.steps > 1 && 2 * others.steps >= others.answers;
  return !scale && one->number < others.highest + 2 && emend_folded_may_be_listed(d->folded.bytes);
}

/*
 * "Does not apply" may be the step of a scale: where its code stands beside those of other answers (words like "ineligible" are none behind the
 * last of them), or where others speak of applying, too ("trifft zu", "trifft nicht zu"). So may an abbreviation among others, and "not
 * sure" between yes and no. "Error" or "skipped" is one answer more behind others that are no scale.
 */
static bool is_step(doubter *d, const saying *one, doubt_kind kind, bool clear, emend_status *status) {
  if (one->number < 0 || (kind != ANSWERS_NOTHING && emend_is_long_code(one->number)))
    return false;
  neighbours others = look_around(d, one, kind, status);
  bool listed = is_listed(d, one, others);
  bool last = others.below && !others.above && !listed && (is_short(d->folded.bytes) || emend_folded_leaves_scale(d->folded.bytes));
  bool abbreviates = is_short(d->folded.bytes) && 2 * others.brief >= others.answers;
  if (others.akin)
    return true;
  if (kind == MAY_ANSWER_NOTHING)
    return others.above || !others.below || listed;
  return !clear && others.beside && (!last || abbreviates);
}

/*
 * "No partner" in none of a scale's places: below zero, where the others are not, or so far behind its steps that they do not lead there.
 */
static bool says_who_off_scale(doubter *d, const saying *one, emend_status *status) {
  size_t answers = 0, steps = 0;
  double lowest = INFINITY, highest = -INFINITY;
  if (!one->labelled || one->text || !emend_folded_may_say_who(d->folded.bytes) || emend_label_is_step(one->says, one->number))
    return false;
  for (size_t i = 0; i < d->n_sayings && !*status; i++) {
    const saying *other = &d->sayings[i];
    bool clear;
    if (other->number == one->number || other->declared || kind_of(other->says, &d->other, &clear, status, d->error) != ANSWERS)
      continue;
    answers++, steps += emend_label_is_step(other->says, other->number);
    lowest = fmin(lowest, other->number), highest = fmax(highest, other->number);
  }
  return steps > 1 && 2 * steps >= answers && ((one->number < 0 && lowest >= 0) || one->number >= highest + 2);
}

static emend_status doubt_sayings(doubter *d, size_t variable) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < d->n_sayings && !status; i++) {
    const saying *one = &d->sayings[i];
    bool clear;
    if (one->declared)
      continue;
    doubt_kind kind = kind_of(one->says, &d->folded, &clear, &status, d->error);
    bool doubted = kind != ANSWERS && (clear || one->labelled || (kind != MAY_ANSWER_NOTHING && !is_short(d->folded.bytes)));
    doubted = doubted && !(kind == MAY_ANSWER_NOTHING && one->text);
    bool off_scale = kind == ANSWERS && !status && says_who_off_scale(d, one, &status);
    if (!off_scale && (!doubted || is_step(d, one, kind, clear, &status) || status))
      continue;
    const char *nothing = one->labelled ? NO_ANSWER : TEXT_NO_ANSWER, *inapplicable = one->labelled ? NOT_APPLICABLE : TEXT_NOT_APPLICABLE;
    add(d, variable, one->number, one->text, kind == DOES_NOT_APPLY || off_scale ? inapplicable : nothing);
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

/* "97 or more" is a number like the others; whatever else a label says of one far from them is none. */
static emend_status says_number(doubter *d, const char *label, bool *says) {
  emend_status status = emend_fold(label, strlen(label), &d->folded, d->error);
  *says = false;
  for (const char *at = d->folded.bytes; !status && !*says && (at = strchr(at, ' ')); at++)
    *says = emend_phrase_at(at + 1, EMEND_SAYS_HOW_MUCH) > 0 || (at[1] >= '0' && at[1] <= '9');
  return status;
}

/* Numbers, of which hardly any has a label: thermometers from 0 to 100, with words for their ends. */
static emend_status has_no_labels(const doubter *d, size_t variable, const emend_outlier *o, bool *none) {
  enum { FEW = 2 };
  size_t without = 0, with = 0;
  emend_tally *seen = emend_tally_new();
  emend_status status = seen ? EMEND_OK : emend_fail_memory(d->error);
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(d->dataset) && !status; row += run.n) {
    run = emend_dataset_run(d->dataset, variable, row);
    for (size_t i = 0; i < run.n && without < MOST_CODES && !status; i++) {
      double value = run.values[i];
      if (run.reasons[i] != EMEND_OBSERVED || value < o->low || value > o->high || emend_tally_count(seen, value) > 0)
        continue;
      status = emend_tally_add(seen, value, d->error);
      *(emend_dataset_label_of(d->dataset, variable, value, EMEND_OBSERVED) ? &with : &without) += 1;
    }
  }
  emend_tally_free(seen);
  *none = without >= FEW && without > with;
  return status;
}

/* Numbers that stand apart. A label says what they are, unless it is about such numbers only. */
static emend_status doubt_outliers(doubter *d, size_t variable) {
  emend_outlier outliers[EMEND_MOST_OUTLIERS];
  size_t n = emend_outliers_find(d->dataset, variable, outliers);
  emend_status status = EMEND_OK;
  bool looked = false, unlabelled = false, number = false;
  for (size_t i = 0; i < n && !status; i++) {
    const char *label = emend_dataset_label_of(d->dataset, variable, outliers[i].code, EMEND_OBSERVED);
    if (label && !looked)
      status = has_no_labels(d, variable, &outliers[i], &unlabelled), looked = true;
    if (label && !status)
      status = says_number(d, label, &number);
    if (!status && (!label || (unlabelled && !number)))
      add(d, variable, outliers[i].code, NULL, label ? APART : LOOKS);
  }
  return status;
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
    all_look = all_look && (d->found[i].why == LOOKS || d->found[i].why == APART);
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
    status = status ? status : doubt_outliers(d, variable);
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
    if (chosen[v])
      emend_dataset_take_as_answers(d.dataset, v);
  if (!status && file->keeps_tokens)
    status = emend_tokens_decide(d.dataset, chosen, events, error);
  for (size_t v = 0; v < n && !status; v++)
    if (!chosen[v] && (ptrdiff_t)v != emend_dataset_weight(d.dataset))
      status = doubt_variable(&d, v);
  free(chosen), free(d.sayings);
  emend_buffer_free(&d.folded), emend_buffer_free(&d.other);
  return status;
}
