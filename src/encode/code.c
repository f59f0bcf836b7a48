/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/code.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/memory.h"
#include "encode/selection.h"
#include "encode/unanswered.h"

static bool is_tag(emend_reason reason) { return reason >= EMEND_TAG_A; }

/* A date as plans show it. */
static bool is_date(const emend_dataset *dataset, size_t variable, const emend_code *code, const char *text) {
  char date[EMEND_DATE_TEXT];
  return code->reason == EMEND_USER_MISSING && emend_variable_date_text(dataset, variable, code->value, date) && strcmp(date, text) == 0;
}

static bool answers(const emend_code_wish *wish, const emend_dataset *dataset, size_t variable, const emend_code *code, const char *folded) {
  if (wish->chosen && !wish->chosen[variable])
    return false;
  switch (wish->kind) {
  case EMEND_WISH_NUMBER:
    return code->reason == EMEND_USER_MISSING &&
           (code->text ? emend_dataset_same_text(code->text, wish->text) : code->value == wish->number);
  case EMEND_WISH_RANGE: return code->reason == EMEND_USER_MISSING && !code->text && code->value >= wish->lo && code->value <= wish->hi;
  case EMEND_WISH_TAGS: return is_tag(code->reason) && code->reason >= wish->first && code->reason <= wish->last;
  case EMEND_WISH_LABEL:
    return (*code->label && strcmp(wish->folded, folded) == 0) || (code->text && emend_dataset_same_text(code->text, wish->text)) ||
           is_date(dataset, variable, code, wish->text);
  case EMEND_WISH_USER: return code->reason == EMEND_USER_MISSING;
  case EMEND_WISH_SYSTEM: return code->reason == EMEND_SYSTEM_MISSING;
  }
  return false;
}

static int weight(const emend_code_wish *wish, size_t variable) {
  bool by_name = wish->section && wish->chosen[variable] == EMEND_CHOSEN_BY_NAME;
  return (int)wish->layer * 8 + (wish->chosen ? 4 : 0) + (by_name ? 2 : 0) + (wish->general ? 0 : 1);
}

/* The wish that decides, or NULL. Two of equal weight that disagree are an error. */
static emend_status find_wish(emend_code_wishes *wishes, const emend_dataset *dataset, size_t variable, const emend_code *code, const char *folded,
                              const emend_code_wish **found, emend_error *error) {
  *found = NULL;
  for (size_t i = 0; i < wishes->n; i++) {
    emend_code_wish *wish = &wishes->wishes[i];
    if (!answers(wish, dataset, variable, code, folded))
      continue;
    wish->fitted = true;
    int heavier = *found ? weight(wish, variable) - weight(*found, variable) : 1;
    if (heavier > 0 || (heavier == 0 && wish->section && (*found)->section)) {
      *found = wish;
    } else if (heavier == 0 && wish->fill != (*found)->fill) {
      emend_status status =
          emend_fail(error, EMEND_INVALID_ARGUMENT, "%s and %s both name code %s", (*found)->where, wish->where, wish->text);
      emend_at_variable(error, emend_variable_name(dataset, variable));
      return status;
    }
  }
  return EMEND_OK;
}

const char emend_why_who[] = "label may say who was not asked";

/* "Under 16", "No partner": unless it speaks of answers. */
static bool may_say_who(const emend_code *code, const char *folded) {
  return code->reason == EMEND_USER_MISSING && *code->label && emend_folded_may_say_who(folded) && !emend_folded_speaks_of_answers(folded);
}

static bool declares_text(const emend_dataset *dataset, const emend_variable *v, const char *text) {
  for (uint32_t i = 0; i < v->n_missing && i < EMEND_MISSING_RANGES; i++)
    if (v->missing[i].text && emend_dataset_same_text(emend_dataset_text(dataset, v->missing[i].text), text))
      return true;
  return false;
}

