/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/events.h"
#include "base/memory.h"
#include "base/team.h"
#include "base/text.h"
#include "data/rows.h"
#include "encode/code.h"
#include "encode/role.h"
#include "encode/selection.h"
#include "encode/shape.h"
#include "encode/skip.h"
#include "encode/type.h"
#include "encode/weight.h"

/* What making a plan needs and the plan does not keep. */
typedef struct planner {
  const emend_dataset *dataset;
  const emend_plan_options *options;
  emend_plan *plan;
  emend_wanted wanted;
  emend_code_wishes wishes;
  emend_shape_wish *shapes;
  double *given; /* numbers that mean missing though no variable that holds them declares them: from --missing */
  size_t n_given, given_capacity;
  emend_events *events;
  emend_error *error;
} planner;

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

static emend_status parse_wishes(planner *p) {
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
    status = emend_rules_read(p->dataset, &options->said, &p->plan->rules, p->events, p->error);
  return status ? status : emend_wanted_check(p->dataset, &p->wanted, p->error);
}

/* Remembers the codes of a variable that it does not declare. */
static emend_status note_given(planner *p, size_t v) {
  const emend_planned *planned = &p->plan->variables[v];
  for (size_t i = 0; i < planned->n_codes; i++) {
    double value = planned->codes[i].value;
    if (planned->codes[i].reason != EMEND_USER_MISSING || emend_variable_declares_missing(emend_dataset_variable(p->dataset, v), value) ||
        emend_dataset_find_doubt(p->dataset, v, value, NULL))
      continue;
    bool known = false;
    for (size_t j = 0; !known && j < p->n_given; j++)
      known = p->given[j] == value;
    if (known)
      continue;
    if (p->n_given == p->given_capacity) {
      size_t capacity = p->given_capacity ? 2 * p->given_capacity : 8;
      double *given = emend_reallocate(p->given, capacity, sizeof *given);
      if (!given)
        return emend_fail_memory(p->error);
      p->given = given;
      p->given_capacity = capacity;
    }
    p->given[p->n_given++] = value;
  }
  return EMEND_OK;
}

static emend_status fail_infinite(planner *p, size_t v) {
  const emend_planned *planned = &p->plan->variables[v];
  const char *name = emend_variable_name(p->dataset, v);
  bool in_model = planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_PREDICT || planned->role == EMEND_ROLE_CONSTANT;
  if (!planned->observed.infinite_row || !in_model)
    return EMEND_OK;
  emend_fail(p->error, EMEND_UNSUPPORTED, "the value is infinite");
  emend_at_variable(p->error, name);
  emend_at_row(p->error, (int64_t)planned->observed.infinite_row);
  emend_try(p->error, "--exclude %s", name);
  return EMEND_UNSUPPORTED;
}

static emend_status plan_number(planner *p, size_t v, const emend_tally *codes) {
  emend_plan *plan = p->plan;
  emend_planned *planned = &plan->variables[v];
  bool round = !p->options->no_round;
  emend_status status =
      emend_codes_find(p->dataset, v, &planned->observed, codes, &p->wishes, &planned->codes, &planned->n_codes, p->error);
  if (!status)
    status = note_given(p, v);
  const emend_observed *observed = &planned->observed;
  planned->rounds = round && (observed->integers || observed->labelled);
  planned->keeps_system = planned->n_codes > 0 && planned->codes[0].reason == EMEND_SYSTEM_MISSING && !planned->codes[0].fill;
  return status || !observed->counts ? status
                                     : emend_categories_of_numbers(p->dataset, v, observed->values, observed->counts, observed->n_values,
                                                                   plan->weights, &planned->categories, p->error);
}

static emend_status plan_text(planner *p, size_t v) {
  emend_planned *planned = &p->plan->variables[v];
  emend_status status = emend_codes_find_texts(p->dataset, v, &planned->observed, &p->wishes, &planned->codes, &planned->n_codes, p->error);
  planned->keeps_system = planned->n_codes > 0 && planned->codes[0].reason == EMEND_SYSTEM_MISSING && !planned->codes[0].fill;
  return status;
}

