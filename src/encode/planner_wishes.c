/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "encode/selection.h"

static emend_status parse_list(planner *p, const char *list, const char *option, unsigned char **chosen) {
  if (!list)
    return EMEND_OK;
  *chosen = emend_allocate(p->plan->n_variables, 1);
  if (!*chosen)
    return emend_fail_memory(p->error);
  return emend_selection_parse(p->dataset, list, strlen(list), option, *chosen, p->events, p->error);
}

static emend_status parse_weight(planner *p) {
  const char *name = p->options->weight;
  p->wanted.weight = emend_dataset_weight(p->dataset);
  p->wanted.weight_named = name != NULL;
  if (!name)
    return EMEND_OK;
  p->wanted.weight = -1;
  size_t variable;
  if (strcmp(name, "none") == 0)
    return EMEND_OK;
  emend_status status = emend_selection_one(p->dataset, name, "--weight", &variable, p->events, p->error);
  if (!status)
    p->wanted.weight = (ptrdiff_t)variable;
  return status;
}

/* The lists of types. A name beats a pattern; two lists of equal claim are an error. */
static emend_status parse_types(planner *p) {
  static const char *const names[] = {[EMEND_TYPE_CONTINUOUS] = "--continuous",
                                      [EMEND_TYPE_INTEGER] = "--integer",
                                      [EMEND_TYPE_ORDINAL] = "--ordinal",
                                      [EMEND_TYPE_BINARY] = "--binary",
                                      [EMEND_TYPE_NOMINAL] = "--nominal"};
  size_t n = p->plan->n_variables;
  p->wanted.types = emend_allocate(n, 1);
  p->wanted.type_chosen = emend_allocate(n, 1);
  emend_status status = p->wanted.types && p->wanted.type_chosen ? EMEND_OK : emend_fail_memory(p->error);
  for (size_t type = EMEND_TYPE_CONTINUOUS; type <= EMEND_TYPE_NOMINAL && !status; type++) {
    unsigned char *chosen = NULL;
    status = parse_list(p, p->options->types[type], names[type], &chosen);
    for (size_t v = 0; v < n && chosen && !status; v++) {
      chosen[v] = chosen[v] == EMEND_CHOSEN_BY_STAR ? EMEND_CHOSEN_BY_PATTERN : chosen[v];
      if (!chosen[v] || chosen[v] < p->wanted.type_chosen[v])
        continue;
      if (chosen[v] == p->wanted.type_chosen[v]) {
        status = emend_fail(p->error, EMEND_INVALID_ARGUMENT, "%s and %s both claim it", names[p->wanted.types[v]], names[type]);
        emend_at_variable(p->error, emend_variable_name(p->dataset, v));
      }
      p->wanted.type_chosen[v] = chosen[v];
      p->wanted.types[v] = (unsigned char)type;
    }
    free(chosen);
  }
  return status;
}

/* A pattern may meet variables of numbers, whose order it does not give. */
static emend_status tell_ordered_numbers(const planner *p) {
  enum { MOST_NAMED = 8 };
  emend_buffer names = {0};
  char others[EMEND_OTHERS_TEXT];
  const char *where = NULL;
  emend_status status = EMEND_OK;
  size_t n = 0;
  for (size_t v = 0; v < p->plan->n_variables && !status; v++) {
    if (!p->orders[v].by || emend_variable_get_kind(p->dataset, v) == EMEND_TEXT)
      continue;
    where = where ? where : p->orders[v].where;
    if (n++ < MOST_NAMED)
      status = emend_buffer_format(&names, p->error, "%s%s", n > 1 ? ", " : "", emend_variable_name(p->dataset, v));
  }
  if (!status && n > 0)
    emend_warn(p->events,
               "%s: %s%s hold%s numbers, of which no order can be named: it is for the texts alone (--ordinal takes the order of numbers)",
               where, names.bytes, emend_others(n, MOST_NAMED, others), n == 1 ? "s" : "");
  emend_buffer_free(&names);
  return status;
}