static void decide_without_wish(const emend_dataset *dataset, size_t variable, const char *folded, emend_code *code) {
  const emend_doubt *doubt =
      code->reason == EMEND_USER_MISSING ? emend_dataset_find_doubt(dataset, variable, code->value, code->text) : NULL;
  code->fill = 0;
  if (doubt) {
    code->why = doubt->why;
  } else if (is_tag(code->reason)) {
    code->why = "extended missing";
  } else if (emend_folded_says_not_applicable(folded)) {
    code->why = *code->label ? "label says not applicable" : "text says not applicable";
  } else if (may_say_who(code, folded)) {
    code->why = emend_why_who;
  } else {
    code->fill = 1;
    const emend_variable *v = emend_dataset_variable(dataset, variable);
    bool declared = code->text ? declares_text(dataset, v, code->text) : emend_variable_declares_missing(v, code->value);
    code->why = code->reason == EMEND_SYSTEM_MISSING ? "system-missing" : declared ? "declared missing" : "--missing";
  }
}

static const char *label_of(const emend_dataset *dataset, size_t variable, const emend_code *code) {
  if (code->reason == EMEND_SYSTEM_MISSING)
    return NULL;
  return code->text ? emend_dataset_label_of_text(dataset, variable, code->text)
                    : emend_dataset_label_of(dataset, variable, code->value, code->reason);
}

/* A text without a label speaks for itself. */
static emend_status decide(const emend_dataset *dataset, size_t variable, emend_code_wishes *wishes, emend_code *code, emend_buffer *folded,
                           emend_error *error) {
  const char *label = label_of(dataset, variable, code), *says = label ? label : code->text ? code->text : "";
  code->label = label ? label : "";
  const emend_code_wish *wish;
  emend_status status = emend_fold(says, strlen(says), folded, error);
  if (!status)
    status = find_wish(wishes, dataset, variable, code, folded->bytes, &wish, error);
  if (status)
    return status;
  decide_without_wish(dataset, variable, folded->bytes, code);
  if (wish) {
    code->fill = wish->fill;
    code->wished = 1;
    code->why = wish->why;
  }
  return EMEND_OK;
}

/* System-missing cells are a code among the others only where somebody says something of them: of this variable, or of all and there are
 * some. */
static bool is_system_wished(const emend_code_wishes *wishes, size_t variable, size_t count) {
  for (size_t i = 0; i < wishes->n; i++) {
    const emend_code_wish *wish = &wishes->wishes[i];
    if (wish->kind == EMEND_WISH_SYSTEM && (wish->chosen ? wish->chosen[variable] : count > 0))
      return true;
  }
  return false;
}

static int compare_codes(const void *a, const void *b) {
  const emend_code *x = a, *y = b;
  if (x->reason != y->reason)
    return x->reason < y->reason ? -1 : 1;
  return (x->value > y->value) - (x->value < y->value);
}

static bool is_single(const emend_missing_range *range) { return !range->text && range->lo == range->hi && isfinite(range->lo); }