static emend_status observe_text(const planner *p, size_t v) {
  emend_planned *planned = &p->plan->variables[v];
  emend_observe_reasons(p->dataset, v, planned->observed.by_reason);
  planned->observed.n = planned->observed.by_reason[EMEND_OBSERVED];
  return emend_wanted_as_score(&p->wanted, v) ? EMEND_OK
                                              : emend_categories_of_texts(p->dataset, v, p->plan->weights, &planned->categories, NULL);
}

static emend_status observe_number(const planner *p, size_t v, emend_observe_work *work) {
  const emend_plan *plan = p->plan;
  bool wanted = !p->options->no_round && emend_wanted_may_fill(p->dataset, &p->wanted, v);
  return emend_observe(p->dataset, v, plan->weights, plan->weight_kind, wanted, work, &plan->variables[v].observed, NULL);
}

/* Columns looked at side by side; where there are few cells, one after the other. */
enum { WAVE = 16, FEW_CELLS = 1 << 17 };

typedef struct look {
  const planner *p;
  size_t first;
  emend_observe_work work[WAVE];
  emend_status status[WAVE];
} look;

static void look_at(void *context, size_t task) {
  look *l = context;
  size_t v = l->first + task;
  l->status[task] =
      emend_variable_get_kind(l->p->dataset, v) == EMEND_TEXT ? observe_text(l->p, v) : observe_number(l->p, v, &l->work[task]);
}

/* The next variables: all that fails is memory. */
static emend_status look_at_wave(look *l, emend_team *team, size_t n, emend_error *error) {
  for (size_t i = 0; i < n; i++)
    if (!l->work[i].values && emend_observe_work_new(&l->work[i], error))
      return EMEND_OUT_OF_MEMORY;
  emend_team_run(team, n, look_at, l);
  for (size_t i = 0; i < n; i++)
    if (l->status[i])
      return emend_fail_memory(error);
  return EMEND_OK;
}

/* What there is to know of every variable, before anything is decided. */
static emend_status look_at_all(planner *p) {
  look l = {.p = p};
  size_t n_variables = p->plan->n_variables, wave = 1, n;
  emend_team *team = NULL;
  emend_status status = EMEND_OK;
  if (emend_dataset_rows(p->dataset) * n_variables > FEW_CELLS)
    status = emend_team_new(p->options->threads, &team, p->error);
  if (team && !status) /* no more at once than can be worked at: tallies of many values are large */
    wave = 2 * emend_team_size(team) < WAVE ? 2 * emend_team_size(team) : WAVE;
  for (; l.first < n_variables && !status; l.first += n) {
    n = n_variables - l.first < wave ? n_variables - l.first : wave;
    status = look_at_wave(&l, team, n, p->error);
    for (size_t i = 0; i < n && !status; i++)
      status = emend_variable_get_kind(p->dataset, l.first + i) == EMEND_TEXT ? plan_text(p, l.first + i) : plan_number(p, l.first + i, l.work[i].codes);
  }
  for (size_t i = 0; i < WAVE; i++)
    emend_observe_work_free(&l.work[i]);
  emend_team_free(team);
  return status;
}

static void count_missing(emend_planned *planned) {
  const size_t *by_reason = planned->observed.by_reason;
  emend_missing_counts *missing = &planned->missing;
  missing->observed = by_reason[EMEND_OBSERVED];
  missing->system = by_reason[EMEND_SYSTEM_MISSING];
  missing->user = by_reason[EMEND_USER_MISSING];
  missing->empty = by_reason[EMEND_EMPTY_TEXT];
  missing->structural = by_reason[EMEND_STRUCTURAL];
  for (int tag = EMEND_TAG_A; tag <= EMEND_TAG_UNDERSCORE; tag++)
    missing->tagged += by_reason[tag];
  size_t all = missing->system + missing->user + missing->empty + missing->structural + missing->tagged;
  missing->fill = planned->fills && !planned->keeps_system ? missing->empty + missing->system : 0;
  for (size_t i = 0; planned->fills && i < planned->n_codes; i++)
    missing->fill += planned->codes[i].fill && planned->codes[i].reason != EMEND_SYSTEM_MISSING ? planned->codes[i].count : 0;
  missing->keep = all - missing->fill;
}

