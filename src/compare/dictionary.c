/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "compare/entries.h"
#include "emend/words.h"

unsigned compare_says(const emend_dataset *dataset) {
  static const struct {
    const char *format;
    unsigned says;
  } table[] = {
      {"sav", SAYS_LABELS | SAYS_FORMATS | SAYS_VALUE_LABELS | SAYS_MISSING | SAYS_NOTES | SAYS_WEIGHT | SAYS_WIDTHS | SAYS_DISPLAY},
      {"zsav", SAYS_LABELS | SAYS_FORMATS | SAYS_VALUE_LABELS | SAYS_MISSING | SAYS_NOTES | SAYS_WEIGHT | SAYS_WIDTHS | SAYS_DISPLAY},
      {"por", SAYS_LABELS | SAYS_FORMATS | SAYS_VALUE_LABELS | SAYS_MISSING | SAYS_NOTES | SAYS_WEIGHT | SAYS_WIDTHS},
      {"dta", SAYS_LABELS | SAYS_FORMATS | SAYS_VALUE_LABELS | SAYS_NOTES | SAYS_WIDTHS | SAYS_STORAGE | SAYS_TAGS},
      {"xpt", SAYS_LABELS | SAYS_FORMATS | SAYS_WIDTHS | SAYS_TAGS},
      {"sas7bdat", SAYS_LABELS | SAYS_FORMATS | SAYS_WIDTHS | SAYS_TAGS},
  };
  /* SAS's labels come from a catalog beside the file, if one is named. */
  unsigned catalog = emend_dataset_label_sets(dataset) ? SAYS_VALUE_LABELS : 0;
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    if (strcmp(table[i].format, emend_dataset_format(dataset)) == 0)
      return table[i].says | catalog;
  return 0;
}

static unsigned shared(const emend_comparison *c) { return compare_says(c->data[0]) & compare_says(c->data[1]); }

/* One variable in both. */

static emend_status compare_counts(emend_comparison *c, ptrdiff_t variable, const char *property, size_t before, size_t after,
                                   emend_error *error) {
  char a[24] = "", b[24] = "";
  if (before)
    snprintf(a, sizeof a, "%zu", before);
  if (after)
    snprintf(b, sizeof b, "%zu", after);
  return compare_add_difference(c, variable, property, a, b, error);
}

static emend_status compare_missing(emend_comparison *c, const pair *p, emend_error *error) {
  char *a = emend_declared_missing_text(c->data[0], p->facts.a), *b = emend_declared_missing_text(c->data[1], p->facts.b);
  emend_status status =
      a && b ? compare_add_difference(c, (ptrdiff_t)p->facts.a, "missing values", a, b, error) : emend_fail_memory(error);
  free(a);
  free(b);
  return status;
}

static emend_status compare_display(emend_comparison *c, const pair *p, emend_error *error) {
  const emend_dataset *a = c->data[0], *b = c->data[1];
  size_t v = p->facts.a, w = p->facts.b;
  ptrdiff_t of = (ptrdiff_t)v;
  emend_status status = compare_add_difference(c, of, "measure", emend_measure_word(emend_variable_get_measure(a, v)),
                                               emend_measure_word(emend_variable_get_measure(b, w)), error);
  if (!status)
    status = compare_add_difference(c, of, "role", emend_usage_word(emend_variable_usage(a, v)),
                                    emend_usage_word(emend_variable_usage(b, w)), error);
  if (!status)
    status = compare_add_difference(c, of, "alignment", emend_alignment_word(emend_variable_alignment(a, v)),
                                    emend_alignment_word(emend_variable_alignment(b, w)), error);
  if (!status)
    status = compare_counts(c, of, "display width", emend_variable_display_width(a, v), emend_variable_display_width(b, w), error);
  if (!status)
    status = compare_add_difference(c, of, "write format", emend_variable_write_format(a, v), emend_variable_write_format(b, w), error);
  return status;
}

