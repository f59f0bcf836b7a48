/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "encode/assign.h"
#include "encode/rule_dates.h"
#include "encode/selection.h"
#include "encode/skip.h"

typedef struct rules_reader {
  const emend_dataset *dataset;
  const emend_said_list *said;
  ptrdiff_t weight, id; /* -1: none */
  emend_rules *rules;
  ptrdiff_t *rule_of; /* per sentence: its rule, once read */
  emend_events *events;
  emend_error *error;
} rules_reader;

static emend_status find_name(void *context, const char *name, size_t *variable, bool *is_text, emend_error *error) {
  const rules_reader *reader = context;
  emend_status status = emend_selection_name(reader->dataset, name, variable, error);
  *is_text =
      !status && emend_variable_get_kind(reader->dataset, *variable) == EMEND_TEXT && !emend_rule_holds_dates(reader->dataset, *variable);
  return status;
}

static bool holds_dates(void *context, size_t variable) {
  return emend_rule_holds_dates(((const rules_reader *)context)->dataset, variable);
}

static bool read_date(void *context, size_t variable, const char *text, double *begin, double *end) {
  return emend_rule_read_date(((const rules_reader *)context)->dataset, variable, text, begin, end);
}

static emend_status object(void *context, size_t variable, double number, emend_error *error) {
  return emend_rule_object_to_date(((const rules_reader *)context)->dataset, variable, number, error);
}

static emend_status read_rule(rules_reader *reader, size_t sentence, ptrdiff_t *rule) {
  const emend_said *said = &reader->said->items[sentence];
  emend_rules *rules = reader->rules;
  emend_rule_names names = {.context = reader, .find = find_name, .holds_dates = holds_dates, .read_date = read_date, .object = object};
  if (strcmp(said->where, EMEND_SKIP_FOUND) == 0) /* its numbers are answers */
    names.object = NULL;
  emend_rule_type type = said->kind == EMEND_SAID_ONLY_IF ? EMEND_RULE_TRUTH : EMEND_RULE_NUMBER;
  emend_status status = EMEND_OK;
  if (reader->rule_of[sentence] == EMEND_NO_RULE) {
    status = emend_rule_parse(emend_said_value(said), type, &names, said->where, &rules->rules[rules->n_rules], reader->error);
    if (!status)
      reader->rule_of[sentence] = (ptrdiff_t)rules->n_rules++;
  }
  *rule = reader->rule_of[sentence];
  return status;
}

static emend_status refuse_text(rules_reader *reader, size_t variable, const emend_said *said) {
  emend_status status = emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: it is text, and a formula gives a number", said->where);
  emend_at_variable(reader->error, emend_variable_name(reader->dataset, variable));
  return status;
}

/* The item of a variable for which something was said. */
static emend_status add_item(rules_reader *reader, size_t variable, size_t condition, size_t formula) {
  emend_rules *rules = reader->rules;
  emend_ruled *item = &rules->items[rules->n];
  *item = (emend_ruled){.variable = variable, .condition = EMEND_NO_RULE, .formula = EMEND_NO_RULE};
  emend_status status = condition ? read_rule(reader, condition - 1, &item->condition) : EMEND_OK;
  if (!status && formula && emend_variable_get_kind(reader->dataset, variable) == EMEND_TEXT)
    status = refuse_text(reader, variable, &reader->said->items[formula - 1]);
  if (!status && formula)
    status = read_rule(reader, formula - 1, &item->formula);
  if (!status && formula && asprintf(&item->why, "computed: %s", emend_rule_text(rules->rules[item->formula])) < 0) {
    item->why = NULL;
    status = emend_fail_memory(reader->error);
  }
  rules->of[variable] = (ptrdiff_t)rules->n++;
  return status;
}

static bool is_barred(const rules_reader *reader, size_t variable) {
  return (ptrdiff_t)variable == reader->weight || (ptrdiff_t)variable == reader->id;
}

/* The weight and the id are never filled: a rule that names one is a mistake; one whose range or pattern sweeps it up says nothing of it.
 */
