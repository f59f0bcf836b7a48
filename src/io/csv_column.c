/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_column.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/csv_amount.h"
#include "io/csv_number.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* INTEGER, POINT, COMMA or CODE if it has the form of a number, else TEXT_CELL. */
static emend_csv_class classify_number(const char *p, const char *end) {
  if (p < end && (*p == '-' || *p == '+'))
    p++;
  const char *start = p;
  while (p < end && is_digit(*p))
    p++;
  size_t digits = (size_t)(p - start);
  if (p == end && digits > 0)
    return digits > 1 && *start == '0' ? EMEND_CSV_CODE : EMEND_CSV_INTEGER;
  emend_csv_class found = EMEND_CSV_INTEGER;
  if (p < end && (*p == '.' || *p == ',')) {
    found = *p == '.' ? EMEND_CSV_POINT : EMEND_CSV_COMMA;
    for (p++; p < end && is_digit(*p); p++)
      digits++;
  }
  if (digits == 0)
    return EMEND_CSV_TEXT_CELL;
  if (p < end && (*p == 'e' || *p == 'E')) {
    p++;
    if (p < end && (*p == '-' || *p == '+'))
      p++;
    if (p == end)
      return EMEND_CSV_TEXT_CELL;
    while (p < end && is_digit(*p))
      p++;
  }
  return p == end ? found : EMEND_CSV_TEXT_CELL;
}

static bool is_infinite(const char *value, size_t length) {
  if (length > 0 && (*value == '-' || *value == '+')) {
    value++;
    length--;
  }
  return emend_ascii_equal_n(value, length, "inf", 3) || emend_ascii_equal_n(value, length, "infinity", 8);
}

/* The number in two digits, or -1. */
static int two_digits(const char *p) { return is_digit(p[0]) && is_digit(p[1]) ? 10 * (p[0] - '0') + (p[1] - '0') : -1; }

static bool is_two_digits(const char *p, int low, int high) {
  int value = two_digits(p);
  return value >= low && value <= high;
}

/* hh:mm, hh:mm:ss or hh:mm:ss.fff, then nothing, Z, or an offset. */
static bool is_time(const char *p, const char *end) {
  if (end - p < 5 || !is_two_digits(p, 0, 24) || p[2] != ':' || !is_two_digits(p + 3, 0, 59))
    return false;
  p += 5;
  if (end - p >= 3 && *p == ':') {
    if (!is_two_digits(p + 1, 0, 60))
      return false;
    p += 3;
    if (p < end && *p == '.')
      for (p++; p < end && is_digit(*p);)
        p++;
  }
  if (p == end || (*p == 'Z' && p + 1 == end))
    return true;
  if (*p != '+' && *p != '-')
    return false;
  p++;
  return (end - p == 5 && is_two_digits(p, 0, 14) && p[2] == ':' && is_two_digits(p + 3, 0, 59)) ||
         (end - p == 4 && is_two_digits(p, 0, 14) && is_two_digits(p + 2, 0, 59));
}

static emend_csv_class classify_date(const char *p, size_t length) {
  if (length < 10 || p[4] != '-' || p[7] != '-' || two_digits(p) < 0 || two_digits(p + 2) < 0 || !is_two_digits(p + 5, 1, 12) ||
      !is_two_digits(p + 8, 1, 31))
    return EMEND_CSV_TEXT_CELL;
  if (length == 10)
    return EMEND_CSV_DATE;
  return (p[10] == 'T' || p[10] == ' ') && is_time(p + 11, p + length) ? EMEND_CSV_DATETIME : EMEND_CSV_TEXT_CELL;
}

emend_csv_class emend_csv_classify(const emend_csv_tokens *tokens, const char *value, size_t length) {
  if (length == 0)
    return EMEND_CSV_MISSING;
  if (emend_csv_is_short_integer(value, length))
    return length > 1 && value[0] == '0' ? EMEND_CSV_CODE : EMEND_CSV_INTEGER;
  emend_csv_class found = classify_number(value, value + length);
  if (found != EMEND_CSV_TEXT_CELL)
    return found;
  switch (emend_csv_tokens_match(tokens, value, length)) {
  case EMEND_CSV_TOKEN:
    return EMEND_CSV_MISSING;
  case EMEND_CSV_TOKEN_LOOSELY:
    return EMEND_CSV_LOOSELY_MISSING;
  default:
    return is_infinite(value, length) ? EMEND_CSV_INFINITE : classify_date(value, length);
  }
}

emend_csv_column *emend_csv_columns_new(size_t n) { return emend_allocate(n, sizeof(emend_csv_column)); }

void emend_csv_columns_free(emend_csv_column *columns, size_t n) {
  for (size_t i = 0; columns && i < n; i++)
    for (int c = 0; c < EMEND_CSV_CLASSES; c++)
      free(columns[i].first_text[c]);
  free(columns);
}

