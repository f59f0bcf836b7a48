/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/role.h"

#include <math.h>
#include <string.h>

#include "encode/multiple.h"
#include "encode/name.h"
#include "encode/numbered.h"
#include "encode/paradata.h"
#include "encode/selection.h"
#include "encode/several.h"
#include "encode/survey_weight.h"
#include "encode/tally.h"
#include "encode/type.h"

static unsigned char chosen(const unsigned char *table, size_t variable) { return table ? table[variable] : EMEND_NOT_CHOSEN; }

static emend_status fail_wish(const emend_dataset *dataset, size_t variable, emend_error *error, const char *message, const char *remedy) {
  emend_fail(error, EMEND_INVALID_ARGUMENT, "%s", message);
  emend_at_variable(error, emend_variable_name(dataset, variable));
  if (remedy)
    emend_try(error, "%s", remedy);
  return EMEND_INVALID_ARGUMENT;
}

bool emend_wanted_as_score(const emend_wanted *wanted, size_t variable) {
  return wanted->scores_only && !(wanted->types && wanted->types[variable] == EMEND_TYPE_NOMINAL);
}

static emend_status check_variable(const emend_dataset *dataset, const emend_wanted *wanted, size_t v, emend_error *error) {
  if (emend_wanted_as_score(wanted, v) && emend_variable_get_kind(dataset, v) == EMEND_TEXT &&
      chosen(wanted->type_chosen, v) == EMEND_CHOSEN_BY_NAME)
    return fail_wish(dataset, v, error, "it is text, and not named by --nominal; only numbers can be in the model", "--nominal with it");
  bool in_model = chosen(wanted->variables, v) == EMEND_CHOSEN_BY_NAME, target = chosen(wanted->targets, v) == EMEND_CHOSEN_BY_NAME;
  if (!in_model && !target)
    return EMEND_OK;
  if (emend_wanted_as_score(wanted, v) && emend_variable_get_kind(dataset, v) == EMEND_TEXT)
    return fail_wish(dataset, v, error, "it is text, and not named by --nominal; only numbers can be in the model",
                     target ? "--nominal with it, or --targets without it" : "--nominal with it, or --vars without it");
  if ((ptrdiff_t)v == wanted->weight)
    return fail_wish(dataset, v, error, "the weight cannot be in the model as well", "--weight none");
  if ((ptrdiff_t)v == wanted->id)
    return fail_wish(dataset, v, error, "it is named by --id and for the model", "leaving out one of the two");
  if (target && chosen(wanted->exclude, v))
    return fail_wish(dataset, v, error, "it is named by --targets and by --exclude", "leaving it out of one of them");
  return EMEND_OK;
}

emend_status emend_wanted_check(const emend_dataset *dataset, const emend_wanted *wanted, emend_error *error) {
  if (wanted->weight >= 0 && wanted->weight == wanted->id)
    return fail_wish(dataset, (size_t)wanted->id, error, "it is named by --id and is the weight", "--weight none");
  if (wanted->weight >= 0 && emend_variable_get_kind(dataset, (size_t)wanted->weight) == EMEND_TEXT)
    return fail_wish(dataset, (size_t)wanted->weight, error, "a weight must be a number, but this is text", "--weight none");
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++) {
    emend_status status = check_variable(dataset, wanted, v, error);
    if (status)
      return status;
  }
  return EMEND_OK;
}

bool emend_wanted_may_fill(const emend_dataset *dataset, const emend_wanted *wanted, size_t v) {
  if ((emend_wanted_as_score(wanted, v) && emend_variable_get_kind(dataset, v) == EMEND_TEXT) || chosen(wanted->exclude, v) ||
      (ptrdiff_t)v == wanted->weight || (ptrdiff_t)v == wanted->id)
    return false;
  return wanted->targets ? wanted->targets[v] : !wanted->variables || wanted->variables[v];
}

/* A handful of whole numbers in a row is no evidence. */
enum { FEWEST_RUNNING_ROWS = 10 };

/* Running numbers, in any order: at most a tenth more places than rows. */
static bool runs(const emend_observed *observed) {
  if (observed->n < FEWEST_RUNNING_ROWS)
    return false;
  double places = observed->max - observed->min + 1, n = (double)observed->n;
  return places <= n + floor(n / 10);
}

/* An identifier is not imputed because some rows lack it, nor because some share it. */
static bool many_of(size_t n_values, size_t n_observed) {
  enum { MANY = 20, FEWEST = 5, SHARE = 5 };
  return n_values >= MANY || (n_values >= FEWEST && n_values * SHARE >= n_observed);
}

