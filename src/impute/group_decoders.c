/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/group_decoders.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

emend_group_decoder *emend_imputation_group_decoder(const emend_imputation *made, size_t row, size_t variable) {
  size_t group = made->group_of ? made->group_of[row] : EMEND_NO_CATEGORY;
  return group == EMEND_NO_CATEGORY ? NULL : made->group_decoders[group * made->plan->n_variables + variable];
}

emend_status emend_group_decoders_new(emend_imputation *made, size_t n_groups, emend_error *error) {
  size_t rows = emend_dataset_rows(made->plan->dataset);
  made->group_decoders = emend_allocate(n_groups, made->plan->n_variables * sizeof *made->group_decoders);
  made->group_of = emend_allocate(rows, 1);
  if (!made->group_decoders || !made->group_of)
    return emend_fail_memory(error);
  memset(made->group_of, EMEND_NO_CATEGORY, rows);
  return EMEND_OK;
}

void emend_group_decoders_free(emend_imputation *made) {
  size_t n = made->group_decoders ? made->plan->variables[made->plan->by].categories.n * made->plan->n_variables : 0;
  for (size_t i = 0; i < n; i++) {
    if (made->group_decoders[i])
      emend_decoder_free(&made->group_decoders[i]->decoder);
    free(made->group_decoders[i]);
  }
  free(made->group_decoders), free(made->group_of);
}

/* How often each category was answered in the group by rows that weigh something, and how much they weigh. */
static void count_answers(const emend_plan *plan, size_t v, const uint32_t *rows, size_t n, size_t *counts, double *weights) {
  const emend_categories *c = &plan->variables[v].categories;
  for (size_t i = 0; i < n; i++) {
    emend_run cell = emend_dataset_run(plan->dataset, v, rows[i]);
    size_t category = emend_categories_of_cell(c, rows[i], *cell.reasons, *cell.values);
    double weight = plan->weights ? plan->weights[rows[i]] : 1;
    if (weight > 0 && category < c->n && emend_categories_gives(c, category))
      counts[category]++, weights[category] += weight;
  }
}

/* Only values that occur in the group; the list of numbers within the variable's own. */
static void list_values(emend_group_decoder *own) {
  emend_allowed *allowed = &own->planned.allowed;
  const double *first = own->numbers, *end = first + own->planned.categories.n;
  if (!allowed->values)
    return;
  while (first < end && *first < allowed->values[0])
    first++;
  while (first < end && end[-1] > allowed->values[allowed->n_values - 1])
    end--;
  if (first < end)
    allowed->values = first, allowed->n_values = (size_t)(end - first);
}

static emend_group_decoder *make_decoder(const emend_imputation *made, size_t v, const size_t *counts, const double *weights) {
  const emend_categories *c = &made->plan->variables[v].categories;
  emend_group_decoder *own = emend_allocate(1, sizeof *own);
  if (!own)
    return NULL;
  own->planned = made->plan->variables[v];
  emend_categories *mine = &own->planned.categories;
  *mine = (emend_categories){.n_levels = c->n_levels,
                             .n_pooled = c->n_pooled,
                             .numbers = c->numbers ? own->numbers : NULL,
                             .counts = own->counts,
                             .weights = own->weights,
                             .levels = c->levels ? own->levels : NULL};
  for (size_t k = 0; k < c->n; k++) {
    if (!counts[k])
      continue;
    own->numbers[mine->n] = c->numbers ? c->numbers[k] : 0;
    own->counts[mine->n] = counts[k], own->weights[mine->n] = weights[k];
    own->levels[mine->n] = c->levels ? c->levels[k] : 0;
    own->has_level[own->levels[mine->n]] = 1;
    own->original[mine->n++] = (unsigned char)k;
  }
  list_values(own);
  own->decoder = (emend_decoder){.kind = made->decoders[v].kind, .planned = &own->planned};
  bool thresholds = own->decoder.kind == EMEND_DECODE_SHARES || own->decoder.kind == EMEND_DECODE_STEPS;
  if (thresholds && mine->n == 1)
    own->decoder.kind = EMEND_DECODE_NEAREST;
  return own;
}

/* Codes, texts and whole numbers that are rounded to what occurs. */
static bool lists_values(const emend_imputation *made, size_t v) {
  const emend_planned *planned = &made->plan->variables[v];
  return made->column_of[v] >= 0 && planned->missing.fill > 0 && planned->role != EMEND_ROLE_CONSTANT && planned->categories.n > 0 &&
         (made->decoders[v].kind == EMEND_DECODE_LEVELS || planned->allowed.values);
}

emend_status emend_group_decoders_add(emend_imputation *made, size_t group, const uint32_t *rows, size_t n, emend_error *error) {
  const emend_plan *plan = made->plan;
  for (size_t i = 0; i < n; i++)
    made->group_of[rows[i]] = (unsigned char)group;
  for (size_t v = 0; v < plan->n_variables; v++) {
    size_t counts[EMEND_MOST_CATEGORIES] = {0}, answers = 0;
    double weights[EMEND_MOST_CATEGORIES] = {0};
    if (!lists_values(made, v))
      continue;
    count_answers(plan, v, rows, n, counts, weights);
    for (size_t k = 0; k < plan->variables[v].categories.n; k++)
      answers += counts[k];
    if (answers > 0 && !(made->group_decoders[group * plan->n_variables + v] = make_decoder(made, v, counts, weights)))
      return emend_fail_memory(error);
  }
  return EMEND_OK;
}
