/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/skip_condition.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"

emend_status skip_name_print(const emend_plan *plan, size_t v, emend_buffer *text, emend_error *error) {
  static const char *const words[] = {"and", "or", "not", "missing"};
  const char *name = emend_variable_name(plan->dataset, v);
  size_t plain = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.");
  bool quoted = name[plain] || strspn(name, "0123456789.") > 0;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    quoted = quoted || emend_ascii_equal(name, words[i]);
  if (!quoted)
    return emend_buffer_format(text, error, "%s", name);
  return emend_buffer_append_quoted(text, '`', name, strlen(name), error);
}

static emend_status print_value(const emend_plan *plan, size_t v, size_t category, emend_buffer *text, emend_error *error) {
  const emend_categories *c = &plan->variables[v].categories;
  char number[EMEND_NUMBER_SIZE];
  if (!c->texts) {
    emend_number_print(c->numbers[category], '.', number);
    return emend_buffer_format(text, error, "%s", number);
  }
  const char *value = emend_dataset_text(plan->dataset, c->texts[category]);
  return emend_buffer_append_quoted(text, '"', value, emend_trimmed_length(value, strlen(value)), error);
}

/* `x == 1 or x == 2`, or `x != 3`, whichever is shorter; in brackets if it has several terms. */
static emend_status print_categories(const emend_plan *plan, const skip_part *p, emend_buffer *text, emend_error *error) {
  size_t n = plan->variables[p->variable].categories.n, n_skipped = 0, terms = 0;
  for (size_t k = 0; k < n; k++)
    n_skipped += p->skipped[k];
  bool by_skipped = n_skipped < n - n_skipped;
  size_t n_terms = by_skipped ? n_skipped : n - n_skipped;
  emend_status status = n_terms > 1 ? emend_buffer_append(text, "(", 1, error) : EMEND_OK;
  for (size_t k = 0; k < n && !status; k++) {
    if (p->skipped[k] != by_skipped)
      continue;
    if (terms++)
      status = emend_buffer_format(text, error, by_skipped ? " and " : " or ");
    if (!status)
      status = skip_name_print(plan, p->variable, text, error);
    if (!status)
      status = emend_buffer_format(text, error, by_skipped ? " != " : " == ");
    if (!status)
      status = print_value(plan, p->variable, k, text, error);
  }
  return status || n_terms < 2 ? status : emend_buffer_append(text, ")", 1, error);
}

static emend_status print_part(const emend_plan *plan, const skip_part *p, emend_buffer *text, emend_error *error) {
  char number[EMEND_NUMBER_SIZE];
  if (!p->number)
    return print_categories(plan, p, text, error);
  emend_status status = skip_name_print(plan, p->variable, text, error);
  emend_number_print(p->limit, '.', number);
  return status ? status : emend_buffer_format(text, error, " %s %s", p->above ? "<=" : ">=", number);
}

emend_status skip_condition_print(const emend_plan *plan, const skip_condition *c, emend_buffer *text, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < c->n && !status; i++) {
    if (i > 0)
      status = emend_buffer_format(text, error, c->all ? " or " : " and ");
    if (!status)
      status = print_part(plan, &c->parts[i], text, error);
  }
  return status;
}

bool skip_is_nearer(size_t v, size_t a, size_t b) { return (a < v) != (b < v) ? a < v : (a < v ? a > b : a < b); }