static emend_status bar(rules_reader *reader, size_t variable, size_t *sentence) {
  if (*sentence == 0)
    return EMEND_OK;
  const emend_said *said = &reader->said->items[*sentence - 1];
  unsigned char *chosen = emend_allocate(emend_dataset_variables(reader->dataset), 1);
  if (!chosen)
    return emend_fail_memory(reader->error);
  const char *list = said->variables ? said->variables : said->value;
  size_t length = said->variables ? strlen(list) : (size_t)(emend_said_value(said) - 1 - list);
  emend_status status = emend_selection_parse(reader->dataset, list, length, said->where, chosen, NULL, reader->error);
  bool named = !status && chosen[variable] == EMEND_CHOSEN_BY_NAME, weight = (ptrdiff_t)variable == reader->weight;
  *sentence = 0;
  free(chosen);
  if (!named)
    return status;
  emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: it is %s, which is never filled: a rule for it can only mislead", said->where,
             weight ? "the weight" : "named by --id");
  emend_at_variable(reader->error, emend_variable_name(reader->dataset, variable));
  emend_try(reader->error, "%s", weight ? "--weight none, if it is a variable like others" : "leave out --id, or this rule");
  return EMEND_INVALID_ARGUMENT;
}

static emend_status add_items(rules_reader *reader) {
  size_t n = emend_dataset_variables(reader->dataset);
  size_t *conditions = emend_allocate(n, sizeof *conditions), *formulas = emend_allocate(n, sizeof *formulas);
  emend_status status = conditions && formulas ? EMEND_OK : emend_fail_memory(reader->error);
  if (!status)
    status = emend_said_assign(reader->dataset, reader->said, EMEND_SAID_ONLY_IF, conditions, reader->events, reader->error);
  if (!status)
    status = emend_said_assign(reader->dataset, reader->said, EMEND_SAID_FORMULA, formulas, reader->events, reader->error);
  for (size_t v = 0; v < n && !status; v++) {
    status = is_barred(reader, v) ? bar(reader, v, &conditions[v]) : EMEND_OK;
    if (!status && is_barred(reader, v))
      status = bar(reader, v, &formulas[v]);
    if (!status && (conditions[v] || formulas[v]))
      status = add_item(reader, v, conditions[v], formulas[v]);
  }
  free(conditions), free(formulas);
  return status;
}

/* Sorting: depth first along what the rules speak of, without recursion, since chains may be long. */
typedef struct sorter {
  const emend_dataset *dataset;
  emend_rules *rules;
  unsigned char *state;        /* by item: not seen, on the path, done */
  size_t *path, *next, n_path; /* items on the path, and the operand of each that comes next */
  size_t *order, n_order;
  emend_error *error;
} sorter;
enum { UNSEEN, ON_PATH, DONE };

/* The operands of both rules of an item, one after the other; false behind the last. */
static bool nth_operand(const emend_rules *rules, const emend_ruled *item, size_t n, size_t *variable) {
  const ptrdiff_t both[] = {item->condition, item->formula};
  for (int i = 0; i < 2; i++) {
    size_t count = both[i] < 0 ? 0 : emend_rule_operands(rules->rules[both[i]]);
    if (n < count) {
      *variable = emend_rule_operand(rules->rules[both[i]], n);
      return true;
    }
    n -= count;
  }
  return false;
}

/* "a needs b needs a" */
static emend_status fail_circle(const sorter *s, size_t item) {
  emend_buffer text = {0};
  size_t from = 0;
  while (s->path[from] != item)
    from++;
  emend_status status = EMEND_OK;
  for (size_t i = from; i < s->n_path && i < from + 8 && !status; i++)
    status = emend_buffer_format(&text, s->error, "%s needs ", emend_variable_name(s->dataset, s->rules->items[s->path[i]].variable));
  if (!status && s->n_path > from + 8)
    status = emend_buffer_format(&text, s->error, "... needs ");
  if (!status)
    status = emend_fail(s->error, EMEND_INVALID_ARGUMENT, "conditions and formulas go in a circle: %s%s", text.bytes,
                        emend_variable_name(s->dataset, s->rules->items[item].variable));
  emend_buffer_free(&text);
  return status;
}

static void enter(sorter *s, size_t item) {
  s->state[item] = ON_PATH;
  s->next[s->n_path] = 0;
  s->path[s->n_path++] = item;
}

