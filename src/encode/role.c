/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/role.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "encode/selection.h"

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
  bool in_model = chosen(wanted->variables, v) == EMEND_CHOSEN_BY_NAME, target = chosen(wanted->targets, v) == EMEND_CHOSEN_BY_NAME;
  if (!in_model && !target)
    return EMEND_OK;
  if (emend_wanted_as_score(wanted, v) && emend_variable_get_kind(dataset, v) == EMEND_TEXT)
    return fail_wish(dataset, v, error, "it is text, and not named by --nominal; only numbers can be in the model",
                     target ? "--nominal with it, or --targets without it" : "--nominal with it, or --vars without it");
  if ((ptrdiff_t)v == wanted->weight)
    return fail_wish(dataset, v, error, "the weight cannot be in the model as well", "--weight none");
  if ((ptrdiff_t)v == wanted->id)
    return fail_wish(dataset, v, error, "it is named by --id and for the model", NULL);
  if (target && chosen(wanted->exclude, v))
    return fail_wish(dataset, v, error, "it is named by --targets and by --exclude", NULL);
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

/* A word of a name: a run of letters that begins anew at each change from small to capital. */
typedef struct name_word {
  const char *start;
  size_t length;
} name_word;

static bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_small(char c) { return c >= 'a' && c <= 'z'; }

static size_t split_words(const char *name, name_word *words, size_t capacity) {
  size_t n = 0;
  for (const char *p = name; *p;) {
    if (!is_capital(*p) && !is_small(*p)) {
      p++;
      continue;
    }
    const char *start = p++;
    while (is_capital(*p) || is_small(*p)) {
      if (is_capital(*p) && is_small(p[-1]))
        break;
      p++;
    }
    /* Beyond the capacity the last word replaces its forerunner: only the first and the last matter. */
    words[n < capacity ? n : capacity - 1] = (name_word){start, (size_t)(p - start)};
    n += n < capacity;
  }
  return n;
}

static bool is_one_of(name_word word, const char *const *list, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (emend_ascii_equal_n(word.start, word.length, list[i], strlen(list[i])))
      return true;
  return false;
}