/* Numbers of telephones and places are told from amounts and counts by their size. */
static const char *address_why(const char *name, const emend_observed *observed) {
  enum { LEAST_PHONE = 100000, LEAST_POSTCODE = 100, LEAST_UNSURE_POSTCODE = 1000 };
  bool unsure;
  if (emend_name_is_phone(name) && observed->min >= LEAST_PHONE / 100 && observed->mean >= LEAST_PHONE)
    return "identifier: whole numbers, and named like those of telephones";
  bool postcode = emend_name_is_postcode(name, &unsure);
  if (postcode && observed->min >= 1 && observed->mean >= (unsure ? LEAST_UNSURE_POSTCODE : LEAST_POSTCODE))
    return "identifier: whole numbers, and named like postcodes";
  return NULL;
}

static const char *identifier_why(const emend_dataset *dataset, size_t v, const emend_observed *observed) {
  const char *name = emend_variable_name(dataset, v);
  bool unsure;
  if (observed->distinct && observed->n >= 2) {
    if (emend_name_is_identifier(name))
      return "identifier: complete, whole, all distinct, and named like one";
    if (runs(observed))
      return "identifier: complete, whole, all distinct, running numbers";
  }
  if (!observed->integers || observed->labelled || observed->n_distinct < 2)
    return NULL;
  if (observed->n_distinct == observed->n && observed->n >= FEWEST_RUNNING_ROWS && emend_name_is_identifier(name))
    return "identifier: whole, all distinct where observed, and named like one";
  if (!many_of(observed->n_distinct, observed->n)) /* of a postcode the name is enough, and few people may live in few places */
    return emend_name_is_postcode(name, &unsure) && !unsure ? address_why(name, observed) : NULL;
  return emend_name_is_shared_identifier(name) ? "identifier: whole numbers, and named like one" : address_why(name, observed);
}

/*
 * Persons are numbered within households: 101.1, 101.2, 102.1. Numbers of few decimals, over so wide a range that few of them share a whole
 * part, and nearly all distinct: a score of the same name is not like that.
 */
static bool may_be_parts(const emend_dataset *dataset, size_t v, const emend_observed *observed) {
  enum { MOST_DECIMALS = 4, MOST_OF_ONE = 10 };
  if (observed->integers || observed->labelled || observed->infinite_row || observed->n < FEWEST_RUNNING_ROWS)
    return false;
  bool named = emend_name_is_shared_identifier(emend_variable_name(dataset, v)) ||
               emend_label_says_identifier(emend_variable_label(dataset, v));
  return named && observed->decimals >= 1 && observed->decimals <= MOST_DECIMALS && observed->min >= 0 &&
         observed->max - observed->min >= (double)observed->n / MOST_OF_ONE;
}

static emend_status count_distinct(const emend_dataset *dataset, size_t v, size_t *n, emend_error *error) {
  emend_tally *tally = emend_tally_new();
  emend_status status = tally ? EMEND_OK : emend_fail_memory(error);
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset) && !status; row += run.n) {
    run = emend_dataset_run(dataset, v, row);
    for (size_t i = 0; i < run.n && !status; i++)
      if (run.reasons[i] == EMEND_OBSERVED)
        status = emend_tally_add(tally, run.values[i], error);
  }
  *n = status ? 0 : emend_tally_distinct(tally);
  emend_tally_free(tally);
  return status;
}

/* Why a number is an identifier, or stands for something else that is no quantity; NULL if it is none. */
static emend_status find_identifier(const emend_dataset *dataset, size_t v, const emend_observed *observed, emend_numbered *kind,
                                    const char **why, emend_error *error) {
  enum { MOST_TWICE = 20 }; /* one of so many */
  size_t n;
  *kind = EMEND_NUMBERED_NOT;
  *why = identifier_why(dataset, v, observed);
  if (*why)
    return EMEND_OK;
  if (!may_be_parts(dataset, v, observed))
    return emend_numbered_find(dataset, v, observed, many_of(observed->n_distinct, observed->n), kind, why, error);
  emend_status status = count_distinct(dataset, v, &n, error);
  if (!status && n >= observed->n - observed->n / MOST_TWICE)
    *why = "identifier: nearly all distinct, and named or labelled like one";
  return status;
}

bool emend_text_is_identifier(const emend_dataset *dataset, size_t v, size_t n_values, size_t n_observed) {
  const char *name = emend_variable_name(dataset, v);
  bool unsure, person = emend_name_is_person(name, &unsure), unsure_place;
  if (emend_name_is_postcode(name, &unsure_place) && !unsure_place && n_values > 1)
    return true;
  return (emend_name_is_shared_identifier(name) || emend_name_is_phone(name)) ? many_of(n_values, n_observed)
                                                                              : person && (!unsure || many_of(n_values, n_observed));
}

