/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/type.h"

#include <string.h>

#include "encode/name.h"
#include "encode/numbered.h"
#include "encode/rating.h"
#include "encode/role.h"
#include "encode/scale.h"

const char *emend_type_word(emend_type type) {
  static const char *const words[] = {"",        "continuous",    "integer", "ordinal",    "binary",
                                      "nominal", "text category", "date",    "identifier", "free text"};
  return (size_t)type < sizeof words / sizeof *words ? words[type] : "";
}

static void set(emend_planned *planned, emend_type type, const char *why) {
  planned->type = type;
  planned->type_why = why;
}

static const char *const wish_options[] = {[EMEND_TYPE_CONTINUOUS] = "--continuous", [EMEND_TYPE_INTEGER] = "--integer",
                                           [EMEND_TYPE_ORDINAL] = "--ordinal",       [EMEND_TYPE_BINARY] = "--binary",
                                           [EMEND_TYPE_NOMINAL] = "--nominal"};

static emend_status refuse(const emend_dataset *dataset, size_t variable, emend_type wish, const char *message, emend_error *error) {
  emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: %s", wish_options[wish], message);
  emend_at_variable(error, emend_variable_name(dataset, variable));
  emend_try(error, "%s without it", wish_options[wish]);
  return EMEND_INVALID_ARGUMENT;
}

/* Stata's strL lies outside the rows, where no cell can be replaced. */
static bool is_strl(const emend_dataset *dataset, size_t variable) {
  return emend_variable_storage(dataset, variable) == EMEND_STORAGE_LONG_TEXT && strcmp(emend_dataset_format(dataset), "dta") == 0;
}

/* Why a wish cannot be granted, or NULL. A variable that nobody answered may be called what one likes. */
static const char *objection(const emend_dataset *dataset, size_t variable, emend_type wish, const emend_planned *planned) {
  const emend_observed *observed = &planned->observed;
  if (observed->n == 0)
    return NULL;
  if (emend_variable_get_kind(dataset, variable) == EMEND_TEXT)
    return wish != EMEND_TYPE_NOMINAL && wish != EMEND_TYPE_ORDINAL ? "it is text, which can only be nominal or ordinal"
           : is_strl(dataset, variable)                             ? "it is a long string (strL)"
           : planned->categories.n == 0                             ? "it has more than 100 different answers"
                                                                    : NULL;
  if (wish == EMEND_TYPE_INTEGER && !observed->integers)
    return "it holds fractions";
  if (wish == EMEND_TYPE_BINARY && planned->categories.n > 2)
    return "it has more than two values";
  if ((wish == EMEND_TYPE_BINARY || wish == EMEND_TYPE_ORDINAL || wish == EMEND_TYPE_NOMINAL) && planned->categories.n == 0)
    return "it has more than 100 different values";
  return NULL;
}

/* Answers that come again and again and are short; a long text is not what somebody ticked. */
static bool are_ticked(const emend_dataset *dataset, const emend_planned *planned) {
  enum { LONGEST = 80, FEWEST_EACH = 3 };
  const emend_categories *c = &planned->categories;
  size_t length = 0;
  for (size_t i = 0; i < c->n; i++)
    length += emend_dataset_text_length(dataset, c->texts[i]);
  return length <= LONGEST * c->n && planned->observed.n >= FEWEST_EACH * c->n;
}

/* 2007-11-11, 11/11/2007, 11.11.07: two separators of one kind among digits, and not a third (158.180.11.187). */
static bool looks_like_date(const char *text) {
  size_t first = strspn(text, "0123456789");
  char separator = text[first];
  if (first == 0 || first > 4 || !separator || !strchr("-/.", separator))
    return false;
  size_t second = strspn(text + first + 1, "0123456789");
  if (second == 0 || second > 2 || text[first + 1 + second] != separator)
    return false;
  const char *last = text + first + second + 2;
  size_t third = strspn(last, "0123456789");
  return first != 3 && third > 0 && third != 3 && third <= 4 && last[third] != separator;
}

/* 9:05, 18:15, 18:15:30, 6:15 pm. */
static bool looks_like_clock(const char *text) {
  size_t hour = strspn(text, "0123456789");
  const char *at = text + hour;
  size_t fields = 0;
  if (hour == 0 || hour > 2 || (hour == 2 && (text[0] > '2' || (text[0] == '2' && text[1] > '4'))))
    return false;
  for (; fields < 2 && at[0] == ':' && at[1] >= '0' && at[1] < '6' && at[2] >= '0' && at[2] <= '9'; fields++)
    at += 3;
  at += strspn(at, " ");
  if ((*at == 'a' || *at == 'A' || *at == 'p' || *at == 'P') && (at[1] == 'm' || at[1] == 'M'))
    at += 2;
  return fields > 0 && !at[strspn(at, " ")];
}

