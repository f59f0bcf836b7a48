/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_oddity.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "io/csv_amount.h"
#include "io/csv_amounts.h"

enum { MOST_TOKENS = 3, LONGEST_TOKEN = 40, MOST_GROUPS = 20, MOST_NUMBERS = 12, SHOWN = 8 };

/* What a column holds beside its numbers. */
typedef struct strangers {
  emend_csv_span tokens[MOST_TOKENS];
  uint64_t counts[MOST_TOKENS];
  size_t n;
  bool at_top; /* a single one, in the first row */
  double numbers[MOST_NUMBERS]; /* the first different ones */
  size_t n_numbers;
} strangers;

/* Variables with the same of them share a warning. */
typedef struct group {
  strangers strangers;
  emend_buffer names;
  size_t n_names;
} group;

typedef struct looker {
  emend_dataset *dataset;
  const emend_csv_tokens *tokens;
  const emend_read_options *options;
  char decimal;
  group groups[MOST_GROUPS];
  size_t n_groups, n_more; /* variables that found no place */
  emend_error *error;
} looker;

static bool has_digit(emend_csv_span p) {
  for (size_t i = 0; i < p.length; i++)
    if (p.at[i] >= '0' && p.at[i] <= '9')
      return true;
  return false;
}

static bool is_number(const looker *l, emend_csv_span p) {
  double number;
  return emend_number_parse(p.at, p.length, l->decimal, &number);
}

static bool is_token(const looker *l, size_t variable, emend_csv_span p) {
  return emend_csv_tokens_match(l->tokens, p.at, p.length) ||
         emend_read_options_names(l->options, emend_variable_name(l->dataset, variable), p.at, p.length);
}

/* False if there would be too many. */
static bool take_stranger(strangers *s, emend_csv_span p) {
  size_t i = 0;
  while (i < s->n && !emend_csv_span_is(s->tokens[i], p))
    i++;
  if (i == MOST_TOKENS || p.length > LONGEST_TOKEN)
    return false;
  s->tokens[i] = p;
  s->n += i == s->n;
  s->counts[i]++;
  return true;
}

static void take_number(strangers *s, double number) {
  size_t i = 0;
  while (i < s->n_numbers && s->numbers[i] != number)
    i++;
  if (i == s->n_numbers && i < MOST_NUMBERS)
    s->numbers[s->n_numbers++] = number;
}

static bool find_strangers(const looker *l, size_t variable, strangers *s) {
  emend_run run;
  size_t last = 0;
  for (size_t row = 0; row < emend_dataset_rows(l->dataset); row += run.n) {
    run = emend_dataset_run(l->dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      if (run.reasons[i] != EMEND_OBSERVED)
        continue;
      emend_csv_span p = emend_csv_cell_span(l->dataset, run.values[i]);
      double number;
      bool plain = emend_number_parse(p.at, p.length, l->decimal, &number), strange = !plain && !is_token(l, variable, p);
      if (plain)
        take_number(s, number);
      if (strange && !take_stranger(s, p))
        return false;
      last = strange ? row + i : last;
    }
  }
  s->at_top = s->n == 1 && s->counts[0] == 1 && last == 0;
  return s->n > 0;
}

/* "4+" in place of 4 and 5 is an answer: worth a word only where it is nearly all that keeps the others from being numbers, or where these are
 * no codes ("85+" among ages, "<0.5" among what was measured). */
static bool has_answers(const strangers *s) {
  for (size_t i = 0; i < s->n; i++)
    if (has_digit(s->tokens[i]))
      return true;
  return false;
}

static bool are_alike(const strangers *a, const strangers *b) {
  bool same = a->n == b->n;
  for (size_t i = 0; i < a->n && same; i++) {
    bool found = false;
    for (size_t k = 0; k < b->n; k++)
      found = found || emend_csv_span_is(a->tokens[i], b->tokens[k]);
    same = found;
  }
  return same;
}