static void set(emend_planned *planned, emend_role role, const char *why) {
  planned->role = role;
  planned->why = why;
}

static bool is_target(const emend_wanted *wanted, size_t v) { return wanted->targets ? wanted->targets[v] : true; }

/* Three words or more with a full stop behind them. */
static bool is_sentence(const char *text) {
  size_t length = strlen(text), blanks = 0;
  for (; length > 0 && text[length - 1] == ' '; length--)
    ;
  for (size_t i = 0; i < length; i++)
    blanks += text[i] == ' ' && text[i + 1] != ' ';
  static const char stop[] = "\xE3\x80\x82"; /* the ideographic one, whose words have no blanks */
  bool ideographic = length > 3 * strlen(stop) && memcmp(text + length - strlen(stop), stop, strlen(stop)) == 0;
  return ideographic || (blanks >= 2 && strchr(".!?", text[length - 1]));
}

/* Texts that hardly ever come again, or whole sentences: remarks, which nobody wants filled. */
static bool are_remarks(const emend_dataset *dataset, const emend_planned *planned) {
  const emend_categories *c = &planned->categories;
  size_t sentences = 0;
  if (!c->texts)
    return false;
  for (size_t k = 0; k < c->n; k++)
    sentences += is_sentence(emend_dataset_text(dataset, c->texts[k]));
  bool closed = planned->observed.n >= 20 * c->n; /* options of a question that are whole sentences */
  return 2 * c->n > planned->observed.n || (c->n > 2 && 4 * sentences >= 3 * c->n && !closed);
}

/* Among some --vars a target outside of them would bring itself into the model. */
static void set_on_demand(const emend_dataset *dataset, const emend_wanted *wanted, size_t v, emend_planned *planned, emend_role role,
                          const char *why) {
  set(planned, role, why);
  planned->on_demand = !wanted->variables && is_target(wanted, v) && !are_remarks(dataset, planned);
}

static const char *weight_why(const emend_wanted *wanted, emend_weight_kind kind) {
  if (wanted->weight_kind_named)
    return kind == EMEND_FREQUENCY_WEIGHTS ? "--weight-kind: frequencies" : "--weight-kind: sampling weights";
  if (wanted->weight_named)
    return kind == EMEND_FREQUENCY_WEIGHTS ? "--weight; whole numbers: frequencies" : "--weight; fractions: sampling weights";
  return kind == EMEND_FREQUENCY_WEIGHTS ? "the file's weight; whole numbers: frequencies"
                                         : "the file's weight; fractions: sampling weights";
}

/* Roles that the wishes alone decide. */
static bool decide_by_wish(const emend_dataset *dataset, const emend_wanted *wanted, emend_weight_kind kind, size_t v,
                           emend_planned *planned) {
  if ((ptrdiff_t)v == wanted->weight)
    set(planned, EMEND_ROLE_WEIGHT, weight_why(wanted, kind));
  else if ((ptrdiff_t)v == wanted->id)
    set(planned, EMEND_ROLE_ID, "--id");
  else if (chosen(wanted->exclude, v))
    set(planned, EMEND_ROLE_EXCLUDED, "--exclude");
  else if (emend_wanted_as_score(wanted, v) && emend_variable_get_kind(dataset, v) == EMEND_TEXT)
    set(planned, EMEND_ROLE_EXCLUDED, "text");
  else if (wanted->variables && !wanted->variables[v] && !chosen(wanted->targets, v))
    set(planned, EMEND_ROLE_EXCLUDED, "not in --vars");
  else
    return false;
  return true;
}

static bool is_named_by_user(const emend_wanted *wanted, size_t v) {
  return chosen(wanted->variables, v) == EMEND_CHOSEN_BY_NAME || chosen(wanted->targets, v) == EMEND_CHOSEN_BY_NAME ||
         chosen(wanted->type_chosen, v) == EMEND_CHOSEN_BY_NAME;
}

/* What a model knows takes part as if it were named. */
static bool is_named(const emend_wanted *wanted, size_t v) { return is_named_by_user(wanted, v) || (wanted->known && wanted->known[v]); }

/* Also of variables that a range or pattern of --targets sweeps up: who lists these wants them filled, as long as they can be. */
static bool is_meant(const emend_wanted *wanted, size_t v) {
  return is_named(wanted, v) || chosen(wanted->targets, v) >= EMEND_CHOSEN_BY_PATTERN;
}

