/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/events.h"
#include "base/fold.h"
#include "base/memory.h"
#include "base/number.h"
#include "emend/plan.h"
#include "encode/category.h"
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

typedef struct doubter {
  emend_dataset *dataset;
  emend_doubt found[MOST_CODES]; /* of one variable; texts belong to the dataset */
  size_t n;
  emend_buffer folded, codes; /* `codes`: as a warning names them */
  emend_buffer said;          /* what the warning being gathered says of codes */
  emend_buffer names;         /* and of which variables */
  size_t n_names, cells, n_warnings;
  emend_events *events;
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

/* Why a label (or text) makes its code one of no answers; NULL if it does not. *clear: whatever the code is. */
static const char *reason_of(doubter *d, const char *label, bool text, bool *clear, emend_status *status) {
  *status = emend_fold(label, strlen(label), &d->folded, d->error);
  if (*status)
    return NULL;
  const char *folded = d->folded.bytes;
  *clear = false;
  if (emend_folded_says_no_answer(folded)) {
    *clear = !is_short(folded);
    return text ? TEXT_NO_ANSWER : NO_ANSWER;
  }
  return emend_folded_says_only_not_applicable(folded) ? text ? TEXT_NOT_APPLICABLE : NOT_APPLICABLE : NULL;
}

static bool has_label(const emend_dataset *dataset, const emend_label_set *set, double value) {
  for (size_t i = 0; i < set->n_labels; i++) {
    const emend_label *label = emend_dataset_label(dataset, set, i);
    if (label->kind == EMEND_KEY_NUMBER && label->number == value)
      return true;
  }
  return false;
}

/* "Does not apply" may be the step of a scale: where its code stands beside those of other answers, it is one. */
static bool stands_beside(const emend_dataset *dataset, const emend_label_set *set, double value) {
  return value >= 0 && (has_label(dataset, set, value - 1) || has_label(dataset, set, value + 1));
}

static emend_status doubt_labels(doubter *d, size_t variable) {
  const emend_variable *v = emend_dataset_variable(d->dataset, variable);
  const emend_label_set *set = v->label_set < 0 ? NULL : emend_dataset_label_set(d->dataset, (size_t)v->label_set);
  emend_status status = EMEND_OK;
  for (size_t i = 0; set && i < set->n_labels && !status; i++) {
    const emend_label *label = emend_dataset_label(d->dataset, set, i);
    if (label->kind != EMEND_KEY_NUMBER || emend_variable_declares_missing(v, label->number))
      continue;
    bool clear;
    const char *why = reason_of(d, emend_dataset_text(d->dataset, label->text), false, &clear, &status);
    if (why && (clear || !stands_beside(d->dataset, set, label->number)))
      add(d, variable, label->number, NULL, why);
  }
  return status;
}

/* Numbers that stand apart; not if they have a label, which says what they are. */
static void doubt_outliers(doubter *d, size_t variable) {
  emend_outlier outliers[EMEND_MOST_OUTLIERS];
  size_t n = emend_outliers_find(d->dataset, variable, outliers);
  for (size_t i = 0; i < n; i++)
    if (!emend_dataset_label_of(d->dataset, variable, outliers[i].code, EMEND_OBSERVED))
      add(d, variable, outliers[i].code, NULL, LOOKS);
}

static emend_status doubt_texts(doubter *d, size_t variable) {
  emend_categories c;
  emend_status status = emend_categories_of_texts(d->dataset, variable, NULL, &c, d->error);
  for (size_t i = 0; i < c.n && !status; i++) {
    const char *text = emend_dataset_text(d->dataset, c.texts[i]), *label = emend_dataset_label_of_text(d->dataset, variable, text);
    bool clear;
    const char *why = reason_of(d, label ? label : text, !label, &clear, &status);
    if (why && (clear || label || !is_short(d->folded.bytes)))
      add(d, variable, NAN, text, why);
  }
  emend_categories_free(&c);
  return status;
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

/* "-7, 9 (Refused)" or "\"refused\"". */
static emend_status name_code(doubter *d, const emend_doubt *doubt) {
  char number[EMEND_NUMBER_SIZE];
  const char *separator = d->codes.length ? ", " : "", *label = doubt->text ? NULL : emend_dataset_label_of(d->dataset, doubt->variable, doubt->value, EMEND_OBSERVED);
  if (doubt->text)
    return emend_buffer_format(&d->codes, d->error, "%s\"%s\"", separator, doubt->text);
  emend_number_print(doubt->value, '.', number);
  if (label)
    return emend_buffer_format(&d->codes, d->error, "%s%s (%.60s)", separator, number, label);
  return emend_buffer_format(&d->codes, d->error, "%s%s", separator, number);
}

static void warn(doubter *d) {
  enum { MOST_WARNINGS = 20 };
  if (d->n_names && d->n_warnings++ < MOST_WARNINGS)
    emend_warn(d->events,
               "%s%s: %s taken for missing codes that the file does not declare: %zu cell%s as %s, and %s no answer%s (--impute-codes fills them, --answers "
               "says that they are answers)",
               d->names.bytes, d->n_names > 8 ? " and others" : "", d->said.bytes, d->cells, d->cells == 1 ? " stays" : "s stay", d->cells == 1 ? "it is" : "they are",
               d->cells == 1 ? "counts as" : "count as", d->cells == 1 ? "" : "s");
  emend_buffer_clear(&d->names);
  d->n_names = d->cells = 0;
}

/* Variables with the same codes share a warning. */
static emend_status gather(doubter *d, size_t variable, size_t cells) {
  bool same = d->n_names && strcmp(d->said.bytes, d->codes.bytes) == 0;
  emend_status status = EMEND_OK;
  if (!same) {
    warn(d);
    emend_buffer_clear(&d->said);
    status = emend_buffer_format(&d->said, d->error, "%s", d->codes.bytes);
  }
  if (!status && d->n_names++ < 8)
    status = emend_buffer_format(&d->names, d->error, "%s%s", d->n_names > 1 ? ", " : "", emend_variable_name(d->dataset, variable));
  d->cells += cells;
  return status;
}

static emend_status set_aside(doubter *d, size_t variable) {
  size_t cells = 0;
  emend_status status = EMEND_OK;
  emend_buffer_clear(&d->codes);
  for (size_t i = 0; i < d->n && !status; i++) {
    size_t count;
    status = emend_dataset_set_aside(d->dataset, &d->found[i], &count, d->error);
    if (!status && count > 0)
      status = name_code(d, &d->found[i]);
    cells += count;
  }
  return !status && cells > 0 ? gather(d, variable, cells) : status;
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
  return !status && d->n > 0 && leaves_answers(d, variable) ? set_aside(d, variable) : status;
}

emend_status emend_set_aside_codes(emend_file *file, const char *answers, emend_events *events, emend_error *error) {
  doubter d = {.dataset = file->dataset, .events = events, .error = error};
  size_t n = emend_dataset_variables(d.dataset);
  unsigned char *chosen = emend_allocate(n, 1);
  emend_status status = chosen ? EMEND_OK : emend_fail_memory(error);
  if (!status && answers)
    status = emend_selection_parse(d.dataset, answers, strlen(answers), "--answers", chosen, events, error);
  for (size_t v = 0; v < n && !status; v++)
    if (!chosen[v] && (ptrdiff_t)v != emend_dataset_weight(d.dataset))
      status = doubt_variable(&d, v);
  if (!status)
    warn(&d);
  free(chosen);
  emend_buffer_free(&d.folded), emend_buffer_free(&d.codes), emend_buffer_free(&d.said), emend_buffer_free(&d.names);
  return status;
}