static emend_status add_to_group(looker *l, size_t variable, const strangers *s) {
  size_t i = 0;
  while (i < l->n_groups && !are_alike(&l->groups[i].strangers, s))
    i++;
  if (i == MOST_GROUPS) {
    l->n_more++;
    return EMEND_OK;
  }
  group *g = &l->groups[i];
  if (i == l->n_groups)
    l->n_groups++, g->strangers = (strangers){.n = s->n, .at_top = true};
  g->strangers.at_top = g->strangers.at_top && s->at_top;
  for (size_t k = 0; k < s->n; k++) {
    size_t at = 0;
    while (g->strangers.tokens[at].at && !emend_csv_span_is(g->strangers.tokens[at], s->tokens[k]))
      at++;
    g->strangers.tokens[at] = s->tokens[k], g->strangers.counts[at] += s->counts[k];
  }
  if (g->n_names++ >= SHOWN)
    return EMEND_OK;
  return emend_buffer_format(&g->names, l->error, "%s%s", g->n_names > 1 ? ", " : "", emend_variable_name(l->dataset, variable));
}

/* Mostly numbers: then a token that is none hides them. */
static emend_status look_for_strangers(looker *l, size_t variable, const emend_csv_column *column) {
  enum { OF_ANSWERS = 9 };
  const uint64_t *n = column->count;
  const bool comma = l->decimal == ',';
  uint64_t numbers = n[EMEND_CSV_INTEGER] + n[comma ? EMEND_CSV_COMMA : EMEND_CSV_POINT];
  uint64_t odd = n[EMEND_CSV_TEXT_CELL] + n[EMEND_CSV_INFINITE];
  bool others = n[EMEND_CSV_CODE] + n[EMEND_CSV_DATE] + n[EMEND_CSV_DATETIME] + n[comma ? EMEND_CSV_POINT : EMEND_CSV_COMMA] > 0;
  strangers s = {0};
  if (odd == 0 || numbers < odd || others || !find_strangers(l, variable, &s))
    return EMEND_OK;
  bool codes = s.n_numbers < MOST_NUMBERS;
  return has_answers(&s) && codes && numbers < OF_ANSWERS * odd ? EMEND_OK : add_to_group(l, variable, &s);
}

/* A list for --missing: behind an equals sign if it looks like an option, in quotes if the shell would take it apart; false if it cannot be
 * named. */
static bool print_option(looker *l, const strangers *s, emend_buffer *out, emend_status *status) {
  static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/+:@%-,";
  emend_buffer list = {0};
  for (size_t i = 0; i < s->n && !*status; i++) {
    if (memchr(s->tokens[i].at, ',', s->tokens[i].length) || memchr(s->tokens[i].at, '\'', s->tokens[i].length)) {
      emend_buffer_free(&list);
      return false;
    }
    *status = emend_buffer_format(&list, l->error, "%s%.*s", i ? "," : "", (int)s->tokens[i].length, s->tokens[i].at);
  }
  if (!*status) {
    const char *quote = strspn(list.bytes, PLAIN) < list.length ? "'" : "";
    *status = emend_buffer_format(out, l->error, "--missing%s%s%s%s", list.bytes[0] == '-' ? "=" : " ", quote, list.bytes, quote);
  }
  emend_buffer_free(&list);
  return true;
}

static emend_status tell_group(looker *l, const group *g) {
  char more[EMEND_OTHERS_TEXT];
  emend_buffer tokens = {0}, option = {0};
  const strangers *s = &g->strangers;
  const bool one = g->n_names == 1;
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < s->n && !status; i++)
    status = emend_buffer_format(&tokens, l->error, "%s\"%.*s\" (%" PRIu64 " cell%s)", i == 0 ? "" : i + 1 < s->n ? ", " : " and ",
                                 (int)s->tokens[i].length, s->tokens[i].at, s->counts[i], s->counts[i] == 1 ? "" : "s");
  const char *names = g->names.bytes, *others = emend_others(g->n_names, SHOWN, more), *texts = one ? "a text" : "texts";
  const char *numbers = one ? "it a number" : "them numbers";
  bool named = !status && !has_answers(s) && print_option(l, s, &option, &status);
  if (!status && named)
    status = emend_dataset_add_warning(l->dataset, l->error, "%s%s: all numbers but %s, and so %s: if %s missing, add %s, which makes %s",
                                       names, others, tokens.bytes, texts, s->n == 1 ? "that means" : "they mean", option.bytes, numbers);
  else if (!status)
    status = emend_dataset_add_warning(l->dataset, l->error, "%s%s: all numbers but %s, and so %s: numbers in place of %s would make %s",
                                       names, others, tokens.bytes, texts, s->n == 1 ? "that" : "them", numbers);
  emend_buffer_free(&tokens), emend_buffer_free(&option);
  return status;
}