static void take_in(const emend_wanted *wanted, size_t v, emend_planned *planned) {
  bool target = is_target(wanted, v);
  const char *why = !target                        ? "not among --targets"
                    : chosen(wanted->variables, v) ? "--vars"
                    : chosen(wanted->targets, v)   ? "--targets"
                    : wanted->known && wanted->known[v] ? "--model"
                    : planned->categories.texts    ? "text"
                                                   : "number";
  set(planned, target ? EMEND_ROLE_FILL : EMEND_ROLE_PREDICT, why);
  planned->fills = target;
  planned->may_model = true;
}

/* How the sample was drawn is no answer. Labelled strata tell the model something; bare numbers, which have no order, do not. */
static bool decide_by_name(const emend_dataset *dataset, const emend_wanted *wanted, size_t v, emend_planned *planned) {
  if (is_named(wanted, v) || planned->observed.n == 0)
    return false;
  bool number = emend_variable_get_kind(dataset, v) == EMEND_NUMERIC;
  const char *weight = number ? emend_survey_weight_why(dataset, v, &planned->observed, wanted->weight >= 0) : NULL;
  if (weight) {
    set(planned, EMEND_ROLE_EXCLUDED, weight);
  } else if (emend_name_is_design(emend_variable_name(dataset, v)) && planned->type != EMEND_TYPE_CONTINUOUS &&
             planned->categories.n != 1) {
    bool labelled = planned->categories.texts || planned->observed.labelled;
    bool known = labelled && planned->categories.n > 1 && planned->type != EMEND_TYPE_FREE_TEXT;
    set(planned, known ? EMEND_ROLE_PREDICT : EMEND_ROLE_EXCLUDED, "named like a stratum or sampling unit: not filled");
  } else {
    return false;
  }
  planned->may_model = true;
  return true;
}

/* A text takes part if its answers are few; one that most rows leave empty is more often a remark than a question. */
static emend_status decide_text(const emend_dataset *dataset, const emend_wanted *wanted, size_t v, emend_planned *planned,
                                emend_error *error) {
  bool known = wanted->known && wanted->known[v] && planned->categories.n > 0;
  bool named = is_named_by_user(wanted, v) || known, common = 2 * planned->observed.n >= emend_dataset_rows(dataset);
  if (planned->observed.n == 0 && wanted->known && wanted->known[v]) {
    set(planned, EMEND_ROLE_EXCLUDED, emend_dataset_rows(dataset) ? "never observed" : "no rows");
    planned->fills = is_target(wanted, v), planned->may_model = true;
    return EMEND_OK;
  }
  if (named && planned->categories.n == 0 && planned->type == EMEND_TYPE_DATE)
    return fail_wish(dataset, v, error, "it is text that holds dates; only dates that the file has as numbers can be in the model",
                     "--exclude it");
  if (named && planned->categories.n == 0)
    return fail_wish(dataset, v, error, "it is text without answers, or with more than 100 different ones, and cannot be in the model",
                     "--exclude it");
  if (named && !emend_type_is_of_texts(planned->type) && strcmp(planned->type_why, "long text") != 0) {
    planned->type = EMEND_TYPE_TEXT_CATEGORY;
    planned->type_why = known ? "--model" : "text, named for the model";
  }
  bool undecided = planned->type == EMEND_TYPE_TEXT_CATEGORY || planned->type == EMEND_TYPE_FREE_TEXT;
  if (!named && undecided && emend_holds_several_answers(dataset, v))
    planned->type = EMEND_TYPE_FREE_TEXT, planned->type_why = emend_why_several;
  if (planned->type == EMEND_TYPE_IDENTIFIER)
    set(planned, EMEND_ROLE_ID, planned->type_why);
  else if (!emend_type_is_of_texts(planned->type))
    set(planned, EMEND_ROLE_EXCLUDED, planned->type_why);
  else if (planned->categories.n == 1 && !known)
    set(planned, EMEND_ROLE_EXCLUDED, "text with one answer only"), planned->may_model = true;
  else if (!named && !is_meant(wanted, v) && !common)
    set_on_demand(dataset, wanted, v, planned, EMEND_ROLE_EXCLUDED,
                  "text in less than half of the rows: in the model only if named in --vars or --targets");
  else
    take_in(wanted, v, planned);
  return EMEND_OK;
}