/* Whole numbers come out of a formula if whole numbers go into it. Its operands have been decided. */
static bool gives_whole(const planner *p, const emend_rule *formula) {
  bool whole = emend_rule_is_whole(formula);
  for (size_t i = 0; i < emend_rule_operands(formula) && whole; i++) {
    const emend_planned *operand = &p->plan->variables[emend_rule_operand(formula, i)];
    whole = operand->observed.integers && (operand->missing.fill == 0 || operand->rounds);
  }
  return whole;
}

/* Fractions have no place in a variable of whole numbers, unless they are rounded to what occurs in it: it is widened, and nothing lost.
 * Single precision stays: it is the variable's own, to which Stata, too, rounds what it is given. */
static emend_storage needed_storage(const planner *p, size_t v) {
  const emend_planned *planned = &p->plan->variables[v];
  emend_storage own = emend_dataset_variable(p->dataset, v)->storage;
  bool whole = own == EMEND_STORAGE_I8 || own == EMEND_STORAGE_I16 || own == EMEND_STORAGE_I32;
  const emend_ruled *ruled = emend_rules_of(&p->plan->rules, v);
  if (emend_ruled_formula(&p->plan->rules, ruled) && planned->missing.fill > 0)
    return whole && !gives_whole(p, emend_ruled_formula(&p->plan->rules, ruled)) ? EMEND_STORAGE_F64 : own;
  bool fractions = planned->missing.fill > 0 && !planned->rounds && planned->role != EMEND_ROLE_CONSTANT && planned->observed.n > 0;
  return whole && fractions ? EMEND_STORAGE_F64 : own;
}

/* A range or glob may sweep up what it does not fit: then it says nothing. */
static emend_status decide_type(planner *p, size_t v) {
  emend_planned *planned = &p->plan->variables[v];
  emend_type wish = (emend_type)p->wanted.types[v];
  bool by_name = p->wanted.type_chosen[v] == EMEND_CHOSEN_BY_NAME;
  emend_status status = emend_type_decide(p->dataset, v, wish, planned, by_name ? p->error : NULL);
  return status && !by_name ? emend_type_decide(p->dataset, v, EMEND_TYPE_UNKNOWN, planned, p->error) : status;
}

/* As how many columns the variable enters the model. */
static emend_status count_columns(planner *p, size_t v, emend_planned *planned) {
  enum { ROWS_PER_LEVEL = 10 };
  bool in_model = planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_PREDICT;
  planned->n_columns = in_model;
  if (in_model && !p->options->scores_only) {
    emend_status shaped = emend_shape_decide(p->dataset, v, &p->shapes[v], planned, p->error);
    planned->n_columns = planned->spiked ? 2 : 1;
    if (shaped)
      return shaped;
  }
  if (!in_model || !emend_type_is_nominal(planned->type) || emend_wanted_as_score(&p->wanted, v))
    return EMEND_OK;
  emend_status status = emend_categories_pool(&planned->categories, planned->observed.n, planned->observed.n / ROWS_PER_LEVEL, p->error);
  planned->n_columns = planned->categories.n_levels - 1;
  planned->rounds = true;
  return status;
}

/* With how many decimals a number that is none of the observed ones is written: as many as the observed ones have. */
static int imputed_decimals(const planner *p, const emend_planned *planned) {
  enum { FEWEST = 5 };
  bool guessed = planned->type == EMEND_TYPE_CONTINUOUS && planned->observed.n >= FEWEST && !planned->observed.integers;
  return guessed && planned->fills && !p->options->no_round ? planned->observed.decimals : -1;
}