static bool are_all(const emend_dataset *dataset, size_t variable, bool (*looks)(const char *)) {
  enum { LOOKED_AT = 1000 };
  size_t looked = 0;
  for (size_t row = 0; row < emend_dataset_rows(dataset) && looked < LOOKED_AT; row++) {
    if (emend_cell_reason(dataset, row, variable) != EMEND_OBSERVED)
      continue;
    if (!looks(emend_cell_text(dataset, row, variable)))
      return false;
    looked++;
  }
  return looked > 0;
}

/* Many different answers, as people call identifiers. */
static bool is_key(const emend_dataset *dataset, size_t variable, const emend_planned *planned) {
  const char *name = emend_variable_name(dataset, variable);
  bool complete = planned->observed.n == emend_dataset_rows(dataset);
  return planned->categories.n == 0 && (complete ? emend_name_is_identifier(name) : emend_name_is_shared_identifier(name));
}

/* Two answers have no order that matters; more have one if they show it. */
static emend_status decide_ticked(const emend_dataset *dataset, size_t variable, emend_planned *planned, emend_error *error) {
  enum { FEWEST = 3 };
  bool steps;
  emend_status status = emend_steps_arrange(dataset, variable, NULL, FEWEST, planned, &steps, error);
  if (steps)
    set(planned, EMEND_TYPE_ORDINAL, "texts of a scale");
  else
    set(planned, EMEND_TYPE_TEXT_CATEGORY, "few different answers");
  return status;
}

static emend_status decide_text(const emend_dataset *dataset, size_t variable, emend_planned *planned, emend_error *error) {
  emend_status status = EMEND_OK;
  if (planned->observed.n == 0)
    set(planned, EMEND_TYPE_FREE_TEXT, "text, never observed");
  else if (is_strl(dataset, variable))
    set(planned, EMEND_TYPE_FREE_TEXT, "long text");
  else if (is_key(dataset, variable, planned))
    set(planned, EMEND_TYPE_IDENTIFIER, "text named like an identifier");
  else if (planned->categories.n > 0 && emend_text_is_identifier(dataset, variable, planned->categories.n, planned->observed.n))
    set(planned, EMEND_TYPE_IDENTIFIER, "text named like an identifier");
  else if (are_all(dataset, variable, looks_like_date))
    set(planned, EMEND_TYPE_DATE, "text that holds dates");
  else if (are_all(dataset, variable, looks_like_clock))
    set(planned, EMEND_TYPE_DATE, "text that holds times of the day");
  else if (planned->categories.n == 0)
    set(planned, EMEND_TYPE_FREE_TEXT, "text with more than 100 different answers");
  else if (!are_ticked(dataset, planned))
    set(planned, EMEND_TYPE_FREE_TEXT, "text whose answers rarely come again, or are long");
  else
    status = decide_ticked(dataset, variable, planned, error);
  return status;
}

/* What somebody calls a text. Ordinal ones need an order. */
static emend_status decide_wished_text(const emend_dataset *dataset, size_t variable, emend_type wish, const emend_order_wish *order,
                                       emend_planned *planned, emend_error *error) {
  bool named = order && order->list, steps = planned->observed.n == 0;
  if (wish == EMEND_TYPE_NOMINAL) {
    emend_categories_forget_order(&planned->categories);
    set(planned, EMEND_TYPE_TEXT_CATEGORY, wish_options[wish]);
    return EMEND_OK;
  }
  emend_status status = steps ? EMEND_OK : emend_steps_arrange(dataset, variable, order, 1, planned, &steps, error);
  set(planned, steps && planned->observed.n > 0 ? EMEND_TYPE_ORDINAL : EMEND_TYPE_TEXT_CATEGORY, named ? "--order" : wish_options[wish]);
  planned->order_named = named;
  if (status || steps)
    return status;
  emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: the order of its texts is not known", wish_options[wish]);
  emend_at_variable(error, emend_variable_name(dataset, variable));
  emend_try(error, "--order '%s=LOWEST,...,HIGHEST'", emend_variable_name(dataset, variable));
  return EMEND_INVALID_ARGUMENT;
}