/* Types: in the words of the programs if they share them. */
static emend_status compare_types(emend_comparison *c, const pair *p, emend_error *error) {
  const emend_dataset *a = c->data[0], *b = c->data[1];
  size_t v = p->facts.a, w = p->facts.b;
  char before[EMEND_STORAGE_WORD], after[EMEND_STORAGE_WORD];
  if (c->family[0] == c->family[1] && c->family[0] != EMEND_FAMILY_NONE)
    return compare_add_difference(c, (ptrdiff_t)v, "type", emend_storage_word(a, v, before), emend_storage_word(b, w, after), error);
  if (p->way == PAIR_NOT)
    return compare_add_difference(c, (ptrdiff_t)v, "type", emend_kind_word(emend_variable_get_kind(a, v)),
                                  emend_kind_word(emend_variable_get_kind(b, w)), error);
  if (p->way == PAIR_TEXTS && shared(c) & SAYS_WIDTHS)
    return compare_counts(c, (ptrdiff_t)v, "width", emend_variable_width(a, v), emend_variable_width(b, w), error);
  return EMEND_OK;
}

/* Value labels. */

static emend_status add_label(entries *list, const emend_value_label *label, emend_error *error) {
  char key[EMEND_NUMBER_SIZE] = "._";
  if (label->key)
    return entries_add(list, NAN, label->key, label->label, error);
  if (label->reason == EMEND_OBSERVED)
    emend_number_print(label->value, '.', key);
  else if (label->reason <= EMEND_TAG_Z)
    key[1] = (char)('a' + (label->reason - EMEND_TAG_A));
  return entries_add(list, label->value, key, label->label, error);
}

/* Codes that the other format holds as letters, or letters that it holds as codes, are left out. */
static emend_status collect_labels(const emend_comparison *c, emend_side side, size_t variable, entries *list, emend_error *error) {
  const emend_dataset *d = c->data[side];
  const emend_variable *v = emend_dataset_variable(d, variable);
  ptrdiff_t set = emend_variable_label_set(d, variable);
  emend_status status = EMEND_OK;
  for (size_t i = 0, n = set < 0 ? 0 : emend_label_set_size(d, (size_t)set); i < n && !status; i++) {
    emend_value_label label = emend_label_set_label(d, (size_t)set, i);
    bool code = label.reason == EMEND_OBSERVED && !label.key && emend_variable_declares_missing(v, label.value);
    if (c->kinds_shared || (!code && label.reason == EMEND_OBSERVED))
      status = add_label(list, &label, error);
  }
  return status;
}

static emend_status compare_value_labels(emend_comparison *c, const pair *p, emend_error *error) {
  entries a = {0}, b = {0};
  emend_status status = collect_labels(c, EMEND_SIDE_A, p->facts.a, &a, error);
  if (!status)
    status = collect_labels(c, EMEND_SIDE_B, p->facts.b, &b, error);
  if (!status)
    status = entries_compare(c, (ptrdiff_t)p->facts.a, "value label ", &a, &b, NULL, error);
  entries_free(&a);
  entries_free(&b);
  if (status || !(shared(c) & SAYS_STORAGE))
    return status;
  ptrdiff_t x = emend_variable_label_set(c->data[0], p->facts.a), y = emend_variable_label_set(c->data[1], p->facts.b);
  return compare_add_difference(c, (ptrdiff_t)p->facts.a, "set of value labels", x < 0 ? "" : emend_label_set_name(c->data[0], (size_t)x),
                                y < 0 ? "" : emend_label_set_name(c->data[1], (size_t)y), error);
}

/* Notes, attributes, characteristics. */

static emend_status collect_properties(const emend_dataset *dataset, ptrdiff_t variable, unsigned says, entries *list, emend_error *error) {
  emend_status status = EMEND_OK;
  unsigned n_notes = 0;
  for (const emend_property *p = emend_dataset_first_property(dataset, variable); p && !status;
       p = emend_dataset_next_property(dataset, p)) {
    emend_property_kind kind = emend_property_get_kind(p);
    bool wanted = kind == EMEND_NOTE ? says & SAYS_NOTES : kind == EMEND_ATTRIBUTE ? says & SAYS_DISPLAY : says & SAYS_STORAGE;
    unsigned number = kind == EMEND_NOTE ? ++n_notes : emend_property_number(p);
    emend_buffer key = {0};
    if (!wanted)
      continue;
    status = emend_buffer_format(&key, error, "%s%s%s", emend_property_kind_word(kind), kind == EMEND_NOTE ? "" : " ",
                                 emend_property_name(dataset, p));
    if (!status && number)
      status = emend_buffer_format(&key, error, kind == EMEND_NOTE ? " %u" : "[%u]", number);
    if (!status)
      status = entries_add(list, kind == EMEND_NOTE ? number : NAN, key.bytes, emend_property_value(dataset, p), error);
    emend_buffer_free(&key);
  }
  return status;
}