/* A computed variable is exactly what its formula says, and in the model only if named for it. */
static void decide_formula(const planner *p, size_t v, const emend_ruled *ruled) {
  emend_planned *planned = &p->plan->variables[v];
  const emend_wanted *wanted = &p->wanted;
  bool stands_aside =
      planned->role == EMEND_ROLE_WEIGHT || (wanted->id >= 0 && (size_t)wanted->id == v) || (wanted->exclude && wanted->exclude[v]);
  if (stands_aside)
    return;
  bool named = wanted->variables && wanted->variables[v] == EMEND_CHOSEN_BY_NAME && planned->role == EMEND_ROLE_FILL;
  planned->role = named ? EMEND_ROLE_PREDICT : EMEND_ROLE_DERIVED;
  planned->why = ruled->why;
  planned->fills = !wanted->targets || wanted->targets[v];
  planned->may_model = named;
  planned->rounds = false;
}

static emend_status decide(planner *p, size_t v) {
  emend_plan *plan = p->plan;
  emend_planned *planned = &plan->variables[v];
  const emend_ruled *ruled = emend_rules_of(&plan->rules, v);
  bool computed = emend_ruled_formula(&plan->rules, ruled) != NULL;
  emend_status decided = decide_type(p, v);
  if (!decided)
    decided = emend_role_decide(p->dataset, &p->wanted, plan->weight_kind, v, planned, p->error);
  if (!decided && computed)
    decide_formula(p, v, ruled);
  if (!decided)
    decided = count_columns(p, v, planned);
  if (decided)
    return decided;
  planned->rounds = planned->rounds && planned->fills && planned->type != EMEND_TYPE_CONTINUOUS && !computed;
  for (size_t i = 0; !planned->fills && i < planned->n_codes; i++) {
    planned->codes[i].fill = 0;
    planned->codes[i].why = "the variable is not filled";
  }
  planned->decimals = computed ? -1 : imputed_decimals(p, planned);
  planned->not_negative = planned->type == EMEND_TYPE_CONTINUOUS && !p->wanted.types[v] && planned->fills && !p->options->no_round &&
                          !planned->bounded && planned->transform.kind == EMEND_TRANSFORM_NONE && planned->observed.min >= 0 && !computed;
  planned->rounds = planned->rounds && planned->fills;
  count_missing(planned);
  planned->storage = plan->storages[v] = needed_storage(p, v);
  emend_status status = fail_infinite(p, v);
  if (!status && !computed)
    status = emend_heap_find(p->dataset, v, planned, p->error);
  if (!status && planned->missing.fill > 0) {
    status = emend_allowed_new(p->dataset, v, planned->storage, p->given, p->n_given, &planned->allowed, p->error);
    if (planned->rounds && planned->observed.n_values > 0) {
      planned->allowed.values = planned->observed.values;
      planned->allowed.n_values = planned->observed.n_values;
    }
    if (planned->bounded)
      emend_allowed_cut(&planned->allowed, planned->lo, planned->hi);
    if (planned->decimals >= 0)
      planned->allowed.scale = emend_decimal_scale(planned->decimals);
    bool listed = !computed && (planned->allowed.values || planned->categories.n_levels);
    plan->fills[v] = listed && planned->role != EMEND_ROLE_CONSTANT ? EMEND_FILLS_OCCURRING : EMEND_FILLS_ANY;
  } else {
    free(planned->observed.values); /* nothing will be rounded to it */
    planned->observed.values = NULL;
  }
  return status;
}

/* The variable of --by has few answers; it may take part in the model, too. */
static emend_status find_groups(planner *p) {
  size_t variable;
  if (!p->options->by)
    return EMEND_OK;
  emend_status status = emend_selection_one(p->dataset, p->options->by, "--by", &variable, p->events, p->error);
  if (status)
    return status;
  p->plan->by = (ptrdiff_t)variable;
  if (p->plan->variables[variable].categories.n > 0)
    return EMEND_OK;
  emend_fail(p->error, EMEND_INVALID_ARGUMENT, "--by: it has more than 100 different answers, or fractions, or none");
  emend_at_variable(p->error, emend_variable_name(p->dataset, variable));
  return EMEND_INVALID_ARGUMENT;
}

