/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/code.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* The next word (ASCII letters and digits, and whatever is not ASCII) of *at; NULL after the last. */
static const char *next_word(const char **at, size_t *length) {
  const char *p = *at;
  for (;; p++) {
    unsigned char c = (unsigned char)*p;
    if (c == '\0')
      return NULL;
    if (c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
      break;
  }
  const char *start = p;
  while ((unsigned char)*p >= 0x80 || (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'))
    p++;
  *at = p;
  *length = (size_t)(p - start);
  return start;
}

bool emend_label_says_not_applicable(const char *label) {
  static const char *const words[] = {"inapplicable", "skip", "skipped", "iap", "nap"};
  bool after_not = false;
  size_t length;
  for (const char *at = label, *word; (word = next_word(&at, &length));) {
    if (after_not && emend_ascii_equal_n(word, length, "applicable", 10))
      return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
      if (emend_ascii_equal_n(word, length, words[i], strlen(words[i])))
        return true;
    after_not = emend_ascii_equal_n(word, length, "not", 3);
  }
  return false;
}

static bool answers(const emend_code_wish *wish, size_t variable, const emend_code *code) {
  if (wish->chosen && !wish->chosen[variable])
    return false;
  if (wish->reason == EMEND_OBSERVED)
    return emend_ascii_equal(wish->text, code->label);
  return wish->reason == code->reason && (wish->reason != EMEND_USER_MISSING || wish->number == code->value);
}

/* The wish that decides, or NULL. Two of equal weight that disagree are an error. */
static emend_status find_wish(emend_code_wishes *wishes, const char *name, size_t variable, const emend_code *code,
                              const emend_code_wish **found, emend_error *error) {
  *found = NULL;
  for (size_t i = 0; i < wishes->n; i++) {
    emend_code_wish *wish = &wishes->wishes[i];
    if (!answers(wish, variable, code))
      continue;
    wish->fitted = true;
    if (!*found || (wish->chosen && !(*found)->chosen)) {
      *found = wish;
    } else if (!wish->chosen == !(*found)->chosen && wish->fill != (*found)->fill) {
      emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "--impute-codes and --keep-codes both name code %s", wish->text);
      emend_at_variable(error, name);
      return status;
    }
  }
  return EMEND_OK;
}

static emend_status decide(const emend_dataset *dataset, size_t variable, emend_code_wishes *wishes, emend_code *code, emend_error *error) {
  const char *label = emend_dataset_label_of(dataset, variable, code->value, code->reason);
  code->label = label ? label : "";
  const emend_code_wish *wish;
  emend_status status = find_wish(wishes, emend_variable_name(dataset, variable), variable, code, &wish, error);
  if (status)
    return status;
  if (wish) {
    code->fill = wish->fill;
    code->why = wish->fill ? "--impute-codes" : "--keep-codes";
  } else if (code->reason >= EMEND_TAG_A) {
    code->fill = 0;
    code->why = "extended missing";
  } else if (emend_label_says_not_applicable(code->label)) {
    code->fill = 0;
    code->why = "label says not applicable";
  } else {
    code->fill = 1;
    bool declared = emend_variable_declares_missing(emend_dataset_variable(dataset, variable), code->value);
    code->why = declared ? "declared missing" : "--missing";
  }
  return EMEND_OK;
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
  size_t n_met = emend_tally_distinct(met), n = 0;
  double *values = NULL;
  emend_status status = emend_tally_values(met, &values, error);
  emend_code *list = NULL;
  if (!status && !(list = emend_allocate(n_met + EMEND_MISSING_RANGES + EMEND_TAG_UNDERSCORE, sizeof *list)))
    status = emend_fail_memory(error);
  if (status)
    goto done;
  for (size_t i = 0; i < n_met; i++)
    list[n++] = (emend_code){.value = values[i], .reason = EMEND_USER_MISSING, .count = emend_tally_count(met, values[i])};
  for (uint32_t i = 0; i < v->n_missing && i < EMEND_MISSING_RANGES; i++) {
    bool unmet = is_single(&v->missing[i]) && emend_tally_count(met, v->missing[i].lo) == 0;
    for (uint32_t j = 0; unmet && j < i; j++) /* declared twice */
      unmet = !(is_single(&v->missing[j]) && v->missing[j].lo == v->missing[i].lo);
    if (unmet)
      list[n++] = (emend_code){.value = v->missing[i].lo, .reason = EMEND_USER_MISSING};
  }
  for (int tag = EMEND_TAG_A; tag <= EMEND_TAG_UNDERSCORE; tag++)
    if (observed->by_reason[tag] || emend_dataset_label_of(dataset, variable, NAN, (emend_reason)tag))
      list[n++] = (emend_code){.value = NAN, .reason = (emend_reason)tag, .count = observed->by_reason[tag]};
  qsort(list, n, sizeof *list, compare_codes);
  for (size_t i = 0; !status && i < n; i++)
    status = decide(dataset, variable, wishes, &list[i], error);
done:
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
