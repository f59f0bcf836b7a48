/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_amounts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/csv_amount.h"

/* What the cells of a column have in common so far. */
typedef struct column_amounts {
  emend_csv_amount first; /* the first one: its unit is that of all; its spans lie in the dataset */
  emend_csv_span group;   /* where no doubt is left */
  emend_csv_span minus;
  emend_csv_sign negative;     /* of the first negative one */
  char decimal;                /* where no doubt is left */
  char open_mark;              /* of those that leave it */
  size_t n, n_open, n_wrapped; /* cells; 1,234; in parentheses */
  size_t n_positive, n_plus;
  size_t n_small, n_large;                            /* whole numbers without groups: of three digits; of more */
  size_t least_grouped, most_grouped, most_ungrouped; /* digits */
  size_t least_decimals, most_decimals;               /* of those that are not open */
  bool short_group, zero_group;                       /* a first group of less than three digits; a later one of zeros */
} column_amounts;

typedef struct amounts_reader {
  emend_dataset *dataset;
  const emend_csv_tokens *tokens;
  const emend_read_options *options;
  char decimal;
  bool decimal_shown; /* by columns of numbers, or told */
} amounts_reader;

emend_csv_span emend_csv_cell_span(const emend_dataset *dataset, double cell) {
  emend_offset offset;
  memcpy(&offset, &cell, sizeof offset);
  emend_csv_span s = {emend_dataset_text(dataset, offset), emend_dataset_text_length(dataset, offset)};
  emend_csv_trim(&s.at, &s.length);
  return s;
}

/* A cell that holds something, token or not, and was read as an answer. */
static bool is_answer(const amounts_reader *r, unsigned char reason, emend_csv_span s) {
  return reason == EMEND_OBSERVED && s.length > 0 && !emend_csv_tokens_match(r->tokens, s.at, s.length);
}

static void note_digits(column_amounts *c, const emend_csv_amount *a) {
  bool grouped = a->group.length > 0;
  if (grouped && !a->open) {
    c->least_grouped = c->least_grouped && c->least_grouped < a->n_whole ? c->least_grouped : a->n_whole;
    c->most_grouped = c->most_grouped > a->n_whole ? c->most_grouped : a->n_whole;
  }
  if (!grouped) {
    c->most_ungrouped = c->most_ungrouped > a->n_whole ? c->most_ungrouped : a->n_whole;
    c->n_small += !a->decimal && a->n_whole == 3;
    c->n_large += !a->decimal && a->n_whole > 3;
  }
  c->short_group = c->short_group || (grouped && a->n_first < 3);
  c->zero_group = c->zero_group || a->zeros;
  if (!a->open) {
    c->least_decimals = c->n > c->n_open && c->least_decimals < a->n_decimals ? c->least_decimals : a->n_decimals;
    c->most_decimals = c->most_decimals > a->n_decimals ? c->most_decimals : a->n_decimals;
  }
}

static void note_sign(column_amounts *c, const emend_csv_amount *a) {
  if (a->sign >= EMEND_CSV_MINUS && !c->negative)
    c->negative = a->sign, c->minus = a->minus;
  c->n_wrapped += a->sign == EMEND_CSV_PARENTHESES;
  c->n_plus += a->sign == EMEND_CSV_PLUS;
  c->n_positive += a->sign <= EMEND_CSV_PLUS && emend_csv_amount_value(a, false) != 0;
}

/* False if the cell is not written as those before. */
static bool note(column_amounts *c, const emend_csv_amount *a) {
  if (c->n == 0)
    c->first = *a;
  if (!emend_csv_span_is(a->unit, c->first.unit) || a->unit_first != c->first.unit_first)
    return false;
  if (a->open) {
    if (c->open_mark && *a->group.at != c->open_mark)
      return false;
    c->open_mark = *a->group.at;
  } else if (a->group.length) {
    if (c->group.length && !emend_csv_span_is(a->group, c->group))
      return false;
    c->group = a->group;
  }
  if (a->decimal && c->decimal && a->decimal != c->decimal)
    return false;
  c->decimal = a->decimal ? a->decimal : c->decimal;
  note_digits(c, a);
  note_sign(c, a);
  c->n_open += a->open;
  c->n++;
  return !c->decimal || !c->group.length || *c->group.at != c->decimal;
}

static bool look_at_cells(const amounts_reader *r, size_t variable, column_amounts *c) {
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(r->dataset); row += run.n) {
    run = emend_dataset_run(r->dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      emend_csv_span s = emend_csv_cell_span(r->dataset, run.values[i]);
      emend_csv_amount a;
      if (is_answer(r, run.reasons[i], s) && !(emend_csv_amount_parse(s.at, s.length, &a) && note(c, &a)))
        return false;
    }
  }
  return true;
}