/* Rules read anew say the same in other places. */
static void move_reasons(emend_plan *plan, const emend_rules *before) {
  for (size_t i = 0; i < before->n; i++) {
    emend_planned *planned = &plan->variables[before->items[i].variable];
    const emend_ruled *now = emend_rules_of(&plan->rules, before->items[i].variable);
    if (now && before->items[i].why && planned->why == before->items[i].why)
      planned->why = now->why;
  }
}

/* The conditions of the user, and behind them those that the data show. */
static emend_status join_rules(planner *p, const emend_said_list *found) {
  const emend_said_list *said = &p->options->said;
  emend_said_list both = {.items = emend_allocate(said->n + found->n, sizeof *both.items), .n = said->n + found->n};
  emend_rules before = p->plan->rules;
  if (!both.items)
    return emend_fail_memory(p->error);
  if (said->n > 0)
    memcpy(both.items, said->items, said->n * sizeof *both.items);
  memcpy(both.items + said->n, found->items, found->n * sizeof *both.items);
  emend_status status = emend_rules_read(p->dataset, &both, &p->plan->rules, NULL, p->error); /* what there is to warn of was said */
  for (size_t v = 0; v < p->plan->n_variables && !status; v++)
    p->plan->variables[v].only_if_found = emend_rules_of(&p->plan->rules, v) && !emend_rules_of(&before, v);
  move_reasons(p->plan, &before);
  emend_rules_free(&before);
  free(both.items);
  return status;
}

/* Variables whose names were listed as targets are wanted filled, whatever the data show. */
static emend_status list_asked(planner *p, unsigned char **asked) {
  *asked = emend_allocate(p->plan->n_variables, 1);
  if (!*asked)
    return emend_fail_memory(p->error);
  for (size_t v = 0; v < p->plan->n_variables && p->wanted.targets; v++)
    (*asked)[v] = p->wanted.targets[v] == EMEND_CHOSEN_BY_NAME;
  const char *list = p->options->asked;
  return list ? emend_selection_parse(p->dataset, list, strlen(list), "--asked", *asked, p->events, p->error) : EMEND_OK;
}

static void leave_branches(planner *p, const unsigned char *branches) {
  for (size_t v = 0; v < p->plan->n_variables; v++) {
    emend_planned *planned = &p->plan->variables[v];
    if (!branches[v])
      continue;
    planned->fills = false;
    planned->role = planned->role == EMEND_ROLE_FILL ? EMEND_ROLE_PREDICT : planned->role;
    planned->why = "never answered together with another variable: who was not asked it is not filled (--asked)";
    planned->missing.keep += planned->missing.fill;
    planned->missing.fill = 0;
    for (size_t i = 0; i < planned->n_codes; i++)
      planned->codes[i].fill = 0;
  }
}

/* Skip patterns that nobody declared. */
static emend_status find_skips(planner *p) {
  emend_said_list found = {0};
  unsigned char *asked = NULL, *branches = emend_allocate(p->plan->n_variables, 1);
  emend_status status = branches ? list_asked(p, &asked) : emend_fail_memory(p->error);
  if (!status)
    status = emend_branches_find(p->plan, asked, branches, p->error);
  if (!status)
    leave_branches(p, branches);
  if (!status)
    status = emend_skips_find(p->plan, asked, &found, p->error);
  if (!status && found.n > 0)
    status = join_rules(p, &found);
  emend_said_free(&found);
  free(asked), free(branches);
  return status;
}