static emend_status visit(sorter *s, size_t first) {
  enter(s, first);
  while (s->n_path > 0) {
    size_t item = s->path[s->n_path - 1], variable;
    if (!nth_operand(s->rules, &s->rules->items[item], s->next[s->n_path - 1]++, &variable)) {
      s->state[item] = DONE;
      s->order[s->n_order++] = item;
      s->n_path--;
      continue;
    }
    ptrdiff_t needed = s->rules->of[variable];
    if (needed >= 0 && s->state[needed] == ON_PATH)
      return fail_circle(s, (size_t)needed);
    if (needed >= 0 && s->state[needed] == UNSEEN)
      enter(s, (size_t)needed);
  }
  return EMEND_OK;
}

static emend_status sort(const emend_dataset *dataset, emend_rules *rules, emend_error *error) {
  size_t n = rules->n;
  sorter s = {.dataset = dataset, .rules = rules, .error = error};
  s.state = emend_allocate(n, 1);
  s.path = emend_allocate(n, sizeof *s.path), s.next = emend_allocate(n, sizeof *s.next), s.order = emend_allocate(n, sizeof *s.order);
  emend_ruled *sorted = emend_allocate(n, sizeof *sorted);
  emend_status status = s.state && s.path && s.next && s.order && sorted ? EMEND_OK : emend_fail_memory(error);
  for (size_t i = 0; i < n && !status; i++)
    if (s.state[i] == UNSEEN)
      status = visit(&s, i);
  for (size_t i = 0; i < n && !status; i++) {
    sorted[i] = rules->items[s.order[i]];
    rules->of[sorted[i].variable] = (ptrdiff_t)i;
  }
  if (!status) {
    emend_ruled *unsorted = rules->items;
    rules->items = sorted;
    sorted = unsorted;
  }
  free(sorted), free(s.state), free(s.path), free(s.next), free(s.order);
  return status;
}

static size_t count_sentences(const emend_said_list *said) {
  size_t count = 0;
  for (size_t i = 0; i < said->n; i++)
    count += said->items[i].kind == EMEND_SAID_ONLY_IF || said->items[i].kind == EMEND_SAID_FORMULA;
  return count;
}

emend_status emend_rules_read(const emend_dataset *dataset, const emend_said_list *said, ptrdiff_t weight, ptrdiff_t id, emend_rules *rules,
                              emend_events *events, emend_error *error) {
  size_t n = emend_dataset_variables(dataset), sentences = count_sentences(said);
  *rules = (emend_rules){0};
  if (sentences == 0)
    return EMEND_OK;
  rules_reader reader = {.dataset = dataset, .said = said, .weight = weight, .id = id, .rules = rules, .events = events, .error = error};
  reader.rule_of = emend_allocate(said->n, sizeof *reader.rule_of);
  rules->rules = emend_allocate(sentences, sizeof *rules->rules);
  rules->items = emend_allocate(n, sizeof *rules->items);
  rules->of = emend_allocate(n, sizeof *rules->of);
  emend_status status = reader.rule_of && rules->rules && rules->items && rules->of ? EMEND_OK : emend_fail_memory(error);
  for (size_t i = 0; i < said->n && !status; i++)
    reader.rule_of[i] = EMEND_NO_RULE;
  for (size_t v = 0; v < n && !status; v++)
    rules->of[v] = -1;
  if (!status)
    status = add_items(&reader);
  if (!status)
    status = sort(dataset, rules, error);
  free(reader.rule_of);
  return status;
}

void emend_rules_free(emend_rules *rules) {
  for (size_t i = 0; i < rules->n; i++)
    free(rules->items[i].fates), free(rules->items[i].why), free(rules->items[i].absences);
  for (size_t i = 0; i < rules->n_rules; i++)
    emend_rule_free(rules->rules[i]);
  free(rules->rules), free(rules->items), free(rules->of);
  *rules = (emend_rules){0};
}

const emend_ruled *emend_rules_of(const emend_rules *rules, size_t variable) {
  return rules->of && rules->of[variable] >= 0 ? &rules->items[rules->of[variable]] : NULL;
}

const emend_rule *emend_ruled_condition(const emend_rules *rules, const emend_ruled *ruled) {
  return ruled && ruled->condition >= 0 ? rules->rules[ruled->condition] : NULL;
}

const emend_rule *emend_ruled_formula(const emend_rules *rules, const emend_ruled *ruled) {
  return ruled && ruled->formula >= 0 ? rules->rules[ruled->formula] : NULL;
}