static emend_status decide_role(const emend_dataset *dataset, const emend_wanted *wanted, emend_weight_kind kind, size_t v,
                               emend_planned *planned, emend_error *error) {
  planned->fills = planned->may_model = planned->on_demand = false;
  if (decide_by_wish(dataset, wanted, kind, v, planned))
    return EMEND_OK;
  if (decide_by_name(dataset, wanted, v, planned))
    return EMEND_OK;
  if (emend_variable_get_kind(dataset, v) == EMEND_TEXT)
    return decide_text(dataset, wanted, v, planned, error);
  const emend_observed *observed = &planned->observed;
  bool named = is_named(wanted, v), target = is_target(wanted, v);
  const char *identifier = NULL;
  emend_numbered numbered = EMEND_NUMBERED_NOT;
  emend_status status = named ? EMEND_OK : find_identifier(dataset, v, observed, &numbered, &identifier, error);
  if (status)
    return status;
  planned->may_model = true;
  if (!named && emend_variable_get_kind(dataset, v) != EMEND_NUMERIC) {
    set(planned, EMEND_ROLE_EXCLUDED, "date or time");
  } else if (identifier) { /* what is told by label or values tells others than the rows apart, mostly */
    set(planned, numbered == EMEND_NUMBERED_NOT ? EMEND_ROLE_ID : EMEND_ROLE_EXCLUDED, identifier);
    if (numbered != EMEND_NUMBERED_MOMENT)
      planned->type = EMEND_TYPE_IDENTIFIER, planned->type_why = identifier;
  } else if (observed->n == 0) {
    set(planned, EMEND_ROLE_EXCLUDED, emend_dataset_rows(dataset) ? "never observed" : "no rows");
    planned->fills = target;
  } else if (observed->min == observed->max && !observed->infinite_row && !(wanted->known && wanted->known[v])) {
    /* "8 or nothing" is how a form keeps one box of several; a value that few rows have says little about the others. */
    bool common = 2 * observed->n >= emend_dataset_rows(dataset);
    planned->fills = target && (is_meant(wanted, v) || common);
    if (planned->fills || !target)
      set(planned, EMEND_ROLE_CONSTANT, target ? "constant" : "constant; not among --targets");
    else
      set_on_demand(dataset, wanted, v, planned, EMEND_ROLE_CONSTANT,
                    "one value, in less than half of the rows: filled only if named in --vars or --targets");
  } else if (planned->type == EMEND_TYPE_NOMINAL && planned->categories.n == 0 && !emend_wanted_as_score(wanted, v)) {
    set(planned, EMEND_ROLE_EXCLUDED, "nominal with more than 100 categories: too many for the model");
    planned->may_model = false;
  } else {
    take_in(wanted, v, planned);
  }
  return EMEND_OK;
}

/* Blanks that are answers stay, unless somebody names the variable to be filled. */
static void keep_blanks(const emend_wanted *wanted, size_t v, emend_planned *planned) {
  emend_multiple kind = wanted->multiple ? (emend_multiple)wanted->multiple[v] : EMEND_MULTIPLE_NOT;
  bool text = planned->role == EMEND_ROLE_EXCLUDED && planned->categories.n == 1;
  bool concerned = planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_CONSTANT || text;
  if (emend_multiple_is_guess(kind) && is_meant(wanted, v))
    return;
  if (kind == EMEND_MULTIPLE_NOT || !concerned || chosen(wanted->targets, v) >= EMEND_CHOSEN_BY_PATTERN)
    return;
  planned->fills = planned->on_demand = false;
  planned->role = planned->role == EMEND_ROLE_FILL ? EMEND_ROLE_PREDICT : planned->role;
  planned->why = emend_multiple_why(kind);
}

/* What the service knows of an interview stays, and predicts nothing. */
static void set_paradata_aside(const emend_wanted *wanted, size_t v, emend_planned *planned) {
  bool concerned = planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_PREDICT || planned->role == EMEND_ROLE_CONSTANT ||
                   planned->on_demand || (planned->role == EMEND_ROLE_EXCLUDED && planned->observed.n == 0);
  if (!concerned || !wanted->paradata || !wanted->paradata[v] || is_named(wanted, v))
    return;
  set(planned, EMEND_ROLE_EXCLUDED, planned->observed.n > 0 ? emend_why_paradata : emend_why_blank_paradata);
  planned->fills = planned->on_demand = false;
  planned->may_model = true;
}

emend_status emend_role_decide(const emend_dataset *dataset, const emend_wanted *wanted, emend_weight_kind kind, size_t v,
                               emend_planned *planned, emend_error *error) {
  emend_status status = decide_role(dataset, wanted, kind, v, planned, error);
  if (!status)
    keep_blanks(wanted, v, planned), set_paradata_aside(wanted, v, planned);
  return status;
}
