/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/derived.h"

#include <math.h>

#include "base/number.h"

/* Of a scale of whole numbers a sum may be one between those that occur. */
static bool is_code(const emend_planned *planned, double value) {
  const emend_categories *c = &planned->categories;
  for (size_t i = 0; i < c->n; i++)
    if (emend_number_is_close(value, c->numbers[i]))
      return true;
  bool between = value > c->numbers[0] && value < c->numbers[c->n - 1], whole = planned->observed.integers && emend_number_is_close(value, rint(value));
  return planned->type == EMEND_TYPE_ORDINAL && between && whole && !planned->observed.labelled;
}

/* What is wrong with a value, or NULL. */
static const char *objection(const emend_planned *planned, double value) {
  bool coded = planned->type == EMEND_TYPE_BINARY || planned->type == EMEND_TYPE_ORDINAL || planned->type == EMEND_TYPE_NOMINAL;
  if (coded && planned->categories.n && planned->categories.numbers && !is_code(planned, value))
    return "no code of it";
  if (planned->bounded && (value < planned->lo || value > planned->hi))
    return "beyond its bounds";
  if (value < planned->plausible_lo && planned->plausible_lo == 0)
    return "negative, where no answer is";
  if (value > planned->plausible_hi && planned->plausible_hi == 0)
    return "positive, where no answer is";
  return NULL;
}

static void check_item(const emend_imputation *made, size_t index, emend_events *events) {
  const emend_ruled *item = &made->plan->rules.items[index];
  const emend_settled_item *settled = &made->settled.items[index];
  const emend_planned *planned = &made->plan->variables[item->variable];
  const char *first = NULL;
  size_t n = 0, first_row = 0;
  for (size_t row = 0; row < emend_dataset_rows(made->plan->dataset); row++) {
    double value = settled->values[row];
    const char *why = settled->fates[row] == EMEND_FATE_FILL && isfinite(value) ? objection(planned, value) : NULL;
    if (why && n++ == 0)
      first = why, first_row = row;
  }
  if (n == 0)
    return;
  char text[EMEND_NUMBER_SIZE];
  emend_number_print(settled->values[first_row], '.', text);
  emend_warn(events,
             "%s: in %zu row%s %s gives what is %s (the first: %s in row %zu), and is written as it is: the formula or what was filled "
             "contradicts the answers there",
             emend_variable_name(made->plan->dataset, item->variable), n, n == 1 ? "" : "s",
             emend_rule_text(emend_ruled_formula(&made->plan->rules, item)), first, text, first_row + 1);
}

void emend_derived_check(const emend_imputation *made, emend_events *events) {
  for (size_t i = 0; i < made->settled.n; i++)
    if (made->settled.items[i].values && made->settled.items[i].fates)
      check_item(made, i, events);
}