static emend_status compare_properties(emend_comparison *c, ptrdiff_t a, ptrdiff_t b, emend_error *error) {
  entries x = {0}, y = {0};
  emend_status status = collect_properties(c->data[0], a, shared(c), &x, error);
  if (!status)
    status = collect_properties(c->data[1], b, shared(c), &y, error);
  if (!status)
    status = entries_compare(c, a, "", &x, &y, NULL, error);
  entries_free(&x);
  entries_free(&y);
  return status;
}

static emend_status compare_pair(emend_comparison *c, const pair *p, emend_error *error) {
  const emend_dataset *a = c->data[0], *b = c->data[1];
  size_t v = p->facts.a, w = p->facts.b;
  ptrdiff_t of = (ptrdiff_t)v;
  unsigned says = shared(c);
  bool same_format = strcmp(emend_dataset_format(a), emend_dataset_format(b)) == 0; /* others may know capitals only */
  emend_status status =
      same_format ? compare_add_difference(c, of, "name", emend_variable_name(a, v), emend_variable_name(b, w), error) : EMEND_OK;
  if (!status)
    status = compare_types(c, p, error);
  if (!status && says & SAYS_LABELS)
    status = compare_add_difference(c, of, "label", emend_variable_label(a, v), emend_variable_label(b, w), error);
  if (!status && says & SAYS_FORMATS && c->family[0] == c->family[1])
    status = compare_add_difference(c, of, "format", emend_variable_format(a, v), emend_variable_format(b, w), error);
  if (!status && says & SAYS_MISSING)
    status = compare_missing(c, p, error);
  if (!status && says & SAYS_DISPLAY)
    status = compare_display(c, p, error);
  if (!status && says & SAYS_VALUE_LABELS)
    status = compare_value_labels(c, p, error);
  return status ? status : compare_properties(c, of, (ptrdiff_t)w, error);
}

/* The file. */

static const char *weight_name(const emend_dataset *dataset) {
  ptrdiff_t weight = emend_dataset_weight(dataset);
  return weight < 0 ? "" : emend_variable_name(dataset, (size_t)weight);
}

/* "foreign mpg" */
static emend_status sort_text(const emend_dataset *dataset, emend_buffer *text, emend_error *error) {
  emend_status status = emend_buffer_append(text, "", 0, error);
  for (size_t i = 0; i < emend_dataset_sort_keys(dataset) && !status; i++)
    status = emend_buffer_format(text, error, "%s%s", i ? " " : "", emend_variable_name(dataset, emend_dataset_sort_key(dataset, i)));
  return status;
}

static emend_status compare_sorting(emend_comparison *c, emend_error *error) {
  emend_buffer a = {0}, b = {0};
  emend_status status = sort_text(c->data[0], &a, error);
  if (!status)
    status = sort_text(c->data[1], &b, error);
  if (!status)
    status = compare_add_difference(c, -1, "sorted by", a.bytes ? a.bytes : "", b.bytes ? b.bytes : "", error);
  emend_buffer_free(&a);
  emend_buffer_free(&b);
  return status;
}

/* "dichotomies, 1, Media used: m1 m2 m3" */
static emend_status collect_sets(const emend_dataset *dataset, entries *list, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t s = 0; s < emend_dataset_variable_sets(dataset) && !status; s++) {
    emend_variable_set_facts f = emend_variable_set_get(dataset, s);
    emend_buffer text = {0};
    status = emend_buffer_format(&text, error, "%s%s%s%s%s%s%s:", emend_set_kind_word(f.kind), *f.counted ? ", " : "", f.counted,
                                 f.categories_from_labels ? ", named by value labels" : "",
                                 f.label_from_variable ? ", label of the first variable" : "", *f.label ? ", " : "", f.label);
    for (size_t i = 0; i < f.n_variables && !status; i++)
      status = emend_buffer_format(&text, error, " %s", emend_variable_name(dataset, emend_variable_set_variable(dataset, s, i)));
    if (!status)
      status = entries_add(list, NAN, f.name, text.bytes, error);
    emend_buffer_free(&text);
  }
  return status;
}