/* Conditions that were found, each with the variables that hang on it. */
static emend_status tell_skips(planner *p) {
  emend_plan *plan = p->plan;
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < plan->n_variables && !status; v++) {
    const char *condition = emend_plan_only_if(plan, v);
    bool told = !plan->variables[v].only_if_found;
    for (size_t u = 0; u < v && !told; u++)
      told = plan->variables[u].only_if_found && strcmp(emend_plan_only_if(plan, u), condition) == 0;
    emend_buffer names = {0};
    size_t cells = 0, n = 0;
    for (size_t u = v; u < plan->n_variables && !told && !status; u++) {
      if (!plan->variables[u].only_if_found || strcmp(emend_plan_only_if(plan, u), condition) != 0)
        continue;
      cells += plan->variables[u].missing.skipped;
      if (n++ < 8)
        status = emend_buffer_format(&names, p->error, "%s%s", n > 1 ? ", " : "", emend_variable_name(p->dataset, u));
    }
    if (!told && !status)
      emend_warn(p->events, "%s%s: answered only if %s, so %zu cell%s where it is not asked stay%s (skip pattern found in the data; --asked fills them)", names.bytes,
                 n > 8 ? " and others" : "", condition, cells, cells == 1 ? "" : "s", cells == 1 ? "s" : "");
    emend_buffer_free(&names);
  }
  return status;
}

static emend_status make(planner *p) {
  emend_plan *plan = p->plan;
  emend_status status = parse_wishes(p);
  if (status)
    return status;
  plan->weight = p->wanted.weight;
  plan->id = p->wanted.id;
  if (plan->weight >= 0)
    status = emend_weights_read(p->dataset, (size_t)plan->weight, &plan->weights, &plan->weight_kind, p->events, p->error);
  if (!status && plan->weights && p->options->weight_kind >= 0)
    plan->weight_kind = (emend_weight_kind)p->options->weight_kind;
  if (!status)
    status = look_at_all(p);
  if (!status)
    status = emend_code_wishes_check(&p->wishes, p->error);
  if (!status)
    status = find_groups(p);
  for (size_t v = 0; !status && v < plan->n_variables; v++)
    if (!emend_ruled_formula(&plan->rules, emend_rules_of(&plan->rules, v)))
      status = decide(p, v);
  for (size_t i = 0; !status && i < plan->rules.n; i++) /* each after what it speaks of */
    if (emend_ruled_formula(&plan->rules, &plan->rules.items[i]))
      status = decide(p, plan->rules.items[i].variable);
  if (!status)
    status = find_skips(p);
  if (!status)
    status = emend_plan_decide_fates(plan, p->events, p->error);
  if (!status)
    status = tell_skips(p);
  for (size_t v = 0; !status && v < plan->n_variables; v++)
    if (plan->variables[v].missing.fill == 0)
      plan->fills[v] = EMEND_FILLS_NOTHING;
  if (!status && p->options->flags)
    status = emend_flags_describe(plan, &plan->flags, p->error);
  return status;
}