/* Cells of these classes can be the reason why a column is not what most of it is. */
static bool may_be_odd(emend_csv_class class) { return class >= EMEND_CSV_POINT; }

bool emend_csv_column_first(emend_csv_column *column, emend_csv_class class, const char *value, size_t length, int64_t row) {
  enum { LONGEST_QUOTATION = 60 };
  if (!may_be_odd(class))
    return true;
  column->first_row[class] = row;
  column->first_text[class] = strndup(value, length < LONGEST_QUOTATION ? length : LONGEST_QUOTATION);
  return column->first_text[class] != NULL;
}

bool emend_csv_column_note(emend_csv_column *column, const emend_csv_tokens *tokens, const emend_csv_field *field, int64_t row) {
  const char *value = field->value;
  size_t length = field->length;
  emend_csv_trim(&value, &length);
  return emend_csv_column_count(column, emend_csv_classify(tokens, value, length), value, length, row);
}

/* Cells that are not numbers, and those that are, when both marks count as decimal. */
static uint64_t odd_cells(const emend_csv_column *column) {
  const uint64_t *n = column->count;
  return n[EMEND_CSV_INFINITE] + n[EMEND_CSV_DATE] + n[EMEND_CSV_DATETIME] + n[EMEND_CSV_TEXT_CELL];
}

char emend_csv_choose_decimal(const emend_csv_column *columns, size_t n, char delimiter) {
  uint64_t points = 0, commas = 0;
  for (size_t i = 0; i < n; i++) {
    const uint64_t *count = columns[i].count;
    uint64_t numbers = count[EMEND_CSV_INTEGER] + count[EMEND_CSV_POINT] + count[EMEND_CSV_COMMA];
    if (100 * odd_cells(&columns[i]) > numbers)
      continue;
    points += count[EMEND_CSV_POINT];
    commas += count[EMEND_CSV_COMMA];
  }
  if (delimiter == ',')
    return '.';
  if (points == 0 && commas == 0)
    return delimiter == ';' ? ',' : '.';
  return commas > points ? ',' : '.';
}

/* The first cell, among those of the classes given, in file order. */
static emend_csv_class first_of(const emend_csv_column *column, const emend_csv_class *classes, size_t n) {
  emend_csv_class first = classes[0];
  for (size_t i = 1; i < n; i++)
    if (column->count[classes[i]] > 0 && (column->count[first] == 0 || column->first_row[classes[i]] < column->first_row[first]))
      first = classes[i];
  return first;
}

/* --missing wants an equals sign before a token that looks like an option, and quotes around one that the shell would take apart; commas
 * separate its tokens, so one that holds a comma cannot be named. */
static void suggest_missing(emend_error *error, const char *text, const char *before) {
  if (strchr(text, ',')) {
    emend_try(error, "%scorrecting that cell", before);
    return;
  }
  size_t plain = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/+:@%-");
  bool quote = text[plain] != '\0' && !strchr(text, '\'');
  emend_try(error, "%s--missing%s%s%s%s, if it means missing", before, text[0] == '-' ? "=" : " ", quote ? "'" : "", text,
            quote ? "'" : "");
}

static emend_status refuse_infinite(const emend_csv_column *column, emend_error *error) {
  const char *text = column->first_text[EMEND_CSV_INFINITE];
  emend_status status = emend_fail(error, EMEND_MALFORMED, "\"%s\" is infinite", text);
  emend_at_row(error, column->first_row[EMEND_CSV_INFINITE]);
  suggest_missing(error, text, "");
  return status;
}

static emend_status refuse_odd(const emend_csv_column *column, emend_csv_class class, emend_csv_class other_mark, uint64_t odd,
                               uint64_t numbers, emend_error *error) {
  const char *text = column->first_text[class];
  emend_status status =
      emend_fail(error, EMEND_MALFORMED, "\"%s\" is not a number, but %" PRIu64 " of the %" PRIu64 " answers in this column are", text,
                 numbers, numbers + odd);
  emend_at_row(error, column->first_row[class]);
  suggest_missing(error, text, class != other_mark ? "" : class == EMEND_CSV_COMMA ? "--decimal ',', or " : "--decimal ., or ");
  return status;
}

static const char *date_format(const emend_csv_column *column, uint64_t answers) {
  uint64_t dates = column->count[EMEND_CSV_DATE], datetimes = column->count[EMEND_CSV_DATETIME];
  return answers == 0 || dates + datetimes != answers ? "" : datetimes > 0 ? "datetime" : "date";
}

/* 1.593 or 12,000: one to three digits, and behind the mark exactly three. */
bool emend_csv_column_may_be_grouped(const emend_csv_column *column, emend_csv_class mark) {
  enum { GROUP = 3 };
  const char *text = column->count[mark] ? column->first_text[mark] : "";
  text += *text == '-';
  size_t before = strspn(text, "0123456789");
  return before > 0 && before <= GROUP && text[before] && strspn(text + before + 1, "0123456789") == GROUP && !text[before + 1 + GROUP];
}