emend_status emend_codes_find(const emend_dataset *dataset, size_t variable, const emend_observed *observed, const emend_tally *met,
                              emend_code_wishes *wishes, emend_code **codes, size_t *n_codes, emend_error *error) {
  const emend_variable *v = emend_dataset_variable(dataset, variable);
  size_t n_met = emend_tally_distinct(met), n = 0, n_tags = 0;
  emend_reason tags[EMEND_TAG_UNDERSCORE - EMEND_TAG_A + 1];
  double *values = NULL;
  emend_buffer folded = {0};
  for (int tag = EMEND_TAG_A; tag <= EMEND_TAG_UNDERSCORE; tag++)
    if (observed->by_reason[tag] || emend_dataset_label_of(dataset, variable, NAN, (emend_reason)tag))
      tags[n_tags++] = (emend_reason)tag;
  emend_status status = emend_tally_values(met, &values, error);
  emend_code *list = NULL;
  if (!status && !(list = emend_allocate(1 + n_met + EMEND_MISSING_RANGES + n_tags, sizeof *list)))
    status = emend_fail_memory(error);
  if (status)
    goto done;
  size_t n_system = observed->by_reason[EMEND_SYSTEM_MISSING];
  if (is_system_wished(wishes, variable, n_system))
    list[n++] = (emend_code){.value = NAN, .reason = EMEND_SYSTEM_MISSING, .count = n_system};
  for (size_t i = 0; i < n_met; i++)
    list[n++] = (emend_code){.value = values[i], .reason = EMEND_USER_MISSING, .count = emend_tally_count(met, values[i])};
  for (uint32_t i = 0; i < v->n_missing && i < EMEND_MISSING_RANGES; i++) {
    bool unmet = is_single(&v->missing[i]) && emend_tally_count(met, v->missing[i].lo) == 0;
    for (uint32_t j = 0; unmet && j < i; j++) /* declared twice */
      unmet = !(is_single(&v->missing[j]) && v->missing[j].lo == v->missing[i].lo);
    if (unmet)
      list[n++] = (emend_code){.value = v->missing[i].lo, .reason = EMEND_USER_MISSING};
  }
  for (size_t i = 0; i < n_tags; i++)
    list[n++] = (emend_code){.value = NAN, .reason = tags[i], .count = observed->by_reason[tags[i]]};
  qsort(list, n, sizeof *list, compare_codes);
  for (size_t i = 0; !status && i < n; i++)
    status = decide(dataset, variable, wishes, &list[i], &folded, error);
done:
  emend_buffer_free(&folded);
  free(values);
  if (status) {
    free(list);
    list = NULL;
    n = 0;
  }
  *codes = list;
  *n_codes = n;
  return status;
}

/* One more cell, or none, of a text that counts as missing. */
static void add_text(const emend_dataset *dataset, emend_offset offset, size_t cells, emend_code *list, size_t *n) {
  const char *text = emend_dataset_text(dataset, offset);
  for (size_t i = 0; i < *n; i++)
    if (list[i].text && emend_dataset_same_text(list[i].text, text)) {
      list[i].count += cells;
      return;
    }
  list[(*n)++] = (emend_code){.value = NAN, .text = text, .reason = EMEND_USER_MISSING, .count = cells};
}

static void count_texts(const emend_dataset *dataset, size_t variable, emend_code *list, size_t *n) {
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      emend_offset offset;
      memcpy(&offset, &run.values[i], sizeof offset);
      if (run.reasons[i] == EMEND_USER_MISSING)
        add_text(dataset, offset, 1, list, n);
    }
  }
}

static int compare_texts(const void *a, const void *b) {
  const emend_code *x = a, *y = b;
  return x->text && y->text ? strcmp(x->text, y->text) : (x->text != NULL) - (y->text != NULL);
}

emend_status emend_codes_find_texts(const emend_dataset *dataset, size_t variable, const emend_observed *observed,
                                    emend_code_wishes *wishes, emend_code **codes, size_t *n_codes, emend_error *error) {
  const emend_variable *v = emend_dataset_variable(dataset, variable);
  size_t n = 0, n_empty = observed->by_reason[EMEND_EMPTY_TEXT];
  emend_buffer folded = {0};
  emend_status status = EMEND_OK;
  emend_code *list = emend_allocate(1 + EMEND_MISSING_RANGES + emend_dataset_doubts(dataset), sizeof *list);
  *codes = NULL, *n_codes = 0;
  if (!list)
    return emend_fail_memory(error);
  if (is_system_wished(wishes, variable, n_empty))
    list[n++] = (emend_code){.value = NAN, .reason = EMEND_SYSTEM_MISSING, .count = n_empty};
  for (uint32_t i = 0; i < v->n_missing && i < EMEND_MISSING_RANGES; i++)
    if (v->missing[i].text)
      add_text(dataset, v->missing[i].text, 0, list, &n);
  count_texts(dataset, variable, list, &n);
  qsort(list, n, sizeof *list, compare_texts);
  for (size_t i = 0; i < n && !status; i++)
    status = decide(dataset, variable, wishes, &list[i], &folded, error);
  emend_buffer_free(&folded);
  if (status) {
    free(list);
    return status;
  }
  *codes = list, *n_codes = n;
  return EMEND_OK;
}