typedef enum mark_meaning { UNKNOWN, GROUPS, DECIMALS } mark_meaning;

/*
 * What 1,234 means. Amounts of money have no three decimals: there it is a group wherever the file's decimal mark is another one, or other cells
 * show that one. Of other numbers few such cells may be slips of the pen; beside 850, 1,234 is none.
 */
static mark_meaning meaning_of_open(const amounts_reader *r, const column_amounts *c) {
  enum { FEWEST = 2, ONE_OF = 20 };
  bool currency = c->first.kind == EMEND_CSV_CURRENCY || c->first.kind == EMEND_CSV_CURRENCY_CODE;
  bool separates = c->group.length && *c->group.at == c->open_mark, is_decimal = c->decimal == c->open_mark;
  bool several = c->n_open >= FEWEST && ONE_OF * c->n_open >= c->n;
  if (c->group.length && c->decimal && !separates && !is_decimal)
    return UNKNOWN;
  if (c->group.length)
    return separates ? GROUPS : DECIMALS;
  if (c->decimal)
    return is_decimal ? DECIMALS : currency || (several && c->first.kind == EMEND_CSV_MEASURE) ? GROUPS : UNKNOWN;
  if (c->n_small > 0 && c->n_large == 0 && c->n_open >= FEWEST && c->first.kind != EMEND_CSV_MEASURE)
    return GROUPS;
  if (c->open_mark != r->decimal)
    return currency || (r->decimal_shown && several) ? GROUPS : UNKNOWN;
  return c->first.kind == EMEND_CSV_MEASURE ? DECIMALS : UNKNOWN;
}

/* Open cells are no longer open. */
static void settle_open(column_amounts *c, mark_meaning meaning, const char *mark) {
  enum { GROUP = 3 };
  if (meaning == GROUPS) {
    c->group = (emend_csv_span){mark, 1};
    c->least_grouped = GROUP + 1;
    c->most_grouped = c->most_grouped > GROUP + 1 ? c->most_grouped : GROUP + 1;
    c->least_decimals = 0;
  } else {
    c->decimal = c->open_mark;
    c->least_decimals = c->n_open < c->n && c->least_decimals < GROUP ? c->least_decimals : GROUP;
    c->most_decimals = c->most_decimals > GROUP ? c->most_decimals : GROUP;
  }
}

/*
 * Digits in groups and nothing else: codes of three digits side by side have no shorter first group, and no 000; telephone numbers and those of
 * identity cards, which are not written with commas, have nearly all the same number of digits, or a plus before them.
 */
static bool are_groups_alone(const column_amounts *c) {
  enum { SPREAD = 3 };
  bool comma = c->group.length == 1 && *c->group.at == ',', short_ones = c->most_ungrouped > 0;
  bool may_be_codes = !c->short_group && !c->zero_group;
  bool may_be_telephones = c->n_plus > 0 || (!comma && !short_ones && c->most_grouped < c->least_grouped + SPREAD);
  return c->group.length && !may_be_codes && !may_be_telephones && c->most_ungrouped < c->least_grouped;
}

/* A code of letters may be part of an identifier (CAD123): an amount of money shows a blank, groups or decimals. */
static bool is_amount_of_money(const column_amounts *c) { return c->first.blank.length || c->group.length || c->decimal; }

/* What may be said only of the whole column. */
static bool are_amounts(const amounts_reader *r, column_amounts *c) {
  enum { FEWEST = 2 };
  if (c->n < FEWEST || c->n_wrapped == c->n)
    return false;
  if (c->n_open) {
    mark_meaning meaning = meaning_of_open(r, c);
    if (meaning == UNKNOWN)
      return false;
    settle_open(c, meaning, c->open_mark == ',' ? "," : ".");
  }
  if (c->first.kind == EMEND_CSV_NO_UNIT)
    return are_groups_alone(c);
  return c->first.kind != EMEND_CSV_CURRENCY_CODE || is_amount_of_money(c);
}

static void append(char *to, size_t room, emend_csv_span s) {
  size_t used = strlen(to);
  if (s.length > 0 && used + s.length < room) {
    memcpy(to + used, s.at, s.length);
    to[used + s.length] = '\0';
  }
}

static emend_csv_manner manner_of(const column_amounts *c) {
  enum { GROUP = 3 };
  emend_csv_manner m = {.minus = "-", .decimal = c->decimal, .least_decimals = c->least_decimals, .most_decimals = c->most_decimals};
  const emend_csv_amount *a = &c->first;
  if (a->unit_first)
    append(m.before, sizeof m.before, a->unit), append(m.before, sizeof m.before, a->blank);
  else
    append(m.behind, sizeof m.behind, a->blank), append(m.behind, sizeof m.behind, a->unit);
  append(m.group, sizeof m.group, c->group);
  if (c->group.length) /* in Spanish and Polish texts from 10 000 on */
    m.group_from = c->most_ungrouped == GROUP + 1 && c->least_grouped > GROUP + 1 ? GROUP + 2 : GROUP + 1;
  m.plus = c->n_plus > 0 && c->n_plus == c->n_positive;
  m.negative = c->negative ? c->negative : EMEND_CSV_MINUS;
  if (c->minus.length)
    m.minus[0] = '\0', append(m.minus, sizeof m.minus, c->minus);
  return m;
}