/* The first cells that are odd are numbers in groups, all of them as far as one can tell. */
static bool is_grouped(const emend_csv_column *column, emend_csv_class other_mark, uint64_t odd) {
  const emend_csv_class classes[] = {other_mark, EMEND_CSV_TEXT_CELL};
  emend_csv_amount amount;
  for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
    const char *text = column->first_text[classes[i]];
    if (column->count[classes[i]] && !(emend_csv_amount_parse(text, strlen(text), &amount) && amount.group.length && !amount.unit.length))
      return false;
  }
  return odd == column->count[other_mark] + column->count[EMEND_CSV_TEXT_CELL];
}

emend_status emend_csv_column_refuse(const emend_csv_column *column, char decimal, emend_error *error) {
  emend_csv_class mark = decimal == ',' ? EMEND_CSV_COMMA : EMEND_CSV_POINT,
                  other_mark = decimal == ',' ? EMEND_CSV_POINT : EMEND_CSV_COMMA;
  const emend_csv_class odd_ones[] = {other_mark, EMEND_CSV_INFINITE, EMEND_CSV_DATE, EMEND_CSV_DATETIME, EMEND_CSV_TEXT_CELL};
  return refuse_odd(column, first_of(column, odd_ones, sizeof odd_ones / sizeof *odd_ones), other_mark,
                    odd_cells(column) + column->count[other_mark], column->count[EMEND_CSV_INTEGER] + column->count[mark], error);
}

/* A token of some variables, which will be known as such once all is read: io/csv_numbers.h. */
static bool is_named(const emend_csv_column *column, const char *name, const emend_read_options *options) {
  const char *text = column->first_text[EMEND_CSV_TEXT_CELL];
  return text && emend_read_options_names(options, name, text, strlen(text));
}

emend_status emend_csv_column_decide(const emend_csv_column *column, const char *name, char decimal, const emend_read_options *options,
                                     emend_csv_type *type, emend_error *error) {
  const uint64_t *n = column->count;
  emend_csv_class mark = decimal == ',' ? EMEND_CSV_COMMA : EMEND_CSV_POINT,
                  other_mark = decimal == ',' ? EMEND_CSV_POINT : EMEND_CSV_COMMA;
  uint64_t numbers = n[EMEND_CSV_INTEGER] + n[mark], odd = odd_cells(column) + n[other_mark];
  *type = (emend_csv_type){.numeric = odd == 0 && n[EMEND_CSV_CODE] == 0, .format = ""};
  if (type->numeric)
    return EMEND_OK;
  if (n[EMEND_CSV_INFINITE] > 0 && odd == n[EMEND_CSV_INFINITE] && n[EMEND_CSV_CODE] == 0)
    return refuse_infinite(column, error);
  if (odd > 0 && numbers > 0 && 100 * odd <= numbers + odd && n[EMEND_CSV_CODE] == 0 && !is_named(column, name, options)) {
    if (n[mark] > 0 || !is_grouped(column, other_mark, odd)) /* beside decimals, 1,725 is a slip of the pen for 1.725 */
      return emend_csv_column_refuse(column, decimal, error);
    type->postponed = true;
  }
  type->format = date_format(column, numbers + odd + n[EMEND_CSV_CODE] + n[EMEND_CSV_LOOSELY_MISSING]);
  if (odd == 0 && 100 * n[EMEND_CSV_CODE] <= numbers)
    snprintf(type->doubt, sizeof type->doubt, "is read as text because of the leading zero of \"%s\" in row %" PRId64,
             column->first_text[EMEND_CSV_CODE], column->first_row[EMEND_CSV_CODE]);
  else if (odd > 0 && odd == n[other_mark] && n[EMEND_CSV_CODE] == 0 && emend_csv_column_may_be_grouped(column, other_mark))
    snprintf(type->doubt, sizeof type->doubt,
             "is read as text because of \"%s\" in row %" PRId64 ": if that means thousands, take the %ss out of its numbers; if it is a "
             "decimal %s, add --decimal %s",
             column->first_text[other_mark], column->first_row[other_mark], decimal == ',' ? "point" : "comma",
             decimal == ',' ? "point" : "comma", decimal == ',' ? "." : "','");
  else if (odd > 0 && odd == n[other_mark] && n[EMEND_CSV_CODE] == 0)
    snprintf(type->doubt, sizeof type->doubt,
             "is read as text because of \"%s\" in row %" PRId64 ": if its numbers have a decimal %s, add --decimal %s",
             column->first_text[other_mark], column->first_row[other_mark], decimal == ',' ? "point" : "comma",
             decimal == ',' ? "." : "','");
  return EMEND_OK;
}