/* Who names an order says that the texts have one. */
static emend_status read_orders(planner *p) {
  emend_status status = emend_orders_parse(p->dataset, &p->options->said, &p->orders, p->events, p->error);
  for (size_t v = 0; v < p->plan->n_variables && !status; v++) {
    const emend_order_wish *order = &p->orders[v];
    if (order->by == EMEND_CHOSEN_BY_NAME && emend_variable_get_kind(p->dataset, v) != EMEND_TEXT) {
      emend_fail(p->error, EMEND_INVALID_ARGUMENT, "%s: it holds numbers; only the order of texts can be named", order->where);
      emend_at_variable(p->error, emend_variable_name(p->dataset, v));
      emend_try(p->error, "--ordinal %s, which takes the order of the numbers", emend_variable_name(p->dataset, v));
      return EMEND_INVALID_ARGUMENT;
    }
    unsigned char by = order->by == EMEND_CHOSEN_BY_STAR ? EMEND_CHOSEN_BY_PATTERN : order->by;
    if (by > p->wanted.type_chosen[v] && emend_variable_get_kind(p->dataset, v) == EMEND_TEXT)
      p->wanted.types[v] = EMEND_TYPE_ORDINAL, p->wanted.type_chosen[v] = by;
  }
  return status ? status : tell_ordered_numbers(p);
}

/* The variable whose name is the first `length` bytes; -1 if there is none, and out of memory. */
static ptrdiff_t find_variable(const planner *p, const char *name, size_t length, emend_status *status) {
  char *copy = strndup(name, length);
  ptrdiff_t found = copy ? emend_dataset_find_variable(p->dataset, copy) : -1;
  if (!copy)
    *status = emend_fail_memory(p->error);
  free(copy);
  return found;
}

/* "age", "log(age)", "income!=0", "region=3|7": how a column tells that its model knows a variable. */
static emend_status know_column(planner *p, const char *column) {
  emend_status status = EMEND_OK;
  size_t length = strlen(column), open = strcspn(column, "(");
  ptrdiff_t v = emend_dataset_find_variable(p->dataset, column);
  if (v < 0 && open + 1 < length && column[length - 1] == ')')
    v = find_variable(p, column + open + 1, length - open - 2, &status);
  bool number = v >= 0;
  for (const char *mark = column; v < 0 && !status && (mark = strchr(mark, '=')); mark++) {
    bool amount = mark > column + 1 && mark[-1] == '!';
    v = find_variable(p, column, (size_t)(mark - column) - amount, &status);
    number = amount;
  }
  bool whole = v >= 0 && strcmp(column, emend_variable_name(p->dataset, (size_t)v)) == 0; /* also of texts, with their order */
  if (v >= 0 && (number && !whole ? emend_variable_get_kind(p->dataset, (size_t)v) != EMEND_TEXT : 1))
    p->wanted.known[v] = number ? EMEND_KNOWN_AS_NUMBER : EMEND_KNOWN_AS_CATEGORIES;
  return status;
}

static emend_status read_model(planner *p) {
  p->wanted.known = emend_allocate(p->plan->n_variables, 1);
  if (!p->wanted.known)
    return emend_fail_memory(p->error);
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < p->options->n_model_columns && !status; i++)
    status = know_column(p, p->options->model_columns[i]);
  return status;
}

emend_status planner_read_wishes(planner *p) {
  const emend_plan_options *options = p->options;
  emend_status status = parse_weight(p);
  if (!status)
    status = parse_list(p, options->variables, "--vars", &p->wanted.variables);
  if (!status)
    status = parse_list(p, options->targets, "--targets", &p->wanted.targets);
  if (!status)
    status = parse_list(p, options->exclude, "--exclude", &p->wanted.exclude);
  if (!status)
    status = parse_types(p);
  if (!status)
    status = read_orders(p);
  if (!status)
    status = read_model(p);
  p->wanted.scores_only = options->scores_only;
  p->wanted.weight_kind_named = options->weight_kind >= 0;
  if (!status)
    status = emend_shapes_parse(p->dataset, &options->said, options->spikes, &p->shapes, p->events, p->error);
  p->wanted.id = -1;
  size_t id;
  if (!status && options->id && !(status = emend_selection_one(p->dataset, options->id, "--id", &id, p->events, p->error)))
    p->wanted.id = (ptrdiff_t)id;
  if (!status)
    status = emend_code_wishes_parse(p->dataset, &options->said, &p->wishes, p->events, p->error);
  if (!status)
    status = emend_rules_read(p->dataset, &options->said, p->wanted.weight, p->wanted.id, &p->plan->rules, p->events, p->error);
  return status ? status : emend_wanted_check(p->dataset, &p->wanted, p->error);
}