/* Several columns with a text in the first row alone: that line is rather a second header than a respondent, and what --missing would make a
 * hole of is to be no row at all. */
static emend_status tell_header(looker *l, bool *told) {
  emend_buffer names = {0};
  size_t n = 0, shown = 0;
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < l->n_groups; i++)
    n += l->groups[i].strangers.at_top ? l->groups[i].n_names : 0;
  *told = n > 1;
  for (size_t i = 0; i < l->n_groups && *told && shown < SHOWN && !status; i++)
    if (l->groups[i].strangers.at_top)
      status = emend_buffer_format(&names, l->error, "%s%s", shown++ ? ", " : "", l->groups[i].names.bytes);
  if (!status && *told)
    status = emend_dataset_add_warning(l->dataset, l->error,
                                       "%s%s: all numbers but for the first row, and so texts: if that row is one more line of names, "
                                       "--header-rows %u leaves it out, which makes them numbers",
                                       names.bytes, n > shown ? " and others" : "",
                                       (unsigned)emend_dataset_get_dialect(l->dataset)->header_rows + 1);
  emend_buffer_free(&names);
  return status;
}

/* What stands around a number: "$", "%", " kg". */
typedef struct dressing {
  emend_csv_span before, behind;
  bool grouped; /* 52,000 */
} dressing;

/* Codes begin with letters, too; an amount only with that of a currency. */
static size_t currency_length(const char *at, size_t length) {
  static const char *const currencies[] = {"US$", "R$", "$", "\u20AC", "\u00A3", "\u00A5", "EUR", "USD", "GBP", "CHF"};
  for (size_t i = 0; i < sizeof currencies / sizeof *currencies; i++)
    if (strlen(currencies[i]) <= length && strncmp(at, currencies[i], strlen(currencies[i])) == 0)
      return strlen(currencies[i]);
  return 0;
}

/* The length of digits in groups of three, at most one decimal mark among them; 0: none. */
static size_t number_length(const char *at, size_t length, bool *grouped) {
  enum { GROUP = 3 };
  size_t digits = strspn(at, "0123456789"), end = digits;
  *grouped = false;
  if (digits == 0 || digits > length)
    return 0;
  for (size_t run; digits <= GROUP && end + GROUP < length && at[end] && strchr(",.' ", at[end]); end += GROUP + 1) {
    run = strspn(at + end + 1, "0123456789");
    if (run != GROUP)
      break;
    *grouped = true;
  }
  if (end + 1 < length && (at[end] == '.' || at[end] == ','))
    end += 1 + strspn(at + end + 1, "0123456789");
  return end;
}

static bool undress(emend_csv_span p, dressing *d) {
  enum { LONGEST = 12 };
  bool negative = p.length > 0 && *p.at == '-';
  p.at += negative, p.length -= negative;
  d->before = (emend_csv_span){p.at, currency_length(p.at, p.length)};
  p.at += d->before.length, p.length -= d->before.length;
  emend_csv_trim(&p.at, &p.length);
  size_t n = number_length(p.at, p.length, &d->grouped);
  d->behind = (emend_csv_span){p.at + n, p.length - n};
  emend_csv_trim(&d->behind.at, &d->behind.length);
  return n > 0 && d->behind.length <= LONGEST && !has_digit(d->behind) && (d->before.length || d->behind.length || d->grouped);
}

/* Cells in the same dress, and those that are not. */
typedef struct dressed_column {
  dressing dressing; /* of the first */
  emend_csv_span cell, stranger; /* the first of each, */
  size_t row, stranger_row; /* from 0 */
  size_t fitting, others, plain; /* plain numbers among the others: of any number */
  bool several; /* strangers that are not alike */
} dressed_column;