static bool is_labelled(const emend_observed *observed) { return observed->labelled; }

/* Two values that stand for yes and no, not the only two measurements. */
static bool is_binary(const emend_planned *planned) { return planned->categories.n == 2 && planned->observed.n > 2; }

/* Countries by their ISO numbers; where there are many, they are no categories, but tell places apart (encode/role.c). */
static const char *few_codes_why(const emend_dataset *dataset, size_t variable, const emend_planned *planned) {
  enum { MOST = 20 };
  const size_t n = planned->categories.n;
  if (!planned->observed.integers || n <= 2 || n >= MOST)
    return NULL;
  if (emend_numbered_are_codes(dataset, variable))
    return "labelled like codes";
  return emend_numbered_are_named_codes(dataset, variable, &planned->observed) ? "named like codes" : NULL;
}

/* Grades of 1, 1.3, 1.7, 2: what comes so often again is what one could choose among. */
static bool are_few_fractions(const emend_planned *planned) {
  return !planned->observed.integers && planned->categories.n > 2 && planned->observed.values && planned->rounds;
}

static void decide_number(const emend_dataset *dataset, size_t variable, emend_planned *planned) {
  const emend_observed *observed = &planned->observed;
  emend_measure measure = emend_variable_get_measure(dataset, variable);
  const char *codes = few_codes_why(dataset, variable, planned), *rating = emend_rating_why(dataset, variable, observed);
  bool coded = planned->categories.n > 2 && (observed->integers || is_labelled(observed));
  if (observed->n == 0)
    set(planned, EMEND_TYPE_CONTINUOUS, "never observed");
  else if (is_binary(planned))
    set(planned, EMEND_TYPE_BINARY, "two values");
  else if (coded && measure == EMEND_NOMINAL)
    set(planned, EMEND_TYPE_NOMINAL, "declared nominal");
  else if (coded && measure == EMEND_ORDINAL)
    set(planned, EMEND_TYPE_ORDINAL, "declared ordinal");
  else if (coded && is_labelled(observed) && emend_labels_form_scale(dataset, variable, &planned->categories))
    set(planned, EMEND_TYPE_ORDINAL,
        emend_labels_are_numbers(dataset, variable, &planned->categories) ? "few codes, labelled by numbers" : "labels form a scale");
  else if (coded && is_labelled(observed))
    set(planned, EMEND_TYPE_NOMINAL, "labels without order");
  else if (is_labelled(observed) && !coded && planned->categories.n == 0 && measure == EMEND_NOMINAL)
    set(planned, EMEND_TYPE_NOMINAL, "declared nominal");
  else if (is_labelled(observed) && !observed->integers)
    set(planned, EMEND_TYPE_ORDINAL, "labelled values");
  else if (codes)
    set(planned, EMEND_TYPE_NOMINAL, codes);
  else if (rating)
    set(planned, EMEND_TYPE_ORDINAL, rating);
  else if (observed->integers && measure == EMEND_SCALE)
    set(planned, EMEND_TYPE_INTEGER, "whole numbers, declared scale"), planned->quantity = true;
  else if (observed->integers)
    set(planned, EMEND_TYPE_INTEGER, "whole numbers");
  else if (are_few_fractions(planned))
    set(planned, EMEND_TYPE_ORDINAL, "few different fractions");
  else
    set(planned, EMEND_TYPE_CONTINUOUS, "fractions");
}

emend_status emend_type_decide(const emend_dataset *dataset, size_t variable, emend_type wish, const emend_order_wish *order,
                               emend_planned *planned, emend_error *error) {
  emend_variable_kind kind = emend_variable_get_kind(dataset, variable);
  if (wish != EMEND_TYPE_UNKNOWN) {
    const char *why_not = objection(dataset, variable, wish, planned);
    if (why_not)
      return refuse(dataset, variable, wish, why_not, error);
    if (kind == EMEND_TEXT)
      return decide_wished_text(dataset, variable, wish, order, planned, error);
    set(planned, wish, wish_options[wish]);
    planned->quantity = wish == EMEND_TYPE_INTEGER;
  } else if (kind == EMEND_TEXT) {
    return decide_text(dataset, variable, planned, error);
  } else if (kind != EMEND_NUMERIC) {
    set(planned, EMEND_TYPE_DATE, "a date or time by its format");
  } else {
    decide_number(dataset, variable, planned);
  }
  return EMEND_OK;
}