/* The example alone, with decimals that may be wanting as if they were there: "1,234.##;(1)" shows 1,234.50. */
static size_t shown_length(char *picture) {
  size_t length = strcspn(picture, ";");
  for (size_t i = 1; i < length; i++)
    picture[i] = picture[i] != '#' ? picture[i] : picture[i - 1] == '.' || picture[i - 1] == ',' ? '5' : '0';
  return length;
}

static emend_status set_picture(amounts_reader *r, size_t variable, const emend_csv_manner *m, emend_error *error) {
  char picture[EMEND_CSV_PICTURE];
  emend_offset kept, shown;
  size_t length = emend_csv_manner_picture(m, picture);
  emend_status status = emend_dataset_add_text(r->dataset, picture, length, &kept, error);
  if (!status)
    status = emend_dataset_add_text(r->dataset, picture, shown_length(picture), &shown, error);
  if (status)
    return status;
  emend_variable *v = emend_dataset_edit_variable(r->dataset, variable);
  v->kind = EMEND_NUMERIC;
  v->storage = EMEND_STORAGE_F64;
  v->picture = kept, v->format = shown;
  return EMEND_OK;
}

/* In place of each text its number; as in a column of plain ones, what is no answer is system-missing, or as a tag says. */
static void put_numbers(amounts_reader *r, size_t variable, bool fraction) {
  emend_run_cells run;
  for (size_t row = 0; row < emend_dataset_rows(r->dataset); row += run.n) {
    run = emend_dataset_edit_run(r->dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      emend_csv_span s = emend_csv_cell_span(r->dataset, run.values[i]);
      emend_csv_amount a;
      if (is_answer(r, run.reasons[i], s) && emend_csv_amount_parse(s.at, s.length, &a)) {
        run.values[i] = emend_csv_amount_value(&a, fraction);
        run.reasons[i] = EMEND_OBSERVED;
        if (r->options && emend_read_options_number_is_missing(r->options, run.values[i]))
          run.reasons[i] = EMEND_USER_MISSING;
      } else {
        emend_reason tag = run.reasons[i] == EMEND_OBSERVED ? emend_tag_of_text(s.at, s.length) : EMEND_OBSERVED;
        run.values[i] = NAN;
        run.reasons[i] = (unsigned char)(tag ? tag : EMEND_SYSTEM_MISSING);
      }
    }
  }
}

/* Texts whose cells may be amounts, as far as the classes of all cells tell. */
static bool may_be_amounts(const emend_dataset *dataset, size_t variable, const emend_csv_column *column) {
  const uint64_t *n = column->count;
  return emend_variable_get_kind(dataset, variable) == EMEND_TEXT && n[EMEND_CSV_CODE] + n[EMEND_CSV_INFINITE] + n[EMEND_CSV_DATE] == 0 &&
         n[EMEND_CSV_DATETIME] == 0 && n[EMEND_CSV_TEXT_CELL] + n[EMEND_CSV_POINT] + n[EMEND_CSV_COMMA] > 0;
}

static bool shows_decimals(const emend_dataset *dataset, const emend_csv_column *columns, char decimal) {
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++)
    if (emend_variable_get_kind(dataset, v) != EMEND_TEXT && columns[v].count[decimal == ',' ? EMEND_CSV_COMMA : EMEND_CSV_POINT] > 0)
      return true;
  return false;
}

emend_status emend_csv_read_amounts(emend_dataset *dataset, const emend_csv_column *columns, const emend_csv_tokens *tokens,
                                    const emend_read_options *options, emend_error *error) {
  amounts_reader r = {.dataset = dataset, .tokens = tokens, .options = options};
  r.decimal = emend_dataset_get_dialect(dataset)->decimal;
  r.decimal_shown = (options && options->decimal) || shows_decimals(dataset, columns, r.decimal);
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < emend_dataset_variables(dataset) && !status; v++) {
    column_amounts c = {0};
    if (!may_be_amounts(dataset, v, &columns[v]) || !look_at_cells(&r, v, &c) || !are_amounts(&r, &c))
      continue;
    emend_csv_manner m = manner_of(&c);
    put_numbers(&r, v, c.decimal && c.decimal == c.open_mark);
    status = set_picture(&r, v, &m, error);
  }
  return status;
}