static emend_status compare_sets(emend_comparison *c, emend_error *error) {
  entries a = {0}, b = {0};
  emend_status status = collect_sets(c->data[0], &a, error);
  if (!status)
    status = collect_sets(c->data[1], &b, error);
  if (!status)
    status = entries_compare(c, -1, "set of variables ", &a, &b, NULL, error);
  entries_free(&a);
  entries_free(&b);
  return status;
}

/* Sets of value labels that no variable has: Stata keeps them too. */
static emend_status collect_unattached(const emend_dataset *dataset, entries *list, emend_error *error) {
  bool *used = emend_allocate(emend_dataset_label_sets(dataset), sizeof *used);
  emend_status status = used ? EMEND_OK : emend_fail_memory(error);
  for (size_t v = 0; v < emend_dataset_variables(dataset) && !status; v++)
    if (emend_variable_label_set(dataset, v) >= 0)
      used[emend_variable_label_set(dataset, v)] = true;
  for (size_t s = 0; s < emend_dataset_label_sets(dataset) && !status; s++) {
    char text[64];
    snprintf(text, sizeof text, "%zu label%s", emend_label_set_size(dataset, s), emend_label_set_size(dataset, s) == 1 ? "" : "s");
    if (!used[s])
      status = entries_add(list, NAN, emend_label_set_name(dataset, s), text, error);
  }
  free(used);
  return status;
}

static emend_status compare_unattached(emend_comparison *c, emend_error *error) {
  entries a = {0}, b = {0};
  emend_status status = collect_unattached(c->data[0], &a, error);
  if (!status)
    status = collect_unattached(c->data[1], &b, error);
  if (!status)
    status = entries_compare(c, -1, "unattached value labels ", &a, &b, NULL, error);
  entries_free(&a);
  entries_free(&b);
  return status;
}

static emend_status compare_files(emend_comparison *c, emend_error *error) {
  unsigned says = shared(c);
  emend_status status = EMEND_OK;
  if (says & SAYS_LABELS)
    status = compare_add_difference(c, -1, "label", emend_dataset_file_label(c->data[0]), emend_dataset_file_label(c->data[1]), error);
  if (!status && says & SAYS_WEIGHT)
    status = compare_add_difference(c, -1, "weight", weight_name(c->data[0]), weight_name(c->data[1]), error);
  if (!status && says & SAYS_STORAGE)
    status = compare_sorting(c, error);
  if (!status && says & SAYS_STORAGE)
    status = compare_unattached(c, error);
  if (!status && says & SAYS_DISPLAY)
    status = compare_sets(c, error);
  return status ? status : compare_properties(c, -1, -1, error);
}

/* What one format says and the other cannot, in words. */
static emend_status remark(emend_comparison *c, emend_error *error) {
  static const struct {
    unsigned bit;
    const char *words;
  } parts[] = {{SAYS_LABELS, "labels of variables"},
               {SAYS_VALUE_LABELS, "value labels"},
               {SAYS_MISSING, "declared missing values"},
               {SAYS_NOTES, "notes"},
               {SAYS_WEIGHT, "the weight"},
               {SAYS_DISPLAY, "measures, roles, attributes and sets of variables"},
               {SAYS_STORAGE, "storage types and characteristics"}};
  unsigned differ = compare_says(c->data[0]) ^ compare_says(c->data[1]);
  emend_buffer text = {0};
  emend_status status = EMEND_OK;
  bool formats = c->family[0] != c->family[1];
  if (formats)
    status = emend_buffer_format(&text, error, "display formats");
  for (size_t i = 0; i < sizeof parts / sizeof *parts && !status; i++)
    if (differ & parts[i].bit)
      status = emend_buffer_format(&text, error, "%s%s", text.length ? ", " : "", parts[i].words);
  if (!status && text.length)
    status = compare_add_remark(c, error, "not compared, since %s and %s do not both have them: %s", emend_dataset_format(c->data[0]),
                                emend_dataset_format(c->data[1]), text.bytes);
  emend_buffer_free(&text);
  return status;
}

emend_status compare_dictionaries(emend_comparison *c, emend_error *error) {
  emend_status status = compare_files(c, error);
  for (size_t i = 0; i < c->n_pairs && !status; i++)
    status = compare_pair(c, &c->pairs[i], error);
  return status ? status : remark(c, error);
}