/* Why it is a text all the same, and what would make a number of it; what no option mends is said once. */
static emend_status print_remedy(looker *l, const dressed_column *c, bool first, emend_buffer *out) {
  emend_csv_amount amount;
  strangers s = {.tokens = {c->stranger}, .n = 1};
  bool readable = emend_csv_amount_parse(c->cell.at, c->cell.length, &amount);
  emend_status status = EMEND_OK;
  if (readable && c->others && !c->several && !has_digit(c->stranger)) {
    status = emend_buffer_format(out, l->error, ", and so a text for \"%.*s\" in row %zu: if that means missing, add ",
                                 (int)c->stranger.length, c->stranger.at, c->stranger_row + 1);
    emend_buffer option = {0};
    bool named = !status && print_option(l, &s, &option, &status);
    if (!status)
      status = emend_buffer_format(out, l->error, "%s", named ? option.bytes : "--missing with another word in its place");
    emend_buffer_free(&option);
    return status ? status : emend_buffer_format(out, l->error, ", which makes it a number");
  }
  if (readable && c->others)
    return emend_buffer_format(out, l->error, ", and so a text for \"%.*s\" in row %zu%s: written like the others it would be a number",
                               (int)(c->stranger.length < LONGEST_TOKEN ? c->stranger.length : LONGEST_TOKEN), c->stranger.at,
                               c->stranger_row + 1, c->several ? " and other cells" : "");
  if (!first)
    return emend_buffer_format(out, l->error, ", and so a text");
  return emend_buffer_format(out, l->error, ", and so a text: %s it would be a number (no option does that; edit the column)",
                             c->dressing.before.length || c->dressing.behind.length ? "written plainly" : "without what separates the groups");
}

static emend_status tell_dressed(looker *l, size_t variable, const dressed_column *c, bool first) {
  emend_csv_span around = c->dressing.before.length ? c->dressing.before : c->dressing.behind;
  emend_buffer remedy = {0}, with = {0};
  emend_status status = print_remedy(l, c, first, &remedy);
  if (!status && around.length)
    status = emend_buffer_format(&with, l->error, "with \"%.*s\"", (int)around.length, around.at);
  if (!status)
    status = emend_dataset_add_warning(l->dataset, l->error, "%s: numbers written %s (\"%.*s\" in row %zu)%s",
                                       emend_variable_name(l->dataset, variable), around.length ? with.bytes : "in groups",
                                       (int)c->cell.length, c->cell.at, c->row + 1, remedy.bytes);
  emend_buffer_free(&remedy), emend_buffer_free(&with);
  return status;
}

static void take_other(dressed_column *c, emend_csv_span p, size_t row, bool plain) {
  if (c->others++ == 0)
    c->stranger = p, c->stranger_row = row;
  c->plain += plain;
  c->several = c->several || !emend_csv_span_is(p, c->stranger);
}

/* All of the first rows' numbers in the same dress, but for one in ten. */
static emend_status look_for_dressed(looker *l, size_t variable, const emend_csv_column *column, size_t *n_told) {
  enum { LOOKED_AT = 1000, FEWEST = 5, ALLOWED = 10 };
  dressed_column c = {0};
  uint64_t marked = column->count[l->decimal == ',' ? EMEND_CSV_POINT : EMEND_CSV_COMMA];
  uint64_t odd = column->count[EMEND_CSV_TEXT_CELL] + column->count[EMEND_CSV_INFINITE] + column->count[EMEND_CSV_DATE] +
                 column->count[EMEND_CSV_DATETIME] + column->count[EMEND_CSV_CODE];
  if (column->count[EMEND_CSV_TEXT_CELL] + column->count[EMEND_CSV_POINT] + column->count[EMEND_CSV_COMMA] == 0 || (marked && !odd))
    return EMEND_OK; /* of a column in which nothing else is odd, the doubt about its type has told */
  for (size_t row = 0; row < emend_dataset_rows(l->dataset) && c.fitting < LOOKED_AT; row++) {
    dressing d;
    if (emend_cell_reason(l->dataset, row, variable) != EMEND_OBSERVED)
      continue;
    emend_run run = emend_dataset_run(l->dataset, variable, row);
    emend_csv_span p = emend_csv_cell_span(l->dataset, run.values[0]);
    if (emend_csv_tokens_match(l->tokens, p.at, p.length))
      continue;
    bool dressed = undress(p, &d);
    if (dressed && c.fitting == 0)
      c.dressing = d, c.cell = p, c.row = row;
    if (dressed && emend_csv_span_is(d.before, c.dressing.before) && emend_csv_span_is(d.behind, c.dressing.behind))
      c.fitting++, c.dressing.grouped = c.dressing.grouped || d.grouped;
    else
      take_other(&c, p, row, is_number(l, p));
    if (ALLOWED * (c.others - c.plain) > c.fitting + ALLOWED)
      return EMEND_OK;
  }
  if (c.fitting < FEWEST || ALLOWED * (c.others - c.plain) > c.fitting || (*n_told)++ >= MOST_GROUPS)
    return EMEND_OK;
  return tell_dressed(l, variable, &c, *n_told == 1);
}

