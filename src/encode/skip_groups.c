/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/skip_groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "encode/skip.h"
#include "encode/skip_condition.h"

/* In fewer rows a question that was asked may have no answer by chance. */
enum { FEWEST_ROWS = 5 };

typedef struct group_search {
  const emend_plan *plan;
  const emend_categories *groups;
  unsigned char *group_of; /* per row, or EMEND_NO_CATEGORY */
  size_t rows[EMEND_MOST_CATEGORIES];
  size_t n_without;
  emend_error *error;
} group_search;

static void find_groups(group_search *s) {
  const emend_dataset *dataset = s->plan->dataset;
  size_t by = (size_t)s->plan->by;
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_run(dataset, by, row);
    for (size_t i = 0; i < run.n; i++) {
      size_t group = emend_categories_of_cell(s->groups, row + i, run.reasons[i], run.values[i]);
      s->group_of[row + i] = (unsigned char)group;
      if (group < s->groups->n)
        s->rows[group]++;
      else
        s->n_without++;
    }
  }
}

/* The groups in which nobody answered v; false if there are none, or no others. */
static bool find_silent(const group_search *s, size_t v, unsigned char *silent) {
  size_t answers[EMEND_MOST_CATEGORIES + 1] = {0}, n_silent = 0;
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(s->plan->dataset); row += run.n) {
    run = emend_dataset_run(s->plan->dataset, v, row);
    for (size_t i = 0; i < run.n; i++) {
      size_t group = s->group_of[row + i];
      answers[group < s->groups->n ? group : EMEND_MOST_CATEGORIES] += run.reasons[i] == EMEND_OBSERVED;
    }
  }
  for (size_t g = 0; g < s->groups->n; g++) {
    silent[g] = answers[g] == 0 && s->rows[g] >= FEWEST_ROWS;
    n_silent += silent[g];
  }
  return n_silent > 0 && n_silent < s->groups->n;
}

static emend_said *find_said(emend_said_list *found, const char *name) {
  for (size_t i = 0; i < found->n; i++)
    if (strcmp(found->items[i].variables, name) == 0)
      return &found->items[i];
  return NULL;
}

static emend_status quote_name(const group_search *s, size_t v, emend_buffer *name) {
  const char *plain = emend_variable_name(s->plan->dataset, v);
  return emend_buffer_append_quoted(name, '`', plain, strlen(plain), s->error);
}

/* A condition that was found for the variable itself goes on to hold. */
static emend_status say(const group_search *s, size_t v, const unsigned char *silent, emend_said_list *found) {
  emend_buffer name = {0}, text = {0};
  skip_condition c = {.n = 1, .parts[0].variable = (size_t)s->plan->by};
  memcpy(c.parts[0].skipped, silent, s->groups->n);
  emend_status status = quote_name(s, v, &name);
  if (!status && s->n_without > 0)
    status = emend_buffer_format(&text, s->error, "missing(");
  if (!status && s->n_without > 0)
    status = skip_name_print(s->plan, (size_t)s->plan->by, &text, s->error);
  if (!status && s->n_without > 0)
    status = emend_buffer_format(&text, s->error, ") or ");
  if (!status)
    status = skip_condition_print(s->plan, &c, &text, s->error);
  emend_said *before = status ? NULL : find_said(found, name.bytes);
  if (!status && !before)
    status = emend_said_add(found, EMEND_SAID_ONLY_IF, 0, name.bytes, text.bytes, EMEND_SKIP_FOUND, s->error);
  if (before && strcmp(before->value, text.bytes) != 0) {
    emend_buffer both = {0};
    status = emend_buffer_format(&both, s->error, "(%s) and (%s)", before->value, text.bytes);
    if (!status)
      free(before->value), before->value = both.bytes;
    else
      emend_buffer_free(&both);
  }
  emend_buffer_free(&name), emend_buffer_free(&text);
  return status;
}

emend_status emend_skips_find_groups(const emend_plan *plan, const unsigned char *asked, emend_said_list *found, emend_error *error) {
  if (plan->by < 0)
    return EMEND_OK;
  group_search s = {.plan = plan, .groups = &plan->variables[plan->by].categories, .error = error};
  emend_buffer by = {0};
  emend_status status = quote_name(&s, (size_t)plan->by, &by);
  bool ruled = emend_rules_of(&plan->rules, (size_t)plan->by) || (!status && find_said(found, by.bytes)); /* no circles */
  emend_buffer_free(&by);
  if (status || ruled)
    return status;
  s.group_of = emend_allocate(emend_dataset_rows(plan->dataset), 1);
  status = s.group_of ? EMEND_OK : emend_fail_memory(error);
  if (!status)
    find_groups(&s);
  for (size_t v = 0; v < plan->n_variables && !status; v++) {
    unsigned char silent[EMEND_MOST_CATEGORIES] = {0};
    bool searched = v != (size_t)plan->by && plan->variables[v].missing.fill > 0 && !asked[v] && !emend_rules_of(&plan->rules, v);
    if (searched && find_silent(&s, v, silent))
      status = say(&s, v, silent, found);
  }
  free(s.group_of);
  return status;
}