emend_status emend_plan_new(const emend_dataset *dataset, const emend_plan_options *options, emend_events *events, emend_plan **plan,
                            emend_error *error) {
  static const emend_plan_options defaults = {.weight_kind = -1};
  *plan = NULL;
  emend_plan *made = calloc(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  made->dataset = dataset;
  made->n_variables = emend_dataset_variables(dataset);
  made->weight = made->id = made->by = -1;
  made->weight_kind = EMEND_FREQUENCY_WEIGHTS;
  made->variables = emend_allocate(made->n_variables, sizeof *made->variables);
  made->storages = emend_allocate(made->n_variables, sizeof *made->storages);
  made->fills = emend_allocate(made->n_variables, 1);
  planner p = {.dataset = dataset, .options = options ? options : &defaults, .plan = made, .events = events, .error = error};
  emend_status status = made->variables && made->storages && made->fills ? make(&p) : emend_fail_memory(error);
  emend_code_wishes_free(&p.wishes);
  free(p.wanted.variables);
  free(p.wanted.targets);
  free(p.wanted.exclude);
  free(p.wanted.types);
  free(p.shapes);
  free(p.wanted.type_chosen);
  free(p.given);
  if (status)
    emend_plan_free(made);
  else
    *plan = made;
  return status;
}

void emend_plan_free(emend_plan *plan) {
  if (!plan)
    return;
  for (size_t v = 0; plan->variables && v < plan->n_variables; v++) {
    emend_allowed_free(&plan->variables[v].allowed);
    free(plan->variables[v].observed.values);
    free(plan->variables[v].observed.counts);
    emend_categories_free(&plan->variables[v].categories);
    emend_transform_free(&plan->variables[v].transform);
    free(plan->variables[v].codes);
  }
  free(plan->variables);
  free(plan->storages);
  free(plan->fills);
  emend_flags_free(&plan->flags);
  emend_rules_free(&plan->rules);
  free(plan->weights);
  free(plan);
}

const emend_dataset *emend_plan_dataset(const emend_plan *plan) { return plan->dataset; }
ptrdiff_t emend_plan_weight(const emend_plan *plan) { return plan->weight; }
ptrdiff_t emend_plan_by(const emend_plan *plan) { return plan->by; }
ptrdiff_t emend_plan_id(const emend_plan *plan) { return plan->id; }
emend_role emend_plan_role(const emend_plan *plan, size_t variable) { return plan->variables[variable].role; }
const char *emend_plan_why(const emend_plan *plan, size_t variable) { return plan->variables[variable].why; }
emend_type emend_plan_type(const emend_plan *plan, size_t variable) { return plan->variables[variable].type; }
const char *emend_plan_type_why(const emend_plan *plan, size_t variable) { return plan->variables[variable].type_why; }
const char *emend_plan_transform(const emend_plan *plan, size_t variable) {
  return emend_transform_word(plan->variables[variable].transform.kind);
}
int emend_plan_bounds(const emend_plan *plan, size_t variable, double *lo, double *hi) {
  const emend_planned *planned = &plan->variables[variable];
  *lo = planned->not_negative ? 0 : planned->lo, *hi = planned->not_negative ? HUGE_VAL : planned->hi;
  return planned->bounded || planned->not_negative;
}
double emend_plan_heap(const emend_plan *plan, size_t variable, double *value) {
  *value = plan->variables[variable].heap;
  return plan->variables[variable].heap_share;
}
int emend_plan_spike(const emend_plan *plan, size_t variable, double *spike) {
  *spike = plan->variables[variable].spike;
  return plan->variables[variable].spiked;
}
int emend_plan_decimals(const emend_plan *plan, size_t variable) { return plan->variables[variable].decimals; }
size_t emend_plan_columns(const emend_plan *plan, size_t variable) { return plan->variables[variable].n_columns; }
size_t emend_plan_categories(const emend_plan *plan, size_t variable) {
  return plan->variables[variable].categories.n_levels ? plan->variables[variable].categories.n : 0;
}
size_t emend_plan_pooled(const emend_plan *plan, size_t variable) { return plan->variables[variable].categories.n_pooled; }
int emend_plan_rounds(const emend_plan *plan, size_t variable) { return plan->variables[variable].rounds; }
emend_storage emend_plan_storage(const emend_plan *plan, size_t variable) { return plan->variables[variable].storage; }
emend_missing_counts emend_plan_missing(const emend_plan *plan, size_t variable) { return plan->variables[variable].missing; }
size_t emend_plan_flags(const emend_plan *plan) { return plan->flags.n; }
const char *emend_plan_flag(const emend_plan *plan, size_t variable) { return emend_flags_name(&plan->flags, variable); }
size_t emend_plan_codes(const emend_plan *plan, size_t variable) { return plan->variables[variable].n_codes; }
emend_code emend_plan_code(const emend_plan *plan, size_t variable, size_t index) { return plan->variables[variable].codes[index]; }

size_t emend_plan_count(const emend_plan *plan, emend_role role) {
  size_t count = 0;
  for (size_t v = 0; v < plan->n_variables; v++)
    count += plan->variables[v].role == role;
  return count;
}

/* The code of a cell that is no text. Numbers come before tags in the list. */
static const emend_code *find_code(const emend_planned *planned, unsigned char reason, double value) {
  size_t lo = 0, hi = planned->n_codes;
  while (lo < hi) {
    size_t middle = lo + (hi - lo) / 2;
    const emend_code *code = &planned->codes[middle];
    if (code->reason < reason || (code->reason == reason && code->value < value))
      lo = middle + 1;
    else
      hi = middle;
  }
  const emend_code *found = lo < planned->n_codes ? &planned->codes[lo] : NULL;
  return found && found->reason == reason && (reason != EMEND_USER_MISSING || found->value == value) ? found : NULL;
}

static const emend_code *find_text(const emend_planned *planned, const char *text) {
  for (size_t i = 0; i < planned->n_codes; i++)
    if (planned->codes[i].text && emend_dataset_same_text(planned->codes[i].text, text))
      return &planned->codes[i];
  return NULL;
}

/* The code of a cell that is filled or not by its code; NULL if it has none. */
static const emend_code *code_of_cell(const emend_plan *plan, size_t row, size_t variable, unsigned char reason, double value) {
  bool text = emend_dataset_variable(plan->dataset, variable)->kind == EMEND_TEXT;
  const emend_planned *planned = &plan->variables[variable];
  if (reason != EMEND_USER_MISSING && reason < EMEND_TAG_A)
    return NULL;
  return text ? find_text(planned, emend_cell_text(plan->dataset, row, variable)) : find_code(planned, reason, value);
}

bool emend_plan_fills_code(const emend_plan *plan, size_t row, size_t variable, unsigned char reason, double value) {
  const emend_planned *planned = &plan->variables[variable];
  if (!planned->fills || reason == EMEND_OBSERVED)
    return false;
  if (reason == EMEND_SYSTEM_MISSING || reason == EMEND_EMPTY_TEXT)
    return !planned->keeps_system;
  const emend_code *code = code_of_cell(plan, row, variable, reason, value);
  return code && code->fill;
}

bool emend_plan_wishes_code(const emend_plan *plan, size_t row, size_t variable, unsigned char reason, double value) {
  const emend_code *code = code_of_cell(plan, row, variable, reason, value);
  return code && code->wished;
}

emend_fate emend_plan_fate(const emend_plan *plan, size_t row, size_t variable, unsigned char reason, double value) {
  const emend_ruled *ruled = emend_rules_of(&plan->rules, variable);
  if (ruled && ruled->fates)
    return reason == EMEND_OBSERVED ? EMEND_FATE_KEEP : (emend_fate)ruled->fates[row];
  return emend_plan_fills_code(plan, row, variable, reason, value) ? EMEND_FATE_FILL : EMEND_FATE_KEEP;
}

int emend_plan_fills(const emend_plan *plan, size_t row, size_t variable) {
  if (!plan->variables[variable].fills)
    return 0;
  emend_run cell = emend_dataset_run(plan->dataset, variable, row);
  emend_fate fate = emend_plan_fate(plan, row, variable, *cell.reasons, *cell.values);
  return fate == EMEND_FATE_FILL || fate == EMEND_FATE_OPEN;
}

const char *emend_plan_only_if(const emend_plan *plan, size_t variable) {
  const emend_rule *condition = emend_ruled_condition(&plan->rules, emend_rules_of(&plan->rules, variable));
  return condition ? emend_rule_text(condition) : NULL;
}

int emend_plan_only_if_found(const emend_plan *plan, size_t variable) { return plan->variables[variable].only_if_found; }

const char *emend_plan_formula(const emend_plan *plan, size_t variable) {
  const emend_rule *formula = emend_ruled_formula(&plan->rules, emend_rules_of(&plan->rules, variable));
  return formula ? emend_rule_text(formula) : NULL;
}