/*
 * 1.593 beside 996 where semicolons separate: a point between thousands, read as a decimal one. Of such a column all fractions have at most
 * three decimals, most of them three, and all whole numbers are below 1000 and far above the fractions.
 */
static emend_status look_for_thousands(looker *l, size_t variable, const emend_csv_column *column) {
  enum { FEWEST = 10, THOUSAND = 1000, FAR = 10 };
  size_t fractions = 0, exact = 0, wholes = 0;
  double sum = 0, least = THOUSAND;
  if (column->count[EMEND_CSV_POINT] < FEWEST || column->count[EMEND_CSV_INTEGER] == 0)
    return EMEND_OK;
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(l->dataset); row += run.n) {
    run = emend_dataset_run(l->dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      double value = run.values[i], thousands = round(value * THOUSAND);
      if (run.reasons[i] != EMEND_OBSERVED)
        continue;
      if (!(value > 0 && value < THOUSAND && fabs(value * THOUSAND - thousands) < 1e-6))
        return EMEND_OK;
      bool whole = value == floor(value);
      wholes += whole && value >= FAR, fractions += !whole, sum += whole ? 0 : value;
      exact += fmod(thousands, FAR) != 0;
      least = whole && value >= FAR && value < least ? value : least;
    }
  }
  bool doubtful = fractions >= FEWEST && 2 * exact > fractions && wholes > 0 && least > FAR * sum / (double)fractions;
  return !doubtful ? EMEND_OK
                   : emend_dataset_add_warning(l->dataset, l->error,
                                               "%s: \"%s\" in row %" PRId64 " is read as a fraction, and stands beside whole numbers from "
                                               "%g on: if the point means thousands, take it out of the file, or leave the variable out "
                                               "(--exclude)",
                                               emend_variable_name(l->dataset, variable), column->first_text[EMEND_CSV_POINT],
                                               column->first_row[EMEND_CSV_POINT], least);
}

emend_status emend_csv_warn_of_oddities(emend_dataset *dataset, const emend_csv_column *columns, const emend_csv_tokens *tokens,
                                        const emend_read_options *options, char decimal, emend_error *error) {
  looker l = {.dataset = dataset, .tokens = tokens, .options = options, .decimal = decimal, .error = error};
  emend_status status = EMEND_OK;
  size_t n_told = 0;
  for (size_t v = 0; v < emend_dataset_variables(dataset) && !status; v++) {
    if (emend_variable_get_kind(dataset, v) != EMEND_TEXT) {
      bool semicolons = emend_dataset_get_dialect(dataset)->delimiter == ';';
      status = semicolons && decimal == '.' ? look_for_thousands(&l, v, &columns[v]) : EMEND_OK;
      continue;
    }
    status = look_for_strangers(&l, v, &columns[v]);
    if (!status)
      status = look_for_dressed(&l, v, &columns[v], &n_told);
  }
  bool told = false;
  if (!status)
    status = tell_header(&l, &told);
  for (size_t i = 0; i < l.n_groups && !status; i++)
    status = told && l.groups[i].strangers.at_top ? EMEND_OK : tell_group(&l, &l.groups[i]);
  if (!status && l.n_more)
    status = emend_dataset_add_warning(dataset, error, "%zu more variable%s numbers but for a few tokens, and so %s", l.n_more,
                                       l.n_more == 1 ? " is" : "s are", l.n_more == 1 ? "a text" : "texts");
  for (size_t i = 0; i < l.n_groups; i++)
    emend_buffer_free(&l.groups[i].names);
  return status;
}