bool emend_name_is_identifier(const char *name) {
  static const char *const identifiers[] = {
      "id",     "ids",      "ident",     "identifier", "idno",      "idnum",    "idnr",    "case",    "caseid",    "caseno",
      "casenum", "casenr",  "casenumber", "serial",    "serialno",  "serialnum", "serialnr", "serialnumber", "resp", "respid",
      "respno", "respnum",  "respnr",    "respondent", "respondentid", "record", "recordid", "recordno", "recordnum", "rec",
      "recid",  "recno",    "recnum",    "key",        "rowid",     "rowno",    "rownum",  "uid",     "uuid",      "guid",
      "pid",    "hhid",     "hid",       "subjid",     "subjectid", "patid",    "patientid", "personid", "personno", "studyid",
      "userid", "memberid", "seqn",      "seqno",      "seqnum",    "lfdn"};
  static const char *const stems[] = {"case", "serial", "resp",     "respondent", "record",  "rec",     "key",       "id",
                                      "row",  "seq",    "sequence", "person",     "patient", "subject", "household", "hh"};
  static const char *const numbers[] = {"no", "num", "nr", "number", "code", "id"};
  name_word words[8];
  size_t n = split_words(name, words, sizeof words / sizeof *words);
  if (n == 0)
    return false;
  name_word last = words[n - 1];
  return is_one_of(last, identifiers, sizeof identifiers / sizeof *identifiers) ||
         (n > 1 && is_one_of(last, numbers, sizeof numbers / sizeof *numbers) && is_one_of(words[0], stems, sizeof stems / sizeof *stems));
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

/* The names of identifiers that people, households or places may share. */
static bool ends_as_id(const char *name) {
  size_t length = strlen(name);
  return emend_name_is_identifier(name) && length >= 2 && emend_ascii_equal_n(name + length - 2, 2, "id", 2);
}

/* An identifier is not imputed because some rows lack it, nor because some share it. */
static bool many_of(size_t n_values, size_t n_observed) {
  enum { MANY = 20, FEWEST = 5, SHARE = 5 };
  return n_values >= MANY || (n_values >= FEWEST && n_values * SHARE >= n_observed);
}

static const char *identifier_why(const emend_dataset *dataset, size_t v, const emend_observed *observed) {
  const char *name = emend_variable_name(dataset, v);
  if (observed->distinct && observed->n >= 2) {
    if (emend_name_is_identifier(name))
      return "identifier: complete, whole, all distinct, and named like one";
    return runs(observed) ? "identifier: complete, whole, all distinct, running numbers" : NULL;
  }
  size_t n_values = observed->values ? observed->n_values : 0;
  if (!observed->integers || observed->labelled || n_values < 2)
    return NULL;
  if (n_values == observed->n && n_values >= FEWEST_RUNNING_ROWS && emend_name_is_identifier(name))
    return "identifier: whole, all distinct where observed, and named like one";
  return ends_as_id(name) && many_of(n_values, observed->n) ? "identifier: whole numbers, and named like one" : NULL;
}

bool emend_text_is_identifier(const emend_dataset *dataset, size_t v, size_t n_values, size_t n_observed) {
  return ends_as_id(emend_variable_name(dataset, v)) && many_of(n_values, n_observed);
}

static void set(emend_planned *planned, emend_role role, const char *why) {
  planned->role = role;
  planned->why = why;
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

static bool is_named(const emend_wanted *wanted, size_t v) {
  return chosen(wanted->variables, v) == EMEND_CHOSEN_BY_NAME || chosen(wanted->targets, v) == EMEND_CHOSEN_BY_NAME ||
         chosen(wanted->type_chosen, v) == EMEND_CHOSEN_BY_NAME;
}

static bool is_target(const emend_wanted *wanted, size_t v) { return wanted->targets ? wanted->targets[v] : true; }

static void take_in(const emend_wanted *wanted, size_t v, emend_planned *planned) {
  bool target = is_target(wanted, v);
  const char *why = !target                        ? "not among --targets"
                    : chosen(wanted->variables, v) ? "--vars"
                    : chosen(wanted->targets, v)   ? "--targets"
                    : planned->categories.texts    ? "text"
                                                   : "number";
  set(planned, target ? EMEND_ROLE_FILL : EMEND_ROLE_PREDICT, why);
  planned->fills = target;
  planned->may_model = true;
}

/* A text takes part if its answers are few; one that most rows leave empty is more often a remark than a question. */
static emend_status decide_text(const emend_dataset *dataset, const emend_wanted *wanted, size_t v, emend_planned *planned,
                                emend_error *error) {
  bool named = is_named(wanted, v), common = 2 * planned->observed.n >= emend_dataset_rows(dataset);
  if (named && planned->categories.n == 0 && planned->type == EMEND_TYPE_DATE)
    return fail_wish(dataset, v, error, "it is text that holds dates; only dates that the file has as numbers can be in the model",
                     "--exclude it");
  if (named && planned->categories.n == 0)
    return fail_wish(dataset, v, error, "it is text without answers, or with more than 100 different ones, and cannot be in the model",
                     "--exclude it");
  if (named && planned->type != EMEND_TYPE_TEXT_CATEGORY && strcmp(planned->type_why, "long text") != 0) {
    planned->type = EMEND_TYPE_TEXT_CATEGORY;
    planned->type_why = "text, named for the model";
  }
  if (planned->type == EMEND_TYPE_IDENTIFIER)
    set(planned, EMEND_ROLE_ID, planned->type_why);
  else if (planned->type != EMEND_TYPE_TEXT_CATEGORY)
    set(planned, EMEND_ROLE_EXCLUDED, planned->type_why);
  else if (planned->categories.n == 1)
    set(planned, EMEND_ROLE_EXCLUDED, "text with one answer only"), planned->may_model = true;
  else if (!named && !common)
    set(planned, EMEND_ROLE_EXCLUDED, "text in less than half of the rows: in the model only if named in --vars or --targets");
  else
    take_in(wanted, v, planned);
  return EMEND_OK;
}

emend_status emend_role_decide(const emend_dataset *dataset, const emend_wanted *wanted, emend_weight_kind kind, size_t v,
                               emend_planned *planned, emend_error *error) {
  planned->fills = planned->may_model = false;
  if (decide_by_wish(dataset, wanted, kind, v, planned))
    return EMEND_OK;
  if (emend_variable_get_kind(dataset, v) == EMEND_TEXT)
    return decide_text(dataset, wanted, v, planned, error);
  const emend_observed *observed = &planned->observed;
  bool named = is_named(wanted, v), target = is_target(wanted, v);
  const char *identifier = identifier_why(dataset, v, observed);
  planned->may_model = true;
  if (!named && emend_variable_get_kind(dataset, v) != EMEND_NUMERIC) {
    set(planned, EMEND_ROLE_EXCLUDED, "date or time");
  } else if (!named && identifier) {
    set(planned, EMEND_ROLE_ID, identifier);
    planned->type = EMEND_TYPE_IDENTIFIER;
    planned->type_why = identifier;
  } else if (observed->n == 0) {
    set(planned, EMEND_ROLE_EXCLUDED, emend_dataset_rows(dataset) ? "never observed" : "no rows");
    planned->fills = target;
  } else if (observed->min == observed->max && !observed->infinite_row) {
    /* "8 or nothing" is how a form keeps one box of several; a value that few rows have says little about the others. */
    bool asked = named || chosen(wanted->targets, v), common = 2 * observed->n >= emend_dataset_rows(dataset);
    planned->fills = target && (asked || common);
    set(planned, EMEND_ROLE_CONSTANT,
        !target          ? "constant; not among --targets"
        : planned->fills ? "constant"
                         : "one value, in less than half of the rows: filled only if named in --vars or --targets");
  } else if (planned->type == EMEND_TYPE_NOMINAL && planned->categories.n == 0 && !emend_wanted_as_score(wanted, v)) {
    set(planned, EMEND_ROLE_EXCLUDED, "nominal with more than 100 categories: too many for the model");
    planned->may_model = false;
  } else {
    take_in(wanted, v, planned);
  }
  return EMEND_OK;
}
